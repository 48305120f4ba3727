"""Ramhistorik in literal rows: original budget, every decision, final budget, and what waits."""

from __future__ import annotations

import pytest

from ledger.domain.events import ForslagMade, ForslagRejected
from ledger.domain.fact import Fact
from ledger.reporting.answer import Answer
from ledger.reporting.explaining.skillnad import Utsnitt
from projections.ramhistorik import REPORT
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, beslut, budget, day, kr, rorelse, utfall

FACTS: tuple[Fact, ...] = (
    *TOWN,
    budget("2023-11-20", KS=(2024, 100)),
    beslut(
        "internbudget",
        "2023-12-05",
        rorelse(60, 2024, "EKON", "KS", text="Internbudget 2024"),
        rorelse(30, 2024, "HR", "KS", text="Internbudget 2024"),
        organ="kommunstyrelsen",
        paragraf="140",
        diarienummer="KS 2023-7",
    ),
    beslut("ramjustering", "2024-04-23", rorelse(-8, 2024, "EKON", text="Senare start"), paragraf="52"),
    beslut(
        "omfordelning", "2024-05-02", rorelse(5, 2024, "HR", "EKON", text="En tjänst"), organ="bitr. kommundirektör"
    ),
    ForslagMade(
        beslut("ramjustering", "2024-09-01", rorelse(7, 2024, "HR", text="Ny lag"), paragraf=None, diarienummer="F-1")
    ),
    utfall("2024-06-30", "EKON", 45),
    utfall("2023-06-30", "EKON", 41),
)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(FACTS, reports=[REPORT])


def lines(answer: Answer, unit: str) -> dict[str, tuple[str, int | str | None]]:
    """The lines under a unit: name and what it moved, by key."""
    column = {"ursprung": "ursprunglig_budget", "andring": "andringar", "forslag": "forslag"}
    return {
        rad.nyckel: (rad.namn, rad.celler[column[rad.nyckel.split(".")[1]]])
        for rad in answer.rader
        if rad.nyckel.startswith(f"{unit}.") and rad.sort == "andring"
    }


def test_a_frame_is_told_from_original_budget_to_final(desk: Desk) -> None:
    cells = rows(desk.ask("ramhistorik", ar=2024, ansvar="KS"))
    shown = ("ursprunglig_budget", "andringar", "budget_helar", "utfall", "avvikelse", "bokslut_fg", "forslag")
    assert [cells["EKON"][key] for key in shown] == [kr(60), kr(-13), kr(47), kr(45), kr(2), kr(41), 0]
    assert [cells["HR"][key] for key in shown] == [kr(30), kr(5), kr(35), 0, kr(35), 0, kr(7)]
    assert [cells["summa"][key] for key in shown] == [kr(100), kr(-8), kr(92), kr(45), kr(47), kr(41), kr(7)]


def test_every_decision_stands_under_its_unit_with_organ_day_paragraph_number_and_text(desk: Desk) -> None:
    answer = desk.ask("ramhistorik", ar=2024, ansvar="KS")
    assert lines(answer, "EKON") == {
        "EKON.ursprung.1": ("Internbudget kommunstyrelsen 2023-12-05 § 140 KS 2023-7: Internbudget 2024", kr(60)),
        "EKON.andring.1": ("Ramjustering kommunfullmäktige 2024-04-23 § 52: Senare start", kr(-8)),
        "EKON.andring.2": ("Omfordelning bitr. kommundirektör 2024-05-02 § 1: En tjänst", kr(-5)),
    }
    assert lines(answer, "HR")["HR.forslag.1"] == (
        "Ramjustering kommunfullmäktige 2024-09-01 § saknas F-1: Ny lag (beslut ej klart)",
        kr(7),
    )
    # What only moves money within the whole is no line of it.
    assert list(lines(answer, "KS")) == ["KS.ursprung.1", "KS.andring.1", "KS.forslag.1"]


@pytest.mark.parametrize("asked", [{"kand": "@13"}, {"beslutad": "2024-08-31"}])
def test_a_proposal_waits_from_when_it_is_known_and_dated(desk: Desk, asked: dict[str, str]) -> None:
    then = desk.ask("ramhistorik", ar=2024, ansvar="KS", **asked)
    assert "HR.forslag.1" not in rows(then)
    assert rows(then)["summa"]["forslag"] == 0
    assert "forslag" not in then.utskrift


def test_a_proposal_that_is_decided_or_rejected_no_longer_waits() -> None:
    rejected = ForslagRejected("ramjustering", "F-1", "kommunfullmäktige", day("2024-10-01"), "80")
    desk = Desk([*FACTS, rejected], reports=[REPORT])
    assert rows(desk.ask("ramhistorik", ar=2024, ansvar="KS"))["HR"]["forslag"] == 0
    assert rows(desk.ask("ramhistorik", ar=2024, ansvar="KS", beslutad="2024-09-30"))["HR"]["forslag"] == kr(7)


def test_a_proposal_that_is_counted_stands_in_the_final_budget_and_still_waits(desk: Desk) -> None:
    cells = rows(desk.ask("ramhistorik", ar=2024, ansvar="KS", med_forslag="ja"))
    assert (cells["HR"]["andringar"], cells["HR"]["budget_helar"], cells["HR"]["forslag"]) == (kr(12), kr(42), kr(7))
    line = cells["HR.forslag.1"]
    assert (line["andringar"], line["forslag"], line["utfall"]) == (kr(7), kr(7), None)


def test_the_parts_of_one_decision_are_one_line() -> None:
    parts = [
        beslut("ramjustering", "2024-04-23", rorelse(kronor, 2024, unit, text="Hyra"), paragraf="9")
        for unit, kronor in (("EKON", 1), ("HR", 2))
    ]
    facts = [*TOWN, budget("2023-11-20", KS=(2024, 100)), *parts]
    answer = Desk(facts, reports=[REPORT]).ask("ramhistorik", ar=2024, ansvar="KS")
    assert lines(answer, "KS")["KS.andring.1"] == ("Ramjustering kommunfullmäktige 2024-04-23 § 9: Hyra", kr(3))


def test_r14_has_its_six_columns(desk: Desk) -> None:
    answer = desk.ask("ramhistorik", ar=2024, ansvar="KO", per="namnd", uppstallning="r14")
    assert [kolumn.rubrik for kolumn in answer.kolumner if kolumn.nyckel in answer.utskrift] == [
        "Ursprunglig budget 2024",
        "Anslagsförändringar",
        "Slutlig budget 2024",
        "Utfall 2024",
        "Avvikelse",
        "Utfall 2023",
    ]


def test_a_line_is_taken_apart_into_its_facts(desk: Desk) -> None:
    question = desk.question("ramhistorik", ar=2024, ansvar="KS")
    for rad, kolumn, position in (("EKON.andring.1", "andringar", 12), ("HR.forslag.1", "forslag", 14)):
        (share,) = desk.reports.cell(question, rad, kolumn).andelar
        assert share.position == position
        assert share.belopp_ore == rows(desk.ask("ramhistorik", ar=2024, ansvar="KS"))[rad][kolumn]


def test_the_difference_between_two_days_is_the_decisions_between_them(desk: Desk) -> None:
    a, b = (desk.question("ramhistorik", ar=2024, ansvar="KS", beslutad=d) for d in ("2024-04-01", "2024-05-31"))
    cells = {(cell.rad, cell.kolumn): cell for cell in desk.reports.skillnad(a, b).celler}
    assert [f.belopp_ore for f in cells["EKON", "andringar"].fakta] == [kr(-8), kr(-5)]
    assert cells["summa", "budget_helar"].skillnad_ore == kr(-8)


def test_lines_of_a_specification_are_explained_and_can_be_left_out(desk: Desk) -> None:
    a, b = (desk.question("ramhistorik", ar=2024, ansvar="KS", beslutad=d) for d in ("2024-04-30", "2024-05-31"))
    cells = {(cell.rad, cell.kolumn): cell for cell in desk.reports.skillnad(a, b).celler}
    line = cells["EKON.andring.2", "andringar"]
    assert (line.fran_ore, line.till_ore) == (None, kr(-5))
    assert [(fact.belopp_ore, fact.hur) for fact in line.fakta] == [(kr(-5), "tillkommer")]
    # A page that does not show them leaves them out, but not the one that is asked for.
    sums = desk.reports.skillnad(a, b, Utsnitt(specification=False)).celler
    assert {cell.rad for cell in sums} == {rad for rad, _ in cells if ".andring." not in rad} != set()
    alone = Utsnitt("EKON.andring.2", "andringar", specification=False)
    assert desk.reports.skillnad(a, b, alone).celler == (line,)


def test_where_another_decision_stands_one_comes_and_the_other_goes() -> None:
    later = beslut("ramjustering", "2024-03-01", rorelse(2, 2024, "EKON", text="Tidigare"), paragraf="9")
    desk = Desk((*FACTS, later), reports=[REPORT])
    a, b = (desk.question("ramhistorik", ar=2024, ansvar="EKON", kand=f"@{len(FACTS) + n}") for n in (0, 1))
    cells = {(cell.rad, cell.kolumn): cell for cell in desk.reports.skillnad(a, b).celler}
    line = cells["EKON.andring.1", "andringar"]
    assert (line.fran_ore, line.till_ore) == (kr(-8), kr(2))
    assert [(fact.belopp_ore, fact.hur) for fact in line.fakta] == [(kr(8), "utgår"), (kr(2), "tillkommer")]
