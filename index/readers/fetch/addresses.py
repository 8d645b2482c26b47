"""Which network addresses may be fetched, and connections made only to those.

A host name is resolved once; every address it has is checked, and the
connection goes to an address that was checked. So a name that answers with a
public address first and a private one a moment later gains nothing.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

import httpcore

if TYPE_CHECKING:
    import ssl

IPAddress = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host (and port), best first; raises `OSError`."""

_NOT_FOR_HOSTS_V4 = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
_GLOBAL_UNICAST_V6 = ip_network("2000::/3")
# Protocol assignments with Teredo, 6to4 and documentation: none leads to a plain host.
_NOT_FOR_HOSTS_V6 = (ip_network("2001::/23"), ip_network("2002::/16"), ip_network("3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")


class RefusedAddress(Exception):  # noqa: N818 - it is a refusal, raised and caught inside the index
    """A host leads to an address that must not be fetched."""


class UnknownHost(Exception):  # noqa: N818 - raised and caught inside the index
    """A host name has no address."""


def is_public(address: IPAddress) -> bool:
    """Return whether ``address`` is an ordinary host on the public internet.

    Private, loopback, link-local, shared (CGNAT), multicast, reserved and
    documentation ranges are not (RFC 6890 and the IANA special-purpose
    registries), nor are IPv6 forms that carry such an IPv4 address.

    >>> is_public(ip_address("8.8.8.8")), is_public(ip_address("::ffff:10.0.0.1"))
    (True, False)
    """
    if isinstance(address, IPv4Address):
        return (
            address.is_global
            and not address.is_multicast
            and not any(address in network for network in _NOT_FOR_HOSTS_V4)
        )
    carried = address.ipv4_mapped
    if address in _NAT64:
        carried = IPv4Address(int(address) & 0xFFFFFFFF)
    if carried is not None:
        return is_public(carried)
    return (
        address in _GLOBAL_UNICAST_V6
        and address.is_global
        and not any(address in network for network in _NOT_FOR_HOSTS_V6)
    )


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses the operating system knows for ``host``; raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the monotonic ``clock``, in seconds, after which nothing is waited for."""

    at: float
    clock: Callable[[], float] = time.monotonic

    def left(self) -> float:
        """Return the seconds left; raises `httpcore.ReadTimeout` when there are none."""
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return seconds


@dataclass(slots=True)
class CheckedBackend(httpcore.NetworkBackend):
    """Connects only to addresses that were checked, and reads only until the deadline.

    TLS is started by httpcore with the host's name, not with the address, so
    certificates and virtual hosts work as usual.
    """

    resolve: Resolver
    allow_private: bool
    deadline: Deadline
    plain: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first checked address of ``host`` that answers."""
        failure: Exception | None = None
        for address in self._checked(host, port):
            wait = min(self.deadline.left(), timeout or self.deadline.left())
            try:
                stream = self.plain.connect_tcp(
                    str(address), port, wait, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self.deadline)
        raise failure or httpcore.ConnectError("the host has no address")

    def _checked(self, host: str, port: int) -> list[IPAddress]:
        addresses = [ip_address(found) for found in self._resolved(host, port)]
        if not self.allow_private and not all(map(is_public, addresses)):
            raise RefusedAddress
        return addresses

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        """Resolve in a thread, because a resolver cannot be told how long to wait."""
        answer: list[Sequence[str] | OSError] = []

        def ask() -> None:
            try:
                answer.append(self.resolve(host, port))
            except (OSError, UnicodeError) as error:
                answer.append(OSError(str(error)))

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(self.deadline.left())
        if not answer:
            raise httpcore.ConnectTimeout("the host name was not resolved in time")
        if isinstance(answer[0], OSError):
            raise UnknownHost
        return answer[0]


@dataclass(slots=True)
class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline: a slow drip of bytes is cut."""

    stream: httpcore.NetworkStream
    deadline: Deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._wait(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._wait(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self.stream.start_tls(ssl_context, server_hostname, self._wait(timeout))
        return _TimedStream(secured, self.deadline)

    def get_extra_info(self, info: str) -> object:
        found: object = self.stream.get_extra_info(info)
        return found

    def _wait(self, timeout: float | None) -> float:
        left = self.deadline.left()
        return left if timeout is None else min(left, timeout)
