"""Text is cut where a reader would cut it, and never longer than asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.escaping import clean_line
from bot.slack.fitting import room_taken, shorten, shorten_left, units
from tests.slack_cases import HOSTILE
from tests.slack_server import blocks_size

LONG = "Dmitri S. Peskov has confirmed it. The names are not known. Nobody said more than that."

PATIENT = settings(deadline=None)


@pytest.mark.parametrize(
    ("most", "shown"),
    [
        (len(LONG), LONG),
        (65, "Dmitri S. Peskov has confirmed it. The names are not known. …"),
        (50, "Dmitri S. Peskov has confirmed it. …"),
        (30, "Dmitri S. Peskov has …"),
    ],
)
def test_text_gives_way_at_a_sentence_s_end_and_else_between_words(most: int, shown: str) -> None:
    assert shorten(LONG, most) == shown


def test_an_endless_word_is_cut_between_characters() -> None:
    assert shorten("x" * 100, 10) == "xxxxxxxx…"


@pytest.mark.parametrize("whole", ["👩‍👩‍👧‍👦", "e\u0301\u0301", "🇸🇾", "👍🏽"])
def test_no_character_of_several_code_points_is_split(whole: str) -> None:
    for most in range(3, 30):
        cut = shorten(whole * 20, most)
        assert cut.removesuffix("…").replace(whole, "") == ""


@PATIENT
@given(HOSTILE, st.integers(4, 400))
def test_what_is_shown_is_never_longer_than_asked_for(text: str, most: int) -> None:
    line = clean_line(text)
    for cut in (shorten(line, most), shorten_left(line, most)):
        assert units(cut) <= most
        assert cut == line or "…" in cut
    assert line.startswith(shorten(line, most).removesuffix("…").rstrip())
    assert line.endswith(shorten_left(line, most).removeprefix("… ").removeprefix("…"))


def test_the_end_of_a_text_begins_with_a_sentence_where_it_can() -> None:
    assert shorten_left(LONG, 60) == "… The names are not known. Nobody said more than that."


@PATIENT
@given(HOSTILE)
def test_room_is_never_less_than_what_is_counted(text: str) -> None:
    blocks: list[dict[str, object]] = [{"type": "markdown", "text": clean_line(text)}]
    assert room_taken(blocks) >= blocks_size(blocks)
