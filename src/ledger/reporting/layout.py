"""Which rows a table has and which amounts lie on which: units of a level, codes, or what stands at the foot.

Rule: contract §3 (Sums and deviations), decision 0003 (Tree). Not here: investments (`layout_investering.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from ledger.reporting.asked import Asked, Part
from ledger.reporting.entry import View
from ledger.reporting.material import Projektlage
from ledger.reporting.measure import Of
from ledger.reporting.placing import Group, Placing, view_of
from ledger.reporting.report import LEVELS, Table

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


@dataclass(frozen=True)
class Place:
    """Where a unit's amounts go: to the row of a unit in the sum, or to that of a resultat unit outside it."""

    row: str | None = None
    outside: str | None = None


class DriftLayout:
    """Rows of the running budget under one unit."""

    def __init__(self, asked: Asked, table: Table) -> None:
        self.asked, self.table = asked, table
        self.tree = asked.tree
        self.per = asked.question.per
        self.levels = SHOWN_LEVELS.get(self.per, ())
        self.only_sums = table.only_sums
        self.top = asked.ansvar
        self.rule = self.tree.rule(self.top) if self.top else NETTOKOSTNAD
        self.places: dict[str, Place] = {}
        self.rows: list[str] = []
        self.outside: list[str] = []
        self._changes: dict[Group, int] = {}
        self.placing = Placing(lambda key, of: self.groups(Part(key, 0), of))
        if self.top:
            self._place(self.top, None)

    @property
    def units(self) -> Collection[str]:
        """Every unit whose amounts the table shows."""
        return self.places.keys()

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

    def groups(self, part: Part, of: Of) -> tuple[Group, ...]:
        """The groups that an amount belongs to."""
        key = part.key
        if of == "investering":
            place = self.places.get(self.asked.owner(key) or "")
            return (INVESTERINGAR_NETTO,) if place and not place.outside else ()
        place = self.places.get(key.ansvar or "")
        if place is None:
            return ()
        if place.outside:
            return (("enhet", place.outside),)
        if self.only_sums:
            return (SUMMA,)
        if self.levels:
            row: Group = ("enhet", place.row) if place.row else OFORDELAT
        else:
            code = getattr(key, self.per)
            row = ("kod", code) if code else OFORDELAT
        groups = (SUMMA, row)
        return (*groups, self._change(part)) if self.table.specification and part.about is not None else groups

    def _change(self, part: Part) -> Group:
        """The line of *Specifikation av förändringar* that an amount belongs to: unit, decision and text."""
        group = ("andring", part.key.ansvar, part.effective, part.position, part.about)
        self._changes[group] = min(part.n, self._changes.get(group, part.n))
        return group

    # ------------------------------------------------------------ rows

    def lines(self, present: Collection[Group]) -> list[Line]:
        """The rows in order, before it is known which are zero. `present`: groups that hold any amount."""
        lines: list[Line] = []
        if not self.only_sums:
            lines.extend(self._unit_lines() if self.levels else self._code_lines(present))
            lines.append(Line(OFORDELAT, "Ofördelat", OFORDELAT, "ofordelat", 1, sign=self._sign(self.rule)))
        name = "Summa nettokostnader" if self.rule == NETTOKOSTNAD else "Resultat"
        lines.append(Line(SUMMA, name, SUMMA, "summa", sign=self._sign(self.rule), always=True))
        lines.extend(varav(SUMMA, "", 0))
        if self.table.specification and self.top and self.top not in self.rows:
            lines.extend(self._change_lines(self.top, 1))
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

    def _unit_lines(self) -> list[Line]:
        lines = []
        for code in self.rows:
            unit = self.tree.units[code]
            sign = self._sign(self.rule)
            lines.append(Line(code, unit.namn, ("enhet", code), "enhet", 1, sign=sign, always=unit.open))
            if self.table.specification:
                lines.extend(self._change_lines(code, 2))
        return lines

    def _code_lines(self, present: Collection[Group]) -> list[Line]:
        names = self.asked.code_names(self.per)
        codes = sorted(str(group[1]) for group in present if isinstance(group, tuple) and group[0] == "kod")
        sign = self._sign(self.rule)
        return [Line(code, names.get(code, code), ("kod", code), "kod", 1, sign=sign) for code in codes]

    def _change_lines(self, code: str, indrag: int) -> list[Line]:
        """The changes of a unit's frame, in order of decision."""
        mine = [group for group in self._changes if isinstance(group, tuple) and group[1] == code]
        ordered = sorted(mine, key=lambda group: (group[2], group[3], self._changes[group]))
        sign = self._sign(self.rule)
        return [
            Line(f"{code}.andring.{n}", str(group[4]) or "Utan text", group, "andring", indrag, sign=sign)
            for n, group in enumerate(ordered, 1)
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
