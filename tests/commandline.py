"""The command line run inside the test's process, and as a process of its own."""

from __future__ import annotations

import functools
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bot import cli
from index.embed import Embedder, create_embedder
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"
FOOTNOTE = Path(sys.executable).with_name("footnote")


@dataclass(frozen=True)
class Ran:
    """What a run printed and its exit code."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, object]:
        """Return the one JSON object that was printed on the one line."""
        assert self.code == 0, self.err
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def run(*arguments: object, **variables: str) -> Ran:
    """Run ``footnote`` in this process; ``variables`` are FOOTNOTE_ settings, by default hash."""
    settings = environment(**variables)
    out, err = _Captured(), _Captured()
    logging_off = mock.patch.object(cli, "_quiet_libraries", return_value=None)
    argv = mock.patch.object(sys, "argv", ["footnote", *map(str, arguments)])
    loaded_once = mock.patch("bot.wiring.create_embedder", _embedder)
    with mock.patch.dict(os.environ, settings, clear=True), argv, logging_off, loaded_once:
        try:
            with redirect_stdout(out), redirect_stderr(err):
                cli.main()
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int)
    return Ran(code, out.text(), err.text())


_embedder: functools._lru_cache_wrapper[Embedder] = functools.cache(create_embedder)
_folders: list[tempfile.TemporaryDirectory[str]] = []


@functools.cache
def examples_index(embedder: str = "local") -> Path:
    """Return a data folder with an index of the example articles, made once; change nothing."""
    _folders.append(tempfile.TemporaryDirectory(prefix="footnote-examples-"))
    data = Path(_folders[-1].name) / "data"
    ran = run("rebuild", EXAMPLES / "articles", "--data", data, embedder=embedder)
    assert ran.code == 0, ran.err
    return data


def environment(**variables: str) -> dict[str, str]:
    """Return the environment without settings but for these, and with the hash embedder."""
    rest = {key: value for key, value in os.environ.items() if not key.startswith("FOOTNOTE_")}
    given = {f"FOOTNOTE_{key.upper()}": value for key, value in variables.items()}
    return {**rest, "FOOTNOTE_EMBEDDER": "hash", **given}


def process(
    *arguments: object, environ: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the installed ``footnote`` as a process of its own."""
    return subprocess.run(
        [str(FOOTNOTE), *map(str, arguments)],
        capture_output=True,
        env=dict(environ or environment()),
        cwd=cwd,
        timeout=120,
        check=False,
    )


class _Captured(io.TextIOWrapper):
    """A stream in UTF-8 that keeps what was written to it."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)

    def text(self) -> str:
        """Return what was written so far."""
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("utf-8")


def walk(value: object) -> Iterator[dict[str, object]]:
    """Yield every object within a JSON value."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each)
