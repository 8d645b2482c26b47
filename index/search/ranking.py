"""Search: candidates from BM25 and from vectors, sentences ranked by four scores.

A sentence's score is the sum of four numbers, each brought to 0…1 over the
candidates of this question: BM25 of the sentence, BM25 of its passage, cosine
of the sentence's vector, cosine of its passage's vector.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import Filters
from index.catalog import ArticleRow, PassageRow, SentenceRow
from index.lexical import Scope
from index.search.copies import fold_copies
from index.search.hits import Hit, Scores, SearchResult, SentenceHit
from index.search.reader import IndexReader
from index.search.rerank import NoReranker, Reranker
from index.search.stopwatch import Stopwatch

CANDIDATES = 30
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
