"""How fast articles become an index, and how much memory that takes.

    python -m benchmarks.build --articles 1000 10000 40000

Each size is built in a process of its own, so that its peak memory is its own.
``--embedder hash`` leaves the model out, which shows everything else quickly.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.report import (
    common_arguments,
    folder_bytes,
    in_own_process,
    plan_for,
    progress,
    publish,
    scratch,
    table,
)
from benchmarks.resample import WORDS, Collection, default_texts, write_articles
from index.build import rebuild
from index.embed import EmbedInput, create_embedder

PARTS = ("read", "segment", "passages", "embed", "vectors", "lexical", "catalogue", "switch")


def build(articles: Path, folder: Path, embedder: str) -> dict[str, object]:
    """Build an index in this process and return what it took."""
    model = create_embedder(embedder)
    model.embed_passages([EmbedInput("Loading the model is no part of a build.")])
    summary = rebuild(plan_for(folder, model), [str(articles)])
    return {**asdict(summary), "disk_bytes": folder_bytes(folder)}


def measure(size: int, args: argparse.Namespace, collection: Collection) -> dict[str, object]:
    """Make the articles, build them in a new process and return what it took."""
    with scratch(args.folder) as place:
        path = place / "articles.jsonl"
        progress(f"making {size:,} articles")
        size_bytes = write_articles(path, collection.articles(size, words=args.words))
        progress(f"building them ({size_bytes / 1e6:,.1f} MB of text)")
        found = in_own_process(
            "benchmarks.build", f"--one={path}", f"--folder={place}", f"--embedder={args.embedder}"
        )
    return {**found, "text_bytes": size_bytes}


def speed_row(run: dict[str, object]) -> list[object]:
    """Return a row of the table of speeds."""
    number = {key: float(str(run[key])) for key in ("seconds", "text_bytes")}
    seconds = number["seconds"]
    parts = _parts(run)
    embedding = parts.get("embed", 0.0)
    return [
        int(str(run["articles"])),
        int(str(run["sentences"])),
        int(str(run["passages"])),
        seconds,
        float(str(run["articles"])) / seconds,
        float(str(run["sentences"])) / seconds,
        number["text_bytes"] / 1e6 / seconds,
        f"{embedding / seconds:.1%}",
        float(str(run["peak_memory_bytes"])) / 1e6,
        float(str(run["disk_bytes"])) / 1e6,
    ]


def parts_row(run: dict[str, object]) -> list[object]:
    """Return a row of the table of parts: seconds, and what no part counted."""
    parts = _parts(run)
    seconds = float(str(run["seconds"]))
    other = seconds - sum(parts.values())
    return [int(str(run["articles"])), *[parts.get(each, 0.0) for each in PARTS], other]


def _parts(run: dict[str, object]) -> dict[str, float]:
    found = run["seconds_by_part"]
    return {str(k): float(v) for k, v in found.items()} if isinstance(found, dict) else {}


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000])
    parser.add_argument("--texts", type=Path, help="articles to resample (Wikinews, or examples)")
    parser.add_argument("--words", type=int, default=WORDS, help="words in an article")
    parser.add_argument("--embedder", default="local", help="local, hash, or provider:model")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    common_arguments(parser)
    return parser


def main(argv: list[str] | None = None) -> None:
    """Measure every size and print the tables."""
    args = arguments().parse_args(argv)
    if args.one:
        print(json.dumps(build(args.one, args.folder / "data", args.embedder), default=str))
        return
    collection = Collection.read(args.texts or default_texts())
    runs = [measure(size, args, collection) for size in args.articles]
    heads = ["articles", "sentences", "passages", "seconds", "articles/s", "sentences/s", "MB/s"]
    speeds = table([*heads, "embedding", "peak MB", "disk MB"], [speed_row(each) for each in runs])
    parts = table(["articles", *[f"{p} s" for p in PARTS], "other s"], [parts_row(r) for r in runs])
    notes = [
        f"Articles of about {args.words} words resampled from real ones; embedder"
        f" `{args.embedder}`; the lexical index, sentence vectors and catalogue included."
    ]
    publish("Build", notes, [speeds, parts], args.json, runs=runs)


if __name__ == "__main__":
    main()
