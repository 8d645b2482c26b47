"""When two sentences say the same: the hash under which copies of a sentence fold."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"\w+")

# Shorter sentences ("He declined to comment.") recur in unrelated articles.
TELLING_WORDS = 7


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: compatibility forms and case folded.

    >>> words("It ﬂew “home”, 1,200 km.")
    ['it', 'flew', 'home', '1', '200', 'km']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def fold(text: str) -> int:
    """Return a signed 64-bit hash that ignores case, punctuation and white space.

    >>> fold("“Nobody was hurt”, he said.") == fold('"Nobody was hurt," he said.')
    True
    >>> fold("5 people died.") == fold("6 people died.")
    False
    """
    return fold_words(words(text))


def fold_words(found: Sequence[str]) -> int:
    """Return what `fold` does for the text that has these `words`."""
    key = " ".join(found).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big", signed=True)


def is_telling(found: Sequence[str]) -> bool:
    """Return whether a sentence of these words is so long that a copy of it is no coincidence.

    >>> is_telling(words("He declined to comment."))
    False
    >>> is_telling(words("The ferry ran aground off Cape Sorrel at dawn."))
    True
    """
    return len(found) >= TELLING_WORDS
