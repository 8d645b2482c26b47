"""The confidence is a probability that grows with each signal; the kind asked for is seen."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.confidence import Confidence, Signals, has_kind

SHARES = st.floats(0, 1)


def some(*values: float) -> Signals:
    return Signals(*values[: len(fields(Signals))])


@given(st.lists(SHARES, min_size=8, max_size=8))
def test_it_is_a_probability_and_no_signal_lowers_it(values: list[float]) -> None:
    model, given_ = Confidence(), some(*values)
    assert 0 < model.of(given_) < 1
    for field in fields(Signals):
        assert model.of(replace(given_, **{field.name: 1.0})) >= model.of(given_)


def test_nothing_is_unlikely_and_everything_is_likely() -> None:
    count = len(fields(Signals))
    assert Confidence().of(some(*[0.0] * count)) < 0.1
    assert Confidence().of(some(*[1.0] * count)) > 0.9
    assert len(Confidence().weights) == count


@pytest.mark.parametrize("extreme", [1e9, -1e9])
def test_no_signal_is_too_large(extreme: float) -> None:
    count = len(fields(Signals))
    assert 0 < Confidence().of(some(*[extreme] * count)) < 1


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("How many were hurt?", "Eleven were hurt.", "They were hurt."),
        ("How much will it cost?", "It will cost €46.8 million.", "It will cost more."),
        ("When did it sink?", "It sank on Monday.", "It sank off the cape."),
        ("What year was it built?", "It was built in 1897.", "It was built there."),
        ("Why did it fail?", "It failed because a pump failed.", "It failed there."),
    ],
)
def test_the_kind_asked_for_is_seen(question: str, holds: str, lacks: str) -> None:
    assert has_kind(question, holds)
    assert not has_kind(question, lacks)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_question_and_any_sentence_can_be_judged(question: str, sentence: str) -> None:
    assert has_kind(question, sentence) in (True, False)
