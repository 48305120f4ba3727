"""All reports of one ledger: asked, taken apart and kept up to date. The one door of this room.

`ledger.elsewhere` finds the report files and builds it over a log; everybody else calls `ask`.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ledger.domain.language import phrase
from ledger.domain.refusal import Refused, refuse
from ledger.reporting import answer as answers
from ledger.reporting.answer import Answer, Cell, Kolumn, Rader
from ledger.reporting.entry import Cube
from ledger.reporting.explaining.explain import PAGE_OF_FACTS, Uppdelning, page
from ledger.reporting.explaining.skillnad import MOST_NAMED, WHOLE, Skillnad, Utsnitt
from ledger.reporting.explaining.two_differences import difference_of
from ledger.reporting.lista import list_answer
from ledger.reporting.log import Log
from ledger.reporting.material import BUDGET
from ledger.reporting.question import check_codes, read_question, unknown_unit
from ledger.reporting.question_refusals import ListHasNoSums, ReportDoesNotExist
from ledger.reporting.report import Column, Printed, Report, Uppstallning
from ledger.reporting.rules.asked import Asked, Question
from ledger.reporting.rules.kommentar import comments
from ledger.reporting.running.rebuild import Told
from ledger.reporting.running.rebuild_workers import Opener
from ledger.reporting.running.replay import Compared, replay
from ledger.reporting.running.runner import Runner
from ledger.reporting.stored.snapshot import Memory, Snapshot
from ledger.reporting.tables.lacking import lacks
from ledger.reporting.tables.sheet import MONTHS_OF_A_YEAR, Sheet
from ledger.reporting.tables.two_trees import TWIN, keys_of, pointed, shown


class ReportsAreBehind(Exception):  # noqa: N818 - says what is so
    """The read model did not reach the position in time."""

    def __init__(self, position: int, reason: str) -> None:
        """Say which position, and what holds them up."""
        self.reason = reason
        super().__init__(f"the reports have not reached @{position}: {reason}")


class Reports:
    """Every report that was found, over one log and one read model."""

    def __init__(
        self,
        engine: Engine,
        log: Log,
        reports: Iterable[Report],
        *,
        patience: float = 30.0,
        opener: Opener | None = None,
    ) -> None:
        """`opener` opens the same log and finds the same material in other processes, where much is to be read."""
        self.reports = {report.name: report for report in sorted(reports, key=lambda report: report.name)}
        self.log, self.engine, self.patience = log, engine, patience
        self._stores = {report.name: report.stores() for report in self.reports.values()}
        materials = {m.name: m for declared in self._stores.values() for m in declared}
        self._needed = {name: frozenset(m.name for m in declared) for name, declared in self._stores.items()}
        self.materials = tuple(materials[name] for name in sorted(materials))
        self.runner = Runner(engine, log, self.materials, opener=opener)
        self._memory, self._opener = Memory(engine), opener

    def find(self, name: str) -> Report:
        """The report of a name. Errors: Refused."""
        if name not in self.reports:
            raise refuse(ReportDoesNotExist(kolumn="rapport", varde=name, reports=tuple(self.reports)))
        return self.reports[name]

    def question(self, name: str, parameters: Mapping[str, str | None], today: date) -> Question:
        """The question of some parameters. Errors: Refused with every fault."""
        question = read_question(self.find(name), parameters, self.log, today)
        with self.snapshot(question) as snapshot:
            check_codes(question, snapshot)
        return question

    def answer(self, name: str, parameters: Mapping[str, str | None], today: date) -> Answer:
        """The answer to a question given as text. Errors: Refused."""
        question = read_question(self.find(name), parameters, self.log, today)
        with self.snapshot(question) as snapshot:
            check_codes(question, snapshot)
            return self._answer(question, snapshot)

    def ask(self, question: Question) -> Answer:
        """The answer to a question. Errors: Refused."""
        with self.snapshot(question) as snapshot:
            return self._answer(question, snapshot)

    def _answer(self, question: Question, snapshot: Snapshot) -> Answer:
        report, asked = self.find(question.rapport), Asked(question, snapshot)
        made = list_answer if report.table is None else sum_answer
        return replace(made(report, asked, self.log), build=self._build(report, snapshot))

    def _build(self, report: Report, snapshot: Snapshot) -> tuple[int, ...]:
        """What names the build of the read model that a snapshot of it holds."""
        return tuple(snapshot.number(material) for material in self._stores[report.name])

    def figures(
        self, questions: Sequence[Question], columns: Collection[str], *, only_sums: bool = False
    ) -> list[dict[str, dict[str, Cell]]]:
        """Some columns of the answers to questions to one report, by row, as people are shown them. Errors: Refused.

        The same figures as in the answers, for less: nothing else is worked out, and with `only_sums` of the running
        budget no unit but those outside the sum.
        """
        with self.snapshot(*questions) as snapshot:
            return [self._figures(Asked(question, snapshot), columns, only_sums=only_sums) for question in questions]

    def _figures(self, asked: Asked, columns: Collection[str], *, only_sums: bool) -> dict[str, dict[str, Cell]]:
        report = self.find_sums(asked.question.rapport)
        table = report.table
        if table and only_sums:
            table = replace(table, only_sums=True, specification="", earlier_frame=False)
        kept = tuple(c for c in report.columns if c.nyckel in columns)
        # What is worked out of a report's columns is kept under its name: these few are another report.
        slim = replace(report, name=f"{report.name}: {', '.join(c.nyckel for c in kept)}", table=table, columns=kept)
        sheet = Sheet(slim, asked)
        known = [not lacks(sheet, column) for column in sheet.columns]
        return {
            line.nyckel: {
                c.nyckel: n if is_known else None for c, n, is_known in zip(sheet.columns, of, known, strict=True)
            }
            for line, of in sheet.rows()
        }

    def build(self, name: str) -> tuple[int, ...]:
        """What names the build of the read model that a report is answered from; nothing while there is none.

        After a rebuild it is another. Errors: Refused.
        """
        report = self.find(name)
        try:
            with self._memory.snapshot(self._needed[name]) as snapshot:
                return self._build(report, snapshot)
        except (KeyError, DBAPIError):
            return ()

    def is_outdated(self, name: str) -> bool:
        """Whether a report is answered from an earlier version of what it is made of, while the new one is built."""
        return self.runner.is_outdated(self._needed[name])

    def read_in(self) -> Iterator[None]:
        """Fetch what figures are made of before anybody asks for it, the newest first, a little at a time."""
        return self._memory.read_in(material for material in self.materials if isinstance(material, Cube))

    def years(self) -> list[int]:
        """The years that anything is decided for, the newest first."""
        with self._memory.snapshot([BUDGET.name]) as snapshot:
            try:
                keys = snapshot.register(BUDGET).all_keys()
            except KeyError:
                # Nothing is stored yet, or no report is made of decisions.
                return []
        return sorted((int(key) for key in keys if key.isdigit()), reverse=True)

    def find_sums(self, name: str) -> Report:
        """The report of a name, where it is one of sums. Errors: Refused."""
        report = self.find(name)
        if report.table is None:
            raise refuse(ListHasNoSums(kolumn="rapport", varde=name))
        return report

    def cell(
        self, question: Question, rad: str, kolumn: str, *, first: int = 0, size: int = PAGE_OF_FACTS
    ) -> Uppdelning:
        """The facts behind one cell, a page of them from number `first` (0 is the first). Errors: Refused."""
        with self.snapshot(question) as snapshot:
            asked = Asked(question, snapshot)
            report = self.find_sums(question.rapport)
            found = pointed(Sheet(report, asked), rad, kolumn)
            antal, nothing, andelar = (
                page(found.sheet, (found.line, found.column), self.log, first=first, size=size)
                if found.line
                else (0, 0, ())
            )
            return Uppdelning(
                rapport=question.rapport,
                stampel=answers.stamp(self.log, question.kand, report.version),
                fraga=answers.question_dict(question, asked.ansvar),
                rad=rad,
                namn=found.namn,
                kolumn=kolumn,
                rubrik=found.rubrik,
                summa_ore=found.summa_ore,
                antal=antal,
                netto_noll=nothing,
                andelar=andelar,
            )

    def replay(self, upto: int, told: Told | None = None) -> list[Compared]:
        """Every material played again from the facts alone to a position, compared with what is stored."""
        self.runner.catch_up(told=told)
        return replay(self.log, self.materials, upto, stored=self.engine, told=told, opener=self._opener)

    def skillnad(self, a: Question, b: Question, asked: Utsnitt = WHOLE) -> Skillnad:
        """Every cell in which B differs from A, with the facts that explain it to the öre. Errors: Refused."""
        with self.snapshot(a, b) as snapshot:
            report = self.find_sums(a.rapport)
            # A is shown in B's organisation on the way: what A is about must be known there.
            if refusals := unknown_unit(a.ansvar, b.kand, snapshot):
                raise Refused(refusals)
            one, other = Asked(a, snapshot), Asked(b, snapshot)
            difference = difference_of(report, one, other, asked)
            return Skillnad(
                rapport=report.name,
                fran=answers.question_dict(a, one.ansvar),
                till=answers.question_dict(b, other.ansvar),
                fran_stampel=answers.stamp(self.log, a.kand, report.version),
                till_stampel=answers.stamp(self.log, b.kand, report.version),
                celler=tuple(difference.cells()),
                positioner=tuple(difference.positions[:MOST_NAMED].tolist()),
                antal=len(difference.positions),
            )

    @contextmanager
    def snapshot(self, *questions: Question) -> Iterator[Snapshot]:
        """The read model, complete to what the questions ask for. Errors: ReportsAreBehind."""
        needed = max(question.kand for question in questions)
        names = frozenset[str]().union(*(self._needed[question.rapport] for question in questions))
        deadline = time.monotonic() + self.patience
        while self.runner.wait_for(needed, deadline - time.monotonic(), names):
            with self._memory.snapshot(names) as snapshot:
                if snapshot.position >= needed:
                    with self._as_declared(needed, names):
                        yield snapshot
                    return
            # Somebody has thrown the read model away, or put an older one back.
            self.runner.doubt()
        if self.runner.fault:
            # The database says itself what ails it.
            with self._memory.snapshot(names):
                pass
        raise ReportsAreBehind(needed, self.runner.trouble_of(names) or "the runner is slow")

    @contextmanager
    def _as_declared(self, needed: int, names: Collection[str]) -> Iterator[None]:
        """Where an earlier version serves that cannot be read as it is declared now, the new one is waited for."""
        try:
            yield
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            if not self.runner.is_outdated(names):
                raise
            raise ReportsAreBehind(needed, "they are being built anew") from error


def sum_answer(report: Report, asked: Asked, log: Log) -> Answer:
    """The answer of a table of sums."""
    sheet, said = Sheet(report, asked), comments(asked)
    kolumner, lines, cells, notes = shown(sheet)
    utskrift = _printed(sheet, cells)
    if form := _form(report, asked, kolumner):
        utskrift, kolumner = tuple(k.nyckel for k in form), (*form, *(k for k in kolumner if k not in form))
        cells = {k.nyckel: cells[k.nyckel] for k in kolumner}
    return Answer(
        rapport=report.name,
        rubrik=phrase(report.rubrik),
        stampel=answers.stamp(log, asked.question.kand, report.version),
        fraga=answers.question_dict(asked.question, asked.ansvar),
        kolumner=kolumner,
        rader=Rader(lines, cells, said),
        fotnoter=tuple(notes),
        utskrift=utskrift,
    )


def _form(report: Report, asked: Asked, kolumner: Sequence[Kolumn]) -> list[Kolumn]:
    """The columns of the printed form that is asked for, in its order; none where none is."""
    forms = next((one for one in report.filters if isinstance(one, Uppstallning)), None)
    chosen = asked.question.chosen(forms.name) if forms else None
    if not forms or not chosen:
        return []
    by_key = {k.nyckel: k for k in kolumner}
    wanted = [key for own in forms.columns(chosen, list(by_key)) for key in (own, f"{own}{TWIN}")]
    # A pattern may have named the other organisation's column already.
    return [by_key[key] for key in dict.fromkeys(wanted) if key in by_key]


def _printed(sheet: Sheet, cells: Mapping[str, Sequence[Cell]]) -> tuple[str, ...]:
    """The columns of a narrow table by what the month and the forecast call for; later years only where they plan."""
    asked = sheet.asked
    forecasts = [cells[key] for key in ("prognos", f"prognos{TWIN}") if key in cells]
    has_forecast = any(of.count(None) < len(of) for of in forecasts)

    def holds(column: Column) -> bool:
        return any(any(cells[key]) for key in keys_of(column, asked) if key in cells)

    return tuple(
        key
        for column in sheet.columns
        if printed(column, asked, has_forecast=has_forecast)
        and ((column.year <= 0 and column.printed != "nagot") or holds(column))
        for key in keys_of(column, asked)
    )


def printed(column: Column, asked: Asked, *, has_forecast: bool) -> bool:
    """Whether a column is among those of a narrow printed table."""
    whole = asked.question.tom == MONTHS_OF_A_YEAR
    when: dict[Printed, bool] = {
        "": False,
        "alltid": True,
        "nagot": True,
        "helar": whole,
        "delar": not whole,
        "prognos": has_forecast,
        "delar_prognos": has_forecast and not whole,
        "stora": asked.question.stora is not None,
    }
    return when[column.printed]
