"""Who withdrew a token; of those withdrawn before, nobody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, blank."""
    schema = context.config.attributes["schema"]
    op.add_column("token", sa.Column("aterkallad_av", sa.Text, nullable=True), schema=schema)


def downgrade() -> None:
    """Nothing is taken away from a ledger."""
    msg = "en liggare går inte tillbaka till en äldre form"
    raise NotImplementedError(msg)
