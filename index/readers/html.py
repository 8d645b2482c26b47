"""HTML, saved or fetched: the main text and the page's own metadata, by trafilatura."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.dates import normalise
from index.readers.decoding import decode
from index.readers.document import Document, ReadArticle, library_failures
from index.readers.fields import one_line, sound, title_of_name, web_address
from index.readers.limits import Limits
from index.readers.markup import inline_text

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]
    from trafilatura.settings import Document as Extracted

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
_XML_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_LANGUAGE = re.compile(
    r"""<html\b[^>]{0,1000}?\slang\s*=\s*["']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)""", re.I
)
_HEAD_BYTES = 4_096
_SMALL = 100_000
# Extraction walks from elements to their ancestors, so depth costs as much as number.
_MOST_STEPS_UP = 2_000_000
_SENTENCE_END = re.compile(r"\w[\"'”’»)\]]{0,3}[.!?…。！？؟।]")
_LONG_ENOUGH = 80
_BLOCKS = frozenset(("p", "head", "item", "list", "row", "table", "quote", "div", "ab"))


def read_html(document: Document, limits: Limits) -> ReadArticle:
    """Return the page's article: its main text, title, outlet, author and date.

    Paragraphs, headings, list items and table rows are separated by blank
    lines and carry no markers, so a quoted sentence is found in the page that a
    link opens. Raises `UnreadableSource` for a page without an article.
    """
    declared = document.charset or _declared_charset(document.data)
    decoded = decode(document.data, document.origin, declared=declared)
    markup = decoded.text.removeprefix("\ufeff").lstrip()
    if declaration := _XML_DECLARATION.match(markup):
        markup = markup[declaration.end() :]
    with library_failures(document.origin, "its HTML could not be read"):
        _refuse_costly(markup, document.origin, limits)
        extracted = _extract(markup, document.url)
        language = _LANGUAGE.search(markup[:_HEAD_BYTES])
        text = (
            "" if extracted is None else sound("\n\n".join(filter(None, _blocks(extracted.body))))
        )
    if extracted is None or not _is_article(text):
        raise UnreadableSource(document.origin, "no article found in this page")
    return ReadArticle(
        _article(document, extracted, text, language and language[1]), decoded.notices
    )


def _article(document: Document, extracted: Extracted, text: str, language: str | None) -> Article:
    return Article.of(
        id=document.id,
        text=text,
        origin=document.origin,
        title=one_line(extracted.title) or title_of_name(document.name),
        url=document.url or web_address(extracted.url),
        outlet=one_line(extracted.sitename),
        author=one_line(extracted.author),
        published=normalise(extracted.date),
        language=language,
    )


def _declared_charset(data: bytes) -> str | None:
    found = _CHARSET.search(data[:_HEAD_BYTES])
    return found[1].decode("ascii") if found else None


def _extract(markup: str, url: str | None) -> Extracted | None:
    from trafilatura import bare_extraction

    found = bare_extraction(
        markup,
        url=url,
        include_comments=False,
        with_metadata=True,
        # Only what the page states: a date found somewhere in its text is a guess.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return None
    return found


def _refuse_costly(markup: str, origin: str, limits: Limits) -> None:
    """Refuse a page whose size or nesting would keep the extraction busy for minutes."""
    if len(markup) < _SMALL:
        return
    from lxml import etree  # type: ignore[import-untyped]

    depth = elements = steps = 0
    parser = etree.HTMLPullParser(events=("start", "end"))
    for start in range(0, len(markup), _SMALL):
        parser.feed(markup[start : start + _SMALL])
        for event, _ in parser.read_events():
            depth += 1 if event == "start" else -1
            if event == "start":
                elements, steps = elements + 1, steps + depth
        if elements > limits.max_elements or steps > _MOST_STEPS_UP:
            raise UnreadableSource(origin, "a page of too many or too deeply nested elements")


def _is_article(text: str) -> bool:
    """Return whether there is a sentence or a long line: menus and log-in forms have neither."""
    return bool(_SENTENCE_END.search(text)) or any(
        len(line) >= _LONG_ENOUGH for line in text.splitlines()
    )


def _blocks(parent: _Element) -> Iterator[str]:
    """Yield the paragraphs, headings, items and rows of trafilatura's tree, in order."""
    from lxml import etree

    loose = [parent.text or ""]
    for child in parent.iterchildren(etree.Element):
        if child.tag in _BLOCKS:
            if text := inline_text("".join(loose)):
                yield text
            loose = []
            yield from [_row(child)] if child.tag == "row" else _blocks(child)
        else:
            loose.append(_inline(child))
        loose.append(child.tail or "")
    if text := inline_text("".join(loose)):
        yield text


def _row(row: _Element) -> str:
    cells = (" ".join("".join(cell.itertext()).split()) for cell in row)
    return " | ".join(cell for cell in cells if cell)


def _inline(element: _Element) -> str:
    if element.tag == "lb":
        return "\v"
    text = "".join(element.itertext())
    return text.strip().replace("\n", "\v") if element.tag == "code" else text
