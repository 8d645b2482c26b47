"""Opening the ledger's database: SQLite in WAL mode, or Postgres by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker

from bot.ledger.errors import LedgerFault
from bot.ledger.tables import Base

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30


class Database:
    """A pool of connections, and two kinds of transaction.

    `write` takes SQLite's writer lock at its beginning, so that what is read
    inside stays true until it commits; `read` never waits for a writer.

    What was committed survives the death of the process. A synced transaction
    survives a power cut as well, with all that was committed before it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._write = sessionmaker(engine, expire_on_commit=False)
        self._jot = sessionmaker(engine.execution_options(synced=False), expire_on_commit=False)
        self._read = sessionmaker(engine.execution_options(reads_only=True), expire_on_commit=False)

    @contextmanager
    def write(self, *, synced: bool = True) -> Iterator[Session]:
        """Begin a transaction that commits at the end, or rolls back on any error."""
        with (self._write if synced else self._jot).begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Begin a transaction that only reads."""
        with self._read() as session:
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def open_database(url: str) -> Database:
    """Open the database at a URL (``sqlite:///…`` or ``postgresql+psycopg://…``), as it is.

    Raises `LedgerFault` if the URL or its driver cannot be used. Connections
    are made when they are needed; `bot.ledger.migrations.migrate` makes the tables.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(parsed, pool_pre_ping=True)
    return Database(engine)


def _parsed(url: str) -> URL:
    """Return the URL, with psycopg as the driver where Postgres is named without one."""
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect().import_dbapi()
    except ArgumentError as error:
        raise LedgerFault("the ledger's address is not a database URL") from error
    except (NoSuchModuleError, ImportError) as error:
        raise LedgerFault(
            f"the ledger's database driver {parsed.drivername} is not installed",
            remedy="Use sqlite:///PATH, or install footnote[postgres] for Postgres.",
        ) from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise LedgerFault(f"the ledger cannot be kept in {parsed.get_backend_name()}")
    return parsed


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set what SQLite forgets between connections; transactions begin where we say."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin, with the writer lock unless the transaction only reads."""
    options = connection.get_execution_options()
    reads, synced = options.get("reads_only", False), options.get("synced", True)
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if synced else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def add_new(session: Session, row: Base) -> bool:
    """Insert a row unless one with the same unique key is there; return whether it is new."""
    table = cast(Table, type(row).__table__)
    values = {
        column.key: getattr(row, column.key)
        for column in table.columns
        if column.autoincrement is not True or getattr(row, column.key) is not None
    }
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table).values(**values).on_conflict_do_nothing()
    return session.execute(statement.returning(*table.primary_key)).first() is not None
