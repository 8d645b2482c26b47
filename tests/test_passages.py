"""Passages: whole sentences, within the budget, every sentence at least once."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.passages import (
    BUDGET,
    OUTLET_LIMIT,
    TITLE_LIMIT,
    build_passages,
    embed_input,
    header,
    passage_id,
)


def article(text, **fields):
    return Article.of(id="a", text=text, origin="a.txt", **fields)


def words(text):
    """Count words: one token a word makes budgets easy to read."""
    return len(text.split())


def sentences_of(text):
    return [match.span() for match in re.finditer(r"\S[^.]*\.", text)]


def passages_of(text, budget, overlap=1):
    return build_passages(article(text), sentences_of(text), words, budget=budget, overlap=overlap)


def ranges(passages):
    return [(passage.first, passage.last) for passage in passages]


def test_a_passage_takes_whole_sentences_up_to_the_budget_and_repeats_the_last():
    assert ranges(passages_of("a a a. b b b. c c c. d d d.", 6)) == [(0, 1), (1, 2), (2, 3)]


def test_without_overlap_no_sentence_is_repeated():
    assert ranges(passages_of("a a a. b b b. c c c. d d d.", 6, overlap=0)) == [(0, 1), (2, 3)]


def test_a_passage_ends_at_a_paragraph_when_it_is_reasonably_full():
    text = "a a. b b. c c.\n\nd d. e e. f f."
    assert ranges(passages_of(text, 8)) == [(0, 2), (3, 5)]


def test_a_windows_blank_line_ends_a_paragraph():
    text = "a a. b b. c c.\r\n\r\nd d. e e. f f."
    assert ranges(passages_of(text, 8)) == [(0, 2), (3, 5)]


def test_a_line_break_alone_does_not_end_a_paragraph():
    text = "a a. b b. c c.\nd d. e e. f f."
    assert ranges(passages_of(text, 8)) == [(0, 3), (3, 5)]


def test_short_paragraphs_share_a_passage():
    assert ranges(passages_of("a a.\n\nb b.\n\nc c.", 6)) == [(0, 2)]


def test_a_sentence_over_the_budget_stands_alone():
    text = "a a. " + "b " * 30 + "b. c c."
    assert ranges(passages_of(text, 6)) == [(0, 0), (1, 1), (2, 2)]


def test_a_repeated_sentence_never_crowds_out_a_new_one():
    assert ranges(passages_of("a a a a a. b b b. c c c.", 6)) == [(0, 0), (1, 2)]


def test_an_article_without_sentences_has_no_passages():
    assert passages_of("", 10) == []


def test_counts_that_do_not_add_up_still_keep_the_budget():
    def grudging(text):
        return words(text) + 2 * (text.count(".") - 1)

    text = "a a. b b. c c. d d."
    spans = sentences_of(text)
    passages = build_passages(article(text), spans, grudging, budget=6)
    assert all(passage.tokens <= 6 for passage in passages)
    assert {i for p in passages for i in range(p.first, p.last + 1)} == {0, 1, 2, 3}


TEXTS = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from([" ", "\n", "\n\n"])), max_size=25
).map(lambda parts: "".join("w " * (n - 1) + "w." + gap for n, gap in parts))


@given(TEXTS, st.integers(1, 30), st.integers(0, 3))
def test_every_sentence_is_covered_in_order_within_the_budget(text, budget, overlap):
    spans = sentences_of(text)
    passages = build_passages(article(text), spans, words, budget=budget, overlap=overlap)
    covered = {i for p in passages for i in range(p.first, p.last + 1)}
    assert covered == set(range(len(spans)))
    assert all(p.tokens <= budget or p.first == p.last for p in passages)
    for before, after in pairwise(passages):
        assert before.first < after.first <= before.last + 1
        assert before.last < after.last
        assert before.last + 1 - after.first <= overlap
    assert len({p.id for p in passages}) == len(passages)
    assert [p.tokens for p in passages] == [
        words(text[spans[p.first][0] : spans[p.last][1]]) for p in passages
    ]


def test_an_id_depends_on_the_text_and_the_span_alone():
    text = "Rain fell. It stopped."
    first, again = passages_of(text, BUDGET), passages_of(text, BUDGET)
    assert first == again
    assert first[0].id == passage_id(article(text).content_hash, 0, len(text))
    assert passages_of(text + " Sun.", BUDGET)[0].id != first[0].id


def test_the_header_has_title_outlet_and_day():
    full = article("x", title="Rain", outlet="Post", published="2016-08-01T10:00:00Z")
    assert header(full) == "Rain. Post, 2016-08-01.\n"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        ({"title": "Will it rain?"}, "Will it rain?\n"),
        ({"outlet": "Post"}, "Post.\n"),
        ({"published": "2016-08-01"}, "2016-08-01.\n"),
        ({"published": "yesterday", "title": " Two\n\nlines\x00 "}, "Two lines\x00.\n"),
    ],
)
def test_a_header_without_all_its_parts(fields, expected):
    assert header(article("x", **fields)) == expected


@pytest.mark.parametrize("letter", ["x", "x ", " \n", "\ud800"])
def test_a_hostile_title_and_outlet_are_bounded(letter):
    hostile = letter * 1_000_000
    assert (
        len(header(article("x", title=hostile, outlet=hostile))) <= TITLE_LIMIT + OUTLET_LIMIT + 9
    )


def test_the_embedded_text_has_the_header_and_the_spans_point_at_the_sentences():
    text = "Zero here. One here. Two here."
    doc, spans = article(text, title="Rain"), sentences_of(text)
    passage = build_passages(doc, spans, words, budget=4)[1]
    made = embed_input(doc, passage, spans, header(doc))
    assert made.text == "Rain.\nOne here. Two here."
    assert [made.text[a:b] for a, b in made.spans] == ["One here.", "Two here."]
