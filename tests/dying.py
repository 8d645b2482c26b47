"""Runs that end badly, in processes of their own: killed at a chosen step, or out of room."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import index.building.writer
from index.catalog.writing import CatalogWriter
from index.errors import IndexFault
from index.generations.rowfile import RowFile
from index.lexical import LexicalIndex
from index.vectors import VectorStore
from tests.conftest import COUNT, Desk

WINDOW = 6
# Whatever changes what is on the disk; calls of the system's own are seen in Python only.
STEPS = (
    (os, "mkdir"),
    (os, "link"),
    (os, "rename"),
    (os, "replace"),
    (os, "fsync"),
    (os, "unlink"),
    (os, "rmdir"),
    (RowFile, "append"),
    (VectorStore, "add"),
    (VectorStore, "remove"),
    (VectorStore, "close"),
    (LexicalIndex, "add_passages"),
    (LexicalIndex, "commit"),
    (CatalogWriter, "add"),
    (CatalogWriter, "remove"),
    (CatalogWriter, "commit"),
    (CatalogWriter, "finish"),
)


class Countdown:
    """Kills this process at a step; the step itself is not done any more."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def wrap(self, owner: object, name: str) -> None:
        """Count the calls of ``owner.name``."""
        original: Callable[..., object] = getattr(owner, name)

        def counted(*arguments: object, **named: object) -> object:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **named)

        setattr(owner, name, counted)


def run(folder: Path, doing: str) -> None:
    """Rebuild or update with small windows."""
    index.building.writer.WINDOW = WINDOW
    desk = Desk(folder, new=False)
    (desk.rebuild if doing == "rebuild" else desk.update)()


def die_at(folder: Path, doing: str, step: int) -> None:
    """Run and be killed at a step; return if there are fewer."""
    countdown = Countdown(step)
    for owner, name in STEPS:
        countdown.wrap(owner, name)
    run(folder, doing)


def with_files_up_to(folder: Path, doing: str, size: int, answer: Path) -> None:
    """Run with a limit in bytes on every file, and write down how it ended."""
    COUNT("warm")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    say_how_it_ends(folder, doing, answer)


def say_how_it_ends(folder: Path, doing: str, answer: Path) -> None:
    """Run and write down the error's kind, its message and its remedy."""
    try:
        run(folder, doing)
    except IndexFault as error:
        said = f"{type(error).__name__}\n{error}\n{error.remedy}"
    except BaseException as error:
        said = f"{type(error).__name__}\n{error!r}\n"
    else:
        said = "done"
    answer.write_text(said, "utf-8")


if __name__ == "__main__":
    say_how_it_ends(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
