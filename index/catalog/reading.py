"""Reading the catalogue of one generation, from any thread."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.articles import Article, Passage, Sentence, content_hash
from index.catalog.rows import ArticleRow, Counts, PassageRow, SentenceRow
from index.errors import DamagedGeneration
from index.generations.disk import is_disk_full
from index.readers.fetch import Validator

REMEDY = "Run `footnote rollback`, or `footnote rebuild` with your sources."


class Catalog:
    """Read access to one generation's catalogue. Safe to use from several threads."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self._path = path
        self._writable = writable
        self._lock = threading.Lock()
        self._articles: OrderedDict[int, ArticleRow] = OrderedDict()
        # Not one for each thread: servers start threads without end.
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        if not writable and not path.is_file():
            raise self._damaged("is missing")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that no other thread uses meanwhile."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._open()
        try:
            yield connection
        finally:
            with self._lock:
                if not self._closed:
                    self._idle.append(connection)
            if self._closed:
                connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._writable:
            return sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        # A finished generation never changes, so SQLite needs no locks on it.
        address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    def close(self) -> None:
        """Close every connection; one that is in use closes after its query."""
        with self._lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def rows(self, sql: str, *arguments: object) -> list[tuple[object, ...]]:
        """Return all rows of a query; a damaged file raises `DamagedGeneration`."""
        if self._closed:
            raise ValueError(f"the catalogue {self._path} is closed")
        try:
            with self._connection() as connection:
                return connection.execute(sql, arguments).fetchall()
        except sqlite3.DatabaseError as error:
            if is_disk_full(error):
                raise
            raise self._damaged(f"cannot be read ({error})") from error

    def _damaged(self, what: str) -> DamagedGeneration:
        return DamagedGeneration(f"the catalogue {self._path} {what}", remedy=REMEDY)

    # ------------------------------------------------------------ articles

    def article(self, row: int) -> ArticleRow:
        """Return the article of a row; the most recent 256 are kept in memory."""
        with self._lock:
            if row in self._articles:
                self._articles.move_to_end(row)
                return self._articles[row]
        found = self.rows(f"{_ARTICLE_QUERY} WHERE a.row = ? ORDER BY o.row LIMIT 1", row)
        if not found:
            raise self._damaged(f"lacks the article in row {row}")
        article = self._article_row(found[0])
        self._remember([article])
        return article

    def articles_at(self, rows: Iterable[int]) -> dict[int, ArticleRow]:
        """Return what `article` does for each of these rows, in one query."""
        wanted = set(rows)
        with self._lock:
            found = {row: self._articles[row] for row in wanted if row in self._articles}
        first = "AND o.row = (SELECT min(row) FROM origins WHERE article = a.row)"
        for each in self._in(_ARTICLE_QUERY, "a.row", sorted(wanted - found.keys()), first):
            article = self._article_row(each)
            found[article.row] = article
        if lacking := wanted - found.keys():
            raise self._damaged(f"lacks the article in row {min(lacking)}")
        self._remember(found.values())
        return found

    def _remember(self, articles: Iterable[ArticleRow]) -> None:
        """Keep these articles in memory, and of the others the most recently used."""
        with self._lock:
            for each in articles:
                self._articles[each.row] = each
                self._articles.move_to_end(each.row)
            while len(self._articles) > 256:
                self._articles.popitem(last=False)

    def article_by_id(self, article_id: str) -> ArticleRow | None:
        """Return the article one of whose origins has this id, with that origin's metadata."""
        found = self.rows(f"{_ARTICLE_QUERY} WHERE o.id = ?", article_id)
        return self._article_row(found[0]) if found else None

    def articles(self) -> Iterator[ArticleRow]:
        """Yield every article with its first origin's metadata, in order of rows."""
        for (row,) in self.rows("SELECT row FROM articles ORDER BY row"):
            yield self.article(_int(row))

    def origins(self, row: int) -> list[tuple[Article, str]]:
        """Return the article and its SOURCE once per origin, the first one first."""
        found = self.rows(f"{_ARTICLE_QUERY} WHERE a.row = ? ORDER BY o.row", row)
        sources = self.rows("SELECT source FROM origins WHERE article = ? ORDER BY row", row)
        return [
            (self._article_row(each).article, str(source))
            for each, (source,) in zip(found, sources, strict=True)
        ]

    def outlets(self, row: int) -> tuple[str, ...]:
        """Return the outlets of an article's origins, each once, in order."""
        found = self.rows(
            "SELECT outlet FROM origins WHERE article = ? AND outlet IS NOT NULL"
            " GROUP BY outlet ORDER BY min(row)",
            row,
        )
        return tuple(str(outlet) for (outlet,) in found)

    def origins_of(self, sources: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Yield (id, origin, SOURCE) of everything that was read from these SOURCEs."""
        for source in sources:
            for id_, origin in self.rows(
                "SELECT id, origin FROM origins WHERE source = ? ORDER BY row", source
            ):
                yield str(id_), str(origin), source

    def validators(self) -> dict[str, Validator]:
        """Return what servers said of the addresses that were read, by address."""
        found = self.rows("SELECT url, etag, last_modified, content_sha FROM validators")
        return {
            str(url): Validator(str(url), _text(etag), _text(modified), str(sha))
            for url, etag, modified, sha in found
        }

    def days(self) -> NDArray[np.int32]:
        """Return each article's day by row: its ordinal, 0 without a date, -1 for no article."""
        found = self.rows("SELECT row, coalesce(day, 0) FROM articles")
        try:
            pairs = np.array(found, np.int64).reshape(-1, 2)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._damaged(f"has an article that cannot be read ({error})") from error
        days = np.full(int(pairs[:, 0].max(initial=-1)) + 1, -1, np.int32)
        days[pairs[:, 0]] = pairs[:, 1]
        return days

    def rows_of_outlet(self, key: str) -> NDArray[np.int64]:
        """Return the rows of the articles that an outlet carries, ascending.

        ``key`` is the outlet's `outlet_key`.
        """
        found = self.rows("SELECT DISTINCT article FROM origins WHERE outlet_key = ?", key)
        return np.sort(np.array(found, np.int64).reshape(-1))

    def _article_row(self, found: tuple[object, ...]) -> ArticleRow:
        """Return a row of `_ARTICLE_QUERY`; its text must have the hash that it had."""
        (row, first, sentences, cluster, text, digest, *meta) = found
        id_, url, title, outlet, author, published, language, origin, pages, extra = meta
        try:
            article = Article(
                id=str(id_),
                url=_text(url),
                title=str(title),
                outlet=_text(outlet),
                author=_text(author),
                published=_text(published),
                language=_text(language),
                text=str(text),
                content_hash=str(digest),
                origin=str(origin),
                pages=tuple(json.loads(str(pages))),
                extra=json.loads(str(extra)),
            )
            made = ArticleRow(_int(row), article, _int(first), _int(sentences), _int(cluster))
        except (ValueError, TypeError) as error:
            raise self._damaged(f"has an article that cannot be read ({error})") from error
        if content_hash(article.text) != article.content_hash:
            raise self._damaged(f"has an altered text for the article {article.id!r}")
        return made

    # ------------------------------------------------- sentences, passages

    def sentences(self, first_row: int, last_row: int) -> list[SentenceRow]:
        """Return the sentences of rows ``first_row`` to ``last_row`` inclusive, in order."""
        found = self.rows(
            f"{_SENTENCES} WHERE row BETWEEN ? AND ? ORDER BY row", first_row, last_row
        )
        return [self._sentence(each) for each in found]

    def sentences_of(self, article: int) -> list[SentenceRow]:
        """Return the sentences of an article, in order."""
        found = self.article(article)
        return self.sentences(found.first_sentence, found.first_sentence + found.sentences - 1)

    def sentences_at(self, rows: Sequence[int]) -> list[SentenceRow]:
        """Return the sentences of these rows, ascending; unknown rows are left out."""
        found = self._in(_SENTENCES, "row", rows)
        return [self._sentence(each) for each in found]

    def passages_at(self, rows: Sequence[int]) -> list[PassageRow]:
        """Return the passages of these rows, ascending; unknown rows are left out."""
        return [self._passage(each) for each in self._in(_PASSAGES, "p.row", rows)]

    def passages_of(self, article: int) -> list[PassageRow]:
        """Return the passages of an article, in order."""
        found = self.rows(f"{_PASSAGES} WHERE p.article = ? ORDER BY p.row", article)
        return [self._passage(each) for each in found]

    def _sentence(self, found: tuple[object, ...]) -> SentenceRow:
        # Hundreds are made for each question: one look at all types is quicker than seven.
        if tuple(map(type, found)) not in _SENTENCE_TYPES:
            raise self._damaged("has a sentence that cannot be read")
        made = SentenceRow(*found)  # type: ignore[arg-type]
        if not 0 <= made.start < made.end:
            raise self._damaged(f"has a sentence from {made.start} to {made.end}")
        return made

    def _passage(self, found: tuple[object, ...]) -> PassageRow:
        row, article, id_, *numbers = found
        try:
            first, last, tokens, first_row, last_row = (_int(number) for number in numbers)
            return PassageRow(
                _int(row), _int(article), str(id_), first, last, tokens, first_row, last_row
            )
        except TypeError as error:
            raise self._damaged(f"has a passage that cannot be read ({error})") from error

    def _in(
        self, query: str, column: str, rows: Sequence[int], more: str = ""
    ) -> list[tuple[object, ...]]:
        # json_each takes any number of rows in one bound parameter.
        numbers = json.dumps(sorted({int(row) for row in rows}))
        chosen = f"WHERE {column} IN (SELECT value FROM json_each(?)) {more} ORDER BY {column}"  # noqa: S608 - our own names
        return self.rows(f"{query} {chosen}", numbers)

    def record(self, row: SentenceRow) -> Sentence:
        """Return the public record of a sentence row."""
        article = self.article(row.article).article
        return Sentence(article.id, article.content_hash, row.ordinal, row.start, row.end)

    def passage_record(self, row: PassageRow) -> Passage:
        """Return the public record of a passage row."""
        article = self.article(row.article).article
        return Passage(row.id, article.id, article.content_hash, row.first, row.last, row.tokens)

    def counts(self) -> Counts:
        """Return the totals, counting every origin of a duplicate for its outlet."""
        number = {
            table: _int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608
            for table in ("articles", "origins", "sentences", "passages")
        }
        outlets = self.rows(
            "SELECT outlet, count(*) AS n FROM origins WHERE outlet IS NOT NULL"
            " GROUP BY outlet_key ORDER BY n DESC, outlet LIMIT 1000"
        )
        first, last = self.rows(
            "SELECT min(substr(published, 1, 10)), max(substr(published, 1, 10)) FROM origins"
        )[0]
        return Counts(
            **number,
            outlets=tuple((str(name), _int(n)) for name, n in outlets),
            first_day=None if first is None else str(first),
            last_day=None if last is None else str(last),
        )

    def check(self) -> str | None:
        """Return what SQLite's own quick check found wrong, or None."""
        verdict = str(self.rows("PRAGMA quick_check(1)")[0][0])
        return None if verdict == "ok" else verdict


_ARTICLE_QUERY = """SELECT a.row, a.first_sentence, a.sentences, a.cluster, a.text, a.content_hash,
 o.id, o.url, o.title, o.outlet, o.author, o.published, o.language, o.origin, o.pages, o.extra
 FROM articles a JOIN origins o ON o.article = a.row"""
_SENTENCES = 'SELECT row, article, ordinal, start, "end", fold, passage FROM sentences'
_SENTENCE_TYPES = {(int,) * 7, (*(int,) * 5, type(None), int)}
_PASSAGES = """SELECT p.row, p.article, p.id, p.first, p.last, p.tokens,
 a.first_sentence + p.first, a.first_sentence + p.last
 FROM passages p JOIN articles a ON a.row = p.article"""


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"expected a number in the catalogue, found {type(value).__name__}")
    return value


def _text(value: object) -> str | None:
    return None if value is None else str(value)
