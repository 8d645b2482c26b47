"""Makes hostile text harmless before it stands in anything that Slack shows.

Most of what Footnote shows stands in ``rich_text`` and ``plain_text``, which
Slack does not parse: there `clean_line` is all that is needed. `mrkdwn` is for
the fallback text of a message, `markdown` for what is streamed.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# Slack takes 3,000; a longer address than this is not worth the room it takes.
LONGEST_ADDRESS = 1_500
# Marks that turn the direction of the text after them, and the soft hyphen and
# zero-width space, which only serve to make a text look like another one.
_TURNING = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_UNSENDABLE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# No user name, no password; other alphabets are in Punycode by now.
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]{1,5})?")
_RIGHT = ("R", "AL")
_MARKDOWN = re.compile(r"[\\`*_~\[\]#|]")
# What makes a list, a heading or a rule only where a line starts.
_LINE_START = re.compile(r"([0-9]{1,9})?([-+=.)])")
_URL_SAFE = "/:?#@!$&*+,;=%-._~"


def clean_line(text: str) -> str:
    r"""Return one line of text that shows as what it is.

    Control characters and line breaks become blanks; marks that turn the
    direction of text are dropped, and what has right-to-left letters is put
    between isolates, so that it cannot reorder what stands beside it. Joiners
    within emoji stay.

    >>> clean_line(" two\nlines\x1b[0m\u202e ")
    'two lines [0m'
    """
    shown = _UNSENDABLE.sub("\ufffd", _TURNING.sub("", text))
    return " ".join(_CONTROL.sub(" ", shown).split())


def isolated(text: str) -> str:
    r"""Return the text between isolates if any of its letters are written right to left.

    >>> isolated("Idlib"), isolated("إدلب")
    ('Idlib', '\u2068إدلب\u2069')
    """
    turned = not text.isascii() and any(unicodedata.bidirectional(c) in _RIGHT for c in text)
    return f"\u2068{text}\u2069" if turned else text


def mrkdwn(text: str) -> str:
    """Return text for Slack's mrkdwn, in which no mention or link can stand.

    >>> mrkdwn("R&T <!channel>")
    'R&amp;T &lt;!channel&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown(line: str) -> str:
    r"""Return one line for Slack's Markdown (``markdown_text``), shown as it is.

    Each character is escaped by itself, because Slack parses a stream anew with
    every piece: a token that is harmless in its piece could join with the next.
    ``&`` stays, since Slack shows ``&amp;`` in Markdown as it stands.

    >>> markdown("*2* <@U1> [a](b)")
    '\\*2\\* &lt;@U1&gt; \\[a\\](b)'
    >>> markdown("1. He said no."), markdown("- no")
    ('1\\. He said no.', '\\- no')
    """
    shown = _MARKDOWN.sub(lambda found: f"\\{found[0]}", line)
    start = _LINE_START.match(shown)
    if start is not None:
        shown = f"{start[1] or ''}\\{shown[start.start(2) :]}"
    return shown.replace("<", "&lt;").replace(">", "&gt;")


def address(url: str | None) -> str | None:
    """Return a web address that can stand in any of Slack's markups, or None for no such address.

    A bar, blanks, quotes and brackets are percent-encoded. An address that is too
    long loses its fragment; if that is not enough there is no link.

    >>> address("https://post.example/a b|c?x=1&y=2")
    'https://post.example/a%20b%7Cc?x=1&y=2'
    >>> address("javascript:alert(1)") is None
    True
    """
    if not url:
        return None
    safe = quote(_UNSENDABLE.sub("\ufffd", url), safe=_URL_SAFE)
    parts = urlsplit(safe)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        return None
    if len(safe) > LONGEST_ADDRESS:
        safe = safe.partition("#")[0]
    return safe if len(safe) <= LONGEST_ADDRESS else None
