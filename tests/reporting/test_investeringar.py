"""Investments: large projects, the period, the plan, groups of projects, and who owns what others book."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.domain.events import Beslut
from ledger.domain.fact import Fact
from ledger.domain.money import DECIMALS, shown
from ledger.reporting.answer import Answer
from tests.oracle.load import load
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, beslut, investeringsprognos, kr, projekt, rorelse, utfall

MNKR = 1_000_000


def frame(kronor: float, ar: int, ansvar: str, kod: str) -> Beslut:
    return beslut("investeringsram", "2023-11-20", rorelse(kronor, ar, ansvar, slag="utgift", projekt=kod))


def total(kronor: float, ansvar: str, kod: str) -> Beslut:
    return beslut("totalutgift", "2023-11-20", rorelse(kronor, 2024, ansvar, slag="utgift", projekt=kod))


FACTS: list[Fact] = [
    *TOWN,
    projekt("P-BAD", "EKON", "pagaende", "2023-01-01", slutar="2026-06-30"),
    projekt("P-BIL", "HR", "fardigstallt", "2024-02-01", slutar="2024-02-01"),
    total(60 * MNKR, "EKON", "P-BAD"),
    total(2 * MNKR, "HR", "P-BIL"),
    frame(20 * MNKR, 2024, "EKON", "P-BAD"),
    frame(30 * MNKR, 2025, "EKON", "P-BAD"),
    frame(2 * MNKR, 2024, "HR", "P-BIL"),
    beslut("investeringsram", "2023-11-20", rorelse(4 * MNKR, 2025, "EKON", slag="inkomst", projekt="P-BAD")),
    utfall("2023-05-31", "EKON", 5 * MNKR, "utgift", konto="1180", projekt="P-BAD"),
    # KOST books what EKON owns.
    utfall("2024-05-31", "KOST", 11 * MNKR, "utgift", konto="1180", projekt="P-BAD"),
    utfall("2024-05-31", "KOST", -1 * MNKR, "inkomst", konto="1180", projekt="P-BAD"),
    utfall("2024-02-28", "HR", 1 * MNKR, "utgift", konto="1220", projekt="P-BIL"),
    investeringsprognos("2024-06-30", 2024, "EKON", "P-BAD", 18 * MNKR),
    investeringsprognos("2024-06-30", 2025, "EKON", "P-BAD", 40 * MNKR),
]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(FACTS)


def mnkr(answer: Answer, rad: str, *columns: str) -> list[int | None]:
    """Some cells of a row in whole millions; years as they are."""
    cells = rows(answer)[rad]
    return [v if v is None or c == "slutar" else v // kr(MNKR) for c, v in ((c, cells[c]) for c in columns)]


LARGE = ("total_budget", "total_utfall", "total_prognos", "prognosavvikelse", "slutar")


def test_a_large_project_has_its_forecast_and_the_year_it_ends(desk: Desk) -> None:
    answer = desk.ask("investeringsuppfoljning", ar=2024, ansvar="KO", stora="separat", uppstallning="stora")
    assert answer.utskrift == LARGE
    # 5 before the year, 18 forecast for it, 40 for the next: 3 more than decided.
    assert mnkr(answer, "P-BAD", *LARGE) == [60, 15, 63, -3, 2026]
    assert mnkr(answer, "summa_stora", *LARGE) == [60, 15, 63, -3, None]
    assert mnkr(answer, "summa", *LARGE) == [2, 1, 1, 1, None]


def test_the_question_says_from_when_a_project_is_large(desk: Desk) -> None:
    def large(**more: object) -> set[str]:
        answer = desk.ask("investeringsuppfoljning", ar=2024, ansvar="KO", stora="separat", **more)
        keys = [row.nyckel for row in answer.rader]
        return {key for key in keys[keys.index("varav_inkomster") :] if key.startswith("P-")}

    assert large() == {"P-BAD"}
    assert large(stora_fran=60 * MNKR) == {"P-BAD"}
    assert large(stora_fran=60 * MNKR + 1) == set()
    assert large(stora_fran=2 * MNKR) == {"P-BAD", "P-BIL"}


def test_the_threshold_is_said_in_the_answer_only_where_it_is_asked_for(desk: Desk) -> None:
    asked = desk.ask("investeringsuppfoljning", ar=2024, stora="separat", stora_fran=2 * MNKR).fraga
    assert asked["stora_fran"] == 2 * MNKR
    assert "stora_fran" not in desk.ask("investeringsuppfoljning", ar=2024, stora="separat").fraga


@pytest.mark.parametrize("text", ["0", "-1", "50 mnkr", "1,5", "9" * 14])
def test_a_threshold_is_whole_kronor(desk: Desk, text: str) -> None:
    refusals = desk.refusals("investeringsuppfoljning", ar=2024, stora="separat", stora_fran=text)
    assert refusals == [
        f"stora_fran är ”{text}”: gränsen skrivs i hela kronor. Skriv till exempel stora_fran=50000000."
    ]


def test_the_period_has_expenditure_income_and_net(desk: Desk) -> None:
    answer = desk.ask("investeringsuppfoljning", ar=2024, tom=5, ansvar="KO", uppstallning="period")
    assert mnkr(answer, "P-BAD", *answer.utskrift) == [11, 1, 10, 18, 0, 18, 20, 2]
    # Nobody has given a forecast for the other project: that is no forecast of nothing.
    assert mnkr(answer, "P-BIL", *answer.utskrift) == [1, 0, 1, None, None, None, 2, None]


def test_an_investment_is_its_owners_and_the_booking_units_in_a_view_of_its_own(desk: Desk) -> None:
    owners = rows(desk.ask("investeringsuppfoljning", ar=2024, ansvar="KO", per="stab"))
    booked = rows(desk.ask("investeringsuppfoljning", ar=2024, ansvar="KO", per="bokforande"))
    assert (owners["EKON"]["ar_utfall"], owners["EKON"]["ar_budget"]) == (kr(10 * MNKR), kr(20 * MNKR))
    assert (booked["EKON"]["ar_utfall"], booked["EKON"]["ar_budget"]) == (0, kr(20 * MNKR))
    assert (booked["KOST"]["ar_utfall"], booked["KOST"]["ar_budget"]) == (kr(10 * MNKR), 0)


def test_the_plan_holds_every_year_with_income_apart(desk: Desk) -> None:
    answer = desk.ask("investeringsplan", ar=2024, ansvar="KO")
    shown_rows = [row.nyckel for row in answer.rader]
    assert shown_rows == ["P-BAD", "P-BIL", "summa", "varav_utgifter", "varav_inkomster"]
    assert answer.utskrift == ("budget_2023", "budget", "plan_2025")
    assert mnkr(answer, "P-BAD", "budget", "plan_2025") == [20, 26]
    assert mnkr(answer, "varav_inkomster", "budget", "plan_2025") == [0, 4]


def test_a_plan_year_that_nobody_plans_for_has_no_column(desk: Desk) -> None:
    answer = desk.ask("investeringsplan", ar=2026, ansvar="KO")
    assert [k.nyckel for k in answer.kolumner if k.nyckel.startswith("plan")] == []


# ---------------------------------------------------------------- the printed tables


@pytest.fixture(scope="module")
def linkoping(shared_data: Path) -> Path:
    return shared_data / "linkoping"


def table(linkoping: Path, name: str) -> list[dict[str, str]]:
    with (linkoping / "printed" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(cells: dict[str, Any], columns: tuple[str, ...], enhet: str) -> list[str]:
    """Cells as they are printed in a table of a unit; a blank one where there is none."""
    decimals = DECIMALS[enhet]
    return [
        "" if (v := cells[c]) is None else f"{shown(v, enhet) / 10**decimals:.{decimals}f}" if decimals else
        str(shown(v, enhet))
        for c in columns
    ]  # fmt: skip


def of_rows(of_table: list[dict[str, str]], roles: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    for row in of_table:
        if row["_role"] in roles:
            yield row["label"], [value for key, value in row.items() if key not in {"label", "_role", "_parent"}]


YEARS = ("budget_2022", "budget", "plan_2024", "plan_2025", "plan_2026", "plan_2027", "plan_2028")


def test_the_printed_plans_come_back_in_one_answer(linkoping: Path) -> None:
    desk = Desk([fact for _, fact in load([linkoping / "2023-internbudget"])])
    vss = desk.ask("investeringsplan", ar=2023, ansvar="KS-VSS")
    assert vss.utskrift == YEARS
    names = {row.namn: row.celler for row in vss.rader}
    want = list(of_rows(table(linkoping, "2023_ib_vss_investeringar"), ("row", "sum", "varav")))
    # The budget 2022 of LKDATA is printed before what was carried over to it (13 400), in the plan of VSS.
    earlier = {row.namn: row.celler for row in desk.ask("investeringsplan", ar=2023, ansvar="KS-VSS",
                                                        beslutad="2022-03-28").rader}  # fmt: skip
    for label, printed in want:
        assert figures(names[label], YEARS[1:], "tkr") == printed[1:], label
        assert figures(earlier[label], YEARS[:1], "tkr") == printed[:1], label
    # Rounded figures are not added: the sum over all of KS holds another förvaltning, which is not in the folder.
    ks = {row.namn: row.celler for row in desk.ask("investeringsplan", ar=2023, ansvar="KS").rader}
    stabs = rows(desk.ask("investeringsplan", ar=2023, ansvar="KS", per="stab"))
    for label, printed in of_rows(table(linkoping, "2023_ib_ks_investeringar"), ("row",)):
        name = label.removeprefix("- ").removeprefix("varav ")
        cells = stabs["KS-VSS"] if name == "VSS" else ks[name]
        assert figures(cells, YEARS, "tkr") == [value or "0" for value in printed], label


def test_the_printed_follow_ups_come_back_in_their_form(linkoping: Path) -> None:
    desk = Desk([fact for _, fact in load([linkoping / "2024-bokslut"])])
    answer = desk.ask("investeringsuppfoljning", ar=2024, ansvar="KS", uppstallning="helar")
    named = {row.namn.lower(): row.celler for row in answer.rader}
    known = {
        "varav klf": "klf inventarier",
        "varav vss*": "it-utrustning",
        "summa investeringar**": "summa investeringar",
    }
    compared = 0
    for name in ("2024_vb_investeringar_fardigstallda", "2024_vb_investeringar_pagaende"):
        for label, printed in of_rows(table(linkoping, name), ("row", "sum")):
            assert figures(named[known.get(label.lower(), label.lower())], answer.utskrift, "mnkr") == printed, label
            compared += 1
    assert compared == 10
    headings = [row.namn for row in answer.rader if row.sort == "rubrik"]
    assert headings == ["Kommunstyrelsen", "LKDATA", "Kommunstyrelsen"]


def test_the_printed_quarter_comes_back_in_its_form(linkoping: Path) -> None:
    desk = Desk([fact for _, fact in load([linkoping / "2024-vss-mars"])])
    answer = desk.ask(
        "investeringsuppfoljning", ar=2024, tom=3, ansvar="KS-VSS", uppstallning="period", beslutad="2024-03-31"
    )
    ((label, printed),) = of_rows(table(linkoping, "2024_q1_vss_investeringar"), ("row",))
    # The table prints no net outcome, and the deviation of nothing without its decimal.
    columns = tuple(c for c in answer.utskrift if c != "ar_utfall")
    cells = {row.namn: row.celler for row in answer.rader}
    assert figures(cells[label], columns, "mnkr") == [*printed[:-1], "0.0"]
    assert [row.namn for row in answer.rader if row.sort == "rubrik"] == ["LKDATA"]
