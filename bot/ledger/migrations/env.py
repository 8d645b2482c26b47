"""What Alembic runs for each migration: it uses the open transaction that it is given."""

from __future__ import annotations

from alembic import context

from bot.ledger.tables import Base


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic runs this file by importing it; outside of Alembic there is nothing to migrate.
if hasattr(context, "config"):
    _run()
