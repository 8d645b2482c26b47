import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableSource
from index.readers.limits import Limits
from index.readers.text import read_text
from tests.readers.samples import article, document


@pytest.mark.parametrize(
    "text",
    [
        "It rained.\r\nIt was wet.\r\n",
        "\ufeffIt rained.",
        "\n\n It rained. \t\n",
        "It rained.\rIt dried.",
        "İ ß ﬁ 👩‍👩‍👧 e\u0301",
    ],
)
def test_the_text_is_exactly_the_decoded_file(text: str) -> None:
    assert article(read_text, text.encode()).text == text


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n\t"), min_size=1)
)
def test_any_utf_8_text_with_words_comes_back_unchanged(text: str) -> None:
    text = "A" + text
    read = read_text(document(text.encode()), Limits())
    assert read.article.text == text
    assert read.notices == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_tells_the_encoding_and_stays(encoding: str) -> None:
    text = "\ufeffIt rained in Łódź.\r\n"
    read = read_text(document(text.encode(encoding)), Limits())
    assert read.article.text == text
    assert [notice.message for notice in read.notices] == [f"read as {encoding}, not UTF-8"]


NEWS = "The minister said “we won’t go” – and left. It cost £5m, café owners said on Monday. "


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (NEWS, "cp1252", "windows-1252"),
        ("He said it’s over.\nThe end of the café.", "cp1252", "windows-1252"),
        ("She paid €40 — “too much”", "cp1252", "windows-1252"),
        ("El niño comió jamón en la plaza de España", "latin-1", "windows-1252"),
        (
            "Prezydent powiedział w środę, że granica zostanie zamknięta. Żołnierze są już w drodze.",
            "cp1250",
            "windows-1250",
        ),
        (
            "Předseda vlády řekl, že hranice bude uzavřena. Příští týden začne žně.",
            "cp1250",
            "windows-1250",
        ),
        ("Президент заявил, что вертолёт был сбит над Идлибом.", "cp1251", "windows-1251"),
        ("Ο πρόεδρος δήλωσε ότι το ελικόπτερο καταρρίφθηκε.", "cp1253", "windows-1253"),
        ("大統領は火曜日、ヘリコプターが撃墜されたと述べた。", "shift_jis", "cp932"),
    ],
)
def test_another_encoding_is_detected_and_reported(text: str, encoding: str, name: str) -> None:
    read = read_text(document(text.encode(encoding)), Limits())
    assert read.article.text == text
    assert [notice.message for notice in read.notices] == [f"read as {name}, not UTF-8"]


def test_the_encoding_that_a_server_declared_is_believed_where_it_is_not_utf_8() -> None:
    text = "Президент заявил"
    assert article(read_text, text.encode("koi8-r"), charset="koi8-r").text == text
    assert article(read_text, text.encode(), charset="koi8-r").text == text


def test_an_encoding_nobody_knows_falls_back_to_detection() -> None:
    assert article(read_text, NEWS.encode("cp1252"), charset="klingon").text == NEWS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b" \r\n\t ", "only white space"),
        (codecs.BOM_UTF8, "only white space"),
        (codecs.BOM_UTF16_LE, "only white space"),
        (b"It rained.\0It dried.", "binary data, not text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary data, not text"),
        (b"%PDF-1.7\n%%EOF", "binary data, not text"),
        (bytes(range(256)) * 4, "binary data, not text"),
        (b"\x01\x02\x03\x04 text", "binary data, not text"),
        ("Łódź, Kraków i Gdańsk".encode() + b"\xff" + "ąęść".encode(), "damaged UTF-8 at byte 26"),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\xd8", "damaged UTF-16-LE at byte 4"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_text(document(data), Limits())
    assert caught.value.reason == reason
    assert caught.value.origin == "news/story.txt"


def test_a_first_line_that_stands_alone_is_the_title() -> None:
    assert (
        article(read_text, "\ufeff\r\nRain in the north\r\n\r\nIt rained.").title
        == "Rain in the north"
    )


@pytest.mark.parametrize(
    "text",
    [
        "It rained on Monday.\n\nIt was wet.",
        "Rain\nfell in the north.",
        "x" * 300 + "\n\nIt rained.",
        "Rain",
    ],
)
def test_else_the_title_is_made_of_the_file_name(text: str) -> None:
    assert article(read_text, text, "2016-08-01-rain-in-the_north.txt").title == "Rain in the north"


def test_a_name_that_starts_with_a_day_dates_the_article() -> None:
    assert article(read_text, "It rained.", "2016-08-01-rain.txt").published == "2016-08-01"
    assert article(read_text, "It rained.", "2016-13-01-rain.txt").published is None
    assert article(read_text, "It rained.", "rain-2016-08-01.txt").published is None


def test_a_title_has_no_control_characters() -> None:
    assert (
        article(read_text, "Rain\x1b[31m \u202ein\n\nIt rained on Monday all day long.").title
        == "Rain [31m in"
    )
