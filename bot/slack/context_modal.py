"""“See in context”: a cited sentence in bold among its neighbours, in a modal.

One page shows one citation. Pages go article by article, within an article in
the order of its text, so that turning them is reading on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import Citation
from bot.slack import values
from bot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    divider,
    gap,
    line,
    link,
    plain,
    rich_text,
    words,
)
from bot.slack.escaping import clean_line, mrkdwn
from bot.slack.fitting import shorten, shorten_left
from bot.slack.notes import byline, title_text

# In UTF-16 units: enough of both sides to judge a sentence, and far below what a view holds.
AROUND_MOST = 1_000
SENTENCE_MOST = 5_000
NOTE_MOST = 300


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A citation with what stands around it in its article, or nothing where that is not known.

    ``before`` and ``after`` are article text next to the sentence, of any length.
    ``note`` is said above it, for instance that the article has changed since.
    """

    citation: Citation
    before: str
    after: str
    note: str = ""


def context_modal(answer_id: str, passages: Sequence[CitedPassage], number: int) -> View:
    """Return the modal that shows the citation of this number; the first one if there is none such.

    ``passages`` are all citations of the answer, in any order, at least one;
    `bot.slack.messages.shown_citations` gives them. Buttons carry the number of
    the citation that they lead to. Raises ValueError if there are no passages.
    """
    if not passages:
        raise ValueError("an answer without citations has no context")
    ordered = in_reading_order(passages)
    at = next((i for i, p in enumerate(ordered) if p.citation.number == number), 0)
    shown = ordered[at]
    note = shorten(clean_line(shown.note), NOTE_MOST)
    place = values.Place(answer_id, shown.citation.number)
    return {
        "type": "modal",
        "callback_id": values.CONTEXT_VIEW,
        "title": plain("In context"),
        "close": plain("Close"),
        "private_metadata": values.place_value(place),
        "blocks": [
            rich_text(_head(shown.citation)),
            *([context(mrkdwn(note))] if note else []),
            divider(),
            rich_text(*_passage(shown)),
            divider(),
            context(_position(ordered, at)),
            *_turning(answer_id, ordered, at),
        ],
    }


def in_reading_order(passages: Sequence[CitedPassage]) -> tuple[CitedPassage, ...]:
    """Return passages article by article, that of the lowest number first, then by position."""
    first: dict[str, int] = {}
    for passage in sorted(passages, key=lambda p: p.citation.number):
        first.setdefault(passage.citation.article_id, passage.citation.number)
    return tuple(
        sorted(
            passages,
            key=lambda p: (first[p.citation.article_id], p.citation.start, p.citation.number),
        )
    )


def _head(citation: Citation) -> Element:
    """Return number, title linked to the sentence, outlet, date and page."""
    return line(
        words(str(citation.number), code=True),
        gap(" "),
        link(citation.link or citation.url, title_text(citation)),
        gap(byline(citation) or " "),
    )


def _passage(passage: CitedPassage) -> list[Element]:
    """Return the paragraphs around a sentence, the sentence itself in bold within its own."""
    citation = passage.citation
    before = _paragraphs(passage.before or citation.prefix, from_left=False)
    after = _paragraphs(passage.after or citation.suffix, from_left=True)
    sentence = words(shorten(clean_line(citation.exact), SENTENCE_MOST), bold=True)
    own = [sentence]
    if before and before[-1]:
        own = [words(before[-1]), gap(), *own]
    if after and after[0]:
        own += [gap(), words(after[0])]
    paragraphs = [[words(p)] for p in before[:-1] if p]
    paragraphs += [own, *([words(p)] for p in after[1:] if p)]
    # A blank line between paragraphs, as in the article.
    return [line(*([gap("\n")] if i else []), *p) for i, p in enumerate(paragraphs)]


def _paragraphs(text: str, *, from_left: bool) -> list[str]:
    """Return the paragraphs nearest to the sentence, in order, as lines of bounded length.

    The one that touches the sentence comes last before it and first after it; it
    is empty where the sentence begins or ends its paragraph.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    room = AROUND_MOST
    for number, each in enumerate(lines if from_left else reversed(lines)):
        shown = clean_line(each)
        if number and not shown:
            continue
        kept.append(shorten(shown, room) if from_left else shorten_left(shown, room))
        room -= len(shown)
        if room < AROUND_MOST // 10:
            break
    return kept if from_left else kept[::-1]


def _position(ordered: Sequence[CitedPassage], at: int) -> str:
    """Return which citation of how many this is, and of how many articles."""
    articles = list(dict.fromkeys(p.citation.article_id for p in ordered))
    which = f"Citation {at + 1} of {len(ordered)}"
    if len(articles) == 1:
        return which
    article = articles.index(ordered[at].citation.article_id) + 1
    return f"{which}, article {article} of {len(articles)}"


def _turning(answer_id: str, ordered: Sequence[CitedPassage], at: int) -> list[Block]:
    """Return the buttons to the citations before and after this one, where there are any."""
    turns = (
        (at - 1, "Previous citation", values.TURN_BACK),
        (at + 1, "Next citation", values.TURN_ON),
    )
    pressed = [
        button(
            label,
            action_id,
            values.place_value(values.Place(answer_id, ordered[to].citation.number)),
        )
        for to, label, action_id in turns
        if 0 <= to < len(ordered)
    ]
    return [actions(*pressed)] if pressed else []
