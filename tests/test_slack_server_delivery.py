"""Socket Mode and HTTP delivery, to real Bolt apps over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_server import LocalSlack, Patience
from tests.slack_server.sockets import envelope

NO_WAIT = (0.0, 0.0, 0.0)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(patience=Patience(ack_timeout=10.0, retry_after=NO_WAIT)) as slack:
        yield slack


@dataclass
class Running:
    """A Bolt app in Socket Mode, and the events that reached its listeners."""

    app: App
    handler: SocketModeHandler
    seen: list[tuple[str, str, int]] = field(default_factory=list)

    def note(self, event: dict[str, str], request: BoltRequest, body: dict[str, str]) -> None:
        retry = int(request.headers.get("x-slack-retry-num", ["0"])[0])
        self.seen.append((event["type"], body["event_id"], retry))


def bolt(slack: LocalSlack) -> Running:
    app = App(client=WebClient(slack.bot_token, base_url=slack.api_url))
    handler = SocketModeHandler(app, slack.app_token, ping_interval=0.2)
    running = Running(app, handler)

    @app.event("app_mention")
    def mention(event, say, request, body) -> None:
        running.note(event, request, body)
        say(text="Peskov did.", thread_ts=event["ts"])

    @app.event("message")
    def message(event, request, body) -> None:
        running.note(event, request, body)

    before = slack.sockets.opened
    handler.connect()
    slack.wait_for(lambda: slack.sockets.opened > before)
    return running


@pytest.fixture
def start(slack: LocalSlack) -> Iterator[Callable[[], Running]]:
    """Starts Bolt apps, and closes them while the server still runs."""
    started: list[Running] = []

    def run() -> Running:
        started.append(bolt(slack))
        return started[-1]

    yield run
    for running in started:
        # The SDK takes seconds to join its threads; nothing of theirs is needed any more.
        threading.Thread(target=close_quietly, args=(running.handler,), daemon=True).start()


def close_quietly(handler: SocketModeHandler) -> None:
    """The SDK's client may trip over a socket that it is just replacing."""
    with contextlib.suppress(AttributeError, OSError):
        handler.close()


def test_a_mention_reaches_bolt_twice_and_is_answered_once(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    running = start()
    said = slack.say("anna", "general", "@footnote who confirmed it?")
    answer = slack.wait_for_answer(said)
    said.wait_acked()
    assert answer.thread_ts == said.ts
    assert slack.transcript("general") == [
        "anna: @footnote who confirmed it?",
        "  footnote: Peskov did.",
    ]
    slack.wait_for(lambda: len(running.seen) == 2)
    assert {kind for kind, _, _ in running.seen} == {"app_mention", "message"}
    assert len({event_id for _, event_id, _ in running.seen}) == 2
    assert {retry for _, _, retry in running.seen} == {0}


def test_one_of_the_two_can_be_left_out(slack: LocalSlack, start: Callable[[], Running]) -> None:
    running = start()
    slack.say("anna", "general", "@footnote who?", only={"message"}).wait_acked()
    slack.wait_for(lambda: running.seen)
    assert [kind for kind, _, _ in running.seen] == ["message"]


def test_the_first_delivery_carries_the_retry_number_zero(slack: LocalSlack) -> None:
    slack.say("anna", "general", "hello")
    first = envelope(slack.events.sent[0], "e1", 0, None)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert first["accepts_response_payload"] is False


def test_a_duplicate_has_the_same_event_id(slack: LocalSlack, start: Callable[[], Running]) -> None:
    running = start()
    slack.inject.duplicate(copies=2)
    slack.say("anna", "general", "hello")
    slack.wait_for(lambda: len(running.seen) == 3)
    assert len({event_id for _, event_id, _ in running.seen}) == 1
    assert slack.inject.applied["duplicate"] == 1


def test_a_lost_acknowledgement_makes_slack_send_again(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    slack.courier.patience = Patience(ack_timeout=1.0, retry_after=NO_WAIT)
    running = start()
    slack.inject.drop_ack()
    said = slack.say("anna", "general", "hello").wait_acked()
    slack.wait_for(lambda: len(running.seen) == 2)
    assert [retry for _, _, retry in running.seen] == [0, 1]
    assert [attempt.reason for attempt in said.deliveries[0].attempts] == [None, "timeout"]


def test_slack_gives_up_after_three_retries(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    slack.courier.patience = Patience(ack_timeout=0.2, retry_after=NO_WAIT)
    start()
    slack.inject.drop_ack(times=4)
    delivery = slack.say("anna", "general", "hello").deliveries[0].wait()
    assert (delivery.failed, len(delivery.attempts)) == (True, 4)


def test_an_event_waits_for_the_app_to_connect(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    said = slack.say("anna", "general", "@footnote early?")
    start()
    assert slack.text(slack.wait_for_answer(said)) == "Peskov did."


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
def test_the_app_comes_back_when_told_to_reconnect(
    slack: LocalSlack, start: Callable[[], Running], reason: str
) -> None:
    start()
    slack.disconnect(reason)
    slack.wait_for(lambda: slack.sockets.opened >= 2 and slack.connections)
    said = slack.say("anna", "general", "@footnote still there?")
    assert slack.wait_for_answer(said)


def test_a_warning_leaves_the_connection_open_until_the_app_has_another(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    start()
    slack.disconnect("warning")
    slack.wait_for(lambda: slack.sockets.opened == 2)
    assert slack.wait_for_answer(slack.say("anna", "general", "@footnote still there?"))


def test_the_app_comes_back_after_a_cut_and_old_events_are_replayed(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    running = start()
    slack.say("anna", "general", "hello").wait_acked()
    slack.inject.replay_on_reconnect(1)
    slack.cut_connections()
    slack.wait_for(lambda: len(running.seen) == 2)
    assert [retry for _, _, retry in running.seen] == [0, 1]
    assert len({event_id for _, event_id, _ in running.seen}) == 1


def test_an_envelope_on_a_lost_connection_is_sent_on_the_next(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    running = start()
    slack.inject.drop_ack()
    said = slack.say("anna", "general", "hello")
    slack.wait_for(lambda: running.seen)
    slack.cut_connections()
    said.wait_acked()
    assert said.deliveries[0].attempts[1].reason == "socket_closed"


def test_events_during_a_cut_wait_for_the_next_connection(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    start()
    slack.cut_connections()
    asked = [slack.say("anna", "general", f"@footnote {number}") for number in range(5)]
    for said in asked:
        assert slack.wait_for_answer(said)
    assert not any(delivery.failed for said in asked for delivery in said.deliveries)


def test_events_are_spread_over_connections(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    first, second = start(), start()
    slack.wait_connected(2)
    for number in range(4):
        slack.say("anna", "general", str(number)).wait_acked()
    slack.wait_for(lambda: len(first.seen) + len(second.seen) == 4)
    assert (len(first.seen), len(second.seen)) == (2, 2)


def test_a_delayed_event_arrives_when_slacks_clock_says_so(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    running = start()
    slack.inject.delay(3600)
    held = slack.say("anna", "general", "late")
    slack.say("anna", "general", "prompt").wait_acked()
    slack.wait_for(lambda: len(running.seen) == 1)
    slack.clock.advance(3600)
    held.wait_acked()
    slack.wait_for(lambda: len(running.seen) == 2)


def test_a_command_is_answered_by_the_response_url_and_by_acknowledgement(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    running = start()

    @running.app.command("/footnote")
    def command(ack, respond, command) -> None:
        ack(f"working on {command['text']}")
        respond(text="done", response_type="in_channel")

    asked = slack.command("anna", "general", "/footnote", "who?").wait()
    slack.wait_for(lambda: len(asked.answers) == 2)
    assert sorted(slack.transcript("general")) == [
        "footnote: done",
        "footnote: working on who? (only visible to anna)",
    ]


def test_a_press_opens_a_modal_that_is_filled_in_and_sent(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    running = start()
    reasons = ("wrong source", "out of date")
    options = [{"text": {"type": "plain_text", "text": r}, "value": r[:5]} for r in reasons]
    pick = {"type": "radio_buttons", "action_id": "why", "options": options}
    free = {"type": "plain_text_input", "action_id": "more", "multiline": True}
    modal = {
        "type": "modal",
        "callback_id": "reason",
        "title": {"type": "plain_text", "text": "What is wrong?"},
        "submit": {"type": "plain_text", "text": "Send"},
        "private_metadata": "a1",
        "blocks": [
            {"type": "input", "label": {"type": "plain_text", "text": "Why"}, "element": pick},
            {
                "type": "input",
                "optional": True,
                "label": {"type": "plain_text", "text": "More"},
                "element": free,
            },
        ],
    }
    sent: list[tuple[str, str]] = []

    @running.app.action("rate")
    def rate(ack, body, client) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal)

    @running.app.view("reason")
    def reason(ack, view) -> None:
        values = {k: v for block in view["state"]["values"].values() for k, v in block.items()}
        if not values["more"]["value"]:
            return ack(response_action="errors", errors={view["blocks"][1]["block_id"]: "Say more"})
        sent.append((values["why"]["selected_option"]["value"], values["more"]["value"]))
        return ack()

    yes = {"text": {"type": "plain_text", "text": "Good"}, "value": "+"}
    no = {"text": {"type": "plain_text", "text": "Bad"}, "value": "-"}
    buttons = {
        "type": "feedback_buttons",
        "action_id": "rate",
        "positive_button": yes,
        "negative_button": no,
    }
    blocks = [{"type": "context_actions", "elements": [buttons]}]
    running.app.client.chat_postMessage(channel="general", text="a", blocks=blocks)
    message = slack.messages("general")[0]
    assert slack.transcript("general") == ["footnote: [Good] [Bad]"]

    slack.click("anna", message, "rate", "Bad").wait()
    view = slack.wait_for_modal("anna", "What is wrong?")
    slack.submit_view("anna", {"why": "wrong source"}).wait()
    assert list(slack.view_errors(view).values()) == ["Say more"]
    slack.submit_view("anna", {"why": "wrong source", "more": "the date"}).wait()
    assert slack.modal("anna") is None
    assert sent == [("wrong", "the date")]


def test_an_interaction_that_nobody_acknowledges_fails_and_is_not_repeated(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    slack.courier.patience = Patience(ack_timeout=0.2)
    start()
    delivery = slack.command("anna", "general", "/nobody").delivery.wait()
    assert (delivery.failed, len(delivery.attempts)) == (True, 1)


def test_the_asyncio_app_is_served_as_well(slack: LocalSlack) -> None:
    async def session() -> None:
        app = AsyncApp(client=AsyncWebClient(slack.bot_token, base_url=slack.api_url))

        @app.event("app_mention")
        async def mention(event, say_stream) -> None:
            stream = await say_stream(buffer_size=1)
            await stream.append(markdown_text="Peskov ")
            await stream.stop(markdown_text="did.")

        handler = AsyncSocketModeHandler(app, slack.app_token)
        await handler.connect_async()
        said = slack.say("anna", "general", "@footnote who?", only={"app_mention"})
        answer = await asyncio.to_thread(slack.wait_for_answer, said)
        assert slack.text(answer) == "Peskov did."
        await handler.close_async()

    asyncio.run(session())


def test_a_burst_is_answered_once_each_though_things_go_wrong(
    slack: LocalSlack, start: Callable[[], Running]
) -> None:
    running = start()
    done: set[str] = set()
    lock = threading.Lock()

    @running.app.middleware
    def once(body, next) -> None:  # noqa: A002
        with lock:
            if body.get("event", {}).get("type") != "app_mention" or body["event_id"] in done:
                return
            done.add(body["event_id"])
        next()

    slack.inject.randomly(0.2, seed=3, kinds=("duplicate",))
    channels = [slack.add_channel(f"c{n}", members=["anna"]).id for n in range(4)]
    asked = [slack.say("anna", channels[n % 4], f"@footnote {n}") for n in range(60)]
    for said in asked:
        assert len(slack.wait_for_answers(said, timeout=30)) == 1
    assert slack.inject.applied["duplicate"] > 5
    assert slack.calls("chat.postMessage", failed=True) == []


class Endpoint:
    """A plain HTTP endpoint that checks signatures and answers what a test tells it to."""

    def __init__(self, secret: str) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.valid: list[bool] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        endpoint, verifier = self, SignatureVerifier(secret)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                endpoint.requests.append((headers, body))
                endpoint.valid.append(verifier.is_valid_request(body, headers))
                status, extra, answer = (
                    endpoint.answers.pop(0) if endpoint.answers else (200, {}, b"")
                )
                self.send_response(status)
                for key, value in extra.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/slack/events"


@pytest.fixture
def endpoint(slack: LocalSlack) -> Iterator[Endpoint]:
    found = Endpoint(slack.signing_secret)
    slack.deliver_to(found.url)
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_http_requests_are_signed(slack: LocalSlack, endpoint: Endpoint) -> None:
    slack.say("anna", "general", "hello").wait_acked()
    assert endpoint.valid == [True]
    assert "x-slack-retry-num" not in endpoint.requests[0][0]


def test_http_errors_are_retried_with_number_and_reason(
    slack: LocalSlack, endpoint: Endpoint
) -> None:
    endpoint.answers = [(500, {}, b""), (503, {}, b"")]
    delivery = slack.say("anna", "general", "hello").wait_acked().deliveries[0]
    retries = [headers.get("x-slack-retry-num") for headers, _ in endpoint.requests]
    assert retries == [None, "1", "2"]
    assert endpoint.requests[1][0]["x-slack-retry-reason"] == "http_error"
    assert delivery.acked
    assert endpoint.valid == [True] * 3


def test_an_app_can_opt_out_of_retries(slack: LocalSlack, endpoint: Endpoint) -> None:
    endpoint.answers = [(500, {"X-Slack-No-Retry": "1"}, b"")]
    delivery = slack.say("anna", "general", "hello").deliveries[0].wait()
    assert (delivery.failed, len(endpoint.requests)) == (True, 1)


def test_nobody_listening_is_a_failed_connection(slack: LocalSlack) -> None:
    slack.deliver_to("http://127.0.0.1:9/")
    delivery = slack.say("anna", "general", "hello").deliveries[0].wait()
    assert delivery.failed
    assert delivery.attempts[-1].reason == "connection_failed"


def test_commands_and_presses_are_forms_over_http(slack: LocalSlack, endpoint: Endpoint) -> None:
    endpoint.answers = [(200, {"Content-Type": "text/plain"}, b"hello to you")]
    asked = slack.command("anna", "general", "/footnote", "a&b").wait()
    assert slack.text(slack.wait_for_response(asked)) == "hello to you"
    assert b"text=a%26b" in endpoint.requests[0][1]
    slack.shortcut("anna", "ask", slack.say("anna", "general", "this")).wait()
    assert any(body.startswith(b"payload=%7B") for _, body in endpoint.requests)
