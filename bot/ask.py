"""The way of a question: search, choose, cite, check, answer. Every door calls `Asker.ask`."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.answers import CitedAnswer, Claim
from bot.confidence import Confidence
from bot.errors import BadInput
from bot.evidence import broken, check, cite, number_evidence
from bot.extract import Extraction, extract
from index.articles import Filters
from index.search import SearchResult, SentenceHit, Stopwatch, search
from index.search.reader import IndexReader
from index.search.rerank import NoReranker, Reranker

# Sentences that are looked at for an answer.
LOOKED_AT = 24
NEAREST = 3
LONGEST_QUESTION = 4_000
# Below this share of the threshold the articles are not even about the question.
ABOUT_SHARE = 0.4
# Controls, format marks, surrogates, unassigned and private characters.
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

NOTHING_FOUND = "nothing in them is about this"
DOES_NOT_SAY = "they write about this, but do not say it"
DISAGREE = "the reports disagree; compare their dates"
OUTSIDE_FILTERS = (
    "nothing within the dates or the outlet asked for says it; elsewhere something may"
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Answers questions from one open generation, without a chat model.

    ``decline_below`` is the probability under which an answer is declined.
    ``new_id`` gives each answer its id.
    """

    index: IndexReader
    decline_below: float
    confidence: Confidence = field(default_factory=Confidence)
    reranker: Reranker = field(default_factory=NoReranker)
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex

    def ask(self, question: str, filters: Filters = Filters()) -> CitedAnswer:  # noqa: B008 - frozen
        """Return the cited answer to a question, or a declined one with its reason.

        Raises `BadInput` for an empty question or one over 4,000 characters,
        `BrokenCitation` if a quote does not stand in its article, and the
        errors of the index.
        """
        return self.ask_and_show(question, filters)[0]

    def ask_and_show(
        self,
        question: str,
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> tuple[CitedAnswer, tuple[SentenceHit, ...]]:
        """Return what `ask` does and the sentences it chose from, as search ranks them."""
        asked = clean_question(question)
        watch = Stopwatch()
        found = search(self.index, asked, LOOKED_AT, filters, reranker=self.reranker)
        with watch.stage("extract"):
            extraction = extract(asked, found, self.confidence)
        if not extraction.chosen or extraction.confidence < self.decline_below:
            reason = self._why_not(asked, filters, extraction, found)
            answer = self._answer(question, found, extraction, reason)
        else:
            answer = self._answer(question, found, extraction, None)
        with watch.stage("check"):
            self._check(answer)
        timed = replace(answer, timings_ms={**found.timings_ms, **watch.ms})
        return timed, found.sentences

    def _answer(
        self, question: str, found: SearchResult, extraction: Extraction, reason: str | None
    ) -> CitedAnswer:
        """Return the answer that quotes the extracted sentences, or declines."""
        declined = reason is not None
        hits = extraction.ranked[:NEAREST] if declined else extraction.chosen
        citations = [cite(each, n) for n, each in enumerate(number_evidence(hits), start=1)]
        claims = () if declined else tuple(Claim(c.exact, (c,), "supported") for c in citations)
        return CitedAnswer(
            id=self.new_id(),
            question=question,
            status="declined" if declined else "answered",
            reason=reason or (DISAGREE if extraction.disagree else None),
            mode="extractive",
            claims=claims,
            withheld=(),
            nearest=tuple(citations) if declined else (),
            generation=self.index.generation.manifest.name,
            confidence=round(extraction.confidence, 4),
        )

    def _why_not(
        self, question: str, filters: Filters, extraction: Extraction, found: SearchResult
    ) -> str:
        """Return the reason for declining, looking outside the filters if there are any."""
        if filters:
            elsewhere = search(self.index, question, LOOKED_AT, reranker=self.reranker)
            wider = extract(question, elsewhere, self.confidence)
            if wider.chosen and wider.confidence >= self.decline_below:
                return OUTSIDE_FILTERS
        about = found.sentences and extraction.confidence >= self.decline_below * ABOUT_SHARE
        return DOES_NOT_SAY if about else NOTHING_FOUND

    def _check(self, answer: CitedAnswer) -> None:
        """Check every quote against the text in the catalogue, read and hashed anew."""
        cited = [*answer.citations, *answer.nearest]
        for article_id in {citation.article_id for citation in cited}:
            stored = self.index.catalog.article_by_id(article_id)
            for citation in cited:
                if citation.article_id != article_id:
                    continue
                if stored is None:
                    raise broken(citation)
                check(citation, stored.article.text)


def clean_question(question: str) -> str:
    """Return the question on one line, without control characters; refuse an empty or endless one.

    >>> clean_question("  Who\nconfirmed it? ")
    'Who confirmed it?'
    """
    kept = "".join(" " if unicodedata.category(c) in _DROPPED else c for c in question)
    cleaned = " ".join(kept.split())
    if not cleaned:
        raise BadInput("the question", "is empty")
    if len(cleaned) > LONGEST_QUESTION:
        raise BadInput(
            "the question",
            f"has {len(cleaned):,} characters; at most {LONGEST_QUESTION:,} are read",
        )
    return cleaned
