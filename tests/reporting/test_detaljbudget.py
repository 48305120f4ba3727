"""Detaljbudget: posts under their headings, each stab with its sum, two years side by side."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ledger.domain.money import shown
from ledger.reporting.answer import Answer
from tests.oracle.load import load
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, beslut, budget, kr, rorelse, unit

FACTS = [
    *TOWN,
    unit("LON", "post", "EKON", namn="Löner"),
    unit("GRP", "enhet", "EKON", namn="Upphandling"),
    unit("AVTAL", "post", "GRP", namn="Avtal"),
    unit("STIFT", "post", "GRP", namn="Stiftelser, intäkt"),
    unit("FACK", "post", "HR", namn="Fackliga aktiviteter"),
    budget("2022-11-20", KS=(2023, 900)),
    budget("2023-11-20", KS=(2024, 1000)),
    beslut("internbudget", "2022-12-01", rorelse(90, 2023, "LON", "KS"), organ="KS"),
    beslut(
        "internbudget",
        "2023-12-01",
        rorelse(100, 2024, "LON", "KS"),
        rorelse(60, 2024, "AVTAL", "KS"),
        rorelse(-20, 2024, "STIFT", "KS"),
        rorelse(30, 2024, "FACK", "KS"),
        rorelse(5, 2024, "EKON", "KS"),
        organ="KS",
    ),
    beslut("detaljbudget", "2024-01-10", rorelse(20, 2024, "STIFT", "STIFT", slag="intakt"), organ="EKON"),
    beslut("detaljbudget", "2024-01-10", rorelse(60, 2024, "AVTAL", "AVTAL", slag="kostnad"), organ="EKON"),
]


def printed_rows(answer: Answer, *columns: str) -> list[tuple[object, ...]]:
    """Every row as it is printed: how far in, what sort, its name and its cells in whole kronor."""
    return [
        (row.indrag, row.sort, row.namn, *(None if (v := row.celler[c]) is None else int(v) // 100 for c in columns))
        for row in answer.rader
    ]


def test_posts_stand_under_headings_and_stabs_have_sums() -> None:
    answer = Desk(FACTS).ask("detaljbudget", ar=2024, ansvar="KLF")
    assert printed_rows(answer, "budget_2023", "budget") == [
        (1, "rubrik", "EKON", None, None),
        (2, "enhet", "Löner", 90, 100),
        (2, "rubrik", "Upphandling", None, None),
        (3, "enhet", "Avtal", 0, 60),
        (3, "enhet", "Stiftelser, intäkt", 0, -20),
        (1, "delsumma", "Summa EKON", 90, 145),
        (1, "varav", "varav kostnader", None, 60),
        (1, "varav", "varav intäkter", None, 20),
        (1, "rubrik", "HR", None, None),
        (2, "enhet", "Fackliga aktiviteter", 0, 30),
        (1, "delsumma", "Summa HR", 0, 30),
        (1, "varav", "varav kostnader", 0, None),
        (1, "varav", "varav intäkter", 0, None),
        (1, "ofordelat", "Ofördelat", 0, 5),
        (0, "summa", "Summa nettokostnader", 90, 175),
        (0, "varav", "varav kostnader", None, 60),
        (0, "varav", "varav intäkter", None, 20),
    ]


def test_a_single_stab_needs_no_heading_of_its_own() -> None:
    answer = Desk(FACTS).ask("detaljbudget", ar=2024, ansvar="EKON")
    assert [(row.indrag, row.sort, row.nyckel) for row in answer.rader] == [
        (1, "enhet", "LON"),
        (1, "rubrik", "GRP.rubrik"),
        (2, "enhet", "AVTAL"),
        (2, "enhet", "STIFT"),
        (1, "ofordelat", "ofordelat"),
        (0, "summa", "summa"),
        (0, "varav", "varav_kostnader"),
        (0, "varav", "varav_intakter"),
    ]


def test_a_heading_is_shown_only_with_rows_under_it() -> None:
    answer = Desk(FACTS).ask("detaljbudget", ar=2024, ansvar="NA")
    assert [row.nyckel for row in answer.rader] == ["summa", "varav_kostnader", "varav_intakter"]


def test_a_sum_of_a_stab_is_taken_apart_and_its_difference_explained() -> None:
    desk = Desk(FACTS)
    before = desk.question("detaljbudget", ar=2024, ansvar="KLF", beslutad="2023-11-30")
    after = desk.question("detaljbudget", ar=2024, ansvar="KLF")
    assert desk.reports.cell(after, "EKON", "budget").summa_ore == kr(145)
    found = {cell.rad: cell for cell in desk.reports.skillnad(before, after).celler if cell.kolumn == "budget"}
    assert found["EKON"].skillnad_ore == sum(fact.belopp_ore for fact in found["EKON"].fakta) == kr(145)
    assert "EKON.rubrik" not in found


def test_a_heading_has_no_figure_in_another_organisation_either() -> None:
    facts = [*FACTS, unit("NYPOST", "post", "HR", "2024-01-01")]
    answer = Desk(facts).ask("detaljbudget", ar=2024, ansvar="KLF", jamfor_organisation="fg")
    assert set(rows(answer)["GRP.rubrik"].values()) == {None}


# ---------------------------------------------------------------- the printed tables


@pytest.fixture(scope="module")
def linkoping(shared_data: Path) -> Path:
    return shared_data / "linkoping"


@pytest.fixture(scope="module")
def desk(linkoping: Path) -> Desk:
    return Desk([fact for _, fact in load([linkoping / "2023-internbudget"])])


def units_of(linkoping: Path) -> dict[str, str]:
    """The unit that each printed detaljbudget is of."""
    lines = (linkoping / "2023-internbudget/expected.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    return {
        line["id"].partition("#")[0]: line["question"]["ansvar"]
        for line in asked
        if line["question"]["rapport"] == "detaljbudget"
    }


def test_every_printed_detaljbudget_comes_back_in_one_answer_each(linkoping: Path, desk: Desk) -> None:
    compared = 0
    for table, ansvar in units_of(linkoping).items():
        answer = desk.ask("detaljbudget", ar=2023, ansvar=ansvar)
        assert answer.utskrift == ("budget_2022", "budget")
        with (linkoping / "printed" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            of_table = list(csv.DictReader(file))
        unit_name = next(row["label"] for row in of_table if row["_role"] == "sum")
        found = by_name(answer, own=unit_name)
        for row in of_table:
            if row["_role"] == "header":
                continue
            group = row["_parent"] if f"rubrik {row['_parent']}" in found else ""
            got = found[unit_name if row["_role"] == "sum" else f"{group}{row['label']}"]
            want = tuple(int(row[year] or 0) for year in ("Budget 2022", "Budget 2023"))
            assert got == want, (table, row["label"])
            compared += 2
    assert compared == 226


def by_name(answer: Answer, own: str) -> dict[str, tuple[int, ...]]:
    """Each row's printed figures, by the heading it stands under and its name; the sum under the name it is printed."""
    found: dict[str, tuple[int, ...]] = {}
    heading, inside = "", 0
    for row in answer.rader:
        if row.sort == "rubrik":
            heading, inside = row.namn, row.indrag
            found[f"rubrik {heading}"] = ()
            continue
        name = own if row.nyckel == "summa" else f"{heading if row.indrag > inside else ''}{row.namn}"
        found[name] = tuple(shown(int(row.celler[column] or 0), "tkr") for column in ("budget_2022", "budget"))
    return found
