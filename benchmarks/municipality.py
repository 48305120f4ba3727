"""A municipality that never was, the same for every run with the same seed: what it is made of.

300 units, 20 verksamheter, 60 konton, 400 projects, ten years of budgets and postings, two reorganisations.
Not here: its units over time (units.py), its decisions (decisions.py), its vouchers (vouchers.py), its weeks
(weeks.py), its files (csv_files.py), and how it comes into a ledger (founding.py).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from benchmarks.decisions import Budgeting
from benchmarks.units import FOUNDED, TOP, Units
from benchmarks.vouchers import Desks, Vouchers
from ledger.domain.beslut import DecideBeslut
from ledger.domain.investering import ChangeProjekt
from ledger.domain.kontoplan import DefineKonto, DefineVerksamhet

LAST_YEAR: Final = 2024
MOST_YEARS: Final = 10
VERKSAMHETER: Final = 20
PROJECTS: Final = 400

#: Accounts: slag, first number and how many. Balance accounts hold investments too.
KONTON: Final = (("balans", 1110, 14), ("intakt", 3010, 14), ("kostnad", 5010, 32))

#: One project in so many is broken off.
BROKEN_OFF: Final = 40


@dataclass(frozen=True, slots=True)
class Municipality:
    """The municipality of one seed. `texts` is the share of vouchers with a text and a counterpart (private parts).

    `years` is how many, the last of them 2024, its decisions and vouchers are spread over.
    """

    seed: int
    years: int
    units: Units
    verksamheter: tuple[DefineVerksamhet, ...]
    konton: tuple[DefineKonto, ...]
    projects: tuple[ChangeProjekt, ...]
    desks: Desks
    texts: float = 0.0

    @classmethod
    def of(cls, seed: int, *, years: int = MOST_YEARS, texts: float = 0.0) -> Municipality:
        """Make it up."""
        rng = random.Random(seed)  # noqa: S311 - a seeded municipality, no secret
        first_year = LAST_YEAR + 1 - years
        units = Units.of(first_year, years)
        konton = tuple(
            DefineKonto(str(first + 10 * n), f"{slag.capitalize()} {n + 1}", slag, FOUNDED)
            for slag, first, count in KONTON
            for n in range(count)
        )
        verksamheter = tuple(
            DefineVerksamhet(str(100 + 40 * n), f"Verksamhet {n + 1}", FOUNDED) for n in range(VERKSAMHETER)
        )
        owners = [unit.ansvar for unit in units.founded if unit.ansvar in units.on(date.max)]
        owners.remove(TOP)
        projects = tuple(_project(rng, n, owners, first_year) for n in range(PROJECTS))
        accounts = {slag: [konto.konto for konto in konton if konto.slag == slag] for slag, _, _ in KONTON}
        desks = Desks.of(rng, units, projects, [v.kod for v in verksamheter], accounts)
        return cls(seed, years, units, verksamheter, konton, projects, desks, texts)

    @property
    def first_year(self) -> int:
        """The first year that it budgets and books."""
        return LAST_YEAR + 1 - self.years

    @property
    def first_day(self) -> date:
        """The first day on which a voucher is registered."""
        return date(self.first_year, 1, 1)

    @property
    def last_day(self) -> date:
        """The last day on which a voucher is registered."""
        return date(LAST_YEAR, 12, 31)

    def charts(self) -> Iterator[Any]:
        """Units as they were founded, verksamheter and konton: what everything else names."""
        yield from self.units.founded
        yield from self.verksamheter
        yield from self.konton

    def stages(self) -> Iterator[ChangeProjekt]:
        """Every row of the project file: decided before it starts, under way, and finished or broken off."""
        for n, project in enumerate(self.projects):
            yield project
            assert project.startar
            assert project.slutar
            yield _stage(project, "pagaende", project.startar)
            if project.slutar <= self.last_day:
                yield _stage(project, "fardigstallt" if n % BROKEN_OFF else "avbrutet", project.slutar)

    @property
    def budgeting(self) -> Budgeting:
        """Its decisions."""
        accounts = {
            slag: tuple(konto.konto for konto in self.konton if konto.slag == slag) for slag in ("intakt", "kostnad")
        }
        return Budgeting(self.seed, self.units, self.projects, accounts["intakt"], accounts["kostnad"])

    def decisions(self) -> Iterator[DecideBeslut]:
        """The budget decisions of all years in the order in which they are registered."""
        made = [one for ar in range(self.first_year, LAST_YEAR + 1) for one in self.budgeting.year(ar)]
        yield from (beslut for _, beslut in sorted(made, key=lambda one: one.day))

    def vouchers(self, count: int, serie: str = "A") -> Vouchers:
        """Vouchers of four rows, spread over the years in the order in which they are registered."""
        return Vouchers(self.seed, self.desks, self.first_day, self.last_day, count, serie=serie, texts=self.texts)


def _project(rng: random.Random, n: int, owners: list[str], first_year: int) -> ChangeProjekt:
    begins = rng.randint(first_year, LAST_YEAR)
    ends = min(begins + rng.randint(1, 5), LAST_YEAR + 2)
    decided = date(begins - 1, 11, 1) + timedelta(n % 20)
    return ChangeProjekt(
        f"P{n + 1:04d}", f"Projekt {n + 1}", rng.choice(owners), "beslutat", decided,
        f"Grupp {n % 12 + 1}", date(begins, 1, 1), date(ends, 12, 31),
    )  # fmt: skip


def _stage(project: ChangeProjekt, status: str, day: date) -> ChangeProjekt:
    return ChangeProjekt(
        project.projekt, project.namn, project.ansvar, status, day, project.grupp, project.startar, project.slutar
    )
