"""The errors of the index: one root, each with what went wrong and what to do."""

from __future__ import annotations


class IndexFault(Exception):  # noqa: N818 - a fault, in the words of the design
    """Root of every error the index raises on purpose.

    ``str(error)`` is one line without a trailing period; ``remedy`` is one
    sentence that says what to do, or empty.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class UnreadableSource(IndexFault):
    """One file, address or line that could not become an article.

    ``origin`` names the place (with ``line`` for a line of a file, counted
    from 1), ``reason`` says why in a few words.
    """

    def __init__(
        self, origin: str, reason: str, *, line: int | None = None, remedy: str = ""
    ) -> None:
        self.origin = origin
        self.reason = reason
        self.line = line
        where = origin if line is None else f"{origin}, line {line}"
        super().__init__(f"{where}: {reason}", remedy=remedy)


class NothingIndexed(IndexFault):
    """The data folder has no finished generation yet."""


class WriterBusy(IndexFault):
    """Another process is writing; the message says which, since when."""


class ModelMismatch(IndexFault):
    """The index was made by another embedder than the one that is set."""


class DamagedGeneration(IndexFault):
    """A generation's files are missing, short or altered."""


class MissingExtra(IndexFault):
    """An optional package is not installed; the remedy is the install command."""


class StrictRefusal(IndexFault):
    """``--strict`` was given and at least one source could not be read."""


class DiskFull(IndexFault):
    """The disk ran out of space; nothing that was served has changed."""
