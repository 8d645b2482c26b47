"""How much of a text is shown, and how much room blocks take.

Slack does not say in what it counts. Lengths here are in UTF-16 code units,
which are never fewer than its characters; spans are in code points as everywhere.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from bot.slack.blocks import Block
from index.sentences import split

# Slack refuses messages above about 13,200 characters of blocks (`msg_blocks_too_long`,
# measured by users, not documented); what is left is a margin for its way of counting.
MESSAGE_ROOM = 11_000
_MORE = " …"
_BLANK = re.compile(r"\s")
_ZERO_WIDTH_JOINER = "\u200d"
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
# A cut at a sentence's end must leave this share of the room used, one between
# words half of it; otherwise too much would be lost for a tidy end.
_SENTENCE_SHARE = 0.3
_WORD_SHARE = 0.5


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units.

    >>> units("flag: 🇸🇾")
    10
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def room_taken(blocks: Sequence[Block]) -> int:
    """Return what blocks count towards `MESSAGE_ROOM`: their compact JSON."""
    return units(json.dumps(list(blocks), ensure_ascii=False, separators=(",", ":")))


def shorten(text: str, most: int) -> str:
    """Return a line of at most ``most`` units: all of it, or its beginning and an ellipsis.

    It is cut at a sentence's end where one is near enough, else between words,
    else between characters, never within one that is made of several code points.

    >>> shorten("It fell. Nobody knows why it did.", 20)
    'It fell. …'
    >>> shorten("The helicopter was shot down.", 20)
    'The helicopter was …'
    """
    if len(text) <= most // 2 or units(text) <= most:
        return text
    end = _longest(text, most - len(_MORE))
    for cut, share in (
        (_sentence_end(text, end), _SENTENCE_SHARE),
        (_word_end(text, end), _WORD_SHARE),
    ):
        if 0 < cut >= share * end:
            return text[:cut].rstrip() + _MORE
    return text[: _whole_characters(text, end)] + "…"


def shorten_left(text: str, most: int) -> str:
    """Return the end of a line instead of its beginning, cut before a sentence or a word.

    >>> shorten_left("Nobody knows why. It fell.", 12)
    '… It fell.'
    """
    if units(text) <= most:
        return text
    start = len(text) - _longest(text[::-1], most - len(_MORE))
    starts = [begin for begin, _ in split(text) if begin >= start]
    if not starts or starts[0] == len(text):
        blank = _BLANK.search(text, start)
        starts = [blank.end() if blank else len(text)]
    return f"… {text[starts[0] :]}" if text[starts[0] :] else "…"


def _longest(text: str, most: int) -> int:
    """Return how many code points of the text fit into ``most`` units."""
    for index, used in enumerate(accumulate(2 if c > "\uffff" else 1 for c in text)):
        if used > most:
            return index
    return len(text)


def _sentence_end(text: str, most: int) -> int:
    """Return where the last whole sentence within the first ``most`` code points ends, or 0."""
    # The sentence that is cut must be seen to go on, or its abbreviation would end it.
    ends = [end for _, end in split(text[: most + 80]) if end <= most]
    return ends[-1] if ends else 0


def _word_end(text: str, most: int) -> int:
    """Return where the last whole word within the first ``most`` code points ends, or 0."""
    if _BLANK.match(text, most):
        return most
    return next((i for i in range(most, 0, -1) if text[i - 1].isspace()), 0)


def _whole_characters(text: str, end: int) -> int:
    """Return the last boundary at or before ``end`` that splits no emoji and no accent."""
    lowest = max(0, end - 64)
    while end > lowest and _joined(text, end):
        end -= 1
    return end


def _joined(text: str, at: int) -> bool:
    """Return whether the code points on both sides of ``at`` make one character."""
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    return (
        after == _ZERO_WIDTH_JOINER
        or before == _ZERO_WIDTH_JOINER
        or unicodedata.category(after) in ("Mn", "Me", "Mc")
        or ord(after) in _SKIN_TONES
        or (ord(after) in _FLAG_LETTERS and ord(before) in _FLAG_LETTERS)
    )
