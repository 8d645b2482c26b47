"""Text with one spelling for quotes, dashes and white space, and the way back to its offsets.

Two texts that differ only in how they were encoded (curly or straight quotes,
a no-break space, a soft hyphen, an accent as a character of its own) read the
same here. Case, accents, digits and every word stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
_DASHES = "‐‑‒–—―−"
_SPELLINGS = {
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‘’‚‛`´", "'"),
    **dict.fromkeys(_DASHES, "-"),
    "…": "...",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
_RESPELL = re.compile(
    rf"[\s{_INVISIBLE}]{{2,}}|[^\S ]|[{_INVISIBLE}]"
    rf"|[-{_DASHES}]{{2,}}|\S[\u0300-\u036f]+|[{''.join(_SPELLINGS)}]"
)


def respell(text: str) -> str:
    """Return ``text`` in the one spelling.

    >>> respell("“Nobody’s  hurt” —\\u00a0he said…")
    '"Nobody\\'s hurt" - he said...'
    """
    return _RESPELL.sub(lambda match: _spelling(match.group()), text)


def _spelling(piece: str) -> str:
    if piece in _SPELLINGS:
        return _SPELLINGS[piece]
    visible = piece.strip(_INVISIBLE)
    if not visible or visible.isspace() or any(char.isspace() for char in piece):
        return " " if any(char.isspace() for char in piece) else ""
    if piece[0] in "-" + _DASHES:
        return "-"
    return unicodedata.normalize("NFC", piece)


@dataclass(frozen=True, slots=True)
class Respelt:
    """A text in the one spelling, with its offsets carried.

    ``starts[i]`` is where piece ``i`` begins in ``spelling`` and ``origins[i]``
    where it begins in the original. Pieces alternate: kept as it was, respelt,
    kept, respelt… (any of them may be empty), so an even one maps one to one.
    """

    spelling: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Respelt:
        """Return ``text`` respelt; the time is linear in its length."""
        pieces: list[str] = []
        starts, origins = [0], [0]
        length = at = 0
        for match in _RESPELL.finditer(text):
            kept, respelt = text[at : match.start()], _spelling(match.group())
            pieces += (kept, respelt)
            starts += (length + len(kept), length + len(kept) + len(respelt))
            origins += match.span()
            length = starts[-1]
            at = match.end()
        pieces.append(text[at:])
        return cls("".join(pieces), tuple(starts), tuple(origins))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the original for the span ``start:end`` of ``spelling``.

        ``start:end`` must not be empty.
        """
        return self._origin(start, after=False), self._origin(end - 1, after=True)

    def _origin(self, at: int, *, after: bool) -> int:
        piece = bisect_right(self.starts, at) - 1
        if piece % 2 == 0:
            return self.origins[piece] + at - self.starts[piece] + after
        return self.origins[piece + after]
