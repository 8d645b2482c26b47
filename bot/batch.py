"""Many questions from a JSONL file: answers in order, streamed, resumed after a kill.

While a batch is unfinished a note lies beside the output (``OUT.jsonl.part``)
that says which batch it is. A run that finds its own note goes on after the
last complete line; any other run starts anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import BadInput
from bot.wire import Json, dumps
from index.articles import Filters
from index.progress import Progress


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of a batch. ``id`` is passed through as it is."""

    id: object
    question: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How many lines were written now, were there before, and could not be used."""

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
    """Write one line to ``target`` for each line of ``source``, in order.

    A line is ``{"id", …answer}``; for a line that is no question it is
    ``{"id", "error"}``, and the rest goes on. ``stamp`` says what else the
    answers depend on (index, options): a resumed batch must have the same.
    Raises `BadInput` if a file cannot be opened.
    """
    lines = _read_lines(source)
    note = target.with_name(target.name + ".part")
    mark = _mark(lines, stamp)
    done = _resume_point(target, note, mark, len(lines))
    progress.start("Answering", len(lines))
    progress.advance(done)
    failed = 0
    try:
        note.write_text(mark, "ascii")
        with target.open("r+b" if done else "wb") as output:
            output.seek(0, os.SEEK_END)
            for number, line in enumerate(lines[done:], start=done + 1):
                result = _answer_line(source, number, line, answer)
                failed += "error" in result
                output.write(dumps(result).encode("ascii") + b"\n")
                output.flush()
                progress.advance(1)
        note.unlink()
    except OSError as error:
        raise BadInput(str(target), f"cannot be written ({error.strerror})") from error
    progress.finish()
    return BatchResult(len(lines) - done, done, failed)


def _read_lines(source: Path) -> list[bytes]:
    try:
        return [line for line in source.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise BadInput(str(source), f"cannot be read ({error.strerror})") from error


def _mark(lines: list[bytes], stamp: str) -> str:
    digest = hashlib.sha256(stamp.encode("utf-8", "replace"))
    for line in lines:
        digest.update(b"\n" + line)
    return digest.hexdigest()


def _resume_point(target: Path, note: Path, mark: str, total: int) -> int:
    """Return how many complete lines of this very batch are there; cut a torn one off."""
    if not (note.is_file() and target.is_file() and note.read_text("ascii", "replace") == mark):
        return 0
    data = target.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with target.open("r+b") as file:
            file.truncate(len(whole))
    return min(whole.count(b"\n"), total)


def _answer_line(
    source: Path, number: int, line: bytes, answer: Callable[[BatchQuestion], Json]
) -> Json:
    given: object = None
    try:
        raw = json.loads(line)
        given = raw.get("id") if isinstance(raw, dict) else None
        question = parse_question(raw)
    except (ValueError, RecursionError) as error:
        reason = (
            "not JSON"
            if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError, RecursionError))
            else str(error)
        )
        return {"id": given, "error": f"{source.name}, line {number}: {reason}"}
    return {"id": question.id, **answer(question)}


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
