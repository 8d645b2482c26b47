"""Passage vectors in Chroma: a disposable projection of the catalogue, and the only use of it.

The vectors are always computed by us: Chroma's embedding functions and its
telemetry are never used. Nothing but row numbers and vectors is stored in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedGeneration, IndexFault
from index.generations.disk import is_disk_full

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
# Chroma refuses more items in one call (SQLite's limit on bound variables).
BATCH = 5_461


class VectorStore:
    """The HNSW index of one generation's passages. ``folder`` belongs to it alone."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        import chromadb
        from chromadb.config import Settings

        self._folder = folder
        self._writable = create
        settings = Settings(anonymized_telemetry=False, is_persistent=True, allow_reset=False)
        with self._damage():
            self._client = chromadb.PersistentClient(path=str(folder), settings=settings)
            self._collection = self._open(create=create)

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """Turn Chroma's errors into ours, unless they say that the disk is full."""
        try:
            yield
        except Exception as error:
            if is_disk_full(error):
                raise
            what = f"the vector store {self._folder} cannot be used ({error})"
            if self._writable:
                remedy = "Check the disk; if it is sound, run `footnote rebuild` with your sources."
                raise IndexFault(what, remedy=remedy) from error
            remedy = "Run `footnote rollback`, or `footnote rebuild` with your sources."
            raise DamagedGeneration(what, remedy=remedy) from error

    def _open(self, *, create: bool) -> Collection:
        if create:
            from chromadb.api.collection_configuration import (
                CreateCollectionConfiguration,
                CreateHNSWConfiguration,
            )

            hnsw = CreateHNSWConfiguration(
                space="cosine",
                ef_construction=100,
                ef_search=120,
                max_neighbors=16,
                batch_size=1_000,
                sync_threshold=5_000,
            )
            return self._client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,
                configuration=CreateCollectionConfiguration(hnsw=hnsw),
            )
        return self._client.get_collection(COLLECTION, embedding_function=None)

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add vectors (n, dimension) under their rows."""
        for part in _parts(len(rows)):
            with self._damage():
                self._collection.add(
                    ids=[str(row) for row in rows[part]],
                    embeddings=vectors[part],
                )

    def remove(self, rows: Sequence[int]) -> None:
        """Remove the vectors of these rows; unknown rows are ignored."""
        for part in _parts(len(rows)):
            with self._damage():
                self._collection.delete(ids=[str(row) for row in rows[part]])

    def nearest(self, vector: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return up to ``k`` rows, nearest first (approximately)."""
        with self._damage():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=k,
                include=[],
            )
        return np.array([int(row) for row in found["ids"][0]], np.int64)

    def count(self) -> int:
        """Return how many vectors are stored."""
        with self._damage():
            return self._collection.count()

    def close(self) -> None:
        """Release the files, so that the folder can be copied or moved."""
        self._client.close()  # type: ignore[attr-defined]  # Chroma has it, its types do not


def _parts(total: int) -> Iterator[slice]:
    for start in range(0, total, BATCH):
        yield slice(start, min(start + BATCH, total))
