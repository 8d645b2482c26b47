"""A conversation as its readers see it, and fakes for the delivery's ports around it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.answers import CitedAnswer, Claim
from bot.delivery import RetryLater, Telling
from bot.delivery.ports import Started
from bot.ledger.records import Answered, Job, Place, Question, Reason
from tests.test_ledger import NOON, answered


def real_time() -> datetime:
    return datetime.now(UTC)


class Crash(BaseException):
    """The process dies here: nothing in it may catch this."""


class Clock:
    """A time that only moves when told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Message:
    """What stands in a thread. ``mark`` is hidden from readers, as message metadata is."""

    ts: str
    thread: tuple[str, str, str]
    text: str
    mark: str | None
    writing: bool = False


@dataclass
class Conversation:
    """A chat that outlives every process of the bot."""

    now: Callable[[], datetime] = real_time
    messages: dict[str, Message] = field(default_factory=dict)
    statuses: dict[tuple[str, str, str], str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def post(self, place: Place, text: str, mark: str | None, *, writing: bool = False) -> str:
        """Post a message; its name starts with the time, as in Slack."""
        ts = f"{self.now().timestamp():.6f}{next(self._numbers):06d}"
        self.messages[ts] = Message(ts, thread_of(place), text, mark, writing)
        self.statuses.pop(thread_of(place), None)
        return ts

    def in_thread(self, place: Place) -> list[Message]:
        return [m for m in list(self.messages.values()) if m.thread == thread_of(place)]

    def said_to(self, question: Question) -> list[str]:
        """Return what a reader sees as the answers to a question."""
        about = f"[{question.text}]"
        return [m.text for m in self.in_thread(question.place) if about in m.text]


def thread_of(place: Place) -> tuple[str, str, str]:
    return (place.team, place.channel, place.thread)


def whole(question: str, answer: CitedAnswer) -> str:
    return f"[{question}] " + " ".join(claim.text for claim in answer.claims) + " ."


class Fault:
    """Calls a hook before and after each step; the hook may raise, or kill the process."""

    def __init__(self, hook: Callable[[str], None] = lambda _: None) -> None:
        self.hook = hook

    @contextmanager
    def around(self, what: str) -> Iterator[None]:
        self.hook(f"before {what}")
        yield
        self.hook(f"after {what}")


class FakeOpenAnswer:
    """A stream: one message that grows, unmarked until it is finished, as in Slack."""

    def __init__(self, deliverer: FakeDeliverer, job: Job, started: Started) -> None:
        self.deliverer, self.job = deliverer, job
        with deliverer.fault.around("start"):
            self.ts = deliverer.chat.post(
                job.question.place, f"[{job.question.text}]", None, writing=True
            )
        started(self.ts)

    def add(self, claim: Claim) -> None:
        with self.deliverer.fault.around("append"):
            self.deliverer.chat.messages[self.ts].text += f" {claim.text}"

    def finish(self, answer: CitedAnswer) -> tuple[str, ...]:
        with self.deliverer.fault.around("finish"):
            message = self.deliverer.chat.messages[self.ts]
            message.text, message.mark = whole(self.job.question.text, answer), self.job.id
            message.writing = False
        return (self.ts,)


class FakePost:
    """One post at the end, with the mark."""

    def __init__(self, deliverer: FakeDeliverer, job: Job, started: Started) -> None:
        self.deliverer, self.job, self.started = deliverer, job, started

    def add(self, claim: Claim) -> None:
        """Keep it back."""

    def finish(self, answer: CitedAnswer) -> tuple[str, ...]:
        with self.deliverer.fault.around("post"):
            text = whole(self.job.question.text, answer)
            ts = self.deliverer.chat.post(self.job.question.place, text, self.job.id)
        self.started(ts)
        return (ts,)


class FakeDeliverer:
    """Writes into a conversation, by streams or by single posts."""

    def __init__(
        self, chat: Conversation, fault: Fault | None = None, *, streams: bool = False
    ) -> None:
        self.chat, self.fault, self.streams = chat, fault or Fault(), streams

    def show_waiting(self, question: Question, ahead: int) -> None:
        with self.fault.around("waiting"):
            self.chat.statuses[thread_of(question.place)] = f"{ahead} before you"
            self.chat.log.append(f"{question.text}: {ahead} ahead")

    def show_status(self, question: Question) -> None:
        with self.fault.around("status"):
            self.chat.statuses[thread_of(question.place)] = "reading"

    def clear_status(self, question: Question) -> None:
        with self.fault.around("clear"):
            self.chat.statuses.pop(thread_of(question.place), None)

    def open(self, job: Job, started: Started) -> FakeOpenAnswer | FakePost:
        kind = FakeOpenAnswer if self.streams else FakePost
        return kind(self, job, started)

    def find_posted(self, job: Job, others: frozenset[str]) -> tuple[str, ...]:
        with self.fault.around("find"):
            place, taken = job.question.place, f"{job.taken_at.timestamp():.6f}"
            return tuple(
                m.ts
                for m in self.chat.in_thread(place)
                if m.mark == job.id or (m.mark is None and m.ts < taken and m.ts not in others)
            )

    def replace(
        self, job: Job, found: tuple[str, ...], answer: CitedAnswer, started: Started
    ) -> tuple[str, ...]:
        return self._over(job, found, whole(job.question.text, answer), started)

    def say_reason(
        self, job: Job, found: tuple[str, ...], reason: Reason, started: Started
    ) -> tuple[str, ...]:
        return self._over(job, found, f"[{job.question.text}] {reason.code}", started)

    def withdraw(self, job: Job, ts: str) -> None:
        with self.fault.around("withdraw"):
            if self.chat.messages.pop(ts, None):
                self.chat.deleted.append(ts)

    def _over(
        self, job: Job, found: tuple[str, ...], text: str, started: Started
    ) -> tuple[str, ...]:
        standing = [ts for ts in found if ts in self.chat.messages]
        if not standing:
            with self.fault.around("post"):
                ts = self.chat.post(job.question.place, text, job.id)
            started(ts)
            return (ts,)
        for ts in standing[1:]:
            self.withdraw(job, ts)
        with self.fault.around("update"):
            message = self.chat.messages[standing[0]]
            message.text, message.mark, message.writing = text, job.id, False
        return (standing[0],)


class FakeAnswerer:
    """Answers with three claims, telling each; ``trouble`` holds what to raise, in turn."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault or Fault()
        self.trouble: list[BaseException] = []
        self.during: Callable[[Question], None] = lambda _: None
        self.calls = 0

    def answer(self, question: Question, telling: Telling) -> Answered:
        self.calls += 1
        if self.trouble:
            raise self.trouble.pop(0)
        with self.fault.around("answer"):
            self.during(question)
            made = answered(f"answer-{question.place.channel}-{question.place.ts}")
            claims = tuple(replace(made.answer.claims[0], text=f"claim {n}") for n in range(3))
            for claim in claims:
                telling.claim(claim)
            return Answered(replace(made.answer, claims=claims), made.evidence)


class Counter:
    """Metrics that remember."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.stages: dict[str, list[float]] = {}
        self.length = 0

    def asked(self, door: str, *, new: bool) -> None:
        self.events.append(f"asked {door} {'new' if new else 'again'}")

    def finished(self, state: str, door: str, why: str) -> None:
        self.events.append(f"{state} {why}".strip())

    def took(self, stage: str, seconds: float) -> None:
        self.stages.setdefault(stage, []).append(seconds)

    def waiting(self, questions: int) -> None:
        self.length = questions

    def stumbled(self, what: str) -> None:
        self.events.append(f"stumbled {what}")


__all__ = [
    "Clock",
    "Conversation",
    "Counter",
    "Crash",
    "FakeAnswerer",
    "FakeDeliverer",
    "Fault",
    "RetryLater",
    "thread_of",
    "whole",
]
