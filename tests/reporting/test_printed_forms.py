"""What is printed of a table, and in which order; lines of changes, earlier frames, and what is not known."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.events import UnitClosed
from ledger.domain.fact import Fact
from ledger.interchange.rendering import as_text
from projections import driftsammandrag, ekonomi, internbudget, ramhistorik
from tests.reporting.asking import Desk, rows
from tests.reporting.town import (
    TOWN,
    beslut,
    investeringsprognos,
    kr,
    moved,
    prognos,
    projekt,
    rorelse,
    unit,
    utfall,
)

FACTS: tuple[Fact, ...] = (
    *TOWN,
    unit("ENH", "enhet", "EKON"),
    beslut("budget", "2021-09-28", *(rorelse(100, ar, "KS") for ar in (2022, 2023, 2024))),
    beslut(
        "ramjustering",
        "2022-12-06",
        rorelse(7, 2023, "ENH", text="Fest"),
        rorelse(7, 2025, "ENH", text="Fest"),
        rorelse(3, 2023, "EKON", text="Tillfälligt"),
    ),
    beslut("omfordelning", "2023-02-14", rorelse(2, 2023, "HR", "ENH", text="En tjänst")),
    beslut("omfordelning", "2023-02-15", rorelse(1, 2023, "EKON", "ENH", text="Inom staben")),
    utfall("2021-05-31", "HR", 12),
)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return desk_of(*FACTS)


def desk_of(*facts: Fact) -> Desk:
    return Desk(facts, reports=[driftsammandrag.REPORT, ekonomi.REPORT, internbudget.REPORT, ramhistorik.REPORT])


# ---------------------------------------------------------------- which columns are printed


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("helar", ("utfall", "budget", "avvikelse", "bokslut_fg")),
        ("period", ("utfall", "budget", "avvikelse", "utfall_fg")),
        ("forandring", ("utfall", "utfall_fg", "forandring", "avvikelse")),
        ("prognos", ("prognos", "budget_helar", "avvikelse_prognos", "bokslut_fg")),
    ],
)
def test_a_form_prints_its_columns_first_and_in_its_order(desk: Desk, form: str, printed: tuple[str, ...]) -> None:
    plain, formed = (desk.ask("driftsammandrag", ar=2023, tom=8, uppstallning=f) for f in (None, form))
    assert formed.utskrift == printed
    assert tuple(kolumn.nyckel for kolumn in formed.kolumner[:4]) == printed
    assert formed.fraga["uppstallning"] == form
    # The figures are the same, and none is left out.
    assert rows(formed) == rows(plain)


def test_with_another_organisation_a_form_prints_the_twins_too(desk: Desk) -> None:
    answer = desk.ask("ekonomi", ar=2023, uppstallning="prognos", jamfor_organisation="fg")
    assert answer.utskrift[:4] == ("prognos", "prognos_org", "budget_helar", "budget_helar_org")
    plan = desk.ask("ekonomi", ar=2023, uppstallning="plan", jamfor_organisation="fg")
    years = [f"plan_{ar}{org}" for ar in (2024, 2025) for org in ("", "_org")]
    assert list(plan.utskrift) == ["budget_helar", "budget_helar_org", *years]


def test_a_form_that_does_not_exist_is_refused(desk: Desk) -> None:
    assert desk.refusals("driftsammandrag", ar=2023, uppstallning="fin") == [
        "uppstallning är ”fin”, vilket inte går att välja. Skriv helar, period, forandring eller prognos."
    ]


def test_investments_of_a_unit_beside_the_sum_stand_under_it() -> None:
    facts = [projekt("P1", "EKON", "pagaende", "2024-01-01"), projekt("P2", "KOST", "pagaende", "2024-01-01")]
    frames = beslut(
        "investeringsram",
        "2023-11-20",
        *(rorelse(n, 2024, u, projekt=p, slag="utgift") for n, u, p in ((40, "EKON", "P1"), (15, "KOST", "P2"))),
    )
    forecast = investeringsprognos("2024-08-31", 2024, "KOST", "P2", 14)
    cells = rows(desk_of(*TOWN, *facts, frames, forecast).ask("ekonomi", ar=2024, ansvar="KS"))
    assert cells["investeringar_netto"]["budget_helar"] == kr(40)
    assert cells["VSS.investeringar_netto"]["avvikelse_prognos"] == kr(15 - 14)


# ---------------------------------------------------------------- specification


def test_a_change_of_a_unit_below_is_a_line_of_the_row_that_shows_it(desk: Desk) -> None:
    cells = rows(desk.ask("internbudget", ar=2023, ansvar="KS"))
    assert [(cells["EKON.andring.1"][c], cells["EKON.andring.2"][c]) for c in ("budget", "plan_2024", "plan_2025")] == [
        (kr(7), kr(3)),
        (0, 0),
        (kr(7), 0),
    ]
    assert cells["EKON.andring.3"]["budget"] == kr(-2)
    # What only moves money within the row, or within the whole, is no change of it.
    assert "EKON.andring.4" not in cells
    assert "KS.andring.3" not in cells


def test_a_line_has_no_outcome_and_nothing_of_earlier_years(desk: Desk) -> None:
    line = rows(desk.ask("internbudget", ar=2023, ansvar="KS"))["KS.andring.1"]
    assert (line["bokslut_2021"], line["budget_2022"], line["budget"]) == (None, None, kr(7))


# ---------------------------------------------------------------- an earlier frame


def test_the_frame_before_the_last_decision_stands_beside_the_sum(desk: Desk) -> None:
    answer = desk.ask("internbudget", ar=2023, ansvar="KS")
    frame = next(rad for rad in answer.rader if rad.sort == "ram")
    assert (frame.nyckel, frame.namn) == ("ram_2021-09-28", "Ram enligt beslut KF 2021-09-28")
    assert [frame.celler[c] for c in ("bokslut_2021", "budget_2022", "budget", "plan_2024", "plan_2025")] == [
        *(None, kr(100), kr(100), kr(100), 0),
    ]
    assert rows(answer)["summa"]["budget"] == kr(110)


def test_any_day_can_be_compared_with(desk: Desk) -> None:
    assert "ram_2022-12-06" in rows(desk.ask("internbudget", ar=2023, ansvar="KS", jamfor_ram="2023-01-31"))
    none = desk.ask("internbudget", ar=2023, ansvar="KS", jamfor_ram="2020-12-31")
    assert not [rad for rad in none.rader if rad.sort == "ram"]
    assert "Ingen ram för 2023 var beslutad 2020-12-31." in none.fotnoter
    assert desk.refusals("internbudget", ar=2023, jamfor_ram="2020-02-30") == [
        "jamfor_ram är ”2020-02-30”: det är inget datum. Skriv ÅÅÅÅ-MM-DD, till exempel jamfor_ram=2024-12-31."
    ]


def test_an_earlier_frame_is_taken_apart_into_what_was_decided_by_then(desk: Desk) -> None:
    question = desk.question("internbudget", ar=2023, ansvar="KS")
    assert [share.position for share in desk.reports.cell(question, "ram_2021-09-28", "budget").andelar] == [11]


# ---------------------------------------------------------------- what is not known


def test_a_month_to_come_shows_no_outcome_and_says_so() -> None:
    answer = desk_of(*FACTS, prognos("2024-01-31", 2024, "HR", ("kostnad", 5))).ask(
        "driftsammandrag", ar=2024, ansvar="KS"
    )
    assert rows(answer)["summa"]["utfall"] == 0
    assert {k.nyckel for k in answer.kolumner if k.saknas} == {
        "utfall",
        "avvikelse",
        "utfall_fg",
        "forandring",
        "bokslut_fg",
    }
    assert (
        "Inget är registrerat för Bokslut 2024, Utfall 2023, Bokslut 2023; vad som räknas fram av det visas inte."
        in answer.fotnoter
    )
    sums = next(line for line in as_text(answer).splitlines() if line.startswith("Summa"))
    assert sums.split()[2:] == ["–", "0,0", "–", "–"]


def test_a_year_with_nothing_in_it_shows_no_figure(desk: Desk) -> None:
    answer = desk.ask("driftsammandrag", ar=2040, ansvar="KS")
    assert answer.fotnoter[0] == "Inget är registrerat inom det frågan gäller."
    assert not any(c.isdigit() for line in as_text(answer).splitlines() if line.startswith("Summa") for c in line)


def test_what_is_changed_or_proposed_is_known_to_be_nothing(desk: Desk) -> None:
    answer = desk.ask("ramhistorik", ar=2024, ansvar="KS")
    assert {k.nyckel for k in answer.kolumner if k.saknas} >= {"utfall", "avvikelse"}
    assert not {k.nyckel for k in answer.kolumner if k.saknas} & {"andringar", "forslag", "budget_helar"}


def test_a_unit_that_was_not_there_says_from_when_it_is_and_one_that_has_ceased_that_it_has() -> None:
    desk = desk_of(*FACTS, moved("HR", "stab", "NA", "2024-01-01"), UnitClosed("SKOLA", date(2022, 6, 30)))
    before = desk.ask("driftsammandrag", ar=2019, ansvar="HR")
    assert "HR (HR) fanns inte 2019-12-31: enheten finns från och med 2020-01-01." in before.fotnoter
    assert "SKOLA (SKOLA) fanns inte längre 2023-12-31." in desk.ask("ekonomi", ar=2023, ansvar="SKOLA").fotnoter


def test_with_an_event_a_budget_is_left_out_for_that_reason_alone() -> None:
    desk = desk_of(*FACTS, utfall("2023-01-31", "HR", 4, handelse="corona"))
    answer = desk.ask("driftsammandrag", ar=2023, ansvar="KS", handelse="corona")
    assert {k.nyckel for k in answer.kolumner if k.saknas} == {"utfall_fg", "forandring", "bokslut_fg"}
    # Nor is anything said of the budget that is not shown.
    part = desk.ask("driftsammandrag", ar=2023, ansvar="KS", tom=1, handelse="corona")
    about = ("omgången", "tolftedel")
    assert [note for note in part.fotnoter if any(word in note for word in about)] == []
    without = desk.ask("driftsammandrag", ar=2023, ansvar="KS", tom=1).fotnoter
    assert [sum(word in note for note in without) for word in about] == [1, 1]
    assert any("visas med 1 tolftedel av helåret" in note for note in without)
