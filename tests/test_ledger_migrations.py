"""Migrations go up and down with data inside, and make the tables of the models."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.ledger import Database, Ledger, LedgerFault, migrate, open_database
from bot.ledger.migrations import current, downgrade
from bot.ledger.records import Feedback
from bot.ledger.tables import Base
from tests.ledger_databases import *  # noqa: F403 - fixtures
from tests.test_ledger import NOON, answer_durably, answered


@pytest.fixture
def empty(empty_address: str) -> Iterator[Database]:
    opened = open_database(empty_address)
    yield opened
    opened.close()


def test_the_migrated_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        there = inspect(connection)
        for table in Base.metadata.sorted_tables:
            unique = {tuple(u["column_names"]) for u in there.get_unique_constraints(table.name)}
            wanted = {
                tuple(c.name for c in each.columns)
                for each in table.constraints
                if type(each).__name__ == "UniqueConstraint"
            }
            assert unique == wanted
            assert len(there.get_foreign_keys(table.name)) == len(table.foreign_keys)
            keys = there.get_pk_constraint(table.name)["constrained_columns"]
            assert keys == [column.name for column in table.primary_key.columns]


def test_migrations_go_down_and_up_again_and_keep_what_is_older(empty: Database) -> None:
    migrate(empty)
    answer_durably(empty, "1", "anna", "a1")
    Ledger(empty).add_feedback(Feedback("a1", "ben", True, NOON))

    downgrade(empty, "0001")
    assert current(empty) == "0001"
    assert Ledger(empty).answer("a1") == answered("a1").answer
    assert not inspect(empty.engine).has_table("feedback")

    migrate(empty)
    assert Ledger(empty).feedback("a1") == ()
    Ledger(empty).add_feedback(Feedback("a1", "ben", True, NOON))

    downgrade(empty, "base")
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    migrate(empty)
    assert Ledger(empty).answer("a1") is None


def test_migrating_step_by_step_gives_the_same_tables(empty: Database) -> None:
    for revision in ("0001", "0002"):
        migrate(empty, revision)
        assert current(empty) == revision
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_replicas_that_start_at_once_migrate_once(empty_address: str) -> None:
    errors: list[BaseException] = []
    gate = threading.Barrier(3)

    def start() -> None:
        database = open_database(empty_address)
        try:
            gate.wait()
            migrate(database)
        except BaseException as error:
            errors.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_migration_that_fails_leaves_nothing_behind(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE reviews (id INTEGER)"))
    with pytest.raises(Exception, match="reviews"):
        migrate(empty)
    assert inspect(empty.engine).get_table_names() == ["reviews"]


def test_a_ledger_from_the_future_is_a_fault_with_a_remedy(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerFault, match="brought up to date") as caught:
        migrate(database)
    assert "newer" in caught.value.remedy


def test_a_database_that_cannot_be_reached_is_a_fault(tmp_path: object) -> None:
    with pytest.raises(LedgerFault, match="reached"):
        migrate(open_database(f"sqlite:///{tmp_path}/no/such/folder/l.sqlite"))
