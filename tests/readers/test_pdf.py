import pytest

from index.errors import UnreadableSource
from index.readers.limits import Limits
from index.readers.pdf import read_pdf
from tests.readers.samples import article, document, pdf

PAGES = [
    [
        "Ferry stops",
        "",
        "The ferry to Ness stopped on Monday after a storm broke its ramp, the har-",
        "bour master said. Nobody was hurt, and the company expects the service to",
        "return by Friday.",
        "A spokeswoman told reporters that the well-known ramp had been checked in",
    ],
    ["March and that a second, well-", "known ramp would be used.", "", "Buses run until then."],
]


def test_lines_become_paragraphs_across_lines_and_pages() -> None:
    assert article(read_pdf, pdf(PAGES), "ferry.pdf").text.split("\n\n") == [
        "Ferry stops",
        "The ferry to Ness stopped on Monday after a storm broke its ramp, the harbour master said."
        " Nobody was hurt, and the company expects the service to return by Friday.",
        "A spokeswoman told reporters that the well-known ramp had been checked in March and that a"
        " second, well-known ramp would be used.",
        "Buses run until then.",
    ]


def test_every_page_start_is_kept() -> None:
    read = article(read_pdf, pdf([*PAGES, [], ["The end of it."]]), "ferry.pdf")
    assert len(read.pages) == 4
    assert read.pages[0] == 0
    assert read.text[read.pages[1] :].startswith("March and that")
    assert read.pages[2] == read.pages[3]
    assert read.text[read.pages[3] :] == "The end of it."


def test_metadata_is_taken_when_it_makes_sense() -> None:
    made = pdf(
        PAGES, Title="Ferry stops at Ness", Author="Ann Lee", CreationDate="D:20260304100000+01'00'"
    )
    read = article(read_pdf, made, "ferry.pdf")
    assert (read.title, read.author, read.published) == (
        "Ferry stops at Ness",
        "Ann Lee",
        "2026-03-04",
    )


@pytest.mark.parametrize(
    "title", ["untitled", "Microsoft Word - Document1", "ferry_final.indd", "Ferry.DOCX", ""]
)
def test_a_title_of_no_use_gives_way_to_the_first_line(title: str) -> None:
    read = article(read_pdf, pdf(PAGES, Title=title, CreationDate="yesterday"), "ferry.pdf")
    assert (read.title, read.published) == ("Ferry stops", None)


WHOLE = pdf(PAGES)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "a broken PDF"),
        (b"%PDF-1.7\nno more than this", "a broken PDF"),
        (b"It rained.", "a broken PDF"),
        (WHOLE[:200], "a broken PDF"),
        (pdf(PAGES, password="secret"), "an encrypted PDF"),
        (pdf([[], []]), "a PDF without text, perhaps scanned pages"),
        (pdf([["12", "- 3 -"]]), "a PDF without text, perhaps scanned pages"),
    ],
    ids=["empty", "header only", "text", "cut", "encrypted", "scanned", "numbers"],
)
def test_a_pdf_that_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_pdf(document(data, "a.pdf"), Limits())
    assert caught.value.reason.startswith(reason)


def test_a_pdf_that_opens_without_a_password_is_read_though_encrypted() -> None:
    assert article(read_pdf, pdf(PAGES, password="")).title == "Ferry stops"


@pytest.mark.parametrize("position", range(50, len(WHOLE), max(1, len(WHOLE) // 40)))
def test_a_damaged_byte_ends_in_an_article_or_in_a_problem(position: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[position] ^= 0x5A
    try:
        read = article(read_pdf, bytes(damaged), "a.pdf")
    except UnreadableSource:
        return
    read.text.encode()


def test_too_many_pages_and_too_long_a_time_are_refused() -> None:
    with pytest.raises(UnreadableSource, match="more pages than the limit of 1"):
        read_pdf(document(pdf(PAGES), "a.pdf"), Limits(max_pages=1))
    ticks = iter(range(0, 10_000, 7))
    with pytest.raises(UnreadableSource, match="took more than 60 seconds"):
        read_pdf(document(pdf([["x"] * 50]), "a.pdf"), Limits(), clock=lambda: float(next(ticks)))
