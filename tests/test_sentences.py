"""Sentence segmentation: spans that hold for any text, and newswire that is cut right."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import Span, split
from index.sentences.paragraphs import paragraphs, segments
from tests.newswire_cases import CASES, sentences_of, text_of

SHARED = Path(os.environ.get("FOOTNOTE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
GUM = SHARED / "sentences" / "gum_wikinews.jsonl"

_PIECES = st.sampled_from(
    [
        *("a", "The", "said", "U.S.", "Lt. Gen.", "J.", "Jan.", "5", "p.m.", "Inc.", "No.", "1."),
        *(".", "!", "?", "…", "...", ". . .", "。", "।", "؟", "”", "“", '"', "'", "''", "``"),
        *(")", "(", "[1]", "—", "- ", "• ", "a) ", "Q: ", ":", "http://a.b/c", "a@b.c"),
        *(" ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\f", "\x85", "\xa0", "\u2028", "\u2029"),
        *(
            "\ufeff",
            "\x00",
            "\u200d",
            "\u0301",
            "İ",
            "ß",
            "😀",
            "👩‍👩‍👧",
            "שלום",
            "سلام",
            "新",
            "क",
        ),
    ]
)
texts = st.one_of(st.text(), st.lists(_PIECES, max_size=40).map("".join))


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def assert_sound(text: str, spans: list[Span]) -> None:
    """Disjoint, in order, no white space at the ends, everything else covered."""
    reached = 0
    for start, end in spans:
        assert reached <= start < end <= len(text)
        assert text[reached:start].strip() == ""
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        reached = end
    assert text[reached:].strip() == ""


@pytest.mark.parametrize("case", [case for group in CASES.values() for case in group])
def test_a_newswire_case_is_cut_where_a_reader_would_cut_it(case: str) -> None:
    assert cut(text_of(case)) == sentences_of(case)


@given(texts)
def test_sentences_are_disjoint_in_order_and_cover_all_ink(text: str) -> None:
    assert_sound(text, split(text))


@given(texts)
def test_paragraphs_are_disjoint_in_order_and_cover_all_ink(text: str) -> None:
    assert_sound(text, paragraphs(text))


@given(texts)
def test_no_sentence_crosses_a_paragraph_or_a_segment(text: str) -> None:
    for blocks in (paragraphs(text), segments(text)):
        for start, end in split(text):
            assert any(first <= start and end <= last for first, last in blocks)


@given(texts, texts)
def test_text_behind_a_blank_line_changes_no_span_in_front_of_it(front: str, back: str) -> None:
    alone = split(front)
    both = split(f"{front}\n\n{back}")
    assert both[: len(alone)] == alone
    shift = len(front) + 2
    assert both[len(alone) :] == [(start + shift, end + shift) for start, end in split(back)]


@given(texts)
def test_a_sentence_repeated_as_a_text_of_its_own_keeps_its_edges(text: str) -> None:
    for start, end in split(text):
        own = split(text[start:end])
        assert own[0][0] == 0
        assert own[-1][1] == end - start


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n \t\xa0\u2028\u2029\x1c"])
def test_text_without_ink_has_neither_sentences_nor_paragraphs(text: str) -> None:
    assert split(text) == []
    assert paragraphs(text) == []


def test_offsets_count_code_points_behind_emoji_and_combining_marks() -> None:
    text = "\ufeff👩‍👩‍👧 İyi. Ça va\u0301. \x00 Next."
    assert cut(text) == ["\ufeff👩‍👩‍👧 İyi.", "Ça va\u0301.", "\x00 Next."]


def test_a_byte_order_mark_stays_with_the_first_sentence() -> None:
    assert split("\ufeffOne. Two.") == [(0, 5), (6, 10)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_every_kind_of_line_break_separates_a_heading(newline: str) -> None:
    text = newline.join(
        ["Fire in Vell", "A warehouse burned on Friday, and nobody was hurt in it."]
    )
    assert len(split(text)) == 2
    assert len(paragraphs(text)) == 1
    assert len(paragraphs(text.replace(newline, newline * 2))) == 2


def test_hard_wrapped_lines_are_one_sentence() -> None:
    text = (
        "The minister said on Friday that the bridge over the river\n"
        "Sorr would be closed until the engineers of the Vell Water\n"
        "Board had examined it."
    )
    assert split(text) == [(0, len(text))]


def test_lines_too_long_to_be_wrapped_are_paragraphs_of_their_own() -> None:
    line = "The river rose again and the people of the lower town left their houses " * 3
    text = f"{line.strip()}\n{line.strip()}"
    assert len(split(text)) == len(paragraphs(text)) == 2


def test_list_items_that_wrap_stay_whole() -> None:
    text = "- the first item is long and goes\n  on here\n- the second is short"
    assert cut(text) == ["- the first item is long and goes\n  on here", "- the second is short"]


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "a",
            ". ",
            '"',
            ".",
            "? ",
            "...",
            ". . ",
            " ",
            "\n",
            "A\n",
            "- ",
            "1.\n",
            "(",
            ". (",
            '." ',
        ),
        *(
            "U.S. ",
            "J. ",
            "\x00",
            ".[1]",
            ".[",
            '. " ',
            ". ' ",
            ". a",
            "。」",
            "。",
            " .)",
            "!a",
            ".A",
        ),
        *(
            "abcd.Abc",
            ".\u0301",
            " \n",
            "\r",
            "😀 ",
            ". 😀",
            ".''",
            "a-",
            "a\n\n- b\n",
            "‘",
            "Dr. ",
        ),
    ],
)
def test_time_is_linear_for_text_made_to_be_slow(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    spans = split(text)
    paragraphs(text)
    assert time.process_time() - began < 5
    assert spans or not text.strip()


@pytest.mark.parametrize("unit", ["a", '"', "(", ".", "?", "[", "\x00"])
def test_five_megabytes_of_one_character_are_one_sentence(unit: str) -> None:
    began = time.process_time()
    assert split(unit * 5_000_000) == [(0, 5_000_000)]
    assert time.process_time() - began < 5


@pytest.mark.shared_data
@pytest.mark.skipif(not GUM.exists(), reason=f"no gold boundaries at {GUM}")
def test_boundaries_of_news_agree_with_annotators() -> None:
    agreed = ours = gold = 0
    for line in GUM.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        if document["genre"] != "news":
            continue
        text, ends = "", set()
        paragraph = 0
        for sentence in document["sentences"]:
            if text:
                text += " " if sentence["par"] == paragraph else "\n\n"
            paragraph = sentence["par"]
            text += sentence["text"]
            ends.add(len(text))
        found = {end for _, end in split(text)}
        agreed, ours, gold = agreed + len(found & ends), ours + len(found), gold + len(ends)
    assert 2 * agreed / (ours + gold) >= 0.95
