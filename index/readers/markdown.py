"""Markdown: front matter for the fields, the body as the plain sentences a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.decoding import decode
from index.readers.document import Document, ReadArticle, library_failures
from index.readers.fields import Fields, date_of_name, fields_of, headline, one_line, title_of_name
from index.readers.limits import Limits
from index.readers.markup import inline_text, plain_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M
)
_LONGEST_FRONT_MATTER = 16 * 1024
_MOST_BRACKETS = 500
_NAMES = {
    "outlet": ("outlet", "publication"),
    "author": ("author", "authors"),
    "published": ("published", "date"),
    "language": ("language", "lang"),
}
_INLINE = {"text": None, "code_inline": None, "softbreak": " ", "hardbreak": "\v"}


def read_markdown(document: Document, limits: Limits) -> ReadArticle:
    """Return the article; markers, link targets and HTML tags are not part of its text.

    Headings, list items and paragraphs are separated by blank lines. Raises
    `UnreadableSource` for front matter that is not YAML and for an empty body.
    """
    decoded = decode(document.data, document.origin, declared=document.charset)
    values, body = _split(decoded.text, document.origin)
    fields = fields_of(values, _NAMES, frozenset())
    with library_failures(document.origin, "its Markdown could not be read"):
        text, first_heading = _rendered(body)
    if not text:
        raise UnreadableSource(document.origin, "no text in it")
    title = fields.title or first_heading or headline(text) or title_of_name(document.name)
    return ReadArticle(_article(document, fields, title, text), decoded.notices)


def _article(document: Document, fields: Fields, title: str, text: str) -> Article:
    return Article.of(
        id=document.id,
        text=text,
        origin=document.origin,
        title=title,
        url=document.url or fields.url,
        outlet=fields.outlet,
        author=fields.author,
        published=fields.published or date_of_name(document.name),
        language=fields.language,
        extra=fields.extra,
    )


def _split(text: str, origin: str) -> tuple[Mapping[str, object], str]:
    """Return the front matter's keys and the body below it."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text.removeprefix("\ufeff")
    # The YAML scanner takes time with the square of the depth of brackets.
    brackets = found[1].count("[") + found[1].count("{")
    if len(found[1]) > _LONGEST_FRONT_MATTER or brackets > _MOST_BRACKETS:
        raise UnreadableSource(origin, "its front matter is too large")
    values = _yaml(found[1], origin)
    # Two thematic breaks around a paragraph look like front matter and are none.
    if values is None and found[1].strip():
        return {}, text.removeprefix("\ufeff")
    return values or {}, text[found.end() :]


def _yaml(text: str, origin: str) -> Mapping[str, object] | None:
    import yaml  # type: ignore[import-untyped]

    try:
        # An alias repeats a part of the document; a few nested ones make a bomb,
        # and no front matter needs them.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise UnreadableSource(origin, "its front matter uses YAML aliases")
        loaded = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else error.problem_mark.line + 2
        raise UnreadableSource(origin, "its front matter is not YAML", line=line) from error
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise UnreadableSource(origin, "its front matter is not YAML") from error
    if not isinstance(loaded, dict):
        return None
    return {str(key): value for key, value in loaded.items()}


def _rendered(body: str) -> tuple[str, str | None]:
    """Return the body as plain text and its first top-level heading."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    blocks: list[str] = []
    heading: str | None = None
    row: list[str] | None = None
    for position, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            blocks.append(" | ".join(row))
            row = None
        elif token.type == "inline":
            text = _inline(token.children or ())
            if row is not None:
                row.append(text)
                continue
            blocks.append(text)
            if heading is None and tokens[position - 1].tag == "h1":
                heading = one_line(text)
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.strip("\n"))
        elif token.type == "html_block":
            blocks.append(plain_text(token.content))
    return "\n\n".join(block for block in blocks if block.strip(" |\n")), heading


def _inline(tokens: Iterable[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type == "html_inline":
            parts.append("\v" if token.content.lower().startswith("<br") else "")
        elif token.type in _INLINE:
            parts.append(_INLINE[token.type] or token.content)
    return inline_text("".join(parts))
