"""DOCX, by python-docx: paragraphs, headings, list items and tables in order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.dates import normalise
from index.readers.document import Document, ReadArticle, library_failures
from index.readers.fields import headline, one_line, sound, title_of_name
from index.readers.limits import Limits, readable_size
from index.readers.markup import inline_text

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.opc.coreprops import CoreProperties
    from docx.table import Table

_MOST_PARTS = 5_000
# A part of XML costs ten times its size in memory; pictures cost only their size.
_WHOLE_FILE = 5
_CHUNK = 256 * 1024
# What the templates of python-docx and of its older relatives say of every document.
_TEMPLATE_CREATED = datetime(2013, 12, 23, 23, 15)
_TEMPLATE_AUTHOR = "python-docx"
_TITLE_STYLES = ("Title", "Heading 1")


def read_docx(document: Document, limits: Limits) -> ReadArticle:
    """Return the article, its paragraphs and table rows separated by blank lines.

    Raises `UnreadableSource` for a file that is no DOCX, holds no text, or
    unpacks to more than the limits allow.
    """
    import docx

    with library_failures(document.origin, "a broken DOCX file"):
        _refuse_bomb(document, limits)
        word = docx.Document(io.BytesIO(document.data))
        text = sound("\n\n".join(_blocks(word)))
        about = word.core_properties
        title = one_line(about.title) or _heading(word)
        author, published = _author(about), _created(about)
        language = one_line(about.language)
    if not text:
        raise UnreadableSource(document.origin, "a DOCX file without text")
    article = Article.of(
        id=document.id,
        text=text,
        origin=document.origin,
        title=title or headline(text) or title_of_name(document.name),
        url=document.url,
        author=author,
        published=published,
        language=language,
    )
    return ReadArticle(article)


def _refuse_bomb(document: Document, limits: Limits) -> None:
    """Unpack every part once, keeping nothing: the sizes that a zip declares may be lies."""
    too_large = f"unpacks to more than the limit of {readable_size(limits.max_bytes)}"
    total = 0
    with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS:
            raise UnreadableSource(document.origin, "a DOCX file of too many parts")
        for part in parts:
            size = 0
            with archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    total += len(chunk)
                    is_xml = part.filename.lower().endswith((".xml", ".rels"))
                    if (is_xml and size > limits.max_bytes) or (
                        total > limits.max_bytes * _WHOLE_FILE
                    ):
                        raise UnreadableSource(document.origin, too_large)


def _blocks(word: WordDocument) -> Iterator[str]:
    from docx.table import Table

    for block in word.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        elif text := inline_text(block.text.replace("\n", "\v")):
            yield text


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        seen: set[int] = set()
        cells = []
        for cell in row.cells:
            # A merged cell comes once for each column it covers.
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                cells.append(" ".join(cell.text.split()))
        if any(cells):
            yield " | ".join(cells)


def _heading(word: WordDocument) -> str | None:
    for paragraph in word.paragraphs:
        style = paragraph.style.name if paragraph.style is not None else None
        if style in _TITLE_STYLES and (title := one_line(paragraph.text)):
            return title
    return None


def _author(about: CoreProperties) -> str | None:
    return None if about.author == _TEMPLATE_AUTHOR else one_line(about.author)


def _created(about: CoreProperties) -> str | None:
    created = about.created
    if created is None or created.replace(tzinfo=None) == _TEMPLATE_CREATED:
        return None
    return normalise(created.date())
