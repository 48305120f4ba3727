"""Instants as text: `2024-05-28T12:00:00.000000Z`, always UTC, always six decimals, so that text sorts as time does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MICROSECONDS = 1_000_000


def instant_text(moment: datetime) -> str:
    """An aware moment as text. Errors: ValueError for a moment without offset."""
    if moment.tzinfo is None:
        msg = f"{moment} has no offset from UTC"
        raise ValueError(msg)
    return naive_text(moment.astimezone(UTC).replace(tzinfo=None))


def naive_text(moment: datetime) -> str:
    """A moment that is known to be UTC, without offset, as text."""
    return moment.isoformat("T", "microseconds") + "Z"


def naive_texts(moment: datetime) -> Iterator[str]:
    """A moment that is known to be UTC, without offset, and every microsecond after it, as texts."""
    while True:
        second = moment.isoformat(timespec="seconds")
        for micro in range(moment.microsecond, MICROSECONDS):
            yield f"{second}.{micro:06d}Z"
        moment = moment.replace(microsecond=0) + timedelta(seconds=1)


def text_instant(text: str) -> datetime:
    """The aware moment that a text says."""
    return datetime.fromisoformat(text)
