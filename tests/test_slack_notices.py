"""Help, sources, news, queue, refusals, faults and the Home tab: short, whole and harmless."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.home import Asked, home_view
from bot.slack.messages import Post
from bot.slack.notices import (
    LOADING,
    Holdings,
    NewArticle,
    OutletCount,
    Prompt,
    Refusal,
    fault_post,
    filter_post,
    help_post,
    limit_post,
    news_post,
    queue_post,
    refusal_post,
    sources_post,
    suggested_prompts,
)
from tests.slack_cases import FACTS, HOSTILE, assert_accepted, lines
from tests.slack_server import limits, validate_view
from tests.slack_server.block_reading import read_blocks, read_mrkdwn

HELD = Holdings((OutletCount("RT", 2), OutletCount(None, 1)), "2016-08-01", "2016-08-03")
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def assert_harmless(post: Post) -> None:
    """Assert that Slack takes a post, and that it mentions nobody."""
    assert_accepted(post.blocks)
    assert 0 < len(post.text) <= limits.UPDATE_TEXT
    assert read_blocks(list(post.blocks)).mentions == []
    assert read_mrkdwn(post.text).mentions == []


def test_help_names_every_way_to_ask_and_every_filter() -> None:
    shown = "\n".join(lines(help_post().blocks))
    for word in ("mention me", "/footnote", "direct message", "since:2016-08-01", "outlet:RT"):
        assert word in shown
    assert_harmless(help_post())


def test_sources_say_how_many_articles_of_whom_and_from_when() -> None:
    assert lines(sources_post(FACTS, HELD).blocks) == [
        "3 articles, from 1 Aug 2016 to 3 Aug 2016",
        "• RT · 2",
        "• no outlet named · 1",
        "Index of 22 Nov 2026, 09:14 UTC",
    ]


def test_news_lists_titles_with_links_outlets_and_dates() -> None:
    post = news_post(
        FACTS, [NewArticle("Ferry aground", "RT", "2016-08-01", "https://e.example/a")]
    )
    assert lines(post.blocks)[1] == "• Ferry aground · RT · 1 Aug 2016"
    assert read_blocks(list(post.blocks)).links == [("Ferry aground", "https://e.example/a")]


def test_no_news_is_said() -> None:
    assert lines(news_post(FACTS, []).blocks)[0] == "Nothing has come into the index lately."


@pytest.mark.parametrize(
    ("before", "said"), [(0, "is next"), (1, "1 comes before it"), (12, "12 come before it")]
)
def test_the_queue_says_how_many_come_before(before: int, said: str) -> None:
    assert said in queue_post(before).text


def test_a_limit_says_when_to_ask_again() -> None:
    assert limit_post(20).text.endswith("again in a minute.")
    assert limit_post(300).text.endswith("again in 5 minutes.")


@pytest.mark.parametrize("refusal", get_args(Refusal))
def test_every_refusal_says_why(refusal: Refusal) -> None:
    assert_harmless(refusal_post(refusal))


def test_a_fault_is_told_in_plain_words_with_a_reference() -> None:
    post = fault_post("The index could not be read.", "e-12", retryable=True)
    assert lines(post.blocks) == [
        "The index could not be read. Please ask again in a little while.",
        "Reference: e-12",
    ]


@SLOW
@given(HOSTILE, HOSTILE, HOSTILE, st.none() | HOSTILE)
def test_hostile_titles_outlets_and_questions_stay_harmless(
    one: str, two: str, three: str, url: str | None
) -> None:
    held = Holdings((OutletCount(one, 2),) * 40, None, "2016-08-03")
    news = [NewArticle(one, two, "2016-08-01", url)] * 12
    posts = (
        help_post(one),
        sources_post(FACTS, held),
        news_post(FACTS, news),
        fault_post(one, two),
        filter_post([one, two, three] * 5),
    )
    for post in posts:
        assert_harmless(post)
    view: dict[str, Any] = home_view(FACTS, held, [Asked(one, "2026-11-22", True, url)] * 12)
    assert validate_view(view) == []
    assert read_blocks(view["blocks"]).mentions == []


def test_prompts_come_from_titles_and_cannot_mention_anyone() -> None:
    titles = ["Ferry", "<!channel> @here", " ", "C", "D", "E"]
    prompts = suggested_prompts(titles)
    assert prompts[0] == Prompt("Ferry", "What do the articles say about “Ferry”?")
    assert len(prompts) == limits.SUGGESTED_PROMPTS
    assert not set("<>@&") & set("".join(p.message for p in prompts))


def test_loading_messages_are_as_many_as_slack_takes() -> None:
    assert len(LOADING) <= limits.LOADING_MESSAGES


def test_home_shows_what_is_known_how_to_ask_and_the_last_questions() -> None:
    asked = [Asked("Who?", "2026-11-22T09:00:00+00:00", False, "https://team.slack.com/archives/1")]
    view: dict[str, Any] = home_view(FACTS, HELD, asked)
    shown = read_blocks(view["blocks"]).lines
    assert "3 articles, from 1 Aug 2016 to 3 Aug 2016" in shown
    assert "• Who? · 22 Nov 2026 · not answered" in shown
    assert validate_view(view) == []


def test_home_without_an_index_and_without_questions_says_so() -> None:
    view: dict[str, Any] = home_view(None, None, [])
    shown = read_blocks(view["blocks"]).lines
    assert "Nothing yet: no articles have been indexed." in shown
    assert "You have not asked anything yet." in shown
