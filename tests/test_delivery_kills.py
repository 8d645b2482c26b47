"""The process is killed (SIGKILL) at each of its steps; the next one finishes what it left."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.delivery import Delivery, Policy, Workplace
from bot.ledger import Questions, open_database
from bot.ledger.records import Place, Question
from tests.delivery_fakes import Conversation, FakeAnswerer, FakeDeliverer, Fault
from tests.ledger_databases import *  # noqa: F403 - fixtures

QUESTION = Question(Place("T1", "C1", "1.0", None, "mention"), "anna", "who?")
ONCE = ["[who?] claim 0 claim 1 claim 2 ."]
NO_KILL = 10_000


class Killer:
    """Kills this process at its n-th step, whatever it is doing."""

    def __init__(self, step: int) -> None:
        self.left = step

    def __call__(self, _: object = None) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def answer_all(url: str, chat_file: Path, streams: bool, step: int) -> None:
    """Be a bot that gets the event of one question, and is killed at a step.

    Steps are what it does to the conversation, and each transaction, before it
    commits and after.
    """
    kill, chat = Killer(step), load(chat_file)

    def hook(what: str) -> None:
        save(chat, chat_file)
        kill()

    database = open_database(url)
    event.listen(database.engine, "commit", kill)
    event.listen(database.engine.pool, "checkin", lambda *_: kill())
    fault = Fault(hook)
    place = Workplace(
        database,
        FakeAnswerer(fault),
        FakeDeliverer(chat, fault, streams=streams),
        Policy(attempts=99),
    )
    delivery = Delivery(place)
    delivery.free_dead()
    delivery.submit(QUESTION, "E1")
    while delivery.step():
        pass


def load(path: Path) -> Conversation:
    return pickle.loads(path.read_bytes())


def save(chat: Conversation, path: Path) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(pickle.dumps(chat))
    new.replace(path)


def in_a_process(work: Callable[[], None]) -> int:
    """Run in a process of its own and return the signal that ended it, 0 for a good end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}
    return -os.waitstatus_to_exitcode(status)


def kill_at_each_step(
    new_url: Callable[[int], str], folder: Path, streams: bool, every: int = 1
) -> int:
    """Kill at each step in turn, finish in another process, and look; return how many steps."""
    for step in range(1, 500, every):
        url, chat_file = new_url(step), folder / f"chat-{step}"
        save(Conversation(), chat_file)
        ended = in_a_process(lambda: answer_all(url, chat_file, streams, step))  # noqa: B023
        # Slack sends the event again, for it may not have been acknowledged.
        assert in_a_process(lambda: answer_all(url, chat_file, streams, NO_KILL)) == 0  # noqa: B023
        chat = load(chat_file)
        assert chat.said_to(QUESTION) == ONCE, f"killed at step {step}"
        assert len(chat.messages) == 1, f"killed at step {step}"
        assert chat.statuses == {}, f"killed at step {step}"
        assert not any(m.writing for m in chat.messages.values()), f"killed at step {step}"
        if ended == 0:
            return step
    raise AssertionError("more steps than expected")


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("streams", [False, True])
def test_a_kill_at_any_step_leaves_one_answer_and_no_status(
    migrated_sqlite: Path, tmp_path: Path, streams: bool, every: int
) -> None:
    def new_url(step: int) -> str:
        path = tmp_path / f"{step}.sqlite"
        path.write_bytes(migrated_sqlite.read_bytes())
        return sqlite_url(path)  # noqa: F405

    assert kill_at_each_step(new_url, tmp_path, streams, every) > 25


@pytest.mark.slow
@pytest.mark.parametrize("streams", [False, True])
def test_a_kill_at_any_step_leaves_one_answer_on_postgres_too(
    postgres: Postgres,  # noqa: F405
    tmp_path: Path,
    streams: bool,
) -> None:
    assert kill_at_each_step(lambda _: postgres.emptied(), tmp_path, streams) > 25


def test_a_second_kill_while_recovering_from_the_first_still_leaves_one_answer(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    for first, second in [(14, 5), (24, 12), (31, 18)]:
        path, chat_file = tmp_path / f"{first}.sqlite", tmp_path / f"chat-{first}"
        path.write_bytes(migrated_sqlite.read_bytes())
        save(Conversation(), chat_file)
        for step in (first, second, NO_KILL):
            in_a_process(lambda: answer_all(sqlite_url(path), chat_file, True, step))  # noqa: B023, F405
        assert load(chat_file).said_to(QUESTION) == ONCE
        database = open_database(sqlite_url(path))  # noqa: F405
        assert Questions(database).unfinished() == 0
        database.close()
