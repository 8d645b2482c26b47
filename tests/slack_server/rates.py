"""Slack's rate limits: so many calls of a method a minute, one post a second in a channel."""

from __future__ import annotations

import math
from collections import deque

from . import limits
from .clock import Clock

_BURST = 3


class Rates:
    """Counts calls on Slack's clock. `check` is the seconds to wait, or None to go ahead.

    Tiers are counted by method and workspace over the last minute. `chat.postMessage` is counted
    by channel: one a second on average, with short bursts let through.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._seen: dict[tuple[str, str], deque[float]] = {}

    def check(self, method: str, team_id: str, channel: str, tier: int | None) -> int | None:
        if method == "chat.postMessage":
            return self._window(("post", channel), _BURST, float(_BURST))
        if tier is None:
            return None
        return self._window((method, team_id), limits.TIERS[tier], 60.0)

    def _window(self, key: tuple[str, str], most: int, seconds: float) -> int | None:
        now, seen = self.clock.now(), self._seen.setdefault(key, deque())
        while seen and now - seen[0] >= seconds:
            seen.popleft()
        if len(seen) >= most:
            return max(1, math.ceil(seen[0] + seconds - now))
        seen.append(now)
        return None
