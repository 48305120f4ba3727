"""A year's bokslut: when it may be decided, what the next year begins with, and that it stays decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.batch import Batch
from ledger.domain.beslut import DecideInvesteringsram
from ledger.domain.bokslut import (
    BokslutHasNoOrgan,
    BokslutIsDecidedAfterTheYear,
    CloseYear,
    OrganMayNotCloseYear,
    YearHasOpenMonths,
    YearIsClosedAlready,
    months,
)
from ledger.domain.events import VerifikationPosted
from ledger.domain.events_behorighet import Ingaende, LatePosted, YearClosed
from ledger.domain.period import ClosePeriod, OpenPeriod, OriginalDateIsNotEarlier, PeriodIsClosed
from ledger.domain.rader import Summarad, Utfallsrad
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.rorelse import Rorelse
from ledger.domain.utfall import ReportUtfall
from ledger.recording.store import FactLog
from tests.machine.commands import TOWN
from tests.machine.racing import EKONOM, paper
from tests.machine.running import counting, ticking

FRAME = DecideInvesteringsram("KF", date(2023, 11, 28), (Rorelse(1_000, "utgift", 2024, None, "A", projekt="P"),))
CLOSE = CloseYear(2024, "kommunfullmäktige", date(2025, 4, 22), "88")


def leverans(month: str, amount: int, projekt: str = "P", slag: str = "utgift") -> ReportUtfall:
    rad = Utfallsrad(amount, "A", "5" if slag == "utgift" else "3", slag, "V", projekt=projekt)
    return ReportUtfall(month, "A", (Summarad(date.fromisoformat(f"{month}-15"), rad),))


class House:
    def __init__(self, log: FactLog) -> None:
        self.log, self.ledger, self.count = log, Ledger(log), 0
        self.do(*TOWN, FRAME, leverans("2023-12", 70), leverans("2024-03", 400), leverans("2025-01", 9))
        self.do(leverans("2024-05", -30, slag="inkomst"), replace(leverans("2024-03", 450), ersatt=True))

    def do(self, *commands: Any) -> None:
        for command in commands:
            self.count += 1
            self.ledger.execute(command, EKONOM, f"k-{self.count}")

    def refused(self, command: Any, rule: type[Refusal]) -> str:
        with pytest.raises(Refused) as refused:
            self.do(command)
        (found,) = [refusal for refusal in refused.value.refusals if isinstance(refusal, rule)]
        return found.sentence()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url = f"sqlite:///{tmp_path_factory.mktemp('bokslut') / 'l.db'}"
    with FactLog.open(url, clock=ticking(), salt=counting()) as log:
        yield House(log)


def test_what_is_found_late_is_posted_in_an_open_month_and_keeps_its_date(house: House) -> None:
    late = replace(paper("7"), bokforingsdatum=date(2025, 3, 1), ursprungsdatum=date(2024, 12, 30))
    house.refused(replace(late, ursprungsdatum=date(2025, 3, 1)), OriginalDateIsNotEarlier)
    house.do(late)
    posted, noted = (recorded.fact for recorded in house.log.read()[-2:])
    assert isinstance(posted, VerifikationPosted)
    assert noted == LatePosted("A", "7", 2025, date(2024, 12, 30))
    head = house.log.head()
    house.do(late)
    assert house.log.head() == head
    batch = Batch(house.ledger, EKONOM, lambda: "fil")
    underlag = batch.take("ab" * 32, "utfall", "sen.csv")
    assert (
        batch.vouchers(
            underlag, [late, replace(late, vernr="8"), replace(paper("9"), bokforingsdatum=date(2025, 3, 1))]
        )
        == {}
    )
    assert batch.record(underlag, (2, 5)).facts == 3
    assert house.log.verify().ok


def test_a_year_is_closed_when_its_months_are(house: House) -> None:
    house.do(*(ClosePeriod(month) for month in months(2024)[:-1]))
    assert "(2024-12)" in house.refused(CLOSE, YearHasOpenMonths)
    house.do(ClosePeriod("2024-12"))
    house.refused(replace(CLOSE, beslutsdatum=date(2024, 12, 31)), BokslutIsDecidedAfterTheYear)
    house.refused(replace(CLOSE, beslutsorgan=""), BokslutHasNoOrgan)
    for organ in ("A", "ekonomichefen", "Skolnämnden"):
        said = house.refused(replace(CLOSE, beslutsorgan=organ), OrganMayNotCloseYear)
        assert f"{organ} kan inte fastställa bokslutet för 2024" in said
        assert "det gör kommunfullmäktige eller kommunstyrelsen" in said

    house.do(CLOSE)

    fact = house.log.read()[-1].fact
    # 70 the year before and 450 of the year, less what was replaced; 1 000 of frame and 450 used.
    assert fact == YearClosed(2024, "kommunfullmäktige", date(2025, 4, 22), (Ingaende("P", 520, 30, 550),), "88")
    house.refused(replace(CLOSE, paragraf="89"), YearIsClosedAlready)
    house.refused(OpenPeriod("2024-12", "Sen faktura"), YearIsClosedAlready)
    house.refused(leverans("2024-12", 5, projekt="Q"), PeriodIsClosed)
    house.do(leverans("2025-02", 5, projekt="Q"))
