import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from index.articles import Filters
from index.search import SearchResult, search
from index.search.dense import DenseSearch
from tests.conftest import Desk, article
from tests.indexed import QUESTIONS, answers, story

FLIGHT = (
    "The helicopter was flying from Aleppo to the base. Five people were on board when it fell."
)
NOBODY = "Nobody has claimed responsibility for the attack so far. The search goes on tonight."


def reading(*items):
    return lambda source, known: iter(items)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Thirty stories of three outlets, a day apart, and two with something to find."""
    desk = Desk(tmp_path_factory.mktemp("search"))
    stories = [
        article(
            story(n),
            f"s{n}",
            title=f"Story {n}",
            outlet=("Post", "Gazette", "Herald")[n % 3],
            published=None if n == 29 else f"2020-01-{n + 1:02}",
        )
        for n in range(30)
    ]
    stories += [article(FLIGHT, "flight"), article(NOBODY, "nobody")]
    desk.rebuild("s", read=reading(*stories))
    return desk


@pytest.fixture(scope="module")
def index(desk):
    with desk.open() as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "Where was the helicopter flying from?",
            "The helicopter was flying from Aleppo to the base.",
        ),
        (
            "Who has claimed responsibility for the attack?",
            "Nobody has claimed responsibility for the attack so far.",
        ),
        ("Who wrote number 17-2?", story(17).split("\n\n")[0].split(". ")[2]),
    ],
)
def test_the_sentence_that_says_it_is_found(index, question, sentence):
    found = search(index, question, 5)
    assert sentence.rstrip(".") in {hit.exact.rstrip(".") for hit in found.sentences}


def test_hits_come_best_first_and_no_more_than_asked(index):
    for k in (1, 3, 10):
        found = search(index, QUESTIONS[0], k)
        for hits in (found.sentences, found.passages):
            scores = [hit.score for hit in hits]
            assert len(hits) == k
            assert scores == sorted(scores, reverse=True)


def test_every_hit_is_a_slice_of_its_article(index):
    for question in QUESTIONS:
        found = search(index, question, 10)
        for hit in found.sentences:
            assert hit.exact == hit.article.text[hit.row.start : hit.row.end]
            assert hit.exact == hit.exact.strip() != ""
        for passage in found.passages:
            assert passage.text == passage.article.text[passage.start : passage.end]
            assert passage.passage.content_hash == passage.article.content_hash
            assert passage.ranks


def test_no_sentence_and_no_passage_is_found_twice(index):
    for question in QUESTIONS:
        found = search(index, question, 30)
        assert len({hit.row.row for hit in found.sentences}) == len(found.sentences)
        assert len({hit.passage.id for hit in found.passages}) == len(found.passages)


def test_the_same_question_finds_the_same(index):
    assert answers(index) == answers(index)


def test_timings_are_told_by_stage(index):
    assert {"embed", "bm25", "dense", "score"} <= set(search(index, QUESTIONS[0]).timings_ms)


# ------------------------------------------------------------------ filters


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (Filters(outlet="post"), {f"s{n}" for n in range(0, 29, 3)}),
        (Filters(since=date(2020, 1, 27)), {"s26", "s27", "s28"}),
        (Filters(until=date(2020, 1, 2)), {"s0", "s1"}),
        (Filters(since=date(2020, 1, 5), until=date(2020, 1, 5)), {"s4"}),
        (
            Filters(since=date(2020, 1, 2), until=date(2020, 1, 9), outlet="Herald"),
            {"s2", "s5", "s8"},
        ),
        (Filters(outlet="nobody prints this"), set()),
        (Filters(since=date(2030, 1, 1)), set()),
        (Filters(since=date(2020, 1, 9), until=date(2020, 1, 2)), set()),
    ],
)
def test_a_filter_finds_all_of_what_it_allows_and_nothing_else(index, filters, allowed):
    found = search(index, "people lights wall number day", 40, filters)
    assert {hit.article.id for hit in found.passages} == allowed
    assert {hit.article.id for hit in found.sentences} <= allowed
    assert bool(found.sentences) == bool(allowed)


# ------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n",
        "?",
        '"unbalanced AND (ferry OR -',
        "text:ferry ordinal:[0 TO 9]",
        "\0",
        "a\udcffb ferry",
        "ferry " * 20_000,
        "x" * 100_000,
        "雨 في  дождь",
        "'; DROP TABLE articles; --",
    ],
)
def test_any_question_is_only_words(index, question):
    found = search(index, question, 3)
    assert isinstance(found, SearchResult)
    assert len(found.sentences) <= 3


def test_an_empty_index_finds_nothing(tmp_path):
    desk = Desk(tmp_path)
    path = desk.write("a.txt", story(1))
    desk.rebuild()
    path.unlink()
    desk.update()
    with desk.open() as index:
        assert search(index, "ferry").sentences == ()
        assert search(index, "ferry", filters=Filters(outlet="Post")).passages == ()


# -------------------------------------------------------------------- copies

SAID = "The ferry ran aground off Cape Sorrel at dawn with nobody hurt."


def copies(tmp_path, *articles):
    desk = Desk(tmp_path)
    desk.rebuild("s", read=reading(*articles))
    with desk.open() as index:
        return search(index, "Where did the ferry run aground?", 10)


def test_a_sentence_in_two_articles_is_found_once_in_the_earlier(tmp_path):
    found = copies(
        tmp_path,
        article(f"{SAID} The second paper adds a line of its own.", "late", published="2020-02-02"),
        article(f"{SAID.upper()} The first one has another.", "early", published="2020-02-01"),
        article(f"{SAID} An undated one too.", "undated"),
    )
    said = [hit.article.id for hit in found.sentences if hit.exact.casefold() == SAID.casefold()]
    assert said == ["early"]


def test_a_number_that_differs_is_no_copy(tmp_path):
    found = copies(
        tmp_path,
        article("The ferry ran aground and five people were hurt at Cape Sorrel.", "five"),
        article("The ferry ran aground and six people were hurt at Cape Sorrel.", "six"),
    )
    assert {hit.article.id for hit in found.sentences} == {"five", "six"}


# ------------------------------------------------------------ ways and means


def test_the_graph_finds_what_the_scan_finds(desk, monkeypatch):
    with desk.open() as index:
        exact = answers(index)
    plain = DenseSearch.__init__
    assert "exact_rows" in inspect.signature(plain).parameters

    def always_graph(self, *arguments, **named):
        plain(self, *arguments, **{**named, "exact_rows": 0})

    monkeypatch.setattr(DenseSearch, "__init__", always_graph)
    with desk.open() as index:
        assert answers(index) == exact


def test_eight_threads_find_the_same_at_once(index):
    expected = answers(index)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: answers(index), range(16)))
    assert all(each == expected for each in found)


class Reversed:
    """Ranks the other way round."""

    name = "reversed"

    def rerank(self, question, hits):
        return list(reversed(hits))


def test_a_reranker_decides_the_order_of_sentences(index):
    plain = search(index, QUESTIONS[0], 500)
    turned = search(index, QUESTIONS[0], 500, reranker=Reversed())
    assert [hit.row.row for hit in turned.sentences] == [
        hit.row.row for hit in reversed(plain.sentences)
    ]
