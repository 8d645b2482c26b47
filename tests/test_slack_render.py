"""Pictures are drawn from the payloads that are sent, and nothing hostile acts in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings

from bot.answers import CitedAnswer
from bot.slack.context_modal import CitedPassage, context_modal
from bot.slack.feedback_modal import feedback_modal
from bot.slack.home import home_view
from bot.slack.messages import answer_posts, share_preview
from bot.slack.notices import help_post
from bot.slack.streaming import stream_chunk, stream_end_blocks
from tests.slack_cases import FACTS, SPOKEN, answers, citation
from tests.slack_render import draw, message, page, view


def test_an_answer_is_drawn_with_numbers_links_and_buttons() -> None:
    (post,) = answer_posts(SPOKEN, FACTS, "channel")
    drawn = message("Footnote", post.blocks)
    assert "Peskov, the president&#x27;s spokesman, confirmed it. <code>1</code>" in drawn
    assert 'href="https://post.example/a?x=1&amp;y=2#:~:text=1,Dmitri%20S."' in drawn
    assert "See in context" in drawn
    assert "index of 22 Nov 2026, 09:14 UTC" in drawn
    assert "&lt;!date" not in drawn


def test_a_stream_is_drawn_with_its_last_blocks() -> None:
    drawn = message(
        "Footnote",
        stream_end_blocks(SPOKEN, FACTS, "dm"),
        markdown=stream_chunk(SPOKEN.claims[0]),
    )
    assert "<code>1</code>" in drawn
    assert "<b>Sources</b>" in drawn


def test_every_payload_can_be_drawn() -> None:
    views = (
        context_modal("7f3a", [CitedPassage(citation(), "a", "b")], 1),
        feedback_modal(SPOKEN),
        home_view(FACTS, None, []),
    )
    drawn = page("All", *map(view, views), draw(help_post().blocks))
    assert drawn.startswith("<!doctype html>")
    assert "<b>Dmitri S. Peskov" in drawn


def test_what_is_not_known_is_not_left_out_in_silence() -> None:
    with pytest.raises(KeyError, match="marquee"):
        draw([{"type": "marquee"}])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers())
def test_hostile_text_is_drawn_as_text(answer: CitedAnswer) -> None:
    drawn = draw(share_preview(answer, FACTS).blocks)
    tags = set(re.findall(r"</?([a-z0-9]+)", drawn))
    assert tags <= {"div", "b", "i", "code", "a", "blockquote", "span", "hr", "svg", "path"}
