"""Generations: finished indexes that readers see, one of which is current.

::

    DATA/CURRENT                      the name of the current generation
    DATA/writer.lock                  held by the one process that writes
    DATA/generations/g000007/         a finished generation; never changed again
    DATA/generations/g000008.building/  one that is being made, or was cut off

A generation is made in a folder of its own, renamed when it is complete, and
becomes current by the atomic replacement of one small file. Readers hold a
shared lock on the generation they have open; it is not deleted under them.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from index.errors import DamagedGeneration, IndexFault, NothingIndexed, WriterBusy
from index.generations.generation import Generation
from index.generations.manifest import (
    FORMAT,
    Manifest,
    check_contents,
    check_sizes,
    mark_files,
    read_manifest,
    write_manifest,
    write_whole,
)

_NAME = re.compile(r"g\d{6}")
_KEPT = 2
_LEFTOVERS = 2


class DataFolder:
    """The folder that ``--data`` names."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._generations = path / "generations"
        self._current = path / "CURRENT"

    # -------------------------------------------------------------- reading

    def current_name(self) -> str:
        """Return the name of the generation that readers see; raise `NothingIndexed`."""
        try:
            name = self._current.read_text("ascii", "replace").strip()
        except FileNotFoundError:
            raise NothingIndexed(
                f"nothing is indexed in {self.path}",
                remedy="Run `footnote rebuild SOURCE...` first.",
            ) from None
        if not _NAME.fullmatch(name):
            raise DamagedGeneration(
                f"{self._current} does not name a generation",
                remedy="Run `footnote rollback`, or `footnote rebuild` with your sources.",
            )
        return name

    def current(self) -> Generation:
        """Return the generation that readers see; raise `NothingIndexed` without one."""
        return self.load(self.current_name())

    def current_or_none(self) -> Generation | None:
        """Return the current generation, or None before the first build."""
        try:
            return self.current()
        except NothingIndexed:
            return None

    def load(self, name: str) -> Generation:
        """Return a finished generation by name; raise `DamagedGeneration` if it is not whole."""
        folder = self._generations / name
        try:
            manifest = read_manifest(folder / "manifest.json")
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise _damaged(f"generation {name} has no readable manifest ({error!r})") from error
        if manifest.format != FORMAT:
            raise IndexFault(
                f"generation {name} has format {manifest.format}, this version reads {FORMAT}",
                remedy="Run `footnote rebuild` with your sources.",
            )
        generation = Generation(folder, manifest)
        for part in (generation.catalog, generation.lexical, generation.chroma):
            if not part.exists():
                raise _damaged(f"generation {name} lacks {part.name}")
        check_sizes(folder, manifest.files)
        return generation

    def sound(self) -> list[Generation]:
        """Return the generations whose files are what they were: the current one first.

        The others follow, newest first. Reads every file but those of the engines.
        """
        names = self.finished()[::-1]
        with suppress(IndexFault):
            names.sort(key=lambda name: name != self.current_name())
        found = []
        for name in names:
            with suppress(IndexFault):
                generation = self.load(name)
                check_contents(generation.folder, generation.manifest.files)
                found.append(generation)
        return found

    def finished(self) -> list[str]:
        """Return the names of the finished generations, oldest first."""
        if not self._generations.is_dir():
            return []
        return sorted(p.name for p in self._generations.iterdir() if _NAME.fullmatch(p.name))

    @contextmanager
    def lease(self, generation: Generation) -> Iterator[None]:
        """Keep a generation from being deleted while it is read."""
        with (generation.folder / "lease").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    # -------------------------------------------------------------- writing

    @contextmanager
    def writer(self, doing: str) -> Iterator[None]:
        """Hold the one writer's lock; raise `WriterBusy`, naming the holder, if it is taken."""
        self._generations.mkdir(parents=True, exist_ok=True)
        path = self.path / "writer.lock"
        with path.open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise WriterBusy(
                    f"another process writes to {self.path}: {file.read().strip() or 'unknown'}",
                    remedy="Wait until it is done, or end it; the index has not changed.",
                ) from None
            with suppress(OSError):  # on a full disk it is held all the same
                _describe_holder(file, doing)
            yield
            file.truncate(0)

    def start(self, *, clone: Generation | None = None) -> Generation:
        """Make the folder of a new generation, empty or as a copy of a finished one.

        Files of rows that only grow are shared by hard links where the file
        system allows it; everything else is copied. The manifest is not.
        """
        number = 1 + max((int(name[1:7]) for name in self._all_names()), default=0)
        name = f"g{number:06}"
        folder = self._generations / f"{name}.building"
        try:
            if clone is None:
                folder.mkdir()
            else:
                shutil.copytree(
                    clone.folder,
                    folder,
                    ignore=shutil.ignore_patterns("manifest.json", "lease"),
                    copy_function=_link_or_copy,
                )
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Generation.unfinished(folder)

    def leftovers(self) -> list[Path]:
        """Return the folders of builds that were cut off, newest first."""
        if not self._generations.is_dir():
            return []
        return sorted(self._generations.glob("g*.building"), reverse=True)

    def finish(
        self, building: Generation, manifest: Manifest, base: Generation | None = None
    ) -> Generation:
        """Make a built folder a generation and switch to it; both steps are atomic.

        ``base`` is what the folder was made as a copy of.
        """
        name = building.folder.name.removesuffix(".building")
        known = {} if base is None else base.manifest.files
        manifest = replace(manifest, files=mark_files(building.folder, known))
        for path in sorted(building.folder.rglob("*")):
            _sync(path)
        write_manifest(building.folder / "manifest.json", manifest)
        _sync(building.folder)
        final = self._generations / name
        building.folder.rename(final)
        _sync(self._generations)
        self.switch(name)
        return Generation(final, manifest)

    def switch(self, name: str) -> None:
        """Make a finished generation the current one, atomically."""
        write_whole(self._current, name + "\n")
        _sync(self.path)

    def rollback(self) -> Generation:
        """Switch to the generation before the current one and return it."""
        with self.writer("rollback"):
            name = self._name_before()
            generation = self.load(name)
            self.switch(name)
            return generation

    def _name_before(self) -> str:
        """Return the name of the generation to go back to, even if the current one is damaged."""
        finished = self.finished()
        try:
            current = self.current()
        except DamagedGeneration:
            damaged = self._current.read_text("ascii", "replace").strip()
            earlier = [name for name in finished if name != damaged and self._loads(name)]
            if earlier:
                return earlier[-1]
            raise
        previous = current.manifest.previous
        if previous is None or previous not in finished:
            raise IndexFault(
                f"there is no generation before {current.manifest.name}",
                remedy="Run `footnote rebuild` with the sources that you want.",
            )
        return previous

    def _loads(self, name: str) -> bool:
        try:
            self.load(name)
        except IndexFault:
            return False
        return True

    def prune(self) -> list[str]:
        """Delete what nobody needs: generations but the last two, leftovers of cut-off builds.

        A generation that a reader has open is kept until a later call. Returns
        the names of what was deleted.
        """
        current = self.current()
        keep = {current.manifest.name, current.manifest.previous}
        deleted = [name for name in self.finished() if name not in keep and self._discard(name)]
        for folder in self.leftovers():
            shutil.rmtree(folder, ignore_errors=True)
            deleted.append(folder.name)
        return deleted

    def trim_leftovers(self) -> None:
        """Delete all but the newest leftovers, so that repeated crashes do not fill the disk."""
        for folder in self.leftovers()[_LEFTOVERS:]:
            shutil.rmtree(folder, ignore_errors=True)

    def _discard(self, name: str) -> bool:
        folder = self._generations / name
        with (folder / "lease").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            # Without a manifest a half-deleted folder is never taken for a generation.
            (folder / "manifest.json").unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
        return True

    def _all_names(self) -> list[str]:
        return [p.name for p in self._generations.iterdir() if _NAME.match(p.name)]


_GROWING = {".f32", ".f16", ".i32"}


def _link_or_copy(source: str, target: str) -> str:
    if Path(source).suffix in _GROWING:
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return target
    return str(shutil.copy2(source, target))


def _describe_holder(file: IO[str], doing: str) -> None:
    file.truncate(0)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    file.write(
        f"`footnote {doing}` (process {os.getpid()} on {socket.gethostname()}, since {now})\n"
    )
    file.flush()


def _damaged(what: str) -> DamagedGeneration:
    remedy = "Run `footnote rollback`, or `footnote rebuild` with your sources."
    return DamagedGeneration(what, remedy=remedy)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
