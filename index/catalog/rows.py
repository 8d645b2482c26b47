"""What stands in the catalogue: its tables, and the rows that are read from them.

Rows of sentences and passages are never reused: a sentence's ``row`` is also its row in
the file of sentence vectors and its document in the lexical index, a passage's
``row`` likewise. The sentences of one article have consecutive rows.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from index.articles import Article
from index.readers.dates import day

SCHEMA = """
CREATE TABLE articles (
    row INTEGER PRIMARY KEY,
    content_hash TEXT NOT NULL UNIQUE,
    first_sentence INTEGER NOT NULL,
    sentences INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    cluster INTEGER NOT NULL,
    day INTEGER,
    text TEXT NOT NULL
);
CREATE INDEX articles_day ON articles(day);
CREATE INDEX articles_cluster ON articles(cluster);
CREATE TABLE origins (
    row INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles(row),
    id TEXT NOT NULL UNIQUE,
    url TEXT, title TEXT NOT NULL, outlet TEXT, author TEXT, published TEXT, language TEXT,
    outlet_key TEXT,
    origin TEXT NOT NULL, source TEXT NOT NULL,
    pages TEXT NOT NULL, extra TEXT NOT NULL
);
CREATE INDEX origins_article ON origins(article, row);
CREATE INDEX origins_source ON origins(source);
CREATE INDEX origins_outlet ON origins(outlet_key);
CREATE TABLE sentences (
    row INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    fold INTEGER,
    passage INTEGER NOT NULL
);
CREATE INDEX sentences_fold ON sentences(fold) WHERE fold IS NOT NULL;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    id TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    vector_key BLOB NOT NULL
);
CREATE INDEX passages_article ON passages(article);
CREATE INDEX passages_vector ON passages(vector_key);
CREATE TABLE validators (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, content_sha TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in the catalogue; ``article`` shows its first origin's metadata.

    ``first_sentence`` is the row of its first sentence, ``cluster`` the row of
    the earliest article it is a near-duplicate of (its own row if none).
    """

    row: int
    article: Article
    first_sentence: int
    sentences: int
    cluster: int


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence in the catalogue, with its span, its passage's row and its folding hash."""

    row: int
    article: int
    ordinal: int
    start: int
    end: int
    fold: int | None
    passage: int


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage in the catalogue: sentence rows ``first_row`` to ``last_row`` inclusive."""

    row: int
    article: int
    id: str
    first: int
    last: int
    tokens: int
    first_row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is indexed, the outlets (most articles first) and the range of days."""

    articles: int
    origins: int
    sentences: int
    passages: int
    outlets: tuple[tuple[str, int], ...]
    first_day: str | None
    last_day: str | None


def outlet_key(outlet: str) -> str:
    """Return the form under which outlets are compared: case and outer space ignored.

    The lexical index compares them in the same way.

    >>> outlet_key(" The Times ") == outlet_key("the times")
    True
    """
    sound = outlet.encode("utf-8", "replace").decode("utf-8")
    return " ".join(unicodedata.normalize("NFKC", sound).casefold().split())


def day_number(published: str | None) -> int | None:
    """Return the proleptic Gregorian ordinal of a normalised date, or None."""
    found = day(published)
    return None if found is None else found.toordinal()
