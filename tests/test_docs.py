"""The documents name only what exists, and leave nothing out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from bot.cli import COMMANDS, footnote
from bot.settings import PREFIX, Settings
from tests.conftest import ROOT

USAGE = ROOT / "docs" / "usage.md"
DOCUMENTS = sorted(
    path
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *ROOT.glob("examples/*.md"))
    if path.is_file()
)
# Code spans, and the lines of code blocks.
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
# What ends a command in a shell line.
_ENDS = {"|", "||", "&&", ";", ">", ">>", "<", "2>", "&"}


def code(document: Path) -> list[str]:
    """Return the code spans and lines of code of a document, continued lines joined."""
    text = document.read_text("utf-8")
    blocks = "\n".join(_BLOCK.findall(text)).replace("\\\n", " ")
    return [*blocks.splitlines(), *_SPAN.findall(_BLOCK.sub("", text))]


def commands_in(line: str) -> list[list[str]]:
    """Return the words after each ``footnote`` that starts a command in a line of code.

    >>> commands_in("$ footnote ask 'Who?' | head -1  # ask")
    [['ask', 'Who?']]
    >>> commands_in('eval "$(footnote completion bash)"')
    [['completion', 'bash']]
    """
    line = re.sub(r"\$\((footnote [^)]*)\)", r" ; \1 ; ", line.removeprefix("$ "))
    line = re.sub(r'"\s*;|;\s*"', ";", line)
    try:
        words = shlex.split(re.sub(r"([;|&])", r" \1 ", line), comments=True)
    except ValueError:
        return []
    found: list[list[str]] = []
    for at, word in enumerate(words):
        before = words[at - 1] if at else ";"
        starts = before in _ENDS or re.fullmatch(r"[A-Z_]+=.*", before) or before == "exec"
        if word.rsplit("/", 1)[-1] == "footnote" and starts:
            rest = words[at + 1 :]
            end = next((n for n, each in enumerate(rest) if each in _ENDS), len(rest))
            found.append(rest[:end])
    return found


def parse(words: list[str]) -> None:
    """Parse a command without running it; raise `click.UsageError` if it is none."""
    options = [word for word in words[:1] if word.startswith("-")]
    words = words[len(options) :]
    if not set(options) <= {"--debug", "--version", "--help", "-h"}:
        raise click.UsageError(f"no such option of the group: {options}")
    command: click.Command | None = footnote
    context = click.Context(footnote, info_name="footnote")
    while isinstance(command, click.Group) and words:
        name = words.pop(0)
        command = command.get_command(context, name)
        if command is None:
            raise click.UsageError(f"no such command: {name}")
        context = click.Context(command, info_name=name, parent=context)
    if command is None or isinstance(command, click.Group):
        return
    parser = command.make_parser(context)
    _, rest, _ = parser.parse_args([word for word in words if word not in ("…", "...")])
    if rest and not all(word.startswith("[") for word in rest):
        raise click.UsageError(f"too many arguments: {rest}")


def named(pattern: str) -> list[tuple[Path, str]]:
    """Return each match of a pattern in the documents, with its document."""
    return [
        (path, match)
        for path in DOCUMENTS
        for match in sorted(set(re.findall(pattern, path.read_text("utf-8"))))
    ]


def where(value: object) -> str:
    return value.relative_to(ROOT).as_posix() if isinstance(value, Path) else str(value)


def test_there_are_documents() -> None:
    assert DOCUMENTS
    assert ROOT / "README.md" in DOCUMENTS
    assert USAGE in DOCUMENTS


@pytest.mark.parametrize("document", DOCUMENTS, ids=where)
def test_every_command_line_is_one_that_footnote_can_parse(document: Path) -> None:
    wrong = []
    for line in code(document):
        for words in commands_in(line):
            try:
                parse(words)
            except click.ClickException as error:
                wrong.append(f"{line}: {error.format_message()}")
    assert not wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=where)
def test_every_make_target_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    used = {
        target
        for line in code(document)
        for match in re.findall(r"(?:^|\s|&& )make((?: [a-z][a-z-]*)+)", line)
        for target in match.split()
    }
    assert used <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=where)
def test_every_setting_named_exists(document: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {"FOOTNOTE_SHARED_DATA"}  # the tests' own: where the open evaluation data is
    used = set(re.findall(rf"(?<![A-Z_]){PREFIX}[A-Z][A-Z_]*[A-Z]", document.read_text("utf-8")))
    assert used <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=where)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    text = _BLOCK.sub("", document.read_text("utf-8"))
    wrong = []
    for target in _LINK.findall(text):
        if re.match(r"[a-z][a-z+.-]*:", target) or target.startswith("<"):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = document if not path else (document.parent / path)
        if not found.exists() or (anchor and anchor not in anchors(found)):
            wrong.append(target)
    assert not wrong


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ +(.+?)\s*#*$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_usage_names_every_command_option_and_setting() -> None:
    told = USAGE.read_text("utf-8")
    missing = [name for name in COMMANDS if f"footnote {name}" not in told]
    for name in COMMANDS:
        command = footnote.get_command(click.Context(footnote), name)
        assert command is not None
        options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
        missing += [f"{name} {p.opts[0]}" for p in options if p.opts[0] not in told]
    missing += [
        PREFIX + name.upper() for name in Settings.model_fields if PREFIX + name.upper() not in told
    ]
    assert not missing


@pytest.mark.parametrize(
    "line",
    [
        "footnote rebuild articles/ --strict",
        'footnote ask "Who?" --since 2026-09-01 --json | head -1',
        "footnote search Who -k 3",
        "footnote --version",
        "FOOTNOTE_EMBEDDER=hash footnote status",
    ],
)
def test_the_check_passes_what_is_right(line: str) -> None:
    (words,) = commands_in(line)
    parse(words)


@pytest.mark.parametrize(
    "line",
    [
        "footnote no-such-command",
        "footnote ask Who --no-such-option",
        "footnote ask Who Where",
        "footnote --no-such-option",
        "cd x && footnote search Who -z 3",
    ],
)
def test_the_check_finds_what_is_wrong(line: str) -> None:
    (words,) = commands_in(line)
    with pytest.raises(click.ClickException):
        parse(words)
