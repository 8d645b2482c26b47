"""A fragment of HTML as plain paragraphs, for the places where no page stands around it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary"),
        *("table", "tr", "ul"),
    )
)
_SILENT = frozenset(("script", "style", "template", "noscript", "iframe", "svg", "head"))
_NUL = "\0"
_CELLS = frozenset(("td", "th"))


def plain_text(fragment: str) -> str:
    """Return the text of an HTML fragment, its blocks separated by blank lines.

    >>> plain_text("<p>Rain &amp; wind.</p><ul><li>One<li>Two</ul><script>x()</script>")
    'Rain & wind.\\n\\nOne\\n\\nTwo'
    """
    # lxml, because html.parser takes time with the square of unclosed tags.
    from lxml import etree  # type: ignore[import-untyped]

    paragraphs = _Paragraphs()
    parser = etree.HTMLParser(target=paragraphs, no_network=True)
    # A fragment may be empty or begin with loose text; inside a body both are sound.
    parser.feed(f"<html><body>{fragment.replace(_NUL, '')}</body></html>")
    parser.close()
    return "\n\n".join(paragraphs.finished())


class _Paragraphs:
    """Collects the text between block tags; the methods have the names lxml calls."""

    def __init__(self) -> None:
        self._blocks: list[list[str]] = [[]]
        self._silent: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS:
            self._blocks.append([])
        elif tag == "br":
            self._blocks[-1].append("\v")
        elif tag in _CELLS and any(part.strip() for part in self._blocks[-1]):
            self._blocks[-1].append(" | ")

    def end(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        elif tag in _BLOCKS:
            self._blocks.append([])

    def data(self, text: str) -> None:
        if not self._silent:
            self._blocks[-1].append(text)

    def close(self) -> None:
        """Do nothing: lxml calls this at the end of the document."""

    def finished(self) -> list[str]:
        return [text for block in self._blocks if (text := inline_text("".join(block)))]


def inline_text(text: str) -> str:
    """Return ``text`` with white space collapsed and each vertical tab as a line break.

    >>> inline_text(" one\\n two \\v three")
    'one two\\nthree'
    """
    lines = (re.sub(r"[ \t\r\n\f]+", " ", line).strip() for line in text.split("\v"))
    return "\n".join(line for line in lines if line)
