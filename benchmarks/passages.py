"""Which passage budget, overlap and header find the evidence best, and what each costs.

    python benchmarks/passages.py FOLDER [--budgets 96 160 200 256]

FOLDER holds articles.jsonl and cases.jsonl (one JSON object a line, see
docs/evaluation.md). Exhaustive search, no index: every passage and every
sentence is scored for every answerable question. Passages are ranked by the
sum of two standardised scores (BM25, cosine of the vectors), sentences by the
sum of four (BM25 and cosine, of the sentence and of its passage).
"""

from __future__ import annotations

import argparse
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import passages as making
from index.articles import Article
from index.embed import create_embedder
from index.sentences import split
from index.tokens import TokenCounter

Scores = NDArray[np.float32]
STOP = frozenset({"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it"})
STOP |= {"of", "on", "or", "that", "the", "to", "was", "were", "with"}
SUFFIX = re.compile(r"(?:ies|ing|ed|es|s|ly)$")


@dataclass(frozen=True)
class Case:
    """A question and the spans of the articles that answer it."""

    question: str
    evidence: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Place:
    """The span of an article that a passage or a sentence covers."""

    article: str
    start: int
    end: int

    def holds(self, case: Case) -> bool:
        """Whether a span of the evidence lies inside."""
        return any(
            a == self.article and self.start <= s and e <= self.end for a, s, e in case.evidence
        )


def words(text: str) -> list[str]:
    """Return the stemmed words of ``text``, roughly."""
    found = re.findall(r"\w+", text.lower())
    return [SUFFIX.sub("", word) if len(word) > 4 else word for word in found if word not in STOP]


def bm25(texts: list[str], queries: list[str], k1: float = 1.2, b: float = 0.75) -> Scores:
    """Return the BM25 of each text for each query, shape (queries, texts)."""
    bags = [words(text) for text in texts]
    numbers = {word: i for i, word in enumerate(sorted({w for bag in bags for w in bag}))}
    counts = np.zeros((len(numbers), len(texts)), np.float32)
    for column, bag in enumerate(bags):
        for word in bag:
            counts[numbers[word], column] += 1
    lengths = np.array([len(bag) for bag in bags], np.float32)
    found = (counts > 0).sum(axis=1)
    idf = np.log(1 + (len(texts) - found + 0.5) / (found + 0.5)).astype(np.float32)
    norm = k1 * (1 - b + b * lengths / lengths.mean())
    for row in range(len(counts)):
        counts[row] = idf[row] * counts[row] * (k1 + 1) / (counts[row] + norm)
    rows = [[numbers[w] for w in set(words(query)) if w in numbers] for query in queries]
    return np.array([counts[row].sum(axis=0) for row in rows], np.float32)


def standard(scores: Scores) -> Scores:
    """Return ``scores`` with mean 0 and deviation 1 in each row."""
    deviation = scores.std(axis=1, keepdims=True) + 1e-9
    return (scores - scores.mean(axis=1, keepdims=True)) / deviation


def first_gold(scores: Scores, places: list[Place], cases: list[Case]) -> NDArray[np.int64]:
    """Return the rank from 1 of the first place that holds the evidence; 10**6 if none does."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = []
    for row, case in zip(order, cases, strict=True):
        gold = {i for i, place in enumerate(places) if place.holds(case)}
        ranks.append(next((r for r, i in enumerate(row, 1) if int(i) in gold), 10**6))
    return np.array(ranks)


class Experiment:
    """The articles and questions of a folder, with what every configuration shares."""

    def __init__(self, folder: Path) -> None:
        self.articles = [
            Article.of(id=a["id"], text=a["text"], origin=a["id"], title=a["title"] or "")
            for a in map(json.loads, (folder / "articles.jsonl").open(encoding="utf-8"))
        ]
        self.cases = [
            Case(
                case["question"],
                tuple((e["article_id"], e["start"], e["end"]) for e in case["evidence"]),
            )
            for case in map(json.loads, (folder / "cases.jsonl").open(encoding="utf-8"))
            if case["answerable"]
        ]
        self.embedder = create_embedder()
        self.count = TokenCounter()
        self.spans = [split(article.text) for article in self.articles]
        self.questions = [case.question for case in self.cases]
        self.queries = np.array([self.embedder.embed_query(q) for q in self.questions])
        self.sentences = [
            Place(article.id, start, end)
            for article, spans in zip(self.articles, self.spans, strict=True)
            for start, end in spans
        ]
        texts = [
            article.text[start:end]
            for article, spans in zip(self.articles, self.spans, strict=True)
            for start, end in spans
        ]
        self.sentence_bm25 = standard(bm25(texts, self.questions))

    def run(self, name: str, *, budget: int, overlap: int = 1, heading: bool = True) -> None:
        """Print one row of the table."""
        places, inputs, owner = [], [], {}
        sentence = 0
        for article, spans in zip(self.articles, self.spans, strict=True):
            head = making.header(article) if heading else ""
            for passage in making.build_passages(
                article, spans, self.count, budget=budget, overlap=overlap
            ):
                for at in range(passage.first, passage.last + 1):
                    owner.setdefault(sentence + at, (len(inputs), at - passage.first))
                inputs.append(making.embed_input(article, passage, spans, head))
                places.append(Place(article.id, spans[passage.first][0], spans[passage.last][1]))
            sentence += len(spans)
        began, cpu = time.perf_counter(), time.process_time()
        embedded = self.embedder.embed_passages(inputs)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        assert embedded.sentences is not None
        lexical = standard(bm25([item.text for item in inputs], self.questions))
        dense = standard(self.queries @ embedded.passages.T)
        ranks = first_gold(lexical + dense, places, self.cases)
        of = [owner[i] for i in range(sentence)]
        own = np.array([embedded.sentences[p][k] for p, k in of])
        parents = np.array([p for p, _ in of])
        four = self.sentence_bm25 + standard(self.queries @ own.T)
        four = four + standard(lexical[:, parents]) + standard(dense[:, parents])
        best = first_gold(four, self.sentences, self.cases)
        mrr = np.where(best <= 10, 1 / best, 0).mean()
        tokens = sum(self.count(item.text) for item in inputs)
        print(
            f"{name:34s} {len(inputs):5d} {tokens:7d} {cpu:6.1f} {wall:6.1f}"
            f"  {(ranks <= 1).mean():.3f} {(ranks <= 4).mean():.3f}"
            f"  {(best <= 1).mean():.3f} {(best <= 10).mean():.3f} {mrr:.3f}",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--budgets", type=int, nargs="+", default=[96, 160, 200, 256])
    arguments = parser.parse_args()
    experiment = Experiment(arguments.folder)
    print(f"{len(experiment.sentences)} sentences, {len(experiment.cases)} questions")
    print(
        f"{'':34s} {'pass.':>5s} {'tokens':>7s} {'cpu s':>6s} {'wall s':>6s}"
        "  gold@1 @4  sentence R@1 R@10 MRR@10"
    )
    for budget in arguments.budgets:
        experiment.run(f"budget {budget}", budget=budget)
    experiment.run(f"budget {making.BUDGET}, no header", budget=making.BUDGET, heading=False)
    experiment.run(f"budget {making.BUDGET}, no overlap", budget=making.BUDGET, overlap=0)


if __name__ == "__main__":
    main()
