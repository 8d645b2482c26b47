"""Fetching one address over HTTP, with limits on where, how much and how long.

httpcore is used below httpx, because it is where a connection can be tied to
an address that was checked (see `index.readers.fetch.addresses`) and where every wait can end
at one deadline. Proxies of the environment are not used: behind a proxy the
address that is reached cannot be checked.
"""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from index.errors import UnreadableSource
from index.readers.fetch.urls import normalise_url
from index.readers.limits import Limits, readable_size

if TYPE_CHECKING:
    import ssl

    import httpcore

    from index.readers.fetch.addresses import Deadline, Resolver

USER_AGENT = "Footnote/0.1 (indexes articles to cite them; reads only what it was pointed at)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.8"
_WINDOW = 256 * 1024


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server and the content said at the last read, to ask "has it changed?".

    ``url`` is the address that was asked for, ``content_sha`` the SHA-256 of
    the body in hexadecimal digits.
    """

    url: str
    etag: str | None
    last_modified: str | None
    content_sha: str


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched body: ``url`` is where it was found after redirects.

    ``content_type`` is the media type in lower case without parameters, empty
    when the server named none; ``charset`` is what the server declared.
    """

    url: str
    content_type: str
    charset: str | None
    data: bytes
    validator: Validator


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server, or the body's own hash, says that nothing changed since ``validator``."""

    validator: Validator


class Fetcher(Protocol):
    """Gets pages; the seam at which tests put servers of their own."""

    def fetch(self, url: str, known: Validator | None = None) -> Page | NotModified:
        """Return the page, or that it has not changed; raises `UnreadableSource`."""


@dataclass(slots=True)
class HttpFetcher:
    """Fetches over HTTP/1.1. ``resolve`` and ``clock`` default to the system's."""

    limits: Limits = field(default_factory=Limits)
    resolve: Resolver | None = None
    clock: Callable[[], float] = time.monotonic
    _tls: ssl.SSLContext | None = field(default=None, init=False)

    def fetch(self, url: str, known: Validator | None = None) -> Page | NotModified:
        """Return the page at ``url`` after at most ``max_redirects`` redirects.

        With ``known`` the request is conditional (RFC 9110, 13.1). Raises
        `UnreadableSource`, whose origin is the address asked for.
        """
        from index.readers.fetch.addresses import Deadline

        asked = normalise_url(url)
        deadline = Deadline(self.clock() + self.limits.timeout_seconds, self.clock)
        with _failures_named(asked, self.limits):
            return self._follow(asked, known, deadline)

    def _follow(
        self, asked: str, known: Validator | None, deadline: Deadline
    ) -> Page | NotModified:
        address, seen = asked, {asked}
        for _ in range(self.limits.max_redirects + 1):
            outcome = self._get(asked, address, known, deadline)
            if not isinstance(outcome, str):
                return outcome
            address = _redirect_target(asked, address, outcome)
            if address in seen:
                raise UnreadableSource(asked, "redirects in a loop")
            seen.add(address)
        raise UnreadableSource(asked, f"redirects more than {self.limits.max_redirects} times")

    def _get(
        self, asked: str, address: str, known: Validator | None, deadline: Deadline
    ) -> Page | NotModified | str:
        """Return the page, that it has not changed, or where the server sends us."""
        with (
            self._pool(deadline) as pool,
            pool.stream(
                "GET",
                address,
                headers=_request_headers(known),
                extensions={"timeout": {"connect": self.limits.connect_seconds}},
            ) as response,
        ):
            headers = _Headers.of(response)
            if response.status in _REDIRECTS and headers.location:
                return headers.location
            if response.status == HTTPStatus.NOT_MODIFIED and known is not None:
                return NotModified(known)
            if response.status != HTTPStatus.OK:
                raise UnreadableSource(asked, f"the server answered {_status(response.status)}")
            data = _body(response.iter_stream(), headers, asked, self.limits.max_bytes)
        return _outcome(asked, address, headers, data, known)

    def _pool(self, deadline: Deadline) -> httpcore.ConnectionPool:
        import httpcore

        from index.readers.fetch.addresses import CheckedBackend, system_resolver

        backend = CheckedBackend(
            self.resolve or system_resolver, self.limits.allow_private, deadline
        )
        return httpcore.ConnectionPool(ssl_context=self._context(), network_backend=backend)

    def _context(self) -> ssl.SSLContext:
        """Return the TLS settings, made once: reading the certificates takes a while."""
        import httpx

        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return self._tls


@dataclass(frozen=True, slots=True)
class _Headers:
    content_type: str
    charset: str | None
    encoding: str
    length: int | None
    etag: str | None
    last_modified: str | None
    location: str | None

    @classmethod
    def of(cls, response: httpcore.Response) -> _Headers:
        from email.message import Message

        fields = {
            name.decode("ascii", "replace").lower(): value.decode("latin-1").strip()
            for name, value in response.headers
        }
        message = Message()
        message["content-type"] = fields.get("content-type", "")
        length = fields.get("content-length", "")
        charset = message.get_param("charset")
        return cls(
            content_type=fields.get("content-type", "").partition(";")[0].strip().lower(),
            charset=charset if isinstance(charset, str) else None,
            encoding=fields.get("content-encoding", "identity").lower(),
            length=int(length) if length.isascii() and length.isdecimal() else None,
            etag=fields.get("etag"),
            last_modified=fields.get("last-modified"),
            location=fields.get("location"),
        )


def _request_headers(known: Validator | None) -> list[tuple[str, str]]:
    headers = [
        ("User-Agent", USER_AGENT),
        ("Accept", _ACCEPT),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "close"),
    ]
    if known is not None and known.etag:
        headers.append(("If-None-Match", known.etag))
    if known is not None and known.last_modified:
        headers.append(("If-Modified-Since", known.last_modified))
    return headers


def _redirect_target(asked: str, address: str, location: str) -> str:
    import httpx

    try:
        target = str(httpx.URL(address).join(location))
        return normalise_url(target)
    except (httpx.InvalidURL, ValueError) as error:
        raise UnreadableSource(asked, "redirects to an address that is not valid") from error
    except UnreadableSource as error:
        raise UnreadableSource(asked, f"redirects to {error.origin}: {error.reason}") from None


def _outcome(
    asked: str, address: str, headers: _Headers, data: bytes, known: Validator | None
) -> Page | NotModified:
    sha = hashlib.sha256(data).hexdigest()
    validator = Validator(asked, headers.etag, headers.last_modified, sha)
    if known is not None and known.content_sha == sha:
        return NotModified(validator)
    return Page(address, headers.content_type, headers.charset, data, validator)


def _body(chunks: Iterable[bytes], headers: _Headers, asked: str, max_bytes: int) -> bytes:
    """Return the decompressed body; raises `UnreadableSource` beyond ``max_bytes``."""
    too_large = f"larger than the limit of {readable_size(max_bytes)}"
    if headers.length is not None and headers.length > max_bytes:
        raise UnreadableSource(asked, too_large)
    body = bytearray()
    for piece in _decompressed(chunks, headers.encoding, asked):
        body += piece
        if len(body) > max_bytes:
            raise UnreadableSource(asked, too_large)
    return bytes(body)


def _decompressed(chunks: Iterable[bytes], encoding: str, asked: str) -> Iterator[bytes]:
    """Yield the body in pieces of at most a few hundred kilobytes, however it is packed."""
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise UnreadableSource(asked, "compressed in a way that was not asked for")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for chunk in chunks:
            waiting = chunk
            while waiting:
                yield unpack.decompress(waiting, _WINDOW)
                waiting = unpack.unconsumed_tail
            if unpack.unused_data:
                break
        yield unpack.flush()
    except zlib.error as error:
        raise UnreadableSource(asked, "its compression is broken") from error
    if not unpack.eof or unpack.unused_data:
        raise UnreadableSource(asked, "its compression is broken")


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


@contextmanager
def _failures_named(asked: str, limits: Limits) -> Iterator[None]:
    """Turn what the network raises into a reason that a person understands."""
    import httpcore

    from index.readers.fetch.addresses import RefusedAddress, UnknownHost

    try:
        yield
    except RefusedAddress:
        raise UnreadableSource(
            asked,
            "leads to a private or reserved network address",
            remedy="Allow private addresses only if every SOURCE and feed is trusted.",
        ) from None
    except UnknownHost:
        raise UnreadableSource(asked, "unknown host") from None
    except httpcore.TimeoutException:
        raise UnreadableSource(asked, f"timed out (limit: {limits.timeout_seconds:g} s)") from None
    except httpcore.ConnectError as error:
        refused = isinstance(error.__context__, ConnectionRefusedError)
        reason = "the connection was refused" if refused else f"no connection ({error})"
        raise UnreadableSource(asked, reason) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise UnreadableSource(asked, f"the connection broke off ({error})") from None
