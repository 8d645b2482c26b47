import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Filters
from index.catalog import Catalog, outlet_key
from index.catalog.writing import CatalogWriter
from index.errors import DamagedGeneration
from index.lexical.analysis import outlet_key as lexical_outlet_key
from index.passages import build_passages
from index.readers.fetch import Validator
from index.search.eligible import Eligible
from index.sentences import split
from tests.conftest import COUNT, article
from tests.indexed import story


def add(writer, given_article, source="s"):
    spans = split(given_article.text)
    passages = build_passages(given_article, spans, COUNT, budget=60)
    keys = [f"{given_article.id}{n}".encode() for n in range(len(passages))]
    return writer.add(given_article, source, spans, passages, keys)


def catalog_of(tmp_path, *articles):
    writer = CatalogWriter(tmp_path / "catalog.sqlite")
    for each in articles:
        add(writer, each)
    writer.finish()
    return Catalog(tmp_path / "catalog.sqlite")


@pytest.fixture
def writer(tmp_path):
    made = CatalogWriter(tmp_path / "catalog.sqlite")
    yield made
    made.close()


def test_an_article_reads_back_as_it_was_given(tmp_path):
    given_article = article(
        story(1),
        id="a",
        url="https://news.example/a",
        title="A title",
        outlet="Post",
        author="Ann",
        published="2020-05-06T07:08:09+02:00",
        language="en",
        pages=(0, 40),
        extra={"section": ["local", 1, None]},
    )
    assert catalog_of(tmp_path, given_article).article(0).article == given_article


def test_sentences_and_passages_have_consecutive_rows_and_know_each_other(tmp_path):
    catalog = catalog_of(tmp_path, article(story(1, 12), "a"), article(story(2, 12), "b"))
    second = catalog.article(1)
    sentences = catalog.sentences_of(1)
    assert [s.row for s in sentences] == list(range(second.first_sentence, 24))
    assert [s.ordinal for s in sentences] == list(range(12))
    passages = catalog.passages_of(1)
    assert len(passages) > 1
    for passage in passages:
        rows = range(passage.first_row, passage.last_row + 1)
        assert all(second.first_sentence <= row < 24 for row in rows)
    owners = {passage.row: passage for passage in passages}
    for sentence in sentences:
        assert owners[sentence.passage].first <= sentence.ordinal <= owners[sentence.passage].last


def test_records_carry_the_articles_id_and_hash(tmp_path):
    catalog = catalog_of(tmp_path, article(story(1), "a"))
    stored = catalog.article(0).article
    sentence = catalog.record(catalog.sentences_of(0)[1])
    passage = catalog.passage_record(catalog.passages_of(0)[0])
    assert (sentence.article_id, sentence.content_hash) == ("a", stored.content_hash)
    assert (passage.article_id, passage.content_hash) == ("a", stored.content_hash)
    assert sentence.ordinal == 1


def test_rows_asked_for_come_ascending_without_unknown_ones_however_many(tmp_path):
    catalog = catalog_of(tmp_path, article(story(1, 12), "a"))
    asked = [7, 3, 3, 99_999, *range(100, 50_000)]
    assert [s.row for s in catalog.sentences_at(asked)] == [3, 7]
    assert catalog.passages_at([]) == []


# ------------------------------------------------------------------ filters


@pytest.fixture
def dated(tmp_path):
    return catalog_of(
        tmp_path,
        article(story(1), "a", outlet="The Post", published="2020-01-01"),
        article(story(2), "b", outlet="the  post ", published="2020-01-02T23:59:00-05:00"),
        article(story(3), "c", outlet="Ｇazette", published="2020-01-03"),
        article(story(4), "d"),
    )


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(), [0, 1, 2, 3]),
        (Filters(since=date(2020, 1, 2)), [1, 2]),
        (Filters(until=date(2020, 1, 2)), [0, 1]),
        (Filters(since=date(2020, 1, 2), until=date(2020, 1, 2)), [1]),
        (Filters(since=date(2021, 1, 1)), []),
        (Filters(outlet="THE POST"), [0, 1]),
        (Filters(outlet="gazette"), [2]),
        (Filters(outlet="' OR 1=1 --"), []),
        (Filters(outlet="\udcff"), []),
        (Filters(since=date(2020, 1, 2), outlet="the post"), [1]),
    ],
)
def test_filters_allow_days_inclusively_and_outlets_in_any_case(dated, filters, rows):
    assert Eligible(dated)(filters).tolist() == rows


@given(st.text())
def test_the_catalogue_and_the_lexical_index_compare_outlets_alike(outlet):
    assert outlet_key(outlet) == lexical_outlet_key(outlet)


def test_counts_give_totals_outlets_and_days(dated):
    counts = dated.counts()
    assert (counts.articles, counts.origins, counts.sentences) == (4, 4, 24)
    assert counts.outlets == (("The Post", 2), ("Ｇazette", 1))
    assert (counts.first_day, counts.last_day) == ("2020-01-01", "2020-01-03")


# ------------------------------------------------------------------ writing


def test_what_was_committed_survives_and_what_was_not_does_not(tmp_path):
    path = tmp_path / "catalog.sqlite"
    writer = CatalogWriter(path)
    add(writer, article(story(1), "a"))
    writer.commit()
    add(writer, article(story(2), "b"))
    writer.close()
    again = CatalogWriter(path)
    assert [row.article.id for row in again.articles()] == ["a"]
    again.close()


def test_two_origins_with_one_id_are_refused(writer):
    add(writer, article(story(1), "a"))
    with pytest.raises(sqlite3.IntegrityError):
        add(writer, article(story(2), "a"))


def test_sentence_and_passage_rows_of_removed_articles_are_not_given_again(writer):
    add(writer, article(story(1), "a"))
    last = add(writer, article(story(2), "b"))
    writer.remove(last.article)
    again = add(writer, article(story(3), "c"))
    assert again.first_sentence > last.first_sentence
    assert again.passages[0].row > last.passages[0].row


def test_origins_and_outlets_come_in_the_order_in_which_they_were_read(writer):
    first = article(story(1), "a", outlet="Zeta")
    row = add(writer, first).article
    for id_, outlet in (("b", "Alpha"), ("c", "Zeta"), ("d", None)):
        writer.add_origin(row, article(story(1), id_, outlet=outlet), "s")
    assert [each.id for each, _ in writer.origins(row)] == ["a", "b", "c", "d"]
    assert writer.outlets(row) == ("Zeta", "Alpha")


def test_validators_read_back_and_the_last_one_counts(tmp_path):
    writer = CatalogWriter(tmp_path / "catalog.sqlite")
    url = "https://news.example/a"
    writer.set_validators([Validator(url, '"1"', None, "0"), Validator(url, None, "today", "1")])
    writer.finish()
    assert Catalog(tmp_path / "catalog.sqlite").validators() == {
        url: Validator(url, None, "today", "1")
    }


def test_a_finished_catalogue_is_one_file(tmp_path):
    catalog_of(tmp_path, article(story(1))).close()
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.sqlite"]


# ------------------------------------------------------------------ threads


def test_eight_threads_read_the_same_at_once(tmp_path):
    catalog = catalog_of(tmp_path, *(article(story(n), f"{n}") for n in range(300)))
    ready = threading.Barrier(8)

    def read(seed):
        ready.wait(10)
        found = []
        for n in range(300):
            row = (n * 7 + seed) % 300
            assert catalog.article(row).article.text == story(row)
            found.append((row, [s.start for s in catalog.sentences_of(row)]))
            assert len(catalog.passages_of(row)) >= 1
        return sorted(found)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(read, range(8)))
    assert all(result == results[0] for result in results)


def test_threads_that_come_and_go_leave_no_connections_behind(tmp_path):
    catalog = catalog_of(tmp_path, article(story(1)))
    for _ in range(40):
        thread = threading.Thread(target=catalog.sentences_of, args=(0,))
        thread.start()
        thread.join()
    assert len(catalog._idle) == 1


def test_a_closed_catalogue_says_so(tmp_path):
    catalog = catalog_of(tmp_path, article(story(1)))
    catalog.close()
    with pytest.raises(ValueError, match="is closed"):
        catalog.counts()


# ------------------------------------------------------------------- damage


def test_a_missing_catalogue_is_damage(tmp_path):
    with pytest.raises(DamagedGeneration, match="is missing") as error:
        Catalog(tmp_path / "catalog.sqlite")
    assert "rollback" in error.value.remedy


def altered(tmp_path, sql, *arguments):
    catalog_of(tmp_path, article(story(1), "a"), article(story(2), "b")).close()
    db = sqlite3.connect(tmp_path / "catalog.sqlite")
    db.execute(sql, arguments)
    db.commit()
    db.close()
    return Catalog(tmp_path / "catalog.sqlite")


def read_all(catalog):
    for row in (0, 1):
        catalog.article(row)
        catalog.sentences_of(row)
        catalog.passages_of(row)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles SET text = replace(text, 'people', 'peoples')",
        "UPDATE articles SET text = x'ff00'",
        "UPDATE articles SET content_hash = 'x' || row",
        "UPDATE articles SET first_sentence = 'x'",
        "UPDATE origins SET pages = '[1'",
        "UPDATE origins SET extra = 'not json'",
        "UPDATE sentences SET start = 'x'",
        'UPDATE sentences SET start = "end"',
        "UPDATE sentences SET start = -1",
        "UPDATE sentences SET passage = 'x'",
        "UPDATE passages SET first = 'x'",
        "DELETE FROM origins",
        "DELETE FROM articles",
        "DROP TABLE passages",
    ],
)
def test_altered_content_is_damage_and_never_another_text(tmp_path, sql):
    with pytest.raises(DamagedGeneration) as error:
        read_all(altered(tmp_path, sql))
    assert "rollback" in error.value.remedy


def test_a_sound_catalogue_passes_its_check(tmp_path):
    assert catalog_of(tmp_path, article(story(1))).check() is None
