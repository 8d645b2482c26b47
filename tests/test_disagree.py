"""Figures of sentences, and which of them contradict each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.disagree import conflicts, figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 people were hurt.", "15 people were hurt."),
        ("Eleven people were hurt.", "At least 17 people were hurt."),
        ("1,200 homes lost power.", "1,300 homes lost power."),
        ("No passengers died.", "Two passengers died."),
    ],
)
def test_other_figures_for_one_thing_conflict(one: str, other: str) -> None:
    assert conflicts(one, other)
    assert conflicts(one, other) == conflicts(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 people were hurt.", "Twelve people were hurt."),
        ("1,200 homes lost power.", "1200 homes lost power."),
        ("12 people were hurt.", "15 boats were lost."),
        ("People were hurt.", "12 people were hurt."),
        ("", ""),
    ],
)
def test_the_same_figure_and_other_things_do_not(one: str, other: str) -> None:
    assert not conflicts(one, other)


@given(st.text(max_size=200))
def test_no_sentence_contradicts_itself(sentence: str) -> None:
    assert not conflicts(sentence, sentence)
    assert all(figures(sentence).values())
