import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.building.memory import peak_bytes
from index.building.progress import Reach, Silent
from tests.conftest import Desk, article
from tests.indexed import story


class Watched(Silent):
    """Remembers what it was told."""

    def __init__(self):
        self.total, self.steps, self.notes, self.ended = None, [], [], 0

    def start(self, what, total):
        self.total = total

    def advance(self, done, note=""):
        self.steps.append(done)
        self.notes.append(note)

    def finish(self):
        self.ended += 1


def watch(desk, *sources, **changes):
    progress = Watched()
    desk.rebuild(*sources, progress=progress, **changes)
    assert all(step >= 0 for step in progress.steps)
    assert progress.total is None or sum(progress.steps) <= progress.total
    return progress


def test_files_of_one_article_each_count_whole(desk):
    for n in range(5):
        desk.write(f"{n}.txt", story(n))
    progress = watch(desk)
    assert sum(progress.steps) == progress.total == sum(len(story(n)) for n in range(5))
    assert (progress.ended, progress.notes[-1]) == (1, "5 articles")


def test_lines_of_a_file_bring_it_forward_one_by_one(desk):
    desk.write_lines("a.jsonl", *({"id": f"{n}", "text": story(n)} for n in range(10)))
    desk.write("b.txt", story(20))
    progress = watch(desk)
    assert len(progress.steps) == 11
    assert sum(progress.steps) == progress.total


def test_a_source_that_is_named_twice_or_inside_another_stays_within_the_total(desk):
    path = desk.write("a.txt", story(1))
    watch(desk, desk.sources, path, desk.sources)


def test_links_and_growing_files_stay_within_the_total(desk):
    path = desk.write("a.txt", story(1))
    outside = desk.folder / "outside.txt"
    outside.write_text(story(2, 60))
    (desk.sources / "link.txt").symlink_to(outside)
    watch(desk)

    def read(source, known):
        path.write_text(story(1, 50))
        yield article(story(1, 50), "a.txt", origin=str(path))

    watch(desk, path, read=read)


def test_hidden_files_and_folders_are_not_counted(desk):
    desk.write("a.txt", story(1))
    desk.write(".git/objects", "x" * 9_999)
    desk.write(".hidden.txt", "x" * 9_999)
    assert Reach().total([str(desk.sources)]) == len(story(1))


def test_with_an_address_the_total_is_unknown_and_bytes_still_count():
    reach = Reach()
    assert reach.total(["https://news.example/feed", "a"]) is None
    assert reach.bytes_of(article("Rain.", origin="https://news.example/1")) == 0


@pytest.mark.parametrize("place", ["no such file", "\0", "x" * 5_000])
def test_places_without_a_size_count_nothing(place):
    reach = Reach()
    assert reach.total([place]) == 0
    assert reach.bytes_of(article("Rain.", origin=place)) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=60)), max_size=20))
def test_any_order_of_articles_never_goes_back_or_over_the_total(tmp_path_factory, told):
    desk = Desk(tmp_path_factory.mktemp("reach"))
    paths = [desk.write_lines(f"{n}.jsonl", {"id": f"{n}", "text": "x" * n * 30}) for n in range(4)]
    reach = Reach()
    total, done = reach.total([str(desk.sources)]), 0
    for number, text in told:
        step = reach.bytes_of(article(json.dumps(text), origin=str(paths[number])))
        assert step >= 0
        done += step
    assert total is not None
    assert done <= total


def test_peak_memory_is_in_bytes():
    assert 10_000_000 < peak_bytes() < 100_000_000_000
