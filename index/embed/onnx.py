"""The default embedder: all-MiniLM-L6-v2 by onnxruntime, on the CPU.

One pass of the model over a passage gives a vector for each token; the mean of
all is the passage's vector and the mean of a sentence's tokens is that
sentence's, in context. Passages run one by one, as many at a time as there are
threads: nothing is padded, and a passage's vectors never depend on what else
was embedded with it. See docs/decisions/0003-local-embedder.md.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embed.embedder import Embedded, EmbedInput, Vectors, unit_rows
from index.errors import IndexFault

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).parent.parent / "models" / "all-MiniLM-L6-v2"
DIMENSION = 384
WINDOW = 512
"""Positions of the model; a longer text is embedded in pieces of at most this."""

_OPEN, _CLOSE = np.array([101]), np.array([102])  # [CLS] and [SEP] of tokenizer.json
_SLICE = 256  # inputs in flight at once, which bounds the memory of a call
_SURROGATE = re.compile("[\ud800-\udfff]")
_REINSTALL = "Install Footnote again: pip install --force-reinstall --no-deps footnote"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of the model as it was released."""

    name: str
    size: int
    sha256: str


MODEL_FILES = (
    ModelFile(
        "model.onnx",
        23494018,
        "4b969ee0f35033a114c54b068ed59eccb919bdaf25464730c363dc97eecb7659",
    ),
    ModelFile(
        "tokenizer.json",
        466082,
        "3ad857958ba886d154a5a852119fb31a0dd549d03d8a3fc20e33f2336272cc19",
    ),
)


def verify_model(folder: Path = MODEL_FOLDER) -> list[str]:
    """Return what is wrong with the model's files, one line each; empty when they are sound.

    Reads the files whole and compares their SHA-256.
    """
    problems = []
    for file in MODEL_FILES:
        problem = _wrong_size(folder, file)
        if problem is None:
            digest = hashlib.sha256((folder / file.name).read_bytes()).hexdigest()
            if digest != file.sha256:
                problem = f"{file.name} is altered: its SHA-256 is {digest[:16]}…"
        if problem is not None:
            problems.append(problem)
    return problems


def _wrong_size(folder: Path, file: ModelFile) -> str | None:
    try:
        size = (folder / file.name).stat().st_size
    except OSError:
        return f"{file.name} of the local embedder is missing"
    if size != file.size:
        return f"{file.name} of the local embedder has {size} bytes, not {file.size}"
    return None


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums of token vectors: of all (dimension,), of each sentence (k, dimension).

    They stand for means: both point the same way, and only that is kept.
    ``counts`` has the number of tokens of each sentence.
    """

    whole: Vectors
    sentences: Vectors
    counts: NDArray[np.int64]


class OnnxEmbedder:
    """The local model. Loading (about 0.1 s) waits for the first use."""

    def __init__(self, *, threads: int | None = None, folder: Path = MODEL_FOLDER) -> None:
        self.name = f"local:all-MiniLM-L6-v2/int8-{MODEL_FILES[0].sha256[:8]}"
        self.dimension = DIMENSION
        self._threads = max(1, threads or _usable_cores())
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None

    def embed_passages(self, inputs: Sequence[EmbedInput]) -> Embedded:
        """Return the vectors of ``inputs`` and of their sentences, in order.

        A sentence in which no token starts is embedded on its own. Raises
        `IndexFault` when a file of the model is missing or has another size.
        """
        self._load()
        passages = np.empty((len(inputs), DIMENSION), np.float32)
        sentences: list[Vectors] = []
        for number, sums in enumerate(self._in_parallel(inputs)):
            passages[number] = sums.whole
            sentences.append(self._sentence_rows(inputs[number], sums))
        return Embedded(unit_rows(passages), tuple(sentences))

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of ``text``, float32, shape (384,)."""
        row: Vectors = unit_rows(self._embed(EmbedInput(text)).whole[None])[0]
        return row

    def _in_parallel(self, inputs: Sequence[EmbedInput]) -> Iterator[_Sums]:
        if self._threads == 1 or len(inputs) == 1:
            yield from map(self._embed, inputs)
            return
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        try:
            for start in range(0, len(inputs), _SLICE):
                yield from pool.map(self._embed, inputs[start : start + _SLICE])
        finally:
            pool.shutdown(cancel_futures=True)

    def _sentence_rows(self, item: EmbedInput, sums: _Sums) -> Vectors:
        rows = sums.sentences
        for lost in np.flatnonzero(sums.counts == 0):
            start, end = item.spans[lost]
            rows[lost] = self._embed(EmbedInput(item.text[start:end])).whole
        return unit_rows(rows)

    def _embed(self, item: EmbedInput) -> _Sums:
        """Run the model over ``item``, in windows when it is long, and add up its tokens."""
        tokenizer, session = self._load()
        # The tokenizer cannot take a lone surrogate; the stand-in keeps every offset.
        text = _SURROGATE.sub("\ufffd", item.text)
        encoding = tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(encoding.ids, np.int64)
        spans = np.array(item.spans, np.int64).reshape(-1, 2)
        starts = np.array([start for start, _ in encoding.offsets], np.int64)
        limits = np.searchsorted(starts, spans)
        whole = np.zeros(DIMENSION, np.float32)
        sentences = np.zeros((len(spans), DIMENSION), np.float32)
        for first, last in windows(len(ids)):
            window = np.concatenate((_OPEN, ids[first:last], _CLOSE))[None]
            vectors: Vectors = session.run(None, {"input_ids": window})[0][0]
            whole += vectors.sum(axis=0)
            sentences += _span_sums(vectors[1:], np.clip(limits - first, 0, last - first))
        return _Sums(whole, sentences, limits[:, 1] - limits[:, 0])

    def _load(self) -> tuple[Tokenizer, InferenceSession]:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = _load(self._folder)
        return self._loaded


def windows(tokens: int) -> list[tuple[int, int]]:
    """Return half-open ranges of nearly equal length that cover ``tokens`` tokens.

    Each leaves room for the two marks around it; an empty text has one empty window.

    >>> windows(510), windows(511), windows(0)
    ([(0, 510)], [(0, 255), (255, 511)], [(0, 0)])
    """
    count = max(1, -(-tokens // (WINDOW - 2)))
    cuts = [tokens * number // count for number in range(count + 1)]
    return list(pairwise(cuts))


def _span_sums(vectors: Vectors, limits: NDArray[np.int64]) -> Vectors:
    """Return for each half-open range of ``limits`` (k, 2) the sum of its ``vectors``.

    ``vectors`` has one row more than any range reaches, as ``reduceat`` needs.
    """
    if not len(limits):
        return np.zeros((0, DIMENSION), np.float32)
    sums = np.add.reduceat(vectors, limits.ravel(), axis=0)[::2]
    sums[limits[:, 0] >= limits[:, 1]] = 0.0  # reduceat gives a row for an empty range
    return sums


def _load(folder: Path) -> tuple[Tokenizer, InferenceSession]:
    for file in MODEL_FILES:
        problem = _wrong_size(folder, file)
        if problem is not None:
            raise IndexFault(problem, remedy=_REINSTALL)
    import onnxruntime
    from tokenizers import Tokenizer

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    # Passages run side by side, each in one thread: quicker than two threads in one.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Higher levels fuse back what benchmarks/export_model.py keeps apart because it is quicker.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # both libraries raise their own kinds for a damaged file
        raise IndexFault("the local embedder cannot be loaded", remedy=_REINSTALL) from error
    return tokenizer, session


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
