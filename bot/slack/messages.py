"""Messages that answer: with claims and their notes, or with why there is no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.answers import Citation, CitedAnswer, Claim
from bot.slack import values
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    feedback_buttons,
    gap,
    line,
    rich_text,
    words,
)
from bot.slack.escaping import clean_line, mrkdwn
from bot.slack.fitting import shorten, units
from bot.slack.notes import byline, claim_numbers, claim_parts, claim_text, day_text, title_text
from bot.slack.pages import Page, paginate

# Where an answer stands: "channel" and "dm" have threads, "private" is for one reader.
Door = Literal["channel", "dm", "private"]

CAREFUL = "Answers can be wrong: check the sentences."
# `chat.update` takes no longer text, and Slack recommends no longer one elsewhere.
FALLBACK_MOST = 4_000
QUESTION_MOST = 300
REASON_MOST = 300
_NOTES_SHARE = 2_600
_LINE_LENGTHS = (140, 70, 40, 24)
_REACH = {
    "channel": "Whoever asked can ask on in this thread; everyone else, mention me.",
    "dm": "To ask on, reply here.",
    "private": "Only you can see this.",
}


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """What an answer says about the index: a generation, when it was made (ISO 8601), its size."""

    generation: str
    made_at: str
    articles: int


@dataclass(frozen=True, slots=True)
class Post:
    """One message. ``text`` is what notifications and screen readers get, at most 4,000.

    Post it with ``unfurl_links=False, unfurl_media=False`` and ``mrkdwn=False``.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: dict[str, object] | None = None


def answer_posts(
    answer: CitedAnswer, facts: IndexFacts, door: Door, *, with_question: bool = False
) -> tuple[Post, ...]:
    """Return the messages of an answer, answered or declined; nearly always one.

    The first has the line about the index and all buttons; a further one, for
    what did not fit, goes below it into the same thread. ``with_question`` shows
    the question above, for a place where it was not asked.
    """
    pages = paginate(shown_claims(answer))
    return tuple(
        _post(answer, facts, door, pages, at, with_question=with_question)
        for at in range(len(pages))
    )


def shown_claims(answer: CitedAnswer) -> tuple[Claim, ...]:
    """Return the claims of an answer; for a declined one its nearest sentences as quotes."""
    if is_declined(answer):
        return tuple(Claim(c.exact, (c,), "supported") for c in answer.nearest)
    return answer.claims


def shown_citations(answer: CitedAnswer) -> tuple[Citation, ...]:
    """Return the citations that the message shows by number, whether answered or declined."""
    return answer.nearest if is_declined(answer) else answer.citations


def is_declined(answer: CitedAnswer) -> bool:
    """Return whether there is nothing to show as an answer."""
    return answer.status == "declined" or not answer.claims


def _post(
    answer: CitedAnswer,
    facts: IndexFacts,
    door: Door,
    pages: Sequence[Page],
    at: int,
    *,
    with_question: bool,
) -> Post:
    page = pages[at]
    blocks: list[Block] = []
    if at > 0:
        blocks.append(context(f"The answer goes on ({at + 1} of {len(pages)})."))
    else:
        if with_question:
            blocks.append(question_block(answer.question))
        if is_declined(answer):
            blocks.append(_declined_block(answer))
    if page.claims:
        blocks.append(rich_text(*claim_parts(page.claims)))
    blocks += page_end(answer, facts, door, pages, at)
    place = values.Place(answer.id, at + 1)
    text = _fallback(answer, page, first=at == 0)
    return Post(text, tuple(blocks), values.answer_metadata(place))


def question_block(question: str) -> Block:
    """Return the question as the first line of an answer."""
    shown = shorten(clean_line(question), QUESTION_MOST)
    return rich_text(line(words("Question: ", bold=True, exact=True), words(shown)))


def declined_text(answer: CitedAnswer) -> str:
    """Return the sentence that says why there is no answer."""
    if answer.status == "answered":
        return "Nothing that I could say was borne out by its sources, so I say nothing."
    reason = _reason(answer)
    return f"I can't answer that from the articles{f': {reason}' if reason else ''}."


def _reason(answer: CitedAnswer) -> str:
    return shorten(clean_line(answer.reason or ""), REASON_MOST).rstrip(".")


def _declined_block(answer: CitedAnswer) -> Block:
    parts = [line(words(declined_text(answer)))]
    if answer.nearest:
        parts.append(line(gap("\nThe nearest sentences:")))
    return rich_text(*parts)


def page_end(
    answer: CitedAnswer, facts: IndexFacts, door: Door, pages: Sequence[Page], at: int
) -> list[Block]:
    """Return what stands below the claims of a page, whether they were posted or streamed."""
    page = pages[at]
    blocks: list[Block] = []
    if at == 0 and answer.reason and not is_declined(answer):
        blocks.append(rich_text(line(words(f"Note: {_reason(answer)}.", italic=True))))
    if page.listed:
        blocks.append(rich_text(line(words("Sources", bold=True)), *page.note_parts))
    follows = _follows(page, more=at + 1 < len(pages))
    if follows:
        blocks.append(context(follows))
    if at == 0:
        blocks.append(context(index_line(answer, facts), _REACH[door]))
    blocks += _buttons(answer, page, door, first=at == 0)
    return blocks


def _follows(page: Page, *, more: bool) -> str:
    """Return which notes stand in the next message, so that no number is left alone."""
    if page.later:
        first, last = page.later[0], page.later[-1]
        which = f"Source {first} follows" if first == last else f"Sources {first}–{last} follow"
        return f"{which} in the next message."
    return "The answer goes on in the next message." if more else ""


def index_line(answer: CitedAnswer, facts: IndexFacts) -> str:
    """Return how much was withheld, how old the index is, and that answers can be wrong.

    It is mrkdwn: Slack shows the time in the reader's own zone.
    """
    count = len(answer.withheld)
    withheld = f"{count} statement{'s' if count != 1 else ''} withheld" if count else ""
    index = f"index of {moment(facts.made_at)}"
    return " · ".join(part for part in (withheld, index, CAREFUL) if part)


def moment(at: str) -> str:
    """Return mrkdwn that shows an ISO 8601 time in the reader's zone.

    >>> moment("2026-11-22T09:14:00+00:00")
    '<!date^1795338840^{date_short}|22 Nov 2026>, <!date^1795338840^{time}|09:14 UTC>'
    """
    try:
        parsed = datetime.fromisoformat(at)
    except ValueError:
        return mrkdwn(clean_line(at)[:40]) or "unknown date"
    utc = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    stamp = int(utc.timestamp())
    day = day_text(utc.isoformat())
    return f"<!date^{stamp}^{{date_short}}|{day}>, <!date^{stamp}^{{time}}|{utc:%H:%M} UTC>"


def _buttons(answer: CitedAnswer, page: Page, door: Door, *, first: bool) -> list[Block]:
    pressed = []
    if page.listed:
        place = values.Place(answer.id, page.listed[0].number)
        pressed.append(button("See in context", values.OPEN_CONTEXT, values.place_value(place)))
    if first and door == "private":
        pressed.append(button("Share in the channel", values.SHARE, values.answer_value(answer.id)))
    blocks = [actions(*pressed)] if pressed else []
    if first:
        good, bad = values.Vote(answer.id, good=True), values.Vote(answer.id, good=False)
        blocks.append(
            feedback_buttons(values.FEEDBACK, values.vote_value(good), values.vote_value(bad))
        )
    return blocks


def share_preview(answer: CitedAnswer, facts: IndexFacts) -> Post:
    """Return what a reader sees before an answer is shared: all of it, and the question again.

    It is for the asker alone (ephemeral); the answer is posted only when they confirm.
    """
    shared = answer_posts(answer, facts, "channel", with_question=True)
    value = values.answer_value(answer.id)
    ask = "This is what everyone in the channel would see. May they see it?"
    confirm = actions(
        button("Share it", values.SHARE_CONFIRM, value, primary=True),
        button("Keep it to myself", values.SHARE_CANCEL, value),
    )
    kept = [b for b in shared[0].blocks if b["type"] not in ("actions", "context_actions")]
    more = f" {len(shared) - 1} more would follow." if len(shared) > 1 else ""
    first = rich_text(line(words(ask + more, bold=True)))
    return Post(f"{ask}{more}", (first, *kept, confirm))


def fallback_text(answer: CitedAnswer) -> str:
    """Return the first message of an answer as plain text of at most 4,000 characters.

    It is escaped for Slack: the text beside blocks is parsed for mentions.
    """
    return _fallback(answer, paginate(shown_claims(answer))[0], first=True)


def _fallback(answer: CitedAnswer, page: Page, *, first: bool) -> str:
    said = [f"{claim_text(c)} {_bracketed(claim_numbers(c))}".strip() for c in page.claims]
    if first and is_declined(answer):
        said.insert(0, declined_text(answer))
    sources = _source_lines(page.listed)
    room = FALLBACK_MOST - units(sources) - 1
    text = _fitted(" ".join(said) or "The answer goes on.", room)
    return f"{text}\n{sources}" if sources else text


def _bracketed(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _source_lines(citations: Sequence[Citation]) -> str:
    """Return one escaped line for each citation, all of them, as long as there is room for."""
    for most in _LINE_LENGTHS:
        lines = [
            f"[{c.number}] {mrkdwn(shorten(title_text(c) + byline(c), most))}" for c in citations
        ]
        text = "\n".join(lines)
        if units(text) <= _NOTES_SHARE:
            return text
    return _bracketed([c.number for c in citations])


def _fitted(text: str, most: int) -> str:
    """Return escaped text of at most ``most`` units."""
    cut = most
    while units(escaped := mrkdwn(shorten(text, cut))) > most:
        cut = cut * 3 // 4
    return escaped
