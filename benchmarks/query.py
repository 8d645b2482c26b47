"""How long a search takes, by stage, in collections of up to a million passages.

    python -m benchmarks.query --passages 10000 100000 1000000

The index is made by an ordinary rebuild of made articles, so catalogue, lexical
index, Chroma and vector files are all real. Only the vectors are not computed
from the text, which would take a day: each is a mixture of two vectors that the
embedder gave for real text, with noise. Questions are embedded by the embedder.
``--keep DIR`` keeps the indexes there, and finds them there the next time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import (
    common_arguments,
    folder_bytes,
    plan_for,
    progress,
    publish,
    scratch,
    table,
)
from benchmarks.resample import (
    FILTERS,
    WORDS,
    Collection,
    default_questions,
    default_texts,
    questions_of,
)
from index.build import Plan, rebuild
from index.building.memory import peak_bytes
from index.embed import Embedded, Embedder, EmbedInput, create_embedder, unit_rows
from index.generations import DataFolder
from index.passages import build_passages
from index.readers.fetch import Validator
from index.readers.sources import Item
from index.search import search
from index.search.reader import IndexReader
from index.sentences import split
from index.tokens import TokenCounter

SOURCE = "made"
NOISE = 0.3
STAGES = ("embed", "filter", "bm25", "dense", "catalogue", "score", "rerank", "fold")
_SAMPLE = 200
_CHARACTERS_IN_TOKEN = 4.2  # of resampled text


class ResampledEmbedder:
    """Gives passages and sentences mixtures of known vectors; embeds questions for real.

    ``passages`` and ``sentences`` are unit rows (n, dimension) to draw from.
    """

    def __init__(
        self,
        embedder: Embedder,
        passages: NDArray[np.float32],
        sentences: NDArray[np.float32],
    ) -> None:
        self.name = f"resampled:{embedder.name}"
        self.dimension = embedder.dimension
        self._embedder = embedder
        self._passages, self._sentences = passages, sentences
        self._draw = np.random.default_rng(3)

    @classmethod
    def of(cls, embedder: Embedder, collection: Collection, count: int) -> ResampledEmbedder:
        """Embed ``count`` made articles and return what mixes their vectors."""
        inputs = []
        for article in collection.articles(count):
            spans = tuple(split(article.text))
            inputs += [
                EmbedInput(" ".join(article.text[a:b] for a, b in part), _joined(part))
                for part in (spans[at : at + 5] for at in range(0, len(spans), 5))
            ]
        found = embedder.embed_passages(inputs)
        if found.sentences is None:
            raise SystemExit(f"{embedder.name} gives no sentence vectors to draw from")
        return cls(embedder, found.passages, np.concatenate(found.sentences))

    def embed_passages(self, inputs: Sequence[EmbedInput]) -> Embedded:
        """Return drawn vectors in the shape of real ones."""
        counts = [len(item.spans) for item in inputs]
        sentences = self._mixed(self._sentences, sum(counts))
        cuts = np.cumsum(counts)[:-1]
        return Embedded(self._mixed(self._passages, len(inputs)), tuple(np.split(sentences, cuts)))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the question's own vector."""
        return self._embedder.embed_query(text)

    def _mixed(self, known: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        draw, size = self._draw, len(known)
        share = draw.random((count, 1), np.float32)
        mixed = share * known[draw.integers(0, size, count)]
        mixed += (1 - share) * known[draw.integers(0, size, count)]
        noise = draw.standard_normal(mixed.shape, np.float32)
        return unit_rows(mixed + noise * np.float32(NOISE / self.dimension**0.5))


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return where the spans stand once their texts are joined by spaces."""
    found, at = [], 0
    for start, end in spans:
        found.append((at, at + end - start))
        at += end - start + 1
    return tuple(found)


class AboutTokens(TokenCounter):
    """Counts tokens by characters: exact counts would take a tenth of making an index."""

    def __call__(self, text: str) -> int:
        """Return about how many tokens ``text`` has."""
        return max(1, round(len(text) / _CHARACTERS_IN_TOKEN))


def articles_for(passages: int, collection: Collection) -> int:
    """Return how many made articles have about this many passages."""
    count, sample = AboutTokens(), list(collection.articles(_SAMPLE))
    each = sum(len(build_passages(a, split(a.text), count)) for a in sample) / _SAMPLE
    return max(1, round(passages / each))


def make_index(
    place: Path, passages: int, collection: Collection, embedder: Embedder
) -> Mapping[str, object]:
    """Rebuild from made articles in ``place``; return what it took."""
    count = articles_for(passages, collection)
    progress(f"making {count:,} articles, about {passages:,} passages")

    def read(source: str, known: Mapping[str, Validator]) -> Iterator[Item]:
        yield from collection.articles(count)

    plan: Plan = replace(plan_for(place, embedder), read=read, count=AboutTokens())
    summary = rebuild(plan, [SOURCE])
    return {
        "seconds": summary.seconds,
        "seconds_by_part": dict(summary.seconds_by_part),
        "disk_bytes": folder_bytes(place),
        "peak_bytes": peak_bytes(),
    }


def latencies(
    index: IndexReader, questions: Sequence[str], filter_: str, budget: float
) -> NDArray[np.float64]:
    """Return milliseconds, (searches, stages + 1), the last column being the whole search.

    Asks the questions in turn until ``budget`` seconds have passed, but at least 50.
    """
    for question in questions[:10]:
        search(index, question, 10, FILTERS[filter_])
    rows = []
    began = time.perf_counter()
    for number, question in enumerate(questions[10:]):
        start = time.perf_counter()
        timings = search(index, question, 10, FILTERS[filter_]).timings_ms
        whole = (time.perf_counter() - start) * 1e3
        rows.append([*[timings.get(stage, 0.0) for stage in STAGES], whole])
        if time.perf_counter() - began > budget and number >= 50:
            break
    return np.array(rows)


def measure(
    passages: int, args: argparse.Namespace, collection: Collection, place: Path
) -> list[dict[str, object]]:
    """Return one record for each filter, at one size; the index is made if it is missing."""
    base = create_embedder(args.embedder)
    data = place / f"{passages}"
    embedder = _embedder(base, collection, place, args.pool)
    made = None
    if DataFolder(data).current_or_none() is None:
        made = make_index(data, passages, collection, embedder)
    cases = args.questions or default_questions()
    questions = questions_of(cases, collection, args.asked)
    records = []
    start = time.perf_counter()
    with IndexReader(DataFolder(data), embedder) as index:
        opened = time.perf_counter() - start
        total = index.generation.manifest.passages
        for name, filters in FILTERS.items():
            progress(f"asking with filter {name}")
            share = len(index.eligible(filters)) / index.generation.manifest.articles
            found = latencies(index, questions, name, args.budget)
            records.append(
                {
                    "passages": total,
                    "sentences": index.generation.manifest.sentences,
                    "filter": name,
                    "selectivity": share,
                    "searches": len(found),
                    "p50_ms": float(np.percentile(found[:, -1], 50)),
                    "p95_ms": float(np.percentile(found[:, -1], 95)),
                    "stages_p50_ms": _by_stage(found, 50),
                    "stages_p95_ms": _by_stage(found, 95),
                    "open_seconds": opened,
                    "made": made,
                }
            )
    return records


def _embedder(base: Embedder, collection: Collection, place: Path, pool: int) -> ResampledEmbedder:
    """Return the mixing embedder; its vectors are kept beside the indexes."""
    kept = place / f"pool-{pool}-{base.name.rpartition('-')[2].replace('/', '-')}.npz"
    if kept.exists():
        with np.load(kept) as stored:
            return ResampledEmbedder(base, stored["passages"], stored["sentences"])
    progress(f"embedding {pool:,} articles to draw vectors from")
    made = ResampledEmbedder.of(base, collection, pool)
    np.savez(kept, passages=made._passages, sentences=made._sentences)
    return made


def _by_stage(found: NDArray[np.float64], percent: int) -> dict[str, float]:
    values = np.percentile(found[:, :-1], percent, axis=0)
    return {name: float(value) for name, value in zip(STAGES, values, strict=True)}


def row_of(record: Mapping[str, object], percent: str) -> list[object]:
    """Return a row of the table, with the stages at this percentile (``p50`` or ``p95``)."""
    stages = record[f"stages_{percent}_ms"]
    if not isinstance(stages, dict):
        raise TypeError(stages)
    shown = [float(stages[name]) for name in STAGES if name != "rerank"]
    whole = [record["p50_ms"], record["p95_ms"]]
    first = [record["passages"], f"{record['filter']} ({float(str(record['selectivity'])):.1%})"]
    return [*first, *whole, *shown]


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000])
    parser.add_argument("--texts", type=Path, help="articles to resample (Wikinews, or examples)")
    parser.add_argument("--questions", type=Path, help="cases.jsonl with questions (SQuAD)")
    parser.add_argument("--asked", type=int, default=310, help="questions for each filter")
    parser.add_argument("--budget", type=float, default=60, help="seconds of asking per filter")
    parser.add_argument("--pool", type=int, default=300, help="articles to draw vectors from")
    parser.add_argument("--embedder", default="local", help="local, hash, or provider:model")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes here")
    common_arguments(parser)
    return parser


def main(argv: list[str] | None = None) -> None:
    """Measure every size and print the tables."""
    args = arguments().parse_args(argv)
    collection = Collection.read(args.texts or default_texts())
    with scratch(args.folder) as temporary:
        place: Path = args.keep or temporary
        place.mkdir(parents=True, exist_ok=True)
        records = [
            record
            for passages in args.passages
            for record in measure(passages, args, collection, place)
        ]
    shown = [name for name in STAGES if name != "rerank"]
    heads = ["passages", "filter (articles let through)", "p50 ms", "p95 ms"]
    tables = [
        f"Stages at {percent} in ms:\n\n"
        + table([*heads, *shown], [row_of(record, percent) for record in records])
        for percent in ("p50", "p95")
    ]
    notes = [
        f"Articles of about {WORDS} words resampled from real ones. Vectors are mixtures of two"
        f" that the embedder `{args.embedder}` gave for {args.pool} such articles, with noise of"
        f" length {NOISE}; questions are embedded as always."
        " Tokens are counted by characters; everything else is a real index."
        f" The best 10 asked for, {records[0]['searches']} searches and more in each row.",
        *_making(records),
    ]
    publish("Search", notes, tables, args.json, records=records)


def _making(records: Sequence[Mapping[str, object]]) -> Iterator[str]:
    for record in records:
        made = record["made"]
        if record["filter"] == "none" and isinstance(made, dict):
            parts = ", ".join(f"{k} {v:.0f}" for k, v in made["seconds_by_part"].items())
            yield (
                f"Making {record['passages']:,} passages ({record['sentences']:,} sentences):"
                f" {made['seconds']:.0f} s ({parts}), {made['disk_bytes'] / 1e6:,.0f} MB on disk,"
                f" peak memory {made['peak_bytes'] / 1e6:,.0f} MB."
            )


if __name__ == "__main__":
    main()
