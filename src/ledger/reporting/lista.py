"""Lists: reports whose rows are facts, findings or gaps rather than sums.

A list has the shape of every answer (`rader` with `nyckel`, `namn` and `celler`); its cells are text, dates, counts or
öre, and `kolumner` says which by `form`. It is answered a page at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.domain.events import (
    RegistreringCorrected,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.fact import Fact
from ledger.domain.language import phrase
from ledger.domain.refusal import Refused
from ledger.reporting import answer as answers
from ledger.reporting.answer import Answer, Cell, Kolumn, Rad
from ledger.reporting.bokforing import RATTADE, correction_key, late_days
from ledger.reporting.entry import Journal, Register, Series
from ledger.reporting.log import Log, Recorded
from ledger.reporting.material import Beslutsrad
from ledger.reporting.matt import MATT, MATVARDE, Matt, Vardesrad, counting
from ledger.reporting.question import Reader
from ledger.reporting.report import Column, Report
from ledger.reporting.rules.anmarkning import Finding, decisions, findings
from ledger.reporting.rules.asked import Asked, Question
from ledger.reporting.rules.bok import Bok, Urval
from ledger.reporting.rules.tree import Chart
from ledger.reporting.stored.journal import LAST, Wanted, journal_reader
from ledger.reporting.stored.register import Held, standing
from ledger.reporting.stored.series import Within, series_reader

#: Facts that post.
POSTINGS: Final = (VerifikationPosted, UtfallReported, UtfallCorrected)

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
    """A page: its facts, and whether more follow."""

    facts: tuple[Recorded, ...]
    more: bool


class Asking:
    """What a list may look at: the registers, journals and findings within the question's limits."""

    def __init__(self, report: Report, asked: Asked, log: Log) -> None:
        self._report, self._asked, self._log = report, asked, log
        self.beslutad = asked.question.beslutad
        self.ar, self.tom, self.kand = asked.question.ar, asked.question.tom, asked.question.kand
        self._filters = dict(asked.question.filters)
        #: What else is to be said of what is listed: printed after the notes of the report.
        self.notes: list[str] = []

    def filter(self, name: str, default: str = "") -> str:
        """The value of a parameter of the report's own."""
        return self._filters.get(name, default)

    @property
    def year(self) -> int | None:
        """The year asked for, where one is."""
        return self._asked.question.ar or None

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

    def bok(self) -> Bok:
        """The postings of the units asked for, within all limits and the filters konto, serie, projekt, fran and till.

        `konto` is one or a span, such as `1510` or `1500-1999`. Errors: Refused for a day that is none.
        """
        forsta, _, sista = (part.strip() for part in self.filter("konto").partition("-"))
        reader = Reader(self._report, self._filters)
        days = [reader.day(name) for name in ("fran", "till")]
        if reader.refusals:
            raise Refused(reader.refusals)
        return Bok(self._asked, Urval(forsta, sista or forsta, self.filter("serie"), self.filter("projekt"), *days))

    def recorded(self, positions: Iterable[int]) -> dict[int, Recorded]:
        """The facts at some positions."""
        wanted = sorted(set(positions))
        return {one.position: one for one in self._log.read_positions(wanted)} if wanted else {}

    def corrects(self, fact: Fact) -> int | None:
        """The position of the fact that another corrects, the first where there are several."""
        match fact:
            case RegistreringCorrected():
                return fact.rattar
            case UtfallCorrected():
                return min(fact.rattar, default=None)
            case VerifikationCorrected():
                return next((found.position for found in self.stream(fact.keys[0])), None)
        return None

    def corrected_by(self, recorded: Sequence[Recorded]) -> dict[int, list[int]]:
        """The facts that correct each of some facts, by position. Of postings RATTADE is asked."""
        found: dict[int, list[int]] = {one.position: [] for one in recorded}
        for one in recorded:
            if isinstance(one.fact, POSTINGS):
                found[one.position] = [
                    held.position for held in self.held(RATTADE, correction_key(one.position, one.fact))
                ]
        streams = [f"rattelse/{one.position}" for one in recorded if not isinstance(one.fact, POSTINGS)]
        for one in self._log.streams(streams):
            if isinstance(one.fact, RegistreringCorrected) and one.position <= self.kand:
                found[one.fact.rattar].append(one.position)
        return found

    def late_days(self, recorded: Iterable[Recorded]) -> dict[int, date]:
        """The original days of vouchers that came when their month was closed, by position."""
        return late_days(recorded, self.kand, self._log.read_positions)

    def stream(self, stream: str) -> list[Recorded]:
        """The facts of a stream that were recorded by then, in order."""
        return [one for one in self._log.stream(stream) if one.position <= self.kand]

    def held(self, register: Register, key: str) -> list[Held[Any]]:
        """The rows under a key of a register that count, in the order in which they were said."""
        return self._asked.snapshot.register(register).rows(key, self.kand)

    def matt(self) -> list[Matt]:
        """Every mått of the units asked for, with the values that count, in the order in which they were recorded.

        A mått that has no values at all – a heading over its parts, a goal without an indicator – stands once.
        """
        snapshot, chart = self._asked.snapshot, Chart(self.kand, self._asked.question.last_day)
        defined, told = snapshot.register(MATT), snapshot.register(MATVARDE)
        found: list[Matt] = []
        for code in defined.all_keys():
            versions = defined.rows(code, self.kand)
            if not versions:
                continue
            rad = standing(versions, lambda row: row.fran, chart.begun).row
            rows = [(held.order, held.row) for held in told.rows(code, self.kand) if self._is_within(held.row)]
            of = counting(rows)
            found += [Matt(rad, ansvar, kon, places) for (ansvar, kon), places in of.items()]
            if not of and not told.rows(code, self.kand):
                found.append(Matt(rad, "", None, {}))
        return found

    def _is_within(self, row: Vardesrad) -> bool:
        return self.concerns([row.ansvar]) and (self.beslutad is None or row.datum <= self.beslutad)

    def code_names(self, field: str) -> dict[str, str]:
        """Names of verksamheter or projects (`verksamhet`, `projekt`) on the last day asked for."""
        return self._asked.code_names(field)

    def traces(self, register: Register, key: str) -> list[Recorded]:
        """The facts that told a register rows under a key, in order, each with who recorded it and when."""
        held = self._asked.snapshot.register(register).rows(key, self._asked.question.kand)
        return list(self._log.read_positions(sorted({one.position for one in held})))

    def newest(self, journal: Journal, tags: Iterable[str], first: int, size: int) -> Sida:
        """A page of the facts of a journal, newest first: those with every tag, of the units asked for, and dated."""
        question = self._asked.question
        snapshot = self._asked.snapshot
        wanted = Wanted(question.kand, tuple(tags), self.units, *self._days(), undated=not question.ar)
        found = journal_reader(snapshot, journal).newest(snapshot.connection, wanted, first, size + 1)
        facts = self._log.read_positions(sorted(found[:size]))
        return Sida(tuple(reversed(facts)), more=len(found) > size)

    def gaps(self, series: Series) -> Iterator[tuple[str, int, int]]:
        """What is missing of a series among the numbers that are dated as asked for: key, first and last number."""
        snapshot = self._asked.snapshot
        within = Within(self._asked.question.kand, *self._days())
        for key, runs in series_reader(snapshot, series).runs(snapshot.connection, within).items():
            for first, last in runs.gaps():
                yield key, first, last

    def _days(self) -> tuple[int, int]:
        """The first and the last day asked for, as `dated` judges them: `20240331`."""
        question = self._asked.question
        first, last = (question.ar * 10000, question.ar * 10000 + question.tom * 100 + 31) if question.ar else (1, LAST)
        if question.beslutad:
            last = min(last, question.beslutad.year * 10000 + question.beslutad.month * 100 + question.beslutad.day)
        return first, last


def local_day(instant: datetime) -> date:
    """The day of an instant in Sweden."""
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return _day_of_hour(utc.year, utc.month, utc.day, utc.hour)


@lru_cache(1024)
def _day_of_hour(year: int, month: int, day: int, hour: int) -> date:
    """The day in Sweden of an hour of UTC: since 1879 the two differ by whole hours."""
    return datetime(year, month, day, hour, tzinfo=UTC).astimezone(STOCKHOLM).date()


def list_answer(report: Report, asked: Asked, log: Log) -> Answer:
    """The answer of a list."""
    listing = report.listing or (lambda _asking: ())
    question, asking = asked.question, Asking(report, asked, log)
    listed = tuple(listing(asking))
    columns = report.columns_of(asking) if report.columns_of else report.columns
    rows = tuple(
        Rad(row.nyckel, row.namn, {c.nyckel: row.celler.get(c.nyckel) for c in columns}, row.indrag, row.sort)
        for row in listed
    )
    return Answer(
        rapport=report.name,
        rubrik=phrase(report.rubrik),
        stampel=answers.stamp(log, question.kand, report.version),
        fraga=_asked_for(report, question),
        kolumner=tuple(Kolumn(c.nyckel, phrase(c.rubrik), c.form) for c in columns),
        rader=rows,
        fotnoter=(*map(phrase, report.notes), *asking.notes),
        utskrift=_printed(columns, rows),
    )


def _asked_for(report: Report, question: Question) -> dict[str, Any]:
    return {
        "ar": question.ar or None,
        "tom": question.tom,
        "ansvar": question.ansvar,
        "kand": f"@{question.kand}",
        "beslutad": question.beslutad.isoformat() if question.beslutad else None,
        "enhet": question.enhet,
        **{f.name: dict(question.filters).get(f.name) for f in report.filters},
    }


def _printed(columns: Sequence[Column], rows: Sequence[Rad]) -> tuple[str, ...]:
    """The columns of a printed list: of those that it has, the ones that say something of any row."""
    printed = tuple(column.nyckel for column in columns if column.printed)
    return tuple(key for key in printed if any(row.celler[key] is not None for row in rows)) or printed
