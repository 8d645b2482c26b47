"""Filling a generation: articles become sentences, passages, vectors and lexical documents.

Articles are collected until a window of passages is full; then their vectors
are computed (or taken over from an earlier generation), written to the vector
files, to Chroma and to the lexical index, and at last the catalogue commits.
A process that is killed loses at most one window: whatever the catalogue
holds has its vectors in the files, so the next build can take them over.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.articles import Article, Passage
from index.catalog import PassageRow, day_number
from index.catalog_writer import CatalogWriter, NewRows
from index.donor import Donor, Given
from index.embed import Embedder, EmbedInput
from index.errors import DamagedGeneration, IndexFault
from index.generations import Generation
from index.lexical import LexicalDoc, LexicalIndex
from index.passages import build_passages, embed_input, header
from index.rowfile import RowFile
from index.sentences import split
from index.tokens import TokenCounter
from index.vectors import VectorStore

WINDOW = 1_024


@dataclass(slots=True)
class Timings:
    """Seconds spent so far, by part of the work."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, part: str) -> Iterator[None]:
        """Add the time spent inside to ``part``."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class _Pending:
    """A passage that has its rows but not yet its vectors.

    ``owned`` is the first sentence row whose vector this passage gives.
    """

    row: PassageRow
    input: EmbedInput
    key: bytes
    owned: int


class GenerationWriter:
    """Writes one generation that no reader sees yet. Use from one thread."""

    def __init__(
        self,
        generation: Generation,
        embedder: Embedder,
        count: TokenCounter,
        *,
        budget: int,
        sentence_vectors: bool | None,
        donors: Sequence[Donor],
        timings: Timings,
        embed_threads: int | None = None,
    ) -> None:
        self.generation = generation
        self._embedder, self._count, self._budget = embedder, count, budget
        self._donors, self._timings = donors, timings
        dimension = embedder.dimension
        self._passage_file = RowFile(generation.passage_vectors, dimension, np.float32)
        self._sentence_file = RowFile(generation.sentence_vectors, dimension, np.float16)
        self.catalog = CatalogWriter(generation.catalog)
        self.catalog.start_rows_at(
            self._sentence_file.physical_rows, self._passage_file.physical_rows
        )
        fresh = not generation.lexical.exists()
        self._lexical = (LexicalIndex.create if fresh else LexicalIndex.open)(generation.lexical)
        self._chroma = VectorStore(generation.chroma, create=True)
        self._pending: list[_Pending] = []
        self._pending_from = self.catalog.next_rows
        # By article row: an article may get another outlet before its window is full.
        self._documents: dict[int, tuple[list[LexicalDoc], list[LexicalDoc]]] = {}
        self.sentence_vectors = sentence_vectors
        self.reused = self.embedded = self.copies = 0

    # ------------------------------------------------------------- changes

    def add(self, article: Article, source: str) -> bool:
        """Add an article; if its very text is known already, only its origin.

        Returns whether it was a new text.
        """
        row = self.catalog.row_of_content(article.content_hash)
        if row is not None:
            self._add_origin(row, article, source)
            return False
        with self._timings.measure("segment"):
            spans = split(article.text)
        with self._timings.measure("passages"):
            passages = build_passages(article, spans, self._count, budget=self._budget)
            pending = self._prepare(article, spans, passages)
        with self._timings.measure("catalogue"):
            rows = self.catalog.add(article, source, spans, passages, [p[1] for p in pending])
        self._enqueue(article, spans, rows, pending)
        self.copies += rows.cluster != rows.article
        self._flush_if_full()
        return True

    def _add_origin(self, row: int, article: Article, source: str) -> None:
        """Remember another origin, and let its outlet find the article."""
        outlets = self.catalog.outlets(row)
        self.catalog.add_origin(row, article, source)
        self._index_outlets_anew(row, outlets)

    def _index_outlets_anew(self, row: int, before: tuple[str, ...]) -> None:
        """Replace an article's lexical documents if its outlets are not what they were."""
        outlets = self.catalog.outlets(row)
        if outlets == before:
            return
        found = self.catalog.article(row)
        spans = [(s.start, s.end) for s in self.catalog.sentences_of(row)]
        passages = self.catalog.passages_of(row)
        sentences = range(found.first_sentence, found.first_sentence + found.sentences)
        if row not in self._documents:
            self._lexical.remove([p.row for p in passages], list(sentences))
        rows = NewRows(row, found.first_sentence, tuple(passages), found.cluster)
        self._documents[row] = _documents(found.article, spans, rows, outlets)
        self._flush_if_full()

    def _prepare(
        self, article: Article, spans: Sequence[tuple[int, int]], passages: Sequence[Passage]
    ) -> list[tuple[EmbedInput, bytes]]:
        """Return each passage's input for the embedder and the key of its vectors."""
        head, prepared, owned = header(article), [], 0
        for passage in passages:
            given = embed_input(article, passage, spans, head)
            skipped = owned - passage.first
            prepared.append((given, vector_key(self._embedder.name, given, skipped)))
            owned = passage.last + 1
        return prepared

    def _enqueue(
        self,
        article: Article,
        spans: Sequence[tuple[int, int]],
        rows: NewRows,
        prepared: Sequence[tuple[EmbedInput, bytes]],
    ) -> None:
        owned = rows.first_sentence
        for passage, (input_, key) in zip(rows.passages, prepared, strict=True):
            self._pending.append(_Pending(passage, input_, key, owned))
            owned = passage.last_row + 1
        outlets = () if article.outlet is None else (article.outlet,)
        self._documents[rows.article] = _documents(article, spans, rows, outlets)

    def remove(self, row: int) -> None:
        """Remove an article with everything that was made from it."""
        if row in self._documents:
            self.flush()
        sentences, passages = self.catalog.remove(row)
        self._lexical.remove(passages, sentences)
        self._chroma.remove(passages)

    def remove_origin(self, article_id: str) -> None:
        """Remove one origin; the article goes with its last one.

        If the first origin goes and others stay, the article is indexed anew
        under the next one, since title, outlet and date are part of the index.
        """
        found = self.catalog.article_by_id(article_id)
        if found is None:
            return
        origins = self.catalog.origins(found.row)
        if origins[0][0].id != article_id:
            outlets = self.catalog.outlets(found.row)
            self.catalog.remove_origin(article_id)
            self._index_outlets_anew(found.row, outlets)
            return
        self.remove(found.row)
        for other, source in origins[1:]:
            self.add(other, source)

    # --------------------------------------------------------------- flush

    def _flush_if_full(self) -> None:
        if max(len(self._pending), len(self._documents)) >= WINDOW:
            self.flush()

    def flush(self) -> None:
        """Give the pending passages their vectors and commit."""
        first_sentence, first_passage = self._pending_from
        next_sentence, next_passage = self.catalog.next_rows
        dimension = self._embedder.dimension
        vectors = np.zeros((next_passage - first_passage, dimension), np.float32)
        sentences = np.zeros((next_sentence - first_sentence, dimension), np.float16)
        fresh = self._take_over(vectors, sentences)
        with self._timings.measure("embed"):
            embedded = self._embedder.embed_passages([each.input for each in fresh])
        if fresh:
            self._note_sentence_vectors(embedded.sentences is not None)
        for i, each in enumerate(fresh):
            vectors[each.row.row - first_passage] = embedded.passages[i]
            if embedded.sentences is not None:
                _fill(sentences, first_sentence, each, embedded.sentences[i])
        self.reused += len(self._pending) - len(fresh)
        self.embedded += len(fresh)
        self._write(vectors, sentences)
        self._pending.clear()
        self._documents.clear()
        self._pending_from = self.catalog.next_rows

    def _note_sentence_vectors(self, given: bool) -> None:
        if self.sentence_vectors not in (None, given):
            raise IndexFault(
                "the embedder gave sentence vectors for a part of the articles only",
                remedy="Run `footnote rebuild` with your sources.",
            )
        self.sentence_vectors = given

    def _take_over(
        self, vectors: NDArray[np.float32], sentences: NDArray[np.float16]
    ) -> list[_Pending]:
        """Fill in what donors have and return the passages that are left."""
        first_sentence, first_passage = self._pending_from
        left = []
        with self._timings.measure("take over"):
            for each in self._pending:
                given = self._from_donors(each.key)
                if given is None:
                    left.append(each)
                    continue
                vectors[each.row.row - first_passage] = given.passage
                if given.sentences is not None and self.sentence_vectors:
                    _fill(sentences, first_sentence, each, given.sentences)
        return left

    def _from_donors(self, key: bytes) -> Given | None:
        """Return the vectors of a passage; they are complete if sentences have vectors at all."""
        for donor in self._donors:
            given = donor.find(key)
            if given is None:
                continue
            if self.sentence_vectors is None:
                # The key names the embedder, so what it gave then it would give now.
                self.sentence_vectors = given.sentences is not None
            if given.sentences is not None or not self.sentence_vectors:
                return given
        return None

    def _write(self, vectors: NDArray[np.float32], sentences: NDArray[np.float16]) -> None:
        first_sentence, first_passage = self._pending_from
        rows = [each.row.row for each in self._pending]
        with self._timings.measure("vectors"):
            if rows:
                self._passage_file.append(first_passage, vectors)
                self._chroma.add(rows, vectors)
            if len(sentences) and self.sentence_vectors:
                self._sentence_file.append(first_sentence, sentences)
        with self._timings.measure("lexical"):
            for passages, singles in self._documents.values():
                self._lexical.add_passages(passages)
                self._lexical.add_sentences(singles)
        with self._timings.measure("catalogue"):
            self.catalog.commit()

    # -------------------------------------------------------------- the end

    def finish(self) -> None:
        """Write everything out and release the files."""
        self.flush()
        with self._timings.measure("lexical"):
            self._lexical.commit()
            self._lexical.close()
        with self._timings.measure("catalogue"):
            passages = self._write_passage_articles()
            self.catalog.finish()
        with self._timings.measure("vectors"):
            held = self._chroma.count()
            self._chroma.close()
        if held != passages:
            raise DamagedGeneration(
                f"Chroma holds {held} vectors where {passages} belong",
                remedy="Run `footnote rebuild` with your sources; the index has not changed.",
            )

    def _write_passage_articles(self) -> int:
        """Write each passage row's article row, -1 for rows that no article has.

        Returns the number of passages.
        """
        articles = np.full((self._passage_file.physical_rows, 1), -1, np.int32)
        for passage, article in self.catalog.articles_of_passages():
            articles[passage] = article
        path = self.generation.passage_articles
        path.unlink(missing_ok=True)
        if len(articles):
            RowFile(path, 1, np.int32).append(0, articles)
        return int(np.count_nonzero(articles >= 0))

    def abandon(self) -> None:
        """Release the files as they are; what the catalogue holds can be taken over."""
        for close in (self._lexical.close, self._chroma.close, self.catalog.close):
            # Why it is abandoned must not be hidden by what that leads to.
            with suppress(Exception):
                close()

    @property
    def physical_rows(self) -> tuple[int, int]:
        """Return the lengths in rows of the (sentence, passage) vector files."""
        return self._sentence_file.physical_rows, self._passage_file.physical_rows


def vector_key(embedder: str, given: EmbedInput, skipped: int) -> bytes:
    """Return 16 bytes that are equal only for equal vectors.

    ``skipped`` is the number of leading sentences whose vectors belong to the
    passage before (they overlap).
    """
    head = f"{embedder}\0{given.spans!r}\0{skipped}\0".encode()
    return hashlib.blake2b(head + given.text.encode(), digest_size=16).digest()


def _fill(
    block: NDArray[np.float16], first: int, passage: _Pending, vectors: NDArray[np.generic]
) -> None:
    """Write the vectors of the sentences that a passage owns into the block."""
    skipped = passage.owned - passage.row.first_row
    block[passage.owned - first : passage.row.last_row + 1 - first] = vectors[skipped:]


def _documents(
    article: Article,
    spans: Sequence[tuple[int, int]],
    rows: NewRows,
    outlets: tuple[str, ...],
) -> tuple[list[LexicalDoc], list[LexicalDoc]]:
    """Return an article's documents for the lexical index: passages and sentences."""
    head, day = header(article), day_number(article.published)
    passages = [
        LexicalDoc(p.row, article.text[spans[p.first][0] : spans[p.last][1]], head, day, outlets)
        for p in rows.passages
    ]
    sentences = [
        LexicalDoc(rows.first_sentence + i, article.text[start:end], head, day, outlets)
        for i, (start, end) in enumerate(spans)
    ]
    return passages, sentences
