"""Measures of search and of answers over cases, with bootstrap intervals.

Definitions, each a mean over the cases it names:

* ``recall@k`` (answerable): ``need`` any: 1 if one evidence sentence is among
  the first k sentences; all: the share of them that is.
* ``mrr@10`` (answerable): 1/rank of the first evidence sentence, 0 past ten.
* ``citation_precision`` (answerable and answered): share of its citations that
  are evidence sentences. ``citation_recall`` (answerable): as ``recall`` over
  the citations, 0 for a declined answer.
* ``answer_in_citations`` (answerable, answered, with gold answers): 1 if a
  cited sentence contains one of them, case and white space aside.
* ``refusal_precision``: of the declined, the share that is not answerable;
  ``refusal_recall``: of the not answerable, the share declined; their F1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers import CitedAnswer
from bot.ask import Asker
from bot.cases import Case, Span
from index.building.progress import Progress
from index.catalog import Catalog
from index.search import SentenceHit

RESAMPLES = 1_000
_BLOCK = 100  # resamples drawn at once
_CUTOFFS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened with one case. Numbers are NaN where a measure does not apply."""

    group: str
    answerable: bool
    declined: bool
    recall: tuple[float, ...]
    reciprocal_rank: float
    citation_precision: float
    citation_recall: float
    answer_cited: float
    confidence: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean with its 95% bootstrap interval over ``cases`` cases."""

    value: float
    low: float
    high: float
    cases: int


def evaluate(asker: Asker, cases: Sequence[Case], progress: Progress) -> list[Outcome]:
    """Return the outcome of each case, in order."""
    progress.start("Asking", len(cases))
    outcomes = []
    for case in cases:
        answer, ranked = asker.ask_and_show(case.question)
        outcomes.append(judge(case, answer, ranked, Gold.of(case, asker.index.catalog)))
        progress.advance(1)
    progress.finish()
    return outcomes


@dataclass(frozen=True, slots=True)
class Gold:
    """The evidence of a case as rows of the index: one set of (article, fold) spans each."""

    spans: tuple[tuple[int, int, int], ...]
    folds: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, case: Case, catalog: Catalog) -> Gold:
        """Return where the evidence stands; copies of an evidence sentence count as it."""
        spans: list[tuple[int, int, int]] = []
        folds: list[frozenset[int]] = []
        for span in case.evidence:
            found = catalog.article_by_id(span.article_id)
            row = -1 if found is None else found.row
            spans.append((row, span.start, span.end))
            rows = [] if found is None else catalog.sentences_of(row)
            folds.append(
                frozenset(
                    s.fold for s in rows if s.fold is not None and _overlap(span, s.start, s.end)
                )
            )
        return cls(tuple(spans), tuple(folds))

    def found_in(self, hits: Iterable[tuple[int, int, int, int | None]]) -> list[bool]:
        """Return for each evidence span whether one of (article, start, end, fold) is it."""
        known = list(hits)
        return [
            any(
                (article == row and start < last and first < end) or fold in folds
                for article, start, end, fold in known
            )
            for (row, first, last), folds in zip(self.spans, self.folds, strict=True)
        ]


def _overlap(span: Span, start: int, end: int) -> bool:
    return start < span.end and span.start < end


def judge(case: Case, answer: CitedAnswer, ranked: Sequence[SentenceHit], gold: Gold) -> Outcome:
    """Return the outcome of a case from its answer and its ranked sentences."""
    nan = float("nan")
    places = [(h.row.article, h.row.start, h.row.end, h.row.fold) for h in ranked]
    by_place = {(h.article.id, h.row.start): p for h, p in zip(ranked, places, strict=True)}
    cited = [by_place[c.article_id, c.start] for c in answer.citations]
    declined = answer.status == "declined"
    if not case.answerable:
        recall, rank, precision, cited_recall, contained = (
            (nan,) * len(_CUTOFFS),
            nan,
            nan,
            nan,
            nan,
        )
    else:
        recall = tuple(_share(gold.found_in(places[:k]), case.need) for k in _CUTOFFS)
        right = [any(gold.found_in([place])) for place in places[:10]]
        rank = 1 / (right.index(True) + 1) if True in right else 0.0
        precision = nan if declined else float(np.mean([any(gold.found_in([c])) for c in cited]))
        cited_recall = _share(gold.found_in(cited), case.need)
        contained = nan if declined or not case.answers else float(_contains(answer, case.answers))
    return Outcome(
        case.group,
        case.answerable,
        declined,
        recall,
        rank,
        precision,
        cited_recall,
        contained,
        answer.confidence,
        sum(answer.timings_ms.values()),
    )


def _share(found: Sequence[bool], need: str) -> float:
    if not found:
        return 0.0
    return float(any(found)) if need == "any" else sum(found) / len(found)


def _contains(answer: CitedAnswer, golds: Sequence[str]) -> bool:
    cited = [" ".join(c.exact.casefold().split()) for c in answer.citations]
    return any(" ".join(gold.casefold().split()) in text for gold in golds for text in cited)


def measures(outcomes: Sequence[Outcome], *, seed: int = 0) -> dict[str, Measure]:
    """Return every measure that applies to at least one outcome."""
    columns: dict[str, list[float]] = {
        f"recall@{k}": [o.recall[i] for o in outcomes] for i, k in enumerate(_CUTOFFS)
    }
    columns |= {
        "mrr@10": [o.reciprocal_rank for o in outcomes],
        "citation_precision": [o.citation_precision for o in outcomes],
        "citation_recall": [o.citation_recall for o in outcomes],
        "answer_in_citations": [o.answer_cited for o in outcomes],
        "answered": [float(not o.declined) for o in outcomes],
    }
    found = {name: _mean(np.array(values), seed) for name, values in columns.items()}
    return {name: m for name, m in found.items() if m.cases} | _refusals(outcomes, seed)


def _mean(values: NDArray[np.float64], seed: int) -> Measure:
    values = values[~np.isnan(values)]
    if not len(values):
        return Measure(0.0, 0.0, 0.0, 0)
    means = np.concatenate([values[draw].mean(axis=1) for draw in _draws(len(values), seed)])
    low, high = np.percentile(means, [2.5, 97.5])
    return Measure(float(values.mean()), float(low), float(high), len(values))


def _draws(count: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield the resamples in blocks, int64 (`_BLOCK`, count): indexes drawn with replacement."""
    rng = np.random.default_rng(seed)
    for _ in range(0, RESAMPLES, _BLOCK):
        yield rng.integers(0, count, (_BLOCK, count))


def _refusals(outcomes: Sequence[Outcome], seed: int) -> dict[str, Measure]:
    """Return precision, recall and F1 of declining, if any case is not answerable."""
    declined = np.array([o.declined for o in outcomes])
    wanted = np.array([not o.answerable for o in outcomes])
    if not wanted.any():
        return {}
    value = _prf(declined[None], wanted[None])[0]
    draws = _draws(len(wanted), seed)
    resampled = np.concatenate([_prf(declined[draw], wanted[draw]) for draw in draws])
    low, high = np.percentile(resampled, [2.5, 97.5], axis=0)
    names = ("refusal_precision", "refusal_recall", "refusal_f1")
    return {
        name: Measure(float(value[i]), float(low[i]), float(high[i]), len(wanted))
        for i, name in enumerate(names)
    }


def _prf(declined: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return precision, recall and F1 of each row, float64 (rows, 3); 0 where undefined."""
    right = (declined & wanted).sum(axis=1)
    said, due = declined.sum(axis=1), wanted.sum(axis=1)
    # F1 = 2PR / (P + R) = 2·right / (said + due)
    return np.stack([_ratio(right, said), _ratio(right, due), _ratio(2 * right, said + due)], 1)


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return part / np.maximum(whole, 1)


def by_group(outcomes: Sequence[Outcome]) -> Mapping[str, list[Outcome]]:
    """Return the outcomes by type of case, in order of first appearance."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group, []).append(outcome)
    return groups
