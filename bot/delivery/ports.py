"""What the delivery asks of the world around it. It knows neither Bolt nor any wire format.

All methods are called from worker threads, several at a time. What they raise:
`RetryLater` (again after that many seconds), `CannotDeliver` (never), and any
other exception for a fault that may pass. `LeaseLost` and `QuestionWithdrawn`,
raised by what they call back, must be let through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.answers import CitedAnswer, Claim
from bot.ledger.records import Answered, Job, Question, Reason

# Called with the name of a message as soon as it is there, before anything else is done.
Started = Callable[[str], None]


class Telling(Protocol):
    """Takes each claim of an answer in the making, as soon as it is verified."""

    def claim(self, claim: Claim) -> None:
        """Show a verified claim to whoever waits.

        Raises `QuestionWithdrawn`, `LeaseLost` or `TooLate` when it is time to
        stop: let it pass. Calling it is a choice; claims that were not told
        come with the whole answer.
        """


class Answerer(Protocol):
    """Makes answers."""

    def answer(self, question: Question, telling: Telling) -> Answered:
        """Return the answer with the evidence it was made from.

        An exception with ``retryable`` true is tried again, any other one is
        told to the asker as a fault at once.
        """


class OpenAnswer(Protocol):
    """An answer that is being written where the asker reads."""

    def add(self, claim: Claim) -> None:
        """Write one more claim. May keep it back until `finish`."""

    def finish(self, answer: CitedAnswer) -> tuple[str, ...]:
        """Write what is missing and return all messages of the answer, in order."""


class Deliverer(Protocol):
    """Writes where the question was asked. Every message it posts bears ``job.id`` as a mark."""

    def show_waiting(self, question: Question, ahead: int) -> None:
        """Show that a question waits, and how many are before it."""

    def show_status(self, question: Question) -> None:
        """Show that a question is worked on; called again before the sign runs out."""

    def clear_status(self, question: Question) -> None:
        """Take any such sign away; doing it twice does no harm."""

    def open(self, job: Job, started: Started) -> OpenAnswer:
        """Begin an answer; ``started`` is called for each message, at once when it is posted."""

    def find_posted(self, job: Job, others: frozenset[str]) -> tuple[str, ...]:
        """Return the messages that an earlier attempt posted for this question, in order.

        They bear the mark; or (a stream that was cut off) they are our own,
        bear none, are later than the question and earlier than
        ``job.taken_at``, and are not among ``others``, which belong to other
        questions of the thread.
        """

    def replace(
        self, job: Job, found: tuple[str, ...], answer: CitedAnswer, started: Started
    ) -> tuple[str, ...]:
        """Make the found messages (at least one) into the whole answer.

        Stops streams that are open, deletes messages that are too many, posts
        those that are missing, and returns what stands.
        """

    def say_reason(
        self, job: Job, found: tuple[str, ...], reason: Reason, started: Started
    ) -> tuple[str, ...]:
        """Say why there is no answer, in place of the found messages if there are any.

        ``job.id`` is the reference under which the log has the rest.
        """

    def withdraw(self, job: Job, ts: str) -> None:
        """Delete a message; one that is not there is no error."""


class Metrics(Protocol):
    """Counts what happens."""

    def asked(self, door: str, *, new: bool) -> None:
        """Count a question that came in; not ``new`` if it had come before."""

    def finished(self, state: str, door: str, why: str) -> None:
        """Count an outcome; ``why`` is a reason's code or empty."""

    def took(self, stage: str, seconds: float) -> None:
        """Note a latency: ``wait``, ``first_sign``, ``answer``, ``deliver`` or ``whole``."""

    def waiting(self, questions: int) -> None:
        """Note the length of the queue."""

    def stumbled(self, what: str) -> None:
        """Count a retry, a lost lease, a status that could not be shown, and the like."""


class NoMetrics:
    """Counts nothing."""

    def asked(self, door: str, *, new: bool) -> None:
        """Do nothing."""

    def finished(self, state: str, door: str, why: str) -> None:
        """Do nothing."""

    def took(self, stage: str, seconds: float) -> None:
        """Do nothing."""

    def waiting(self, questions: int) -> None:
        """Do nothing."""

    def stumbled(self, what: str) -> None:
        """Do nothing."""
