"""How the lexical index notices that its files are not what was committed.

Every commit leaves a stamp: how many rows of each kind it holds, and the size
and CRC-32 of each file. tantivy itself notices a file that is missing or cut
off, but neither a folder put together from two commits nor an altered byte.
"""

from __future__ import annotations

import errno
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import DamagedGeneration, DiskFull, IndexFault, WriterBusy

FORMAT = 1  # raise it when the analysis or the schema changes
_STAMP = "lexical.json"
_BLOCK = 1 << 20
_NO_SPACE = ("No space left", "StorageFull")
_NOT_ALLOWED = ("Permission denied", "PermissionDenied", "Read-only file system")


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file's length in bytes and its CRC-32."""

    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a commit left in the folder; file names are relative to it, in POSIX form."""

    passages: int
    sentences: int
    files: Mapping[str, FileMark]


def damaged(folder: Path, reason: str) -> DamagedGeneration:
    """Return the error that says what is wrong with ``folder``."""
    return DamagedGeneration(
        f"{folder}: the lexical index is damaged ({reason})",
        remedy="Run footnote rebuild; the articles themselves are not affected.",
    )


@contextmanager
def engine_errors(folder: Path) -> Iterator[None]:
    """Turn the engine's errors into DiskFull, WriterBusy or DamagedGeneration.

    tantivy reports most errors as ValueError and a broken file sometimes by a
    panic, which derives from BaseException and has no public name.
    """
    try:
        yield
    except (ValueError, OSError, RuntimeError, SystemError) as error:
        raise _ours(folder, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _ours(folder, error) from error


def _ours(folder: Path, error: BaseException) -> IndexFault:
    """Return our error for the engine's, whose kind only its message tells."""
    reason = " ".join(str(error).split())[:200]
    if getattr(error, "errno", None) == errno.ENOSPC or _names_one_of(reason, _NO_SPACE):
        return DiskFull(
            f"{folder}: no space left for the lexical index",
            remedy="Free some space and run the command again.",
        )
    if "LockBusy" in reason:
        return WriterBusy(
            f"{folder}: another process is writing the lexical index",
            remedy="Wait until it has finished.",
        )
    if _names_one_of(reason, _NOT_ALLOWED):
        return IndexFault(
            f"{folder}: the lexical index cannot make its lock file",
            remedy="Give this user write permission on the folder; readers need it too.",
        )
    return damaged(folder, reason)


def _names_one_of(reason: str, marks: tuple[str, ...]) -> bool:
    return any(mark in reason for mark in marks)


def write_stamp(folder: Path, *, passages: int, sentences: int) -> None:
    """Record the folder's files; only those that are new since the last stamp are read."""
    with engine_errors(folder):
        known = read_stamp(folder).files if (folder / _STAMP).exists() else {}
        files = {name: _marked(folder, name, known) for name in _names(folder)}
        content = {"format": FORMAT, **asdict(Stamp(passages, sentences, files))}
        draft = folder / f"{_STAMP}.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / _STAMP)


def read_stamp(folder: Path) -> Stamp:
    """Return the last commit's stamp; raise DamagedGeneration when there is none of this format."""
    try:
        raw = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise damaged(folder, f"format {raw['format']}, expected {FORMAT}")
        files = {name: FileMark(mark["size"], mark["crc"]) for name, mark in raw["files"].items()}
        return Stamp(int(raw["passages"]), int(raw["sentences"]), files)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise damaged(folder, f"{_STAMP}: {error}") from error


def check_sizes(folder: Path, stamp: Stamp) -> None:
    """Raise DamagedGeneration when a file is missing or has another length than stamped."""
    for name, mark in stamp.files.items():
        try:
            size = (folder / name).stat().st_size
        except OSError as error:
            raise damaged(folder, f"{name} is missing") from error
        if size != mark.size:
            raise damaged(folder, f"{name} has {size} bytes instead of {mark.size}")


def check_contents(folder: Path) -> None:
    """Read every file and raise DamagedGeneration when one is not as it was stamped."""
    stamp = read_stamp(folder)
    check_sizes(folder, stamp)
    for name, mark in stamp.files.items():
        if _crc(folder / name) != mark.crc:
            raise damaged(folder, f"{name} is altered")


def _names(folder: Path) -> list[str]:
    found = (path for path in folder.glob("*/*") if not path.name.startswith("."))
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _marked(folder: Path, name: str, known: Mapping[str, FileMark]) -> FileMark:
    path = folder / name
    mark = known.get(name)
    # The engine never writes to a segment's file again; only meta.json keeps its name.
    if mark is not None and path.suffix != ".json" and path.stat().st_size == mark.size:
        return mark
    return FileMark(path.stat().st_size, _crc(path))


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            crc = zlib.crc32(block, crc)
    return crc
