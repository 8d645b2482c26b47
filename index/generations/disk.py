"""When a write failed because there is no room: each engine says it in its own words."""

from __future__ import annotations

import errno

from index.errors import DiskFull

# EFBIG is what a limit on the size of files (`ulimit -f`, FAT) gives.
_NUMBERS = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_PHRASES = (
    "no space left on device",
    "disk is full",
    "disk quota exceeded",
    "file too large",
    "storagefull",
)


def is_disk_full(error: BaseException) -> bool:
    """Return whether an error, or what it was raised from, says that the disk is full.

    SQLite, Chroma and a copy of many files tell it only by their message.

    >>> is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    True
    >>> is_disk_full(RuntimeError("(code: 13) database or disk is full"))
    True
    >>> is_disk_full(OSError(errno.EACCES, "Permission denied"))
    False
    """
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        if isinstance(at, DiskFull) or getattr(at, "errno", None) in _NUMBERS:
            return True
        if any(phrase in str(at).lower() for phrase in _PHRASES):
            return True
        seen.add(id(at))
        at = at.__cause__ or at.__context__
    return False
