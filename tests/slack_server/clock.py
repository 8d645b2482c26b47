"""Slack's clock: real time plus whatever a test has skipped."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970 that run in real time and can be advanced.

    Streams, statuses, triggers, rate limits and the waits between retries follow this clock, so a
    test of the five-minute stream takes no five minutes. The time an app has to acknowledge an
    event is real time, because advancing the clock must not fail an app that is working.
    """

    def __init__(
        self, start: float | None = None, read: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._offset = (time.time() if start is None else start) - read()
        self._lock = threading.Lock()
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def now(self) -> float:
        """Seconds since 1970, as this Slack sees them."""
        return self._read() + self._offset

    def advance(self, seconds: float) -> None:
        """Skip `seconds` (not negative); whoever sleeps until then wakes."""
        if seconds < 0:
            raise ValueError("Slack's clock does not run backwards")
        with self._lock:
            self._offset += seconds
            for loop, woken in self._sleepers:
                loop.call_soon_threadsafe(woken.set)

    async def sleep(self, seconds: float) -> None:
        """Wait until this clock, advances included, is `seconds` further."""
        deadline = self.now() + seconds
        woken = asyncio.Event()
        entry = (asyncio.get_running_loop(), woken)
        with self._lock:
            self._sleepers.add(entry)
        try:
            while (left := deadline - self.now()) > 0:
                woken.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await woken.wait()
        finally:
            with self._lock:
                self._sleepers.discard(entry)
