"""What goes wrong on the command line: one line with a remedy, and the exit code."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from bot import cli
from index.generations import DataFolder
from tests.commandline import FOOTNOTE, Ran, environment, examples_index, process, run
from tests.conftest import Desk


@pytest.fixture
def data() -> Path:
    return examples_index("hash")


def one_line(ran: Ran, code: int = 1) -> str:
    """Return the one line on standard error; nothing is printed besides."""
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("Error: ")
    assert ran.err.count("\n") == 1
    assert ran.err.endswith(".\n")
    assert "Traceback" not in ran.err
    return ran.err


# ------------------------------------------------------------------------------ exit code 1

COMMANDS = [["ask", "Who?"], ["search", "Who?"], ["status"], ["rollback"]]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_an_index_the_remedy_is_to_rebuild(tmp_path: Path, command: list[str]) -> None:
    told = one_line(run(*command, "--data", tmp_path / "none"))
    if command != ["rollback"]:
        assert f"nothing is indexed in {tmp_path / 'none'}. Run `footnote rebuild" in told


def test_an_index_of_another_embedder_is_refused_with_the_way_out(data: Path) -> None:
    told = one_line(run("ask", "Who?", "--data", data, embedder="local"))
    assert "made by the embedder hash:crc32/384, but local:" in told
    assert "Set FOOTNOTE_EMBEDDER back" in told
    assert "`footnote rebuild`" in told


def test_an_unknown_embedder_is_named(data: Path) -> None:
    told = one_line(run("ask", "Who?", "--data", data, embedder="wishful"))
    assert "'wishful' is not an embedder. Use `local`" in told


@pytest.mark.parametrize("part", ["catalog.sqlite", "manifest.json", "lexical", "passages.f32"])
def test_a_damaged_index_is_told_with_the_remedy(data: Path, tmp_path: Path, part: str) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    path = DataFolder(copy).current().folder / part
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    for command in COMMANDS[:3]:
        told = one_line(run(*command, "--data", copy))
        assert "`footnote rollback`" in told
        assert "`footnote rebuild`" in told


def test_a_source_that_is_not_there_fails_and_keeps_the_index(desk: Desk) -> None:
    desk.write("a.txt", "Rain fell.\n")
    data = desk.folder / "cli"
    run("rebuild", desk.sources, "--data", data)
    one_line(run("rebuild", desk.folder / "absent", "--data", data))
    desk.write("b.txt", "")
    one_line(run("rebuild", desk.sources, "--data", data, "--strict"))
    one_line(run("update", desk.sources, "--data", data, "--strict"))
    assert run("status", "--data", data, "--json").object["generation"] == "g000001"


@pytest.mark.parametrize("question", ["\x00", "\u200b\u202e", "\x1b", "x" * 4_001, "?" * 1_000_000])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_of_nothing_or_without_end_is_refused(
    data: Path, command: str, question: str
) -> None:
    assert one_line(run(command, question, "--data", data)).startswith("Error: the question: ")


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"decline_below": "often"}, "FOOTNOTE_DECLINE_BELOW: "),
        ({"max_file_mb": "-1"}, "FOOTNOTE_MAX_FILE_MB: "),
        ({"allow_private_addresses": "perhaps"}, "FOOTNOTE_ALLOW_PRIVATE_ADDRESSES: "),
    ],
)
def test_a_bad_setting_is_named(variables: dict[str, str], told: str) -> None:
    for command in (["ask", "Who?"], ["rebuild", "."], ["status"]):
        assert told in one_line(run(*command, **variables))


def test_a_fault_nobody_thought_of_is_one_line_and_debug_shows_its_trace(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError("two\nlines\x1b[31m")

    monkeypatch.setattr("bot.commands.inspecting.data_folder", broken)
    told = one_line(run("status"))
    assert "a fault in Footnote: RuntimeError: two lines [31m." in told
    assert "`footnote --debug …`" in told
    with pytest.raises(RuntimeError):
        run("--debug", "status")


def test_a_quote_that_does_not_stand_in_its_article_is_a_fault_and_no_answer(
    data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    catalog = sqlite3.connect(DataFolder(copy).current().catalog)
    catalog.execute("UPDATE articles SET text = replace(text, '46.8 million', '99.9 million')")
    catalog.commit()
    catalog.close()
    asked = ("ask", "How much will the tidal barrier cost?", "--data", copy)
    for options in ([], ["--json"]):
        told = one_line(run(*asked, *options, decline_below="0"))
        assert "2026-08-27-tidal-barrier.txt" in told
        assert "footnote rebuild" in told or "footnote doctor" in told


# ------------------------------------------------------------------------------ exit code 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["ask"],
        ["ask", ""],
        ["ask", "Who?", "Where?"],
        ["ask", "Who?", "--since", "yesterday"],
        ["ask", "Who?", "--until", "2026-02-30"],
        ["ask", "Who?", "--since", "2026-02-02", "--until", "2026-02-01"],
        ["ask", "Who?", "--no-such-option"],
        ["search", "Who?", "-k", "0"],
        ["search", "Who?", "-k", "many"],
        ["rebuild"],
        ["update"],
        ["eval"],
        ["eval", "no-such-folder"],
        ["eval", ".", "--sample", "0"],
        ["completion"],
        ["completion", "tcsh"],
        ["status", "--data", __file__],
        ["--no-such-option"],
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_right(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    last = ran.err.splitlines()[-1]
    assert last.startswith("Error: ") or "--help" in ran.err
    assert "Traceback" not in ran.err


def test_without_a_command_the_help_is_shown() -> None:
    ran = run()
    assert ran.code in (0, 2)
    assert "Commands:" in ran.out + ran.err


# ----------------------------------------------------------------------------- exit code 130


def test_an_interrupt_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.commands.inspecting.data_folder", interrupted)
    ran = run("status")
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.strip() in ("Interrupted.", "")


def test_control_c_ends_a_batch_with_130_and_the_next_run_goes_on(
    data: Path, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"question": "What happened to the ferry?"}\n' * 400)
    command = [str(FOOTNOTE), "ask", "--data", str(data), "--batch", str(source)]
    command += ["--output", str(target)]
    # A shell that runs the tests in the background has them ignore Ctrl-C, and that is inherited.
    running = subprocess.Popen(
        command,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until = time.monotonic() + 60
    while not (target.exists() and target.stat().st_size) and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert out == b""
    assert b"Traceback" not in err
    source_lines = source.read_text().splitlines(keepends=True)
    assert 0 < target.read_bytes().count(b"\n") < len(source_lines)


# ------------------------------------------------------------------- pipes and other terminals


def test_a_reader_that_goes_away_is_no_error(data: Path) -> None:
    command = f"'{FOOTNOTE}' search ferry -k 300 --data '{data}' | head -1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(
        ["bash", "-c", command], env=environment(), capture_output=True, timeout=60, check=True
    )
    assert ran.stderr == b""
    first, code = ran.stdout.splitlines()
    assert first
    assert code == b"0"


def test_output_that_nobody_reads_ends_quietly(data: Path) -> None:
    """The other end of the pipe is closed before the first byte is written."""
    command = [str(FOOTNOTE), "search", "ferry", "-k", "300", "--data", str(data)]
    running = subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait(60) == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_any_terminal_can_show_an_answer(data: Path, encoding: str) -> None:
    variables = {**environment(decline_below="0"), "PYTHONIOENCODING": encoding}
    ran = process(
        "ask", "Did Maeve O’Ríordáin close the channel? 🎉", "--data", data, environ=variables
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode(encoding)


def test_a_terminal_of_the_c_locale_can_show_errors_and_json(tmp_path: Path, data: Path) -> None:
    variables = {**environment(), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = process("status", "--data", tmp_path / "füße", environ=variables)
    assert ran.returncode == 1
    assert ran.stderr.startswith(b"Error: nothing is indexed in ")
    asked = process("ask", "Ríordáin?", "--data", data, "--json", environ=variables)
    assert asked.returncode == 0
    assert asked.stdout.isascii()


# ------------------------------------------------------------------------- hostile articles

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202edesrever\u2066\u061c\u2028\x08\ufeff"


@pytest.fixture
def hostile(desk: Desk) -> Path:
    """An index of articles of which everything tries to act on the terminal."""
    desk.write_lines(
        "lines.jsonl",
        {
            "id": f"id{HOSTILE}",
            "title": f"Title {HOSTILE} end",
            "outlet": f"Outlet {HOSTILE}",
            "url": "https://news.example/a",
            "text": f"The mayor {HOSTILE} was paid in silver by the baker of Osk.",
        },
        {"id": "lone", "title": "\ud800", "text": "The baker \udfff of Osk sold no bread."},
    )
    desk.write("na\x1b[31mme.txt", f"The miller {HOSTILE} of Osk was paid in gold.\n")
    desk.write("empty\x1b[31m.txt", "")
    data = desk.folder / "cli"
    ran = run("rebuild", desk.sources, "--data", data)
    assert ran.code == 0
    _harmless(ran)
    return data


def _harmless(ran: Ran) -> None:
    for text in (ran.out, ran.err):
        acting = {c for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160}
        acting |= set(text) & set("\u061c\u200e\u200f\u2028\u2029\ufeff")
        acting |= {c for c in text if "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"}
        assert not acting


def test_nothing_in_an_article_can_act_on_the_terminal(hostile: Path) -> None:
    for least in ("0", "1"):
        for question in ("Who was paid in silver?", f"Who {HOSTILE} was paid in gold?"):
            ran = run("ask", question, "--data", hostile, decline_below=least)
            assert ran.code == 0, ran.err
            assert "Sources" in ran.out
            _harmless(ran)
    for command in (["search", "paid"], ["status"], ["doctor"], ["rollback"]):
        _harmless(run(*command, "--data", hostile))


def test_json_is_ascii_and_holds_the_text_as_it_is(hostile: Path) -> None:
    for least in ("0", "1"):
        ran = run(
            "ask", "Who was paid in silver?", "--data", hostile, "--json", decline_below=least
        )
        assert ran.out.isascii()
        assert "\x1b" not in ran.out
        assert "\\u001b[2J" in ran.out
        ran.object  # noqa: B018 - it is JSON
    for command in (["search", "paid"], ["status"]):
        assert run(*command, "--data", hostile, "--json").out.isascii()


@pytest.mark.parametrize("place", ["--data", "--outlet", "question"])
def test_nothing_in_an_argument_can_act_on_the_terminal(data: Path, place: str) -> None:
    arguments = ["ask", "Who?", "--data", str(data)]
    if place == "question":
        arguments[1] = "\udcff" + HOSTILE
    else:
        arguments += [place, "no\x1b[31m \udcff\u202e"]
    _harmless(run(*arguments))


def test_errors_pass_through_the_same_sieve(tmp_path: Path) -> None:
    _harmless(run("status", "--data", tmp_path / "\x1b[31m\u202e"))
    _harmless(run("eval", tmp_path / "\x1b[31m"))
    _harmless(run("\x1b[31m"))


def test_the_exit_codes_are_those_of_the_documentation() -> None:
    assert (cli.FAILED, cli.INCOMPLETE, cli.INTERRUPTED) == (1, 3, 130)
