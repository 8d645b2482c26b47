"""Addresses of pages: one form of each, and nothing secret in a message."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from index.errors import UnreadableSource

_HOST = re.compile(r"[^\s%/?#@\\<>]+")


def normalise_url(url: str) -> str:
    """Return the form of an http(s) address that serves as its article's id.

    Without fragment, scheme and host in lower case, the default port left out.
    Raises `UnreadableSource` for any other scheme, for an address that
    carries a user name or password, and for one that is no address.

    >>> normalise_url("HTTPS://News.Example:443/a?b=1#top")
    'https://news.example/a?b=1'
    """
    import httpx

    shown = without_credentials(url)
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise UnreadableSource(shown, "not a valid address") from error
    if parsed.scheme not in ("http", "https"):
        raise UnreadableSource(shown, "only http and https addresses are read")
    if parsed.userinfo:
        raise UnreadableSource(
            shown,
            "addresses with a user name or password are refused",
            remedy="Save the page and index the file.",
        )
    if not parsed.host or not _HOST.fullmatch(parsed.host):
        raise UnreadableSource(shown, "not a valid address: it names no host")
    root = {"path": "/"} if parsed.path == "/" else {}
    return str(parsed.copy_with(fragment=None, **root))


def without_credentials(url: str) -> str:
    """Return ``url`` fit for a message: no user name, password or control character.

    >>> without_credentials("https://ann:secret@news.example/a")
    'https://news.example/a'
    """
    printable = "".join(character for character in url if character.isprintable())
    try:
        parts = urlsplit(printable)
    except ValueError:
        return printable.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
