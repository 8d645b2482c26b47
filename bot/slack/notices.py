"""Messages that do not answer a question: help, sources, news, queue, refusals, faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.slack.blocks import Block, Element, bullets, context, gap, line, link, rich_text, words
from bot.slack.escaping import clean_line, mrkdwn
from bot.slack.filters import FILTER_HELP
from bot.slack.fitting import shorten
from bot.slack.messages import CAREFUL, FALLBACK_MOST, IndexFacts, Post, moment
from bot.slack.notes import OUTLET_MOST, TITLE_MOST, day_text

MOST_OUTLETS = 15
MOST_NEWS = 10
MOST_PROMPTS = 4
_PROMPT_TITLE = 70

Refusal = Literal["guest", "shared_channel", "channel", "workspace"]

STATUS = "is reading the articles…"
LOADING = (
    "Searching the articles…",
    "Reading the sentences that were found…",
    "Checking each statement against its sentences…",
)
_REFUSALS: dict[Refusal, str] = {
    "guest": "I don't answer guests here. Someone in the workspace's own team can ask me.",
    "shared_channel": (
        "I don't answer in channels that are shared with other organisations."
        " Ask me in a direct message or in another channel."
    ),
    "channel": "I don't answer in this channel. Ask me in a direct message or in another channel.",
    "workspace": "I don't answer in this workspace; whoever runs me has not allowed it.",
}
WAYS = (
    "in a channel: mention me with your question",
    "in a thread that I have answered: ask on, without a mention",
    "in a direct message, or in the agent panel",
    "for yourself alone: /footnote and your question, in any channel",
    "about a message: its menu, then “Ask Footnote about this”",
)


@dataclass(frozen=True, slots=True)
class OutletCount:
    """How many articles of an outlet are in the index; None counts those that name none."""

    outlet: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the index holds: outlets, most articles first, and its first and last ISO date."""

    outlets: tuple[OutletCount, ...]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that came into the index lately."""

    title: str
    outlet: str | None
    published: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that the agent panel offers."""

    title: str
    message: str


def help_post(bot_name: str = "Footnote") -> Post:
    """Return how to ask, with the filters that can be typed."""
    name = shorten(clean_line(bot_name), OUTLET_MOST)
    what = "I answer from our articles, and for every statement I show the sentence that says so."
    blocks = (
        rich_text(line(words(name, bold=True), gap(f": {what}"))),
        rich_text(line(words("How to ask", bold=True)), bullets([[gap(way)] for way in WAYS])),
        rich_text(
            line(words("Filters you can type in a question", bold=True)),
            bullets([[words(f, code=True), gap(f": {what}")] for f, what in FILTER_HELP]),
        ),
        context(
            "Say *sources* for what I have read, *what is new* for the latest articles. "
            "👍 and 👎 below an answer reach the people who check me.",
            CAREFUL,
        ),
    )
    return Post(mrkdwn(f"{name}: {what} Mention me with a question."), blocks)


def sources_post(facts: IndexFacts, holdings: Holdings) -> Post:
    """Return what the index holds: articles, outlets, dates, when it was made."""
    return Post(
        _text(f"I have read {facts.articles:,} articles{_span(holdings)}."),
        tuple(holdings_blocks(facts, holdings)),
    )


def holdings_blocks(facts: IndexFacts, holdings: Holdings) -> list[Block]:
    """Return what the index holds, as blocks for a message or for the Home tab."""
    count = f"{facts.articles:,} article{'s' if facts.articles != 1 else ''}"
    parts: list[Element] = [line(words(count, bold=True), gap(_span(holdings)))]
    shown = holdings.outlets[:MOST_OUTLETS]
    if shown:
        parts.append(bullets([_outlet(each) for each in shown]))
    left = len(holdings.outlets) - len(shown)
    if left:
        parts.append(line(gap(f"and {left:,} more outlet{'s' if left != 1 else ''}")))
    return [rich_text(*parts), context(f"Index of {moment(facts.made_at)}")]


def _outlet(each: OutletCount) -> list[Element]:
    name = shorten(clean_line(each.outlet or ""), OUTLET_MOST)
    return [words(name) if name else gap("no outlet named"), gap(f" · {each.articles:,}")]


def _span(holdings: Holdings) -> str:
    first, last = day_text(holdings.first), day_text(holdings.last)
    if first is None or last is None:
        return ""
    return f", of {first}" if first == last else f", from {first} to {last}"


def news_post(facts: IndexFacts, articles: Sequence[NewArticle]) -> Post:
    """Return the latest articles, at most ten, in the order given."""
    shown = articles[:MOST_NEWS]
    if not shown:
        told = "Nothing has come into the index lately."
        return Post(
            told, (rich_text(line(gap(told))), context(f"Index of {moment(facts.made_at)}"))
        )
    items = []
    for article in shown:
        title = shorten(clean_line(article.title), TITLE_MOST) or "Untitled article"
        outlet = shorten(clean_line(article.outlet or ""), OUTLET_MOST)
        behind = [words(part) for part in (outlet, day_text(article.published)) if part]
        items.append(
            [link(article.url, title), *(e for each in behind for e in (gap(" · "), each))]
        )
    blocks = (
        rich_text(line(words("New in the index", bold=True)), bullets(items)),
        context(f"Index of {moment(facts.made_at)}"),
    )
    titles = "; ".join(shorten(clean_line(each.title), TITLE_MOST) for each in shown)
    return Post(_text(f"New in the index: {titles}"), blocks)


def queue_post(before: int) -> Post:
    """Return that a question waits for its turn; ``before`` questions come first."""
    if before > 0:
        told = (
            f"Your question is in the queue; {before:,} come{'s' if before == 1 else ''} before it."
        )
    else:
        told = "Your question is next."
    return _notice(told)


def limit_post(seconds: float) -> Post:
    """Return that someone has asked more than is allowed, and when they can ask again."""
    minutes = max(1, round(seconds / 60))
    wait = f"{minutes} minutes" if minutes > 1 else "a minute"
    return _notice(f"You have asked a lot in a short time. Please ask again in {wait}.")


def refusal_post(refusal: Refusal) -> Post:
    """Return why there is no answer for this person or at this place."""
    return _notice(_REFUSALS[refusal])


def fault_post(user_message: str, reference: str, *, retryable: bool = False) -> Post:
    """Return what went wrong in plain words, with an id under which the log has the rest.

    ``user_message`` is `bot.errors.BotFault.user_message`, never an exception's text.
    """
    told = shorten(clean_line(user_message), 500)
    advice = " Please ask again in a little while." if retryable else ""
    shown = shorten(clean_line(reference), 64)
    blocks = (
        rich_text(line(words(told + advice))),
        rich_text(line(gap("Reference: "), words(shown, code=True))),
    )
    return Post(_text(f"{told}{advice} Reference: {shown}"), blocks)


def filter_post(problems: Sequence[str]) -> Post:
    """Return why the filters of a question could not be used; nothing was searched for."""
    told = "I have not searched, because I did not understand a filter:"
    shown = [shorten(clean_line(problem), 300) for problem in problems[:10]]
    blocks = (
        rich_text(line(gap(told)), bullets([[words(problem)] for problem in shown])),
        rich_text(
            line(gap("What you can type:")),
            bullets([[words(f, code=True), gap(f": {what}")] for f, what in FILTER_HELP]),
        ),
    )
    return Post(_text(f"{told} {' '.join(shown)}"), blocks)


def suggested_prompts(titles: Sequence[str]) -> tuple[Prompt, ...]:
    """Return at most four questions about articles with these titles, for the agent panel.

    The message is said by the reader who presses it, so nothing of a title may
    mention anyone in it.

    >>> suggested_prompts(["Ferry runs aground"])[0].message
    'What do the articles say about “Ferry runs aground”?'
    """
    prompts: list[Prompt] = []
    for title in titles:
        shown = shorten(clean_line(title.translate(_SPOKEN)), _PROMPT_TITLE)
        if shown and len(prompts) < MOST_PROMPTS:
            prompts.append(Prompt(shown, f"What do the articles say about “{shown}”?"))
    return tuple(prompts)


_SPOKEN = str.maketrans(dict.fromkeys("<>@&", " "))


def _notice(told: str) -> Post:
    return Post(told, (rich_text(line(gap(told))),))


def _text(told: str) -> str:
    return mrkdwn(shorten(told, FALLBACK_MOST // 5))
