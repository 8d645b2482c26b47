"""Update: the difference between the sources and the current generation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.articles import Article
from index.building.intake import fingerprint
from index.building.plan import Plan, Summary
from index.building.run import Run
from index.building.writer import GenerationWriter
from index.catalog import Catalog
from index.generations.manifest import mismatch


@dataclass(frozen=True, slots=True)
class _Change:
    """Remove the article of an id, add an article, or one after the other.

    ``moved`` is an article that only stands in another place than before.
    """

    remove: str | None
    add: Article | None
    source: str
    moved: Article | None = None


class Update(Run):
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
        for source, article in self._intake.articles(catalog.validators()):
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
            if self._intake.has_met(id_):
                continue
            if self._intake.protects(origin, source) or left_a_feed(origin, source):
                self._tally.kept += 1
                continue
            self._tally.removed += 1
            yield _Change(id_, None, source)


def left_a_feed(origin: str, source: str) -> bool:
    """Return whether an article was linked from a feed; feeds drop entries that still stand.

    >>> left_a_feed("https://news.example/a", "https://news.example/feed.xml")
    True
    """
    return "://" in origin and origin != source
