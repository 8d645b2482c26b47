"""How well the verifier tells claims that are supported from claims that are not.

    python -m benchmarks.verify --support DIR [--limit N] [--fit] [--articles FILE]

``DIR`` holds files of lines ``{"evidence", "claim", "label", "question"?}`` with
the labels full, partial, none and contradicted; only "full" counts as
supported. Evidence is cut into sentences, all of which are cited. Even lines
are for tuning (``--fit`` prints the floors and weights that are best there), odd
lines are reported: the balanced accuracy, which is the mean of the shares of
supported and of other claims that are told right.

``--articles`` reads articles (``{"text", "published"}`` a line) and alters their
own sentences (a digit, a name, a "not") and counts what is still called supported.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.verification.details import Details  # noqa: E402
from bot.verification.support import EmbeddingScorer, coverage  # noqa: E402
from bot.verify import CitedSentence, Floors, verify  # noqa: E402
from index.embed import create_embedder  # noqa: E402
from index.readers.dates import day  # noqa: E402
from index.sentences import split  # noqa: E402

NO_FLOORS = Floors(0.0, 0.0, 0.0, 0.0)
TAIL = " indeed"
"""Keeps an unaltered sentence from being recognised as the sentence itself."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the sentences it cites, and whether they support it."""

    claim: str
    cited: tuple[CitedSentence, ...]
    question: str
    label: str


@dataclass(frozen=True, slots=True)
class Signals:
    """What was measured of each pair, as columns of equal length."""

    full: NDArray[np.bool_]
    clean: NDArray[np.bool_]
    grave: NDArray[np.bool_]
    coverage: NDArray[np.float64]
    likeness: NDArray[np.float64]


def main() -> None:
    """Measure what the arguments ask for and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--support", type=Path)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="pairs of each file (0: all)")
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    if arguments.support:
        for path in sorted(arguments.support.glob("*.jsonl")):
            measure(path, arguments.limit, fit=arguments.fit)
    if arguments.articles:
        alterations(arguments.articles, arguments.limit or 2000)


def measure(path: Path, limit: int, *, fit: bool) -> None:
    """Print the balanced accuracy over one file."""
    pairs = read_pairs(path)
    if limit and len(pairs) > limit:
        # Both halves are drawn from their own lines, so that no run reports what another tuned on.
        rng = random.Random(7)
        halves = (rng.sample(pairs[half::2], limit // 2) for half in (0, 1))
        pairs = [pair for both in zip(*halves, strict=True) for pair in both]
    started = time.perf_counter()
    found = signals(pairs)
    took = (time.perf_counter() - started) / len(pairs)
    tune, report = slice(0, None, 2), slice(1, None, 2)
    print(f"{path.name}: {len(pairs)} pairs, {1000 * took:.1f} ms each with the embedder")
    for name, rule in rules().items():
        told = rule(found)
        print(f"  {name:34}", *(f"{value:.3f}" for value in balanced(found.full, told, report)))
    if fit:
        best_floor(found, tune)
        best_weights(found, tune)


def rules() -> dict[str, Callable[[Signals], NDArray[np.bool_]]]:
    """Return each way to tell, by name."""
    floors = Floors()
    scorer = EmbeddingScorer(create_embedder("hash"))

    def scored(found: Signals) -> NDArray[np.bool_]:
        return scorer.combined(found.likeness, found.coverage) >= floors.score

    def covered(found: Signals) -> NDArray[np.bool_]:
        return found.coverage >= floors.coverage

    return {
        "checks alone": lambda found: found.clean,
        "coverage alone": covered,
        "embedding scorer alone": scored,
        "checks and coverage": lambda found: found.clean & covered(found),
        "checks, coverage and scorer": lambda found: found.clean & covered(found) & scored(found),
        "the same, partly counted as yes": lambda found: (
            ~found.grave
            & (found.coverage >= floors.partly_coverage)
            & (scorer.combined(found.likeness, found.coverage) >= floors.partly_score)
        ),
    }


def balanced(
    full: NDArray[np.bool_], told: NDArray[np.bool_], part: slice
) -> tuple[float, float, float]:
    """Return the balanced accuracy, and the shares told right of supported and of other claims."""
    yes = float(told[part][full[part]].mean())
    no = float((~told[part][~full[part]]).mean())
    return (yes + no) / 2, yes, no


def signals(pairs: Sequence[Pair]) -> Signals:
    """Return what the checks and the embedder say of the pairs."""
    scorer = EmbeddingScorer(create_embedder("local", threads=1))
    rows = []
    for pair in pairs:
        result = verify(pair.claim, pair.cited, pair.question, floors=NO_FLOORS)
        likeness = scorer.likeness(pair.claim, [each.text for each in pair.cited])
        grave = any(problem.grave for problem in result.problems)
        share = coverage(Details.of(pair.claim), [Details.of(each.text) for each in pair.cited])
        rows.append((pair.label == "full", not result.problems, grave, share, likeness))
    full, clean, graves, shares, cosines = zip(*rows, strict=True)
    return Signals(
        np.array(full), np.array(clean), np.array(graves), np.array(shares), np.array(cosines)
    )


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a file that have evidence."""
    return list(_pairs(path))


def _pairs(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row["evidence"]
            cited = tuple(CitedSentence(text[start:end]) for start, end in split(text))
            if cited:
                yield Pair(row["claim"], cited, row.get("question", ""), row["label"])


def best_floor(found: Signals, part: slice) -> None:
    """Print the floor of the coverage that is best beside the checks."""
    scores = {
        floor: balanced(found.full, found.clean & (found.coverage >= floor), part)[0]
        for floor in np.arange(0.0, 1.0, 0.05)
    }
    print("  best coverage floors:", _top(scores))


def best_weights(found: Signals, part: slice) -> None:
    """Print the logistic weights (bias, likeness, coverage) that fit the labels best."""
    columns = np.column_stack([np.ones(len(found.full)), found.likeness, found.coverage])[part]
    wanted = found.full[part].astype(float)
    balance = np.where(wanted > 0, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))
    weights = np.zeros(3)
    for _ in range(200):
        told = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (balance * (wanted - told)) - 1e-3 * weights
        curve = (columns * (balance * told * (1 - told))[:, None]).T @ columns + 1e-3 * np.eye(3)
        weights += np.linalg.solve(curve, slope)
    print("  best weights:", np.round(weights, 2))


def _top(scores: dict[float, float]) -> str:
    best = sorted(scores.items(), key=lambda pair: -pair[1])[:4]
    return ", ".join(f"{floor:.2f} ({score:.3f})" for floor, score in best)


def alterations(path: Path, limit: int) -> None:
    """Print how often an altered sentence is still called supported by the original."""
    rng = random.Random(11)
    sentences = list(_sentences(path))
    names = [m for text, _ in sentences for m in _NAME.findall(text)]
    chosen = rng.sample(sentences, min(limit, len(sentences)))
    for kind, alter in _ALTER.items():
        tried = kept = 0
        for text, published in chosen:
            altered = alter(text, rng, names)
            if altered is not None and altered != text:
                tried += 1
                cited = [CitedSentence(text, published)]
                kept += verify(altered + TAIL, cited).verdict == "supported"
        print(f"  {kind:24} {tried:6} tried, {100 * kept / max(tried, 1):5.1f}% called supported")


def _sentences(path: Path) -> Iterator[tuple[str, date | None]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for start, end in split(row["text"]):
                text = row["text"][start:end]
                if 40 <= len(text) <= 400 and not set(text) & set('"“”[]'):
                    yield text, day(row["published"])


_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})+")
_BE = re.compile(r"\b(?:was|were|is|are|has|have|had|will|would|could)\b")


def _digit(text: str, rng: random.Random, names: list[str]) -> str | None:
    places = [at for at, char in enumerate(text) if char.isdecimal()]
    if not places:
        return None
    at = rng.choice(places)
    return text[:at] + rng.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :]


def _name(text: str, rng: random.Random, names: list[str]) -> str | None:
    here = list(_NAME.finditer(text))
    if not here:
        return None
    place, other = rng.choice(here), rng.choice(names)
    return None if other in text else text[: place.start()] + other + text[place.end() :]


def _not(text: str, rng: random.Random, names: list[str]) -> str | None:
    here = [m for m in _BE.finditer(text) if not re.match(r" (?:not|no|never)\b", text[m.end() :])]
    if not here:
        return None
    place = rng.choice(here)
    return f"{text[: place.end()]} not{text[place.end() :]}"


_ALTER: dict[str, Callable[[str, random.Random, list[str]], str | None]] = {
    "nothing (should be 100)": lambda text, rng, names: text + " now",
    "a digit": _digit,
    "a name": _name,
    "a “not” put in": _not,
    "a “not” taken out": lambda text, rng, names: re.sub(r"n't\b| not\b", "", text, count=1),
    "“allegedly” taken out": lambda text, rng, names: re.sub(
        r"\b(?:allegedly|reportedly) ", "", text, count=1
    ),
}

if __name__ == "__main__":
    main()
