"""The queue of claimed questions: every change is one transaction that compares and swaps.

::

    claimed ──take──► working ──finish──► answered | declined | failed | cancelled
       ▲                 │
       └────release──────┘        (also: its lease ran out, so somebody else takes it)

A job may write only while the row still bears its owner and its fence; else
`LeaseLost` is raised and nothing is written.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from bot.ledger.admission import ahead, count, known, over, remember, turn
from bot.ledger.database import Database, add_new
from bot.ledger.errors import LeaseLost, LedgerFault, QuestionWithdrawn
from bot.ledger.lease import held_by, note_step, swap
from bot.ledger.records import (
    Admission,
    Allowance,
    Answered,
    Finished,
    Job,
    Place,
    Question,
    Reason,
    State,
    Transition,
)
from bot.ledger.rows import question_of, question_row, reason_of
from bot.ledger.store import keep_answer
from bot.ledger.tables import QuestionRow, TransitionRow
from bot.ledger.traces import messages_of, stray_messages


class Questions:
    """The durable queue. ``new_id`` gives each question its opaque mark."""

    def __init__(
        self, database: Database, new_id: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        self._db = database
        self._new_id = new_id

    def claim(
        self,
        question: Question,
        at: datetime,
        *,
        event_id: str | None = None,
        allowance: Allowance = Allowance(),  # noqa: B008 - frozen
    ) -> Admission:
        """Claim a question, once; whatever names it again is not new.

        Beyond the allowance the question is claimed all the same, with the
        reason that its asker will be told.
        """
        with self._db.write() as session:
            there = known(session, question.place, event_id)
            if there is None:
                row = question_row(question, self._new_id(), at)
                row.turn = turn(session, question)
                reason = over(session, question, at, allowance)
                if reason is not None:
                    row.reason_code, row.reason_text = reason.code, reason.text
                if add_new(session, row):
                    note_step(session, row.id, "claimed", None, 0, "", at)
                    remember(session, question.place.team, event_id, row.id, at)
                    return Admission(row.id, True, "claimed", ahead(session, row.turn), reason)
                there = known(session, question.place, None)
            if there is None:
                raise LedgerFault("a question was erased while it was being claimed")
            remember(session, question.place.team, event_id, there.id, at)
            return Admission(there.id, False, cast(State, there.state), 0, reason_of(there))

    def withdraw(self, place: Place, at: datetime) -> Admission:
        """Note that a question was deleted; whoever works on it is told at its next step.

        A question that is not known yet is remembered as cancelled, so that an
        event which arrives late is not answered. The admission's ``state`` is
        what it was: ``answered`` and the like mean that it came too late.
        """
        with self._db.write() as session:
            row = known(session, place, None, lock=True)
            if row is None:
                tomb = question_row(Question(place, "", ""), self._new_id(), at)
                tomb.state, tomb.open, tomb.withdrawn, tomb.finished_at = (
                    "cancelled",
                    False,
                    True,
                    at,
                )
                new = add_new(session, tomb)
                return Admission(tomb.id, new, "cancelled")
            if row.open and not row.withdrawn:
                row.withdrawn, row.not_before, row.turn = True, None, -1
                note_step(session, row.id, cast(State, row.state), None, row.fence, "withdrawn", at)
            return Admission(row.id, False, cast(State, row.state))

    def take(self, owner: str, at: datetime, lease_seconds: float) -> Job | None:
        """Take the next question whose turn it is, or one whose owner let its lease run out."""
        with self._db.write(synced=False) as session:
            row = session.scalars(
                select(QuestionRow)
                .where(QuestionRow.open, _ready(at))
                .order_by(QuestionRow.turn, QuestionRow.seq)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return None
            note = f"after {row.owner}" if row.state == "working" else ""
            row.state, row.owner, row.fence = "working", owner, row.fence + 1
            row.lease_until = at + timedelta(seconds=lease_seconds)
            row.not_before = None
            row.attempts += 1
            row.first_taken_at = row.first_taken_at or at
            note_step(session, row.id, "working", owner, row.fence, note, at)
            return _job(session, row, at)

    def hold(self, job: Job, until: datetime) -> None:
        """Renew a lease. Raises `LeaseLost`, or `QuestionWithdrawn` if the asker deleted it."""
        with self._db.write(synced=False) as session:
            if swap(session, job, lease_until=until).withdrawn:
                raise QuestionWithdrawn(job.id)

    def check(self, job: Job) -> None:
        """Raise what `hold` raises, without renewing: it only reads."""
        with self._db.read() as session:
            withdrawn = session.scalar(select(QuestionRow.withdrawn).where(held_by(job)))
        if withdrawn is None:
            raise LeaseLost(job.id)
        if withdrawn:
            raise QuestionWithdrawn(job.id)

    def renew(self, job: Job, until: datetime) -> None:
        """Renew a lease, whether or not the asker has deleted the question."""
        with self._db.write(synced=False) as session:
            swap(session, job, lease_until=until)

    def save(self, job: Job, answered: Answered, at: datetime) -> None:
        """Keep the answer to a question, before any of it counts as posted."""
        with self._db.write(synced=False) as session:
            swap(session, job)
            keep_answer(session, answered, job.id, at)

    def settle(self, job: Job, reason: Reason) -> None:
        """Settle that the question gets a reason in place of an answer, unless it has one."""
        with self._db.write(synced=False) as session:
            row = swap(session, job)
            if messages_of(session, job.id).answer_id is None:
                row.reason_code, row.reason_text = reason.code, reason.text

    def release(
        self, job: Job, at: datetime, *, note: str, wait_seconds: float = 0.0, counted: bool = True
    ) -> None:
        """Hand a question back. An attempt that was not ``counted`` is not held against it."""
        with self._db.write(synced=False) as session:
            row = swap(session, job)
            row.state, row.owner, row.lease_until = "claimed", None, None
            row.not_before = at + timedelta(seconds=wait_seconds)
            row.attempts -= 0 if counted else 1
            note_step(session, job.id, "claimed", job.owner, job.fence, note, at)

    def finish(self, job: Job, state: Finished, at: datetime, note: str = "") -> tuple[str, ...]:
        """Finish a question and return (), or return messages that must be withdrawn first.

        Those are messages that an owner posted after it had lost its lease.
        Raises `QuestionWithdrawn` unless the state is ``cancelled``.
        """
        with self._db.write(synced=False) as session:
            row = swap(session, job)
            if row.withdrawn and state != "cancelled":
                raise QuestionWithdrawn(job.id)
            strays = stray_messages(session, job.id)
            if not strays:
                row.state, row.open, row.finished_at = state, False, at
                row.owner = row.lease_until = row.reply_to = None
                note_step(session, job.id, state, job.owner, job.fence, note, at)
            return strays

    def expire(self, owner: str, at: datetime) -> int:
        """End the leases of an owner that is known to be dead; return how many."""
        with self._db.write(synced=False) as session:
            done = session.execute(
                update(QuestionRow)
                .where(QuestionRow.open, QuestionRow.owner == owner)
                .values(lease_until=at - timedelta(microseconds=1))
            )
            return int(done.rowcount)  # type: ignore[attr-defined]

    def owners(self) -> frozenset[str]:
        """Return who holds a lease, run out or not."""
        with self._db.read() as session:
            found = session.scalars(
                select(QuestionRow.owner).where(QuestionRow.open, QuestionRow.owner.is_not(None))
            )
            return frozenset(owner for owner in found if owner)

    def waiting(self) -> int:
        """Return how many questions wait for a worker."""
        with self._db.read() as session:
            return count(session, QuestionRow.open, QuestionRow.state == "claimed")

    def line(self, limit: int) -> tuple[tuple[str, Question], ...]:
        """Return the ids and questions that wait, in the order of their turns."""
        with self._db.read() as session:
            rows = session.scalars(
                select(QuestionRow)
                .where(QuestionRow.open, QuestionRow.state == "claimed")
                .order_by(QuestionRow.turn, QuestionRow.seq)
                .limit(limit)
            )
            return tuple((row.id, question_of(row)) for row in rows)

    def unfinished(self) -> int:
        """Return how many questions have neither an answer nor a reason yet."""
        with self._db.read() as session:
            return count(session, QuestionRow.open)

    def is_open(self, question_id: str) -> bool:
        """Return whether somebody still has to answer a question."""
        with self._db.read() as session:
            return count(session, QuestionRow.id == question_id, QuestionRow.open) > 0

    def state(self, place: Place) -> State | None:
        """Return the state of a question, or None if it was never claimed."""
        with self._db.read() as session:
            row = known(session, place, None)
            return None if row is None else cast(State, row.state)

    def way(self, question_id: str) -> tuple[Transition, ...]:
        """Return the steps of a question, oldest first."""
        with self._db.read() as session:
            rows = session.scalars(
                select(TransitionRow)
                .where(TransitionRow.question_id == question_id)
                .order_by(TransitionRow.id)
            )
            return tuple(
                Transition(cast(State, row.state), row.owner, row.fence, row.note, row.at)
                for row in rows
            )


def _ready(at: datetime) -> ColumnElement[bool]:
    """Return the condition under which a question can be taken."""
    due = or_(QuestionRow.not_before.is_(None), QuestionRow.not_before <= at)
    return or_(
        and_(QuestionRow.state == "claimed", due),
        and_(QuestionRow.state == "working", QuestionRow.lease_until < at),
    )


def _job(session: Session, row: QuestionRow, at: datetime) -> Job:
    """Return what the taker of a question has to know."""
    session.flush()
    traces = messages_of(session, row.id)
    return Job(
        id=row.id,
        question=question_of(row),
        owner=row.owner or "",
        fence=row.fence,
        attempts=row.attempts,
        claimed_at=row.claimed_at,
        taken_at=at,
        first_taken_at=row.first_taken_at or at,
        reason=reason_of(row),
        answer_id=traces.answer_id,
        intended=traces.intended,
        started=traces.started,
        posted=traces.posted,
    )
