"""The tables. The migrations make the same ones; a test compares the two.

``questions`` is the only table whose rows change state, always by a
compare-and-swap. ``transitions``, ``messages``, ``feedback``, ``reviews`` and
``corrections`` only grow. Deleting is what `bot.ledger.erasing` does, and
nothing else.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON, Double, ForeignKey, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.ledger.columns import AnyText, UtcTime

_NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    """Strings are of any length and content, times are aware."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[type, object]] = {
        str: AnyText(),
        datetime: UtcTime(),
        float: Double(),
    }


class QuestionRow(Base):
    """A question, claimed once by (team, channel, ts), and how far it has got.

    ``id`` is random and opaque: it marks the messages of its answer. ``turn``
    puts the waiting in order, fairly by asker; ``open`` is true until the
    question is finished.
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("team", "channel", "ts"),
        Index(None, "open", "turn", "seq"),
        Index(None, "team", "asker", "claimed_at"),
        Index(None, "team", "claimed_at"),
        Index(None, "team", "channel", "thread"),
        Index(None, "claimed_at"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    team: Mapped[str]
    channel: Mapped[str]
    ts: Mapped[str]
    thread_ts: Mapped[str | None]
    thread: Mapped[str]
    door: Mapped[str]
    asker: Mapped[str]
    text: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]
    outlet: Mapped[str | None]
    reply_to: Mapped[str | None]
    claimed_at: Mapped[datetime]
    state: Mapped[str]
    open: Mapped[bool]
    turn: Mapped[int]
    owner: Mapped[str | None]
    fence: Mapped[int]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]
    not_before: Mapped[datetime | None]
    withdrawn: Mapped[bool]
    reason_code: Mapped[str | None]
    reason_text: Mapped[str | None]
    first_taken_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class EventRow(Base):
    """An event that was seen, so that its repetition is known at once."""

    __tablename__ = "events"

    team: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), index=True)
    at: Mapped[datetime]


class TransitionRow(Base):
    """One step of a question's way; only ever added."""

    __tablename__ = "transitions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), index=True)
    state: Mapped[str]
    owner: Mapped[str | None]
    fence: Mapped[int]
    note: Mapped[str]
    at: Mapped[datetime]


class MessageRow(Base):
    """One fact about a message that carries an answer; only ever added.

    ``kind`` is ``intent`` (about to post, ``ts`` empty), ``started`` (it is
    there), ``posted`` (it is complete), ``stray`` (posted by an owner that had
    lost its lease) or ``withdrawn`` (deleted again).
    """

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("question_id", "kind", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"))
    kind: Mapped[str]
    ts: Mapped[str]
    fence: Mapped[int]
    at: Mapped[datetime]


class CarrierRow(Base):
    """Which question a message answers: one, whoever says so first."""

    __tablename__ = "carriers"

    team: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    ts: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), index=True)


class TextRow(Base):
    """The text of an article that an answer cites, once, whatever becomes of the index."""

    __tablename__ = "texts"

    content_hash: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    stored_at: Mapped[datetime]


class AnswerRow(Base):
    """An answer as it was given; never changed."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), unique=True)
    question: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    mode: Mapped[str]
    generation: Mapped[str]
    model: Mapped[str | None]
    prompt_hash: Mapped[str | None]
    confidence: Mapped[float]
    timings_ms: Mapped[dict[str, float]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)


class ClaimRow(Base):
    """A statement; ``part`` is ``claim`` (shown) or ``withheld``."""

    __tablename__ = "claims"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    verdict: Mapped[str]


class CitationRow(Base):
    """A citation of a statement, or (``part`` ``nearest``, ``claim`` 0) of a declined answer."""

    __tablename__ = "citations"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    claim: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    article_id: Mapped[str] = mapped_column(index=True)
    content_hash: Mapped[str] = mapped_column(ForeignKey("texts.content_hash"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]
    title: Mapped[str]
    outlet: Mapped[str | None]
    published: Mapped[str | None]
    url: Mapped[str | None]
    link: Mapped[str | None]
    page: Mapped[int | None]


class EvidenceRow(Base):
    """A sentence that the answer could have cited."""

    __tablename__ = "evidence"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str]
    article_id: Mapped[str]
    content_hash: Mapped[str]
    ordinal: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    score: Mapped[float]


class FeedbackRow(Base):
    """What a reader thought of an answer; only ever added."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), index=True)
    person: Mapped[str] = mapped_column(index=True)
    good: Mapped[bool]
    claim: Mapped[int | None]
    citation: Mapped[int | None]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    at: Mapped[datetime]


class ReviewRow(Base):
    """A reviewer's verdict; only ever added."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), index=True)
    claim: Mapped[int | None]
    citation: Mapped[int | None]
    reviewer: Mapped[str] = mapped_column(index=True)
    verdict: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]


class CorrectionRow(Base):
    """A correction or a withdrawal; only ever added."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), index=True)
    claim: Mapped[int | None]
    citation: Mapped[int | None]
    kind: Mapped[str]
    author: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    at: Mapped[datetime]
