"""Whether the dates of a claim are those of its sentences, weekdays counted from the publication.

"Tuesday" in an article is the last Tuesday before it appeared (or that same
day), or the next one where the sentence speaks of what is to come. What depends
on when it is read ("yesterday", "last week") is never computed for a claim: it
must stand in a sentence as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.verification.lexicon import listed
from bot.verification.reading import Reading, Token

_MONTHS = listed(
    "january february march april may june july august september october november december",
)
MONTHS = {name: number for number, name in enumerate(_MONTHS, 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items() if name != "may"} | {"sept": 9}
_DAYS = listed(
    "monday tuesday wednesday thursday friday saturday sunday",
)
WEEKDAYS = {name: number for number, name in enumerate(_DAYS)}
WEEKDAYS |= {name[:3]: number for name, number in WEEKDAYS.items()} | {"tues": 1, "thurs": 3}
_CLIPPED = frozenset(
    ("mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "mar", "dec")
)
_SHIFTS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_RELATIVE = frozenset(("last", "next", "this", "past", "previous", "following", "coming"))
_PERIODS = frozenset(
    listed(
        "week month year decade century weekend spring summer autumn fall winter morning",
        "afternoon evening night",
    )
)
_AGO = frozenset(
    listed(
        "day days week weeks month months year years decade decades hour hours",
    )
)
_LEADS = frozenset(
    listed(
        "in of since until till by from during early late mid last next this past before after",
        "through between every each and to - ,",
    )
)
_YEARS = range(1000, 2200)
_YEAR_STOPS = frozenset(("%", "percent", "people", "dead", "km", "miles", "$", "dollars", "euros"))
_COMING = frozenset(
    listed(
        "will would to due plan plans planned scheduled expected next coming",
    )
)


@dataclass(frozen=True, slots=True)
class When:
    """A date as it is written at the tokens ``first:last``; None for what is not said.

    ``days`` are the calendar days it stands for, as far as the date of
    publication tells; ``phrase`` is a relative expression ("last week").
    """

    first: int
    last: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    phrase: str = ""
    days: tuple[date, ...] = ()


def dates(reading: Reading, published: date | None = None) -> list[When]:
    """Return the dates of a text in order.

    >>> from bot.verification.reading import read
    >>> found = dates(read("On Tuesday and Sept. 3 it rained."), date(2026, 9, 4))
    >>> [when.days[0].isoformat() for when in found]
    ['2026-09-01', '2026-09-03']
    """
    found: list[When] = []
    at = 0
    while at < len(reading.tokens):
        when = _date_at(reading.tokens, at)
        if when is not None:
            found.append(_resolved(when, reading.tokens, published))
            at = when.last
        else:
            at += 1
    return found


def taken(found: Sequence[When]) -> frozenset[int]:
    """Return the tokens that dates are made of."""
    return frozenset(at for when in found for at in range(when.first, when.last))


def _date_at(tokens: tuple[Token, ...], at: int) -> When | None:
    token = tokens[at]
    if token.kind == "number":
        return _iso(tokens, at) or _day_first(tokens, at) or _year_alone(tokens, at)
    if token.kind != "word":
        return None
    if _is_month(tokens, at):
        return _month_first(tokens, at)
    if token.form in WEEKDAYS and token.capital:
        dotted = _text(tokens, at + 1) == "."
        if token.form not in _CLIPPED or dotted:
            return When(at, at + 1, weekday=WEEKDAYS[token.form])
    if token.form in _SHIFTS:
        return When(at, at + 1, phrase=token.form)
    return _relative(tokens, at)


def _relative(tokens: tuple[Token, ...], at: int) -> When | None:
    form, after = tokens[at].form, _form(tokens, at + 1)
    if form in _RELATIVE and after in _PERIODS:
        phrase = f"{'last' if form in ('past', 'previous') else form} {after}"
        return When(at, at + 2, phrase=phrase)
    if form == "ago" and at and tokens[at - 1].form in _AGO:
        before = tokens[max(0, at - 3) : at]
        return When(at, at + 1, phrase=" ".join([t.form for t in before[-2:]] + ["ago"]))
    return None


def _is_month(tokens: tuple[Token, ...], at: int) -> bool:
    token = tokens[at]
    if token.form not in MONTHS or not token.capital:
        return False
    if token.form not in ("may", "march", *_CLIPPED):
        return True
    beside_number = _number(tokens, at + 1) is not None or _number(tokens, at - 1) is not None
    led = at > 0 and tokens[at - 1].form in _LEADS
    return (
        beside_number
        or led
        or (_text(tokens, at + 1) == "." and _number(tokens, at + 2) is not None)
    )


def _month_first(tokens: tuple[Token, ...], at: int) -> When:
    """Read "September 2, 2026", "Sept. 2", "September 2026" and "September"."""
    month = MONTHS[tokens[at].form]
    place = at + 1 + (_text(tokens, at + 1) == "." and _number(tokens, at + 2) is not None)
    number = _number(tokens, place)
    if number is None:
        return When(at, at + 1, month=month)
    if number in _YEARS and number > 31:
        return When(at, place + 1, year=number, month=month)
    if not 1 <= number <= 31:
        return When(at, at + 1, month=month)
    place += 1 + (_form(tokens, place + 1) in ("st", "nd", "rd", "th"))
    behind = place + (_text(tokens, place) == ",")
    year = _number(tokens, behind)
    if year is not None and year in _YEARS and year > 31 and _text(tokens, behind).isdigit():
        return When(at, behind + 1, year=year, month=month, day=number)
    return When(at, place, month=month, day=number)


def _day_first(tokens: tuple[Token, ...], at: int) -> When | None:
    """Read "2 September 2026" and "2nd of September"."""
    number = _number(tokens, at)
    place = at + 1 + (_form(tokens, at + 1) in ("st", "nd", "rd", "th"))
    place += _form(tokens, place) == "of"
    if number is None or not 1 <= number <= 31 or place >= len(tokens):
        return None
    if tokens[place].form not in MONTHS or not tokens[place].capital:
        return None
    month = MONTHS[tokens[place].form]
    behind = place + 1 + (_text(tokens, place + 1) in (".", ","))
    year = _number(tokens, behind)
    if year is not None and year in _YEARS and year > 31:
        return When(at, behind + 1, year=year, month=month, day=number)
    return When(at, place + 1, month=month, day=number)


def _iso(tokens: tuple[Token, ...], at: int) -> When | None:
    parts = tokens[at : at + 5]
    if len(parts) < 5 or parts[1].text != "-" or parts[3].text != "-":
        return None
    numbers = [_number(tokens, at), _number(tokens, at + 2), _number(tokens, at + 4)]
    if parts[4].end - parts[0].start != 10 or len(parts[0].text) != 4:
        return None
    year, month, day = numbers
    if year is None or month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return When(at, at + 5, year=year, month=month, day=day)


def _year_alone(tokens: tuple[Token, ...], at: int) -> When | None:
    token = tokens[at]
    number = _number(tokens, at)
    if number is None or len(token.text) != 4 or number not in _YEARS:
        return None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and (
        after.form in _YEAR_STOPS or (after.start == token.end and after.content)
    ):
        return None
    if at and (tokens[at - 1].text in "$€£¥" or tokens[at - 1].form in ("than", "about", "over")):
        return None
    return When(at, at + 1, year=number)


def _number(tokens: tuple[Token, ...], at: int) -> int | None:
    if not 0 <= at < len(tokens):
        return None
    text = tokens[at].text
    return int(text) if tokens[at].kind == "number" and text.isdigit() and len(text) <= 4 else None


def _form(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].form if at < len(tokens) else ""


def _text(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].text if at < len(tokens) else ""


def _resolved(when: When, tokens: tuple[Token, ...], published: date | None) -> When:
    if when.year and when.month and when.day:
        return replace(when, days=tuple(_day(when.year, when.month, when.day)))
    if published is None:
        return when
    try:
        return replace(when, days=tuple(_days(when, tokens, published)))
    except OverflowError:  # an article of the year 1 or 9999
        return when


def _days(when: When, tokens: tuple[Token, ...], published: date) -> Iterator[date]:
    if when.phrase in _SHIFTS:
        yield published + timedelta(_SHIFTS[when.phrase])
    elif when.weekday is not None:
        yield published + timedelta(_weekday_shift(when, tokens, published))
    elif when.month and when.day and not when.year:
        near = [
            day
            for year in (published.year - 1, published.year, published.year + 1)
            for day in _day(year, when.month, when.day)
        ]
        yield from sorted(near, key=lambda day: abs(day - published))[:1]


def _weekday_shift(when: When, tokens: tuple[Token, ...], published: date) -> int:
    back = (when.weekday or 0) - published.weekday()
    before = tokens[when.first - 1].form if when.first else ""
    back = back if back <= 0 else back - 7
    if before == "last":
        return back or -7
    sentence = tokens[when.first].sentence
    nearby = tokens[max(0, when.first - 8) : when.first]
    coming = any(token.form in _COMING and token.sentence == sentence for token in nearby)
    return back + 7 if coming and before != "this" and back < 0 else back


def _day(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def agrees(claimed: When, given: When, published: date | None) -> bool:
    """Return whether a date of a claim may be said for one of a sentence.

    ``published`` dates the sentence's article.
    """
    if claimed.phrase:
        return claimed.phrase == given.phrase
    if any(_is_on(claimed, day) for day in given.days):
        return True
    if given.days and (claimed.day is not None or claimed.weekday is not None):
        return False
    pairs = (
        (claimed.month, given.month),
        (claimed.day, given.day),
        (claimed.weekday, given.weekday),
        (claimed.year, given.year or _year_of(given, published)),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)


def _is_on(claimed: When, day: date) -> bool:
    pairs = (
        (claimed.year, day.year),
        (claimed.month, day.month),
        (claimed.day, day.day),
        (claimed.weekday, day.weekday()),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)


def _year_of(given: When, published: date | None) -> int | None:
    """Return the year of "in September" or "last year" in an article of ``published``."""
    if published is None:
        return None
    if given.phrase.endswith(" year"):
        return published.year + {"last": -1, "next": 1}.get(given.phrase.split()[0], 0)
    if given.month and not given.day:
        return published.year - (given.month > published.month)
    return None
