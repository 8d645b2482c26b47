"""Where the first evidence sentence ranks, by each way of ranking alone and together.

    python -m benchmarks.retrieval FOLDER... [--sample N]

FOLDER holds ``articles.jsonl`` and ``cases.jsonl``; answerable questions are
asked of all its articles. The exhaustive search takes every passage for a
candidate, so it shows what the candidates of an ordinary search lose.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import common_arguments, plan_for, progress, publish, scratch, table
from benchmarks.resample import part_of, shared_data
from bot.cases import Case, load_dataset
from bot.evaluate import Gold
from index.articles import Filters
from index.build import rebuild
from index.catalog import SentenceRow
from index.embed import create_embedder
from index.search import CANDIDATES, search
from index.search.reader import IndexReader

CUTOFFS = (1, 5, 10)
LAST = CUTOFFS[-1]
Ranking = Callable[[str], Sequence[SentenceRow]]


class Rankings:
    """Ways to rank the sentences of one open index; each gives its first ten or more."""

    def __init__(self, index: IndexReader) -> None:
        self._index = index
        catalog = index.catalog
        articles = index.eligible(Filters()).tolist()
        self._sentences = [row for each in articles for row in catalog.sentences_of(each)]
        self._rows = np.array([each.row for each in self._sentences], np.int64)
        self._place = {int(row): place for place, row in enumerate(self._rows)}

    def by_name(self) -> Mapping[str, Ranking]:
        """Return every ranking under the name that the table shows."""
        return {
            "BM25 of sentences": lambda q: self._best(self._bm25(q)),
            "sentence vectors": lambda q: self._best(self._dense(q)),
            "their sum": lambda q: self._best(_unit(self._bm25(q)) + _unit(self._dense(q))),
            "search": lambda q: self._search(q, CANDIDATES),
            "search, exhaustive": lambda q: self._search(q, len(self._rows)),
        }

    def _bm25(self, question: str) -> NDArray[np.float64]:
        scores = np.zeros(len(self._rows))
        for row, score in self._index.lexical.sentences(question, len(self._rows)):
            scores[self._place[row]] = score
        return scores

    def _dense(self, question: str) -> NDArray[np.float64]:
        vector = self._index.embedder.embed_query(question)
        found = self._index.sentence_similarities(vector, self._rows)
        if found is None:
            raise SystemExit("the embedder gives no sentence vectors")
        return found

    def _best(self, scores: NDArray[np.float64]) -> list[SentenceRow]:
        """Return the best ten, copies of a better sentence left out as a search does."""
        found: dict[object, SentenceRow] = {}
        for place in np.argsort(-scores, kind="stable"):
            row = self._sentences[place]
            found.setdefault(row.row if row.fold is None else row.fold, row)
            if len(found) == LAST:
                break
        return list(found.values())

    def _search(self, question: str, candidates: int) -> list[SentenceRow]:
        found = search(self._index, question, LAST, candidates=candidates)
        return [hit.row for hit in found.sentences]


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros(len(values))


def measure(index: IndexReader, cases: Sequence[Case]) -> dict[str, list[float]]:
    """Return for each ranking recall@1, @5, @10 and MRR@10, means over the cases."""
    golds = [Gold.of(case, index.catalog) for case in cases]
    found = {}
    for name, ranking in Rankings(index).by_name().items():
        progress(f"ranking by {name}")
        scores = [
            _scores(gold, case.need, ranking(case.question))
            for case, gold in zip(cases, golds, strict=True)
        ]
        found[name] = [float(value) for value in np.mean(scores, axis=0)]
    return found


def _scores(gold: Gold, need: str, ranked: Iterable[SentenceRow]) -> list[float]:
    """Return recall at each cutoff and the reciprocal rank, as `bot.evaluate` defines them."""
    places = [(row.article, row.start, row.end, row.fold) for row in ranked][:LAST]
    recall = []
    for cutoff in CUTOFFS:
        hit = gold.found_in(places[:cutoff])
        recall.append(float(any(hit)) if need == "any" else sum(hit) / len(hit))
    right = [any(gold.found_in([place])) for place in places]
    return [*recall, 1 / (right.index(True) + 1) if True in right else 0.0]


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", type=Path, nargs="*", help="folders of cases (SQuAD)")
    parser.add_argument("--sample", type=int, default=0, help="answerable cases drawn, 0 for all")
    parser.add_argument("--embedder", default="local", help="local, hash, or provider:model")
    common_arguments(parser)
    return parser


def default_folders() -> list[Path]:
    """Return SQuAD where it is here, or the example cases."""
    squad = shared_data("squad")
    return [squad or Path(__file__).resolve().parent.parent / "examples" / "eval"]


def main(argv: list[str] | None = None) -> None:
    """Measure every folder and print the table."""
    args = arguments().parse_args(argv)
    rows: list[list[object]] = []
    for folder in args.folders or default_folders():
        dataset = load_dataset(folder)
        cases = part_of([case for case in dataset.cases if case.answerable], args.sample)
        embedder = create_embedder(args.embedder)
        with scratch(args.folder) as place:
            progress(f"building {folder.name}")
            plan = plan_for(place, embedder)
            summary = rebuild(plan, [str(dataset.articles)])
            with IndexReader(plan.data, embedder) as index:
                found = measure(index, cases)
        rows += [
            [folder.name, len(cases), summary.sentences, name, *[f"{value:.3f}" for value in each]]
            for name, each in found.items()
        ]
    heads = ["cases", "questions", "sentences", "ranking", "recall@1", "recall@5", "recall@10"]
    heads += ["MRR@10"]
    notes = [f"Answerable questions, asked of all articles of their folder; `{args.embedder}`."]
    raw = [dict(zip(heads, row, strict=True)) for row in rows]
    publish("Retrieval", notes, [table(heads, rows)], args.json, runs=raw)


if __name__ == "__main__":
    main()
