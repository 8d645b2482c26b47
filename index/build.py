"""Rebuild and update: from SOURCE arguments to a new current generation.

Both read the sources once, in order, and never touch the generation that
readers see. What could not be read is named in the summary; articles that an
earlier generation has from such a place are kept, never silently lost.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from index.articles import Article
from index.catalog import Catalog
from index.disk import is_disk_full
from index.donor import Donor
from index.embed import Embedder
from index.errors import DiskFull, IndexFault, NothingIndexed, StrictRefusal, UnreadableSource
from index.fetch import NotModified, Validator
from index.generations import DataFolder, Generation
from index.manifest import Manifest
from index.memory import peak_bytes
from index.passages import BUDGET
from index.progress import Progress, Reach, Silent
from index.reader import mismatch
from index.sources import Item, Notice, source_key
from index.tokens import TokenCounter
from index.writer import GenerationWriter, Timings

# Reads one SOURCE; the mapping gives what servers said of addresses the last time.
ReadSource = Callable[[str, Mapping[str, Validator]], Iterator[Item]]


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
class _Tally:
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


def rebuild(plan: Plan, sources: Sequence[str]) -> Summary:
    """Make a new generation from the sources and switch to it.

    Raises `WriterBusy`, `StrictRefusal`, `DiskFull`, and `IndexFault` if no
    article could be read at all; the current generation is untouched then.
    """
    with _writing_to(plan.data, "rebuild"):
        return _Rebuild(plan, sources).run()


def update(plan: Plan, sources: Sequence[str], *, dry_run: bool = False) -> Summary:
    """Apply what differs between the sources and the current generation.

    Only articles that came from these SOURCE arguments are removed when they
    are gone. If nothing differs, the current generation stays. Raises what
    `rebuild` does, and `ModelMismatch` if another embedder made the index.
    """
    if dry_run:
        return _Update(plan, sources, dry_run=True).run()
    with _writing_to(plan.data, "update"):
        return _Update(plan, sources, dry_run=False).run()


@contextmanager
def _writing_to(data: DataFolder, doing: str) -> Iterator[None]:
    """Hold the writer's lock, and say in our words what the disk says."""
    try:
        with data.writer(doing):
            yield
    except Exception as error:
        if is_disk_full(error):
            raise DiskFull(
                f"the disk that holds {data.path} is full",
                remedy="Free some space and run it again; the index has not changed.",
            ) from error
        if isinstance(error, OSError | sqlite3.Error):
            raise IndexFault(
                f"{data.path} cannot be written ({error})",
                remedy="Check the disk and the permissions; the index has not changed.",
            ) from error
        raise


class _Run:
    """What rebuild and update share: reading the sources and writing a generation."""

    def __init__(self, plan: Plan, sources: Sequence[str]) -> None:
        self._plan = plan
        self._sources = list(dict.fromkeys(source_key(source) for source in sources))
        self._tally = _Tally()
        self._timings = Timings()
        self._started = time.perf_counter()
        self._seen: dict[str, bytes] = {}

    # ------------------------------------------------------------- reading

    def _articles(self, known: Mapping[str, Validator]) -> Iterator[tuple[str, Article]]:
        """Yield (SOURCE, article) for what can be read; note everything else."""
        progress, reach = self._plan.progress, Reach()
        progress.start("Reading and indexing", reach.total(self._sources))
        for source in self._sources:
            for item in self._timed(self._plan.read(source, known)):
                if not isinstance(item, Article):
                    self._note(item)
                elif self._is_new(item):
                    yield source, item
                if isinstance(item, Article):
                    progress.advance(reach.bytes_of(item), f"{len(self._seen):,} articles")
        progress.finish()

    def _timed(self, items: Iterator[Item]) -> Iterator[Item]:
        """Pass items through, counting the time that reading them takes."""
        while True:
            with self._timings.measure("read"):
                item = next(items, None)
            if item is None:
                return
            yield item

    def _note(self, item: UnreadableSource | Notice | NotModified | Validator) -> None:
        match item:
            case UnreadableSource():
                self._tally.skipped.append(item)
                self._tally.protected.add(item.origin)
            case NotModified():
                self._tally.protected.add(item.validator.url)
                self._tally.validators.append(item.validator)
            case Validator():
                self._tally.validators.append(item)
            case Notice():
                self._tally.notices.append(item)

    def _is_protected(self, origin: str, source: str) -> bool:
        """Return whether an earlier article must stay since its place could not be read."""
        protected = self._tally.protected
        if protected & {origin, source}:
            return True
        # A folder that cannot be read hides whatever is below it.
        return "://" not in origin and any(
            parent.as_posix() in protected for parent in Path(origin).parents
        )

    def _is_new(self, article: Article) -> bool:
        """Return whether this id is met for the first time; a clash is noted."""
        digest = fingerprint(article)
        earlier = self._seen.setdefault(article.id, digest)
        if earlier is digest:
            return True
        if earlier != digest:
            # The place itself was read, so nothing from before has to stay for its sake.
            self._tally.skipped.append(
                UnreadableSource(
                    article.origin,
                    f"another article with the id {article.id!r} was read before;"
                    " this one is left out",
                    remedy="Give the two articles different ids.",
                )
            )
        return False

    # ------------------------------------------------------------- writing

    @contextmanager
    def _writing(self, base: Generation | None, donors: list[Donor]) -> Iterator[GenerationWriter]:
        """Write a generation, a copy of ``base`` or an empty one; leave no half-full disk."""
        building: Generation | None = None
        try:
            building = self._plan.data.start(clone=base)
            writer = GenerationWriter(
                building,
                self._plan.embedder,
                self._plan.count,
                budget=self._plan.budget,
                sentence_vectors=_known_sentence_vectors(base),
                donors=donors,
                timings=self._timings,
            )
            try:
                yield writer
            except BaseException:
                writer.abandon()
                raise
        except Exception as error:
            if building is not None and is_disk_full(error):
                # What was embedded so far is given up: the space is needed more.
                shutil.rmtree(building.folder, ignore_errors=True)
            raise
        finally:
            for donor in donors:
                donor.close()

    def _find_donors(self, generations: Sequence[Generation]) -> list[Donor]:
        """Return what has vectors to give: these generations and builds that were cut off."""
        embedder = self._plan.embedder
        donors = [
            Donor(each, embedder.dimension, finished=True)
            for each in generations
            if each.manifest.embedder == embedder.name
        ]
        for folder in self._plan.data.leftovers():
            try:
                donors.append(Donor.of_leftover(folder, embedder.dimension))
            except IndexFault:
                continue  # cut off before it had anything to give
        return donors

    def _finish(
        self,
        writer: GenerationWriter,
        previous: Generation | None,
        base: Generation | None = None,
    ) -> Generation:
        """Refuse under ``--strict``, else make what was written the current generation.

        ``previous`` is what rollback returns to, ``base`` what this one is a copy of.
        """
        self._refuse_if_strict()
        writer.catalog.set_validators(self._tally.validators)
        writer.finish()
        counts = Catalog(writer.generation.catalog)
        totals = counts.counts()
        counts.close()
        sentence_rows, passage_rows = writer.physical_rows
        manifest = Manifest(
            name=writer.generation.folder.name.removesuffix(".building"),
            embedder=self._plan.embedder.name,
            dimension=self._plan.embedder.dimension,
            sentence_vectors=bool(writer.sentence_vectors),
            articles=totals.articles,
            sentences=totals.sentences,
            passages=totals.passages,
            sentence_rows=sentence_rows,
            passage_rows=passage_rows,
            made_at=self._plan.now().isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - self._started, 3),
            sources=tuple(self._sources),
            previous=None if previous is None else previous.manifest.name,
        )
        with self._timings.measure("switch"):
            generation = self._plan.data.finish(writer.generation, manifest, base)
            self._plan.data.prune()
        return generation

    def _refuse_if_strict(self) -> None:
        skipped = self._tally.skipped
        if self._plan.strict and skipped:
            rest = f" (and {len(skipped) - 1} more)" if len(skipped) > 1 else ""
            raise StrictRefusal(
                f"--strict: {skipped[0]}{rest}",
                remedy="Mend or leave out what cannot be read; the index has not changed.",
            )

    def _summary(
        self,
        generation: Generation | None,
        writer: GenerationWriter | None,
        *,
        dry_run: bool = False,
    ) -> Summary:
        manifest = None if generation is None else generation.manifest
        tally = self._tally
        return Summary(
            generation="" if manifest is None else manifest.name,
            dry_run=dry_run,
            articles=0 if manifest is None else manifest.articles,
            sentences=0 if manifest is None else manifest.sentences,
            passages=0 if manifest is None else manifest.passages,
            added=tally.added,
            changed=tally.changed,
            removed=tally.removed,
            unchanged=tally.unchanged,
            kept=tally.kept,
            duplicates=tally.duplicates,
            copies=0 if writer is None else writer.copies,
            reused=0 if writer is None else writer.reused,
            embedded=0 if writer is None else writer.embedded,
            skipped=tuple(tally.skipped),
            notices=tuple(tally.notices),
            seconds=round(time.perf_counter() - self._started, 3),
            peak_memory_bytes=peak_bytes(),
            seconds_by_part={k: round(v, 3) for k, v in self._timings.seconds.items()},
        )


class _Rebuild(_Run):
    """A generation made from nothing but the sources (and vectors that fit)."""

    def run(self) -> Summary:
        """Build, switch and say what was done."""
        data = self._plan.data
        data.trim_leftovers()
        with self._timings.measure("check"):
            sound = data.sound()
        previous = _before(data, sound)
        with self._writing(None, self._find_donors(sound)) as writer:
            for source, article in self._articles({}):
                added = writer.add(article, source)
                self._tally.added += added
                self._tally.duplicates += not added
            if previous is not None:
                self._keep_unread(writer, previous)
            if not self._tally.added + self._tally.kept:
                self._refuse_if_strict()
                raise self._nothing_read()
            generation = self._finish(writer, previous)
            return self._summary(generation, writer)

    def _keep_unread(self, writer: GenerationWriter, previous: Generation) -> None:
        """Take over the articles of places that could not be read this time."""
        catalog = Catalog(previous.catalog)
        for id_, origin, source in catalog.origins_of(self._sources):
            if id_ in self._seen or not self._is_protected(origin, source):
                continue
            found = catalog.article_by_id(id_)
            if found is not None:
                writer.add(found.article, source)
                self._tally.kept += 1
        catalog.close()

    def _nothing_read(self) -> IndexFault:
        first = f": {self._tally.skipped[0]}" if self._tally.skipped else ""
        return IndexFault(
            f"no article could be read{first}",
            remedy="Check the SOURCE arguments; the index has not changed.",
        )


class _Update(_Run):
    """The difference between the sources and the current generation."""

    def __init__(self, plan: Plan, sources: Sequence[str], *, dry_run: bool) -> None:
        super().__init__(plan, sources)
        self._dry_run = dry_run
        self._changes: list[_Change] = []

    def run(self) -> Summary:
        """Find the difference, apply it unless it is a dry run, and say what was done."""
        current = self._plan.data.current()
        if current.manifest.embedder != self._plan.embedder.name:
            raise mismatch(current.manifest.embedder, self._plan.embedder.name)
        catalog = Catalog(current.catalog)
        changes = self._differences(catalog)
        first = next(changes, None)
        if first is None or self._dry_run:
            for _ in changes:
                pass
            catalog.close()
            self._refuse_if_strict()
            return self._summary(current, None, dry_run=self._dry_run)
        self._plan.data.trim_leftovers()
        with self._writing(current, self._find_donors([current])) as writer:
            self._apply(writer, first)
            for change in changes:
                self._apply(writer, change)
            catalog.close()
            generation = self._finish(writer, current, current)
            return self._summary(generation, writer)

    def _apply(self, writer: GenerationWriter, change: _Change) -> None:
        if change.moved is not None:
            writer.catalog.move_origin(change.moved.id, change.moved.origin, change.source)
        if change.remove is not None:
            writer.remove_origin(change.remove)
        if change.add is not None:
            self._tally.duplicates += not writer.add(change.add, change.source)

    def _differences(self, catalog: Catalog) -> Iterator[_Change]:
        """Yield every difference, in the order of the sources, removals last."""
        for source, article in self._articles(catalog.validators()):
            old = catalog.article_by_id(article.id)
            if old is None:
                self._tally.added += 1
                yield _Change(None, article, source)
            elif fingerprint(old.article) != fingerprint(article):
                self._tally.changed += 1
                yield _Change(article.id, article, source)
            elif old.article.origin != article.origin:
                self._tally.changed += 1
                yield _Change(None, None, source, moved=article)
            else:
                self._tally.unchanged += 1
        for id_, origin, source in catalog.origins_of(self._sources):
            if id_ in self._seen:
                continue
            if self._is_protected(origin, source) or left_a_feed(origin, source):
                self._tally.kept += 1
                continue
            self._tally.removed += 1
            yield _Change(id_, None, source)


@dataclass(frozen=True, slots=True)
class _Change:
    """Remove the article of an id, add an article, or one after the other.

    ``moved`` is an article that only stands in another place than before.
    """

    remove: str | None
    add: Article | None
    source: str
    moved: Article | None = None


def left_a_feed(origin: str, source: str) -> bool:
    """Return whether an article was linked from a feed; feeds drop entries that still stand.

    >>> left_a_feed("https://news.example/a", "https://news.example/feed.xml")
    True
    """
    return "://" in origin and origin != source


def fingerprint(article: Article) -> bytes:
    """Return 16 bytes that differ if anything differs that is indexed or shown."""
    shown = (
        article.content_hash,
        article.url,
        article.title,
        article.outlet,
        article.author,
        article.published,
        article.language,
        article.pages,
        json.dumps(dict(article.extra), sort_keys=True, default=str),
    )
    return hashlib.blake2b(repr(shown).encode("utf-8", "replace"), digest_size=16).digest()


def _known_sentence_vectors(base: Generation | None) -> bool | None:
    """Return whether sentences have vectors, None while there is none that could tell."""
    if base is None or not base.manifest.passages:
        return None
    return base.manifest.sentence_vectors


def _before(data: DataFolder, sound: Sequence[Generation]) -> Generation | None:
    """Return the current generation or, if it is damaged, the last sound one before it."""
    try:
        name = data.current_name()
    except NothingIndexed:
        return None
    except IndexFault:
        return sound[0] if sound else None
    return next((each for each in sound if each.manifest.name <= name), None)
