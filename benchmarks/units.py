"""The units of the municipality that never was, and its two reorganisations: units moved, merged and renamed.

A merger takes enheter only, so that nothing is left under a closed unit; no unit is changed by both reorganisations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from ledger.domain.organisation import RegisterUnit

FOUNDED: Final = date(2010, 1, 1)
TOP: Final = "K"
DAY: Final = timedelta(1)

#: Units per level below the top, 300 in all with it. Of five units in the second level two are staber.
LEVELS: Final = (("namnd", 12), ("forvaltning", 30), ("avdelning", 57), ("enhet", 200))

#: Units that show a result rather than a net cost.
RESULTAT: Final = frozenset({"F030", "E050", "E100", "E150"})

#: How many units a reorganisation moves to the next unit above, merges into the unit before, and renames.
MOVED, MERGED, RENAMED = 5, 4, 6

#: How long before it holds a reorganisation is registered.
AHEAD: Final = timedelta(45)


class Reorganisation(NamedTuple):
    """Rows of an organisation file that change units from a day on, and the day on which they are registered."""

    registered: date
    fran: date
    rows: tuple[RegisterUnit, ...]


@dataclass(frozen=True, slots=True)
class Units:
    """All units as they were founded, with what changed them."""

    founded: tuple[RegisterUnit, ...]
    reorganisations: tuple[Reorganisation, ...]

    @classmethod
    def of(cls, first_year: int, years: int) -> Units:
        """Units over some years, reorganised when a third of the time has gone, and three quarters."""
        founded = tuple(_founded())
        days = date(first_year + max(1, 3 * years // 10), 1, 1), date(first_year + 3 * years // 4, 7, 1)
        made = (Reorganisation(fran - AHEAD, fran, tuple(_changes(founded, n, fran))) for n, fran in enumerate(days))
        return cls(founded, tuple(made))

    def rows(self) -> Iterator[RegisterUnit]:
        """Every row of the organisation file."""
        yield from self.founded
        for reorganisation in self.reorganisations:
            yield from reorganisation.rows

    def on(self, day: date) -> dict[str, RegisterUnit]:
        """The units that are open on a day, by code, each as it is then."""
        units = {unit.ansvar: unit for unit in self.founded}
        for _, fran, rows in self.reorganisations:
            for row in rows if fran <= day else ():
                units[row.ansvar] = row
        return {code: unit for code, unit in units.items() if unit.till is None or unit.till >= day}

    def of_year(self, year: int, decided: date) -> dict[str, RegisterUnit]:
        """The units that a budget for a year names: as they are on the day of the decision, without those that end."""
        ending = {row.ansvar for r in self.reorganisations for row in r.rows if row.till and row.till.year < year}
        return {code: unit for code, unit in self.on(decided).items() if code not in ending}


def below(units: dict[str, RegisterUnit]) -> dict[str, list[str]]:
    """The units directly under each unit."""
    found: dict[str, list[str]] = {}
    for unit in units.values():
        found.setdefault(unit.overordnad or "", []).append(unit.ansvar)
    return found


def _founded() -> Iterator[RegisterUnit]:
    """The tree: each level spread evenly under the one above."""
    yield RegisterUnit(TOP, "Exempelkommun", "kommun", FOUNDED)
    above = [TOP]
    for level, count in LEVELS:
        codes = [f"{level[0].upper()}{n + 1:03d}" for n in range(count)]
        for n, code in enumerate(codes):
            niva = "stab" if level == "forvaltning" and n % 5 in (1, 3) else level
            rule = "resultat" if code in RESULTAT else None
            parent = above[n * len(above) // count]
            yield RegisterUnit(code, f"{niva.capitalize()} {n + 1}", niva, FOUNDED, parent, teckenregel=rule)
        above = codes


def _changes(founded: Sequence[RegisterUnit], n: int, fran: date) -> Iterator[RegisterUnit]:
    """What reorganisation `n` does: every unit is taken from a part of the list of its own."""
    avdelningar = [unit for unit in founded if unit.niva == "avdelning"]
    enheter = [unit for unit in founded if unit.niva == "enhet"]
    above = [unit.ansvar for unit in founded if unit.niva in ("forvaltning", "stab")]
    for unit in avdelningar[n :: len(avdelningar) // MOVED][:MOVED]:
        elsewhere = above[(above.index(unit.overordnad or "") + 7) % len(above)]
        yield replace(unit, fran=fran, overordnad=elsewhere)
    for at in range(MERGED):
        unit, into = enheter[20 * n + 40 * at + 11], enheter[20 * n + 40 * at + 10]
        yield replace(unit, till=fran - DAY, ersatt_av=into.ansvar)
    for unit in enheter[7 + n :: len(enheter) // RENAMED][:RENAMED]:
        yield replace(unit, fran=fran, namn=f"{unit.namn} ({fran.year})")
    yield replace(founded[1 + n], fran=fran, namn=f"{founded[1 + n].namn} och kultur")
