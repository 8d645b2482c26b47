"""A text as the checks read it: words, numbers and marks with clauses and meanings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.verification.lexicon import (
    COUNTRIES,
    FIGURES,
    FUNCTION_WORDS,
    NUMBER_WORDS,
    PAIRS,
    SAME,
    listed,
)
from index.anchors.respelt import respell
from index.lexical import terms

_LETTERS = r"[^\W\d_]"
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(
    rf"(?P<number>\d+(?:[.,:]\d+)*)"
    rf"|(?P<word>[{_UNSPACED}]|(?<![^\W_]){_LETTERS}\.(?:{_LETTERS}\.)+"
    rf"|{_LETTERS}+(?:'{_LETTERS}+)*)"
    r"|(?P<mark>[^\s\w])"
)
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"}
    | {"Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "ð": "d", "\u2044": "/", "ʼ": "'", "′": "'"}
)
_BREAKS = frozenset(",;:()[]-")
_CONJUNCTIONS = frozenset(
    listed(
        "and but while whereas although though because after before when which who as until",
    )
)
_LONGEST_WORD = 48
_LOOK = 24


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark at ``start:end`` (half-open) of `Reading.text`.

    ``form`` is folded; ``term`` is what it means: a group of the lexicon
    (``=kill``) or a stem. ``opens`` marks the first word of a sentence.
    """

    text: str
    form: str
    term: str
    kind: Literal["word", "number", "mark"]
    start: int
    end: int
    clause: int
    sentence: int
    opens: bool

    @property
    def capital(self) -> bool:
        """Return whether it is written as a name is."""
        return self.kind == "word" and self.text[0].isupper()

    @property
    def content(self) -> bool:
        """Return whether it is a word, no figure, with a meaning of its own."""
        if self.kind != "word" or self.form in NUMBER_WORDS:
            return False
        return self.form not in FUNCTION_WORDS or self.term.startswith("=")

    @property
    def figure(self) -> bool:
        """Return whether it is a number, in digits or in words."""
        return self.kind == "number" or self.form in NUMBER_WORDS


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in one spelling, without accents, and its tokens in order."""

    text: str
    tokens: tuple[Token, ...]

    def near(
        self, first: int, last: int, reach: int = 3, *, names: bool = True
    ) -> dict[str, float]:
        """Return the terms around the tokens ``first:last``, a term's weight one over its rank.

        At most ``reach`` on each side and in the same clause; where the clause has
        none ("On Tuesday, …"), those of the sentence that follow. Without ``names``
        capitalised words do not count.
        """
        clause, sentence = self.tokens[first].clause, self.tokens[first].sentence
        found: dict[str, float] = {}
        for indexes in (range(first - 1, -1, -1), range(last, len(self.tokens))):
            self._gather(found, indexes, reach, lambda token: token.clause == clause, names)
        if not found:
            ahead = range(last, len(self.tokens))
            self._gather(found, ahead, reach + 1, lambda token: token.sentence == sentence, names)
        return found

    def _gather(
        self,
        found: dict[str, float],
        at: range,
        reach: int,
        inside: Callable[[Token], bool],
        names: bool,
    ) -> None:
        rank = 0
        for token in (self.tokens[place] for place in at[:_LOOK]):
            if rank == reach or not inside(token):
                break
            if token.content and (names or not token.capital):
                rank += 1
                found[token.term] = max(found.get(token.term, 0.0), 1 / rank)

    def words(self, first: int, last: int) -> str:
        """Return the text of the tokens ``first:last``."""
        if first >= last:
            return ""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]


def folded(text: str) -> str:
    """Return ``text`` in one spelling, without accents; case stays.

    >>> folded("“Gdańsk”, ½ of 1٢ — Zürich’s")
    '"Gdansk", 1/2 of 12 - Zurich\\'s'
    """
    sound = text.encode("utf-8", "replace").decode("utf-8")
    plain = respell(unicodedata.normalize("NFKC", sound)).translate(_UNDECOMPOSED)
    if plain.isascii():
        return plain
    bare = (c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) != "Mn")
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in bare)
    return unicodedata.normalize("NFC", "".join(digits))


def read(text: str) -> Reading:
    """Return ``text`` cut into tokens, in linear time.

    >>> [t.term for t in read("The U.S. army killed five.").tokens]
    ['the', '=usa', 'armi', '=kill', '5', '.']
    """
    plain = folded(text)
    pieces = [
        (match.group(), match.lastgroup or "mark", match.start(), match.end())
        for match in _TOKEN.finditer(plain)
    ]
    forms = [_form(piece, kind) for piece, kind, _, _ in pieces]
    meanings = _meanings(pieces, forms)
    return Reading(plain, tuple(_tokens(plain, pieces, forms, meanings)))


def _form(piece: str, kind: str) -> str:
    if kind != "word":
        return piece
    form = piece.casefold()[:_LONGEST_WORD].removesuffix("'s").rstrip(".'")
    return form.replace(".", "") if form.count(".") > 1 else form


_Piece = tuple[str, str, int, int]


def _meanings(pieces: list[_Piece], forms: list[str]) -> list[str]:
    stems = _stems(
        [form for form, (_, kind, _, _) in zip(forms, pieces, strict=True) if kind == "word"]
    )
    meanings = [
        _meaning(piece, form, stems.get(form, form)) if kind == "word" else form
        for form, (piece, kind, _, _) in zip(forms, pieces, strict=True)
    ]
    for at in range(len(forms) - 1):
        pair = PAIRS.get((forms[at], forms[at + 1]))
        if pair and pieces[at][0][0].isupper():
            meanings[at] = meanings[at + 1] = pair
    return meanings


def _meaning(piece: str, form: str, stem: str) -> str:
    # "us" is a pronoun, "US" a country; "turkey", "pole" and "dane" may be no names either.
    if form in COUNTRIES and piece[0].isupper() and (len(form) > 2 or piece[1:].isupper()):
        return COUNTRIES[form]
    return FIGURES.get(form) or SAME.get(form) or _respelled(stem)


def _respelled(stem: str) -> str:
    """Return a stem in American spelling."""
    if len(stem) > 4 and stem.endswith("our"):
        return stem[:-3] + "or"
    return stem[:-2] + "iz" if len(stem) > 4 and stem.endswith("is") else stem


def _stems(forms: list[str]) -> dict[str, str]:
    """Return each form with its stem, from one call where the words stay one to one."""
    distinct = list(dict.fromkeys(form for form in forms if form.isascii() and form.isalpha()))
    stems = terms(" ".join(distinct))
    if len(stems) != len(distinct):
        stems = ["".join(terms(form)) or form for form in distinct]
    return dict(zip(distinct, stems, strict=True))


def _tokens(
    plain: str, pieces: list[_Piece], forms: list[str], meanings: list[str]
) -> Iterator[Token]:
    clause = sentence = 0
    fresh = True
    for (piece, kind, start, end), form, meaning in zip(pieces, forms, meanings, strict=True):
        inside = start > 0 and end < len(plain) and plain[start - 1].isalnum()
        joined = piece in "-:," and inside and plain[end].isalnum()
        if (piece in _BREAKS and not joined) or form in _CONJUNCTIONS:
            clause += 1
        yield Token(piece, form, meaning, _kind(kind), start, end, clause, sentence, fresh)
        if kind != "mark":
            fresh = False
        elif piece == ":":
            fresh = True
        elif piece in ".!?" and not _abbreviates(plain, start):
            clause, sentence, fresh = clause + 1, sentence + 1, True


def _kind(name: str) -> Literal["word", "number", "mark"]:
    if name == "word":
        return "word"
    return "number" if name == "number" else "mark"


def _abbreviates(plain: str, at: int) -> bool:
    """Return whether the full stop at ``at`` follows an initial or a short title."""
    if plain[at] != "." or at + 1 >= len(plain):
        return False
    if plain[at + 1] != " ":
        return True
    start = max(plain.rfind(" ", max(0, at - 8), at), max(0, at - 8) - 1)
    word = plain[start + 1 : at].casefold()
    return len(word) == 1 or word in _SHORT


_SHORT = frozenset(
    listed(
        "mr mrs ms dr prof gen lt col maj capt sgt adm sen rep gov rev st jr sr no vs inc ltd co",
        "corp jan feb mar apr jun jul aug sep sept oct nov dec",
    )
)
