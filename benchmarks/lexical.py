"""BM25 by tantivy (Footnote's lexical index) and by SQLite FTS5, side by side.

Passages of five sentences are resampled from real articles; a third of the
capitalised words give way to invented names drawn by Zipf's law, so that the
vocabulary grows with the collection as it does in life. Each engine works in a
process of its own, so that its peak memory is its own. Run it as

    python benchmarks/lexical.py --texts articles.jsonl --passages 100000 1000000

with ``--questions cases.jsonl`` for real questions beside the made ones, and
``--sentences N`` to measure Footnote's index of the sentences of N passages.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.lexical import LexicalDoc, LexicalIndex, Scope, question_terms, terms  # noqa: E402

TOP = 100
DAYS = 10_000
OUTLETS = ("The Common Courier", "Harbour Post", "Hill Gazette", "Delta News")
OUTLET_WEIGHTS = (50, 30, 15, 5)
SCOPES = {
    "all": None,
    "50%": Scope(0, DAYS, OUTLETS[0]),
    "10%": Scope(0, DAYS // 5 - 1, OUTLETS[0].upper()),
    "1%": Scope(0, DAYS // 50 - 1, OUTLETS[0]),
}
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
BREAK = re.compile(r"(?<=[.!?])\s+(?=[“\"A-Z])|\n+")
WORD = re.compile(r"\w+")
SYLLABLES = [c + v for c in "bdfghjklmnprstvz" for v in "aeiou"]
QUESTION_FORMS = (
    "What did {0} say about {1} and {2}?",
    "When was the {1} of {0} in {2}?",
    "Who is responsible for the {0} {1} after {2}?",
    "How many people were {0} by the {1} near {2} on {3}?",
    "Why does {0} want {1} to be {2} with {3}?",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine did with one collection; times in seconds, sizes in MB."""

    engine: str
    documents: int
    build: float
    disk: float
    peak: float
    segments: int
    latencies: dict[str, tuple[float, float]]


def sentences_of(texts: Path) -> list[str]:
    """Return the sentences of the articles, cut roughly: they are only raw material."""
    lines = texts.read_text(encoding="utf-8").splitlines()
    cut = (BREAK.split(json.loads(line)["text"]) for line in lines if line)
    return [part.strip() for parts in cut for part in parts if 30 < len(part) < 400]


def invented_name(rank: int) -> str:
    """Return the invented name of a rank, the same each time."""
    syllables = []
    rank += len(SYLLABLES)
    while rank:
        rank, digit = divmod(rank, len(SYLLABLES))
        syllables.append(SYLLABLES[digit])
    return "".join(syllables).capitalize()


def collection(sentences: list[str], count: int) -> Iterator[tuple[LexicalDoc, list[str]]]:
    """Yield ``count`` passages with their sentences, the same ones at each call."""
    random_ = random.Random(7)

    def renamed(match: re.Match[str]) -> str:
        if random_.random() > 0.3:
            return match.group()
        return invented_name(int(min(random_.paretovariate(0.6), 5e6)))

    for ordinal in range(count):
        parts = [NAME.sub(renamed, part) for part in random_.choices(sentences, k=5)]
        outlet = random_.choices(OUTLETS, OUTLET_WEIGHTS)[0]
        title = " ".join(random_.choice(sentences).split()[:8])
        day = random_.randrange(DAYS)
        yield LexicalDoc(ordinal, " ".join(parts), f"{title}\n{outlet}", day, (outlet,)), parts


def made_questions(sentences: list[str], count: int) -> list[str]:
    """Return questions whose words come from one sentence each, as people's do."""
    random_ = random.Random(11)
    questions: list[str] = []
    while len(questions) < count:
        words = [w.strip('.,;:!?"“”()') for w in random_.choice(sentences).split()]
        content = [word for word in words if len(word) > 3]
        if len(content) >= 4:
            form = random_.choice(QUESTION_FORMS)
            questions.append(form.format(*random_.sample(content, 4)))
    return questions


def folder_mb(folder: Path) -> float:
    """Return the size of the files below ``folder``."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def peak_mb() -> float:
    """Return the peak resident memory of this process (Linux counts it in KiB)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measured(
    search: Callable[[str, Scope | None], object], questions: list[str], budget: float
) -> dict[str, tuple[float, float]]:
    """Return p50 and p95 in ms per scope; each scope stops asking after ``budget`` seconds."""
    latencies = {}
    for name, scope in SCOPES.items():
        taken: list[float] = []
        for question in questions[:20]:
            search(question, scope)
        began = time.perf_counter()
        for question in questions:
            start = time.perf_counter()
            search(question, scope)
            taken.append((time.perf_counter() - start) * 1e3)
            if time.perf_counter() - began > budget:
                break
        taken.sort()
        latencies[name] = (taken[len(taken) // 2], taken[int(len(taken) * 0.95)])
    return latencies


def scored(index: LexicalIndex, questions: list[str], documents: int) -> tuple[float, float]:
    """Return p50 and p95 in ms of scoring 700 given passages."""
    random_ = random.Random(3)
    score = index.score_passages if index.passages(questions[0], 1) else index.score_sentences
    taken = []
    for question in questions:
        rows = random_.sample(range(documents), min(700, documents))
        start = time.perf_counter()
        score(question, rows)
        taken.append((time.perf_counter() - start) * 1e3)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95)]


def run_tantivy(
    folder: Path,
    sentences: list[str],
    questions: list[str],
    count: int,
    *,
    each: bool,
    budget: float,
) -> Result:
    """Build and ask Footnote's index of ``count`` passages, or of their sentences (``each``)."""
    index = LexicalIndex.create(folder / "lexical")
    start = time.perf_counter()
    if each:
        pairs = ((doc, part) for doc, parts in collection(sentences, count) for part in parts)
        index.add_sentences(
            replace(doc, ordinal=row, text=part) for row, (doc, part) in enumerate(pairs)
        )
    else:
        index.add_passages(doc for doc, _ in collection(sentences, count))
    index.commit()
    build = time.perf_counter() - start
    search = index.sentences if each else index.passages
    latencies = measured(lambda q, where: search(q, TOP, where), questions, budget)
    documents = count * 5 if each else count
    latencies["score 700"] = scored(index, questions[:200], documents)
    kind = "sentences" if each else "passages"
    segments = len(list((folder / "lexical" / kind).glob("*.idx")))
    return Result(
        f"tantivy, {kind}", documents, build, folder_mb(folder), peak_mb(), segments, latencies
    )


def run_fts5(
    folder: Path, sentences: list[str], questions: list[str], count: int, *, budget: float
) -> Result:
    """Build and ask a contentless FTS5 table with the Porter stemmer, filtered by a join."""
    db = sqlite3.connect(folder / "fts5.sqlite")
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
        "CREATE VIRTUAL TABLE fts USING fts5"
        "(body, content='', tokenize='porter unicode61');"
        "CREATE TABLE facts (row INTEGER PRIMARY KEY, day INTEGER, outlet TEXT);"
    )
    start = time.perf_counter()
    for doc, _ in collection(sentences, count):
        body = f"{doc.header}\n{doc.text}"
        db.execute("INSERT INTO fts (rowid, body) VALUES (?, ?)", (doc.ordinal, body))
        db.execute("INSERT INTO facts VALUES (?, ?, ?)", (doc.ordinal, doc.day, doc.outlets[0]))
    db.execute("CREATE INDEX by_outlet_day ON facts (outlet COLLATE NOCASE, day)")
    db.execute("INSERT INTO fts (fts) VALUES ('optimize')")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    build = time.perf_counter() - start

    def search(question: str, scope: Scope | None) -> object:
        kept = set(question_terms(question))  # the same words for both engines, each stems its own
        words = " OR ".join(
            f'"{word}"' for word in WORD.findall(question) if kept & set(terms(word))
        )
        if scope is None:
            sql = "SELECT rowid, bm25(fts) FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?"
            return db.execute(sql, (words, TOP)).fetchall()
        sql = (
            "SELECT fts.rowid, bm25(fts) FROM fts JOIN facts ON facts.row = fts.rowid"
            " WHERE fts MATCH ? AND facts.outlet = ? COLLATE NOCASE"
            " AND facts.day BETWEEN ? AND ? ORDER BY rank LIMIT ?"
        )
        values = (words, scope.outlet, scope.since_day, scope.until_day, TOP)
        return db.execute(sql, values).fetchall()

    latencies = measured(search, questions, budget)
    return Result("FTS5, passages", count, build, folder_mb(folder), peak_mb(), 1, latencies)


def row_of(result: Result) -> str:
    """Return a line of the Markdown table."""
    names = [*SCOPES, "score 700"]
    times = [
        "{:.1f} / {:.1f}".format(*result.latencies[name]) if name in result.latencies else "–"
        for name in names
    ]
    cells = [
        result.engine,
        f"{result.documents:,}",
        f"{result.build:.0f}",
        f"{result.disk:.0f}",
        f"{result.peak:.0f}",
        str(result.segments),
        *times,
    ]
    return "| " + " | ".join(cells) + " |"


def run_one(args: argparse.Namespace) -> None:
    """Run one engine in this process and print its line."""
    sentences = sentences_of(args.texts)
    questions = made_questions(sentences, 300)
    if args.questions:
        lines = args.questions.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line)["question"] for line in lines]
        questions = questions[:150] + random.Random(5).sample(asked, min(150, len(asked)))
        random.Random(6).shuffle(questions)
    folder = Path(tempfile.mkdtemp(dir=args.folder))
    try:
        if args.one == "none":
            start = time.perf_counter()
            for _ in collection(sentences, args.passages[0]):
                pass
            print(f"| making the text | {args.passages[0]:,} | {time.perf_counter() - start:.0f} |")
            return
        if args.one == "fts5":
            result = run_fts5(folder, sentences, questions, args.passages[0], budget=args.budget)
        else:
            each = args.one == "sentences"
            result = run_tantivy(
                folder, sentences, questions, args.passages[0], each=each, budget=args.budget
            )
        print(row_of(result), flush=True)
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Run the engines one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--texts", type=Path, required=True, help="articles.jsonl to resample")
    parser.add_argument("--questions", type=Path, help="cases.jsonl with real questions")
    parser.add_argument("--passages", type=int, nargs="+", default=[100_000])
    parser.add_argument("--sentences", type=int, default=0, help="passages to index by sentence")
    parser.add_argument("--engines", nargs="+", default=["tantivy", "fts5"])
    parser.add_argument("--budget", type=float, default=20, help="seconds of questions per filter")
    parser.add_argument("--folder", type=Path, help="where to build, the system's own otherwise")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        run_one(args)
        return
    print("| engine | documents | build s | disk MB | peak MB | segments | ", end="")
    print(" | ".join(f"{name} p50 / p95 ms" for name in [*SCOPES, "score 700"]) + " |")
    print("|" + "---|" * (7 + len(SCOPES)), flush=True)
    runs = [(name, count) for count in args.passages for name in ("none", *args.engines)]
    if args.sentences:
        runs.append(("sentences", args.sentences))
    shared = [f"--texts={args.texts}", f"--budget={args.budget}"]
    shared += [f"--questions={args.questions}"] if args.questions else []
    shared += [f"--folder={args.folder}"] if args.folder else []
    for name, count in runs:
        subprocess.run(
            [sys.executable, __file__, *shared, "--one", name, "--passages", str(count)], check=True
        )


if __name__ == "__main__":
    main()
