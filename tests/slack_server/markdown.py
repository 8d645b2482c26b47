"""Markdown as a reader sees it, by way of markdown-it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .markup import _BARE_URL, Reading

if TYPE_CHECKING:
    from markdown_it.token import Token


def shown_markdown(reading: Reading, text: str) -> str:
    """The text with its marks gone, one line for each line shown; links go to the reading."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # Slack decides itself what is a safe address; markdown-it would print some as text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return _Writer(reading).write(parser.parse(text))


class _Writer:
    """Turns markdown-it's flat list of tokens into lines."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lines: list[str] = []
        self.quotes = 0
        self.lists: list[int | None] = []
        self.marker = ""
        self.cells: list[str] | None = None

    def write(self, tokens: list[Token]) -> str:
        for token in tokens:
            self.block(token)
        return "\n".join(self.lines)

    def block(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            self.emit(self.inline(token.children or []))
        elif kind in ("fence", "code_block"):
            self.emit(token.content.rstrip("\n"))
        elif kind == "hr":
            self.emit("———")
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += 1 if kind.endswith("open") else -1
        elif kind in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if kind.startswith("ordered") else None
            self.lists.append(start)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            self.open_item()
        elif kind == "tr_open":
            self.cells = []
        elif kind == "tr_close":
            row, self.cells = self.cells or [], None
            self.emit(" | ".join(row))

    def open_item(self) -> None:
        number = self.lists[-1]
        self.marker = "• " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1

    def emit(self, text: str) -> None:
        if self.cells is not None:
            self.cells.append(text)
            return
        prefix = "> " * self.quotes + "  " * max(0, len(self.lists) - 1)
        for line in text.split("\n"):
            self.lines.append(f"{prefix}{self.marker}{line}")
            self.marker = ""

    def inline(self, tokens: list[Token]) -> str:
        shown: list[str] = []
        opened: list[tuple[str, int]] = []
        for token in tokens:
            if token.type == "link_open":
                opened.append((str(token.attrGet("href") or ""), len(shown)))
            elif token.type == "link_close":
                url, start = opened.pop()
                self.reading.links.append(("".join(shown[start:]), url))
            elif token.type == "image":
                self.reading.links.append((token.content, str(token.attrGet("src") or "")))
                shown.append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                shown.append("\n")
            elif token.type in ("text", "code_inline", "text_special"):
                if token.type == "text" and not opened:
                    for match in _BARE_URL.finditer(token.content):
                        self.reading.bare(match[0])
                shown.append(token.content)
        return "".join(shown)
