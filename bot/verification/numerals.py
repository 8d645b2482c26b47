"""Numbers as they are written: digits, words, scales, fractions and vague ones.

All values are `Decimal`; what is too long or has no single reading ("1.250,5",
"10:30") is kept as it is written and equals only itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.verification.lexicon import listed
from bot.verification.reading import Token

_DIGITS = 18
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")

_SMALL = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
    "fifteen sixteen seventeen eighteen nineteen",
)
_TENS = listed(
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
UNITS = {word: Decimal(value) for value, word in enumerate(_SMALL)}
UNITS |= {word: Decimal(value) for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
_ORDINALS = listed(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
)
ORDINALS = {word: Decimal(value) for value, word in enumerate(_ORDINALS)}
ORDINALS |= {
    word[:-1] + "ieth": Decimal(value)
    for value, word in zip(range(20, 100, 10), _TENS, strict=True)
}
SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
    "dozen": Decimal(12),
    "lakh": Decimal(10**5),
    "crore": Decimal(10**7),
}
_GLUED = {
    "k": Decimal(1000),
    "m": Decimal(10**6),
    "mn": Decimal(10**6),
    "mln": Decimal(10**6),
    "b": Decimal(10**9),
    "bn": Decimal(10**9),
    "tn": Decimal(10**12),
    "trn": Decimal(10**12),
}
_PARTS = {
    "half": Decimal(50),
    "third": Decimal(100) / 3,
    "thirds": Decimal(100) / 3,
    "quarter": Decimal(25),
    "quarters": Decimal(25),
    "fifth": Decimal(20),
    "fifths": Decimal(20),
    "tenth": Decimal(10),
    "tenths": Decimal(10),
}
VAGUE = {
    "dozens": (Decimal(24), Decimal(199)),
    "scores": (Decimal(40), Decimal(199)),
    "hundreds": (Decimal(200), Decimal(1999)),
    "thousands": (Decimal(1000), Decimal(19999)),
    "millions": (Decimal(10**6), Decimal(10**9) - 1),
    "billions": (Decimal(10**9), Decimal(10**12) - 1),
}

Form = str
"""``number``, ``ordinal``, ``part`` (a fraction, in percent), ``vague`` or ``literal``."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in the tokens up to ``end`` (exclusive): from ``low`` to ``high``, both included."""

    low: Decimal
    high: Decimal
    form: Form
    literal: str
    end: int


def numeral(tokens: tuple[Token, ...], at: int) -> Numeral | None:
    """Return the number that begins at token ``at``, or None.

    >>> from bot.verification.reading import read
    >>> [str(numeral(read(t).tokens, 0).low) for t in ("3.5m", "two hundred and five", "21st")]
    ['3500000.0', '205', '21']
    """
    token = tokens[at]
    if token.kind == "number":
        return _digits(tokens, at)
    if token.kind != "word":
        return None
    return _vague(tokens, at) or _part(tokens, at) or _in_words(tokens, at)


def decimal_of(text: str) -> Decimal | None:
    """Return the value of digits, or None when they have no single reading or are very long.

    >>> decimal_of("1,200"), decimal_of("1.250,5")
    (Decimal('1200'), None)
    """
    if len(text) > _DIGITS:
        return None
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _digits(tokens: tuple[Token, ...], at: int) -> Numeral:
    token = tokens[at]
    value = decimal_of(token.text)
    if value is None:
        return Numeral(Decimal(0), Decimal(0), "literal", token.text, at + 1)
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    glued = after is not None and after.start == token.end
    if after is not None and glued and after.kind == "word":
        if after.form in ("st", "nd", "rd", "th"):
            return Numeral(value, value, "ordinal", "", at + 2)
        if after.form == "s":
            return Numeral(Decimal(0), Decimal(0), "literal", token.text + "s", at + 2)
        if after.form in _GLUED:
            value *= _GLUED[after.form]
            return Numeral(value, value, "number", "", at + 2)
    if _is_slash(tokens, at + 1) and at + 2 < len(tokens) and tokens[at + 2].kind == "number":
        literal = f"{token.text}/{tokens[at + 2].text}"
        if literal == "1/2":
            return Numeral(Decimal(50), Decimal(50), "part", "", at + 3)
        return Numeral(Decimal(0), Decimal(0), "literal", literal, at + 3)
    return _scaled(tokens, at + 1, value)


def _is_slash(tokens: tuple[Token, ...], at: int) -> bool:
    return at < len(tokens) and tokens[at].text == "/"


def _scaled(tokens: tuple[Token, ...], at: int, value: Decimal) -> Numeral:
    while at < len(tokens) and tokens[at].form in SCALES and value < 10**15:
        value *= SCALES[tokens[at].form]
        at += 1
    if at < len(tokens) and tokens[at].form in ("bn", "m", "mn", "tn"):
        value *= _GLUED[tokens[at].form]
        at += 1
    return Numeral(value, value, "number", "", at)


def _vague(tokens: tuple[Token, ...], at: int) -> Numeral | None:
    first = tokens[at].form
    if first in ("tens", "hundreds") and at + 2 < len(tokens) and tokens[at + 1].form == "of":
        scale = {"thousands": 1000, "millions": 10**6, "billions": 10**9}.get(tokens[at + 2].form)
        if scale:
            low = Decimal(scale * (10 if first == "tens" else 100))
            return Numeral(low, low * 20 - 1, "vague", "", at + 3)
    if first in VAGUE:
        low, high = VAGUE[first]
        return Numeral(low, high, "vague", "", at + 1)
    return None


def _part(tokens: tuple[Token, ...], at: int) -> Numeral | None:
    """Read "half", "a third of", "two-thirds"."""
    if tokens[at].form == "half":
        return Numeral(Decimal(50), Decimal(50), "part", "", at + 1)
    if tokens[at].form not in UNITS and tokens[at].form != "a":
        return None
    count = UNITS.get(tokens[at].form, Decimal(1))
    name = at + 1 if at + 1 < len(tokens) and tokens[at + 1].text != "-" else at + 2
    if name >= len(tokens) or tokens[name].form not in _PARTS:
        return None
    form = tokens[name].form
    plural = form.endswith("s")
    before_of = name + 1 < len(tokens) and tokens[name + 1].form == "of"
    if plural or form == "half" or before_of:
        share = (count * _PARTS[form]).quantize(Decimal("0.01"))
        return Numeral(share, share, "part", "", name + 1)
    return None


def _in_words(tokens: tuple[Token, ...], at: int) -> Numeral | None:
    """Read "two hundred and five", "a dozen", "twenty-first"."""
    total = current = Decimal(0)
    seen = False
    place = at
    if tokens[at].form in ("a", "an"):
        if at + 1 >= len(tokens) or tokens[at + 1].form not in SCALES:
            return None
        current, place = Decimal(1), at + 1
    while place < len(tokens):
        form = tokens[place].form
        if form in UNITS and _adds(current, UNITS[form], seen):
            current += UNITS[form]
        elif form in ORDINALS and (not seen or (20 <= current % 100 < 100 and current % 10 == 0)):
            value = total + current + ORDINALS[form]
            return Numeral(value, value, "ordinal", "", place + 1)
        elif form in SCALES and (seen or current) and total + current < 10**15:
            current *= SCALES[form]
            if SCALES[form] >= 1000:
                total, current = total + current, Decimal(0)
        elif seen and _links(tokens, place, current, total):
            place += 1
            continue
        else:
            break
        seen = True
        place += 1
    value = total + current
    return Numeral(value, value, "number", "", place) if seen else None


def _adds(current: Decimal, unit: Decimal, seen: bool) -> bool:
    if not seen or current == 0:
        return True
    if current % 100 == 0:
        return True
    return current % 10 == 0 and current % 100 >= 20 and unit < 10


def _links(tokens: tuple[Token, ...], at: int, current: Decimal, total: Decimal) -> bool:
    """Return whether a hyphen or an "and" goes on with the number."""
    unit = tokens[at + 1].form if at + 1 < len(tokens) else ""
    value = UNITS.get(unit, ORDINALS.get(unit))
    if value is None:
        return False
    if tokens[at].text == "-":
        return current % 10 == 0 and current % 100 >= 20 and value < 10
    big = (current >= 100 and current % 100 == 0) or (current == 0 and total > 0)
    return tokens[at].form == "and" and big
