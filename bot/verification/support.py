"""How far sentences carry a claim, as a number: the scorers.

A scorer adds to the checks what they cannot see. The checks find what is wrong
in a claim; a scorer measures whether the sentences speak of it at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.verification.dates import taken
from bot.verification.details import Details
from bot.verification.numbers import fit
from index.embed import Embedder, EmbedInput

_NAME_WEIGHT = 0.5
_FIGURE_WEIGHT = 2.0
_PARTLY = 4  # letters that two words must share at their start to count as half the same
_BEGINNING = 0.6


class SupportScorer(Protocol):
    """Says how far sentences carry a claim."""

    def score(self, claim: str, sentences: Sequence[str]) -> float:
        """Return 0 (not at all) to 1 (wholly); 0 when there is no sentence."""
        ...


class LexicalScorer:
    """The share of the claim's words, names and figures twice, that the sentences have."""

    def score(self, claim: str, sentences: Sequence[str]) -> float:
        """Return the share, 0 to 1."""
        return coverage(Details.of(claim), [Details.of(sentence) for sentence in sentences])


class EmbeddingScorer:
    """Likeness of meaning and shared words together, from an embedder of sentences.

    The likeness is the best cosine of the claim with a sentence or with all of
    them together. ``weights`` (bias, likeness, coverage) are those of a logistic
    function; the defaults come from ``benchmarks/verify.py --fit``.
    """

    def __init__(
        self, embedder: Embedder, weights: tuple[float, float, float] = (-3.2, 4.2, 1.6)
    ) -> None:
        self._embedder = embedder
        self._weights = weights

    def score(self, claim: str, sentences: Sequence[str]) -> float:
        """Return 0 to 1. Raises `IndexFault` when the embedder's model cannot be loaded."""
        if not sentences or not claim.strip():
            return 0.0
        share = coverage(Details.of(claim), [Details.of(sentence) for sentence in sentences])
        near = np.array([self.likeness(claim, sentences)])
        return float(self.combined(near, np.array([share]))[0])

    def combined(
        self, likeness: NDArray[np.float64], shares: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the scores, float64, shape (n,), for n likenesses and n coverages."""
        bias, near, shared = self._weights
        total = np.clip(bias + near * likeness + shared * shares, -30, 30)
        scores: NDArray[np.float64] = 1 / (1 + np.exp(-total))
        return scores

    def likeness(self, claim: str, sentences: Sequence[str]) -> float:
        """Return the best cosine, -1 to 1, of the claim with a sentence or with all together."""
        texts = [claim, *sentences]
        if len(sentences) > 1:
            texts.append(" ".join(sentences))
        rows = self._embedder.embed_passages([EmbedInput(text) for text in texts]).passages
        return float((rows[1:] @ rows[0]).max())


def coverage(claim: Details, sources: Sequence[Details]) -> float:
    """Return the share of what the claim says that the sources have.

    Words of meaning count one, figures two and names, which have a check of
    their own, a half; dates and words of saying nothing. A word that only begins
    like one of theirs counts in part. A claim that says nothing is covered by nothing.

    >>> claim, source = Details.of("Five sailors drowned."), Details.of("5 men drowned at sea.")
    >>> round(coverage(claim, [source]), 2)
    0.75
    """
    theirs = {token.term for source in sources for token in source.reading.tokens}
    starts = {term[:_PARTLY] for term in theirs if len(term) > _PARTLY}
    total = covered = 0.0
    for term, weight in _weights(claim).items():
        total += weight
        if term in theirs:
            covered += weight
        elif len(term) > _PARTLY and term[:_PARTLY] in starts:
            covered += _BEGINNING * weight
    figures = [figure for source in sources for figure in source.figures]
    for figure in claim.figures:
        total += _FIGURE_WEIGHT
        covered += _FIGURE_WEIGHT * any(fit(figure, other) != "no" for other in figures)
    return covered / total if total else 0.0


def _weights(claim: Details) -> dict[str, float]:
    dated = taken(claim.whens)
    found: dict[str, float] = {}
    for at, token in enumerate(claim.reading.tokens):
        if token.content and at not in dated and token.term != "=say":
            named = token.capital and not token.opens
            found[token.term] = max(found.get(token.term, 0.0), _NAME_WEIGHT if named else 1.0)
    return found
