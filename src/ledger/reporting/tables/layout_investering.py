"""Which rows a table of investments has: projects completed and ongoing, owners of a level, or booking units.

An investment belongs to the unit that owns the project, wherever it is booked. Rule: contract §3, decision 0003.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from ledger.domain.language import phrase
from ledger.reporting.entry import Key, View
from ledger.reporting.measure import Of
from ledger.reporting.report import Table
from ledger.reporting.stored.codes import Codes
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import OFORDELAT, RESULTAT, SUMMA, Layout, Line, Place, Shown
from ledger.reporting.tables.placing import Group, view_of

FARDIGSTALLDA: Final = "summa_fardigstallda"
PAGAENDE: Final = "summa_pagaende"
STORA: Final = "summa_stora"

SECTIONS: Final = ((FARDIGSTALLDA, phrase("Summa färdigställda projekt")), (PAGAENDE, phrase("Summa pågående projekt")))

COMPLETED: Final = frozenset({"fardigstallt", "avbrutet"})

BOKFORANDE: Final = "bokforande"


class InvesteringLayout(Layout):
    """Rows of investments under one unit."""

    def __init__(self, shown: Shown, table: Table, codes: Codes) -> None:
        super().__init__(shown, table, codes)
        self.large = shown.large or frozenset()
        self._made: dict[str, Line] = {}
        if self.top:
            self._place(self.top, None, closed=False)

    def _place(self, code: str, row: str | None, *, closed: bool) -> None:
        """Find on which row the investments of a unit and those under it lie; `closed`: no row under this one."""
        if code in self.places:
            return
        alone = bool(self.levels) and self._is_resultat_of_another(code)
        if not closed and (alone or self._begins_row(code, row)):
            self.rows.append(code)
            row = code
        self.places[code] = Place(row)
        for child in self.tree.children(code):
            self._place(child, row, closed=closed or alone)

    def _is_resultat_of_another(self, code: str) -> bool:
        """Whether a unit with the rule resultat hangs under a nettokostnad unit asked for: it is one row."""
        return code != self.top and self.tree.rule(code) == RESULTAT and self.tree.rule(self.top or "") != RESULTAT

    def view(self, of: Of) -> View:
        """The fields by which the table must know its cells."""
        return view_of(self.per, of)

    def deciding(self, _of: Of, column: Callable[[str], Numbers]) -> list[Numbers]:
        """What decides which groups cells are in, as numbers."""
        if self.per == BOKFORANDE:
            return [column("ansvar"), column("projekt")]
        home = self._by_owner(column)
        return home if self.levels or self.per == "projekt" else [*home, column(self.per)]

    def groups_of(self, key: Key, _of: Of) -> tuple[Group, ...]:
        """The groups that a cell is part of."""
        unit = key.ansvar if self.per == BOKFORANDE else self.shown.owner(key)
        if unit is None or unit not in self.places:
            return ()
        if key.projekt in self.large:
            return (("projekt", key.projekt), STORA)
        sums: tuple[Group, ...] = (SUMMA, self._section(key.projekt)) if key.projekt else (SUMMA,)
        return (*sums, self._row(key, unit))

    def _row(self, key: Key, unit: str) -> Group:
        """The row that an amount lies on."""
        if self.levels:
            row = self.places[unit].row
            return ("enhet", row) if row else OFORDELAT
        if self.per == BOKFORANDE:
            return ("enhet", unit)
        code = getattr(key, self.per)
        return (self.per if self.per == "projekt" else "kod", code) if code else OFORDELAT

    def _section(self, projekt: str) -> str:
        stage = self.shown.projects.get(projekt)
        return FARDIGSTALLDA if stage and stage.status in COMPLETED else PAGAENDE

    # ------------------------------------------------------------ rows

    def lines(
        self, present: Collection[Group], names: Mapping[str, str], _changes: Mapping[str, Sequence[Line]]
    ) -> list[Line]:
        """The rows in order, before it is known which are zero. There is no specification."""
        codes = {str(group[1]) for group in present if isinstance(group, tuple) and group[0] == "projekt"}
        codes |= {code for code, stage in self.shown.projects.items() if stage.ansvar in self.places}
        if self.per == "projekt":
            lines = self._project_lines(sorted(codes - self.large))
        elif self.per == BOKFORANDE:
            units = self.tree.under(self.top) if self.top else ()
            lines = [self._unit_line(code, always=False) for code in units]
        elif self.levels:
            lines = [self._unit_line(code) for code in self.rows]
        else:
            lines = self._code_lines(present, names)
        lines.append(Line(OFORDELAT, phrase("Ofördelat"), OFORDELAT, "ofordelat", 1))
        if self.per != "projekt" and self.table.by_status:
            lines.extend(Line(section, name, section, "summa", always=True) for section, name in SECTIONS)
        lines.append(Line(SUMMA, phrase("Summa investeringar"), SUMMA, "summa", always=True))
        lines.append(Line("varav_utgifter", phrase("varav utgifter"), SUMMA, "varav", 0, ("utgift",), 1, always=True))
        lines.append(
            Line("varav_inkomster", phrase("varav inkomster"), SUMMA, "varav", 0, ("inkomst",), -1, always=True)
        )
        if self.shown.large is not None:
            if self.per == "projekt":
                lines.extend(self._group_lines("stora", sorted(codes & self.large)))
            lines.append(Line(STORA, phrase("Summa stora projekt"), STORA, "summa", always=True))
        return lines

    def _project_lines(self, codes: list[str]) -> list[Line]:
        if not self.table.by_status:
            return self._group_lines("projekt", codes)
        lines: list[Line] = []
        for section, name in SECTIONS:
            of_section = [code for code in codes if self._section(code) == section]
            lines.extend(self._group_lines(section.removeprefix("summa_"), of_section))
            lines.append(Line(section, name, section, "summa", always=True))
        return lines

    def _group_lines(self, place: str, codes: list[str]) -> list[Line]:
        """The rows of some projects: those of no group, then each group under its heading, by their first codes."""
        groups: dict[str, list[str]] = {"": []}
        for code in codes:
            stage = self.shown.projects.get(code)
            groups.setdefault((stage.grupp if stage else None) or "", []).append(code)
        lines = [self._project(code) for code in groups.pop("")]
        for grupp, of_group in groups.items():
            lines.append(self._heading(f"{place}.{grupp}", grupp, of_group, 1))
            lines.extend(self._project(code) for code in of_group)
        return lines

    def _project(self, code: str) -> Line:
        """The row of a project. One that is ongoing is always shown."""
        if code not in self._made:
            self._made[code] = self._new_project(code)
        return self._made[code]

    def _new_project(self, code: str) -> Line:
        stage = self.shown.projects.get(code)
        ongoing = stage is not None and stage.status not in COMPLETED
        name = stage.namn if stage else code
        indrag = 2 if stage and stage.grupp else 1
        always = ongoing and not self.table.only_held
        return Line(code, name, ("projekt", code), "projekt", indrag, always=always, stage=stage)
