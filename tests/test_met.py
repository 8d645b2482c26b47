"""What was met before is never called new; that is all that finding copies relies on."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.catalog.writing import CatalogWriter, Met
from index.sentences import split
from index.sentences.folding import fold, fold_words, words

HASHES = st.lists(st.integers(-(2**63), 2**63 - 1))
STORY = (
    "The ferry ran aground off Cape Sorrel at dawn. All of its passengers were brought ashore"
    " by noon. The harbour master said that fog had hidden the lights."
)


@given(HASHES, HASHES)
def test_a_hash_that_was_added_is_always_among_the_met(added: list[int], others: list[int]) -> None:
    met = Met(bits=8)
    met.add(added)
    assert [v for v in added + others if v in added] == [
        v for v in met.among(added + others) if v in added
    ]


@given(HASHES)
def test_nothing_is_met_before_anything_was_added(asked: list[int]) -> None:
    assert Met().among(asked) == []


@given(st.text(max_size=60))
def test_words_fold_as_their_text_does(text: str) -> None:
    assert fold_words(words(text)) == fold(text)


def _add(writer: CatalogWriter, name: str, text: str) -> int:
    article = Article.of(id=name, text=text, origin=name)
    return writer.add(article, "s", split(text), [], []).cluster


def test_a_copy_joins_its_cluster_in_a_fresh_catalogue_and_in_a_copied_one(tmp_path: Path) -> None:
    writer = CatalogWriter(tmp_path / "c")
    assert _add(writer, "first", STORY) == 0
    assert _add(writer, "copy", STORY.upper()) == 0
    assert _add(writer, "other", "Nothing of that kind was said here by anybody at all.") == 2
    writer.finish()
    later = CatalogWriter(tmp_path / "c")
    assert _add(later, "later copy", f"{STORY} More follows.") == 0
    later.finish()
