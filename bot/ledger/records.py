"""The records that go into the ledger and come out of it, frozen.

Times are aware datetimes in UTC. ``ts`` is the name of a message within its
channel; where there are no messages (a page, a terminal) any unique word does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.answers import CitedAnswer, Evidence
from index.articles import Filters

Door = Literal["mention", "direct", "agent", "command", "shortcut", "web", "terminal", "batch"]
State = Literal["claimed", "working", "answered", "declined", "failed", "cancelled"]
Finished = Literal["answered", "declined", "failed", "cancelled"]
ReasonCode = Literal["limit_person", "limit_workspace", "too_late", "fault"]
Support = Literal[
    "full", "partial", "none", "missing_citation", "should_decline", "should_answer", "note"
]
CorrectionKind = Literal["statement", "citation", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question was asked: ``(team, channel, ts)`` names it, once and for all."""

    team: str
    channel: str
    ts: str
    thread_ts: str | None
    door: Door

    @property
    def thread(self) -> str:
        """Return the message under which the answer goes: the thread's first, or the question."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked. ``reply_to`` is an address that answers may be sent to, for doors
    that have one; it is wiped as soon as the question is finished.
    """

    place: Place
    asker: str
    text: str
    filters: Filters = Filters()  # noqa: RUF009 - frozen
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a question gets no answer. ``text`` is safe to show to whoever asked."""

    code: ReasonCode
    text: str


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a question that came in.

    ``new`` is false for anything seen before, whatever event brought it.
    ``ahead`` counts the questions that wait before it; ``reason`` is set where
    it will be told a reason in place of an answer.
    """

    id: str
    new: bool
    state: State
    ahead: int = 0
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many questions are taken within ``window_seconds``; None is without bound."""

    per_person: int | None = None
    per_workspace: int | None = None
    window_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Job:
    """A question somebody holds a lease on, with all that earlier attempts left behind.

    ``fence`` grows with every taking, so an owner that slept through its lease
    is told apart. ``attempts`` counts takings without an answer so far, this
    one included. ``intended`` says that an earlier attempt may have posted
    something; ``started`` holds the messages it is known to have begun,
    ``posted`` those of a complete answer.
    """

    id: str
    question: Question
    owner: str
    fence: int
    attempts: int
    claimed_at: datetime
    taken_at: datetime
    first_taken_at: datetime
    reason: Reason | None = None
    answer_id: str | None = None
    intended: bool = False
    started: tuple[str, ...] = ()
    posted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence the answer could have cited, as it was shown: ``text[start:end] == exact``."""

    key: str
    article_id: str
    content_hash: str
    ordinal: int
    start: int
    end: int
    exact: str
    score: float

    @classmethod
    def of(cls, evidence: Evidence) -> Shown:
        """Return what the ledger keeps of a piece of evidence."""
        at = evidence.sentence
        return cls(
            evidence.key,
            at.article_id,
            at.content_hash,
            at.ordinal,
            at.start,
            at.end,
            evidence.exact,
            evidence.score,
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with the evidence it was made from, in the order it was shown."""

    answer: CitedAnswer
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything about one answer, as it was when it was given. ``posted`` in order."""

    answer: CitedAnswer
    question: Question
    question_id: str
    evidence: tuple[Shown, ...]
    posted: tuple[str, ...]
    asked_at: datetime
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a thread and the text of its answer's statements (none if declined)."""

    question: str
    statements: tuple[str, ...]
    answer_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a question's way."""

    state: State
    owner: str | None
    fence: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought. ``claim`` counts from 0, ``citation`` is the number shown."""

    answer_id: str
    person: str
    good: bool
    at: datetime
    claim: int | None = None
    citation: int | None = None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A reviewer's verdict on an answer (``claim`` None), a claim, or a citation of it."""

    answer_id: str
    claim: int | None
    citation: int | None
    reviewer: str
    verdict: Support
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of a statement or a citation (``text`` says what is right), or a withdrawal."""

    answer_id: str
    claim: int | None
    citation: int | None
    kind: CorrectionKind
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """What a deletion did. ``still_posted`` names messages that only the place itself can delete.

    ``cancelled`` counts unfinished questions that will not be answered,
    ``renamed`` verdicts and corrections that stay without a name, ``texts``
    article texts that no answer cites any more.
    """

    questions: int
    answers: int
    feedback: int
    reviews: int
    corrections: int
    renamed: int
    texts: int
    cancelled: int
    still_posted: tuple[tuple[Place, str], ...]
