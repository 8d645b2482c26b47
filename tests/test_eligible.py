"""Filters told from memory allow exactly what the articles themselves say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article, Filters
from index.catalog import Catalog
from index.catalog.writing import CatalogWriter
from index.errors import DamagedGeneration
from index.search.eligible import OUTLETS_HELD, Eligible

DAYS = ("2026-01-01", "2026-01-02T23:59:00Z", "2026-02-01", None)
OUTLETS = ("Hill Gazette", " hill  GAZETTE ", "Harbour Post", None)


def catalog_of(path: Path, articles: list[tuple[str | None, str | None]]) -> Catalog:
    writer = CatalogWriter(path)
    for number, (published, outlet) in enumerate(articles):
        text = f"Report {number} of a day."
        article = Article.of(
            id=str(number), text=text, origin="o", published=published, outlet=outlet
        )
        writer.add(article, "s", [(0, len(text))], [], [])
    writer.finish()
    return Catalog(path)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("eligible")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(OUTLETS)), max_size=8),
    st.sampled_from([None, date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 1)]),
    st.sampled_from([None, date(2025, 12, 31), date(2026, 1, 2), date(2026, 2, 1)]),
    st.sampled_from([None, "HILL gazette", "Harbour Post", "Unknown"]),
)
def test_the_rows_are_those_of_the_articles_that_meet_every_condition(
    places: Path,
    articles: list[tuple[str | None, str | None]],
    since: date | None,
    until: date | None,
    outlet: str | None,
) -> None:
    path = places / "catalog.sqlite"
    path.unlink(missing_ok=True)
    catalog = catalog_of(path, articles)
    wanted = []
    for row, (published, own) in enumerate(articles):
        day = None if published is None else date.fromisoformat(published[:10])
        if (since or until) and day is None:
            continue
        if day and ((since and day < since) or (until and day > until)):
            continue
        if outlet and " ".join((own or "").casefold().split()) != outlet.casefold():
            continue
        wanted.append(row)
    eligible = Eligible(catalog)
    for _ in range(2):
        assert eligible(Filters(since, until, outlet)).tolist() == wanted
    catalog.close()


def test_a_removed_article_is_allowed_by_nothing(tmp_path: Path) -> None:
    catalog_of(tmp_path / "c", [("2026-01-01", "Post")] * 3).close()
    writer = CatalogWriter(tmp_path / "c")
    writer.remove(1)
    writer.finish()
    eligible = Eligible(Catalog(tmp_path / "c"))
    assert eligible(Filters()).tolist() == [0, 2]
    assert eligible(Filters(outlet="post")).tolist() == [0, 2]


def test_asking_for_any_number_of_outlets_holds_only_so_many(tmp_path: Path) -> None:
    eligible = Eligible(catalog_of(tmp_path / "c", [(None, "Post")]))
    for number in range(OUTLETS_HELD + 5):
        assert eligible(Filters(outlet=f"Outlet {number}")).tolist() == []
    assert eligible(Filters(outlet="Post")).tolist() == [0]
    assert len(eligible._outlets) == OUTLETS_HELD


def test_articles_at_gives_what_article_gives_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "c"
    articles = [(day, outlet) for day in DAYS for outlet in OUTLETS]
    catalog = catalog_of(path, articles)
    catalog.article(3)
    found = catalog.articles_at([3, 5, 5, 0])
    assert found == {row: Catalog(path).article(row) for row in (0, 3, 5)}
    assert catalog.articles_at([]) == {}


def test_articles_at_shows_a_duplicate_under_its_first_origin(tmp_path: Path) -> None:
    writer = CatalogWriter(tmp_path / "c")
    first = Article.of(id="first", text="Rain fell.", origin="a", outlet="Post")
    writer.add(first, "s", [(0, 10)], [], [])
    writer.add_origin(0, Article.of(id="second", text="Rain fell.", origin="b"), "s")
    writer.finish()
    assert Catalog(tmp_path / "c").articles_at([0])[0].article == first


def test_an_article_that_is_missing_is_damage(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path / "c", [(None, None)])
    with pytest.raises(DamagedGeneration, match="row 7"):
        catalog.articles_at([0, 7])


def test_a_day_that_is_no_number_is_damage(tmp_path: Path) -> None:
    writer = CatalogWriter(tmp_path / "c")
    text = "Rain fell."
    writer.add(Article.of(id="a", text=text, origin="a"), "s", [(0, 10)], [], [])
    writer.connection.execute("UPDATE articles SET day = 'soon'")
    writer.finish()
    with pytest.raises(DamagedGeneration):
        Eligible(Catalog(tmp_path / "c"))
