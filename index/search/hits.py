"""What a search finds: passages and sentences with their scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from index.articles import Article, Passage
from index.catalog import SentenceRow


@dataclass(frozen=True, slots=True)
class Scores:
    """The raw scores of a sentence: two BM25 (0 and up) and two cosines (-1…1).

    ``dense_sentence`` is None where the embedder gave no sentence vectors.
    """

    bm25_sentence: float
    bm25_passage: float
    dense_sentence: float | None
    dense_passage: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: ``article.text[start:end]``, its fused score (0…10) and where it ranked.

    ``ranks`` gives the rank, from 1, in each list of candidates that had it:
    ``bm25``, ``dense``, ``sentences``.
    """

    passage: Passage
    article: Article
    start: int
    end: int
    score: float
    ranks: Mapping[str, int]

    @property
    def text(self) -> str:
        """Return the passage's own text."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence found: ``article.text[start:end]``, its fused score (0…4) and the raw scores."""

    row: SentenceRow
    article: Article
    score: float
    scores: Scores

    @property
    def exact(self) -> str:
        """Return the sentence itself."""
        return self.article.text[self.row.start : self.row.end]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found, best first, copies folded, and milliseconds by stage."""

    passages: tuple[Hit, ...]
    sentences: tuple[SentenceHit, ...]
    timings_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
