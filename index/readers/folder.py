"""A folder's files in a fixed order, and the bytes of one file, whatever lies there."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import UnreadableSource
from index.readers.document import Notice
from index.readers.limits import readable_size

# Word keeps a lock file named ~$… beside each document that is open.
_HIDDEN = (".", "~$")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file below a folder; ``below`` is its path from there, with forward slashes."""

    path: Path
    below: str


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    below: str
    ancestors: frozenset[tuple[int, int]]


def printable_path(path: Path | str) -> str:
    """Return a path with forward slashes in which every character can be stored and printed.

    Bytes that are no UTF-8 and control characters are escaped: a file name is
    as hostile as what is in the file.

    >>> printable_path("a\\nb.txt"), printable_path("caf\\udce9.txt")
    ('a\\\\x0ab.txt', 'caf\\\\xe9.txt')
    """
    name = Path(path).as_posix() if isinstance(path, Path) else path
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        character if character.isprintable() else f"\\x{ord(character):02x}" for character in text
    )


def walk(root: Path, origin: str) -> Iterator[FoundFile | UnreadableSource | Notice]:
    """Yield the files below ``root``, sorted by name within each folder; hidden ones are left out.

    Links are followed after the folders that are really there, so a file's id
    comes from its real place. No folder is read twice: a link back to a folder
    above it is a problem, a link to one that was read is a notice.
    """
    links: deque[_Folder] = deque()
    seen: set[tuple[int, int]] = set()
    yield from _walk_real(_Folder(root, "", frozenset()), origin, seen, links)
    while links:
        link = links.popleft()
        shown = _place(origin, link.below)
        try:
            identity = _identity(link.path)
        except OSError as error:
            yield UnreadableSource(shown, _os_reason(error))
            continue
        if identity in link.ancestors:
            yield UnreadableSource(shown, "a link loop: it leads back to a folder above it")
        elif identity in seen:
            yield Notice(shown, "a link to a folder that was read already")
        else:
            yield from _walk_real(link, origin, seen, links)


def _walk_real(
    start: _Folder, origin: str, seen: set[tuple[int, int]], links: deque[_Folder]
) -> Iterator[FoundFile | UnreadableSource]:
    """Walk without following links to folders; those are put aside in ``links``."""
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        try:
            identity = _identity(folder.path)
            if identity in seen:
                continue
            seen.add(identity)
            paths = sorted(folder.path.iterdir())
        except OSError as error:
            yield UnreadableSource(_place(origin, folder.below), _os_reason(error))
            continue
        inner: list[_Folder] = []
        for path in paths:
            below = f"{folder.below}/{path.name}" if folder.below else path.name
            if path.name.startswith(_HIDDEN):
                continue
            if _is_folder(path):
                child = _Folder(path, below, folder.ancestors | {identity})
                (links if path.is_symlink() else inner).append(child)
            elif (problem := _broken_link(path)) is not None:
                yield UnreadableSource(_place(origin, below), problem)
            else:
                yield FoundFile(path, below)
        waiting.extend(reversed(inner))


def _place(origin: str, below: str) -> str:
    return f"{origin.rstrip('/')}/{printable_path(below)}" if below else origin


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _broken_link(path: Path) -> str | None:
    """Return why a link leads nowhere, or None for a sound link or no link at all."""
    if not path.is_symlink():
        return None
    try:
        path.stat()
    except FileNotFoundError:
        return "a link to a file that is not there"
    except OSError as error:
        return _os_reason(error)
    return None


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


@contextmanager
def opened(path: Path, origin: str) -> Iterator[BinaryIO]:
    """Open a regular file for reading; raises `UnreadableSource` for anything else.

    Opened without blocking and looked at afterwards: a named pipe would
    otherwise wait for a writer for ever.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        raise UnreadableSource(origin, _os_reason(error)) from error
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableSource(origin, "not a regular file")
        try:
            yield stream
        except OSError as error:
            raise UnreadableSource(origin, _os_reason(error)) from error


def file_bytes(path: Path, origin: str, max_bytes: int) -> bytes:
    """Return a file's bytes; raises `UnreadableSource`, also beyond ``max_bytes``."""
    with opened(path, origin) as stream:
        data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise UnreadableSource(origin, f"larger than the limit of {readable_size(max_bytes)}")
    return data


def _os_reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if error.errno == errno.ELOOP:
        return "a link loop"
    return f"could not be read ({error.strerror or type(error).__name__})"
