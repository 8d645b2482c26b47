"""Small documents made by the libraries themselves, and a shortcut to read them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from index.articles import Article
from index.readers.document import Document, ReadArticle
from index.readers.limits import Limits

Reader = Callable[[Document, Limits], ReadArticle]


def document(data: bytes | str, name: str = "story.txt", **fields: str) -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return Document(raw, id=name, origin=f"news/{name}", name=name, **fields)


def article(reader: Reader, data: bytes | str, name: str = "story.txt", **fields: str) -> Article:
    return reader(document(data, name, **fields), Limits()).article


def pdf(pages: Sequence[Sequence[str]], password: str | None = None, **about: str) -> bytes:
    """A PDF with these lines on its pages; an empty line leaves a gap."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(612, 792)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        shown = "\n".join(f"({_escaped(line)}) Tj T*" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 11 Tf 14 TL 72 720 Td\n{shown}\nET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if about:
        writer.add_metadata({f"/{key}": value for key, value in about.items()})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
