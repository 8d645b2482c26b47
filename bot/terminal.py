"""What people see in a terminal: answers, search results, summaries.

Everything that comes from articles, titles or questions passes `visible`, so
that no control sequence in it can act on the terminal.
"""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from index.readers.dates import day

if TYPE_CHECKING:  # the command line prints its help without loading the index
    from bot.answers import Citation, CitedAnswer
    from index.build import Summary
    from index.search import SearchResult

# C0 and C1 controls, line separators, and the marks that turn the direction of text.
_ACTING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)


def visible(text: str) -> str:
    r"""Return one line of text that cannot act on a terminal.

    >>> visible("line\x1b[31m\nbreak")
    'line [31m break'
    """
    shown = " ".join(_ACTING.sub(" ", text).split())
    return shown.encode("utf-8", "replace").decode("utf-8")


def day_text(published: str | None) -> str | None:
    """Return the day of a normalised date as people write it.

    >>> day_text("2016-08-01T09:30:00+00:00")
    '1 August 2016'
    """
    found: date | None = day(published)
    return None if found is None else f"{found.day} {found:%B %Y}"


def answer_text(answer: CitedAnswer, *, width: int | None = None, links: bool = False) -> str:
    """Return an answer as it is shown: quotes grouped by article, then numbered notes.

    With ``links``, addresses are shown short and lead to the sentence when they
    are clicked (the escape sequence OSC 8 of terminals).
    """
    return "\n".join(_answer_lines(answer, width or _width(), links=links))


def _width() -> int:
    return min(shutil.get_terminal_size((88, 24)).columns, 100)


def _answer_lines(answer: CitedAnswer, width: int, *, links: bool) -> Iterator[str]:
    if answer.status == "declined":
        yield from _wrap(f"I can't answer that from the articles: {answer.reason}.", width)
        if answer.nearest:
            yield ""
            yield "The nearest sentences:"
            for citation in answer.nearest:
                yield from _quote(citation.exact, citation.number, width)
            yield ""
            yield from _notes(answer.nearest, width, links=links)
        return
    if answer.reason:
        yield from _wrap(f"Note: {answer.reason}.", width)
        yield ""
    last = ""
    for claim in answer.claims:
        first = claim.citations[0]
        if first.article_id != last and len({c.article_id for c in answer.citations}) > 1:
            if last:
                yield ""
            yield from _wrap(_byline(first) + ":", width)
        last = first.article_id
        yield from _quote(claim.text, first.number, width)
    yield ""
    yield from _notes(answer.citations, width, links=links)


def _quote(text: str, number: int, width: int) -> Iterator[str]:
    # A mark in front, as in mail: quotation marks would pair with those in the sentence.
    yield from _wrap(f"{visible(text)} [{number}]", width, indent="  > ")


def _byline(citation: Citation) -> str:
    parts = (citation.outlet, day_text(citation.published))
    return visible(
        ", ".join(part for part in parts if part) or citation.title or citation.article_id
    )


def _notes(citations: Sequence[Citation], width: int, *, links: bool) -> Iterator[str]:
    """Yield the sources, each article once, with the place of every sentence cited from it."""
    yield "Sources"
    for _, group in groupby(citations, key=lambda each: each.article_id):
        cited = list(group)
        first = cited[0]
        parts = (first.title or first.article_id, first.outlet, day_text(first.published))
        label = "".join(f"[{each.number}]" for each in cited) + " "
        title = visible(" · ".join(part for part in parts if part))
        yield from _wrap(label + title, width, rest="    ")
        for each in cited:
            number = f"[{each.number}] " if len(cited) > 1 else ""
            yield f"    {number}{_place(each, links=links)}"


def _place(citation: Citation, *, links: bool) -> str:
    """Return where a sentence stands: its link, or the article's id and the span."""
    page = "" if citation.page is None else f", page {citation.page}"
    if citation.link is None:
        span = f"characters {citation.start}–{citation.end}"
        return visible(f"{citation.article_id}{page}, {span}")
    link = visible(citation.link)
    shown = link if not links else visible(link.partition("#")[0])
    return f"\x1b]8;;{link}\x1b\\{shown}\x1b]8;;\x1b\\{page}" if links else f"{link}{page}"


def _wrap(text: str, width: int, *, indent: str = "", rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent if rest is None else rest,
        break_on_hyphens=False,
        break_long_words=False,
    )


def search_text(result: SearchResult) -> str:
    """Return the sentences found, best first, each with its score and where it stands."""
    lines: list[str] = []
    for hit in result.sentences:
        parts = (
            hit.article.title or hit.article.id,
            hit.article.outlet,
            day_text(hit.article.published),
        )
        lines.append(f"{hit.score:5.2f}  {visible(hit.exact)}")
        lines.append("       " + visible(" · ".join(part for part in parts if part)))
    return "\n".join(lines) if lines else "Nothing found."


def summary_text(summary: Summary) -> str:
    """Return what a rebuild or an update did, skipped sources with their reasons last."""
    return "\n".join(_summary_lines(summary))


def _summary_lines(summary: Summary) -> Iterator[str]:
    changes = [
        f"{count:,} {what}"
        for count, what in (
            (summary.added, "added"),
            (summary.changed, "changed"),
            (summary.removed, "removed"),
            (summary.unchanged, "unchanged"),
            (summary.kept, "kept from before"),
            (summary.duplicates, "exact duplicates"),
            (summary.copies, "near-duplicates"),
        )
        if count
    ]
    head = "Would change" if summary.dry_run else f"Generation {summary.generation or '(none)'}"
    yield f"{head}: {', '.join(changes) or 'nothing to do'}."
    if not summary.dry_run:
        yield (
            f"Indexed: {summary.articles:,} articles, {summary.sentences:,} sentences,"
            f" {summary.passages:,} passages ({summary.embedded:,} embedded,"
            f" {summary.reused:,} reused)."
        )
    yield f"Took {summary.seconds:.1f} s; peak memory {summary.peak_memory_bytes / 2**20:,.0f} MB."
    for notice in summary.notices:
        yield here(visible(f"Note: {notice.origin}: {notice.message}."))
    if summary.skipped:
        yield f"Skipped {len(summary.skipped):,}:"
        for problem in summary.skipped:
            yield here(f"  - {visible(f'{problem}. {problem.remedy}')}")


def here(line: str) -> str:
    """Return a line with paths below the working folder shortened."""
    return line.replace(f"{Path.cwd()}{os.sep}", "")
