"""`footnote doctor`: every failure it should find, with what to do about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.settings import Settings, load_settings
from index.generations import DataFolder
from tests.commandline import examples_index, run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A healthy index that may be damaged."""
    copy = tmp_path / "data"
    shutil.copytree(examples_index("hash"), copy)
    return copy


def checks(data: Path, code: int, **variables: str) -> dict[str, tuple[str, str, str]]:
    """Return what the doctor found by subject; the worst of each."""
    ran = run("doctor", "--data", data, "--json", **variables)
    assert ran.code == code, ran
    assert ran.err == ""
    import json

    found: dict[str, tuple[str, str, str]] = {}
    for each in json.loads(ran.out)["checks"]:
        assert each["remedy"] or each["state"] == "ok"
        if found.get(each["subject"], ("ok",))[0] == "ok":
            found[each["subject"]] = (each["state"], each["text"], each["remedy"])
    return found


def settings(folder: Path, **fields: object) -> Settings:
    return load_settings(None).model_copy(update={"data_dir": folder, "embedder": "hash", **fields})


def bad(found: dict[str, tuple[str, str, str]]) -> set[str]:
    return {subject for subject, (state, _, _) in found.items() if state == "bad"}


def test_a_healthy_index_is_all_right(data: Path) -> None:
    found = checks(data, 0)
    assert set(found) == {"settings", "data folder", "tokens", "embedder", "index", "search"}
    assert not bad(found)
    assert "16 articles" in found["index"][1]


def test_what_is_shown_on_a_terminal_has_the_remedy_below(data: Path) -> None:
    ran = run("doctor", "--data", data, embedder="wishful")
    assert ran.code == 1
    lines = ran.out.splitlines()
    at = lines.index("BAD  embedder: 'wishful' is not an embedder")
    assert lines[at + 1].startswith("       Use `local`")
    assert lines[0].startswith("ok   settings: ")


def test_nothing_indexed_is_a_note_with_what_comes_next(tmp_path: Path) -> None:
    found = checks(tmp_path / "none", 0)
    assert found["index"][0] == "note"
    assert "footnote rebuild" in found["index"][2]
    assert not (tmp_path / "none").exists()


def test_a_data_folder_that_is_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        (first, *_) = [f for f in examine(settings(folder)) if f.subject == "data folder"]
        assert (first.state, first.text) == ("bad", f"{folder} cannot be written")
        assert "FOOTNOTE_DATA_DIR or --data" in first.remedy


def test_a_data_folder_that_may_not_be_written_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.access

    def refused(path: str | Path, mode: int) -> bool:
        return mode != os.W_OK and real(path, mode)

    monkeypatch.setattr(os, "access", refused)
    found = {f.subject: f for f in examine(settings(tmp_path))}
    assert found["data folder"].state == "bad"
    assert found["embedder"].state == "ok"


def test_little_space_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: total._replace(free=1 << 20))
    found = {f.subject: f for f in examine(settings(tmp_path))}
    assert found["data folder"].state == "note"
    assert "free some space" in found["data folder"].remedy


@pytest.mark.parametrize("part", ["catalog.sqlite", "manifest.json", "lexical", "chroma"])
def test_a_missing_part_of_the_index_is_found(data: Path, part: str) -> None:
    path = DataFolder(data).current().folder / part
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    found = checks(data, 1)
    assert bad(found) == {"index"}
    assert "`footnote rollback`" in found["index"][2]


@pytest.mark.parametrize("part", ["catalog.sqlite", "lexical", "passages.f32", "chroma"])
def test_damaged_bytes_are_found(data: Path, part: str) -> None:
    path = DataFolder(data).current().folder / part
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    for file in files:
        size = file.stat().st_size
        if size and file.suffix != ".lock":
            file.write_bytes(b"\xa5" * size)
    found = checks(data, 1)
    assert bad(found) & {"index", "search"}


def test_a_changed_article_is_found(data: Path) -> None:
    catalog = sqlite3.connect(DataFolder(data).current().catalog)
    catalog.execute("UPDATE articles SET text = replace(text, '46.8 million', '99.9 million')")
    catalog.commit()
    catalog.close()
    assert bad(checks(data, 1)) == {"index"}


def test_a_pointer_to_no_generation_is_found(data: Path) -> None:
    (data / "CURRENT").write_text("../../etc\n")
    assert bad(checks(data, 1)) == {"index"}
    (data / "CURRENT").write_text("g000099\n")
    assert bad(checks(data, 1)) == {"index"}


def test_an_index_of_another_embedder_is_found(data: Path) -> None:
    found = checks(data, 1, embedder="local")
    assert bad(found) == {"index"}
    assert "FOOTNOTE_EMBEDDER" in found["index"][2]


def test_an_unknown_embedder_is_found_and_the_index_still_looked_at(data: Path) -> None:
    found = checks(data, 1, embedder="wishful")
    assert bad(found) == {"embedder"}
    assert found["index"][0] == "ok"


def test_a_build_that_was_cut_off_is_a_note(data: Path) -> None:
    (data / "generations" / "g000002.building").mkdir()
    found = checks(data, 0)
    assert found["index"][:2] == ("note", "g000002.building is left from a build that was cut off")


def test_a_bad_setting_is_found_and_nothing_else_tried(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checks(data, 1, decline_below="often")
    assert set(found) == bad(found) == {"settings"}
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("FOOTNOTE_DATADIR=x\n")
    found = checks(data, 1)
    assert found["settings"][2] == "Did you mean FOOTNOTE_DATA_DIR?"


def test_a_defect_in_one_check_hides_no_other(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("bot.doctor.TokenCounter", broken)
    found = checks(data, 1)
    assert bad(found) == {"tokens"}
    assert "footnote --debug doctor" in found["tokens"][2]


def test_an_altered_file_of_the_model_is_named(monkeypatch, tmp_path):
    problem = "model.onnx is altered: its SHA-256 is 0000000000000000…"
    monkeypatch.setattr("bot.doctor.verify_model", lambda: [problem])
    found = run("doctor", "--data", tmp_path, "--json", embedder="local")
    assert found.code == 1
    assert "model.onnx is altered" in found.out
