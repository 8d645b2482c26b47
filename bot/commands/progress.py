"""Progress on a terminal: what, how many, rate, time left. Nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.building.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class _RichProgress:
    """Draws a bar on standard error."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def start(self, what: str, total: int | None) -> None:
        """Show a new bar."""
        self._task = self._bar.add_task(what, total=total or None, note="")

    def advance(self, done: int, note: str = "") -> None:
        """Move the bar."""
        if self._task is not None:
            self._bar.update(self._task, advance=done, note=note)

    def finish(self) -> None:
        """Fill the bar."""
        if self._task is not None:
            task = self._bar.tasks[self._task]
            self._bar.update(self._task, total=task.completed, completed=task.completed)


@contextmanager
def terminal_progress(*, bytes_: bool = True) -> Iterator[Progress]:
    """Show progress on standard error if that is a terminal.

    ``bytes_`` says that the units are bytes; otherwise they are counted as they are.
    """
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    amount = [DownloadColumn(), TransferSpeedColumn()] if bytes_ else [MofNCompleteColumn()]
    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        *amount,
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        yield _RichProgress(bar)
