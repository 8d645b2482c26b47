"""Forgetting: the only code that takes anything out of the ledger, and says what it did.

Of a question nothing stays but (team, channel, ts), without which an event
that comes again would be answered again. These bare names go a week later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from bot.ledger.database import Database
from bot.ledger.records import Erased
from bot.ledger.rows import place_of
from bot.ledger.tables import (
    AnswerRow,
    CarrierRow,
    CitationRow,
    ClaimRow,
    CorrectionRow,
    EventRow,
    EvidenceRow,
    FeedbackRow,
    MessageRow,
    QuestionRow,
    ReviewRow,
    TextRow,
    TransitionRow,
)
from bot.ledger.traces import messages_of

NAMES_KEPT = timedelta(days=7)
FORGOTTEN = "forgotten"
# Questions erased by one statement; SQLite takes some thousand values at once.
_BATCH = 500


def forget_person(database: Database, team: str, person: str, at: datetime) -> Erased:
    """Erase a person: the questions asked, their answers, the feedback given, the name.

    Unfinished questions of theirs are cancelled. Verdicts and corrections that
    the person gave stay, under the name ``forgotten``.
    """
    if not person:
        raise ValueError("a person to forget needs a name")
    with database.write() as session:
        given = session.execute(
            delete(FeedbackRow).where(FeedbackRow.person == person, _in_team(FeedbackRow, team))
        )
        renamed = _rename(session, team, person)
    own = (QuestionRow.team == team, QuestionRow.asker == person)
    total = _erase_all(database, own, at)
    return replace(total, feedback=total.feedback + _number(given), renamed=renamed)


def delete_answers_before(database: Database, before: datetime, at: datetime) -> Erased:
    """Erase finished questions that were asked before a time, with all that hangs on them.

    Goes in batches, so that nobody waits long for the database.
    """
    old = (
        QuestionRow.claimed_at < before,
        QuestionRow.open.is_(False),
        (QuestionRow.asker != "") | (QuestionRow.text != ""),
    )
    total = _erase_all(database, old, at)
    with database.write() as session:
        _drop_names(session, min(before, at - NAMES_KEPT))
    return total


def _erase_all(
    database: Database, conditions: Sequence[ColumnElement[bool]], at: datetime
) -> Erased:
    """Erase all questions that meet the conditions, in batches."""
    total = Erased(0, 0, 0, 0, 0, 0, 0, 0, ())
    while True:
        with database.write() as session:
            rows = session.scalars(
                select(QuestionRow).where(*conditions).limit(_BATCH).with_for_update()
            ).all()
            if not rows:
                return total
            total = _sum(total, _erase(session, rows, at))


def _sum(one: Erased, other: Erased) -> Erased:
    return Erased(
        one.questions + other.questions,
        one.answers + other.answers,
        one.feedback + other.feedback,
        one.reviews + other.reviews,
        one.corrections + other.corrections,
        one.renamed + other.renamed,
        one.texts + other.texts,
        one.cancelled + other.cancelled,
        one.still_posted + other.still_posted,
    )


def _erase(
    session: Session,
    rows: Sequence[QuestionRow],
    at: datetime,
) -> Erased:
    """Erase questions down to their names, and what hangs on them."""
    posted = tuple((place_of(row), ts) for row in rows for ts in _standing(session, row))
    cancelled = sum(row.open for row in rows)
    for row in rows:
        _strip(row, at)
    session.flush()
    ids = [row.id for row in rows]
    answers = session.scalars(select(AnswerRow.id).where(AnswerRow.question_id.in_(ids))).all()
    feedback = _delete(session, FeedbackRow, answers)
    reviews = _delete(session, ReviewRow, answers)
    corrections = _delete(session, CorrectionRow, answers)
    hashes = _cited(session, answers)
    for table in (EvidenceRow, CitationRow, ClaimRow):
        _delete(session, table, answers)
    session.execute(delete(AnswerRow).where(AnswerRow.id.in_(answers)))
    session.execute(delete(CarrierRow).where(CarrierRow.question_id.in_(ids)))
    session.execute(delete(MessageRow).where(MessageRow.question_id.in_(ids)))
    session.execute(delete(TransitionRow).where(TransitionRow.question_id.in_(ids)))
    return Erased(
        questions=len(rows),
        answers=len(answers),
        feedback=feedback,
        reviews=reviews,
        corrections=corrections,
        renamed=0,
        texts=_drop_texts(session, hashes),
        cancelled=cancelled,
        still_posted=posted,
    )


def _standing(session: Session, row: QuestionRow) -> tuple[str, ...]:
    """Return the messages of a question that still stand, in order, each once."""
    traces = messages_of(session, row.id)
    return tuple(dict.fromkeys((*traces.started, *traces.posted)))


def _strip(row: QuestionRow, at: datetime) -> None:
    """Leave of a question only its name; one that is not finished is cancelled."""
    if row.open:
        row.state, row.open, row.finished_at, row.fence = "cancelled", False, at, row.fence + 1
        row.owner = row.lease_until = None
    row.asker = row.text = ""
    row.reply_to = row.since = row.until = row.outlet = None
    row.reason_code = row.reason_text = None


def _delete(
    session: Session,
    table: type[FeedbackRow | ReviewRow | CorrectionRow | EvidenceRow | CitationRow | ClaimRow],
    answers: Collection[str],
) -> int:
    """Delete the rows that hang on answers; return how many."""
    return _number(session.execute(delete(table).where(table.answer_id.in_(answers))))


def _number(result: object) -> int:
    """Return how many rows a statement touched."""
    return int(getattr(result, "rowcount", 0))


def _cited(session: Session, answers: Collection[str]) -> Collection[str]:
    """Return the hashes of the texts that answers cite."""
    return set(
        session.scalars(
            select(CitationRow.content_hash).where(CitationRow.answer_id.in_(answers)).distinct()
        )
    )


def _drop_texts(session: Session, hashes: Collection[str]) -> int:
    """Delete the texts among these that no answer cites any more."""
    cited = exists().where(CitationRow.content_hash == TextRow.content_hash)
    return _number(session.execute(delete(TextRow).where(TextRow.content_hash.in_(hashes), ~cited)))


def _rename(session: Session, team: str, person: str) -> int:
    """Take a person's name off the verdicts and corrections they gave."""
    reviews = session.execute(
        update(ReviewRow)
        .where(ReviewRow.reviewer == person, _in_team(ReviewRow, team))
        .values(reviewer=FORGOTTEN)
    )
    corrections = session.execute(
        update(CorrectionRow)
        .where(CorrectionRow.author == person, _in_team(CorrectionRow, team))
        .values(author=FORGOTTEN)
    )
    return _number(reviews) + _number(corrections)


def _in_team(
    table: type[FeedbackRow | ReviewRow | CorrectionRow], team: str
) -> ColumnElement[bool]:
    """Return the condition that a row is about an answer given in a team."""
    answers = (
        select(AnswerRow.id)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .where(QuestionRow.team == team)
    )
    return table.answer_id.in_(answers)


def _drop_names(session: Session, before: datetime) -> None:
    """Delete the bare names of questions that were asked before a time."""
    bare = (
        select(QuestionRow.id)
        .where(QuestionRow.claimed_at < before, QuestionRow.open.is_(False))
        .where(QuestionRow.asker == "", QuestionRow.text == "")
    )
    session.execute(delete(EventRow).where(EventRow.question_id.in_(bare)))
    session.execute(delete(CarrierRow).where(CarrierRow.question_id.in_(bare)))
    session.execute(delete(MessageRow).where(MessageRow.question_id.in_(bare)))
    session.execute(delete(TransitionRow).where(TransitionRow.question_id.in_(bare)))
    session.execute(delete(QuestionRow).where(QuestionRow.id.in_(bare)))
