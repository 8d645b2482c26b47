"""The workers: threads that take questions in turn, and a clock that keeps their leases alive."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.attempt import TOO_LATE, Attempt
from bot.delivery.owner import Owner, is_dead
from bot.delivery.policy import Workplace
from bot.ledger.errors import LeaseLost
from bot.ledger.records import Admission, Place, Question

_log = logging.getLogger(__name__)


# How far down the line the waiting are told their place again.
LINE_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a stop went: attempts that ended, were handed back, or were left to their lease."""

    finished: int
    handed_back: int
    left: int


class Delivery:
    """Takes questions in and sees to it that each gets one answer or one reason.

    `submit` and `withdraw` only write to the ledger, so they are quick enough
    to be called before an event is acknowledged. Use `start` and `stop` for a
    service, or call `step` for one question at a time in the calling thread.
    """

    def __init__(self, place: Workplace, owner: Owner | None = None) -> None:
        self.owner = owner or Owner.this_process()
        self._place = place
        self._attempts: dict[Attempt, datetime] = {}
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._stopping = threading.Event()
        self._announced: dict[str, datetime] = {}
        self._threads: list[threading.Thread] = []
        self._ended = 0

    def submit(self, question: Question, event_id: str | None = None) -> Admission:
        """Claim a question durably; acknowledge the event only after this has returned.

        ``event_id`` is remembered, so a repetition is known whatever it names.
        Raises the errors of the database: then do not acknowledge.
        """
        place = self._place
        admission = place.questions.claim(
            question, place.now(), event_id=event_id, allowance=place.policy.allowance
        )
        place.metrics.asked(question.place.door, new=admission.new)
        self._rouse()
        return admission

    def announce(self, question: Question, admission: Admission) -> None:
        """Say at once that a new question was received, and how many are before it.

        It is said again, with the new number, for as long as the question waits.
        """
        if not admission.new or admission.reason is not None:
            return
        self._show_waiting(admission.id, question, admission.ahead)
        if admission.ahead:
            with self._lock:
                self._announced[admission.id] = self._place.now()

    def withdraw(self, where: Place) -> Admission:
        """Stop answering a question that its asker has deleted; see `Questions.withdraw`."""
        admission = self._place.questions.withdraw(where, self._place.now())
        self._rouse()
        return admission

    def working(self) -> int:
        """Return how many questions are being worked on here."""
        with self._lock:
            return len(self._attempts)

    def step(self) -> bool:
        """Work on the next question, if there is one, until this attempt ends."""
        return self._step() is not None

    def _step(self) -> Attempt | None:
        """Return the attempt that was made, if there was a question."""
        place = self._place
        job = place.questions.take(str(self.owner), place.now(), place.policy.lease)
        if job is None:
            return None
        attempt = Attempt(job, place)
        with self._lock:
            self._attempts[attempt] = place.now()
        try:
            attempt.run()
        finally:
            with self._lock:
                self._attempts.pop(attempt, None)
                self._ended += 1
        return attempt

    def start(self) -> None:
        """Free what dead owners held, and start the workers and the clock."""
        self.free_dead()
        for number in range(self._place.policy.workers):
            self._spawn(f"footnote-worker-{number}", self._work)
        self._spawn("footnote-clock", self._run_clock)

    def stop(self, within: float) -> Stopped:
        """Take nothing new, wait for what is in flight, and hand back the rest.

        An attempt that is still making its answer after ``within`` seconds is
        handed back at once. One that is writing is left to its lease: taken up
        earlier, its message might not be found in time.
        """
        self._stopping.set()
        self._rouse()
        ended = self._ended
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            rest = list(self._attempts)
            ended = self._ended - ended
        back = sum(self._hand_back(attempt) for attempt in rest if attempt.answering)
        return Stopped(ended, back, len(rest) - back)

    def tick(self) -> None:
        """Do once what the clock does every heartbeat.

        Leases are renewed, signs of life shown again, stuck attempts handed on
        and the questions of dead owners freed.
        """
        with self._lock:
            running = list(self._attempts.items())
        for attempt, shown in running:
            self._tend(attempt, shown)
        self.free_dead()
        self._announce_again()
        self._place.metrics.waiting(self._place.questions.waiting())

    def free_dead(self) -> int:
        """Free the questions that dead processes of this machine held; return how many."""
        place = self._place
        dead = [name for name in place.questions.owners() if is_dead(name, self.owner)]
        freed = sum(place.questions.expire(name, place.now()) for name in dead)
        if freed:
            self._rouse()
        return freed

    def _announce_again(self) -> None:
        """Show the waiting again what their place in the line is, before the sign runs out."""
        with self._lock:
            announced = dict(self._announced)
        if not announced:
            return
        line = self._place.questions.line(LINE_LOOKED_AT)
        places = {each: (n, question) for n, (each, question) in enumerate(line)}
        for each, shown in announced.items():
            if each not in places:
                with self._lock:
                    del self._announced[each]
            elif self._place.age(shown) >= self._place.policy.status_every:
                ahead, question = places[each]
                self._show_waiting(each, question, ahead)
                with self._lock:
                    self._announced[each] = self._place.now()

    def _show_waiting(self, question_id: str, question: Question, ahead: int) -> None:
        """Show that a question waits; take it back if it was finished in the meantime."""
        place = self._place
        try:
            place.deliverer.show_waiting(question, ahead)
            if not place.questions.is_open(question_id):
                place.deliverer.clear_status(question)
        except Exception:
            place.metrics.stumbled("status")
            _log.warning("question %s: could not be announced", question_id, exc_info=True)

    def _tend(self, attempt: Attempt, shown: datetime) -> None:
        """Renew an attempt's lease and sign of life, or hand on its question if it is stuck."""
        place = self._place
        if self._is_stuck(attempt):
            return self._hand_on(attempt)
        end = place.now() + timedelta(seconds=place.policy.lease)
        try:
            place.questions.renew(attempt.job, end)
            if place.age(shown) >= place.policy.status_every:
                attempt.show_status()
                with self._lock:
                    if attempt in self._attempts:
                        self._attempts[attempt] = place.now()
        except LeaseLost:
            return None  # the attempt finds out by itself
        except Exception:
            place.metrics.stumbled("status")
            _log.warning("question %s: heartbeat failed", attempt.job.id, exc_info=True)
        return None

    def _is_stuck(self, attempt: Attempt) -> bool:
        """Return whether an attempt hangs in a call that does not come back."""
        policy, age = self._place.policy, self._place.age(attempt.began)
        bound = policy.answer_within + policy.heartbeat
        return age > (bound if attempt.answering else bound + policy.post_within)

    def _hand_on(self, attempt: Attempt) -> None:
        """Give a stuck attempt's question and its worker's place to somebody else."""
        place = self._place
        place.metrics.stumbled("stuck")
        with self._lock:
            if self._attempts.pop(attempt, None) is None:
                return
            attempt.replaced = True
        try:
            if attempt.answering:
                place.questions.settle(attempt.job, TOO_LATE)
            place.questions.release(attempt.job, place.now(), note="stuck")
        except LeaseLost:
            pass
        if self._threads:
            self._spawn("footnote-worker-more", self._work)
        self._rouse()

    def _hand_back(self, attempt: Attempt) -> bool:
        """Release the question of an attempt that will not be finished here."""
        try:
            self._place.questions.release(
                attempt.job, self._place.now(), note="stopped", counted=False
            )
        except LeaseLost:
            return False
        return True

    def _work(self) -> None:
        """Take questions until it is time to stop, or until another thread has taken our place."""
        while not self._stopping.is_set():
            try:
                attempt = self._step()
            except Exception:
                self._place.metrics.stumbled("ledger")
                _log.exception("the ledger failed; trying again")
                attempt = None
            if attempt is None:
                self._pause(self._place.policy.poll)
            elif attempt.replaced:
                return

    def _run_clock(self) -> None:
        while not self._stopping.wait(self._place.policy.heartbeat):
            try:
                self.tick()
            except Exception:
                self._place.metrics.stumbled("ledger")
                _log.exception("the ledger failed; trying again")

    def _pause(self, seconds: float) -> None:
        """Wait for a question, or so long."""
        with self._wake:
            if not self._stopping.is_set():
                self._wake.wait(seconds)

    def _rouse(self) -> None:
        with self._wake:
            self._wake.notify_all()

    def _spawn(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()
