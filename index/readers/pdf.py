"""PDF, by pypdf: paragraphs, with the offset at which each page starts."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.dates import normalise
from index.readers.document import Document, ReadArticle, library_failures
from index.readers.fields import headline, one_line, sound, title_of_name
from index.readers.limits import Limits
from index.readers.reflow import reflow

if TYPE_CHECKING:
    from pypdf import DocumentInformation, PdfReader

_NO_TITLE = re.compile(
    r"untitled.*|document\d*|microsoft (?:word|powerpoint).*"
    r"|.*\.(?:docx?|pdf|indd|tex|odt|rtf|qxd)",
    re.IGNORECASE,
)
_HAS_LETTER = re.compile(r"[^\W\d_]")


def read_pdf(
    document: Document, limits: Limits, clock: Callable[[], float] = time.monotonic
) -> ReadArticle:
    """Return the article with its page starts; ``clock`` counts seconds.

    Raises `UnreadableSource` for a PDF that is broken, asks for a password,
    holds no text (a scan) or takes too long.
    """
    with library_failures(document.origin, "a broken PDF"):
        reader = _opened(document, limits)
        flow = reflow(_page_texts(reader, document.origin, limits, clock))
        about = reader.metadata
    if not _HAS_LETTER.search(flow.text):
        raise UnreadableSource(
            document.origin,
            "a PDF without text, perhaps scanned pages",
            remedy="Run text recognition (OCR) on it first.",
        )
    title = _title(about) or headline(flow.text) or title_of_name(document.name)
    article = Article.of(
        id=document.id,
        text=flow.text,
        origin=document.origin,
        title=title,
        url=document.url,
        author=one_line(about.author) if about else None,
        published=_created(about),
        pages=flow.pages,
    )
    return ReadArticle(article)


def _opened(document: Document, limits: Limits) -> PdfReader:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(io.BytesIO(document.data))
    if reader.is_encrypted:
        # Many PDFs only forbid printing: they open with the empty password.
        try:
            opened = reader.decrypt("")
        except (DependencyError, NotImplementedError):
            opened = PasswordType.NOT_DECRYPTED
        if opened == PasswordType.NOT_DECRYPTED:
            raise UnreadableSource(
                document.origin,
                "an encrypted PDF",
                remedy="Save a copy of it without a password.",
            )
    if len(reader.pages) > limits.max_pages:
        raise UnreadableSource(
            document.origin, f"more pages than the limit of {limits.max_pages:,}"
        )
    return reader


def _page_texts(
    reader: PdfReader, origin: str, limits: Limits, clock: Callable[[], float]
) -> list[str]:
    end = clock() + limits.extract_seconds

    def in_time(*_: object) -> None:
        """Called for each drawing operator, so that one endless page is cut as well."""
        if clock() > end:
            raise UnreadableSource(
                origin, f"reading it took more than {limits.extract_seconds:g} seconds"
            )

    texts = []
    for page in reader.pages:
        in_time()
        texts.append(sound(page.extract_text(visitor_operand_before=in_time)))
    return texts


def _title(about: DocumentInformation | None) -> str | None:
    title = one_line(about.title) if about else None
    return None if title is None or _NO_TITLE.fullmatch(title) else title


def _created(about: DocumentInformation | None) -> str | None:
    """Return the day the document was made, when it states one that parses."""
    try:
        created = about.creation_date if about else None
    except (ValueError, TypeError):
        return None
    return normalise(created.date()) if created else None
