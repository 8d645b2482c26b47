"""What every benchmark prints around its numbers: when, on what, with which versions."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from index.build import Plan
from index.embed import Embedder
from index.generations import DataFolder
from index.readers.fetch import Validator
from index.readers.limits import Limits
from index.readers.sources import Item, read_source
from index.tokens import TokenCounter

_PACKAGES = ("chromadb", "tantivy", "onnxruntime", "numpy", "tiktoken")


def environment(*more: str) -> dict[str, str]:
    """Return date, machine and versions; nothing in it names the machine."""
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_cores()} cores, {_processor()}, {_memory_gb():.0f} GB",
        "load": f"{os.getloadavg()[0]:.1f} when it began",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "SQLite": sqlite3.sqlite_version,
    }
    return found | {name: version(name) for name in (*_PACKAGES, *more)}


def version(package: str) -> str:
    """Return the version of an installed package, or that it is missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _cores() -> int:
    counted = getattr(os, "sched_getaffinity", None)
    return len(counted(0)) if counted else os.cpu_count() or 1


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return (found[1] if found else platform.processor()) or "unknown processor"


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; floats keep three digits.

    >>> print(table(["what", "ms"], [["p50", 1.23456], ["count", 12345]]))
    | what | ms |
    |---|---|
    | p50 | 1.23 |
    | count | 12,345 |
    """
    lines = [heads, *[[cell(each) for each in row] for row in rows]]
    drawn = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([drawn[0], "|" + "---|" * len(heads), *drawn[1:]])


def cell(value: object) -> str:
    """Return a value as a table shows it.

    >>> cell(0.01234), cell(123.4), cell(12.34), cell(None)
    ('0.0123', '123', '12.3', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)


def publish(
    title: str, notes: Sequence[str], tables: Sequence[str], to: Path | None, **raw: object
) -> None:
    """Print title, environment, notes and tables; write ``raw`` with all that as JSON."""
    about = environment("langchain-chroma", "langchain-text-splitters")
    print(f"\n## {title}\n")
    print("; ".join(f"{name} {value}" for name, value in about.items()) + ".")
    for note in notes:
        print(f"\n{note}")
    for each in tables:
        print(f"\n{each}")
    sys.stdout.flush()
    if to is not None:
        whole = {"title": title, "environment": about, "notes": list(notes), **raw}
        to.write_text(json.dumps(whole, indent=1, default=str) + "\n", encoding="utf-8")


def plan_for(folder: Path, embedder: Embedder) -> Plan:
    """Return a plan that reads files and writes generations below ``folder``."""

    def read(source: str, known: Mapping[str, Validator]) -> Iterator[Item]:
        return read_source(source, limits=Limits(), known=known)

    return Plan(DataFolder(folder), embedder, TokenCounter(), read)


def common_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what all benchmarks take."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the raw numbers here")
    parser.add_argument(
        "--folder", type=Path, help="where to build (the system's temporary folder otherwise)"
    )


@contextmanager
def scratch(parent: Path | None) -> Iterator[Path]:
    """Give a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-", dir=parent) as place:
        yield Path(place)


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def in_own_process(module: str, *arguments: str) -> dict[str, object]:
    """Run a module so that its peak memory is its own; return the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def progress(message: str) -> None:
    """Tell on the error stream what is being done."""
    print(message, file=sys.stderr, flush=True)
