import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import UnreadableSource
from index.readers.document import Notice
from index.readers.fetch import HttpFetcher, NotModified, Validator
from index.readers.limits import Limits
from index.readers.sources import Item, read_source, source_key
from tests.readers.samples import pdf
from tests.readers.web import Answer, Site, serving

OPEN = Limits(allow_private=True, timeout_seconds=3, max_bytes=200_000)
PAGE = "<html lang=en><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder named news in the working directory, so that origins are short."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    return Path("news")


def read(
    source: str, known: dict[str, Validator] | None = None, limits: Limits = OPEN
) -> list[Item]:
    return list(read_source(source, known or {}, limits=limits, fetcher=HttpFetcher(limits)))


def articles(items: list[Item]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def problems(items: list[Item]) -> list[tuple[str, str]]:
    return [(item.origin, item.reason) for item in items if isinstance(item, UnreadableSource)]


def notices(items: list[Item]) -> list[tuple[str, str]]:
    return [(item.origin, item.message) for item in items if isinstance(item, Notice)]


def put(folder: Path, name: str, text: str | bytes = "It rained.") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# ---------------------------------------------------------------- files and folders


def test_an_id_is_the_path_below_the_folder_in_a_fixed_order(news: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "B.txt", "a.txt"):
        put(news, name)
    found = articles(read("news"))
    assert [one.id for one in found] == ["B.txt", "a.txt", "b.txt", "a/z.txt", "a/b/c.txt"]
    assert found[3].origin == "news/a/z.txt"
    assert [one.id for one in articles(read("news/"))] == [one.id for one in found]


def test_the_id_of_a_single_file_is_its_name(news: Path) -> None:
    put(news, "a/rain.txt")
    [one] = articles(read("news/a/rain.txt"))
    assert (one.id, one.origin) == ("rain.txt", "news/a/rain.txt")


def test_every_format_is_read_by_its_suffix_in_any_case(news: Path) -> None:
    put(news, "a.TXT")
    put(news, "b.markdown", "It *rained*.")
    put(news, "c.htm", PAGE.format("Rain", "It rained."))
    put(news, "d.pdf", pdf([["It rained."]]))
    put(news, "e.ndjson", '{"id": "wire/1", "text": "It rained."}\n{"text": "It dried."}\n')
    items = read("news")
    assert [one.id for one in articles(items)] == [
        "a.TXT",
        "b.markdown",
        "c.htm",
        "d.pdf",
        "wire/1",
        "e.ndjson#2",
    ]
    assert len(items) == 6


def test_hidden_files_and_folders_are_left_out(news: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "~$a.docx", "a.txt"):
        put(news, name)
    assert [one.id for one in articles(read("news"))] == ["a.txt"]


def test_unsupported_files_in_a_folder_are_counted_by_suffix(news: Path) -> None:
    for name in ("a.png", "b.PNG", "c.py", "README", "a.txt"):
        put(news, name)
    items = read("news")
    assert problems(items) == []
    assert [message for _, message in notices(items)] == [
        "2 files skipped: .png is not a supported kind",
        "1 file skipped: without a suffix is not a supported kind",
        "1 file skipped: .py is not a supported kind",
    ]


def test_many_suffixes_make_few_notices(news: Path) -> None:
    for number in range(40):
        put(news, f"a.x{number}")
    assert len(notices(read("news"))) == 22


def test_an_unsupported_file_that_is_named_is_a_problem(news: Path) -> None:
    put(news, "a.png")
    assert problems(read("news/a.png")) == [("news/a.png", "not a supported kind of file")]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "not a path or an address"),
        ("a\0b", "not a path or an address"),
        ("news/none.txt", "no such file or folder"),
        ("nowhere", "no such file or folder"),
        ("ftp://news.example/a.txt", "only http and https addresses are read"),
        ("file:///etc/passwd", "only http and https addresses are read"),
    ],
)
def test_a_source_that_is_none_is_a_problem(news: Path, source: str, reason: str) -> None:
    assert [reason for _, reason in problems(read(source))] == [reason]


def test_an_empty_folder_is_noticed(news: Path) -> None:
    assert notices(read("news")) == [("news", "no file in it that can be read")]


def test_bad_files_are_named_and_the_rest_goes_on(news: Path) -> None:
    put(news, "a.txt")
    put(news, "binary.txt", b"\0\1\2")
    put(news, "broken.docx", "no zip")
    put(news, "broken.pdf", "no PDF")
    put(news, "empty.md", "")
    put(news, "empty.jsonl", "")
    put(news, "large.txt", "x" * 200_001)
    put(news, "locked.pdf", pdf([["It rained."]], password="secret"))
    put(news, "menu.html", "<html><body><nav><a href=/>Home</a></nav></body></html>")
    put(news, "page.xml", "<html><body><p>A page in an .xml file.</p></body></html>")
    put(news, "settings.xml", "<settings><a/></settings>")
    put(news, "z.txt")
    items = read("news")
    assert [one.id for one in articles(items)] == ["a.txt", "page.xml", "z.txt"]
    assert dict(problems(items)) == {
        "news/binary.txt": "binary data, not text",
        "news/broken.docx": "a broken DOCX file (BadZipFile)",
        "news/broken.pdf": "a broken PDF (PdfStreamError)",
        "news/empty.md": "empty file",
        "news/empty.jsonl": "empty file",
        "news/large.txt": "larger than the limit of 195.3 KiB",
        "news/locked.pdf": "an encrypted PDF",
        "news/menu.html": "no article found in this page",
        "news/settings.xml": "not an RSS or Atom feed",
    }


def test_the_size_limit_of_a_jsonl_file_holds_for_each_line(news: Path) -> None:
    line = json.dumps({"text": "It rained. " * 1000}) + "\n"
    put(news, "wire.jsonl", line * 50 + json.dumps({"text": "x" * 300_000}) + "\n")
    items = read("news")
    assert len(articles(items)) == 50
    [problem] = [item for item in items if isinstance(item, UnreadableSource)]
    assert (problem.origin, problem.line) == ("news/wire.jsonl", 51)
    assert str(problem) == "news/wire.jsonl, line 51: longer than the limit of 195.3 KiB"


def test_a_named_pipe_does_not_block(news: Path) -> None:
    os.mkfifo(news / "pipe.txt")
    os.mkfifo(news / "pipe.jsonl")
    put(news, "a.txt")
    started = time.monotonic()
    items = read("news")
    assert time.monotonic() - started < 2
    assert problems(items) == [
        ("news/pipe.jsonl", "not a regular file"),
        ("news/pipe.txt", "not a regular file"),
    ]
    assert problems(read("news/pipe.txt")) == [("news/pipe.txt", "not a regular file")]
    assert len(articles(items)) == 1


def test_a_folder_with_the_name_of_a_file_is_a_folder(news: Path) -> None:
    put(news, "x.txt/a.txt")
    assert [one.id for one in articles(read("news"))] == ["x.txt/a.txt"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_a_file_without_permission_is_named(news: Path) -> None:
    put(news, "a.txt").chmod(0)
    assert problems(read("news")) == [("news/a.txt", "no permission to read it")]


@pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read"
)
def test_a_file_whose_reading_fails_is_named(news: Path) -> None:
    (news / "memory.txt").symlink_to("/proc/self/mem")
    (news / "memory.jsonl").symlink_to("/proc/self/mem")
    reasons = [reason for _, reason in problems(read("news"))]
    assert reasons == ["could not be read (Input/output error)"] * 2


def test_a_link_to_nothing_and_a_link_to_itself_are_named(news: Path) -> None:
    (news / "gone.txt").symlink_to("nowhere.txt")
    (news / "loop").symlink_to("loop")
    put(news, "a.txt")
    items = read("news")
    assert problems(items) == [
        ("news/gone.txt", "a link to a file that is not there"),
        ("news/loop", "a link loop"),
    ]
    assert len(articles(items)) == 1


def test_a_link_loop_is_named_and_no_folder_is_read_twice(news: Path) -> None:
    put(news, "deep/a.txt")
    (news / "deep" / "up").symlink_to("..", target_is_directory=True)
    (news / "again").symlink_to("deep", target_is_directory=True)
    items = read("news")
    assert [one.id for one in articles(items)] == ["deep/a.txt"]
    assert problems(items) == [("news/deep/up", "a link loop: it leads back to a folder above it")]
    assert notices(items) == [("news/again", "a link to a folder that was read already")]


def test_links_out_of_the_folder_are_followed(news: Path, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/one.txt")
    put(tmp_path, "single.txt")
    (news / "archive").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (news / "linked.txt").symlink_to(tmp_path / "single.txt")
    assert [one.id for one in articles(read("news"))] == ["linked.txt", "archive/one.txt"]


def test_two_folders_that_link_to_each_other_end(news: Path) -> None:
    put(news, "a/one.txt")
    put(news, "b/two.txt")
    (news / "a" / "to_b").symlink_to("../b", target_is_directory=True)
    (news / "b" / "to_a").symlink_to("../a", target_is_directory=True)
    assert [one.id for one in articles(read("news"))] == ["a/one.txt", "b/two.txt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_hostile_file_names_become_printable_ids(news: Path) -> None:
    put(news, "a\nb\x1b[31m.txt")
    (Path(os.fsdecode(os.fsencode(news) + b"/caf\xe9.txt"))).write_text("It rained.")
    found = articles(read("news"))
    assert [one.id for one in found] == ["a\\x0ab\\x1b[31m.txt", "caf\\xe9.txt"]
    for one in found:
        assert (one.id + one.origin + one.title).isprintable()
        (one.id + one.origin + one.title).encode()


def test_a_deep_tree_is_no_harm(news: Path) -> None:
    put(news, "/".join(["d"] * 400) + "/a.txt")
    assert len(articles(read("news"))) == 1


def test_the_stream_is_lazy(news: Path) -> None:
    put(news, "a.txt")
    put(news, "b.txt")
    stream = read_source("news")
    first = next(stream)
    (news / "b.txt").write_text("It dried.")
    second = next(stream)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert second.text == "It dried."


# ---------------------------------------------------------------- addresses


def test_a_page_is_an_article_named_by_its_address_with_its_validator(site: Site) -> None:
    url = site.put("/ferry", PAGE.format("Ferry", "It stopped."), ETag='"1"')
    one, validator = read(url + "#top")
    assert isinstance(one, Article)
    assert (one.id, one.origin, one.url, one.title) == (url, url, url, "Ferry")
    assert isinstance(validator, Validator)
    assert (validator.url, validator.etag) == (url, '"1"')


def test_after_a_redirect_the_id_is_what_was_asked_for_and_the_link_what_was_found(
    site: Site,
) -> None:
    site.put("/new", PAGE.format("Ferry", "It stopped."))
    [one] = articles(read(site.redirect("/old", "/new")))
    assert (one.id, one.url) == (site.url("/old"), site.url("/new"))


@pytest.mark.parametrize(
    ("path", "kind", "body", "text"),
    [
        ("/a.pdf", "application/pdf", pdf([["It rained."]]), "It rained."),
        ("/a", "application/octet-stream", pdf([["It rained."]]), "It rained."),
        ("/a.txt", "text/plain", b"\xef\xbb\xbfIt rained.\r\n", "\ufeffIt rained.\r\n"),
        ("/a", "text/plain; charset=windows-1251", "Шёл дождь.".encode("cp1251"), "Шёл дождь."),
        ("/a.md", "text/plain", b"It *rained*.", "It rained."),
        ("/a.md", "application/octet-stream", b"It *rained*.", "It rained."),
        ("/a", "", b"<!doctype html><html><body><p>It rained.</p></body></html>", "It rained."),
        ("/a.xml", "application/xml", b"<html><body><p>It rained.</p></body></html>", "It rained."),
        ("/a.jsonl", "application/x-ndjson", b'{"id": "1", "text": "It rained."}', "It rained."),
    ],
)
def test_the_kind_of_a_page_is_told_by_its_type_its_name_and_its_start(
    site: Site, path: str, kind: str, body: bytes, text: str
) -> None:
    [one] = articles(read(site.put(path, body, kind)))
    assert one.text == text


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("image/png", "x", "not a supported kind of page (image/png)"),
        (
            "application/octet-stream",
            "x",
            "not a supported kind of page (application/octet-stream)",
        ),
        ("text/html", "", "an empty page"),
        ("text/html", "<p></p>", "no article found in this page"),
        ("application/rss+xml", "<p>Sorry.</p>", "not an RSS or Atom feed"),
        ("text/xml", "<urlset/>", "not an RSS or Atom feed"),
    ],
)
def test_a_page_that_is_no_article_is_a_problem_and_leaves_no_validator(
    site: Site, kind: str, body: str, reason: str
) -> None:
    items = read(site.put("/a", body, kind))
    assert problems(items) == [(site.url("/a"), reason)]
    assert len(items) == 1


def test_an_unchanged_page_is_not_read_again(site: Site) -> None:
    url = site.put("/a", PAGE.format("Ferry", "It stopped."), ETag='"1"')
    known = {item.url: item for item in read(url) if isinstance(item, Validator)}
    site.pages["/a"] = Answer(status=304)
    assert read(url, known) == [NotModified(known[url])]


def test_a_page_that_times_out_is_a_problem(site: Site) -> None:
    site.pages["/a"] = lambda request: time.sleep(2)
    limits = Limits(allow_private=True, timeout_seconds=0.3)
    assert problems(read(site.url("/a"), limits=limits)) == [
        (site.url("/a"), "timed out (limit: 0.3 s)")
    ]


def test_private_addresses_need_the_flag(site: Site) -> None:
    url = site.put("/a", PAGE.format("Ferry", "It stopped."))
    [(origin, reason)] = problems(read(url, limits=Limits()))
    assert (origin, reason) == (url, "leads to a private or reserved network address")


def test_fetched_lines_leave_a_validator_only_when_all_are_sound(site: Site) -> None:
    good = site.put("/good.jsonl", '{"id": "1", "text": "It rained."}\n', "application/jsonl")
    bad = site.put(
        "/bad.jsonl", '{"id": "1", "text": "It rained."}\nnonsense\n', "application/jsonl"
    )
    assert [type(item) for item in read(good)] == [Article, Validator]
    assert [type(item) for item in read(bad)] == [Article, UnreadableSource]
    assert [one.origin for one in articles(read(good))] == [good]


# ---------------------------------------------------------------- feeds

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour Post</title><language>en-gb</language>{}</channel></rss>"""


def entry(link: str, extra: str = "", title: str = "Ferry") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>Wed, 04 Mar 2026 09:30:00 GMT</pubDate>{extra}</item>"


def test_the_entries_of_a_feed_are_fetched(site: Site) -> None:
    one = site.put("/one", PAGE.format("Page title", "The ferry stopped at noon."), ETag='"1"')
    feed = site.put(
        "/feed",
        RSS.format(entry(one + "#x", "<dc:creator>Ann Lee</dc:creator>")),
        "application/rss+xml",
    )
    article, validator = read(feed)
    assert isinstance(article, Article)
    assert (article.id, article.origin, article.title) == (one, one, "Ferry")
    assert (article.outlet, article.author, article.language) == ("Harbour Post", "Ann Lee", "en")
    assert article.published == "2026-03-04T09:30:00+00:00"
    assert "The ferry stopped at noon." in article.text
    assert isinstance(validator, Validator)
    assert validator.url == one


@pytest.mark.parametrize(
    "kind", ["text/html", "text/xml", "application/octet-stream", "text/plain"]
)
def test_a_feed_is_known_by_its_first_element_whatever_the_server_says(
    site: Site, kind: str
) -> None:
    one = site.put("/one", PAGE.format("Ferry", "It stopped."))
    assert len(articles(read(site.put("/feed", RSS.format(entry(one)), kind)))) == 1


def test_an_atom_feed_on_disk_is_read(site: Site, news: Path) -> None:
    one = site.put("/one", PAGE.format("Ferry", "It stopped."))
    put(
        news,
        "feed.atom",
        f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><title>Ferry</title>
        <id>urn:1</id><updated>2026-03-04T09:30:00+01:00</updated><link href="{one}"/></entry></feed>""",
    )
    [article] = articles(read("news"))
    assert (article.id, article.published) == (one, "2026-03-04T09:30:00+01:00")


def test_unchanged_entries_are_not_read_again(site: Site) -> None:
    one = site.put("/one", PAGE.format("Ferry", "It stopped."))
    feed = site.put("/feed", RSS.format(entry(one)), "application/rss+xml")
    known = {item.url: item for item in read(feed) if isinstance(item, Validator)}
    assert [type(item) for item in read(feed, known)] == [NotModified]


FULL = f"<content:encoded><![CDATA[<p>The ferry &amp; the <b>bus</b> stopped.</p><p>{'x ' * 100}</p>]]></content:encoded>"


def test_the_feed_s_own_text_stands_in_for_a_page_that_cannot_be_read(site: Site) -> None:
    feed = site.put("/feed", RSS.format(entry(site.url("/gone"), FULL)), "application/rss+xml")
    items = read(feed)
    [article] = articles(items)
    assert article.text.startswith("The ferry & the bus stopped.\n\nx x")
    assert (article.id, article.title, article.outlet) == (
        site.url("/gone"),
        "Ferry",
        "Harbour Post",
    )
    assert notices(items) == [
        (site.url("/gone"), "the feed's own text is used: the server answered 404 Not Found")
    ]
    assert not any(isinstance(item, Validator) for item in items)


def test_a_teaser_does_not_stand_in(site: Site) -> None:
    teaser = entry(site.url("/gone"), "<description>The ferry stopped.</description>")
    items = read(site.put("/feed", RSS.format(teaser), "application/rss+xml"))
    assert problems(items) == [(site.url("/gone"), "the server answered 404 Not Found")]
    assert len(items) == 1


def test_a_page_that_was_read_before_is_not_replaced_by_what_the_feed_has_of_it(site: Site) -> None:
    gone = site.url("/gone")
    feed = site.put("/feed", RSS.format(entry(gone, FULL)), "application/rss+xml")
    known = {gone: Validator(gone, None, None, "0" * 64)}
    assert problems(read(feed, known)) == [(gone, "the server answered 404 Not Found")]


def test_an_entry_without_a_usable_link_is_named_by_its_guid(site: Site) -> None:
    hostile = entry("javascript:alert(1)", "<guid isPermaLink='false'>urn:7</guid>")
    kept = f"<item><title>Bus</title><guid isPermaLink='false'>urn:8</guid>{FULL}</item>"
    items = read(site.put("/feed", RSS.format(hostile + kept), "application/rss+xml"))
    assert problems(items) == [(f"{site.url('/feed')} (urn:7)", "an entry without a link")]
    [article] = articles(items)
    assert (article.id, article.url) == ("urn:8", None)


def test_entries_are_bounded_unique_and_never_feeds(site: Site) -> None:
    pages = [site.put(f"/{n}", PAGE.format(f"No. {n}", "It stopped.")) for n in range(4)]
    body = RSS.format("".join(entry(url) for url in [pages[0], *pages]))
    items = read(
        site.put("/feed", body, "application/rss+xml"),
        limits=Limits(allow_private=True, max_entries=3),
    )
    assert [one.id for one in articles(items)] == pages[:2]
    assert notices(items) == [(site.url("/feed"), "only the first 3 of its 5 entries are read")]
    nested = read(site.put("/nest", RSS.format(entry(site.url("/nest"))), "application/rss+xml"))
    assert problems(nested) == [(site.url("/nest"), "leads to RSS or Atom feed, not to an article")]


def test_relative_links_of_a_feed_are_resolved(site: Site) -> None:
    one = site.put("/one", PAGE.format("Ferry", "It stopped."))
    [article] = articles(read(site.put("/news/feed", RSS.format(entry("../one")), "text/xml")))
    assert article.id == one


@pytest.mark.parametrize("unit", ["<a ", "<div>", "<!--", "&"])
def test_hostile_markup_in_a_feed_ends_soon(news: Path, unit: str) -> None:
    own = f"<description><![CDATA[{unit * 40_000}]]></description>"
    put(news, "feed.rss", RSS.format(entry("urn:none", own)))
    started = time.monotonic()
    read("news")
    assert time.monotonic() - started < 5


def test_a_feed_without_entries_is_noticed(site: Site) -> None:
    assert notices(read(site.put("/feed", RSS.format(""), "text/xml"))) == [
        (site.url("/feed"), "a feed without entries")
    ]


def test_entities_in_a_feed_neither_explode_nor_reach_outside(site: Site, news: Path) -> None:
    secret = put(news, "secret.txt", "the secret").resolve()
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "lollol">{levels}<!ENTITY f SYSTEM "file://{secret}">]>'
    own = (
        FULL.replace("<p>The", "<p>&l11;&f;</p><p>The").replace("<![CDATA[", "").replace("]]>", "")
    )
    body = RSS.format(entry(site.url("/gone"), own, title="&l11;&f;")).replace(
        "?>", "?>" + doctype, 1
    )
    started = time.monotonic()
    for one in articles(read(site.put("/feed", body, "application/rss+xml"))):
        assert len(one.text) < 10_000
        assert "the secret" not in one.text + one.title
    assert time.monotonic() - started < 5


# ---------------------------------------------------------------- keys


def test_a_source_is_remembered_in_one_form() -> None:
    assert source_key("./news/") == source_key("news") == "news"
    assert source_key("HTTP://News.Example:80#top") == "http://news.example/"
    assert source_key("ftp://news.example/a") == "ftp://news.example/a"
    assert source_key("") == ""


def test_credentials_are_neither_remembered_nor_shown_and_still_refused() -> None:
    source = "https://ann:hunter2@news.example/a"
    for form in (source, source_key(source)):
        assert "hunter2" not in source_key(form)
        [(origin, reason)] = problems(read(form))
        assert reason == "addresses with a user name or password are refused"
        assert "hunter2" not in origin
