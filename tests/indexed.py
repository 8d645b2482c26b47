"""What stands in an index, in a form that tests can compare; and texts to put there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.articles import Filters
from index.catalog import Catalog
from index.embed.hash import HashEmbedder
from index.generations import Generation
from index.generations.rowfile import RowFile
from index.passages import embed_input, header
from index.search import search
from index.search.dense import DenseSearch
from index.search.reader import IndexReader
from tests.conftest import Desk

PLACES = [
    "Sorrel",
    "Mourne",
    "Harrow",
    "Tamsin",
    "Quill",
    "Bracken",
    "Oxley",
    "Pelham",
    "Varda",
    "Linden",
    "Corrie",
    "Ashby",
]
THINGS = [
    "ferry",
    "bridge",
    "council",
    "reactor",
    "harvest",
    "strike",
    "tunnel",
    "museum",
    "clinic",
    "airport",
    "dam",
    "tram",
]
QUESTIONS = (
    "Where did the ferry stop?",
    "What did the council of Harrow say about the tunnel?",
    "How many people saw the strike in Pelham?",
)


def story(n: int, sentences: int = 6) -> str:
    """Return a text of that many sentences, of which no two stories share one."""
    lines = []
    for i in range(sentences):
        place, thing = PLACES[(n + i) % 12], THINGS[(n * 5 + i * 7) % 12]
        lines.append(
            f"On day {n * 31 + i} the {thing} of {place} was seen by {n + 3} people"
            f" who counted {i + 2} lights and wrote number {n}-{i} on the wall."
        )
    return " ".join(lines[: sentences // 2]) + "\n\n" + " ".join(lines[sentences // 2 :]) + "\n"


@dataclass(frozen=True)
class Standing:
    """An article as it stands in an index, under one of its ids."""

    id: str
    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    passages: tuple[tuple[str, int, int], ...]


def standing(generation: Generation) -> set[Standing]:
    """Return every article under each of its ids."""
    catalog = Catalog(generation.catalog)
    found = set()
    for row in catalog.articles():
        sentences = tuple((s.start, s.end) for s in catalog.sentences_of(row.row))
        passages = tuple((p.id, p.first, p.last) for p in catalog.passages_of(row.row))
        for article, _ in catalog.origins(row.row):
            found.add(Standing(article.id, article.title, article.text, sentences, passages))
    catalog.close()
    return found


def answers(index: IndexReader, filters: Filters | None = None) -> list[object]:
    """Return what the questions find: articles, spans and scores."""
    found: list[object] = []
    for question in QUESTIONS:
        result = search(index, question, 8, filters or Filters())
        found += [(h.article.id, h.start, h.end, round(h.score, 4)) for h in result.passages]
        found += [(s.article.id, s.exact, round(s.score, 4)) for s in result.sentences]
    return found


def served(desk: Desk) -> list[object]:
    """Return what the questions find in the current generation."""
    with desk.open() as index:
        return answers(index)


def assert_whole(desk: Desk) -> None:
    """Check everything that must hold of a finished generation, whatever made it."""
    generation = desk.data.current()
    manifest = generation.manifest
    catalog = Catalog(generation.catalog)
    counts = catalog.counts()
    assert (counts.articles, counts.sentences, counts.passages) == (
        manifest.articles,
        manifest.sentences,
        manifest.passages,
    )
    assert catalog.check() is None
    embedder = HashEmbedder()
    width = embedder.dimension
    vectors = RowFile(generation.passage_vectors, width, np.float32).read(manifest.passage_rows)
    singles = RowFile(generation.sentence_vectors, width, np.float16).read(manifest.sentence_rows)
    owners = RowFile(generation.passage_articles, 1, np.int32).read(manifest.passage_rows)
    alive = set()
    for row in catalog.articles():
        spans = [(s.start, s.end) for s in catalog.sentences_of(row.row)]
        assert_cover(row.article.text, spans)
        head = header(row.article)
        for passage in catalog.passages_of(row.row):
            alive.add(passage.row)
            given = embed_input(row.article, catalog.passage_record(passage), spans, head)
            made = embedder.embed_passages([given])
            assert np.allclose(vectors[passage.row], made.passages[0], atol=1e-6)
            assert made.sentences is not None
            rows = slice(passage.first_row, passage.last_row + 1)
            assert np.allclose(singles[rows], made.sentences[0], atol=1e-3)
            assert owners[passage.row, 0] == row.row
        for sentence in catalog.sentences_of(row.row):
            assert sentence.passage in alive
    assert {i for i, owner in enumerate(owners[:, 0]) if owner >= 0} == alive
    with desk.open() as index:
        assert index.dense._store.count() == len(alive)
        assert index.lexical._passages.count == len(alive)
        assert index.lexical._sentences.count == counts.sentences
        assert isinstance(index.dense, DenseSearch)
    catalog.close()


def assert_cover(text: str, spans: list[tuple[int, int]]) -> None:
    """Check that spans are disjoint, in order and cover all but white space."""
    end = 0
    for start, stop in spans:
        assert end <= start < stop
        assert not text[end:start].replace("\ufeff", "").strip()
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].replace("\ufeff", "").strip()


def assert_alive(desk: Desk, question: str) -> None:
    """Check that a search finds only articles and spans that are there."""
    with desk.open() as index:
        found = search(index, question, 10)
        texts = {each.id: each.text for each in standing(index.generation)}
    for hit in found.sentences:
        assert texts[hit.article.id][hit.row.start : hit.row.end] == hit.exact
        assert hit.exact.strip()
    for passage in found.passages:
        assert texts[passage.article.id][passage.start : passage.end] == passage.text
    exacts = [hit.exact for hit in found.sentences]
    assert len(exacts) == len(set(exacts))
