"""Migrations of what SQLAlchemy owns (not the log): run by `ledger.recording.katalog.migrate`."""
