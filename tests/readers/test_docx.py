import io
import zipfile
from datetime import datetime

import docx
import pytest

from index.errors import UnreadableSource
from index.readers.docx import read_docx
from index.readers.limits import Limits
from tests.readers.samples import article, document


def saved(word: docx.document.Document) -> bytes:
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def story() -> docx.document.Document:
    word = docx.Document()
    word.add_heading("Ferry stops", 1)
    paragraph = word.add_paragraph("The ferry to ")
    paragraph.add_run("Ness").bold = True
    paragraph.add_run(" stopped.\nNobody was hurt.")
    word.add_paragraph("Repairs start.", style="List Bullet")
    word.add_paragraph("")
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Day", "Boats", "Mon", "0"], strict=True):
        cell.text = text
    table.add_row().cells[0].merge(table.rows[2].cells[1]).text = "No boats on Tuesday."
    word.add_paragraph("The company is sorry.")
    return word


def test_paragraphs_headings_items_and_tables_come_in_order() -> None:
    assert article(read_docx, saved(story()), "ferry.docx").text.split("\n\n") == [
        "Ferry stops",
        "The ferry to Ness stopped.\nNobody was hurt.",
        "Repairs start.",
        "Day | Boats",
        "Mon | 0",
        "No boats on Tuesday.",
        "The company is sorry.",
    ]


def test_the_core_properties_fill_the_fields() -> None:
    word = story()
    word.core_properties.title = "Ferry stops at Ness"
    word.core_properties.author = "Ann Lee"
    word.core_properties.created = datetime(2026, 3, 4, 10, 0)
    word.core_properties.language = "en-GB"
    read = article(read_docx, saved(word), "ferry.docx")
    assert (read.title, read.author, read.published, read.language) == (
        "Ferry stops at Ness", "Ann Lee", "2026-03-04", "en-GB",
    )  # fmt: skip


def test_what_a_template_says_of_every_document_is_not_believed() -> None:
    read = article(read_docx, saved(story()), "ferry.docx")
    assert (read.title, read.author, read.published) == ("Ferry stops", None, None)


def test_without_a_heading_the_name_is_the_title() -> None:
    word = docx.Document()
    word.add_paragraph("It rained.")
    assert article(read_docx, saved(word), "the-rain.docx").title == "The rain"


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"It rained.", b"PK\x03\x04broken", zipped(a=b"x"), saved(story())[:-300]],
    ids=["empty", "text", "broken zip", "another zip", "cut"],
)  # fmt: skip
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match="a broken DOCX file"):
        read_docx(document(data, "a.docx"), Limits())


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="a DOCX file without text"):
        read_docx(document(saved(docx.Document()), "a.docx"), Limits())


def test_a_zip_bomb_is_refused_before_it_is_parsed() -> None:
    limits = Limits(max_bytes=1_000_000)
    one_part = zipped(**{"word/document.xml": b" " * 1_000_001})
    many_parts = zipped(**{f"{n}.png": b" " * 900_000 for n in range(6)})
    for bomb in (one_part, many_parts):
        with pytest.raises(UnreadableSource, match="unpacks to more than"):
            read_docx(document(bomb, "a.docx"), limits)
    with pytest.raises(UnreadableSource, match="too many parts"):
        read_docx(document(zipped(**{str(n): b"" for n in range(5_001)}), "a.docx"), limits)


def test_entities_in_its_xml_are_not_expanded() -> None:
    whole = zipfile.ZipFile(io.BytesIO(saved(story())))
    parts = {name: whole.read(name) for name in whole.namelist()}
    xml = parts["word/document.xml"].decode()
    bomb = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    start = xml.index("?>") + 2
    hostile = xml[:start] + bomb + xml[start:].replace("Nobody was hurt.", "&b;&f;")
    try:
        text = article(read_docx, zipped(**{**parts, "word/document.xml": hostile.encode()})).text
    except UnreadableSource:
        return
    assert "lollol" not in text
    assert "root:" not in text
