"""What a run is given, what it counts on the way, and what it says it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from index.building.progress import Progress, Silent
from index.embed import Embedder
from index.errors import UnreadableSource
from index.generations import DataFolder
from index.passages import BUDGET
from index.readers.fetch import Validator
from index.readers.sources import Item, Notice
from index.tokens import TokenCounter

# Reads one SOURCE; the mapping gives what servers said of addresses the last time.
ReadSource = Callable[[str, Mapping[str, Validator]], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run needs besides the sources. ``now`` tells the time, with its zone."""

    data: DataFolder
    embedder: Embedder
    count: TokenCounter
    read: ReadSource
    progress: Progress = field(default_factory=Silent)
    strict: bool = False
    budget: int = BUDGET
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(slots=True)
class Tally:
    """What happened so far."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    kept: int = 0
    duplicates: int = 0
    skipped: list[UnreadableSource] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    validators: list[Validator] = field(default_factory=list)
    # Places (files, addresses, whole SOURCEs) whose earlier articles must stay.
    protected: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. ``generation`` is the current one after it.

    ``kept`` counts articles whose source could not be read this time and that
    were taken over from before; ``copies`` the near-duplicates found among the
    articles added; ``reused`` and ``embedded`` count passages. ``seconds_by_part``
    says where the time went.
    """

    generation: str
    dry_run: bool
    articles: int
    sentences: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int
    duplicates: int
    copies: int
    reused: int
    embedded: int
    skipped: tuple[UnreadableSource, ...]
    notices: tuple[Notice, ...]
    seconds: float
    peak_memory_bytes: int
    seconds_by_part: Mapping[str, float]
