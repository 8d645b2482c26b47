"""From SOURCEs (files, folders, addresses, feeds) to a stream of articles and problems.

The stream is lazy and holds one document at a time. Nothing that a source does
ends it: what cannot be read is yielded as a problem, and the rest goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.document import Document, Notice, ReadArticle
from index.readers.docx import read_docx
from index.readers.feed import Entry, article_of_entry, read_feed
from index.readers.fetch import Fetcher, HttpFetcher, NotModified, Page, Validator
from index.readers.fetch.urls import normalise_url
from index.readers.folder import FoundFile, file_bytes, opened, printable_path, walk
from index.readers.html import read_html
from index.readers.jsonl import read_jsonl
from index.readers.kinds import SUFFIXES, Kind, kind_of_markup, kind_of_name, kind_of_page
from index.readers.limits import Limits
from index.readers.markdown import read_markdown
from index.readers.pdf import read_pdf
from index.readers.text import read_text

__all__ = ["Item", "Limits", "Notice", "read_source", "source_key"]

_NO_VALIDATORS: Mapping[str, Validator] = MappingProxyType({})
_MOST_SUFFIXES_NAMED = 20
_SUPPORTED = "Supported: " + ", ".join(SUFFIXES) + "."

Item = Article | UnreadableSource | Notice | NotModified | Validator
"""What a source yields. A `Validator` follows the articles of an address that was
read without a problem; given back as ``known`` it makes the next read conditional,
and `NotModified` then means: keep every article whose origin is ``validator.url``."""


def source_key(source: str) -> str:
    """Return the form of a SOURCE under which the index remembers it; itself a SOURCE.

    It is also the origin of a problem with the SOURCE as a whole. A user name
    and password are blotted out; such an address is refused in either form.

    >>> source_key("./articles/"), source_key("HTTPS://News.Example/a#top")
    ('articles', 'https://news.example/a')
    >>> source_key("https://ann:secret@news.example/a")
    'https://***@news.example/a'
    """
    if "://" not in source:
        return printable_path(Path(source)) if source else ""
    try:
        return normalise_url(source)
    except UnreadableSource as refused:
        scheme, _, rest = refused.origin.partition("://")
        return f"{scheme}://***@{rest}" if "@" in source else refused.origin


def read_source(
    source: str,
    known: Mapping[str, Validator] = _NO_VALIDATORS,
    *,
    limits: Limits | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[Item]:
    """Yield what a SOURCE holds, in a fixed order; problems are yielded, never raised.

    An article's id is its file's path below a folder SOURCE (forward slashes),
    the name of a single file, the ``id`` of a JSONL line, or the address it
    was fetched from. Its origin, and that of a problem, is the file or address.
    ``known`` maps addresses to the validators of an earlier read.
    """
    limits = limits or Limits()
    yield from _Reading(limits, fetcher or HttpFetcher(limits), known).source(source)


@dataclass(frozen=True, slots=True)
class _Reading:
    limits: Limits
    fetcher: Fetcher
    known: Mapping[str, Validator]

    def source(self, source: str) -> Iterator[Item]:
        if not source or "\0" in source:
            yield UnreadableSource(printable_path(source), "not a path or an address")
            return
        try:
            if "://" in source:
                yield from self._address(normalise_url(source))
            elif Path(source).is_dir():
                yield from self._folder(Path(source))
            else:
                yield from self._named_file(Path(source))
        except UnreadableSource as problem:
            yield problem

    def _named_file(self, path: Path) -> Iterator[Item]:
        origin = printable_path(path)
        if kind_of_name(path.name) is None and path.exists():
            raise UnreadableSource(origin, "not a supported kind of file", remedy=_SUPPORTED)
        yield from self._file(path, printable_path(path.name), origin)

    def _folder(self, root: Path) -> Iterator[Item]:
        origin = printable_path(root)
        unsupported: Counter[str] = Counter()
        empty = True
        for found in walk(root, origin):
            if not isinstance(found, FoundFile):
                empty = False
                yield found
            elif kind_of_name(found.path.name) is None:
                unsupported[found.path.suffix.lower()] += 1
            else:
                empty = False
                yield from self._file(
                    found.path, printable_path(found.below), printable_path(found.path)
                )
        yield from _skipped(origin, unsupported)
        if empty:
            yield Notice(origin, "no file in it that can be read")

    def _file(self, path: Path, article_id: str, origin: str) -> Iterator[Item]:
        try:
            if kind_of_name(path.name) is Kind.JSONL:
                with opened(path, origin) as stream:
                    yield from read_jsonl(stream, self.limits, id=article_id, origin=origin)
                return
            document = Document(
                data=file_bytes(path, origin, self.limits.max_bytes),
                id=article_id,
                origin=origin,
                name=path.name,
            )
            kind = _true_kind(document)
            if kind is Kind.FEED:
                yield from self._feed(document)
            else:
                yield from _items(_read_one(kind, document, self.limits))
        except UnreadableSource as problem:
            yield problem

    def _address(self, url: str) -> Iterator[Item]:
        page = self.fetcher.fetch(url, self.known.get(url))
        if isinstance(page, NotModified):
            yield page
            return
        document, kind = _fetched(page, url)
        if kind is Kind.FEED:
            # A feed is always read whole: its entries are asked for conditionally.
            yield from self._feed(document)
        elif kind is Kind.JSONL:
            yield from self._fetched_lines(document, page.validator)
        else:
            yield from _items(_read_one(kind, document, self.limits))
            yield page.validator

    def _fetched_lines(self, document: Document, validator: Validator) -> Iterator[Item]:
        sound = True
        stream = BytesIO(document.data)
        for item in read_jsonl(stream, self.limits, id=document.id, origin=document.origin):
            sound = sound and isinstance(item, Article)
            yield item
        if sound:
            yield validator

    def _feed(self, document: Document) -> Iterator[Item]:
        feed = read_feed(document, self.limits)
        if feed.total > self.limits.max_entries:
            first = f"only the first {self.limits.max_entries} of its {feed.total:,} entries"
            yield Notice(document.origin, f"{first} are read")
        if not feed.entries:
            yield Notice(document.origin, "a feed without entries")
        for entry in feed.entries:
            yield from self._entry(entry, document.origin)

    def _entry(self, entry: Entry, feed: str) -> Iterator[Item]:
        """Yield the page that an entry links to, or else the text that the feed carries."""
        if entry.link is None:
            problem = UnreadableSource(f"{feed} ({entry.id})", "an entry without a link")
            yield article_of_entry(entry, feed) or problem
            return
        try:
            url = normalise_url(entry.link)
            yield from self._entry_page(entry, url)
        except UnreadableSource as problem:
            own = article_of_entry(entry, problem.origin)
            # A page that was read before is better than what the feed has of it.
            if own is None or problem.origin in self.known:
                yield problem
                return
            yield Notice(problem.origin, f"the feed's own text is used: {problem.reason}")
            yield replace(own, id=problem.origin)

    def _entry_page(self, entry: Entry, url: str) -> Iterator[Item]:
        page = self.fetcher.fetch(url, self.known.get(url))
        if isinstance(page, NotModified):
            yield page
            return
        document, kind = _fetched(page, url)
        if kind in (Kind.FEED, Kind.JSONL):
            raise UnreadableSource(url, f"leads to {kind.value}, not to an article")
        read = _read_one(kind, document, self.limits)
        yield from _items(replace(read, article=_with_entry(read.article, entry, document)))
        yield page.validator


def _skipped(origin: str, unsupported: Counter[str]) -> Iterator[Notice]:
    """Yield a notice for each suffix that is not read, the most frequent ones by name."""
    ordered = sorted(unsupported.items(), key=lambda entry: (-entry[1], entry[0]))
    for suffix, count in ordered[:_MOST_SUFFIXES_NAMED]:
        files = "1 file" if count == 1 else f"{count:,} files"
        kind = printable_path(suffix) if suffix else "without a suffix"
        yield Notice(origin, f"{files} skipped: {kind} is not a supported kind")
    rest = sum(count for _, count in ordered[_MOST_SUFFIXES_NAMED:])
    if rest:
        yield Notice(origin, f"{rest:,} more files skipped: not a supported kind")


def _true_kind(document: Document) -> Kind:
    """Return a file's kind; an .xml file may hold a page, and else must be a feed."""
    kind = kind_of_name(document.name)
    if kind is None:
        raise UnreadableSource(document.origin, "not a supported kind of file")
    if kind is Kind.FEED and not document.data:
        raise UnreadableSource(document.origin, "empty file")
    return (kind_of_markup(document.data) or kind) if kind is Kind.FEED else kind


def _fetched(page: Page, url: str) -> tuple[Document, Kind]:
    name = unquote(urlsplit(page.url).path).rstrip("/").rpartition("/")[2]
    kind = kind_of_page(page.content_type, name, page.data)
    if not page.data:
        raise UnreadableSource(url, "an empty page")
    if kind is None:
        shown = page.content_type or "unknown type"
        raise UnreadableSource(url, f"not a supported kind of page ({shown})")
    host = urlsplit(page.url).hostname or url
    return Document(page.data, url, url, name or host, page.url, page.charset), kind


def _read_one(kind: Kind, document: Document, limits: Limits) -> ReadArticle:
    """Return the one article of a document that is neither a feed nor lines."""
    match kind:
        case Kind.MARKDOWN:
            return read_markdown(document, limits)
        case Kind.HTML:
            return read_html(document, limits)
        case Kind.PDF:
            return read_pdf(document, limits)
        case Kind.DOCX:
            return read_docx(document, limits)
        case _:
            return read_text(document, limits)


def _items(read: ReadArticle) -> Iterator[Item]:
    yield from read.notices
    yield read.article


def _with_entry(article: Article, entry: Entry, document: Document) -> Article:
    """Return the article with what the feed knows better: its exact date and missing fields."""
    host = urlsplit(document.url or "").netloc
    # A page that does not name its outlet gets its host's name; the feed's title says more.
    named = article.outlet is not None and not host.endswith(article.outlet.lower())
    return replace(
        article,
        title=entry.title or article.title,
        outlet=article.outlet if named else entry.outlet or article.outlet,
        author=article.author or entry.author,
        published=entry.published or article.published,
        language=article.language or entry.language,
    )
