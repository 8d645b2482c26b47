"""Each benchmark runs on a tiny collection and prints its table."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import build, peers, query, report, resample, retrieval, update
from index.articles import Article
from index.embed.hash import HashEmbedder

EXAMPLES = str(resample.EXAMPLES)
EVALUATION = resample.ROOT / "examples" / "eval"


@pytest.fixture(scope="module")
def collection() -> resample.Collection:
    return resample.Collection.read(resample.EXAMPLES)


@pytest.fixture(autouse=True)
def without_shared_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resample, "shared_data", lambda name: None)


def rows_of_tables(printed: str) -> list[list[str]]:
    """Return the cells of the Markdown tables' rows, heads and rules left out."""
    tables = re.findall(r"^\|[-|]+\|\n((?:\| .*\n?)+)", printed, re.MULTILINE)
    lines = [line for table in tables for line in table.splitlines()]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


# ------------------------------------------------------------------- the material


def test_an_article_is_the_same_each_time_and_of_the_length_of_news(
    collection: resample.Collection,
) -> None:
    first, again = (list(collection.articles(20)) for _ in range(2))
    assert first == again
    assert len({article.content_hash for article in first}) == 20
    words = [len(article.text.split()) for article in first]
    assert 350 <= np.mean(words) < 450


def test_another_version_of_an_article_only_adds_to_its_end(
    collection: resample.Collection,
) -> None:
    before, after = (collection.article(3, version=number) for number in range(2))
    assert after.text.startswith(before.text.rstrip("\n"))
    assert len(after.text) > len(before.text)
    assert (after.id, after.title, after.published) == (before.id, before.title, before.published)


def test_sentences_are_seldom_copies_though_the_material_is_small(
    collection: resample.Collection,
) -> None:
    sentences = [p for a in collection.articles(50) for p in a.text.split("\n\n")]
    assert len(set(sentences)) > 0.9 * len(sentences)


@pytest.mark.parametrize(("name", "share"), [("none", 1.0), ("50%", 0.5), ("10%", 0.1)])
def test_the_filters_let_through_the_share_that_they_name(
    collection: resample.Collection, name: str, share: float
) -> None:
    filters = resample.FILTERS[name]

    def allowed(article: Article) -> bool:
        until = filters.until
        return (filters.outlet in (None, article.outlet)) and (
            until is None or (article.published or "") <= until.isoformat()
        )

    found = np.mean([allowed(each) for each in collection.articles(400)])
    assert found == pytest.approx(share, abs=0.1)


def test_texts_without_sentences_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Short.")
    with pytest.raises(SystemExit, match="no article"):
        resample.Collection.read(tmp_path)


def test_resampled_vectors_are_unit_rows_of_the_shape_of_real_ones(
    collection: resample.Collection,
) -> None:
    made = query.ResampledEmbedder.of(HashEmbedder(), collection, 2)
    inputs = [query.EmbedInput("a b c", ((0, 1), (2, 3))), query.EmbedInput("d", ((0, 1),))]
    found = made.embed_passages(inputs)
    assert found.sentences is not None
    assert found.passages.shape == (2, made.dimension)
    assert [each.shape for each in found.sentences] == [(2, made.dimension), (1, made.dimension)]
    assert np.linalg.norm(found.passages, axis=1) == pytest.approx(1, abs=1e-5)


# -------------------------------------------------------------------- the scripts


def test_what_is_printed_does_not_name_the_machine() -> None:
    about = " ".join(report.environment().values())
    assert os.uname().nodename not in about
    assert str(Path.home()) not in about


def test_build_prints_speed_and_parts_and_keeps_the_raw_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "build.json"
    arguments = ["--articles", "3", "--embedder", "hash", "--texts", EXAMPLES, "--json", str(kept)]
    build.main([*arguments, "--folder", str(tmp_path)])
    speeds, parts = rows_of_tables(capsys.readouterr().out)
    assert speeds[0] == parts[0] == "3"
    run = json.loads(kept.read_text())["runs"][0]
    assert run["articles"] == 3
    assert run["peak_memory_bytes"] > 1e6
    assert "embed" in run["seconds_by_part"]
    assert [path.name for path in tmp_path.iterdir()] == ["build.json"]


def test_update_prints_the_build_and_both_updates(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--articles", "20", "--changed", "0.1", "--embedder", "hash", "--rounds", "1"]
    update.main([*arguments, "--texts", EXAMPLES])
    built, same, changed = rows_of_tables(capsys.readouterr().out)
    assert [row[0] for row in (built, same, changed)] == ["build", "nothing changed", "10% changed"]
    assert built[4] == same[6] == "20"
    assert same[4:6] == ["0", "0"]
    assert changed[5:7] == ["2", "18"]


def test_query_prints_every_filter_and_finds_a_kept_index_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--passages", "60", "--pool", "2", "--asked", "12", "--embedder", "hash"]
    arguments += ["--texts", EXAMPLES, "--keep", str(tmp_path / "kept")]
    query.main(arguments)
    first = capsys.readouterr().out
    rows = rows_of_tables(first)
    assert [row[1].split()[0] for row in rows] == ["none", "50%", "10%", "1%"] * 2
    assert "Making" in first
    query.main(arguments)
    assert "Making" not in capsys.readouterr().out


def test_retrieval_prints_every_ranking(capsys: pytest.CaptureFixture[str]) -> None:
    retrieval.main([str(EVALUATION), "--sample", "5", "--embedder", "hash"])
    rows = rows_of_tables(capsys.readouterr().out)
    assert [row[3] for row in rows] == [
        "BM25 of sentences",
        "sentence vectors",
        "their sum",
        "search",
        "search, exhaustive",
    ]
    assert all(0 <= float(cell) <= 1 for row in rows for cell in row[4:])


def test_peers_prints_both_systems_on_both_collections(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("langchain_chroma", reason="langchain-chroma is not installed")

    def here(module: str, *arguments: str) -> dict[str, object]:
        """Run it in this process: importing LangChain four times takes most of a minute."""
        return peers.run_one(peers.arguments().parse_args(arguments))

    monkeypatch.setattr(peers, "in_own_process", here)
    arguments = ["--cases", str(EVALUATION), "--texts", EXAMPLES, "--sample", "5"]
    peers.main([*arguments, "--rounds", "1", "--embedder", "hash"])
    rows = rows_of_tables(capsys.readouterr().out)
    assert [row[1] for row in rows] == [peers.THEIRS, peers.OURS] * 2
    assert all(row[8].endswith("%") for row in rows[2:])


def test_peers_says_plainly_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="pip install langchain-chroma"):
        peers.main([])


@pytest.mark.parametrize("name", ["build", "query", "update", "peers", "retrieval"])
def test_every_script_has_help(name: str) -> None:
    module = {"build": build, "query": query, "update": update, "peers": peers}.get(name, retrieval)
    assert "--json" in module.arguments().format_help()


def test_a_script_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.build", "--help"],
        cwd=resample.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--articles" in done.stdout
