"""Gets deliveries to the app, over Socket Mode or HTTP, and keeps at it as Slack does."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from .clock import Clock
from .events import Attempt, Delivery
from .inject import Inject
from .records import Json
from .world import World


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Slack waits for an acknowledgement, in real seconds, and when it tries again.

    `retry_after` are seconds of Slack's clock before the first, second and third retry.
    """

    ack_timeout: float = 3.0
    retry_after: tuple[float, ...] = (0.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended: `reason` is None when it was acknowledged."""

    reason: str | None = None
    response: Json | None = None
    retry: bool = True


class Transport(Protocol):
    """One way to the app. `attempt` sends once and waits for the acknowledgement."""

    async def attempt(self, delivery: Delivery, number: int, reason: str | None) -> Outcome: ...


class Courier:
    """Carries every delivery until it is acknowledged or Slack's patience ends."""

    def __init__(self, world: World, inject: Inject, patience: Patience) -> None:
        self.world = world
        self.clock: Clock = world.clock
        self.inject = inject
        self.patience = patience
        self.transport: Transport | None = None
        self.acked: deque[Delivery] = deque(maxlen=1000)
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, delivery: Delivery) -> None:
        """Start carrying; called in the server's loop."""
        self._start(delivery)
        for _ in range(self.inject.copies()):
            self._start(delivery)

    def replay(self, count: int) -> None:
        """Send the last acknowledged events again, as if the acknowledgements had been lost."""
        events = [delivery for delivery in self.acked if delivery.kind == "events_api"]
        for delivery in events[-count:] if count else []:
            self._start(delivery, first=1)

    def _start(self, delivery: Delivery, first: int = 0) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(delivery, first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, delivery: Delivery, number: int) -> None:
        if held := self.inject.held_back():
            await self.clock.sleep(held)
        reason = "timeout" if number else None
        while True:
            assert self.transport is not None
            attempt = Attempt(number, reason, self.clock.now())
            delivery.attempts.append(attempt)
            outcome = await self.transport.attempt(delivery, number, reason)
            if outcome.reason is None:
                attempt.acked = True
                self._succeeded(delivery, outcome)
                return
            if not self._may_retry(delivery, outcome, number):
                self._gave_up(delivery)
                return
            if outcome.reason != "socket_closed":
                await self.clock.sleep(self.patience.retry_after[number])
            number, reason = number + 1, outcome.reason

    def _may_retry(self, delivery: Delivery, outcome: Outcome, number: int) -> bool:
        """People's interactions are tried once: a person sees the failure instead."""
        if delivery.kind != "events_api" or not outcome.retry:
            return False
        return number < len(self.patience.retry_after)

    def _succeeded(self, delivery: Delivery, outcome: Outcome) -> None:
        first = not delivery.done.is_set()
        if first:
            self.acked.append(delivery)
            delivery.response = outcome.response
            if delivery.on_response is not None:
                with self.world.lock:
                    delivery.on_response(outcome.response or {})
        delivery.done.set()
        self.world.changed()

    def _gave_up(self, delivery: Delivery) -> None:
        delivery.failed = not delivery.acked
        delivery.done.set()
        self.world.changed()
