"""Which rows a table has and which amounts lie on which: units of a level, codes, or what stands at the foot.

Rule: contract §3 (Sums and deviations), decision 0003 (Tree). Not here: what the rows of the running budget
(layout_drift.py) and of investments (layout_investering.py) are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count
from typing import Final, NamedTuple

import numpy as np

from ledger.reporting.answer import opening
from ledger.reporting.entry import Key, Lagesbelopp, View
from ledger.reporting.material import Projektlage
from ledger.reporting.measure import Of
from ledger.reporting.report import LEVELS, Table
from ledger.reporting.rules.tree import Tree
from ledger.reporting.stored.codes import Codes, Mask, among
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.placing import Alike, Group, Placing

SUMMA: Final = "summa"
OFORDELAT: Final = "ofordelat"

#: Which levels a `per` shows.
SHOWN_LEVELS: Final = {level: (level,) for level in LEVELS} | {"stab": ("stab", "avdelning")}

_NUMBERS: Final = count()

NETTOKOSTNAD: Final = "nettokostnad"
RESULTAT: Final = "resultat"


@dataclass(frozen=True)
class Line:
    """A row of the table before its figures: which group of amounts it sums, of which slag, with which sign.

    `always`: shown also when every cell is zero. `head`: shown when that row is. `over`: a heading without figures,
    shown when any of these rows is. `sort` is what kind of row it is: enhet, kod, projekt, ofordelat, summa, varav,
    andring, rubrik. `at`: a budget as it was decided on or before a day.
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
    stage: Projektlage | Lagesbelopp | None = None
    over: tuple[str, ...] = ()
    at: date | None = None

    def __hash__(self) -> int:
        """Rows of one table have a key each."""
        return hash(self.nyckel)

    @cached_property
    def opening(self) -> bytes:
        """The row as JSON up to its cells: rows are kept, so it is written once for many questions."""
        return opening(self.nyckel, self.namn, self.sort, self.indrag)


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


class Place(NamedTuple):
    """Where a unit's amounts go: to the row of a unit in the sum, or to that of a resultat unit outside it.

    `within` are the units above the row that have a sum of their own.
    """

    row: str | None = None
    outside: str | None = None
    within: tuple[str, ...] = ()


class Layout(ABC):
    """Rows under one unit. May be used by several threads, and is kept for the next question about the same state."""

    def __init__(self, shown: Shown, table: Table, codes: Codes) -> None:
        self.shown, self.table, self.tree, self.per, self.top = shown, table, shown.tree, shown.per, shown.top
        self.levels = SHOWN_LEVELS.get(self.per, ())
        #: Where the amounts of every unit go.
        self.places: dict[str, Place] = {}
        #: The units that are rows, in order.
        self.rows: list[str] = []
        #: What tells it from every other layout there has been.
        self.number = next(_NUMBERS)
        self._codes = codes
        self.placing = Placing(codes, self.groups_of, self.deciding)

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
    def specified(self) -> Sequence[Mapping[str, str]]:
        """The rows whose decisions have lines of their own, by the units under them; a unit may be under several."""
        return ()

    def direction(self, _code: str) -> int:
        """The sign of the row of a unit."""
        return 1

    @abstractmethod
    def view(self, of: Of) -> View:
        """The fields by which the table must know its cells."""

    @abstractmethod
    def deciding(self, of: Of, column: Callable[[str], Numbers]) -> list[Numbers]:
        """What decides which groups cells are in, as numbers."""

    @abstractmethod
    def groups_of(self, key: Key, of: Of) -> tuple[Group, ...]:
        """The groups that a cell is part of."""

    @abstractmethod
    def lines(
        self, present: Collection[Group], names: Mapping[str, str], changes: Mapping[str, Sequence[Line]]
    ) -> list[Line]:
        """The rows in order, before it is known which are zero.

        `present`: groups that hold any amount; `names` of the codes that rows are of; `changes`: lines of each row's
        specification.
        """

    # ------------------------------------------------------------ what layouts share

    def _begins_row(self, code: str, row: str | None) -> bool:
        """Whether a unit, under one whose row is given, is a row of its own by its level."""
        return self.tree.units[code].niva in self.levels and (row is None or self.per == "post")

    def _by_owner(self, column: Callable[[str], Numbers]) -> list[Numbers]:
        """What decides where investments lie: the project, and where nothing is known of it the unit booked on."""
        known = self._projects[column("projekt")]
        return [np.where(known > 0, known, column("projekt")), np.where(known > 0, 0, column("ansvar"))]

    @cached_property
    def _projects(self) -> Alike:
        projects = self.shown.projects
        return Alike(self._codes, ((p, self.groups_of(Key(projekt=p), "investering")) for p in projects))

    def _unit_line(self, code: str, sign: int = 1, *, always: bool = True) -> Line:
        """The row of a unit; `always`: one that is open is shown also when every cell is zero."""
        unit = self.tree.units[code]
        is_always = always and unit.open and not self.table.only_held
        return Line(code, unit.namn, ("enhet", code), "enhet", 1, sign=sign, always=is_always)

    @staticmethod
    def _heading(nyckel: str, namn: str, over: Sequence[str], indrag: int = 0) -> Line:
        """A heading over rows, which holds nothing itself."""
        key = f"{nyckel}.rubrik"
        return Line(key, namn, key, "rubrik", indrag, slag=(), over=tuple(over))

    @staticmethod
    def _code_lines(present: Collection[Group], names: Mapping[str, str], sign: int = 1) -> list[Line]:
        codes = sorted(str(group[1]) for group in present if isinstance(group, tuple) and group[0] == "kod")
        return [Line(code, names.get(code, code), ("kod", code), "kod", 1, sign=sign) for code in codes]
