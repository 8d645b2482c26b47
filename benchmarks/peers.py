"""Footnote beside a plain LangChain pipeline, on the same articles in the same run.

    python -m benchmarks.peers [--cases FOLDER] [--texts FILE] [--rounds N]

The plain pipeline: a recursive splitter (1,000 characters, 200 of overlap) and
langchain-chroma in a folder, with the embedder that Footnote uses. It makes no
lexical index, no sentence vectors and no catalogue. The builds alternate, each
in a process of its own. Needs the package ``langchain-chroma``.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from benchmarks.report import (
    common_arguments,
    in_own_process,
    plan_for,
    progress,
    publish,
    scratch,
    table,
)
from benchmarks.resample import default_texts, part_of, shared_data
from bot.cases import Case, load_dataset
from index.articles import Article
from index.build import rebuild
from index.building.memory import peak_bytes
from index.embed import Embedded, Embedder, EmbedInput, create_embedder
from index.readers.limits import Limits
from index.readers.sources import read_source
from index.search import search
from index.search.reader import IndexReader

CHUNK, OVERLAP = 1_000, 200
BATCH = 5_461  # Chroma takes no more in one call
FIRST = 4
OURS, THEIRS = "Footnote", "plain LangChain"
# A passage or chunk that was found: the article's id and its half-open span.
Place = tuple[str, int, int]
Find = Callable[[str], list[Place]]


@dataclass(slots=True)
class TimedEmbedder:
    """The embedder, with the seconds spent embedding passages counted."""

    inner: Embedder
    seconds: float = 0.0
    name: str = field(init=False)
    dimension: int = field(init=False)

    def __post_init__(self) -> None:
        self.name, self.dimension = self.inner.name, self.inner.dimension

    def embed_passages(self, inputs: Sequence[EmbedInput]) -> Embedded:
        """Return the vectors of ``inputs`` and count the time."""
        start = time.perf_counter()
        try:
            return self.inner.embed_passages(inputs)
        finally:
            self.seconds += time.perf_counter() - start

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        return self.inner.embed_query(text)


class AsLangChain(Embeddings):
    """Footnote's embedder in LangChain's interface."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of texts."""
        vectors = self._embedder.embed_passages([EmbedInput(text) for text in texts]).passages
        rows: list[list[float]] = vectors.tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        row: list[float] = self._embedder.embed_query(text).tolist()
        return row


def articles_of(path: Path) -> Iterator[Article]:
    """Yield the articles of a source."""
    return (item for item in read_source(str(path), limits=Limits()) if isinstance(item, Article))


def build_theirs(articles: Path, folder: Path, embedder: Embedder) -> tuple[int, Find]:
    """Build the plain pipeline; return its number of chunks and its search."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True
    )
    documents = [
        Document(page_content=article.text, metadata={"id": article.id})
        for article in articles_of(articles)
    ]
    chunks = splitter.split_documents(documents)
    store = Chroma("peers", AsLangChain(embedder), persist_directory=str(folder))
    for at in range(0, len(chunks), BATCH):
        store.add_documents(chunks[at : at + BATCH])

    def find(question: str) -> list[Place]:
        found = store.similarity_search(question, FIRST)
        spans = [(d.metadata["id"], d.metadata["start_index"], len(d.page_content)) for d in found]
        return [(id_, start, start + length) for id_, start, length in spans]

    return len(chunks), find


def build_ours(articles: Path, folder: Path, embedder: Embedder) -> tuple[int, Find]:
    """Build Footnote's index; return its number of passages and its search."""
    plan = plan_for(folder, embedder)
    summary = rebuild(plan, [str(articles)])
    index = IndexReader(plan.data, embedder)

    def find(question: str) -> list[Place]:
        hits = search(index, question, FIRST).passages
        return [(hit.passage.article_id, hit.start, hit.end) for hit in hits]

    return summary.passages, find


def run_one(args: argparse.Namespace) -> dict[str, object]:
    """Build and ask one of the two in this process; return what was measured."""
    embedder = TimedEmbedder(create_embedder(args.embedder))
    embedder.embed_passages([EmbedInput("Loading the model is no part of a build.")])
    embedder.seconds = 0.0
    build = build_ours if args.one == OURS else build_theirs
    for library in ("langchain_chroma", "langchain_text_splitters", "tantivy"):
        importlib.import_module(library)  # nor is importing
    start = time.perf_counter()
    count, find = build(args.articles, args.folder, embedder)
    seconds = time.perf_counter() - start
    found: dict[str, object] = {
        "system": args.one,
        "passages": count,
        "seconds": seconds,
        "embed_seconds": embedder.seconds,
        "peak_bytes": peak_bytes(),
    }
    if args.cases:
        cases = [case for case in load_dataset(args.cases).cases if case.answerable]
        found |= ask(part_of(cases, args.sample), find)
    return found


def ask(cases: Sequence[Case], find: Find) -> dict[str, object]:
    """Return the share of cases with the gold answer in a whole passage found, and latencies."""
    for case in cases[:10]:
        find(case.question)
    taken, right = [], 0
    for case in cases:
        start = time.perf_counter()
        places = find(case.question)
        taken.append((time.perf_counter() - start) * 1e3)
        right += any(
            id_ == gold.article_id and first <= gold.start and gold.end <= last
            for id_, first, last in places
            for gold in case.evidence
        )
    p50, p95 = np.percentile(taken, [50, 95])
    return {
        "questions": len(cases),
        "gold_in_first": right / len(cases),
        "search_p50_ms": float(p50),
        "search_p95_ms": float(p95),
    }


def measure(
    articles: Path, cases: Path | None, args: argparse.Namespace
) -> list[dict[str, object]]:
    """Return the runs of both on one collection, alternating which one comes first."""
    runs = []
    for number in range(args.rounds):
        order = (OURS, THEIRS) if number % 2 == 0 else (THEIRS, OURS)
        for system in order:
            progress(f"{articles.parent.name}: {system}, round {number + 1}")
            # Questions are asked once: only the builds' times need repeating.
            asked = [f"--cases={cases}"] if cases is not None and number == 0 else []
            with scratch(args.folder) as place:
                run = in_own_process(
                    "benchmarks.peers", f"--one={system}", f"--articles={articles}",
                    f"--folder={place}", f"--embedder={args.embedder}",
                    f"--sample={args.sample}", *asked,
                )  # fmt: skip
            runs.append({"collection": articles.parent.name, **run})
    return runs


def rows_of(runs: Sequence[dict[str, object]]) -> list[list[object]]:
    """Return a row for each system: median times, and what was found."""
    rows: list[list[object]] = []
    for system in (THEIRS, OURS):
        own = [run for run in runs if run["system"] == system]
        seconds = _median(own, "seconds")
        theirs = _median([run for run in runs if run["system"] == THEIRS], "seconds")
        embedding = _median(own, "embed_seconds")
        asked = next((run for run in own if "questions" in run), {})
        gold = asked.get("gold_in_first")
        rows.append(
            [
                own[0]["collection"],
                system,
                own[0]["passages"],
                seconds,
                f"{seconds / theirs:.2f}",
                embedding,
                f"{1 - embedding / seconds:.1%}",
                _median(own, "peak_bytes") / 1e6,
                None if gold is None else f"{float(str(gold)):.1%}",
                asked.get("search_p50_ms"),
                asked.get("search_p95_ms"),
            ]
        )
    return rows


def _median(runs: Sequence[dict[str, object]], key: str) -> float:
    return statistics.median(float(str(run[key])) for run in runs)


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--cases", type=Path, help="folder of articles and questions (SQuAD)")
    parser.add_argument("--texts", type=Path, help="more articles, only built (Wikinews)")
    parser.add_argument("--sample", type=int, default=0, help="questions drawn, 0 for all")
    parser.add_argument("--rounds", type=int, default=2, help="builds of each (median taken)")
    parser.add_argument("--embedder", default="local", help="local, hash, or provider:model")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--articles", type=Path, help=argparse.SUPPRESS)
    common_arguments(parser)
    return parser


def main(argv: list[str] | None = None) -> None:
    """Measure both systems and print the table."""
    args = arguments().parse_args(argv)
    if importlib.util.find_spec("langchain_chroma") is None:
        raise SystemExit(
            "langchain-chroma is missing: pip install langchain-chroma langchain-text-splitters"
        )
    if args.one:
        print(json.dumps(run_one(args)))
        return
    cases = args.cases or shared_data("squad")
    cases = cases or Path(__file__).resolve().parent.parent / "examples" / "eval"
    texts = args.texts or default_texts()
    runs = [measure(texts, None, args), measure(load_dataset(cases).articles, cases, args)]
    heads = ["collection", "system", "passages", "build s", "of theirs", "embedding s"]
    heads += ["all but embedding", "peak MB", f"gold in first {FIRST}", "search p50 ms", "p95 ms"]
    notes = [
        f"Plain LangChain: RecursiveCharacterTextSplitter({CHUNK:,}, {OVERLAP}) and"
        f" langchain-chroma. Footnote: lexical index, sentence vectors and catalogue included."
        f" The same embedder (`{args.embedder}`), {args.rounds} builds of each in turn, medians."
        " Gold: a passage or chunk that was found holds the whole answer."
    ]
    rows = [row for each in runs for row in rows_of(each)]
    publish("Beside plain LangChain", notes, [table(heads, rows)], args.json, runs=runs)


if __name__ == "__main__":
    main()
