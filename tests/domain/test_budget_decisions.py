"""The nine kinds of budget decision: which columns each must and must not have, and which codes."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from ledger.domain import beslut_refusals as no
from ledger.domain.events import KontoDefined, UnitClosed, VerksamhetDefined
from ledger.domain.koder import AmountIsTooLarge, CodeIsNotValid, CodeIsUnknown, YearIsUnknown
from ledger.domain.kodstrang import BESLUTSTYPER, BOOKS_SIGN, SLAG
from ledger.domain.rorelse import Rorelse, sides
from ledger.domain.text import TextHoldsPersonnummer
from tests.domain.spec import given
from tests.domain.town import TOWN, budget, day, decide, decided, move

#: A movement of each kind that is right, where money enough stands.
RIGHT: Final[dict[str, Rorelse]] = {
    "budget": move(till_ansvar="KS"),
    "investeringsram": move(slag="utgift", till_ansvar="KLF", projekt="P1"),
    "totalutgift": move(slag="utgift", till_ansvar="KLF", projekt="P1"),
    "ramjustering": move(till_ansvar="KS", text="Tillägg"),
    "internbudget": move(fran_ansvar="KS", till_ansvar="KLF"),
    "omfordelning": move(fran_ansvar="KLF", till_ansvar="BUN"),
    "ombudgetering": move(slag="utgift", fran_ansvar="KLF", till_ansvar="KLF", projekt="P1", till_ar=2025),
    "periodisering": move(1000, fran_ansvar="KS", till_ansvar="KS", period=3),
    "detaljbudget": move(slag="kostnad", fran_ansvar="KLF", till_ansvar="KLF", konto="5010"),
}
STANDS = (
    *TOWN,
    budget("2023-06-01", 1000),
    decide("investeringsram", "2023-06-01", move(500, "utgift", till_ansvar="KLF", projekt="P1")),
)


@pytest.mark.parametrize("typ", BESLUTSTYPER)
def test_a_decision_that_is_right_is_recorded_as_one_fact(typ: str) -> None:
    given(*STANDS).when(decide(typ, "2023-11-28", RIGHT[typ])).then(decided(typ, "2023-11-28", RIGHT[typ]))


@pytest.mark.parametrize("typ", BESLUTSTYPER)
def test_the_same_decision_again_adds_nothing(typ: str) -> None:
    command = decide(typ, "2023-11-28", RIGHT[typ])
    given(*STANDS, command).when(command).then_nothing()


SIDE_FAULTS = [
    ("budget", {"fran_ansvar": "KS"}, no.MoneyComesFromFullmaktige),
    ("budget", {"till_ansvar": None}, no.SideIsMissing),
    ("investeringsram", {"fran_ansvar": "KS"}, no.MoneyComesFromFullmaktige),
    ("investeringsram", {"till_ansvar": None}, no.SideIsMissing),
    ("totalutgift", {"fran_ansvar": "KS"}, no.MoneyComesFromFullmaktige),
    ("totalutgift", {"projekt": None}, no.TotalutgiftNeedsProjekt),
    ("ramjustering", {"fran_ansvar": "KLF"}, no.RamjusteringNeedsOneSide),
    ("ramjustering", {"till_ansvar": None}, no.RamjusteringNeedsOneSide),
    ("ramjustering", {"text": None}, no.RamjusteringHasNoText),
    ("ramjustering", {"text": ""}, no.RamjusteringHasNoText),
    ("internbudget", {"fran_ansvar": None}, no.SideIsMissing),
    ("internbudget", {"till_ansvar": None}, no.SideIsMissing),
    ("omfordelning", {"fran_ansvar": None}, no.SideIsMissing),
    ("omfordelning", {"till_ansvar": None}, no.SideIsMissing),
    ("omfordelning", {"till_ar": 2025}, no.ColumnBelongsElsewhere),
    ("ombudgetering", {"till_ansvar": "BUN"}, no.SidesAreNotTheSameUnit),
    ("ombudgetering", {"till_ar": None}, no.OmbudgeteringNeedsLaterYear),
    ("ombudgetering", {"till_ar": 2024}, no.OmbudgeteringNeedsLaterYear),
    ("ombudgetering", {"till_ar": 2023}, no.OmbudgeteringNeedsLaterYear),
    ("periodisering", {"till_ansvar": "KLF"}, no.SidesAreNotTheSameUnit),
    ("periodisering", {"period": None}, no.PeriodiseringNeedsMonth),
    ("periodisering", {"period": 13}, no.MonthIsUnknown),
    ("budget", {"period": 0}, no.MonthIsUnknown),
    ("budget", {"ersatter": True}, no.ColumnBelongsElsewhere),
    ("budget", {"finansiering": "eget kapital"}, no.ColumnBelongsElsewhere),
    ("budget", {"till_ar": 2025}, no.ColumnBelongsElsewhere),
    ("detaljbudget", {"fran_ansvar": None}, no.SideIsMissing),
    ("detaljbudget", {"till_ansvar": None}, no.SideIsMissing),
]


@pytest.mark.parametrize(("typ", "columns", "rule"), SIDE_FAULTS)
def test_each_kind_has_columns_that_it_must_and_must_not_have(typ: str, columns: dict[str, Any], rule: Any) -> None:
    given(*STANDS).when(decide(typ, "2023-11-28", RIGHT[typ]._replace(**columns))).refused(rule, rad=0)


INVESTMENT = ("utgift", "inkomst")
RUNNING = ("netto", "kostnad", "intakt")


@pytest.mark.parametrize("slag", [*SLAG, "okänt", ""])
@pytest.mark.parametrize("typ", BESLUTSTYPER)
def test_each_kind_moves_running_money_or_investments(typ: str, slag: str) -> None:
    fits: dict[str, tuple[str, ...]] = {
        "investeringsram": INVESTMENT,
        "totalutgift": INVESTMENT,
        "ombudgetering": INVESTMENT,
    }
    fits |= dict.fromkeys(("ramjustering", "internbudget", "omfordelning"), SLAG)
    outcome = given(*STANDS).when(decide(typ, "2023-11-28", RIGHT[typ]._replace(slag=slag, belopp_ore=0)))
    refused = any(isinstance(refusal, no.SlagDoesNotFit) for refusal in outcome.refusals)
    assert refused is (slag not in fits.get(typ, RUNNING))


@pytest.mark.parametrize(
    ("columns", "rule", "kolumn"),
    [
        ({"fran_ansvar": "NEJ"}, CodeIsUnknown, "fran_ansvar"),
        ({"till_ansvar": "NEJ"}, CodeIsUnknown, "till_ansvar"),
        ({"verksamhet": "999"}, CodeIsUnknown, "verksamhet"),
        ({"till_verksamhet": "999"}, CodeIsUnknown, "till_verksamhet"),
        ({"konto": "9999"}, CodeIsUnknown, "konto"),
        ({"projekt": "P9"}, CodeIsUnknown, "projekt"),
        ({"ar": 2019}, CodeIsNotValid, "fran_ansvar"),
        ({"ar": 0}, YearIsUnknown, "ar"),
        ({"ar": 12024}, YearIsUnknown, "ar"),
        ({"belopp_ore": 2**53}, AmountIsTooLarge, "belopp"),
        ({"text": "för Anna 850709-9805"}, TextHoldsPersonnummer, "text"),
    ],
)
def test_codes_years_amounts_and_texts_are_judged(columns: dict[str, Any], rule: Any, kolumn: str) -> None:
    outcome = given(*STANDS).when(decide("omfordelning", "2023-11-28", RIGHT["omfordelning"]._replace(**columns)))
    assert type(outcome.refusals[0]) is rule
    assert outcome.refusals[0].kolumn == kolumn


def test_a_unit_need_only_be_valid_on_some_day_of_the_year() -> None:
    closes = given(*STANDS, UnitClosed("BUN", day("2024-01-01")))
    closes.when(budget("2023-11-28", 1, 2024, "BUN")).accepted()
    closes.when(budget("2023-11-28", 1, 2025, "BUN")).refused(CodeIsNotValid, kolumn="till_ansvar")


def test_codes_of_a_chart_need_only_be_valid_on_some_day_of_the_year() -> None:
    new = (VerksamhetDefined("700", "Ny", day("2024-12-31")), KontoDefined("7", "N", "kostnad", day("2024-12-31")))
    town = given(*STANDS, *new)
    codes: list[dict[str, Any]] = [{"verksamhet": "700"}, {"konto": "7"}]
    for code in codes:
        town.when(decide("budget", "2023-11-28", move(till_ansvar="KS", **code))).accepted()
        town.when(decide("budget", "2023-11-28", move(ar=2023, till_ansvar="KS", **code))).refused(CodeIsNotValid)


def test_an_ombudgetering_needs_its_unit_in_both_years() -> None:
    closes = given(*STANDS, UnitClosed("KLF", day("2024-12-31")))
    closes.when(decide("ombudgetering", "2024-03-01", RIGHT["ombudgetering"])).refused(
        CodeIsNotValid, kolumn="till_ansvar"
    )


def test_the_head_of_a_decision_is_judged() -> None:
    row = RIGHT["budget"]
    town = given(*STANDS)
    town.when(decide("budget", "2023-11-28", row, organ="")).refused(no.BeslutsorganIsMissing)
    town.when(decide("budget", "2023-11-28")).refused(no.BeslutHasNoRows)
    town.when(decide("budget", "2023-11-28", row, status="klart")).refused(no.StatusIsUnknown)
    town.when(decide("budget", "2023-11-28", row, paragraf="850709-9805")).refused(TextHoldsPersonnummer)
    town.when(decide("budget", "2023-11-28", row, kontrollsumma_ore=2**60)).refused(AmountIsTooLarge)


def test_the_beslutsorgan_is_kept_as_written_in_oppet_lage() -> None:
    given(*STANDS).when(decide("budget", "2023-11-28", RIGHT["budget"], organ="vaktmästaren")).accepted()


def test_faults_come_in_the_order_head_rows_codes() -> None:
    wrong = move(slag="utgift", till_ansvar="NEJ")
    also = move(till_ansvar="NEJ", konto="9")
    given(*TOWN).when(decide("budget", "2023-11-28", wrong, also, organ="")).refused(
        no.BeslutsorganIsMissing, no.SlagDoesNotFit, CodeIsUnknown, CodeIsUnknown
    )


def test_a_faulty_row_is_named_before_a_conflict_and_a_conflict_before_a_balance() -> None:
    known = decide("internbudget", "2023-12-01", RIGHT["internbudget"])
    town = given(*STANDS, known)
    changed = RIGHT["internbudget"]._replace(belopp_ore=10**12)
    town.when(decide("internbudget", "2023-12-01", changed)).refused(no.BeslutIsOtherwise)
    town.when(decide("internbudget", "2023-12-01", changed._replace(period=13))).refused(no.MonthIsUnknown)


amounts = st.integers(-(10**9), 10**9)
units = st.sampled_from(["KS", "KLF", "BUN"])


@over(
    typ=st.sampled_from(BESLUTSTYPER), belopp=amounts, slag=st.sampled_from(SLAG), unit=units, other=units,
    verksamhet=st.sampled_from([None, "100"]), till_verksamhet=st.sampled_from([None, "440"]),
    konto=st.sampled_from([None, "5010"]), period=st.sampled_from([None, 1, 12]),
)  # fmt: skip
def test_every_movement_sums_to_zero_between_its_two_sides(typ: str, belopp: int, slag: str, **columns: Any) -> None:
    row = Rorelse(
        belopp, slag, 2024, columns["unit"], columns["other"], columns["verksamhet"], columns["till_verksamhet"],
        columns["konto"], None, 2025 if typ == "ombudgetering" else None, columns["period"],
    )  # fmt: skip
    found = list(sides(typ, row))
    assert len(found) == 2
    assert sum(side.belopp_ore for side in found) == 0
    assert found[1].belopp_ore == BOOKS_SIGN[slag] * belopp
    blank = row._replace(fran_ansvar=None)
    assert [side.belopp_ore for side in sides(typ, blank)] == [BOOKS_SIGN[slag] * belopp]


def test_an_income_in_a_detaljbudget_leaves_as_much_more_to_spend() -> None:
    row = move(slag="intakt", fran_ansvar="KLF", till_ansvar="KLF", konto="3010")
    netto, intakt = sides("detaljbudget", row)
    assert (netto.slag, netto.konto, netto.belopp_ore) == ("netto", None, 100_00)
    assert (intakt.slag, intakt.konto, intakt.belopp_ore) == ("intakt", "3010", -100_00)
