"""What rebuild and update share: reading the sources and writing a generation."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from index.building.donor import Donor
from index.building.intake import Intake
from index.building.memory import peak_bytes
from index.building.plan import Plan, Summary, Tally
from index.building.timings import Timings
from index.building.writer import GenerationWriter
from index.catalog import Catalog
from index.errors import IndexFault, StrictRefusal
from index.generations import Generation
from index.generations.disk import is_disk_full
from index.generations.manifest import Manifest
from index.readers.sources import source_key


class Run:
    """One run: its plan, what it has counted and timed so far, and the intake."""

    def __init__(self, plan: Plan, sources: Sequence[str]) -> None:
        self._plan = plan
        self._sources = list(dict.fromkeys(source_key(source) for source in sources))
        self._tally = Tally()
        self._timings = Timings()
        self._started = time.perf_counter()
        self._intake = Intake(plan, self._sources, self._tally, self._timings)

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
            sentence_vectors=bool(writer.embedding.sentence_vectors),
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
            reused=0 if writer is None else writer.embedding.reused,
            embedded=0 if writer is None else writer.embedding.embedded,
            skipped=tuple(tally.skipped),
            notices=tuple(tally.notices),
            seconds=round(time.perf_counter() - self._started, 3),
            peak_memory_bytes=peak_bytes(),
            seconds_by_part={k: round(v, 3) for k, v in self._timings.seconds.items()},
        )


def _known_sentence_vectors(base: Generation | None) -> bool | None:
    """Return whether sentences have vectors, None while there is none that could tell."""
    if base is None or not base.manifest.passages:
        return None
    return base.manifest.sentence_vectors
