"""The checks of figures, dates and places, each with what it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.verification.binding import Detail, is_elsewhere
from bot.verification.dates import When, agrees, dates, taken
from bot.verification.lexicon import COUNTRIES, TITLES, listed
from bot.verification.names import Name, names
from bot.verification.negation import Polarity
from bot.verification.numbers import fit
from bot.verification.problems import Problem
from bot.verification.quantities import GENERIC, Quantity, quantities, values_of
from bot.verification.reading import Reading, read

_PLACES = frozenset(
    listed(
        "in at near from outside off around inside across",
    )
)
_ARTICLES = frozenset(
    listed(
        "a an another the single lone his her",
    )
)
_BORN_OF_READING = frozenset(
    listed(
        "reported report reports said wrote published dated according",
    )
)


@dataclass(frozen=True, slots=True)
class Details:
    """A text read, with its dates, figures and names."""

    reading: Reading
    published: date | None
    whens: tuple[When, ...]
    figures: tuple[Quantity, ...]
    names: tuple[Name, ...]

    @classmethod
    def of(cls, text: str, published: date | None = None) -> Details:
        """Return the details of a text; ``published`` is the day of its article."""
        reading = read(text)
        whens = tuple(dates(reading, published))
        figures = tuple(quantities(reading, taken(whens)))
        return cls(reading, published, whens, figures, tuple(names(reading, taken(whens))))


def check_figures(
    claim: Details, sources: Sequence[Details], question: Details
) -> Iterator[Problem]:
    """Yield a problem for each figure that no sentence gives, or gives for something else."""
    given = [(source, figure) for source in sources for figure in source.figures]
    for figure in claim.figures:
        text = claim.reading.words(figure.first, figure.last)
        fits = {fit(figure, other) for _, other in given} - {"no"}
        if "same" in fits:
            if _figure_elsewhere(claim, figure, given):
                yield Problem(
                    "binding", text, "the cited sentences give this figure for another thing"
                )
            continue
        fits |= {fit(figure, other) for other in question.figures} - {"no"}
        if "same" in fits or _stands_otherwise(figure, sources):
            continue
        if fits:
            grave = "bound" not in fits and _counts_other(figure, given)
            reason = "with another reserve" if "bound" in fits else "for another thing"
            yield Problem(
                "number", text, f"the cited sentences give this figure {reason}", grave=grave
            )
        else:
            yield Problem("number", text, "the cited sentences do not give this figure")


def _counts_other(figure: Quantity, given: Sequence[tuple[Details, Quantity]]) -> bool:
    """Return whether what is counted has another figure in the sentences, or does not occur."""
    if any(figure.nouns & other.nouns for _, other in given if not figure.same_value(other)):
        return True
    terms = {token.term for source, _ in given for token in source.reading.tokens}
    return not figure.nouns & terms


def _figure_elsewhere(
    claim: Details, figure: Quantity, given: Sequence[tuple[Details, Quantity]]
) -> bool:
    same: list[Detail] = []
    other: list[Detail] = []
    leads: set[str] = set()
    for source, each in given:
        near = Detail("", "", source.reading.near(each.first, each.last))
        if fit(figure, each) == "same":
            same.append(near)
            leads.add(each.lead)
        elif each.unit == figure.unit and _may_count_same(figure, each):
            other.append(near)
    if figure.lead and "" not in leads and figure.lead not in leads:
        return True
    near_claim = claim.reading.near(figure.first, figure.last)
    counted = frozenset[str]().union(*(each.nouns for each in claim.figures))
    told = {term: weight for term, weight in near_claim.items() if term not in counted}
    return is_elsewhere(Detail("", "", told or near_claim), same, other)


def _may_count_same(one: Quantity, other: Quantity) -> bool:
    shared = one.nouns & other.nouns
    return bool(shared or not one.nouns or not other.nouns or one.nouns & GENERIC)


def _stands_otherwise(figure: Quantity, sources: Sequence[Details]) -> bool:
    """Return whether "one", "no" or a year says the same without a figure."""
    if figure.low == figure.high == 1 and figure.unit == "" and not figure.literal:
        return not figure.nouns or any(_has_single(source.reading, figure) for source in sources)
    if figure.low == figure.high == 0 and not figure.literal:
        return any(Polarity.of(source.reading).denials for source in sources)
    years = {str(when.year) for source in sources for when in source.whens if when.year}
    return figure.unit == "" and bool(values_of([figure]) & _normal(years))


def _normal(years: set[str]) -> frozenset[str]:
    return frozenset(str(Decimal(year).normalize()) for year in years)


def _has_single(reading: Reading, figure: Quantity) -> bool:
    """Return whether a text has what is counted behind "a", "the" or the like."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if token.content and token.term in figure.nouns:
            before = {each.form for each in tokens[max(0, at - 3) : at]}
            if before & _ARTICLES and not any(each.figure for each in tokens[max(0, at - 3) : at]):
                return True
    return "=person" in figure.nouns and not any(
        q.nouns & figure.nouns for q in quantities(reading)
    )


def check_dates(claim: Details, sources: Sequence[Details], question: Details) -> Iterator[Problem]:
    """Yield a problem for each date that no sentence gives, or gives for something else."""
    given = [(source, when) for source in sources for when in source.whens]
    for when in claim.whens:
        text = claim.reading.words(when.first, when.last)
        same = [(s, other) for s, other in given if agrees(when, other, s.published)]
        if same:
            others = [(s, other) for s, other in given if not agrees(when, other, s.published)]
            if _date_elsewhere(claim, when, same, others):
                yield Problem(
                    "binding", text, "the cited sentences give this date for another event"
                )
        elif not (_is_in_question(when, question) or _otherwise(when, claim, sources)):
            yield Problem("date", text, "the cited sentences do not give this date")


def _is_in_question(when: When, question: Details) -> bool:
    return any(agrees(when, other, None) for other in question.whens)


def _date_elsewhere(
    claim: Details,
    when: When,
    same: Sequence[tuple[Details, When]],
    others: Sequence[tuple[Details, When]],
) -> bool:
    here = [Detail("", "", s.reading.near(each.first, each.last)) for s, each in same]
    there = [
        Detail("", "", s.reading.near(each.first, each.last))
        for s, each in others
        if (each.day or each.weekday is not None or each.phrase or each.year)
    ]
    return is_elsewhere(Detail("", "", claim.reading.near(when.first, when.last)), here, there)


def _otherwise(when: When, claim: Details, sources: Sequence[Details]) -> bool:
    """Return whether the date is a figure of the sentences, or the day of the report as such."""
    if when.year and not when.month:
        figures = [figure for source in sources for figure in source.figures]
        return bool(values_of(figures) & _normal({str(when.year)}))
    tells = any(token.form in _BORN_OF_READING for token in claim.reading.tokens)
    own = [source.published for source in sources if source.published is not None]
    days = [When(0, 0, days=(day,)) for day in own]
    return tells and when.day is not None and any(agrees(when, day, None) for day in days)


def check_places(claim: Details, sources: Sequence[Details]) -> Iterator[Problem]:
    """Yield a problem for each name bound to what the sentences say of another one.

    Places are compared with places and other names with other names. A name that
    the claim has too counts only where the two are exchanged.
    """
    given = [_Named.of(source.reading, name) for source in sources for name in source.names]
    mine = [_Named.of(claim.reading, name) for name in claim.names]
    surely = {name.terms for name in given if name.sure}
    mine = [name for name in mine if name.sure or name.terms in surely]
    known = frozenset[str]().union(*(name.terms for name in mine))
    taken_from: set[tuple[frozenset[str], frozenset[str]]] = set()
    for name in mine:
        same = [
            each.detail for each in given if name.terms <= each.terms or each.terms <= name.terms
        ]
        for other in given:
            if other.terms & name.terms == name.terms or other.terms <= name.terms:
                continue
            if not is_elsewhere(name.detail, same, [other.detail]):
                continue
            if other.terms <= known:
                taken_from.add((name.terms, other.terms))
                exchanged = (other.terms, name.terms) in taken_from
            else:
                exchanged = other.place == name.place
            if exchanged:
                yield Problem("binding", name.text, "the cited sentences say this of another name")
                break


@dataclass(frozen=True, slots=True)
class _Named:
    """A name with the words that are said of it; ``sure`` unless a lone word opens a sentence."""

    terms: frozenset[str]
    detail: Detail
    place: bool
    text: str
    sure: bool

    @classmethod
    def of(cls, reading: Reading, name: Name) -> _Named:
        first, last = name.at[0], name.at[-1] + 1
        terms = frozenset(reading.tokens[at].term for at in name.at)
        terms -= TITLES if len(terms - TITLES) else frozenset()
        near = reading.near(first, last, names=False)
        place = _is_place(reading, name)
        token = reading.tokens[first]
        sure = len(name.at) > 1 or not token.opens or token.form in COUNTRIES
        return cls(terms, Detail("", "", near), place, reading.words(first, last), sure)


def _is_place(reading: Reading, name: Name) -> bool:
    at = name.at[0]
    while at and reading.tokens[at - 1].form == "the":
        at -= 1
    return at > 0 and reading.tokens[at - 1].form in _PLACES
