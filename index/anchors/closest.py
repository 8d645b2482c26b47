"""The sentences of a text that are most like a quote, found in linear time.

Every word weighs less the more often the text has it, so that names and figures
count and articles do not. Sentences that have the quote's rarest words, and
runs of two and three of them (one sentence may have been split), are ranked by
all the words they share with it; the best few are compared in order.
"""

from __future__ import annotations

import heapq
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.anchors.respelt import respell

_TOKEN = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_]+(?:[.,'’\u00ad-][^\\W_]+)*|[%€$£¥°]"
)
_RUN = 3
_RARE = 8
_RANKED = 150
_COMPARED = 16
_CONTAINED_COUNTS = 0.85
_CONTAINED_AT_LEAST = 0.75
_CONTAINED_WORDS = 4


@dataclass(frozen=True, slots=True)
class Near:
    """A half-open span of the text and its likeness to the quote, 0 to 1."""

    start: int
    end: int
    score: float


def tokens(text: str) -> list[str]:
    """Return the words, figures and signs of money or measure, in lower case.

    >>> tokens("It cost €1.35 million, Mr. O’Hara said.")
    ['it', 'cost', '€', '1.35', 'million', 'mr', "o'hara", 'said']
    """
    return _TOKEN.findall(respell(text).casefold())


def closest(exact: str, text: str, sentences: Sequence[tuple[int, int]], at: int) -> list[Near]:
    """Return the spans of ``text`` most like ``exact``, at most 16, in no order.

    ``sentences`` are half-open spans of ``text`` in order, those that may be
    returned; what is returned begins at the start of one and ends at the end of
    one, unless a sentence is very long. Among equals the spans nearest to
    offset ``at`` are kept.
    """
    scale = _Scale.of(tokens(exact), text)
    runs = [_cut(run, scale) for run in _promising(scale, text, sentences, at)]
    runs.sort(key=lambda run: (-scale.promise(run.words), abs(run.start - at)))
    return [Near(run.start, run.end, scale.likeness(run)) for run in runs[:_COMPARED]]


@dataclass(frozen=True, slots=True)
class _Run:
    """A sentence or a few: its span, its words and their spans, and whether it is only one."""

    start: int
    end: int
    words: list[str]
    spans: list[tuple[int, int]]
    single: bool

    @classmethod
    def of(cls, text: str, start: int, end: int, *, single: bool) -> _Run:
        found = list(_TOKEN.finditer(text, start, end))
        words = [respell(match.group()).casefold() for match in found]
        return cls(start, end, words, [match.span() for match in found], single)


@dataclass(frozen=True, slots=True)
class _Scale:
    """The quote's words and what a word weighs: 1, and less if the text has it often."""

    wanted: list[str]
    total: Counter[str]
    counts: Counter[str]

    @classmethod
    def of(cls, wanted: list[str], text: str) -> _Scale:
        return cls(wanted, Counter(wanted), Counter(_TOKEN.findall(text.casefold())))

    def weight(self, words: Iterable[str]) -> float:
        return sum(1 / (1 + math.log(max(1, self.counts[word]))) for word in words)

    def rarest(self) -> list[str]:
        """Return the words of the quote that the text has, the rarest first, at most eight."""
        present = (word for word in self.total if self.counts[word])
        return sorted(present, key=lambda word: (self.counts[word], word))[:_RARE]

    def shared(self, words: Sequence[str]) -> float:
        """Return the weight of the words that are also the quote's, in any order."""
        return self.weight((self.total & Counter(words)).elements())

    def ordered(self, words: Sequence[str]) -> float:
        """Return the weight of the quote's words that come in the quote's order."""
        return self.weight(self.wanted[i] for i in in_order(self.wanted, words))

    def promise(self, words: Sequence[str]) -> float:
        """Return how much of the quote ``words`` have, more if they have little else."""
        mine = self.weight(self.wanted)
        return self.shared(words) * (1 / mine + 2 / (mine + self.weight(words)))

    def likeness(self, run: _Run) -> float:
        """Return 0 to 1: the words in common, half of it for their order.

        A quote of four words or more that is almost wholly contained in one
        longer sentence scores by how much of it is there.
        """
        words = run.words
        both = self.weight(self.wanted) + self.weight(words)
        score = (self.ordered(words) + self.shared(words)) / both
        if run.single and len(self.wanted) >= _CONTAINED_WORDS:
            start = self.densest(words, width := _span_of(len(self.wanted)))
            kept = self.ordered(words[start : start + width]) / self.weight(self.wanted)
            if kept >= _CONTAINED_AT_LEAST:
                score = max(score, _CONTAINED_COUNTS * kept)
        return min(score, 1.0)

    def densest(self, words: Sequence[str], width: int) -> int:
        """Return where the ``width`` words begin that have most of the quote's."""
        if len(words) <= width:
            return 0
        gains = (self.weight((word,)) if word in self.total else 0.0 for word in words)
        sums = list(accumulate(gains, initial=0.0))
        return max(range(len(words) - width + 1), key=lambda i: sums[i + width] - sums[i])


def _promising(
    scale: _Scale, text: str, sentences: Sequence[tuple[int, int]], at: int
) -> Iterator[_Run]:
    """Yield runs of one to three sentences that have rare words of the quote."""
    rare = scale.rarest()
    if not rare:
        return
    starts = [start for start, _ in sentences]
    hits: dict[int, set[str]] = {}
    either = "|".join(map(re.escape, sorted(rare, key=len, reverse=True)))
    for match in re.finditer(rf"(?<!\w)(?:{either})(?!\w)", text, re.IGNORECASE):
        i = bisect_right(starts, match.start()) - 1
        if i >= 0 and match.end() <= sentences[i][1]:
            hits.setdefault(i, set()).add(match.group().casefold())
    best = heapq.nsmallest(
        _RANKED, hits, key=lambda i: (-len(hits[i]), abs(starts[i] - at))
    )  # fmt: skip
    runs = {
        (first, last)
        for i in best
        for first in range(i - _RUN + 1, i + 1)
        for last in range(i, first + _RUN)
        if first in hits and last in hits
    }
    for first, last in sorted(runs):
        start, end = sentences[first][0], sentences[last][1]
        yield _Run.of(text, start, end, single=first == last)


def _cut(run: _Run, scale: _Scale) -> _Run:
    """Return ``run``, or its densest part if it is far longer than the quote."""
    width = 2 * len(scale.wanted) + 8
    if len(run.words) <= 3 * width + 40:
        return run
    start = scale.densest(run.words, width)
    words, spans = run.words[start : start + width], run.spans[start : start + width]
    return _Run(spans[0][0], spans[-1][1], words, spans, run.single)


def _span_of(words: int) -> int:
    """Return over how many words a contained quote may spread."""
    return words + words // 3 + 1


def in_order(wanted: Sequence[str], words: Sequence[str]) -> list[int]:
    """Return where in ``wanted`` its longest common subsequence with ``words`` grows.

    These are the indices i for which ``wanted[: i + 1]`` has a longer common
    subsequence with ``words`` than ``wanted[:i]``; there are as many as the
    longest one has words. Bit-parallel, after Hyyrö, "Bit-parallel
    LCS-length computation revisited" (2004): one addition of long integers for
    each of ``words``.

    >>> in_order("the tug came at dawn".split(), "at dawn the tug came".split())
    [0, 1, 2]
    """
    places: dict[str, int] = {}
    for i, word in enumerate(wanted):
        places[word] = places.get(word, 0) | 1 << i
    full = (1 << len(wanted)) - 1
    open_bits = full
    for word in words:
        match = open_bits & places.get(word, 0)
        open_bits = ((open_bits + match) | (open_bits - match)) & full
    return [i for i in range(len(wanted)) if not open_bits >> i & 1]
