"""From hits to evidence, and the check that stands between a quote and a reader."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BotFault, BrokenCitation
from bot.evidence import broken, check, cite, number_evidence, page_of
from index.articles import Article
from index.catalog import SentenceRow
from index.search import Scores, SentenceHit
from tests.conftest import article

ARTICLE = article(
    "The bank raised rates. The bank raised rates. The bank left them unchanged.",
    url="https://news.example/a",
    title="Rates",
    outlet="Post",
    published="2026-03-01",
)


def hit(start: int, end: int, of: Article = ARTICLE, ordinal: int = 0) -> SentenceHit:
    return SentenceHit(
        SentenceRow(ordinal, 0, ordinal, start, end, None, 0), of, 1.0, Scores(0, 0, None, 0)
    )


def test_evidence_is_numbered_in_the_order_of_the_hits() -> None:
    found = number_evidence([hit(23, 45, ordinal=1), hit(0, 22)])
    assert [each.key for each in found] == ["S1", "S2"]
    assert [each.sentence.ordinal for each in found] == [1, 0]
    assert found[0].exact == "The bank raised rates."
    assert number_evidence([]) == ()


def test_a_citation_copies_the_quote_by_its_span_and_all_of_the_article() -> None:
    citation = cite(number_evidence([hit(23, 45)])[0], 7)
    assert (citation.number, citation.start, citation.end) == (7, 23, 45)
    assert citation.exact == ARTICLE.text[23:45]
    assert citation.prefix.endswith("The bank raised rates. ")
    assert citation.suffix == " The bank left them unchanged."
    assert (citation.title, citation.outlet, citation.published) == ("Rates", "Post", "2026-03-01")
    assert citation.link is not None
    assert citation.link.startswith("https://news.example/a#:~:text=")
    assert citation.page is None


@given(st.text(min_size=1, max_size=120), st.data())
def test_a_citation_of_any_span_passes_and_of_any_other_text_does_not(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    citation = cite(number_evidence([hit(start, end, article(text))])[0], 1)
    check(citation, text)
    for other in (text + "x", "x" + text, text[:-1], text[:start] + "\x00" + text[start + 1 :]):
        if other != text:
            with pytest.raises(BrokenCitation):
                check(citation, other)


@pytest.mark.parametrize(
    "changes",
    [
        {"start": 1},
        {"end": 21},
        {"start": 22, "end": 22, "exact": ""},
        {"start": 22, "end": 0},
        {"start": 1_000, "end": 1_001},
        {"start": -75},
        {"exact": "The bank raised rates!"},
        {"exact": ""},
        {"content_hash": "0" * 64},
    ],
)
def test_a_citation_that_is_off_by_anything_is_a_fault(changes: dict[str, object]) -> None:
    citation = cite(number_evidence([hit(0, 22)])[0], 1)
    check(citation, ARTICLE.text)
    with pytest.raises(BrokenCitation, match="citation 1 of article 'a' does not match its text"):
        check(replace(citation, **changes), ARTICLE.text)  # type: ignore[arg-type]


def test_the_fault_tells_the_operator_all_and_the_reader_nothing() -> None:
    fault = broken(cite(number_evidence([hit(0, 22)])[0], 1))
    assert isinstance(fault, BotFault)
    assert not fault.retryable
    assert "footnote doctor" in fault.remedy
    assert "article" not in fault.user_message


def test_the_page_is_that_on_which_the_sentence_starts() -> None:
    paged = replace(ARTICLE, pages=(0, 23, 46))
    assert [page_of(paged, offset) for offset in (0, 22, 23, 45, 46, 74)] == [1, 1, 2, 2, 3, 3]
    assert page_of(ARTICLE, 10) is None
