"""How far sentences carry a claim, as a number: the scorers.

A scorer adds to the checks what they cannot see. The checks find what is wrong
in a claim; a scorer measures whether the sentences speak of it at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from bot.verification.reading import Reading, Token, read
from index.embed import Embedder, EmbedInput

_NAME_WEIGHT = 2.0
_PARTLY = 4  # letters that two words must share at their start to count as half the same
_HALF = 0.6


class SupportScorer(Protocol):
    """Says how far sentences carry a claim."""

    def score(self, claim: str, sentences: Sequence[str]) -> float:
        """Return 0 (not at all) to 1 (wholly); 0 when there is no sentence."""
        ...


class LexicalScorer:
    """The share of the claim's words, names and figures twice, that the sentences have."""

    def score(self, claim: str, sentences: Sequence[str]) -> float:
        """Return the share, 0 to 1."""
        return coverage(read(claim), [read(sentence) for sentence in sentences])


class EmbeddingScorer:
    """Likeness of meaning and shared words together, from an embedder of sentences.

    The likeness is the best cosine of the claim with a sentence or with all of
    them together. ``weights`` (bias, likeness, coverage) are those of a logistic
    function; the defaults come from ``benchmarks/verify.py --fit``.
    """

    def __init__(
        self, embedder: Embedder, weights: tuple[float, float, float] = (-8.5, 6.9, 6.3)
    ) -> None:
        self._embedder = embedder
        self._weights = weights

    def score(self, claim: str, sentences: Sequence[str]) -> float:
        """Return 0 to 1. Raises `IndexFault` when the embedder's model cannot be loaded."""
        if not sentences or not claim.strip():
            return 0.0
        bias, likeness, shared = self._weights
        total = bias + likeness * self.likeness(claim, sentences)
        total += shared * coverage(read(claim), [read(sentence) for sentence in sentences])
        return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))

    def likeness(self, claim: str, sentences: Sequence[str]) -> float:
        """Return the best cosine, -1 to 1, of the claim with a sentence or with all together."""
        texts = [claim, *sentences]
        if len(sentences) > 1:
            texts.append(" ".join(sentences))
        rows = self._embedder.embed_passages([EmbedInput(text) for text in texts]).passages
        return float((rows[1:] @ rows[0]).max())


def coverage(claim: Reading, sources: Sequence[Reading]) -> float:
    """Return the share of the claim's terms that the sources have, names and figures counted twice.

    A word that only begins like one of theirs counts in part. A claim without
    words of meaning is covered by nothing.

    >>> round(coverage(read("Five sailors drowned."), [read("Five men drowned at sea.")]), 2)
    0.75
    """
    theirs = {token.term for source in sources for token in source.tokens}
    starts = {term[:_PARTLY] for term in theirs if len(term) > _PARTLY}
    wanted = {token.term: token for token in claim.tokens if token.content or token.figure}
    total = sum(weight(token) for token in wanted.values())
    if not total:
        return 0.0
    covered = 0.0
    for term, token in wanted.items():
        if term in theirs:
            covered += weight(token)
        elif len(term) > _PARTLY and term[:_PARTLY] in starts:
            covered += _HALF * weight(token)
    return covered / total


def weight(token: Token) -> float:
    """Return how much a token of a claim counts."""
    named = token.figure or (token.capital and not token.opens)
    return _NAME_WEIGHT if named else 1.0
