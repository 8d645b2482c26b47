"""Many askers at once, two replicas, and one call in twenty going wrong."""

from __future__ import annotations

import random
import threading
import time

import pytest

from bot.delivery import Delivery, Owner, Policy, RetryLater, Workplace
from bot.ledger import Database, Questions
from bot.ledger.records import Place, Question
from tests.delivery_fakes import Conversation, FakeAnswerer, FakeDeliverer, Fault
from tests.ledger_databases import *  # noqa: F403 - fixtures

ASKING = 20


class Mishaps:
    """Makes one step in twenty fail, before or after it has done its work."""

    def __init__(self, seed: int) -> None:
        self.random, self.count, self.lock = random.Random(seed), 0, threading.Lock()

    def __call__(self, what: str) -> None:
        with self.lock:
            bad, kind = self.random.random() < 0.05, self.random.random()
            self.count += bad
        if bad:
            raise RetryLater(0.05) if kind < 0.3 else ConnectionError(what)


class PassingError(Exception):
    retryable = True


class StubbornAnswerer(FakeAnswerer):
    """Its mishaps may pass."""

    def answer(self, question, telling):  # type: ignore[no-untyped-def]
        try:
            return super().answer(question, telling)
        except ConnectionError as error:
            raise PassingError from error


def soak(database: Database, questions: int, streams: bool, seconds: float) -> None:
    mishaps, chat = Mishaps(seed=1), Conversation()
    fault = Fault(mishaps)
    policy = Policy(workers=2, poll=0.02, heartbeat=0.5, first_wait=0.02, attempts=99)
    place = Workplace(
        database, StubbornAnswerer(fault), FakeDeliverer(chat, fault, streams=streams), policy
    )
    replicas = [Delivery(place, Owner("elsewhere", 0, "", name)) for name in ("a", "b")]
    for each in replicas:
        each.start()
    asked = [
        Question(
            Place("T", "C", f"1.{n:06d}", f"0.{n % ASKING}", "mention"), f"u{n % 7}", f"q{n:06d}"
        )
        for n in range(questions)
    ]

    def ask(start: int) -> None:
        for question in asked[start::ASKING]:
            news = [replicas[n % 2].submit(question, f"E{n}{question.text}").new for n in range(3)]
            assert news == [True, False, False]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(ASKING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + seconds
    while Questions(database).unfinished() and time.monotonic() < deadline:
        time.sleep(0.05)
    for each in replicas:
        assert each.stop(10).left == 0
    assert mishaps.count > questions / 10
    assert Questions(database).unfinished() == 0
    wrong = [q.text for q in asked if len(chat.said_to(q)) != 1]
    assert wrong == []
    assert len(chat.messages) == questions
    assert not any(message.writing for message in chat.messages.values())
    assert chat.statuses == {}


@pytest.mark.parametrize("streams", [False, True])
def test_no_question_is_lost_or_doubled_in_a_short_soak(sqlite_address: str, streams: bool) -> None:
    database = open_database(sqlite_address)  # noqa: F405
    soak(database, 60, streams, 60)
    database.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("streams", [False, True])
def test_no_question_is_lost_or_doubled_in_a_long_soak(database: Database, streams: bool) -> None:
    soak(database, 2_000, streams, 500)
