"""Bytes to text: the byte-order mark first, then UTF-8, then detection, said aloud."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from index.errors import UnreadableSource
from index.readers.document import Notice

# UTF-32 before UTF-16: its little-endian mark starts with that of UTF-16. The
# codecs that name the byte order leave the mark in the text, as U+FEFF.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY_STARTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"{\\rtf",
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = bytes(range(0x80, 0x100))
_LOOKED_AT = 1_000_000
_WESTERN = "cp1252"
_AS_COHERENT = 0.02
# Signs that stand in windows-1252 where Central European code pages have letters.
_NOT_WESTERN = re.compile(r"[^\W\d_][£¥³¹¼¾¯]|[£¥³¹¼¾¯][^\W\d_]")
_FEW = 0.2


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and a notice unless that was UTF-8."""

    text: str
    encoding: str
    notices: tuple[Notice, ...] = ()


def decode(data: bytes, origin: str, *, declared: str | None = None) -> Decoded:
    """Return the text of ``data``, byte-order mark and line ends included.

    ``declared`` is what a server or a page says of itself; it is believed only
    where the bytes are not UTF-8. Raises `UnreadableSource` for an empty file,
    for bytes that are no text and for UTF-8 with damaged bytes.
    """
    if not data.strip(b" \t\r\n\f\v"):
        raise UnreadableSource(origin, "empty file" if not data else "only white space")
    if data.startswith(_BINARY_STARTS):
        raise UnreadableSource(origin, "binary data, not text")
    text, encoding = _decoded(data, origin, declared)
    start = text[:_LOOKED_AT]
    if "\0" in text or len(_CONTROLS.findall(start)) * 100 > len(start):
        raise UnreadableSource(origin, "binary data, not text")
    if not text.strip("\ufeff \t\r\n\f\v\u00a0"):
        raise UnreadableSource(origin, "only white space")
    if encoding == "utf-8":
        return Decoded(text, encoding)
    name = encoding.replace("cp125", "windows-125").replace("_", "-")
    return Decoded(text, name, (Notice(origin, f"read as {name}, not UTF-8"),))


def _decoded(data: bytes, origin: str, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise _damaged(origin, encoding, error.start) from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise UnreadableSource(origin, "binary data, not text") from error
        if _mostly_utf8(data):
            raise _damaged(origin, "utf-8", error.start) from error
    if declared and (text := _as_declared(data, declared)) is not None:
        return text
    return _detected(data, origin)


def _damaged(origin: str, encoding: str, position: int) -> UnreadableSource:
    return UnreadableSource(
        origin,
        f"damaged {encoding.upper()} at byte {position}",
        remedy="Save the file again in UTF-8.",
    )


def _mostly_utf8(data: bytes) -> bool:
    """Return whether most bytes beyond ASCII form UTF-8.

    Such a file is UTF-8 with a damaged place. Detection would find a single-byte
    encoding in which everything decodes, wrongly.
    """
    sound = len(data) - len(_MULTIBYTE.sub(b"", data))
    return sound * 2 > _beyond_ascii(data)


def _beyond_ascii(data: bytes) -> int:
    return len(data) - len(data.translate(None, _HIGH))


def _as_declared(data: bytes, declared: str) -> tuple[str, str] | None:
    try:
        encoding = codecs.lookup(declared).name
        # The web's rule (WHATWG Encoding, 4.2): these labels mean windows-1252.
        if encoding in ("iso8859-1", "ascii", "latin-1", "utf-8"):
            encoding = _WESTERN
        return data.decode(encoding), encoding
    except (LookupError, ValueError, AssertionError):
        return None


def _detected(data: bytes, origin: str) -> tuple[str, str]:
    """Return the text in the most likely encoding, windows-1252 when it is as likely.

    Detection by letters cannot tell the Latin code pages apart in a short text,
    in which "£5" and "Ł5" are equally odd; by custom it is then the Western one.
    """
    from charset_normalizer import from_bytes

    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        raise UnreadableSource(origin, "neither UTF-8 nor an encoding that was recognised")
    for match in matches:
        if match.encoding == _WESTERN or _WESTERN in match.could_be_from_charset:
            close = match.coherence >= best.coherence - _AS_COHERENT
            if close and match.chaos <= best.chaos and not _NOT_WESTERN.search(str(match)):
                return str(match), _WESTERN
    mostly_ascii = _beyond_ascii(data) < len(data) * _FEW
    if not best.coherence and mostly_ascii and (text := _as_declared(data, _WESTERN)):
        return text
    return str(best), best.encoding
