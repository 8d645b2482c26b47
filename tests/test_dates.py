from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.dates import day, normalise


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2016-08-01", "2016-08-01"),
        ("20160801", "2016-08-01"),
        ("2016/08/01", "2016-08-01"),
        ("2016-08-01T09:30:00Z", "2016-08-01T09:30:00+00:00"),
        ("2016-08-01T09:30:00.123+0200", "2016-08-01T09:30:00+02:00"),
        ("2016-08-01 09:30", "2016-08-01"),
        ("Mon, 01 Aug 2016 09:30:00 GMT", "2016-08-01T09:30:00+00:00"),
        ("Mon, 01 Aug 2016 09:30:00 -0400", "2016-08-01T09:30:00-04:00"),
        ("01 Aug 16 09:30:00 -0000", "2016-08-01T09:30:00+00:00"),
        ("Mon, 1 Aug 2016", "2016-08-01"),
        ("August 1, 2016", "2016-08-01"),
        ("Aug. 1st, 2016", "2016-08-01"),
        ("Sept 5, 2020", "2020-09-05"),
        ("1 August 2016", "2016-08-01"),
        ("  Monday,  August 1, 2016 at 9:30 a.m. EDT ", "2016-08-01"),
    ],
)
def test_a_date_with_one_reading_becomes_iso_8601(written: str, expected: str) -> None:
    assert normalise(written) == expected


@pytest.mark.parametrize(
    "nonsense",
    ["", "may", "today", "2016", "2016-08", "08/01/2016", "12345678", "31 February 2016",
     "2016-08-01 or so", "2016-08-01T25:00", "0001-01-01", "9" * 5000, "2016-W31-1", "١ August 2016x"],
)  # fmt: skip
def test_nothing_is_guessed_from_garbage(nonsense: str) -> None:
    assert normalise(nonsense) is None


def test_other_types_are_no_dates() -> None:
    assert [normalise(value) for value in (None, 20160801, 1.5, ["2016-08-01"], True)] == [None] * 5


def test_date_objects_are_taken_and_a_clock_without_zone_is_dropped() -> None:
    assert normalise(date(2016, 8, 1)) == "2016-08-01"
    assert normalise(datetime(2016, 8, 1, 9, 30)) == "2016-08-01"
    assert normalise(datetime(2016, 8, 1, 9, 30, tzinfo=UTC)) == "2016-08-01T09:30:00+00:00"


def test_the_day_is_the_one_in_the_zone_the_article_was_published_in() -> None:
    assert day("2016-08-01T23:30:00-05:00") == date(2016, 8, 1)
    assert day("2016-08-01") == date(2016, 8, 1)
    assert day(None) is None


@given(st.text(max_size=60))
def test_whatever_comes_in_the_result_is_none_or_a_day_that_parses(text: str) -> None:
    result = normalise(text)
    assert result is None or day(result) is not None


@given(
    st.datetimes(min_value=datetime(1600, 1, 1), max_value=datetime(2100, 1, 1)),
    st.integers(-12 * 60, 14 * 60),
)
def test_a_normalised_date_stays_as_it_is(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    once = normalise(aware)
    assert once is not None
    assert normalise(once) == once
