"""Between records and rows, without losing anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import cast

from bot.answers import Citation, CitedAnswer, Claim, Mode, Status, Verdict
from bot.ledger.records import (
    Answered,
    Door,
    Place,
    Question,
    Reason,
    ReasonCode,
    Shown,
)
from bot.ledger.tables import (
    AnswerRow,
    Base,
    CitationRow,
    ClaimRow,
    EvidenceRow,
    QuestionRow,
)
from index.articles import Filters

CLAIM, WITHHELD, NEAREST = "claim", "withheld", "nearest"


def question_row(question: Question, id: str, at: datetime) -> QuestionRow:  # noqa: A002
    """Return the row of a question that has just been claimed, waiting in turn 0."""
    place, filters = question.place, question.filters
    return QuestionRow(
        id=id,
        team=place.team,
        channel=place.channel,
        ts=place.ts,
        thread_ts=place.thread_ts,
        thread=place.thread,
        door=place.door,
        asker=question.asker,
        text=question.text,
        since=filters.since,
        until=filters.until,
        outlet=filters.outlet,
        reply_to=question.reply_to,
        claimed_at=at,
        state="claimed",
        open=True,
        turn=0,
        fence=0,
        attempts=0,
        withdrawn=False,
    )


def question_of(row: QuestionRow) -> Question:
    """Return the question that a row holds."""
    return Question(
        place_of(row),
        row.asker,
        row.text,
        Filters(row.since, row.until, row.outlet),
        row.reply_to,
    )


def place_of(row: QuestionRow) -> Place:
    """Return where a question was asked."""
    return Place(row.team, row.channel, row.ts, row.thread_ts, cast(Door, row.door))


def reason_of(row: QuestionRow) -> Reason | None:
    """Return why the question gets no answer, if that is settled."""
    if row.reason_code is None:
        return None
    return Reason(cast(ReasonCode, row.reason_code), row.reason_text or "")


def answer_rows(answered: Answered, question_id: str, at: datetime) -> Iterator[Base]:
    """Yield the rows of an answer, parents first."""
    answer = answered.answer
    yield AnswerRow(
        id=answer.id,
        question_id=question_id,
        question=answer.question,
        status=answer.status,
        reason=answer.reason,
        mode=answer.mode,
        generation=answer.generation,
        model=answer.model,
        prompt_hash=answer.prompt_hash,
        confidence=answer.confidence,
        timings_ms=dict(answer.timings_ms),
        at=at,
    )
    yield from _claim_rows(answer.id, CLAIM, answer.claims)
    yield from _claim_rows(answer.id, WITHHELD, answer.withheld)
    yield from _citation_rows(answer.id, NEAREST, 0, answer.nearest)
    for position, evidence in enumerate(answered.evidence):
        yield _evidence_row(answer.id, position, Shown.of(evidence))


def _claim_rows(answer_id: str, part: str, claims: Iterable[Claim]) -> Iterator[Base]:
    """Yield the rows of claims and of their citations."""
    for position, claim in enumerate(claims):
        yield ClaimRow(
            answer_id=answer_id,
            part=part,
            position=position,
            text=claim.text,
            verdict=claim.verdict,
        )
        yield from _citation_rows(answer_id, part, position, claim.citations)


def _citation_rows(
    answer_id: str, part: str, claim: int, citations: Iterable[Citation]
) -> Iterator[CitationRow]:
    """Yield the rows of the citations of one claim."""
    for position, citation in enumerate(citations):
        yield CitationRow(
            answer_id=answer_id,
            part=part,
            claim=claim,
            position=position,
            number=citation.number,
            article_id=citation.article_id,
            content_hash=citation.content_hash,
            start=citation.start,
            end=citation.end,
            exact=citation.exact,
            prefix=citation.prefix,
            suffix=citation.suffix,
            title=citation.title,
            outlet=citation.outlet,
            published=citation.published,
            url=citation.url,
            link=citation.link,
            page=citation.page,
        )


def _evidence_row(answer_id: str, position: int, shown: Shown) -> EvidenceRow:
    return EvidenceRow(
        answer_id=answer_id,
        position=position,
        key=shown.key,
        article_id=shown.article_id,
        content_hash=shown.content_hash,
        ordinal=shown.ordinal,
        start=shown.start,
        end=shown.end,
        exact=shown.exact,
        score=shown.score,
    )


def answer_of(
    row: AnswerRow, claims: Sequence[ClaimRow], citations: Sequence[CitationRow]
) -> CitedAnswer:
    """Return the answer that rows hold; claims and citations come in order of position."""
    return CitedAnswer(
        id=row.id,
        question=row.question,
        status=cast(Status, row.status),
        reason=row.reason,
        mode=cast(Mode, row.mode),
        claims=_claims_of(CLAIM, claims, citations),
        withheld=_claims_of(WITHHELD, claims, citations),
        nearest=_citations_of(NEAREST, 0, citations),
        generation=row.generation,
        model=row.model,
        prompt_hash=row.prompt_hash,
        confidence=row.confidence,
        timings_ms=MappingProxyType(dict(row.timings_ms)),
    )


def _claims_of(
    part: str, claims: Sequence[ClaimRow], citations: Sequence[CitationRow]
) -> tuple[Claim, ...]:
    return tuple(
        Claim(row.text, _citations_of(part, row.position, citations), cast(Verdict, row.verdict))
        for row in claims
        if row.part == part
    )


def _citations_of(part: str, claim: int, citations: Sequence[CitationRow]) -> tuple[Citation, ...]:
    return tuple(_citation_of(row) for row in citations if row.part == part and row.claim == claim)


def _citation_of(row: CitationRow) -> Citation:
    return Citation(
        number=row.number,
        article_id=row.article_id,
        content_hash=row.content_hash,
        start=row.start,
        end=row.end,
        exact=row.exact,
        prefix=row.prefix,
        suffix=row.suffix,
        title=row.title,
        outlet=row.outlet,
        published=row.published,
        url=row.url,
        link=row.link,
        page=row.page,
    )


def shown_of(row: EvidenceRow) -> Shown:
    """Return a sentence that was shown."""
    return Shown(
        row.key,
        row.article_id,
        row.content_hash,
        row.ordinal,
        row.start,
        row.end,
        row.exact,
        row.score,
    )
