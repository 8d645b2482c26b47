"""Filling a generation: articles become sentences, passages, vectors and lexical documents.

Articles are collected until a window of passages is full; then their vectors
are computed (or taken over from an earlier generation), written to the vector
files, to Chroma and to the lexical index, and at last the catalogue commits.
A process that is killed loses at most one window: whatever the catalogue
holds has its vectors in the files, so the next build can take them over.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from index.articles import Article, Passage
from index.building.donor import Donor
from index.building.embedding import Embedding, Pending, Window, vector_key
from index.building.timings import Timings
from index.catalog import day_number
from index.catalog.writing import CatalogWriter, NewRows
from index.embed import Embedder, EmbedInput
from index.errors import DamagedGeneration
from index.generations import Generation
from index.generations.rowfile import RowFile
from index.lexical import LexicalDoc, LexicalIndex
from index.passages import build_passages, embed_input, header
from index.sentences import split
from index.tokens import TokenCounter
from index.vectors import VectorStore

WINDOW = 256


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
    ) -> None:
        self.generation = generation
        self._embedder, self._count, self._budget = embedder, count, budget
        self._timings = timings
        self.embedding = Embedding(embedder, donors, timings, sentence_vectors)
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
        self._pending: list[Pending] = []
        self._pending_from = self.catalog.next_rows
        # By article row: an article may get another outlet before its window is full.
        self._documents: dict[int, tuple[list[LexicalDoc], list[LexicalDoc]]] = {}
        self.copies = 0

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
            self._pending.append(Pending(passage, input_, key, owned))
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
        window = Window.between(
            self._pending_from, self.catalog.next_rows, self._embedder.dimension
        )
        self.embedding.fill(window, self._pending)
        self._write(window)
        self._pending.clear()
        self._documents.clear()
        self._pending_from = self.catalog.next_rows

    def _write(self, window: Window) -> None:
        rows = [each.row.row for each in self._pending]
        with self._timings.measure("vectors"):
            if rows:
                self._passage_file.append(window.first_passage, window.passages)
                self._chroma.add(rows, window.passages)
            if len(window.sentences) and self.embedding.sentence_vectors:
                self._sentence_file.append(window.first_sentence, window.sentences)
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
