"""Whether the names of a claim are those of its sentences, in another form at most.

Forms that count as one: "Putin" and "Vladimir V. Putin", "U.S." and "United
States", "Russian" and "Russia", "WHO" and "World Health Organization",
"Gdańsk" and "Gdansk", "Gaddafi" and "Qaddafi".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.verification.dates import MONTHS, WEEKDAYS
from bot.verification.lexicon import COUNTRIES, FUNCTION_WORDS, STARTERS, TITLES, listed
from bot.verification.numerals import ORDINALS, SCALES, UNITS
from bot.verification.problems import Problem
from bot.verification.reading import Reading, Token

_SMALL = frozenset(
    listed(
        "of the for and in on de du des la le al el bin von van der",
    )
)
_COMMON_ENDS = ("ing", "ed", "ly", "tion", "tions", "ment", "ments", "ers", "ors", "ists", "ies")
_PEOPLE_ENDS = ("", "n", "an", "ian", "ns", "ans", "ians", "ese", "i", "is", "s")
_SKELETON = (
    (re.compile(r"kh"), "h"), (re.compile(r"gh"), "g"), (re.compile(r"dh"), "d"),
    (re.compile(r"sch|tsh|tch"), "sh"), (re.compile(r"ph"), "f"),
    (re.compile(r"ck|q|c(?![hieys])"), "k"),
    (re.compile(r"^g(?=a)"), "k"), (re.compile(r"w"), "v"), (re.compile(r"x"), "ks"),
    (re.compile(r"ou|oo"), "u"), (re.compile(r"ee"), "i"), (re.compile(r"[iyj]+"), "i"),
    (re.compile(r"(.)\1+"), r"\1"), (re.compile(r"(?:ff|v)$"), "f"),
)  # fmt: skip
_SHORTEST_SKELETON = 5
_LONGEST_INITIALS = 10


@dataclass(frozen=True, slots=True)
class Name:
    """Capitalised words that stand together, as indexes of the tokens of a reading."""

    at: tuple[int, ...]


def names(reading: Reading, taken: Collection[int] = ()) -> list[Name]:
    """Return the names of a text in order; tokens ``taken`` by dates and figures are none.

    >>> from bot.verification.reading import read
    >>> text = read("On Monday the spokesman of Vladimir V. Putin met Lt. Gen. Rudskoi.")
    >>> [text.words(name.at[0], name.at[-1] + 1) for name in names(text)]
    ['Vladimir V. Putin', 'Lt. Gen. Rudskoi']
    """
    found: list[Name] = []
    group: list[int] = []
    for at, token in enumerate(reading.tokens):
        if at not in taken and _is_capital(token) and not _is_money(reading.tokens, at):
            group.append(at)
        elif not (group and _joins(reading.tokens, at, group)):
            found += [Name(tuple(group))] if group else []
            group = []
    return [*found, *([Name(tuple(group))] if group else [])]


def _is_money(tokens: tuple[Token, ...], at: int) -> bool:
    """Return whether the word is part of a currency's sign (US$)."""
    return at + 1 < len(tokens) and tokens[at + 1].text in "$€£¥" and tokens[at].text.isupper()


def _is_capital(token: Token) -> bool:
    if not token.capital or token.form in MONTHS or token.form in WEEKDAYS:
        return token.capital and token.form in ("may", "march", "jan", "sun") and not token.opens
    if token.text.isupper() and len(token.text) > 1:
        return token.form != "i"
    if token.opens and (token.form in UNITS or token.form in ORDINALS or token.form in SCALES):
        return False
    return token.form not in FUNCTION_WORDS


def _joins(tokens: tuple[Token, ...], at: int, group: Sequence[int]) -> bool:
    """Return whether a mark holds a name together: a hyphen, or the stop of an initial."""
    if group[-1] != at - 1 or tokens[at].text not in (".", "-"):
        return False
    return at + 1 < len(tokens) and tokens[at + 1].sentence == tokens[at].sentence


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What some texts call things: their words, stems, initials and name skeletons."""

    forms: frozenset[str]
    terms: frozenset[str]
    skeletons: frozenset[str]
    initials: frozenset[str]
    capitals: frozenset[str]
    before: dict[str, frozenset[str]]

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> KnownNames:
        """Return what ``readings`` name."""
        forms: set[str] = set()
        terms: set[str] = set()
        skeletons: set[str] = set()
        initials: set[str] = set()
        capitals: set[str] = set()
        before: dict[str, set[str]] = {}
        for reading in readings:
            words = [token for token in reading.tokens if token.kind == "word"]
            forms.update(token.form for token in words)
            terms.update(token.term for token in words)
            skeletons.update(skeleton(token.form) for token in words if token.capital)
            capitals.update(t.form for t in words if t.text.isupper() and len(t.text) > 1)
            initials.update(_initials(words))
            for name in names(reading):
                group = [reading.tokens[at].form for at in name.at]
                before.setdefault(group[-1], set()).update(w for w in group[:-1] if len(w) > 1)
        return cls(
            frozenset(forms),
            frozenset(terms),
            frozenset(skeletons),
            frozenset(initials),
            frozenset(capitals),
            {form: frozenset(firsts) for form, firsts in before.items()},
        )

    def has(self, token: Token) -> bool:
        """Return whether the texts have this word of a name, in any form that counts."""
        if token.form in self.forms or token.term in self.terms:
            return True
        if token.text.isupper() and token.form in self.initials:
            return True
        if len(token.form) >= _SHORTEST_SKELETON and skeleton(token.form) in self.skeletons:
            return True
        return _stem_of_people(token.form) & self.forms != frozenset()


def skeleton(form: str) -> str:
    """Return what the usual spellings of a transliterated name share.

    >>> skeleton("qaddafi") == skeleton("gaddafi"), skeleton("zelenskyy") == skeleton("zelensky")
    (True, True)
    """
    bare = re.sub(r"[^a-z]", "", form)
    if len(bare) < _SHORTEST_SKELETON:
        return form
    for pattern, spelling in _SKELETON:
        bare = pattern.sub(spelling, bare)
    return bare


def _stem_of_people(form: str) -> frozenset[str]:
    """Return the forms a country or a people may have beside ``form`` ("Malian" and "Mali")."""
    stems = {form.removesuffix(end) for end in _PEOPLE_ENDS}
    return frozenset(
        stem + end for stem in stems if len(stem) >= 4 for end in ("a", "e", *_PEOPLE_ENDS)
    ) - {form}


def _initials(words: Sequence[Token]) -> set[str]:
    """Return the initials of runs of capitalised words, small words inside left out or not."""
    found: set[str] = set()
    run: list[str] = []
    for token in words:
        if token.capital:
            run = [*run, token.form[0]][-_LONGEST_INITIALS:]
            found.update("".join(run[-length:]) for length in range(2, len(run) + 1))
        elif token.form not in _SMALL:
            run = []
    return found


def check_names(
    claim: Reading,
    sources: Sequence[Reading],
    context: Sequence[Reading],
    taken: Collection[int] = (),
) -> list[Problem]:
    """Return a problem for each name of the claim that no source has.

    ``context`` (the question, titles, outlets, neighbours) may supply forenames,
    and whole names only as far as they are in the question, which is a source too.
    """
    known, around = KnownNames.of(sources), KnownNames.of([*sources, *context])
    problems = []
    for name in names(claim, taken):
        problem = _check(claim, [claim.tokens[at] for at in name.at], known, around)
        problems += [problem] if problem else []
    return problems


def _check(
    claim: Reading, words: list[Token], known: KnownNames, around: KnownNames
) -> Problem | None:
    missing = [token for token in words if not known.has(token) and len(token.form) > 1]
    if not missing or "".join(token.form[0] for token in words) in known.capitals:
        return None
    if len(words) == 1 and words[0].opens and not _is_name(words[0]):
        return None
    text = claim.text[words[0].start : words[-1].end]
    grave = Problem("name", text, f"“{missing[0].text}” is not named in the cited sentences")
    if missing[-1] is words[-1] or any(token.form in COUNTRIES for token in missing):
        return grave if not _unsure(words) else _mild(grave)
    if all(token.form in TITLES for token in missing):
        return None if all(around.has(token) for token in missing) else _mild(grave)
    last = words[-1].form
    if known.before.get(last, frozenset()) - TITLES:
        return grave
    return None if all(around.has(token) for token in missing) else _mild(grave)


def _is_name(token: Token) -> bool:
    """Return whether the first word of a sentence may be a name."""
    if token.form in COUNTRIES or token.text.isupper() or not token.text[1:].islower():
        return True
    return token.form not in STARTERS and not token.form.endswith(_COMMON_ENDS)


def _unsure(words: Sequence[Token]) -> bool:
    first = words[0]
    plain = first.text[1:].islower() and first.form not in COUNTRIES
    return len(words) == 1 and first.opens and plain and not first.text.endswith("'s")


def _mild(problem: Problem) -> Problem:
    return Problem(problem.kind, problem.text, problem.reason, grave=False)
