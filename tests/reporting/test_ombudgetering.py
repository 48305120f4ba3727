"""Ombudgetering: what is asked to be carried over, what is decided, and what remains of the frame."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.events import ForslagMade, ForslagRejected
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, beslut, day, kr, projekt, rorelse, utfall


def carried(kronor: float, kod: str = "P-BAD", till_ar: int = 2024, **more: Any) -> Any:
    move = rorelse(kronor, 2023, "EKON", "EKON", slag="utgift", projekt=kod, till_ar=till_ar)
    return beslut("ombudgetering", more.pop("datum", "2024-03-26"), move, **more)


FACTS = [
    *TOWN,
    projekt("P-BAD", "EKON", "pagaende", "2023-01-01"),
    projekt("P-BIL", "HR", "pagaende", "2023-01-01"),
    projekt("P-TOM", "HR", "pagaende", "2023-01-01"),
    beslut("investeringsram", "2022-11-20", rorelse(100, 2023, "EKON", slag="utgift", projekt="P-BAD")),
    beslut("investeringsram", "2022-11-20", rorelse(50, 2023, "HR", slag="utgift", projekt="P-BIL")),
    utfall("2023-10-31", "EKON", 60, "utgift", konto="1180", projekt="P-BAD"),
    utfall("2023-10-31", "HR", 45, "utgift", konto="1180", projekt="P-BIL"),
    ForslagMade(carried(40, datum="2024-02-01", diarienummer="KS-1")),
    ForslagMade(carried(5, "P-BIL", datum="2024-02-01", diarienummer="KS-2")),
    carried(30, diarienummer="KS-9", forslag="KS-1"),
    ForslagRejected("ombudgetering", "KS-2", "kommunfullmäktige", day("2024-03-26"), "2"),
]

COLUMNS = ("ram", "utfall", "ej_forbrukat", "begart", "beslutat", "kvar")


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(FACTS)


def shown(cells: dict[str, Any], *columns: str) -> list[int | None]:
    return [None if cells[c] is None else cells[c] // 100 for c in columns or COLUMNS]


def test_requested_decided_and_remaining_stand_beside_each_other(desk: Desk) -> None:
    found = rows(desk.ask("ombudgetering", ar=2023, ansvar="KO"))
    assert shown(found["P-BAD"]) == [100, 60, 40, 40, 30, 10]
    # Asked for and turned down: what was not used is left where it was.
    assert shown(found["P-BIL"]) == [50, 45, 5, 5, 0, 5]
    assert shown(found["summa"]) == [150, 105, 45, 45, 30, 15]
    assert "P-TOM" not in found


def test_before_anything_was_asked_for_nothing_is_requested(desk: Desk) -> None:
    found = rows(desk.ask("ombudgetering", ar=2023, ansvar="KO", beslutad="2024-01-31"))
    assert shown(found["P-BAD"]) == [100, 60, 40, None, 0, 40]
    proposed = rows(desk.ask("ombudgetering", ar=2023, ansvar="KO", beslutad="2024-02-28"))
    assert shown(proposed["P-BAD"]) == [100, 60, 40, 40, 0, 40]


def test_a_proposal_counts_as_decided_only_when_it_is_asked_for(desk: Desk) -> None:
    question = {"ar": 2023, "ansvar": "KO", "beslutad": "2024-02-28", "med_forslag": "ja"}
    assert shown(rows(desk.ask("ombudgetering", **question))["P-BAD"]) == [100, 60, 40, 40, 40, 0]


def test_the_year_it_is_carried_to_shows_where_it_came_from(desk: Desk) -> None:
    found = rows(desk.ask("ombudgetering", ar=2024, ansvar="KO"))
    assert shown(found["P-BAD"], "mottaget", "ram", "beslutat", "kvar") == [30, 30, 0, 30]


def test_what_was_carried_over_stands_with_the_unit_that_holds_the_frame() -> None:
    moved = [*FACTS, projekt("P-BAD", "HR", "pagaende", "2024-01-01")]
    by_owner = rows(Desk(moved).ask("ombudgetering", ar=2024, ansvar="KO", per="stab"))
    by_holder = rows(Desk(moved).ask("ombudgetering", ar=2024, ansvar="KO", per="bokforande"))
    assert shown(by_owner["HR"], "mottaget") == [30]
    assert shown(by_holder["EKON"], "mottaget") == [30]


def test_each_figure_is_taken_apart_and_its_difference_explained(desk: Desk) -> None:
    before = desk.question("ombudgetering", ar=2023, ansvar="KO", kand="@16")
    after = desk.question("ombudgetering", ar=2023, ansvar="KO")
    cells = {(c.rad, c.kolumn): c for c in desk.reports.skillnad(before, after).celler}
    for cell in cells.values():
        assert sum(fact.belopp_ore for fact in cell.fakta) == cell.skillnad_ore
    assert cells["P-BAD", "begart"].skillnad_ore == kr(40)
    assert cells["P-BAD", "kvar"].skillnad_ore == kr(-30)
    (requested,) = desk.reports.cell(after, "P-BIL", "begart").andelar
    assert (requested.position, requested.belopp_ore) == (18, kr(5))


def test_a_year_without_frames_says_so(desk: Desk) -> None:
    answer = desk.ask("ombudgetering", ar=2010, ansvar="KO")
    assert [row.sort for row in answer.rader] == ["summa", "varav", "varav"]
    assert any(note.startswith("Inget är registrerat") for note in answer.fotnoter)
