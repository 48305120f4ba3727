"""Logs for tests: a clock that stands until it is set, salts that count, and facts by number."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from ledger.domain.events import KommentarWritten, VerifikationPosted
from ledger.domain.rader import Utfallsrad
from ledger.recording.codec import Encoded, encode
from ledger.recording.judge import Member
from ledger.recording.store import Append, FactLog

NOON = datetime(2024, 5, 28, 12, 0, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


class Clock:
    """A clock that shows what it was set to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def counting_salt() -> Callable[[], bytes]:
    """Salts 0, 1, 2 … as 16 bytes."""
    numbers = count()
    return lambda: next(numbers).to_bytes(16, "big")


def open_log(url: str, clock: Clock | None = None) -> FactLog:
    """A log with a held clock and counted salts."""
    return FactLog.open(url, clock=clock or Clock(), salt=counting_salt())


def voucher(number: int, text: str | None = None) -> Encoded:
    """Voucher `A <number>` of 2024 with two rows."""
    rows = (Utfallsrad(number, "KLF-EKON", "7410", "kostnad", "920", text=text), Utfallsrad(-number, konto="1930"))
    return encode(VerifikationPosted("A", str(number), date(2024, 3, 1), rows), 1)


def comment(number: int, text: str = "Vakanser") -> Encoded:
    """Version `number` of one comment: a fact that is no posting and has a private part."""
    return encode(KommentarWritten(2024, 12, "driftsammandrag", "KS", text), number)


def command(
    command_id: str,
    *facts: Encoded,
    touches: Collection[str] = (),
    reads: Collection[str] = (),
    as_of: int = 0,
    **fields: str,
) -> Append:
    """A command by `a-1`; keyword arguments are the digests of its body fields."""
    return Append(command_id, fields, "a-1", "oppet", facts, touches, reads, as_of)


def commit(log: FactLog, *appends: Append) -> list[Any]:
    """Commit as one group; each member's receipt or refusal."""
    group = [Member(append.facts, append) for append in appends]
    for _ in log._recorder.commit(group):  # noqa: SLF001 - a group is made by chance only from outside
        pass
    return [member.refusal or member.receipt for member in group]
