"""What an embedder is.

Vectors are unit rows, so a dot product is the cosine similarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EmbedInput:
    """One passage to embed: ``text`` is its header and its own text.

    ``spans`` are its sentences within ``text``: half-open, in code points, in order.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of some passages, in the order of the inputs.

    ``passages`` has shape (inputs, dimension), float32, unit rows. ``sentences``
    holds for each input one such array with a row for each of its spans, or is
    None when the embedder gives no vectors of tokens.
    """

    passages: Vectors
    sentences: tuple[Vectors, ...] | None


class Embedder(Protocol):
    """Turns texts into unit vectors.

    ``name`` is a stable identity: an index made under one name can only be
    searched under the same. Any thread may call any method.
    """

    @property
    def name(self) -> str:
        """The identity that an index records."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector; the first use may have to ask the model."""
        ...

    def embed_passages(self, inputs: Sequence[EmbedInput]) -> Embedded:
        """Return the vectors of ``inputs``, in their order.

        Raises `IndexFault` when the model cannot be loaded or reached.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of a question, float32, shape (dimension,)."""
        ...


def unit_rows(rows: Vectors) -> Vectors:
    """Return ``rows`` (n, dimension) scaled to length one; a zero row becomes the first axis.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [1.0, 0.0]]
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    empty = lengths[:, 0] <= np.finfo(np.float32).tiny
    scaled = (rows / np.where(empty[:, None], 1.0, lengths)).astype(np.float32)
    if empty.any():
        scaled[empty] = 0.0
        scaled[empty, 0] = 1.0
    return scaled
