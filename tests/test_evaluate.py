"""Measures against examples computed by hand, and intervals against what they must hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import Citation, CitedAnswer, Claim
from bot.ask import Asker
from bot.cases import Case, Span
from bot.evaluate import Gold, Outcome, by_group, evaluate, judge, measures
from index.articles import Article
from index.building.progress import Silent
from index.catalog import SentenceRow
from index.search import Scores, SentenceHit
from tests.conftest import Desk, article

NAN = float("nan")
# Twenty sentences of ten code points, at 0, 10, 20, …
TEXT = article("".join(f"Number {n:02}." for n in range(20)), "a")
FOLDED = 7_000


def hit(n: int, of: Article = TEXT, row: int = 0, fold: int | None = None) -> SentenceHit:
    sentence = SentenceRow(100 * row + n, row, n, 10 * n, 10 * n + 10, fold, 0)
    return SentenceHit(sentence, of, 1.0, Scores(0, 0, None, 0))


def citation(number: int, found: SentenceHit) -> Citation:
    return Citation(
        number,
        found.article.id,
        found.article.content_hash,
        found.row.start,
        found.row.end,
        found.exact,
        "",
        "",
        "",
        None,
        None,
        None,
        None,
    )


def answer(*cited: SentenceHit, declined: bool = False) -> CitedAnswer:
    claims = tuple(
        Claim(c.exact, (c,), "supported")
        for c in (citation(n, found) for n, found in enumerate(cited, start=1))
    )
    return CitedAnswer(
        "id",
        "Who?",
        "declined" if declined else "answered",
        None,
        "extractive",
        () if declined else claims,
        (),
        (),
        "g000001",
    )


def case(
    *evidence: int, need: str = "any", answerable: bool = True, answers: tuple[str, ...] = ()
) -> Case:
    return Case(
        id="c",
        question="Who?",
        answerable=answerable,
        answers=answers,
        evidence=tuple(Span(article_id="a", start=10 * n + 2, end=10 * n + 5) for n in evidence),
        need=need,  # type: ignore[arg-type]
    )


def gold(*evidence: int, folds: frozenset[int] = frozenset()) -> Gold:
    spans = tuple((0, 10 * n + 2, 10 * n + 5) for n in evidence)
    return Gold(spans, tuple(folds for _ in spans))


RANKED = [hit(n) for n in (9, 3, 8, 1, 7, 5, 6, 4, 2, 0, 11, 12)]


def judged(
    *evidence: int, cited: tuple[int, ...] = (9,), need: str = "any", **more: object
) -> Outcome:
    declined = not cited
    return judge(
        case(*evidence, need=need, **more),  # type: ignore[arg-type]
        answer(*(hit(n) for n in cited), declined=declined),
        RANKED,
        gold(*evidence),
    )


# ---------------------------------------------------------------------- ranking by hand


@pytest.mark.parametrize(
    ("evidence", "recall", "rank"),
    [
        ((9,), (1, 1, 1), 1),
        ((3,), (0, 1, 1), 1 / 2),
        ((7,), (0, 1, 1), 1 / 5),
        ((5,), (0, 0, 1), 1 / 6),
        ((0,), (0, 0, 1), 1 / 10),
        ((11,), (0, 0, 0), 0),
        ((19,), (0, 0, 0), 0),
        ((3, 5), (0, 1, 1), 1 / 2),
    ],
)
def test_recall_and_rank_of_any_evidence(
    evidence: tuple[int, ...], recall: tuple[float, ...], rank: float
) -> None:
    found = judged(*evidence)
    assert found.recall == recall
    assert found.reciprocal_rank == pytest.approx(rank)


def test_recall_of_all_evidence_is_the_share_that_is_found() -> None:
    found = judged(9, 3, 5, 19, need="all")
    assert found.recall == (1 / 4, 2 / 4, 3 / 4)
    assert found.reciprocal_rank == 1


def test_a_span_across_two_sentences_counts_either_of_them() -> None:
    outcome = judge(
        case(3).model_copy(update={"evidence": (Span(article_id="a", start=85, end=95),)}),
        answer(hit(9)),
        RANKED,
        Gold(((0, 85, 95),), (frozenset(),)),
    )
    assert outcome.recall == (1, 1, 1)


def test_the_neighbour_of_a_span_that_only_touches_it_does_not_count() -> None:
    outcome = judge(case(3), answer(hit(9)), RANKED[:1], Gold(((0, 80, 90),), (frozenset(),)))
    assert outcome.recall == (0, 0, 0)


def test_a_copy_of_an_evidence_sentence_counts_as_it() -> None:
    copy = hit(4, article("Another paper. " * 20, "b"), row=1, fold=FOLDED)
    outcome = judge(case(3), answer(copy), [copy], gold(3, folds=frozenset({FOLDED})))
    assert outcome.recall == (1, 1, 1)
    assert (outcome.citation_precision, outcome.citation_recall) == (1, 1)
    assert judge(case(3), answer(copy), [copy], gold(3)).recall == (0, 0, 0)


# -------------------------------------------------------------------- citations by hand


def test_citation_precision_is_the_share_of_citations_that_are_evidence() -> None:
    assert judged(9, 3, cited=(9, 8, 1)).citation_precision == pytest.approx(1 / 3)
    assert judged(9, 3, cited=(9, 3)).citation_precision == 1
    assert judged(5, cited=(9,)).citation_precision == 0


def test_citation_recall_follows_the_need() -> None:
    assert judged(9, 3, 5, cited=(9, 3), need="all").citation_recall == pytest.approx(2 / 3)
    assert judged(9, 3, 5, cited=(9,)).citation_recall == 1
    assert judged(5, cited=(9,)).citation_recall == 0


def test_a_declined_answer_has_no_precision_and_no_recall_of_citations() -> None:
    found = judged(9, cited=())
    assert found.declined
    assert math.isnan(found.citation_precision)
    assert found.citation_recall == 0
    assert found.recall == (1, 1, 1)


def test_a_gold_answer_counts_whatever_its_case_and_white_space() -> None:
    assert judged(9, cited=(9,), answers=("NUMBER  09",)).answer_cited == 1
    assert judged(9, cited=(9,), answers=("x", "09")).answer_cited == 1
    assert judged(9, cited=(9,), answers=("08",)).answer_cited == 0
    assert math.isnan(judged(9, cited=(9,)).answer_cited)
    assert math.isnan(judged(9, cited=(), answers=("09",)).answer_cited)


def test_what_cannot_be_answered_is_measured_by_refusals_only() -> None:
    found = judged(answerable=False)
    assert all(math.isnan(value) for value in (*found.recall, found.reciprocal_rank))
    assert math.isnan(found.citation_precision)
    assert math.isnan(found.citation_recall)


# ------------------------------------------------------------------------- means, refusals

PLAIN = Outcome("g", True, False, (0.0, 0.0, 0.0), 0.0, NAN, 0.0, NAN, 0.5, 1.0)


def outcomes(*pairs: tuple[bool, bool]) -> list[Outcome]:
    """Return outcomes from pairs of (answerable, declined)."""
    return [replace(PLAIN, answerable=a, declined=d) for a, d in pairs]


def test_refusals_by_hand() -> None:
    """Declined: 4, 3 of them rightly; not answerable: 5, 3 of them declined."""
    found = measures(
        outcomes(*[(False, True)] * 3, *[(False, False)] * 2, (True, True), *[(True, False)] * 4)
    )
    assert found["refusal_precision"].value == pytest.approx(3 / 4)
    assert found["refusal_recall"].value == pytest.approx(3 / 5)
    assert found["refusal_f1"].value == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert found["answered"].value == pytest.approx(6 / 10)


def test_refusals_at_the_ends() -> None:
    nobody = measures(outcomes((False, False), (True, False)))
    assert [nobody[f"refusal_{x}"].value for x in ("precision", "recall", "f1")] == [0, 0, 0]
    right = measures(outcomes((False, True), (True, False)))
    assert [right[f"refusal_{x}"].value for x in ("precision", "recall", "f1")] == [1, 1, 1]
    assert "refusal_f1" not in measures(outcomes((True, False)))


def test_means_are_over_the_cases_they_apply_to() -> None:
    found = measures(
        [
            replace(PLAIN, recall=(1, 1, 1), reciprocal_rank=1, citation_precision=0.5),
            replace(PLAIN, recall=(0, 1, 1), reciprocal_rank=0.5, citation_precision=NAN),
            replace(PLAIN, answerable=False, recall=(NAN,) * 3, reciprocal_rank=NAN),
        ]
    )
    assert (found["recall@1"].value, found["recall@1"].cases) == (0.5, 2)
    assert found["recall@5"].value == found["recall@10"].value == 1
    assert found["mrr@10"].value == 0.75
    assert (found["citation_precision"].value, found["citation_precision"].cases) == (0.5, 1)
    assert "answer_in_citations" not in found


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 5))
def test_an_interval_holds_its_mean_and_is_the_same_for_the_same_seed(
    values: list[float], seed: int
) -> None:
    given_ = [replace(PLAIN, reciprocal_rank=value) for value in values]
    found = measures(given_, seed=seed)["mrr@10"]
    assert found.value == pytest.approx(float(np.mean(values)))
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert 0 <= found.low <= found.high <= 1
    assert measures(given_, seed=seed)["mrr@10"] == found


def test_an_interval_is_that_of_the_mean() -> None:
    """Of 100 coins, half of them heads, the mean is 0.5 ± 1.96 · 0.05."""
    found = measures([replace(PLAIN, reciprocal_rank=float(n % 2)) for n in range(100)])["mrr@10"]
    assert found.low == pytest.approx(0.40, abs=0.02)
    assert found.high == pytest.approx(0.60, abs=0.02)
    assert measures([replace(PLAIN, reciprocal_rank=1.0)] * 9)["mrr@10"].low == 1


def test_groups_come_in_the_order_of_their_first_case() -> None:
    found = by_group([replace(PLAIN, group=g) for g in ("b", "a", "b")])
    assert [(name, len(each)) for name, each in found.items()] == [("b", 2), ("a", 1)]


# ----------------------------------------------------------------------- on a real index


def test_cases_are_asked_of_the_index(desk: Desk) -> None:
    desk.write_lines(
        "a.jsonl",
        {"id": "a", "text": "Ann runs the mill in Osk. Bert bakes the bread of Port Maren."},
        {"id": "b", "text": "Snow fell in Norrby for nine days."},
    )
    desk.rebuild()
    asked = Case(
        id="1",
        question="Who bakes the bread of Port Maren?",
        answerable=True,
        answers=("Bert",),
        evidence=(Span(article_id="a", start=26, end=30),),
    )
    absent = asked.model_copy(
        update={"evidence": (Span(article_id="gone", start=0, end=4),), "id": "2"}
    )
    with desk.open() as index:
        first, second = evaluate(Asker(index, 0.0), [asked, absent], Silent())
    assert first.recall == (1, 1, 1)
    assert (first.answer_cited, first.citation_recall) == (1, 1)
    assert second.recall == (0, 0, 0)
