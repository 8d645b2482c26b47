"""Whether a claim turns round who did what to whom.

Around a verb that claim and sentence share, what stands left of it acts and what
stands right of it is acted upon; in the passive with "by" it is the other way.
Only an exchange counts: something moved from left to right and something else
from right to left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.verification.dates import MONTHS, WEEKDAYS
from bot.verification.lexicon import listed
from bot.verification.problems import Problem
from bot.verification.reading import Reading, Token

_VERBS = frozenset(
    listed(
        "=kill =injure =buy =sell =win =lose =arrest =attack =shoot =hit =sue =reject =approve",
        "=accept =rescue =give =take =leave =ban =destroy =release =find =deny =elect =show beat",
        "defeat gave led blame critic prais accus thank warn threaten invad bomb back support",
        "replac succeed overtook overtak outsold exceed follow chase bit bite push pull help",
        "outnumb lent owe owed paid pay sent send taught teach cost caus ahead outrank trail",
    )
)
_MUTUAL = frozenset(
    listed(
        "met meet =marry talk discuss negoti agre sign =fight clash play face trade border join",
        "share collid compet meet =say cooper separ",
    )
)
_BE = frozenset(
    listed(
        "is are was were be been being am get gets got",
    )
)
_HAVE = frozenset(
    listed(
        "has have had to will would did does do",
    )
)
_INFINITIVE = frozenset(("to", "will", "would", "did", "does", "do"))
_STOPS = frozenset((";", ":", "(", ")"))
_TURNS = frozenset(
    listed(
        "which who whom that while whereas although though because after before when if",
    )
)
_REACH = 12


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb with the terms of those who act and of those acted upon, nearest first."""

    verb: str
    agents: frozenset[str]
    patients: frozenset[str]


def deeds(reading: Reading) -> Iterator[Deed]:
    """Yield the deeds of a text.

    >>> from bot.verification.reading import read
    >>> [sorted(d.agents) for d in deeds(read("Smith was sued by Jones."))]
    [['jone']]
    """
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if not _is_verb(tokens, at):
            continue
        left = _side(tokens, at, -1)
        right = _side(tokens, at, 1)
        by = next(
            (p for p in range(at + 1, min(at + 7, len(tokens))) if tokens[p].form == "by"), None
        )
        if by is not None and _passive(tokens, at):
            behind = _side(tokens, by, 1)
            yield Deed(token.term, frozenset(behind), frozenset(left))
        elif not _passive(tokens, at):
            yield Deed(token.term, frozenset(left), frozenset(right))


def _is_verb(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if not token.content or token.term in _MUTUAL or (token.capital and not token.opens):
        return False
    if token.term in _VERBS:
        return not token.form.startswith(("d", "fat", "peri")) or token.term != "=kill"
    if at and tokens[at - 1].form in _INFINITIVE:
        return True
    if token.form.endswith("ed") and len(token.form) > 4:
        return True
    return (
        at > 0 and tokens[at - 1].form in _HAVE | _BE and token.form.endswith(("en", "s", "e", "t"))
    )


def _passive(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[max(0, at - 4) : at]
    return any(token.form in _BE and token.clause == tokens[at].clause for token in before)


def _side(tokens: Sequence[Token], at: int, step: int) -> list[str]:
    found: list[str] = []
    place = at + step
    while 0 <= place < len(tokens) and abs(place - at) <= _REACH:
        token = tokens[place]
        if token.sentence != tokens[at].sentence or token.text in _STOPS or token.form in _TURNS:
            break
        if token.content and token.form not in MONTHS and token.form not in WEEKDAYS:
            found.append(token.term)
        place += step
    return found


def check_roles(claim: Reading, sources: Sequence[Reading]) -> list[Problem]:
    """Return a problem for each verb around which the claim exchanges the two sides.

    None where some sentence has the sides as the claim has them.
    """
    given: dict[str, list[Deed]] = {}
    for source in sources:
        for deed in deeds(source):
            given.setdefault(deed.verb, []).append(deed)
    problems: dict[str, Problem] = {}
    for deed in deeds(claim):
        others = given.get(deed.verb, [])
        if others and any(_exchanged(deed, other) for other in others):
            if any(_kept(deed, other) for other in others):
                continue
            verb = deed.verb.removeprefix("=")
            reason = "the cited sentences have it the other way round"
            problems[verb] = Problem("roles", verb, reason)
    return [*problems.values(), *_ways(claim, sources)]


def _exchanged(mine: Deed, theirs: Deed) -> bool:
    became_agent = (mine.agents & theirs.patients) - theirs.agents - mine.patients
    became_patient = (mine.patients & theirs.agents) - theirs.patients - mine.agents
    return bool(became_agent and became_patient)


def _kept(mine: Deed, theirs: Deed) -> bool:
    return bool(mine.agents & theirs.agents) and not _exchanged(mine, theirs)


def _ways(claim: Reading, sources: Sequence[Reading]) -> list[Problem]:
    """Compare "from A to B" with "from B to A"."""
    mine = {(a, b) for a, b in _from_to(claim) if a != b}
    theirs = {pair for source in sources for pair in _from_to(source)}
    return [
        Problem(
            "roles", f"from {a.removeprefix('=')} to {b.removeprefix('=')}", "it is the other way"
        )
        for a, b in sorted(mine)
        if (b, a) in theirs and (a, b) not in theirs
    ]


def _from_to(reading: Reading) -> Iterator[tuple[str, str]]:
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if token.form != "from":
            continue
        to = next(
            (p for p in range(at + 2, min(at + 7, len(tokens) - 1)) if tokens[p].form == "to"), None
        )
        if to is not None and not any(t.kind == "mark" for t in tokens[at:to]):
            yield tokens[to - 1].term, tokens[min(to + 1, len(tokens) - 1)].term
