"""Which rows a table of the running budget has: units of a level, codes, or what stands at the foot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from ledger.domain.language import phrase
from ledger.reporting.entry import Key, View
from ledger.reporting.measure import Of
from ledger.reporting.report import Table
from ledger.reporting.stored.codes import Codes
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import (
    NETTOKOSTNAD,
    OFORDELAT,
    RESULTAT,
    SHOWN_LEVELS,
    SUMMA,
    Layout,
    Line,
    Place,
    Shown,
)
from ledger.reporting.tables.placing import Alike, Group, view_of

INVESTERINGAR_NETTO: Final = "investeringar_netto"

#: Posts stand under headings, and a stab among others has the sum of its posts after them.
POST: Final = "post"
SUMMED_LEVELS: Final = SHOWN_LEVELS["stab"]


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
            self._place(self.top, Place())

    @cached_property
    def specified(self) -> Sequence[Mapping[str, str]]:
        """The rows whose decisions have lines of their own, by the units under them; a unit may be under several."""
        if self.only_sums or not self.table.specification or not self.top:
            return ()
        rows = {code: row for code, place in self.places.items() if (row := place.row or place.outside)}
        whole = {code: self.top for code, place in self.places.items() if not place.outside}
        return (rows,) if self.top in self.rows else (rows, whole)

    def direction(self, code: str) -> int:
        """The sign of the row of a unit."""
        return -1 if code in self.outside else self._sign

    def _place(self, code: str, place: Place) -> None:
        """Find where the amounts of a unit and those under it go; `place` is that of the unit above."""
        if code in self.places:
            return
        unit = self.tree.units[code]
        # Of those between it and the top none shows a result, so the rule is its own.
        if unit.teckenregel == RESULTAT and code != self.top and self.rule == NETTOKOSTNAD:
            self.outside.append(code)
            for below in self.tree.under(code):
                self.places.setdefault(below, Place(outside=code))
            return
        if self._begins_row(code, place.row):
            self.rows.append(code)
            place = place._replace(row=code)
        if self.per == POST and code != self.top and unit.niva in SUMMED_LEVELS:
            place = place._replace(within=(*place.within, code))
        self.places[code] = place
        for child in self.tree.children(code):
            self._place(child, place)

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
            if place is None:
                return ()
            return (("investering", place.outside),) if place.outside else (INVESTERINGAR_NETTO,)
        place = self.places.get(key.ansvar or "")
        if place is None:
            return ()
        if place.outside:
            return (("enhet", place.outside),)
        if self.only_sums:
            return (SUMMA,)
        if self.levels:
            row = ("enhet", place.row) if place.row else OFORDELAT
            return (SUMMA, row, *(("delsumma", unit) for unit in place.within))
        code = getattr(key, self.per)
        return (SUMMA, ("kod", code) if code else OFORDELAT)

    # ------------------------------------------------------------ rows

    def lines(
        self, present: Collection[Group], names: Mapping[str, str], changes: Mapping[str, Sequence[Line]]
    ) -> list[Line]:
        """The rows in order, before it is known which are zero."""
        lines: list[Line] = []
        if not self.only_sums:
            lines.extend(self._unit_lines(changes) if self.levels else self._code_lines(present, names, self._sign))
            lines.append(Line(OFORDELAT, phrase("Ofördelat"), OFORDELAT, "ofordelat", 1, sign=self._sign))
        name = phrase("Summa nettokostnader") if self.rule == NETTOKOSTNAD else phrase("Resultat")
        lines.append(Line(SUMMA, name, SUMMA, "summa", sign=self._sign, always=True))
        lines.extend(varav(SUMMA, "", 0))
        if self.top and self.top not in self.rows:
            lines.extend(replace(line, indrag=1) for line in changes.get(self.top, ()))
        if self.table.investments_at_foot:
            lines.append(investments(INVESTERINGAR_NETTO))
        for code in self.outside:
            unit = self.tree.units[code]
            always = unit.open and not self.table.only_held
            lines.append(Line(code, unit.namn, ("enhet", code), "enhet", 0, None, -1, always))
            lines.extend(varav(("enhet", code), code, 1))
            if self.table.investments_at_foot:
                lines.append(investments(("investering", code), code))
            lines.extend(changes.get(code, ()))
        return lines

    def _unit_lines(self, changes: Mapping[str, Sequence[Line]]) -> list[Line]:
        if self.per == POST and self.top:
            return self._post_lines(self.top, 1, changes)
        return [line for code in self.rows for line in self.row_lines(code, 1, changes)]

    def row_lines(self, code: str, indrag: int, changes: Mapping[str, Sequence[Line]]) -> list[Line]:
        """The row of a unit, what it is split in, and the lines of its specification."""
        lines = [replace(self._unit_line(code, self._sign), indrag=indrag)]
        if self.table.split_results and self.rule == RESULTAT:
            lines.extend(varav(("enhet", code), code, indrag + 1))
        return [*lines, *(replace(line, indrag=indrag + 1) for line in changes.get(code, ()))]

    def _post_lines(self, code: str, indrag: int, changes: Mapping[str, Sequence[Line]]) -> list[Line]:
        """The posts of a unit and those under it, each unit that has posts under a heading; stabs with their sums."""
        lines = self.row_lines(code, indrag, changes) if self.places[code].row == code else []
        for child in self.tree.children(code):
            if self.places[child].outside:
                continue
            unit = self.tree.units[child]
            has_sum = unit.niva in SUMMED_LEVELS
            is_group = has_sum or any(self.tree.units[below].niva == POST for below in self.tree.children(child))
            if unit.niva == POST or not is_group:
                lines.extend(self._post_lines(child, indrag, changes))
            elif posts := self._post_lines(child, indrag + 1, changes):
                lines.append(self._heading(child, unit.namn, [line.nyckel for line in posts], indrag))
                lines.extend(posts)
                if has_sum:
                    group = ("delsumma", child)
                    name = phrase("Summa {unit}", unit=unit.namn)
                    lines.append(Line(child, name, group, "delsumma", indrag, None, self._sign, unit.open))
                    lines.extend(varav(group, child, indrag))
        return lines


def investments(group: Group, ansvar: str | None = None) -> Line:
    """The row of net investments: at the foot of the table, or under a unit that stands outside the sum."""
    name = phrase("Investeringar, netto")
    if ansvar is None:
        return Line(INVESTERINGAR_NETTO, name, group, "summa", always=True, of="investering")
    return Line(f"{ansvar}.{INVESTERINGAR_NETTO}", name, group, "investering", 1, head=ansvar, of="investering")


def varav(group: Group, ansvar: str, indrag: int) -> list[Line]:
    """The two rows that split a net amount, each in its own direction."""
    prefix, head = (f"{ansvar}.", ansvar) if ansvar else ("", None)
    return [
        Line(
            f"{prefix}varav_kostnader",
            phrase("varav kostnader"),
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
            phrase("varav intäkter"),
            group,
            "varav",
            indrag,
            ("intakt",),
            -1,
            always=head is None,
            head=head,
        ),
    ]
