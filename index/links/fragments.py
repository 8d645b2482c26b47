"""Text directives: what a browser is told to look for, to open a page at a quote.

``text=[prefix-,]start[,end][,-suffix]``, as the WICG draft "URL Fragment Text
Directives" defines it. A browser takes the first place that matches, whatever
its case and white space; each of the four terms has to lie within one block of
the page and to begin and end with a whole word. So short directives are tried
first, the draft's search is run over the article for each, and the first that
leads to the quote is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

_SHORTEST_ALONE = 20
_LONGEST_WHOLE = 150
_LONGEST_TERM = 600
_CONTEXT_WORDS = (1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 60)
_RANGE_WORDS = (4, 6, 9, 14, 20, 30, 60)

_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_BREAK = re.compile(f"[{_BREAKS}]")
# Chinese and Japanese put no spaces between words; their punctuation will do.
_WORD = re.compile("[^\\s。，、！？；：]*[。，、！？；：]+|[^\\s。，、！？；：]+")
_FOLD = str.maketrans(
    dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("‐‑‒–—―", "-")
)

# Accents, points and vowel signs once they are decomposed, and invisible characters.
_UNSEEN = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)


def text_directive(text: str, start: int, end: int) -> str | None:
    """Return the directive for ``text[start:end]``, percent-encoded, ``text=`` included.

    The span is half-open, in code points, inside ``text``. Return None if it
    holds no letter or digit. `index.links.deep_link` says what is promised.

    >>> text_directive("Rain fell. The channel is shut, again.", 11, 38)
    'text=The%20channel%20is%20shut%2C%20again.'
    """
    span = _whole_words(text, start, end)
    if span is None:
        return None
    # A word starts at span.start, so the folds of what is before and after add up.
    before, after = _fold(text[: span.start]), _fold(text[span.start :])
    page = _Page(text, before + after)
    at = (len(before), len(before) + len(page.term(span)))
    chosen = _Directive(None, span, None, None)
    for chosen in _directives(text, span):
        if page.finds(chosen, at):
            break
    return "text=" + _spell(text, chosen)


@dataclass(frozen=True, slots=True)
class _Span:
    """A half-open span of the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Directive:
    """The terms of one text directive; ``prefix``, ``end`` and ``suffix`` may be missing."""

    prefix: _Span | None
    start: _Span
    end: _Span | None
    suffix: _Span | None


@dataclass(frozen=True, slots=True)
class _Page:
    """An article and the folded form of it in which a browser is taken to search.

    The fold is coarser than any browser's: it drops case, accents, line breaks,
    the kinds of quotes and dashes, and word boundaries. What comes first here
    comes first in every browser.
    """

    text: str
    folded: str

    def term(self, span: _Span | None) -> str:
        """Return the folded words of a term, or an empty string."""
        return "" if span is None else _fold(self.text[span.start : span.end])

    def finds(self, directive: _Directive, at: tuple[int, int]) -> bool:
        """Return whether the first match of ``directive`` is the folded span ``at``."""
        start = self.term(directive.start)
        suffix = self.term(directive.suffix)
        ending = self.term(directive.end)
        for begin in self._begins(self.term(directive.prefix), start):
            close = self._close(begin + len(start), ending, suffix)
            if close is not None:
                return (begin, close) == at
            if directive.end is not None:
                return False
        return False

    def _begins(self, prefix: str, start: str) -> Iterator[int]:
        """Yield, in order, where ``start`` stands directly after ``prefix``."""
        found = self.folded.find(prefix or start)
        while found >= 0:
            begin = self._skip_space(found + len(prefix)) if prefix else found
            if self.folded.startswith(start, begin):
                yield begin
            found = self.folded.find(prefix or start, found + 1)

    def _close(self, position: int, ending: str, suffix: str) -> int | None:
        """Return where a match ends whose first term ends at ``position``."""
        while ending:
            found = self.folded.find(ending, position)
            if found < 0:
                return None
            position = found + len(ending)
            if self.folded.startswith(suffix, self._skip_space(position)):
                return position
        follows = self.folded.startswith(suffix, self._skip_space(position))
        return position if follows else None

    def _skip_space(self, position: int) -> int:
        return position + self.folded.startswith(" ", position)


def _fold(text: str) -> str:
    """Return ``text`` as the coarsest browser compares it.

    Apart from runs of white space, the fold of a text is the fold of its
    characters one after another, so that lengths of folds are offsets.

    >>> _fold("“Ríordáin’s”  Bank")
    '"riordain\\'s" bank'
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFD", folded.translate(_FOLD)).casefold()
        folded = _UNSEEN.sub("", folded)
    return re.sub(r"\s+", " ", folded)


def _whole_words(text: str, start: int, end: int) -> _Span | None:
    """Return the span without white space at its ends, widened to whole words."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if not any(char.isalnum() for char in text[start:end]):
        return None
    while _inside_word(text, start):
        start -= 1
    while _inside_word(text, end):
        end += 1
    return _Span(start, end)


def _inside_word(text: str, at: int) -> bool:
    """Return whether a word may go on from ``at - 1`` to ``at``, as in ``can|'t`` or ``3|.4``."""
    if not 0 < at < len(text):
        return False
    before, after = _wordlike(text[at - 1]), _wordlike(text[at])
    if before and after:
        return True
    if after:
        return text[at - 1] in "'’.,:·-‑" and at > 1 and _wordlike(text[at - 2])
    return before and text[at] in "'’.,:·-‑" and at + 1 < len(text) and _wordlike(text[at + 1])


def _wordlike(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char) in ("Mn", "Mc", "Cf")


def _directives(text: str, span: _Span) -> Iterator[_Directive]:
    """Yield ways to point at ``span``, shortest first, the most specific last."""
    length = span.end - span.start
    one_line = not _BREAK.search(text, span.start, span.end)
    short = one_line and length <= _LONGEST_WHOLE
    ranges = [] if short else list(_ranges(text, span))
    if short and length >= _SHORTEST_ALONE:
        yield _Directive(None, span, None, None)
    yield from (_Directive(None, first, last, None) for first, last in ranges)
    whole = short or not ranges or (one_line and length <= _LONGEST_TERM)
    for prefix, suffix in _contexts(text, span):
        if ranges:
            yield _Directive(prefix, *ranges[0], suffix)
            yield _Directive(prefix, *ranges[-1], suffix)
        if whole:
            yield _Directive(prefix, span, None, suffix)


def _ranges(text: str, span: _Span) -> Iterator[tuple[_Span, _Span]]:
    """Yield pairs of first and last words of ``span``, growing, that do not overlap."""
    words = _words(text, span)
    head = _words(text, _Span(span.start, min(span.end, _line(text, span.start).end)))
    tail = _words(text, _Span(max(span.start, _line(text, span.end).start), span.end))
    most = len(words) // 2 if len(head) == len(words) else max(len(head), len(tail))
    for count in _up_to(most, _RANGE_WORDS):
        yield _joined(head[:count]), _joined(tail[-count:])


def _contexts(text: str, span: _Span) -> Iterator[tuple[_Span | None, _Span | None]]:
    """Yield more and more of the words before and after ``span``, each from one line."""
    stop = len(text[: span.start].rstrip())
    before = _words(text, _Span(_line(text, stop).start, stop))
    begin = len(text) - len(text[span.end :].lstrip())
    after = _words(text, _Span(begin, _line(text, begin).end))
    for count in _up_to(max(len(before), len(after)), _CONTEXT_WORDS):
        prefix = _joined(before[-count:]) if before else None
        suffix = _joined(after[:count]) if after else None
        if prefix and suffix:
            yield prefix, None
            yield None, suffix
        yield prefix, suffix
    if not before and not after:
        yield None, None


def _up_to(most: int, counts: tuple[int, ...]) -> Iterator[int]:
    """Yield the counts below ``most``, then ``most``, never more than the last count."""
    if most:
        yield from chain((n for n in counts if n < most), (min(most, counts[-1]),))


def _line(text: str, at: int) -> _Span:
    """Return the line around offset ``at``, without what breaks it."""
    start = 1 + max(text.rfind(char, 0, at) for char in _BREAKS)
    found = _BREAK.search(text, at)
    return _Span(start, found.start() if found else len(text))


def _words(text: str, span: _Span) -> list[_Span]:
    return [_Span(*match.span()) for match in _WORD.finditer(text, span.start, span.end)]


def _joined(words: list[_Span]) -> _Span:
    return _Span(words[0].start, words[-1].end)


def _spell(text: str, directive: _Directive) -> str:
    """Return the directive's value, percent-encoded."""
    terms = []
    if directive.prefix:
        terms.append(_encode(text, directive.prefix) + "-")
    terms.append(_encode(text, directive.start))
    if directive.end:
        terms.append(_encode(text, directive.end))
    if directive.suffix:
        terms.append("-" + _encode(text, directive.suffix))
    return ",".join(terms)


def _encode(text: str, span: _Span) -> str:
    words = " ".join(text[span.start : span.end].split())
    return quote(words, safe="", errors="replace").replace("-", "%2D")
