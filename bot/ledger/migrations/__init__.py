"""Migrations of the ledger: numbered, one transaction for all, safe when replicas start at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from bot.ledger.database import Database
from bot.ledger.errors import LedgerFault

if TYPE_CHECKING:
    from alembic.config import Config

# Any number will do, as long as every starter asks for the same lock.
_LOCK = 0x666F6F74


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables up to a revision.

    Replicas may call it at the same time: one works, the others wait and find
    nothing to do. Raises `LedgerFault` if the database cannot be reached or
    was made by a newer Footnote.
    """
    from alembic import command
    from alembic.util import CommandError

    try:
        with _connected(database) as connection, connection.begin():
            _alone(connection)
            command.upgrade(_config(connection), revision)
    except CommandError as error:
        raise LedgerFault(
            f"the ledger cannot be brought up to date ({error})",
            remedy="It may have been made by a newer Footnote: use that one.",
        ) from error


def downgrade(database: Database, revision: str) -> None:
    """Bring the tables back to a revision; what later ones held is lost."""
    from alembic import command

    with database.engine.begin() as connection:
        _alone(connection)
        command.downgrade(_config(connection), revision)


def current(database: Database) -> str | None:
    """Return the revision that the tables have, or None for an empty database."""
    from alembic.migration import MigrationContext

    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _connected(database: Database) -> Connection:
    """Return a connection, or raise `LedgerFault`."""
    try:
        return database.engine.connect()
    except OperationalError as error:
        raise LedgerFault(
            "the ledger's database cannot be reached",
            remedy="Check its address, and that its folder exists or its server runs.",
        ) from error


def _alone(connection: Connection) -> None:
    """Wait until no other starter migrates. SQLite's writer lock does it by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _config(connection: Connection) -> Config:
    """Return Alembic's configuration for an open transaction, without any file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
