import os
import subprocess
import sys
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article, Filters
from index.building.embedding import vector_key
from index.catalog import Catalog
from index.embed import Embedded, EmbedInput
from index.embed.hash import HashEmbedder
from index.errors import IndexFault, ModelMismatch, StrictRefusal, UnreadableSource, WriterBusy
from index.search import search
from tests.conftest import ROOT, Desk, article
from tests.indexed import (
    QUESTIONS,
    answers,
    assert_alive,
    assert_whole,
    served,
    standing,
    story,
)


def reading(*items):
    """Return a reader of sources that yields these items for every SOURCE."""
    return lambda source, known: iter(items)


def ids(desk: Desk) -> set[str]:
    return {each.id for each in standing(desk.data.current())}


# ------------------------------------------------------------------ sources


def test_files_folders_and_lines_become_articles_that_are_whole(desk):
    desk.write("one.txt", story(1))
    desk.write("deep/two.md", "---\ntitle: Two\n---\n" + story(2))
    desk.write_lines("lines.jsonl", {"id": "x", "text": story(3)}, {"id": "y", "text": story(4)})
    summary = desk.rebuild()
    assert ids(desk) == {"one.txt", "deep/two.md", "x", "y"}
    assert (summary.articles, summary.added, summary.skipped) == (4, 4, ())
    assert_whole(desk)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfRain fell.\r\nIt stopped.\r\n",
        "Ein schöner Tag. Это дождь. 雨が降った。".encode(),
        b"Tabs\tand\x0bfeeds. \n\n\n  Then this.   ",
        "Astral 😀 signs come first. Then words.".encode(),
    ],
)
def test_the_text_of_a_file_is_the_decoded_file(desk, data):
    desk.write("a.txt", data)
    desk.rebuild()
    (only,) = standing(desk.data.current())
    assert only.text == data.decode("utf-8")
    assert_whole(desk)


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)


@settings(max_examples=4, deadline=None)
@given(st.lists(ANY_TEXT, min_size=10, max_size=30))
def test_every_text_is_stored_as_it_is_with_sentences_that_cover_it(tmp_path_factory, texts):
    desk = Desk(tmp_path_factory.mktemp("any"))
    marked = {f"{n}": f"Begin {text}" for n, text in enumerate(texts)}
    desk.rebuild("any", read=reading(*(article(text, id=n) for n, text in marked.items())))
    assert {each.id: each.text for each in standing(desk.data.current())} == marked
    assert_whole(desk)


def test_a_long_article_has_overlapping_passages_with_the_right_vectors(desk):
    desk.write("long.txt", " ".join(story(n, 8) for n in range(12)))
    desk.rebuild()
    (only,) = standing(desk.data.current())
    firsts_and_lasts = [(first, last) for _, first, last in only.passages]
    assert any(b[0] <= a[1] for a, b in pairwise(firsts_and_lasts))
    assert_whole(desk)


def test_nothing_to_read_is_a_fault_and_makes_no_generation(desk):
    with pytest.raises(IndexFault, match="no article could be read"):
        desk.rebuild()
    assert desk.data.current_or_none() is None


# -------------------------------------------------------------------- reuse


def test_a_second_rebuild_embeds_nothing_and_finds_the_very_same(desk):
    for n in range(12):
        desk.write(f"{n}.txt", story(n, 14))
    first = desk.rebuild()
    before = served(desk)
    again = desk.rebuild()
    assert (first.reused, again.reused, again.embedded) == (0, first.embedded, 0)
    assert desk.data.current().manifest.sentence_vectors
    assert served(desk) == before
    assert_whole(desk)


def test_a_rebuild_that_reuses_finds_the_same_as_one_from_nothing(desk, tmp_path):
    for n in range(12):
        desk.write(f"{n}.txt", story(n, 14))
    desk.rebuild()
    desk.write("3.txt", story(40, 14))
    desk.write("90.txt", story(90, 14))
    desk.rebuild()
    fresh = Desk(tmp_path / "fresh")
    fresh.rebuild(desk.sources)
    assert served(desk) == served(fresh)
    assert standing(desk.data.current()) == standing(fresh.data.current())


def test_a_changed_title_embeds_its_passages_again(desk):
    desk.write_lines("a.jsonl", {"id": "a", "title": "Old", "text": story(1)})
    desk.rebuild()
    desk.write_lines("a.jsonl", {"id": "a", "title": "New", "text": story(1)})
    assert desk.rebuild().reused == 0
    assert_whole(desk)


def test_another_embedder_takes_over_nothing(desk):
    desk.write("a.txt", story(1))
    desk.rebuild()
    desk.embedder = HashEmbedder(64)
    assert desk.rebuild().reused == 0
    assert desk.data.current().manifest.dimension == 64
    served(desk)


def test_an_index_of_another_embedder_is_refused_with_the_way_out(desk):
    desk.write("a.txt", story(1))
    desk.rebuild()
    desk.embedder = HashEmbedder(64)
    with pytest.raises(ModelMismatch, match=r"hash:crc32/384.*hash:crc32/64") as error:
        desk.open()
    assert "footnote rebuild" in error.value.remedy
    with pytest.raises(ModelMismatch):
        desk.update()


class WithoutTokens(HashEmbedder):
    """Gives no vectors of sentences."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "hash:whole"

    def embed_passages(self, inputs):
        return Embedded(super().embed_passages(inputs).passages, None)


def test_an_embedder_without_sentence_vectors_is_indexed_reused_and_updated(desk):
    desk.embedder = WithoutTokens()
    for n in range(4):
        desk.write(f"{n}.txt", story(n))
    desk.rebuild()
    before = served(desk)
    assert desk.rebuild().embedded == 0
    assert served(desk) == before
    desk.write("9.txt", story(9))
    assert desk.update().added == 1
    manifest = desk.data.current().manifest
    assert (manifest.sentence_vectors, manifest.sentence_rows) == (False, 0)
    assert_alive(desk, QUESTIONS[0])


def test_keys_of_vectors_differ_by_embedder_text_and_overlap():
    keys = {
        vector_key(name, each, skipped)
        for name in ("a", "b")
        for each in (given_input("One. Two."), given_input("Three."))
        for skipped in (0, 1)
    }
    assert len(keys) == 8


def given_input(text):
    return EmbedInput(text, ((0, len(text)),))


# ------------------------------------------------------------------ problems


def test_a_line_that_is_no_article_is_named_and_the_rest_goes_on(desk):
    desk.write(
        "a.jsonl", '{"id": "a", "text": "Rain fell."}\nnot json\n{"id": "c", "text": "Snow."}\n'
    )
    summary = desk.rebuild()
    (problem,) = summary.skipped
    assert (problem.line, problem.reason) == (2, "not JSON")
    assert ids(desk) == {"a", "c"}


def test_of_two_articles_with_one_id_the_first_is_kept_and_the_other_named(desk):
    desk.write_lines(
        "a.jsonl",
        {"id": "same", "text": "The first one."},
        {"id": "same", "text": "The second one."},
        {"id": "other", "text": "The rest goes on."},
    )
    summary = desk.rebuild()
    (problem,) = summary.skipped
    assert "another article with the id 'same'" in str(problem)
    assert {each.text for each in standing(desk.data.current())} == {
        "The first one.",
        "The rest goes on.",
    }


def test_a_clash_of_ids_does_not_keep_lines_that_were_taken_out(desk):
    clash = ({"id": "same", "text": "The first one."}, {"id": "same", "text": "The second one."})
    desk.write_lines("a.jsonl", *clash, {"id": "other", "text": "Something else."})
    desk.rebuild()
    desk.write_lines("a.jsonl", *clash)
    assert desk.update().removed == 1
    desk.rebuild()
    assert ids(desk) == {"same"}


def test_a_file_that_cannot_be_read_any_more_keeps_its_article(desk):
    desk.write("a.txt", story(1))
    desk.write("b.txt", story(2))
    desk.rebuild()
    before = standing(desk.data.current())
    desk.write("a.txt", b"\0\1\2binary")
    summary = desk.rebuild()
    assert (summary.kept, len(summary.skipped), summary.embedded) == (1, 1, 0)
    assert standing(desk.data.current()) == before


def test_a_folder_that_cannot_be_read_any_more_keeps_what_is_below_it(desk):
    desk.write("in/deep/a.txt", story(1))
    desk.write("b.txt", story(2))
    desk.rebuild()
    broken = UnreadableSource((desk.sources / "in").as_posix(), "no permission to read it")
    b = Article.of(id="b.txt", text=story(2), origin=(desk.sources / "b.txt").as_posix())
    assert desk.rebuild(read=reading(broken, b)).kept == 1
    assert ids(desk) == {"in/deep/a.txt", "b.txt"}
    assert desk.update(read=reading(broken, b)).removed == 0
    assert ids(desk) == {"in/deep/a.txt", "b.txt"}


def test_a_source_that_is_gone_keeps_its_articles_in_a_rebuild(desk):
    one, two = desk.write("one/a.txt", story(1)).parent, desk.write("two/b.txt", story(2)).parent
    desk.rebuild(one, two)
    (one / "a.txt").unlink()
    one.rmdir()
    assert desk.rebuild(one, two).kept == 1
    assert ids(desk) == {"a.txt", "b.txt"}


def test_a_source_that_is_not_named_any_more_is_left_out_of_a_rebuild(desk):
    one, two = desk.write("one/a.txt", story(1)).parent, desk.write("two/b.txt", story(2)).parent
    desk.rebuild(one, two)
    desk.rebuild(two)
    assert ids(desk) == {"b.txt"}


# ------------------------------------------------------------------- strict


def test_strict_fails_before_the_switch_and_the_old_generation_serves(desk):
    desk.write("a.txt", story(1))
    desk.rebuild()
    before, name = served(desk), desk.data.current().manifest.name
    desk.write("b.txt", story(2))
    desk.write("empty.txt", b"")
    with pytest.raises(StrictRefusal, match=r"empty\.txt"):
        desk.rebuild(strict=True)
    with pytest.raises(StrictRefusal):
        desk.update(strict=True)
    with pytest.raises(StrictRefusal):
        desk.update(strict=True, dry_run=True)
    assert (served(desk), desk.data.current().manifest.name) == (before, name)
    assert desk.rebuild().articles == 2


def test_strict_without_an_earlier_generation_serves_nothing(desk):
    desk.write("a.txt", story(1))
    desk.write("empty.txt", b"")
    with pytest.raises(StrictRefusal):
        desk.rebuild(strict=True)
    assert desk.data.current_or_none() is None


def test_strict_without_a_problem_changes_nothing_about_a_build(desk):
    desk.write("a.txt", story(1))
    assert desk.rebuild(strict=True).articles == 1


# --------------------------------------------------------------- duplicates


def same_text(*outlets):
    text = story(7)
    return [
        article(text, id=f"{i}", outlet=outlet, published=f"2020-01-0{i + 1}", title=f"T{i}")
        for i, outlet in enumerate(outlets)
    ]


def test_an_exact_duplicate_is_indexed_once_and_remembers_all_its_origins(desk):
    summary = desk.rebuild("s", read=reading(*same_text("Post", "Gazette", "Herald")))
    assert (summary.articles, summary.added, summary.duplicates) == (1, 1, 2)
    catalog = Catalog(desk.data.current().catalog)
    assert [a.id for a, _ in catalog.origins(0)] == ["0", "1", "2"]
    assert catalog.outlets(0) == ("Post", "Gazette", "Herald")
    catalog.close()
    assert_whole(desk)


def test_a_duplicate_is_found_under_each_of_its_outlets_and_no_other(desk):
    texts = (*same_text("Post", "Gazette", "Herald"), article(story(3), id="z", outlet="Sun"))
    desk.rebuild("s", read=reading(*texts))
    with desk.open() as index:
        for outlet in ("post", " GAZETTE", "Herald"):
            found = search(index, "ferry council people", 9, Filters(outlet=outlet))
            assert {h.article.id for h in found.passages} == {"0"}
        assert {
            h.article.id for h in search(index, "ferry people", 9, Filters(outlet="Sun")).passages
        } == {"z"}


def test_without_its_first_origin_a_duplicate_stays_under_the_second(desk):
    first, second, third = same_text("Post", "Gazette", "Herald")
    desk.rebuild("s", read=reading(first, second, third))
    summary = desk.update("s", read=reading(second, third))
    assert (summary.removed, summary.articles) == (1, 1)
    with desk.open() as index:
        (row,) = index.catalog.articles()
        assert (row.article.id, row.article.title) == ("1", "T1")
        assert index.catalog.outlets(row.row) == ("Gazette", "Herald")
        assert not search(index, "people", 5, Filters(outlet="Post")).passages
    assert_whole(desk)


def test_an_outlet_that_dropped_a_duplicate_does_not_find_it_any_more(desk):
    first, second, third = same_text("Post", "Gazette", "Herald")
    desk.rebuild("s", read=reading(first, second, third))
    desk.update("s", read=reading(first, third))
    with desk.open() as index:
        assert not search(index, "people", 5, Filters(outlet="Gazette")).passages
        assert search(index, "people", 5, Filters(outlet="Herald")).passages
    assert_whole(desk)


def test_outlets_of_duplicates_that_come_windows_later_are_found(desk, monkeypatch):
    monkeypatch.setattr("index.building.writer.WINDOW", 2)
    others = [article(story(n, 12), id=f"x{n}") for n in range(20, 26)]
    a, b, c = same_text("Post", "Gazette", "Herald")
    desk.rebuild("s", read=reading(a, *others[:3], b, *others[3:], c))
    with desk.open() as index:
        for outlet in ("Post", "Gazette", "Herald"):
            assert search(index, "people", 5, Filters(outlet=outlet)).passages
    assert_whole(desk)


# ---------------------------------------------------------- near-duplicates


def test_a_near_duplicate_is_counted_and_no_sentence_is_found_twice(desk):
    base = story(5, 10)
    desk.write("a.txt", base)
    desk.write("b.txt", "Updated with a new opening line by our correspondent today. " + base)
    desk.write("c.txt", story(6, 10))
    assert desk.rebuild().copies == 1
    with desk.open() as index:
        found = search(index, QUESTIONS[2], 10)
        clusters = {row.article.id: row.cluster for row in index.catalog.articles()}
    exacts = [hit.exact for hit in found.sentences]
    assert len(exacts) == len(set(exacts))
    assert clusters["a.txt"] == clusters["b.txt"] != clusters["c.txt"]


def test_a_sentence_that_many_articles_share_is_no_sign_of_a_copy(desk):
    tail = " ".join(
        f"Subscribe today and support the {thing} of independent local reporting everywhere."
        for thing in ("future", "craft", "dream", "work", "life")
    )
    for n in range(40):
        desk.write(f"{n:02}.txt", f"{story(n, 2)} {tail}")
    desk.rebuild()
    with desk.open() as index:
        own = [row.row for row in index.catalog.articles() if row.cluster == row.row]
    assert len(own) >= 15  # from the 26th on, the tail is known to be boilerplate


def test_a_copy_outlives_the_article_that_it_was_a_copy_of(desk):
    base = story(5, 10)
    for name in ("a", "b", "c"):
        desk.write(f"{name}.txt", f"{base} Written by {name} for the morning edition of the paper.")
    desk.rebuild()
    (desk.sources / "a.txt").unlink()
    desk.write("d.txt", story(8, 10))
    desk.update()
    with desk.open() as index:
        rows = {row.article.id: (row.row, row.cluster) for row in index.catalog.articles()}
    assert rows["b.txt"] == (rows["b.txt"][0], rows["b.txt"][0])
    assert rows["c.txt"][1] == rows["b.txt"][0] != rows["d.txt"][1]


# ------------------------------------------------------------------ readers


def test_a_reader_of_an_old_generation_goes_on_while_others_are_made(desk):
    for n in range(6):
        desk.write(f"{n}.txt", story(n))
    desk.rebuild()
    old = desk.open()
    before = answers(old)
    desk.write("0.txt", story(50))
    desk.rebuild()
    desk.write("1.txt", story(51))
    desk.update()
    desk.write("2.txt", story(52))
    desk.rebuild()
    desk.data.prune()
    assert answers(old) == before
    assert served(desk) != before
    assert old.generation.folder.exists()
    old.close()
    desk.data.prune()
    assert not old.generation.folder.exists()


def test_readers_in_threads_answer_while_an_index_is_rebuilt(desk):
    for n in range(6):
        desk.write(f"{n}.txt", story(n))
    desk.rebuild()
    before, wrong, stop = served(desk), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            if served(desk) != before:
                wrong.append(True)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        desk.rebuild()
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_generation_that_vanishes_while_it_is_opened_is_looked_up_again(desk, monkeypatch):
    desk.write("a.txt", story(1))
    desk.rebuild()
    stale = desk.data.current()
    for _ in range(2):
        desk.rebuild()
    really, given = desk.data.current, [stale]
    monkeypatch.setattr(desk.data, "current", lambda: given.pop() if given else really())
    with desk.open() as index:
        assert index.generation.manifest.name == "g000003"


def test_the_second_of_two_writers_is_told_who_holds_the_index(desk):
    desk.write("a.txt", story(1))
    held, done, told = threading.Event(), threading.Event(), []

    def slow(source, known):
        held.set()
        assert done.wait(30)
        yield article(story(1))

    first = threading.Thread(target=desk.rebuild, kwargs={"read": slow})
    first.start()
    assert held.wait(30)
    for run in (desk.rebuild, desk.update):
        with pytest.raises((WriterBusy, IndexFault)) as error:
            run()
        told.append(str(error.value))
    done.set()
    first.join()
    assert f"`footnote rebuild` (process {os.getpid()}" in told[0]
    assert "`footnote rebuild`" in told[1]


# ------------------------------------------------------------------ hostile

HOSTILE = [
    'it\'s "quoted"',
    "two\nlines\r\n",
    "../../../etc/passwd",
    "..",
    "'; DROP TABLE articles; --",
    "bell\x07 escape\x1b[31m delete\x7f",
    "x" * 10_240,
    "‮right to left",
    "%s %d {0} ?",
    " ",
    "*",
]


def test_hostile_ids_outlets_and_titles_are_only_text(desk):
    given_articles = [
        article(story(n), id=bad, title=bad, outlet=bad, author=bad, extra={bad: [bad]})
        for n, bad in enumerate(HOSTILE)
    ]
    desk.rebuild("s", read=reading(*given_articles))
    assert_whole(desk)
    assert ids(desk) == set(HOSTILE)
    with desk.open() as index:
        for bad in HOSTILE:
            row = index.catalog.article_by_id(bad)
            assert row is not None
            assert (row.article.title, row.article.outlet) == (bad, bad)
            assert row.article.extra == {bad: [bad]}
            if bad.strip():
                found = search(index, "people", 3, Filters(outlet=bad))
                assert {h.article.id for h in found.passages} == {bad}
            search(index, bad, 3)
    assert desk.update("s", read=reading(*given_articles)).unchanged == len(HOSTILE)
    assert desk.update("s", read=reading(*given_articles[1:])).removed == 1


def test_an_outlet_asked_for_in_broken_unicode_finds_nothing(desk):
    desk.rebuild("s", read=reading(article(story(1), outlet="Post")))
    with desk.open() as index:
        assert not search(index, "people", 3, Filters(outlet="Po\udcffst")).passages


@pytest.mark.parametrize("field", ["id", "title", "outlet", "author", "url", "text", "zzz"])
def test_lone_surrogates_are_refused_by_name_and_the_rest_goes_on(desk, field):
    bad = {"id": "bad", "text": story(1), field: "\ud800"}
    desk.write_lines("a.jsonl", bad, {"id": "good", "text": story(2)})
    summary = desk.rebuild()
    assert [problem.line for problem in summary.skipped] == [1]
    assert ids(desk) == {"good"}


@pytest.mark.parametrize("key", ["title", "outlet", "author", "zzz"])
def test_lone_surrogates_of_front_matter_do_not_end_a_build(desk, key):
    desk.write("a.md", f'---\n{key}: "x\\uD800y"\n---\nRain fell on the ferry of Sorrel.\n')
    desk.write("b.txt", story(2))
    desk.rebuild()
    assert "b.txt" in ids(desk)
    assert_whole(desk)


@pytest.mark.parametrize(
    "value", ["2016-01-01", "{1: 2, a: 3}", "{2016-01-01: x}", "[1, a, ~]", ".nan"]
)
def test_any_front_matter_is_kept_and_read_back_as_unchanged(desk, value):
    desk.write("a.md", f"---\nzzz: {value}\n---\nRain fell on the ferry of Sorrel.\n")
    desk.rebuild()
    assert desk.update().unchanged == 1


@pytest.mark.parametrize("text", ["", " \n\t ", "\ufeff", "\u00a0\n"])
def test_a_file_without_text_is_named(desk, text):
    desk.write("empty.txt", text)
    desk.write("b.txt", story(1))
    summary = desk.rebuild()
    assert [problem.origin.rpartition("/")[2] for problem in summary.skipped] == ["empty.txt"]
    assert ids(desk) == {"b.txt"}


def test_an_article_of_blanks_from_a_reader_does_not_end_a_build(desk):
    desk.rebuild("s", read=reading(article("  \n ", id="blank"), article(story(1), id="b")))
    assert "b" in ids(desk)
    assert_alive(desk, "people")


@pytest.mark.slow
def test_an_article_of_a_hundred_thousand_sentences_is_indexed(desk):
    text = "\n".join(f"Line {n} says the number {n * 7} twice." for n in range(100_000))
    summary = desk.rebuild("s", read=reading(article(text)))
    assert summary.sentences == 100_000
    with desk.open() as index:
        found = search(index, "Which line says 699993?", 3)
    assert found.sentences[0].exact == "Line 99999 says the number 699993 twice."


# ------------------------------------------------------------------ summary


def test_the_summary_tells_seconds_by_part_and_peak_memory(desk):
    desk.write("a.txt", story(1))
    summary = desk.rebuild()
    assert summary.peak_memory_bytes > 10_000_000
    assert 0 < sum(summary.seconds_by_part.values()) <= summary.seconds + 0.01
    assert {"read", "segment", "embed", "lexical", "catalogue"} <= set(summary.seconds_by_part)


def test_the_manifest_says_what_was_made_of_what(desk):
    desk.write("a.txt", story(1))
    summary = desk.rebuild()
    manifest = desk.data.current().manifest
    assert manifest.made_at == "2026-11-22T12:00:00+00:00"
    assert manifest.sources == (str(desk.sources),)
    assert (manifest.articles, manifest.sentences) == (summary.articles, summary.sentences)
    assert replace(manifest, previous="x").previous == "x"
    assert manifest.passage_rows == manifest.passages


# ------------------------------------------------------------------- memory

GROWING = """
import sys
from pathlib import Path
from tests.conftest import Desk, article
from tests.indexed import story

total = int(sys.argv[2])
desk = Desk(Path(sys.argv[1]))
read = lambda source, known: (article(story(n, 12), str(n)) for n in range(total))
print(desk.rebuild("s", read=read).peak_memory_bytes)
"""


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_three_times_the_articles_take_hardly_more_memory(tmp_path):
    peaks = []
    for total in (3_000, 9_000):
        command = [sys.executable, "-c", GROWING, str(tmp_path / str(total)), str(total)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    print(f"\npeak memory: {peaks[0] / 2**20:.0f} and {peaks[1] / 2**20:.0f} MiB")
    assert peaks[1] < peaks[0] + 120 * 2**20
