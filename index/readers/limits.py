"""What a source may cost: sizes, counts and seconds."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading hostile input; a source beyond one of them is named and skipped.

    ``max_bytes`` holds for a file, for a fetched page after decompression and
    for one line of a JSONL file. ``max_elements`` counts the elements of an
    HTML page. ``timeout_seconds`` is the whole time a fetch may take,
    redirects included, and ``extract_seconds`` the time a PDF may take.
    """

    max_bytes: int = 20 * MIB
    max_pages: int = 2_000
    max_elements: int = 50_000
    max_entries: int = 200
    max_redirects: int = 5
    connect_seconds: float = 10.0
    timeout_seconds: float = 30.0
    extract_seconds: float = 60.0
    allow_private: bool = False


def readable_size(count: int) -> str:
    """Return a number of bytes as people write it.

    >>> readable_size(20 * 1024 * 1024), readable_size(1536), readable_size(12)
    ('20 MiB', '1.5 KiB', '12 bytes')
    """
    if count < 1024:
        return f"{count} bytes"
    if count < MIB:
        return f"{count / 1024:.4g} KiB"
    return f"{count / MIB:.4g} MiB"
