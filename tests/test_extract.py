"""How quoted sentences are put in order, and when two say the same."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.extract import copied, in_order
from index.catalog import SentenceRow
from index.search import Scores, SentenceHit
from tests.conftest import article


def hit(of: int, start: int) -> SentenceHit:
    row = SentenceRow(1000 * of + start, of, start, start, start + 5, None, 0)
    return SentenceHit(row, article("x" * 100, str(of)), 1.0, Scores(0, 0, None, 0))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50)), unique=True, max_size=12))
def test_hits_are_grouped_by_article_in_the_order_of_each(pairs: list[tuple[int, int]]) -> None:
    hits = [hit(*pair) for pair in pairs]
    found = in_order(hits)
    assert sorted(map(id, found)) == sorted(map(id, hits))
    articles = [each.row.article for each in found]
    assert list(dict.fromkeys(articles)) == list(dict.fromkeys(of for of, _ in pairs))
    for one, other in itertools.pairwise(found):
        if one.row.article == other.row.article:
            assert one.row.start < other.row.start
        else:
            assert other.row.article not in articles[: found.index(other)]


def test_other_words_and_other_figures_are_no_copy() -> None:
    said = "At least 12 people were hurt on Monday, police said."
    assert copied(said, said)
    assert copied(said, said.upper())
    assert not copied(said, said.replace("12", "13"))
    assert not copied(said, "The mayor thanked the fire brigade.")
    assert copied("", "")


@given(st.text(max_size=40), st.text(max_size=40))
def test_being_a_copy_goes_both_ways(one: str, other: str) -> None:
    assert copied(one, one)
    assert copied(one, other) == copied(other, one)
