"""The municipality in a ledger of its own on one backend, recorded with the same clock, salts and ids on each."""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple, Self
from unittest.mock import patch

from benchmarks import founding
from benchmarks.municipality import Municipality
from benchmarks.vouchers import ROWS_A_VOUCHER
from ledger.application import Ledger
from ledger.batch import Batch
from ledger.domain.fact import Fact
from ledger.domain.refusal import Refused
from ledger.elsewhere import reports_over
from ledger.recording.katalog import prepare
from ledger.recording.store import FactLog
from ledger.reporting.answer import Answer
from ledger.reporting.explaining import skillnad
from ledger.reporting.explaining.skillnad import Skillnad
from tests.asof.questions import Put

TODAY: Final = date(2025, 2, 3)

#: Vouchers a file of an import.
PAGE: Final = 10_000


class Size(NamedTuple):
    """How large a municipality: rows of outcome in vouchers, over how many years, of which seed."""

    rows: int
    years: int
    seed: int

    @property
    def municipality(self) -> Municipality:
        """The municipality itself."""
        return Municipality.of(self.seed, years=self.years)


class Town:
    """A ledger and its reports."""

    def __init__(self, url: str, *, create: bool = False, seed: int = 0) -> None:
        if create:
            prepare(url)
        self.clock = founding.Calendar()
        salts = random.Random(seed)  # noqa: S311 - the same in every ledger of the seed
        self.url = url
        self.log = FactLog.open(url, clock=self.clock, salt=lambda: salts.randbytes(16), create=create)
        self.reports = reports_over(url, self.log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.reports.runner.stop(120)
        self.reports.engine.dispose()
        self.log.close()

    def found(self, size: Size) -> Ledger:
        """Let the municipality live; its ledger."""
        with patch.object(founding, "new_id", ids(size.seed)):
            return founding.found(self.log, size.municipality, self.clock, size.rows // ROWS_A_VOUCHER)

    def post(self, ledger: Ledger, size: Size, rows: int) -> int:
        """Import that many rows more, in a serie of their own, a day after the last fact; the head."""
        newest = self.log.head().recorded_at
        assert newest
        self.clock.moment = newest + timedelta(1)
        batch = Batch(ledger, founding.CALLER, ids(size.seed + 1))
        made = iter(size.municipality.vouchers(rows // ROWS_A_VOUCHER, serie="B"))
        while page := list(islice(made, PAGE)):
            underlag = batch.take(page[0].vernr, "utfall", f"{page[0].vernr}.csv")
            for refused in batch.vouchers(underlag, page).values():
                raise refused
            batch.record(underlag, (2, len(page) + 1))
        return self.log.head().position

    def history(self) -> tuple[list[tuple[int, Fact]], list[datetime]]:
        """Every fact with its position, and when each was recorded."""
        facts: list[tuple[int, Fact]] = []
        instants: list[datetime] = []
        while page := self.log.read(len(facts)):
            facts.extend((recorded.position, recorded.fact) for recorded in page)
            instants.extend(recorded.recorded_at for recorded in page)
        return facts, instants

    # ------------------------------------------------------------ asking

    def answer(self, put: Put) -> Answer | None:
        """The answer to a question; none where it is refused."""
        try:
            return self.reports.answer(put.question.rapport, put.parameters, TODAY)
        except Refused:
            return None

    def skillnad(self, one: Put, other: Put) -> Skillnad | None:
        """The difference of two answers; none where one is refused."""
        try:
            a, b = (self.reports.question(put.question.rapport, put.parameters, TODAY) for put in (one, other))
        except Refused:
            return None
        # All facts of a cell on one page.
        with patch.object(skillnad, "PAGE_OF_FACTS", sys.maxsize):
            return self.reports.skillnad(a, b)


def digest(answer: Answer | None) -> str:
    """A fingerprint of an answer's bytes; blank for none."""
    return hashlib.sha256(answer.to_bytes()).hexdigest() if answer else ""


def ids(seed: int) -> Callable[[], str]:
    """Ids of commands, the same for the same seed."""
    dice = random.Random(f"{seed}/ids")  # noqa: S311 - as above
    return lambda: f"{dice.getrandbits(128):032x}"
