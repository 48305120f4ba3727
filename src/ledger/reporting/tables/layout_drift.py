"""Which rows a table of the running budget has: units of a level, codes, or what stands at the foot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Final

from ledger.reporting.entry import Key, View
from ledger.reporting.measure import Of
from ledger.reporting.report import Table
from ledger.reporting.rules.asked import Part
from ledger.reporting.rules.movements import Change
from ledger.reporting.stored.codes import Codes
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import (
    NETTOKOSTNAD,
    OFORDELAT,
    RESULTAT,
    SUMMA,
    Layout,
    Line,
    Place,
    Shown,
)
from ledger.reporting.tables.placing import Alike, Group, view_of

INVESTERINGAR_NETTO: Final = "investeringar_netto"


class DriftLayout(Layout):
    """Rows of the running budget under one unit."""

    def __init__(self, shown: Shown, table: Table, codes: Codes) -> None:
        super().__init__(shown, table, codes)
        self.only_sums = table.only_sums
        self.rule = self.tree.rule(self.top) if self.top else NETTOKOSTNAD
        self._sign = 1 if self.rule == NETTOKOSTNAD else -1
        #: Units with the rule resultat that stand outside the sum.
        self.outside: list[str] = []
        if self.top:
            self._place(self.top, None)

    @property
    def specified(self) -> Collection[str]:
        """The units whose changes have lines of their own."""
        if self.only_sums or not self.table.specification or not self.top:
            return ()
        return {self.top, *self.rows} if self.levels else {self.top}

    def _place(self, code: str, row: str | None) -> None:
        """Find where the amounts of a unit and those under it go."""
        if code in self.places:
            return
        if code != self.top and self.rule == NETTOKOSTNAD and self.tree.rule(code) == RESULTAT:
            self.outside.append(code)
            for below in self.tree.under(code):
                self.places.setdefault(below, Place(outside=code))
            return
        if self._begins_row(code, row):
            self.rows.append(code)
            row = code
        self.places[code] = Place(row)
        for child in self.tree.children(code):
            self._place(child, row)

    def view(self, of: Of) -> View:
        """The fields by which the table must know its cells."""
        return view_of("" if of == "investering" else self.per, of)

    def deciding(self, of: Of, column: Callable[[str], Numbers]) -> list[Numbers]:
        """What decides which groups cells are in, as numbers."""
        if of == "investering":
            return self._by_owner(column)
        if self.levels:
            return [column("ansvar")]
        return [self._alike[column("ansvar")], column(self.per)]

    @cached_property
    def _alike(self) -> Alike:
        return Alike(self._codes, ((code, self.groups_of(Key(code), "drift")) for code in self.places))

    def groups_of(self, key: Key, of: Of) -> tuple[Group, ...]:
        """The groups that a cell is part of."""
        if of == "investering":
            place = self.places.get(self.shown.owner(key) or "")
            return (INVESTERINGAR_NETTO,) if place and not place.outside else ()
        place = self.places.get(key.ansvar or "")
        if place is None:
            return ()
        if place.outside:
            return (("enhet", place.outside),)
        if self.only_sums:
            return (SUMMA,)
        if self.levels:
            return (SUMMA, ("enhet", place.row) if place.row else OFORDELAT)
        code = getattr(key, self.per)
        return (SUMMA, ("kod", code) if code else OFORDELAT)

    def groups(self, part: Part, of: Of) -> tuple[Group, ...]:
        """The groups that an amount belongs to: those of its cell and its line of a specification."""
        found = self.groups_of(part.key, of)
        if part.about is None or not self.table.specification or self.only_sums or SUMMA not in found:
            return found
        return (*found, Change("andring", part.key.ansvar or "", part.effective, part.position, part.about))

    # ------------------------------------------------------------ rows

    def lines(
        self, present: Collection[Group], names: Mapping[str, str], changes: Mapping[str, Sequence[Change]]
    ) -> list[Line]:
        """The rows in order, before it is known which are zero."""
        lines: list[Line] = []
        if not self.only_sums:
            lines.extend(self._unit_lines(changes) if self.levels else self._code_lines(present, names, self._sign))
            lines.append(Line(OFORDELAT, "Ofördelat", OFORDELAT, "ofordelat", 1, sign=self._sign))
        name = "Summa nettokostnader" if self.rule == NETTOKOSTNAD else "Resultat"
        lines.append(Line(SUMMA, name, SUMMA, "summa", sign=self._sign, always=True))
        lines.extend(varav(SUMMA, "", 0))
        if self.top and self.top not in self.rows:
            lines.extend(self._change_lines(self.top, changes, 1))
        for code in self.outside:
            unit = self.tree.units[code]
            lines.append(Line(code, unit.namn, ("enhet", code), "enhet", 0, None, -1, unit.open))
            lines.extend(varav(("enhet", code), code, 1))
        if self.table.investments_at_foot:
            lines.append(
                Line(
                    INVESTERINGAR_NETTO,
                    "Investeringar, netto",
                    INVESTERINGAR_NETTO,
                    "summa",
                    always=True,
                    of="investering",
                )
            )
        return lines

    def _unit_lines(self, changes: Mapping[str, Sequence[Change]]) -> list[Line]:
        lines = []
        for code in self.rows:
            lines.append(self._unit_line(code, self._sign))
            lines.extend(self._change_lines(code, changes, 2))
        return lines

    def _change_lines(self, code: str, changes: Mapping[str, Sequence[Change]], indrag: int) -> list[Line]:
        """The changes of a unit's frame, in order of decision."""
        sign = self._sign
        return [
            Line(f"{code}.andring.{n}", change.about or "Utan text", change, "andring", indrag, sign=sign)
            for n, change in enumerate(changes.get(code, ()), 1)
        ]


def varav(group: Group, ansvar: str, indrag: int) -> list[Line]:
    """The two rows that split a net amount, each in its own direction."""
    prefix, head = (f"{ansvar}.", ansvar) if ansvar else ("", None)
    return [
        Line(
            f"{prefix}varav_kostnader",
            "varav kostnader",
            group,
            "varav",
            indrag,
            ("kostnad",),
            1,
            always=head is None,
            head=head,
        ),
        Line(
            f"{prefix}varav_intakter",
            "varav intäkter",
            group,
            "varav",
            indrag,
            ("intakt",),
            -1,
            always=head is None,
            head=head,
        ),
    ]
