"""Killed, out of room, damaged: what was served stays served, and the next run works."""

import errno
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chromadb.errors import InternalError

from index.catalog import Catalog
from index.errors import DamagedGeneration, DiskFull, IndexFault
from index.generations.disk import is_disk_full
from index.generations.manifest import check_contents
from index.lexical import LexicalIndex
from index.vectors import VectorStore
from tests.conftest import ROOT, Desk
from tests.dying import die_at, run, with_files_up_to
from tests.indexed import answers, assert_alive, assert_whole, served, standing, story

SPAWNED = multiprocessing.get_context("forkserver")
SPAWNED.set_forkserver_preload(["tests.dying", "chromadb"])


def prepared(folder: Path, articles: int) -> Desk:
    """Return a desk that serves one generation and whose sources have changed since."""
    desk = Desk(folder)
    for n in range(articles):
        desk.write(f"{n:02}.txt", story(n, 6))
    desk.rebuild()
    for n in range(0, articles, 2):
        desk.write(f"{n:02}.txt", story(n + 100, 6))
    desk.write("new.txt", story(90))
    (desk.sources / "01.txt").unlink()
    return desk


def copy_of(desk: Desk, folder: Path) -> Desk:
    shutil.copytree(desk.folder, folder, symlinks=True)
    return Desk(folder, new=False)


def finished(desk: Desk, doing: str):
    return desk.rebuild() if doing == "rebuild" else desk.update()


def keys(catalog_path: Path, *, writable: bool) -> set[object]:
    """Return the vector keys that a catalogue holds, none if it is not there."""
    if not catalog_path.exists():
        return set()
    catalog = Catalog(catalog_path, writable=writable)
    try:
        return {key for (key,) in catalog.rows("SELECT vector_key FROM passages")}
    except DamagedGeneration:
        return set()  # killed before its tables were made
    finally:
        catalog.close()


# --------------------------------------------------------------------- kill


class Ward:
    """Runs that are killed on copies of one prepared desk, each followed by a run that is not."""

    def __init__(self, folder: Path, doing: str, articles: int) -> None:
        self.folder, self.doing = folder, doing
        self.desk = prepared(folder / "desk", articles)
        self.before = served(self.desk)
        after = copy_of(self.desk, folder / "after")
        finished(after, doing)
        self.after, self.standing = served(after), standing(after.data.current())
        self.reused = 0

    def kill(self, name: str, target, *arguments, delay: float | None = None) -> bool:
        """Run and be killed, then check everything; return whether it was killed."""
        desk = copy_of(self.desk, self.folder / name)
        child = SPAWNED.Process(target=target, args=(desk.folder, self.doing, *arguments))
        child.start()
        if delay is not None:
            time.sleep(delay)
            child.kill()
        child.join(60)
        assert child.exitcode in (0, -signal.SIGKILL)
        self._check(desk)
        shutil.rmtree(desk.folder)
        return child.exitcode != 0

    def _check(self, desk: Desk) -> None:
        switched = desk.data.current().manifest.name != "g000001"
        assert served(desk) == (self.after if switched else self.before)
        old = keys(desk.data.current().catalog, writable=False)
        left = set()
        for folder in desk.data.leftovers():
            left |= keys(folder / "catalog.sqlite", writable=True) - old
        summary = finished(desk, self.doing)
        self.reused = max(self.reused, len(left))
        if not switched:
            assert summary.reused >= len(left)
            # After an update, removed rows still count in the scores, but the finds are the same.
            assert standing(desk.data.current()) == self.standing
            assert desk.data.leftovers() == []
        assert [f[:2] for f in served(desk)] == [f[:2] for f in self.after]
        assert_whole(desk)


@pytest.mark.parametrize("doing", ["rebuild", "update"])
def test_killed_at_some_steps_the_old_generation_serves_and_the_next_run_works(tmp_path, doing):
    ward = Ward(tmp_path, doing, 10)
    for step in (6, 25, 45):
        ward.kill(f"{step}", die_at, step)
    assert ward.reused > 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("doing", ["rebuild", "update"])
def test_killed_at_every_step_the_old_generation_serves_and_the_next_run_works(tmp_path, doing):
    ward = Ward(tmp_path, doing, 60)
    step = 1
    while ward.kill(f"{step}", die_at, step):
        step += 1
    assert step > 50
    assert ward.reused > 20
    print(f"\n{doing}: killed at each of {step - 1} steps")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("doing", ["rebuild", "update"])
def test_killed_at_any_time_the_old_generation_serves_and_the_next_run_works(tmp_path, doing):
    ward = Ward(tmp_path, doing, 60)
    killed = sum(ward.kill(f"{n}", run, delay=0.03 * n) for n in range(40))
    assert killed > 5


def test_a_first_build_that_was_killed_serves_nothing_and_the_next_works(tmp_path):
    desk = Desk(tmp_path / "desk")
    for n in range(16):
        desk.write(f"{n:02}.txt", story(n))
    child = SPAWNED.Process(target=die_at, args=(desk.folder, "rebuild", 40))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert desk.data.current_or_none() is None
    assert desk.rebuild().reused > 0
    assert desk.data.leftovers() == []
    assert_whole(desk)


def test_what_was_finished_but_not_switched_to_gives_its_vectors(desk, monkeypatch):
    for n in range(4):
        desk.write(f"{n}.txt", story(n))

    def no_switch(name):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(desk.data, "switch", no_switch)
        with pytest.raises(KeyboardInterrupt):
            desk.rebuild()
    assert desk.data.current_or_none() is None
    assert desk.rebuild().embedded == 0
    assert_whole(desk)


# ---------------------------------------------------------------- disk full


def no_space(*arguments, **named):
    raise OSError(errno.ENOSPC, "No space left on device")


def engine_full(message, kind=RuntimeError):
    def fail(*arguments, **named):
        raise kind(message)

    return fail


FULL = {
    "lock": ("index.generations.folder._describe_holder", None),
    "folder": ("index.generations.DataFolder.start", no_space),
    "catalogue": (
        "index.catalog.writing.CatalogWriter.add",
        engine_full("database or disk is full", sqlite3.OperationalError),
    ),
    "vectors": ("index.generations.rowfile.RowFile.append", no_space),
    "chroma": (
        "chromadb.Collection.add",
        engine_full(
            "error returned from database: (code: 13) database or disk is full", InternalError
        ),
    ),
    "chroma's graph": (
        "chromadb.Collection.add",
        engine_full("IO error: No space left on device (os error 28)", InternalError),
    ),
    "lexical": (
        "index.lexical.kind.Kind._writing",
        engine_full("An IO error occurred: 'No space left on device (os error 28)'", ValueError),
    ),
    "lexical commit": ("index.lexical.damage.write_stamp", None),
    "end of catalogue": (
        "index.catalog.writing.CatalogWriter.finish",
        engine_full("database or disk is full", sqlite3.OperationalError),
    ),
    "sync": ("index.generations.folder._sync", no_space),
    "manifest": ("index.generations.folder.write_manifest", no_space),
    "switch": ("index.generations.DataFolder.switch", no_space),
}


@pytest.mark.parametrize("doing", ["rebuild", "update"])
@pytest.mark.parametrize("part", [name for name, (_, fail) in FULL.items() if fail])
def test_a_full_disk_is_said_and_changes_nothing(tmp_path, monkeypatch, part, doing):
    desk = prepared(tmp_path / "desk", 4)
    before = served(desk)
    target, fail = FULL[part]
    with monkeypatch.context() as patched:
        patched.setattr(target, fail)
        with pytest.raises(DiskFull) as error:
            finished(desk, doing)
    assert "Free some space" in error.value.remedy
    assert str(desk.data.path) in str(error.value)
    assert (served(desk), desk.data.current().manifest.name) == (before, "g000001")
    assert desk.data.leftovers() == []
    assert not list(desk.data.path.glob("**/*.new"))
    finished(desk, doing)
    assert_whole(desk)


def test_a_copy_of_a_generation_that_finds_no_room_is_taken_back(tmp_path, monkeypatch):
    desk = prepared(tmp_path / "desk", 4)
    with monkeypatch.context() as patched:
        patched.setattr("shutil.copy2", no_space)
        with pytest.raises(DiskFull):
            desk.update()
    assert desk.data.leftovers() == []
    assert desk.update().added == 1


def test_a_full_disk_that_has_no_room_for_the_holders_name_is_no_reason_to_stop(
    tmp_path, monkeypatch
):
    desk = prepared(tmp_path / "desk", 4)
    monkeypatch.setattr("index.generations.folder._describe_holder", no_space)
    desk.rebuild()


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A desk of forty articles whose sources have changed since they were indexed."""
    return prepared(tmp_path_factory.mktemp("changed") / "desk", 40)


@pytest.mark.parametrize("doing", ["rebuild", "update"])
@pytest.mark.parametrize("kilobytes", [1, 60, 200])
def test_a_limit_on_files_is_said_and_changes_nothing(changed, tmp_path, doing, kilobytes):
    before, answer = served(changed), tmp_path / "answer"
    desk = copy_of(changed, tmp_path / "desk")
    limited = (desk.folder, doing, kilobytes * 1024, answer)
    child = SPAWNED.Process(target=with_files_up_to, args=limited)
    child.start()
    child.join(60)
    kind, message, remedy = answer.read_text().split("\n", 2)
    assert kind in ("DiskFull", "IndexFault"), message
    assert remedy
    assert served(desk) == before
    finished(desk, doing)
    assert_whole(desk)


@pytest.mark.slow
@pytest.mark.parametrize("doing", ["rebuild", "update"])
@pytest.mark.parametrize("free", [0, 100, 300, 600, 900, 1200, 1500])
def test_a_disk_that_is_really_full_is_said_and_changes_nothing(changed, tmp_path, doing, free):
    """Needs a user's own mounts (Linux); the small disk is gone with its process."""
    desk = changed
    disk, answer = tmp_path / "disk", tmp_path / "answer"
    disk.mkdir()
    used = sum(path.stat().st_size for path in desk.folder.rglob("*") if path.is_file()) // 1024
    script = (
        f"mount -t tmpfs -o size={used + 200 + free}k tmpfs {disk}"
        f" && cp -r {desk.folder}/. {disk} && {sys.executable} -m tests.dying {disk} {doing} {answer};"
        f" ls {disk}/data/generations > {tmp_path}/left; cat {disk}/data/CURRENT > {tmp_path}/current"
    )
    if not shutil.which("unshare"):
        pytest.skip("no unshare here")
    told = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    if not answer.exists():
        pytest.skip(f"no mounts here: {told.stderr[-200:]}")
    kind = answer.read_text().split("\n")[0]
    assert kind in ("DiskFull", "done"), answer.read_text()
    print(doing, free, answer.read_text())
    if kind == "DiskFull":
        assert (tmp_path / "current").read_text() == "g000001\n"
        assert ".building" not in (tmp_path / "left").read_text()


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "x"), True),
        (OSError(errno.EDQUOT, "x"), True),
        (OSError(errno.EFBIG, "x"), True),
        (OSError(errno.EIO, "x"), False),
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.OperationalError("database is locked"), False),
        (shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")]), True),
        (DiskFull("x"), True),
        (DamagedGeneration("x"), False),
        (RuntimeError("fulltext"), False),
    ],
)
def test_each_engine_says_in_its_own_words_that_the_disk_is_full(error, full):
    assert is_disk_full(error) is full


def test_a_disk_that_fails_otherwise_is_a_fault_with_a_remedy(tmp_path, monkeypatch):
    desk = prepared(tmp_path / "desk", 4)

    def broken(*arguments):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("index.generations.rowfile.RowFile.append", broken)
    with pytest.raises(IndexFault, match="cannot be written") as error:
        desk.rebuild()
    assert "has not changed" in error.value.remedy


# ------------------------------------------------------------------- damage


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A desk with two generations of the same articles."""
    desk = Desk(tmp_path_factory.mktemp("sound") / "desk")
    for n in range(8):
        desk.write(f"{n}.txt", story(n))
    desk.rebuild()
    desk.rebuild()
    return desk


def parts(desk: Desk) -> list[str]:
    """Return the files of the current generation; those of the engines by their first letters."""
    folder = desk.data.current().folder
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return [p.relative_to(folder).as_posix() for p in found if not p.name.startswith(".")]


def outcome(desk: Desk) -> object:
    """Return the answers, Chroma's included, or the error."""
    try:
        with desk.open() as index:
            return answers(index), sorted(index.dense._store.nearest(index.dense._vectors[0], 99))
    except DamagedGeneration as damage:
        return damage


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def flip(at: float):
    def damage(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        place = int(at * (len(raw) - 1))
        raw[place] ^= 0x41
        path.write_bytes(raw)

    return damage


def each_damage(sound, tmp_path, damage):
    for number, part in enumerate(parts(sound)):
        desk = copy_of(sound, tmp_path / f"{number}")
        path = desk.data.current().folder / part
        if part == "lease" or not path.stat().st_size:
            continue
        damage(path)
        yield part, desk
        shutil.rmtree(desk.folder)


@pytest.mark.parametrize("damage", [Path.unlink, empty, cut])
def test_a_generation_that_lost_data_is_never_answered_from(sound, tmp_path, damage):
    right = outcome(sound)
    noticed = set()
    for part, desk in each_damage(sound, tmp_path, damage):
        found = outcome(desk)
        if isinstance(found, DamagedGeneration):
            noticed.add(part.partition("/")[0])
            assert "footnote rebuild" in found.remedy
            assert desk.data.rollback().manifest.name == "g000001"
            assert not isinstance(outcome(desk), DamagedGeneration)
        else:
            assert found == right, part
    assert noticed >= {
        "catalog.sqlite",
        "manifest.json",
        "passages.f32",
        "passages.i32",
        "sentences.f16",
        "lexical",
    }


@pytest.mark.parametrize("at", [0.03, 0.5, 0.96])
def test_an_altered_byte_gives_no_false_quote_and_no_trace(sound, tmp_path, at):
    texts = {each.id: each.text for each in standing(sound.data.current())}
    for part, desk in each_damage(sound, tmp_path, flip(at)):
        found = outcome(desk)
        if isinstance(found, DamagedGeneration):
            continue
        for hit in found[0]:
            assert hit[0] in texts, part
            if isinstance(hit[1], str):
                assert hit[1] in texts[hit[0]], part


def test_every_altered_byte_of_the_catalogue_and_the_vectors_is_found_by_a_check(sound, tmp_path):
    for name in ("catalog.sqlite", "passages.f32", "sentences.f16", "passages.i32"):
        for at in (0.0, 0.2, 0.6, 1.0):
            desk = copy_of(sound, tmp_path / f"{name}{at}")
            current = desk.data.current()
            flip(at)(current.folder / name)
            with pytest.raises(DamagedGeneration, match=name):
                check_contents(current.folder, current.manifest.files)


def test_any_altered_byte_of_the_manifest_is_noticed(sound, tmp_path):
    desk = copy_of(sound, tmp_path / "desk")
    path = desk.data.current().folder / "manifest.json"
    raw = path.read_bytes()
    for place in range(len(raw)):
        altered = bytearray(raw)
        altered[place] ^= 0x01
        path.write_bytes(altered)
        try:
            manifest = desk.data.current().manifest
        except IndexFault:
            continue
        path.write_bytes(raw)
        assert manifest == desk.data.current().manifest, raw[place - 20 : place + 5]


DAMAGES = {"deleted": Path.unlink, "emptied": empty, "cut": cut, "altered": flip(0.5)}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_rebuild_works_over_a_generation_that_is_damaged_in_every_part(sound, tmp_path, damage):
    desk = copy_of(sound, tmp_path / "desk")
    for part in parts(desk):
        path = desk.data._generations / desk.data.current_name() / part
        if path.stat().st_size:
            DAMAGES[damage](path)
    desk.rebuild()
    assert served(desk) == served(sound)
    assert_whole(desk)


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_rebuild_works_over_a_generation_that_is_damaged_in_any_part(sound, tmp_path, damage):
    right = served(sound)
    for _, desk in each_damage(sound, tmp_path, DAMAGES[damage]):
        desk.rebuild()
        assert served(desk) == right
        assert_whole(desk)


def test_an_update_of_a_vector_store_that_lost_vectors_is_refused(sound, tmp_path):
    desk = copy_of(sound, tmp_path / "desk")
    store = VectorStore(desk.data.current().chroma)
    store.remove([0])
    store.close()
    desk.write("9.txt", story(9))
    with pytest.raises(DamagedGeneration, match="Chroma holds 8 vectors where 9 belong"):
        desk.update()
    desk.rebuild()
    assert_whole(desk)


def test_a_rebuild_takes_no_vectors_from_an_altered_file(sound, tmp_path):
    desk = copy_of(sound, tmp_path / "desk")
    for name in desk.data.finished():
        flip(0.5)(desk.data.load(name).passage_vectors)
    assert desk.rebuild().reused == 0
    assert_whole(desk)


def test_a_file_that_cannot_be_read_is_kept_from_the_last_sound_generation(desk):
    for n in range(3):
        desk.write(f"{n}.txt", story(n))
    desk.rebuild()
    desk.rebuild()
    flip(0.5)(desk.data.current().catalog)
    desk.write("1.txt", b"\0")
    assert desk.rebuild().kept == 1
    assert {each.text for each in standing(desk.data.current())} == {story(n) for n in range(3)}
    assert desk.data.current().manifest.previous == "g000001"


@pytest.mark.parametrize("content", [b"", b"g1", b"\xff\xfe", b"../../x", b"g000009\n"])
def test_a_pointer_that_names_nothing_is_damage_and_can_be_rolled_back(sound, tmp_path, content):
    desk = copy_of(sound, tmp_path / "desk")
    (desk.data.path / "CURRENT").write_bytes(content)
    with pytest.raises(DamagedGeneration) as error:
        desk.open()
    assert "rollback" in error.value.remedy
    desk.data.rollback()
    assert_alive(desk, "people")
    desk.rebuild()
    assert_whole(desk)


def test_a_vector_store_with_too_few_vectors_is_noticed_when_it_is_needed(sound, tmp_path):
    desk = copy_of(sound, tmp_path / "desk")
    store = VectorStore(desk.data.current().chroma)
    store.remove([0])
    store.close()
    with desk.open() as index, pytest.raises(DamagedGeneration, match="vectors in Chroma"):
        _ = index.dense._store


def test_the_lexical_index_checks_every_byte_when_asked(sound, tmp_path):
    for part, desk in each_damage(sound, tmp_path, flip(0.5)):
        if part.startswith("lexical/"):
            with pytest.raises(DamagedGeneration):
                LexicalIndex.verify(desk.data.current().lexical)
