"""A random municipality: its units, charts and projects, and how they change."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from ledger.domain.events import (
    KontoDefined,
    ProjektChanged,
    UnitChanged,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UtfallReported,
    VerifikationPosted,
    VerksamhetDefined,
)
from ledger.domain.fact import Fact

VERKSAMHETER: Final = ("100", "130", "340", "920")
COSTS: Final = ("5010", "5610", "7460")
INCOMES: Final = ("3110", "3410")
BALANCES: Final = ("1510", "2510")
PROJECTS: Final = ("P-BAD", "P-HALL", "P-IT", "P-MARK", "P-SKOLA")
STATUS: Final = ("beslutat", "pagaende", "fardigstallt", "avbrutet")
#: Levels in order; units of one rank may be merged, a unit hangs under one of a lower rank.
RANK: Final = {"kommun": 0, "namnd": 1, "forvaltning": 2, "stab": 3, "avdelning": 3, "enhet": 4, "post": 5}


class History:
    """What is recorded so far, and what later facts must know of it."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.facts: list[Fact] = []
        self.units: list[str] = []
        self.niva: dict[str, str] = {}
        self.starts: dict[str, set[date]] = {}
        self.closed: set[str] = set()
        self.counter = 0
        self.proposals: list[tuple[str, str]] = []
        self.vouchers: list[VerifikationPosted] = []
        self.deliveries: dict[int, UtfallReported] = {}
        self.corrected: set[int] = set()

    def next_number(self) -> int:
        """A number that is used once."""
        self.counter += 1
        return self.counter

    def day(self, first: int = 2021, last: int = 2026) -> date:
        """A day of some years; often one of a few, so that dates meet."""
        year = self.rng.randint(first, last)
        if self.rng.random() < 0.4:
            return date(year, *self.rng.choice(((1, 1), (3, 31), (6, 18), (11, 28), (12, 31))))
        return date(year, 1, 1) + timedelta(days=self.rng.randrange(365))

    def ore(self) -> int:
        """An amount that twelve seldom divides; sometimes negative, seldom nothing."""
        if self.rng.random() < 0.02:
            return 0
        size = self.rng.choice((self.rng.randint(1, 30), self.rng.randint(1, 10**6), self.rng.randint(1, 10**9)))
        return -size if self.rng.random() < 0.15 else size

    def unit(self, *niva: str) -> str:
        """A unit, of one of some levels where they are given."""
        return self.rng.choice([unit for unit in self.units if not niva or self.niva[unit] in niva])

    def maybe(self, *values: str) -> str | None:
        """One of some codes, or blank."""
        return self.rng.choice(values) if self.rng.random() < 0.6 else None

    def parent_for(self, niva: str) -> str | None:
        """A unit that one of a level can hang under."""
        above = [unit for unit in self.units if RANK[self.niva[unit]] < RANK[niva]]
        nearest = [unit for unit in above if RANK[self.niva[unit]] >= RANK[niva] - 2]
        return self.rng.choice(nearest or above) if above else None


def establish(history: History, niva: str, fran: date, overordnad: str | None, rule: str | None) -> UnitEstablished:
    """A new unit, known to the history from now on."""
    ansvar = f"{niva[:2].upper()}{len(history.units)}"
    history.units.append(ansvar)
    history.niva[ansvar] = niva
    history.starts[ansvar] = {fran}
    return UnitEstablished(ansvar, f"{niva} {ansvar}", niva, fran, overordnad, rule)


def found_municipality(history: History) -> None:
    """A top, two or three nämnder, and units of every level below them; charts and projects."""
    rng, first = history.rng, date(2020, 1, 1)
    history.facts.append(establish(history, "kommun", first, None, rng.choice((None, "nettokostnad"))))
    levels = ["namnd"] * rng.randint(2, 3) + ["forvaltning"] * rng.randint(2, 4)
    levels += ["stab", "avdelning"] * rng.randint(2, 3) + ["enhet"] * rng.randint(1, 4) + ["post"] * rng.randint(2, 6)
    for niva in levels:
        often = 0.3 if niva == "forvaltning" else 0.05
        rule = "resultat" if rng.random() < often else rng.choice((None, None, None, "nettokostnad"))
        top = history.units[0] if niva == "namnd" else history.parent_for(niva)
        history.facts.append(establish(history, niva, rng.choice((first, date(2022, 7, 1))), top, rule))
    history.facts.extend(VerksamhetDefined(kod, kod, first) for kod in VERKSAMHETER)
    history.facts.extend(KontoDefined(konto, konto, "kostnad", first) for konto in COSTS)
    history.facts.extend(KontoDefined(konto, konto, "intakt", first) for konto in INCOMES)
    history.facts.extend(KontoDefined(konto, konto, "balans", first) for konto in BALANCES)
    history.facts.extend(project_row(history, projekt) for projekt in PROJECTS)


def project_row(history: History, projekt: str) -> ProjektChanged:
    """A row of a project: owner, status and day."""
    rng = history.rng
    slutar = rng.choice((None, history.day(2024, 2028)))
    return ProjektChanged(
        projekt,
        projekt,
        history.unit(),
        rng.choice(STATUS),
        history.day(),
        slutar=slutar,
        grupp=rng.choice((None, "G")),
    )


def project_change(history: History) -> ProjektChanged:
    """A project moves on, or to another owner."""
    return project_row(history, history.rng.choice(PROJECTS))


def reorganisation(history: History) -> Fact | None:
    """A unit is new, changed (also before its first day), closed or merged into another."""
    rng = history.rng
    kind = rng.choice(("new", "change", "change", "change", "close", "merge"))
    if kind == "new":
        niva = rng.choice(("forvaltning", "stab", "avdelning", "enhet", "post"))
        return establish(history, niva, history.day(), history.parent_for(niva), rng.choice((None, None, "resultat")))
    ansvar = rng.choice(history.units[1:])
    if kind == "change":
        return unit_change(history, ansvar)
    if ansvar in history.closed:
        return None
    if kind == "close":
        history.closed.add(ansvar)
        return UnitClosed(ansvar, history.day(2022, 2026))
    # Into an older unit of the same rank only, so that no circle can arise.
    older = history.units[: history.units.index(ansvar)]
    into = [unit for unit in older if RANK[history.niva[unit]] == RANK[history.niva[ansvar]]]
    if not into:
        return None
    history.closed.add(ansvar)
    return UnitMerged(ansvar, history.day(2022, 2026), rng.choice(into))


def unit_change(history: History, ansvar: str) -> UnitChanged | None:
    """Another name, parent, rule or (stab and avdelning) level from a day on which nothing else begins."""
    rng, fran = history.rng, history.day(2019, 2026)
    if fran in history.starts[ansvar]:
        return None
    history.starts[ansvar].add(fran)
    niva = history.niva[ansvar]
    if niva in ("stab", "avdelning"):
        niva = rng.choice(("stab", "avdelning"))
    parent = history.units[0] if niva == "namnd" else history.parent_for(niva)
    rule = rng.choice((None, None, None, "nettokostnad", "resultat"))
    return UnitChanged(ansvar, f"{niva} {ansvar} {fran.year}", niva, fran, parent, rule)
