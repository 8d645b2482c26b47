import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableSource
from index.readers.limits import Limits
from index.readers.markdown import read_markdown
from tests.readers.samples import article, document

STORY = """---
title: Ferry stops
url: https://post.example/ferry
publication: Harbour Post
author: [Ann Lee, Bo Ray]
date: 2026-03-04
language: en
id: 77
tags: [sea, {n: 1}]
rating: .inf
---
# The ferry

The **ferry** to [Ness](https://ness.example "Ness") stopped
on *Monday* &mdash; said `port`.\\
More soon.

- Repairs start.
- Buses run:
  1. north
  2. south

> We are sorry.

| Day | Boats |
|-----|-------|
| Mon | 0     |

<div>Loose <b>text</b><script>x()</script></div>

![a picture](ferry.png) ~~Gone~~ a<br>b
"""


def test_front_matter_fills_the_fields_and_keeps_unknown_keys() -> None:
    read = article(read_markdown, STORY, "ferry.md")
    assert (read.title, read.outlet, read.author) == (
        "Ferry stops",
        "Harbour Post",
        "Ann Lee, Bo Ray",
    )
    assert (read.url, read.published, read.language) == (
        "https://post.example/ferry",
        "2026-03-04",
        "en",
    )
    assert dict(read.extra) == {"id": 77, "tags": ["sea", {"n": 1}], "rating": "inf"}


def test_the_body_is_the_plain_text_a_reader_sees() -> None:
    assert article(read_markdown, STORY, "ferry.md").text == "\n\n".join(
        [
            "The ferry",
            "The ferry to Ness stopped on Monday — said port.\nMore soon.",
            "Repairs start.",
            "Buses run:",
            "north",
            "south",
            "We are sorry.",
            "Day | Boats",
            "Mon | 0",
            "Loose text",
            "Gone a\nb",
        ]
    )


def test_without_a_title_the_first_heading_or_the_name_is_taken() -> None:
    assert article(read_markdown, "Intro.\n\n# Rain *again*\n\nIt rained.").title == "Rain again"
    assert article(read_markdown, "It rained.", "2016-08-01-the-rain.md").title == "The rain"
    assert article(read_markdown, "It rained.", "2016-08-01-the-rain.md").published == "2016-08-01"


def test_a_value_its_field_cannot_use_is_kept_as_it_is() -> None:
    read = article(read_markdown, "---\nurl: javascript:alert(1)\ndate: soon\n---\nIt rained.")
    assert (read.url, read.published) == (None, None)
    assert dict(read.extra) == {"url": "javascript:alert(1)", "date": "soon"}


@pytest.mark.parametrize(
    "body",
    [
        "---\nIt rained.\n---\n\nIt dried.",
        "---\n\nIt rained. It dried.",
        "\ufeffIt rained. It dried.",
    ],
)
def test_text_between_rules_is_no_front_matter(body: str) -> None:
    read = article(read_markdown, body)
    assert read.text.replace("\n\n", " ") == "It rained. It dried."
    assert not read.extra


@pytest.mark.parametrize("end", ["---", "..."])
def test_line_ends_and_a_byte_order_mark_do_not_hide_front_matter(end: str) -> None:
    read = article(read_markdown, f"\ufeff---\r\ntitle: Rain\r\n{end}\r\nIt rained.\r\n".encode())
    assert (read.title, read.text) == ("Rain", "It rained.")


BOMB = "a: &a [x,x]\n" + "".join(f"k{n}: &k{n} [*a,*a]\n" for n in range(5))


@pytest.mark.parametrize(
    ("matter", "reason"),
    [
        ("title: 'open", "its front matter is not YAML"),
        ("a: b: c", "its front matter is not YAML"),
        ("x: !!python/object/apply:os.system ['true']", "its front matter is not YAML"),
        ("when: 2016-99-99", "its front matter is not YAML"),
        ("x: " + "[" * 400, "its front matter is not YAML"),
        ("x: " + "[" * 2000, "its front matter is too large"),
        (BOMB, "its front matter uses YAML aliases"),
        ("x: " + "y" * 20_000, "its front matter is too large"),
    ],
)
def test_hostile_front_matter_is_refused(matter: str, reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_markdown(document(f"---\n{matter}\n---\nIt rained.", "a.md"), Limits())
    assert caught.value.reason == reason


def test_the_line_of_broken_front_matter_is_named() -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_markdown(document("---\ntitle: Rain\na: b: c\n---\nIt rained.", "a.md"), Limits())
    assert caught.value.line == 3


@pytest.mark.parametrize(
    "body", ["---\ntitle: Rain\n---\n", "---\n---\n\n<!-- nothing -->\n", "![](a.png)"]
)
def test_a_body_without_text_is_refused(body: str) -> None:
    with pytest.raises(UnreadableSource, match="no text"):
        read_markdown(document(body, "a.md"), Limits())


@pytest.mark.parametrize(
    "body",
    ["> " * 5000 + "deep", "[" * 20_000 + "x", "*a " * 20_000, "- " * 3000 + "x", "`" * 9999 + "x"],
)
def test_deep_nesting_ends_soon_in_text_or_in_a_problem(body: str) -> None:
    started = time.monotonic()
    with contextlib.suppress(UnreadableSource):
        assert article(read_markdown, body).text
    assert time.monotonic() - started < 10


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1))
def test_any_text_gives_an_article_or_a_problem(body: str) -> None:
    try:
        read = article(read_markdown, body)
    except UnreadableSource:
        return
    assert read.text.strip()
    read.text.encode()
