"""Which rows a table has of a register of what stands: units of a level, what the amounts are about, or a code of it.

Units with the rule resultat are ordinary rows inside the sum: the amounts have one sign whoever answers for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from ledger.domain.language import phrase
from ledger.reporting.entry import Key, Lagesbelopp, View
from ledger.reporting.measure import Of
from ledger.reporting.report import Table
from ledger.reporting.rules.laget import FIELDS
from ledger.reporting.stored.codes import Codes
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import OFORDELAT, SUMMA, Layout, Line, Place, Shown
from ledger.reporting.tables.placing import Group

#: The `per` that shows each thing by itself, under its unit.
OM: Final = "om"


class LageLayout(Layout):
    """Rows of a register under one unit. `said` is what the register says of each thing."""

    def __init__(self, shown: Shown, table: Table, codes: Codes, said: Mapping[str, Lagesbelopp]) -> None:
        super().__init__(shown, table, codes)
        self._said = said
        self._field = FIELDS.get(dict(table.codes).get(self.per, ""), "")
        if self.top:
            self._place(self.top, None)

    def _place(self, code: str, row: str | None) -> None:
        """Find on which row the amounts of a unit and those under it lie."""
        if code in self.places:
            return
        if self._begins_row(code, row):
            self.rows.append(code)
            row = code
        self.places[code] = Place(row)
        for child in self.tree.children(code):
            self._place(child, row)

    def view(self, _of: Of) -> View:
        """Rows of a register are known by all that their cells have."""
        return ("ansvar", "verksamhet", "konto", "projekt")

    def deciding(self, _of: Of, column: Callable[[str], Numbers]) -> list[Numbers]:
        """What decides which groups cells are in, as numbers."""
        return [column("ansvar"), *([column(self._field)] if self._field else [])]

    def groups_of(self, key: Key, _of: Of) -> tuple[Group, ...]:
        """The groups that a cell is part of."""
        place = self.places.get(key.ansvar or "")
        if place is None:
            return ()
        if self.levels:
            return (SUMMA, ("enhet", place.row) if place.row else OFORDELAT)
        code = getattr(key, self._field)
        return (SUMMA, ("kod", code) if code else OFORDELAT)

    # ------------------------------------------------------------ rows

    def lines(
        self, present: Collection[Group], _names: Mapping[str, str], _changes: Mapping[str, Sequence[Line]]
    ) -> list[Line]:
        """The rows in order, before it is known which are zero."""
        codes = sorted(str(group[1]) for group in present if isinstance(group, tuple) and group[0] == "kod")
        if self.levels:
            lines = [self._unit_line(code) for code in self.rows]
        elif self._field == FIELDS[OM]:
            lines = self._lines_by_unit(codes)
        else:
            lines = [Line(code, code, ("kod", code), "kod", 1) for code in codes]
        name = phrase("Ofördelat") if self.levels else phrase("Utan kod")
        lines.append(Line(OFORDELAT, name, OFORDELAT, "ofordelat", 1))
        lines.append(Line(SUMMA, phrase("Summa"), SUMMA, "summa", always=True))
        return lines

    def _lines_by_unit(self, codes: Sequence[str]) -> list[Line]:
        """Each thing under the unit that answers for it, units in the order of the tree."""
        by_unit: dict[str, list[str]] = {unit: [] for unit in self.places}
        for code in codes:
            by_unit.setdefault(self._said[code].ansvar, []).append(code)
        lines: list[Line] = []
        for unit, of_unit in by_unit.items():
            if of_unit:
                namn = self.tree.units[unit].namn
                lines.append(self._heading(unit, namn, of_unit, 1))
                lines.extend(self._thing(code) for code in of_unit)
        return lines

    def _thing(self, code: str) -> Line:
        """The row of one thing."""
        said = self._said[code]
        return Line(code, said.namn or code, ("kod", code), "kod", 2, stage=said)
