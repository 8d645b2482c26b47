"""Filters typed in a question are read, taken out of it, and explained where they are not known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from bot.slack.filters import parse_filters
from index.articles import Filters
from tests.slack_cases import HOSTILE

PATIENT = settings(deadline=None)


@pytest.mark.parametrize(
    ("text", "question", "filters"),
    [
        ("Who died?", "Who died?", Filters()),
        (
            "Who died? since:2016-08-01 until:2016-08-31 outlet:RT",
            "Who died?",
            Filters(date(2016, 8, 1), date(2016, 8, 31), "RT"),
        ),
        ("since:2016-08 until:2016-08 Who?", "Who?", Filters(date(2016, 8, 1), date(2016, 8, 31))),
        ("Who? since:2016 until:2016", "Who?", Filters(date(2016, 1, 1), date(2016, 12, 31))),
        ("Who? until:2016-02", "Who?", Filters(until=date(2016, 2, 29))),
        ("Who? SINCE: 2016-08-01, please", "Who? please", Filters(date(2016, 8, 1))),
        ('Who? outlet:"The Times"', "Who?", Filters(outlet="The Times")),
        ("Who? outlet:“The Times”", "Who?", Filters(outlet="The Times")),
        ("Who (outlet:RT)", "Who", Filters(outlet="RT")),
        ("Who? outlet:U.S.News", "Who?", Filters(outlet="U.S.News")),
        ("What happened at 10:30?", "What happened at 10:30?", Filters()),
        ("Is https://e.example/a:b right?", "Is https://e.example/a:b right?", Filters()),
        ("He said: nothing :smile: 3:2", "He said: nothing :smile: 3:2", Filters()),
    ],
)
def test_filters_are_taken_out_of_the_question(text: str, question: str, filters: Filters) -> None:
    typed = parse_filters(text)
    assert (typed.question, typed.filters, typed.problems) == (question, filters, ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Who? author:Smith", "“author:” is not a filter; there are since:, until: and outlet:."),
        ("Who? outlets:RT", "“outlets:” is not a filter; did you mean outlet:?"),
        ("Who? before:2016", "“before:” is not a filter; did you mean until:?"),
        (
            "Who? since:yesterday",
            "“since:yesterday” is not a date; write it like since:2016-08-01.",
        ),
        (
            "Who? since:2016-02-30",
            "“since:2016-02-30” is not a date; write it like since:2016-08-01.",
        ),
        ("Who? since:2016-13", "“since:2016-13” is not a date; write it like since:2016-08-01."),
        ("Who? since:0000", "“since:0000” is not a date; write it like since:2016-08-01."),
        ("Who? since:2016 since:2017", "“since:” is given twice."),
        ("Who? since:2017 until:2016", "since:2017-01-01 is after until:2016-12-31."),
        ('Who? outlet:""', "“outlet:” has nothing behind it."),
        ("Who? until:", "“until:” has nothing behind it."),
    ],
)
def test_what_cannot_be_used_is_explained_and_not_searched_for(text: str, problem: str) -> None:
    typed = parse_filters(text)
    assert typed.problems == (problem,)
    assert typed.question == "Who?"


def test_filters_without_a_question_are_explained() -> None:
    assert parse_filters("outlet:RT").problems == ("There is no question beside the filters.",)


@PATIENT
@given(HOSTILE)
def test_no_text_breaks_the_reading_of_filters(text: str) -> None:
    typed = parse_filters(text)
    assert len(typed.question) <= len(text)
    assert isinstance(typed.filters, Filters)
