"""Whether two reports give different figures for the same thing."""

from __future__ import annotations

import re

from index.folding import words
from index.lexical import question_terms, terms
from index.search import SentenceHit

_FIGURE = re.compile(
    r"(?P<figure>\d[\d,.]*\d|\d|\b(?:no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
    r"|(?:twenty|thirty|forty|fifty)-\w+|dozens?|hundreds?|thousands?)\b)"
    r"(?P<after>(?:\s+[^\W\d_]+){1,4})",
    re.IGNORECASE,
)
_UNITS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_TEENS = "fifteen sixteen seventeen eighteen nineteen twenty"
_VALUES = {word: str(value) for value, word in enumerate(f"{_UNITS} {_TEENS}".split())}
_LEAST_ABOUT = 0.5


def disagree(one: SentenceHit, other: SentenceHit, question: str) -> bool:
    """Return whether sentences of two articles state different figures of the same kind.

    Both must be about what was asked (hold half of its terms), and count the
    same noun differently.
    """
    if one.row.article == other.row.article:
        return False
    asked = set(question_terms(question))
    if not asked or any(
        len(asked & set(terms(hit.exact))) < _LEAST_ABOUT * len(asked) for hit in (one, other)
    ):
        return False
    return bool(conflicts(one.exact, other.exact))


def conflicts(one: str, other: str) -> set[str]:
    """Return the things that two sentences count differently.

    >>> conflicts("The fire killed 12 people.", "Officials said 15 people had died.")
    {'peopl'}
    >>> conflicts("The fire killed 12 people.", "Twelve people and 3 dogs died.")
    set()
    """
    first, second = figures(one), figures(other)
    return {
        thing for thing in first.keys() & second.keys() if first[thing].isdisjoint(second[thing])
    }


def figures(sentence: str) -> dict[str, set[str]]:
    """Return for each thing that is counted (its term) the figures given for it."""
    found: dict[str, set[str]] = {}
    for match in _FIGURE.finditer(sentence):
        figure = match["figure"].casefold().replace(",", "")
        value = _VALUES.get(figure, figure)
        for term in terms(" ".join(words(match["after"])[:2])):
            found.setdefault(term, set()).add(value)
    return found
