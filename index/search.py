"""Search: candidates from BM25 and from vectors, sentences ranked by four scores.

A sentence's score is the sum of four numbers, each brought to 0…1 over the
candidates of this question: BM25 of the sentence, BM25 of its passage, cosine
of the sentence's vector, cosine of its passage's vector.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from index.articles import Article, Filters, Passage
from index.catalog import ArticleRow, PassageRow, SentenceRow
from index.folding import is_telling
from index.lexical import Scope
from index.reader import IndexReader
from index.rerank import NoReranker, Reranker

CANDIDATES = 40
# Differences among the candidates that count in full, see `_unit`.
BM25_SPREAD = 3.0
COSINE_SPREAD = 0.3
# What a passage gains by its best sentence, next to its own two scores.
BEST_SENTENCE = 2.0
# Sentences, copies not counted, that a reranker sees and the best are chosen from.
CONTENDERS = 100
# A passage of a near-duplicate article is folded when this share of its
# sentences was already seen in a better passage.
FOLDED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Scores:
    """The raw scores of a sentence: two BM25 (0 and up) and two cosines (-1…1).

    ``dense_sentence`` is None where the embedder gave no sentence vectors.
    """

    bm25_sentence: float
    bm25_passage: float
    dense_sentence: float | None
    dense_passage: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: ``article.text[start:end]``, its fused score (0…10) and where it ranked.

    ``ranks`` gives the rank, from 1, in each list of candidates that had it:
    ``bm25``, ``dense``, ``sentences``.
    """

    passage: Passage
    article: Article
    start: int
    end: int
    score: float
    ranks: Mapping[str, int]

    @property
    def text(self) -> str:
        """Return the passage's own text."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence found: ``article.text[start:end]``, its fused score (0…4) and the raw scores."""

    row: SentenceRow
    article: Article
    score: float
    scores: Scores

    @property
    def exact(self) -> str:
        """Return the sentence itself."""
        return self.article.text[self.row.start : self.row.end]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found, best first, copies folded, and milliseconds by stage."""

    passages: tuple[Hit, ...]
    sentences: tuple[SentenceHit, ...]
    timings_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to the stage ``name``."""
        start = time.perf_counter()
        try:
            yield
        finally:
            elapsed = (time.perf_counter() - start) * 1000
            self.ms[name] = round(self.ms.get(name, 0.0) + elapsed, 3)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Passages and sentences to be scored; arrays are aligned with the tuples."""

    passages: tuple[PassageRow, ...]
    sentences: tuple[SentenceRow, ...]
    ranks: Mapping[int, Mapping[str, int]]


def search(
    index: IndexReader,
    question: str,
    k: int = 10,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    *,
    reranker: Reranker | None = None,
    candidates: int = CANDIDATES,
) -> SearchResult:
    """Return the ``k`` best passages and sentences for a question.

    ``candidates`` is how many are taken from each of BM25 over passages, BM25
    over sentences and the passage vectors before the fusion.
    """
    watch = Stopwatch()
    with watch.stage("embed"):
        vector = index.embedder.embed_query(question)
    found = _gather(index, question, vector, filters, candidates, watch)
    if not found.passages:
        return SearchResult((), (), watch.ms)
    with watch.stage("score"):
        passage_scores, sentence_hits = _score(index, question, vector, found, max(k, CONTENDERS))
    with watch.stage("rerank"):
        ranked = (reranker or NoReranker()).rerank(question, sentence_hits)
    with watch.stage("fold"):
        sentences = fold_copies(ranked, k, lambda row: index.article_for(row).cluster)
        passages = _best_passages(index, found, passage_scores, k)
    return SearchResult(passages, sentences, watch.ms)


def _gather(
    index: IndexReader,
    question: str,
    vector: NDArray[np.float32],
    filters: Filters,
    count: int,
    watch: Stopwatch,
) -> _Candidates:
    """Collect the best of each list; a sentence brings its passage, a passage its sentences."""
    scope = _scope(filters) if filters else None
    with watch.stage("filter"):
        allowed = index.eligible(filters) if filters else None
    with watch.stage("bm25"):
        lexical = [row for row, _ in index.lexical.passages(question, count, scope)]
        single = [row for row, _ in index.lexical.sentences(question, count, scope)]
    with watch.stage("dense"):
        dense = [int(row) for row in index.dense.nearest(vector, count, allowed)[0]]
    with watch.stage("catalogue"):
        owners = {each.row: each.passage for each in index.catalog.sentences_at(single)}
        lists = {
            "bm25": lexical,
            "dense": dense,
            "sentences": list(dict.fromkeys(owners[row] for row in single if row in owners)),
        }
        ranks: dict[int, dict[str, int]] = {}
        for name, rows in lists.items():
            for rank, row in enumerate(rows, start=1):
                ranks.setdefault(row, {})[name] = rank
        passages = index.catalog.passages_at(list(ranks))
        sentences = index.catalog.sentences_at(
            [row for p in passages for row in range(p.first_row, p.last_row + 1)]
        )
    return _Candidates(tuple(passages), tuple(sentences), ranks)


def _scope(filters: Filters) -> Scope:
    return Scope(
        None if filters.since is None else filters.since.toordinal(),
        None if filters.until is None else filters.until.toordinal(),
        filters.outlet,
    )


def _score(
    index: IndexReader,
    question: str,
    vector: NDArray[np.float32],
    found: _Candidates,
    count: int,
) -> tuple[NDArray[np.float64], list[SentenceHit]]:
    """Return the passages' fused scores and the ``count`` best sentences with their copies."""
    p_rows = np.array([p.row for p in found.passages], np.int64)
    s_rows = np.array([s.row for s in found.sentences], np.int64)
    p_bm25 = index.lexical.score_passages(question, p_rows.tolist())
    s_bm25 = index.lexical.score_sentences(question, s_rows.tolist())
    p_dense = index.dense.similarities(vector, p_rows).astype(np.float64)
    s_dense = index.sentence_similarities(vector, s_rows)

    p_lexical, p_near = _unit(p_bm25, BM25_SPREAD), _unit(p_dense, COSINE_SPREAD)
    place = _best_passage_of(found, p_lexical + p_near)
    total = _unit(s_bm25, BM25_SPREAD) + p_lexical[place] + p_near[place]
    if s_dense is not None:
        total = total + _unit(s_dense, COSINE_SPREAD)
    shown = _contenders(found.sentences, np.argsort(-total, kind="stable").tolist(), count)
    articles = index.catalog.articles_at({found.sentences[i].article for i in shown})
    hits = [
        SentenceHit(
            found.sentences[i],
            articles[found.sentences[i].article].article,
            float(total[i]),
            Scores(
                float(s_bm25[i]),
                float(p_bm25[place[i]]),
                None if s_dense is None else float(s_dense[i]),
                float(p_dense[place[i]]),
            ),
        )
        for i in shown
    ]
    best_sentence = np.zeros(len(p_rows))
    np.maximum.at(best_sentence, place, total)
    return p_lexical + p_near + BEST_SENTENCE * best_sentence, hits


def _contenders(sentences: Sequence[SentenceRow], order: Sequence[int], count: int) -> list[int]:
    """Return the positions of the first ``count`` sentences in ``order``, and of their copies."""
    folds: set[int | None] = set()
    for i in order:
        folds.add(sentences[i].fold)
        if len(folds) == count:
            break
    return [i for i in order if sentences[i].fold in folds]


def _unit(values: NDArray[np.float64], spread: float) -> NDArray[np.float64]:
    """Return values moved and scaled so that the lowest is 0 and the highest 1.

    Where they differ by less than ``spread`` the highest stays below 1: among
    few candidates a small difference is no evidence.
    """
    if len(values) == 0:
        return values
    low = float(values.min())
    return (values - low) / max(float(values.max()) - low, spread)


def _best_passage_of(found: _Candidates, scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for each sentence the position of its best passage (overlaps are in two)."""
    position = {sentence.row: i for i, sentence in enumerate(found.sentences)}
    place = np.zeros(len(found.sentences), np.int64)
    for p in np.argsort(scores, kind="stable"):
        for row in range(found.passages[p].first_row, found.passages[p].last_row + 1):
            place[position[row]] = p
    return place


def fold_copies(
    hits: Sequence[SentenceHit], k: int, cluster_of: Callable[[int], int]
) -> tuple[SentenceHit, ...]:
    """Return the first ``k`` hits, each sentence once: of copies only the earliest published.

    The earliest copy takes the place of the best ranked one; articles without
    a date come after dated ones. A short sentence ("She declined to comment.")
    is a copy only within one cluster of articles, which ``cluster_of`` gives
    for an article's row.
    """
    groups: dict[object, list[SentenceHit]] = {}
    for hit in hits:
        telling = is_telling(hit.exact)
        key = hit.row.fold if telling else (cluster_of(hit.row.article), hit.row.fold)
        groups.setdefault(key, []).append(hit)
    return tuple(min(group, key=_earliest) for group in list(groups.values())[:k])


def _earliest(hit: SentenceHit) -> tuple[bool, str, int]:
    return hit.article.published is None, (hit.article.published or "")[:10], hit.row.row


def _best_passages(
    index: IndexReader, found: _Candidates, scores: NDArray[np.float64], k: int
) -> tuple[Hit, ...]:
    """Return the ``k`` best passages, leaving out copies of better ones."""
    by_row = {each.row: each for each in found.sentences}
    seen: set[int] = set()
    hits: list[Hit] = []
    for i in np.argsort(-scores, kind="stable"):
        passage = found.passages[i]
        inside = [by_row[row] for row in range(passage.first_row, passage.last_row + 1)]
        folds = {each.fold for each in inside if each.fold is not None}
        article: ArticleRow = index.article_for(passage.article)
        if len(folds & seen) > FOLDED_SHARE * len(inside):
            continue
        seen |= folds
        hits.append(
            Hit(
                index.catalog.passage_record(passage),
                article.article,
                inside[0].start,
                inside[-1].end,
                float(scores[i]),
                found.ranks[passage.row],
            )
        )
        if len(hits) == k:
            break
    return tuple(hits)
