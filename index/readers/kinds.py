"""Which format a document is in: by a file's suffix, or by what a server said and sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePosixPath
from types import MappingProxyType


class Kind(Enum):
    """A format that Footnote reads."""

    TEXT = "plain text"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    PDF = "PDF"
    DOCX = "DOCX"
    JSONL = "JSONL"
    FEED = "RSS or Atom feed"


SUFFIXES: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys((".txt", ".text"), Kind.TEXT),
        **dict.fromkeys((".md", ".markdown"), Kind.MARKDOWN),
        **dict.fromkeys((".html", ".htm", ".xhtml"), Kind.HTML),
        **dict.fromkeys((".pdf",), Kind.PDF),
        **dict.fromkeys((".docx",), Kind.DOCX),
        **dict.fromkeys((".jsonl", ".ndjson"), Kind.JSONL),
        **dict.fromkeys((".xml", ".rss", ".atom"), Kind.FEED),
    }
)
_MEDIA_TYPES: Mapping[str, Kind] = MappingProxyType(
    {
        "text/html": Kind.HTML,
        "application/xhtml+xml": Kind.HTML,
        "application/pdf": Kind.PDF,
        "text/markdown": Kind.MARKDOWN,
        "application/jsonl": Kind.JSONL,
        "application/x-ndjson": Kind.JSONL,
        "application/jsonlines": Kind.JSONL,
        "application/rss+xml": Kind.FEED,
        "application/atom+xml": Kind.FEED,
        "application/rdf+xml": Kind.FEED,
        "application/xml": Kind.FEED,
        "text/xml": Kind.FEED,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Kind.DOCX,
    }
)
_VAGUE = frozenset(("", "text/plain", "application/octet-stream", "binary/octet-stream"))
_SNIFFED = 4_096
_BEFORE_ROOT = re.compile(
    rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:\[[^\]]*\]|[^>\[])*>)*", re.S | re.I
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|rdf|html)[\s>/]", re.I)


def kind_of_name(name: str) -> Kind | None:
    """Return the format that a file's name promises, or None for one that is not read.

    >>> kind_of_name("Harbour.TXT"), kind_of_name("photo.png")
    (<Kind.TEXT: 'plain text'>, None)
    """
    return SUFFIXES.get(PurePosixPath(name).suffix.lower())


def kind_of_page(content_type: str, name: str, data: bytes) -> Kind | None:
    """Return the format of a fetched body, or None for one that is not read.

    What was sent goes before what was said of it for PDF and feeds, because
    servers often name those wrongly; ``name`` decides when the type is vague.
    """
    if data.startswith(b"%PDF-"):
        return Kind.PDF
    sniffed = kind_of_markup(data)
    if sniffed is Kind.FEED:
        return Kind.FEED
    kind = _MEDIA_TYPES.get(content_type)
    if kind is Kind.FEED:
        return sniffed or Kind.FEED
    if kind is not None:
        return kind
    if content_type in _VAGUE:
        named = kind_of_name(name)
        return named or sniffed or (Kind.TEXT if content_type == "text/plain" else None)
    return None


def kind_of_markup(data: bytes) -> Kind | None:
    """Return whether markup is a feed or a page by its first element, or None for neither.

    >>> kind_of_markup(b'<?xml version="1.0"?><!-- hello --><rss version="2.0">')
    <Kind.FEED: 'RSS or Atom feed'>
    """
    # Without the zeros UTF-16 reads like ASCII, which is enough to see the root's name.
    head = data[:_SNIFFED].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
    before = _BEFORE_ROOT.match(head)
    root = _ROOT.match(head, before.end() if before else 0)
    if root is not None:
        return Kind.HTML if root[1].lower() == b"html" else Kind.FEED
    return Kind.HTML if b"<!doctype html" in head.lower() else None
