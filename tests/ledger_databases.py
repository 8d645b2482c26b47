"""Empty ledgers on both databases: SQLite in a folder, Postgres in a throwaway cluster.

The cluster is made by the distribution's own programs, listens on a Unix
socket only, and runs as an unprivileged user, since Postgres refuses root.
"""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.ledger import Database, migrate, open_database, sqlite_url
from bot.ledger.tables import Base

_PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/usr/local/opt/postgresql", "/opt/homebrew/opt")


def _programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, newest version first."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    for place in _PLACES:
        found += sorted(Path(place).glob("*/bin"), reverse=True)
    return next((each for each in found if (each / "pg_ctl").exists()), None)


def _user() -> str | None:
    """Return the user to run as when we are root, or None to run as ourselves."""
    if os.geteuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


class Postgres:
    """A running cluster with one migrated ledger, emptied for each test."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._user = programs, folder, _user()
        if self._user is not None:
            shutil.chown(folder, self._user)
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "footnote", "-N")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=50"
        self._run("pg_ctl", "-D", str(folder / "data"), "-w", "-o", options, "start")
        self._ledger = self.new()
        database = open_database(self._ledger)
        migrate(database)
        database.close()

    def new(self) -> str:
        """Return the URL of a new database without tables."""
        name = f"t{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name}", "postgres")
        return f"postgresql://footnote@/{name}?host={self._folder}"

    def emptied(self) -> str:
        """Return the URL of the ledger, with nothing in it."""
        tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
        self._execute(f"TRUNCATE {tables} RESTART IDENTITY", make_url(self._ledger).database or "")
        return self._ledger

    def stop(self) -> None:
        """Stop the cluster."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def _execute(self, statement: str, database: str) -> None:
        import psycopg

        where = f"host={self._folder} user=footnote dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            user=self._user,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@functools.cache
def _cluster() -> Postgres:
    """Start the cluster for all test modules of this process; it ends with the process."""
    programs = _programs()
    if programs is None:
        pytest.skip("Postgres is not installed (its programs initdb and pg_ctl are not found)")
    pytest.importorskip("psycopg", reason="psycopg is not installed: footnote[postgres]")
    # A socket's path is short by law, which a test's own folder is not.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    cluster = Postgres(programs, folder)
    atexit.register(cluster.stop)
    return cluster


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """Return a running cluster, or skip and say why."""
    return _cluster()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite ledger that was migrated once, to copy."""
    path = tmp_path_factory.mktemp("ledger") / "migrated.sqlite"
    database = open_database(sqlite_url(path))
    migrate(database)
    database.close()
    return path


@pytest.fixture
def sqlite_address(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Return the URL of a new SQLite ledger."""
    shutil.copy(migrated_sqlite, tmp_path / "ledger.sqlite")
    return sqlite_url(tmp_path / "ledger.sqlite")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """Return the URL of a new ledger, on each database in turn."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_address"))
    return request.getfixturevalue("postgres").emptied()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without any table, of each kind in turn."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "empty.sqlite")
    return request.getfixturevalue("postgres").new()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """Return a new ledger's database, on each kind in turn."""
    opened = open_database(address)
    yield opened
    opened.close()
