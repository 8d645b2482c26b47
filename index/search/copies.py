"""Copies of a sentence folded into the earliest one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.search.hits import SentenceHit
from index.sentences.folding import is_telling, words


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
        telling = is_telling(words(hit.exact))
        key = hit.row.fold if telling else (cluster_of(hit.row.article), hit.row.fold)
        groups.setdefault(key, []).append(hit)
    return tuple(min(group, key=_earliest) for group in list(groups.values())[:k])


def _earliest(hit: SentenceHit) -> tuple[bool, str, int]:
    return hit.article.published is None, (hit.article.published or "")[:10], hit.row.row
