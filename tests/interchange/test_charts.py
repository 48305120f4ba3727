"""Charts say what the figures say: in the picture, in words, and in the table behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.money import swedish
from ledger.interchange.chart import Diagram, fitted, scale, spread
from ledger.interchange.chart_bars import MOST, Bar, Words, bars
from ledger.interchange.chart_projects import Course, courses
from ledger.interchange.chart_year import Year, through_the_year
from ledger.interchange.charts import OF_A_YEAR, diagrams, inside
from tests.oracle.generator import random_facts
from tests.reporting.asking import Desk
from tests.reporting.town import TOWN, beslut, projekt, rorelse

TODAY = date(2025, 2, 3)
MNKR = 100_000_000
WORDS = Words("Utfall 2024", "Budget 2024", "Bokslut 2023")
NONE = (None,) * 12
SVG = "{http://www.w3.org/2000/svg}"


def bar(n: int, utfall: int = 10, budget: int = 12) -> Bar:
    return Bar(f"Enhet {n}", utfall * MNKR, budget * MNKR, (budget - utfall) * MNKR, 9 * MNKR)


def picture(diagram: Diagram | None) -> ET.Element:
    """The picture as a program that reads aloud has it: titled, described, without script and style."""
    assert diagram
    root = ET.fromstring(diagram.svg)  # noqa: S314 - our own words
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    titled, described = (named[key] for key in str(root.get("aria-labelledby")).split())
    assert (titled, described) == (diagram.rubrik, diagram.beskrivning)
    assert not any(element.get("style") or element.tag in {f"{SVG}style", f"{SVG}script"} for element in root.iter())
    return root


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("count", [1, 3, 12, MOST])
def test_every_unit_has_a_bar_its_figures_and_a_row_behind_it(count: int) -> None:
    units = [bar(n, utfall=10 + n) for n in range(count)]
    made = bars("Utfall mot budget", units, "mnkr", WORDS)
    root = picture(made)
    assert made
    assert len([e for e in root.iter(f"{SVG}rect") if e.get("height") == "10"]) == count
    for unit, row in zip(units, made.rader, strict=True):
        shown = [swedish(a, "mnkr") for a in (unit.utfall_ore, unit.budget_ore, unit.avvikelse_ore, unit.fg_ore)]
        assert row == (unit.namn, *shown)
        assert {unit.namn, shown[0], shown[2]} <= set(texts(root))
        assert f"{unit.namn} {shown[0]} mot budget {shown[1]}" in made.beskrivning


def test_of_many_units_the_largest_are_drawn_and_the_table_has_all() -> None:
    made = bars("Utfall mot budget", [bar(n, utfall=n) for n in range(60)], "mnkr", WORDS)
    shown = texts(picture(made))
    assert made
    assert ("Enhet 59" in shown, "Enhet 1" in shown) == (True, False)
    assert f"De {MOST} största av 60 rader är ritade" in made.beskrivning
    assert len(made.rader) == 60


def test_bars_of_negative_amounts_lie_to_the_left_of_zero() -> None:
    root = picture(bars("Utfall mot budget", [bar(1, utfall=-10, budget=-8), bar(2)], "tkr", WORDS))
    zero = next(e for e in root.iter(f"{SVG}path") if e.get("class") == "d-noll")
    x = float(str(zero.get("d")).split()[0].removeprefix("M"))
    left, right = (e for e in root.iter(f"{SVG}rect") if e.get("height") == "10")
    assert float(str(left.get("x"))) + float(str(left.get("width"))) == pytest.approx(x)
    assert float(str(right.get("x"))) == pytest.approx(x)


def test_nothing_makes_no_chart() -> None:
    assert bars("Utfall mot budget", [], "mnkr", WORDS) is None
    assert bars("Utfall mot budget", [Bar("Enhet", 0, 0, 0, 0)], "mnkr", WORDS) is None
    assert through_the_year("Året", Year(2024, NONE, NONE), "mnkr") is None
    assert courses("Förlopp", [], "mnkr") is None
    assert courses("Förlopp", [Course("P", ((2024, 0),))], "mnkr") is None


def test_what_people_wrote_is_text_in_a_picture() -> None:
    odd = '<script>alert(1)</script> & "citat" \x07\nny rad'
    made = bars(odd, [Bar(odd, MNKR)], "kr", WORDS)
    root = picture(
        made
        and Diagram(
            made.namn, made.rubrik.replace("\x07\n", "  "), made.beskrivning.replace("\x07\n", "  "), made.svg, (), ()
        )
    )
    assert any(text.startswith("<script>") for text in texts(root))


def test_months_without_postings_are_dotted_and_the_forecast_goes_on_from_the_last() -> None:
    booked: tuple[int | None, ...] = (None, 10 * MNKR, 20 * MNKR, None, 45 * MNKR, *(None,) * 7)
    budget = tuple(10 * MNKR * month for month in range(1, 13))
    made = through_the_year("Året", Year(2024, booked, budget, prognos_ore=130 * MNKR), "mnkr")
    root = picture(made)
    kinds = [e.get("class") for e in root.iter(f"{SVG}path")]
    assert (kinds.count("d-utfall"), kinds.count("d-glest")) == (1, 2)
    assert {"Utfall 45,0", "Budget 2024 120,0", "Prognos 130,0"} <= set(texts(root))
    assert made
    assert made.kolumner == ("Ackumulerat t.o.m.", "Utfall 2024", "Budget 2024", "Prognos 2024")
    assert made.rader[4] == ("maj", "45,0", "50,0", "–")
    assert made.rader[11] == ("dec", "–", "120,0", "130,0")


def test_a_project_has_its_curve_its_total_and_its_forecast() -> None:
    course = Course("Simhall", ((2021, 5 * MNKR), (2022, 90 * MNKR), (2024, 200 * MNKR)), 250 * MNKR, 260 * MNKR, 2026)
    made = courses("Förlopp", [course], "mnkr")
    root = picture(made)
    assert {"Simhall", "beslutat 250,0", "200,0", "260,0", "2021", "2026"} <= set(texts(root))
    assert made
    assert made.kolumner == ("Projekt", "2021", "2022", "2024", "Beslutat", "Beräknat")
    assert made.rader == (("Simhall", "5,0", "90,0", "200,0", "250,0", "260,0"),)


@given(st.lists(st.integers(-(10**15), 10**15), max_size=6))
def test_a_scale_holds_its_amounts_and_zero_in_few_round_steps(amounts: list[int]) -> None:
    made = scale(amounts, 0, 1000)
    ticks = list(made.ticks())
    assert 0 in ticks
    assert 2 <= len(ticks) <= 6
    assert all(0 <= made.place(amount) <= 1000 for amount in amounts)


@given(st.lists(st.integers(0, 300), max_size=6))
def test_labels_do_not_meet_and_keep_their_order(places: list[int]) -> None:
    found = spread(places, 12)
    assert all(after - before >= 12 for before, after in zip(sorted(found), sorted(found)[1:], strict=False))
    assert sorted(range(len(places)), key=lambda n: found[n]) == sorted(range(len(places)), key=lambda n: places[n])


def test_a_name_is_cut_where_it_has_no_room() -> None:
    assert fitted("Kommunledningsstaben", 400) == "Kommunledningsstaben"
    assert fitted("Kommunledningsstaben", 80).endswith("…")


# ---------------------------------------------------------------- of answers


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    desk = Desk(random_facts(7, 150))
    yield desk
    desk.close()


def test_the_charts_of_an_answer_show_its_figures(desk: Desk) -> None:
    question = desk.question("driftsammandrag", ar=2024, tom=6)
    answer = desk.reports.ask(question)
    units, year = diagrams(desk.reports, question, answer)
    drawn = [rad for rad in inside(answer.shown()) if rad.celler["utfall"] is not None]
    assert [row[0] for row in units.rader] == [rad.namn for rad in drawn]
    for row, rad in zip(units.rader, drawn, strict=True):
        keys = ("utfall", "budget", "avvikelse", "utfall_fg")
        assert row[1:] == tuple(
            swedish(value if isinstance(value := rad.celler[k], int) else None, "mnkr") for k in keys
        )
    summa = next(rad for rad in answer.rader if rad.nyckel == "summa")
    june = dict(zip(year.kolumner, year.rader[5], strict=True))
    assert june["Budget 2024"] == swedish(summa.celler["budget"], "mnkr")  # type: ignore[arg-type]


def test_the_figures_of_months_are_those_of_their_answers(desk: Desk) -> None:
    months = [desk.question("driftsammandrag", ar=2024, tom=tom) for tom in (1, 6, 12)]
    found = desk.reports.figures(months, OF_A_YEAR, only_sums=True)
    for month, cells in zip(months, found, strict=True):
        (summa,) = (rad for rad in desk.reports.ask(month).shown().rader if rad.nyckel == "summa")
        assert cells["summa"] == {key: summa.celler[key] for key in OF_A_YEAR}


def test_the_curves_of_projects_end_in_the_figures_of_the_table(desk: Desk) -> None:
    question = desk.question("investeringsuppfoljning", ar=2024)
    answer = desk.reports.ask(question)
    (found,) = diagrams(desk.reports, question, answer)
    rows = {rad.namn: rad for rad in answer.rader if rad.sort == "projekt"}
    for row in found.rader:
        shown = dict(zip(found.kolumner, row, strict=True))
        assert shown["2024"] == swedish(rows[row[0]].celler["total_utfall"], "mnkr")  # type: ignore[arg-type]


def test_a_project_whose_outcome_nobody_knows_yet_has_no_curve_at_0() -> None:
    decided = beslut("totalutgift", "2023-11-20", rorelse(900, 2024, "EKON", projekt="P1", slag="utgift"))
    desk = Desk((*TOWN, projekt("P1", "EKON", "pagaende", "2024-01-01"), decided))
    question = desk.question("investeringsuppfoljning", ar=2024)
    answer = desk.reports.ask(question)
    assert [row.celler["total_budget"] for row in answer.rader if row.nyckel == "P1"] == [900_00]
    assert diagrams(desk.reports, question, answer) == []
    desk.close()


def test_lists_and_years_without_anything_have_no_charts(desk: Desk) -> None:
    for name, ar in (("behandlingshistorik", 2024), ("driftsammandrag", 1950)):
        question = desk.question(name, ar=ar)
        assert diagrams(desk.reports, question, desk.reports.ask(question)) == []
