"""Periods by förvaltning: open, closing, closed, and open again; and the checklist between."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain import bokslut
from ledger.domain.bokslut import CloseYear, OrganMayNotCloseYear
from ledger.domain.events import BudgetAdopted, KontoDefined, PeriodClosed, VerifikationPosted
from ledger.domain.events_behorighet import (
    ClosingBegun,
    FilRegistered,
    ForvaltningClosed,
    ForvaltningOpened,
    YearClosed,
)
from ledger.domain.fact import Fact
from ledger.domain.inbox import Syssla, to_do
from ledger.domain.period import (
    BeginClosing,
    ChecklistHasMore,
    ClosePeriod,
    ClosingHasNotBegun,
    OpeningHasNoReason,
    OpenPeriod,
    PeriodIsAlreadySo,
    period_is_closed,
    posting_refusals,
)
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad, Utfallsrad
from ledger.domain.refusal import Refused
from ledger.domain.rorelse import Rorelse
from tests.domain.hall import ADMIN, EKONOM, LINKOPING, OTHER_ADMIN, TODAY, Hall, move

MARCH, EKON = "2024-03", "KS-KLF"
BEGIN, CLOSE = BeginClosing(MARCH, EKON), ClosePeriod(MARCH, None, EKON)


def voucher(ansvar: str) -> VerifikationPosted:
    return VerifikationPosted("A", "1", date(2024, 3, 31), (Utfallsrad(1, ansvar, "5010", "kostnad"),))


def test_a_month_goes_from_open_through_closing_to_closed() -> None:
    hall = Hall(*LINKOPING)
    hall.refused(CLOSE, EKONOM, ClosingHasNotBegun)
    assert hall.do(BEGIN, EKONOM) == [ClosingBegun(MARCH, EKON)]
    hall.refused(BEGIN, EKONOM, PeriodIsAlreadySo)
    assert not list(posting_refusals(hall.books, [voucher("EKON-RED")]))
    assert hall.do(CLOSE, EKONOM) == [ForvaltningClosed(MARCH, EKON)]
    hall.refused(CLOSE, EKONOM, PeriodIsAlreadySo)


def test_a_closed_month_takes_no_postings_on_the_units_under_the_forvaltning() -> None:
    hall = Hall(*LINKOPING, ForvaltningClosed(MARCH, EKON))
    (refusal,) = posting_refusals(hall.books, [voucher("EKON-RED")])
    assert refusal.sentence().startswith("Perioden 2024-03 för KS-KLF är stängd")
    assert not list(posting_refusals(hall.books, [voucher("VSS-HR")]))
    april = VerifikationPosted("A", "1", date(2024, 4, 1), voucher("EKON-RED").rader)
    assert not list(posting_refusals(hall.books, [april]))


def test_to_open_again_takes_a_reason_and_two_people() -> None:
    hall = Hall(*LINKOPING, ForvaltningClosed(MARCH, EKON)).order()
    hall.refused(OpenPeriod(MARCH, " ", EKON), ADMIN, OpeningHasNoReason)
    hall.do(OpenPeriod(MARCH, "Sen faktura", EKON), ADMIN)
    assert hall.books.periods.lage(MARCH, EKON) == "stangd"
    assert hall.confirm(OTHER_ADMIN)[0] == ForvaltningOpened(MARCH, EKON, "Sen faktura")
    assert hall.books.periods.lage(MARCH, EKON) == "oppen"
    hall.refused(OpenPeriod(MARCH, "x", EKON), ADMIN, PeriodIsAlreadySo)


def test_the_checklist_says_what_is_left() -> None:
    budget = BudgetAdopted("KF", date(2023, 11, 28), (Rorelse(100, "netto", 2024, None, "KLF-HR"),))
    konto = KontoDefined("5010", "Löner", "kostnad", date(2022, 1, 1))
    fil = FilRegistered("ab" * 32, "budget", 1, 1, "d1", "budget.csv")
    hall = Hall(*LINKOPING, budget, konto, fil).draft(move(1, "EKON-RED", "EKON-UPP"))
    hall.do(BEGIN, EKONOM)
    said = hall.refused(CLOSE, EKONOM, ChecklistHasMore)
    assert said == (
        "Kvar att göra innan KS-KLF stänger 2024-03: ärenden som väntar på attest (KS 1), filer som väntar på en andra "
        "person (budget.csv), enheter utan periodisering (KLF-HR) och enheter med budget men utan prognos (KLF-HR). "
        "Gör det, eller skriv i motivering varför perioden stängs ändå."
    )
    (waits,) = todo(hall, "stang")
    assert waits.text.startswith("KS-KLF stänger 2024-03: kvar är ärenden som väntar på attest (KS 1), filer")
    hall.do(SubmitPrognos(date(2024, 3, 31), 2024, "KLF-HR", (Prognosrad("netto", 100),)), EKONOM)
    assert "prognos" not in hall.refused(CLOSE, EKONOM, ChecklistHasMore)
    hall.do(ClosePeriod(MARCH, "Resten görs i april", EKON), EKONOM)
    assert todo(hall, "stang") == []


def todo(hall: Hall, slag: str) -> list[Syssla]:
    return [one for one in to_do(hall.books, EKONOM, TODAY) if one.slag == slag]


def close_2023(organ: str) -> list[Fact]:
    """What comes of the bokslut of a year whose months are closed, decided by an organ."""
    stands = Hall(*LINKOPING, *(PeriodClosed(month) for month in bokslut.months(2023)))
    return bokslut.decide(stands.books, CloseYear(2023, organ, date(2024, 4, 23)))


@pytest.mark.parametrize("organ", ["kommunfullmäktige", "KF", "Regionfullmäktige", "kommunstyrelsen", "KS"])
def test_a_year_is_closed_by_who_decides_for_all_of_it(organ: str) -> None:
    (fact,) = close_2023(organ)
    assert isinstance(fact, YearClosed)


@pytest.mark.parametrize("organ", ["BUN", "Barn- och ungdomsnämnden", "KS-KLF", "förvaltningschef"])
def test_nobody_else_closes_a_year(organ: str) -> None:
    with pytest.raises(Refused) as refused:
        close_2023(organ)
    (refusal,) = refused.value.refusals
    assert isinstance(refusal, OrganMayNotCloseYear)
    assert "det gör kommunfullmäktige eller kommunstyrelsen" in refusal.sentence()


def test_whoever_posts_in_a_closed_year_is_not_told_to_open_it() -> None:
    stands = Hall(*LINKOPING, *(PeriodClosed(month) for month in bokslut.months(2023)))
    open_year = period_is_closed(stands.books, "2023-12", {"EKON-RED"}, "2023-12-31").sentence()
    closed = Hall(*stands.facts, YearClosed(2023, "kommunstyrelsen", date(2024, 4, 23), ()))
    sentence = period_is_closed(closed.books, "2023-12", {"EKON-RED"}, "2023-12-31").sentence()

    assert open_year.endswith("eller öppna perioden igen.")
    assert "bokför i 2024-01, som är nästa öppna" in sentence
    assert "öppna perioden" not in sentence
    closed.refused(OpenPeriod("2023-12", "Sen faktura"), EKONOM, bokslut.YearIsClosedAlready)
