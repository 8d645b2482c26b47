"""Feedback on a bad answer: a modal that asks which statement or source, and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answers import CitedAnswer
from bot.slack import values
from bot.slack.blocks import Block, Element, View, context, plain
from bot.slack.escaping import clean_line
from bot.slack.fitting import shorten
from bot.slack.messages import is_declined, shown_citations
from bot.slack.notes import title_text

Reason = Literal[
    "wrong_source",
    "not_said",
    "out_of_date",
    "incomplete",
    "should_decline",
    "should_answer",
    "other",
]

OPTION_MOST = 75
OPTIONS_MOST = 99
NOTE_MOST = 2_000
WHICH, WHY, NOTE = "footnote_which", "footnote_why", "footnote_note"
_SUBJECT = re.compile(r"answer|(statement|source)\.([1-9][0-9]{0,3})")
_REASONS: Mapping[Reason, str] = {
    "wrong_source": "The source is the wrong one",
    "not_said": "The source doesn't say that",
    "out_of_date": "It is out of date",
    "incomplete": "It is incomplete",
    "should_decline": "It should have said that it can't answer",
    "should_answer": "It should have been answered",
    "other": "Something else",
}
# A declined answer has no statements; it can only fail in these ways.
_DECLINED: tuple[Reason, ...] = ("should_answer", "out_of_date", "other")
_ANSWERED: tuple[Reason, ...] = (
    "wrong_source",
    "not_said",
    "out_of_date",
    "incomplete",
    "should_decline",
    "other",
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said about a bad answer.

    ``statement`` is the place of a claim within the answer, from 1, ``citation``
    the number of a source; both are None where the answer as a whole is meant.
    ``note`` is the reader's own words, perhaps empty; hostile like all that people type.
    """

    answer_id: str
    statement: int | None
    citation: int | None
    reason: Reason
    note: str


def feedback_modal(answer: CitedAnswer) -> View:
    """Return the modal that asks what is wrong with an answer."""
    reasons = _DECLINED if is_declined(answer) else _ANSWERED
    why: Element = {
        "type": "radio_buttons",
        "action_id": WHY,
        "options": [_option(_REASONS[reason], reason) for reason in reasons],
    }
    note: Element = {
        "type": "plain_text_input",
        "action_id": NOTE,
        "multiline": True,
        "max_length": NOTE_MOST,
    }
    return {
        "type": "modal",
        "callback_id": values.FEEDBACK_VIEW,
        "title": plain("What is wrong?"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "private_metadata": values.answer_value(answer.id),
        "blocks": [
            _asked(WHICH, "Which part?", _which(answer)),
            _asked(WHY, "Why?", why),
            _asked(NOTE, "In your own words", note, optional=True),
            context("It goes to the people who review answers, not into the channel."),
        ],
    }


def _asked(block_id: str, label: str, element: Element, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }


def _which(answer: CitedAnswer) -> Element:
    """Return a menu of the answer, its statements and its sources; the answer is chosen."""
    whole = _option("The answer as a whole", "answer")
    claims = () if is_declined(answer) else answer.claims
    statements = [
        _option(f"{i}. {claim.text}", f"statement.{i}") for i, claim in enumerate(claims, start=1)
    ]
    sources = [
        _option(f"{c.number} · {title_text(c)}: {c.exact}", f"source.{c.number}")
        for c in shown_citations(answer)
    ]
    groups = [("Answer", [whole]), ("Statements", statements), ("Sources", sources)]
    return {
        "type": "static_select",
        "action_id": WHICH,
        "option_groups": [_group(label, options) for label, options in groups if options],
        "initial_option": whole,
    }


def _group(label: str, options: Sequence[Element]) -> Element:
    return {"label": plain(label), "options": list(options[:OPTIONS_MOST])}


def _option(text: str, value: str) -> Element:
    return {"text": plain(shorten(clean_line(text), OPTION_MOST)), "value": value}


def read_feedback(view: Mapping[str, object]) -> Feedback:
    """Return what a submitted modal says. ``view`` is the payload's ``view``.

    Raises `bot.slack.values.BadValue` for anything that the modal cannot have sent.
    """
    answer_id = values.read_answer(view.get("private_metadata"))
    state = view.get("state")
    chosen = _mapping(_mapping(state).get("values"))
    subject = _SUBJECT.fullmatch(_selected(chosen, WHICH))
    reason = next((r for r in _REASONS if r == _selected(chosen, WHY)), None)
    if subject is None or reason is None:
        raise values.BadValue("feedback")
    number = int(subject[2]) if subject[2] else None
    return Feedback(
        answer_id,
        statement=number if subject[1] == "statement" else None,
        citation=number if subject[1] == "source" else None,
        reason=reason,
        note=_note(_mapping(_mapping(chosen.get(NOTE)).get(NOTE)).get("value")),
    )


def _selected(chosen: Mapping[str, object], block_id: str) -> str:
    """Return the value of the option chosen in a block, or nothing."""
    field = _mapping(_mapping(chosen.get(block_id)).get(block_id))
    value = _mapping(field.get("selected_option")).get("value")
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _note(value: object) -> str:
    """Return the reader's words without control characters; line breaks stay."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise values.BadValue("feedback")
    kept = "".join(
        c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in value
    )
    return kept.strip()[:NOTE_MOST]
