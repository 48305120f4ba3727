"""The organisation on any day: which unit lies under which, of what level, with what sign rule, and if it is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.domain.events import UnitClosed, UnitEstablished, UnitMerged
from tests.oracle.standing import Standing


class Organisation:
    """All units that are known, in the order in which they were first recorded."""

    def __init__(self, standing: Sequence[Standing]) -> None:
        self.versions: dict[str, list[UnitEstablished]] = {}
        self.closings: dict[str, list[UnitClosed]] = {}
        for _, fact in standing:
            if isinstance(fact, UnitEstablished):
                self.versions.setdefault(fact.ansvar, []).append(fact)
            elif isinstance(fact, UnitClosed):
                self.closings.setdefault(fact.ansvar, []).append(fact)

    def version(self, ansvar: str, day: date) -> UnitEstablished:
        """The unit's last version that has begun, else its first. Of two of one day, the one recorded last."""
        versions = self.versions[ansvar]
        first = min(version.fran for version in versions)
        found = versions[0]
        reached = None
        for version in versions:
            if version.fran <= max(day, first) and (reached is None or version.fran >= reached):
                found, reached = version, version.fran
        return found

    def closing(self, ansvar: str, day: date) -> UnitClosed | None:
        """The closing or merger in force on a day: its `till` has passed and no later version has begun."""
        found = None
        for closing in self.closings.get(ansvar, ()):
            begun_again = any(closing.till < version.fran <= day for version in self.versions[ansvar])
            if closing.till < day and not begun_again and (found is None or closing.till >= found.till):
                found = closing
        return found

    def is_open(self, ansvar: str, day: date) -> bool:
        """Whether the unit has begun on the day and is not closed."""
        begun = any(version.fran <= day for version in self.versions[ansvar])
        return begun and self.closing(ansvar, day) is None

    def parent(self, ansvar: str, day: date) -> str | None:
        """The unit above: the one it was merged into, else that of its version on the day."""
        closing = self.closing(ansvar, day)
        above = closing.ersatt_av if isinstance(closing, UnitMerged) else self.version(ansvar, day).overordnad
        return above if above in self.versions else None

    def path(self, ansvar: str, day: date) -> list[str]:
        """The unit itself, the unit above it, and so on to the top."""
        path: list[str] = []
        at: str | None = ansvar if ansvar in self.versions else None
        while at is not None and at not in path:
            path.append(at)
            at = self.parent(at, day)
        return path

    def namnd(self, ansvar: str, day: date) -> str:
        """The nämnd of a unit on a day: nearest of level namnd, itself included, else the unit itself."""
        for unit in self.path(ansvar, day):
            if self.version(unit, day).niva == "namnd":
                return unit
        return ansvar


class Tree:
    """The organisation on one day."""

    def __init__(self, organisation: Organisation, day: date) -> None:
        self.paths = {ansvar: organisation.path(ansvar, day) for ansvar in organisation.versions}
        self.niva = {ansvar: organisation.version(ansvar, day).niva for ansvar in organisation.versions}
        self.open = {ansvar: organisation.is_open(ansvar, day) for ansvar in organisation.versions}
        self.resultat: dict[str, bool] = {}
        for ansvar, path in self.paths.items():
            rules = [organisation.version(unit, day).teckenregel for unit in path]
            own_or_inherited = [rule for rule in rules if rule]
            self.resultat[ansvar] = own_or_inherited[:1] == ["resultat"]

    def top(self) -> str | None:
        """The first recorded unit with nothing above it."""
        return next((ansvar for ansvar, path in self.paths.items() if len(path) == 1), None)

    def branch(self, ansvar: str, top: str | None) -> list[str]:
        """The path from a unit up to `top`, both included; empty where the unit does not lie under it."""
        path = self.paths.get(ansvar, [])
        return path[: path.index(top) + 1] if top in path else []
