"""What each choice of the lexical index does to the ranking of sentences and passages.

BM25 is computed here exactly, in NumPy, from the terms that Footnote's analysis
returns, so that headers, function words and the constants can be varied; the
last line of each folder is the index itself, whose lengths are rounded to a
byte. Every answerable question is asked of all sentences of its folder:

    python benchmarks/lexical_quality.py FOLDER...

where a FOLDER holds ``articles.jsonl`` and ``cases.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.lexical import LexicalDoc, LexicalIndex, question_terms, terms  # noqa: E402
from index.sentences import split  # noqa: E402

TOP = 10


@dataclass(frozen=True, slots=True)
class Folder:
    """The sentences of a folder and its answerable questions with their gold sentences."""

    name: str
    headers: list[str]
    texts: list[str]
    cases: list[tuple[str, frozenset[int]]]


class Bm25:
    """Exact BM25 over lists of terms, in memory."""

    def __init__(self, documents: Sequence[list[str]], k1: float = 1.2, b: float = 0.75) -> None:
        lengths = np.array([len(each) for each in documents], np.float64)
        norm = k1 * (1 - b + b * lengths / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, document in enumerate(documents):
            for term, count in Counter(document).items():
                postings[term].append((row, count))
        self._count = len(documents)
        self._weights: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for term, pairs in postings.items():
            rows, counts = np.array(pairs, np.int64).T
            idf = math.log1p((self._count - len(pairs) + 0.5) / (len(pairs) + 0.5))
            self._weights[term] = (rows, idf * counts * (k1 + 1) / (counts + norm[rows]))

    def scores(self, asked: Sequence[str]) -> NDArray[np.float64]:
        """Return the score of every document, shape (documents,)."""
        scores = np.zeros(self._count)
        for term in asked:
            if term in self._weights:
                rows, weights = self._weights[term]
                scores[rows] += weights
        return scores


def every_term(question: str) -> list[str]:
    """Return the question's distinct terms, function words included."""
    return list(dict.fromkeys(terms(question)))


def read(path: Path, size: int = 1) -> Folder:
    """Return what ``path`` holds, in rows of ``size`` sentences of one article.

    A gold row is one that shares a character with the evidence.
    """
    headers, texts, spans = [], [], defaultdict(list)
    for line in (path / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        named = (article.get(key) for key in ("title", "outlet", "published"))
        header = "\n".join(each for each in named if each)
        sentences = split(article["text"])
        for at in range(0, len(sentences), size):
            start, end = sentences[at][0], sentences[at : at + size][-1][1]
            spans[article["id"]].append((start, end, len(texts)))
            headers.append(header)
            texts.append(article["text"][start:end])
    cases = []
    for line in (path / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["answerable"]:
            gold = {
                row
                for evidence in case["evidence"]
                for start, end, row in spans[evidence["article_id"]]
                if start < evidence["end"] and evidence["start"] < end
            }
            cases.append((case["question"], frozenset(gold)))
    return Folder(path.name, headers, texts, cases)


def quality(
    cases: Sequence[tuple[str, frozenset[int]]], rank: Callable[[str], Sequence[int]]
) -> tuple[float, float, float]:
    """Return recall@1, recall@10 and MRR@10 of ``rank``, which returns the best rows."""
    first = ten = reciprocal = 0.0
    for question, gold in cases:
        place = next((at for at, row in enumerate(rank(question)[:TOP]) if row in gold), None)
        if place is not None:
            first += place == 0
            ten += 1
            reciprocal += 1 / (place + 1)
    return first / len(cases), ten / len(cases), reciprocal / len(cases)


def top(scores: NDArray[np.float64]) -> Sequence[int]:
    """Return the best rows, equal scores by row."""
    best = np.argsort(-scores, kind="stable")[:TOP]
    return [int(row) for row in best if scores[row] > 0]


def variants(folder: Folder) -> Iterator[tuple[str, Callable[[str], Sequence[int]]]]:
    """Yield each choice with its ranking."""
    bare = [terms(text) for text in folder.texts]
    heads = [terms(header) for header in folder.headers]
    joined = [head + body for head, body in zip(heads, bare, strict=True)]
    alone, separate, one = Bm25(bare), Bm25(heads), Bm25(joined)
    yield "text alone, every word", lambda q: top(alone.scores(every_term(q)))
    yield "text alone", lambda q: top(alone.scores(question_terms(q)))
    yield (
        "header as a field of half weight",
        lambda q: top(alone.scores(question_terms(q)) + separate.scores(question_terms(q)) / 2),
    )
    yield "header in front, every word", lambda q: top(one.scores(every_term(q)))
    yield "header in front", lambda q: top(one.scores(question_terms(q)))
    for k1, b in ((0.9, 0.4), (1.2, 0.4), (1.6, 0.75)):
        other = Bm25(joined, k1, b)
        yield (
            f"header in front, k1={k1}, b={b}",
            lambda q, o=other: top(o.scores(question_terms(q))),
        )
    with tempfile.TemporaryDirectory() as place:
        index = LexicalIndex.create(Path(place) / "lexical")
        rows = enumerate(zip(folder.texts, folder.headers, strict=True))
        docs = [LexicalDoc(row, text, header) for row, (text, header) in rows]
        index.add_sentences(docs)
        index.add_passages(docs)
        index.commit()
        yield (
            "the index itself, as sentences",
            lambda q: [row for row, _ in index.sentences(q, TOP)],
        )
        yield "the index itself, as passages", lambda q: [row for row, _ in index.passages(q, TOP)]
        index.close()


def main() -> None:
    """Print one table for all folders."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--size", type=int, default=1, help="sentences in a row (5: a passage)")
    args = parser.parse_args()
    print("| folder | rows | choice | recall@1 | recall@10 | MRR@10 |")
    print("|---|---|---|---|---|---|")
    for path in args.folders:
        folder = read(path, args.size)
        for name, rank in variants(folder):
            measured = " | ".join(f"{each:.3f}" for each in quality(folder.cases, rank))
            print(f"| {folder.name} | {len(folder.texts):,} | {name} | {measured} |", flush=True)


if __name__ == "__main__":
    main()
