"""Feedback asks which part and why, and reads only what its own modal can send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from slack_sdk import WebClient

from bot.answers import CitedAnswer
from bot.slack.feedback_modal import NOTE, WHICH, WHY, Feedback, feedback_modal, read_feedback
from bot.slack.messages import answer_posts
from bot.slack.values import FEEDBACK, BadValue, read_vote
from tests.slack_cases import FACTS, FORTY, SPOKEN, answers, citation, declined
from tests.slack_server import LocalSlack, validate_view


def submitted(
    which: object, why: object, note: object, answer_id: object = "7f3a"
) -> dict[str, Any]:
    """Return a submitted view as Slack sends it."""
    return {
        "private_metadata": answer_id,
        "state": {
            "values": {
                WHICH: {WHICH: {"type": "static_select", "selected_option": {"value": which}}},
                WHY: {WHY: {"type": "radio_buttons", "selected_option": {"value": why}}},
                NOTE: {NOTE: {"type": "plain_text_input", "value": note}},
            }
        },
    }


def test_a_reader_names_a_source_and_a_reason() -> None:
    read = read_feedback(submitted("source.2", "not_said", " It says\nless. \x00"))
    assert read == Feedback("7f3a", None, 2, "not_said", "It says\nless.")


def test_a_reader_names_a_statement_or_the_whole_answer() -> None:
    assert read_feedback(submitted("statement.1", "other", None)).statement == 1
    whole = read_feedback(submitted("answer", "should_decline", None))
    assert (whole.statement, whole.citation, whole.note) == (None, None, "")


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"private_metadata": "7f3a", "state": None},
        submitted("source.0", "other", None),
        submitted("source.x", "other", None),
        submitted("claim.1", "other", None),
        submitted("answer", "because", None),
        submitted("answer", None, None),
        submitted(["answer"], "other", None),
        submitted("answer", "other", 3),
        submitted("answer", "other", None, answer_id="../7f3a"),
        submitted("answer", "other", None, answer_id=None),
    ],
)
def test_what_the_modal_cannot_have_sent_is_refused(view: dict[str, Any]) -> None:
    with pytest.raises(BadValue):
        read_feedback(view)


def test_an_endless_note_is_cut() -> None:
    assert len(read_feedback(submitted("answer", "other", "x" * 9_999)).note) == 2_000


def options(view: dict[str, Any]) -> list[str]:
    """Return the values of all options of the first menu."""
    groups = view["blocks"][0]["element"]["option_groups"]
    return [option["value"] for group in groups for option in group["options"]]


def test_every_statement_and_source_can_be_chosen() -> None:
    view: dict[str, Any] = feedback_modal(FORTY)
    assert validate_view(view) == []
    assert len(options(view)) == 81


def test_a_declined_answer_offers_its_nearest_sentences_and_fitting_reasons() -> None:
    view: dict[str, Any] = feedback_modal(declined(citation(1)))
    assert options(view) == ["answer", "source.1"]
    reasons = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    assert reasons == ["should_answer", "out_of_date", "other"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers())
def test_every_limit_is_met(answer: CitedAnswer) -> None:
    assert validate_view(feedback_modal(answer)) == []


@pytest.fixture(scope="module")
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as running:
        yield running


def test_a_person_can_press_the_thumb_of_a_posted_answer(slack: LocalSlack) -> None:
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    (post,) = answer_posts(SPOKEN, FACTS, "channel")
    channel = slack.world.channel("general").id
    ts = client.chat_postMessage(channel=channel, text=post.text, blocks=list(post.blocks))["ts"]
    pressed = slack.click("anna", slack.world.message(ts), FEEDBACK, "Bad answer")
    action = pressed.delivery.payload["actions"][0]
    assert read_vote(action["value"]).good is False
