"""What comes in: the articles of all sources, each id once, and notes on everything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from index.articles import Article
from index.building.plan import Plan, Tally
from index.building.progress import Reach
from index.building.timings import Timings
from index.errors import UnreadableSource
from index.readers.fetch import NotModified, Validator
from index.readers.sources import Item, Notice


class Intake:
    """Reads the sources of a run once, in order. What is no article goes into the tally."""

    def __init__(self, plan: Plan, sources: Sequence[str], tally: Tally, timings: Timings) -> None:
        self._plan, self._sources = plan, sources
        self._tally, self._timings = tally, timings
        self._seen: dict[str, bytes] = {}

    def has_met(self, article_id: str) -> bool:
        """Return whether an article with this id was read so far."""
        return article_id in self._seen

    def articles(self, known: Mapping[str, Validator]) -> Iterator[tuple[str, Article]]:
        """Yield (SOURCE, article) for what can be read; note everything else."""
        progress, reach = self._plan.progress, Reach()
        progress.start("Reading and indexing", reach.total(self._sources))
        for source in self._sources:
            for item in self._timed(self._plan.read(source, known)):
                if not isinstance(item, Article):
                    self._note(item)
                elif self._is_new(item):
                    yield source, item
                if isinstance(item, Article):
                    progress.advance(reach.bytes_of(item), f"{len(self._seen):,} articles")
        progress.finish()

    def protects(self, origin: str, source: str) -> bool:
        """Return whether an earlier article must stay since its place could not be read."""
        protected = self._tally.protected
        if protected & {origin, source}:
            return True
        # A folder that cannot be read hides whatever is below it.
        return "://" not in origin and any(
            parent.as_posix() in protected for parent in Path(origin).parents
        )

    def _timed(self, items: Iterator[Item]) -> Iterator[Item]:
        """Pass items through, counting the time that reading them takes."""
        while True:
            with self._timings.measure("read"):
                item = next(items, None)
            if item is None:
                return
            yield item

    def _note(self, item: UnreadableSource | Notice | NotModified | Validator) -> None:
        match item:
            case UnreadableSource():
                self._tally.skipped.append(item)
                self._tally.protected.add(item.origin)
            case NotModified():
                self._tally.protected.add(item.validator.url)
                self._tally.validators.append(item.validator)
            case Validator():
                self._tally.validators.append(item)
            case Notice():
                self._tally.notices.append(item)

    def _is_new(self, article: Article) -> bool:
        """Return whether this id is met for the first time; a clash is noted."""
        digest = fingerprint(article)
        earlier = self._seen.setdefault(article.id, digest)
        if earlier is digest:
            return True
        if earlier != digest:
            # The place itself was read, so nothing from before has to stay for its sake.
            self._tally.skipped.append(
                UnreadableSource(
                    article.origin,
                    f"another article with the id {article.id!r} was read before;"
                    " this one is left out",
                    remedy="Give the two articles different ids.",
                )
            )
        return False


def fingerprint(article: Article) -> bytes:
    """Return 16 bytes that differ if anything differs that is indexed or shown."""
    shown = (
        article.content_hash,
        article.url,
        article.title,
        article.outlet,
        article.author,
        article.published,
        article.language,
        article.pages,
        json.dumps(dict(article.extra), sort_keys=True, default=str),
    )
    return hashlib.blake2b(repr(shown).encode("utf-8", "replace"), digest_size=16).digest()
