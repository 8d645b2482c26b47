"""An article's fields from the loose values that documents carry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import urlsplit

from index.readers.dates import normalise

_LONGEST = 1_000
_LONGEST_HEADLINE = 160
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[-_ ]|(?=\.))")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fields:
    """What a document says about itself; ``extra`` holds every key that found no field."""

    title: str | None
    url: str | None
    outlet: str | None
    author: str | None
    published: str | None
    language: str | None
    extra: Mapping[str, object]


def fields_of(
    values: Mapping[str, object], names: Mapping[str, Sequence[str]], leave: frozenset[str]
) -> Fields:
    """Return the fields of ``values``, looking for each under its ``names`` in order.

    A value that its field cannot use (a date that is none, an address that is
    not http) stays in ``extra`` under its own key, so nothing is lost. Keys in
    ``leave`` are neither.
    """
    taken: dict[str, str | None] = {}
    used = set(leave)
    readers = {"url": web_address, "published": normalise}
    for field in ("title", "url", "outlet", "author", "published", "language"):
        read = readers.get(field, one_line)
        taken[field] = None
        for name in names.get(field, (field,)):
            value = read(values.get(name))
            if value is not None:
                taken[field] = value
                used.add(name)
                break
    rest = {
        sound(str(name)): plain(value)
        for name, value in values.items()
        if name not in used and value is not None
    }
    return Fields(**taken, extra=MappingProxyType(rest))


def one_line(value: object) -> str | None:
    """Return a value as one printable line, or None when there is nothing to show.

    >>> one_line("  Rain\\n in the north "), one_line(["Ann", "Bo"]), one_line({}), one_line("")
    ('Rain in the north', 'Ann, Bo', None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        value = str(value)
    if isinstance(value, list | tuple):
        value = ", ".join(part for part in map(one_line, value) if part)
    if not isinstance(value, str):
        return None
    return " ".join(_NOT_PRINTED.sub(" ", sound(value)).split())[:_LONGEST] or None


def web_address(value: object) -> str | None:
    """Return an http(s) address without user name and password, or None.

    >>> web_address("https://news.example/a"), web_address("javascript:alert(1)")
    ('https://news.example/a', None)
    """
    if not isinstance(value, str):
        return None
    address = value.strip()
    if _NOT_PRINTED.search(address) or _SURROGATE.search(address) or " " in address:
        return None
    try:
        parts = urlsplit(address)
        usable = parts.scheme.lower() in ("http", "https") and parts.hostname
    except ValueError:
        return None
    return address if usable and "@" not in parts.netloc else None


def sound(text: str) -> str:
    """Return ``text`` with unpaired surrogates, which UTF-8 cannot hold, as U+FFFD.

    >>> sound("a\\ud800b")
    'a\ufffdb'
    """
    return _SURROGATE.sub("\ufffd", text)


def plain(value: object) -> object:
    """Return ``value`` made of what JSON knows; other objects become their text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, Mapping):
        return {sound(str(key)): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    return sound(str(value))


def headline(text: str) -> str | None:
    """Return the first line when it looks like a headline: short, alone, not a sentence.

    >>> headline("Rain in the north\\n\\nIt rained on Monday.")
    'Rain in the north'
    >>> headline("It rained on Monday.\\n\\nIt was wet.") is None
    True
    """
    lines = text[:4_000].lstrip("\ufeff \t\r\n").splitlines()
    if len(lines) < 3 or lines[1].strip():
        return None
    first = one_line(lines[0])
    if first is None or len(first) > _LONGEST_HEADLINE or first[-1] in ".,;:":
        return None
    return first


def date_of_name(name: str) -> str | None:
    """Return the day that a file's name starts with, a custom of many archives, or None.

    >>> date_of_name("2016-08-01-helicopter.txt"), date_of_name("budget-2016.txt")
    ('2016-08-01', None)
    """
    found = _DATED_NAME.match(name)
    return normalise(found[1]) if found else None


def title_of_name(name: str) -> str:
    """Return a file's name, or the last part of an address, as a title.

    >>> title_of_name("2016-08-01-helicopter_idlib.txt"), title_of_name("budget-2016.html")
    ('Helicopter idlib', 'Budget 2016')
    """
    stem = PurePosixPath(name).stem
    dated = _DATED_NAME.match(stem)
    spaced = re.sub(r"[-_+]+", " ", stem[dated.end() :] if dated else stem)
    words = one_line(spaced) or name
    return words[:1].upper() + words[1:]
