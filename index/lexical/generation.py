"""The lexical index of one generation: its passages and its sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexFault
from index.lexical.damage import check_contents, check_sizes, damaged, read_stamp, write_stamp
from index.lexical.kind import Kind, LexicalDoc, Scope

HEAP_BYTES = 64_000_000
_MUTE_OF_PASSAGES = 96  # about a passage's mean length, and about a sentence's: see `kind`
_MUTE_OF_SENTENCES = 24


class LexicalIndex:
    """Passages and sentences of one generation, searchable by their words.

    Any number of processes may read it; one writes. A reader keeps what it
    opened. A generation is updated as a copy of its folder, which may be
    copied whenever nobody writes in it.

    Each kind has an index of its own, because BM25 needs each kind's own
    average length and document frequencies.
    """

    def __init__(self, folder: Path, passages: Kind, sentences: Kind) -> None:
        """Use `create` or `open`."""
        self._folder = folder
        self._passages = passages
        self._sentences = sentences

    @classmethod
    def create(
        cls, folder: Path, *, heap_bytes: int = HEAP_BYTES, threads: int = 1
    ) -> LexicalIndex:
        """Return an empty, committed index in ``folder``, which may exist but must hold none.

        ``heap_bytes`` is what the writer of one kind may hold before it
        flushes (at least 15 million for each of its ``threads``).
        """
        if any((folder / kind).exists() for kind in ("passages", "sentences")):
            raise IndexFault(f"{folder}: holds a lexical index already")
        made = cls(
            folder,
            Kind.create(
                folder / "passages", heap_bytes=heap_bytes, threads=threads, mute=_MUTE_OF_PASSAGES
            ),
            Kind.create(
                folder / "sentences",
                heap_bytes=heap_bytes,
                threads=threads,
                mute=_MUTE_OF_SENTENCES,
            ),
        )
        made.commit()
        return made

    @classmethod
    def open(cls, folder: Path, *, heap_bytes: int = HEAP_BYTES, threads: int = 1) -> LexicalIndex:
        """Return the index of the last commit in ``folder``, to read or to change.

        Raises DamagedGeneration when a file is missing or has another length
        than when it was committed, when a commit was cut off between the two
        kinds, and when the index is of another format.
        """
        stamp = read_stamp(folder)
        check_sizes(folder, stamp)
        passages = Kind(
            folder / "passages", heap_bytes=heap_bytes, threads=threads, mute=_MUTE_OF_PASSAGES
        )
        sentences = Kind(
            folder / "sentences", heap_bytes=heap_bytes, threads=threads, mute=_MUTE_OF_SENTENCES
        )
        if (passages.count, sentences.count) != (stamp.passages, stamp.sentences):
            raise damaged(folder, "it does not hold the rows that were committed")
        return cls(folder, passages, sentences)

    @staticmethod
    def verify(folder: Path) -> None:
        """Read every file of ``folder``; raise DamagedGeneration when a byte has changed."""
        check_contents(folder)

    def add_passages(self, docs: Iterable[LexicalDoc]) -> None:
        """Add passages; they can be found after `commit`. Ordinals must be new or removed."""
        self._passages.add(docs)

    def add_sentences(self, docs: Iterable[LexicalDoc]) -> None:
        """Add sentences, as `add_passages` adds passages."""
        self._sentences.add(docs)

    def remove(self, passages: Sequence[int], sentences: Sequence[int]) -> None:
        """Remove rows by ordinal at the next `commit`; unknown ordinals are no error."""
        self._passages.remove(passages)
        self._sentences.remove(sentences)

    def commit(self) -> None:
        """Make what was added and removed durable and searchable here; raise DiskFull."""
        self._passages.commit()
        self._sentences.commit()
        write_stamp(self._folder, passages=self._passages.count, sentences=self._sentences.count)

    def close(self) -> None:
        """Drop what was not committed and let go of the writer's lock."""
        self._passages.close()
        self._sentences.close()

    def passages(
        self, question: str, k: int, where: Scope | None = None
    ) -> list[tuple[int, float]]:
        """Return up to ``k`` (ordinal, BM25 score), best first, equal scores by ordinal."""
        return self._passages.search(question, k, where)

    def sentences(
        self, question: str, k: int, where: Scope | None = None
    ) -> list[tuple[int, float]]:
        """Return up to ``k`` (ordinal, BM25 score), best first, equal scores by ordinal."""
        return self._sentences.search(question, k, where)

    def score_passages(self, question: str, ordinals: Sequence[int]) -> NDArray[np.float64]:
        """Return the BM25 scores of these passages, shape (len(ordinals),), on `passages`' scale.

        0.0 stands where no term of the question occurs and for unknown ordinals.
        """
        return self._passages.score(question, ordinals)

    def score_sentences(self, question: str, ordinals: Sequence[int]) -> NDArray[np.float64]:
        """Return the BM25 scores of these sentences, as `score_passages` does for passages."""
        return self._sentences.score(question, ordinals)

    def doc_freq(self, term: str) -> int:
        """Return in how many sentences (headers included) ``term``, one of `terms`, occurs."""
        return self._sentences.doc_freq(term)

    def idf(self, term: str) -> float:
        """Return ln(1 + (N - n + 0.5) / (n + 0.5)) of ``term`` over the sentences; at least 0."""
        total = self._sentences.count
        found = min(self.doc_freq(term), total)  # removed rows count until they are merged away
        return math.log1p((total - found + 0.5) / (found + 0.5))

    def removed_share(self) -> float:
        """Return the greater share of removed rows on disk, 0 to 1.

        The engine seldom drops removed rows by itself; they take room and
        blur document frequencies. Make the index anew when they are many.
        """
        return max(self._passages.removed_share(), self._sentences.removed_share())
