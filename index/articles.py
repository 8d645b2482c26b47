"""The records that travel between the rooms of the index.

Every span is half-open, in Unicode code points of ``Article.text``: a sentence
is ``article.text[start:end]``. Records are frozen, so an offset that was right
when it was made stays right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

_NO_EXTRA: Mapping[str, object] = MappingProxyType({})


def content_hash(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits.

    >>> content_hash("Rain fell.")[:12]
    '8a4b1e83d9ac'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read. ``text`` is what is stored and what is cited.

    ``published`` is an ISO 8601 date or date-time, as `index.readers.dates.normalise`
    returns it. ``origin`` is the file or address it was read from. ``pages``
    holds the offset at which each page starts (PDF only; empty otherwise).
    ``extra`` keeps keys of the source that Footnote has no field for.
    """

    id: str
    url: str | None
    title: str
    outlet: str | None
    author: str | None
    published: str | None
    language: str | None
    text: str
    content_hash: str
    origin: str
    pages: tuple[int, ...] = ()
    extra: Mapping[str, object] = field(default_factory=lambda: _NO_EXTRA, hash=False)

    @classmethod
    def of(
        cls,
        *,
        id: str,  # noqa: A002 - the record's own name for it
        text: str,
        origin: str,
        title: str = "",
        url: str | None = None,
        outlet: str | None = None,
        author: str | None = None,
        published: str | None = None,
        language: str | None = None,
        pages: tuple[int, ...] = (),
        extra: Mapping[str, object] = _NO_EXTRA,
    ) -> Article:
        """Return an article whose ``content_hash`` is computed from its text."""
        return cls(
            id=id,
            url=url,
            title=title,
            outlet=outlet,
            author=author,
            published=published,
            language=language,
            text=text,
            content_hash=content_hash(text),
            origin=origin,
            pages=pages,
            extra=extra,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: ``text[start:end]``, never starting or ending in white space."""

    article_id: str
    content_hash: str
    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences that are embedded and searched together.

    ``first`` and ``last`` are inclusive sentence ordinals within the article;
    ``tokens`` counts the passage's own text in cl100k_base tokens.
    """

    id: str
    article_id: str
    content_hash: str
    first: int
    last: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may return. Dates are inclusive days; ``outlet`` ignores case."""

    since: date | None = None
    until: date | None = None
    outlet: str | None = None

    def __bool__(self) -> bool:
        return self != Filters()
