"""Claims with their numbers, and for each number a note: quote, title, outlet, date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.answers import Citation, Claim
from bot.slack.blocks import Element, gap, line, link, quoted, words
from bot.slack.escaping import clean_line, isolated, markdown
from bot.slack.fitting import shorten
from index.readers.dates import day

# Claims are a sentence or two; what is longer than this is cut at a sentence's end.
CLAIM_MOST = 1_200
TITLE_MOST = 120
OUTLET_MOST = 60
# A quote that stands in the answer itself is only recalled by its first words.
RECALLED = 48
# More numbers than this behind one claim share one element, to save room.
SINGLE_NUMBERS = 8
_OPENING = ("“", "„", "«", "‘", '"', "'")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(published: str | None) -> str | None:
    """Return the day of a normalised date as it is shown, in English whatever the locale.

    >>> day_text("2016-08-01T09:30:00+00:00")
    '1 Aug 2016'
    """
    found = day(published)
    return None if found is None else f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def cited(claims: Iterable[Claim]) -> tuple[Citation, ...]:
    """Return the citations of claims by number, each number once."""
    by_number = {c.number: c for claim in claims for c in claim.citations}
    return tuple(by_number[number] for number in sorted(by_number))


def is_quote(claim: Claim) -> bool:
    """Return whether a claim is itself the sentence that it cites, as without a chat model."""
    return any(claim.text.split() == c.exact.split() for c in claim.citations)


def claim_text(claim: Claim) -> str:
    """Return a claim's text as it is shown."""
    return shorten(clean_line(claim.text), CLAIM_MOST) or "–"


def claim_parts(claims: Sequence[Claim]) -> list[Element]:
    """Return claims as parts of a ``rich_text`` block.

    Statements follow each other in one paragraph; a claim that is a quoted
    sentence is a block quote. Each ends with its numbers.
    """
    parts: list[Element] = []
    for quotes, group in groupby(claims, is_quote):
        runs = [[words(claim_text(claim)), *_numbers(claim)] for claim in group]
        if quotes:
            parts += [quoted(*run) for run in runs]
        else:
            joined = [e for i, run in enumerate(runs) for e in ([gap()] if i else []) + run]
            parts.append(line(*joined))
    return parts


def _numbers(claim: Claim) -> Iterator[Element]:
    numbers = [str(n) for n in claim_numbers(claim)]
    if len(numbers) > SINGLE_NUMBERS:
        numbers = [", ".join(numbers)]
    for number in numbers:
        yield gap()
        yield words(number, code=True)


def claim_numbers(claim: Claim) -> list[int]:
    """Return the numbers shown behind a claim, in order, each once."""
    return sorted({citation.number for citation in claim.citations})


def claim_markdown(claim: Claim) -> str:
    r"""Return a claim as one line of Slack's Markdown, with its numbers behind it."""
    numbers = [str(n) for n in claim_numbers(claim)]
    if len(numbers) > SINGLE_NUMBERS:
        numbers = [", ".join(numbers)]
    text = markdown(isolated(claim_text(claim)))
    shown = " ".join([text, *(f"`{n}`" for n in numbers)])
    return f"> {shown}" if is_quote(claim) else shown


def note(citation: Citation, quote_most: int, *, recalled: bool) -> Element:
    """Return the entry of a citation in the list of sources.

    ``quote_most`` is how much of the quoted sentence is shown, in UTF-16 units;
    a ``recalled`` one stands in the answer already and is shown by its first words.
    The title is linked to the very sentence; an article without address has no link.
    """
    most = min(quote_most, RECALLED) if recalled else quote_most
    quote = shorten(clean_line(citation.exact), most)
    return line(
        words(str(citation.number), code=True),
        gap(f" {_in_quotes(quote)} — "),
        link(citation.link or citation.url, title_text(citation)),
        *([gap(behind)] if (behind := byline(citation)) else []),
    )


def _in_quotes(quote: str) -> str:
    """Return a quote in quotation marks, unless it opens with one of its own."""
    return isolated(quote) if quote[:1] in _OPENING else f"“{isolated(quote)}”"


def title_text(citation: Citation) -> str:
    """Return the title that stands for a citation's article, cleaned and never empty."""
    title = clean_line(citation.title) or clean_line(citation.article_id)
    return shorten(title, TITLE_MOST) or "Untitled article"


def byline(citation: Citation) -> str:
    """Return outlet, date and page behind a title, each with a dot before it; or nothing."""
    outlet = shorten(clean_line(citation.outlet or ""), OUTLET_MOST)
    page = None if citation.page is None else f"page {citation.page}"
    parts = (isolated(outlet), day_text(citation.published), page)
    return "".join(f" · {part}" for part in parts if part)


def notes(
    citations: Sequence[Citation], quote_most: int, quoted_numbers: frozenset[int]
) -> list[Element]:
    """Return the notes of citations, in order of their numbers."""
    return [note(c, quote_most, recalled=c.number in quoted_numbers) for c in citations]


def quoted_numbers(claims: Sequence[Claim]) -> frozenset[int]:
    """Return the numbers whose sentences are shown in full as claims."""
    return frozenset(
        c.number
        for claim in claims
        for c in claim.citations
        if claim.text.split() == c.exact.split()
    )
