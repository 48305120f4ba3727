"""A municipality's way into an empty ledger: week by week through the choke point, at the time when it happened."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from benchmarks.municipality import Municipality
from benchmarks.weeks import Correction, Week, weeks
from ledger.application import Ledger
from ledger.batch import Batch
from ledger.domain.events import DECISIONS
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.roll import Caller
from ledger.main import VERSION
from ledger.recording.katalog import prepare
from ledger.recording.store import FactLog

#: Whoever records in a benchmark.
CALLER: Final = Caller("a-1", "ekonom")


class Calendar:
    """A clock that stands still until it is set, and goes as ours once it is let go."""

    def __init__(self, moment: datetime | None = None) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The time."""
        return self.moment or datetime.now(UTC)


def opened(url: str, clock: Calendar | None = None) -> FactLog:
    """The log of a database, made where there is none."""
    prepare(url)
    return FactLog.open(url, clock=clock or Calendar(), salt=lambda: os.urandom(16))


def new_id() -> str:
    """A command id as the house makes them."""
    return str(uuid4())


def found(log: FactLog, town: Municipality, clock: Calendar, vouchers: int = 0) -> Ledger:
    """Record the life of the municipality with so many vouchers; the ledger, with its books folded.

    `clock` is the log's own: it is set to every week in turn, and let go at the end.
    """
    ledger = Ledger(log)
    batch: Batch | None = None
    for week in weeks(town, vouchers):
        clock.moment = week.moment
        if batch is None:
            ledger.open("Exempelkommun", VERSION, CALLER)
            batch = Batch(ledger, CALLER, new_id)
        _record(batch, week)
        corrections = [command for command in week.commands if isinstance(command, Correction)]
        for correction in corrections:
            _put_right(ledger, correction)
        if corrections:
            # Its books do not know of what others record.
            batch = None
    clock.moment = None
    ledger.catch_up()
    return ledger


def _record(batch: Batch, week: Week) -> None:
    """One week as one file. Errors: Refused – the generator has broken a rule."""
    name = f"vecka-{week.moment:%Y-%m-%d}"
    underlag = batch.take(name, "utfall", f"{name}.csv")
    for command in week.commands:
        if not isinstance(command, Correction):
            batch.judge(underlag, command)
    for refused in batch.vouchers(underlag, week.vouchers).values():
        raise refused
    batch.record(underlag, (2, len(underlag.facts) + 1))


def _put_right(ledger: Ledger, correction: Correction) -> None:
    wrong = correction.wrong
    fact = DECISIONS[wrong.typ](wrong.beslutsorgan, wrong.beslutsdatum, (), wrong.paragraf, wrong.diarienummer)
    position = ledger.log.stream(fact.stream)[-1].position
    ledger.execute(CorrectRegistrering(position, correction.right), CALLER, new_id())
