"""The Web API of the local Slack, asked by the real `slack_sdk` client."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from tests.slack_server import CannotError, LocalSlack
from tests.slack_server.world import BOT_SCOPES

pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")


@pytest.fixture(scope="module")
def running() -> Iterator[LocalSlack]:
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def slack(running: LocalSlack) -> LocalSlack:
    """The module's server, with a fresh channel for each test in `room(slack)`."""
    running.inject.clear()
    return running


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def room(slack: LocalSlack) -> str:
    name = f"room-{len(slack.world.channels)}"
    return slack.add_channel(name, members=["anna"]).id


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def post_raw(url: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        url, body, {k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_auth_test_names_the_bot_and_its_scopes(slack: LocalSlack, client: WebClient) -> None:
    found = client.auth_test()
    assert (found["team_id"], found["user_id"]) == (slack.team.id, slack.team.bot_user_id)
    assert set(found.headers["x-oauth-scopes"].split(",")) == set(BOT_SCOPES)


def test_tokens_are_checked(slack: LocalSlack) -> None:
    def asked(token: str | None) -> str:
        return refusal(WebClient(token, base_url=slack.api_url).auth_test)

    gone = slack.add_team("gone", installed=False)
    assert asked(None) == "not_authed"
    assert asked("xoxb-wrong") == "invalid_auth"
    assert asked(slack.app_token) == "not_allowed_token_type"
    assert asked(gone.bot_token) == "token_revoked"


def test_tokens_work_in_the_header_and_in_the_body_and_bodies_as_json_and_as_forms(
    slack: LocalSlack, room: str
) -> None:
    url = f"{slack.api_url}chat.postMessage"
    form = {"channel": room, "text": "form", "token": slack.bot_token}
    blocks = json.dumps([{"type": "divider"}])
    encoded = urllib.parse.urlencode({**form, "blocks": blocks}).encode()
    assert post_raw(url, encoded)[1]["message"]["blocks"] == [{"type": "divider"}]
    body = json.dumps({"channel": room, "text": "json"}).encode()
    headers = {
        "Content_Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {slack.bot_token}",
    }
    assert post_raw(url, body, **headers)[1]["ok"] is True
    assert slack.transcript(room) == ["footnote: ———", "footnote: json"]


def test_an_unknown_method_says_so(client: WebClient) -> None:
    assert refusal(client.api_call, api_method="chat.shout") == "unknown_method"


def test_a_missing_scope_is_named(slack: LocalSlack, client: WebClient, room: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.conversations_info(channel=room)
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "channels:read"
    assert "chat:write" in caught.value.response["provided"]


def test_a_message_and_its_reply_are_read_as_a_thread(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    said = slack.say("anna", room, "@footnote who?")
    client.chat_postMessage(channel=room, thread_ts=said.ts, text="*Peskov* &amp; <@U404> `x`")
    found = client.conversations_replies(channel=room, ts=said.ts)["messages"]
    assert [m["user"] for m in found] == [said.message.user_id, slack.team.bot_user_id]
    assert found[0]["reply_count"] == 1
    assert slack.transcript(room) == ["anna: @footnote who?", "  footnote: Peskov & @U404 x"]
    assert slack.transcript(room, said.ts)[1] == "footnote: Peskov & @U404 x"


def test_replies_come_in_pages(slack: LocalSlack, client: WebClient, room: str) -> None:
    said = slack.say("anna", room, "one")
    for number in range(4):
        slack.say("anna", room, str(number), said.ts)
    texts: list[str] = []
    for page in client.conversations_replies(channel=room, ts=said.ts, limit=2):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["one", "0", "1", "2", "3"]


def test_where_the_bot_may_not_post(slack: LocalSlack, client: WebClient) -> None:
    outside = slack.add_channel("outside", members=["anna"], bot=False)
    secret = slack.add_channel("secret", private=True, members=["anna"], bot=False)
    old = slack.add_channel("old", archived=True)
    other = slack.add_channel("elsewhere", team=slack.add_team("other"))
    post = client.chat_postMessage
    assert refusal(post, channel="C0404", text="a") == "channel_not_found"
    assert refusal(post, channel=outside.id, text="a") == "not_in_channel"
    assert refusal(post, channel=secret.id, text="a") == "channel_not_found"
    assert refusal(post, channel=old.id, text="a") == "is_archived"
    assert refusal(post, channel=other.id, text="a") == "channel_not_found"


def test_what_a_message_may_not_be(client: WebClient, room: str) -> None:
    post = client.chat_postMessage
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5
    bad = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    huge = {"event_type": "a", "event_payload": {"b": "x" * 16_000}}
    assert refusal(post, channel=room, text=" ") == "no_text"
    assert refusal(post, channel=room, blocks="[{") == "invalid_blocks_format"
    assert refusal(post, channel=room, blocks=long) == "msg_blocks_too_long"
    assert refusal(post, channel=room, markdown_text="a", text="b") == "markdown_text_conflict"
    assert refusal(post, channel=room, markdown_text="x" * 12_001) == "msg_too_long"
    assert refusal(post, channel=room, text="a", metadata=huge) == "metadata_too_large"
    assert refusal(post, channel=room, text="a", metadata="{}}") == "invalid_metadata_format"
    assert refusal(post, channel=room, text="a", thread_ts="soon") == "invalid_thread_ts"
    assert refusal(post, channel=room, text="a", thread_ts="1.000000") == "thread_not_found"
    with pytest.raises(SlackApiError) as caught:
        post(channel=room, text="a", blocks=bad)
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_posted_text_is_cut_at_forty_thousand_characters(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    ts = client.chat_postMessage(channel=room, text="x" * 40_001)["ts"]
    assert len(slack.world.message(ts).text) == 40_000


def test_an_update_replaces_the_text_and_drops_the_blocks(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Old"}}]
    ts = client.chat_postMessage(channel=room, text="fallback", blocks=blocks)["ts"]
    client.chat_update(channel=room, ts=ts, text="new")
    assert slack.transcript(room) == ["footnote: new (edited)"]
    client.chat_update(channel=room, ts=ts, blocks=blocks)
    assert slack.transcript(room)[0].startswith("footnote: Old")


def test_what_an_update_may_not_do(slack: LocalSlack, client: WebClient, room: str) -> None:
    said = slack.say("anna", room, "mine")
    ts = client.chat_postMessage(channel=room, text="a")["ts"]
    update = client.chat_update
    assert refusal(update, channel=room, ts=said.ts, text="b") == "cant_update_message"
    assert refusal(update, channel=room, ts="1.000000", text="b") == "message_not_found"
    assert refusal(update, channel=room, ts=ts) == "no_text"
    assert refusal(update, channel=room, ts=ts, text="x" * 4001) == "msg_too_long"
    assert update(channel=room, ts=ts, text="x" * 4000)["ok"]
    assert refusal(client.chat_delete, channel=room, ts=said.ts) == "cant_delete_message"


def test_a_deleted_message_is_gone_and_cannot_be_answered(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    said = slack.say("anna", room, "@footnote never mind")
    slack.delete(said)
    assert slack.transcript(room) == []
    late = refusal(client.chat_postMessage, channel=room, thread_ts=said.ts, text="late")
    assert late == "thread_not_found"


def test_a_thread_outlives_its_deleted_question(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    said = slack.say("anna", room, "@footnote who?")
    client.chat_postMessage(channel=room, thread_ts=said.ts, text="he")
    slack.delete(said)
    client.chat_postMessage(channel=room, thread_ts=said.ts, text="she")
    assert slack.transcript(room) == [
        "(this message was deleted)",
        "  footnote: he",
        "  footnote: she",
    ]


def test_an_ephemeral_message_is_for_one_person(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    anna, ben = slack.world.user("anna"), slack.add_user("ben")
    slack.world.channel(room).members.add(ben.id)
    ts = client.chat_postEphemeral(channel=room, user=anna.id, text="psst")["message_ts"]
    assert slack.transcript(room, as_user="anna") == ["footnote: psst (only visible to anna)"]
    assert slack.transcript(room, as_user="ben") == []
    assert refusal(client.chat_update, channel=room, ts=ts, text="b") == "message_not_found"
    stranger = slack.add_user("eve")
    lost = refusal(client.chat_postEphemeral, channel=room, user=stranger.id, text="a")
    assert lost == "user_not_in_channel"


def test_a_permalink_names_the_message(client: WebClient, room: str) -> None:
    ts = client.chat_postMessage(channel=room, text="a")["ts"]
    link = client.chat_getPermalink(channel=room, message_ts=ts)["permalink"]
    assert link == f"https://team.slack.com/archives/{room}/p{ts.replace('.', '')}"


def test_reactions(slack: LocalSlack, client: WebClient, room: str) -> None:
    said = slack.say("anna", room, "look")
    at = {"channel": room, "timestamp": said.ts}
    client.reactions_add(**at, name="eyes")
    assert refusal(client.reactions_add, **at, name="eyes") == "already_reacted"
    assert refusal(client.reactions_add, **at, name="no such!") == "invalid_name"
    assert slack.transcript(room) == ["anna: look", "  :eyes: 1"]
    client.reactions_remove(**at, name="eyes")
    assert refusal(client.reactions_remove, **at, name="eyes") == "no_reaction"
    assert slack.transcript(room) == ["anna: look"]


def test_guests_and_strangers_are_told_apart(slack: LocalSlack, client: WebClient) -> None:
    guest = slack.add_user("guest", guest="single")
    stranger = slack.add_user("stranger", team=slack.add_team("partner", installed=False))
    assert client.users_info(user=guest.id)["user"]["is_ultra_restricted"] is True
    found = client.users_info(user=stranger.id)["user"]
    assert (found["is_stranger"], found["is_restricted"]) == (True, False)
    assert refusal(client.users_info, user="U0404") == "user_not_found"


def test_a_guest_sees_only_their_channels(slack: LocalSlack, room: str) -> None:
    slack.add_user("visitor", guest="multi")
    with pytest.raises(CannotError, match="cannot see"):
        slack.transcript(room, as_user="visitor")


def test_a_status_shows_until_a_reply_or_two_minutes(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    said = slack.say("anna", room, "@footnote who?")
    place = {"channel_id": room, "thread_ts": said.ts}
    client.assistant_threads_setStatus(**place, status="is thinking…")
    assert slack.transcript(room)[-1] == "  footnote is thinking…"
    slack.clock.advance(121)
    assert slack.transcript(room) == ["anna: @footnote who?"]
    client.assistant_threads_setStatus(**place, status="is searching…", loading_messages=["a"])
    client.chat_postMessage(channel=room, thread_ts=said.ts, text="he")
    assert slack.world.status(room, said.ts) is None
    many = refusal(
        client.assistant_threads_setStatus, **place, status="a", loading_messages=["a"] * 11
    )
    assert many == "invalid_arguments"
    bad = {**place, "thread_ts": "1.000000", "status": "a"}
    assert refusal(client.assistant_threads_setStatus, **bad) == "invalid_thread_ts"


def test_suggested_prompts_and_a_title(slack: LocalSlack, client: WebClient) -> None:
    dm = slack.dm("anna")
    said = slack.say("anna", dm, "hello")
    prompt = {"title": "t", "message": "m"}
    client.assistant_threads_setSuggestedPrompts(channel_id=dm.id, prompts=[prompt] * 4)
    assert slack.world.prompts[dm.id, None]["prompts"] == [prompt] * 4
    client.assistant_threads_setTitle(channel_id=dm.id, thread_ts=said.ts, title="Hello")
    assert slack.world.titles[dm.id, said.ts] == "Hello"
    call = client.assistant_threads_setSuggestedPrompts
    assert refusal(call, channel_id=dm.id, prompts=[prompt] * 5) == "invalid_arguments"


def test_what_notifies_links_and_unfurls_is_recorded(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    anna = slack.world.user("anna").id
    hostile = f"<!here> <@{anna}> <https://evil.org|bank.com> https://a.org/x.png. &lt;!channel&gt;"
    ts = client.chat_postMessage(channel=room, text=hostile, unfurl_links=False)["ts"]
    found = [n for n in slack.notifications if n.ts == ts]
    assert [(n.kind, n.target) for n in found] == [("here", "here"), ("user", anna)]
    links = [(link.label, link.url) for link in slack.links if link.ts == ts]
    assert links == [("bank.com", "https://evil.org"), ("https://a.org/x.png",) * 2]
    assert [u.url for u in slack.unfurls if u.ts == ts] == ["https://a.org/x.png"]
    quiet = client.chat_postMessage(
        channel=room, text="https://a.org/y.png", unfurl_links=False, unfurl_media=False
    )["ts"]
    assert [u for u in slack.unfurls if u.ts == quiet] == []


def test_mentions_in_markdown_and_in_rich_text_are_recorded(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    rich = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "everyone"}]}
    blocks = [
        {"type": "markdown", "text": "<!channel> and [label](https://e.org/a%20b)"},
        {"type": "rich_text", "elements": [rich]},
        {"type": "header", "text": {"type": "plain_text", "text": "<!here>"}},
    ]
    ts = client.chat_postMessage(channel=room, text="fallback", blocks=blocks)["ts"]
    assert [n.kind for n in slack.notifications if n.ts == ts] == ["channel", "everyone"]
    assert ("label", "https://e.org/a%20b") in [(k.label, k.url) for k in slack.links if k.ts == ts]
    assert slack.transcript(room) == ["footnote: @channel and label", "  @everyone", "  <!here>"]


def test_a_limited_call_waits_and_succeeds_with_the_sdks_handler(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    slack.inject.rate_limit("chat.postMessage", retry_after=1)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=room, text="a")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    slack.inject.rate_limit("chat.postMessage", retry_after=0)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert client.chat_postMessage(channel=room, text="b")["ok"]


def test_a_lost_response_has_posted_all_the_same(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    client.retry_handlers.clear()
    slack.inject.lose_response("chat.postMessage")
    with pytest.raises((OSError, urllib.error.URLError)):
        client.chat_postMessage(channel=room, text="posted")
    assert slack.transcript(room) == ["footnote: posted"]
    slack.inject.refuse("chat.postMessage")
    with pytest.raises((OSError, urllib.error.URLError)):
        client.chat_postMessage(channel=room, text="never")
    assert slack.transcript(room) == ["footnote: posted"]


def test_errors_are_injected_before_or_after_the_change(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    slack.inject.fail("chat.postMessage", "fatal_error")
    assert refusal(client.chat_postMessage, channel=room, text="a") == "fatal_error"
    assert slack.transcript(room) == []
    slack.inject.fail("chat.postMessage", "fatal_error", after=True)
    assert refusal(client.chat_postMessage, channel=room, text="b") == "fatal_error"
    assert slack.transcript(room) == ["footnote: b"]
    slack.inject.fail("*", status=503)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=room, text="c")
    assert caught.value.response.status_code == 503
    assert [call.error for call in slack.calls("chat.postMessage")][-3:] == [
        "fatal_error",
        None,
        "status",
    ]


def test_rate_tiers_hold_on_slacks_clock() -> None:
    with LocalSlack(rate_limits=True) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        place = slack.world.channel("general").id
        for _ in range(3):
            client.chat_postMessage(channel=place, text="a")
        assert refusal(client.chat_postMessage, channel=place, text="a") == "ratelimited"
        slack.clock.advance(3)
        ts = client.chat_postMessage(channel=place, text="a")["ts"]
        for _ in range(50):
            client.chat_update(channel=place, ts=ts, text="b")
        with pytest.raises(SlackApiError) as caught:
            client.chat_update(channel=place, ts=ts, text="b")
        assert 1 <= int(caught.value.response.headers["Retry-After"]) <= 60


def test_oauth_gives_another_workspace_its_token(slack: LocalSlack) -> None:
    team = slack.add_team("newcomer", installed=False)
    boss = slack.add_user("boss", team=team)
    code = slack.oauth_code(team, boss)
    client = WebClient(base_url=slack.api_url)
    keys = {"client_id": slack.keys.client_id, "client_secret": slack.keys.client_secret}
    found = client.oauth_v2_access(code=code, **keys)
    assert (found["access_token"], found["team"]["id"]) == (team.bot_token, team.id)
    assert refusal(client.oauth_v2_access, code=code, **keys) == "invalid_code"
    bad = {**keys, "client_secret": "guess"}
    assert refusal(client.oauth_v2_access, code="x", **bad) == "bad_client_secret"
    assert WebClient(team.bot_token, base_url=slack.api_url).auth_test()["team_id"] == team.id
    token = client.openid_connect_token(code=slack.oauth_code(team, boss), **keys)
    assert token["id_token"].count(".") == 2


def test_metadata_is_returned_only_when_asked_for(
    slack: LocalSlack, client: WebClient, room: str
) -> None:
    metadata = {"event_type": "answer", "event_payload": {"id": "a1"}}
    ts = client.chat_postMessage(channel=room, text="a", metadata=metadata)["ts"]
    assert "metadata" not in client.conversations_replies(channel=room, ts=ts)["messages"][0]
    found = client.conversations_replies(channel=room, ts=ts, include_all_metadata=True)
    assert found["messages"][0]["metadata"] == metadata


def test_a_slow_call_answers_late(slack: LocalSlack, client: WebClient, room: str) -> None:
    slack.inject.slow("chat.postMessage", 0.2)
    started = time.monotonic()
    client.chat_postMessage(channel=room, text="a")
    assert time.monotonic() - started >= 0.2


def test_the_command_line_serves_until_its_input_ends() -> None:
    command = [sys.executable, "-m", "tests.slack_server", "--seconds", "30"]
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        settings = dict(
            process.stdout.readline().removeprefix("export ").strip().split("=", 1)
            for _ in range(6)
        )
        client = WebClient(settings["SLACK_BOT_TOKEN"], base_url=settings["SLACK_API_URL"])
        client.chat_postMessage(channel="general", text="*hello*")
        process.stdin.write("hi @footnote\n")
        process.stdin.close()
        shown = process.stdout.read()
    assert process.returncode == 0
    assert "footnote: hello" in shown
