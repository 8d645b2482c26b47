"""The BM25 index of one kind of text: passages, or sentences.

The score is Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009) with k1 = 1.2, idf = ln(1 + (N - n + 0.5) / (n + 0.5)), and
lengths rounded to one byte, as in Lucene and tantivy.

tantivy fixes b = 0.75, which punishes long sentences too much: about 0.4 ranks
better on every collection measured (docs/decisions/0005-lexical-index.md).
Adding the same number p of mute terms to every row changes b to
0.75 * mean / (mean + p) and nothing else:
0.25 + 0.75 * (length + p) / (mean + p) = (1 - b) + b * length / mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.lexical.analysis import MUTE, analyser, folded, outlet_key, question_terms
from index.lexical.damage import engine_errors

_QUESTION_TERMS = 64
_MOST_TIES = 4_096


@dataclass(frozen=True, slots=True)
class LexicalDoc:
    """A passage or a sentence as it is indexed.

    ``ordinal`` is its global row number, unique within its kind. ``header``
    (title, outlet, date) is searched in front of ``text``; empty for none.
    ``day`` is ``date.toordinal()`` of publication, None when it is unknown.
    """

    ordinal: int
    text: str
    header: str = ""
    day: int | None = None
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search may return: inclusive days (``date.toordinal()``) and an outlet in any case.

    A document without a day is outside every scope that has a day.
    """

    since_day: int | None = None
    until_day: int | None = None
    outlet: str | None = None


class Kind:
    """One kind's reader, and its writer while something is being written.

    ``heap_bytes`` is the memory that the writer fills before it flushes a
    segment, shared by its ``threads``. ``mute`` is how many mute terms every
    row gets; it must be the same each time the folder is opened.
    """

    def __init__(self, folder: Path, *, heap_bytes: int, threads: int, mute: int) -> None:
        self._folder, self._heap, self._threads = folder, heap_bytes, threads
        self._mute = MUTE * mute
        self._writer: tantivy.IndexWriter | None = None
        with engine_errors(folder):
            self._index = tantivy.Index.open(str(folder))
            self._schema = self._index.schema
            self._index.register_tokenizer("footnote", analyser())
            self._index.config_reader(reload_policy="manual")  # no thread that watches the files
            self._searcher = self._index.searcher()

    @classmethod
    def create(cls, folder: Path, *, heap_bytes: int, threads: int, mute: int) -> Kind:
        """Return an empty kind in ``folder``, which is made and must not exist."""
        with engine_errors(folder):
            folder.mkdir(parents=True)
            tantivy.Index(_schema(), path=str(folder), reuse=False)
        return cls(folder, heap_bytes=heap_bytes, threads=threads, mute=mute)

    @property
    def count(self) -> int:
        """Rows that can be found."""
        return self._searcher.num_docs

    def add(self, docs: Iterable[LexicalDoc]) -> None:
        """Add rows; they can be found after `commit`."""
        for doc in docs:
            row = tantivy.Document()
            text = folded(f"{doc.header}\n{doc.text}" if doc.header else doc.text)
            row.add_text("text", text + self._mute)
            row.add_unsigned("ordinal", doc.ordinal)
            if doc.day is not None:
                row.add_integer("day", doc.day)
            for outlet in doc.outlets:
                row.add_text("outlet", outlet_key(outlet))
            with engine_errors(self._folder):
                self._writing().add_document(row)

    def remove(self, ordinals: Sequence[int]) -> None:
        """Remove rows at the next `commit`; unknown ordinals are no error."""
        if ordinals:
            unwanted = tantivy.Query.term_set_query(self._schema, "ordinal", list(ordinals))
            with engine_errors(self._folder):
                self._writing().delete_documents_by_query(unwanted)

    def commit(self) -> None:
        """Make the changes durable and visible here, after the merges they set off."""
        with engine_errors(self._folder):
            if self._writer is not None:
                writer, self._writer = self._writer, None
                writer.commit()
                writer.wait_merging_threads()
            self._index.reload()
            self._searcher = self._index.searcher()

    def close(self) -> None:
        """Drop what was not committed and let go of the writer's lock."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with engine_errors(self._folder):
                writer.rollback()
                writer.wait_merging_threads()

    def search(self, question: str, k: int, where: Scope | None) -> list[tuple[int, float]]:
        """Return up to ``k`` (ordinal, score), best first, equal scores by ordinal."""
        query = self._query(question)
        if query is None or k <= 0:
            return []
        filters = self._filters(where)
        if filters:
            query = _restricted(query, filters)
        limit = k + 16
        while True:  # the engine cuts a tie anywhere; look past it before cutting by ordinal
            ranked = self._hits(query, limit)
            cut_in_a_tie = len(ranked) == limit and ranked[-1][1] == ranked[k - 1][1]
            if not cut_in_a_tie or limit >= k + _MOST_TIES:
                return ranked[:k]
            limit = k + (limit - k) * 4

    def score(self, question: str, ordinals: Sequence[int]) -> NDArray[np.float64]:
        """Return the scores of these rows, shape (len(ordinals),); 0.0 where no term occurs."""
        scores = np.zeros(len(ordinals), dtype=np.float64)
        query = self._query(question)
        if query is None or not ordinals:
            return scores
        rows = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._row(o)) for o in ordinals])
        found = dict(self._hits(_restricted(query, [rows]), len(ordinals)))
        for at, ordinal in enumerate(ordinals):
            scores[at] = found.get(ordinal, 0.0)
        return scores

    def doc_freq(self, term: str) -> int:
        """Return how many rows hold ``term``, removed rows included until they are merged away."""
        with engine_errors(self._folder):
            return self._searcher.doc_freq("text", term)

    def removed_share(self) -> float:
        """Return which share of the rows on disk is removed, between 0 and 1."""
        with engine_errors(self._folder):
            meta = json.loads((self._folder / "meta.json").read_text(encoding="utf-8"))
        kept = sum(segment["max_doc"] for segment in meta["segments"])
        return 1.0 - self.count / kept if kept else 0.0

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=self._heap, num_threads=self._threads)
        return self._writer

    def _hits(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        with engine_errors(self._folder):
            hits = self._searcher.search(query, limit, count=False).hits
            rows = self._searcher.fast_field_values("ordinal", [address for _, address in hits])
        pairs = ((row, hit[0]) for row, hit in zip(rows, hits, strict=True) if row is not None)
        ranked = [(int(row), float(score)) for row, score in pairs]
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))

    def _query(self, question: str) -> tantivy.Query | None:
        """Return any of the question's terms, the rarest ones when there are very many."""
        known = ((self.doc_freq(term), term) for term in question_terms(question))
        chosen = sorted(pair for pair in known if pair[0])[:_QUESTION_TERMS]
        if not chosen:
            return None
        should = tantivy.Occur.Should
        return tantivy.Query.boolean_query(
            [
                (should, tantivy.Query.term_query(self._schema, "text", term, "freq"))
                for _, term in chosen
            ]
        )

    def _row(self, ordinal: int) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "ordinal", ordinal, "basic")

    def _filters(self, where: Scope | None) -> list[tantivy.Query]:
        filters: list[tantivy.Query] = []
        if where is None:
            return filters
        since, until = where.since_day, where.until_day
        if since is not None or until is not None:
            day = tantivy.FieldType.Integer
            filters.append(tantivy.Query.range_query(self._schema, "day", day, since, until))
        if where.outlet is not None:
            key = outlet_key(where.outlet)
            filters.append(tantivy.Query.term_query(self._schema, "outlet", key))
        return filters


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="footnote", index_option="freq")
    builder.add_unsigned_field("ordinal", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _restricted(query: tantivy.Query, to: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return ``query`` for rows that match all of ``to``, which add nothing to the score."""
    silent = [tantivy.Query.const_score_query(each, 0.0) for each in to]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in (query, *silent)])
