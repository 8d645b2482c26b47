"""An open generation: catalogue, lexical index and vectors, held while it is read."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.articles import Filters
from index.catalog import REMEDY, ArticleRow, Catalog
from index.embed import Embedder
from index.errors import DamagedGeneration
from index.generations import DataFolder, Generation
from index.generations.manifest import mismatch
from index.generations.rowfile import RowFile
from index.lexical import LexicalIndex
from index.search.dense import DenseSearch, cosines
from index.search.eligible import Eligible
from index.vectors import VectorStore

_ATTEMPTS = 5


class IndexReader:
    """One generation, open for searching. Safe to use from several threads."""

    def __init__(self, data: DataFolder, embedder: Embedder) -> None:
        """Open the current generation.

        Raises `NothingIndexed`, `DamagedGeneration`, and `ModelMismatch` if
        another embedder made the index.
        """
        self._held = ExitStack()
        self.generation = self._hold_current(data)
        try:
            self._open(embedder)
        except BaseException:
            self._held.close()
            raise

    def _hold_current(self, data: DataFolder) -> Generation:
        """Lock the current generation; begin again if it was replaced in between."""
        for _ in range(_ATTEMPTS):
            generation = data.current()
            try:
                self._held.enter_context(data.lease(generation))
            except FileNotFoundError:
                continue
            if (generation.folder / "manifest.json").exists():
                return generation
            self._held.close()
        raise DamagedGeneration(
            f"{generation.folder} disappears while it is opened", remedy="Run the command again."
        )

    def _open(self, embedder: Embedder) -> None:
        manifest, generation = self.generation.manifest, self.generation
        if manifest.embedder != embedder.name:
            raise mismatch(manifest.embedder, embedder.name)
        self.embedder = embedder
        self.catalog = Catalog(generation.catalog)
        self._held.callback(self.catalog.close)
        self.lexical = LexicalIndex.open(generation.lexical)
        self._held.callback(self.lexical.close)
        self.eligible = Eligible(self.catalog)
        alive = self.eligible(Filters())
        if len(alive) != manifest.articles:
            raise self._damaged(f"has {len(alive)} articles where {manifest.articles} belong")
        width, rows = manifest.dimension, manifest.passage_rows
        vectors = RowFile(generation.passage_vectors, width, np.float32).read(rows)
        articles = RowFile(generation.passage_articles, 1, np.int32).read(rows)
        self.dense = DenseSearch(
            np.asarray(vectors),
            np.asarray(articles).reshape(-1),
            alive,
            self._open_store,
        )
        self._sentences: NDArray[np.generic] | None = None
        if manifest.sentence_vectors:
            file = RowFile(generation.sentence_vectors, width, np.float16)
            self._sentences = file.read(manifest.sentence_rows)

    def _open_store(self) -> VectorStore:
        store = VectorStore(self.generation.chroma)
        self._held.callback(store.close)
        if (held := store.count()) != (wanted := self.generation.manifest.passages):
            raise self._damaged(f"has {held} vectors in Chroma where {wanted} belong")
        return store

    def _damaged(self, what: str) -> DamagedGeneration:
        return DamagedGeneration(
            f"generation {self.generation.manifest.name} {what}", remedy=REMEDY
        )

    def sentence_similarities(
        self, vector: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float64] | None:
        """Return the cosine similarity of each sentence row, None if there are no such vectors."""
        if self._sentences is None:
            return None
        block = self._sentences[rows].astype(np.float32)
        return cosines(block, vector).astype(np.float64)

    def article_for(self, row: int) -> ArticleRow:
        """Return the article of a row."""
        return self.catalog.article(row)

    def close(self) -> None:
        """Let go of the generation."""
        self._held.close()

    def __enter__(self) -> IndexReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
