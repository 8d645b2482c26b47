"""What is known of the messages that carry answers. Rows are only ever added.

The place that messages are posted to may have no idempotency key. So an
*intent* is noted before the first message is posted, which bears the
question's id as a mark; a message is noted as *started* as soon as its name is
known, and as *posted* when it is complete. Whoever takes the question up after
a crash looks for messages with the mark only if there is an intent, and
completes them. The intent is synced to disk; what is noted later may be lost
in a power cut, since the mark can be looked for again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.database import Database, add_new
from bot.ledger.errors import LedgerFault
from bot.ledger.lease import held
from bot.ledger.records import Job, Place
from bot.ledger.tables import AnswerRow, CarrierRow, MessageRow, QuestionRow


@dataclass(frozen=True, slots=True)
class Traces:
    """What earlier attempts left: messages by what is known of them, in order."""

    answer_id: str | None
    intended: bool
    started: tuple[str, ...]
    posted: tuple[str, ...]


class Messages:
    """Notes about messages, each under the lease of a job."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def intend(self, job: Job, at: datetime) -> None:
        """Note that a message is about to be posted: synced, with all that led to it."""
        self._add(job, "intent", ("",), at, synced=True)

    def started(self, job: Job, ts: str, at: datetime) -> None:
        """Note that a message is there.

        Raises `LedgerFault` if another question has taken it for its own.
        """
        if not self.adopt(job, (ts,), at):
            raise LedgerFault(f"message {ts} was taken by another question")

    def adopt(self, job: Job, messages: Iterable[str], at: datetime) -> tuple[str, ...]:
        """Note messages as the job's own and return those that no other question has."""
        with self._db.write(synced=False) as session:
            held(session, job)
            own = tuple(ts for ts in messages if _carries(session, job, ts))
            for ts in own:
                _add(session, job, "started", ts, at)
            return own

    def posted(self, job: Job, messages: Iterable[str], at: datetime) -> None:
        """Note that these messages are the complete answer, in this order."""
        self._add(job, "posted", messages, at)

    def withdrawn(self, job: Job, messages: Iterable[str], at: datetime) -> None:
        """Note that messages were deleted again."""
        self._add(job, "withdrawn", messages, at)

    def disown(self, job: Job, ts: str, at: datetime) -> bool:
        """Return whether a message that was posted without a lease must be deleted by its poster.

        False if the question's owner has it as its own, or is still at work:
        then it is noted as a stray, and the owner takes it over or deletes it.
        """
        with self._db.write() as session:
            row = session.scalars(
                select(QuestionRow).where(QuestionRow.id == job.id).with_for_update()
            ).first()
            if row is None:
                return True
            traces = messages_of(session, job.id)
            if ts in traces.started or ts in traces.posted:
                return False
            if row.open:
                _add(session, job, "stray", ts, at)
            return not row.open

    def others(self, place: Place) -> frozenset[str]:
        """Return the messages in a question's thread that belong to other questions."""
        with self._db.read() as session:
            found = session.scalars(
                select(CarrierRow.ts)
                .join(QuestionRow, QuestionRow.id == CarrierRow.question_id)
                .where(
                    QuestionRow.team == place.team,
                    QuestionRow.channel == place.channel,
                    QuestionRow.thread == place.thread,
                    QuestionRow.ts != place.ts,
                )
            )
            return frozenset(found)

    def _add(
        self, job: Job, kind: str, messages: Iterable[str], at: datetime, *, synced: bool = False
    ) -> None:
        with self._db.write(synced=synced) as session:
            held(session, job)
            for ts in messages:
                _add(session, job, kind, ts, at)


def _carries(session: Session, job: Job, ts: str) -> bool:
    """Return whether a message carries this job's answer, and see to it if nobody has it yet."""
    place = job.question.place
    row = CarrierRow(team=place.team, channel=place.channel, ts=ts, question_id=job.id)
    if add_new(session, row):
        return True
    there = session.get(CarrierRow, (place.team, place.channel, ts))
    return there is not None and there.question_id == job.id


def _add(session: Session, job: Job, kind: str, ts: str, at: datetime) -> None:
    add_new(session, MessageRow(question_id=job.id, kind=kind, ts=ts, fence=job.fence, at=at))


def messages_of(session: Session, question_id: str) -> Traces:
    """Return what is known of a question's answer and its messages."""
    rows = session.scalars(
        select(MessageRow).where(MessageRow.question_id == question_id).order_by(MessageRow.id)
    ).all()
    gone = {row.ts for row in rows if row.kind == "withdrawn"}

    def kept(kind: str) -> tuple[str, ...]:
        return tuple(row.ts for row in rows if row.kind == kind and row.ts not in gone)

    answer = session.scalar(select(AnswerRow.id).where(AnswerRow.question_id == question_id))
    intended = any(row.kind == "intent" for row in rows)
    return Traces(answer, intended, kept("started"), kept("posted"))


def stray_messages(session: Session, question_id: str) -> tuple[str, ...]:
    """Return messages of a question that nobody owns and that still stand."""
    rows = session.scalars(
        select(MessageRow).where(MessageRow.question_id == question_id).order_by(MessageRow.id)
    ).all()
    settled = {row.ts for row in rows if row.kind != "stray"}
    return tuple(row.ts for row in rows if row.kind == "stray" and row.ts not in settled)
