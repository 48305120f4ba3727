"""Forecasts and comments."""

from __future__ import annotations

from ledger.domain.events import KommentarWritten, PrognosSubmitted, UnitClosed
from ledger.domain.koder import AmountIsTooLarge, CodeIsNotValid, CodeIsUnknown, YearIsUnknown
from ledger.domain.kommentar import KommentarHasNoMonth, KommentarHasNoPlace, WriteKommentar
from ledger.domain.prognos import (
    PrognosHasNoRows,
    PrognosHasNoUnit,
    PrognosIsOtherwise,
    PrognosslagIsUnknown,
    SubmitPrognos,
)
from ledger.domain.rader import Prognosrad
from ledger.domain.text import TextHoldsPersonnummer
from tests.domain.spec import Given, given
from tests.domain.town import TOWN, day

NETTO = Prognosrad("netto", 100_00)
SPRING = day("2024-05-02")


def town(*steps: object) -> Given:
    return given(*TOWN, *steps)


def forecast(*rader: Prognosrad, on: str = "2024-05-02", ar: int = 2024, ansvar: str = "KS") -> SubmitPrognos:
    return SubmitPrognos(day(on), ar, ansvar, rader)


def test_a_forecast_is_recorded_once() -> None:
    town().when(forecast(NETTO)).then(PrognosSubmitted(SPRING, 2024, "KS", (NETTO,)))
    town(forecast(NETTO)).when(forecast(NETTO)).then_nothing()


def test_a_newer_day_is_a_newer_forecast() -> None:
    town(forecast(NETTO)).when(forecast(NETTO._replace(belopp_ore=1), on="2024-09-01")).accepted()


def test_another_amount_of_the_same_day_is_a_conflict() -> None:
    town(forecast(NETTO)).when(forecast(NETTO._replace(belopp_ore=90_00))).refused(
        PrognosIsOtherwise, position=13, known_ore=100_00, given_ore=90_00
    )
    town(forecast(NETTO)).when(forecast(NETTO, NETTO)).refused(PrognosIsOtherwise)


def test_other_kinds_and_projects_of_the_same_day_are_added() -> None:
    bridge = Prognosrad("utgift", 7_00, "P1")
    town(forecast(NETTO)).when(forecast(NETTO, bridge)).then(PrognosSubmitted(SPRING, 2024, "KS", (bridge,)))
    stands = town(forecast(NETTO), forecast(bridge))
    stands.when(forecast(bridge, NETTO)).then_nothing()
    stands.when(forecast(bridge._replace(projekt="P2"))).accepted()


def test_rows_of_a_forecast_are_judged_by_themselves() -> None:
    town().when(forecast()).refused(PrognosHasNoRows)
    town().when(forecast(NETTO, ansvar="")).refused(PrognosHasNoUnit)
    town().when(forecast(NETTO, ansvar="NEJ")).refused(CodeIsUnknown)
    town().when(forecast(NETTO, ar=20244)).refused(YearIsUnknown)
    town().when(forecast(Prognosrad("brutto", 1))).refused(PrognosslagIsUnknown)
    town().when(forecast(Prognosrad("utgift", 1, "P9"))).refused(CodeIsUnknown, kolumn="projekt")
    town().when(forecast(Prognosrad("netto", 2**53))).refused(AmountIsTooLarge)
    town().when(forecast(Prognosrad("netto", 1, None, "Anna 850709-9805"))).refused(TextHoldsPersonnummer)


def test_the_unit_is_valid_on_the_day_of_the_forecast_whatever_its_year() -> None:
    closed = town(UnitClosed("KS", day("2024-05-01")))
    closed.when(forecast(NETTO)).refused(CodeIsNotValid)
    closed.when(forecast(NETTO, on="2024-05-01", ar=2025)).accepted()


def comment(
    text: str = "Högre löner", tom: int = 3, rapport: str = "driftsammandrag", rad: str = "KS"
) -> WriteKommentar:
    return WriteKommentar(2024, tom, rapport, rad, text)


def test_a_comment_is_written_and_the_newest_counts() -> None:
    town().when(comment()).then(KommentarWritten(2024, 3, "driftsammandrag", "KS", "Högre löner"))
    town(comment()).when(comment()).then_nothing()
    town(comment(), comment("Annat")).when(comment()).accepted()


def test_a_comment_has_month_place_and_text() -> None:
    town().when(comment(tom=13)).refused(KommentarHasNoMonth)
    town().when(comment(tom=0, rad="", text="")).refused(KommentarHasNoMonth, KommentarHasNoPlace, KommentarHasNoPlace)
    town().when(comment("850709-9805")).refused(TextHoldsPersonnummer)
    town().when(WriteKommentar(0, 3, "r", "KS", "x")).refused(YearIsUnknown)
