"""How long work tells what it is doing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from index.articles import Article


class Progress(Protocol):
    """Told of progress from the thread that works; must be quick."""

    def start(self, what: str, total: int | None) -> None:
        """Begin a stretch of work of ``total`` units, if that is known."""
        ...

    def advance(self, done: int, note: str = "") -> None:
        """``done`` more units are finished; ``note`` says something of the state."""
        ...

    def finish(self) -> None:
        """End the stretch."""
        ...


class Silent:
    """Says nothing."""

    def start(self, what: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, done: int, note: str = "") -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Say nothing."""


class Reach:
    """How far reading has come, in bytes of files, so that the time left can be told.

    Addresses have no size before they are read; with one among the sources
    the total is unknown.
    """

    def __init__(self) -> None:
        self._place = ""
        self._size = 0
        self._counted = 0
        self._left: int | None = None

    def total(self, sources: Sequence[str]) -> int | None:
        """Return the size in bytes of all files below the sources, None if unknown."""
        if any("://" in source for source in sources):
            return None
        self._left = sum(_size(Path(source)) for source in sources)
        return self._left

    def bytes_of(self, article: Article) -> int:
        """Return how many more bytes are done now that this article was read.

        A file of many articles counts by the length of their texts until the
        next file begins; then the rest of it counts at once. All of them
        together are never more than the total: files may grow while they are
        read, and links lead to files that were not counted.
        """
        rest = 0
        if article.origin != self._place:
            rest = self._size - self._counted
            self._place, self._counted = article.origin, 0
            self._size = _size(Path(article.origin)) if "://" not in article.origin else 0
        step = min(len(article.text), self._size - self._counted)
        self._counted += step
        if self._left is None:
            return rest + step
        done = min(rest + step, self._left)
        self._left -= done
        return done


def _size(path: Path) -> int:
    try:
        if path.is_file():
            return path.stat().st_size
        size = 0
        for folder, inner, names in os.walk(path):
            inner[:] = [name for name in inner if not name.startswith(".")]
            size += sum(
                (Path(folder) / name).lstat().st_size for name in names if not name.startswith(".")
            )
    except (OSError, ValueError):
        return 0
    return size
