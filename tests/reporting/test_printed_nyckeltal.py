"""Every printed table of volumes, staff and indicators has a home: as files in, and cell by cell back out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from ledger.application import Ledger
from ledger.domain.roll import Caller
from ledger.interchange.columns import FILSLAG
from ledger.interchange.csv_file import Fil
from ledger.interchange.importing import Options, import_files
from ledger.recording.store import FactLog
from ledger.reporting.answer import Answer
from ledger.reporting.reports import Reports
from ledger.reporting.stored.schema import open_database
from projections.nyckeltal import REPORT
from tests.conftest import SHARED_DATA
from tests.reporting.asking import TODAY, rows

PRINTED: Final = SHARED_DATA / "linkoping" / "printed"
ORGANISATION: Final = """ansvar,namn,niva,overordnad,fran,till,teckenregel
KS,Kommunstyrelsen,namnd,,2016-01-01,,
VSS,Verksamhetsstöd och service,forvaltning,KS,2016-01-01,,
"""


class Tabell(NamedTuple):
    """A printed table: its unit, the slag of its mått, and the year and month that it is printed for."""

    ansvar: str
    slag: str
    ar: int
    tom: int = 12


TABLES: Final = {
    "2023_ib_vss_volym": Tabell("VSS", "volym", 2023),
    "2024_q1_vss_volym": Tabell("VSS", "volym", 2024, 3),
    "2023_ib_ks_personal": Tabell("KS", "personal", 2023),
    "2023_ib_vss_personal": Tabell("VSS", "personal", 2023),
    "2024_q1_vss_personal": Tabell("VSS", "personal", 2024, 3),
    "2024_vb_personal_klf": Tabell("KS", "personal", 2024),
    "2023_ib_ks_namndindikatorer": Tabell("KS", "indikator", 2023),
    "2023_ib_vss_forvaltningsindikatorer": Tabell("VSS", "indikator", 2023),
    "2024_q1_vss_forvaltningsindikatorer": Tabell("VSS", "indikator", 2024, 3),
    "2024_vb_namndindikatorer": Tabell("KS", "indikator", 2024),
}

#: Printed cells that are no single value: the value that is kept, and what is said beside it.
SPLIT: Final = (
    (re.compile(r"(\S+) \((\d{4}|prognos)\)"), r"\1", r"(\2)"),
    (re.compile(r"(\d{4}): (\S+)"), r"\2", r"\1"),
    (re.compile(r"(\S+) (\S+ \(\d{4}\))"), r"\1", r"\2"),
    (re.compile(r"(IU) - (resultat .*)"), r"\1", r"\2"),
    (re.compile(r"(≥\d+%) (Positiv trend)"), r"\1", r"\2"),
)

#: The same thing, printed in several ways.
ALIKE: Final = {"I.U": "I.U.", "IU": "I.U.", "Ej negativ": "≥0", "Öka": "öka", "Minska": "minska", "Behålla": "behålla"}

#: Columns that say which goal an indicator follows.
GOALS: Final = {
    "nämndmål": "mal",
    "förvaltningsmål": "mal",
    "kommunövergripande mål": "overgripande_mal",
    "målområde": "malomrade",
}


class Ruta(NamedTuple):
    """A printed cell: its row and column in the report, what is kept of it, and what is said beside it."""

    rad: str
    kolumn: str
    varde: str
    text: str


class Rad(NamedTuple):
    """A printed row: its mått, its name, what it is a part of, its sex, its goals and its cells."""

    matt: str
    namn: str
    del_av: str
    kon: str
    mal: dict[str, str]
    celler: list[tuple[str, str, str]]


def column(heading: str, tabell: Tabell) -> tuple[str, int, int | None] | None:
    """The sort, year and month of a printed column; None for those that hold no values."""
    if found := re.fullmatch(r"(Utfall|Budget|Plan|Prognos) (\d{4})", heading):
        return found[1].lower(), int(found[2]), None
    if found := re.fullmatch(r"Mars (\d{4})", heading):
        return "utfall", int(found[1]), 3
    if found := re.fullmatch(r"(?:Målvärde|Önsk.* riktning/värde)(?: (\d{4}))?", heading):
        return "mal", int(found[1] or tabell.ar), None
    return ("utfall", int(heading), None) if re.fullmatch(r"\d{4}", heading) else None


def key(place: tuple[str, int, int | None]) -> str:
    sort, ar, tom = place
    return f"{sort}_{ar}" + (f"_{tom:02}" if tom else "")


def split(cell: str) -> tuple[str, str]:
    """What is kept of a cell as its value, and what is said beside it."""
    for pattern, value, text in SPLIT:
        if found := pattern.fullmatch(cell):
            return found.expand(value), found.expand(text)
    return cell, ""


def printed_rows(name: str, tabell: Tabell) -> Iterator[Rad]:
    """The rows of a printed table; a cell with one value for each sex becomes two rows."""
    codes: dict[str, str] = {}
    with (PRINTED / f"{name}.csv").open(encoding="utf-8") as file:
        for n, printed in enumerate(csv.DictReader(file)):
            parent = codes.get(printed["_parent"], "")
            if printed["_role"] == "kön":
                matt, kon, above = parent, "man" if printed["label"].lower() == "män" else "kvinnor", ""
            else:
                matt, kon, above = f"{name}-{n:02}", "", parent
                codes[printed["label"]] = matt
            goals = {GOALS[heading]: text for heading, text in printed.items() if heading in GOALS}
            cells = [(heading, *split(text)) for heading, text in printed.items() if column(heading, tabell) and text]
            if printed.get("not"):
                cells = cells or [(next(h for h in printed if h.startswith("Önsk")), "*", "")]
                cells[0] = (*cells[0][:2], "; ".join(part for part in (cells[0][2], printed["not"]) if part))
            both = [cell for cell in cells if "/" in cell[1] and cell[1] != "N/A"]
            rest = [cell for cell in cells if cell not in both]
            yield Rad(matt, printed["label"], above, kon, goals, rest)
            for place, sex in enumerate(("man", "kvinnor") if both else ()):
                yield Rad(matt, "", "", sex, goals, [(h, value.split("/")[place], text) for h, value, text in both])


def files() -> dict[str, str]:
    """The printed tables as files to import."""
    matt, varde = io.StringIO(), io.StringIO()
    matten, varden = csv.writer(matt), csv.writer(varde)
    columns = {kind.namn: kind.columns for kind in FILSLAG}
    matten.writerow(columns["matt"])
    varden.writerow(columns["matvarde"])
    for name, tabell in TABLES.items():
        for rad in printed_rows(name, tabell):
            if not rad.kon:
                goals = [rad.mal.get(field, "") for field in ("mal", "overgripande_mal", "malomrade")]
                matten.writerow([rad.matt, rad.namn, tabell.slag, "", "", rad.del_av, *goals, f"{tabell.ar}-01-01"])
            for heading, value, text in rad.celler:
                place = column(heading, tabell)
                assert place is not None
                sort, ar, tom = place
                varden.writerow(
                    [f"{tabell.ar}-12-31", tabell.ansvar, rad.matt, rad.kon, ar, tom or "", sort, value, text]
                )
    return {"organisation.csv": ORGANISATION, "matt.csv": matt.getvalue(), "matvarde.csv": varde.getvalue()}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    """A ledger with every table, imported as files."""
    if not PRINTED.is_dir():
        pytest.skip(f"the printed tables are not at {PRINTED}")
    url = f"sqlite:///{tmp_path_factory.mktemp('tryck') / 'liggare.db'}"
    moments = (datetime(2025, 2, 3, tzinfo=UTC) + timedelta(seconds=n) for n in range(10_000))
    log = FactLog.open(url, clock=lambda: next(moments), salt=lambda: bytes(16))
    given = [Fil(name, data=text.encode()) for name, text in files().items()]
    ids = (f"command-{n}" for n in range(10_000))
    import_files(Ledger(log), Caller("a-1", "ekonom"), given, Options(), new_id=lambda: next(ids))
    made = Reports(open_database(url), log, [REPORT])
    yield made
    made.runner.stop()
    made.engine.dispose()
    log.close()


def asked(reports: Reports, tabell: Tabell) -> Answer:
    asked_for = {"ar": str(tabell.ar), "tom": str(tabell.tom), "slag": tabell.slag}
    return reports.answer("nyckeltal", asked_for, TODAY)


@pytest.mark.parametrize("name", TABLES)
def test_every_printed_cell_comes_back(name: str, reports: Reports) -> None:
    tabell = TABLES[name]
    answer = asked(reports, tabell)
    found, names = rows(answer), {r.nyckel: r.namn for r in answer.rader}
    seen = 0
    for rad in printed_rows(name, tabell):
        if rad.kon and not rad.celler:
            # A sex that nothing is printed of.
            continue
        # A heading or a goal without indicator has no values, and so no unit.
        parts = (rad.matt, tabell.ansvar, rad.kon) if rad.celler else (rad.matt,)
        nyckel = ".".join(part for part in parts if part)
        cells = found[nyckel]
        if not rad.kon:
            assert names[nyckel] == rad.namn
            assert {field: cells[field] or "" for field in rad.mal} == rad.mal
        for heading, value, text in rad.celler:
            place = column(heading, tabell)
            assert place is not None
            assert cells[key(place)] == as_kept(value), (rad, heading)
            assert text in (cells["noter"] or ""), (rad, heading)
            seen += 1
    assert seen > 0


def as_kept(value: str) -> str:
    """A printed value as it is kept."""
    plain = ALIKE.get(value, value)
    return re.sub(r"^Mindre än ", "<", plain).removesuffix("%")


def test_the_tables_of_the_folder_are_all_here() -> None:
    if not PRINTED.is_dir():
        pytest.skip(f"the printed tables are not at {PRINTED}")
    kinds = ("volym", "personal", "indikator")
    assert {path.stem for path in Path(PRINTED).glob("*.csv") if any(k in path.stem for k in kinds)} == set(TABLES)


def test_targets_are_judged_in_words(reports: Reports) -> None:
    answer = asked(reports, TABLES["2024_q1_vss_forvaltningsindikatorer"])
    said: dict[str, Any] = {
        r.namn: r.celler["bedomning"] for r in answer.rader if r.nyckel.startswith("2024_q1") and r.celler["bedomning"]
    }
    assert said["Leverantörstrohet (%)"] == "ej uppnått"
    assert said["E-handelstrohet (%)"] == "uppnått"
    assert said["Budgetavvikelse (% av omsättning)"] == "ej uppnått"
    assert said["Chefindex"] == "bedöms inte: utfall saknas"
