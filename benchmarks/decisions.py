"""The budget decisions of a year in the order of their days: a budget with plan years, how it is split, its changes.

Rule: contract §4. Units are named as they are on the day of the decision; a decision is registered some days later.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from benchmarks.units import TOP, Units, below
from ledger.domain.beslut import (
    AdoptBudget,
    AdoptInternbudget,
    DecideBeslut,
    DecideInvesteringsram,
    DecideOmbudgetering,
    DecideOmfordelning,
    DecideRamjustering,
    DecideTotalutgift,
    SetDetaljbudget,
    SetPeriodisering,
)
from ledger.domain.investering import ChangeProjekt
from ledger.domain.organisation import RegisterUnit
from ledger.domain.rorelse import Rorelse

KF: Final = "kommunfullmäktige"
PLAN_YEARS: Final = 2
MONTHS: Final = 12

#: Changes of frames and moves between units in a year, and units whose budget is put on months.
CHANGES, PERIODISED = 300, 24
#: Every so many changes is a ramjustering, the others are omfördelningar; every so many frames is carried over.
RAMJUSTERING_EVERY, CARRIED_EVERY = 5, 8

#: Accounts of a detaljbudget: how many of income and of cost.
INCOMES, COSTS = 6, 12

MKR: Final = 1_000_000_00

Units_ = dict[str, RegisterUnit]


class Registered(NamedTuple):
    """A decision, and the day on which it is registered."""

    day: date
    beslut: DecideBeslut


class Budgeting(NamedTuple):
    """What decisions are made of: units over time, projects by start, and the accounts of income and cost."""

    seed: int
    units: Units
    projects: tuple[ChangeProjekt, ...]
    incomes: tuple[str, ...]
    costs: tuple[str, ...]

    def year(self, year: int) -> Iterator[Registered]:
        """The decisions about a year: taken in the autumn before it, and during it."""
        rng = random.Random(f"{self.seed}/budget/{year}")  # noqa: S311 - a seeded municipality, no secret
        for beslut in (*self._adopted(rng, year), *self._split(rng, year)):
            yield Registered(beslut.beslutsdatum + timedelta(3), beslut)
        carried = self._carried(year)
        if carried:
            beslut = DecideOmbudgetering(KF, date(year, 3, 26), carried, "§ 31", f"KS {year}-3")
            yield Registered(date(year, 4, 2), beslut)
        yield from self._changes(rng, year)

    # ------------------------------------------------------------ in the autumn

    def _adopted(self, rng: random.Random, year: int) -> Iterator[DecideBeslut]:
        """What kommunfullmäktige decides: frames with plan years, investment frames, totals of new projects."""
        autumn = date(year - 1, 11, 25)
        units = self.units.of_year(year, autumn)
        shares = shares_of(self.seed, year, units)
        rows = tuple(
            Rorelse(shares[namnd] * 11 // 10, "netto", ar, till_ansvar=namnd)
            for ar in range(year, year + PLAN_YEARS + 1)
            for namnd in below(units)[TOP]
        )
        yield AdoptBudget(KF, autumn, rows, "§ 212", f"KS {year - 1}-1")
        running = running_in(self.projects, year)
        frames = [
            Rorelse(rng.randrange(1, 40) * MKR, "utgift", year, till_ansvar=p.ansvar, projekt=p.projekt)
            for p in running
        ]
        frames += [frame._replace(belopp_ore=frame.belopp_ore // 5, slag="inkomst") for frame in frames[::6]]
        if frames:
            yield DecideInvesteringsram(KF, autumn, tuple(frames), "§ 213", f"KS {year - 1}-2")
        totals = tuple(
            Rorelse(rng.randrange(3, 120) * MKR, "utgift", year, till_ansvar=p.ansvar, projekt=p.projekt)
            for p in running
            if p.startar and p.startar.year == year
        )
        if totals:
            yield DecideTotalutgift(KF, autumn, totals, "§ 214", f"KS {year - 1}-3")

    def _split(self, rng: random.Random, year: int) -> Iterator[DecideBeslut]:
        """An internbudget of every nämnd to every unit, then accounts for avdelningar and months for some enheter."""
        day = date(year - 1, 12, 15)
        units = self.units.of_year(year, day)
        children, shares = below(units), shares_of(self.seed, year, units)
        for namnd in children[TOP]:
            rows = tuple(_distributed(namnd, year, children, shares))
            yield AdoptInternbudget(namnd, day, rows, "§ 80", f"{namnd} {year - 1}-9")
        for unit in units.values():
            if unit.niva == "avdelning":
                rows = tuple(self._accounts(unit.ansvar, year, shares[unit.ansvar] // 50))
                yield SetDetaljbudget(unit.ansvar, date(year - 1, 12, 18), rows)
        leaves = [code for code in units if code not in children]
        for code in rng.sample(leaves, PERIODISED):
            rows = tuple(_months(code, year, shares[code]))
            yield SetPeriodisering(code, date(year - 1, 12, 19), rows)

    def _accounts(self, ansvar: str, year: int, part: int) -> Iterator[Rorelse]:
        for slag, konton in (("intakt", self.incomes[:INCOMES]), ("kostnad", self.costs[:COSTS])):
            for konto in konton:
                yield Rorelse(part, slag, year, fran_ansvar=ansvar, till_ansvar=ansvar, konto=konto)

    # ------------------------------------------------------------ during the year

    def _carried(self, year: int) -> tuple[Rorelse, ...]:
        """A million carried over from the frames of the year before, of some projects that go on."""
        before = {p.projekt for p in running_in(self.projects, year - 1)}
        going_on = [p for p in running_in(self.projects, year) if p.projekt in before]
        if year <= self.projects_begin:
            return ()
        return tuple(
            Rorelse(MKR // 2, "utgift", year - 1, p.ansvar, p.ansvar, projekt=p.projekt, till_ar=year)
            for p in going_on[::CARRIED_EVERY]
        )

    @property
    def projects_begin(self) -> int:
        """The first year with frames."""
        return min(p.startar.year for p in self.projects if p.startar)

    def _changes(self, rng: random.Random, year: int) -> Iterator[Registered]:
        """Ramjusteringar by kommunfullmäktige and omfördelningar within a nämnd, registered up to a month later."""
        for n in range(CHANGES):
            day = date(year, 1, 10) + timedelta(n * 340 // CHANGES)
            units = self.units.on(day)
            codes = [code for code in units if code != TOP]
            dnr = f"KS {year}-{100 + n}"
            amount = rng.randrange(1, 300) * 10_000_00
            if n % RAMJUSTERING_EVERY:
                one, other = rng.sample(codes, 2)
                row = Rorelse(amount, "netto", year, fran_ansvar=one, till_ansvar=other)
                beslut: DecideBeslut = DecideOmfordelning(KF, day, (row,), "§ 61", dnr)
            else:
                cut = -amount if rng.random() < 0.4 else amount
                text = f"Ändrad ram {year}"
                row = Rorelse(cut, "netto", year, till_ansvar=rng.choice(codes), text=text)
                beslut = DecideRamjustering(KF, day, (row,), "§ 52", dnr)
            yield Registered(day + timedelta(rng.randrange(1, 30)), beslut)


def running_in(projects: tuple[ChangeProjekt, ...], year: int) -> list[ChangeProjekt]:
    """The projects that run in a year."""
    return [p for p in projects if p.startar and p.slutar and p.startar.year <= year <= p.slutar.year]


def shares_of(seed: int, year: int, units: Units_) -> dict[str, int]:
    """What each unit and all below it are to have in a year, öre."""
    rng = random.Random(f"{seed}/ramar/{year}")  # noqa: S311 - as above
    own = {code: rng.randrange(2, 9) * MKR for code in sorted(units)}
    children = below(units)

    def share(code: str) -> int:
        return own[code] + sum(share(child) for child in children.get(code, ()))

    return {code: share(code) for code in units}


def _distributed(code: str, year: int, children: dict[str, list[str]], shares: dict[str, int]) -> Iterator[Rorelse]:
    """An internbudget: each unit below gets what is meant for it and all below it."""
    for child in children.get(code, ()):
        yield Rorelse(shares[child], "netto", year, fran_ansvar=code, till_ansvar=child, text=f"Internbudget {year}")
        yield from _distributed(child, year, children, shares)


def _months(ansvar: str, year: int, lump: int) -> Iterator[Rorelse]:
    """A lump put on months, heavier towards the end of the year."""
    parts = [lump // 24 + n * (lump // 400) for n in range(MONTHS - 1)]
    for n, part in enumerate((*parts, lump - sum(parts)), 1):
        yield Rorelse(part, "netto", year, fran_ansvar=ansvar, till_ansvar=ansvar, period=n)
