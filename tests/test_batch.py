"""Batches: order, streaming, resuming after a kill, and lines that are no questions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.batch import BatchQuestion, BatchResult, parse_question, run_batch
from bot.errors import BadInput
from bot.wire import Json
from index.articles import Filters
from index.building.progress import Silent
from tests.commandline import FOOTNOTE, environment, examples_index, run

QUESTIONS = [{"id": n, "question": f"Question {n}?"} for n in range(12)]


def write(path: Path, *lines: object) -> Path:
    """Write lines: bytes as they are, everything else as JSON."""
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"".join(line + b"\n" for line in written))
    return path


def read(path: Path) -> list[dict[str, object]]:
    """Return the lines of an output; every one must be whole."""
    text = path.read_bytes().decode("ascii")
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def echo(asked: BatchQuestion) -> Json:
    return {"question": asked.question, "answer": asked.question.upper()}


class CutOffError(Exception):
    """The moment at which a run is killed."""


def cut_after(count: int) -> Callable[[BatchQuestion], Json]:
    """Return a way of answering that dies at the question after ``count``."""
    left = [count]

    def answer(asked: BatchQuestion) -> Json:
        if not left[0]:
            raise CutOffError
        left[0] -= 1
        return echo(asked)

    return answer


def batch(
    source: Path,
    target: Path,
    answer: Callable[[BatchQuestion], Json] = echo,
    stamp: str = "index 1",
) -> BatchResult:
    return run_batch(source, target, answer, stamp=stamp, progress=Silent())


def refuse(asked: BatchQuestion) -> Json:
    raise AssertionError(asked)


# ------------------------------------------------------------ order and streaming


def test_there_is_one_line_for_each_line_in_the_same_order(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    assert batch(source, target) == BatchResult(12, 0, 0)
    assert read(target) == [{**each, "answer": each["question"].upper()} for each in QUESTIONS]
    assert not (tmp_path / "out.jsonl.part").exists()


def test_a_line_is_in_the_output_while_the_next_is_worked_on(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    seen: list[int] = []

    def look(asked: BatchQuestion) -> Json:
        seen.append(len(read(target)))
        return echo(asked)

    batch(source, target, look)
    assert seen == list(range(12))


def test_ids_come_back_as_they_are(tmp_path: Path) -> None:
    ids: list[object] = ["a", 7, 1.5, None, True, [1, {"x": "é"}], {"k": None}, "\ud800", ""]
    source = write(tmp_path / "in.jsonl", *({"id": each, "question": "Who?"} for each in ids))
    batch(source, tmp_path / "out.jsonl")
    assert [line["id"] for line in read(tmp_path / "out.jsonl")] == ids


def test_blank_lines_and_other_line_ends_are_no_questions(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b'\xef\xbb\xbf{"question": "A?"}\r\n\n   \n{"question": "B?"}')
    assert batch(source, tmp_path / "out.jsonl").written == 2
    assert [line["question"] for line in read(tmp_path / "out.jsonl")] == ["A?", "B?"]


def test_an_empty_batch_makes_an_empty_output(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl")
    assert batch(source, tmp_path / "out.jsonl") == BatchResult(0, 0, 0)
    assert (tmp_path / "out.jsonl").read_bytes() == b""


# -------------------------------------------------------------------------- resuming


@pytest.mark.parametrize("done", [0, 1, 7, 11])
def test_a_batch_that_was_cut_off_goes_on_where_it_was(tmp_path: Path, done: int) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    with pytest.raises(CutOffError):
        batch(source, target, cut_after(done))
    assert len(read(target)) == done
    assert batch(source, target) == BatchResult(12 - done, done, 0)
    assert [line["id"] for line in read(target)] == list(range(12))


def test_a_torn_last_line_is_cut_off_and_answered_again(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    with pytest.raises(CutOffError):
        batch(source, target, cut_after(5))
    whole = target.read_bytes()
    for torn in (b"{", b'{"id": 5, "question": "Question 5?", "answer": "QUE'):
        target.write_bytes(whole + torn)
        with pytest.raises(CutOffError):
            batch(source, target, cut_after(0))
        assert target.read_bytes() == whole
    batch(source, target)
    assert [line["id"] for line in read(target)] == list(range(12))


def test_output_that_was_altered_is_not_gone_on_with(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    with pytest.raises(CutOffError):
        batch(source, target, cut_after(5))
    target.write_bytes(b"\0" * 40 + b"\n" + target.read_bytes())
    assert batch(source, target) == BatchResult(12, 0, 0)
    assert [line["id"] for line in read(target)] == list(range(12))


def test_another_input_starts_anew(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    with pytest.raises(CutOffError):
        batch(source, target, cut_after(5))
    write(source, *QUESTIONS[1:])
    assert batch(source, target).resumed == 0
    assert [line["id"] for line in read(target)] == list(range(1, 12))


def test_another_index_or_other_options_start_anew(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    with pytest.raises(CutOffError):
        batch(source, target, cut_after(5))
    assert batch(source, target, stamp="index 2") == BatchResult(12, 0, 0)


def test_a_finished_output_is_made_anew(tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    batch(source, target)
    assert batch(source, target, lambda asked: {"answer": "new"}) == BatchResult(12, 0, 0)
    assert {line["answer"] for line in read(target)} == {"new"}


def test_the_output_of_another_batch_is_emptied_before_the_first_answer(tmp_path: Path) -> None:
    """Or a kill there would leave its lines to be taken for this batch's own."""
    first, target = write(tmp_path / "a.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    batch(first, target)
    second = write(tmp_path / "b.jsonl", *({"id": "b", "question": "B?"} for _ in range(12)))
    with pytest.raises(CutOffError):
        batch(second, target, cut_after(0))
    assert read(target) == []
    assert batch(second, target).resumed == 0


def test_a_kill_between_emptying_the_output_and_the_note_leaves_no_mix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, target = write(tmp_path / "a.jsonl", *QUESTIONS), tmp_path / "out.jsonl"
    batch(first, target)
    second = write(tmp_path / "b.jsonl", *({"id": "b", "question": "B?"} for _ in range(12)))
    real = Path.write_text

    def killed(*arguments: object, **options: object) -> int:
        raise CutOffError

    for write_note in (killed, real):
        monkeypatch.setattr(Path, "write_text", write_note)
        with pytest.raises(CutOffError):
            batch(second, target, cut_after(2))
    monkeypatch.undo()
    batch(second, target)
    assert {line["id"] for line in read(target)} == {"b"}


def test_errors_before_the_kill_still_count(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", b"no json", *QUESTIONS)
    with pytest.raises(CutOffError):
        batch(source, tmp_path / "out.jsonl", cut_after(3))
    assert batch(source, tmp_path / "out.jsonl") == BatchResult(9, 4, 1)


# ------------------------------------------------------------------ lines that are wrong

WRONG = {
    "not JSON": [b"no json", b'{"question": "Who?"', b"\xff\xfe\xfd", b"[" * 100_000],
    "not an object": [b"[]", b'"Who?"', b"7", b"null", b"true"],
    "lacks a question": [
        b"{}",
        b'{"question": ""}',
        b'{"question": "  \\n"}',
        b'{"question": null}',
        b'{"question": 7}',
        b'{"question": ["Who?"]}',
    ],
    "since is not a day like 2016-08-01": [b'{"question": "Who?", "since": "soon"}'],
    "until is not a day like 2016-08-01": [
        b'{"question": "Who?", "until": true}',
        b'{"question": "Who?", "until": {"day": 1}}',
        b'{"question": "Who?", "until": "2016-02-30"}',
    ],
    "outlet is not a text": [b'{"question": "Who?", "outlet": 7}'],
    "NaN is not JSON": [b'{"question": "Who?", "score": NaN}'],
    "-Infinity is not JSON": [b'{"id": -Infinity, "question": "Who?"}'],
}


@pytest.mark.parametrize(
    ("line", "reason"), [(line, reason) for reason, lines in WRONG.items() for line in lines]
)
def test_a_line_that_is_no_question_is_named_and_the_rest_goes_on(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    source = write(tmp_path / "in.jsonl", QUESTIONS[0], b"", line, QUESTIONS[1])
    assert batch(source, tmp_path / "out.jsonl").failed == 1
    first, wrong, last = read(tmp_path / "out.jsonl")
    assert wrong == {"id": None, "error": f"in.jsonl, line 3: {reason}"}
    assert (first["id"], last["id"]) == (0, 1)


def test_an_error_line_keeps_the_id(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", {"id": "x7", "question": ""})
    batch(source, tmp_path / "out.jsonl")
    assert read(tmp_path / "out.jsonl")[0]["id"] == "x7"


@pytest.mark.parametrize("given", ["1e999", "[" * 900 + "]" * 900, "-1e999"])
def test_an_id_that_json_cannot_hold_is_left_out(tmp_path: Path, given: str) -> None:
    line = f'{{"id": {given}, "question": "Who?"}}'.encode()
    source = write(tmp_path / "in.jsonl", line, QUESTIONS[0])
    batch(source, tmp_path / "out.jsonl")
    assert [each.get("question") for each in read(tmp_path / "out.jsonl")][-1] == "Question 0?"


def test_a_number_with_too_many_digits_is_one_error_line(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", b'{"id": %s, "question": "Who?"}' % (b"9" * 10_000))
    assert batch(source, tmp_path / "out.jsonl").failed == 1


def test_a_question_that_cannot_be_asked_is_one_error_line(tmp_path: Path) -> None:
    def picky(asked: BatchQuestion) -> Json:
        if asked.question == "Question 1?":
            raise BadInput("the question", "is too long")
        return echo(asked)

    source = write(tmp_path / "in.jsonl", *QUESTIONS[:3])
    assert batch(source, tmp_path / "out.jsonl", picky).failed == 1
    assert read(tmp_path / "out.jsonl")[1] == {
        "id": 1,
        "error": "in.jsonl, line 2: the question: is too long",
    }


def test_a_fault_while_answering_is_not_hidden_in_a_line(tmp_path: Path) -> None:
    def broken(asked: BatchQuestion) -> Json:
        raise ValueError("a defect")

    source = write(tmp_path / "in.jsonl", *QUESTIONS)
    with pytest.raises(ValueError, match="a defect"):
        batch(source, tmp_path / "out.jsonl", broken)


def test_filters_of_a_line_are_read() -> None:
    asked = parse_question(
        {"question": "Who?", "since": "2016-08-01", "until": "2016-08-02", "outlet": "X\ud800"}
    )
    assert asked.filters == Filters(date(2016, 8, 1), date(2016, 8, 2), "X?")
    assert not parse_question({"question": "Who?", "since": None, "outlet": None}).filters


# ----------------------------------------------------------------- files that are wrong


def test_the_input_is_never_written_over(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *QUESTIONS)
    before = source.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(source)
    (tmp_path / "hard.jsonl").hardlink_to(source)
    (tmp_path / "out.jsonl.part").symlink_to(source)
    for target in ("in.jsonl", "link.jsonl", "hard.jsonl", "out.jsonl"):
        with pytest.raises(BadInput, match="is the file that the questions are read from"):
            batch(source, tmp_path / target, refuse)
    assert source.read_bytes() == before


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *QUESTIONS)
    with pytest.raises(BadInput, match=r"absent\.jsonl: cannot be read \(No such file"):
        batch(tmp_path / "absent.jsonl", tmp_path / "out.jsonl", refuse)
    with pytest.raises(BadInput, match=r"out\.jsonl: cannot be written \(No such file"):
        batch(source, tmp_path / "absent" / "out.jsonl", refuse)
    with pytest.raises(BadInput, match=r"cannot be written \(Not a directory"):
        batch(source, source / "out.jsonl", refuse)


def test_a_full_disk_is_named_and_the_lines_before_it_stay(tmp_path: Path) -> None:
    """/dev/full takes no byte; there is one on Linux only."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    source = write(tmp_path / "in.jsonl", *QUESTIONS)
    (tmp_path / "out.jsonl").symlink_to("/dev/full")
    with pytest.raises(BadInput, match="cannot be written \\(No space left"):
        batch(source, tmp_path / "out.jsonl")


# ------------------------------------------------------------------ on the command line


@pytest.fixture
def data() -> Path:
    return examples_index("hash")


ASKED = [
    {"id": "cost", "question": "How much will the Port Maren tidal barrier cost?"},
    {"id": "since", "question": "Who closed the Osk channel?", "since": "2026-09-04"},
    {"id": "outlet", "question": "Who closed the Osk channel?", "outlet": "varrin courier"},
    {"id": "none", "question": "What is the capital of France?", "until": "2026-08-20"},
    {"id": "dirty", "question": " Who\n\u202eclosed \x1b[31mit? \ud800"},
]


def without_timings(found: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in found.items() if key not in ("timings_ms", "id")}


def test_a_batch_gives_what_single_questions_give(data: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *ASKED)
    ran = run("ask", "--data", data, "--batch", source, "--output", tmp_path / "out.jsonl")
    assert (ran.code, ran.out) == (0, "")
    for each, found in zip(ASKED, read(tmp_path / "out.jsonl"), strict=True):
        options = [f"--{key}={each[key]}" for key in ("since", "until", "outlet") if key in each]
        single = run("ask", each["question"], "--data", data, "--json", *options).object
        assert found["id"] == each["id"]
        assert without_timings(found) == without_timings(single)


def test_a_search_batch_gives_what_single_searches_give(data: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", ASKED[0])
    target = tmp_path / "out.jsonl"
    ran = run("search", "-k", 3, "--data", data, "--batch", source, "--output", target)
    assert ran.code == 0
    (found,) = read(target)
    single = run("search", ASKED[0]["question"], "-k", 3, "--data", data, "--json").object
    assert found == {**ASKED[0], **single}


def test_filters_of_the_command_line_hold_where_a_line_has_none(data: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", {"question": "ferry"}, {**ASKED[2], "question": "ferry"})
    target = tmp_path / "out.jsonl"
    options = ("--outlet", "Northgate Wire", "--batch", source, "--output", target)
    assert run("search", "--data", data, *options).code == 0
    first, second = ({s["article_id"] for s in line["sentences"]} for line in read(target))
    assert first
    assert all(each.startswith("nw-") for each in first)
    assert second
    assert all(each.startswith("varrin-courier/") for each in second)


@pytest.mark.parametrize("command", ["ask", "search"])
def test_bad_lines_give_error_lines_and_exit_code_3(
    data: Path, tmp_path: Path, command: str
) -> None:
    source = write(
        tmp_path / "in.jsonl",
        {"id": 1, "question": "Who closed the channel?"},
        b"no json",
        {"id": 3, "question": "x" * 1_000_000},
        {"id": 4, "question": "\u200b"},
        {"id": 5, "question": "\ud800 ferry"},
        {"id": 6, "question": "ferry", "outlet": "\ud800"},
        {"id": 7, "question": "ferry"},
    )
    target = tmp_path / "out.jsonl"
    ran = run(command, "--data", data, "--batch", source, "--output", target)
    assert ran.code == 3
    assert ran.err == f"7 lines written to {target}; 3 were no questions.\n"
    lines = read(target)
    assert [line["id"] for line in lines] == [1, None, 3, 4, 5, 6, 7]
    assert ["error" in line for line in lines] == [False, True, True, True, False, False, False]


def test_a_finished_batch_says_so_in_one_line_and_draws_no_bar(data: Path, tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.jsonl", ASKED[0]), tmp_path / "out.jsonl"
    ran = run("ask", "--data", data, "--batch", source, "--output", target)
    assert ran.err == f"1 lines written to {target}.\n"


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--batch", "in.jsonl"],
        ["--output", "out.jsonl"],
        ["Who?", "--batch", "in.jsonl", "--output", "out.jsonl"],
        ["  "],
    ],
)
def test_a_question_or_a_whole_batch_must_be_given(options: list[str]) -> None:
    for command in ("ask", "search"):
        ran = run(command, *options)
        assert ran.code == 2
        assert "QUESTION" in ran.err


def test_a_threshold_set_anew_makes_the_batch_anew(data: Path, tmp_path: Path) -> None:
    """What was answered under another threshold is not what this run would answer."""
    source, target = write(tmp_path / "in.jsonl", *ASKED), tmp_path / "out.jsonl"
    options = ("ask", "--data", data, "--batch", source, "--output", target)
    for least, expected in (("0", "answered"), ("1", "declined")):
        run(*options, decline_below=least)
        whole = target.read_bytes().splitlines(keepends=True)
        assert {json.loads(line)["status"] for line in whole} == {expected}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
def test_killed_in_the_middle_no_line_is_lost_or_doubled(data: Path, tmp_path: Path) -> None:
    many = [{"id": n, "question": f"What happened to ferry number {n}?"} for n in range(150)]
    source, target = write(tmp_path / "in.jsonl", *many), tmp_path / "out.jsonl"
    command = [str(FOOTNOTE), "ask", "--data", str(data), "--batch", str(source)]
    command += ["--output", str(target)]
    running = subprocess.Popen(
        command, env=environment(), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 60
    while not (target.exists() and target.stat().st_size > 20_000) and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert running.returncode == -signal.SIGKILL
    before = target.read_bytes().count(b"\n")
    assert 0 < before < len(many)

    source_now = write(tmp_path / "in.jsonl", *many)
    ran = run("ask", "--data", data, "--batch", source_now, "--output", target)
    assert ran.code == 0
    assert ran.err == (
        f"{len(many) - before:,} lines written to {target} after {before:,} from before.\n"
    )
    assert [line["id"] for line in read(target)] == list(range(len(many)))
