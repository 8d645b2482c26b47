"""The figures of a text: value, unit, bound and the thing that is counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.verification.lexicon import listed
from bot.verification.numerals import SCALES, Numeral, numeral
from bot.verification.reading import Reading, Token

Bound = Literal["", "about", "at least", "more than", "at most", "fewer than"]

_BEFORE: dict[tuple[str, ...], Bound] = {
    ("more", "than"): "more than",
    ("over",): "more than",
    ("above",): "more than",
    ("exceeding",): "more than",
    ("upwards", "of"): "more than",
    ("in", "excess", "of"): "more than",
    ("at", "least"): "at least",
    ("no", "fewer", "than"): "at least",
    ("no", "less", "than"): "at least",
    ("not", "less", "than"): "at least",
    ("minimum", "of"): "at least",
    ("up", "to"): "at most",
    ("as", "many", "as"): "at most",
    ("as", "much", "as"): "at most",
    ("at", "most"): "at most",
    ("no", "more", "than"): "at most",
    ("not", "more", "than"): "at most",
    ("maximum", "of"): "at most",
    ("fewer", "than"): "fewer than",
    ("less", "than"): "fewer than",
    ("under",): "fewer than",
    ("below",): "fewer than",
    ("about",): "about",
    ("around",): "about",
    ("roughly",): "about",
    ("approximately",): "about",
    ("some",): "about",
    ("nearly",): "about",
    ("almost",): "about",
    ("estimated",): "about",
    ("close", "to"): "about",
    ("approaching",): "about",
}
_MARKS = {"$": "usd", "€": "eur", "£": "gbp", "¥": "yen", "₹": "inr", "₽": "rub", "₩": "krw"}
_MONEY = {
    "dollars": "usd", "dollar": "usd", "usd": "usd", "euros": "eur", "euro": "eur", "eur": "eur",
    "pounds": "gbp", "gbp": "gbp", "yen": "yen", "yuan": "cny", "rupees": "inr", "rubles": "rub",
    "roubles": "rub", "won": "krw", "francs": "chf", "pesos": "peso", "cents": "cent", "pence": "p",
}  # fmt: skip
_UNIT_WORDS = (
    "km kilometer kilometers kilometre kilometres kms",
    "m meter meters metre metres",
    "cm centimeter centimeters centimetre centimetres",
    "mile miles mi",
    "foot feet ft",
    "inch inches",
    "yard yards",
    "kg kilogram kilograms kilo kilos",
    "gram grams",
    "tonne tonnes ton tons",
    "pound lb lbs",
    "litre litres liter liters",
    "gallon gallons",
    "barrel barrels",
    "hectare hectares",
    "acre acres",
    "second seconds",
    "minute minutes min mins",
    "hour hours hrs hr",
    "day days",
    "week weeks",
    "month months",
    "year years yr",
    "decade decades",
    "century centuries",
    "degree degrees",
    "mph",
    "kmh kph",
    "megawatt megawatts mw",
    "storey story stories storeys floors",
    "vote votes",
    "seat seats",
    "point points",
    "goal goals",
    "time times",
)
_UNITS = {word: line.split()[0] for line in _UNIT_WORDS for word in line.split()}
_PERCENT = frozenset(("percent", "percentage", "pct"))
_NO_COUNT = frozenset(
    listed(
        "another no any every this that each which the only",
    )
)
GENERIC = frozenset(("=person", "victim", "other", "total", "=say"))
_INSIDE = frozenset(
    listed(
        "of the other more new their its his her such",
    )
)
_PREDICATES = frozenset(("=kill", "=injure", "miss", "=arrest"))
_LEADS = frozenset(("from", "to", "by"))
_RANGE = frozenset(("-", "to", "and"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure at the tokens ``first:last``, from ``low`` to ``high``, both included.

    ``unit`` is ``%``, ``ordinal``, ``score``, a currency, a measure or empty.
    ``nouns`` are the terms that follow it at once, among them what is counted;
    ``lead`` is "from", "to" or "by" in front of it.
    """

    low: Decimal
    high: Decimal
    literal: str
    vague: bool
    bound: Bound
    unit: str
    nouns: frozenset[str]
    lead: str
    first: int
    last: int

    def same_value(self, other: Quantity) -> bool:
        """Return whether both are the same figure, bounds and units aside."""
        if self.literal or other.literal:
            return self.literal == other.literal
        return self.low == other.low and self.high == other.high


def quantities(reading: Reading, taken: Collection[int] = ()) -> list[Quantity]:
    """Return the figures of a text in order, but for the tokens ``taken`` by dates.

    >>> from bot.verification.reading import read
    >>> [(str(q.low), q.unit, q.bound) for q in quantities(read("At least 12 paid $3.5m, or 15%."))]
    [('12', '', 'at least'), ('3500000.0', 'usd', ''), ('15', '%', '')]
    """
    found: list[Quantity] = []
    tokens = reading.tokens
    at = 0
    while at < len(tokens):
        first = None if at in taken else numeral(tokens, at)
        if first is None or _is_pronoun(tokens, at, first):
            at += 1
            continue
        quantity = _quantity(reading, at, first, taken)
        found.append(quantity)
        at = max(quantity.last, at + 1)
    return found


def _is_pronoun(tokens: tuple[Token, ...], at: int, found: Numeral) -> bool:
    """Return whether "one" stands for something else, or "second" for time."""
    if found.end != at + 1 or found.form == "literal":
        return False
    form = tokens[at].form
    after = tokens[at + 1].form if at + 1 < len(tokens) else ""
    before = tokens[at - 1].form if at else ""
    if form == "one":
        return before in _NO_COUNT or after in ("of", "another", "") or not after.isalnum()
    if found.form == "ordinal" and tokens[at].opens and after == ",":
        return True  # "First, …" counts nothing
    return form == "half" and after == "-"


def _quantity(reading: Reading, at: int, first: Numeral, taken: Collection[int]) -> Quantity:
    tokens = reading.tokens
    low, high, last = first.low, first.high, first.end
    unit = {"ordinal": "ordinal", "part": "%"}.get(first.form, "")
    second = _range_end(tokens, at, first, taken)
    if second is not None:
        if first.low < 1000 <= second.low and tokens[second.end - 1].kind == "word":
            scale = second.low / _own(tokens, second)
            low = low * scale if scale >= 1000 else low
        high, last = second.high, second.end
        if high < low:
            unit = "score"
    if _half_more(tokens, last) and first.form == "number":
        scale = (
            SCALES.get(tokens[last + 3].form, Decimal(1)) if last + 3 < len(tokens) else Decimal(1)
        )
        low, high = (low + Decimal("0.5")) * scale, (high + Decimal("0.5")) * scale
        last += 3 + (scale > 1)
    named, last = _unit(tokens, at, last)
    return Quantity(
        low, high, first.literal, first.form == "vague",
        _bound(tokens, at, last), unit or named, _nouns(tokens, last), _lead(tokens, at), at, last,
    )  # fmt: skip


def _own(tokens: tuple[Token, ...], found: Numeral) -> Decimal:
    """Return the digits of a scaled number without its scale."""
    for at in range(found.end - 1, -1, -1):
        if tokens[at].kind == "number":
            value = numeral(tokens[: at + 1], at)
            return value.low if value and value.low else Decimal(1)
    return found.low


def _range_end(
    tokens: tuple[Token, ...], at: int, first: Numeral, taken: Collection[int]
) -> Numeral | None:
    """Return the second number of "10-15", "10 to 15" and "between 10 and 15"."""
    place = first.end
    if first.form not in ("number", "part") or place + 1 >= len(tokens) or place + 1 in taken:
        return None
    link = tokens[place].text
    if link not in _RANGE or tokens[place + 1].form in ("a", "an"):
        return None
    if link == "and" and (at == 0 or tokens[at - 1].form != "between"):
        return None
    if tokens[place + 1].text in _MARKS and place + 2 < len(tokens):
        place += 1
    second = numeral(tokens, place + 1)
    return second if second and second.form in ("number", "part") else None


def _half_more(tokens: tuple[Token, ...], at: int) -> bool:
    return [token.form for token in tokens[at : at + 3]] == ["and", "a", "half"]


def _unit(tokens: tuple[Token, ...], at: int, last: int) -> tuple[str, int]:
    """Return the unit around a number and the index behind it."""
    if at and tokens[at - 1].text in _MARKS:
        country = (
            tokens[at - 2].text if at > 1 and tokens[at - 2].end == tokens[at - 1].start else ""
        )
        home = "" if country in ("", "US") or tokens[at - 2].kind != "word" else country.casefold()
        return home + _MARKS[tokens[at - 1].text], last
    if at and tokens[at - 1].text in ("USD", "EUR", "GBP"):
        return tokens[at - 1].text.casefold(), last
    place = last
    if place < len(tokens) and tokens[place].text == "-":
        place += 1
    if place >= len(tokens):
        return "", last
    form = tokens[place].form
    following = tokens[place + 1].form if place + 1 < len(tokens) else ""
    if form in ("%", *_PERCENT):
        points = following in ("point", "points")
        return ("points" if points else "%"), place + 1 + points
    if form == "per" and following == "cent":
        return "%", place + 2
    if form in _MONEY:
        return _MONEY[form], place + 1
    if form in _UNITS:
        return _UNITS[form], place + 1
    if form in ("am", "pm"):
        return form, place + 1
    return "", last


def _bound(tokens: tuple[Token, ...], at: int, last: int) -> Bound:
    while at and (tokens[at - 1].text in _MARKS or tokens[at - 1].form in ("a", "an", "us")):
        at -= 1
    for length in (3, 2, 1):
        words = tuple(token.form for token in tokens[max(0, at - length) : at])
        if len(words) == length and words in _BEFORE:
            return _BEFORE[words]
    after = [token.form for token in tokens[last : last + 2]]
    if after == ["or", "more"] or after[:1] == ["+"]:
        return "at least"
    return "about" if after == ["or", "so"] else ""


def _lead(tokens: tuple[Token, ...], at: int) -> str:
    while at and (tokens[at - 1].text in _MARKS or tokens[at - 1].form == "us"):
        at -= 1
    return tokens[at - 1].form if at and tokens[at - 1].form in _LEADS else ""


def _nouns(tokens: tuple[Token, ...], last: int) -> frozenset[str]:
    """Return up to three terms behind a number, as far as the noun phrase may reach."""
    found: set[str] = set()
    for token in tokens[last : last + 6]:
        if _tells(token):
            break
        if token.content:
            found.add(token.term)
        elif found or (token.form not in _INSIDE and token.text != "-"):
            break
        if len(found) == 3:
            break
    return frozenset(found)


def _tells(token: Token) -> bool:
    """Return whether the word is a predicate ("three killed") rather than what is counted."""
    verb = token.form.endswith("ed") and len(token.form) > 4
    return verb or token.term in _PREDICATES


def values_of(found: Sequence[Quantity]) -> frozenset[str]:
    """Return the values of figures as text, for what may be a year or a count."""
    return frozenset(q.literal or str(q.low.normalize()) for q in found)
