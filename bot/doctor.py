"""What ``footnote doctor`` looks at: settings, folders, models, index."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.settings import Settings
from bot.wiring import data_folder, embedder
from index.catalog import REMEDY, Catalog
from index.embed import Embedder
from index.embed.onnx import verify_model
from index.errors import IndexFault, NothingIndexed
from index.generations import DataFolder, Generation
from index.generations.manifest import check_contents, mismatch
from index.lexical import LexicalIndex
from index.search import search
from index.search.reader import IndexReader
from index.tokens import TokenCounter
from index.vectors import VectorStore

State = Literal["ok", "note", "bad"]
_LITTLE_SPACE = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``remedy`` says what to do unless it is fine."""

    subject: str
    state: State
    text: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Return what was found, each check on its own: one failure hides no other."""
    findings = [Finding("settings", "ok", "every value and every key of .env is known")]
    folder = data_folder(settings)
    findings += _guarded("data folder", lambda: _data_folder(folder))
    findings += _guarded("tokens", _tokens)
    made: list[Embedder] = []
    findings += _guarded("embedder", lambda: _embedder(settings, made))
    findings += _guarded("index", lambda: _index(folder, made))
    return findings


def _guarded(subject: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Run a check; whatever it raises becomes a finding."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except IndexFault as error:
        found.append(Finding(subject, "bad", str(error), error.remedy))
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        found.append(Finding(subject, "bad", text, "Report this with `footnote --debug doctor`."))
    return found


def _data_folder(folder: DataFolder) -> Iterator[Finding]:
    path = folder.path
    nearest = next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        remedy = "Set FOOTNOTE_DATA_DIR or --data to a folder you may write to."
        yield Finding("data folder", "bad", f"{path} cannot be written", remedy)
        return
    free = shutil.disk_usage(nearest).free
    text = f"{path}, {free / 2**30:,.1f} GiB free"
    if free < _LITTLE_SPACE:
        remedy = "A rebuild needs about as much again as the index takes; free some space."
        yield Finding("data folder", "note", text, remedy)
    else:
        yield Finding("data folder", "ok", text)


def _tokens() -> Iterator[Finding]:
    count = TokenCounter()("The quick brown fox.")
    yield Finding("tokens", "ok", f"cl100k_base is complete ({count} tokens in the test sentence)")


def _embedder(settings: Settings, made: list[Embedder]) -> Iterator[Finding]:
    if settings.embedder == "local":
        for problem in verify_model():
            remedy = "Install Footnote again: a file of its embedding model is not whole."
            yield Finding("embedder", "bad", problem, remedy)
    found = embedder(settings)
    vector = found.embed_query("Is anybody there?")
    made.append(found)
    yield Finding("embedder", "ok", f"{found.name} answers with {len(vector)} numbers")


def _index(folder: DataFolder, made: list[Embedder]) -> Iterator[Finding]:
    try:
        current = folder.current()
    except NothingIndexed as nothing:
        yield Finding("index", "note", "nothing is indexed yet", nothing.remedy)
        return
    yield from _generation(current)
    for leftover in folder.leftovers():
        text = f"{leftover.name} is left from a build that was cut off"
        yield Finding("index", "note", text, "The next rebuild reuses and then deletes it.")
    if made and made[0].name != current.manifest.embedder:
        error = mismatch(current.manifest.embedder, made[0].name)
        yield Finding("index", "bad", str(error), error.remedy)
    elif made:
        with IndexReader(folder, made[0]) as index:
            found = search(index, "What happened?", 1)
        took = sum(found.timings_ms.values())
        yield Finding("search", "ok", f"answers in {took:.0f} ms")


def _generation(current: Generation) -> Iterator[Finding]:
    manifest = current.manifest
    catalog = Catalog(current.catalog)
    wrong = catalog.check()
    catalog.close()
    if wrong:
        text = f"the catalogue of {manifest.name} is damaged: {wrong}"
        yield Finding("index", "bad", text, REMEDY)
        return
    check_contents(current.folder, manifest.files)
    LexicalIndex.verify(current.lexical)
    store = VectorStore(current.chroma)
    held = store.count()
    store.close()
    if held != manifest.passages:
        text = f"Chroma holds {held:,} vectors where {manifest.passages:,} belong"
        yield Finding("index", "bad", text, REMEDY)
        return
    yield Finding(
        "index",
        "ok",
        f"generation {manifest.name}: {manifest.articles:,} articles,"
        f" {manifest.passages:,} passages",
    )
