"""The published documents: every printed cell of Linköping's tables comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from ledger.domain.money import DECIMALS, shown
from tests.conftest import BACKENDS, Databases
from tests.oracle.load import load
from tests.reporting.asking import Desk, rows

BOKSLUT, MARS, INTERNBUDGET = "2024-bokslut", "2024-vss-mars", "2023-internbudget"

LEDGERS: Final = [
    ((BOKSLUT,), BOKSLUT, 204),
    ((MARS,), MARS, 80),
    ((BOKSLUT, MARS), BOKSLUT, 204),
    ((MARS, BOKSLUT), MARS, 80),
    ((INTERNBUDGET,), INTERNBUDGET, 588),
]


@pytest.fixture(scope="module")
def linkoping(shared_data: Path) -> Path:
    return shared_data / "linkoping"


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(("folders", "asked", "cells"), LEDGERS)
def test_every_printed_cell_comes_back(
    backend: str, databases: Databases, linkoping: Path, folders: tuple[str, ...], asked: str, cells: int
) -> None:
    desk = desk_of(linkoping, folders, databases.new(backend))
    found = list(wrong(desk, linkoping, asked))
    desk.close()
    assert [cell for cell in found if cell[3] != cell[4]] == []
    assert len(found) == cells


def test_2023_and_2024_live_in_one_ledger(linkoping: Path) -> None:
    desk = desk_of(linkoping, (INTERNBUDGET, BOKSLUT, MARS), "sqlite://")
    differ_2023 = [cell for cell in wrong(desk, linkoping, INTERNBUDGET) if cell[3] != cell[4]]
    # Two documents give frames of 2023 for the same projects, decided the same day: they add up, less what was carried
    # over to 2024. P-SIMHALL has no frame of its own for 2024, so what was carried over to it counts in the plan.
    assert [cell[:3] for cell in differ_2023 if cell[2] != "ar_budget"] == [
        ("2023_ib_ks_ekonomi#investeringar", "summa", "plan_2024")
    ]
    assert len(differ_2023) == 9
    # P-SAKERHET keeps its plan 2024 of 2022 (65 mnkr): in the documents P-CIVIL took its place, under another code.
    assert {
        (fraga, rad, kolumn, got) for fraga, rad, kolumn, want, got in wrong(desk, linkoping, BOKSLUT) if want != got
    } == {
        ("2024_vb_ekonomi_sammanfattning#investeringar", "summa", "ar_budget", Decimal("468.9")),
        ("2024_vb_ekonomi_sammanfattning#investeringar", "summa", "ar_avvikelse", Decimal("223.4")),
        ("2024_vb_investeringar_pagaende", "summa", "ar_budget", Decimal("536.7")),
        ("2024_vb_investeringar_pagaende", "summa", "ar_avvikelse", Decimal("221.8")),
    }
    assert [cell for cell in wrong(desk, linkoping, MARS) if cell[3] != cell[4]] == []


def test_the_lines_and_sums_beside_the_plain_questions_hold(linkoping: Path) -> None:
    checked = 0
    for folder in (BOKSLUT, INTERNBUDGET):
        desk = desk_of(linkoping, (folder,), "sqlite://")
        for line in lines(linkoping / folder / "expected_extra.jsonl"):
            got = extra(desk, line["hur"])
            assert printed(got, line["enhet"]) == line["tryckt"], line["id"]
            checked += 1
    assert checked == 153


def test_the_two_cuts_of_2024_explain_the_whole_difference(linkoping: Path) -> None:
    desk = desk_of(linkoping, (BOKSLUT,), "sqlite://")
    before = desk.question("driftsammandrag", ar=2024, ansvar="KS", beslutad="2024-01-31")
    after = desk.question("driftsammandrag", ar=2024, ansvar="KS", beslutad="2024-12-31")
    cell = next(c for c in desk.reports.skillnad(before, after).celler if (c.rad, c.kolumn) == ("summa", "budget"))
    facts = [desk.log.read(f.position - 1, limit=1)[0].fact for f in cell.fakta]
    assert (cell.fran_ore, cell.till_ore) == (671_800_000_00, 654_000_000_00)
    assert [f.belopp_ore for f in cell.fakta] == [-16_300_000_00, -1_500_000_00]
    assert [str(getattr(fact, "beslutsdatum", None)) for fact in facts] == ["2024-04-23", "2024-08-27"]


# ---------------------------------------------------------------- reading the documents


def desk_of(linkoping: Path, folders: tuple[str, ...], url: str) -> Desk:
    facts = [fact for _, fact in load([linkoping / folder for folder in folders])]
    return Desk(facts, url=url)


def wrong(desk: Desk, linkoping: Path, folder: str) -> Iterator[tuple[str, str, str, Any, Any]]:
    """Question, row, column, printed and found, for every printed cell that is compared."""
    for line in lines(linkoping / folder / "expected.jsonl"):
        asked = dict(line["question"])
        found = rows(desk.ask(asked.pop("rapport"), **asked))
        skipped = {(skip["nyckel"], skip["kolumn"]) for skip in line["skip"]}
        for row in line["rows"]:
            for kolumn, want in row["celler"].items():
                if (row["nyckel"], kolumn) not in skipped:
                    got = found.get(row["nyckel"], {}).get(kolumn)
                    yield line["id"], row["nyckel"], kolumn, want, printed(got, asked["enhet"])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in path.read_text(encoding="utf-8").splitlines()]


def printed(ore: int | None, enhet: str) -> Decimal | None:
    return None if ore is None else Decimal(shown(ore, enhet)).scaleb(-DECIMALS[enhet])


def extra(desk: Desk, how: dict[str, Any]) -> int | None:
    """A figure of expected_extra.jsonl, as its `hur` says."""
    cells: dict[str, int | None]
    if how["typ"] == "projektsumma":
        row = {"fardigstallt": "summa_fardigstallda", "pagaende": "summa_pagaende"}[how["status"]]
        cells = desk.cells("investeringsuppfoljning", row, ar=how["ar"], ansvar=how["ansvar"])
    elif how["typ"] == "mot_prognos":
        cells = desk.cells(how["rapport"], "summa", ar=how["ar"], ansvar=how["ansvar"], jamfor_prognos=how["prognos"])
        return cells["avvikelse_jfr_prognos"]
    else:
        # Specifikation av förändringar is asked of 2023, the year after it as a plan.
        kolumn = "budget" if how["ar"] == 2023 else f"plan_{how['ar']}"
        return change_line(desk, how, kolumn)
    return cells[how["kolumn"]]


def change_line(desk: Desk, how: dict[str, Any], kolumn: str) -> int:
    """The line of a unit's specification with a text."""
    answer = desk.ask("internbudget", ar=2023, ansvar=how["ansvar"])
    prefix = f"{how['ansvar']}.andring."
    (line,) = [row for row in answer.rader if row.nyckel.startswith(prefix) and row.namn == how["text"]]
    return int(line.celler[kolumn] or 0)
