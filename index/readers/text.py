"""Plain text: the article is exactly the decoded file."""

from __future__ import annotations

from index.articles import Article
from index.readers.decoding import decode
from index.readers.document import Document, ReadArticle
from index.readers.fields import date_of_name, headline, title_of_name
from index.readers.limits import Limits


def read_text(document: Document, limits: Limits) -> ReadArticle:
    """Return the article; its text keeps byte-order mark and line ends as they are."""
    decoded = decode(document.data, document.origin, declared=document.charset)
    article = Article.of(
        id=document.id,
        text=decoded.text,
        origin=document.origin,
        title=headline(decoded.text) or title_of_name(document.name),
        url=document.url,
        published=date_of_name(document.name),
    )
    return ReadArticle(article, decoded.notices)
