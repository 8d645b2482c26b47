"""The command line contract: commands, options, and every key of every JSON object."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS, footnote
from bot.commands.shared import Day
from index.generations import DataFolder
from tests.commandline import EXAMPLES, Ran, examples_index, process, run, walk
from tests.conftest import Desk
from tests.readers.samples import pdf

OPTIONS = {
    "rebuild": {"SOURCES", "--data", "--json", "--strict"},
    "update": {"SOURCES", "--data", "--json", "--strict", "--dry-run"},
    "rollback": {"--data", "--json"},
    "status": {"--data", "--json"},
    "ask": {
        "QUESTION",
        "--data",
        "--json",
        "--since",
        "--until",
        "--outlet",
        "--batch",
        "--output",
    },
    "search": {
        "QUESTION",
        "-k",
        "--data",
        "--json",
        "--since",
        "--until",
        "--outlet",
        "--batch",
        "--output",
    },
    "eval": {"FOLDER", "--json", "--sample", "--seed"},
    "doctor": {"--data", "--json"},
    "completion": {"SHELL"},
}
ANSWER = {
    "question",
    "status",
    "reason",
    "mode",
    "claims",
    "withheld",
    "nearest",
    "generation",
    "model",
    "timings_ms",
}
CLAIM = {"text", "verdict", "citations"}
CITATION = {
    "number",
    "article_id",
    "title",
    "outlet",
    "published",
    "url",
    "content_hash",
    "start",
    "end",
    "exact",
    "prefix",
    "suffix",
    "link",
}
SUMMARY = {
    "generation",
    "dry_run",
    "articles",
    "sentences",
    "passages",
    "added",
    "changed",
    "removed",
    "unchanged",
    "kept",
    "duplicates",
    "near_duplicates",
    "passages_reused",
    "passages_embedded",
    "skipped",
    "notices",
    "seconds",
    "peak_memory_bytes",
    "seconds_by_part",
}
STATUS = {
    "generation",
    "made_at",
    "embedder",
    "articles",
    "origins",
    "sentences",
    "passages",
    "outlets",
    "first_day",
    "last_day",
    "sources",
    "generations",
}


@pytest.fixture
def data() -> Path:
    return examples_index("hash")


def answered(*arguments: object) -> dict[str, object]:
    """Return what ``ask --json`` prints when nothing is declined."""
    found = run("ask", *arguments, "--json", decline_below="0").object
    assert found["status"] == "answered"
    return found


def declined(*arguments: object) -> dict[str, object]:
    """Return what ``ask --json`` prints when everything is declined."""
    found = run("ask", *arguments, "--json", decline_below="1").object
    assert found["status"] == "declined"
    return found


def citations(value: object) -> list[dict[str, object]]:
    return [each for each in walk(value) if "exact" in each]


# ---------------------------------------------------------------------- commands, options


def test_the_group_holds_exactly_the_documented_commands() -> None:
    """`serve` and `review` join them with the rooms they belong to."""
    assert set(OPTIONS) <= set(COMMANDS)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_command_takes_exactly_the_documented_options(name: str) -> None:
    command = footnote.get_command(click.Context(footnote), name)
    assert command is not None
    assert command.name == name
    named = {
        parameter.opts[0] if isinstance(parameter, click.Option) else parameter.name.upper()
        for parameter in command.params
        if parameter.name is not None
    }
    assert named == OPTIONS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    command = footnote.get_command(click.Context(footnote), name)
    assert command is not None
    assert command.help
    assert command.help.splitlines()[0].strip().endswith((".", ":"))
    if isinstance(command, click.Group):
        return
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.endswith((".", ").")), parameter.help


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_fits_a_terminal(name: str) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: footnote {name} ")
    assert max(map(len, ran.out.splitlines())) <= 100
    assert run(name, "-h").out == ran.out


def test_help_of_the_group_lists_every_command_with_what_it_does_and_the_exit_codes() -> None:
    ran = run("--help")
    assert ran.code == 0
    for name, (_, about) in COMMANDS.items():
        assert f"  {name} " in ran.out
        assert about in " ".join(ran.out.split())
    for code in ("0 done", "1 failed", "2 wrong usage", "3 finished", "130 interrupted"):
        assert code in " ".join(ran.out.split())


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert run("--version").out == f"footnote {version('footnote')}\n"


def test_a_day_is_a_day() -> None:
    assert str(Day().convert("2016-08-01", None, None)) == "2016-08-01"
    with pytest.raises(click.BadParameter, match="is not a day; write it as 2016-08-01"):
        Day().convert("yesterday", None, None)


# ------------------------------------------------------------------------------- ask --json


def test_an_answer_has_exactly_the_documented_keys(data: Path) -> None:
    found = answered("How much will the tidal barrier cost?", "--data", data)
    assert set(found) == ANSWER
    assert found["question"] == "How much will the tidal barrier cost?"
    assert (found["mode"], found["withheld"], found["nearest"]) == ("extractive", [], [])
    claims = found["claims"]
    assert isinstance(claims, list)
    assert 1 <= len(claims) <= 3
    for number, claim in enumerate(claims, start=1):
        assert set(claim) == CLAIM
        assert claim["verdict"] == "supported"
        (citation,) = claim["citations"]
        assert set(citation) == CITATION
        assert citation["number"] == number
        assert claim["text"] == citation["exact"]
    assert found["generation"] == DataFolder(data).current_name()
    timings = found["timings_ms"]
    assert isinstance(timings, dict)
    assert all(isinstance(value, float) for value in timings.values())


def test_a_declined_answer_has_the_same_keys_a_reason_and_the_nearest(data: Path) -> None:
    found = declined("How much will the tidal barrier cost?", "--data", data)
    assert set(found) == ANSWER
    assert found["claims"] == []
    assert isinstance(found["reason"], str)
    nearest = found["nearest"]
    assert isinstance(nearest, list)
    assert 1 <= len(nearest) <= 3
    assert [set(each) for each in nearest] == [CITATION] * len(nearest)


def test_only_a_citation_of_a_pdf_has_a_page(desk: Desk) -> None:
    desk.write("report.pdf", pdf([["The first page talks of rain."], ["Wine was sold in Osk."]]))
    desk.write("story.txt", "A boat was sold in Osk.\n")
    data = desk.folder / "cli"
    assert run("rebuild", desk.sources, "--data", data).code == 0
    pages = {
        citation["article_id"]: citation.get("page")
        for asked in ("Where was wine sold?", "Where was a boat sold?")
        for citation in citations(answered(asked, "--data", data))
    }
    assert pages == {"report.pdf": 2, "story.txt": None}
    keys = {frozenset(each) for each in citations(answered("wine", "--data", data))}
    assert keys <= {frozenset(CITATION), frozenset(CITATION | {"page"})}
    shown = run("ask", "Where was wine sold?", "--data", data, decline_below="0").out
    assert "page 2" in shown


def test_the_link_of_a_citation_leads_to_the_sentence(data: Path) -> None:
    found = answered("What did the phishing message say?", "--data", data)
    linked = [each for each in citations(found) if each["url"]]
    assert linked
    for each in linked:
        assert str(each["link"]).startswith(f"{each['url']}#:~:text=")
    assert all(each["link"] is None for each in citations(found) if not each["url"])


# ------------------------------------------------------------------ search, status and so on


def test_search_prints_passages_and_sentences_best_first(data: Path) -> None:
    found = run("search", "tidal barrier", "-k", 4, "--data", data, "--json").object
    assert set(found) == {"passages", "sentences"}
    for name, text in (("passages", "text"), ("sentences", "exact")):
        hits = found[name]
        assert isinstance(hits, list)
        assert 1 <= len(hits) <= 4
        assert all(set(hit) == {"article_id", "start", "end", "score", text} for hit in hits)
        scores = [hit["score"] for hit in hits]
        assert scores == sorted(scores, reverse=True)
    assert len(found["sentences"]) == 4  # type: ignore[arg-type]


def test_search_on_a_terminal_shows_score_sentence_and_source(data: Path) -> None:
    out = run("search", "How much will the barrier cost?", "--data", data).out
    assert "The barrier will cost €46.8 million" in out
    assert "Port Maren council votes 9–6 for tidal barrier" in out
    assert len(out.splitlines()) == 20


def test_rebuild_and_update_print_the_same_keys(desk: Desk) -> None:
    desk.write("a.txt", "Rain fell in Osk.\n")
    desk.write("b.bin", b"\x00\x01\x02\xff" * 50)
    desk.write("c.jsonl", "no json\n")
    data = desk.folder / "cli"
    built = run("rebuild", desk.sources, "--data", data, "--json").object
    assert set(built) == SUMMARY
    assert (built["articles"], built["added"], built["dry_run"]) == (1, 1, False)
    skipped = built["skipped"]
    assert isinstance(skipped, list)
    assert skipped
    assert all(set(each) == {"origin", "line", "reason"} for each in skipped)
    assert 1 in [each["line"] for each in skipped]
    desk.write("d.txt", "Snow fell in Osk.\n".encode("cp1252") + b"\x93Caf\xe9\x94 is the word.\n")
    planned = run("update", desk.sources, "--data", data, "--dry-run", "--json").object
    assert set(planned) == SUMMARY
    assert (planned["added"], planned["dry_run"], planned["generation"]) == (1, True, "g000001")
    updated = run("update", desk.sources, "--data", data, "--json").object
    assert set(updated) == SUMMARY
    assert (updated["added"], updated["unchanged"]) == (1, 1)
    assert updated["generation"] == "g000002"
    notices = updated["notices"]
    assert isinstance(notices, list)
    assert notices
    assert all(set(each) == {"origin", "text"} for each in notices)
    back = run("rollback", "--data", data, "--json").object
    assert back == {"generation": "g000001", "articles": 1}


def test_status_prints_the_documented_keys(data: Path) -> None:
    found = run("status", "--data", data, "--json").object
    assert set(found) == STATUS
    assert (found["articles"], found["embedder"]) == (16, "hash:crc32/384")
    assert set(found["outlets"]) == {"Northgate Wire", "The Harbour Post", "Varrin Courier"}  # type: ignore[call-overload]
    assert (found["first_day"], found["last_day"]) == ("2026-08-19", "2026-10-14")
    (kept,) = found["generations"]  # type: ignore[misc]
    assert set(kept) == {"name", "made_at", "articles", "current"}
    assert kept["current"] is True


def test_status_on_a_terminal_names_what_is_kept(desk: Desk) -> None:
    data = desk.folder / "cli"
    for text in ("Rain fell.\n", "Snow fell.\n"):
        desk.write("a.txt", text)
        run("rebuild", desk.sources, "--data", data)
    out = run("status", "--data", data).out
    assert out.startswith(f"Data folder   {data}\n")
    assert "Generation    g000002, made " in out
    assert "Kept          g000001, made " in out
    assert "(`footnote rollback` returns to it)" in out
    assert run("rollback", "--data", data).out.startswith("Back to generation g000001 of ")


def test_doctor_prints_the_documented_keys(data: Path) -> None:
    found = run("doctor", "--data", data, "--json").object
    assert set(found) == {"checks"}
    checks = found["checks"]
    assert isinstance(checks, list)
    assert all(set(each) == {"subject", "state", "text", "remedy"} for each in checks)
    assert {each["state"] for each in checks} <= {"ok", "note", "bad"}


def test_eval_prints_the_documented_keys() -> None:
    found = run("eval", EXAMPLES / "eval", "--json", "--sample", 6).object
    assert set(found) == {"cases", "measures", "by_type"}
    assert found["cases"] == 6
    overall = found["measures"]
    assert isinstance(overall, dict)
    assert {"recall@1", "recall@5", "recall@10", "mrr@10", "citation_recall"} <= set(overall)
    for measure in overall.values():
        assert set(measure) == {"value", "low", "high", "cases"}


# -------------------------------------------------------------------- article_id and spans


def test_the_id_of_a_file_below_a_folder_is_its_path_and_of_a_line_its_own(desk: Desk) -> None:
    desk.write("deep/er/story.txt", "Alpha happened in Osk.\n")
    desk.write_lines("lines.jsonl", {"id": "wire-7", "text": "Beta happened in Osk.\n"})
    data = desk.folder / "cli"
    run("rebuild", desk.sources, "--data", data)
    found = run("search", "happened", "--data", data, "--json").object
    ids = {str(each["article_id"]) for each in walk(found) if "exact" in each}
    assert ids == {"deep/er/story.txt", "wire-7"}


TEXTS = {
    "plain.txt": b"Lead of plain.\n\nThe mayor of Plain spoke.\n",
    "bom.txt": b"\xef\xbb\xbf" + "Lead of bom.\n\nThe mayor of Bom spoke “loudly”.\n".encode(),
    "crlf.txt": b"Lead of crlf.\r\n\r\nThe mayor of Crlf spoke.\r\nTwice.\r\n",
    "cr.txt": b"Lead of cr.\r\rThe mayor of Cr spoke.\r",
    "astral.txt": "🎉🎉 Lead.\n\nThe mayor of Astral 𝔸 spoke\u00a0to İİİ.\n".encode(),
    "combining.txt": "Lead e\u0301.\n\nThe mayor of Combining e\u0301 spoke.\n".encode(),
}


def test_every_span_is_where_it_stands_in_the_file_itself(desk: Desk) -> None:
    for name, content in TEXTS.items():
        desk.write(name, content)
    data = desk.folder / "cli"
    run("rebuild", desk.sources, "--data", data)
    found = run("search", "The mayor spoke", "-k", 50, "--data", data, "--json").object
    answers = [answered(f"mayor of {n.split('.')[0]}", "--data", data) for n in TEXTS]
    seen = set()
    for each in (each for value in (found, *answers) for each in walk(value) if "start" in each):
        name, quote = str(each["article_id"]), each.get("exact", each.get("text"))
        start, end = each["start"], each["end"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        decoded = (desk.sources / name).read_bytes().decode("utf-8")
        assert decoded[start:end] == quote
        seen.add(name)
    assert seen == set(TEXTS)


# ----------------------------------------------------------- the data folder and filters


def test_the_data_folder_is_set_by_option_or_variable_and_the_option_wins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    story = desk.write("a.txt", "Rain fell.\n")
    run("rebuild", story, data_dir=str(desk.folder / "variable"))
    assert (desk.folder / "variable" / "CURRENT").exists()
    run("rebuild", story, "--data", desk.folder / "option", data_dir="variable")
    assert (desk.folder / "option" / "CURRENT").exists()
    assert run("rebuild", story).code == 0
    assert (desk.folder / ".footnote" / "CURRENT").exists()
    assert run("status", data_dir="variable").code == 0


def _ids(ran: Ran) -> set[str]:
    return {str(each["article_id"]) for each in walk(ran.object) if "exact" in each}


def test_filters_hold_for_every_sentence(data: Path) -> None:
    def found(*options: str) -> set[str]:
        return _ids(run("search", "the ferry", "-k", 500, "--data", data, "--json", *options))

    def day(article_id: str) -> str:
        """Every example has its day in its id."""
        return "".join(re.findall(r"\d+", article_id))[:8]

    everything = found()
    since = found("--since", "2026-09-10")
    assert since == {each for each in everything if day(each) >= "20260910"}
    until = found("--until", "2026-09-10")
    assert until == {each for each in everything if day(each) <= "20260910"}
    assert since | until == everything
    assert found("--since", "2026-09-10", "--until", "2026-09-10") == since & until != set()
    wire = found("--outlet", "NORTHGATE wire")
    assert wire == {each for each in everything if each.startswith("nw-")} != set()
    assert found("--outlet", "No Such Paper") == set()


def test_the_reason_says_that_the_filters_leave_the_answer_out(data: Path) -> None:
    asked = ("How much will the Port Maren tidal barrier cost?", "--data", data, "--json")
    inside = run("ask", *asked, "--outlet", "No Such Paper", decline_below="0.01").object
    assert (inside["status"], inside["nearest"]) == ("declined", [])
    assert "within the dates or the outlet" in str(inside["reason"])


def test_a_declined_answer_is_an_answer_and_exits_with_0(data: Path) -> None:
    ran = run("ask", "What is the capital of France?", "--data", data, decline_below="1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("I can't answer that from the articles: ")
    assert "The nearest sentences:" in ran.out


# -------------------------------------------------------------- the installed command itself


def test_the_installed_command_does_the_same(data: Path) -> None:
    asked = ("ask", "How much will the barrier cost?", "--data", data, "--json")
    ran = process(*asked)
    assert (ran.returncode, ran.stderr) == (0, b"")
    here, there = run(*asked).object, json.loads(ran.stdout)
    assert {**here, "timings_ms": 0} == {**there, "timings_ms": 0}
