"""How much memory this process has needed."""

from __future__ import annotations

import resource
import sys


def peak_bytes() -> int:
    """Return the largest resident size so far, in bytes (as ``getrusage`` reports it)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes on Linux, bytes on macOS.
    return peak if sys.platform == "darwin" else peak * 1024
