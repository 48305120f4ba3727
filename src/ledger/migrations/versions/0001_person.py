"""The directory of people: who an actor of the log is, kept outside it so that a person can be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create table `person`. `number` counts the actors; `name` is NULL for a person who was forgotten."""
    op.create_table(
        "person",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=True, unique=True),
        schema=context.config.attributes["schema"],
    )


def downgrade() -> None:
    """Nothing is taken away from a ledger."""
    msg = "en liggare går inte tillbaka till en äldre form"
    raise NotImplementedError(msg)
