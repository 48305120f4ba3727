"""Ledgers that reading benchmarks share: built once and kept for other runs where that is wanted."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

import projections
from benchmarks import founding
from benchmarks.databases import Databases
from benchmarks.municipality import Municipality
from benchmarks.vouchers import ROWS_A_VOUCHER
from ledger import reporting
from ledger.elsewhere import reports_over
from ledger.recording.store import FactLog
from ledger.reporting.reports import Reports
from ledger.reporting.stored.schema import METADATA, open_database


@dataclass(frozen=True, slots=True)
class Built:
    """A ledger: where it is, its rows of vouchers, the position of its last fact, and how long it took to build.

    `program` is a digest of the source that its read model was made by.
    """

    url: str
    rows: int
    head: int
    seconds: float
    read_model_seconds: float
    program: str

    @contextmanager
    def opened(self) -> Iterator[tuple[FactLog, Reports]]:
        """Its log, and its reports, which have read all of it."""
        with founding.opened(self.url) as log:
            reports = reports_over(self.url, log)
            try:
                reports.runner.catch_up()
                yield log, reports
            finally:
                reports.runner.stop()
                reports.engine.dispose()


class Shelf:
    """The ledgers of one municipality, in the folder of the databases. Those that are kept are there the next time."""

    def __init__(self, databases: Databases, town: Municipality, *, kept: bool) -> None:
        self._databases, self._town, self._kept = databases, town, kept
        self._built: dict[tuple[str, int], Built] = {}

    def ledger(self, backend: str, rows: int) -> Built:
        """The ledger with so many rows of vouchers."""
        if (backend, rows) not in self._built:
            self._built[backend, rows] = self._found(backend, rows) or self._build(backend, rows)
        return self._built[backend, rows]

    def _name(self, rows: int) -> str:
        return f"liggare_bench_{self._town.seed}_{self._town.years}_{round(self._town.texts * 100)}_{rows}"

    def _marker(self, backend: str, rows: int) -> Path:
        return self._databases.folder / f"{self._name(rows)}.{backend}.json"

    def _found(self, backend: str, rows: int) -> Built | None:
        """One that was finished in an earlier run; its address may be another now."""
        marker = self._marker(backend, rows)
        if not marker.exists():
            return None
        said = json.loads(marker.read_text(encoding="utf-8"))
        built = Built(**{**said, "url": self._databases.at(backend, self._name(rows))})
        if built.program != program():
            print(f"bygger om läsmodellen för {rows} rader i {backend} …", file=sys.stderr, flush=True)
            engine = open_database(built.url)
            METADATA.drop_all(engine)
            engine.dispose()
            built = self._finished(backend, built)
        return built

    def _build(self, backend: str, rows: int) -> Built:
        print(f"bygger {rows} rader i {backend} …", file=sys.stderr, flush=True)
        url = self._databases.new(backend, self._name(rows))
        clock = founding.Calendar()
        begun = perf_counter()
        with founding.opened(url, clock) as log:
            founding.found(log, self._town, clock, rows // ROWS_A_VOUCHER)
            built = Built(url, rows, log.head().position, perf_counter() - begun, 0.0, program())
        return self._finished(backend, built)

    def _finished(self, backend: str, built: Built) -> Built:
        """A ledger with its read model, noted where it is kept."""
        begun = perf_counter()
        with built.opened():
            built = replace(built, read_model_seconds=perf_counter() - begun, program=program())
        self._databases.settle(built.url)
        if self._kept:
            self._marker(backend, built.rows).write_text(json.dumps(asdict(built)), encoding="utf-8")
        return built

    def clear(self) -> None:
        """Drop what was built and is not kept."""
        for built in self._built.values() if not self._kept else ():
            self._databases.drop(built.url)


def program() -> str:
    """A digest of all source that a read model is made by: another program may keep it in another form."""
    digest = hashlib.sha256()
    for package in (reporting, projections):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def file_of(url: str) -> Path:
    """The file of an SQLite database."""
    return Path(url.removeprefix("sqlite:///"))
