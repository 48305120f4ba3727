"""Alembic's way in. The caller opens the connection and the transaction, and holds the ledger's lock meanwhile."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="migrations",
    version_table_schema=context.config.attributes["schema"],
)
context.run_migrations()
