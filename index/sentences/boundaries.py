"""Sentence boundaries, decided by rule, with offsets that are carried and never searched for.

One expression finds every mark that could end a sentence; a short chain of
rules reads the word before it and the word behind it and decides. The rules are
written for newswire: titles, initials, dotted names of states, dates, quoted
speech. `docs/decisions/0002-sentence-segmentation.md` has the numbers.

Every rule looks a bounded distance in both directions, so time is linear in the
length of the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.sentences import abbreviations as known
from index.sentences.paragraphs import Span, paragraphs, segments

__all__ = ["Span", "paragraphs", "split"]

# One class in front lets the engine skip to the next mark. The lookbehind keeps a failed
# run of marks from being tried again at each of its characters; every repetition is
# possessive or bounded for the same reason.
_STOP = re.compile(
    r"""
    [.!?…‼⁇⁈⁉。！？｡؟۔।॥։።]
    (?:
      (?<=[。！？｡؟۔।॥։።]) (?P<wide>[。！？｡؟۔।॥։።…]*+[」』）”’】》〉)"']*+)
      |
      (?<![.!?…‼⁇⁈⁉].)
      (?P<more>[.!?…‼⁇⁈⁉]*+(?:\s\.){0,4}+)
      (?P<close>
        (?:["'”’“»›)\]}*_]|\[[\w\s]{1,30}+\])*+
        (?:\s(?:''|'(?=\s'')|[”»)\]]|[:;]-?[()DP]|[\u263a\u2764\U0001f300-\U0001faff]{1,9}+)
           (?=\s|\Z)){0,3}+)
      (?:
        (?=\s|\Z)
        |(?<=[a-z]{4}[.?!])(?=(?:[A-Z][a-z]{2,20}|It|He|We|In|On|At|As|A)(?<!Com|Net|Org)[\s:,’'])
        |(?<=["”])(?<=[.?!].)(?=[A-Z][a-z])
        |(?<=[!?])(?=[\u3040-\u30ff\u3400-\u9fff]))
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_NEXT = re.compile(
    r"(?P<lead>\s*+(?:(?:[^\w\s]|_){1,40}+\s{0,2}+){0,4}+)"
    r"(?P<word>[^\W_]{1,40}+)(?P<tail>[-'’.]?\w?)"
)
_INK = re.compile(r"\S")
_WORD = re.compile(r"[^\W_]")
_OPENERS = "\"'“”‘’„‚«»‹›([{<*_`¿¡—–"
_JOINT = re.compile(r"[-–—/]")
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,3}")
_ROMAN = re.compile(r"(?:[IVXLC]{2,7}|[VX])")
_ITEM = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})")
_QUOTED = re.compile(r"[\"”’'»“]")
_DASH = re.compile(r"\s*[-–—]{1,2}\s?")
_MIDDLE = frozenset(".,;:!?…")
_DASHES = ("-", "–", "—", "--")
_MARKS = re.compile(r"[.!?…]")
_TIME = re.compile(r"\W?(?:\s\w{1,12}){0,2}\s[Tt]ime\b")
_ATTRIBUTION = re.compile(
    r"\s*(?:(?:Mr|Mrs|Ms|Dr)\.?\s)?[^\W\d_][\w'’-]{0,20}(?:\s[^\W\d_][\w'’-]{0,20}){0,2}?"
    r"\s(\w{3,10})(?=\s?[.,;:]|\s\w{1,12}[.,])"
)
_VOWELS = frozenset("aeiouyáéíóúäöüæøå")
_YEARLY = frozenset("bcdr")  # born, circa, died, reigned
_TOKEN_REACH = 32
"""Characters that are read in front of a mark; longer words are no abbreviations."""


class _Around(NamedTuple):
    """What stands on both sides of a mark that could end a sentence."""

    before: str
    """The token in front of the mark, without opening punctuation."""
    earlier: str
    """The token in front of that one."""
    detached: bool
    """White space separates the mark from its token, as in tokenised text."""
    close: str
    lead: str
    word: str
    tail: str


def split(text: str) -> list[Span]:
    r"""Return the sentences of ``text`` in order, as half-open spans of code points.

    The spans are disjoint, start and end in no white space, and together cover
    every character that is not white space. Headings and list items on lines of
    their own are sentences. Text without ink gives an empty list; no text raises.

    >>> text = "Lt. Gen. Sergei F. Rudskoi spoke on Jan. 5 in the U.S. He said: “No.” Rain fell."
    >>> [text[start:end] for start, end in split(text)]
    ['Lt. Gen. Sergei F. Rudskoi spoke on Jan. 5 in the U.S.', 'He said: “No.”', 'Rain fell.']
    """
    return [span for segment in segments(text) for span in _sentences(text, *segment)]


def _sentences(text: str, start: int, limit: int) -> Iterator[Span]:
    """Yield the sentences of one segment, which has ink at both ends."""
    ink = _first_word(text, start, limit)
    quotes = _Quotes(text, start, limit)
    for stop in _STOP.finditer(text, start, limit):
        end = stop.end()
        if ink >= end:
            continue
        end = quotes.close_behind(end)
        if end < limit and _ends(text, start, stop, end, limit):
            yield start, end
            following = _INK.search(text, end, limit)
            if following is None:
                return
            start = following.start()
            ink = _first_word(text, start, limit)
    yield start, limit


class _Quotes:
    """Counts straight quotation marks, which look alike at both ends of a quotation.

    Asked at rising positions, it reads the text once.
    """

    def __init__(self, text: str, start: int, limit: int) -> None:
        self._text, self._limit = text, limit
        self._counts = {'"': (0, start), "'": (0, start)}

    def close_behind(self, end: int) -> int:
        """Return ``end``, moved behind a detached mark (``. " Then``) that closes a quotation."""
        mark = self._text[end + 1 : min(end + 2, self._limit)]
        if mark not in self._counts or not self._text[end : end + 1].isspace():
            return end
        if end + 2 < self._limit and not self._text[end + 2].isspace():
            return end
        count, since = self._counts[mark]
        for form in ('"',) if mark == '"' else (" ' ", " ` "):
            count += self._text.count(form, since, end)
        self._counts[mark] = (count, end)
        return end + 2 * (count % 2)


def _first_word(text: str, start: int, limit: int) -> int:
    """Return where the first letter or digit is; a sentence has one before it can end."""
    found = _WORD.search(text, start, limit)
    return found.start() if found else limit


def _ends(text: str, start: int, stop: re.Match[str], end: int, limit: int) -> bool:
    if stop["wide"] is not None:
        # 「…。」と言った: the particle goes on with the sentence that quotes.
        return not (text[end - 1] in "」』" and text[end] in "とっなのはがをにで")
    around = _look_around(text, start, stop, end, limit)
    if around is None:
        return False
    if around.lead.lstrip()[:1] in _MIDDLE:
        return False
    dash = _DASH.fullmatch(around.lead)
    if dash and limit - end < 80 and not _MARKS.search(text, end, limit):
        return False  # “…” — Ana Ruiz, at the end of a quotation
    mark = text[stop.start()] + stop["more"]
    if "!" in mark or "?" in mark or mark[0] in "‼⁇⁈⁉":
        return _ends_after_call(text, around, end)
    if len(mark) > 1 + 2 * around.detached or mark == "…":
        return not _goes_on(around) and around.word not in ("I", "I'm")
    return not _opens_list_item(text, start, stop) and not (
        _abbreviates(text, around, end) or _goes_on(around)
    )


def _look_around(
    text: str, start: int, stop: re.Match[str], end: int, limit: int
) -> _Around | None:
    """Return the surroundings of a mark, or nothing if no word follows it nearby."""
    following = _NEXT.match(text, end, limit)
    if following is None:
        return None
    at = stop.start()
    reach = text[max(start, at - _TOKEN_REACH) : at]
    tokens = reach.split()
    return _Around(
        before=tokens[-1].lstrip(_OPENERS) if tokens else "",
        earlier=tokens[-2] if len(tokens) > 1 else "",
        detached=reach[-1:].isspace(),
        close=text[stop.start("close") : end],
        lead=following["lead"],
        word=following["word"],
        tail=following["tail"],
    )


def _goes_on(around: _Around) -> bool:
    """Tell whether the word behind the mark is written as the middle of a sentence is."""
    word, tail = around.word, around.tail
    if not word[0].islower():
        return False
    if around.lead.strip() in ("(", "[", "((", "[["):
        return False  # It burned. (that is what he said)
    if word in ("http", "https", "www") or around.lead[-1:] in ("@", "#"):
        return False
    capital_inside = any(letter.isupper() for letter in word)  # iPhone, eBay
    return not (capital_inside or (tail[:1] in ("-", "'", "’") and tail[1:].isupper()))


def _starts(around: _Around) -> bool:
    """Tell whether the word behind the mark is one that sentences begin with."""
    word = around.word
    if not word[0].isupper() or around.tail[:1] == "-" or around.lead.strip() in _DASHES:
        return False
    if len(word) < 3 and around.tail[:1] == ".":
        return False  # No. 1, A. Smith
    return word.lower() in known.STARTERS


def _ends_after_call(text: str, around: _Around, end: int) -> bool:
    """Decide after ``!`` or ``?``, which may stand in a name or before “he asked”."""
    if _goes_on(around) or (not around.before and ")" in around.close):
        return False
    if around.before and text.startswith(around.before, end + len(around.lead)):
        return False  # “Freedom! Freedom!”
    if around.before.lower() in known.SHOUTED and not around.close:
        return _starts(around)
    if _QUOTED.search(around.close):
        attribution = _ATTRIBUTION.match(text, end)
        return not (attribution and attribution[1] in known.SAID)
    return True


def _opens_list_item(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether the sentence so far is only the number of a list item: ``1.``, ``a.``"""
    at = stop.start()
    return at - start < 7 and bool(_ITEM.fullmatch(text, start, at))


def _abbreviates(text: str, around: _Around, end: int) -> bool:
    """Tell whether the full stop belongs to an abbreviation that the sentence continues."""
    token = _JOINT.split(around.before)[-1]  # Lt.-Gen., R-Ga.
    key = token.lower()
    if not token or around.close.strip(") "):
        return False
    if around.detached and (_starts(around) or not (token[0].isupper() or key in _YEARLY)):
        return False
    if key in known.CONNECTORS:
        return True
    if key in known.LOWER_TAILS:
        return not _starts(around)
    if "." in token:
        return _dotted(text, key, around, end)
    if len(token) == 1 and token.isalpha():
        return _initial(token, around)
    if token.isdigit():
        return len(token) < 3 and around.word.lower() in known.ORDINAL_NOUNS
    if key in known.NUMBERED and _is_number(around):
        return True
    if not token[0].isupper():
        return False
    return _capitalised(key, around)


def _capitalised(key: str, around: _Around) -> bool:
    if key in known.TITLES:
        return True
    if key in known.CALENDAR:
        return around.word[0].isdigit() or around.word.lower() in known.CALENDAR_NAMES
    clipped = len(key) < 5 and around.before[1:].islower() and _VOWELS.isdisjoint(key)
    if clipped or key in known.NAME_TAILS:
        return not _starts(around)
    if key in known.STATES and (around.earlier.endswith(",") or "-" in around.before):
        return not _starts(around)
    return False


def _dotted(text: str, key: str, around: _Around, end: int) -> bool:
    """Decide after ``U.S.``, ``p.m.``, ``Ph.D.``: a starter behind them ends the sentence."""
    if key in ("a.m", "p.m"):
        word = around.word
        zone = word.isupper() and 1 < len(word) < 5
        dated = word[0].isdigit() or word.lower() in known.CALENDAR_NAMES | known.ZONES
        return zone or dated or bool(_TIME.match(text, end))
    return bool(_ACRONYM.fullmatch(key)) and not _starts(around)


def _initial(letter: str, around: _Around) -> bool:
    if letter.islower():
        return not _starts(around) or letter in "v"
    if around.earlier.lower().strip("(") in known.LETTERED:
        return False
    return not _starts(around)


def _is_number(around: _Around) -> bool:
    word = around.word
    if word[0].isdigit() or _ROMAN.fullmatch(word):
        return True
    return len(word) == 1 and word.isupper() and (word not in "AI" or around.tail[:1] == ".")
