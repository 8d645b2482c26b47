"""JSON Lines: one article a line, read as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.fields import fields_of, headline
from index.readers.limits import Limits, readable_size

_OWN = frozenset(("id", "text"))
_CHUNK = 1024 * 1024


def read_jsonl(
    stream: BinaryIO,
    limits: Limits,
    *,
    id: str,  # noqa: A002 - as in the records
    origin: str,
) -> Iterator[Article | UnreadableSource]:
    """Yield an article for each line, in order, and a problem for each line that is none.

    A line without an id gets ``<id>#<line number>``, counted from 1. Empty
    lines are skipped. ``max_bytes`` bounds a line, not the file.
    """
    anything = False
    for number, line in _lines(stream, limits.max_bytes):
        if line is not None and not line.strip():
            continue
        anything = True
        try:
            yield _article(line, number, f"{id}#{number}", origin, limits)
        except UnreadableSource as problem:
            yield problem
    if not anything:
        yield UnreadableSource(origin, "empty file")


def _lines(stream: BinaryIO, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number; None for one that is too long to be held."""
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) <= max_bytes or line.endswith(b"\n"):
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)
        yield number, None


def _article(
    line: bytes | None, number: int, spare_id: str, origin: str, limits: Limits
) -> Article:
    if line is None:
        reason = f"longer than the limit of {readable_size(limits.max_bytes)}"
        raise UnreadableSource(origin, reason, line=number)
    try:
        values = _object(line)
        text = _text(values)
    except ValueError as error:
        raise UnreadableSource(origin, str(error), line=number) from error
    fields = fields_of(values, {}, _OWN)
    given = values.get("id")
    article_id = spare_id if given in (None, "") else str(given)
    return Article.of(
        id=article_id,
        text=text,
        origin=origin,
        title=fields.title or headline(text) or article_id,
        url=fields.url,
        outlet=fields.outlet,
        author=fields.author,
        published=fields.published,
        language=fields.language,
        extra=fields.extra,
    )


def _object(line: bytes) -> dict[str, object]:
    """Return the line's object; raises `ValueError` whose text is the reason."""
    try:
        values = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - its caller makes a problem of it
    # Only an escape can bring an unpaired surrogate into text that was UTF-8.
    if b"\\ud" in line.lower():
        try:
            json.dumps(values, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as error:
            raise ValueError("has an unpaired surrogate") from error
    if not isinstance(values.get("id"), str | int | None) or isinstance(values.get("id"), bool):
        raise ValueError("its id is neither a string nor a whole number")  # noqa: TRY004
    return values


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _text(values: dict[str, object]) -> str:
    text = values.get("text")
    if text is None:
        raise ValueError("has no text")
    if not isinstance(text, str):
        raise ValueError("its text is not a string")  # noqa: TRY004 - as above
    if not text.strip("\ufeff \t\r\n\f\v\u00a0"):
        raise ValueError("its text is empty")
    if "\0" in text:
        raise ValueError("its text has a NUL character")
    return text
