"""Deep links, held against a small browser: the draft's search, written out."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.links import deep_link, quote_context

URL = "https://post.example/2026/09/03/ferry"


class Browser:
    """Finds a text directive in a page whose blocks are the lines of a text.

    Follows "find a range from a text directive" of the WICG draft: case is
    folded, white space collapsed, a term stays within its block, and words are
    whole. It shares no code with the program.
    """

    def __init__(self, text: str) -> None:
        self.page = ""
        self.origin: list[int] = []
        for at, char in enumerate(text):
            if char.isspace():
                shown = "\n" if char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029" else " "
                if self.page.endswith("\n") or (self.page.endswith(" ") and shown == " "):
                    continue
                if self.page.endswith(" "):
                    self.page, self.origin = self.page[:-1], self.origin[:-1]
            else:
                shown = char if len(char.lower()) > 1 else char.lower()
            self.page += shown
            self.origin.append(at)

    def boundary(self, at: int) -> bool:
        if at in (0, len(self.page)):
            return True
        return not (self.page[at - 1].isalnum() and self.page[at].isalnum())

    def find(self, term: str, at: int, head: bool, tail: bool) -> int:
        term = "".join(c if len(c.lower()) > 1 else c.lower() for c in term)
        while (at := self.page.find(term, at)) >= 0:
            whole = not head or self.boundary(at)
            if whole and (not tail or self.boundary(at + len(term))):
                return at
            at += 1
        return -1

    def skip(self, at: int) -> int:
        while at < len(self.page) and self.page[at].isspace():
            at += 1
        return at

    def match(self, link: str) -> tuple[int, int] | None:
        """Return the half-open span of the text that the link selects."""
        prefix, start, end, suffix = terms(link)
        search = 0
        while True:
            if prefix:
                found = self.find(prefix, search, True, False)
                if found < 0:
                    return None
                search = found + 1
                begin = self.skip(found + len(prefix))
                if self.find(start, begin, False, bool(end) or not suffix) != begin:
                    continue
            else:
                begin = self.find(start, search, True, bool(end) or not suffix)
                if begin < 0:
                    return None
                search = begin + 1
            close = begin + len(start)
            while True:
                if end:
                    found = self.find(end, close, True, not suffix)
                    if found < 0:
                        return None
                    close = found + len(end)
                if not suffix:
                    return self.origin[begin], self.origin[close - 1] + 1
                after = self.skip(close)
                if self.find(suffix, after, False, True) == after:
                    return self.origin[begin], self.origin[close - 1] + 1
                if not end:
                    break


def terms(link: str) -> tuple[str, str, str, str]:
    """Return prefix, start, end and suffix of a link, decoded; missing ones are empty."""
    parts = link.split("#", 1)[1].split(":~:text=", 1)[1].split(",")
    prefix = parts.pop(0)[:-1] if parts[0].endswith("-") else ""
    suffix = parts.pop()[1:] if parts[-1].startswith("-") else ""
    start, end = [*parts, ""][:2]
    assert len(parts) in (1, 2)
    return unquote(prefix), unquote(start), unquote(end), unquote(suffix)


def link_to(text: str, quote: str, nth: int = 0) -> tuple[str, tuple[int, int]]:
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    link = deep_link(URL, text, start, start + len(quote))
    assert link is not None
    return link, (start, start + len(quote))


# --- the text fragment ---------------------------------------------------------


def test_a_quote_that_is_unique_and_long_enough_stands_alone() -> None:
    text = "Rain fell all day. The harbour master closed the channel. Nobody was hurt."
    link, span = link_to(text, "The harbour master closed the channel.")
    assert link == f"{URL}#:~:text=The%20harbour%20master%20closed%20the%20channel."
    assert Browser(text).match(link) == span


def test_a_short_quote_gets_context_even_if_it_is_unique() -> None:
    text = "They are not related. We apologise to both."
    link, span = link_to(text, "not related")
    assert terms(link) == ("are", "not related", "", "")
    assert Browser(text).match(link) == span


def test_dashes_commas_and_ampersands_of_a_term_are_encoded() -> None:
    text = "Dorn & Halloway, a well-known firm, sent three tugs, he said."
    link, span = link_to(text, text)
    directive = link.split(":~:text=")[1]
    assert "%26" in directive
    assert "%2C" in directive
    assert "%2D" in directive
    assert not set("&,-") & set(directive)
    assert Browser(text).match(link) == span


def test_the_second_of_two_equal_sentences_gets_the_words_that_tell_it_apart() -> None:
    text = "Pumps failed. The ship was aground again. Tugs came. The ship was aground again. Dusk."
    for nth in (0, 1):
        link, span = link_to(text, "The ship was aground again.", nth)
        assert Browser(text).match(link) == span
    assert "came." in link


def test_an_earlier_copy_in_other_case_accents_or_white_space_counts_as_a_copy() -> None:
    text = "SIOBHAN’S BOAT IS HERE NOW.\nLater: Siobhán's boat\u00a0is here now. Then rain."
    link, span = link_to(text, "Siobhán's boat\u00a0is here now.")
    assert terms(link)[0] == "Later:"
    assert Browser(text).match(link) == span


def test_a_long_quote_is_given_by_its_first_and_last_words() -> None:
    middle = " ".join(f"word{n}" for n in range(60))
    text = (
        f"Before it. The order that closed the channel {middle} came from the army itself. After."
    )
    link, span = link_to(text, text[11:-7])
    prefix, start, end, suffix = terms(link)
    assert (prefix, start, end, suffix) == (
        "", "The order that closed", "from the army itself.", ""
    )  # fmt: skip
    assert Browser(text).match(link) == span


def test_a_range_does_not_end_at_an_earlier_copy_of_its_last_words() -> None:
    middle = " ".join(f"word{n}" for n in range(40))
    quote = f"It began as he told the court today and {middle} so he told the court today."
    text = f"Before. {quote} After."
    link, span = link_to(text, quote)
    assert terms(link)[2]
    assert Browser(text).match(link) == span


def test_a_quote_over_two_lines_never_has_a_term_across_the_break() -> None:
    text = "Intro here.\n“Who closed it?”\n\n“I closed the channel,” she said.\nOutro here."
    link, span = link_to(text, "“Who closed it?”\n\n“I closed the channel,” she said.")
    assert terms(link)[1:3] == ("“Who closed it?”", "the channel,” she said.")
    assert Browser(text).match(link) == span


def test_context_may_come_from_the_lines_around() -> None:
    text = "Q: Alone?\nYes.\nQ: Afraid?\nYes.\nQ: Tired?\nYes.\n"
    for nth in range(3):
        link, span = link_to(text, "Yes.", nth)
        assert Browser(text).match(link) == span


def test_a_span_that_cuts_words_is_widened_to_whole_words() -> None:
    text = "The ferry hit the sandbank. It carried 38.5 tonnes, didn’t it, of diesel fuel?"
    start = text.index("5 tonnes")
    link = deep_link(URL, text, start, text.index("n’t") + 1)
    assert link is not None
    assert Browser(text).match(link) == (text.index("38.5"), text.index(" it, of"))


def test_copies_that_no_context_tells_apart_get_the_most_specific_link() -> None:
    text = "\n".join(["Same line before this.", "The very same sentence again.", "Same after."] * 3)
    link, span = link_to(text, "The very same sentence again.", 1)
    prefix, start, _, suffix = terms(link)
    assert (prefix, suffix) == ("Same line before this.", "Same after.")
    found = Browser(text).match(link)
    assert found is not None
    assert found != span
    assert text[slice(*found)] == start


def test_a_quote_that_is_the_whole_article_needs_no_context() -> None:
    link, span = link_to("Fire out.", "Fire out.")
    assert terms(link) == ("", "Fire out.", "", "")
    assert Browser("Fire out.").match(link) == span


def test_a_quote_without_words_links_to_the_article_only() -> None:
    assert deep_link(URL, "One. — Two.", 5, 6) == URL


def test_a_long_sentence_without_spaces_is_linked() -> None:
    text = "渡轮星期三晚上搁浅。" + "港务长关闭了航道，没有人受伤，" * 20 + "调查正在进行。"
    link = deep_link(URL, text, 10, len(text))
    assert link is not None
    assert Browser(text).match(link) == (10, len(text))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 2), (0, 99)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="span"):
        deep_link(URL, "Rain fell.", start, end)


def test_a_megabyte_of_one_repeated_sentence_is_linked_at_once() -> None:
    text = "The ship was aground again. " * 40_000 + "It ended."
    start = text.rindex("The ship")
    link = deep_link(URL, text, start, start + 27)
    assert link is not None
    assert Browser(text[-500:]).match(link) is not None
    assert len(link) < 2_000


# --- properties ------------------------------------------------------------------

WORDS = st.sampled_from(
    ["ferry", "Ferry", "bank", "the", "İstanbul", "O’Ríordáin", "well-known", "3.5", "&", "said,",
     "STRASSE", "straße", "“aground”", "a", "tug.", "ﬁre", "—", "26"]
)  # fmt: skip
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(words) + ".")
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\u00a0", "\r\n", "\u2028"])


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, int, int]:
    """Return a text with repeated sentences, and a span of some of them."""
    pool = draw(st.lists(SENTENCES, min_size=1, max_size=5))
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=14))
    text, spans = "", []
    for sentence in chosen:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + draw(GAPS)
    first = draw(st.integers(0, len(spans) - 1))
    last = draw(st.integers(first, min(first + 8, len(spans) - 1)))
    return text, spans[first][0], spans[last][1]


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold()).strip()


@settings(max_examples=400, deadline=None)
@given(articles())
@example(("a. a. a.", 6, 8))
@example(("a.\na.\na.\nb.", 6, 8))
def test_a_browser_finds_the_quote_or_a_copy_that_nothing_tells_apart(
    article: tuple[str, int, int],
) -> None:
    text, start, end = article
    link = deep_link(URL, text, start, end)
    assert link is not None
    if link == URL:
        assert not any(char.isalnum() for char in text[start:end])
        return
    found = Browser(text).match(link)
    assert found is not None
    if found == (start, end):
        return
    # The fallback: an earlier place that begins like ours, after the same line.
    assert found[0] <= start
    prefix, first, _, _ = terms(link)
    if found[0] < start:
        assert folded(text[found[0] :]).startswith(folded(first))
        assert folded(text[: found[0]]).endswith(folded(prefix))
    line = re.split("[\n\r\u2028]", text[:start].rstrip())[-1].split()
    assert folded(prefix) == folded(" ".join(line[-60:]))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.data())
def test_any_text_gives_a_plain_ascii_link(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    link = deep_link(URL, text, start, end)
    assert link is not None
    assert re.fullmatch(r"[A-Za-z0-9:/.#~=,%_-]+", link)


# --- the address -------------------------------------------------------------------

TEXT = "The harbour master closed the channel."
ALL = ":~:text=The%20harbour%20master%20closed%20the%20channel."


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "   ",
        "javascript:alert(1)",
        "JAVASCRIPT://post.example/%0aalert(1)",
        "data:text/html,<b>x</b>",
        "ftp://post.example/a",
        "file:///etc/passwd",
        "//post.example/a",
        "post.example/a",
        "https://",
        "https:///a",
        "https://user:secret@post.example/a",
        "https://post.example@evil.example/",
        "https://post.example\\@evil.example/",
        "https://post .example/",
        "https://post.example|label/",
        "https://post.example\n/a",
        "https://<b>/a",
        "https://[::1/a",
        "https://a..b/",
        "ht\ntps://post.example/",
        "java\tscript:https://post.example/",
        "https://post.example:port/",
    ],
)
def test_what_is_not_a_plain_web_address_gets_no_link(url: str | None) -> None:
    assert deep_link(url, TEXT, 0, len(TEXT)) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://post.example", "https://post.example/#"),
        ("HTTP://post.example:8080/a", "http://post.example:8080/a#"),
        ("https://[::1]/a", "https://[::1]/a#"),
        ("https://post.example/a#top", "https://post.example/a#top"),
        ("https://post.example/a#:~:text=old", "https://post.example/a#"),
        ("https://post.example/a#top:~:text=old&text=x", "https://post.example/a#top"),
        ("https://post.example/a?x=1&y=2", "https://post.example/a?x=1&y=2#"),
        ("https://post.example/a b", "https://post.example/a%20b#"),
        ("https://post.example/a%20b%", "https://post.example/a%20b%25#"),
        ("https://post.example/a>b|c<d", "https://post.example/a%3Eb%7Cc%3Cd#"),
        ("https://post.example/'\"`", "https://post.example/%27%22%60#"),
        ("https://post.example/(a)[b]", "https://post.example/%28a%29%5Bb%5D#"),
        ("https://post.example/a\nb\x00c", "https://post.example/a%0Ab%00c#"),
        ("https://post.example/?q=<!here>", "https://post.example/?q=%3C!here%3E#"),
        ("https://post.example/a#x|y>z", "https://post.example/a#x%7Cy%3Ez"),
        ("https://post.example/größe", "https://post.example/gr%C3%B6%C3%9Fe#"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a#"),
        ("  https://post.example/a\n", "https://post.example/a#"),
    ],
)
def test_an_address_is_encoded_and_keeps_its_fragment(url: str, expected: str) -> None:
    assert deep_link(url, TEXT, 0, len(TEXT)) == expected + ALL


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab/?#&=%<>|\"'`()[]\\ \n\t\x00é@:~-"), max_size=30))
def test_no_address_breaks_out_of_slack_or_html(tail: str) -> None:
    link = deep_link("https://post.example/" + tail, TEXT, 0, len(TEXT))
    assert link is not None
    assert re.fullmatch(r"[!#$%&*+,\-./0-9:;=?@A-Z_a-z~]+", link)
    assert urlsplit(link).hostname == "post.example"
    assert link.count("#") == 1
    assert link.endswith(ALL)


# --- the selectors ------------------------------------------------------------------


def test_the_context_of_a_quote_is_the_text_right_before_and_after_it() -> None:
    text = "x" * 40 + "quote" + "y" * 10
    assert quote_context(text, 40, 45) == ("x" * 32, "y" * 10)
    assert quote_context(text, 0, 5, width=0) == ("", "")


@given(st.text(), st.integers(0, 40), st.data())
def test_context_and_quote_put_together_stand_in_the_text(
    text: str, width: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    prefix, suffix = quote_context(text, start, end, width)
    assert text[start - len(prefix) : end + len(suffix)] == prefix + text[start:end] + suffix
    assert len(prefix) == min(width, start)
    assert len(suffix) == min(width, len(text) - end)


@pytest.mark.parametrize(("start", "end", "width"), [(3, 2, 1), (-1, 2, 1), (0, 9, 1), (0, 1, -1)])
def test_the_context_of_an_impossible_span_is_refused(start: int, end: int, width: int) -> None:
    with pytest.raises(ValueError, match="context"):
        quote_context("Rain", start, end, width)
