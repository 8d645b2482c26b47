"""The Home tab: what the bot knows, how to ask it, and what the reader asked last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.blocks import (
    Block,
    Element,
    View,
    bullets,
    context,
    divider,
    gap,
    header,
    line,
    link,
    rich_text,
    words,
)
from bot.slack.escaping import clean_line
from bot.slack.filters import FILTER_HELP
from bot.slack.fitting import shorten
from bot.slack.messages import CAREFUL, IndexFacts
from bot.slack.notes import day_text
from bot.slack.notices import WAYS, Holdings, holdings_blocks

MOST_QUESTIONS = 10
_QUESTION_MOST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the reader asked: when (ISO 8601), and where its answer stands, if open."""

    question: str
    at: str
    answered: bool
    permalink: str | None


def home_view(facts: IndexFacts | None, holdings: Holdings | None, asked: Sequence[Asked]) -> View:
    """Return the Home tab of one reader.

    Without ``facts`` nothing is indexed yet. ``asked`` are their own questions,
    latest first; ten are shown.
    """
    return {
        "type": "home",
        "blocks": [
            header("What I have read"),
            *_read(facts, holdings),
            divider(),
            header("How to ask"),
            rich_text(bullets([[gap(way)] for way in WAYS])),
            rich_text(
                line(gap("In a question you can type:")),
                bullets([[words(f, code=True), gap(f": {what}")] for f, what in FILTER_HELP]),
            ),
            context(CAREFUL),
            divider(),
            header("Your last questions"),
            _questions(asked[:MOST_QUESTIONS]),
        ],
    }


def _read(facts: IndexFacts | None, holdings: Holdings | None) -> list[Block]:
    if facts is None:
        return [rich_text(line(gap("Nothing yet: no articles have been indexed.")))]
    return holdings_blocks(facts, holdings or Holdings((), None, None))


def _questions(asked: Sequence[Asked]) -> Block:
    if not asked:
        return rich_text(line(gap("You have not asked anything yet.")))
    return rich_text(bullets([_question(each) for each in asked]))


def _question(asked: Asked) -> list[Element]:
    shown = shorten(clean_line(asked.question), _QUESTION_MOST)
    told = [day_text(asked.at), None if asked.answered else "not answered"]
    behind = "".join(f" · {part}" for part in told if part)
    return [link(asked.permalink, shown), *([gap(behind)] if behind else [])]
