"""Make ``answer.svg``, the picture in the README, from what ``footnote ask`` really prints.

    python docs/images/make_answer.py            # write the picture
    python docs/images/make_answer.py --check    # exit 1 if it shows something else

The example articles are indexed in a temporary folder and the second question
of ``examples/demo.sh`` is asked, at the defaults of all settings.
"""

from __future__ import annotations

import html
import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.settings import Settings
from bot.terminal import answer_text
from bot.wiring import asker, build_plan, open_index
from index.build import rebuild

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "answer.svg"
ARTICLES = HERE.parent.parent / "examples" / "articles"
QUESTION = "Who ordered the closing of the Osk channel after the grounding?"
WIDTH = 92

# The picture loads nothing: a font of the reader's own, and no address but the namespace.
SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>An answer in the terminal</title>
<style>
.{unique_id}-matrix {{
    font: {char_height}px Menlo, Consolas, "DejaVu Sans Mono", monospace;
    line-height: {line_height}px;
}}
.{unique_id}-title {{ font: 18px Helvetica, Arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def printed() -> str:
    """Return the command line and what it prints, as in a terminal of `WIDTH` columns."""
    with tempfile.TemporaryDirectory(prefix="footnote-picture-") as place:
        settings = Settings(data_dir=Path(place), _env_file=None)  # type: ignore[call-arg]
        rebuild(build_plan(settings), [str(ARTICLES)])
        with open_index(settings) as index:
            shown = answer_text(asker(settings, index).ask(QUESTION), width=WIDTH - 4, links=True)
    return f'$ footnote ask "{QUESTION}"\n\n{shown}'


def drawn(text: str) -> str:
    """Return the SVG of a terminal that shows ``text``; the command line stands out."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), legacy_windows=False)
    styled = Text.from_ansi(text)  # which knows the links of terminals
    styled.stylize("bold", 0, text.index("\n"))
    styled.highlight_regex(r"(?m)^ *https?://\S+", "blue")
    console.print(styled, highlight=False, soft_wrap=False)
    return console.export_svg(title="footnote", code_format=SVG, unique_id="answer")


def words_of(svg: str) -> str:
    """Return what a picture shows, white space aside.

    >>> words_of('<text x="0">$&#160;footnote</text><text>ask</text>')
    '$footnoteask'
    """
    pieces = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return "".join("".join(map(html.unescape, pieces)).split())


def main(arguments: list[str]) -> int:
    """Write the picture, or with ``--check`` compare what it shows; return the exit status."""
    svg = drawn(printed())
    if "--check" not in arguments:
        PICTURE.write_text(svg, encoding="utf-8")
    elif not PICTURE.is_file() or words_of(PICTURE.read_text("utf-8")) != words_of(svg):
        print("answer.svg is out of date: run python docs/images/make_answer.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
