"""The composition root: settings become the parts that do the work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.ask import Asker
from bot.settings import Settings
from index.build import Plan
from index.building.progress import Progress, Silent
from index.embed import Embedder, create_embedder
from index.generations import DataFolder
from index.readers.fetch import HttpFetcher, Validator
from index.readers.limits import MIB, Limits
from index.readers.sources import Item, read_source
from index.search.reader import IndexReader
from index.tokens import TokenCounter


def data_folder(settings: Settings) -> DataFolder:
    """Return the folder that holds the generations."""
    return DataFolder(settings.data_dir)


def embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name."""
    return create_embedder(settings.embedder)


def limits(settings: Settings) -> Limits:
    """Return the bounds for reading sources."""
    return Limits(
        max_bytes=int(settings.max_file_mb * MIB),
        timeout_seconds=settings.fetch_timeout_seconds,
        allow_private=settings.allow_private_addresses,
    )


def open_index(settings: Settings) -> IndexReader:
    """Open the current generation for searching."""
    return IndexReader(data_folder(settings), embedder(settings))


def asker(settings: Settings, index: IndexReader) -> Asker:
    """Return what answers questions from an open index."""
    return Asker(index, settings.decline_below)


def build_plan(
    settings: Settings, *, progress: Progress | None = None, strict: bool = False
) -> Plan:
    """Return all that a rebuild or an update needs."""
    bounds = limits(settings)
    fetcher = HttpFetcher(bounds)

    def read(source: str, known: Mapping[str, Validator]) -> Iterator[Item]:
        return read_source(source, limits=bounds, fetcher=fetcher, known=known)

    return Plan(
        data=data_folder(settings),
        embedder=embedder(settings),
        count=TokenCounter(),
        read=read,
        progress=progress or Silent(),
        strict=strict,
    )
