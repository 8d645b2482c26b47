"""Taking questions in: known ones, whose turn it is, and how many are too many."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnExpressionArgument, func, select
from sqlalchemy.orm import Session

from bot.ledger.database import add_new
from bot.ledger.records import Allowance, Place, Question, Reason
from bot.ledger.tables import EventRow, QuestionRow

_LIMIT_CODES = ("limit_person", "limit_workspace")


def known(
    session: Session, place: Place, event_id: str | None, *, lock: bool = False
) -> QuestionRow | None:
    """Return the question at a place, or the one that an event brought."""
    at_place = select(QuestionRow).where(
        QuestionRow.team == place.team,
        QuestionRow.channel == place.channel,
        QuestionRow.ts == place.ts,
    )
    row = session.scalars(at_place.with_for_update() if lock else at_place).first()
    if row is not None or event_id is None:
        return row
    event = session.get(EventRow, (place.team, event_id))
    if event is None:
        return None
    return session.scalars(select(QuestionRow).where(QuestionRow.id == event.question_id)).first()


def turn(session: Session, question: Question) -> int:
    """Return the turn of a new question: after the asker's own, but never before whose turn it is.

    Serving by turn is round robin by asker: with turns 0 to 19 all Anna's and
    five of them served, Ben's first question gets turn 5 and comes next.
    """
    now = session.scalar(select(func.min(QuestionRow.turn)).where(QuestionRow.open))
    mine = session.scalar(
        select(func.max(QuestionRow.turn)).where(
            QuestionRow.open,
            QuestionRow.team == question.place.team,
            QuestionRow.asker == question.asker,
        )
    )
    return max(now or 0, -1 if mine is None else mine) + (1 if mine is not None else 0)


def over(session: Session, question: Question, at: datetime, allowance: Allowance) -> Reason | None:
    """Return the reason why a question is one too many, if it is."""
    place, since = question.place, at - timedelta(seconds=allowance.window_seconds)
    recent = (
        QuestionRow.team == place.team,
        QuestionRow.claimed_at > since,
        QuestionRow.reason_code.is_(None) | QuestionRow.reason_code.not_in(_LIMIT_CODES),
    )
    span = _span(allowance.window_seconds)
    person, team = allowance.per_person, allowance.per_workspace
    if person is not None and _reaches(
        session, person, *recent, QuestionRow.asker == question.asker
    ):
        return Reason("limit_person", f"You have asked {_number(person)} within {span}.")
    if team is not None and _reaches(session, team, *recent):
        return Reason("limit_workspace", f"This workspace has asked {_number(team)} within {span}.")
    return None


def _reaches(session: Session, bound: int, *conditions: ColumnExpressionArgument[bool]) -> bool:
    """Return whether so many questions meet all conditions, without counting any further."""
    some = select(QuestionRow.seq).where(*conditions).limit(bound).subquery()
    return session.scalar(select(func.count()).select_from(some)) == bound


def _number(questions: int) -> str:
    """Return a number of questions in words.

    >>> _number(1), _number(20)
    ('1 question', '20 questions')
    """
    return f"{questions} question{'' if questions == 1 else 's'}"


def _span(seconds: float) -> str:
    """Return a span of time in words.

    >>> _span(3600), _span(120), _span(45)
    ('an hour', '2 minutes', '45 seconds')
    """
    if seconds == 3600:
        return "an hour"
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} seconds"


def count(session: Session, *conditions: ColumnExpressionArgument[bool]) -> int:
    """Return how many questions meet all conditions."""
    found = session.scalar(select(func.count()).select_from(QuestionRow).where(*conditions))
    return found or 0


def ahead(session: Session, turn: int) -> int:
    """Return how many wait before a question that has just got this turn."""
    return (
        count(
            session,
            QuestionRow.open,
            QuestionRow.state == "claimed",
            QuestionRow.turn <= turn,
        )
        - 1
    )


def remember(
    session: Session, team: str, event_id: str | None, question_id: str, at: datetime
) -> None:
    """Remember that an event brought a question."""
    if event_id is not None:
        add_new(session, EventRow(team=team, event_id=event_id, question_id=question_id, at=at))
