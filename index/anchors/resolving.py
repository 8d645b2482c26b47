"""Where a quoted sentence is now, after its article has changed.

A citation keeps the W3C position and quote selectors of a sentence. Its anchor
in a newer text is looked for in three steps: the same words in the same place,
the same words elsewhere with their surroundings, and the closest sentence above
a floor. Words that are not letter for letter the same, but for quotes, dashes
and white space, are *changed*: a figure, a name or a "not" is never glossed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.anchors.closest import closest, tokens
from index.anchors.respelt import Respelt, respell
from index.sentences import split

FLOOR = 0.55
"""The least likeness (`index.anchors.closest`) at which a sentence is the old one, changed.

One that stands in the old surroundings may be as much as `_CONTEXT_GAIN` below it.
"""

_CONTEXT = 48
_CONTEXT_SETTLES = 0.4
_CONTEXT_GAIN = 0.2
_CONTEXT_KEPT = 0.9
_CONTEXT_BETTER = 0.3
_TELLING_WORDS = 4
_PLACES = 400
_EDGE = "\0"
_SENTENCE_END = re.compile(r"""[.!?:;]["')\]]*\s*\Z""")
_LAST_WORD = re.compile(r"(\S+)\s*\Z")
_FIRST_WORD = re.compile(r"\s*(\S+)")

State = Literal["same", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it was cited: its words, what stood around them, and where.

    ``start`` and ``end`` are a half-open span of code points in the old text;
    ``prefix`` and ``suffix`` may be empty where they were not kept.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """What became of a quote.

    ``same``: the words stand where they stood; ``moved``: they stand elsewhere;
    ``changed``: ``text`` stands for them now; ``gone``: nothing does, and
    ``start``, ``end`` and ``text`` are None. Otherwise ``text`` is the new
    article's ``[start:end]``. ``score`` is the likeness of the words, 0 to 1; of
    a quote that is gone, that of the closest sentence.
    """

    state: State
    start: int | None
    end: int | None
    score: float
    text: str | None


def resolve(quote: Quote, text: str) -> Anchor:
    """Return where ``quote`` is in ``text``, the article as it reads now.

    The same words elsewhere are *moved* if they are still a sentence of their
    own or have the same neighbouring words; of several such places the one whose
    surroundings are most like the old ones is taken, of equals the nearest. A
    changed sentence that kept the old surroundings comes before a copy of the
    words that never had them, and a quote of up to three words is *moved* only
    with its surroundings. A part of a sentence whose context was not kept counts
    as *changed*, since nothing tells what stood next to it. The time is linear
    in the length of ``text``.

    >>> old = Quote("Rates rose to 5%.", "", " Banks cheered.", 0, 17)
    >>> resolve(old, "Good morning. Rates rose to 5%. Banks cheered.").state
    'moved'
    >>> resolve(old, "Rates rose to 6%. Banks cheered.")
    Anchor(state='changed', start=0, end=17, score=0.8, text='Rates rose to 6%.')
    """
    words = text[quote.start : quote.end]
    if words == quote.exact and _undisturbed(quote, text):
        return Anchor("same", quote.start, quote.end, 1.0, words)
    return _Resolution(quote, text).anchor()


def _undisturbed(quote: Quote, text: str) -> bool:
    """Return whether what stands around the quote is letter for letter as it was."""
    if not (quote.prefix and quote.suffix):
        return False
    return text.startswith(quote.suffix, quote.end) and text.endswith(quote.prefix, 0, quote.start)


@dataclass(frozen=True, slots=True)
class _Place:
    """A span of the new text; ``context`` is how much of the old surroundings it has, 0 to 1."""

    start: int
    end: int
    context: float
    score: float = 1.0


class _Resolution:
    """One quote against one text."""

    def __init__(self, quote: Quote, text: str) -> None:
        self._quote = quote
        self._text = text
        self._sentences = split(text)
        self._starts = {start for start, _ in self._sentences}
        self._ends = {end for _, end in self._sentences}
        self._prefix = respell(quote.prefix[-_CONTEXT:]).strip()
        self._suffix = respell(quote.suffix[:_CONTEXT]).strip()
        # The beginning and the end of an article are surroundings, too.
        if quote.start <= len(quote.prefix):
            self._prefix = _EDGE + self._prefix
        elif quote.prefix and not self._suffix:
            self._suffix = _EDGE

    def anchor(self) -> Anchor:
        copies = list(self._copies())
        whole = [copy for copy in copies if self._stands_alone(copy)]
        exact = self._quote.exact
        start = self._quote.start + len(exact) - len(exact.lstrip())
        for copy in whole:
            if copy.start == start:
                return self._at("same", copy)
        near = self._near(whole)
        likely = [place for place in near if self._likeness(place)[0] >= FLOOR]
        if whole:
            best = max(whole, key=self._nearness)
            rivals = [place for place in likely if self._outranks(place, best)]
            if rivals:
                return self._at("changed", max(rivals, key=self._likeness))
            return self._at("moved" if self._settled(best) else "changed", best)
        if likely or copies:
            return self._at("changed", max(likely or copies, key=self._likeness))
        score = max((place.score for place in near), default=0.0)
        return Anchor("gone", None, None, score, None)

    def _at(self, state: State, place: _Place) -> Anchor:
        words = self._text[place.start : place.end]
        return Anchor(state, place.start, place.end, place.score, words)

    def _nearness(self, place: _Place) -> tuple[float, int]:
        return place.context, -abs(place.start - self._quote.start)

    def _likeness(self, place: _Place) -> tuple[float, float, int]:
        return place.score + _CONTEXT_GAIN * place.context, *self._nearness(place)

    def _copies(self) -> Iterator[_Place]:
        """Yield where the words stand, spelling of quotes and white space aside."""
        exact = respell(self._quote.exact).strip()
        if not exact:
            return
        if exact not in respell(self._text):
            return
        respelt = Respelt.of(self._text)
        found = [match.start() for match in re.finditer(re.escape(exact), respelt.spelling)]
        if len(found) > _PLACES:
            found = self._likeliest(found, respelt.spelling, exact)
        for at in found:
            start, end = respelt.origin(at, at + len(exact))
            yield _Place(start, end, self._context(start, end))

    def _likeliest(self, found: list[int], spelling: str, exact: str) -> list[int]:
        """Return the copies nearest to the old place, and the first in the old surroundings."""
        prefix, suffix = self._prefix.strip(_EDGE), self._suffix.strip(_EDGE)
        kept = sorted(found, key=lambda at: abs(at - self._quote.start))[:_PLACES]
        at = spelling.find(" ".join(part for part in (prefix, exact, suffix) if part))
        if at >= 0:
            kept.append(at + len(prefix) + bool(prefix))
        return sorted(set(kept))

    def _context(self, start: int, end: int) -> float:
        """Return which share of the old prefix and suffix stands around a span."""
        wanted = len(self._prefix) + len(self._suffix)
        if not wanted:
            return 0.0
        before, after = self._around(start, end)
        before = (_EDGE if start <= len(before) else "") + respell(before).strip()
        after = respell(after).strip() + (_EDGE if end + len(after) >= len(self._text) else "")
        kept = _common(self._prefix[::-1], before[::-1]) + _common(self._suffix, after)
        return kept / wanted

    def _around(self, start: int, end: int) -> tuple[str, str]:
        reach = 2 * _CONTEXT
        return self._text[max(0, start - reach) : start], self._text[end : end + reach]

    def _stands_alone(self, place: _Place) -> bool:
        """Return whether the words are a sentence as before, not a part of another one."""
        before, after = self._around(place.start, place.end)
        return self._head_agrees(before, place.start) and self._tail_agrees(after, place.end)

    def _head_agrees(self, before: str, start: int) -> bool:
        old = self._quote.prefix
        opened = not old.strip() or _breaks(old[len(old.rstrip()) :])
        if start in self._starts and (opened or _SENTENCE_END.search(respell(old))):
            return True
        was, now = _LAST_WORD.search(respell(old)), _LAST_WORD.search(respell(before))
        return bool(was and now and now[1].endswith(was[1]) and _spaced(old[-1:], before[-1:]))

    def _tail_agrees(self, after: str, end: int) -> bool:
        old = self._quote.suffix
        closed = not old.strip() or _breaks(old[: len(old) - len(old.lstrip())])
        if end in self._ends and (closed or _SENTENCE_END.search(respell(self._quote.exact))):
            return True
        was, now = _FIRST_WORD.match(respell(old)), _FIRST_WORD.match(respell(after))
        return bool(was and now and now[1].startswith(was[1]) and _spaced(old[:1], after[:1]))

    def _near(self, copies: list[_Place]) -> list[_Place]:
        """Return the sentences most like the quote that are none of its copies."""
        spans = [(copy.start, copy.end) for copy in copies]
        free = [span for span in self._sentences if not _meets(span, spans)]
        return [
            _Place(near.start, near.end, self._context(near.start, near.end), near.score)
            for near in closest(self._quote.exact, self._text, free, self._quote.start)
            if not _meets((near.start, near.end), spans)
        ]

    def _outranks(self, near: _Place, copy: _Place) -> bool:
        """Return whether a changed sentence, not the copy, is in the quote's old place."""
        if near.context >= _CONTEXT_KEPT:
            return self._nearness(near) > self._nearness(copy)
        better = near.context - copy.context
        return near.context >= _CONTEXT_SETTLES and better >= _CONTEXT_BETTER

    def _settled(self, copy: _Place) -> bool:
        """Return whether a copy elsewhere is the quote and not a chance repetition."""
        if not self._quote.prefix and not self._quote.suffix:
            return True
        return len(tokens(self._quote.exact)) >= _TELLING_WORDS or (
            copy.context >= _CONTEXT_SETTLES
        )


def _common(left: str, right: str) -> int:
    """Return the length of the longest common beginning."""
    size = min(len(left), len(right))
    return next((i for i in range(size) if left[i] != right[i]), size)


def _breaks(space: str) -> bool:
    return "\n" in space or "\r" in space or "\u2029" in space


def _spaced(old: str, new: str) -> bool:
    return old.isspace() == new.isspace()


def _meets(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether ``span`` overlaps one of ``spans``, which are disjoint and in order."""
    i = bisect_left(spans, (span[1], 0)) - 1
    return i >= 0 and spans[i][1] > span[0]
