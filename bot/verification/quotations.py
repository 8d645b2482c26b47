"""Whether what a claim puts in quotation marks stands in a sentence word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.verification.problems import Problem
from bot.verification.reading import folded

_DOUBLE = re.compile(r'"([^"]*)(?:"|$)')
_SINGLE = re.compile(r"(?:(?<=[\s(\[:;,-])|^)'(?=\w)([^']*(?:'\w[^']*)*)'(?!\w)")
_GAP = re.compile(r"\[[^\]]*\]|\.{3,}|\. \. \.")
_LETTER = re.compile(r"\[(\w)\](?=\w)")
_SPACES = re.compile(r"\s+")


def quotations(text: str) -> list[str]:
    """Return what ``text`` quotes, in one spelling; a quotation left open runs to the end.

    >>> quotations("He called it “a ‘great’ day” and 'no accident'.")
    ["a 'great' day", 'no accident']
    """
    plain = _LETTER.sub(r"\1", folded(text))
    found = [match[1] for match in _DOUBLE.finditer(plain)]
    outside = _DOUBLE.sub(" ", plain)
    found += [match[1] for match in _SINGLE.finditer(outside)]
    return [quote for quote in found if any(char.isalnum() for char in quote)]


def check_quotations(claim: str, sentences: Sequence[str], question: str) -> list[Problem]:
    """Return a problem for each quotation that no sentence (nor the question) has verbatim.

    Case and the marks at its ends aside. ``…`` and ``[…]`` stand for words left
    out, other brackets for words put in: the pieces must follow one another in
    one text.
    """
    texts = [_plain(folded(text)) for text in (*sentences, " ".join(sentences), question)]
    return [
        Problem("quotation", quote, "these words do not stand so in the cited sentences")
        for quote in quotations(claim)
        if not any(_has(text, quote) for text in texts)
    ]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", _LETTER.sub(r"\1", text).casefold().replace("'", "").replace('"', ""))


def _has(text: str, quote: str) -> bool:
    at = 0
    for piece in _GAP.split(quote):
        wanted = _plain(piece).strip(" .,;:!?-")
        if not wanted:
            continue
        at = _find(text, wanted, at)
        if at < 0:
            return False
        at += len(wanted)
    return True


def _find(text: str, wanted: str, start: int) -> int:
    """Return where ``wanted`` stands in ``text`` with no letter or digit beside it, or -1."""
    at = text.find(wanted, start)
    while at >= 0:
        end = at + len(wanted)
        if not (at and text[at - 1].isalnum()) and not (end < len(text) and text[end].isalnum()):
            return at
        at = text.find(wanted, at + 1)
    return -1
