"""Nearest passages by vector: exact where that is fast, through Chroma where it is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.vectors import VectorStore

# Scanning this many float32 rows of 384 numbers takes about 8 ms and finds exactly
# the nearest; a graph search becomes faster only beyond it, and finds almost all.
EXACT_ROWS = 50_000
# What else costs as much as scanning so many rows in a line, measured at 100,000
# passages: a row elsewhere, a graph search, and each neighbour that it returns.
_ROW_ELSEWHERE, _GRAPH, _NEIGHBOUR = 7, 10_000, 80
_OVERSAMPLE = 1.5
# With fewer the graph misses many of the nearest; it returns these in 5 ms.
_FEWEST_NEIGHBOURS = 300


class DenseSearch:
    """Passage vectors of a generation, (n, dimension) float32 unit rows by passage row.

    ``articles`` is the article row of each passage row, (n,), -1 for rows of
    removed passages; ``alive`` the rows of all articles. ``open_store`` is called
    once, when a graph search is needed.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        articles: NDArray[np.int32],
        alive: NDArray[np.int64],
        open_store: Callable[[], VectorStore],
        *,
        exact_rows: int = EXACT_ROWS,
        graph_cost: tuple[int, int] = (_GRAPH, _NEIGHBOUR),
    ) -> None:
        self._vectors = vectors
        self._articles = articles
        self._alive = alive
        self._open_store = open_store
        self._exact_rows = exact_rows
        self._graph, self._neighbour = graph_cost

    @cached_property
    def _store(self) -> VectorStore:
        return self._open_store()

    @cached_property
    def _alive_rows(self) -> NDArray[np.int64]:
        return self._rows_of(self._alive)

    def _rows_of(self, allowed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the passage rows of these articles, ascending."""
        if len(self._articles) == 0 or len(allowed) == 0:
            return np.zeros(0, np.int64)
        # The last place stands for -1, the rows that no article has.
        mask = np.zeros(int(max(self._articles.max(), allowed.max())) + 2, bool)
        mask[allowed] = True
        return np.flatnonzero(mask[self._articles])

    def nearest(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows and cosine similarities of up to ``k`` passages, nearest first.

        ``allowed`` are the rows of the articles to search in (None: all).
        """
        rows = self._alive_rows if allowed is None else self._rows_of(allowed)
        if _cost_of_scan(rows) > self._exact_rows:
            rows = self._graph_search(vector, k, rows)
        scores = self.similarities(vector, rows)
        best = _best(scores, k)
        return rows[best], scores[best]

    def similarities(
        self, vector: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the cosine similarity of each row, in the order of ``rows``."""
        if _in_a_line(rows) and bool(np.all(np.diff(rows) == 1)):
            block = self._vectors[int(rows[0]) : int(rows[-1]) + 1]
        else:
            block = self._vectors[rows]
        return cosines(block, vector)

    def _graph_search(
        self, vector: NDArray[np.float32], k: int, rows: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return candidates among ``rows``: what Chroma finds, or all if that is quicker.

        Chroma knows no filter, so it is asked for more until ``k`` are allowed.
        """
        total = len(self._alive_rows)
        wanted = max(int(k * _OVERSAMPLE * total / len(rows)), _FEWEST_NEIGHBOURS)
        while wanted < total and self._graph + wanted * self._neighbour < _cost_of_scan(rows):
            found = self._store.nearest(vector, wanted)
            place = np.minimum(np.searchsorted(rows, found), len(rows) - 1)
            kept: NDArray[np.int64] = found[rows[place] == found]
            if len(kept) >= k:
                return kept
            wanted *= 4
        return rows


def cosines(block: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the dot product of each row of ``block`` (n, dimension) with ``vector``, (n,)."""
    # `block @ vector` is no quicker, and leaves the threads of BLAS spinning for
    # milliseconds on the cores that the rest of the search needs.
    return np.asarray(np.einsum("ij,j->i", block, vector), np.float32)


def _in_a_line(rows: NDArray[np.int64]) -> bool:
    """Return whether ``rows``, if they ascend, leave none out."""
    return len(rows) > 0 and int(rows[-1]) - int(rows[0]) + 1 == len(rows)


def _cost_of_scan(rows: NDArray[np.int64]) -> int:
    """Return what scanning ``rows`` costs, in rows that lie in a line."""
    return len(rows) * (1 if _in_a_line(rows) else _ROW_ELSEWHERE)


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the places of the ``k`` highest scores, highest first, equal ones in order."""
    if len(scores) <= k:
        return np.argsort(-scores, kind="stable")
    # Only those that may be among them are sorted: sorting all takes longer than the scan.
    likely = np.flatnonzero(scores >= np.partition(scores, len(scores) - k)[len(scores) - k])
    best: NDArray[np.int64] = likely[np.argsort(-scores[likely], kind="stable")[:k]]
    return best
