"""What Footnote answers with: evidence, citations, claims and the answer itself.

Spans are half-open, in code points of the article's text of ``content_hash``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from index.articles import Article, Sentence

Verdict = Literal["supported", "unsupported", "uncited"]
Status = Literal["answered", "declined"]
Mode = Literal["extractive", "model"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that an answer may cite, under its key ``S1``, ``S2``, …

    ``score`` is the fused search score, comparable within one question only.
    """

    key: str
    sentence: Sentence
    article: Article
    score: float

    @property
    def exact(self) -> str:
        """Return the sentence itself."""
        return self.article.text[self.sentence.start : self.sentence.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer to one original sentence: position, quote and context.

    The pair of a TextPositionSelector (``start``, ``end``) and a
    TextQuoteSelector (``exact``, ``prefix``, ``suffix``) of the W3C Web
    Annotation Data Model. ``link`` leads to the sentence itself where the
    article has an address; ``page`` counts from 1 (PDF only).
    """

    number: int
    article_id: str
    content_hash: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    title: str
    outlet: str | None
    published: str | None
    url: str | None
    link: str | None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer with the sentences that carry it."""

    text: str
    citations: tuple[Citation, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """An answer, or the reason why there is none.

    ``reason`` is set when the question is declined, and when reports disagree.
    ``nearest`` holds the sentences that came nearest to a declined question.
    ``confidence`` is the estimated probability that the evidence answers.
    """

    id: str
    question: str
    status: Status
    reason: str | None
    mode: Mode
    claims: tuple[Claim, ...]
    withheld: tuple[Claim, ...]
    nearest: tuple[Citation, ...]
    generation: str
    model: str | None = None
    prompt_hash: str | None = None
    confidence: float = 0.0
    timings_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return the citations of all claims, in order, each number once."""
        by_number = {c.number: c for claim in self.claims for c in claim.citations}
        return tuple(by_number[number] for number in sorted(by_number))
