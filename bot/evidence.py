"""From search hits to numbered evidence, and from evidence to checked citations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from bot.answers import Citation, Evidence
from bot.errors import BrokenCitation
from index.articles import Article, Sentence, content_hash
from index.links import deep_link, quote_context
from index.search import SentenceHit


def number_evidence(hits: Sequence[SentenceHit]) -> tuple[Evidence, ...]:
    """Return the hits as evidence with the keys S1, S2, … in their order."""
    return tuple(
        Evidence(
            f"S{number}",
            Sentence(
                hit.article.id,
                hit.article.content_hash,
                hit.row.ordinal,
                hit.row.start,
                hit.row.end,
            ),
            hit.article,
            hit.score,
        )
        for number, hit in enumerate(hits, start=1)
    )


def cite(evidence: Evidence, number: int) -> Citation:
    """Return the citation of a sentence; its quote is copied from the article by its span."""
    article, sentence = evidence.article, evidence.sentence
    prefix, suffix = quote_context(article.text, sentence.start, sentence.end)
    return Citation(
        number=number,
        article_id=article.id,
        content_hash=article.content_hash,
        start=sentence.start,
        end=sentence.end,
        exact=article.text[sentence.start : sentence.end],
        prefix=prefix,
        suffix=suffix,
        title=article.title,
        outlet=article.outlet,
        published=article.published,
        url=article.url,
        link=deep_link(article.url, article.text, sentence.start, sentence.end),
        page=page_of(article, sentence.start),
    )


def page_of(article: Article, offset: int) -> int | None:
    """Return the page, from 1, on which an offset lies; None for articles without pages."""
    return bisect_right(article.pages, offset) if article.pages else None


def check(citation: Citation, text: str) -> None:
    """Raise `BrokenCitation` unless the quote stands at its span in the very text cited."""
    right_text = content_hash(text) == citation.content_hash
    whole = text[citation.start : citation.end]
    if citation.start < 0 or not right_text or not whole or whole != citation.exact:
        raise broken(citation)


def broken(citation: Citation) -> BrokenCitation:
    """Return the fault for a citation whose quote is not where it should be."""
    return BrokenCitation(
        f"citation {citation.number} of article {citation.article_id!r} does not match its text"
        f" at {citation.start}:{citation.end}",
        remedy="Run `footnote doctor`; the index may be damaged.",
    )
