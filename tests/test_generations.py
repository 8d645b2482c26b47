import json
import multiprocessing
from dataclasses import replace

import pytest

from index.errors import DamagedGeneration, IndexFault, NothingIndexed, WriterBusy
from index.generations import DataFolder
from index.generations.manifest import Manifest

MANIFEST = Manifest(
    "", "hash", 4, True, 1, 1, 1, 1, 1, "2026-11-22T12:00:00+00:00", 0.1, ("a",), None
)


def make(data, *, clone=None):
    """Make a generation of empty parts and switch to it."""
    previous = data.current_or_none()
    building = data.start(clone=clone)
    if clone is None:
        building.catalog.write_text("catalog")
        building.lexical.mkdir()
        building.chroma.mkdir()
        building.passage_vectors.write_bytes(b"1234")
    name = building.folder.name.removesuffix(".building")
    before = None if previous is None else previous.manifest.name
    return data.finish(building, replace(MANIFEST, name=name, previous=before))


@pytest.fixture
def data(tmp_path):
    folder = DataFolder(tmp_path / "data")
    with folder.writer("test"):
        pass
    return folder


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(NothingIndexed) as error:
        DataFolder(tmp_path).current()
    assert "footnote rebuild" in error.value.remedy


def test_a_finished_generation_becomes_current(data):
    assert make(data).manifest.name == data.current().manifest.name == "g000001"


def test_a_generation_that_is_being_built_is_not_seen(data):
    make(data)
    data.start()
    assert data.current().manifest.name == "g000001"
    assert data.finished() == ["g000001"]


def test_the_last_two_generations_are_kept(data):
    for _ in range(4):
        make(data)
    deleted = data.prune()
    assert (data.finished(), deleted) == (["g000003", "g000004"], ["g000001", "g000002"])


def test_a_generation_in_use_is_not_deleted(data):
    first = make(data)
    with data.lease(first):
        make(data)
        make(data)
        data.prune()
        assert "g000001" in data.finished()
    data.prune()
    assert "g000001" not in data.finished()


def test_rollback_returns_to_the_previous_generation(data):
    make(data)
    make(data)
    assert data.rollback().manifest.name == "g000001"
    assert data.current().manifest.name == "g000001"


def test_rollback_without_an_earlier_generation_is_refused(data):
    make(data)
    with pytest.raises(IndexFault, match="no generation before g000001"):
        data.rollback()


def test_after_a_rollback_the_next_generation_has_a_new_name(data):
    make(data)
    make(data)
    data.rollback()
    third = make(data)
    assert (third.manifest.name, third.manifest.previous) == ("g000003", "g000001")


def test_rollback_helps_when_the_current_generation_is_damaged(data):
    make(data)
    second = make(data)
    (second.folder / "manifest.json").write_text("{")
    with pytest.raises(DamagedGeneration, match="manifest"):
        data.current()
    assert data.rollback().manifest.name == "g000001"


@pytest.mark.parametrize("part", ["catalog.sqlite", "manifest.json", "lexical", "chroma"])
def test_a_missing_part_is_damage_that_names_the_way_out(data, part):
    path = make(data).folder / part
    path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(DamagedGeneration) as error:
        data.current()
    assert "footnote rollback" in error.value.remedy


@pytest.mark.parametrize("name", ["../../etc", "g1", "", "g000001/x"])
def test_a_pointer_to_something_else_is_damage(data, name):
    make(data)
    (data.path / "CURRENT").write_text(name)
    with pytest.raises(DamagedGeneration):
        data.current()


def test_a_generation_of_another_format_is_refused(data):
    manifest = make(data).folder / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 99}))
    with pytest.raises(IndexFault, match="format 99"):
        data.current()


def test_the_second_writer_is_told_who_holds_the_lock(data):
    with data.writer("rebuild"), pytest.raises(WriterBusy) as error, data.writer("update"):
        pass
    assert "`footnote rebuild` (process " in str(error.value)


def _hold_and_die(path, ready):
    with DataFolder(path).writer("rebuild"):
        ready.set()
        multiprocessing.Event().wait(30)


def test_the_lock_of_a_killed_writer_is_free(data):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold_and_die, args=(data.path, ready))
    holder.start()
    assert ready.wait(30)
    with pytest.raises(WriterBusy), data.writer("update"):
        pass
    holder.kill()
    holder.join()
    with data.writer("update"):
        pass


def test_a_clone_shares_growing_files_and_copies_the_rest(data):
    first = make(data)
    second = make(data, clone=first)
    assert second.passage_vectors.stat().st_ino == first.passage_vectors.stat().st_ino
    assert second.catalog.stat().st_ino != first.catalog.stat().st_ino
    assert second.manifest.name == "g000002"


def test_only_the_newest_leftovers_are_kept(data):
    for _ in range(4):
        data.start()
    data.trim_leftovers()
    assert [p.name for p in data.leftovers()] == ["g000004.building", "g000003.building"]
