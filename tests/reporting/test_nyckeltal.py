"""Mått and their values: which counts, which column it stands in, and whether a target is reached."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.events import RegistreringCorrected
from ledger.domain.events_uppfoljning import MattDefined, Matvarde, MatvardenReported
from ledger.interchange.matt_file import read
from ledger.reporting.matt import Vardesrad, judged
from projections.nyckeltal import REPORT
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, day


def matt(code: str, slag: str = "personal", **more: Any) -> MattDefined:
    return MattDefined(code, more.pop("namn", code), slag, day("2020-01-01"), **more)


def given(datum: str, *rader: Matvarde, ansvar: str = "EKON") -> MatvardenReported:
    return MatvardenReported(day(datum), ansvar, rader)


def value(code: str, ar: int, written: str, sort: str = "utfall", **more: Any) -> Matvarde:
    found = read(written, is_target=sort == "mal")
    assert found is not None
    digits, decimals = found.tal or (None, 0)
    return Matvarde(code, ar, sort, digits, decimals, villkor=found.villkor, kod=found.kod, **more)


FACTS = [
    *TOWN,
    matt("SJUK", namn="Total sjukfrånvaro", enhet="%", riktning="lagre"),
    matt("ARENDEN", "volym", namn="Ärenden"),
    matt("WEBB", "volym", namn="varav webb", del_av="ARENDEN"),
    given(
        "2024-01-31",
        value("SJUK", 2023, "6,30"),
        value("SJUK", 2024, "≤6.5", "mal"),
        value("SJUK", 2023, "3.4", kon="man"),
        value("WEBB", 2024, "1 200", "plan"),
        value("WEBB", 2025, "1 300", "plan"),
    ),
    given("2024-04-15", value("SJUK", 2024, "6,4", tom=3), value("SJUK", 2023, "6,8", tom=3)),
    given("2025-01-31", value("SJUK", 2024, "I.U.", text="kommer i maj"), value("SJUK", 2023, "6,31")),
]


@pytest.fixture(scope="module")
def desk() -> Any:
    made = Desk(FACTS, reports=[REPORT])
    yield made
    made.close()


def test_the_newest_value_counts_and_decimals_stand_as_they_were_given(desk: Desk) -> None:
    found = rows(desk.ask("nyckeltal", ar=2024))["SJUK.EKON"]
    assert (found["utfall_2023"], found["utfall_2024"], found["mal_2024"]) == ("6.31", "I.U.", "≤6.5")
    assert rows(desk.ask("nyckeltal", ar=2024, beslutad="2024-12-31"))["SJUK.EKON"]["utfall_2023"] == "6.30"
    known = len(FACTS) - 1
    assert "utfall_2024" not in rows(desk.ask("nyckeltal", ar=2024, kand=f"@{known}"))["SJUK.EKON"]


def test_a_part_of_a_year_has_its_own_columns_and_is_judged_by_them(desk: Desk) -> None:
    answer = desk.ask("nyckeltal", ar=2024, tom=3, slag="personal")
    assert [k.rubrik for k in answer.kolumner if k.form == "tal"] == [
        *("Utfall 2023", "Utfall jan–mar 2023", "Utfall jan–mar 2024", "Mål 2024")
    ]
    assert rows(answer)["SJUK.EKON"]["bedomning"] == "uppnått"
    assert rows(desk.ask("nyckeltal", ar=2024))["SJUK.EKON"]["bedomning"] == "bedöms inte: utfall saknas"


def test_women_and_men_stand_under_the_total_and_parts_under_what_they_are_parts_of(desk: Desk) -> None:
    answer = desk.ask("nyckeltal", ar=2024)
    assert [(r.nyckel, r.namn, r.indrag) for r in answer.rader] == [
        ("volym", "Volymtal", 0),
        ("ARENDEN", "Ärenden", 1),
        ("WEBB.EKON", "varav webb", 2),
        ("personal", "Personal", 0),
        ("SJUK.EKON", "Total sjukfrånvaro", 1),
        ("SJUK.EKON.man", "Män", 2),
    ]
    assert rows(answer)["WEBB.EKON"]["plan_2025"] == "1300"
    assert rows(answer)["SJUK.EKON"]["noter"] == "Utfall 2024: kommer i maj"
    assert answer.fotnoter[-1] == "I.U. = ingen uppgift."


def test_a_year_or_a_unit_with_nothing_is_empty_and_says_so(desk: Desk) -> None:
    for answer in (desk.ask("nyckeltal", ar=1999), desk.ask("nyckeltal", ar=2024, ansvar="HR")):
        assert answer.rader == ()
        assert answer.fotnoter[-1].startswith("Inga mätvärden är lämnade för")


def test_women_and_men_without_a_total_name_their_matt_and_several_units_say_whose() -> None:
    women, men = value("SJUK", 2024, "7,1", kon="kvinnor"), value("SJUK", 2024, "4", kon="man")
    desk = Desk([*FACTS, given("2025-02-01", women, men, ansvar="HR")], reports=[REPORT])
    answer = desk.ask("nyckeltal", ar=2024, slag="personal")
    assert [(r.nyckel, r.namn, r.indrag) for r in answer.rader[1:]] == [
        ("SJUK.EKON", "Total sjukfrånvaro", 1),
        ("SJUK.EKON.man", "Män", 2),
        ("SJUK.HR.kvinnor", "Total sjukfrånvaro, kvinnor", 1),
        ("SJUK.HR.man", "Total sjukfrånvaro, män", 1),
    ]
    assert "ansvar" in answer.utskrift
    assert "ansvar" not in desk.ask("nyckeltal", ar=2024, ansvar="HR").utskrift
    desk.close()


def test_a_wrong_registration_gives_way_to_the_right_one() -> None:
    wrong, right = given("2024-02-01", value("SJUK", 2023, "99")), given("2024-02-01", value("SJUK", 2023, "9,9"))
    facts = [*FACTS[:10], wrong]
    desk = Desk([*facts, RegistreringCorrected(len(facts), wrong, right)], reports=[REPORT])
    assert rows(desk.ask("nyckeltal", ar=2024))["SJUK.EKON"]["utfall_2023"] == "9.9"
    assert rows(desk.ask("nyckeltal", ar=2024, kand=f"@{len(facts)}"))["SJUK.EKON"]["utfall_2023"] == "99"
    desk.close()


def said(text: str, *, is_target: bool = False) -> Vardesrad:
    rad = value("X", 2024, text, "mal" if is_target else "utfall")
    return Vardesrad(
        day("2024-12-31"), "KS", "X", 2024, rad.sort, rad.varde, rad.decimaler, None, None, rad.villkor, rad.kod
    )


@pytest.mark.parametrize(
    ("target", "outcome", "before", "riktning", "expected"),
    [
        ("≥4.0", "4", None, None, "uppnått"),
        ("≥4.0", "3,99", None, None, "ej uppnått"),
        ("≤±5", "-5", None, None, "uppnått"),
        ("<±1", "-1,0", None, None, "ej uppnått"),
        ("Mindre än 23", "22,9", None, None, "uppnått"),
        ("Ej negativ", "0", None, None, "uppnått"),
        ("Ej negativ", "-0,1", None, None, "ej uppnått"),
        ("Öka", "69", "61", None, "uppnått"),
        ("Minska", "69", "69", None, "ej uppnått"),
        ("Minska", "69", "I.U.", None, "bedöms inte: föregående år saknas"),
        ("Behålla", "91", "87", "hogre", "uppnått"),
        ("Behålla", "91", "87", None, "ej uppnått"),
        ("Behålla", "8,0", "8", None, "uppnått"),
        ("80", "75", None, None, "bedöms inte: måttets riktning saknas"),
        ("80", "80,0", None, None, "uppnått"),
        ("7,5", "7,4", None, "lagre", "uppnått"),
        ("80", "75", None, "hogre", "ej uppnått"),
        ("80", "N/A", None, "hogre", "bedöms inte: utfall saknas"),
        ("-", "80", None, "hogre", "bedöms inte: mål saknas"),
    ],
)
def test_whether_a_target_is_reached(
    target: str, outcome: str, before: str | None, riktning: str | None, expected: str
) -> None:
    was = said(before) if before else None
    assert judged(said(target, is_target=True), said(outcome), was, riktning) == expected
