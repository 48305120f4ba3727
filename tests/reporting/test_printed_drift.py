"""Every printed table of the running budget: each form is asked for as it is printed, and gives every cell back.

The rows are found by their place in the table, the columns by the form; what the documents have wrong is named.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from ledger.reporting.answer import Answer, Rad
from tests.reporting.asking import Desk
from tests.reporting.test_acceptance import BOKSLUT, INTERNBUDGET, MARS, desk_of, printed

#: What a line of a printed table says besides its label and its cells.
BESIDES: Final = ("label", "_role", "_parent")

PLAN: Final = ("budget_helar", "plan_2024", "plan_2025", "plan_2026", "plan_2027", "plan_2028")
INTERN: Final = ("bokslut_2021", "budget_2022", "budget", *PLAN[1:])
DELAR: Final = {"ar": 2024, "tom": 3, "ansvar": "KS-VSS", "beslutad": "2024-03-31", "enhet": "mnkr"}


class Tabell(NamedTuple):
    """A printed table: its file, its ledger, what is asked, the columns in order, and how many cells are compared.

    `fel` are cells that the document has wrong, by row and column.
    """

    fil: str
    folder: str
    rapport: str
    asked: dict[str, Any]
    columns: tuple[str, ...]
    cells: int
    fel: frozenset[tuple[str, str]] = frozenset()


TABLES: Final = (
    Tabell(
        "2023_ib_ks_driftsammandrag",
        INTERNBUDGET,
        "internbudget",
        {"ar": 2023, "ansvar": "KS", "enhet": "tkr"},
        INTERN,
        209,
        # Both rows are 1 060 tkr lower than the detaljbudgetar.
        frozenset({("varav_intakter", "budget_2022"), ("varav_kostnader", "budget_2022")}),
    ),
    Tabell(
        "2023_ib_vss_driftsammandrag",
        INTERNBUDGET,
        "internbudget",
        {"ar": 2023, "ansvar": "KS-VSS", "enhet": "tkr"},
        INTERN,
        120,
    ),
    Tabell(
        "2023_ib_ks_ekonomi",
        INTERNBUDGET,
        "ekonomi",
        {"ar": 2023, "ansvar": "KS", "enhet": "tkr", "uppstallning": "plan"},
        PLAN,
        47,
        # 667 838 is a misprint of 667 858.
        frozenset({("KS-VSS.varav_intakter", "plan_2026")}),
    ),
    Tabell(
        "2023_ib_vss_ekonomi",
        INTERNBUDGET,
        "ekonomi",
        {"ar": 2023, "ansvar": "KS-VSS", "enhet": "tkr", "uppstallning": "plan"},
        PLAN,
        24,
    ),
    Tabell(
        "2024_q1_vss_driftsammandrag_mars",
        MARS,
        "driftsammandrag",
        {**DELAR, "uppstallning": "period"},
        ("utfall", "budget", "avvikelse", "utfall_fg"),
        27,
        # The sum and the deviation need −1,2.
        frozenset({("VSS-LKD", "budget")}),
    ),
    Tabell(
        "2024_q1_vss_prognos",
        MARS,
        "driftsammandrag",
        {**DELAR, "uppstallning": "prognos"},
        ("prognos", "budget_helar", "avvikelse_prognos", "bokslut_fg"),
        33,
        # The deviation has another sign than everywhere else; the outcome of the two rows is swapped.
        frozenset(
            {
                ("varav_kostnader", "avvikelse_prognos"),
                ("varav_kostnader", "bokslut_fg"),
                ("varav_intakter", "bokslut_fg"),
            }
        ),
    ),
    Tabell(
        "2024_q1_vss_ekonomi",
        MARS,
        "ekonomi",
        {**DELAR, "uppstallning": "prognos"},
        ("prognos", "budget_helar", "avvikelse_prognos"),
        6,
    ),
    Tabell(
        "2024_vb_driftsammandrag_verksamhetskod",
        BOKSLUT,
        "driftsammandrag",
        {"ar": 2024, "ansvar": "KS-KLF", "per": "verksamhet", "uppstallning": "period"},
        ("utfall", "budget", "avvikelse", "utfall_fg"),
        68,
    ),
    Tabell(
        "2024_vb_ekonomi_sammanfattning",
        BOKSLUT,
        "ekonomi",
        {"ar": 2024, "ansvar": "KS", "jamfor_prognos": "2024-08-31", "uppstallning": "bokslut"},
        ("utfall", "budget", "avvikelse", "bokslut_fg", "avvikelse_jfr_prognos"),
        10,
    ),
    Tabell(
        "2024_vb_resultat",
        BOKSLUT,
        "driftsammandrag",
        {"ar": 2024, "ansvar": "KS"},
        ("utfall", "budget", "avvikelse", "bokslut_fg"),
        56,
    ),
)


@pytest.fixture(scope="module")
def desks(shared_data: Path) -> dict[str, Desk]:
    return {
        folder: desk_of(shared_data / "linkoping", (folder,), "sqlite://") for folder in (INTERNBUDGET, MARS, BOKSLUT)
    }


@pytest.mark.parametrize("tabell", TABLES, ids=[tabell.fil for tabell in TABLES])
def test_every_printed_table_of_the_running_budget_is_a_form_that_can_be_asked_for(
    desks: dict[str, Desk], shared_data: Path, tabell: Tabell
) -> None:
    answer = desks[tabell.folder].ask(tabell.rapport, **tabell.asked)
    assert answer.utskrift == tabell.columns
    found = list(cells(answer, table(shared_data, tabell.fil), tabell))
    assert [one for one in found if one[2] != one[3]] == []
    assert len(found) == tabell.cells


def test_the_frame_changes_of_2023_are_lines_of_the_whole(desks: dict[str, Desk], shared_data: Path) -> None:
    answer = desks[INTERNBUDGET].ask("internbudget", ar=2023, ansvar="KS", enhet="tkr")
    lines = {rad.namn: rad.celler["budget"] for rad in answer.rader if rad.nyckel.startswith("KS.andring.")}
    rows = table(shared_data, "2023_ib_ks_ramjusteringar_2023")
    assert len(rows) == 16
    for row in rows:
        assert printed(as_ore(lines[row["label"]]), "tkr") == Decimal(row["2023"]), row["label"]


# ---------------------------------------------------------------- reading the tables


def table(shared_data: Path, fil: str) -> list[dict[str, str]]:
    """The rows of a printed table."""
    text = (shared_data / "linkoping" / "printed" / f"{fil}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def cells(
    answer: Answer, rows: list[dict[str, str]], tabell: Tabell
) -> Iterator[tuple[str, str, Decimal, Decimal | None]]:
    """Label, column, printed and found, of every cell that is printed and not known to be wrong."""
    by_key = {rad.nyckel: rad.celler for rad in answer.rader}
    for row, key in zip(rows, keys(answer, rows), strict=True):
        values = [text for name, text in row.items() if name not in BESIDES]
        for column, text in zip(tabell.columns, values, strict=True):
            if key and text and (key, column) not in tabell.fel:
                ore = as_ore(by_key[key][column])
                yield row["label"], column, Decimal(text), printed(ore, answer.enhet)


def as_ore(cell: Any) -> int | None:
    assert cell is None or isinstance(cell, int)
    return cell


def keys(answer: Answer, rows: list[dict[str, str]]) -> Iterator[str]:
    """The key of every printed row, by its role and place; blank for headings and for what is no decision."""
    last = [rad.nyckel for rad in answer.rader].index("summa")
    units = (rad.nyckel for rad in answer.rader[:last] if rad.sort == "enhet")
    beside = (rad.nyckel for rad in answer.rader[last:] if rad.sort == "enhet")
    only_sums = answer.rapport == "ekonomi"
    unit = ""
    for row in rows:
        label, role = row["label"], row["_role"]
        prefix = f"{unit}." if unit else ""
        if role == "header":
            units, unit = beside, "-"
            yield ""
        elif role in {"ram", "spec_header"}:
            yield ""
        elif role == "varav":
            yield f"{prefix}varav_{'intakter' if 'intäkter' in label else 'kostnader'}"
        elif role == "spec":
            yield line_named(answer.rader, unit, label)
        elif role == "sum" or (only_sums and not unit and "nettokostnader" in label):
            unit = ""
            yield "summa"
        elif "Investeringar" in label:
            yield f"{prefix}investeringar_netto"
        elif code := re.match(r"([0-9]+) - ", label):
            yield code[1]
        else:
            unit = next(beside if role == "resultat" else units)
            yield unit


def line_named(rows: Sequence[Rad], unit: str, label: str) -> str:
    """The one line of a unit's specification with a text."""
    (key,) = [rad.nyckel for rad in rows if rad.nyckel.startswith(f"{unit}.andring.") and rad.namn == label]
    return key
