"""The acceptance folders as they are imported: alone, together, and all three in one ledger.

Organisation and project rows of 2023 and 2024 overlap (the same codes with other names and first days). `merged` puts
them together: from the first day that a 2024 row says something else, it is a new version of the unit or project.
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from ledger.interchange.csv_file import Fil, opened
from tests.conftest import SHARED_DATA

LINKOPING: Final = SHARED_DATA / "linkoping"
INTERNBUDGET, BOKSLUT, MARS = (LINKOPING / name for name in ("2023-internbudget", "2024-bokslut", "2024-vss-mars"))

#: The first day of the accounts of 2024: from here on the names of the 2024 documents hold.
NEW_NAMES: Final = date(2024, 1, 1)


def folder(path: Path) -> list[Fil]:
    """All files of a folder."""
    return [Fil.at(file) for file in sorted(path.glob("*.csv"))]


def all_three() -> list[Fil]:
    """2023-internbudget and 2024-bokslut (with the March copies), their organisation and project rows merged."""
    rest = [fil for fil in folder(INTERNBUDGET) if fil.namn not in ("organisation.csv", "projekt.csv")]
    rest = [Fil(f"2023-{fil.namn}", fil.path) for fil in rest]
    rest += [
        fil for fil in folder(BOKSLUT) if fil.namn not in ("organisation.csv", "projekt.csv", "vss-mars-projekt.csv")
    ]
    return [
        Fil("organisation.csv", data=_written(merged_units()).encode()),
        Fil("projekt.csv", data=_written(merged_projects()).encode()),
        *rest,
    ]


def merged_units() -> list[dict[str, str]]:
    """The units of 2023 with those of 2024 as later versions where they say something else."""
    old = _rows(INTERNBUDGET / "organisation.csv")
    newest = {row["ansvar"]: row for row in old}
    merged = list(old)
    for row in _rows(BOKSLUT / "organisation.csv"):
        known = newest.get(row["ansvar"])
        same = known is not None and all(
            known[column] == row[column] for column in ("namn", "niva", "overordnad", "teckenregel")
        )
        if known is None:
            merged.append(row)
        elif not same and not row["till"]:
            merged.append({**row, "fran": str(max(date.fromisoformat(row["fran"]), NEW_NAMES))})
        newest[row["ansvar"]] = row
    return merged


def merged_projects() -> list[dict[str, str]]:
    """The projects of 2023, then those of 2024; two rows of one project on one day are moved a day apart."""
    merged = _rows(INTERNBUDGET / "projekt.csv")
    taken = {(row["projekt"], row["statusdatum"]) for row in merged}
    for name in ("vss-mars-projekt.csv", "projekt.csv"):
        for row in _rows(BOKSLUT / name):
            while (row["projekt"], row["statusdatum"]) in taken:
                row["statusdatum"] = str(date.fromisoformat(row["statusdatum"]) + timedelta(days=1))
            taken.add((row["projekt"], row["statusdatum"]))
            merged.append(row)
    return merged


def _rows(path: Path) -> list[dict[str, str]]:
    table = opened(Fil.at(path), lambda _line, refusal: sys.exit(refusal.sentence()))
    if table is None:
        raise FileNotFoundError(path)
    return [dict(zip(table.columns, cells, strict=True)) for _, cells in table.rows(lambda _line, _refusal: None)]


def _written(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
