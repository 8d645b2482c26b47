"""Each question gets one answer or one reason: the cases by name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import CannotDeliver, Delivery, Owner, Policy, RetryLater, Workplace
from bot.errors import BotFault
from bot.ledger import Database, LeaseLost, Ledger, Messages, Questions, forget_person
from bot.ledger.records import Admission, Allowance, Place, Question
from tests.delivery_fakes import (
    Clock,
    Conversation,
    Counter,
    Crash,
    FakeAnswerer,
    FakeDeliverer,
    Fault,
    thread_of,
)
from tests.ledger_databases import *  # noqa: F403 - fixtures

WHOLE = "claim 0 claim 1 claim 2 ."


class Office:
    """A ledger, a conversation and as many replicas of the bot as a test wants."""

    def __init__(self, database: Database, **policy: object) -> None:
        self.database, self.clock, self.counter = database, Clock(), Counter()
        self.chat = Conversation(self.clock)
        self.policy = Policy(**policy)  # type: ignore[arg-type]
        self.fault = Fault()
        self.answerer = FakeAnswerer(self.fault)
        self.deliverer = FakeDeliverer(self.chat, self.fault)
        self.delivery = self.replica("first")

    def replica(self, name: str) -> Delivery:
        place = Workplace(
            self.database,
            self.answerer,
            self.deliverer,
            self.policy,
            self.counter,
            self.clock,
            lambda: 1.0,
        )
        return Delivery(place, Owner("elsewhere", 0, "", name))

    def ask(
        self, ts: str, asker: str = "anna", thread: str | None = None, event: str | None = None
    ) -> Admission:
        return self.delivery.submit(self.question(ts, asker, thread), event)

    def question(self, ts: str, asker: str = "anna", thread: str | None = None) -> Question:
        return Question(Place("T1", "C1", ts, thread, "mention"), asker, f"who {ts}?")

    def said(self, ts: str, thread: str | None = None) -> list[str]:
        return self.chat.said_to(self.question(ts, thread=thread))

    def work(self, delivery: Delivery | None = None) -> None:
        """Work until nothing can be taken."""
        while (delivery or self.delivery).step():
            pass

    def drain(self) -> None:
        """Work until nothing is left, letting time pass."""
        for _ in range(200):
            self.work()
            if not Questions(self.database).unfinished():
                return
            self.clock.advance(20)
        raise AssertionError("questions are left")

    def state(self, ts: str) -> str | None:
        return Questions(self.database).state(self.question(ts).place)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def desk(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def sqlite_database(sqlite_address: str) -> Iterator[Database]:
    opened = open_database(sqlite_address)  # noqa: F405
    yield opened
    opened.close()


def test_a_question_is_answered_once_and_pinned(office: Office) -> None:
    admission = office.ask("1", event="E1")
    office.work()
    assert office.said("1") == [f"[who 1?] {WHOLE}"]
    assert office.state("1") == "answered"
    assert office.chat.statuses == {}
    (ts,) = office.chat.messages
    entry = Ledger(office.database).posted_at("T1", "C1", ts)
    assert entry is not None
    assert entry.posted == (ts,)
    way = [(step.state, step.fence) for step in Questions(office.database).way(admission.id)]
    assert way == [("claimed", 0), ("working", 1), ("answered", 1)]


def test_a_stream_shows_each_claim_when_it_is_told(desk: Office) -> None:
    desk.deliverer.streams = True
    seen: list[str] = []
    desk.fault.hook = lambda what: seen.extend(
        m.text for m in desk.chat.messages.values() if what == "after append"
    )
    desk.ask("1")
    desk.work()
    assert seen == [f"[who 1?] {' '.join(WHOLE.split()[: 2 * n])}" for n in (1, 2, 3)]
    assert desk.said("1") == [f"[who 1?] {WHOLE}"]


@pytest.mark.parametrize("event", ["E1", "E2", None])
def test_the_same_message_again_is_no_new_question(office: Office, event: str | None) -> None:
    first = office.ask("1", event="E1")
    again = office.ask("1", event=event)
    office.work()
    late = office.ask("1", event=event)
    assert (first.new, again.new, late.new) == (True, False, False)
    assert first.id == again.id == late.id
    assert late.state == "answered"
    office.work()
    assert len(office.chat.messages) == 1


def test_an_event_id_is_known_even_if_its_message_looks_different(office: Office) -> None:
    office.ask("1", event="E1")
    assert not office.ask("2", event="E1").new


def test_the_same_ts_elsewhere_is_another_question(office: Office) -> None:
    office.ask("1")
    question = office.question("1")
    for team, channel in (("T1", "C2"), ("T2", "C1")):
        place = replace(question.place, team=team, channel=channel)
        assert office.delivery.submit(replace(question, place=place)).new


def test_many_threads_that_claim_one_message_make_one_question(office: Office) -> None:
    gate, news = threading.Barrier(8), []

    def claim(n: int) -> None:
        gate.wait()
        news.append(office.ask("1", event=f"E{n}").new)

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False] * 7 + [True]


def test_askers_take_turns(office: Office) -> None:
    order: list[str] = []
    office.answerer.during = lambda q: order.append(q.asker)
    for n in range(6):
        office.ask(f"a{n}", "anna")
    office.delivery.step()
    office.delivery.step()
    for asker in ("ben", "cleo"):
        for n in range(2):
            office.ask(f"{asker}{n}", asker)
    office.work()
    assert order == ["anna"] * 3 + ["ben", "cleo", "anna", "ben", "cleo", "anna", "anna"]


def test_a_question_is_told_how_many_are_before_it_and_again_while_it_waits(desk: Office) -> None:
    for n in range(3):
        desk.delivery.announce(desk.question(f"{n}"), desk.ask(f"{n}"))
    assert [line.split(": ")[1] for line in desk.chat.log] == ["0 ahead", "1 ahead", "2 ahead"]
    desk.delivery.step()
    desk.clock.advance(61)
    desk.delivery.tick()
    assert desk.chat.log[3:] == ["who 1?: 0 ahead", "who 2?: 1 ahead"]
    desk.drain()
    assert desk.chat.statuses == {}


def test_an_announcement_that_comes_after_the_answer_leaves_no_status(desk: Office) -> None:
    admission = desk.ask("1")
    desk.work()
    desk.delivery.announce(desk.question("1"), admission)
    assert desk.chat.statuses == {}


@pytest.mark.parametrize(
    ("allowance", "code"),
    [(Allowance(per_person=2), "limit_person"), (Allowance(per_workspace=2), "limit_workspace")],
)
def test_a_question_too_many_is_told_why_and_a_later_one_is_answered(
    database: Database, allowance: Allowance, code: str
) -> None:
    office = Office(database, allowance=allowance)
    admissions = [office.ask(ts) for ts in "123"]
    assert [a.reason.code if a.reason else None for a in admissions] == [None, None, code]
    office.work()
    assert office.said("3") == [f"[who 3?] {code}"]
    assert office.state("3") == "declined"
    office.clock.advance(3601)
    assert office.ask("4").reason is None


def test_limits_are_each_persons_own(desk: Office) -> None:
    desk.policy = Policy(allowance=Allowance(per_person=1))
    delivery = desk.replica("limited")
    assert delivery.submit(desk.question("1", "anna")).reason is None
    assert delivery.submit(desk.question("2", "ben")).reason is None
    reason = delivery.submit(desk.question("3", "anna")).reason
    assert reason is not None
    assert reason.text == "You have asked 1 question within an hour."


def test_a_question_deleted_before_work_gets_nothing(office: Office) -> None:
    office.ask("1")
    assert office.delivery.withdraw(office.question("1").place).state == "claimed"
    office.work()
    assert office.chat.messages == {}
    assert office.state("1") == "cancelled"
    assert office.answerer.calls == 0


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    "moment",
    [
        "before status",
        "after answer",
        "before post",
        "after post",
        "after start",
        "after append",
        "before finish",
        "after finish",
        "before clear",
    ],
)
def test_a_question_deleted_while_worked_on_leaves_nothing(
    desk: Office, moment: str, streams: bool
) -> None:
    desk.deliverer.streams = streams
    question = desk.question("1")

    def delete(what: str) -> None:
        if what == moment:
            desk.delivery.withdraw(question.place)

    desk.fault.hook = delete
    desk.ask("1")
    desk.drain()
    if moment in {"before post", "after post"} and streams:
        assert desk.state("1") == "answered"  # that step is never taken
        return
    if moment.split()[1] in {"start", "append", "finish"} and not streams:
        return
    assert desk.state("1") == "cancelled"
    assert desk.chat.messages == {}
    assert desk.chat.statuses == {}


def test_deleting_an_answered_question_says_that_it_is_too_late(office: Office) -> None:
    office.ask("1")
    office.work()
    assert office.delivery.withdraw(office.question("1").place).state == "answered"
    assert len(office.said("1")) == 1


def test_a_question_deleted_before_its_event_arrives_is_not_answered(office: Office) -> None:
    assert office.delivery.withdraw(office.question("1").place).new
    assert not office.ask("1").new
    office.work()
    assert office.chat.messages == {}


def test_two_replicas_never_work_on_one_question(office: Office) -> None:
    second = office.replica("second")
    office.answerer.during = lambda _: office.work(second)
    office.ask("1")
    office.work()
    assert office.answerer.calls == 1
    assert len(office.chat.messages) == 1


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    "moment",
    [
        "after status",
        "after answer",
        "before post",
        "after post",
        "before start",
        "after start",
        "after append",
        "before finish",
        "after finish",
        "before clear",
    ],
)
def test_an_owner_that_sleeps_through_its_lease_takes_its_answer_back(
    desk: Office, moment: str, streams: bool
) -> None:
    desk.deliverer.streams = streams
    second, slept = desk.replica("second"), []

    def sleep(what: str) -> None:
        if what == moment and not slept:
            slept.append(what)
            desk.clock.advance(31)
            desk.work(second)

    desk.fault.hook = sleep
    desk.ask("1")
    desk.work()
    desk.fault.hook = lambda _: None
    desk.drain()
    assert desk.said("1") == [f"[who 1?] {WHOLE}"]
    assert len(desk.chat.messages) == 1
    assert desk.chat.statuses == {}


def test_the_same_owner_that_took_the_question_again_is_told_apart_by_its_fence(
    desk: Office,
) -> None:
    questions = Questions(desk.database)
    desk.ask("1")
    first = questions.take("me", desk.clock(), 30)
    desk.clock.advance(31)
    second = questions.take("me", desk.clock(), 30)
    assert first is not None
    assert second is not None
    questions.check(second)
    with pytest.raises(LeaseLost):
        questions.check(first)
    with pytest.raises(LeaseLost):
        questions.finish(first, "answered", desk.clock())


def test_a_stray_answer_posted_while_the_new_owner_works_is_deleted_by_it(desk: Office) -> None:
    """The first owner posts after the second has looked, and before the second has finished."""
    questions, messages = Questions(desk.database), Messages(desk.database)
    desk.ask("1")
    asleep = questions.take("asleep", desk.clock(), 30)
    assert asleep is not None
    desk.clock.advance(31)

    def late_post(what: str) -> None:
        if what == "before post":
            desk.fault.hook = lambda _: None
            ts = desk.chat.post(asleep.question.place, "[who 1?] stray", asleep.id)
            with pytest.raises(LeaseLost):
                messages.started(asleep, ts, desk.clock())
            assert not messages.disown(asleep, ts, desk.clock())

    desk.fault.hook = late_post
    desk.work()
    assert desk.said("1") == [f"[who 1?] {WHOLE}"]
    assert len(desk.chat.deleted) == 1


def test_a_lost_response_to_a_post_does_not_double_the_answer(office: Office) -> None:
    lost = []

    def lose(what: str) -> None:
        if what == "after post" and not lost:
            lost.append(what)
            raise ConnectionError("no response")

    office.fault.hook = lose
    office.ask("1")
    office.drain()
    assert office.said("1") == [f"[who 1?] {WHOLE}"]
    assert office.answerer.calls == 1


def test_a_lost_response_to_the_start_of_a_stream_does_not_double_the_answer(
    desk: Office,
) -> None:
    desk.deliverer.streams = True
    lost = []

    def lose(what: str) -> None:
        if what == "after start" and not lost:
            lost.append(what)
            raise ConnectionError("no response")

    desk.fault.hook = lose
    desk.ask("1")
    desk.drain()
    assert desk.said("1") == [f"[who 1?] {WHOLE}"]
    assert len(desk.chat.messages) == 1


def test_a_message_that_another_question_took_is_left_to_it(desk: Office) -> None:
    """Two streams were cut off in one thread at once; each question ends with its own answer."""
    desk.deliverer.streams = True
    thread = "0.5"
    other = desk.ask("0", "ben", thread)
    taken = Questions(desk.database).take("asleep", desk.clock(), 1_000)
    assert taken is not None
    assert taken.id == other.id

    def take_it(what: str) -> None:
        if what == "after start":
            desk.fault.hook = lambda _: None
            Messages(desk.database).adopt(taken, tuple(desk.chat.messages), desk.clock())

    desk.fault.hook = take_it
    desk.ask("1", thread=thread)
    desk.work()
    desk.clock.advance(3)
    desk.work()
    assert desk.said("1", thread)[-1] == f"[who 1?] {WHOLE}"
    assert desk.state("1") == "answered"
    desk.clock.advance(1_000)
    desk.drain()
    assert desk.said("0", thread) == [f"[who 0?] {WHOLE}"]
    assert desk.said("1", thread) == [f"[who 1?] {WHOLE}"]
    assert len(desk.chat.messages) == 2


def test_a_stream_that_breaks_is_completed_in_place(desk: Office) -> None:
    desk.deliverer.streams = True
    appended = []

    def break_second(what: str) -> None:
        if what == "before append":
            appended.append(what)
            if len(appended) == 2:
                raise RuntimeError("message_not_in_streaming_state")

    desk.fault.hook = break_second
    desk.ask("1")
    desk.drain()
    assert desk.said("1") == [f"[who 1?] {WHOLE}"]
    assert not any(m.writing for m in desk.chat.messages.values())


def test_retry_later_waits_exactly_so_long_and_is_no_failed_attempt(office: Office) -> None:
    office.answerer.trouble = [RetryLater(7) for _ in range(5)]
    office.ask("1")
    for _ in range(5):
        office.work()
        office.clock.advance(6.9)
        assert not office.delivery.step()
        office.clock.advance(0.2)
    office.work()
    assert office.state("1") == "answered"
    assert office.answerer.calls == 6


class Passing(BotFault):
    retryable = True


def test_a_fault_that_may_pass_is_tried_again_with_growing_waits(office: Office) -> None:
    office.answerer.trouble = [Passing("busy"), Passing("busy")]
    office.ask("1")
    for wait in (1, 2):
        office.work()
        office.clock.advance(wait - 0.1)
        assert not office.delivery.step()
        office.clock.advance(0.2)
    office.work()
    assert office.state("1") == "answered"


def test_a_fault_that_does_not_pass_is_told_after_the_attempts(office: Office) -> None:
    office.answerer.trouble = [Passing("busy") for _ in range(9)]
    office.ask("1")
    office.drain()
    assert office.answerer.calls == office.policy.attempts
    assert office.said("1") == ["[who 1?] fault"]
    assert office.state("1") == "failed"


def test_any_other_fault_is_told_at_once_in_words_meant_for_readers(desk: Office) -> None:
    said: list[str] = []
    say = desk.deliverer.say_reason
    desk.deliverer.say_reason = lambda job, found, reason, started: (  # type: ignore[method-assign]
        said.append(reason.text) or say(job, found, reason, started)
    )
    desk.answerer.trouble = [RuntimeError("password=hunter2")]
    desk.ask("1")
    desk.answerer.trouble.append(BotFault("secret", user_message="The model is not set up."))
    desk.ask("2")
    desk.work()
    assert said == [
        "Something went wrong while this was being answered.",
        "The model is not set up.",
    ]
    assert desk.chat.statuses == {}


def test_an_answer_that_takes_too_long_is_stopped_at_its_next_claim(office: Office) -> None:
    office.answerer.during = lambda _: office.clock.advance(61)
    office.ask("1")
    office.work()
    # The lease ran out as well; nobody else was there to take the question.
    assert office.said("1") == ["[who 1?] too_late"]
    assert office.state("1") == "failed"


def test_a_place_that_can_never_be_posted_to_ends_the_question(office: Office) -> None:
    def archived(what: str) -> None:
        if what == "before post":
            raise CannotDeliver("is_archived")

    office.fault.hook = archived
    office.ask("1")
    office.work()
    assert office.state("1") == "failed"
    assert office.chat.statuses == {}
    assert "failed undeliverable" in office.counter.events


def test_delivery_is_given_up_after_long_and_often_but_not_after_an_outage(office: Office) -> None:
    def down(what: str) -> None:
        if what == "before post":
            raise ConnectionError

    office.fault.hook = down
    office.ask("1")
    office.work()
    office.clock.advance(3600)
    office.work()
    assert office.state("1") == "claimed"  # old, but tried twice only
    office.drain()
    assert office.state("1") == "failed"


def test_no_status_is_no_reason_to_give_no_answer(office: Office) -> None:
    def refuse(what: str) -> None:
        if what == "before status":
            raise RetryLater(60)

    office.fault.hook = refuse
    office.ask("1")
    office.work()
    assert office.state("1") == "answered"


def test_a_status_that_cannot_be_cleared_is_cleared_later_without_a_second_answer(
    office: Office,
) -> None:
    failed: list[str] = []

    def refuse(what: str) -> None:
        if what == "before clear" and len(failed) < 2:
            failed.append(what)
            raise ConnectionError

    office.fault.hook = refuse
    office.ask("1")
    office.drain()
    assert office.state("1") == "answered"
    assert len(office.chat.messages) == 1


def test_the_clock_keeps_leases_and_statuses_alive(desk: Office) -> None:
    second = desk.replica("second")
    shown: list[str] = []

    def long_work(_: Question) -> None:
        desk.fault.hook = lambda what: shown.append(what)
        for _ in range(5):
            desk.clock.advance(11)
            desk.delivery.tick()
            assert not second.step()
        desk.clock.advance(11)
        desk.delivery.tick()

    desk.policy = Policy(answer_within=600)
    desk.delivery = desk.replica("first")
    desk.answerer.during = long_work
    desk.ask("1")
    desk.work()
    assert shown[:2] == ["before status", "after status"]
    assert desk.answerer.calls == 1
    assert desk.state("1") == "answered"


def test_a_worker_that_hangs_loses_its_question_and_the_asker_hears_why(desk: Office) -> None:
    def hang(_: Question) -> None:
        desk.answerer.during = lambda _: None
        desk.clock.advance(71)
        desk.delivery.tick()
        desk.clock.advance(1)
        desk.work(desk.replica("second"))

    desk.answerer.during = hang
    desk.ask("1")
    desk.work()
    assert desk.said("1") == ["[who 1?] too_late"]
    assert len(desk.chat.messages) == 1
    assert desk.chat.statuses == {}


def test_what_a_dead_process_of_this_machine_held_is_freed_at_once(desk: Office) -> None:
    import subprocess
    import sys

    me = Owner.this_process()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    from bot.delivery.owner import _started, is_dead

    other = replace(me, pid=child.pid, started=_started(child.pid) or "")
    assert not is_dead(str(other), me)
    desk.ask("1")
    assert Questions(desk.database).take(str(other), desk.clock(), 30) is not None
    here = Delivery(desk.delivery._place, me)
    assert here.free_dead() == 0
    assert not here.step()
    child.kill()
    child.wait()
    assert is_dead(str(other), me)
    assert here.free_dead() == 1
    assert here.step()
    assert desk.state("1") == "answered"


def test_only_processes_of_this_machine_can_be_told_dead() -> None:
    from bot.delivery.owner import is_dead

    me = Owner.this_process()
    assert not is_dead(str(me), me)
    assert not is_dead(str(replace(me, run="earlier")), me)
    assert not is_dead(str(Owner("other-machine", 1, "1", "x")), me)
    assert not is_dead("nonsense", me)
    assert is_dead(str(replace(me, started="1")), me)  # the number was given out again
    assert is_dead(str(replace(me, pid=2**22 + 1)), me)


def test_forgetting_an_asker_stops_the_work_on_the_question(desk: Office) -> None:
    desk.answerer.during = lambda _: forget_person(desk.database, "T1", "anna", desk.clock())
    desk.ask("1")
    desk.work()
    assert desk.chat.messages == {}
    assert desk.chat.statuses == {}
    assert desk.state("1") == "cancelled"


def test_a_crash_leaves_the_question_to_its_lease(office: Office) -> None:
    office.answerer.trouble = [Crash()]
    office.ask("1")
    with pytest.raises(Crash):
        office.delivery.step()
    second = office.replica("second")
    assert not second.step()
    office.clock.advance(31)
    assert second.step()
    assert office.said("1") == [f"[who 1?] {WHOLE}"]


def test_a_question_that_kills_its_process_each_time_is_given_up(office: Office) -> None:
    office.answerer.trouble = [Crash() for _ in range(9)]
    office.ask("1")
    for _ in range(office.policy.attempts):
        with pytest.raises(Crash):
            office.delivery.step()
        office.clock.advance(31)
    office.work()
    assert office.said("1") == ["[who 1?] fault"]


def test_the_reply_address_is_wiped_when_the_question_is_finished(office: Office) -> None:
    from tests.test_ledger import rows_with

    question = replace(office.question("1"), reply_to="https://hooks.example/secret")
    office.delivery.submit(question)
    assert rows_with(office.database, "secret") == ["questions"]
    office.work()
    assert rows_with(office.database, "secret") == []


def test_metrics_count_questions_outcomes_and_stages(office: Office) -> None:
    office.ask("1")
    office.ask("1")
    office.delivery.tick()
    assert office.counter.length == 1
    office.work()
    assert office.counter.events == ["asked mention new", "asked mention again", "answered"]
    assert set(office.counter.stages) == {"wait", "first_sign", "answer", "deliver", "whole"}


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def live(office: Office) -> Delivery:
    """Return a delivery with threads that goes by the real time."""
    place = replace(
        office.delivery._place,
        now=lambda: office.clock() + timedelta(seconds=time.monotonic()),
        policy=replace(office.policy, poll=0.05, heartbeat=0.05, first_wait=0.01),
    )
    return Delivery(place, Owner("elsewhere", 0, "", "live"))


def test_threads_answer_a_burst_and_stop_when_told(office: Office) -> None:
    delivery = live(office)
    delivery.start()
    for n in range(30):
        delivery.submit(office.question(f"{n}", f"asker {n % 3}"))
    until(lambda: Questions(office.database).unfinished() == 0)
    stopped = delivery.stop(5)
    assert (stopped.handed_back, stopped.left) == (0, 0)
    assert all(len(office.said(f"{n}")) == 1 for n in range(30))
    assert office.chat.statuses == {}


def test_stopping_hands_back_what_is_not_finished_in_time(desk: Office) -> None:
    release = threading.Event()
    desk.answerer.during = lambda _: release.wait(10) and None
    delivery = live(desk)
    delivery.start()
    delivery.submit(desk.question("1"))
    until(lambda: desk.answerer.calls == 1)
    stopped = delivery.stop(0.05)
    assert (stopped.finished, stopped.handed_back, stopped.left) == (0, 1, 0)
    assert desk.state("1") == "claimed"
    release.set()
    until(lambda: delivery.working() == 0)
    desk.answerer.during = lambda _: None
    desk.clock.advance(time.monotonic() + 60)
    desk.work(desk.replica("next"))
    assert desk.said("1") == [f"[who 1?] {WHOLE}"]


def test_a_thread_that_hangs_is_replaced(desk: Office) -> None:
    release = threading.Event()
    desk.policy = Policy(workers=1, answer_within=0.05)
    delivery = live(desk)
    desk.answerer.during = lambda q: release.wait(10) and None if q.place.ts == "1" else None
    delivery.start()
    delivery.submit(desk.question("1"))
    delivery.submit(desk.question("2"))
    until(lambda: Questions(desk.database).unfinished() == 0)
    release.set()
    assert delivery.stop(5).left == 0
    assert desk.said("1") == ["[who 1?] too_late"]
    assert len(desk.chat.messages) == 2


def test_thread_names_are_distinct_places() -> None:
    assert thread_of(Place("T", "C", "2", "1", "direct")) == ("T", "C", "1")
