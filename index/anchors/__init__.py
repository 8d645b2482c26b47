"""Where a quoted sentence is now: the same, moved, changed or gone."""

from index.anchors.resolving import FLOOR, Anchor, Quote, State, resolve

__all__ = ["FLOOR", "Anchor", "Quote", "State", "resolve"]
