"""An answer without a model: one to three sentences, quoted as they stand.

The best sentence is taken; a second and a third only if they come close to it
and add something. They are shown in the order of their articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.confidence import Confidence, coverage, has_kind, signals, term_weights
from bot.disagree import disagree
from index.search import SearchResult, SentenceHit
from index.sentences.folding import words

MOST = 3
# What a name, number, date or place is worth in a sentence when the question asks for
# one, on the scale of the search score (0…4); see docs/evaluation.md.
KIND_BONUS = 0.4
# What it is worth that a sentence holds all that the question says, likewise.
COVERAGE_BONUS = 0.5
HEADLINE_LOSS = 0.5
# A further sentence must be worth at least this share of the best one …
CLOSE = 0.96
# … and share fewer of its words than this with a sentence already chosen.
SAME_WORDS = 0.75
# A sentence of another article contradicts the best one only if it is about the same:
# it holds this share of the question's words that the best one holds, and may answer.
RIVAL_COVERAGE = 0.4
RIVAL_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Extraction:
    """The sentences that answer, in order, and how likely it is that they do.

    ``ranked`` holds all that were looked at, best first; ``disagree`` says that
    sentences of different articles contradict each other.
    """

    chosen: tuple[SentenceHit, ...]
    ranked: tuple[SentenceHit, ...]
    confidence: float
    disagree: bool


def extract(question: str, found: SearchResult, confidence: Confidence) -> Extraction:
    """Return the sentences of ``found`` that answer; none if nothing was found."""
    if not found.sentences:
        return Extraction((), (), 0.0, disagree=False)
    ranked = rank(question, found.sentences, confidence)
    rivals = _rivals(question, ranked)
    chosen = _with_rivals(ranked[0], rivals) if rivals else _with_neighbours(ranked)
    return Extraction(
        in_order([each.hit for each in chosen]),
        tuple(each.hit for each in ranked),
        ranked[0].confidence,
        disagree=bool(rivals),
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with what it is worth for the question, and how likely it answers."""

    hit: SentenceHit
    worth: float
    coverage: float
    confidence: float


def rank(question: str, hits: Sequence[SentenceHit], confidence: Confidence) -> list[Candidate]:
    """Return the hits as candidates, best first.

    A sentence gains by what the question asks for and by holding its words; a
    headline that is repeated in the text loses to what stands below it.
    """
    weights = term_weights(question, hits)
    candidates = []
    for hit in hits:
        covered = coverage(weights, hit.exact)
        value = hit.score + KIND_BONUS * has_kind(question, hit.exact) + COVERAGE_BONUS * covered
        if words(hit.exact) == words(hit.article.title):
            value -= HEADLINE_LOSS
        likely = confidence.of(signals(hit, weights))
        candidates.append(Candidate(hit, value, covered, likely))
    return sorted(candidates, key=lambda each: -each.worth)


def _rivals(question: str, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best sentence of each other article that answers otherwise than the best one."""
    best, rivals = ranked[0], []
    seen = {best.hit.row.article}
    for each in ranked[1:]:
        close = each.coverage >= RIVAL_COVERAGE * best.coverage
        if not close or each.confidence < RIVAL_CONFIDENCE or each.hit.row.article in seen:
            continue
        if disagree(best.hit.exact, each.hit.exact, question):
            seen.add(each.hit.row.article)
            rivals.append(each)
    return rivals


def _with_rivals(best: Candidate, rivals: Sequence[Candidate]) -> list[Candidate]:
    """Return the best with its best rival and the latest one: what a reader must compare."""
    latest = max(rivals, key=lambda each: (each.hit.article.published or "")[:10])
    return list({each.hit.row.row: each for each in (best, rivals[0], latest)}.values())


def _with_neighbours(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the best with up to two more that are worth nearly as much and say something else."""
    chosen = [ranked[0]]
    for each in ranked[1:]:
        if each.worth < CLOSE * ranked[0].worth or len(chosen) == MOST:
            break
        if not any(copied(each.hit.exact, other.hit.exact) for other in chosen):
            chosen.append(each)
    return chosen


def in_order(hits: Sequence[SentenceHit]) -> tuple[SentenceHit, ...]:
    """Return hits grouped by article (that of the best hit first), in the articles' order."""
    rank = {hit.row.article: i for i, hit in reversed(list(enumerate(hits)))}
    return tuple(sorted(hits, key=lambda hit: (rank[hit.row.article], hit.row.start)))


def copied(one: str, other: str) -> bool:
    """Return whether two sentences say nearly the same in nearly the same words.

    >>> copied("At least 12 were hurt, police said.", "At least 12 were hurt, said police.")
    True
    >>> copied("At least 12 were hurt, police said.", "At least 15 were hurt, police said.")
    False
    """
    a, b = set(words(one)), set(words(other))
    numbers = {w for w in a ^ b if any(c.isdigit() for c in w)}
    return not numbers and len(a & b) >= SAME_WORDS * len(a | b)
