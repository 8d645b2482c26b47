"""Rebuild: a generation made from nothing but the sources."""

from __future__ import annotations

from collections.abc import Sequence

from index.building.plan import Summary
from index.building.run import Run
from index.building.writer import GenerationWriter
from index.catalog import Catalog
from index.errors import IndexFault, NothingIndexed
from index.generations import DataFolder, Generation


class Rebuild(Run):
    """A generation made from nothing but the sources (and vectors that fit)."""

    def run(self) -> Summary:
        """Build, switch and say what was done."""
        data = self._plan.data
        data.trim_leftovers()
        with self._timings.measure("check"):
            sound = data.sound()
        previous = _before(data, sound)
        with self._writing(None, self._find_donors(sound)) as writer:
            for source, article in self._intake.articles({}):
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
            if self._intake.has_met(id_) or not self._intake.protects(origin, source):
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


def _before(data: DataFolder, sound: Sequence[Generation]) -> Generation | None:
    """Return the current generation or, if it is damaged, the last sound one before it."""
    try:
        name = data.current_name()
    except NothingIndexed:
        return None
    except IndexFault:
        return sound[0] if sound else None
    return next((each for each in sound if each.manifest.name <= name), None)
