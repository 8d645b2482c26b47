"""Fixtures: real catalogues, lexical indexes and Chroma in temporary folders; a hash embedder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.articles import Article
from index.build import Plan, Summary, rebuild, update
from index.embed import Embedder
from index.embed.hash import HashEmbedder
from index.generations import DataFolder
from index.readers.fetch import Validator
from index.readers.limits import Limits
from index.readers.sources import Item, read_source
from index.search.reader import IndexReader
from index.tokens import TokenCounter

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNT = TokenCounter()  # it reads its vocabulary once, at the first count
ROOT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    """Return a folder of the open evaluation data, or skip the test and say so."""
    places = [os.environ.get("FOOTNOTE_SHARED_DATA"), ROOT.parent / "shared" / "data"]
    for place in places:
        if place and (Path(place) / name).exists():
            return Path(place) / name
    pytest.skip(f"the open evaluation data ({name}) is not here; set FOOTNOTE_SHARED_DATA")


def article(text: str, id: str = "a", **fields: object) -> Article:  # noqa: A002
    """Return an article with this text."""
    return Article.of(id=id, text=text, origin=str(fields.pop("origin", id)), **fields)  # type: ignore[arg-type]


class Desk:
    """A data folder with everything that a build needs, and folders of sources beside it."""

    def __init__(self, folder: Path, *, new: bool = True) -> None:
        self.folder = folder
        self.data = DataFolder(folder / "data")
        self.sources = folder / "sources"
        self.sources.mkdir(parents=True, exist_ok=not new)
        self.embedder: Embedder = HashEmbedder()

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a source file."""
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def write_lines(self, name: str, *articles: Mapping[str, object]) -> Path:
        """Write a JSONL file of articles."""
        return self.write(name, "".join(json.dumps(each) + "\n" for each in articles))

    def plan(self, **changes: object) -> Plan:
        """Return a plan; ``changes`` replace its fields."""

        def read(source: str, known: Mapping[str, Validator]) -> Iterator[Item]:
            return read_source(source, limits=Limits(max_bytes=1_000_000), known=known)

        plan = Plan(self.data, self.embedder, COUNT, read, now=lambda: NOON)
        return replace(plan, **changes)  # type: ignore[arg-type]

    def rebuild(self, *sources: str | Path, **changes: object) -> Summary:
        """Rebuild from the sources, by default from the whole folder."""
        return rebuild(self.plan(**changes), [str(s) for s in sources or (self.sources,)])

    def update(self, *sources: str | Path, dry_run: bool = False, **changes: object) -> Summary:
        """Update from the sources, by default from the whole folder."""
        named = [str(s) for s in sources or (self.sources,)]
        return update(self.plan(**changes), named, dry_run=dry_run)

    def open(self) -> IndexReader:
        """Open the current generation."""
        return IndexReader(self.data, self.embedder)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return an empty desk."""
    return Desk(tmp_path)
