"""RSS and Atom, by feedparser: the entries of a feed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.dates import normalise
from index.readers.document import Document, library_failures
from index.readers.fields import one_line, sound, title_of_name, web_address
from index.readers.limits import Limits
from index.readers.markup import plain_text

_LONG_SUMMARY = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: ``id`` is its link, else its guid; ``text`` is what the feed itself carries."""

    id: str
    link: str | None
    title: str | None
    outlet: str | None
    author: str | None
    published: str | None
    language: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """The entries in the feed's order, at most ``max_entries``, and how many there were."""

    entries: tuple[Entry, ...]
    total: int


def read_feed(document: Document, limits: Limits) -> Feed:
    """Return the feed; raises `UnreadableSource` for a document that is none."""
    import feedparser  # type: ignore[import-untyped]

    headers = {"content-location": document.url} if document.url else {}
    if document.charset:
        headers["content-type"] = f"application/xml; charset={document.charset}"
    with library_failures(document.origin, "not a feed"):
        # Bytes in a stream, never a string: feedparser would open it as an address or a file.
        # Its own cleaning of HTML is left out: only plain text is made of it here, and the
        # cleaning takes time with the square of unclosed comments.
        parsed = feedparser.parse(
            io.BytesIO(document.data),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        if not parsed.get("version"):
            raise UnreadableSource(document.origin, "not an RSS or Atom feed")
        about: Mapping[str, object] = parsed.feed
        found = [_entry(entry, about) for entry in parsed.entries[: limits.max_entries]]
        total = len(parsed.entries)
    # Some feeds list an updated article again, newest first.
    first = {entry.id: entry for entry in reversed(found) if entry is not None}
    return Feed(tuple(reversed(first.values())), total)


def article_of_entry(entry: Entry, origin: str) -> Article | None:
    """Return the article that the feed itself carries, or None when it has only a teaser."""
    if entry.text is None:
        return None
    return Article.of(
        id=entry.id,
        text=entry.text,
        origin=origin,
        title=entry.title or title_of_name(entry.id),
        url=entry.link,
        outlet=entry.outlet,
        author=entry.author,
        published=entry.published,
        language=entry.language,
    )


def _entry(entry: Mapping[str, object], about: Mapping[str, object]) -> Entry | None:
    link = web_address(entry.get("link"))
    identity = link or one_line(entry.get("id"))
    if identity is None:
        return None
    return Entry(
        id=identity,
        link=link,
        title=one_line(entry.get("title")),
        outlet=one_line(about.get("title")),
        author=one_line(entry.get("author")),
        published=normalise(entry.get("published")) or normalise(entry.get("updated")),
        language=one_line(about.get("language")),
        text=_own_text(entry),
    )


def _own_text(entry: Mapping[str, object]) -> str | None:
    """Return the entry's full content, or a summary long enough to be an article."""
    contents = entry.get("content")
    if isinstance(contents, Sequence) and not isinstance(contents, str):
        for content in contents:
            value = content.get("value") if isinstance(content, Mapping) else None
            if isinstance(value, str) and (text := plain_text(sound(value))):
                return text
    summary = entry.get("summary")
    text = plain_text(sound(summary)) if isinstance(summary, str) else ""
    return text if len(text) >= _LONG_SUMMARY else None
