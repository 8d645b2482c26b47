"""Dates of publication: from what publishers write to ISO 8601, without guessing.

Only forms with one reading are taken. ``03/04/2016`` is two different days on
the two sides of an ocean and a year alone is no day, so both are refused: an
article without a date is honest, an article with a wrong one is not.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_YEARS = range(1500, 2200)
_LONGEST = 80
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_CLOCK = r"(?:,?\s+(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s+[a-z]{2,5})?)?"
_WRITTEN = tuple(
    re.compile(f"{_WEEKDAY}{order}{_CLOCK}", re.IGNORECASE)
    for order in (
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
    )
)
_SLASHED = re.compile(r"(\d{4})/(\d{2})/(\d{2})")
_ISO_START = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:$|[T ])")
_RFC_822 = re.compile(r"(?:[a-z]{3},\s*)?\d{1,2} [a-z]{3} \d{2,4} \d{2}:\d{2}", re.IGNORECASE)


def normalise(value: object) -> str | None:
    """Return a publication date in ISO 8601, or None when ``value`` is not one.

    The result is a day (``2016-08-01``), or a date-time with its offset when
    the source gave both a clock time and a zone. A clock time without a zone
    names no instant, so only its day is kept. Reads `date` and `datetime`
    objects, ISO 8601, RFC 822 (feeds) and dates written out in English.

    >>> normalise("August 1, 2016"), normalise("2016-08-01 09:30")
    ('2016-08-01', '2016-08-01')
    >>> normalise("Mon, 01 Aug 2016 09:30:00 GMT")
    '2016-08-01T09:30:00+00:00'
    >>> normalise("08/01/2016") is None
    True
    """
    if isinstance(value, datetime):
        return _of_datetime(value)
    if isinstance(value, date):
        return _of_day(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = " ".join(value.split())
    return _iso(text) or _rfc_822(text) or _written(text)


def day(published: str | None) -> date | None:
    """Return the day of a date that `normalise` returned, in the zone it was given in.

    >>> day("2016-08-01T23:30:00-05:00")
    datetime.date(2016, 8, 1)
    """
    return None if published is None else date.fromisoformat(published[:10])


def _of_day(value: date) -> str | None:
    return value.isoformat() if value.year in _YEARS else None


def _of_datetime(value: datetime) -> str | None:
    if value.year not in _YEARS:
        return None
    if value.tzinfo is None:
        return value.date().isoformat()
    return value.isoformat(timespec="seconds")


def _iso(text: str) -> str | None:
    if slashed := _SLASHED.fullmatch(text):
        text = "-".join(slashed.groups())
    if not _ISO_START.match(text):
        return None
    try:
        return _of_day(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return _of_datetime(datetime.fromisoformat(text))
    except ValueError:
        return None


def _rfc_822(text: str) -> str | None:
    if not _RFC_822.match(text):
        return None
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 5322, 3.3: "-0000" is Universal Time that says nothing of the sender's zone.
    if parsed.tzinfo is None and text.endswith("-0000"):
        parsed = parsed.replace(tzinfo=UTC)
    return _of_datetime(parsed)


def _written(text: str) -> str | None:
    for pattern in _WRITTEN:
        if found := pattern.fullmatch(text):
            month = _MONTHS.index(found["month"][:3].lower()) + 1
            try:
                return _of_day(date(int(found["year"]), month, int(found["day"])))
            except ValueError:
                return None
    return None
