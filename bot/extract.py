"""An answer without a model: one to three sentences, quoted as they stand.

The best sentence is taken; a second and a third only if they come close to it
and add something. They are shown in the order of their articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.confidence import Confidence, has_kind, signals, term_weights
from bot.disagree import disagree
from index.folding import words
from index.lexical import LexicalIndex
from index.search import SearchResult, SentenceHit

MOST = 3
# What a name, number, date or place is worth in a sentence when the question asks for
# one, on the scale of the search score (0…4); see docs/evaluation.md.
KIND_BONUS = 0.3
# A further sentence must score at least this share of the best one's score …
CLOSE = 0.9
# … and share fewer of its words than this with a sentence already chosen.
SAME_WORDS = 0.75


@dataclass(frozen=True, slots=True)
class Extraction:
    """The sentences that answer, in order, and how likely it is that they do.

    ``disagree`` says that sentences of different articles contradict each other.
    """

    chosen: tuple[SentenceHit, ...]
    confidence: float
    disagree: bool


def extract(
    question: str, found: SearchResult, lexical: LexicalIndex, confidence: Confidence
) -> Extraction:
    """Return the sentences of ``found`` that answer; none if nothing was found."""
    hits = found.sentences
    if not hits:
        return Extraction((), 0.0, disagree=False)
    ranked = sorted(hits, key=lambda hit: -worth(question, hit))
    likely = confidence.of(signals(question, ranked[0], term_weights(question, lexical)))
    chosen, disputed = _choose(question, ranked)
    return Extraction(in_order(chosen), likely, disputed)


def worth(question: str, hit: SentenceHit) -> float:
    """Return a sentence's search score, more if it holds the kind of thing that is asked for."""
    return hit.score + KIND_BONUS * has_kind(question, hit.exact)


def _choose(question: str, ranked: Sequence[SentenceHit]) -> tuple[list[SentenceHit], bool]:
    """Return the best sentence with those that belong beside it, and whether they disagree."""
    best = ranked[0]
    chosen, disputed = [best], False
    for hit in ranked[1:]:
        if len(chosen) == MOST:
            break
        if any(copied(hit.exact, other.exact) for other in chosen):
            continue
        if disagree(best, hit, question):
            chosen.append(hit)
            disputed = True
        elif worth(question, hit) >= CLOSE * worth(question, best):
            chosen.append(hit)
    return chosen, disputed


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
