"""Faults on demand: what Slack and the network do to an app on a bad day."""

from __future__ import annotations

import random
import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Action = Literal["error", "status", "rate_limit", "slow", "close"]
ANY = "*"
API_FAULTS = ("internal_error", "status_503", "rate_limit", "lost_response", "refused")
DELIVERY_FAULTS = ("duplicate", "drop_ack")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a Web API call; `after` lets the call change the world first."""

    action: Action
    error: str = "internal_error"
    status: int = 200
    seconds: float = 0.0
    after: bool = False


class Inject:
    """What a test asks to go wrong. Each request is used up by the calls that it hits.

    A `method` of `"*"` stands for every method but `apps.connections.open`. `applied` counts, by
    name, the faults that really happened.
    """

    def __init__(self) -> None:
        self.applied: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._api: dict[str, deque[Fault]] = {}
        self._counts: Counter[str] = Counter()
        self._copies = 1
        self._delay = 0.0
        self._replay = 0
        self._random: random.Random | None = None
        self._rate = 0.0
        self._kinds: tuple[str, ...] = ()

    # -- the Web API

    def fail(
        self,
        method: str,
        error: str = "internal_error",
        *,
        status: int | None = None,
        times: int = 1,
        after: bool = False,
    ) -> None:
        """Answer the next calls with an error code, or with an HTTP status of 4xx or 5xx."""
        action: Action = "error" if status is None else "status"
        self._add(method, Fault(action, error, status or 200, after=after), times)

    def rate_limit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 with `Retry-After`, in whole seconds."""
        self._add(method, Fault("rate_limit", seconds=retry_after), times)

    def slow(self, method: str, seconds: float, times: int = 1) -> None:
        """Do the call at once, and answer only after `seconds` of real time."""
        self._add(method, Fault("slow", seconds=seconds), times)

    def lose_response(self, method: str, times: int = 1) -> None:
        """Do the call, then close the connection with no answer: posted, yet an error."""
        self._add(method, Fault("close", after=True), times)

    def refuse(self, method: str, times: int = 1) -> None:
        """Close the connection before anything is done."""
        self._add(method, Fault("close"), times)

    # -- deliveries

    def duplicate(self, copies: int = 1, times: int = 1) -> None:
        """Deliver each of the next `times` events `copies` times more, with the same event id."""
        with self._lock:
            self._copies = copies
            self._counts["duplicate"] += times

    def delay(self, seconds: float, times: int = 1) -> None:
        """Hold back each of the next deliveries for `seconds` of Slack's clock."""
        with self._lock:
            self._delay = seconds
            self._counts["delay"] += times

    def drop_ack(self, times: int = 1) -> None:
        """Lose the next acknowledgements, so that Slack sends those events again."""
        with self._lock:
            self._counts["drop_ack"] += times

    def replay_on_reconnect(self, events: int) -> None:
        """At the next connection send that many of the last acknowledged events again."""
        with self._lock:
            self._replay = events

    def randomly(
        self, rate: float, seed: int, kinds: Sequence[str] = (*API_FAULTS, *DELIVERY_FAULTS)
    ) -> None:
        """From now on every call and delivery goes wrong with probability `rate`.

        The same seed gives the same choices in the same order of calls.
        """
        with self._lock:
            self._random, self._rate, self._kinds = random.Random(seed), rate, tuple(kinds)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._api.clear()
            self._counts.clear()
            self._random, self._replay = None, 0

    # -- for the server

    def _add(self, method: str, fault: Fault, times: int) -> None:
        with self._lock:
            self._api.setdefault(method, deque()).extend([fault] * times)

    def next_fault(self, method: str) -> Fault | None:
        """The fault for this call, which is used up."""
        with self._lock:
            names = (method,) if method == "apps.connections.open" else (method, ANY)
            for name in names:
                if self._api.get(name):
                    fault = self._api[name].popleft()
                    self.applied[f"{fault.action}{'_after' if fault.after else ''}"] += 1
                    return fault
            return self._random_fault() if ANY in names else None

    def _random_fault(self) -> Fault | None:
        kind = self._chance(API_FAULTS)
        if kind is None:
            return None
        self.applied[kind] += 1
        return {
            "internal_error": Fault("error"),
            "status_503": Fault("status", status=503),
            "rate_limit": Fault("rate_limit", seconds=1),
            "lost_response": Fault("close", after=True),
            "refused": Fault("close"),
        }[kind]

    def _chance(self, among: tuple[str, ...]) -> str | None:
        kinds = [kind for kind in among if kind in self._kinds]
        if self._random is None or not kinds or self._random.random() >= self._rate:
            return None
        return self._random.choice(kinds)

    def _use(self, name: str) -> bool:
        if self._counts[name] <= 0:
            return False
        self._counts[name] -= 1
        self.applied[name] += 1
        return True

    def copies(self) -> int:
        """How many more times to send the delivery at hand."""
        with self._lock:
            if self._use("duplicate"):
                return self._copies
            if self._chance(DELIVERY_FAULTS) == "duplicate":
                self.applied["duplicate"] += 1
                return 1
            return 0

    def held_back(self) -> float:
        """Seconds to hold back the delivery at hand."""
        with self._lock:
            return self._delay if self._use("delay") else 0.0

    def loses_ack(self) -> bool:
        with self._lock:
            if self._use("drop_ack"):
                return True
            if self._chance(("drop_ack",)) is None:
                return False
            self.applied["drop_ack"] += 1
            return True

    def replays(self) -> int:
        """How many events to send again on the connection that just opened."""
        with self._lock:
            count, self._replay = self._replay, 0
            return count
