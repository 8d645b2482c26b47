"""How likely the best sentence answers the question: a small calibrated model.

Five signals that any reader can follow, put through a logistic function. The
weights come from ``benchmarks/calibrate.py``; the curve of the threshold is in
docs/evaluation.md.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from index.lexical import LexicalIndex, question_terms, terms
from index.search import SentenceHit

# Code points on each side of a sentence that count as its surroundings.
CONTEXT = 400
# In a small body of articles every word is rare or in every sentence. Weighing
# terms as if this many sentences of other news stood beside it keeps sense in them.
OTHER_SENTENCES = 1_000

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty"
    r"|forty|fifty|hundreds?|thousands?|millions?|billion|half|twice|once|none|no)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2}|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|century|decades?|years?|weeks?"
    r"|months?|morning|evening|night|noon|midnight|dawn|[ap]\.?m\.?|\d{1,2}:\d{2})\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w’'-]+")
_REASON = re.compile(
    r"\b(?:because|since|due|so|therefore|thus|caus\w+|reason\w*|result\w*|after|owing|led|to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about a sentence that may answer, each 0…1 but for the cosines (-1…1).

    ``covered_sentence`` and ``covered_context`` are the shares of the question's
    terms, weighed by rarity, that the sentence, and its surroundings with the
    title, hold. ``kind`` says whether something of the kind asked for is there.
    """

    covered_sentence: float
    covered_context: float
    cosine_sentence: float
    cosine_passage: float
    kind: float

    def vector(self) -> tuple[float, ...]:
        """Return the signals in the order of `Confidence.weights`."""
        return (
            self.covered_sentence,
            self.covered_context,
            self.cosine_sentence,
            self.cosine_passage,
            self.kind,
        )


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model over `Signals`; the defaults are the calibrated weights."""

    bias: float = -6.5
    weights: tuple[float, ...] = (0.72, 1.69, 4.32, 4.60, 0.48)

    def of(self, signals: Signals) -> float:
        """Return the probability, 0…1, that the sentence answers the question."""
        total = self.bias + sum(
            weight * value for weight, value in zip(self.weights, signals.vector(), strict=True)
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def signals(question: str, hit: SentenceHit, weights: dict[str, float]) -> Signals:
    """Return the signals of a sentence; ``weights`` are the `term_weights` of the question."""
    in_sentence, in_context = set(terms(hit.exact)), set(terms(_context(hit)))
    total = sum(weights.values()) or 1.0
    scores = hit.scores
    return Signals(
        covered_sentence=sum(w for term, w in weights.items() if term in in_sentence) / total,
        covered_context=sum(w for term, w in weights.items() if term in in_context) / total,
        cosine_sentence=scores.dense_passage
        if scores.dense_sentence is None
        else scores.dense_sentence,
        cosine_passage=scores.dense_passage,
        kind=float(has_kind(question, hit.exact)),
    )


def term_weights(question: str, lexical: LexicalIndex) -> dict[str, float]:
    """Return the rarity of each term of a question: ln(1 + (N - n + 0.5) / (n + 0.5)).

    n of N sentences hold the term; N counts `OTHER_SENTENCES` without it.
    """
    total = lexical.sentence_count + OTHER_SENTENCES
    found = {term: lexical.doc_freq(term) for term in question_terms(question)}
    return {term: math.log1p((total - n + 0.5) / (n + 0.5)) for term, n in found.items()}


def _context(hit: SentenceHit) -> str:
    text = hit.article.text
    around = text[max(0, hit.row.start - CONTEXT) : hit.row.end + CONTEXT]
    return f"{hit.article.title}\n{around}"


def has_kind(question: str, sentence: str) -> bool:
    """Return whether a sentence holds something of the kind that a question asks for.

    >>> has_kind("How many people died?", "At least twelve people were killed.")
    True
    >>> has_kind("When did it sink?", "The ferry sank off the cape.")
    False
    """
    asked = question.casefold()
    if re.search(r"\bhow (?:many|much|old|far|long|tall|often|big|large|high)\b", asked):
        return bool(_NUMBER.search(sentence))
    if re.search(r"\b(?:when|what (?:year|date|day|time|month|century)|which year)\b", asked):
        return bool(_DATE.search(sentence))
    if re.search(r"\b(?:who|whom|whose|where)\b", asked):
        names = {name.casefold() for name in _CAPITALISED.findall(sentence[1:])}
        return any(name not in asked for name in names) or sentence[:1].isupper()
    if re.search(r"\bwhy\b", asked):
        return bool(_REASON.search(sentence))
    return True
