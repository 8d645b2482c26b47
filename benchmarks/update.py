"""How long an update takes beside the build that it spares.

python -m benchmarks.update --articles 1000
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.report import common_arguments, plan_for, progress, publish, scratch, table
from benchmarks.resample import WORDS, Collection, default_texts, write_articles
from index.articles import Article
from index.build import Summary, rebuild, update
from index.embed import EmbedInput, create_embedder


def changed(collection: Collection, count: int, share: float, words: int) -> Iterator[Article]:
    """Yield the articles again, of which every so many has one more sentence."""
    every = max(1, round(1 / share))
    for number in range(count):
        yield collection.article(number, words=words, version=int(number % every == 0))


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000])
    parser.add_argument("--texts", type=Path, help="articles to resample (Wikinews, or examples)")
    parser.add_argument("--words", type=int, default=WORDS, help="words in an article")
    parser.add_argument("--changed", type=float, default=0.01, help="share that changes")
    parser.add_argument("--rounds", type=int, default=3, help="unchanged updates (median taken)")
    parser.add_argument("--embedder", default="local", help="local, hash, or provider:model")
    common_arguments(parser)
    return parser


def measure(size: int, args: argparse.Namespace, collection: Collection) -> list[list[object]]:
    """Return the rows of one size: the build, the unchanged and the changed update."""
    model = create_embedder(args.embedder)
    model.embed_passages([EmbedInput("Loading the model is no part of a build.")])
    with scratch(args.folder) as place:
        path, plan = place / "articles.jsonl", plan_for(place / "data", model)
        write_articles(path, collection.articles(size, words=args.words))
        progress(f"building {size:,} articles")
        built, first = _timed(lambda: rebuild(plan, [str(path)]))
        rows = [_row("build", size, built, built, first)]
        progress("updating")
        same = [_timed(lambda: update(plan, [str(path)])) for _ in range(args.rounds)]
        seconds = statistics.median(each[0] for each in same)
        rows.append(_row("nothing changed", size, seconds, built, same[-1][1]))
        write_articles(path, changed(collection, size, args.changed, args.words))
        seconds, summary = _timed(lambda: update(plan, [str(path)]))
        rows.append(_row(f"{args.changed:.0%} changed", size, seconds, built, summary))
    return rows


def _timed(work: Callable[[], Summary]) -> tuple[float, Summary]:
    start = time.perf_counter()
    summary = work()
    return time.perf_counter() - start, summary


def _row(what: str, size: int, seconds: float, built: float, summary: Summary) -> list[object]:
    parts = summary.seconds_by_part
    counts = [summary.added, summary.changed, summary.unchanged, summary.embedded, summary.reused]
    rest = [parts.get("embed", 0.0), parts.get("read", 0.0), parts.get("switch", 0.0)]
    return [what, size, seconds, built / seconds, *counts, *rest]


def main(argv: list[str] | None = None) -> None:
    """Measure every size and print the table."""
    args = arguments().parse_args(argv)
    collection = Collection.read(args.texts or default_texts())
    rows = [row for size in args.articles for row in measure(size, args, collection)]
    heads = ["run", "articles", "seconds", "times faster than the build", "added", "changed"]
    heads += ["unchanged", "passages embedded", "passages reused", "embed s", "read s", "switch s"]
    notes = [
        f"Articles of about {args.words} words resampled from real ones; embedder"
        f" `{args.embedder}`; nothing changed: median of {args.rounds}."
    ]
    raw = [dict(zip(heads, row, strict=True)) for row in rows]
    publish("Update", notes, [table(heads, rows)], args.json, runs=raw)


if __name__ == "__main__":
    main()
