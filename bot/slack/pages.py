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
from bot.slack.notes import cited, claim_markdown, claim_parts, notes, quoted_numbers

# How much of a quoted sentence a note may show, from comfortable to just recognisable.
QUOTES = (300, 200, 120, 80, 48)
# Kept free for what stands around claims and notes: the question, the note on
# disagreement, the lines about the index, the buttons.
AROUND = 3_000
# Claims are streamed as Markdown or posted as blocks; both must fit.
_ROOM = MESSAGE_ROOM - AROUND


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
        taken = 1
        while taken < len(rest) and fits(rest[: taken + 1]):
            taken += 1
        pages += _pages_of(tuple(rest[:taken]))
        rest = rest[taken:]
    return tuple(pages) or (Page((), (), (), QUOTES[0], frozenset()),)


def fits(claims: Sequence[Claim]) -> bool:
    """Return whether claims and all their notes, at their shortest, fit into one message."""
    return _size(claims, cited(claims), QUOTES[-1], quoted_numbers(claims)) <= _ROOM


def _pages_of(claims: tuple[Claim, ...]) -> Iterator[Page]:
    """Yield one page; or several, where the notes of a single claim need more room."""
    shown, rest = claims, list(cited(claims))
    quotes = quoted_numbers(claims)
    while True:
        taken = _notes_that_fit(shown, rest, quotes)
        listed, rest = rest[:taken], rest[taken:]
        yield Page(
            shown,
            tuple(listed),
            tuple(c.number for c in rest),
            _longest_quote(shown, listed, quotes),
            quotes,
        )
        if not rest:
            return
        shown = ()


def _notes_that_fit(
    claims: Sequence[Claim], citations: Sequence[Citation], quotes: frozenset[int]
) -> int:
    """Return how many notes, at their shortest, fit beside the claims; at least one."""
    taken = len(citations)
    while taken > 1 and _size(claims, citations[:taken], QUOTES[-1], quotes) > _ROOM:
        taken -= 1
    return taken


def _longest_quote(
    claims: Sequence[Claim], citations: Sequence[Citation], quotes: frozenset[int]
) -> int:
    for most in QUOTES:
        if _size(claims, citations, most, quotes) <= _ROOM:
            return most
    return QUOTES[-1]


def _size(
    claims: Sequence[Claim],
    citations: Sequence[Citation],
    quote_most: int,
    quotes: frozenset[int],
) -> int:
    """Return the room that claims, as blocks or as Markdown, and notes take."""
    posted = room_taken([rich_text(*claim_parts(claims))])
    # A backslash takes two characters in JSON.
    streamed = sum(units(text) + text.count("\\") + 4 for text in map(claim_markdown, claims))
    return max(posted, streamed) + room_taken([rich_text(*notes(citations, quote_most, quotes))])
