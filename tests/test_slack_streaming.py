"""A stream says the same as a post, piece by piece, and ends where the post ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from slack_sdk import WebClient

from bot.answers import CitedAnswer, Claim
from bot.slack.fitting import MESSAGE_ROOM, room_taken
from bot.slack.messages import answer_posts
from bot.slack.streaming import (
    belongs_in_stream,
    stream_chunk,
    stream_end_blocks,
    stream_rest,
)
from tests.slack_cases import FACTS, FORTY, KILLED, NAMES, QUOTED, SPOKEN, answers, numbers
from tests.slack_server import LocalSlack
from tests.slack_server.block_reading import read_markdown

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as running:
        yield running


def streamed(answer: CitedAnswer) -> tuple[list[Claim], list[str]]:
    """Return the claims that belong into the stream, and their chunks."""
    claims: list[Claim] = []
    chunks: list[str] = []
    for claim in answer.claims:
        if not belongs_in_stream(claims, claim):
            break
        chunks.append(stream_chunk(claim, claims[-1] if claims else None))
        claims.append(claim)
    return claims, chunks


def test_statements_follow_each_other_in_one_paragraph() -> None:
    assert streamed(SPOKEN)[1] == [
        "Peskov, the president's spokesman, confirmed it. `1`",
        " The victims' names are not known. `2`",
    ]


def test_quoted_sentences_stand_apart() -> None:
    text = "".join(streamed(QUOTED)[1])
    assert read_markdown(text).lines == [f"> {KILLED} 1", f"> {NAMES} 2"]


def test_a_quote_and_a_statement_do_not_run_together() -> None:
    mixed = replace(QUOTED, claims=(QUOTED.claims[0], SPOKEN.claims[1], QUOTED.claims[1]))
    assert read_markdown("".join(streamed(mixed)[1])).lines == [
        f"> {KILLED} 1",
        "The victims' names are not known. 2",
        f"> {NAMES} 2",
    ]


def test_what_does_not_fit_follows_as_posts_with_every_note() -> None:
    claims, _ = streamed(FORTY)
    assert 0 < len(claims) < 40
    rest = stream_rest(FORTY, FACTS, "channel")
    listed = [
        *numbers(stream_end_blocks(FORTY, FACTS, "channel"))[1],
        *(n for post in rest for n in numbers(post.blocks)[1]),
    ]
    assert listed == list(range(1, 41))


@SLOW
@given(answers())
def test_a_stream_ends_at_the_claim_at_which_the_posted_page_ends(answer: CitedAnswer) -> None:
    claims, _ = streamed(answer)
    posts = answer_posts(answer, FACTS, "channel")
    posted = {n for c in claims for n in [x.number for x in c.citations]}
    inline, listed = numbers(posts[0].blocks)
    assert set(inline) == posted
    assert numbers(stream_end_blocks(answer, FACTS, "channel"))[1] == listed
    assert stream_rest(answer, FACTS, "channel") == posts[1:]


@SLOW
@given(answers())
def test_a_hostile_stream_is_taken_and_notifies_nobody(
    slack: LocalSlack, answer: CitedAnswer
) -> None:
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    said = slack.say("anna", "dm", "who?")
    stream = client.chat_startStream(channel=said.channel_id, thread_ts=said.ts)
    claims, chunks = streamed(answer)
    where = {"channel": said.channel_id, "ts": stream["ts"]}
    for chunk in chunks:
        client.chat_appendStream(markdown_text=chunk, **where)
    before = len(slack.links)
    client.chat_stopStream(blocks=list(stream_end_blocks(answer, FACTS, "dm")), **where)
    assert slack.notifications == []
    assert slack.unfurls == []
    ended = stream_end_blocks(answer, FACTS, "dm")
    assert room_taken([{"text": "".join(chunks)}, *ended]) <= MESSAGE_ROOM
    titles = {link.label for link in slack.links[before:] if link.label != link.url}
    assert len(titles) <= len(answer.citations)
    shown = "\n".join(read_markdown("".join(chunks)).lines)
    for claim in claims:
        for citation in claim.citations:
            assert str(citation.number) in shown
