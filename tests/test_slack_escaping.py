"""Hostile text is shown as what it is, in every dialect of Slack."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.escaping import LONGEST_ADDRESS, address, clean_line, isolated, markdown, mrkdwn
from tests.slack_cases import HOSTILE
from tests.slack_server.block_reading import read_markdown, read_mrkdwn
from tests.slack_server.report import valid_url

PATIENT = settings(deadline=None)


def shown(text: str) -> str:
    """Return what a reader of Slack's Markdown sees, without the readers' own place marks."""
    return "\n".join(read_markdown(text).lines)


@pytest.mark.parametrize(
    "line",
    [
        "*bold* and __bold__ and ~~gone~~",
        "`code` and ```fence```",
        "[label](https://evil.example)",
        "![image](https://evil.example/a.png)",
        "<https://evil.example|label> <!channel> <@U1> <#C1>",
        "# not a heading",
        "> not a quote",
        "- not a list",
        "+ not a list",
        "2016. Not a list",
        "3) not a list",
        "---",
        "===",
        "| a | b |",
        "a\\*b\\",
        "snake_case_name 2*3*4",
        "[x]: https://evil.example",
        "<b>html</b>",
    ],
)
def test_a_line_is_shown_in_markdown_as_it_is(line: str) -> None:
    assert shown(markdown(line)) == line


@PATIENT
@given(HOSTILE)
def test_hostile_text_does_not_act_in_markdown(text: str) -> None:
    line = clean_line(text).translate({0xE000: None, 0xE001: None}).strip()
    reading = read_markdown(markdown(line))
    assert reading.mentions == []
    assert all(label == url for label, url in reading.links)
    if "&" not in line:
        assert "".join("\n".join(reading.lines).split()) == "".join(line.split())


@PATIENT
@given(st.lists(HOSTILE, min_size=2, max_size=4))
def test_pieces_of_a_stream_do_not_join_into_something_that_acts(texts: list[str]) -> None:
    reading = read_markdown(" ".join(markdown(clean_line(text)) for text in texts))
    assert reading.mentions == []
    assert all(label == url for label, url in reading.links)


@PATIENT
@given(HOSTILE)
def test_hostile_text_does_not_act_in_mrkdwn(text: str) -> None:
    reading = read_mrkdwn(mrkdwn(clean_line(text)))
    assert reading.mentions == []
    assert all(label == url for label, url in reading.links)


@PATIENT
@given(HOSTILE)
def test_a_clean_line_is_one_line_that_can_be_sent(text: str) -> None:
    line = clean_line(text)
    assert line.encode("utf-8").decode() == line
    assert len(line.splitlines()) <= 1
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u200b\x00\x1b")
    assert clean_line(line) == line


def test_emoji_and_persian_keep_their_joiners() -> None:
    assert clean_line("👩‍👩‍👧‍👦 می‌خواهم") == "👩‍👩‍👧‍👦 می‌خواهم"


def test_right_to_left_text_cannot_reorder_its_neighbours() -> None:
    assert isolated("قال") == "\u2068قال\u2069"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://e.example/a|b c", "https://e.example/a%7Cb%20c"),
        ("https://e.example/a?x=1&y=2#:~:text=a,-b", "https://e.example/a?x=1&y=2#:~:text=a,-b"),
        ("https://e.example/%20", "https://e.example/%20"),
        ('https://e.example/">', "https://e.example/%22%3E"),
        ("https://e.example/(a)", "https://e.example/%28a%29"),
        ("https://user:secret@e.example/", None),
        ("javascript:alert(1)", None),
        ("//e.example/", None),
        ("https:///a", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_made_safe_for_every_markup(url: str | None, safe: str | None) -> None:
    assert address(url) == safe


@PATIENT
@given(HOSTILE)
def test_an_address_is_one_that_slack_takes_or_none(text: str) -> None:
    for url in (text, f"https://e.example/{text}", f"https://{text}"):
        found = address(url)
        assert found is None or (valid_url(found) and len(found) <= LONGEST_ADDRESS)
        assert found is None or not set(found) & set("<>|\"' `()")


def test_a_long_address_loses_its_fragment_before_it_is_given_up() -> None:
    assert address("https://e.example/a#" + "x" * 2_000) == "https://e.example/a"
    assert address("https://e.example/" + "x" * 2_000) is None
