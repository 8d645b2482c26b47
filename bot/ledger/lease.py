"""Leases: a job may write only while its question still bears its owner and its fence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.ledger.errors import LeaseLost
from bot.ledger.records import Job, State
from bot.ledger.tables import QuestionRow, TransitionRow


def held_by(job: Job) -> ColumnElement[bool]:
    """Return the condition under which a job may still write."""
    return and_(
        QuestionRow.id == job.id,
        QuestionRow.state == "working",
        QuestionRow.owner == job.owner,
        QuestionRow.fence == job.fence,
    )


def held(session: Session, job: Job) -> QuestionRow:
    """Return the row of a job, locked; raise `LeaseLost` if it is no longer the job's."""
    row = session.scalars(select(QuestionRow).where(held_by(job)).with_for_update()).first()
    if row is None:
        raise LeaseLost(job.id)
    return row


def swap(session: Session, job: Job, **values: object) -> QuestionRow:
    """Compare and swap: change the row of a job that is still held."""
    row = held(session, job)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def note_step(
    session: Session,
    question_id: str,
    state: State,
    owner: str | None,
    fence: int,
    note: str,
    at: datetime,
) -> None:
    """Add a step to a question's way."""
    session.add(
        TransitionRow(
            question_id=question_id, state=state, owner=owner, fence=fence, note=note, at=at
        )
    )
