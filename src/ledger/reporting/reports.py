"""All reports of one ledger: asked, taken apart and kept up to date. The one door of this room.

`ledger.main` finds the report files, opens the log and builds it; everybody else calls `ask`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from sqlalchemy import Engine

from ledger.domain.refusal import refuse
from ledger.reporting import answer as answers
from ledger.reporting.answer import Answer, Kolumn, Rad
from ledger.reporting.asked import Asked, Question
from ledger.reporting.explain import Uppdelning, find, page
from ledger.reporting.fotnot import footnotes
from ledger.reporting.kommentar import comments
from ledger.reporting.lista import list_answer
from ledger.reporting.log import Log
from ledger.reporting.question import check_codes, read_question
from ledger.reporting.question_refusals import ListHasNoSums, ReportDoesNotExist
from ledger.reporting.replay import Compared, replay
from ledger.reporting.report import Column, Printed, Report
from ledger.reporting.runner import Runner
from ledger.reporting.sheet import MONTHS_OF_A_YEAR, Sheet, heading
from ledger.reporting.skillnad import Difference, Skillnad
from ledger.reporting.snapshot import Memory, Snapshot

#: Facts behind a cell on one page.
PAGE_OF_FACTS: Final = 100


class ReportsAreBehind(Exception):  # noqa: N818 - says what is so
    """The read model did not reach the position in time."""


class Reports:
    """Every report that was found, over one log and one read model."""

    def __init__(self, engine: Engine, log: Log, reports: Iterable[Report], *, patience: float = 30.0) -> None:
        self.reports = {report.name: report for report in sorted(reports, key=lambda report: report.name)}
        self.log, self.engine, self.patience = log, engine, patience
        materials = {m.name: m for report in self.reports.values() for m in report.stores()}
        self.materials = tuple(materials[name] for name in sorted(materials))
        self.runner = Runner(engine, log, self.materials)
        self._memory = Memory(engine)

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
        return self.ask(self.question(name, parameters, today))

    def ask(self, question: Question) -> Answer:
        """The answer to a question. Errors: Refused."""
        report = self.find(question.rapport)
        with self.snapshot(question) as snapshot:
            asked = Asked(question, snapshot)
            if report.table is None:
                return list_answer(report, asked, self.log)
            return sum_answer(report, asked, self.log)

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
            sheet = Sheet(self.find_sums(question.rapport), Asked(question, snapshot))
            line, column = find(sheet, rad, kolumn)
            antal, nothing, andelar = page(sheet, (line, column), self.log, first=first, size=size)
            return Uppdelning(
                rapport=question.rapport,
                stampel=answers.stamp(self.log, question.kand, sheet.report.version),
                fraga=answers.question_dict(question, sheet.asked.ansvar),
                rad=rad,
                namn=line.namn,
                kolumn=kolumn,
                rubrik=heading(column, sheet.asked),
                summa_ore=sheet.cell(line, column),
                antal=antal,
                netto_noll=nothing,
                andelar=andelar,
            )

    def replay(self, upto: int, progress: Callable[[int, int], None] | None = None) -> list[Compared]:
        """Every material played again from the facts alone to a position, compared with what is stored."""
        self.runner.catch_up()
        return replay(self.log, self.materials, upto, stored=self.engine, progress=progress)

    def skillnad(self, a: Question, b: Question) -> Skillnad:
        """Every cell in which B differs from A, with the facts that explain it to the öre. Errors: Refused."""
        with self.snapshot(a, b) as snapshot:
            report = self.find_sums(a.rapport)
            difference = Difference(report, Asked(a, snapshot), Asked(b, snapshot))
            cells = tuple(difference.cells())
            positions = sorted({forklaring.position for cell in cells for forklaring in cell.fakta})
            return Skillnad(
                rapport=report.name,
                fran=answers.question_dict(a, difference.a.asked.ansvar),
                till=answers.question_dict(b, difference.b.asked.ansvar),
                fran_stampel=answers.stamp(self.log, a.kand, report.version),
                till_stampel=answers.stamp(self.log, b.kand, report.version),
                celler=cells,
                positioner=tuple(positions),
            )

    @contextmanager
    def snapshot(self, *questions: Question) -> Iterator[Snapshot]:
        """The read model, complete to what the questions ask for. Errors: ReportsAreBehind."""
        needed = max(question.kand for question in questions)
        if not self.runner.wait_for(needed, self.patience):
            reason = self.runner.trouble or "the runner is slow"
            msg = f"the reports have not reached @{needed}: {reason}"
            raise ReportsAreBehind(msg)
        names = [material.name for material in self.materials]
        with self._memory.snapshot(names) as snapshot:
            yield snapshot


def sum_answer(report: Report, asked: Asked, log: Log) -> Answer:
    """The answer of a table of sums."""
    sheet, said = Sheet(report, asked), comments(asked)
    rows = tuple(
        Rad(
            line.nyckel,
            line.namn,
            {column.nyckel: sheet.cell(line, column) for column in sheet.columns},
            line.indrag,
            line.sort,
            said.get(line.nyckel),
        )
        for line in sheet.lines
    )
    holds = {column.nyckel for row in rows for column in sheet.columns if row.celler[column.nyckel]}
    has_forecast = any(row.celler.get("prognos") is not None for row in rows)
    return Answer(
        rapport=report.name,
        rubrik=report.rubrik,
        stampel=answers.stamp(log, asked.question.kand, report.version),
        fraga=answers.question_dict(asked.question, asked.ansvar),
        kolumner=tuple(Kolumn(c.nyckel, heading(c, asked), c.form) for c in sheet.columns),
        rader=rows,
        fotnoter=tuple(footnotes(sheet)),
        utskrift=tuple(
            column.nyckel
            for column in sheet.columns
            if printed(column, asked, has_forecast=has_forecast) and (column.year <= 0 or column.nyckel in holds)
        ),
    )


def printed(column: Column, asked: Asked, *, has_forecast: bool) -> bool:
    """Whether a column is among those of a narrow printed table."""
    whole = asked.question.tom == MONTHS_OF_A_YEAR
    when: dict[Printed, bool] = {
        "": False,
        "alltid": True,
        "helar": whole,
        "delar": not whole,
        "prognos": has_forecast,
        "delar_prognos": has_forecast and not whole,
    }
    return when[column.printed]
