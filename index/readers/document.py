"""What goes into a reader and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.articles import Article
from index.errors import UnreadableSource


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of one article in some format, and where they came from.

    ``name`` is the file's name, or the last part of the address; the title is
    made of it when the document has none. ``url`` is the address the bytes
    were fetched from, ``charset`` the encoding that its server declared.
    """

    data: bytes
    id: str
    origin: str
    name: str
    url: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the operator should know although nothing failed."""

    origin: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article and what there is to say about how it was read."""

    article: Article
    notices: tuple[Notice, ...] = ()


@contextmanager
def library_failures(origin: str, reason: str) -> Iterator[None]:
    """Turn whatever a parsing library raises on hostile input into `UnreadableSource`.

    Such libraries promise no closed list of exceptions (a broken PDF can end in
    a KeyError, deep nesting in a RecursionError), and one broken document must
    not stop a build.
    """
    try:
        yield
    except UnreadableSource:
        raise
    except Exception as error:
        raise UnreadableSource(origin, f"{reason} ({type(error).__name__})") from error
