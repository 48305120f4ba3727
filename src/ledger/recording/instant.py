"""Instants as text: `2024-05-28T12:00:00.000000Z`, always UTC, always six decimals, so that text sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def instant_text(moment: datetime) -> str:
    """An aware moment as text. Errors: ValueError for a moment without offset."""
    if moment.tzinfo is None:
        msg = f"{moment} has no offset from UTC"
        raise ValueError(msg)
    return naive_text(moment.astimezone(UTC).replace(tzinfo=None))


def naive_text(moment: datetime) -> str:
    """A moment that is known to be UTC, without offset, as text."""
    return moment.isoformat(timespec="microseconds") + "Z"


def text_instant(text: str) -> datetime:
    """The aware moment that a text says."""
    return datetime.fromisoformat(text)
