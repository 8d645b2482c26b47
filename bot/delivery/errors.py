"""What the two ports of the delivery may raise beside faults."""

from __future__ import annotations

from bot.errors import BotFault


class RetryLater(BotFault):
    """Not now: try again in ``seconds`` (a Retry-After, for example)."""

    retryable = True

    def __init__(self, seconds: float, why: str = "asked to wait") -> None:
        self.seconds = seconds
        super().__init__(f"{why}; again in {seconds:g} s")


class CannotDeliver(BotFault):
    """Nothing can be posted there, now or later: archived, left, deleted, forbidden."""


class TooLate(BotFault):
    """The time for making an answer is over; raised inside `Answerer.answer` at its next claim."""
