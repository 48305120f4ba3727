"""Sign-in: who a subject of an identity provider is, sessions, tokens, the mapping to roles, and the access log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Tables whose rows stay as they were written.
KEPT = ("rollversion", "atkomst")


def upgrade() -> None:
    """Create the tables. Secrets are kept as digests only; instants are texts that sort as time does."""
    schema = context.config.attributes["schema"]
    _sign_in(schema)
    _rights(schema)
    _keep(schema)


def _sign_in(schema: str | None) -> None:
    """Who a subject is, sign-ins under way, and sessions."""
    op.create_table(
        "subjekt",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("actor", sa.Text, nullable=False, unique=True),
        schema=schema,
    )
    op.create_table(
        "inloggning",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("sedan", sa.Text, nullable=False),
        sa.Column("upphor", sa.Text, nullable=False),
        schema=schema,
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("actor", sa.Text, nullable=False, index=True),
        sa.Column("roller", sa.Text, nullable=False),
        sa.Column("vald", sa.Integer, nullable=False),
        sa.Column("funktioner", sa.Text, nullable=False),
        sa.Column("rollversion", sa.Integer, nullable=True),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("id_token", sa.Text, nullable=True),
        sa.Column("anvand", sa.Text, nullable=False),
        sa.Column("upphor", sa.Text, nullable=False),
        schema=schema,
    )


def _rights(schema: str | None) -> None:
    """Tokens, the table of roles, and the access log."""
    op.create_table(
        "token",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("namn", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("roll", sa.Text, nullable=False),
        sa.Column("enheter", sa.Text, nullable=False),
        sa.Column("skriver", sa.Boolean, nullable=False),
        sa.Column("skapad", sa.Text, nullable=False, index=True),
        sa.Column("skapad_av", sa.Text, nullable=False),
        sa.Column("upphor", sa.Text, nullable=False),
        sa.Column("aterkallad", sa.Text, nullable=True),
        sa.Column("anvand", sa.Text, nullable=True),
        schema=schema,
    )
    op.create_table(
        "rollversion",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("skapad", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("rader", sa.Text, nullable=False),
        schema=schema,
    )
    op.create_table(
        "atkomst",
        sa.Column("nummer", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("tid", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("roll", sa.Text, nullable=False),
        sa.Column("vad", sa.Text, nullable=False),
        sa.Column("adress", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        schema=schema,
    )


def _keep(schema: str | None) -> None:
    """Let the database refuse every change of what is kept."""
    bind = op.get_bind()
    sentence = "det som har antecknats andras inte"
    for table in KEPT:
        if bind.dialect.name == "sqlite":
            for verb in ("DELETE", "UPDATE"):
                name = f"{table}_no_{verb.lower()}"
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
                )
        else:
            quoted = bind.dialect.identifier_preparer.quote_schema(schema or "public")
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON {quoted}.{table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {quoted}.refuse_change('{sentence}')"
            )


def downgrade() -> None:
    """Nothing is taken away from a ledger."""
    msg = "en liggare går inte tillbaka till en äldre form"
    raise NotImplementedError(msg)
