"""Whether a claim denies what its sentences say, or says what they deny."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.verification.lexicon import OPPOSITE, SAME, listed
from bot.verification.problems import Problem
from bot.verification.reading import Reading, Token

_NOT = frozenset(
    listed(
        "not no never nobody none neither nor nothing nowhere without cannot hardly barely",
        "scarcely",
    )
)
_VERBS = frozenset(
    listed(
        "=deny refus declin fail unabl refut dismiss prevent avert avoid lack =reject disput",
    )
)
_BOUNDS = frozenset(("more", "fewer", "less", "later", "only", "doubt"))
_REACH = 6
_LOOK = 24
_AFTER_VERB = 2


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, at token ``at``, and the terms it may reach, nearest first."""

    at: int
    scope: tuple[str, ...]
    verb: bool

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the terms that it surely denies: one, or two behind a verb such as "denied"."""
        return self.scope[: _AFTER_VERB if self.verb else 1]


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a text says and what it denies, as terms. A term may be in both."""

    said: frozenset[str]
    denied: frozenset[str]
    denials: tuple[Denial, ...]

    @classmethod
    def of(cls, reading: Reading) -> Polarity:
        """Return the polarity of a text.

        >>> from bot.verification.reading import read
        >>> Polarity.of(read("Nobody died, but five were not hurt.")).denied == {"=kill", "=injure"}
        True
        """
        denials = tuple(_denials(reading))
        reached: set[int] = set()
        for denial in denials:
            reached.update(_scope(reading, denial.at))
        said: set[str] = set()
        denied: set[str] = set()
        for at, token in enumerate(reading.tokens):
            if token.content:
                (denied if at in reached else said).add(token.term)
                if token.form.startswith("un") and len(token.form) > 5:
                    bare = token.form.removeprefix("un")
                    denied.add(SAME.get(bare, token.term.removeprefix("un")))
        return cls(frozenset(said), frozenset(denied), denials)


def _denials(reading: Reading) -> Iterator[Denial]:
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if not denies(tokens, at):
            continue
        scope = tuple(tokens[place].term for place in _scope(reading, at))
        yield Denial(at, scope, verb=token.term in _VERBS or _rules_out(tokens, at))


def denies(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the token is a word that denies what follows it."""
    token = tokens[at]
    if token.kind != "word":
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.form in ("no", "not") and after is not None:
        numbered = after.text == "." and at + 2 < len(tokens) and tokens[at + 2].kind == "number"
        return not numbered and after.form not in _BOUNDS
    if token.form in _NOT or token.form.endswith("n't"):
        return True
    return (token.term in _VERBS and not token.capital) or _rules_out(tokens, at)


def _rules_out(tokens: Sequence[Token], at: int) -> bool:
    return (
        tokens[at].form in ("rule", "rules", "ruled", "ruling")
        and at + 1 < len(tokens)
        and tokens[at + 1].form == "out"
    )


def _scope(reading: Reading, at: int) -> list[int]:
    found: list[int] = []
    if at + 1 < len(reading.tokens) and reading.tokens[at + 1].form == "by":
        return found  # "rejected by the army" denies what stands before it
    for place in range(at + 1, min(at + 1 + _LOOK, len(reading.tokens))):
        token = reading.tokens[place]
        if token.clause != reading.tokens[at].clause or len(found) == _REACH:
            break
        if token.content and not _adverb(token):
            found.append(place)
    return found


def _adverb(token: Token) -> bool:
    return token.form.endswith("ly") and len(token.form) > 5


def check_negation(claim: Reading, sources: Sequence[Reading]) -> list[Problem]:
    """Return a problem for each denial that the claim adds to its sentences or leaves out."""
    mine = Polarity.of(claim)
    theirs = [Polarity.of(source) for source in sources]
    said = frozenset[str]().union(*(each.said for each in theirs))
    denied = frozenset[str]().union(*(each.denied for each in theirs))
    denying = any(each.denials for each in theirs)
    added = [
        Problem("negation", claim.tokens[denial.at].text, "the cited sentences do not deny this")
        for denial in mine.denials
        if _is_added(denial, said, denied, denying=denying)
        and not (denial.verb and claim.tokens[denial.at].term in said | denied)
    ]
    return [*added, *_lost(mine, theirs, said, denied)]


def _is_added(
    denial: Denial, said: frozenset[str], denied: frozenset[str], *, denying: bool
) -> bool:
    if not denial.scope:
        return not denying and not denied
    head = denial.scope[0]
    if head in denied or head in said:
        return head not in denied
    if _opposites(head) & said:
        return False
    rest = set(denial.scope)
    if rest & denied or any(_opposites(term) & said for term in rest):
        return False
    return bool(rest & said) or not denying


def _lost(
    mine: Polarity, theirs: Sequence[Polarity], said: frozenset[str], denied: frozenset[str]
) -> Iterator[Problem]:
    flagged: set[str] = set()
    for polarity in theirs:
        for denial in polarity.denials:
            for head in denial.heads:
                lost = head in mine.said and head not in mine.denied and head not in said
                if lost and head not in flagged:
                    flagged.add(head)
                    shown = head.removeprefix("=")
                    yield Problem("negation", shown, "the cited sentences deny this")


def check_opposites(claim: Reading, sources: Sequence[Reading]) -> list[Problem]:
    """Return a problem for each word of the claim that is the opposite of what the sentences say.

    It counts only where the sentences lack the word and the claim lacks its
    opposite, and where neither is denied.
    """
    theirs = {token.term for source in sources for token in source.tokens if token.content}
    mine = {token.term: token for token in claim.tokens if token.content}
    denied = Polarity.of(claim).denied.union(*(Polarity.of(source).denied for source in sources))
    problems = []
    for term, token in mine.items():
        against = (_opposites(term) & theirs) - mine.keys() - denied
        if term not in theirs and term not in denied and against:
            other = min(against).removeprefix("=")
            reason = f"the cited sentences say the opposite ({other})"
            problems.append(Problem("opposite", token.text, reason))
    return problems


def _opposites(term: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for one, other in OPPOSITE:
        if term in one:
            found |= other
        elif term in other:
            found |= one
    return found
