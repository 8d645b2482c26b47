"""Links that open an article at the cited sentence, and the quote's context.

What follows ``:~:`` in a link is chosen by `index.links.fragments`; here stand the
address, which comes from the article and may be hostile, and the selectors.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from index.links.fragments import text_directive

_FRAGMENT_DIRECTIVE = ":~:"
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?\Z")
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
# Quotes, brackets, bars and backslashes are encoded wherever they stand: they
# close an HTML attribute, a Markdown link or Slack's <url|label>.
_URL_SAFE = "/:?@!$&*+,;=%"


def deep_link(url: str | None, text: str, start: int, end: int) -> str | None:
    """Return ``url`` with a text fragment that opens at ``text[start:end]``.

    The span is half-open, in code points. Where it cuts a word it is widened to
    the whole word, because browsers match whole words only. A quote of 20 to
    150 characters on one line stands alone if its first occurrence is the one
    meant; otherwise words before and after it are added until it is. A longer
    quote, or one over several lines, is given by its first and last words.

    If up to 60 words of context on the neighbouring lines do not tell the quote
    from an earlier copy, the most specific link is returned, and a browser will
    open at that copy, which begins the same. A quote without a letter or digit gets ``url``
    without a text fragment.

    Return None if ``url`` is not an http(s) address of a host, or carries a
    user name or password. What is returned is ASCII without white space,
    quotes, brackets or ``|``; an ``&`` of the query stays, for the one who
    writes HTML or Slack markup to escape. A fragment of ``url`` is kept, a text
    directive in it is replaced. Raise ValueError for a span outside ``text``.

    >>> deep_link("https://post.example/a", "It rained. Bank, shut.", 11, 22)
    'https://post.example/a#:~:text=rained.-,Bank%2C%20shut.'
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {start}:{end} is not inside a text of {len(text)} characters")
    base = _clean_url(url)
    if base is None:
        return None
    directive = text_directive(text, start, end)
    if directive is None:
        return base
    separator = "" if "#" in base else "#"
    return f"{base}{separator}{_FRAGMENT_DIRECTIVE}{directive}"


def quote_context(text: str, start: int, end: int, width: int = 32) -> tuple[str, str]:
    """Return the prefix and suffix of a W3C TextQuoteSelector for ``text[start:end]``.

    They are the ``width`` code points just before and just after the span, or
    fewer at the ends of the text. Raise ValueError for a span outside ``text``
    or a negative ``width``.

    >>> quote_context("The ferry struck the bank at night.", 10, 16, width=6)
    ('ferry ', ' the b')
    """
    if not 0 <= start <= end <= len(text) or width < 0:
        raise ValueError(f"no context of {width} around {start}:{end} of {len(text)} characters")
    return text[max(0, start - width) : start], text[end : end + width]


def _clean_url(url: str | None) -> str | None:
    """Return ``url`` encoded for any markup and without its directive, or None."""
    if not url:
        return None
    encoded = _BAD_PERCENT.sub("%25", url.strip())
    try:
        # Split before encoding, but never let a control character reach the
        # splitter, which drops some of them in silence.
        scheme, rest = _escape_controls(encoded).split("://", 1)
        parts = urlsplit(f"{scheme}://{rest}")
        host = parts.netloc.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not _HOST.match(host):
        return None
    tail = quote(parts.path or "/", safe=_URL_SAFE, errors="replace")
    if parts.query:
        tail += "?" + quote(parts.query, safe=_URL_SAFE, errors="replace")
    fragment = parts.fragment.split(_FRAGMENT_DIRECTIVE, 1)[0]
    if fragment:
        tail += "#" + quote(fragment, safe=_URL_SAFE, errors="replace")
    return f"{parts.scheme}://{host}{tail}"


def _escape_controls(url: str) -> str:
    return "".join(quote(char) if char < " " or char == "\x7f" else char for char in url)
