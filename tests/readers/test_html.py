import time

import pytest

from index.errors import UnreadableSource
from index.readers.html import read_html
from index.readers.limits import Limits
from tests.readers.samples import article, document

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">
<title>Ferry stops | Harbour Post</title>
<meta name="author" content="Ann Lee"><meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2026-03-04T10:00:00+01:00">
<link rel="canonical" href="https://post.example/ferry">
</head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Ferry stops</h1>
<p>The ferry to Ness stopped on Monday after a <b>storm</b> broke its
ramp, <a href="/port">the port</a> said.<br>Nobody was hurt.</p>
<h2>What next</h2>
<ul><li>Repairs start on <i>Tuesday</i>.</li><li>Buses run:<ul><li>north</li></ul></li></ul>
<blockquote><p>We are sorry.</p></blockquote>
<table><tr><th>Day</th><th>Boats</th></tr><tr><td>Mon</td><td>0</td></tr></table>
<p>The company expects the service to return by Friday, a spokeswoman told reporters.</p>
</article><footer>All rights reserved.</footer></body></html>"""


def test_the_main_text_is_kept_in_blocks_without_markers() -> None:
    text = article(read_html, PAGE, "ferry.html").text
    assert text.split("\n\n") == [
        "Ferry stops",
        "The ferry to Ness stopped on Monday after a storm broke its ramp, the port said.\nNobody was hurt.",
        "What next",
        "Repairs start on Tuesday.",
        "Buses run:",
        "north",
        "We are sorry.",
        "Day | Boats",
        "Mon | 0",
        "The company expects the service to return by Friday, a spokeswoman told reporters.",
    ]


def test_the_page_says_its_title_outlet_author_date_and_language() -> None:
    read = article(read_html, PAGE, "ferry.html")
    assert (read.title, read.outlet, read.author) == ("Ferry stops", "Harbour Post", "Ann Lee")
    assert (read.published, read.language) == ("2026-03-04", "en-GB")
    assert read.url == "https://post.example/ferry"


def test_a_fetched_page_links_to_where_it_was_found() -> None:
    read = article(read_html, PAGE, "ferry", url="https://post.example/2026/ferry?x=1")
    assert read.url == "https://post.example/2026/ferry?x=1"


def test_a_short_page_of_one_sentence_is_an_article() -> None:
    read = article(read_html, "<html><body><p>Rain fell.</p></body></html>", "the-rain.html")
    assert (read.text, read.title, read.published) == ("Rain fell.", "The rain", None)


def test_a_date_in_the_text_is_not_taken_for_the_date_of_publication() -> None:
    page = "<html><body><p>In 1999, on 3 May 1999, the bridge fell into the river, people say.</p></body></html>"
    assert article(read_html, page).published is None


@pytest.mark.parametrize(
    "page",
    [
        "<html></html>",
        "<html><body><nav><a href=/a>Home</a><a href=/b>News</a></nav></body></html>",
        "<html><body><form>Log in <input></form><ul><li><a href=1>One</a></li></ul></body></html>",
        "<html><body><script>document.write('It rained. It was wet.')</script></body></html>",
        "not html at all",
    ],
)
def test_a_page_without_an_article_is_refused(page: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_html(document(page, "a.html"), Limits())
    assert caught.value.reason == "no article found in this page"


@pytest.mark.parametrize("data", [b"", b"   ", b"\x89PNG\r\n\x1a\n\0\0", b"<p>It rained.\0</p>"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableSource):
        read_html(document(data, "a.html"), Limits())


CAFE = "<html><head>%s</head><body><p>The café “Łąka” opened.</p></body></html>"


def test_the_encoding_that_the_page_or_its_server_declares_is_used() -> None:
    page = CAFE % '<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'
    read = read_html(document(page.encode("cp1250"), "a.html"), Limits())
    assert read.article.text == "The café “Łąka” opened."
    assert [notice.message for notice in read.notices] == ["read as windows-1250, not UTF-8"]
    bare = (CAFE % "").encode("cp1250")
    assert (
        article(read_html, bare, "a.html", charset="windows-1250").text == "The café “Łąka” opened."
    )


def test_an_xml_declaration_does_no_harm() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-1"?>' + CAFE % ""
    assert article(read_html, page, "a.xhtml").text == "The café “Łąka” opened."


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 50_000 + "It rained.",
        "<b><p>" * 40_000 + "It rained.",
        "<a href=x>y</a> " * 150_000,
    ],
    ids=["deep", "unclosed", "links"],
)
def test_a_page_that_would_keep_the_extraction_busy_is_refused_soon(body: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableSource):
        read_html(document(f"<html><body>{body}</body></html>", "a.html"), Limits())
    assert time.monotonic() - started < 10


def test_entities_do_not_reach_outside_the_page() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>It rained. &x;</p></body></html>'
    assert "root:" not in article(read_html, page).text


def test_a_long_line_without_an_end_and_much_white_space_are_no_harm() -> None:
    started = time.monotonic()
    article(read_html, " " * 1_000_000 + f"<html><body><p>{'rain ' * 100_000}</p></body></html>")
    assert time.monotonic() - started < 10
