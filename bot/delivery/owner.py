"""Who holds a lease: a name that tells whether its process still lives, on the same machine."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Owner:
    """One run of one process. ``room`` names where its process id has a meaning."""

    room: str
    pid: int
    started: str
    run: str

    @classmethod
    def this_process(cls) -> Owner:
        """Return a new owner for the process that calls."""
        pid = os.getpid()
        return cls(_room(), pid, _started(pid) or "", uuid.uuid4().hex[:12])

    def __str__(self) -> str:
        return f"{self.room}/{self.pid}/{self.started}/{self.run}"


def is_dead(name: str, me: Owner) -> bool:
    """Return whether the owner of this name is surely gone; False if that cannot be known.

    It is gone if its process id is not in use in the room we share, or is in
    use by a process that started at another time. A former run of our own
    process is left to finish or to let its lease run out.
    """
    room, pid, started, _ = name.rsplit("/", 3) if name.count("/") >= 3 else ("", "", "", "")
    if room != me.room or not pid.isdigit():
        return False
    now = _started(int(pid))
    if now is None:
        return not _runs(int(pid))
    return started != now


def _runs(pid: int) -> bool:
    """Return whether a process id is in use."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _started(pid: int) -> str | None:
    """Return when a process started, in ticks since the machine did, where the system says so.

    Field 22 of ``/proc/PID/stat`` (proc(5)); the name in field 2 may hold
    blanks and brackets, so counting begins after its last bracket. A process
    that has died and was not collected yet counts as not there.
    """
    try:
        fields = (
            (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        )
    except OSError:
        return None
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else ""


def _room() -> str:
    """Return the machine's name with what tells its process ids from another container's."""
    try:
        space = str((_PROC / "self/ns/pid").readlink())
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        space = boot = ""
    return f"{socket.gethostname()}/{space}/{boot}"
