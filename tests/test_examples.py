"""The examples: their cases are up to date, and Footnote does well on them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.commandline import EXAMPLES, examples_index, run
from tests.conftest import ROOT


def test_the_cases_are_those_that_the_script_makes() -> None:
    script = EXAMPLES / "eval" / "make_cases.py"
    ran = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, b"")


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, float]]:
    found = run("eval", EXAMPLES / "eval", "--json", embedder="local").object
    assert found["cases"] == 40
    overall = found["measures"]
    assert isinstance(overall, dict)
    return overall


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("recall@1", 0.5),
        ("recall@5", 0.85),
        ("recall@10", 0.9),
        ("mrr@10", 0.65),
        ("citation_precision", 0.5),
        ("answer_in_citations", 0.6),
    ],
)
def test_search_and_answers_are_good(
    measured: dict[str, dict[str, float]], name: str, least: float
) -> None:
    found = measured[name]
    assert found["value"] >= least, measured
    assert found["low"] <= found["value"] <= found["high"]


def test_the_table_has_a_part_for_each_type() -> None:
    ran = run("eval", EXAMPLES / "eval", "--sample", 20, "--seed", 3)
    assert ran.code == 0
    heads = [line for line in ran.out.splitlines() if not line.startswith(" ")]
    assert heads[0] == "all (20 cases)"
    assert {head.split(" (")[0] for head in heads[1:]} <= {
        "fact", "number", "date", "who", "quote", "disagreement", "correction", "unknown"
    }  # fmt: skip
    assert run("eval", EXAMPLES / "eval", "--sample", 20, "--seed", 3).out == ran.out


def ask(question: str) -> dict[str, object]:
    data = examples_index("local")
    return run("ask", question, "--data", data, "--json", embedder="local").object


def quotes(found: dict[str, object]) -> list[dict[str, str]]:
    claims = found["claims"]
    assert isinstance(claims, list)
    return [citation for claim in claims for citation in claim["citations"]]


def test_the_plain_question_of_the_demo_is_answered() -> None:
    found = ask("How much will the Port Maren tidal barrier cost?")
    assert found["status"] == "answered"
    assert "The barrier will cost €46.8 million" in " ".join(q["exact"] for q in quotes(found))


def test_reports_that_disagree_are_shown_side_by_side() -> None:
    found = ask("Who ordered the closing of the Osk channel after the grounding?")
    assert found["status"] == "answered"
    assert "disagree" in str(found["reason"])
    assert len({quote["article_id"] for quote in quotes(found)}) >= 2


def test_what_the_articles_do_not_say_is_declined() -> None:
    found = ask("How much has Skerran Lines paid in fines for the grounding?")
    assert found["status"] == "declined"
    assert found["nearest"]


def test_the_readme_of_the_examples_lists_every_article() -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")
    for path in (EXAMPLES / "articles").rglob("*.*"):
        assert path.relative_to(EXAMPLES / "articles").as_posix() in told or path.suffix == ".jsonl"
    assert (ROOT / "examples" / "articles" / "northgate-wire.jsonl").is_file()
