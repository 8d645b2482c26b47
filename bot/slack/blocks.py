"""The few pieces of Block Kit that Footnote is shown with, each made harmless as it is made.

Article text stands in ``rich_text`` and ``plain_text`` only: Slack parses neither,
so nothing in it can mention, link or format. Reference: docs.slack.dev, Block Kit.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.escaping import address, clean_line, isolated

# JSON objects as Slack wants them. The keys differ with each type of block, and
# nothing here reads them again: they are checked against Slack's limits in tests.
Block = dict[str, object]
Element = dict[str, object]
View = dict[str, object]

BUTTON_TEXT = 75
HEADER_TEXT = 150
VIEW_TITLE = 24
CONTEXT_TEXT = 3_000


def words(
    text: str, *, bold: bool = False, italic: bool = False, code: bool = False, exact: bool = False
) -> Element:
    """Return text within a ``rich_text`` section; ``exact`` keeps blanks at its ends.

    Text that is not ``exact`` is cleaned and may come from anywhere.
    """
    shown = text if exact else isolated(clean_line(text))
    style = {name: True for name, on in (("bold", bold), ("italic", italic), ("code", code)) if on}
    element: Element = {"type": "text", "text": shown or "–"}
    return {**element, "style": style} if style else element


def gap(text: str = " ") -> Element:
    """Return our own words or blanks between two elements, as they are."""
    return words(text, exact=True)


def link(url: str | None, text: str) -> Element:
    """Return linked text, or plain text where there is no address that can be linked."""
    target, shown = address(url), words(text)
    return shown if target is None else {"type": "link", "url": target, "text": shown["text"]}


def line(*elements: Element) -> Element:
    """Return elements as a paragraph of a ``rich_text`` block."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quoted(*elements: Element) -> Element:
    """Return elements as a block quote of a ``rich_text`` block."""
    return {"type": "rich_text_quote", "elements": list(elements)}


def bullets(items: Sequence[Sequence[Element]]) -> Element:
    """Return a bulleted list of a ``rich_text`` block."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [line(*item) for item in items],
    }


def rich_text(*parts: Element) -> Block:
    """Return paragraphs, quotes and lists as one block."""
    return {"type": "rich_text", "elements": list(parts)}


def header(text: str) -> Block:
    """Return a heading; only our own short words."""
    return {"type": "header", "text": plain(text)}


def divider() -> Block:
    """Return a thin line."""
    return {"type": "divider"}


def context(*lines: str) -> Block:
    """Return small grey lines of mrkdwn; the caller has escaped what is not its own."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": each[:CONTEXT_TEXT]} for each in lines],
    }


def plain(text: str) -> Element:
    """Return a ``plain_text`` object, in which ``:smile:`` stays what it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def button(text: str, action_id: str, value: str, *, primary: bool = False) -> Element:
    """Return a button with our own words; ``value`` is opaque."""
    made: Element = {
        "type": "button",
        "text": plain(text),
        "action_id": action_id,
        "value": value,
    }
    return {**made, "style": "primary"} if primary else made


def actions(*elements: Element) -> Block:
    """Return elements that can be pressed, side by side."""
    return {"type": "actions", "elements": list(elements)}


def feedback_buttons(action_id: str, good: str, bad: str) -> Block:
    """Return thumbs up and down with their values (messages only)."""

    def thumb(text: str, value: str, label: str) -> Element:
        return {"text": plain(text), "value": value, "accessibility_label": label}

    element: Element = {
        "type": "feedback_buttons",
        "action_id": action_id,
        "positive_button": thumb("Good answer", good, "Say that this answer is good"),
        "negative_button": thumb("Bad answer", bad, "Say what is wrong with this answer"),
    }
    return {"type": "context_actions", "elements": [element]}
