"""Lists: reports whose rows are facts, findings or gaps rather than sums.

A list has the shape of every answer (`rader` with `nyckel`, `namn` and `celler`); its cells are text, dates, counts or
öre, and `kolumner` says which by `form`. It is answered a page at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from ledger.reporting import answer as answers
from ledger.reporting.anmarkning import Finding, decisions, findings
from ledger.reporting.answer import Answer, Cell, Kolumn, Rad
from ledger.reporting.asked import Asked
from ledger.reporting.entry import Journal, Listed, Register
from ledger.reporting.log import Log
from ledger.reporting.material import Beslutsrad
from ledger.reporting.register import Held
from ledger.reporting.report import Report
from ledger.reporting.schema import ROW

#: Whose midnight ends a day.
STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Listrad:
    """One row of a list. A heading has `sort` rubrik and `antal` among its cells."""

    nyckel: str
    namn: str
    celler: Mapping[str, Cell] = field(default_factory=dict)
    indrag: int = 1
    sort: str = "rad"


@dataclass(frozen=True, slots=True)
class Sida:
    """A page: its rows, and whether more follow."""

    rows: tuple[Any, ...]
    more: bool


class Asking:
    """What a list may look at: the registers, journals and findings within the question's limits."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.beslutad = asked.question.beslutad
        self._filters = dict(asked.question.filters)

    def filter(self, name: str, default: str = "") -> str:
        """The value of a parameter of the report's own."""
        return self._filters.get(name, default)

    @property
    def units(self) -> frozenset[str] | None:
        """The unit asked for and all under it; None where every unit is asked for."""
        ansvar = self._asked.question.ansvar
        return frozenset(self._asked.tree.under(ansvar)) if ansvar else None

    def concerns(self, units: Iterable[str]) -> bool:
        """Whether any of these units is asked for."""
        wanted = self.units
        return wanted is None or not wanted.isdisjoint(units)

    def dated(self, day: date | None) -> bool:
        """Whether something of this day is within `beslutad`, and within `ar` and `tom` where a year is asked for."""
        question = self._asked.question
        if day is None:
            return not question.ar
        if self.beslutad is not None and day > self.beslutad:
            return False
        return not question.ar or (day.year == question.ar and day.month <= question.tom)

    def findings(self) -> list[Finding]:
        """Findings on decisions of the units asked for."""
        return [finding for finding in findings(self._asked) if self.concerns(finding.enheter)]

    def decisions(self) -> list[Held[Beslutsrad]]:
        """Decisions of the units asked for."""
        held = decisions(self._asked)
        return [one for one in held if self.concerns(one.row.enheter) and self.dated(one.row.beslutsdatum)]

    def rows(self, register: Register) -> Iterator[tuple[str, Any]]:
        """Every row of a register that counts, with its key."""
        reader = self._asked.snapshot.register(register)
        for key in reader.all_keys():
            for held in reader.rows(key, self._asked.question.kand):
                yield key, held.row

    def newest(self, journal: Journal, tags: Iterable[str], first: int, size: int, keep: Callable[[Any], bool]) -> Sida:
        """A page of a journal, newest first: rows whose key holds every tag and that are to be kept."""
        snapshot = self._asked.snapshot
        query = select(ROW.c.data).where(
            ROW.c.material == snapshot.number(journal), ROW.c.position <= self._asked.question.kand
        )
        for tag in tags:
            query = query.where(ROW.c.key.contains(f"|{tag}|", autoescape=True))
        stored = snapshot.connection.execution_options(yield_per=1000).execute(
            query.order_by(ROW.c.position.desc(), ROW.c.n)
        )
        decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(journal.row_type)
        kept = (row for row in (decoder.decode(data) for (data,) in stored) if keep(row))
        found = list(islice(kept, first, first + size + 1))
        stored.close()
        return Sida(tuple(found[:size]), more=len(found) > size)


def tagged(tags: Iterable[str], row: Any) -> Listed:
    """A row of a journal that can be found by each of its tags."""
    return Listed(f"|{'|'.join(tags)}|", row)


def local_day(instant: datetime) -> date:
    """The day of an instant in Sweden."""
    return instant.astimezone(STOCKHOLM).date()


def list_answer(report: Report, asked: Asked, log: Log) -> Answer:
    """The answer of a list."""
    listing = report.listing or (lambda _asking: ())
    question = asked.question
    rows = tuple(
        Rad(row.nyckel, row.namn, {c.nyckel: row.celler.get(c.nyckel) for c in report.columns}, row.indrag, row.sort)
        for row in listing(Asking(asked))
    )
    fraga = {
        "ar": question.ar or None,
        "tom": question.tom,
        "ansvar": question.ansvar,
        "kand": f"@{question.kand}",
        "beslutad": question.beslutad.isoformat() if question.beslutad else None,
        "enhet": question.enhet,
        **{f.name: dict(question.filters).get(f.name) for f in report.filters},
    }
    return Answer(
        rapport=report.name,
        rubrik=report.rubrik,
        stampel=answers.stamp(log, question.kand, report.version),
        fraga=fraga,
        kolumner=tuple(Kolumn(c.nyckel, c.rubrik, c.form) for c in report.columns),
        rader=rows,
        fotnoter=report.notes,
        utskrift=tuple(c.nyckel for c in report.columns if c.printed),
    )
