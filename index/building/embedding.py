"""Vectors for a window of passages: taken over where the text is known, else computed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.building.donor import Donor, Given
from index.building.timings import Timings
from index.catalog import PassageRow
from index.embed import Embedder, EmbedInput
from index.errors import IndexFault


@dataclass(frozen=True, slots=True)
class Pending:
    """A passage that has its rows but not yet its vectors.

    ``owned`` is the first sentence row whose vector this passage gives.
    """

    row: PassageRow
    input: EmbedInput
    key: bytes
    owned: int


@dataclass(frozen=True, slots=True)
class Window:
    """The vectors of rows that follow each other, zeros where no passage gives one.

    ``passages`` has shape (passage rows, dimension), float32; ``sentences``
    (sentence rows, dimension), float16. ``first_passage`` and ``first_sentence``
    are the rows of their first entries.
    """

    first_passage: int
    first_sentence: int
    passages: NDArray[np.float32]
    sentences: NDArray[np.float16]

    @classmethod
    def between(cls, first: tuple[int, int], following: tuple[int, int], dimension: int) -> Window:
        """Return zeros from the (sentence, passage) rows ``first`` up to ``following``."""
        return cls(
            first[1],
            first[0],
            np.zeros((following[1] - first[1], dimension), np.float32),
            np.zeros((following[0] - first[0], dimension), np.float16),
        )

    def put_passage(self, passage: Pending, vector: NDArray[np.generic]) -> None:
        """Write a passage's vector, (dimension,), in its place."""
        self.passages[passage.row.row - self.first_passage] = vector

    def put_sentences(self, passage: Pending, vectors: NDArray[np.generic]) -> None:
        """Write the vectors of the sentences that a passage owns; all of its are given."""
        skipped = passage.owned - passage.row.first_row
        start, end = passage.owned, passage.row.last_row + 1
        self.sentences[start - self.first_sentence : end - self.first_sentence] = vectors[skipped:]


class Embedding:
    """Gives passages their vectors, from donors first; counts what it took and what it made.

    ``sentence_vectors`` says whether sentences have any, None until that is known.
    """

    def __init__(
        self,
        embedder: Embedder,
        donors: Sequence[Donor],
        timings: Timings,
        sentence_vectors: bool | None,
    ) -> None:
        self._embedder, self._donors, self._timings = embedder, donors, timings
        self.sentence_vectors = sentence_vectors
        self.reused = self.embedded = 0

    def fill(self, window: Window, pending: Sequence[Pending]) -> None:
        """Write the vectors of these passages into the window.

        Raises `IndexFault` if the embedder fails, or gives sentence vectors now
        and gave none before.
        """
        fresh = self._take_over(window, pending)
        with self._timings.measure("embed"):
            embedded = self._embedder.embed_passages([each.input for each in fresh])
        if fresh:
            self._note_sentence_vectors(embedded.sentences is not None)
        for i, each in enumerate(fresh):
            window.put_passage(each, embedded.passages[i])
            if embedded.sentences is not None:
                window.put_sentences(each, embedded.sentences[i])
        self.reused += len(pending) - len(fresh)
        self.embedded += len(fresh)

    def _note_sentence_vectors(self, given: bool) -> None:
        if self.sentence_vectors not in (None, given):
            raise IndexFault(
                "the embedder gave sentence vectors for a part of the articles only",
                remedy="Run `footnote rebuild` with your sources.",
            )
        self.sentence_vectors = given

    def _take_over(self, window: Window, pending: Sequence[Pending]) -> list[Pending]:
        """Fill in what donors have and return the passages that are left."""
        left = []
        with self._timings.measure("take over"):
            for each in pending:
                given = self._from_donors(each.key)
                if given is None:
                    left.append(each)
                    continue
                window.put_passage(each, given.passage)
                if given.sentences is not None and self.sentence_vectors:
                    window.put_sentences(each, given.sentences)
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


def vector_key(embedder: str, given: EmbedInput, skipped: int) -> bytes:
    """Return 16 bytes that are equal only for equal vectors.

    ``skipped`` is the number of leading sentences whose vectors belong to the
    passage before (they overlap).
    """
    head = f"{embedder}\0{given.spans!r}\0{skipped}\0".encode()
    return hashlib.blake2b(head + given.text.encode(), digest_size=16).digest()
