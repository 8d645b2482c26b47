"""“See in context” shows a sentence in bold where it stands, citation after citation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient

from bot.slack.context_modal import CitedPassage, context_modal, in_reading_order
from bot.slack.messages import answer_posts
from bot.slack.values import OPEN_CONTEXT, TURN_ON, Place, read_place
from tests.slack_cases import FACTS, HOSTILE, KILLED, NAMES, SPOKEN, citation, citations
from tests.slack_server import LocalSlack, validate_view
from tests.slack_server.block_reading import read_blocks

ONE = CitedPassage(citation(1), "It fell near Saraqib. Later, ", " Moscow agreed.\n\nThe end.")
TWO = CitedPassage(citation(2, NAMES, article_id="other"), "", "")
THREE = CitedPassage(citation(3, start=10), "", "")


def lines(view: dict[str, Any]) -> list[str]:
    """Return what a reader sees of a modal."""
    return read_blocks(view["blocks"]).lines


def bold(view: dict[str, Any]) -> list[str]:
    """Return the texts in bold."""
    return [
        e["text"]
        for block in view["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        for e in part["elements"]
        if e.get("style", {}).get("bold")
    ]


def test_the_sentence_is_bold_among_its_neighbours() -> None:
    view: dict[str, Any] = context_modal("7f3a", [ONE, TWO], 1)
    assert bold(view) == [KILLED]
    assert f"It fell near Saraqib. Later, {KILLED} Moscow agreed." in lines(view)
    assert "The end." in lines(view)
    assert lines(view)[0] == "1 Helicopter shot down in Idlib · RT · 1 Aug 2016"
    assert read_blocks(view["blocks"]).links[0][1].startswith("https://post.example/a?x=1&y=2#:~")


def test_pages_go_article_by_article_in_the_order_of_the_text() -> None:
    assert [p.citation.number for p in in_reading_order([ONE, TWO, THREE])] == [3, 1, 2]


def test_buttons_lead_to_the_citation_before_and_after() -> None:
    view: dict[str, Any] = context_modal("7f3a", [ONE, TWO, THREE], 1)
    buttons = view["blocks"][-1]["elements"]
    assert [read_place(b["value"]) for b in buttons] == [Place("7f3a", 3), Place("7f3a", 2)]
    assert "Citation 2 of 3, article 1 of 2" in lines(view)
    assert read_place(view["private_metadata"]) == Place("7f3a", 1)


def test_a_single_citation_has_no_buttons() -> None:
    assert read_blocks(context_modal("7f3a", [ONE], 1)["blocks"]).buttons == []  # type: ignore[arg-type]


def test_it_works_without_address_and_without_the_article() -> None:
    bare = CitedPassage(citation(1, url=None, link=None), "", "", "The article is gone.")
    view: dict[str, Any] = context_modal("7f3a", [bare], 1)
    assert validate_view(view) == []
    assert read_blocks(view["blocks"]).links == []
    assert f"before {KILLED} after" in lines(view)
    assert "The article is gone." in lines(view)


def test_an_unknown_number_shows_the_first_citation() -> None:
    assert read_place(context_modal("7f3a", [ONE], 9)["private_metadata"]).number == 1


def test_there_is_no_context_without_citations() -> None:
    with pytest.raises(ValueError, match="no context"):
        context_modal("7f3a", [], 1)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=3), st.data())
def test_hostile_articles_stay_within_a_modal_and_mention_nobody(
    texts: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    passages = [
        CitedPassage(data.draw(citations(n)), before, after, note)
        for n, (before, after, note) in enumerate(texts, start=1)
    ]
    for number in range(1, len(passages) + 1):
        view: dict[str, Any] = context_modal("7f3a", passages, number)
        assert validate_view(view) == []
        assert read_blocks(view["blocks"]).mentions == []
        assert len(bold(view)) == 1


def test_long_neighbours_are_cut_on_the_side_away_from_the_sentence() -> None:
    long = CitedPassage(
        citation(1), "Early words. " * 400 + "Just before. ", " Just after." + " Late." * 900
    )
    (shown,) = [line for line in lines(context_modal("7f3a", [long], 1)) if KILLED in line]
    assert f"Just before. {KILLED} Just after." in shown
    assert shown.startswith("… Early")
    assert shown.endswith("…")
    assert len(shown) < 2_500


def test_a_person_turns_from_citation_to_citation() -> None:
    passages = [CitedPassage(c, "Before. ", " After.") for c in SPOKEN.citations]
    with LocalSlack() as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        (post,) = answer_posts(SPOKEN, FACTS, "channel")
        sent = client.chat_postMessage(
            channel=slack.world.channel("general").id, text=post.text, blocks=list(post.blocks)
        )
        pressed = slack.click("anna", slack.world.message(sent["ts"]), OPEN_CONTEXT)
        place = read_place(pressed.delivery.payload["actions"][0]["value"])
        opened = client.views_open(
            trigger_id=pressed.trigger_id,
            view=context_modal(place.answer_id, passages, place.number),
        )
        turned = slack.click("anna", slack.modal("anna"), TURN_ON)
        place = read_place(turned.delivery.payload["actions"][0]["value"])
        client.views_update(
            view_id=opened["view"]["id"],
            view=context_modal(place.answer_id, passages, place.number),
        )
        assert f"Before. {NAMES} After." in slack.read(slack.modal("anna")).lines
        assert slack.read(slack.modal("anna")).buttons == ["Previous citation"]
