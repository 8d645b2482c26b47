"""Shell completion: the scripts are those of the shells, and bash completes with its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from tests.commandline import FOOTNOTE, environment, run


@pytest.mark.parametrize(
    ("shell", "marks"),
    [
        ("bash", ["complete -o nosort -F", "_FOOTNOTE_COMPLETE=bash_complete"]),
        ("zsh", ["#compdef footnote", "_FOOTNOTE_COMPLETE=zsh_complete"]),
        ("fish", ["complete --no-files --command footnote", "_FOOTNOTE_COMPLETE=fish_complete"]),
    ],
)
def test_each_shell_has_its_script(shell: str, marks: list[str]) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert all(mark in ran.out for mark in marks)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_can_read(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    script = tmp_path / "script"
    script.write_text(run("completion", shell).out)
    subprocess.run([shell, "-n", str(script)], check=True, timeout=30)


def completed(*lines: list[str]) -> list[set[str]]:
    """Return what bash offers after the words of each line, the last of which is being typed."""
    script = [
        'eval "$(footnote completion bash)"',
        "given=$(complete -p footnote); given=${given##*-F }; given=${given%% *}",
    ]
    for typed in lines:
        words = " ".join(f"'{word}'" for word in ("footnote", *typed))
        script.append(f"COMP_WORDS=({words}); COMP_CWORD={len(typed)}")
        script.append('COMPREPLY=(); $given footnote; echo "${COMPREPLY[@]}"')
    path = f"{FOOTNOTE.parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(script)],
        env={**environment(), "PATH": path},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert ran.stderr == b""
    return [set(line.split()) for line in ran.stdout.decode().splitlines()]


def test_bash_completes_commands_and_options() -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed here")
    assert completed([""], ["ask", "--u"]) == [set(COMMANDS), {"--until"}]
