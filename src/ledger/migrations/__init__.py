"""Migrations of what SQLAlchemy owns (not the log): run by `ledger.recording.katalog.migrate`."""

#: The newest migration; tests/recording holds it against the scripts.
NEWEST = "0005"
