"""Streams of the local Slack, by the SDK's `chat_stream` and call by call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack_server import LocalSlack, Said


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def said(slack: LocalSlack) -> Said:
    return slack.say("anna", "general", "@footnote who?")


def target(slack: LocalSlack, said: Said) -> dict[str, Any]:
    return {
        "channel": said.channel_id,
        "thread_ts": said.ts,
        "recipient_team_id": slack.team.id,
        "recipient_user_id": said.message.user_id,
    }


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_the_sdks_stream_grows_and_ends_with_blocks(
    slack: LocalSlack, client: WebClient, said: Said
) -> None:
    stream = client.chat_stream(**target(slack, said), buffer_size=1)
    stream.append(markdown_text="Peskov **confirmed** it.")
    assert slack.transcript("general")[1] == "  footnote: Peskov confirmed it. (writing…)"
    assert slack.answers(said) == []
    stream.append(markdown_text=" `1`")
    button = {"type": "button", "text": {"type": "plain_text", "text": "See"}, "action_id": "see"}
    stream.stop(blocks=[{"type": "actions", "elements": [button]}])
    answer = slack.wait_for_answer(said)
    assert slack.transcript("general")[1:] == ["  footnote: Peskov confirmed it. 1", "    [See]"]
    assert slack.read(answer).buttons == ["See"]


def test_a_stream_dies_five_minutes_after_its_start_whatever_was_appended(
    slack: LocalSlack, client: WebClient, said: Said
) -> None:
    stream = client.chat_stream(**target(slack, said), buffer_size=1)
    stream.append(markdown_text="one")
    slack.clock.advance(200)
    stream.append(markdown_text=" two")
    update = {"channel": said.channel_id, "ts": stream.ts, "text": "all"}
    assert refusal(client.chat_update, **update) == "streaming_state_conflict"
    slack.clock.advance(101)
    assert refusal(stream.append, markdown_text=" three") == "message_not_in_streaming_state"
    assert refusal(stream.stop) == "message_not_in_streaming_state"
    client.chat_update(**update)
    assert slack.transcript("general")[1] == "  footnote: all (edited)"
    assert len(slack.answers(said)) == 1


def test_a_stopped_stream_takes_no_more(slack: LocalSlack, client: WebClient, said: Said) -> None:
    ts = client.chat_startStream(**target(slack, said), markdown_text="a")["ts"]
    place = {"channel": said.channel_id, "ts": ts}
    client.chat_stopStream(**place, markdown_text="b")
    assert (
        refusal(client.chat_appendStream, **place, markdown_text="c")
        == "message_not_in_streaming_state"
    )
    assert refusal(client.chat_stopStream, **place) == "message_not_in_streaming_state"
    assert client.chat_update(**place, text="later")["ok"]


def test_what_a_stream_needs(slack: LocalSlack, client: WebClient, said: Said) -> None:
    start, full = client.chat_startStream, target(slack, said)
    assert refusal(start, **{**full, "recipient_team_id": None}) == "missing_recipient_team_id"
    assert refusal(start, **{**full, "recipient_user_id": None}) == "missing_recipient_user_id"
    assert refusal(start, **{**full, "recipient_user_id": "U0404"}) == "user_not_found"
    assert refusal(start, **{**full, "thread_ts": None}) == "invalid_arguments"
    assert refusal(start, **{**full, "thread_ts": "soon"}) == "invalid_thread_ts"
    assert refusal(start, **{**full, "thread_ts": "1.000000"}) == "thread_not_found"
    assert refusal(start, **full, markdown_text="x" * 12_001) == "msg_too_long"
    assert refusal(start, **full, chunks=[{"type": "video"}]) == "invalid_chunks"


def test_a_direct_message_needs_no_recipient(slack: LocalSlack, client: WebClient) -> None:
    said = slack.say("anna", "dm", "who?")
    ts = client.chat_startStream(channel=said.channel_id, thread_ts=said.ts)["ts"]
    client.chat_stopStream(channel=said.channel_id, ts=ts, markdown_text="he")
    assert slack.text(slack.wait_for_answer(said)) == "he"


def test_what_appends_and_stops_refuse(slack: LocalSlack, client: WebClient, said: Said) -> None:
    ts = client.chat_startStream(**target(slack, said))["ts"]
    place = {"channel": said.channel_id, "ts": ts}
    assert refusal(client.chat_appendStream, **place) == "no_text"
    assert refusal(client.chat_appendStream, **place, markdown_text="x" * 12_001) == "msg_too_long"
    divider = {"type": "divider"}
    assert refusal(client.chat_stopStream, **place, blocks=[divider] * 51) == "msg_blocks_too_many"
    assert refusal(client.chat_stopStream, **place, blocks=[{"type": "x"}]) == "invalid_blocks"
    missing = {**place, "ts": "1.000000", "markdown_text": "a"}
    assert refusal(client.chat_appendStream, **missing) == "message_not_found"
    assert client.chat_stopStream(**place, blocks=[divider] * 50)["ok"]


def test_a_mention_split_over_two_appends_still_notifies(
    slack: LocalSlack, client: WebClient, said: Said
) -> None:
    stream = client.chat_stream(**target(slack, said), buffer_size=1)
    stream.append(markdown_text="see <!chan")
    assert slack.notifications == []
    stream.append(markdown_text="nel> [a](https://e.org) ")
    stream.append(markdown_text="end")
    stream.stop()
    assert [n.kind for n in slack.notifications] == ["channel"]
    assert [link.url for link in slack.links] == ["https://e.org"]
    assert slack.unfurls == []


def test_tasks_show_their_last_state(slack: LocalSlack, client: WebClient, said: Said) -> None:
    stream = client.chat_stream(**target(slack, said), buffer_size=1)
    task = {"type": "task_update", "id": "1", "title": "Searching", "status": "in_progress"}
    stream.append(chunks=[task])
    stream.append(chunks=[{**task, "status": "complete"}], markdown_text="Found.")
    stream.stop()
    assert slack.transcript("general")[1:] == ["  footnote: Found.", "    [complete] Searching"]


def test_starting_a_stream_ends_the_status(
    slack: LocalSlack, client: WebClient, said: Said
) -> None:
    client.assistant_threads_setStatus(
        channel_id=said.channel_id, thread_ts=said.ts, status="is thinking…"
    )
    client.chat_startStream(**target(slack, said))
    assert slack.world.status(said.channel_id, said.ts) is None
    assert [entry[2] for entry in slack.world.status_log] == ["is thinking…", ""]


def test_a_reader_can_stop_the_stream(slack: LocalSlack, client: WebClient, said: Said) -> None:
    ts = client.chat_startStream(**target(slack, said), markdown_text="a")["ts"]
    delivery = slack.stop_session("anna", "general", said.ts)
    assert delivery is not None
    assert delivery.event["streaming_message_ts"] == [ts]
    late = {"channel": said.channel_id, "ts": ts, "markdown_text": "b"}
    assert refusal(client.chat_appendStream, **late) == "message_not_in_streaming_state"
