"""cl100k_base offline: the right vocabulary, plain special tokens, bounded time."""

import inspect
import time

import pytest
import tiktoken_ext.openai_public as published
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexFault
from index.tokens import (
    LONGEST_RUN,
    SPECIAL_TOKENS,
    SPLIT_PATTERN,
    VOCABULARY_SHA256,
    TokenCounter,
    pieces,
    read_encoding,
    vocabulary_path,
)


@pytest.fixture(scope="module")
def count():
    return TokenCounter()


def test_the_encoding_is_the_one_that_tiktoken_publishes(monkeypatch):
    monkeypatch.setattr(published, "load_tiktoken_bpe", lambda url, expected_hash: expected_hash)
    theirs = published.cl100k_base()
    assert theirs["mergeable_ranks"] == VOCABULARY_SHA256
    assert theirs["pat_str"] == SPLIT_PATTERN
    assert theirs["special_tokens"] == SPECIAL_TOKENS
    assert "cl100k_base" in inspect.getsource(published)


def test_the_tokens_of_a_sentence_are_those_of_cl100k_base():
    encoding = read_encoding(vocabulary_path())
    assert encoding.encode_ordinary("Hello world") == [9906, 1917]
    assert encoding.n_vocab == 100277


def test_a_special_token_in_a_text_is_plain_text(count):
    assert count("<|endoftext|>") > 1


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "a\udfffb", "\ufffe", "𝔘𝔫𝔦"])
def test_odd_text_is_counted(count, text):
    assert (count(text) == 0) == (text == "")


@pytest.mark.parametrize("letter", ["a", " ", "\n", "!", "1", "字", "\u0301"])
def test_a_megabyte_of_one_character_takes_seconds_at_most(count, letter):
    start = time.perf_counter()
    assert count(letter * 1_000_000) > 1_000
    assert time.perf_counter() - start < 10


def test_many_texts_are_counted_in_order(count):
    assert count.count_many(["Rain fell on the hills.", "", "Rain"]) == [6, 0, 1]


def test_ordinary_text_is_not_cut():
    text = "Rain fell on the hills. " * 500
    assert list(pieces(text)) == [text]


@given(st.text(alphabet="ab \n", max_size=3 * LONGEST_RUN))
def test_the_pieces_are_the_text_and_none_has_a_long_run(text):
    parts = list(pieces(text))
    assert "".join(parts) == text
    assert all(max(map(len, part.split()), default=0) <= LONGEST_RUN for part in parts)


def test_a_missing_vocabulary_says_what_to_do(tmp_path):
    with pytest.raises(IndexFault, match="missing") as caught:
        TokenCounter(tmp_path / "none")("Rain")
    assert "pip install" in caught.value.remedy


def test_an_altered_vocabulary_is_refused(tmp_path):
    copy = tmp_path / "cl100k_base.tiktoken"
    copy.write_bytes(vocabulary_path().read_bytes()[:-9])
    with pytest.raises(IndexFault, match="damaged"):
        TokenCounter(copy)("Rain")


def test_nothing_is_read_before_the_first_count(tmp_path):
    TokenCounter(tmp_path / "none")
