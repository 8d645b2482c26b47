"""How likely the best sentence answers the question: a small calibrated model.

Nine features that any reader can follow, put through a logistic function. The
weights come from ``benchmarks/calibrate.py``; the curve of the threshold is in
docs/evaluation.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.lexical import question_terms, terms
from index.search import SentenceHit

CONTEXT = 400

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
    """What is known about the best sentence, each number 0…1 but for the cosines (-1…1).

    ``covered_sentence`` and ``covered_context`` are the shares of the question's
    terms, weighed by idf, that the sentence and its surroundings (with the
    title) hold; ``missing`` is 1 when the rarest term of the question is in
    neither, ``unknown`` the share of its names and numbers that the article
    lacks. ``kind`` says whether something of the kind asked for is there.
    """

    covered_sentence: float
    covered_context: float
    missing: float
    unknown: float
    cosine_sentence: float
    cosine_passage: float
    kind: float
    lead: float

    def vector(self) -> tuple[float, ...]:
        """Return the features in the order of `Confidence.weights`."""
        return (
            self.covered_sentence,
            self.covered_context,
            self.missing,
            self.unknown,
            self.cosine_sentence,
            self.cosine_passage,
            self.kind,
            self.lead,
        )


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model over `Signals`; the defaults are the calibrated weights."""

    bias: float = -5.0
    weights: tuple[float, ...] = (1.0, 2.0, -0.5, -1.5, 3.0, 3.0, 0.5, 0.5)

    def of(self, signals: Signals) -> float:
        """Return the probability, 0…1, that the sentence answers the question."""
        total = self.bias + sum(
            weight * value for weight, value in zip(self.weights, signals.vector(), strict=True)
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def signals(question: str, hits: Sequence[SentenceHit], idf: Callable[[str], float]) -> Signals:
    """Return the signals of the first hit; ``idf`` weighs a term as the index does."""
    best = hits[0]
    asked = question_terms(question)
    weight = {term: idf(term) for term in asked}
    context = _context(best)
    in_sentence, in_context = set(terms(best.exact)), set(terms(context))
    rarest = max(asked, key=lambda term: weight[term], default="")
    total = sum(weight.values()) or 1.0
    named = [term for term in _named_terms(question) if term in weight]
    in_article = set(terms(best.article.text[:100_000])) | in_context if named else set()
    return Signals(
        covered_sentence=sum(weight[t] for t in asked if t in in_sentence) / total,
        covered_context=sum(weight[t] for t in asked if t in in_context) / total,
        missing=float(bool(rarest) and rarest not in in_context),
        unknown=sum(t not in in_article for t in named) / len(named) if named else 0.0,
        cosine_sentence=best.scores.dense_sentence or best.scores.dense_passage,
        cosine_passage=best.scores.dense_passage,
        kind=float(has_kind(question, best.exact)),
        lead=min(1.0, best.score - hits[1].score) if len(hits) > 1 else 1.0,
    )


def _context(hit: SentenceHit) -> str:
    text = hit.article.text
    around = text[max(0, hit.row.start - CONTEXT) : hit.row.end + CONTEXT]
    return f"{hit.article.title}\n{around}"


def _named_terms(question: str) -> list[str]:
    """Return the terms of names (capitalised, not first) and of numbers in a question.

    >>> _named_terms("When did Peskov speak of 5 dead?")
    ['peskov', '5']
    """
    found = [match.group() for match in re.finditer(r"\w[\w’'.-]*", question)]
    named = [word for i, word in enumerate(found) if word[0].isdigit() or (i and word[0].isupper())]
    return [term for word in named for term in terms(word)]


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
