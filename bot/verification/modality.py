"""Whether a claim states as fact what its sentences only allege, expect or hold possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.verification.lexicon import listed
from bot.verification.problems import Problem
from bot.verification.reading import Reading, Token

Mode = Literal["alleged", "possible", "planned", "said"]

_ALLEGED = frozenset(
    listed(
        "allegedly reportedly alleged alleges allege purportedly purported supposedly supposed",
        "apparently suspected suspects suspect suspicion accused accuses accuse accusing",
        "accusation accusations claimed claims claim claiming rumoured rumored unconfirmed",
        "unverified believed appears appeared appear seems seemed seem presumed speculated",
        "speculation thought allegations allegation charged blamed blames ostensibly reputedly",
    )
)
_POSSIBLE = frozenset(
    listed(
        "may might could possibly possible perhaps probably likely potential potentially unlikely",
        "maybe probable risk risks",
    )
)
_PLANNED = frozenset(
    listed(
        "will plans plan planned planning intends intend intended aims aim hopes hope hoped",
        "expected expects expect scheduled proposes propose considering considers consider vowed",
        "threatened threatens promised promises pledged wants want wanted seeks seeking sought",
        "tries tried try trying attempted attempts attempt willing offered offers demanded",
        "demands urged urges upcoming would prepared preparing agreed",
    )
)
_PLANNED_TO = frozenset(
    ("set", "due", "ready", "asked", "called", "calls", "ordered", "about", "going")
)
_SAID = frozenset(
    listed(
        "according reported report reports reporting announced announces added argued argues",
        "insisted insists warned warns testified wrote quoted cited citing posted tweeted",
        "estimates estimated describes described suggests suggested suggesting acknowledged",
        "admitted concluded confirmed confirms denied noted explained",
        "promised pledged vowed threatened alleged asserted maintains",
        "indicated",
    )
)
_ALLOWED: dict[Mode, frozenset[Mode]] = {
    "alleged": frozenset(("alleged", "possible", "said")),
    "possible": frozenset(("possible", "alleged")),
    "planned": frozenset(("planned", "possible")),
}
_REASONS = {
    "alleged": "the cited sentences only allege this",
    "possible": "the cited sentences only hold this possible",
    "planned": "the cited sentences only speak of it as planned or expected",
}
_CONJOINED = frozenset(("may", "will", "might"))
_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Reserve:
    """A word at token ``at`` that keeps a statement from being one of fact."""

    at: int
    mode: Mode
    head: str


def modes(tokens: Sequence[Token], at: int) -> frozenset[Mode]:
    """Return how the word at ``at`` qualifies what is said; empty for most words."""
    token = tokens[at]
    if token.kind != "word" or (token.form in _CONJOINED and token.capital and not token.opens):
        return frozenset()
    found: set[Mode] = set()
    if token.form in _ALLEGED:
        found.add("alleged")
    if token.form in _POSSIBLE:
        found.add("possible")
    if token.form in _PLANNED or (
        token.form in _PLANNED_TO and at + 1 < len(tokens) and tokens[at + 1].form in ("to", "for")
    ):
        found.add("planned")
    if token.form in _SAID or token.term == "=say":
        found.add("said")
    return frozenset(found)


def reserves(reading: Reading) -> Iterator[Reserve]:
    """Yield the words of a text that allege, hold possible or plan, with what they qualify.

    >>> from bot.verification.reading import read
    >>> [(r.mode, r.head) for r in reserves(read("He allegedly stole it and may resign."))]
    [('alleged', '=steal'), ('possible', '=resign')]
    """
    for at in range(len(reading.tokens)):
        for mode in sorted(modes(reading.tokens, at) - {"said"}):
            head = _head(reading.tokens, at)
            if head:
                yield Reserve(at, mode, head)


def _head(tokens: Sequence[Token], at: int) -> str:
    """Return the term of the first word of weight behind ``at`` in its sentence."""
    start = at + 1
    if tokens[at].form.startswith(("accus", "suspected", "charged", "blam")):
        ahead = range(at + 1, min(at + 8, len(tokens)))
        start = next(
            (place for place in ahead if tokens[place].form in ("of", "for", "with")), start
        )
    for token in tokens[start : start + 8]:
        if token.sentence != tokens[at].sentence or token.text in (";", ":"):
            break
        if token.content and not (token.form.endswith("ly") and len(token.form) > 5):
            return token.term
    return ""


def check_modality(claim: Reading, sources: Sequence[Reading]) -> list[Problem]:
    """Return a problem for each reserve of the sentences that the claim drops.

    A word counts as stated when one sentence has it without a reserve.
    """
    mine = claim_modes(claim)
    said = {token.term for token in claim.tokens if token.content}
    kept = [list(reserves(source)) for source in sources]
    stated = _stated(sources, kept)
    problems: dict[str, Problem] = {}
    for each in (reserve for found in kept for reserve in found):
        if each.head in said and each.head not in stated and not mine & _ALLOWED[each.mode]:
            shown = each.head.removeprefix("=")
            problems[each.head] = Problem("modality", shown, _REASONS[each.mode])
    if problems or mine & {"said", "alleged"}:
        return list(problems.values())
    return _attribution(claim, said, sources)


def claim_modes(claim: Reading) -> frozenset[Mode]:
    """Return every way in which some word of the claim qualifies it."""
    tokens = claim.tokens
    return frozenset(mode for at in range(len(tokens)) for mode in modes(tokens, at))


def _stated(sources: Sequence[Reading], kept: Sequence[Sequence[Reserve]]) -> frozenset[str]:
    """Return the terms that occur somewhere without a reserve directly upon them."""
    found: set[str] = set()
    for source, reserved in zip(sources, kept, strict=True):
        counts: dict[str, int] = {}
        for token in source.tokens:
            if token.content:
                counts[token.term] = counts.get(token.term, 0) + 1
        for head, _ in {(each.head, each.at) for each in reserved}:
            counts[head] = counts.get(head, 0) - 1
        found.update(term for term, count in counts.items() if count > 0)
    return frozenset(found)


def _attribution(claim: Reading, said: set[str], sources: Sequence[Reading]) -> list[Problem]:
    """Return a problem when what the claim states is only somebody's words in its sentences."""
    best: tuple[int, Reading] | None = None
    for source in sources:
        shared = len(said & {token.term for token in source.tokens if token.content})
        if shared and (best is None or shared > best[0]):
            best = (shared, source)
    if best is None or best[0] < _SHARE * len(said):
        return []
    source = best[1]
    told = [
        at for at in range(len(source.tokens)) if modes(source.tokens, at) & {"said", "alleged"}
    ]
    told = [at for at in told if not _is_own_act(source.tokens, at, said)]
    if not told:
        return []
    at = told[0]
    claimed = "alleged" in modes(source.tokens, at) and source.tokens[at].form.startswith("claim")
    text = source.tokens[at].text
    if claimed:
        return [Problem("modality", text, "the cited sentence only reports that this is claimed")]
    return [
        Problem(
            "attribution", text, "the cited sentence says who says so; the claim does not", False
        )
    ]


def _is_own_act(tokens: Sequence[Token], at: int, said: set[str]) -> bool:
    """Return whether the claim itself tells of the saying, or the word is a noun or a modifier."""
    token = tokens[at]
    if token.term in said:
        return True
    before = tokens[at - 1].form if at else ""
    return before in ("a", "an", "the", "his", "her", "its", "their") and token.form != "said"
