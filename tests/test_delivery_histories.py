"""Any history of events, crashes, restarts and replicas ends with one answer to each question."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.delivery import Delivery, Owner, Policy, RetryLater, Workplace
from bot.ledger import Questions, migrate, open_database, sqlite_url
from bot.ledger.records import Allowance, Place, Question
from tests.delivery_fakes import (
    Clock,
    Conversation,
    Crash,
    FakeAnswerer,
    FakeDeliverer,
    Fault,
)

ASKERS = ("anna", "ben", "cleo")
THREADS = (None, "100.0", "200.0")
# What may go wrong at a step: the process dies, the call fails, Slack asks to wait, the owner
# sleeps through its lease while another replica works, the asker deletes the question.
TROUBLES = st.sampled_from(["crash", "crash", "fail", "later", "sleep", "delete"])


class Troubles:
    """Lets something go wrong at the n-th step from now."""

    def __init__(self, histories: Histories) -> None:
        self.histories = histories
        self.left, self.kind = 0, ""

    def __call__(self, what: str) -> None:
        if self.left == 0:
            return
        self.left -= 1
        if self.left == 0:
            self.histories.go_wrong(self.kind)


class Histories(RuleBasedStateMachine):
    """One ledger, one conversation, two replicas that come and go."""

    @initialize(streams=st.booleans())
    def begin(self, streams: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="histories"))
        template = template_ledger()
        shutil.copy(template, self.folder / "ledger.sqlite")
        self.database = open_database(sqlite_url(self.folder / "ledger.sqlite"))
        self.clock = Clock()
        self.chat = Conversation(self.clock)
        self.troubles = Troubles(self)
        fault = Fault(self.troubles)
        self.place = Workplace(
            self.database,
            FakeAnswerer(fault),
            FakeDeliverer(self.chat, fault, streams=streams),
            Policy(attempts=999, allowance=Allowance(per_person=6)),
            now=self.clock,
            jitter=lambda: 1.0,
        )
        self.asked: dict[str, Question] = {}
        self.deleted: set[str] = set()
        self.working: Question | None = None
        self.replicas = [self.replica(), self.replica()]

    def replica(self) -> Delivery:
        return Delivery(self.place, Owner("elsewhere", 0, "", uuid.uuid4().hex))

    def go_wrong(self, kind: str) -> None:
        if kind == "crash":
            raise Crash
        if kind == "fail":
            raise ConnectionError("no response")
        if kind == "later":
            raise RetryLater(3)
        if kind == "sleep":
            self.clock.advance(31)
            self.step(self.replica())
        if kind == "delete" and self.asked:
            self.delete(max(self.asked))

    def step(self, delivery: Delivery) -> bool:
        try:
            return delivery.step()
        except Crash:
            return True

    @rule(asker=st.sampled_from(ASKERS), thread=st.sampled_from(THREADS), both=st.booleans())
    def ask(self, asker: str, thread: str | None, both: bool) -> None:
        """Somebody writes; the mention may arrive as two events at two replicas."""
        ts = f"{300 + len(self.asked)}.0"
        question = Question(Place("T", "C", ts, thread, "mention"), asker, f"q{ts}")
        self.asked[ts] = question
        admission = self.replicas[0].submit(question, f"E{ts}")
        assert admission.new
        self.replicas[0].announce(question, admission)
        if both:
            assert not self.replicas[1].submit(question, f"F{ts}").new

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 99), replica=st.integers(0, 1), event=st.sampled_from("EFG"))
    def deliver_again(self, which: int, replica: int, event: str) -> None:
        """A retry, a replay after a reconnect, an edit or an unfurl of a known message."""
        ts = sorted(self.asked)[which % len(self.asked)]
        assert not self.replicas[replica].submit(self.asked[ts], f"{event}{ts}").new

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 99))
    def delete_one(self, which: int) -> None:
        self.delete(sorted(self.asked)[which % len(self.asked)])

    def delete(self, ts: str) -> None:
        """The asker deletes the question; too late if it has its answer."""
        state = self.replicas[0].withdraw(self.asked[ts].place).state
        if state in {"claimed", "working", "cancelled"}:
            self.deleted.add(ts)

    @rule(replica=st.integers(0, 1), times=st.integers(1, 3))
    def work(self, replica: int, times: int) -> None:
        for _ in range(times):
            self.step(self.replicas[replica])

    @rule(replica=st.integers(0, 1), step=st.integers(1, 22), kind=TROUBLES)
    def work_badly(self, replica: int, step: int, kind: str) -> None:
        """Work on one question, in which something goes wrong at a step."""
        self.troubles.left, self.troubles.kind = step, kind
        self.step(self.replicas[replica])
        self.troubles.left = 0

    @rule(replica=st.integers(0, 1))
    def restart(self, replica: int) -> None:
        self.replicas[replica] = self.replica()

    @rule(seconds=st.sampled_from([1.0, 5.0, 31.0, 120.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for each in self.replicas:
            each.tick()

    @invariant()
    def nobody_sees_two_whole_answers(self) -> None:
        for question in getattr(self, "asked", {}).values():
            whole = [text for text in self.chat.said_to(question) if text.endswith(" .")]
            assert len(whole) <= 1, whole

    def teardown(self) -> None:
        """Let everything be finished, then read the conversation."""
        if not hasattr(self, "asked"):
            return
        self.troubles.left = 0
        for _ in range(50):
            while self.step(self.replicas[0]):
                pass
            if not Questions(self.database).unfinished():
                break
            self.clock.advance(31)
        try:
            self.look()
        finally:
            self.database.close()
            shutil.rmtree(self.folder)

    def look(self) -> None:
        assert Questions(self.database).unfinished() == 0
        for ts, question in self.asked.items():
            said = self.chat.said_to(question)
            assert len(said) == (0 if ts in self.deleted else 1), (ts, said)
        assert len(self.chat.messages) == len(self.asked) - len(self.deleted)
        assert self.chat.statuses == {}
        assert not any(message.writing for message in self.chat.messages.values())


_TEMPLATES: list[Path] = []


def template_ledger() -> Path:
    """Return a migrated ledger to copy; made once."""
    if not _TEMPLATES:
        path = Path(tempfile.mkdtemp(prefix="histories")) / "template.sqlite"
        database = open_database(sqlite_url(path))
        migrate(database)
        database.close()
        _TEMPLATES.append(path)
    return _TEMPLATES[0]


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
