"""News articles in any number, made by resampling the sentences of real ones.

An article takes whole sentences from many articles, in paragraphs, until it has
the wanted number of words. A tenth of the lower-case words give way to others
of the collection and a third of the names to invented ones drawn by Zipf's law:
so the vocabulary grows with the collection as it does in life, and few
sentences are copies. It reads as nonsense; lengths, punctuation and the
frequencies of words are those of news.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from benchmarks.lexical import invented_name
from index.articles import Article, Filters
from index.readers.limits import Limits
from index.readers.sources import read_source
from index.sentences import split

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples" / "articles"
WORDS = 350
OUTLETS = ("The Common Courier", "Harbour Post", "Hill Gazette", "Delta News")
OUTLET_WEIGHTS = (50, 30, 15, 5)
FIRST_DAY = date(1999, 1, 1)
DAYS = 10_000
FILTERS = {
    "none": Filters(),
    "50%": Filters(outlet=OUTLETS[0]),
    "10%": Filters(outlet=OUTLETS[0], until=FIRST_DAY + timedelta(DAYS // 5 - 1)),
    "1%": Filters(outlet=OUTLETS[0], until=FIRST_DAY + timedelta(DAYS // 50 - 1)),
}
"""Filters by the share of the made articles that they let through."""

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_PLAIN = re.compile(r"(?<= )[a-z]{5,}(?= )")
_RENAMED, _REPLACED = 0.3, 0.1
_SENTENCES_IN_PARAGRAPH = (1, 2, 2, 3, 3, 4)
_QUESTION_FORMS = (
    "What did {0} say about {1} and {2}?",
    "When was the {1} of {0} in {2}?",
    "Who is responsible for the {0} {1} after {2}?",
    "How many people were {0} by the {1} near {2} on {3}?",
    "Why does {0} want {1} to be {2} with {3}?",
)

T = TypeVar("T")


def shared_data(name: str) -> Path | None:
    """Return a folder of the open evaluation data, None where it is not here."""
    places = [os.environ.get("FOOTNOTE_SHARED_DATA"), ROOT.parent / "shared" / "data"]
    for place in places:
        if place and (Path(place) / name).exists():
            return Path(place) / name
    return None


def default_texts() -> Path:
    """Return what is resampled unless told otherwise: Wikinews, or the example articles."""
    news = shared_data("wikinews")
    return EXAMPLES if news is None else news / "articles.jsonl"


def default_questions() -> Path | None:
    """Return the cases whose questions are asked unless told otherwise, if there are any."""
    folder = shared_data("squad")
    return None if folder is None else folder / "cases.jsonl"


def part_of(items: Sequence[T], count: int, seed: int = 0) -> list[T]:
    """Return ``count`` of the items, drawn with this seed, in their order; 0 means all."""
    if not count or count >= len(items):
        return list(items)
    return [items[i] for i in sorted(random.Random(seed).sample(range(len(items)), count))]


@dataclass(frozen=True, slots=True)
class Collection:
    """The raw material: sentences of real articles, and the words that may replace others."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def read(cls, texts: Path) -> Collection:
        """Return the material of a file or a folder of articles."""
        sentences: list[str] = []
        for item in read_source(str(texts), limits=Limits()):
            if isinstance(item, Article):
                cut = (item.text[start:end] for start, end in split(item.text))
                sentences += [" ".join(part.split()) for part in cut if 30 < len(part) < 400]
        if not sentences:
            raise SystemExit(f"{texts}: no article with sentences of news length")
        words = [word for sentence in sentences for word in _PLAIN.findall(sentence)]
        return cls(tuple(sentences), tuple(words or ["other"]))

    def sentence(self, draw: random.Random) -> str:
        """Return one sentence with some of its words and names replaced."""

        def name(match: re.Match[str]) -> str:
            if draw.random() > _RENAMED:
                return match.group()
            return invented_name(int(min(draw.paretovariate(0.6), 5e6)))

        def word(match: re.Match[str]) -> str:
            return match.group() if draw.random() > _REPLACED else draw.choice(self.words)

        return _PLAIN.sub(word, _NAME.sub(name, draw.choice(self.sentences)))

    def article(self, number: int, *, words: int = WORDS, version: int = 0) -> Article:
        """Return the article of a number, the same each time; ``version`` alters its end."""
        draw = random.Random(number)
        paragraphs: list[str] = []
        left = words
        while left > 0:
            size = draw.choice(_SENTENCES_IN_PARAGRAPH)
            paragraphs.append(" ".join(self.sentence(draw) for _ in range(size)))
            left -= paragraphs[-1].count(" ") + 1
        if version:
            paragraphs.append(self.sentence(random.Random(f"{number}/{version}")))
        day = FIRST_DAY + timedelta(draw.randrange(DAYS))
        return Article.of(
            id=f"made-{number:07}",
            text="\n\n".join(paragraphs) + "\n",
            origin=f"made-{number:07}",
            title=" ".join(draw.choice(self.sentences).split()[:8]),
            outlet=draw.choices(OUTLETS, OUTLET_WEIGHTS)[0],
            published=day.isoformat(),
        )

    def articles(self, count: int, *, words: int = WORDS) -> Iterator[Article]:
        """Yield the articles numbered 0 to ``count`` - 1."""
        return (self.article(number, words=words) for number in range(count))

    def questions(self, count: int) -> list[str]:
        """Return questions whose words come from one sentence each, as people's do."""
        draw = random.Random(11)
        questions: list[str] = []
        while len(questions) < count:
            words = [word.strip('.,;:!?"“”()') for word in draw.choice(self.sentences).split()]
            content = [word for word in words if len(word) > 3]
            if len(content) >= 4:
                form = draw.choice(_QUESTION_FORMS)
                questions.append(form.format(*draw.sample(content, 4)))
        return questions


def write_articles(path: Path, articles: Iterator[Article]) -> int:
    """Write articles as JSON lines that Footnote reads; return the bytes of their texts."""
    total = 0
    with path.open("w", encoding="utf-8") as file:
        for each in articles:
            total += len(each.text.encode())
            fields = {
                "id": each.id,
                "title": each.title,
                "outlet": each.outlet,
                "published": each.published,
                "text": each.text,
            }
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")
    return total


def questions_of(cases: Path | None, collection: Collection, count: int) -> list[str]:
    """Return ``count`` questions, half of them from the cases if there are any."""
    asked: list[str] = []
    if cases is not None:
        lines = cases.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line)["question"] for line in part_of(lines, count // 2, seed=5)]
    questions = asked + collection.questions(count - len(asked))
    random.Random(6).shuffle(questions)
    return questions
