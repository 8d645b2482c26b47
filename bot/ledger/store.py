"""The ledger's answers, and what people said about them. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.answers import Citation, CitedAnswer
from bot.ledger.database import Database, add_new
from bot.ledger.errors import TextMissing
from bot.ledger.records import (
    Answered,
    Correction,
    CorrectionKind,
    Entry,
    Exchange,
    Feedback,
    Question,
    Review,
    Support,
)
from bot.ledger.rows import (
    CLAIM,
    answer_of,
    answer_rows,
    question_of,
    question_row,
    shown_of,
)
from bot.ledger.tables import (
    AnswerRow,
    CarrierRow,
    CitationRow,
    ClaimRow,
    CorrectionRow,
    EvidenceRow,
    FeedbackRow,
    QuestionRow,
    ReviewRow,
    TextRow,
)
from bot.ledger.traces import messages_of


class Ledger:
    """Reads answers and adds what people say about them."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(
        self, question: Question, answered: Answered, question_id: str, at: datetime
    ) -> None:
        """Keep an answer that was given at once: on a page, in a terminal, in a batch."""
        with self._db.write() as session:
            row = question_row(question, question_id, at)
            row.state, row.open, row.finished_at = answered.answer.status, False, at
            session.add(row)
            session.flush()
            keep_answer(session, answered, question_id, at)

    def answer(self, answer_id: str) -> CitedAnswer | None:
        """Return an answer as it was given."""
        with self._db.read() as session:
            row = session.get(AnswerRow, answer_id)
            return None if row is None else _answer(session, row)

    def answer_of(self, question_id: str) -> CitedAnswer | None:
        """Return the answer to a question."""
        with self._db.read() as session:
            row = session.scalars(
                select(AnswerRow).where(AnswerRow.question_id == question_id)
            ).first()
            return None if row is None else _answer(session, row)

    def entry(self, answer_id: str) -> Entry | None:
        """Return everything about an answer."""
        with self._db.read() as session:
            row = session.get(AnswerRow, answer_id)
            return None if row is None else _entry(session, row)

    def posted_at(self, team: str, channel: str, ts: str) -> Entry | None:
        """Return the answer whose message this is."""
        with self._db.read() as session:
            row = session.scalars(
                select(AnswerRow)
                .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
                .join(CarrierRow, CarrierRow.question_id == QuestionRow.id)
                .where(CarrierRow.team == team, CarrierRow.channel == channel, CarrierRow.ts == ts)
            ).first()
            return None if row is None else _entry(session, row)

    def thread(self, team: str, channel: str, thread: str, limit: int = 5) -> tuple[Exchange, ...]:
        """Return the last questions of a thread that were answered or declined, oldest first."""
        with self._db.read() as session:
            rows = session.scalars(
                _newest_first()
                .where(QuestionRow.team == team, QuestionRow.channel == channel)
                .where(QuestionRow.thread == thread)
                .limit(limit)
            ).all()
            return tuple(_exchange(session, row) for row in reversed(rows))

    def asked_by(self, team: str, asker: str, limit: int = 10) -> tuple[Exchange, ...]:
        """Return a person's last questions that were answered or declined, newest first."""
        with self._db.read() as session:
            rows = session.scalars(
                _newest_first()
                .where(QuestionRow.team == team, QuestionRow.asker == asker)
                .limit(limit)
            ).all()
            return tuple(_exchange(session, row) for row in rows)

    def text(self, content_hash: str) -> str | None:
        """Return a text that some answer cites."""
        with self._db.read() as session:
            row = session.get(TextRow, content_hash)
            return None if row is None else row.text

    def add_feedback(self, feedback: Feedback) -> None:
        """Add what a reader thought."""
        with self._db.write() as session:
            session.add(
                FeedbackRow(
                    answer_id=feedback.answer_id,
                    person=feedback.person,
                    good=feedback.good,
                    claim=feedback.claim,
                    citation=feedback.citation,
                    reason=feedback.reason,
                    note=feedback.note,
                    at=feedback.at,
                )
            )

    def feedback(self, answer_id: str) -> tuple[Feedback, ...]:
        """Return all feedback on an answer, oldest first; a person's last one is what counts."""
        with self._db.read() as session:
            rows = session.scalars(
                select(FeedbackRow)
                .where(FeedbackRow.answer_id == answer_id)
                .order_by(FeedbackRow.id)
            )
            return tuple(_feedback(row) for row in rows)

    def add_review(self, review: Review) -> None:
        """Add a reviewer's verdict."""
        with self._db.write() as session:
            session.add(
                ReviewRow(
                    answer_id=review.answer_id,
                    claim=review.claim,
                    citation=review.citation,
                    reviewer=review.reviewer,
                    verdict=review.verdict,
                    note=review.note,
                    at=review.at,
                )
            )

    def reviews(self, answer_id: str) -> tuple[Review, ...]:
        """Return all verdicts on an answer, oldest first."""
        with self._db.read() as session:
            rows = session.scalars(
                select(ReviewRow).where(ReviewRow.answer_id == answer_id).order_by(ReviewRow.id)
            )
            return tuple(_review(row) for row in rows)

    def add_correction(self, correction: Correction) -> None:
        """Add a correction or a withdrawal."""
        with self._db.write() as session:
            session.add(
                CorrectionRow(
                    answer_id=correction.answer_id,
                    claim=correction.claim,
                    citation=correction.citation,
                    kind=correction.kind,
                    author=correction.author,
                    text=correction.text,
                    at=correction.at,
                )
            )

    def corrections(self, answer_id: str) -> tuple[Correction, ...]:
        """Return all corrections of an answer, oldest first."""
        with self._db.read() as session:
            rows = session.scalars(
                select(CorrectionRow)
                .where(CorrectionRow.answer_id == answer_id)
                .order_by(CorrectionRow.id)
            )
            return tuple(_correction(row) for row in rows)


def keep_answer(session: Session, answered: Answered, question_id: str, at: datetime) -> None:
    """Add an answer and the texts that it cites; raise `TextMissing` if one was not given."""
    for text in _cited_texts(answered, at):
        add_new(session, text)
    for row in answer_rows(answered, question_id, at):
        session.add(row)
    session.flush()


def _cited_texts(answered: Answered, at: datetime) -> Iterable[TextRow]:
    """Yield the texts that an answer cites, each once, taken from its evidence."""
    texts = {e.article.content_hash: e.article.text for e in answered.evidence}
    for content_hash in dict.fromkeys(c.content_hash for c in _all_citations(answered.answer)):
        if content_hash not in texts:
            raise TextMissing(content_hash)
        yield TextRow(content_hash=content_hash, text=texts[content_hash], stored_at=at)


def _all_citations(answer: CitedAnswer) -> Iterable[Citation]:
    """Yield every citation, of what is shown and of what is not."""
    for claim in (*answer.claims, *answer.withheld):
        yield from claim.citations
    yield from answer.nearest


def _newest_first() -> Select[AnswerRow]:
    """Return the query of answers with their questions, newest first."""
    return (
        select(AnswerRow)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .order_by(AnswerRow.at.desc(), QuestionRow.seq.desc())
    )


def _answer(session: Session, row: AnswerRow) -> CitedAnswer:
    """Return an answer with its claims and citations."""
    claims = session.scalars(
        select(ClaimRow).where(ClaimRow.answer_id == row.id).order_by(ClaimRow.position)
    ).all()
    citations = session.scalars(
        select(CitationRow).where(CitationRow.answer_id == row.id).order_by(CitationRow.position)
    ).all()
    return answer_of(row, claims, citations)


def _entry(session: Session, row: AnswerRow) -> Entry:
    """Return everything about an answer."""
    question = session.scalars(select(QuestionRow).where(QuestionRow.id == row.question_id)).one()
    shown = session.scalars(
        select(EvidenceRow).where(EvidenceRow.answer_id == row.id).order_by(EvidenceRow.position)
    )
    return Entry(
        answer=_answer(session, row),
        question=question_of(question),
        question_id=question.id,
        evidence=tuple(shown_of(each) for each in shown),
        posted=messages_of(session, question.id).posted,
        asked_at=question.claimed_at,
        answered_at=row.at,
    )


def _exchange(session: Session, row: AnswerRow) -> Exchange:
    """Return a question with what was said to it."""
    statements = session.scalars(
        select(ClaimRow.text)
        .where(ClaimRow.answer_id == row.id, ClaimRow.part == CLAIM)
        .order_by(ClaimRow.position)
    ).all()
    return Exchange(row.question, tuple(statements), row.id, row.at)


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(
        row.answer_id, row.person, row.good, row.at, row.claim, row.citation, row.reason, row.note
    )


def _review(row: ReviewRow) -> Review:
    verdict = cast(Support, row.verdict)
    return Review(row.answer_id, row.claim, row.citation, row.reviewer, verdict, row.note, row.at)


def _correction(row: CorrectionRow) -> Correction:
    kind = cast(CorrectionKind, row.kind)
    return Correction(row.answer_id, row.claim, row.citation, kind, row.author, row.text, row.at)
