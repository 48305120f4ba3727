"""Who is or was responsible for a machine that comes with the identity provider's own tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table: one row for each machine and person, which is never taken away."""
    schema = context.config.attributes["schema"]
    op.create_table(
        "maskin",
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("ansvarig", sa.Text, primary_key=True),
        schema=schema,
    )


def downgrade() -> None:
    """Nothing is taken away from a ledger."""
    msg = "en liggare går inte tillbaka till en äldre form"
    raise NotImplementedError(msg)
