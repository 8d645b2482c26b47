"""How likely the best sentence answers the question: a small calibrated model.

Four signals that any reader can follow, put through a logistic function. The
weights come from ``benchmarks/calibrate.py``; the curve of the threshold is in
docs/evaluation.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.thesaurus import covered
from index.lexical import question_terms, terms
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
_CAPITALISED = re.compile(r"\b(?=[^\W\d_])[^\Wa-z][\w’'-]+")
_PLACE = re.compile(
    r"\b(?:in|at|from|to|near|of|off|on|into|outside|towards?|via|over|between|around)"
    r"\s+(?:the\s+)?((?=[^\W\d_])[^\Wa-z][\w’'-]+)"
)
_NOBODY = re.compile(
    r"\b(?:no one|nobody|no \w+(?: \w+)? (?:has|have|had|claimed))\b", re.IGNORECASE
)
_REASON = re.compile(
    r"\b(?:because|since|due|so|therefore|thus|caus\w+|reason\w*|result\w*|after|owing|led|to)\b",
    re.IGNORECASE,
)
# Words that begin sentences; capitalised there, they are no names.
_STARTERS = frozenset(
    word
    for line in (
        "a about according after all also although an and another any anyone as at because before",
        "both but by despite during each earlier either even every few following for former from",
        "had has have he her here his how however i if in indeed instead into is it its just last",
        "later many meanwhile more most much my neither never new no nobody none nor not nothing",
        "now of officials on once one only or other others our over people police several she",
        "since so some soon still such that the their them then there these they this those though",
        "thus to today two three under until unlike up we were what when where whether which",
        "while who why will with yesterday yet you your",
    )
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about a sentence that may answer, each 0…1 but for the cosines (-1…1).

    ``covered_sentence`` and ``covered_context`` are the shares of the question's
    terms, weighed by rarity, that the sentence, and its surroundings with the
    title, hold.
    """

    covered_sentence: float
    covered_context: float
    cosine_sentence: float
    cosine_passage: float

    def vector(self) -> tuple[float, ...]:
        """Return the signals in the order of `Confidence.weights`."""
        return (
            self.covered_sentence,
            self.covered_context,
            self.cosine_sentence,
            self.cosine_passage,
        )


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model over `Signals`; the defaults are the calibrated weights."""

    bias: float = -6.42
    weights: tuple[float, ...] = (2.14, 2.06, 5.21, 4.14)

    def of(self, signals: Signals) -> float:
        """Return the probability, 0…1, that the sentence answers the question."""
        total = self.bias + sum(
            weight * value for weight, value in zip(self.weights, signals.vector(), strict=True)
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def signals(hit: SentenceHit, weights: Mapping[str, float]) -> Signals:
    """Return the signals of a sentence; ``weights`` are the `term_weights` of the question."""
    scores = hit.scores
    return Signals(
        covered_sentence=coverage(weights, hit.exact),
        covered_context=coverage(weights, _context(hit)),
        cosine_sentence=scores.dense_passage
        if scores.dense_sentence is None
        else scores.dense_sentence,
        cosine_passage=scores.dense_passage,
    )


def coverage(weights: Mapping[str, float], text: str) -> float:
    """Return the share, 0…1, of a question's weight that the words of a text carry."""
    total = sum(weights.values())
    found = covered(weights, set(terms(text)))
    return sum(weights[term] * part for term, part in found.items()) / total if total else 0.0


def term_weights(question: str, hits: Sequence[SentenceHit]) -> dict[str, float]:
    """Return the rarity of each term of a question among the sentences found.

    ln(1 + (N - n + 0.5) / (n + 0.5)), where n of the sentences hold the term
    and N counts them and `OTHER_SENTENCES` without it.
    """
    held = [set(terms(hit.exact)) for hit in hits]
    total = len(held) + OTHER_SENTENCES
    weights = {}
    for term in question_terms(question):
        n = sum(term in each for each in held)
        weights[term] = math.log1p((total - n + 0.5) / (n + 0.5))
    return weights


def _context(hit: SentenceHit) -> str:
    text = hit.article.text
    around = text[max(0, hit.row.start - CONTEXT) : hit.row.end + CONTEXT]
    return f"{hit.article.title}\n{around}"


def has_kind(question: str, sentence: str) -> bool:
    """Return whether a sentence holds something of the kind that a question asks for.

    >>> has_kind("How many people died?", "At least twelve people were killed.")
    True
    >>> has_kind("Who confirmed it?", "The names have not been confirmed.")
    False
    >>> has_kind("Where did it sink?", "The ferry sank off Cape Sorrel.")
    True
    """
    asked = question.casefold()
    if re.search(r"\bhow (?:many|much|old|far|long|tall|often|big|large|high|deep|fast)\b", asked):
        return bool(_NUMBER.search(sentence))
    if re.search(r"\b(?:when|(?:what|which) (?:year|date|day|time|month|century))\b", asked):
        return bool(_DATE.search(sentence))
    if re.search(r"\bwhere\b", asked):
        return any(found[1].casefold() not in asked for found in _PLACE.finditer(sentence))
    if re.search(r"\b(?:who|whom|whose)\b", asked):
        new = any(name not in asked for name in names(sentence))
        return new or bool(_NOBODY.search(sentence))
    if re.search(r"\bwhy\b", asked):
        return bool(_REASON.search(sentence))
    return True


def names(sentence: str) -> set[str]:
    """Return the capitalised words of a sentence in lower case, its beginning apart.

    >>> sorted(names("Yesterday Capt. Tomas Varga left Osk."))
    ['capt', 'osk', 'tomas', 'varga']
    """
    found = ((each.start(), each[0].casefold()) for each in _CAPITALISED.finditer(sentence))
    return {name for start, name in found if start > 1 or name not in _STARTERS}
