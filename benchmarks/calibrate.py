"""Fit the weights of `bot.confidence.Confidence` and print the curve of the threshold.

Each folder of cases gives three kinds of examples: questions that its articles
answer; questions that they do not (where the folder has some); and answerable
questions with the article that answers them taken out of what was found, as
when nobody has written about it yet. Weights are fitted on all folders and
each folder is also judged by weights fitted on the others ("held out").

    python -m benchmarks.calibrate --cases DIR/squad DIR/clapnq_a …
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ask import LOOKED_AT
from bot.cases import load_dataset
from bot.confidence import Confidence, Signals, signals, term_weights
from bot.evaluate import Gold
from bot.extract import rank
from bot.settings import Settings
from bot.wiring import build_plan, open_index
from index.build import rebuild
from index.search import SentenceHit, search

Floats = NDArray[np.float64]
# What each kind of example weighs in the fit, whatever their number.
_SHARES = {"answerable": 1.0, "not answerable": 0.5, "article missing": 0.5}


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of the best sentence for one question. ``right``: it is evidence."""

    folder: str
    kind: str
    signals: Signals
    right: bool


def examples(folder: Path, sample: int, work: Path) -> list[Example]:
    """Return the examples of a folder of cases, asking ``sample`` of its questions."""
    dataset = load_dataset(folder)
    cases = list(dataset.cases)
    if sample < len(cases):
        cases = random.Random(2).sample(cases, sample)
    settings = Settings(data_dir=work / folder.name, _env_file=None)  # type: ignore[call-arg]
    if not (settings.data_dir / "CURRENT").exists():
        rebuild(build_plan(settings), [str(dataset.articles)])
    found: list[Example] = []
    with open_index(settings) as index:
        for case in cases:
            hits = search(index, case.question, LOOKED_AT).sentences
            gold = Gold.of(case, index.catalog)
            rows = {row for row, _, _ in gold.spans}
            kind = "answerable" if case.answerable else "not answerable"
            found += _example(folder.name, kind, case.question, hits, gold)
            if case.answerable:
                others = [hit for hit in hits if hit.row.article not in rows]
                found += _example(folder.name, "article missing", case.question, others, gold)
    return found


def _example(
    folder: str, kind: str, question: str, hits: Sequence[SentenceHit], gold: Gold
) -> list[Example]:
    if not hits:
        return []
    weights = term_weights(question, hits)
    best = rank(question, hits, Confidence())[0].hit
    place = (best.row.article, best.row.start, best.row.end, best.row.fold)
    right = kind == "answerable" and any(gold.found_in([place]))
    return [Example(folder, kind, signals(best, weights), right)]


def fit(matrix: Floats, wanted: Floats, weight: Floats, ridge: float = 1.0) -> Floats:
    """Return bias and weights of a ridge logistic regression, by Newton's method."""
    design = np.c_[np.ones(len(matrix)), matrix]
    found = np.zeros(design.shape[1])
    penalty = ridge * np.r_[0.0, np.ones(design.shape[1] - 1)]
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ found))
        gradient = design.T @ (weight * (p - wanted)) + penalty * found
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(penalty + 1e-9)
        found -= np.linalg.solve(curvature, gradient)
    return found


def probabilities(found: Floats, matrix: Floats) -> Floats:
    """Return the probability for each row."""
    odds = np.c_[np.ones(len(matrix)), matrix] @ found
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)


def report(every: Sequence[Example], not_fitted: Sequence[str] = ()) -> None:
    """Print the weights and, folder by folder, the held-out curve of the threshold."""
    matrix = np.array([each.signals.vector() for each in every])
    wanted = np.array([each.kind == "answerable" for each in every], np.float64)
    groups = np.array([f"{each.folder}/{each.kind}" for each in every])
    weight = np.array(
        [
            1000 * _SHARES[each.kind] / (groups == g).sum()
            for each, g in zip(every, groups, strict=True)
        ]
    )
    if not_fitted:
        weight[np.isin(groups, list(not_fitted))] = 0.0
    final = fit(matrix, wanted, weight)
    print(f"bias {final[0]:.2f}, weights {', '.join(f'{w:.2f}' for w in final[1:])}\n")
    print(
        "| folder | threshold | answered of answerable | right of these | wrongly answered:"
        " not answerable | wrongly answered: article missing | refusal F1 |"
    )
    print("|---|---|---|---|---|---|---|")
    folders = list(dict.fromkeys(each.folder for each in every))
    for folder in folders:
        inside = np.array([each.folder == folder for each in every])
        rest = ~inside if len(folders) > 1 else inside
        p = probabilities(fit(matrix[rest], wanted[rest], weight[rest]), matrix[inside])
        _curve(folder, [each for each in every if each.folder == folder], p)


def _curve(folder: str, chosen: Sequence[Example], p: Floats) -> None:
    kind = np.array([each.kind for each in chosen])
    right = np.array([each.right for each in chosen])
    for threshold in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8):
        answered = p >= threshold
        can = kind == "answerable"
        cannot = kind == "not answerable" if (kind == "not answerable").any() else ~can
        refused = ~answered
        hit = float((refused & cannot).sum())
        precision = hit / max(1.0, float((refused & (can | cannot)).sum()))
        recall = hit / max(1, int(cannot.sum()))
        f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
        cells = [
            _share(answered[can]),
            _share(right[can & answered]),
            _share(answered[kind == "not answerable"]),
            _share(answered[kind == "article missing"]),
            f"{f1:.3f}",
        ]
        print(f"| {folder} | {threshold} | {' | '.join(cells)} |")


def _share(values: NDArray[np.bool_]) -> str:
    return f"{values.mean():.3f}" if len(values) else "–"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, nargs="+", required=True, help="folders of cases")
    parser.add_argument("--sample", type=int, default=600, help="questions of each folder")
    parser.add_argument("--work", type=Path, help="keep the indexes here (default: temporary)")
    parser.add_argument(
        "--not-fitted",
        nargs="*",
        default=["squad/not answerable"],
        help="FOLDER/KIND that is judged but not fitted on; by default SQuAD's questions that"
        " were written to look answerable",
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        work = arguments.work or Path(place)
        every = [e for f in arguments.cases for e in examples(f, arguments.sample, work)]
        report(every, arguments.not_fitted)


if __name__ == "__main__":
    main()
