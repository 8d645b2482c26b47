"""Answers for tests of what Slack is shown: plain ones, and hostile ones by hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.answers import Citation, CitedAnswer, Claim
from bot.slack.blocks import Block
from bot.slack.messages import IndexFacts
from tests.slack_server import blocks_size, limits, validate_blocks
from tests.slack_server.block_reading import read_blocks

FACTS = IndexFacts("g-1", "2026-11-22T09:14:00+00:00", 3)
KILLED = "Dmitri S. Peskov has confirmed that those on board the helicopter were killed."
NAMES = "The names of the victims have not been revealed."


def citation(number: int = 1, exact: str = KILLED, **changes: Any) -> Citation:
    """Return a citation; it has an address and a link to the sentence."""
    fields: dict[str, Any] = {
        "number": number,
        "article_id": "idlib.txt",
        "content_hash": "0" * 64,
        "start": 100 * number,
        "end": 100 * number + len(exact),
        "exact": exact,
        "prefix": "before ",
        "suffix": " after",
        "title": "Helicopter shot down in Idlib",
        "outlet": "RT",
        "published": "2016-08-01",
        "url": "https://post.example/a?x=1&y=2",
        "link": f"https://post.example/a?x=1&y=2#:~:text={number},Dmitri%20S.",
    }
    return Citation(**{**fields, **changes})


def claim(text: str, *citations: Citation) -> Claim:
    """Return a supported claim."""
    return Claim(text, citations, "supported")


def answer(*claims: Claim, **changes: Any) -> CitedAnswer:
    """Return an answer that says these claims."""
    fields: dict[str, Any] = {
        "id": "7f3a",
        "question": "Who confirmed it?",
        "status": "answered",
        "reason": None,
        "mode": "model",
        "claims": claims,
        "withheld": (),
        "nearest": (),
        "generation": "g-1",
    }
    return CitedAnswer(**{**fields, **changes})


def declined(
    *nearest: Citation, reason: str | None = "nothing in them is about this"
) -> CitedAnswer:
    """Return a declined answer."""
    return answer(status="declined", reason=reason, nearest=nearest, mode="extractive")


SPOKEN = answer(
    claim("Peskov, the president's spokesman, confirmed it.", citation(1)),
    claim("The victims' names are not known.", citation(2, NAMES)),
)
QUOTED = answer(claim(KILLED, citation(1)), claim(NAMES, citation(2, NAMES)), mode="extractive")
FORTY = answer(
    *(claim(f"Statement {n} stands. " + "word " * 30, citation(n)) for n in range(1, 41))
)

PIECES = [
    "<!channel>",
    "<!here|x>",
    "<@U0000001>",
    "<#C0000001>",
    "<!subteam^S1>",
    "<https://evil.example|Slack>",
    "[Slack](https://evil.example/b)",
    "![x](https://evil.example/a.png)",
    "https://evil.example/a",
    "`",
    "```",
    "*b*",
    "_i_",
    "~s~",
    "~~s~~",
    "&amp;",
    "&lt;!here&gt;",
    "@channel",
    "# ",
    "> ",
    "- ",
    "1. ",
    "|a|b|",
    "---",
    "\n",
    "\r\n\n",
    "\x00\x1b[31m",
    "\u2028",
    "\u202e",
    "\u2066",
    "\ud800",
    "\ue0000\ue001",
    "🇸🇾",
    "👩‍👩‍👧‍👦",
    "e\u0301\u0301\u0301",
    "قال المتحدث إن الجميع قتلوا.",
    "он сказал.",
    '"quoted" \\back\\slash',
    ":smile:",
    "word ",
    "It ended. ",
    "a" * 90,
    "。",
]
HOSTILE = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(
        lambda p: ("".join(p) * 400)[:10_000]
    ),
    st.text(min_size=1, max_size=60),
)
ADDRESSES = st.one_of(
    st.none(),
    st.just("https://post.example/a?x=1&y=2#:~:text=one,two"),
    HOSTILE.map(lambda t: f"https://post.example/{t}"),
    HOSTILE,
)


@st.composite
def citations(draw: st.DrawFn, number: int) -> Citation:
    """Draw a citation of which everything is hostile."""
    url = draw(ADDRESSES)
    return citation(
        number,
        draw(HOSTILE),
        article_id=draw(st.sampled_from(["a", "b", "<!here>"])),
        title=draw(HOSTILE),
        outlet=draw(st.none() | HOSTILE),
        published=draw(st.sampled_from([None, "2016-08-01", "2016-08-01T09:30:00+00:00"])),
        url=url,
        link=url,
        page=draw(st.none() | st.integers(1, 900)),
    )


@st.composite
def answers(draw: st.DrawFn) -> CitedAnswer:
    """Draw an answer: up to 40 citations, each cited somewhere; quoted sentences among claims."""
    count = draw(st.sampled_from([1, 2, 3, 8, 40]))
    one = draw(citations(1))
    # One drawn in full and the rest from it: 40 draws of everything take too long.
    every = [one, *(_renumbered(draw, one, n) for n in range(2, count + 1))]
    claims: list[Claim] = []
    while every:
        taken = draw(st.integers(1, len(every)))
        group, every = tuple(every[:taken]), every[taken:]
        text = draw(st.sampled_from([group[0].exact, "A plain statement.", None])) or draw(HOSTILE)
        claims.append(claim(text, *group))
    if len(claims) > 1 and draw(st.booleans()):
        claims.append(claim("Said again.", *claims[0].citations[:1]))
    return answer(
        *claims,
        question=draw(HOSTILE),
        reason=draw(st.none() | HOSTILE),
        withheld=(claim("never shown"),) * draw(st.integers(0, 2)),
    )


def _renumbered(draw: st.DrawFn, one: Citation, number: int) -> Citation:
    exact = draw(st.sampled_from([one.exact, KILLED, f"{NAMES} {'x' * 300}"]))
    return citation(number, exact, title=one.title, outlet=one.outlet, url=one.url, link=one.link)


def assert_accepted(blocks: tuple[Block, ...] | list[Block]) -> None:
    """Assert that Slack would take a message with these blocks."""
    assert validate_blocks(list(blocks)) == []
    assert blocks_size(list(blocks)) <= limits.BLOCKS_JSON


def lines(blocks: object) -> list[str]:
    """Return the lines that a reader sees of blocks."""
    return read_blocks(list(blocks)).lines  # type: ignore[call-overload]


def numbers(blocks: tuple[Block, ...]) -> tuple[list[int], list[int]]:
    """Return the numbers behind claims and the numbers in the list of sources, as shown."""
    inline: list[int] = []
    listed: list[int] = []
    for block in blocks:
        if block["type"] != "rich_text":
            continue
        parts: list[Any] = block["elements"]  # type: ignore[assignment]
        sources = parts[0]["elements"][0]["text"] == "Sources"
        for part in parts[1:] if sources else parts:
            codes = [e["text"] for e in part["elements"] if e.get("style", {}).get("code")]
            if sources:
                listed.append(int(codes[0]))
            else:
                inline += [int(n) for code in codes for n in code.split(", ")]
    return inline, listed
