import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address

import pytest

from index.errors import UnreadableSource
from index.readers.fetch import HttpFetcher, NotModified, Page, Validator
from index.readers.fetch.addresses import is_public
from index.readers.fetch.urls import normalise_url, without_credentials
from index.readers.limits import Limits
from tests.readers.web import Answer, Site, serving

OPEN = Limits(allow_private=True, timeout_seconds=5, connect_seconds=2)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def fetched(url: str, limits: Limits = OPEN, **options: object) -> Page:
    page = HttpFetcher(limits, **options).fetch(url)
    assert isinstance(page, Page)
    return page


def refusal(url: str, limits: Limits = OPEN, **options: object) -> str:
    with pytest.raises(UnreadableSource) as caught:
        HttpFetcher(limits, **options).fetch(url)
    assert caught.value.origin == without_credentials(url)
    return caught.value.reason


def test_a_page_comes_with_its_type_charset_and_validator(site: Site) -> None:
    url = site.put(
        "/a",
        "<p>Rain.</p>",
        "Text/HTML; charset=utf-8",
        ETag='"v1"',
        Last_Modified="Mon, 01 Aug 2016 09:30:00 GMT",
    )
    page = fetched(url + "#part")
    assert (page.data, page.content_type, page.charset) == (b"<p>Rain.</p>", "text/html", "utf-8")
    assert page.validator.url == url
    assert page.validator.etag == '"v1"'
    assert page.validator.last_modified == "Mon, 01 Aug 2016 09:30:00 GMT"


def test_the_user_agent_says_who_asks(site: Site) -> None:
    fetched(site.put("/a", "x"))
    assert site.requests[0][1]["user-agent"].startswith("Footnote/")


def test_a_known_page_is_asked_for_conditionally(site: Site) -> None:
    site.pages["/a"] = Answer(status=304)
    known = Validator(site.url("/a"), '"v1"', "Mon, 01 Aug 2016 09:30:00 GMT", "0" * 64)
    assert HttpFetcher(OPEN).fetch(site.url("/a"), known) == NotModified(known)
    headers = site.requests[0][1]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Mon, 01 Aug 2016 09:30:00 GMT"


def test_the_same_bytes_count_as_not_modified_and_bring_the_new_validator(site: Site) -> None:
    first = fetched(site.put("/a", "same", ETag='"v1"'))
    site.put("/a", "same", ETag='"v2"')
    again = HttpFetcher(OPEN).fetch(site.url("/a"), first.validator)
    assert isinstance(again, NotModified)
    assert again.validator.etag == '"v2"'


def test_not_modified_without_a_question_is_a_problem(site: Site) -> None:
    site.pages["/a"] = Answer(status=304)
    assert refusal(site.url("/a")) == "the server answered 304 Not Modified"


@pytest.mark.parametrize("status", [404, 410, 500, 503, 204])
def test_a_status_other_than_ok_is_named(site: Site, status: int) -> None:
    site.pages["/a"] = Answer(status=status)
    assert refusal(site.url("/a")).startswith(f"the server answered {status} ")


@pytest.mark.parametrize(
    "url", ["ftp://news.example/a", "file:///etc/passwd", "javascript://x", "gopher://news.example"]
)
def test_only_http_is_spoken(url: str) -> None:
    assert refusal(url) == "only http and https addresses are read"


@pytest.mark.parametrize(
    "url", ["http://", "http:///path", "http://[::1", "http://a b/", "https://exa\x00mple/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UnreadableSource, match="not a valid address"):
        normalise_url(url)


def test_credentials_are_refused_and_never_repeated() -> None:
    with pytest.raises(UnreadableSource) as caught:
        HttpFetcher(OPEN).fetch("https://ann:hunter2@news.example/a")
    assert "user name" in caught.value.reason
    assert "hunter2" not in str(caught.value)
    assert "ann" not in str(caught.value)


def test_credentials_in_a_redirect_are_refused_and_never_repeated(site: Site) -> None:
    reason = refusal(site.redirect("/a", "http://ann:hunter2@127.0.0.1/"))
    assert "user name" in reason
    assert "hunter2" not in reason


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1", "240.0.0.1",
     "255.255.255.255", "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1",
     "fd12::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "2002:a00:1::",
     "2002:808:808::1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "2001::1", "2001:db8::1", "100::1",
     "3fff::1", "5f00::1", "4000::1"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused_after_resolving(address: str) -> None:
    reason = refusal(
        "http://news.example/a", Limits(timeout_seconds=5), resolve=lambda host, port: [address]
    )
    assert reason == "leads to a private or reserved network address"


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_every_spelling_of_this_machine_is_refused(site: Site, host: str) -> None:
    site.put("/a", "secret")
    assert "private" in refusal(site.url("/a", host), Limits(timeout_seconds=5))
    assert site.requests == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    reason = refusal("http://news.example/", Limits(), resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    assert "private" in reason


class Rebinding:
    """A name server that answers with a harmless address first and another one later."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return [self.answers[min(self.asked, len(self.answers)) - 1]]


def test_the_connection_goes_to_the_address_that_was_checked(site: Site) -> None:
    site.put("/a", "here")
    resolve = Rebinding("127.0.0.1", "192.0.2.1")
    page = fetched(site.url("/a", "news.example"), resolve=resolve)
    assert page.data == b"here"
    assert resolve.asked == 1
    assert site.requests[0][1]["host"] == f"news.example:{site.port}"


def test_a_redirect_to_a_private_address_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = {"news.example"}
    site.redirect("/a", site.url("/secret", "inside.example"))
    site.put("/secret", "secret")
    checked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        checked.append(host)
        return ["127.0.0.1"] if host in public else ["127.0.0.2"]

    # The loopback server plays a public host; everything else is judged as it is.
    monkeypatch.setattr(
        "index.readers.fetch.addresses.is_public", lambda address: str(address) == "127.0.0.1"
    )
    assert "private" in refusal(
        site.url("/a", "news.example"), Limits(timeout_seconds=5), resolve=resolve
    )
    assert checked == ["news.example", "inside.example"]
    assert [path for path, _ in site.requests] == ["/a"]


def test_a_redirect_to_another_scheme_is_refused(site: Site) -> None:
    assert "only http and https" in refusal(site.redirect("/a", "file:///etc/passwd"))


def test_redirects_are_followed_to_the_page(site: Site) -> None:
    site.redirect("/a", "/b", status=301)
    site.redirect("/b", site.url("/c?x=1"), status=308)
    site.put("/c?x=1", "found")
    page = fetched(site.url("/a"))
    assert (page.data, page.url, page.validator.url) == (
        b"found",
        site.url("/c?x=1"),
        site.url("/a"),
    )


def test_a_redirect_loop_is_named(site: Site) -> None:
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    assert refusal(site.url("/a")) == "redirects in a loop"


def test_endless_redirects_are_cut(site: Site) -> None:
    for number in range(9):
        site.redirect(f"/{number}", f"/{number + 1}")
    assert refusal(site.url("/0")) == "redirects more than 5 times"
    assert len(site.requests) == 6


def test_a_body_over_the_limit_is_refused_whether_announced_or_not(site: Site) -> None:
    limits = Limits(allow_private=True, max_bytes=1000)
    assert refusal(site.put("/a", b"x" * 1001), limits) == "larger than the limit of 1000 bytes"

    def unannounced(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"x" * 5000)

    site.pages["/b"] = unannounced
    assert refusal(site.url("/b"), limits) == "larger than the limit of 1000 bytes"
    assert len(fetched(site.put("/c", b"x" * 1000), limits).data) == 1000


def test_a_compressed_page_is_unpacked(site: Site) -> None:
    text = b"It rained on Monday. " * 50_000
    assert (
        fetched(site.put("/g", gzip.compress(text, mtime=0), Content_Encoding="gzip")).data == text
    )
    assert fetched(site.put("/d", zlib.compress(text), Content_Encoding="deflate")).data == text


def test_a_compression_bomb_is_cut_at_the_limit(site: Site) -> None:
    url = site.put("/a", gzip.compress(b"\0" * 50_000_000, mtime=0), Content_Encoding="gzip")
    assert "larger than the limit" in refusal(url, Limits(allow_private=True, max_bytes=1_000_000))


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(b"no gzip at all", "gzip"), (gzip.compress(b"x" * 5000, mtime=0)[:-9], "gzip"), (b"x", "br")],
)
def test_compression_that_is_broken_or_unknown_is_a_problem(
    site: Site, body: bytes, encoding: str
) -> None:
    assert "compress" in refusal(site.put("/a", body, Content_Encoding=encoding))


def test_a_server_that_never_answers_times_out(site: Site) -> None:
    site.pages["/a"] = lambda request: time.sleep(3)
    started = time.monotonic()
    limits = Limits(allow_private=True, timeout_seconds=0.3)
    assert refusal(site.url("/a"), limits) == "timed out (limit: 0.3 s)"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_slow_drip_is_cut_at_the_whole_time(site: Site, part: str) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b"X-Slow: "))
        for _ in range(100):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    site.pages["/a"] = drip
    started = time.monotonic()
    assert "timed out" in refusal(site.url("/a"), Limits(allow_private=True, timeout_seconds=0.4))
    assert time.monotonic() - started < 2


def test_a_name_server_that_does_not_answer_times_out() -> None:
    release = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        release.wait(5)
        return ["8.8.8.8"]

    assert "timed out" in refusal(
        "http://news.example/", Limits(timeout_seconds=0.2), resolve=resolve
    )
    release.set()


def test_an_unknown_host_is_named() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert refusal("http://nowhere.example/", Limits(), resolve=resolve) == "unknown host"


def test_a_refused_connection_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refusal(f"http://127.0.0.1:{port}/") == "the connection was refused"


def test_the_next_address_of_a_host_is_tried(site: Site) -> None:
    site.put("/a", "here")
    page = fetched(site.url("/a", "news.example"), resolve=lambda *_: ["127.0.0.9", "127.0.0.1"])
    assert page.data == b"here"


def test_a_server_that_speaks_something_else_is_a_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=answer, daemon=True).start()
        assert "broke off" in refusal(f"http://127.0.0.1:{server.getsockname()[1]}/")


def test_tls_asks_for_the_host_by_name_although_the_address_is_fixed() -> None:
    hello: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                hello.append(connection.recv(4000))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        refusal(
            f"https://news.example:{server.getsockname()[1]}/", resolve=lambda *_: ["127.0.0.1"]
        )
        thread.join(2)
    assert b"news.example" in hello[0]


def test_addresses_are_normalised_without_fragment() -> None:
    assert normalise_url("HTTP://News.Example:80/A?b#c") == "http://news.example/A?b"
    assert normalise_url("https://news.example") == "https://news.example/"
    assert normalise_url("https://bücher.example/ä") == "https://xn--bcher-kva.example/%C3%A4"
