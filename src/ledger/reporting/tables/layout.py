"""Which rows a table has and which amounts lie on which: units of a level, codes, or what stands at the foot.

Rule: contract §3 (Sums and deviations), decision 0003 (Tree). Not here: investments (`layout_investering.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from ledger.reporting.entry import Key, View
from ledger.reporting.material import Projektlage
from ledger.reporting.measure import Of
from ledger.reporting.report import LEVELS, Table
from ledger.reporting.rules.asked import Part
from ledger.reporting.rules.movements import Change
from ledger.reporting.rules.tree import Tree
from ledger.reporting.stored.codes import Codes, Mask, among
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.placing import Alike, Group, Placing, view_of

SUMMA: Final = "summa"
OFORDELAT: Final = "ofordelat"
INVESTERINGAR_NETTO: Final = "investeringar_netto"

#: Which levels a `per` shows.
SHOWN_LEVELS: Final = {level: (level,) for level in LEVELS} | {"stab": ("stab", "avdelning")}

NETTOKOSTNAD: Final = "nettokostnad"
RESULTAT: Final = "resultat"


@dataclass(frozen=True)
class Line:
    """A row of the table before its figures: which group of amounts it sums, of which slag, with which sign.

    `always`: shown also when every cell is zero. `head`: shown when that row is. `sort` is what kind of row it is:
    enhet, kod, projekt, ofordelat, summa, varav, andring.
    """

    nyckel: str
    namn: str
    group: Group
    sort: str
    indrag: int = 0
    slag: tuple[str, ...] | None = None
    sign: int = 1
    always: bool = False
    head: str | None = None
    of: Of | None = None
    stage: Projektlage | None = None


class Shown(NamedTuple):
    """What a layout follows from besides its table, so that it can be kept: the state of what it shows.

    `large` are the projects that stand apart; None where none is to.
    """

    tree: Tree
    projects: Mapping[str, Projektlage]
    per: str
    top: str | None
    large: frozenset[str] | None = None

    def owner(self, key: Key) -> str | None:
        """The unit that an investment belongs to: the project's, else the one it is booked on."""
        stage = self.projects.get(key.projekt) if key.projekt else None
        return stage.ansvar if stage else key.ansvar


def by_owner(projects: Alike, column: Callable[[str], Numbers]) -> list[Numbers]:
    """What decides where investments lie: the project, and where nothing is known of it the unit they are booked on."""
    known = projects[column("projekt")]
    return [np.where(known > 0, known, column("projekt")), np.where(known > 0, 0, column("ansvar"))]


@dataclass(frozen=True)
class Place:
    """Where a unit's amounts go: to the row of a unit in the sum, or to that of a resultat unit outside it."""

    row: str | None = None
    outside: str | None = None


class DriftLayout:
    """Rows of the running budget under one unit."""

    def __init__(self, shown: Shown, table: Table, codes: Codes) -> None:
        self.shown, self.table, self.tree, self.per, self.top = shown, table, shown.tree, shown.per, shown.top
        self.levels = SHOWN_LEVELS.get(self.per, ())
        self.only_sums = table.only_sums
        self.rule = self.tree.rule(self.top) if self.top else NETTOKOSTNAD
        self.places: dict[str, Place] = {}
        self.rows: list[str] = []
        self.outside: list[str] = []
        self._made: dict[str, Line] = {}
        self._codes = codes
        self.placing = Placing(codes, self.groups_of, self.deciding)
        if self.top:
            self._place(self.top, None)

    @property
    def units(self) -> Collection[str]:
        """Every unit whose amounts the table shows."""
        return self.places.keys()

    @cached_property
    def _numbers(self) -> Numbers:
        return np.unique(self._codes.numbers(self.places))

    def shows(self, units: Numbers) -> Mask:
        """Which of some units, by number, have amounts in the table."""
        return among(units, self._numbers)

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
        if self.tree.units[code].niva in self.levels and (row is None or self.per == "post"):
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
            return by_owner(self._projects, column)
        if self.levels:
            return [column("ansvar")]
        return [self._alike[column("ansvar")], column(self.per)]

    @cached_property
    def _alike(self) -> Alike:
        return Alike(self._codes, ((code, self.groups_of(Key(code), "drift")) for code in self.places))

    @cached_property
    def _projects(self) -> Alike:
        projects = self.shown.projects
        return Alike(self._codes, ((p, self.groups_of(Key(projekt=p), "investering")) for p in projects))

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
        """The rows in order, before it is known which are zero.

        `present`: groups that hold any amount; `names` of the codes that rows are of; `changes` of each unit's frame.
        """
        lines: list[Line] = []
        if not self.only_sums:
            lines.extend(self._unit_lines(changes) if self.levels else self._code_lines(present, names))
            lines.append(Line(OFORDELAT, "Ofördelat", OFORDELAT, "ofordelat", 1, sign=self._sign(self.rule)))
        name = "Summa nettokostnader" if self.rule == NETTOKOSTNAD else "Resultat"
        lines.append(Line(SUMMA, name, SUMMA, "summa", sign=self._sign(self.rule), always=True))
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
            lines.append(self._unit_line(code))
            lines.extend(self._change_lines(code, changes, 2))
        return lines

    def _unit_line(self, code: str) -> Line:
        if code not in self._made:
            unit, sign = self.tree.units[code], self._sign(self.rule)
            self._made[code] = Line(code, unit.namn, ("enhet", code), "enhet", 1, sign=sign, always=unit.open)
        return self._made[code]

    def _code_lines(self, present: Collection[Group], names: Mapping[str, str]) -> list[Line]:
        codes = sorted(str(group[1]) for group in present if isinstance(group, tuple) and group[0] == "kod")
        sign = self._sign(self.rule)
        return [Line(code, names.get(code, code), ("kod", code), "kod", 1, sign=sign) for code in codes]

    def _change_lines(self, code: str, changes: Mapping[str, Sequence[Change]], indrag: int) -> list[Line]:
        """The changes of a unit's frame, in order of decision."""
        sign = self._sign(self.rule)
        return [
            Line(f"{code}.andring.{n}", change.about or "Utan text", change, "andring", indrag, sign=sign)
            for n, change in enumerate(changes.get(code, ()), 1)
        ]

    @staticmethod
    def _sign(rule: str) -> int:
        return 1 if rule == NETTOKOSTNAD else -1


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
