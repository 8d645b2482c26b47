"""Whether the sentences that a claim cites carry it: pure checks, then a measure of support.

The checks (`bot.verification`) find what contradicts the sentences or is not in
them: figures, dates, names, quoted words, denials, reserves, who did what to
whom. A scorer then says whether the sentences speak of the claim at all.
Nothing here raises on any text, and the time is linear in the sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.verification.dates import taken
from bot.verification.details import Details, check_dates, check_figures, check_places
from bot.verification.modality import check_modality
from bot.verification.names import check_names
from bot.verification.negation import check_negation, check_opposites
from bot.verification.problems import Problem
from bot.verification.quotations import check_quotations
from bot.verification.reading import Reading, read
from bot.verification.roles import check_roles
from bot.verification.support import SupportScorer, coverage
from index.sentences.folding import words

Verdict = Literal["supported", "partly supported", "unsupported", "uncited"]

LONGEST_CLAIM = 2_000
"""Code points; what is longer is no single statement."""
LONGEST_SENTENCE = 20_000
"""Code points of a cited sentence that are read."""
_FEW = 8


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence that a claim cites, with what is known of its article.

    ``before`` and ``after`` are its neighbours, for when it carries the claim
    only together with one of them.
    """

    text: str
    published: date | None = None
    title: str = ""
    outlet: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Widening:
    """A proposal to cite, with the sentence of index ``sentence``, its neighbour too."""

    sentence: int
    side: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Floors:
    """From where on a claim is supported, or partly: shares of its words, and scores.

    A claim needs both. The defaults are tuned by ``benchmarks/verify.py``; see
    docs/decisions/0008-verification.md.
    """

    coverage: float = 0.65
    partly_coverage: float = 0.45
    score: float = 0.5
    partly_score: float = 0.25


DEFAULT_FLOORS = Floors()


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a claim.

    ``problems`` explain every verdict but "supported". ``coverage`` is the share
    of the claim's words that the sentences have, ``score`` that of the scorer,
    both 0 to 1; ``score`` is None without a scorer. ``used`` holds the indexes,
    in order, of the cited sentences that contribute, all of them when the claim
    is not supported. ``widened`` is set when the verdict holds only with it.
    """

    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    coverage: float = 0.0
    score: float | None = None
    used: tuple[int, ...] = ()
    widened: Widening | None = None


def verify(
    claim: str,
    cited: Sequence[CitedSentence],
    question: str = "",
    *,
    scorer: SupportScorer | None = None,
    floors: Floors = DEFAULT_FLOORS,
) -> Verification:
    """Return whether the ``cited`` sentences carry ``claim``.

    Figures, dates, names and quoted words may also come from the ``question``.
    A claim is unsupported when a grave problem is found or too little of it is
    in the sentences, partly supported when part of it goes beyond them, and
    uncited without sentences. Raises only what ``scorer`` raises.

    >>> sentence = CitedSentence("The fire killed three people and injured sixteen.")
    >>> verify("Three people died in the fire.", [sentence]).verdict
    'supported'
    >>> verify("Sixteen people died in the fire.", [sentence]).problems[0].kind
    'binding'
    """
    if not cited:
        return Verification("uncited")
    everything = tuple(range(len(cited)))
    if len(claim) > LONGEST_CLAIM:
        problem = Problem("length", claim[:40], "this is too long for one statement")
        return Verification("unsupported", (problem,), used=everything)
    same = _verbatim(claim, cited)
    if same is not None:
        return Verification("supported", (), 1.0, None if scorer is None else 1.0, (same,))
    case = _Case(claim, Details.of(claim), Details.of(question), question, floors, scorer)
    sources = [_Source.of(sentence) for sentence in cited]
    found = case.judge(sources)
    if found.verdict != "supported":
        found = _widen(case, sources, found)
    if found.verdict != "supported" or found.widened is not None:
        return replace(found, used=everything)
    return replace(found, used=_used(case, sources))


def _verbatim(claim: str, cited: Sequence[CitedSentence]) -> int | None:
    wanted = words(claim)
    if not wanted:
        return None
    for at, sentence in enumerate(cited):
        if len(sentence.text) <= 2 * LONGEST_CLAIM and words(sentence.text) == wanted:
            return at
    return None


@dataclass(frozen=True, slots=True)
class _Source:
    """A cited sentence, read once."""

    sentence: CitedSentence
    text: str
    details: Details
    context: tuple[Reading, ...]

    @classmethod
    def of(cls, sentence: CitedSentence) -> _Source:
        text = sentence.text[:LONGEST_SENTENCE]
        around = (sentence.title, sentence.outlet, sentence.before, sentence.after)
        context = tuple(read(each[:LONGEST_SENTENCE]) for each in around if each)
        return cls(sentence, text, Details.of(text, sentence.published), context)


@dataclass(frozen=True, slots=True)
class _Case:
    """A claim, read once, and what it is judged by."""

    claim: str
    details: Details
    question: Details
    asked: str
    floors: Floors
    scorer: SupportScorer | None

    def judge(self, cited: Sequence[_Source]) -> Verification:
        """Return the verdict over these sentences, without widening."""
        problems = tuple(dict.fromkeys(self._problems(cited)))
        share = coverage(self.details, [source.details for source in cited])
        score = None
        if self.scorer is not None:
            score = self.scorer.score(self.claim, [source.text for source in cited])
        weak = tuple(self._weak(share, score))
        return Verification(_verdict((*problems, *weak)), (*problems, *weak), share, score)

    def _problems(self, cited: Sequence[_Source]) -> Iterator[Problem]:
        mine, sources = self.details.reading, [source.details for source in cited]
        readings = [source.reading for source in sources]
        context = [reading for source in cited for reading in source.context]
        yield from check_quotations(self.claim, [source.text for source in cited], self.asked)
        yield from check_figures(self.details, sources, self.question)
        yield from check_dates(self.details, sources, self.question)
        dated = taken(self.details.whens)
        yield from check_names(mine, [*readings, self.question.reading], context, dated)
        yield from check_places(self.details, sources)
        yield from check_negation(mine, readings)
        yield from check_opposites(mine, readings)
        yield from check_modality(mine, readings)
        yield from check_roles(mine, readings)

    def _weak(self, share: float, score: float | None) -> Iterator[Problem]:
        floors = self.floors
        grave = share < floors.partly_coverage or (
            score is not None and score < floors.partly_score
        )
        mild = share < floors.coverage or (score is not None and score < floors.score)
        if grave or mild:
            reason = "the cited sentences say too little of this"
            yield Problem("support", self.claim[:80], reason, grave=grave)


def _verdict(problems: Sequence[Problem]) -> Verdict:
    if any(problem.grave for problem in problems):
        return "unsupported"
    return "partly supported" if problems else "supported"


def _widen(case: _Case, sources: Sequence[_Source], found: Verification) -> Verification:
    """Return the verdict with the first neighbour that completes the support, else ``found``."""
    known = {source.sentence.text for source in sources}
    for at, source in enumerate(sources[:_FEW]):
        sides: tuple[tuple[Literal["before", "after"], str | None], ...] = (
            ("before", source.sentence.before),
            ("after", source.sentence.after),
        )
        for side, neighbour in sides:
            if neighbour and neighbour not in known:
                added = replace(source.sentence, text=neighbour, before=None, after=None)
                wider = case.judge([*sources, _Source.of(added)])
                if wider.verdict == "supported":
                    return replace(wider, widened=Widening(at, side))
    return found


def _used(case: _Case, sources: Sequence[_Source]) -> tuple[int, ...]:
    """Return the indexes of the sentences that are left when those that add nothing go.

    A sentence adds nothing when the others have all words of the claim that it
    has and still carry the claim.
    """
    chosen = list(range(len(sources)))
    claim = case.details
    readings = [source.details for source in sources]
    whole = coverage(claim, readings)
    shares = [coverage(claim, [reading]) for reading in readings]
    for at in sorted(chosen, key=lambda place: (shares[place], -place))[:_FEW]:
        rest = [place for place in chosen if place != at]
        if not rest or coverage(claim, [readings[place] for place in rest]) < whole:
            continue
        if case.judge([sources[place] for place in rest]).verdict == "supported":
            chosen = rest
    return tuple(chosen)
