"""Whole sentences, gathered into passages of a token budget.

A passage ends at the end of a paragraph where that leaves it reasonably full,
and repeats the last sentence of the passage before it where it does not. See
docs/decisions/0003-local-embedder.md for the numbers behind the defaults.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from index.articles import Article, Passage
from index.embed import EmbedInput

Span = tuple[int, int]

BUDGET = 200
"""Tokens of cl100k_base in a passage, its header not counted."""

FULL_ENOUGH = 0.6
"""The share of the budget from which the end of a paragraph ends a passage."""

TITLE_LIMIT = 160
OUTLET_LIMIT = 60
"""Code points of a title and of an outlet in a header: it must not drown its passage."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n|\r[^\S\n]*\r|[\f\u2029]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def build_passages(
    article: Article,
    sentences: Sequence[Span],
    count: Callable[[str], int],
    *,
    budget: int = BUDGET,
    overlap: int = 1,
) -> list[Passage]:
    """Return the passages of ``article``, in order; every sentence is in at least one.

    ``sentences`` are half-open spans of the article's text, disjoint and in
    order; ``count`` counts tokens. A passage has at most ``budget`` tokens
    unless it is a single sentence. Up to ``overlap`` sentences are repeated
    from the passage before, except across the end of a paragraph; each passage
    has at least one sentence that no earlier passage has.
    """
    text = article.text
    costs = [count(text[start:end]) for start, end in sentences]
    ends = _paragraph_ends(text, sentences)
    passages: list[Passage] = []
    fresh = 0
    while fresh < len(sentences):
        first = _with_overlap(fresh, costs, ends, budget, overlap)
        last = _last_that_fits(first, fresh, costs, ends, budget)
        passage = _passage(article, sentences, first, last, count)
        # The parts were counted one by one; together they may be a token more.
        while passage.tokens > budget and first < last:
            first, last = (first + 1, last) if first < fresh else (first, last - 1)
            passage = _passage(article, sentences, first, last, count)
        passages.append(passage)
        fresh = last + 1
    return passages


def _paragraph_ends(text: str, sentences: Sequence[Span]) -> list[bool]:
    """Return for each sentence whether a blank line, or nothing, follows it."""
    ends = [
        _BLANK_LINE.search(text, end, start) is not None
        for (_, end), (start, _) in pairwise(sentences)
    ]
    return [*ends, True][: len(sentences)]


def _with_overlap(
    fresh: int, costs: Sequence[int], ends: Sequence[bool], budget: int, overlap: int
) -> int:
    """Return where a passage starts whose first new sentence is ``fresh``."""
    first, room = fresh, budget - costs[fresh]
    while first > 0 and fresh - first < overlap and not ends[first - 1]:
        room -= costs[first - 1]
        if room < 0:
            break
        first -= 1
    return first


def _last_that_fits(
    first: int, fresh: int, costs: Sequence[int], ends: Sequence[bool], budget: int
) -> int:
    """Return the last sentence of the passage: the latest good paragraph end, or all that fits."""
    last, at_end, filled = fresh, None, sum(costs[first : fresh + 1])
    while last + 1 < len(costs) and filled + costs[last + 1] <= budget:
        if ends[last] and filled >= FULL_ENOUGH * budget:
            at_end = last
        last += 1
        filled += costs[last]
    return last if ends[last] or at_end is None else at_end


def _passage(
    article: Article, sentences: Sequence[Span], first: int, last: int, count: Callable[[str], int]
) -> Passage:
    start, end = sentences[first][0], sentences[last][1]
    return Passage(
        id=passage_id(article.content_hash, start, end),
        article_id=article.id,
        content_hash=article.content_hash,
        first=first,
        last=last,
        tokens=count(article.text[start:end]),
    )


def passage_id(content_hash: str, start: int, end: int) -> str:
    """Return the id of the passage ``text[start:end]`` of the text with that hash.

    It depends on nothing else: an unchanged text keeps its ids.

    >>> passage_id("8a4b1e83d9ac", 0, 120)
    '8d0f7dbf35443745323425aacce3ed22'
    """
    return hashlib.sha256(f"{content_hash}:{start}:{end}".encode()).hexdigest()[:32]


def header(article: Article) -> str:
    r"""Return what stands before each passage where it is embedded and indexed, or "".

    Title, outlet and day, each bounded in length and on one line. Never cited.

    >>> header(Article.of(id="a", text="…", origin="a.txt", title="Storm nears coast",
    ...                   outlet="Harbour Post", published="2016-08-01T09:30:00Z"))
    'Storm nears coast. Harbour Post, 2016-08-01.\n'
    """
    day = _DAY.match(article.published or "")
    source = [_one_line(article.outlet or "", OUTLET_LIMIT), day[0] if day else ""]
    parts = [_one_line(article.title, TITLE_LIMIT), ", ".join(part for part in source if part)]
    line = " ".join(part if part[-1] in ".!?…" else f"{part}." for part in parts if part)
    return f"{line}\n" if line else ""


def _one_line(text: str, limit: int) -> str:
    """Return ``text`` with its white space folded, cut after a word within ``limit``."""
    # A hostile title may be megabytes long; folding reads no more of it than can matter.
    line = " ".join(text[: limit * 8].split())
    if len(line) <= limit:
        return line
    return (line[:limit].rsplit(" ", 1)[0] or line[:limit]) + "…"


def embed_input(
    article: Article, passage: Passage, sentences: Sequence[Span], heading: str
) -> EmbedInput:
    """Return ``heading`` and the passage's text, with the spans of its sentences in that text.

    ``sentences`` are all the spans of the article, ``heading`` is its `header`.
    """
    own = sentences[passage.first : passage.last + 1]
    start, end = own[0][0], own[-1][1]
    shift = len(heading) - start
    spans = tuple((first + shift, last + shift) for first, last in own)
    return EmbedInput(heading + article.text[start:end], spans)
