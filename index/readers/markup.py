"""A fragment of HTML as plain paragraphs, for the places where no page stands around it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary"),
        *("table", "tr", "ul"),
    )
)
_SILENT = frozenset(("script", "style", "template", "noscript", "iframe", "svg", "head"))
_CELLS = frozenset(("td", "th"))


def plain_text(fragment: str) -> str:
    """Return the text of an HTML fragment, its blocks separated by blank lines.

    >>> plain_text("<p>Rain &amp; wind.</p><ul><li>One<li>Two</ul><script>x()</script>")
    'Rain & wind.\\n\\nOne\\n\\nTwo'
    """
    parser = _Paragraphs()
    parser.feed(fragment)
    parser.close()
    return "\n\n".join(parser.finished())


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[list[str]] = [[]]
        self._silent: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent is None and tag in _SILENT:
            self._silent = tag
        elif tag in _BLOCKS:
            self._blocks.append([])
        elif tag == "br":
            self._blocks[-1].append("\v")
        elif tag in _CELLS and any(part.strip() for part in self._blocks[-1]):
            self._blocks[-1].append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = None
        elif tag in _BLOCKS:
            self._blocks.append([])

    def handle_data(self, data: str) -> None:
        if self._silent is None:
            self._blocks[-1].append(data)

    def finished(self) -> list[str]:
        return [text for block in self._blocks if (text := inline_text("".join(block)))]


def inline_text(text: str) -> str:
    """Return ``text`` with white space collapsed and each vertical tab as a line break.

    >>> inline_text(" one\\n two \\v three")
    'one two\\nthree'
    """
    lines = (re.sub(r"[ \t\r\n\f]+", " ", line).strip() for line in text.split("\v"))
    return "\n".join(line for line in lines if line)
