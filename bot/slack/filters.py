"""Filters that people type into a question: ``since:2016-08-01 outlet:"The Times"``."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from index.articles import Filters

# The value is quoted, in any keyboard's quotes, or goes to the next blank. A word
# before the colon is a filter only without a blank behind it; `https://` is not one.
_FILTER = re.compile(
    r"(?<![^\s(])(?P<key>[A-Za-z]{2,20}):(?!//|:)"
    r'(?:["“”„](?P<quoted>[^"“”„]{0,300})["“”]|(?P<bare>[^\s"“”„]\S{0,300}))'
)
# "since: 2016" is written too.
_LOOSE = re.compile(r"(?<![^\s(])(since|until):\s+(?=\d)", re.IGNORECASE)
_EMPTY = re.compile(r"(?<![^\s(])(since|until|outlet):(?=\s|$)", re.IGNORECASE)
_OPENED = re.compile(r"\((?=\s|$)")  # what is left of "(outlet:RT)"
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_KNOWN = ("since", "until", "outlet")
_SAME: Mapping[str, str] = {"from": "since", "after": "since", "before": "until", "to": "until"}

FILTER_HELP = (
    ("since:2016-08-01", "published on that day or later; a month or a year will do"),
    ("until:2016-08-31", "published on that day or earlier"),
    ("outlet:RT", "of one outlet; in quotes if its name has blanks"),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A question without its filters, the filters, and what is wrong with them in sentences.

    Where ``problems`` is not empty nothing should be searched for.
    """

    question: str
    filters: Filters
    problems: tuple[str, ...]


def parse_filters(text: str) -> Typed:
    """Return what was typed. ``text`` is what a person sees, Slack's entities decoded.

    >>> typed = parse_filters('Who died? since:2016-08 outlet:"The Times"')
    >>> typed.question, str(typed.filters.since), typed.filters.outlet
    ('Who died?', '2016-08-01', 'The Times')
    >>> parse_filters("Who died? author:Smith").problems
    ('“author:” is not a filter; there are since:, until: and outlet:.',)
    """
    tidy = _LOOSE.sub(lambda found: f"{found[1]}:", text)
    problems = [f"“{found[1].lower()}:” has nothing behind it." for found in _EMPTY.finditer(tidy)]
    filters, seen = Filters(), set[str]()
    for found in _FILTER.finditer(tidy):
        key = found["key"].lower()
        value = " ".join((found["quoted"] if found["bare"] is None else found["bare"]).split())
        if key not in _KNOWN:
            problems.append(_unknown(key))
        elif key in seen:
            problems.append(f"“{key}:” is given twice.")
        else:
            seen.add(key)
            read = _with(filters, key, value.rstrip(",;?!)") if found["bare"] else value)
            filters = filters if read is None else read
            if read is None:
                problems.append(_unreadable(key, value))
    if filters.since and filters.until and filters.since > filters.until:
        problems.append(f"since:{filters.since} is after until:{filters.until}.")
    question = " ".join(_OPENED.sub(" ", _EMPTY.sub(" ", _FILTER.sub(" ", tidy))).split())
    if seen and not question:
        problems.append("There is no question beside the filters.")
    return Typed(question, filters, tuple(dict.fromkeys(problems)))


def _with(filters: Filters, key: str, value: str) -> Filters | None:
    """Return the filters with one more, or None if its value cannot be read."""
    if key == "outlet":
        return replace(filters, outlet=value) if value else None
    found = _day(value, last=key == "until")
    if found is None:
        return None
    return replace(filters, since=found) if key == "since" else replace(filters, until=found)


def _day(value: str, *, last: bool) -> date | None:
    """Return the first or the last day of a day, a month or a year as written in ISO 8601."""
    found = _DAY.fullmatch(value.rstrip("."))
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        whole = date(year or 0, month or (12 if last else 1), day or 1)
    except ValueError:
        return None
    if day is None and last:
        return whole.replace(day=calendar.monthrange(whole.year, whole.month)[1])
    return whole


def _unknown(key: str) -> str:
    near = _SAME.get(key) or next(iter(get_close_matches(key, _KNOWN, n=1)), None)
    if near:
        return f"“{key}:” is not a filter; did you mean {near}:?"
    return f"“{key}:” is not a filter; there are since:, until: and outlet:."


def _unreadable(key: str, value: str) -> str:
    if key == "outlet":
        return "“outlet:” has nothing behind it."
    return f"“{key}:{value[:40]}” is not a date; write it like {key}:2016-08-01."
