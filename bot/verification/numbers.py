"""Whether a figure of a claim may be said for a figure of a sentence."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from bot.verification.quantities import GENERIC, Bound, Quantity

_VOTES = frozenset(("", "vote", "point", "goal", "seat"))

Fit = Literal["same", "bound", "noun", "no"]


def fit(claimed: Quantity, given: Quantity) -> Fit:
    """Return how a claimed figure fits a given one.

    ``same`` may be said for it; ``bound`` differs in "about", "at least" and
    the like; ``noun`` counts something else; ``no`` is another figure.
    """
    if given.unit == "score" and _is_half(claimed, given):
        return "same"
    value = _value_fit(claimed, given)
    if value == "no" or not _same_unit(claimed, given):
        return "no"
    if value == "same" and not _same_noun(claimed, given):
        return "noun"
    return value


def _is_half(claimed: Quantity, given: Quantity) -> bool:
    """Return whether a figure is one side of a score ("52 votes" of "52-48")."""
    alone = claimed.low == claimed.high and not claimed.literal and not claimed.bound
    return alone and claimed.unit in _VOTES and claimed.low in (given.low, given.high)


def _value_fit(claimed: Quantity, given: Quantity) -> Fit:
    if claimed.same_value(given):
        return _bound_fit(claimed.bound, given.bound)
    if claimed.literal or given.literal or claimed.unit == "score":
        return "no"
    if claimed.low == 1 < given.low and claimed.bound in ("more than", "at least"):
        return "same"
    if claimed.vague:
        inside = claimed.low <= given.low and given.high <= claimed.high
        return "same" if inside and given.bound != "fewer than" else "no"
    if claimed.low != claimed.high or given.low != given.high or given.vague:
        return "no"
    return _rounded(claimed, given)


def _bound_fit(claimed: Bound, given: Bound) -> Fit:
    if claimed == given:
        return "same"
    if claimed in ("at least", "at most", "about") and given == "":
        return "same"
    upward, downward = ("at least", "more than"), ("at most", "fewer than")
    turned = (claimed in upward and given in downward) or (claimed in downward and given in upward)
    strict = given == "" and claimed in ("more than", "fewer than")
    return "no" if turned or strict else "bound"


def _rounded(claimed: Quantity, given: Quantity) -> Fit:
    """Compare a figure with one that it may be a rounding of."""
    modes = {"more than": ROUND_FLOOR, "at least": ROUND_FLOOR}
    modes |= {"fewer than": ROUND_CEILING, "at most": ROUND_CEILING}
    digits = len(claimed.low.normalize().as_tuple().digits)
    if digits >= len(given.low.normalize().as_tuple().digits) or not given.low or not claimed.low:
        return "no"
    step = Decimal(1).scaleb(given.low.adjusted() - digits + 1)
    nearest = given.low.quantize(step, rounding=modes.get(claimed.bound, ROUND_HALF_UP))
    if nearest != claimed.low:
        return "no"
    turned = given.bound in ("fewer than", "at most") and claimed.bound in ("more than", "at least")
    if turned:
        return "no"
    return "same" if claimed.bound else "bound"


def _same_unit(claimed: Quantity, given: Quantity) -> bool:
    if claimed.unit == given.unit:
        return True
    if claimed.literal:  # a clock time says the same without its half of the day
        return not claimed.unit or not given.unit
    if "ordinal" in (claimed.unit, given.unit) or "score" in (claimed.unit, given.unit):
        return False
    if claimed.unit and given.unit:
        return False
    return not (given.nouns if claimed.unit else claimed.nouns)


def _same_noun(claimed: Quantity, given: Quantity) -> bool:
    if claimed.unit or not claimed.nouns or not given.nouns:
        return True
    return bool(claimed.nouns & given.nouns or (claimed.nouns | given.nouns) & GENERIC)
