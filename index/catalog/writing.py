"""Writing the catalogue of a generation that no reader sees yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article, Passage
from index.catalog.reading import Catalog
from index.catalog.rows import SCHEMA, PassageRow, day_number, outlet_key
from index.readers.fetch import Validator
from index.sentences.folding import fold_words, is_telling, words

# Two articles are copies of one story when this share of the shorter one's
# telling sentences stands in the other, and at least this many of them.
COPY_SHARE = 0.6
COPY_SENTENCES = 3
# A sentence found in more articles than this is boilerplate, not a sign of a copy.
BOILERPLATE = 25


@dataclass(frozen=True, slots=True)
class NewRows:
    """Where an added article's sentences and passages stand."""

    article: int
    first_sentence: int
    passages: tuple[PassageRow, ...]
    cluster: int


class Met:
    """Which folding hashes were met, so that those met first need no look into the catalogue.

    Most sentences of news are. Two hashes may share a bit: "met" may be wrong,
    "not met" never is.
    """

    def __init__(self, bits: int = 27) -> None:
        self._mask = (1 << bits) - 1
        self._bytes = bytearray(1 << (bits - 3))

    def add(self, folds: Iterable[int]) -> None:
        """Remember these."""
        for value in folds:
            bit = value & self._mask
            self._bytes[bit >> 3] |= 1 << (bit & 7)

    def among(self, folds: Iterable[int]) -> list[int]:
        """Return those that may have been met, in order."""
        known, mask = self._bytes, self._mask
        return [v for v in folds if known[(v & mask) >> 3] >> (v & 7) & 1]


class CatalogWriter(Catalog):
    """The catalogue while its generation is built. One thread writes."""

    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        super().__init__(path, writable=True)
        db = self.connection = self._open()
        self._idle.append(db)  # reads, too, see what is not yet committed
        db.execute("PRAGMA journal_mode = WAL")
        # The process may be killed at any moment (WAL survives that); after a power
        # cut an unfinished generation is thrown away, so there is nothing to sync.
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -65536")
        if fresh:
            db.executescript(SCHEMA)
        db.execute("BEGIN")
        # What a copied catalogue holds was not met here: it is asked about every sentence.
        self._met = Met() if fresh else None
        self._next_article = self._next("articles")
        self._next_origin = self._next("origins")
        self._next_sentence = self._next("sentences")
        self._next_passage = self._next("passages")

    def _next(self, table: str) -> int:
        query = f"SELECT coalesce(max(row), -1) + 1 FROM {table}"  # noqa: S608 - our own names
        return int(self.connection.execute(query).fetchone()[0])

    def start_rows_at(self, sentence: int, passage: int) -> None:
        """Give no new sentence or passage a row below these (rows of a shared file are taken)."""
        self._next_sentence = max(self._next_sentence, sentence)
        self._next_passage = max(self._next_passage, passage)

    @property
    def next_rows(self) -> tuple[int, int]:
        """Return the rows that the next sentence and the next passage will get."""
        return self._next_sentence, self._next_passage

    def articles_of_passages(self) -> Iterator[tuple[int, int]]:
        """Yield (passage row, article row) of every passage."""
        yield from self.connection.execute("SELECT row, article FROM passages")

    def row_of_content(self, content_hash: str) -> int | None:
        """Return the row of the article with exactly this text, or None."""
        found = self.rows("SELECT row FROM articles WHERE content_hash = ?", content_hash)
        return int(str(found[0][0])) if found else None

    def add(
        self,
        article: Article,
        source: str,
        spans: Sequence[tuple[int, int]],
        passages: Sequence[Passage],
        keys: Sequence[bytes],
    ) -> NewRows:
        """Add an article with its sentences and passages and return their rows.

        ``keys`` are the vector keys of the passages, in order.
        """
        row, first = self._next_article, self._next_sentence
        said = [words(article.text[start:end]) for start, end in spans]
        folds = [fold_words(each) for each in said]
        telling = [value for value, each in zip(folds, said, strict=True) if is_telling(each)]
        cluster = self._cluster(row, telling)
        rows = tuple(
            PassageRow(
                self._next_passage + i, row, each.id, each.first, each.last, each.tokens,
                first + each.first, first + each.last,
            )
            for i, each in enumerate(passages)
        )  # fmt: skip
        self.connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row, article.content_hash, first, len(spans), len(passages), cluster,
                day_number(article.published), article.text,
            ),
        )  # fmt: skip
        self._insert_sentences(row, first, spans, folds, _owners(rows, first, len(spans)))
        self._insert_passages(rows, keys)
        if self._met is not None:
            self._met.add(folds)
        self._next_article += 1
        self._next_sentence += len(spans)
        self._next_passage += len(passages)
        self.add_origin(row, article, source)
        return NewRows(row, first, rows, cluster)

    def _insert_sentences(
        self,
        article: int,
        first: int,
        spans: Sequence[tuple[int, int]],
        folds: Sequence[int],
        owners: Sequence[int],
    ) -> None:
        self.connection.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (first + i, article, i, start, end, folds[i], owners[i])
                for i, (start, end) in enumerate(spans)
            ),
        )

    def _insert_passages(self, rows: Sequence[PassageRow], keys: Sequence[bytes]) -> None:
        self.connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (each.row, each.article, each.id, each.first, each.last, each.tokens, key)
                for each, key in zip(rows, keys, strict=True)
            ),
        )

    def add_origin(self, row: int, article: Article, source: str) -> None:
        """Remember that an article of this very text also comes from this origin."""
        self.connection.execute(
            "INSERT INTO origins VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._next_origin, row, article.id, article.url, article.title, article.outlet,
                article.author, article.published, article.language,
                None if article.outlet is None else outlet_key(article.outlet),
                article.origin, source, json.dumps(article.pages),
                json.dumps(dict(article.extra), default=str),
            ),
        )  # fmt: skip
        self._next_origin += 1

    def move_origin(self, article_id: str, origin: str, source: str) -> None:
        """Remember that an unchanged article is read from another place now."""
        self.connection.execute(
            "UPDATE origins SET origin = ?, source = ? WHERE id = ?", (origin, source, article_id)
        )
        self._articles.clear()

    def remove_origin(self, article_id: str) -> None:
        """Forget one origin; the article itself stays until `remove`."""
        self.connection.execute("DELETE FROM origins WHERE id = ?", (article_id,))

    def remove(self, row: int) -> tuple[list[int], list[int]]:
        """Remove an article and return the rows of its (sentences, passages)."""
        db = self.connection
        first, count = db.execute(
            "SELECT first_sentence, sentences FROM articles WHERE row = ?", (row,)
        ).fetchone()
        sentences = list(range(first, first + count))
        passages = [
            int(r) for (r,) in db.execute("SELECT row FROM passages WHERE article = ?", (row,))
        ]
        db.execute("DELETE FROM sentences WHERE row >= ? AND row < ?", (first, first + count))
        for table in ("passages", "origins"):
            db.execute(f"DELETE FROM {table} WHERE article = ?", (row,))  # noqa: S608
        db.execute("DELETE FROM articles WHERE row = ?", (row,))
        # Its row may be given to another article, which must not inherit the copies.
        db.execute(
            "UPDATE articles SET cluster = (SELECT min(row) FROM articles WHERE cluster = ?)"
            " WHERE cluster = ?",
            (row, row),
        )
        self._articles.clear()
        return sentences, passages

    def _cluster(self, row: int, folds: Sequence[int]) -> int:
        """Return the cluster of the article that shares most sentences, or ``row``."""
        shared: dict[int, int] = {}
        wanted = set(folds)
        for value in wanted if self._met is None else self._met.among(wanted):
            found = self.connection.execute(
                "SELECT DISTINCT article FROM sentences WHERE fold = ? LIMIT ?",
                (value, BOILERPLATE),
            ).fetchall()
            if len(found) < BOILERPLATE:
                for (other,) in found:
                    shared[other] = shared.get(other, 0) + 1
        for other, count in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:3]:
            size, cluster = self.connection.execute(
                "SELECT sentences, cluster FROM articles WHERE row = ?", (other,)
            ).fetchone()
            if count >= COPY_SENTENCES and count >= COPY_SHARE * min(size, len(set(folds))):
                return int(cluster)
        return row

    def commit(self) -> None:
        """Make everything since the last commit survive a killed process."""
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN")

    def finish(self) -> None:
        """Write everything into the one file that readers open, and close it."""
        db = self.connection
        db.execute("COMMIT")
        db.execute("ANALYZE")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
        self.close()

    def set_validators(self, validators: Sequence[Validator]) -> None:
        """Remember what servers said of the addresses that were read."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO validators VALUES (?, ?, ?, ?)",
            [(v.url, v.etag, v.last_modified, v.content_sha) for v in validators],
        )


def _owners(passages: Sequence[PassageRow], first: int, sentences: int) -> list[int]:
    """Return each sentence's passage: the first one that holds it."""
    owner = [-1] * sentences
    for passage in reversed(passages):
        for row in range(passage.first_row, passage.last_row + 1):
            owner[row - first] = passage.row
    return owner
