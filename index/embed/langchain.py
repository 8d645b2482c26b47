"""Embedding models of other providers, through LangChain.

They return one vector for a text and none for its tokens, so an index made
with them does without sentence vectors. Only this module of the index imports
LangChain.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.embed.embedder import Embedded, EmbedInput, Vectors, unit_rows
from index.errors import IndexFault, MissingExtra

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

BATCH = 64
"""Texts sent in one call: not every provider's package splits a long list itself."""


class LangChainEmbedder:
    """Wraps any LangChain ``Embeddings``; ``name`` is how the index remembers it."""

    def __init__(self, embeddings: Embeddings, name: str) -> None:
        self.name = name
        self._embeddings = embeddings
        self._dimension: int | None = None
        self._lock = threading.Lock()

    @classmethod
    def of(cls, provider: str, model: str) -> LangChainEmbedder:
        """Return the embedder ``provider:model`` with the provider's usual settings.

        Raises `MissingExtra` when the provider's package is not installed and
        `IndexFault` when LangChain does not know the provider or a key is missing.
        """
        from langchain.embeddings import init_embeddings

        name = f"{provider}:{model}"
        try:
            embeddings = init_embeddings(model, provider=provider)
        except ImportError as error:
            raise MissingExtra(
                f"the embedder {name} needs a package that is not installed",
                remedy=_install_command(str(error), provider),
            ) from error
        except Exception as error:  # each provider has its own kind for a missing key
            raise IndexFault(
                f"the embedder {name} cannot be set up: {_first_line(error)}",
                remedy="Check the provider's name and that its key is in the environment.",
            ) from error
        return cls(embeddings, name)

    @property
    def dimension(self) -> int:
        """The length of a vector; the first use embeds one word to find out."""
        if self._dimension is None:
            with self._lock:
                if self._dimension is None:
                    self._dimension = len(self.embed_query("dimension"))
        return self._dimension

    def embed_passages(self, inputs: Sequence[EmbedInput]) -> Embedded:
        """Return the vectors of ``inputs``, without sentence vectors.

        Raises `IndexFault` when the provider fails or returns something else.
        """
        texts = [_encodable(item.text) for item in inputs]
        rows: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            try:
                answer = self._embeddings.embed_documents(batch)
            except Exception as error:  # each provider has its own kinds
                raise self._fault(_first_line(error)) from error
            if len(answer) != len(batch):
                raise self._fault(f"{len(answer)} vectors for {len(batch)} texts")
            rows += answer
        if not rows:
            return Embedded(np.empty((0, self.dimension), np.float32), None)
        return Embedded(self._unit(rows), None)

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of ``text``, float32, shape (dimension,)."""
        try:
            answer = self._embeddings.embed_query(_encodable(text))
        except Exception as error:  # each provider has its own kinds
            raise self._fault(_first_line(error)) from error
        row: Vectors = self._unit([answer])[0]
        return row

    def _unit(self, rows: list[list[float]]) -> Vectors:
        lengths = {len(row) for row in rows}
        if len(lengths) != 1 or 0 in lengths:
            raise self._fault(f"vectors of {sorted(lengths)} numbers in one answer")
        array = np.array(rows, np.float32)
        if not np.isfinite(array).all():
            raise self._fault("a vector with numbers that are not finite")
        return unit_rows(array)

    def _fault(self, reason: str) -> IndexFault:
        return IndexFault(
            f"the embedder {self.name} failed: {reason}",
            remedy="Check the provider's key, address and model name, then run it again.",
        )


def _install_command(message: str, provider: str) -> str:
    """Return the command that LangChain's own message names, or the usual one."""
    _, tick, rest = message.partition("`pip install ")
    package = rest.partition("`")[0] if tick else f"langchain-{provider}"
    return f"Install it: pip install {package}"


def _encodable(text: str) -> str:
    """Return ``text`` with lone surrogates replaced: no provider takes them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
