"""Vectors of an earlier generation, taken over where the text has not changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog
from index.errors import DamagedGeneration
from index.generations import Generation
from index.generations.rowfile import RowFile

# Rounding to float16 moves a unit row's length by less than this.
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class Given:
    """A passage's vector, (dimension,), and those of all its sentences, (n, dimension).

    ``sentences`` is None if the donor's embedder gave none.
    """

    passage: NDArray[np.generic]
    sentences: NDArray[np.generic] | None


class Donor:
    """A generation, finished or cut off, whose vectors may be taken over."""

    def __init__(self, generation: Generation, dimension: int, *, finished: bool) -> None:
        """Open a generation; raises `DamagedGeneration` if it has no catalogue."""
        if not generation.catalog.is_file():
            raise DamagedGeneration(f"{generation.catalog} is missing")
        self._catalog = Catalog(generation.catalog, writable=not finished)
        passages = RowFile(generation.passage_vectors, dimension, np.float32)
        sentences = RowFile(generation.sentence_vectors, dimension, np.float16)
        self._passages = passages.read(passages.whole_rows)
        self._sentences = sentences.read(sentences.whole_rows)
        self._has_sentences = (
            generation.manifest.sentence_vectors if finished else len(self._sentences) > 0
        )

    @classmethod
    def of_leftover(cls, folder: Path, dimension: int) -> Donor:
        """Return the donor of a build that was cut off; raises `DamagedGeneration`."""
        return cls(Generation.unfinished(folder), dimension, finished=False)

    def find(self, key: bytes) -> Given | None:
        """Return the vectors of the passage with this key, or None if they cannot be had."""
        place = self._place(key)
        if place is None:
            return None
        row, first, last = place
        passage = self._passages[row : row + 1]
        if len(passage) != 1 or not _are_unit(passage):
            return None
        if not self._has_sentences:
            return Given(passage[0], None)
        block = self._sentences[first : last + 1]
        if len(block) != last + 1 - first or not _are_unit(block):
            return None
        return Given(passage[0], block)

    def _place(self, key: bytes) -> tuple[int, int, int] | None:
        """Return the passage's row and its first and last sentence rows."""
        try:
            found = self._catalog.rows(
                "SELECT p.row, a.first_sentence + p.first, a.first_sentence + p.last"
                " FROM passages p JOIN articles a ON a.row = p.article"
                " WHERE p.vector_key = ? LIMIT 1",
                key,
            )
        except DamagedGeneration:
            return None  # then it is embedded again
        if not found:
            return None
        row, first, last = (int(str(value)) for value in found[0])
        return row, first, last

    def close(self) -> None:
        """Close the donor's catalogue."""
        self._catalog.close()


def _are_unit(rows: NDArray[np.generic]) -> bool:
    """Return whether every row has length one: after a power cut some may read as zeros."""
    lengths = np.linalg.norm(rows.astype(np.float32), axis=1)
    return bool(np.all(np.abs(lengths - 1.0) < _ROUNDING))
