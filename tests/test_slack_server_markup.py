"""What a reader sees of mrkdwn and Markdown, and what Slack finds in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slack_server.block_reading import read_markdown, read_mrkdwn
from tests.slack_server.clock import Clock
from tests.slack_server.typing_text import rich_blocks, typed
from tests.slack_server.world import World

PIECES = [
    "<",
    ">",
    "&",
    "|",
    "!here",
    "@U1",
    "https://e.org",
    "*",
    "_",
    "`",
    "```",
    "[",
    "](",
    ")",
    "&lt;",
    "a",
    "-",
    "1.",
    "#",
    "|-|",
    "🙂",
]
PIECES += ["\n", " ", "\ue0000\ue001", "\u202e"]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* _it_ ~gone~ `code`", "bold it gone code"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("*_both_*", "both"),
        ("```\n*kept*\n```", "*kept*\n"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("<https://e.org|a &amp; b>", "a & b"),
        ("<https://e.org/a b|label>", "<https://e.org/a b|label>"),
        ("<!date^1^{date}|1970>", "1970"),
        ("<!subteam^S1>", "@S1"),
        ("<b>", "<b>"),
    ],
)
def test_mrkdwn_is_shown_without_its_marks(text: str, shown: str) -> None:
    assert "\n".join(read_mrkdwn(text).lines) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Title\n\ntext **bold** *it* `code`", "Title\ntext bold it code"),
        ("- one\n- two\n  1. inner", "• one\n• two\n  1. inner"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("> quoted\n> twice", "> quoted\n> twice"),
        ("```py\nx = '<!here>'\n```", "x = '@here'"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("one\n\n---\n\ntwo", "one\n———\ntwo"),
        ("<https://e.org|label> \\*plain\\*", "label *plain*"),
    ],
)
def test_markdown_is_shown_without_its_marks(text: str, shown: str) -> None:
    assert "\n".join(read_markdown(text).lines) == shown


def test_links_say_what_they_show_and_where_they_go() -> None:
    found = read_markdown("[bank.com](https://evil.org) ![alt](https://i.org/p.png) https://b.org.")
    assert found.links == [
        ("bank.com", "https://evil.org"),
        ("alt", "https://i.org/p.png"),
        ("https://b.org", "https://b.org"),
    ]


def test_mentions_count_even_in_code_and_escaped_ones_do_not() -> None:
    assert read_mrkdwn("`<!here>` &lt;!channel&gt;").mentions == [("here", "here")]
    assert read_markdown("&lt;!channel>").mentions == []


@given(HOSTILE)
def test_no_text_makes_the_readers_fail(text: str) -> None:
    read_mrkdwn(text)
    read_markdown(text)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ue000\ue001"))
)
def test_entities_for_angle_brackets_leave_nothing_to_parse(text: str) -> None:
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    assert read_mrkdwn(escaped).mentions == []
    assert read_markdown(escaped).mentions == []


@given(HOSTILE)
def test_what_people_type_is_escaped_and_becomes_valid_blocks(text: str) -> None:
    stored = typed(World(Clock(0.0), "footnote"), text)
    assert rich_blocks(stored)[0]["type"] == "rich_text"
    assert "\ue000" not in stored
