"""Rebuild and update: from SOURCE arguments to a new current generation.

Both read the sources once, in order, and never touch the generation that
readers see. What could not be read is named in the summary; articles that an
earlier generation has from such a place are kept, never silently lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from index.building.plan import Plan, Summary
from index.building.rebuilding import Rebuild
from index.building.updating import Update
from index.errors import DiskFull, IndexFault
from index.generations import DataFolder
from index.generations.disk import is_disk_full

__all__ = ["Plan", "Summary", "rebuild", "update"]


def rebuild(plan: Plan, sources: Sequence[str]) -> Summary:
    """Make a new generation from the sources and switch to it.

    Raises `WriterBusy`, `StrictRefusal`, `DiskFull`, and `IndexFault` if no
    article could be read at all; the current generation is untouched then.
    """
    with _writing_to(plan.data, "rebuild"):
        return Rebuild(plan, sources).run()


def update(plan: Plan, sources: Sequence[str], *, dry_run: bool = False) -> Summary:
    """Apply what differs between the sources and the current generation.

    Only articles that came from these SOURCE arguments are removed when they
    are gone. If nothing differs, the current generation stays. Raises what
    `rebuild` does, and `ModelMismatch` if another embedder made the index.
    """
    if dry_run:
        return Update(plan, sources, dry_run=True).run()
    with _writing_to(plan.data, "update"):
        return Update(plan, sources, dry_run=False).run()


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
