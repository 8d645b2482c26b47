"""What comes back from Slack is read only if Footnote made it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.values import (
    BadValue,
    Place,
    Vote,
    answer_metadata,
    answer_value,
    place_value,
    read_answer,
    read_metadata,
    read_place,
    read_vote,
    vote_value,
)

IDS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
BAD = [None, 3, "", "a b", "a" * 65, "<!here>", "a\n", "é", ["a"], {"a": 1}]


@given(IDS, st.integers(1, 9_999), st.booleans())
def test_values_are_read_as_they_were_made(answer_id: str, number: int, good: bool) -> None:
    place, vote = Place(answer_id, number), Vote(answer_id, good)
    assert read_answer(answer_value(answer_id)) == answer_id
    assert read_place(place_value(place)) == place
    assert read_vote(vote_value(vote)) == vote
    assert read_metadata(answer_metadata(place)) == place


@pytest.mark.parametrize("value", [*BAD, "a.1", "good.a"])
def test_a_malformed_answer_is_refused(value: object) -> None:
    with pytest.raises(BadValue):
        read_answer(value)


@pytest.mark.parametrize(
    "value", [*BAD, "a", "a.", "a.0", "a.01", "a.-1", "a.1.2", "a.10000", "a.١"]
)
def test_a_malformed_place_is_refused(value: object) -> None:
    with pytest.raises(BadValue):
        read_place(value)


@pytest.mark.parametrize("value", [*BAD, "a", "good", "good.", "fine.a", "good.a.b"])
def test_a_malformed_vote_is_refused(value: object) -> None:
    with pytest.raises(BadValue):
        read_vote(value)


@pytest.mark.parametrize(
    "metadata",
    [
        *BAD,
        {"event_type": "other", "event_payload": {"answer": "a", "page": 1}},
        {"event_type": "footnote_answer"},
        {"event_type": "footnote_answer", "event_payload": {"answer": "a"}},
        {"event_type": "footnote_answer", "event_payload": {"answer": "a.2", "page": 1}},
    ],
)
def test_malformed_metadata_is_refused(metadata: object) -> None:
    with pytest.raises(BadValue):
        read_metadata(metadata)


def test_a_value_that_could_not_be_read_again_is_not_made() -> None:
    with pytest.raises(BadValue):
        place_value(Place("7f.3a", 1))


def test_the_reader_is_told_to_ask_again() -> None:
    with pytest.raises(BadValue) as caught:
        read_answer("<!here>")
    assert "ask again" in caught.value.user_message
