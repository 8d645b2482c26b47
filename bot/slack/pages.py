"""Spreads an answer over as few messages as will hold it, so that no note is ever lost.

Text gives way first: claims are bounded, then the quotes in the notes grow
shorter; only then does an answer go on in a further message. Each page lists
every number that it shows, or says which notes follow on the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers import Citation, Claim
from bot.slack.blocks import Element, rich_text
from bot.slack.fitting import MESSAGE_ROOM, room_taken, units
from bot.slack.notes import cited, claim_markdown, claim_parts, note, notes, quoted_numbers

# How much of a quoted sentence a note may show, from comfortable to just recognisable.
QUOTES = (300, 200, 120, 80, 48)
# Kept free for what stands around claims and notes on a first page (the question, the
# note on disagreement, the lines about the index, the buttons), and on a further one.
AROUND_FIRST = 3_000
AROUND_FURTHER = 600


@dataclass(frozen=True, slots=True)
class Page:
    """What one message shows of an answer.

    ``listed`` are the citations whose notes stand here, by number; ``later`` the
    numbers that are shown here or on an earlier page and whose notes follow.
    """

    claims: tuple[Claim, ...]
    listed: tuple[Citation, ...]
    later: tuple[int, ...]
    quote_most: int
    quoted: frozenset[int]

    @property
    def note_parts(self) -> list[Element]:
        """Return the notes as parts of a ``rich_text`` block."""
        return notes(self.listed, self.quote_most, self.quoted)


def paginate(claims: Sequence[Claim]) -> tuple[Page, ...]:
    """Return the pages of an answer, at least one; claims stay in their order.

    What stands on the first page depends only on the claims up to its end, so
    a stream that is fed claim by claim ends where a posted page would.
    """
    pages: list[Page] = []
    rest = list(claims)
    while rest:
        first = not pages
        taken = _claims_that_fit(rest, first=first)
        pages += _pages_of(tuple(rest[:taken]), first=first)
        rest = rest[taken:]
    return tuple(pages) or (Page((), (), (), QUOTES[0], frozenset()),)


def belongs_on_first_page(shown: Sequence[Claim], claim: Claim) -> bool:
    """Return whether a claim still fits on the first page behind the claims shown there."""
    return _claims_that_fit([*shown, claim], first=True) > len(shown)


def _claims_that_fit(claims: Sequence[Claim], *, first: bool) -> int:
    """Return how many claims fit on a page with all their notes at their shortest; at least one."""
    room = _room(first=first)
    noted: set[tuple[int, bool]] = set()
    for taken, claim in enumerate(claims):
        room -= _claim_room(claim)
        # A number that is a quote here may be none on the page up to here; both are counted.
        quotes = quoted_numbers([claim])
        for citation in cited([claim]):
            key = (citation.number, citation.number in quotes)
            if key not in noted:
                noted.add(key)
                room -= _note_room(citation, QUOTES[-1], recalled=key[1])
        if room < 0 and taken:
            return taken
    return len(claims)


def _room(*, first: bool) -> int:
    return MESSAGE_ROOM - (AROUND_FIRST if first else AROUND_FURTHER)


def _claim_room(claim: Claim) -> int:
    """Return the room that a claim takes, posted as blocks or streamed as Markdown."""
    posted = room_taken([rich_text(*claim_parts([claim]))])
    text = claim_markdown(claim)
    # A backslash takes two characters in JSON.
    return max(posted, units(text) + text.count("\\") + text.count('"') + len(" \n\n"))


def _note_room(citation: Citation, quote_most: int, *, recalled: bool) -> int:
    return room_taken([note(citation, quote_most, recalled=recalled)])


def _pages_of(claims: tuple[Claim, ...], *, first: bool) -> Iterator[Page]:
    """Yield one page; or several, where the notes of a single claim need more room."""
    shown, rest = claims, list(cited(claims))
    quotes = quoted_numbers(claims)
    while True:
        room = _room(first=first) - sum(map(_claim_room, shown))
        taken = _notes_that_fit(rest, quotes, room)
        listed, rest = rest[:taken], rest[taken:]
        later = tuple(c.number for c in rest)
        yield Page(shown, tuple(listed), later, _longest_quote(listed, quotes, room), quotes)
        if not rest:
            return
        shown, first = (), False


def _notes_that_fit(citations: Sequence[Citation], quotes: frozenset[int], room: int) -> int:
    """Return how many notes, at their shortest, fit beside the claims; at least one."""
    for taken, citation in enumerate(citations):
        room -= _note_room(citation, QUOTES[-1], recalled=citation.number in quotes)
        if room < 0 and taken:
            return taken
    return len(citations)


def _longest_quote(citations: Sequence[Citation], quotes: frozenset[int], room: int) -> int:
    """Return the longest quotes with which the notes fit."""
    for most in QUOTES:
        if sum(_note_room(c, most, recalled=c.number in quotes) for c in citations) <= room:
            return most
    return QUOTES[-1]
