import numpy as np
import pytest

from index.search.dense import DenseSearch
from index.vectors import VectorStore

ROWS, WIDTH = 3_000, 16


@pytest.fixture(scope="module")
def vectors():
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((ROWS, WIDTH)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory, vectors):
    made = VectorStore(tmp_path_factory.mktemp("chroma"), create=True)
    made.add(list(range(ROWS)), vectors)
    yield made
    made.close()


def searcher(vectors, store, *, exact_rows):
    articles = (np.arange(ROWS) // 3).astype(np.int32)
    graph_cost = (ROWS * 100, 0) if exact_rows else (0, 0)
    return DenseSearch(
        vectors,
        articles,
        np.arange(ROWS // 3),
        lambda: store,
        exact_rows=exact_rows,
        graph_cost=graph_cost,
    )


def test_the_exact_scan_finds_the_nearest_in_order(vectors, store):
    rows, scores = searcher(vectors, store, exact_rows=ROWS).nearest(vectors[7], 5)
    assert rows[0] == 7
    assert rows.tolist() == np.argsort(-(vectors @ vectors[7]), kind="stable")[:5].tolist()
    assert np.all(np.diff(scores) <= 0)


def test_the_graph_finds_nearly_all_that_the_scan_finds(vectors, store):
    found = same = 0
    for i in range(0, ROWS, 100):
        exact = searcher(vectors, store, exact_rows=ROWS).nearest(vectors[i], 10)[0]
        graph = searcher(vectors, store, exact_rows=0).nearest(vectors[i], 10)[0]
        found += len(exact)
        same += len(set(exact.tolist()) & set(graph.tolist()))
    assert same >= 0.95 * found


def test_a_graph_search_asks_chroma_and_a_narrow_filter_is_scanned_instead(vectors, store):
    asked = []

    class Watched:
        def nearest(self, vector, k):
            asked.append(k)
            return store.nearest(vector, k)

    articles = (np.arange(ROWS) // 3).astype(np.int32)
    search = DenseSearch(
        vectors, articles, np.arange(ROWS // 3), Watched, exact_rows=100, graph_cost=(1_000, 1)
    )
    assert search.nearest(vectors[3], 6)[0][0] == 3
    assert asked == [300]
    search.nearest(vectors[3], 6, np.arange(0, ROWS // 3, 50))
    assert asked == [300]


def test_equal_scores_keep_the_order_of_rows(store):
    alike = np.tile(np.eye(1, WIDTH, dtype=np.float32), (40, 1))
    search = DenseSearch(alike, np.arange(40, dtype=np.int32), np.arange(40), lambda: store)
    assert search.nearest(alike[0], 7)[0].tolist() == list(range(7))


@pytest.mark.parametrize("exact_rows", [0, ROWS])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_a_filter_returns_only_allowed_articles_and_as_many_as_asked(
    vectors, store, exact_rows, share
):
    allowed = np.arange(0, ROWS // 3, int(1 / share))
    rows, _ = searcher(vectors, store, exact_rows=exact_rows).nearest(vectors[3], 6, allowed)
    assert set((rows // 3).tolist()) <= set(allowed.tolist())
    assert len(rows) == min(6, 3 * len(allowed))


def test_a_filter_that_allows_nothing_finds_nothing(vectors, store):
    rows, scores = searcher(vectors, store, exact_rows=0).nearest(
        vectors[3], 6, np.zeros(0, np.int64)
    )
    assert len(rows) == len(scores) == 0


def test_removed_vectors_are_not_found_and_batches_over_the_limit_are_split(tmp_path):
    rng = np.random.default_rng(2)
    many = rng.standard_normal((6_000, 4)).astype(np.float32)
    store = VectorStore(tmp_path / "chroma", create=True)
    store.add(list(range(6_000)), many)
    store.remove([17])
    assert store.count() == 5_999
    assert 17 not in store.nearest(many[17], 20)
    store.close()
