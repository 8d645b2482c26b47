"""Many questions from a JSONL file: answers in order, streamed, resumed after a kill.

While a batch is unfinished a note lies beside the output (``OUT.jsonl.part``)
that says which batch it is. A run that finds its own note goes on after the
last complete line; any other run starts anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import BadInput
from bot.wire import Json, dumps
from index.articles import Filters
from index.building.progress import Progress


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of a batch. ``id`` is passed through as it is."""

    id: object
    question: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How many lines were written now and were there before; how many of both are errors."""

    written: int
    resumed: int
    failed: int


def run_batch(
    source: Path,
    target: Path,
    answer: Callable[[BatchQuestion], Json],
    *,
    stamp: str,
    progress: Progress,
) -> BatchResult:
    """Write one line to ``target`` for each line of ``source`` that is not blank, in order.

    A line is ``{"id", …answer}``; for a line that is no question it is
    ``{"id", "error"}``, and the rest goes on. ``stamp`` says what else the
    answers depend on (index, options): a resumed batch must have the same.
    Raises `BadInput` if a file cannot be opened or the two are the same.
    """
    lines = _read_lines(source)
    note = target.with_name(target.name + ".part")
    with _writing(target):
        _refuse_same(source, target, note)
        done, failed = _prepare(target, note, _mark(lines, stamp))
    progress.start("Answering", len(lines))
    progress.advance(done)
    for number, line in lines[done:]:
        result = _answer_line(source, number, line, answer)
        failed += "error" in result
        with _writing(target), target.open("ab") as output:
            output.write(dumps(result).encode("ascii") + b"\n")
        progress.advance(1)
    with _writing(target):
        note.unlink()
    progress.finish()
    return BatchResult(len(lines) - done, done, failed)


def _read_lines(source: Path) -> list[tuple[int, bytes]]:
    """Return the lines that are not blank with their numbers, from 1."""
    try:
        lines = source.read_bytes().splitlines()
    except OSError as error:
        raise BadInput(str(source), f"cannot be read ({error.strerror})") from error
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Name the output in whatever goes wrong with it."""
    try:
        yield
    except OSError as error:
        raise BadInput(str(target), f"cannot be written ({error.strerror})") from error


def _refuse_same(source: Path, target: Path, note: Path) -> None:
    for written in (target, note):
        if written.exists() and written.samefile(source):
            raise BadInput(
                str(written),
                "is the file that the questions are read from",
                remedy="Give --output another file.",
            )


def _mark(lines: list[tuple[int, bytes]], stamp: str) -> str:
    digest = hashlib.sha256(stamp.encode("utf-8", "replace"))
    for number, line in lines:
        digest.update(b"\n%d " % number + line)
    return digest.hexdigest()


def _prepare(target: Path, note: Path, mark: str) -> tuple[int, int]:
    """Return how many lines of this very batch are there, and how many of them are errors.

    A torn line is cut off. The output of another batch is emptied before the
    note says that it is this one's: a kill between the two leaves no mix.
    """
    if note.is_file() and target.is_file() and note.read_text("ascii", "replace") == mark:
        data = target.read_bytes()
        whole = data.rfind(b"\n") + 1
        with suppress(ValueError):  # lines that were altered: start anew
            lines = [json.loads(line) for line in data[:whole].splitlines()]
            os.truncate(target, whole)
            return len(lines), sum("error" in line for line in lines)
    target.write_bytes(b"")
    note.write_text(mark, "ascii")
    return 0, 0


def _answer_line(
    source: Path, number: int, line: bytes, answer: Callable[[BatchQuestion], Json]
) -> Json:
    given: object = None
    try:
        raw = json.loads(line, parse_constant=_refuse_constant)
        given = _id_of(raw)
        question = parse_question(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        reason = "not JSON"
    except ValueError as error:
        reason = str(error)
    else:
        try:
            return {"id": given, **answer(question)}
        except BadInput as error:
            reason = str(error)
    return {"id": given, "error": f"{source.name}, line {number}: {reason}"}


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _id_of(raw: object) -> object:
    """Return the id of a line, None for one that cannot be written back (1e999, say)."""
    given = raw.get("id") if isinstance(raw, dict) else None
    try:
        dumps({"id": given})
    except (ValueError, RecursionError):
        return None
    return given


def parse_question(raw: object) -> BatchQuestion:
    """Return a batch question; raise `ValueError` with what is wrong."""
    if not isinstance(raw, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one kind of error for all lines
    question = raw.get("question")
    if not isinstance(question, str) or not question.strip():
        raise ValueError("lacks a question")
    outlet = raw.get("outlet")
    if outlet is not None and not isinstance(outlet, str):
        raise ValueError("outlet is not a text")
    outlet = None if outlet is None else outlet.encode("utf-8", "replace").decode()
    filters = Filters(_day(raw, "since"), _day(raw, "until"), outlet)
    return BatchQuestion(raw.get("id"), question, filters)


def _day(raw: dict[str, object], key: str) -> date | None:
    value = raw.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{key} is not a day like 2016-08-01") from None
