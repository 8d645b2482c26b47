"""What people see: answers that fit the terminal, and nothing that acts on it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Citation, CitedAnswer, Claim
from bot.terminal import answer_text, day_text, visible

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def citation(number: int, text: str, article: str = "a", **fields: object) -> Citation:
    made = Citation(
        number, article, "0" * 64, 0, len(text), text, "", "", "A title", "Post", "2026-03-01",
        None, None,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def answer(*citations: Citation, reason: str | None = None, nearest: bool = False) -> CitedAnswer:
    claims = tuple(Claim(c.exact, (c,), "supported") for c in citations)
    return CitedAnswer(
        "id",
        "Who?",
        "declined" if nearest else "answered",
        reason,
        "extractive",
        () if nearest else claims,
        (),
        citations if nearest else (),
        "g000001",
    )


# ----------------------------------------------------------------------------- what is visible


@given(st.text())
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    shown = visible(text)
    assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
    assert not set(shown) & set(BIDI)
    assert shown == " ".join(shown.split())
    shown.encode("utf-8")
    assert visible(shown) == shown


@pytest.mark.parametrize(
    "acting", [*BIDI, "\x1b[2J", "\x9b31m", "\x07", "\r", "\x08", "\x7f", "\u2028"]
)
def test_each_acting_character_becomes_a_space(acting: str) -> None:
    assert not set(visible(f"a{acting}b")) & set(acting[:1])


def test_letters_of_every_script_stay() -> None:
    for text in ("Ríordáin", "مرحبا", "שלום", "北京", "🎉", "e\u0301", "“quoted”"):
        assert visible(text) == text


def test_days_are_written_as_people_write_them() -> None:
    assert day_text("2016-08-01") == "1 August 2016"
    assert day_text("2016-08-01T23:30:00-05:00") is not None
    assert day_text(None) is None


# ------------------------------------------------------------------------------ an answer

LONG = " ".join(["The harbour master of Port Maren closed the channel at noon."] * 5)


def in_order(shown: str, *parts: str) -> None:
    """Check that each part stands after the one before it."""
    at = 0
    for part in parts:
        assert part in shown[at:], (part, shown)
        at = shown.index(part, at) + len(part)


def test_a_plain_answer_is_its_quote_and_its_source() -> None:
    shown = answer_text(answer(citation(1, "Rain fell.")), width=80)
    in_order(shown, "Rain fell.", "[1]", "Sources", "[1] A title · Post · 1 March 2026", "0–10")


def test_the_link_stands_in_the_place_of_the_characters() -> None:
    linked = citation(1, "Rain fell.", link="https://news.example/a#:~:text=Rain%20fell.")
    shown = answer_text(answer(linked), width=40)
    assert "    https://news.example/a#:~:text=Rain%20fell." in shown.splitlines()
    assert "characters" not in shown


def test_a_pdf_names_its_page_and_an_article_without_title_its_id() -> None:
    shown = answer_text(answer(citation(1, "Rain.", title="", outlet=None, page=4)), width=80)
    in_order(shown, "Sources", "[1] a", "1 March 2026")
    assert "page 4" in shown


def test_quotes_of_several_articles_stand_below_outlet_and_date() -> None:
    one = citation(1, "Twelve were hurt.")
    two = citation(2, "Two of them badly.")
    other = citation(3, "Fifteen were hurt.", "b", outlet="Wire", published="2026-03-02")
    shown = answer_text(answer(one, two, other, reason="the reports disagree"), width=80)
    in_order(
        shown,
        "the reports disagree",
        "Post, 1 March 2026",
        "Twelve were hurt.",
        "[1]",
        "Two of them badly.",
        "[2]",
        "Wire, 2 March 2026",
        "Fifteen were hurt.",
        "[3]",
        "Sources",
    )


def test_a_declined_answer_gives_its_reason_and_the_nearest() -> None:
    shown = answer_text(answer(citation(1, "Rain."), reason="because", nearest=True), width=80)
    assert shown.startswith("I can't answer that from the articles: because.\n\nThe nearest")
    in_order(shown, "Rain.", "[1]", "Sources")
    alone = answer_text(answer(reason="because", nearest=True), width=80)
    assert alone == "I can't answer that from the articles: because."


@pytest.mark.parametrize("width", [40, 60, 88, 100])
def test_lines_fit_the_terminal(width: int) -> None:
    shown = answer_text(answer(citation(1, LONG, title=LONG)), width=width)
    assert max(map(len, shown.splitlines())) <= width
    words = " ".join(line.strip(" >") for line in shown.splitlines())
    assert words.count("closed the channel at noon.") == 10


@given(st.text(min_size=1), st.text(), st.text())
def test_an_answer_of_any_text_is_harmless(text: str, title: str, name: str) -> None:
    hostile = citation(1, text, name, title=title, outlet=title, url=name, link=name)
    for shown in (answer_text(answer(hostile)), answer_text(answer(hostile, nearest=True))):
        assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"}
        assert not set(shown) & set(BIDI)
