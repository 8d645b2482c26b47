"""The opaque values of buttons, modals and metadata, and how they are read again.

They hold ids and numbers only: other apps of a workspace can read message
metadata, and what comes back from Slack is hostile until it is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import BotFault

ANSWER_EVENT = "footnote_answer"
OPEN_CONTEXT = "footnote_open_context"
TURN_BACK = "footnote_context_back"
TURN_ON = "footnote_context_on"
FEEDBACK = "footnote_feedback"
FEEDBACK_VIEW = "footnote_feedback_view"
CONTEXT_VIEW = "footnote_context_view"
SHARE = "footnote_share"
SHARE_CONFIRM = "footnote_share_confirm"
SHARE_CANCEL = "footnote_share_cancel"

_ID = r"[A-Za-z0-9_-]{1,64}"
_ANSWER = re.compile(_ID)
_PLACE = re.compile(rf"({_ID})\.([1-9][0-9]{{0,3}})")
_VOTE = re.compile(rf"(good|bad)\.({_ID})")


class BadValue(BotFault):
    """A value that came back from Slack is not one that Footnote made."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not a value that Footnote made",
            remedy="It comes from a message of another version, or was forged.",
            user_message="That button is no longer known. Please ask again.",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A citation of an answer, by its number; or a page of an answer, from 1."""

    answer_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Vote:
    """Whether a reader found an answer good."""

    answer_id: str
    good: bool


def answer_value(answer_id: str) -> str:
    """Return the value that stands for an answer: its id.

    Raises `BadValue` for an id that `read_answer` would not read.
    """
    return read_answer(answer_id)


def place_value(place: Place) -> str:
    """Return the value that stands for a citation or a page of an answer.

    >>> place_value(Place("7f3a", 2))
    '7f3a.2'
    """
    value = f"{place.answer_id}.{place.number}"
    read_place(value)
    return value


def vote_value(vote: Vote) -> str:
    """Return the value of a feedback button.

    >>> vote_value(Vote("7f3a", good=False))
    'bad.7f3a'
    """
    return f"{'good' if vote.good else 'bad'}.{answer_value(vote.answer_id)}"


def read_answer(value: object) -> str:
    """Return the answer id that a value holds. Raises `BadValue`."""
    return _matched(_ANSWER, value, "an answer's id")[0]


def read_place(value: object) -> Place:
    """Return the place that a value holds. Raises `BadValue`."""
    found = _matched(_PLACE, value, "a place in an answer")
    return Place(found[1], int(found[2]))


def read_vote(value: object) -> Vote:
    """Return the vote that a value holds. Raises `BadValue`."""
    found = _matched(_VOTE, value, "a vote")
    return Vote(found[2], found[1] == "good")


def _matched(pattern: re.Pattern[str], value: object, what: str) -> re.Match[str]:
    found = pattern.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadValue(what)
    return found


def answer_metadata(place: Place) -> dict[str, object]:
    """Return the metadata of a message: which answer it shows, and which page of it."""
    payload = {"answer": answer_value(place.answer_id), "page": place.number}
    return {"event_type": ANSWER_EVENT, "event_payload": payload}


def read_metadata(metadata: object) -> Place:
    """Return the answer and page that a message shows. Raises `BadValue`."""
    if not isinstance(metadata, dict) or metadata.get("event_type") != ANSWER_EVENT:
        raise BadValue("message metadata")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict):
        raise BadValue("message metadata")
    return read_place(f"{payload.get('answer')}.{payload.get('page')}")
