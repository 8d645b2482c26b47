"""Draws the pictures of the guide from what the bot really sends.

``python -m docs.tools.slack_pictures [FOLDER]`` indexes the example articles,
asks them, and writes one HTML page for each picture; where Chromium is
installed, a PNG beside it. Nothing is drawn by hand.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.answers import CitedAnswer
from bot.ask import Asker
from bot.settings import Settings
from bot.slack.context_modal import CitedPassage, context_modal
from bot.slack.feedback_modal import feedback_modal
from bot.slack.home import Asked, home_view
from bot.slack.messages import Door, IndexFacts, answer_posts, share_preview, shown_citations
from bot.slack.notices import Holdings, OutletCount, fault_post, help_post
from bot.wiring import asker, build_plan, open_index
from index.build import rebuild
from index.search.reader import IndexReader
from tests.slack_render import message, page, view

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ROOT / "examples" / "articles"
PLAIN = "How much will the Port Maren tidal barrier cost?"
DISPUTED = "Who ordered the closing of the Osk channel after the grounding?"
UNANSWERED = "How old is the mayor?"
_HEIGHT = (
    "<script>document.documentElement.dataset.height="
    'document.querySelector("main").scrollHeight</script>'
)
_WIDTH, _LOWEST = 680, 240


class Scene:
    """The example articles, indexed, and answers to questions about them."""

    def __init__(self, ask: Asker, index: IndexReader) -> None:
        self.ask, self.index = ask.ask, index
        made = index.generation.manifest
        self.facts = IndexFacts(made.name, made.made_at, made.articles)

    def exchange(self, question: str, door: Door = "channel") -> str:
        """Return a question and its answer as they stand in a thread."""
        asked = message("anna", text=f"@Footnote {question}", app=False)
        posts = answer_posts(self.ask(question), self.facts, door)
        return asked + "".join(message("Footnote", post.blocks) for post in posts)

    def in_context(self, answer: CitedAnswer) -> str:
        """Return the modal that shows the first citation of an answer."""
        passages: list[CitedPassage] = []
        for citation in shown_citations(answer):
            row = self.index.catalog.article_by_id(citation.article_id)
            text = row.article.text if row else ""
            passages.append(CitedPassage(citation, text[: citation.start], text[citation.end :]))
        return view(context_modal(answer.id, passages, 1))

    def home(self) -> str:
        """Return the Home tab of someone who has asked twice."""
        outlets: dict[str | None, int] = {}
        days: list[str] = []
        for row in self.index.catalog.articles():
            outlets[row.article.outlet] = outlets.get(row.article.outlet, 0) + 1
            days += [row.article.published] if row.article.published else []
        counts = sorted(outlets.items(), key=lambda each: -each[1])
        holdings = Holdings(
            tuple(OutletCount(outlet, count) for outlet, count in counts), min(days), max(days)
        )
        asked = [Asked(PLAIN, self.facts.made_at, True, None)]
        asked.append(Asked(UNANSWERED, self.facts.made_at, False, None))
        return view(home_view(self.facts, holdings, asked))

    def pictures(self) -> Mapping[str, str]:
        """Return the HTML of every picture, by name."""
        plain = self.ask(PLAIN)
        return {
            "answer": self.exchange(PLAIN),
            "answer-disputed": self.exchange(DISPUTED),
            "declined": self.exchange(UNANSWERED),
            "see-in-context": self.in_context(self.ask(DISPUTED)),
            "feedback": view(feedback_modal(plain)),
            "share-preview": message("Footnote", share_preview(plain, self.facts).blocks),
            "help": message("Footnote", help_post().blocks),
            "fault": message(
                "Footnote",
                fault_post("The index could not be read.", "f-20261122-7", retryable=True).blocks,
            ),
            "home": self.home(),
        }


def draw(folder: Path) -> None:
    """Write all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data))  # type: ignore[call-arg]
        rebuild(build_plan(settings), [str(ARTICLES)])
        with open_index(settings) as index:
            drawn = Scene(asker(settings, index), index).pictures()
    for name, inside in drawn.items():
        path = folder / f"{name}.html"
        path.write_text(page(name, inside) + "\n", encoding="utf-8")
        photograph(path)


def photograph(path: Path) -> None:
    """Write a PNG of a page beside it, as high as the page; nothing without Chromium."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.stderr.write(f"{path.name}: no Chromium, so no picture\n")
        return
    with tempfile.TemporaryDirectory() as profile:
        measured = Path(profile) / "page.html"
        measured.write_text(path.read_text("utf-8") + _HEIGHT, encoding="utf-8")
        command = [browser, "--headless", "--no-sandbox", f"--user-data-dir={profile}"]
        command += ["--hide-scrollbars", "--force-device-scale-factor=2"]
        dom = _run([*command, "--dump-dom", measured.as_uri()])
        found = re.search(r'data-height="([0-9]+)"', dom)
        # Below this Chromium cuts off what the window is too small for.
        height = max(int(found[1]) if found else 800, _LOWEST)
        picture = f"--screenshot={path.with_suffix('.png')}"
        _run([*command, f"--window-size={_WIDTH},{height}", picture, path.resolve().as_uri()])


def _run(command: list[str]) -> str:
    return subprocess.run(  # noqa: S603 - our own page
        command, check=True, capture_output=True, text=True, timeout=60
    ).stdout


if __name__ == "__main__":
    draw(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "pictures"))
