"""Files of fixed-size rows that only grow: vectors by row number, memory-mapped.

A new generation may share such a file with the one before it (a hard link):
rows are only ever appended at the physical end, so what an older generation
reads never changes. Rows that no catalogue mentions are harmless.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.errors import DamagedGeneration


class RowFile:
    """Rows of ``width`` numbers of one dtype, without a header."""

    def __init__(self, path: Path, width: int, dtype: DTypeLike) -> None:
        self._path = path
        self._width = width
        self._dtype = np.dtype(dtype)
        self._bytes = self._dtype.itemsize * width

    @property
    def physical_rows(self) -> int:
        """Return how many rows the file has room for, a torn last row counted as one."""
        size = self._path.stat().st_size if self._path.exists() else 0
        return -(-size // self._bytes)

    @property
    def whole_rows(self) -> int:
        """Return how many complete rows the file holds."""
        return self._path.stat().st_size // self._bytes if self._path.exists() else 0

    def append(self, at: int, block: NDArray[np.generic]) -> None:
        """Write ``block`` (n, width) at rows ``at`` to ``at + n``; ``at`` is at or past the end.

        A gap in front of it reads as zeros.
        """
        if at < self.physical_rows:
            raise ValueError(f"row {at} of {self._path.name} is already written")
        data = np.ascontiguousarray(block, dtype=self._dtype)
        mode = "r+b" if self._path.exists() else "w+b"
        with self._path.open(mode) as file:
            file.seek(at * self._bytes)
            file.write(data.tobytes())

    def sync(self) -> None:
        """Return once the rows are on the disk."""
        if self._path.exists():
            with self._path.open("rb") as file:
                os.fsync(file.fileno())

    def read(self, rows: int) -> NDArray[np.generic]:
        """Return the first ``rows`` rows, (rows, width), memory-mapped and read-only.

        A file that is missing or shorter raises `DamagedGeneration`.
        """
        if rows == 0:
            return np.zeros((0, self._width), self._dtype)
        size = self._path.stat().st_size if self._path.exists() else 0
        if size < rows * self._bytes:
            raise DamagedGeneration(
                f"{self._path} has {size} bytes where {rows * self._bytes} belong",
                remedy="Run `footnote rollback`, or `footnote rebuild` with your sources.",
            )
        return np.memmap(self._path, self._dtype, mode="r", shape=(rows, self._width))
