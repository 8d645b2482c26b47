"""An embedder without a model: a hashed bag of words.

Texts that share words are near each other, and nothing else is known of them.
It is deterministic and quick, which tests and measurements of memory want.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from index.embed.embedder import Embedded, EmbedInput, Vectors, unit_rows

_WORD = re.compile(r"\w+")


class HashEmbedder:
    """Counts words in ``dimension`` buckets chosen by their CRC-32."""

    def __init__(self, dimension: int = 384) -> None:
        self.dimension = dimension
        self.name = f"hash:crc32/{dimension}"

    def embed_passages(self, inputs: Sequence[EmbedInput]) -> Embedded:
        """Return the vectors of ``inputs`` and of their sentences."""
        passages = self._rows([item.text for item in inputs])
        sentences = tuple(
            self._rows([item.text[start:end] for start, end in item.spans]) for item in inputs
        )
        return Embedded(passages, sentences)

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of ``text``, shape (dimension,)."""
        row: Vectors = self._rows([text])[0]
        return row

    def _rows(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = _WORD.findall(text.lower())
            buckets = [zlib.crc32(word.encode("utf-8", "replace")) for word in words]
            np.add.at(row, np.array(buckets, np.int64) % self.dimension, 1.0)
        return unit_rows(rows)
