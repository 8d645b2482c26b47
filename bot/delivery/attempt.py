"""One attempt at one question, from taking it to its end. A crash may fall between any two lines.

The order of the steps is what makes "exactly one answer" hold:

1. `show_status`; make the answer, or settle the reason why there is none;
2. keep it in the ledger;
3. note the intent to post, post with the mark, note each message as started;
4. note the messages as posted;
5. clear the status;
6. finish.

Whoever takes the question up after a crash finds in the ledger how far it got,
looks for messages with the mark if there was an intent, and goes on from
there. Each step is only taken under the lease; who has lost it takes back what
it posted, unless the new owner has made it its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers import CitedAnswer, Claim
from bot.delivery.errors import CannotDeliver, RetryLater, TooLate
from bot.delivery.policy import Workplace
from bot.delivery.ports import OpenAnswer
from bot.errors import BotFault
from bot.ledger.errors import LeaseLost, LedgerFault, QuestionWithdrawn
from bot.ledger.records import Finished, Job, Reason

_log = logging.getLogger(__name__)

FAULT = Reason("fault", "Something went wrong while this was being answered.")
TOO_LATE = Reason("too_late", "Making this answer took too long.")
# Longer than the clocks of two machines may differ.
BLIND_SECONDS = 2.0
# The part of a lease after which it is renewed.
RENEW_AFTER = 0.2
LIMITS = ("limit_person", "limit_workspace")


class Attempt:
    """One attempt. ``answering`` is true until its answer is kept, or the reason for none;
    ``replaced`` once another worker has its question and its thread is to end.
    """

    def __init__(self, job: Job, place: Workplace) -> None:
        self.job = job
        self.began = place.now()
        self.answering = True
        self.replaced = False
        self._place = place
        self._mine: list[str] = []
        self._open: OpenAnswer | None = None
        self._renewed = job.taken_at
        self._begun = False
        self._mute = job.intended or bool(job.started)
        self._sign = threading.Lock()
        self._cleared = False

    def run(self) -> None:
        """Work until the question is finished, handed back or lost; raise nothing."""
        place, job = self._place, self.job
        place.metrics.took("wait", (job.taken_at - job.claimed_at).total_seconds())
        try:
            self._attempt()
        except LeaseLost:
            place.metrics.stumbled("lease_lost")
            self._give_up_mine()
        except Exception:
            # The ledger itself fails: the lease runs out, and somebody tries again.
            place.metrics.stumbled("fault")
            _log.exception("question %s: the ledger failed", job.id)

    def claim(self, claim: Claim) -> None:
        """Show one verified claim (the answerer's side of `Telling`)."""
        self._hold()
        if self._place.age(self.began) > self._place.policy.answer_within:
            raise TooLate(TOO_LATE.text)
        if self._mute:
            return
        try:
            self._open = self._open or self._begin()
            self._open.add(claim)
        except (LeaseLost, QuestionWithdrawn):
            raise
        except Exception:
            # The whole answer is written over it later.
            self._mute, self._open = True, None
            self._stumble("stream")

    def _attempt(self) -> None:
        try:
            self._go_on()
        except LeaseLost:
            raise
        except QuestionWithdrawn:
            try:
                self._take_back()
            except LeaseLost:
                raise
            except Exception as error:
                self._put_off(error)
        except Exception as error:
            self._put_off(error)

    def _go_on(self) -> None:
        """Go on from wherever the question was left."""
        self._hold()
        if self.job.posted:
            return self._close(self.job.posted, self._place.ledger.answer_of(self.job.id))
        self._show_status()
        answer = self._answer()
        self.answering = False
        if answer is None:
            return self._close(self._say(self.job.reason or FAULT), None)
        began = self._place.now()
        messages = self._deliver(answer)
        self._place.metrics.took("deliver", self._place.age(began))
        return self._close(messages, answer)

    def _answer(self) -> CitedAnswer | None:
        """Return the answer, kept; or None when the reason for none is settled."""
        job = self.job
        if job.answer_id is not None:
            return self._place.ledger.answer(job.answer_id)
        if job.reason is not None:
            return None
        if job.attempts > self._place.policy.attempts:
            self._settle(FAULT)
            return None
        try:
            return self._make_answer()
        except (LeaseLost, QuestionWithdrawn):
            raise
        except TooLate:
            self._settle(TOO_LATE)
        except Exception as error:
            self._stumble("answer")
            if getattr(error, "retryable", False) and not self._exhausted():
                raise
            self._settle(TOO_LATE if isinstance(error, RetryLater) else _reason(error))
        return None

    def _make_answer(self) -> CitedAnswer:
        place, began = self._place, self._place.now()
        answered = place.answerer.answer(self.job.question, self)
        place.metrics.took("answer", place.age(began))
        self._hold()
        place.questions.save(self.job, answered, place.now())
        return answered.answer

    def _exhausted(self) -> bool:
        return self._place.gone_on_too_long(self.job)

    def _settle(self, reason: Reason) -> None:
        """Settle that there is a reason in place of an answer."""
        self._place.questions.settle(self.job, reason)
        self.job = replace(self.job, reason=reason)

    def _deliver(self, answer: CitedAnswer) -> tuple[str, ...]:
        """Write the answer, over what is there already; return its messages."""
        self._hold()
        if self._open is not None:
            return self._open.finish(answer)
        found = self._found()
        if found:
            return self._place.deliverer.replace(self.job, found, answer, self._started)
        opened = self._begin()
        for claim in answer.claims:
            self._hold()
            opened.add(claim)
        return opened.finish(answer)

    def _say(self, reason: Reason) -> tuple[str, ...]:
        """Write why there is no answer, over what is there already."""
        found = self._found()
        self._intend()
        return self._place.deliverer.say_reason(self.job, found, reason, self._started)

    def _begin(self) -> OpenAnswer:
        self._intend()
        return self._place.deliverer.open(self.job, self._started)

    def _intend(self) -> None:
        """Note that something may be posted from now on."""
        self._place.messages.intend(self.job, self._place.now())
        self._begun = True

    def _started(self, ts: str) -> None:
        """Note a message that is there."""
        self._mine.append(ts)
        try:
            self._place.messages.started(self.job, ts, self._place.now())
        except LeaseLost:
            raise
        except LedgerFault:
            # Another question found it unmarked and took it for its own: leave it to that one.
            self._mine.remove(ts)
            raise

    def _found(self) -> tuple[str, ...]:
        """Return all messages that stand for this question, known ones first."""
        known = (*self.job.started, *self.job.posted, *self._mine)
        if self._begun and not self._mine:
            # Something may have been posted a moment ago whose name never reached us:
            # the next attempt can tell it from what other questions are posting now.
            raise RetryLater(BLIND_SECONDS, "a message may have been posted")
        if not self.job.intended:
            return known
        others = self._place.messages.others(self.job.question.place)
        seen = self._place.deliverer.find_posted(self.job, others)
        new = [ts for ts in seen if ts not in known]
        own = self._place.messages.adopt(self.job, new, self._place.now())
        return tuple(dict.fromkeys((*known, *own)))

    def _close(self, messages: Iterable[str], answer: CitedAnswer | None) -> None:
        """Note the messages, clear the status and finish."""
        place, job = self._place, self.job
        place.messages.posted(job, messages, place.now())
        self._clear_status()
        self._finish(self._outcome(answer), job.reason.code if job.reason else "")

    def _outcome(self, answer: CitedAnswer | None) -> Finished:
        """Return what the finished question counts as."""
        if answer is not None:
            return answer.status
        reason = self.job.reason
        return "declined" if reason is not None and reason.code in LIMITS else "failed"

    def _finish(self, state: Finished, note: str = "") -> None:
        """Finish, after deleting what owners without a lease have posted."""
        place, job = self._place, self.job
        while strays := place.questions.finish(job, state, place.now(), note):
            self._withdraw(strays)
        place.metrics.finished(state, job.question.place.door, note)
        place.metrics.took("whole", place.age(job.claimed_at))

    def _take_back(self) -> None:
        """Delete what was posted for a question that its asker has deleted."""
        self._place.questions.renew(self.job, self._lease_end())
        self._withdraw(self._found())
        self._clear_status()
        self._finish("cancelled")

    def _withdraw(self, messages: tuple[str, ...]) -> None:
        for ts in messages:
            self._place.deliverer.withdraw(self.job, ts)
        self._place.messages.withdrawn(self.job, messages, self._place.now())

    def _put_off(self, error: Exception) -> None:
        """Hand the question back to be tried again, or give it up."""
        place, job = self._place, self.job
        if isinstance(error, CannotDeliver) or self._exhausted():
            _log.error("question %s cannot be delivered: %s", job.id, error)
            self._clear_if_possible()
            self._finish("cancelled" if self._is_withdrawn() else "failed", "undeliverable")
            return
        self._stumble("put_off")
        waits = isinstance(error, RetryLater)
        seconds = place.policy.wait(job.attempts, place.jitter())
        if isinstance(error, RetryLater):
            seconds = max(error.seconds, 0.0)
        place.questions.release(
            job, place.now(), note=type(error).__name__, wait_seconds=seconds, counted=not waits
        )

    def _clear_if_possible(self) -> None:
        try:
            self._clear_status()
        except Exception:
            self._stumble("status")

    def _is_withdrawn(self) -> bool:
        try:
            self._hold()
        except QuestionWithdrawn:
            return True
        return False

    def _give_up_mine(self) -> None:
        """Delete what was posted after the lease was lost, unless the new owner has it."""
        place, job = self._place, self.job
        try:
            for ts in self._mine:
                if place.messages.disown(job, ts, place.now()):
                    place.deliverer.withdraw(job, ts)
            if not place.questions.is_open(job.id):
                place.deliverer.clear_status(job.question)
        except Exception:
            self._stumble("disown")

    def show_status(self) -> None:
        """Show again that the question is worked on, if it still is (from another thread)."""
        with self._sign:
            if not self._cleared:
                self._place.deliverer.show_status(self.job.question)

    def _show_status(self) -> None:
        """Show that the question is worked on; an answer without it is better than none."""
        try:
            self.show_status()
            self._place.metrics.took("first_sign", self._place.age(self.job.claimed_at))
        except Exception:
            self._stumble("status")

    def _clear_status(self) -> None:
        with self._sign:
            self._cleared = True
            self._place.deliverer.clear_status(self.job.question)

    def _hold(self) -> None:
        """Make sure of the lease; raise `LeaseLost` or `QuestionWithdrawn`.

        It is renewed only when a part of it is over: asking is much cheaper.
        """
        place = self._place
        if place.age(self._renewed) < place.policy.lease * RENEW_AFTER:
            return place.questions.check(self.job)
        self._renewed = place.now()
        return place.questions.hold(self.job, self._lease_end())

    def _lease_end(self) -> datetime:
        return self._place.now() + timedelta(seconds=self._place.policy.lease)

    def _stumble(self, what: str) -> None:
        """Count and log what went wrong, with its trace."""
        self._place.metrics.stumbled(what)
        _log.warning("question %s: %s", self.job.id, what, exc_info=True)


def _reason(error: Exception) -> Reason:
    """Return what the asker may be told about a fault: only what was written for readers."""
    return Reason("fault", error.user_message) if isinstance(error, BotFault) else FAULT
