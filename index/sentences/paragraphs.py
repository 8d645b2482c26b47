"""Blocks of a text and the lines inside them: where a line break is more than white space.

A blank line always separates. A single line break separates a heading, a list
item or a speaker from what follows, but inside hard-wrapped text (mail, PDF) it
is only a space; which of the two it is is read off the widths of the lines.
Every decision looks at one block alone, so text behind a blank line never
changes the spans in front of it.
"""

from __future__ import annotations

import re
from itertools import pairwise

Span = tuple[int, int]

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_GAP = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*+")
_INK = re.compile(r"\S")
_BULLET = re.compile(
    r"(?:[•‣⁃◦▪▫●○■□►▶✓✔➢➤·∙*+][ \t\xa0]"
    r"|\#{1,6}[ \t]|>[ \t]"
    r"|[QA][:.][ \t\xa0]|[A-Z]{2,4}:[ \t\xa0])"
)
_ITEM = re.compile(r"(?:[-–—]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5}|[IVX]{1,5})[.)])[ \t\xa0]+(?=(\S))")
_FIRST_WORD = re.compile(r"\S{1,40}")
_LAST_WORD = re.compile(r"\w{1,12}$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TERMINALS = ".!?…。！？।\"”’')"

_LONGEST_WRAP = 160
"""Characters; a longer line was not wrapped by hand, so its end is a paragraph's end."""
_SHORTEST_WRAP = 40
"""Characters; without other evidence a shorter line is a heading, not wrapped text."""
_DANGLING = re.compile(
    r"(?:an?|the|of|and|or|to|in|on|at|by|for|from|with|as|that|which|who|than|is|are|was|were)"
)


def paragraphs(text: str) -> list[Span]:
    r"""Return the blocks of ``text`` that blank lines separate, in order.

    Spans are half-open code points, disjoint, without white space at either end,
    and together cover every character that is not white space. In text that has
    one paragraph to a line, each line is a block.

    >>> paragraphs("Fire in Port Vell\n\nNobody was hurt\nin the fire.\n")
    [(0, 17), (19, 47)]
    """
    found: list[Span] = []
    for lines in blocks(text):
        first = lines[0][0]
        width = lines_width(lines)
        for left, right in pairwise(lines if width > _LONGEST_WRAP else ()):
            beside_long = _is_long(left) or _is_long(right)
            if beside_long and _breaks(text, left, right, width, wrapped=True):
                found.append((first, left[1]))
                first = right[0]
        found.append((first, lines[-1][1]))
    return found


def segments(text: str) -> list[Span]:
    r"""Return the spans that no sentence crosses: headings, list items, running text.

    >>> segments("Rivers\n- the Ena\n- the Sorr\nBoth are long and\nboth are cold.")
    [(0, 6), (7, 16), (17, 27), (28, 60)]
    """
    found: list[Span] = []
    for lines in blocks(text):
        first = lines[0][0]
        if len(lines) > 1:
            width = lines_width(lines)
            wrapped = _is_wrapped(text, lines)
            for left, right in pairwise(lines):
                if _breaks(text, left, right, width, wrapped=wrapped):
                    found.append((first, left[1]))
                    first = right[0]
        found.append((first, lines[-1][1]))
    return found


def blocks(text: str) -> list[list[Span]]:
    r"""Return the blocks as lists of lines, each a span without white space at its ends.

    >>> blocks("one \n two\r\n\r\nthree")
    [[(0, 3), (6, 9)], [(13, 18)]]
    """
    found: list[list[Span]] = []
    lines: list[Span] = []
    ink = _INK.search(text)
    start = ink.start() if ink else len(text)
    while start < len(text):
        gap = _GAP.search(text, start)
        end, after = (gap.start(), gap.end()) if gap else (len(text), len(text))
        lines.append((start, _strip_end(text, start, end)))
        if gap and _is_blank(gap.group()):
            found.append(lines)
            lines = []
        start = after
    if lines:
        found.append(lines)
    return found


def lines_width(lines: list[Span]) -> int:
    """Return the length of the longest line, in code points.

    >>> lines_width([(0, 6), (7, 16)])
    9
    """
    return max(end - start for start, end in lines)


def _strip_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _is_blank(gap: str) -> bool:
    if gap == "\n":
        return False
    if gap == "\n\n" or "\u2029" in gap:
        return True
    return sum(1 for mark in _BREAK.findall(gap) if mark not in "\v\f") > 1


def _is_long(line: Span) -> bool:
    return line[1] - line[0] > _LONGEST_WRAP


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Tell whether the block was wrapped by hand: a line goes on in lower case."""
    return any(text[start].islower() and not _is_item(text, start) for start, _ in lines[1:])


def _is_item(text: str, start: int) -> bool:
    return bool(_BULLET.match(text, start) or _ITEM.match(text, start))


def _breaks(text: str, left: Span, right: Span, width: int, *, wrapped: bool) -> bool:
    """Tell whether the line break between two lines of a block separates them."""
    full = _is_full(text, left, right, width)
    if _BULLET.match(text, right[0]):
        return True
    if item := _ITEM.match(text, right[0]):
        goes_on = full and item[1].islower() and text[left[1] - 1] not in ".!?:;…"
        return not goes_on or _is_item(text, left[0])
    if text[right[0]].islower():
        return False
    if width > _LONGEST_WRAP:
        return True
    if _dangles(text, left):
        return False
    if not full:
        return True
    if wrapped:
        return False
    return width < _SHORTEST_WRAP or _looks_like_heading(text, left)


def _is_full(text: str, left: Span, right: Span, width: int) -> bool:
    """Tell whether the first word of the right line had no room on the left one."""
    word = _FIRST_WORD.match(text, right[0], right[1])
    room = width - (left[1] - left[0])
    if word is None or _CJK.match(text, right[0]):
        return room < 2
    return len(word.group()) + 1 > room


def _dangles(text: str, line: Span) -> bool:
    """Tell whether a line stops where no heading would: on a comma or a function word."""
    if text[line[1] - 1] in ",(-–—/&":
        return True
    word = _LAST_WORD.search(text, max(line[0], line[1] - 12), line[1])
    return word is not None and bool(_DANGLING.fullmatch(word.group()))


def _looks_like_heading(text: str, line: Span) -> bool:
    """Tell whether most words of the line are capitalised and no full stop ends it."""
    if text[line[1] - 1] in _TERMINALS:
        return False
    words = [w for w in text[line[0] : line[1]].split() if len(w) > 3 and w[0].isalpha()]
    return not words or 2 * sum(w[0].isupper() for w in words) > len(words)
