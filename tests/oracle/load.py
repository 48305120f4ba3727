"""The acceptance folders as facts: a small reader for those files, not for what people bring."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from ledger.domain.events import (
    DECISIONS,
    KontoDefined,
    PrognosSubmitted,
    ProjektChanged,
    UnitChanged,
    UnitClosed,
    UnitEstablished,
    UtfallReported,
    VerifikationPosted,
    VerksamhetDefined,
)
from ledger.domain.fact import Fact
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.rorelse import Rorelse

CsvRow: TypeAlias = dict[str, str]

ORDER = ("organisation", "verksamhet", "konto", "projekt", "budget", "utfall", "prognos")


def load(folders: Sequence[Path], *, but_not: Sequence[str] = ()) -> list[tuple[int, Fact]]:
    """The facts of some folders in one ledger, in the order of contract §4; the same row of a register once."""
    rows: dict[str, list[CsvRow]] = {kind: [] for kind in ORDER}
    seen: set[tuple[str, str]] = set()
    for folder in folders:
        for path in sorted(folder.glob("*.csv")):
            kind = path.stem.rpartition("-")[2]
            read = [] if path.name in but_not else read_csv(path)
            content = (kind, repr(read))
            if content not in seen:
                rows[kind].extend(read)
            seen.add(content)
    facts = [fact for kind in ORDER for fact in READERS[kind](rows[kind])]
    return list(enumerate(facts, start=1))


def read_csv(path: Path) -> list[CsvRow]:
    """The rows of a file; the separator is the one in its header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        file.seek(0)
        return list(csv.DictReader(file, delimiter=";" if ";" in header else ","))


def ore(belopp: str) -> int:
    """Kronor with `.` or `,` decimals as öre."""
    return int(Decimal(belopp.replace(",", ".")) * 100)


def day(text: str) -> date | None:
    """A date, or nothing where the cell is blank."""
    return date.fromisoformat(text) if text else None


def grouped(rows: Sequence[CsvRow], *columns: str) -> dict[tuple[str, ...], list[CsvRow]]:
    """The rows by some of their columns, in the order of the file."""
    found: dict[tuple[str, ...], list[CsvRow]] = {}
    for row in rows:
        found.setdefault(tuple(row[column] for column in columns), []).append(row)
    return found


def organisation(rows: Sequence[CsvRow]) -> Iterator[Fact]:
    """Each unit's versions by `fran`; a `till` closes it unless the next version begins the day after."""
    for (ansvar,), versions in grouped(rows, "ansvar").items():
        by_day = {version["fran"]: version for version in versions}
        starts = sorted(by_day)
        for number, start in enumerate(starts):
            row = by_day[start]
            make = UnitChanged if number else UnitEstablished
            yield make(
                ansvar=ansvar,
                namn=row["namn"],
                niva=row["niva"],
                overordnad=row["overordnad"] or None,
                fran=date.fromisoformat(start),
                teckenregel=row["teckenregel"] or None,
            )
            till = day(row["till"])
            goes_on = till and starts[number + 1 : number + 2] == [(till + timedelta(days=1)).isoformat()]
            if till and not goes_on:
                yield UnitClosed(ansvar=ansvar, till=till)


def verksamhet(rows: Sequence[CsvRow]) -> Iterator[Fact]:
    """The codes of the chart."""
    for row in rows:
        yield VerksamhetDefined(row["kod"], row["namn"], date.fromisoformat(row["fran"]), day(row["till"]))


def konto(rows: Sequence[CsvRow]) -> Iterator[Fact]:
    """The accounts of the chart."""
    for row in rows:
        yield KontoDefined(row["konto"], row["namn"], row["slag"], date.fromisoformat(row["fran"]), day(row["till"]))


def projekt(rows: Sequence[CsvRow]) -> Iterator[Fact]:
    """The projects, row by row."""
    for row in rows:
        yield ProjektChanged(
            projekt=row["projekt"],
            namn=row["namn"],
            ansvar=row["ansvar"],
            status=row["status"],
            statusdatum=date.fromisoformat(row["statusdatum"]),
            grupp=row["grupp"] or None,
            startar=day(row["startar"]),
            slutar=day(row["slutar"]),
        )


def budget(rows: Sequence[CsvRow]) -> Iterator[Fact]:
    """One fact per decision: rows with the same typ, organ, date, paragraph and diary number."""
    key = ("typ", "beslutsorgan", "beslutsdatum", "paragraf", "diarienummer")
    for (typ, organ, beslutsdatum, paragraf, diarienummer), movements in grouped(rows, *key).items():
        yield DECISIONS[typ](
            beslutsorgan=organ,
            beslutsdatum=date.fromisoformat(beslutsdatum),
            rorelser=tuple(rorelse(row) for row in movements),
            paragraf=paragraf or None,
            diarienummer=diarienummer or None,
        )


def rorelse(row: CsvRow) -> Rorelse:
    """One row of a budget file."""
    return Rorelse(
        belopp_ore=ore(row["belopp"]),
        slag=row["slag"],
        ar=int(row["ar"]),
        fran_ansvar=row["fran_ansvar"] or None,
        till_ansvar=row["till_ansvar"] or None,
        verksamhet=row["verksamhet"] or None,
        till_verksamhet=row["till_verksamhet"] or None,
        konto=row["konto"] or None,
        projekt=row["projekt"] or None,
        till_ar=int(row["till_ar"]) if row["till_ar"] else None,
        period=int(row["period"]) if row["period"] else None,
        text=row["text"] or None,
    )


def utfall(rows: Sequence[CsvRow]) -> Iterator[Fact]:
    """Vouchers by serie, number and date; the other rows by month and unit."""
    vouchers = [row for row in rows if row["vernr"]]
    for (serie, vernr, dag), lines in grouped(vouchers, "serie", "vernr", "bokforingsdatum").items():
        yield VerifikationPosted(serie, vernr, date.fromisoformat(dag), tuple(utfallsrad(row) for row in lines))
    summary = [{**row, "period": row["bokforingsdatum"][:7]} for row in rows if not row["vernr"]]
    for (period, ansvar), lines in grouped(summary, "period", "ansvar").items():
        rader = tuple(Summarad(date.fromisoformat(row["bokforingsdatum"]), utfallsrad(row)) for row in lines)
        yield UtfallReported(period, ansvar, rader)


def utfallsrad(row: CsvRow) -> Utfallsrad:
    """One row of an outcome file."""
    return Utfallsrad(
        belopp_ore=ore(row["belopp"]),
        ansvar=row["ansvar"] or None,
        konto=row["konto"] or None,
        slag=row["slag"] or None,
        verksamhet=row["verksamhet"] or None,
        projekt=row["projekt"] or None,
        handelse=row["handelse"] or None,
        motpart=row["motpart"] or None,
        text=row["text"] or None,
    )


def prognos(rows: Sequence[CsvRow]) -> Iterator[Fact]:
    """One fact per date, year and unit."""
    for (prognosdatum, ar, ansvar), lines in grouped(rows, "prognosdatum", "ar", "ansvar").items():
        rader = tuple(Prognosrad(row["slag"], ore(row["belopp"]), row["projekt"] or None) for row in lines)
        yield PrognosSubmitted(date.fromisoformat(prognosdatum), int(ar), ansvar, rader)


READERS = {
    "organisation": organisation,
    "verksamhet": verksamhet,
    "konto": konto,
    "projekt": projekt,
    "budget": budget,
    "utfall": utfall,
    "prognos": prognos,
}
