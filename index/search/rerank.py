"""The seam behind the fused ranking where a trained reranker can stand."""

from __future__ import annotations

from typing import Protocol

from index.search.hits import SentenceHit


class Reranker(Protocol):
    """Orders sentences anew for a question."""

    name: str

    def rerank(self, question: str, hits: list[SentenceHit]) -> list[SentenceHit]:
        """Return the same hits, best first."""
        ...


class NoReranker:
    """Keeps the fused order."""

    name = "none"

    def rerank(self, question: str, hits: list[SentenceHit]) -> list[SentenceHit]:
        """Return the hits as they are."""
        return hits
