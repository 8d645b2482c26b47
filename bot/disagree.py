"""Whether two reports answer one question differently."""

from __future__ import annotations

import re

from bot.confidence import names
from index.lexical import question_terms
from index.sentences.folding import words

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
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
# Words by which a report says that another one is not right.
_DIFFERS = re.compile(
    r"\b(?:contrary to|contradict\w*|differs? from|disput\w+|den(?:y|ies|ied)|reject(?:s|ed)"
    r"|not from|and not by|rather than|wrongly|correction)\b",
    re.IGNORECASE,
)


def disagree(one: str, other: str, question: str) -> bool:
    """Return whether two sentences of different articles answer a question differently.

    They count the same thing differently; or the question asks who, and one of
    them says that another report is wrong while both name different people.

    >>> disagree("Eleven people were hurt.", "At least 17 people were hurt.", "How many were hurt?")
    True
    >>> disagree("Ms. Rusk ordered it, not the port.", "The port ordered it.", "When was it?")
    False
    """
    if _WHO.search(question):
        return bool(_DIFFERS.search(one) or _DIFFERS.search(other)) and names(one).isdisjoint(
            names(other) - names(question)
        )
    return bool(conflicts(one, other))


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
        for term in question_terms(" ".join(words(match["after"])[:2])):
            found.setdefault(term, set()).add(value)
    return found
