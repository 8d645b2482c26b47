"""JSON for scripts: ASCII on one line, whatever an article holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Citation
from bot.wire import citation_object, dumps

CITATION = Citation(
    1, "a", "0" * 64, 0, 4, "Rain", "", " fell", "Weather", None, "2026-03-01", None, None
)


@given(st.dictionaries(st.text(max_size=20), st.one_of(st.text(), st.integers(), st.none())))
def test_every_text_survives_as_ascii_on_one_line(value: dict[str, object]) -> None:
    written = dumps(value)
    assert written.isascii()
    assert not set(written) & {chr(c) for c in (*range(32), 127)}
    assert json.loads(written) == value


def test_lone_surrogates_survive() -> None:
    assert json.loads(dumps({"x": "\ud800"})) == {"x": "\ud800"}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_json_has_no_word_for_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"x": number})


def test_a_citation_has_a_page_only_if_the_article_has_pages() -> None:
    from dataclasses import replace

    assert "page" not in citation_object(CITATION)
    assert citation_object(replace(CITATION, page=3))["page"] == 3
    assert citation_object(CITATION)["exact"] == "Rain"
