"""What a generation says of itself, and how its files are known to be what they were."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.errors import DamagedGeneration, ModelMismatch

FORMAT = 1
_BLOCK = 1 << 20
# Files that only grow; a later generation may have added to them. The lexical index
# keeps marks of its own, and Chroma writes in its folder even when it only reads.
_GROWING = ("passages.f32", "sentences.f16")
_FIXED = ("catalog.sqlite", "passages.i32")


@dataclass(frozen=True, slots=True)
class FileMark:
    """How many bytes of a file belong to a generation, and their CRC-32."""

    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is, written last: a folder without one is not a generation.

    ``sentence_rows`` and ``passage_rows`` are the lengths of the vector files
    (rows of removed articles included); ``sentence_vectors`` says whether the
    embedder gave any. ``files`` says what is in the files, so that damage is noticed.
    """

    name: str
    embedder: str
    dimension: int
    sentence_vectors: bool
    articles: int
    sentences: int
    passages: int
    sentence_rows: int
    passage_rows: int
    made_at: str
    seconds: float
    sources: tuple[str, ...]
    previous: str | None
    format: int = FORMAT
    files: Mapping[str, FileMark] = field(default_factory=dict)


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest with a seal over all of it; it is there as a whole or not at all."""
    content = asdict(manifest)
    write_whole(path, json.dumps({**content, "seal": _seal(content)}, indent=1) + "\n")


def read_manifest(path: Path) -> Manifest:
    """Return a manifest.

    Raises `OSError`, `ValueError`, `TypeError` or `KeyError` if it is not as it
    was written; the format is for the caller to look at.
    """
    raw = json.loads(path.read_text("utf-8"))
    seal = raw.pop("seal", None)
    if raw["format"] == FORMAT and seal not in (None, _seal(raw)):
        raise ValueError("it was altered")
    files = {name: FileMark(**mark) for name, mark in raw.get("files", {}).items()}
    return Manifest(**{**raw, "sources": tuple(raw["sources"]), "files": files})


def _seal(content: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


def write_whole(path: Path, text: str) -> None:
    """Replace a small file at once: after a crash it is the old one or the new one."""
    temporary = path.with_name(path.name + ".new")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def mark_files(folder: Path, known: Mapping[str, FileMark]) -> dict[str, FileMark]:
    """Return the marks of a generation's files.

    ``known`` are the marks of the generation it is a copy of: of files that only
    grow, no more than what was added is read.
    """
    marks = {}
    for name in (*_FIXED, *_GROWING):
        path = folder / name
        if not path.exists():
            continue
        size, start = path.stat().st_size, FileMark(0, 0)
        if name in _GROWING and name in known and known[name].size <= size:
            start = known[name]
        marks[name] = FileMark(size, _crc(path, start, size))
    return marks


def check_sizes(folder: Path, files: Mapping[str, FileMark]) -> None:
    """Raise `DamagedGeneration` if a file is missing or of another length than it was."""
    for name, mark in files.items():
        path = folder / name
        size = path.stat().st_size if path.is_file() else -1
        if size < 0:
            raise _damaged(path, "is missing")
        if size < mark.size or (size > mark.size and name not in _GROWING):
            raise _damaged(path, f"has {size} bytes where {mark.size} belong")


def check_contents(folder: Path, files: Mapping[str, FileMark]) -> None:
    """Read every file and raise `DamagedGeneration` if one is not what it was."""
    check_sizes(folder, files)
    for name, mark in files.items():
        if _crc(folder / name, FileMark(0, 0), mark.size) != mark.crc:
            raise _damaged(folder / name, "was altered")


def mismatch(made_by: str, wanted: str) -> ModelMismatch:
    """Return the error for an index that another embedder made."""
    return ModelMismatch(
        f"the index was made by the embedder {made_by}, but {wanted} is set",
        remedy=(
            "Set FOOTNOTE_EMBEDDER back to the one that made it, or run `footnote rebuild`"
            " with your sources to make the index anew."
        ),
    )


def _damaged(path: Path, what: str) -> DamagedGeneration:
    return DamagedGeneration(
        f"{path} {what}",
        remedy="Run `footnote rollback`, or `footnote rebuild` with your sources.",
    )


def _crc(path: Path, start: FileMark, end: int) -> int:
    """Return the CRC-32 of the first ``end`` bytes, given that of those before ``start.size``."""
    crc, left = start.crc, end - start.size
    with path.open("rb") as file:
        file.seek(start.size)
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            crc, left = zlib.crc32(block, crc), left - len(block)
    return crc
