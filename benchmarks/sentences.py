"""Compare sentence segmenters: boundary F1, hard newswire cases, speed.

    python benchmarks/sentences.py [--gold FILE.jsonl] [--articles FILE.jsonl] [--json]

``--gold`` holds one document a line: ``{"genre", "sentences": [{"par", "text"}]}``
(GUM's Wikinews documents). Sentences of a paragraph are joined by a space,
paragraphs by a blank line; a boundary is the offset at which a sentence ends,
and the end of the document does not count. ``--articles`` holds ``{"text"}``
lines and is what speed is measured on, the fastest of three runs on one core.

Every segmenter but our own is given one blank-line block at a time, which is how
it would be used here, so paragraph ends are right for all; the column "inside"
leaves them out. A library that is not installed is named and skipped:
``pip install blingfire pysbd nupunkt yasbd-lib syntok``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from index.sentences import Span, split  # noqa: E402
from index.sentences.paragraphs import blocks  # noqa: E402
from tests.newswire_cases import CASES, sentences_of, text_of  # noqa: E402

Segmenter = Callable[[str], list[Span]]
SHARED = ROOT.parent / "shared" / "data"
RUNS = 3


@dataclass(frozen=True, slots=True)
class Document:
    """A text with the offsets at which its sentences and its paragraphs end."""

    genre: str
    text: str
    ends: frozenset[int]
    paragraph_ends: frozenset[int]


@dataclass(frozen=True, slots=True)
class Row:
    """One segmenter's numbers; F1 between 0 and 1, speed in MB of UTF-8 a second."""

    name: str
    news_even: float
    news_odd: float
    news: float
    news_inside: float
    interviews: float
    everything: float
    cases: int
    of: int
    megabytes_per_second: float


def find(text: str, start: int, sentences: Iterator[str] | list[str]) -> Iterator[Span]:
    """Yield the spans of sentences that a library returned as strings.

    A library that rewrote a sentence loses it: its offset can't be told.
    """
    for sentence in sentences:
        wanted = sentence.strip()
        at = text.find(wanted, start) if wanted else -1
        if at >= 0:
            start = at + len(wanted)
            yield at, start


def by_block(cut: Callable[[str], list[Span]]) -> Segmenter:
    """Return a segmenter that gives ``cut`` one blank-line block at a time."""

    def segmenter(text: str) -> list[Span]:
        found: list[Span] = []
        for lines in blocks(text):
            offset, end = lines[0][0], lines[-1][1]
            found += [(offset + a, offset + b) for a, b in cut(text[offset:end])]
        return found

    return segmenter


def blingfire() -> Segmenter:
    library = importlib.import_module("blingfire")
    return by_block(lambda t: library.text_to_sentences_and_offsets(t)[1])


def pysbd() -> Segmenter:
    library = importlib.import_module("pysbd").Segmenter(language="en", clean=False)
    return by_block(lambda t: list(find(t, 0, library.segment(t))))


def nupunkt() -> Segmenter:
    library = importlib.import_module("nupunkt")
    return by_block(lambda t: list(find(t, 0, library.sent_tokenize(t))))


def yasbd() -> Segmenter:
    library = importlib.import_module("yasbd").BoundaryDetector(lang="en")
    return by_block(lambda t: list(find(t, 0, library.segment(t))))


def syntok() -> Segmenter:
    library = importlib.import_module("syntok.segmenter")

    def cut(text: str) -> list[Span]:
        return [
            (s[0].offset, s[-1].offset + len(s[-1].value))
            for paragraph in library.analyze(text)
            for s in paragraph
        ]

    return by_block(cut)


CANDIDATES: dict[str, Callable[[], Segmenter]] = {
    "footnote": lambda: split,
    "blingfire": blingfire,
    "yasbd-lib": yasbd,
    "pysbd": pysbd,
    "nupunkt": nupunkt,
    "syntok": syntok,
}


def document_of(line: str) -> Document:
    """Return the document of one line of the gold file."""
    fields = json.loads(line)
    text, ends, paragraph_ends, paragraph = "", set(), set(), 0
    for sentence in fields["sentences"]:
        if text and sentence["par"] != paragraph:
            paragraph_ends.add(len(text))
        if text:
            text += " " if sentence["par"] == paragraph else "\n\n"
        paragraph = sentence["par"]
        text += sentence["text"]
        ends.add(len(text))
    last = {len(text)}
    return Document(fields["genre"], text, frozenset(ends - last), frozenset(paragraph_ends))


def f1(cut: Segmenter, documents: list[Document], *, inside: bool = False) -> float:
    """Return the F1 of boundaries over all documents together (micro average)."""
    agreed = found = gold = 0
    for document in documents:
        dropped = {len(document.text)} | (document.paragraph_ends if inside else set())
        ours = {end for _, end in cut(document.text)} - dropped
        ends = document.ends - dropped
        agreed, found, gold = agreed + len(ours & ends), found + len(ours), gold + len(ends)
    return 2 * agreed / (found + gold) if found + gold else 0.0


def cases_right(cut: Segmenter) -> tuple[int, int]:
    """Return how many of the hard cases are cut exactly as expected, and how many there are."""
    cases = [case for group in CASES.values() for case in group]
    right = 0
    for case in cases:
        text = text_of(case)
        right += [text[a:b].strip() for a, b in cut(text)] == sentences_of(case)
    return right, len(cases)


def speed(cut: Segmenter, texts: list[str]) -> float:
    """Return MB of UTF-8 a second, the fastest of `RUNS` runs, by the processor's clock."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    seconds = []
    for _ in range(RUNS):
        began = time.process_time()
        for text in texts:
            cut(text)
        seconds.append(time.process_time() - began)
    return size / min(seconds) if texts else 0.0


def measure(name: str, cut: Segmenter, documents: list[Document], texts: list[str]) -> Row:
    news = [d for d in documents if d.genre == "news"]
    right, of = cases_right(cut)
    return Row(
        name=name,
        news_even=f1(cut, [d for d in documents[0::2] if d.genre == "news"]),
        news_odd=f1(cut, [d for d in documents[1::2] if d.genre == "news"]),
        news=f1(cut, news),
        news_inside=f1(cut, news, inside=True),
        interviews=f1(cut, [d for d in documents if d.genre != "news"]),
        everything=f1(cut, documents),
        cases=right,
        of=of,
        megabytes_per_second=speed(cut, texts),
    )


def lines_of(path: Path) -> list[str]:
    if not path.exists():
        print(f"skipped: {path} is not there", file=sys.stderr)
        return []
    return path.read_text(encoding="utf-8").splitlines()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, default=SHARED / "sentences" / "gum_wikinews.jsonl")
    parser.add_argument("--articles", type=Path, default=SHARED / "wikinews" / "articles.jsonl")
    parser.add_argument("--json", action="store_true", help="print one JSON object a segmenter")
    options = parser.parse_args()
    documents = [document_of(line) for line in lines_of(options.gold)]
    texts = [json.loads(line)["text"] for line in lines_of(options.articles)]
    if not options.json:
        print("name        news even/odd    news  inside  interv    all  cases      MB/s")
    for name, load in CANDIDATES.items():
        try:
            cut = load()
        except ImportError as missing:
            print(f"{name}: not installed, skipped ({missing})", file=sys.stderr)
            continue
        row = measure(name, cut, documents, texts)
        print(json.dumps(asdict(row)) if options.json else line_of(row), flush=True)


def line_of(row: Row) -> str:
    return (
        f"{row.name:11} {row.news_even:.4f}/{row.news_odd:.4f}  {row.news:.4f}"
        f"  {row.news_inside:.4f}  {row.interviews:.4f} {row.everything:.4f}"
        f"  {row.cases:3}/{row.of}  {row.megabytes_per_second:7.2f}"
    )


if __name__ == "__main__":
    main()
