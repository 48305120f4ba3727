"""Rows of a report that open: a unit with the units right below it, asked for as reports of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.reporting.answer import Answer
from ledger.reporting.report import LEVELS
from ledger.reporting.reports import Reports
from ledger.reporting.rules.tree import Tree
from ledger.web.asking import LONGEST
from ledger.web.table import Below

#: The parameter that names the open rows, with commas between.
OPEN: Final = "oppna"


@dataclass(frozen=True)
class Opening:
    """The open rows of a report's page."""

    reports: Reports
    rapport: str
    today: date
    tree: Tree
    #: The rows that are open, as they are named in the address.
    named: tuple[str, ...]

    def below(self, answer: Answer, asked: dict[str, str], above: tuple[str, ...] = ()) -> dict[str, Below]:
        """What is under the rows of an answer; `asked` are its parameters, `above` the rows that it is itself under."""
        found = {}
        for rad in answer.rader:
            level = self._level_below(rad.nyckel) if rad.sort == "enhet" else None
            if level and rad.nyckel not in {answer.fraga["ansvar"], *above}:
                found[rad.nyckel] = self._one(rad.nyckel, {**asked, "ansvar": rad.nyckel, "per": level}, above)
        return found

    def _one(self, key: str, asked: dict[str, str], above: tuple[str, ...]) -> Below:
        if key not in self.named:
            return Below(key, self._with(key), asked)
        answer = self.reports.answer(self.rapport, asked, self.today).shown()
        toggled = ",".join(one for one in self.named if one != key)
        return Below(key, toggled, asked, answer, self.below(answer, asked, (*above, key)))

    def _with(self, key: str) -> str:
        """The open rows with one more; those opened first close where an address has no room for all."""
        named = [*self.named, key]
        while len(",".join(named)) > LONGEST:
            named.pop(0)
        return ",".join(named)

    def _level_below(self, key: str) -> str | None:
        """The level of the units right below one, where a report can be grouped by it."""
        table = self.reports.find(self.rapport).table
        levels = [self.tree.units[code].niva for code in self.tree.children(key)] if key in self.tree.units else []
        shown = [level for level in LEVELS if level in levels and table and level in table.per]
        return shown[0] if shown else None
