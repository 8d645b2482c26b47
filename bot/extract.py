"""An answer without a model: one to three sentences, quoted as they stand.

The best sentence is taken; a second and a third only if they come close to it
and add something. They are shown in the order of their articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.confidence import Confidence, signals
from bot.disagree import disagree
from index.folding import words
from index.lexical import LexicalIndex
from index.search import SearchResult, SentenceHit

MOST = 3
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
    likely = confidence.of(signals(question, hits, lexical.idf))
    chosen = [hits[0]]
    disputed = False
    for hit in hits[1:]:
        if len(chosen) == MOST:
            break
        if any(copied(hit.exact, other.exact) for other in chosen):
            continue
        if disagree(hits[0], hit, question):
            chosen.append(hit)
            disputed = True
        elif hit.score >= CLOSE * hits[0].score:
            chosen.append(hit)
    return Extraction(in_order(chosen), likely, disputed)


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
