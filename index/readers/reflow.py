"""From the lines on PDF pages back to paragraphs, page starts carried along.

Pure text functions. A PDF knows lines and no paragraphs: words are cut at line
ends and sentences at page ends, and a sentence that is cut cannot be cited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_LIGATURE = str.maketrans(_LIGATURES)
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# The look-behind lets a match begin only where a word does: long words stay cheap.
_CUT_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[-\u00ad\u2010]$")
_WORD_START = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]+-[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+")
_ENDED = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[•▪◦‣*–—-]|\(?\d{1,3}[.)])\s+\S")
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-–—\s]*\d{1,4}[-–—\s]*(?:(?:of|/)\s*\d{1,4})?", re.IGNORECASE
)
# "Chapter #: Weather #": a head that changes from chapter to chapter, with a page number.
_CHAPTER_HEAD = re.compile(r"#\D.{0,70}|.{0,70}\D#")
_FEWEST_PAGES = 3
_ENOUGH_LINES = 10
_SHORT = 0.8
_HEADING = 0.6


@dataclass(frozen=True, slots=True)
class Flow:
    """Text, and the offset in it at which each page starts (as many as pages, never falling)."""

    text: str
    pages: tuple[int, ...]


def reflow(pages: Sequence[str]) -> Flow:
    """Return the pages' lines as paragraphs separated by blank lines.

    Words cut at a line end are joined, and so are paragraphs cut at a page
    end; page numbers and the running heads of three or more pages are left out.

    >>> reflow(["The ferry stop-", "ped on Mon-\\nday.\\n\\nNobody was hurt."])
    Flow(text='The ferry stopped on Monday.\\n\\nNobody was hurt.', pages=(0, 14))
    """
    lines = _without_running_heads([_lines_of(page) for page in pages])
    flow = _Flowing(_Hyphens.of(line for page in lines for line in page))
    whole = _usual_length([line for page in lines for line in page])
    for page in lines:
        flow.start_page(_usual_length(page) if len(page) >= _ENOUGH_LINES else whole)
        for line in page:
            flow.add(line)
    return flow.finished()


def _lines_of(page: str) -> list[str]:
    cleaned = _UNPRINTED.sub("", page.translate(_LIGATURE))
    lines = [" ".join(line.split()) for line in cleaned.splitlines()]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return lines


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Drop page numbers, and first and last lines that pages share but for their numbers."""
    if len(pages) < _FEWEST_PAGES:
        return pages
    for position in (0, -1):
        shapes = Counter(_NUMBER.sub("#", page[position]) for page in pages if page)
        common = {
            shape
            for shape, count in shapes.items()
            if count * 5 >= len(pages) * 3 or (count > 1 and _CHAPTER_HEAD.fullmatch(shape))
        }
        for page in pages:
            if page and (
                _NUMBER.sub("#", page[position]) in common or _PAGE_NUMBER.fullmatch(page[position])
            ):
                del page[position]
    return pages


def _usual_length(lines: Sequence[str]) -> int:
    """Return the length of a full line: the ninth decile of the lengths."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


@dataclass(frozen=True, slots=True)
class _Hyphens:
    """The words and compounds that stand whole somewhere in the document."""

    words: frozenset[str]
    compounds: frozenset[str]

    @classmethod
    def of(cls, lines: Iterable[str]) -> _Hyphens:
        words: set[str] = set()
        compounds: set[str] = set()
        for line in lines:
            words.update(word.lower() for word in _WORD.findall(line))
            compounds.update(word.lower() for word in _COMPOUND.findall(line))
        return cls(frozenset(words), frozenset(compounds))

    def joins(self, first: str, second: str) -> bool:
        """Return whether ``first-`` and ``second`` are one word that was cut."""
        if not second[0].islower() or not first[-1].islower():
            return False
        if (first + second).lower() in self.words:
            return True
        return f"{first}-{second}".lower() not in self.compounds


class _Flowing:
    """The text so far; only its end is ever looked at, so long documents stay cheap."""

    def __init__(self, hyphens: _Hyphens) -> None:
        self._hyphens = hyphens
        self._parts: list[str] = []
        self._length = 0
        self._starts: list[int] = []
        self._waiting = 0
        self._last = ""
        self._gap = False
        self._usual = 0
        self._last_usual = 0

    def start_page(self, usual: int) -> None:
        self._waiting += 1
        self._last_usual, self._usual = self._usual, usual

    def add(self, line: str) -> None:
        if not line:
            self._gap = self._waiting == 0
            return
        joint = self._joint(line) if self._parts else ""
        if joint is None:
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
            joint = ""
        self._parts += [joint, line]
        self._starts += [self._length + len(joint)] * self._waiting
        self._length += len(joint) + len(line)
        self._waiting = 0
        self._last, self._gap = line, False

    def _joint(self, line: str) -> str | None:
        """Return what stands between the last line and ``line``; None joins a cut word."""
        cut = _CUT_WORD.search(self._last)
        start = _WORD_START.match(line)
        if cut and start and not self._gap:
            if self._last[-1] == "\u00ad" or self._hyphens.joins(cut[1], start[0]):
                return None
            return ""
        return "\n\n" if self._starts_paragraph(line) else " "

    def _starts_paragraph(self, line: str) -> bool:
        if self._gap or _ITEM.match(line):
            return True
        new_page = self._waiting > 0
        usual = self._last_usual if new_page and self._last_usual else self._usual
        length = len(self._last)
        if _ENDED.search(self._last):
            return new_page or length < usual * _SHORT
        return length < usual * _HEADING and not line[0].islower()

    def finished(self) -> Flow:
        self._starts += [self._length] * self._waiting
        return Flow("".join(self._parts), tuple(self._starts))
