"""Whether a figure, a date or a place of a claim belongs to what the claim says of it.

"The fire killed three and injured sixteen" has a three and a sixteen; a claim
that sixteen were killed has both words and is still wrong. Each detail is
compared by the words around it: if those that stand nearest in the claim stand
in the sentences at another detail of the same kind, and not at this one, the
claim binds it to the wrong thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_LEAST = 0.3


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail as a text has it: its ``kind``, what it is, and the terms near it by weight."""

    kind: str
    value: str
    near: Mapping[str, float] = field(hash=False)


def is_elsewhere(claimed: Detail, same: Sequence[Detail], other: Iterable[Detail]) -> bool:
    """Return whether the words near ``claimed`` stand at one of ``other`` rather than at ``same``.

    ``same`` are the places of the sentences that have the detail itself,
    ``other`` those of other details of its kind. Words near both tell nothing.

    >>> three = Detail("count", "3", {"=kill": 1.0})
    >>> sixteen = Detail("count", "16", {"=injure": 1.0})
    >>> is_elsewhere(Detail("count", "16", {"=kill": 1.0}), [sixteen], [three])
    True
    """
    if not same:
        return False
    here: set[str] = set()
    for detail in same:
        here.update(detail.near)
    own = max((claimed.near[term] for term in here if term in claimed.near), default=0.0)
    best = 0.0
    for detail in other:
        shared = [w for term, w in claimed.near.items() if term in detail.near and term not in here]
        best = max(best, max(shared, default=0.0))
    return best > max(own, _LEAST)
