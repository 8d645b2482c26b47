"""What people do in the local Slack, and what it makes Slack tell the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.slack_server import CannotError, LocalSlack
from tests.slack_server.events import Delivery


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


def kinds(deliveries: list[Delivery]) -> list[tuple[str, str | None]]:
    return [(d.event["type"], d.event.get("subtype")) for d in deliveries]


def modal(**extra: Any) -> dict[str, Any]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "<https://e.org|there>"}}
    title = {"type": "plain_text", "text": "Title"}
    return {"type": "modal", "title": title, "blocks": [section], **extra}


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_typed_text_is_stored_as_slack_stores_it(slack: LocalSlack) -> None:
    said = slack.say("anna", "general", "@footnote <b> & https://e.org/?a=1&b=2 #general @nobody")
    bot, channel = slack.team.bot_user_id, slack.world.channel("general").id
    assert said.message.text == (
        f"<@{bot}> &lt;b&gt; &amp; <https://e.org/?a=1&amp;b=2> <#{channel}|general> @nobody"
    )
    shown = "anna: @footnote <b> & https://e.org/?a=1&b=2 #general @nobody"
    assert slack.transcript("general") == [shown]


def test_a_direct_message_never_gives_a_mention(slack: LocalSlack) -> None:
    said = slack.say("anna", "dm", "@footnote who?")
    assert kinds(said.deliveries) == [("message", None)]
    assert said.deliveries[0].event["channel_type"] == "im"


def test_where_the_bot_is_not_nothing_is_heard(slack: LocalSlack) -> None:
    slack.add_channel("outside", members=["anna"], bot=False)
    assert slack.say("anna", "outside", "@footnote who?").deliveries == []
    with pytest.raises(CannotError, match="not in"):
        slack.say(slack.add_user("ben"), "outside", "hi")


def test_events_need_their_subscription_and_scope() -> None:
    with LocalSlack(events=["app_mention"], scopes=["app_mentions:read"]) as slack:
        assert kinds(slack.say("anna", "general", "@footnote a").deliveries) == [
            ("app_mention", None)
        ]
    with LocalSlack(scopes=["chat:write"]) as slack:
        assert slack.say("anna", "general", "@footnote a").deliveries == []


def test_an_edit_nests_the_message_and_mentions_once_more_only_when_new(slack: LocalSlack) -> None:
    said = slack.say("anna", "general", "@footnote who?")
    edited = slack.edit(said, "@footnote who confirmed it?")
    assert kinds(edited.deliveries) == [("message", "message_changed")]
    event = edited.deliveries[0].event
    assert "confirmed" in event["message"]["text"]
    assert event["previous_message"]["text"].endswith("who?")
    plain = slack.say("anna", "general", "who?")
    mentioned = slack.edit(plain, "@footnote who?")
    assert kinds(mentioned.deliveries) == [("message", "message_changed"), ("app_mention", None)]
    assert slack.transcript("general")[1] == "anna: @footnote who? (edited)"


def test_a_deletion_says_so_or_leaves_a_tombstone(slack: LocalSlack) -> None:
    alone, followed = slack.say("anna", "general", "a"), slack.say("anna", "general", "b")
    slack.say("anna", "general", "c", followed.ts)
    assert kinds(slack.delete(alone).deliveries) == [("message", "message_deleted")]
    gone = slack.delete(followed).deliveries
    assert kinds(gone) == [("message", "message_changed")]
    assert gone[0].event["message"]["subtype"] == "tombstone"


def test_files_broadcasts_and_unfurls_have_their_subtypes(slack: LocalSlack) -> None:
    said = slack.say("anna", "general", "@footnote see", files=[{"id": "F1"}])
    assert kinds(said.deliveries) == [("app_mention", "file_share"), ("message", "file_share")]
    reply = slack.say("anna", "general", "all", said.ts, broadcast=True)
    assert kinds(reply.deliveries) == [("message", "thread_broadcast")]
    preview = slack.unfurl(said, "https://e.org")
    assert kinds(preview.deliveries) == [("message", "message_changed")]


def test_the_app_hears_its_own_messages_with_its_bot_id(
    slack: LocalSlack, client: WebClient
) -> None:
    bot = slack.team.bot_user_id
    client.chat_postMessage(channel="general", text=f"I am <@{bot}>")
    assert kinds(slack.events.sent) == [("message", None)]
    assert slack.events.sent[0].event["bot_id"] == slack.team.bot_id


def test_two_workspaces_share_a_channel(slack: LocalSlack) -> None:
    partner = slack.add_team("partner")
    ben = slack.add_user("ben", team=partner)
    slack.add_channel("joint", members=["anna", ben], shared_with=[partner])
    said = slack.say(ben, "joint", "hello")
    assert [d.team_id for d in said.deliveries] == [slack.team.id, partner.id]
    assert said.deliveries[0].payload["is_ext_shared_channel"] is True
    assert said.deliveries[0].event["user_team"] == partner.id


def test_home_context_and_stop_events(slack: LocalSlack, client: WebClient) -> None:
    first = slack.open_home("anna")
    assert first is not None
    assert (first.event["tab"], "view" in first.event) == ("home", False)
    divider = {"type": "home", "blocks": [{"type": "divider"}]}
    client.views_publish(user_id=slack.world.user("anna").id, view=divider)
    home = slack.home("anna")
    assert home is not None
    assert slack.read(home).lines == ["———"]
    again = slack.open_home("anna")
    assert again is not None
    assert again.event["view"]["id"] == home.id
    context = slack.app_context_changed("anna", "general")
    assert context is not None
    general = slack.world.channel("general").id
    assert context.event["context"]["entities"][0]["value"] == general


def test_a_trigger_opens_one_modal_and_not_for_long(slack: LocalSlack, client: WebClient) -> None:
    asked = slack.shortcut("anna", "ask")
    client.views_open(trigger_id=asked.trigger_id, view=modal())
    view = slack.modal("anna")
    assert view is not None
    assert [(link.label, link.url) for link in slack.links] == [("there", "https://e.org")]
    twice = refusal(client.views_open, trigger_id=asked.trigger_id, view=modal())
    assert twice == "exchanged_trigger_id"
    late = slack.shortcut("anna", "ask")
    slack.clock.advance(3.1)
    assert (
        refusal(client.views_open, trigger_id=late.trigger_id, view=modal()) == "expired_trigger_id"
    )
    assert refusal(client.views_open, trigger_id="made-up", view=modal()) == "invalid_trigger_id"
    bad = modal(title={"type": "plain_text", "text": "x" * 25})
    fresh = slack.shortcut("anna", "ask").trigger_id
    assert refusal(client.views_open, trigger_id=fresh, view=bad) == "invalid_arguments"
    sections = modal()["blocks"] * 100
    text = {"type": "plain_text", "text": "🙂" * 3000}
    huge = modal(blocks=[{**section, "text": text} for section in sections])
    assert refusal(client.views_open, trigger_id=fresh, view=huge) == "view_too_large"


def test_views_are_updated_by_id_and_guarded_by_hash(slack: LocalSlack, client: WebClient) -> None:
    trigger = slack.shortcut("anna", "ask").trigger_id
    opened = client.views_open(trigger_id=trigger, view=modal())["view"]
    changed = modal(title={"type": "plain_text", "text": "Next"})
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=changed)
    view = slack.wait_for_modal("anna", "Next")
    stale = refusal(client.views_update, view_id=view.id, hash=opened["hash"], view=modal())
    assert stale == "hash_conflict"
    assert refusal(client.views_update, view_id="V0404", view=modal()) == "not_found"
    slack.close_view("anna")
    assert refusal(client.views_update, view_id=view.id, view=modal()) == "not_found"


def test_three_modals_lie_above_each_other_and_no_more(
    slack: LocalSlack, client: WebClient
) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "On"}, "action_id": "on"}
    deeper = modal(blocks=[{"type": "actions", "elements": [button]}])
    client.views_open(trigger_id=slack.shortcut("anna", "ask").trigger_id, view=deeper)
    for _ in range(2):
        view = slack.modal("anna")
        assert view is not None
        client.views_push(trigger_id=slack.click("anna", view, "on").trigger_id, view=deeper)
    view = slack.modal("anna")
    assert view is not None
    fourth = slack.click("anna", view, "on").trigger_id
    assert refusal(client.views_push, trigger_id=fourth, view=deeper) == "push_limit_reached"


def test_a_person_can_only_press_and_fill_in_what_is_there(
    slack: LocalSlack, client: WebClient
) -> None:
    said = slack.say("anna", "general", "hello")
    with pytest.raises(CannotError, match="nothing to press"):
        slack.click("anna", said.ts, "see")
    with pytest.raises(CannotError, match="no modal"):
        slack.submit_view("anna", {})
    asks = {
        "type": "input",
        "label": {"type": "plain_text", "text": "Why"},
        "element": {"type": "plain_text_input", "action_id": "why", "max_length": 5},
    }
    view = modal(blocks=[asks], submit={"type": "plain_text", "text": "Send"})
    client.views_open(trigger_id=slack.shortcut("anna", "ask").trigger_id, view=view)
    with pytest.raises(CannotError, match="must be filled in"):
        slack.submit_view("anna", {})
    with pytest.raises(CannotError, match="at most 5"):
        slack.submit_view("anna", {"why": "because"})
    with pytest.raises(CannotError, match="no field"):
        slack.submit_view("anna", {"why": "a", "how": "b"})


def test_a_response_url_answers_five_times_and_replaces_and_deletes(slack: LocalSlack) -> None:
    asked = slack.command("anna", "general", "/footnote", "who?")
    hook = WebhookClient(asked.delivery.payload["response_url"])
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Share"},
        "action_id": "share",
    }
    hook.send(text="a", blocks=[{"type": "actions", "elements": [button]}])
    assert slack.transcript("general") == ["footnote: [Share] (only visible to anna)"]
    answer = slack.wait_for_response(asked)
    pressed = slack.click("anna", answer, "share")
    assert "message" not in pressed.delivery.payload
    second = WebhookClient(pressed.delivery.payload["response_url"])
    second.send(text="Shared.", replace_original=True)
    assert slack.transcript("general", as_user="anna") == [
        "footnote: Shared. (only visible to anna)"
    ]
    second.send(text="", delete_original=True)
    assert slack.transcript("general") == []
    for _ in range(4):
        assert hook.send(text="b").status_code == 200
    assert (hook.send(text="c").status_code, hook.send(text="c").body) == (404, "used_url")
    assert second.send(text="").body == "no_text"
    slack.clock.advance(1801)
    assert second.send(text="late").body == "expired_url"


def test_waiting_for_what_does_not_happen_says_what(slack: LocalSlack) -> None:
    said = slack.say("anna", "general", "@footnote who?")
    with pytest.raises(TimeoutError, match="1 answer"):
        slack.wait_for_answer(said, timeout=0.05)


def test_random_faults_are_the_same_for_the_same_seed(slack: LocalSlack) -> None:
    def drawn() -> list[str]:
        slack.inject.randomly(0.3, seed=7)
        found = [slack.inject.next_fault("chat.postMessage") for _ in range(50)]
        return ["-" if fault is None else f"{fault.action}{fault.after}" for fault in found]

    first = drawn()
    assert first == drawn()
    assert 5 < sum(name != "-" for name in first) < 30
