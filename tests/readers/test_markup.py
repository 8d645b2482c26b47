import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.markup import plain_text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("", ""),
        ("Loose &lt;text&gt; &amp; more", "Loose <text> & more"),
        ("<p>One<p>Two", "One\n\nTwo"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<div>One <b>bold</b>\n word<div>Two</div>three</div>", "One bold word\n\nTwo\n\nthree"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>", "A | B\n\nC"),
        ("A<script>x('<p>')</script>B<style>p{}</style><!-- c -->C", "ABC"),
        ("<p>Łódź 😀\0</p>", "Łódź 😀"),
        ("</p></div>One", "One"),
    ],
)
def test_a_fragment_becomes_its_paragraphs(fragment: str, text: str) -> None:
    assert plain_text(fragment) == text


@pytest.mark.parametrize(
    "unit", ["<div>", "<a ", "&", "<!--", "<![CDATA[", "</", "<script>", "<p", "&#x41;"]
)
def test_hostile_fragments_end_soon(unit: str) -> None:
    started = time.monotonic()
    plain_text(unit * 100_000)
    assert time.monotonic() - started < 5


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&"), max_size=50)
)
def test_text_without_markup_keeps_its_words(text: str) -> None:
    assert plain_text(text).split() == text.split()
