"""Who is responsible for a machine: of the tokens that exist, whoever made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled."""
    schema = context.config.attributes["schema"]
    op.add_column("token", sa.Column("ansvarig", sa.Text, nullable=True), schema=schema)
    token = sa.table("token", sa.column("ansvarig"), sa.column("skapad_av"), schema=schema)
    op.execute(sa.update(token).values(ansvarig=token.c.skapad_av))


def downgrade() -> None:
    """Nothing is taken away from a ledger."""
    msg = "en liggare går inte tillbaka till en äldre form"
    raise NotImplementedError(msg)
