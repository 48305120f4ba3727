"""The same figures in two organisations: merges, moves, renames and closings, computed by hand on both backends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.domain.events import UnitClosed, UnitMerged
from ledger.domain.refusal import Refused
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, budget, day, kr, moved, prognos, projekt, unit, utfall, verifikation

#: At the turn of the year EKON changes its name, HR goes into it, SKOLA moves to KLF, FRITID ceases and IT begins.
REORGANISED = (
    *TOWN,
    unit("FRITID", "stab", "NA"),
    moved("EKON", "stab", "KLF", "2024-01-01", namn="Ekonomi och personal"),
    UnitMerged("HR", day("2023-12-31"), "EKON"),
    moved("SKOLA", "stab", "KLF", "2024-01-01"),
    UnitClosed("FRITID", day("2023-12-31")),
    unit("IT", "stab", "KLF", "2024-01-01"),
    budget("2023-11-20", KS=(2024, 0), EKON=(2024, 90), HR=(2024, 30)),
    utfall("2024-02-01", "EKON", 100),
    utfall("2024-02-01", "HR", 20),
    utfall("2024-02-01", "SKOLA", 50),
    utfall("2024-02-01", "FRITID", 5),
    utfall("2024-02-01", "IT", 7),
    verifikation("2024-05-01", 1, "HR", 3),
    prognos("2024-08-31", 2024, "SKOLA", ("netto", 60)),
)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    opened = Desk(REORGANISED, url=database_url)
    yield opened
    opened.close()


def column(answered: dict[str, dict[str, Any]], key: str) -> dict[str, int | None]:
    """One column of the rows of units and of the sum, in their order."""
    return {rad: cells[key] for rad, cells in answered.items() if "varav" not in rad}


def test_every_row_has_its_figure_in_both_organisations(desk: Desk) -> None:
    answered = rows(desk.ask("driftsammandrag", ar=2024, per="stab", jamfor_organisation="2023-12-31"))
    assert column(answered, "utfall") == {
        "EKON": kr(123), "HR": 0, "SKOLA": kr(50), "IT": kr(7), "FRITID": kr(5), "summa": kr(185), "VSS": 0,
    }  # fmt: skip
    assert column(answered, "utfall_org") == {
        "EKON": kr(100), "HR": kr(23), "SKOLA": kr(50), "IT": kr(7), "FRITID": kr(5), "summa": kr(185), "VSS": 0,
    }  # fmt: skip
    assert answered["EKON"]["budget"] == kr(120)
    assert (answered["EKON"]["budget_org"], answered["HR"]["budget_org"]) == (kr(90), kr(30))
    assert (answered["EKON"]["avvikelse"], answered["EKON"]["avvikelse_org"]) == (kr(-3), kr(-10))


def test_rows_stand_after_those_that_they_follow_in_their_own_tree(desk: Desk) -> None:
    asked = desk.ask("driftsammandrag", ar=2024, jamfor_organisation="fg")
    assert [rad.nyckel for rad in asked.rader][:6] == ["EKON", "HR", "SKOLA", "IT", "FRITID", "summa"]
    in_na = desk.ask("driftsammandrag", ar=2024, ansvar="NA", jamfor_organisation="fg")
    assert [rad.nyckel for rad in in_na.rader][:3] == ["SKOLA", "FRITID", "summa"]
    in_klf = desk.ask("driftsammandrag", ar=2024, ansvar="KLF", organisation="fg", jamfor_organisation="2024-12-31")
    assert [rad.nyckel for rad in in_klf.rader][:4] == ["EKON", "SKOLA", "HR", "IT"]


def test_rows_of_codes_come_in_the_order_of_the_codes(database_url: str) -> None:
    facts = [utfall("2024-02-01", "SKOLA", 1, verksamhet=kod) for kod in ("100", "900")]
    facts.append(utfall("2024-02-01", "FRITID", 1, verksamhet="340"))
    facts.append(utfall("2024-02-01", "FRITID", 1))
    desk = Desk((*REORGANISED[:15], *facts), url=database_url)
    asked = {"ar": 2024, "per": "verksamhet", "ansvar": "NA"}
    both = desk.ask("driftsammandrag", **asked, jamfor_organisation="fg")
    assert [rad.nyckel for rad in both.rader][:5] == ["100", "340", "900", "ofordelat", "summa"]
    assert column(rows(both), "utfall") == {"100": 0, "340": 100, "900": 0, "ofordelat": 100, "summa": 200}
    turned = desk.ask("driftsammandrag", **asked, organisation="fg", jamfor_organisation="2024-12-31")
    assert [rad.nyckel for rad in turned.rader][:5] == ["100", "340", "900", "ofordelat", "summa"]
    desk.close()


def test_the_sums_are_what_each_tree_says(desk: Desk) -> None:
    answered = rows(desk.ask("driftsammandrag", ar=2024, ansvar="NA", jamfor_organisation="fg"))
    assert (answered["summa"]["utfall"], answered["summa"]["utfall_org"]) == (kr(5), kr(55))
    assert (answered["SKOLA"]["utfall"], answered["SKOLA"]["utfall_org"]) == (0, kr(50))
    assert (answered["SKOLA"]["prognos"], answered["SKOLA"]["prognos_org"]) == (None, kr(60))
    assert (answered["summa"]["prognos"], answered["summa"]["prognos_org"]) == (None, kr(60))


def test_the_twins_are_the_answer_in_the_other_organisation(desk: Desk) -> None:
    asked = {"ar": 2024, "tom": 8, "per": "enhet"}
    both = rows(desk.ask("driftsammandrag", **asked, jamfor_organisation="fg"))
    for parameters, suffix in (({}, ""), ({"organisation": "2023-12-31"}, "_org")):
        for key, cells in rows(desk.ask("driftsammandrag", **asked, **parameters)).items():
            assert {kolumn: both[key][kolumn + suffix] for kolumn in cells} == cells


def test_organisation_takes_the_year_before_too(desk: Desk) -> None:
    answers = [desk.ask("driftsammandrag", ar=2024, organisation=day) for day in ("fg", "2023-12-31")]
    assert answers[0].to_bytes() == answers[1].to_bytes()


def test_columns_stand_beside_their_twins_and_say_whose_they_are(desk: Desk) -> None:
    answered = desk.ask("driftsammandrag", ar=2024, jamfor_organisation="fg")
    assert [(k.nyckel, k.rubrik) for k in answered.kolumner][:4] == [
        ("utfall", "Bokslut 2024"),
        ("utfall_org", "Bokslut 2024 (organisation 2023-12-31)"),
        ("budget", "Budget 2024"),
        ("budget_org", "Budget 2024 (organisation 2023-12-31)"),
    ]
    assert answered.utskrift[:2] == ("utfall", "utfall_org")
    assert answered.fraga["jamfor_organisation"] == "2023-12-31"
    assert "jamfor_organisation" not in desk.ask("driftsammandrag", ar=2024).fraga


def test_a_footnote_says_what_happened_between_the_days(desk: Desk) -> None:
    told = (
        "Organisationen från 2023-12-31 till 2024-12-31: flyttade: SKOLA (NA → KLF); sammanslagna: HR → Ekonomi och "
        "personal; upphörda: FRITID; nya: IT; namnbyten: EKON → Ekonomi och personal."
    )
    assert told in desk.ask("driftsammandrag", ar=2024, jamfor_organisation="fg").fotnoter
    turned = desk.ask("driftsammandrag", ar=2024, organisation="fg", jamfor_organisation="2024-12-31")
    assert told in turned.fotnoter
    in_na = desk.ask("driftsammandrag", ar=2024, ansvar="NA", jamfor_organisation="fg").fotnoter
    assert "Organisationen från 2023-12-31 till 2024-12-31: flyttade: SKOLA (NA → KLF); upphörda: FRITID." in in_na
    same = desk.ask("driftsammandrag", ar=2024, jamfor_organisation="2024-06-30").fotnoter
    assert not [note for note in same if note.startswith("Organisationen från")]


def test_a_twin_that_is_not_split_says_so_in_a_footnote(desk: Desk) -> None:
    notes = desk.ask("driftsammandrag", ar=2024, ansvar="NA", jamfor_organisation="fg").fotnoter
    lacking = [note for note in notes if "Ej uppdelat" in note]
    assert [note.partition(":")[0] for note in lacking] == ["I kolumnerna med organisation 2023-12-31"]


def test_a_twin_is_taken_apart_into_its_facts(desk: Desk) -> None:
    question = desk.question("driftsammandrag", ar=2024, jamfor_organisation="fg")
    found = desk.reports.cell(question, "HR", "utfall_org")
    assert (found.summa_ore, [andel.belopp_ore for andel in found.andelar]) == (kr(23), [kr(20), kr(3)])
    assert found.rubrik == "Bokslut 2024 (organisation 2023-12-31)"
    nothing = desk.reports.cell(question, "HR", "utfall")
    assert (nothing.summa_ore, nothing.antal, nothing.namn) == (0, 0, "HR")
    with pytest.raises(Refused) as refused:
        desk.reports.cell(question, "HRX", "slutar_org")
    assert [refusal.kolumn for refusal in refused.value.refusals] == ["rad", "kolumn"]


def test_the_difference_of_two_answers_explains_the_twins(desk: Desk) -> None:
    asked = {"ar": 2024, "jamfor_organisation": "fg"}
    before = desk.question("driftsammandrag", **asked, beslutad="2024-03-31")
    after = desk.question("driftsammandrag", **asked)
    found = {
        (cell.rad, cell.kolumn): (cell.skillnad_ore, sum(fact.belopp_ore for fact in cell.fakta))
        for cell in desk.reports.skillnad(before, after).celler
    }
    assert found["EKON", "utfall"] == found["HR", "utfall_org"] == (kr(3), kr(3))
    assert ("HR", "utfall") not in found
    assert ("EKON", "utfall_org") not in found
    assert found["summa", "utfall"] == found["summa", "utfall_org"]


def test_an_organisation_is_a_date_or_the_year_before(desk: Desk) -> None:
    assert desk.refusals("driftsammandrag", jamfor_organisation="förra") == [
        (
            "jamfor_organisation är ”förra”: det är inget datum. Skriv ÅÅÅÅ-MM-DD, till exempel "
            "jamfor_organisation=2024-12-31 eller jamfor_organisation=fg för sista dagen året före."
        )
    ]
    assert desk.refusals("behandlingshistorik", jamfor_organisation="fg")[0].startswith(
        "Parametern ”jamfor_organisation” finns inte i den här rapporten."
    )


def test_a_project_that_only_the_other_tree_has_keeps_its_end(database_url: str) -> None:
    facts = (
        *REORGANISED,
        projekt("P1", "SKOLA", "pagaende", "2023-01-01", "2026-06-30"),
        utfall("2024-02-01", "SKOLA", 40, "utgift", projekt="P1"),
    )
    desk = Desk(facts, url=database_url)
    cells = rows(desk.ask("investeringsuppfoljning", ar=2024, ansvar="NA", jamfor_organisation="fg"))["P1"]
    assert (cells["ar_utfall"], cells["ar_utfall_org"], cells["slutar"]) == (0, kr(40), 2026)
    desk.close()
