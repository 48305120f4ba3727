"""Which rows a table of investments has: projects completed and ongoing, owners of a level, or booking units.

An investment belongs to the unit that owns the project, wherever it is booked. Rule: contract §3, decision 0003.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Final

from ledger.reporting import budget
from ledger.reporting.asked import LARGE_ORE, Asked, Part
from ledger.reporting.entry import View
from ledger.reporting.layout import OFORDELAT, RESULTAT, SHOWN_LEVELS, SUMMA, Line
from ledger.reporting.measure import Of, Totalutgift
from ledger.reporting.placing import Group, Placing, view_of
from ledger.reporting.report import Table

FARDIGSTALLDA: Final = "summa_fardigstallda"
PAGAENDE: Final = "summa_pagaende"
STORA: Final = "summa_stora"

SECTIONS: Final = ((FARDIGSTALLDA, "Summa färdigställda projekt"), (PAGAENDE, "Summa pågående projekt"))

COMPLETED: Final = frozenset({"fardigstallt", "avbrutet"})

BOKFORANDE: Final = "bokforande"


class InvesteringLayout:
    """Rows of investments under one unit."""

    def __init__(self, asked: Asked, table: Table) -> None:
        self.asked, self.table = asked, table
        self.tree, self.per, self.top = asked.tree, asked.question.per, asked.ansvar
        self.levels = SHOWN_LEVELS.get(self.per, ())
        self.places: dict[str, str | None] = {}
        self.rows: list[str] = []
        self.placing = Placing(lambda key, of: self.groups(Part(key, 0), of))
        if self.top:
            self._place(self.top, None, closed=False)

    @property
    def units(self) -> Collection[str]:
        """Every unit whose investments the table shows."""
        return self.places.keys()

    def _place(self, code: str, row: str | None, *, closed: bool) -> None:
        """Find on which row the investments of a unit and those under it lie; `closed`: no row under this one."""
        if code in self.places:
            return
        own_level = self.tree.units[code].niva in self.levels and (row is None or self.per == "post")
        alone = bool(self.levels) and self._is_resultat_of_another(code)
        if not closed and (own_level or alone):
            self.rows.append(code)
            row = code
        self.places[code] = row
        for child in self.tree.children(code):
            self._place(child, row, closed=closed or alone)

    def _is_resultat_of_another(self, code: str) -> bool:
        """Whether a unit with the rule resultat hangs under a nettokostnad unit asked for: it is one row."""
        return code != self.top and self.tree.rule(code) == RESULTAT and self.tree.rule(self.top or "") != RESULTAT

    @cached_property
    def large(self) -> frozenset[str]:
        """Large projects, where they are asked for apart."""
        if self.asked.question.stora != "separat":
            return frozenset()
        totals: dict[str, int] = {}
        for part in budget.totalutgift(self.asked, Totalutgift()):
            if part.key.projekt:
                totals[part.key.projekt] = totals.get(part.key.projekt, 0) + part.amount_ore
        return frozenset(code for code, total in totals.items() if total >= LARGE_ORE)

    def view(self, of: Of) -> View:
        """The fields by which the table must know its cells."""
        return view_of(self.per, of)

    def unit(self, part: Part) -> str | None:
        """The unit that an amount is shown under."""
        return part.key.ansvar if self.per == BOKFORANDE else self.asked.owner(part.key)

    def groups(self, part: Part, _of: Of) -> tuple[Group, ...]:
        """The groups that an amount belongs to."""
        unit = self.unit(part)
        if unit is None or unit not in self.places:
            return ()
        projekt = part.key.projekt
        if projekt in self.large:
            return (("projekt", projekt), STORA)
        sums: tuple[Group, ...] = (SUMMA, self._section(projekt)) if projekt else (SUMMA,)
        return (*sums, self._row(part, unit))

    def _row(self, part: Part, unit: str) -> Group:
        """The row that an amount lies on."""
        if self.levels:
            row = self.places[unit]
            return ("enhet", row) if row else OFORDELAT
        if self.per == BOKFORANDE:
            return ("enhet", unit)
        code = getattr(part.key, self.per)
        return (self.per if self.per == "projekt" else "kod", code) if code else OFORDELAT

    def _section(self, projekt: str) -> str:
        stage = self.asked.projects.get(projekt)
        return FARDIGSTALLDA if stage and stage.status in COMPLETED else PAGAENDE

    # ------------------------------------------------------------ rows

    def lines(self, present: Collection[Group]) -> list[Line]:
        """The rows in order, before it is known which are zero. `present`: groups that hold any amount."""
        codes = {str(group[1]) for group in present if isinstance(group, tuple) and group[0] == "projekt"}
        codes |= {code for code, stage in self.asked.projects.items() if stage.ansvar in self.places}
        if self.per == "projekt":
            lines = self._project_lines(sorted(codes - self.large))
        elif self.per == BOKFORANDE:
            lines = self._unit_lines(list(self.tree.under(self.top)) if self.top else [], always=False)
        elif self.levels:
            lines = self._unit_lines(self.rows, always=True)
        else:
            lines = self._code_lines(present)
        lines.append(Line(OFORDELAT, "Ofördelat", OFORDELAT, "ofordelat", 1))
        if self.per != "projekt":
            lines.extend(Line(section, name, section, "summa", always=True) for section, name in SECTIONS)
        lines.append(Line(SUMMA, "Summa investeringar", SUMMA, "summa", always=True))
        lines.append(Line("varav_utgifter", "varav utgifter", SUMMA, "varav", 0, ("utgift",), 1, always=True))
        lines.append(Line("varav_inkomster", "varav inkomster", SUMMA, "varav", 0, ("inkomst",), -1, always=True))
        if self.asked.question.stora == "separat":
            if self.per == "projekt":
                lines.extend(self._project(code) for code in sorted(codes & self.large))
            lines.append(Line(STORA, "Summa stora projekt", STORA, "summa", always=True))
        return lines

    def _project_lines(self, codes: list[str]) -> list[Line]:
        lines: list[Line] = []
        for section, name in SECTIONS:
            lines.extend(self._project(code) for code in codes if self._section(code) == section)
            lines.append(Line(section, name, section, "summa", always=True))
        return lines

    def _project(self, code: str) -> Line:
        """The row of a project. One that is ongoing is always shown."""
        stage = self.asked.projects.get(code)
        ongoing = stage is not None and stage.status not in COMPLETED
        name = stage.namn if stage else code
        return Line(code, name, ("projekt", code), "projekt", 1, always=ongoing, stage=stage)

    def _code_lines(self, present: Collection[Group]) -> list[Line]:
        names = self.asked.code_names(self.per)
        codes = sorted(str(group[1]) for group in present if isinstance(group, tuple) and group[0] == "kod")
        return [Line(code, names.get(code, code), ("kod", code), "kod", 1) for code in codes]

    def _unit_lines(self, codes: list[str], *, always: bool) -> list[Line]:
        units = ((code, self.tree.units[code]) for code in codes)
        return [Line(code, unit.namn, ("enhet", code), "enhet", 1, always=always and unit.open) for code, unit in units]
