import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.jsonl import read_jsonl
from index.readers.limits import Limits


def lines(data: bytes, **limits: int) -> list[Article | UnreadableSource]:
    stream = io.BytesIO(data)
    return list(read_jsonl(stream, Limits(**limits), id="wire.jsonl", origin="news/wire.jsonl"))


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def test_a_line_fills_every_field_and_keeps_unknown_keys() -> None:
    [read] = lines(
        line(id="a/1", title="Rain", url="https://news.example/1", published="Aug. 1, 2016", outlet="Post",
             author="Ann", language="en", text=" It rained.\r\n", section="weather", n=None)
    )  # fmt: skip
    assert isinstance(read, Article)
    assert (read.id, read.title, read.url, read.published) == (
        "a/1",
        "Rain",
        "https://news.example/1",
        "2016-08-01",
    )
    assert (read.outlet, read.author, read.language) == ("Post", "Ann", "en")
    assert (read.text, read.origin) == (" It rained.\r\n", "news/wire.jsonl")
    assert dict(read.extra) == {"section": "weather"}


def test_a_line_without_an_id_is_named_by_its_number() -> None:
    read = lines(line(text="One.") + b"\n" + line(text="Two.", id="") + line(text="Three.", id=7))
    assert [one.id for one in read if isinstance(one, Article)] == [
        "wire.jsonl#1",
        "wire.jsonl#3",
        "7",
    ]


def test_a_title_is_found_when_none_is_given() -> None:
    read = lines(line(text="Rain\n\nIt rained on Monday.") + line(text="It rained."))
    assert [one.title for one in read if isinstance(one, Article)] == ["Rain", "wire.jsonl#2"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.example",
        "https://u:p@a.example/",
        "/a",
        "https://a b",
        7,
        "http://",
    ],
)
def test_only_web_addresses_become_the_url(url: object) -> None:
    [read] = lines(line(text="It rained.", url=url))
    assert isinstance(read, Article)
    assert read.url is None
    assert dict(read.extra) == {"url": url}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"not json\n", "not JSON"),
        (b'{"text": "cut', "not JSON"),
        (b'{"text": "x", "n": NaN}\n', "not JSON"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}\n", "not JSON"),
        (b"[" * 100_000 + b"\n", "not JSON"),
        (b'["a list"]\n', "not a JSON object"),
        (b'"text"\n', "not a JSON object"),
        (b'{"text": "caf\xe9"}\n', "not UTF-8"),
        (b'{"title": "no text"}\n', "has no text"),
        (b'{"text": null}\n', "has no text"),
        (b'{"text": 7}\n', "its text is not a string"),
        (b'{"text": ["a"]}\n', "its text is not a string"),
        (b'{"text": " \\n"}\n', "its text is empty"),
        (b'{"text": "a\\u0000b"}\n', "its text has a NUL character"),
        (b'{"text": "a\\ud800b"}\n', "has an unpaired surrogate"),
        (b'{"text": "a", "x": {"\\uDC00": 1}}\n', "has an unpaired surrogate"),
        (b'{"text": "a", "id": ["a"]}\n', "its id is neither a string nor a whole number"),
        (b'{"text": "a", "id": true}\n', "its id is neither a string nor a whole number"),
    ],
)
def test_a_bad_line_is_named_with_file_and_line_and_the_rest_goes_on(
    bad: bytes, reason: str
) -> None:
    first, second, third = lines(
        line(text="One.") + bad.rstrip(b"\n") + b"\n" + line(text="Three.")
    )
    assert isinstance(first, Article)
    assert isinstance(second, UnreadableSource)
    assert (second.origin, second.line, second.reason) == ("news/wire.jsonl", 2, reason)
    assert isinstance(third, Article)


def test_a_paired_surrogate_escape_is_a_character() -> None:
    [read] = lines(b'{"text": "\\ud83d\\ude00 rained"}')
    assert isinstance(read, Article)
    assert read.text == "😀 rained"


def test_the_size_limit_holds_for_a_line_and_not_for_the_file() -> None:
    short = line(text="It rained.")
    read = lines(short * 50 + line(text="x" * 5_000_000) + short, max_bytes=200)
    assert len(read) == 52
    problem = read[50]
    assert isinstance(problem, UnreadableSource)
    assert (problem.line, problem.reason) == (51, "longer than the limit of 200 bytes")
    assert isinstance(read[51], Article)


def test_a_line_that_just_fits_is_read() -> None:
    exact = line(text="It rained.")
    assert isinstance(lines(exact, max_bytes=len(exact) - 1)[0], Article)
    assert isinstance(lines(exact.rstrip(), max_bytes=len(exact) - 1)[0], Article)
    assert isinstance(lines(exact.rstrip(), max_bytes=len(exact) - 2)[0], UnreadableSource)


def test_a_byte_order_mark_before_the_first_line_is_no_harm() -> None:
    assert isinstance(lines(b"\xef\xbb\xbf" + line(text="It rained."))[0], Article)


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_a_file_without_lines_is_empty(data: bytes) -> None:
    [problem] = lines(data)
    assert isinstance(problem, UnreadableSource)
    assert problem.reason == "empty file"


@given(
    st.text(min_size=1).filter(
        lambda text: "\0" not in text and text.strip("\ufeff \t\r\n\f\v\u00a0")
    )
)
def test_any_text_comes_back_unchanged(text: str) -> None:
    for ascii_only in (True, False):
        [read] = lines(
            json.dumps({"text": text}, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        )
        assert isinstance(read, Article)
        assert read.text == text
