import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedGeneration, NothingIndexed
from index.readers.fetch import NotModified, Validator
from tests.conftest import Desk, article
from tests.indexed import QUESTIONS, assert_alive, assert_whole, served, standing, story


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lease", "writer.lock")
    }


def counted(summary):
    return (summary.added, summary.changed, summary.removed, summary.unchanged)


@pytest.fixture
def four(desk):
    for n in range(4):
        desk.write(f"{n}.txt", story(n))
    desk.rebuild()
    return desk


def edit(desk):
    """Add one, change one, remove one and leave two."""
    desk.write("9.txt", story(9))
    desk.write("1.txt", story(20))
    (desk.sources / "2.txt").unlink()


def test_what_was_added_changed_removed_and_unchanged_is_counted_and_applied(four):
    edit(four)
    assert counted(four.update()) == (1, 1, 1, 2)
    texts = {each.id: each.text for each in standing(four.data.current())}
    assert texts == {
        "0.txt": story(0),
        "1.txt": story(20),
        "3.txt": story(3),
        "9.txt": story(9),
    }
    assert_whole(four)


def test_an_update_embeds_only_what_is_new(four):
    edit(four)
    assert four.update().embedded == 2


def test_a_dry_run_counts_the_same_and_changes_nothing(four):
    edit(four)
    before = files_of(four.data.path)
    summary = four.update(dry_run=True)
    assert (counted(summary), summary.dry_run, summary.generation) == (
        (1, 1, 1, 2),
        True,
        "g000001",
    )
    assert files_of(four.data.path) == before


def test_an_update_without_a_difference_makes_no_generation(four):
    before = files_of(four.data.path)
    summary = four.update()
    assert (counted(summary), summary.generation) == ((0, 0, 0, 4), "g000001")
    assert files_of(four.data.path) == before


def test_an_update_leaves_the_generation_before_it_as_it_was(four):
    before = served(four)
    size = four.data.current().manifest
    edit(four)
    four.update()
    assert served(four) != before
    four.data.rollback()
    assert (four.data.current().manifest, served(four)) == (size, before)


def test_an_update_after_a_rollback_goes_on_from_there(four):
    edit(four)
    four.update()
    four.data.rollback()
    assert counted(four.update()) == (1, 1, 1, 2)
    assert_whole(four)


def test_an_update_before_the_first_build_says_what_to_do(desk):
    with pytest.raises(NothingIndexed) as error:
        desk.update()
    assert "footnote rebuild" in error.value.remedy


def test_articles_of_other_sources_stay(desk):
    one, two = desk.write("one/a.txt", story(1)).parent, desk.write("two/b.txt", story(2)).parent
    desk.rebuild(one, two)
    (two / "b.txt").unlink()
    (two / "c.txt").write_text(story(3))
    assert counted(desk.update(two)) == (1, 0, 1, 0)
    assert {each.id for each in standing(desk.data.current())} == {"a.txt", "c.txt"}


def test_an_emptied_folder_removes_its_articles_even_the_last(four):
    for n in range(4):
        (four.sources / f"{n}.txt").unlink()
    summary = four.update()
    assert (counted(summary), summary.articles) == ((0, 0, 4, 0), 0)
    assert served(four) == []
    assert_whole(four)
    four.write("5.txt", story(5))
    assert counted(four.update()) == (1, 0, 0, 0)
    assert served(four)
    assert_whole(four)


def test_a_source_that_is_missing_removes_nothing(desk):
    one, two = desk.write("one/a.txt", story(1)).parent, desk.write("two/b.txt", story(2)).parent
    desk.rebuild(one, two)
    (two / "b.txt").unlink()
    two.rmdir()
    summary = desk.update(one, two)
    assert (counted(summary), summary.kept, len(summary.skipped)) == ((0, 0, 0, 1), 1, 1)


def test_a_file_that_became_unreadable_keeps_its_earlier_article(four):
    four.write("1.txt", b"\0binary\0")
    summary = four.update()
    assert (counted(summary), summary.kept) == ((0, 0, 0, 3), 1)
    assert len(standing(four.data.current())) == 4


def test_lines_of_a_file_with_a_bad_line_are_kept_and_removed_once_it_is_mended(desk):
    lines = [{"id": str(n), "text": story(n)} for n in range(3)]
    path = desk.write_lines("a.jsonl", *lines)
    desk.rebuild()
    path.write_text(json.dumps(lines[0]) + "\nbroken\n")
    summary = desk.update()
    assert (counted(summary), summary.kept) == ((0, 0, 0, 1), 2)
    desk.write_lines("a.jsonl", lines[0])
    assert counted(desk.update()) == (0, 0, 2, 1)


def test_a_line_that_moved_to_another_file_belongs_to_that_file(desk):
    line = {"id": "a", "text": story(1)}
    first = desk.write_lines("first.jsonl", line, {"id": "b", "text": story(2)})
    desk.rebuild()
    desk.write_lines("first.jsonl", {"id": "b", "text": story(2)})
    second = desk.write_lines("second.jsonl", line)
    assert counted(desk.update()) == (0, 1, 0, 1)
    assert counted(desk.update()) == (0, 0, 0, 2)
    assert first.exists()
    second.write_text("broken\n")
    summary = desk.update()
    assert (summary.kept, summary.removed) == (1, 0)


def test_a_folder_named_in_another_way_takes_over_its_articles(four, monkeypatch):
    monkeypatch.chdir(four.folder)
    assert counted(four.update("sources")) == (0, 4, 0, 0)
    (four.sources / "1.txt").unlink()
    assert counted(four.update("sources")) == (0, 0, 1, 3)


def test_an_article_whose_title_changed_is_changed(desk):
    desk.write_lines("a.jsonl", {"id": "a", "title": "Old", "text": story(1)})
    desk.rebuild()
    desk.write_lines("a.jsonl", {"id": "a", "title": "New", "text": story(1)})
    assert counted(desk.update()) == (0, 1, 0, 0)
    (only,) = standing(desk.data.current())
    assert only.title == "New"
    assert_whole(desk)


def test_an_address_that_was_not_modified_keeps_its_article(desk):
    url = "https://news.example/a"
    page = article(story(1), id=url, origin=url, url=url)
    validator = Validator(url, '"1"', None, "0" * 64)
    desk.rebuild(url, read=lambda source, known: iter([page, validator]))
    seen = {}

    def read(source, known):
        seen.update(known)
        return iter([NotModified(validator)])

    summary = desk.update(url, read=read)
    assert (seen, summary.kept, summary.removed) == ({url: validator}, 1, 0)


def test_an_entry_that_left_its_feed_stays(desk):
    feed = "https://news.example/feed.xml"
    pages = [
        article(story(n), id=f"https://news.example/{n}", origin=f"https://news.example/{n}")
        for n in range(3)
    ]
    desk.rebuild(feed, read=lambda source, known: iter(pages))
    summary = desk.update(feed, read=lambda source, known: iter(pages[1:]))
    assert (counted(summary), summary.kept) == ((0, 0, 0, 2), 1)


def test_rows_are_not_mistaken_for_those_of_articles_that_are_gone(desk):
    """The last article's row may be given again; its dead passages must stay dead."""
    desk.write("a.txt", story(1))
    desk.write("b.txt", story(2, 40))
    desk.rebuild()
    for n in range(3, 6):
        desk.write("b.txt", story(n, 40))
        desk.update()
        assert_whole(desk)
        assert_alive(desk, QUESTIONS[0])


def test_a_damaged_catalogue_stops_an_update(four):
    path = four.data.current().catalog
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    with pytest.raises(DamagedGeneration) as error:
        four.update()
    assert "rollback" in error.value.remedy


# ------------------------------------------------- update equals a rebuild

NAMES = st.sampled_from([f"{n}.txt" for n in range(5)] + ["in/6.txt", "in/7.txt"])
EDITS = st.one_of(
    st.tuples(st.just("write"), NAMES, st.integers(0, 9)),
    st.tuples(st.just("remove"), NAMES, st.just(0)),
    st.tuples(st.just("rename"), NAMES, st.integers(0, 4)),
    st.tuples(st.just("copy"), NAMES, st.integers(0, 4)),
)


def apply(desk: Desk, edit: tuple[str, str, int]) -> None:
    kind, name, number = edit
    path, other = desk.sources / name, desk.sources / f"{number}.txt"
    if kind == "write":
        desk.write(name, story(number, 4 + number))
    elif path.exists() and kind == "remove":
        path.unlink()
    elif path.exists() and path != other and kind == "rename":
        path.rename(other)
    elif path.exists() and path != other and kind == "copy":
        other.write_bytes(path.read_bytes())


def check_scripts(folder, scripts):
    desk = Desk(folder)
    desk.write("0.txt", story(0))
    desk.write("keep.txt", story(11))
    desk.rebuild()
    for number, script in enumerate(scripts):
        for each in script:
            apply(desk, each)
        desk.update()
        fresh = Desk(folder / f"fresh{number}")
        fresh.rebuild(desk.sources)
        assert standing(desk.data.current()) == standing(fresh.data.current())
        assert_whole(desk)
        assert_alive(desk, QUESTIONS[number % 3])
        assert desk.update().generation == desk.data.current().manifest.name
        assert counted(desk.update())[:3] == (0, 0, 0)


SCRIPTS = st.lists(st.lists(EDITS, min_size=1, max_size=5), min_size=1, max_size=3)


@settings(max_examples=4, deadline=None)
@given(SCRIPTS)
def test_after_any_edits_an_update_leaves_what_a_rebuild_would(tmp_path_factory, scripts):
    check_scripts(tmp_path_factory.mktemp("edits"), scripts)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(EDITS, min_size=1, max_size=8), min_size=1, max_size=6))
def test_after_very_many_edits_an_update_leaves_what_a_rebuild_would(tmp_path_factory, scripts):
    check_scripts(tmp_path_factory.mktemp("edits"), scripts)
