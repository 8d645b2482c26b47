"""Copies of a sentence folded into the earliest one."""

from __future__ import annotations

from index.articles import Article, content_hash
from index.catalog import SentenceRow
from index.search.copies import fold_copies
from index.search.hits import Scores, SentenceHit
from index.sentences.folding import fold

LONG = "The ferry ran aground off Cape Sorrel at dawn."
SHORT = "He declined to comment."


def a_hit(row: int, text: str, published: str | None = None) -> SentenceHit:
    article = Article(
        id=f"a{row}",
        url=None,
        title="A title",
        outlet=None,
        author=None,
        published=published,
        language=None,
        text=text,
        content_hash=content_hash(text),
        origin=f"{row}.txt",
    )
    found = SentenceRow(row, row, 0, 0, len(text), fold(text), row)
    return SentenceHit(found, article, 1.0, Scores(0.0, 0.0, None, 0.0))


def test_of_copies_of_a_telling_sentence_the_earliest_is_shown_whatever_the_cluster():
    hits = [a_hit(1, LONG, "2016-08-02"), a_hit(2, LONG, "2016-08-01"), a_hit(3, LONG)]
    assert [hit.row.row for hit in fold_copies(hits, 5, lambda row: row)] == [2]


def test_a_short_sentence_is_no_copy_of_the_same_words_in_an_unrelated_article():
    hits = [a_hit(1, SHORT), a_hit(2, SHORT)]
    assert [hit.row.row for hit in fold_copies(hits, 5, lambda row: row)] == [1, 2]


def test_a_short_sentence_is_a_copy_within_one_cluster_of_articles():
    hits = [a_hit(1, SHORT), a_hit(2, SHORT)]
    assert [hit.row.row for hit in fold_copies(hits, 5, lambda row: 1)] == [1]
