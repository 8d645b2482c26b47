"""The numbers of the delivery, and what stands ready for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.delivery.ports import Answerer, Deliverer, Metrics, NoMetrics
from bot.ledger.database import Database
from bot.ledger.questions import Questions
from bot.ledger.records import Allowance, Job
from bot.ledger.store import Ledger
from bot.ledger.traces import Messages


@dataclass(frozen=True, slots=True)
class Policy:
    """Times are seconds.

    A lease lasts ``lease`` and is renewed every ``heartbeat``. An answer must
    be made within ``answer_within`` and written within ``post_within``, or
    another worker takes over. A question that is ``give_up_after`` past its
    first taking and was tried more than ``attempts`` times is given up.
    """

    workers: int = 4
    lease: float = 30.0
    heartbeat: float = 10.0
    poll: float = 1.0
    answer_within: float = 60.0
    post_within: float = 120.0
    give_up_after: float = 900.0
    attempts: int = 3
    first_wait: float = 1.0
    longest_wait: float = 60.0
    status_every: float = 60.0
    allowance: Allowance = Allowance()  # noqa: RUF009 - frozen

    def wait(self, attempt: int, jitter: float) -> float:
        """Return how long to wait after an attempt (from 1); ``jitter`` 0…1 halves it at most.

        >>> [Policy().wait(n, 1.0) for n in (1, 2, 3, 9)]
        [1.0, 2.0, 4.0, 60.0]
        """
        whole: float = min(self.longest_wait, self.first_wait * 2.0 ** min(attempt - 1, 30))
        return whole * (0.5 + 0.5 * jitter)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Workplace:
    """All that working on questions needs. ``now`` is aware, ``jitter`` returns 0…1."""

    database: Database
    answerer: Answerer
    deliverer: Deliverer
    policy: Policy = field(default_factory=Policy)
    metrics: Metrics = field(default_factory=NoMetrics)
    now: Callable[[], datetime] = _utc_now
    jitter: Callable[[], float] = random.random

    @property
    def questions(self) -> Questions:
        """Return the queue."""
        return Questions(self.database)

    @property
    def messages(self) -> Messages:
        """Return the notes about messages."""
        return Messages(self.database)

    @property
    def ledger(self) -> Ledger:
        """Return the answers."""
        return Ledger(self.database)

    def age(self, since: datetime) -> float:
        """Return how many seconds ago something was."""
        return (self.now() - since).total_seconds()

    def gone_on_too_long(self, job: Job) -> bool:
        """Return whether a question is to be given up: tried for long *and* often.

        After an outage it is old at once, and still deserves its tries.
        """
        old = self.age(job.first_taken_at) > self.policy.give_up_after
        return old and job.fence > self.policy.attempts
