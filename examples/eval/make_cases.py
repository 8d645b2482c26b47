"""Make ``articles.jsonl`` and ``cases.jsonl`` from the example articles and ``questions.jsonl``.

    python examples/eval/make_cases.py            # write both files
    python examples/eval/make_cases.py --check    # exit 1 if they are out of date

A line of ``questions.jsonl`` says where an answer stands: the article and a
piece of one sentence in which « and » enclose the answer. The piece must occur
exactly once in its article, so a span is found once, here, and never guessed.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path

import yaml  # type: ignore[import-untyped]

HERE = Path(__file__).resolve().parent
ARTICLES = HERE.parent / "articles"


@dataclass(frozen=True, slots=True)
class Plain:
    """One article as `footnote eval` reads it."""

    id: str
    title: str
    url: str | None
    published: str | None
    outlet: str | None
    text: str


class _Story(HTMLParser):
    """Collects the headline, the paragraphs and the meta tags of a saved page."""

    def __init__(self) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.blocks: list[str] = []
        self._open: str | None = None
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[named.get("property") or named.get("name", "")] = named.get("content", "")
        if tag in ("aside", "section", "footer", "nav"):
            self._skip += 1
        if tag in ("h1", "h2", "p") and not self._skip and named.get("class") != "byline":
            self._open = tag
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("aside", "section", "footer", "nav"):
            self._skip -= 1
        if tag == self._open:
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.blocks[-1] += data


def from_text(path: Path, name: str) -> Plain:
    """Return a plain text file: its text is exactly the decoded file."""
    text = path.read_bytes().decode("utf-8")
    return Plain(name, text.split("\n", 1)[0], None, None, None, text)


def from_markdown(path: Path, name: str) -> Plain:
    """Return a Markdown file without its front matter, marks of emphasis left in."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    head = yaml.safe_load(front)
    published = str(head["date"])
    return Plain(name, head["title"], head["url"], published, head["outlet"], body.strip())


def from_html(path: Path, name: str) -> Plain:
    """Return the headline and paragraphs of a saved page."""
    story = _Story()
    story.feed(path.read_text(encoding="utf-8"))
    meta = story.meta
    published = meta["article:published_time"][:10]
    site = meta["og:site_name"]
    return Plain(name, meta["og:title"], meta["og:url"], published, site, "\n\n".join(story.blocks))


def articles() -> list[Plain]:
    """Return every example article, by id."""
    readers = {".txt": from_text, ".md": from_markdown, ".html": from_html}
    found = [
        readers[path.suffix](path, path.relative_to(ARTICLES).as_posix())
        for path in ARTICLES.rglob("*")
        if path.suffix in readers
    ]
    for path in ARTICLES.rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(Plain(**{key: row[key] for key in Plain.__slots__}))
    return sorted(found, key=lambda article: article.id)


def span(text: str, marked: str) -> tuple[int, int]:
    """Return where the words between « and » stand in ``text``.

    >>> span("It sank at 9 p.m. on Monday.", "at «9 p.m.» on")
    (11, 17)
    """
    before, answer, after = re.split("[«»]", marked)
    piece = before + answer + after
    if text.count(piece) != 1:
        raise ValueError(f"{piece!r} occurs {text.count(piece)} times, not once")
    start = text.find(piece) + len(before)
    return start, start + len(answer)


def cases(texts: dict[str, str]) -> list[dict[str, object]]:
    """Return the evaluation cases, in the order of ``questions.jsonl``."""
    made: list[dict[str, object]] = []
    lines = (HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(map(json.loads, lines), start=1):
        evidence = []
        answers: list[str] = []
        for name, marked in row.get("in", []):
            start, end = span(texts[name], marked)
            evidence.append({"article_id": name, "start": start, "end": end})
            if texts[name][start:end] not in answers:
                answers.append(texts[name][start:end])
        made.append(
            {
                "id": f"osk-{number:02}",
                "question": row["q"],
                "answerable": bool(evidence),
                "answers": answers,
                "evidence": evidence,
                "need": row.get("need", "any"),
                "type": row["type"],
            }
        )
    return made


def main(arguments: list[str]) -> int:
    """Write both files, or with ``--check`` compare them; return the exit status."""
    plain = articles()
    rows = {
        "articles.jsonl": [asdict(article) for article in plain],
        "cases.jsonl": cases({article.id: article.text for article in plain}),
    }
    stale = False
    for name, content in rows.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        path = HERE / name
        if "--check" in arguments:
            if not path.exists() or path.read_bytes() != text.encode("utf-8"):
                print(f"{name} is out of date: run python examples/eval/make_cases.py")
                stale = True
        else:
            path.write_bytes(text.encode("utf-8"))
            print(f"{name}: {len(content)} lines")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
