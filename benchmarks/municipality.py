"""A municipality that never was, the same for every run with the same seed: what it is made of, and its vouchers.

300 units, 20 verksamheter, 60 konton, 400 projects, ten years of budget decisions; vouchers of four rows in the order
in which they are recorded, 5 % of them backdated by one to eleven months.
Not here: its files (csv_files.py), and how it comes into a ledger (founding.py).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from ledger.domain.beslut import (
    AdoptBudget,
    AdoptInternbudget,
    DecideBeslut,
    DecideInvesteringsram,
    DecideRamjustering,
    DecideTotalutgift,
    SetDetaljbudget,
)
from ledger.domain.investering import ChangeProjekt
from ledger.domain.kontoplan import DefineKonto, DefineVerksamhet
from ledger.domain.organisation import RegisterUnit
from ledger.domain.rader import Utfallsrad
from ledger.domain.rorelse import Rorelse
from ledger.domain.verifikation import PostVerifikation

LAST_YEAR: Final = 2024
MOST_YEARS: Final = 10
FOUNDED: Final = date(2014, 1, 1)

#: Units per level below the top, 300 in all with it: each hangs under the one of the level above that it falls on.
LEVELS: Final = (("namnd", 12), ("forvaltning", 27), ("avdelning", 60), ("enhet", 200))
VERKSAMHETER: Final = 20
#: Accounts: first number and how many. Balance accounts hold investments too.
KONTON: Final = (("balans", 1110, 14), ("intakt", 3010, 14), ("kostnad", 5010, 32))
PROJECTS: Final = 400

ROWS_A_VOUCHER: Final = 4
BACKDATED: Final = 0.05
MOMS, FORDRAN, SKULD, PAGAENDE = "1110", "1120", "1130", "1140"
WORDS: Final = ("Faktura för", "Leverans av", "Avgift för", "Hyra för", "Kurs i", "Underhåll av")
THINGS: Final = ("läromedel", "städning", "lokaler", "datorer", "trafik", "mat", "elkraft", "friskvård", "bibliotek")
PARTIES: Final = tuple(f"Leverantör {n} AB" for n in range(1, 501))

#: Account, slag, verksamhet, aktivitet, projekt: what stands on a row after its unit.
Koder = tuple[str, str | None, str | None, None, str | None]


class Desk(NamedTuple):
    """Where vouchers are written: a unit and the code strings it uses."""

    ansvar: str
    costs: tuple[Koder, ...]
    incomes: tuple[Koder, ...]
    investments: tuple[Koder, ...]


@dataclass(frozen=True, slots=True)
class Municipality:
    """The municipality of one seed. `texts` is the share of vouchers with a text and a counterpart (private parts).

    `years` is how many, the last of them 2024, its decisions and vouchers are spread over.
    """

    seed: int
    years: int
    units: tuple[RegisterUnit, ...]
    verksamheter: tuple[DefineVerksamhet, ...]
    konton: tuple[DefineKonto, ...]
    projects: tuple[ChangeProjekt, ...]
    desks: tuple[Desk, ...]
    texts: float = 0.0

    @classmethod
    def of(cls, seed: int, *, years: int = MOST_YEARS, texts: float = 0.0) -> Municipality:
        """Make it up."""
        rng = random.Random(seed)  # noqa: S311 - a seeded municipality, no secret
        units = tuple(_units())
        konton = tuple(
            DefineKonto(str(first + 10 * n), f"{slag.capitalize()} {n + 1}", slag, FOUNDED)
            for slag, first, count in KONTON
            for n in range(count)
        )
        verksamheter = tuple(
            DefineVerksamhet(str(100 + 40 * n), f"Verksamhet {n + 1}", FOUNDED) for n in range(VERKSAMHETER)
        )
        projects = tuple(_project(rng, n, units, LAST_YEAR + 1 - years) for n in range(PROJECTS))
        purposes = [verksamhet.kod for verksamhet in verksamheter]
        desks = tuple(_desk(rng, unit.ansvar, purposes, konton, projects) for unit in units[1:])
        return cls(seed, years, units, verksamheter, konton, projects, desks, texts)

    @property
    def first_year(self) -> int:
        """The first year that it budgets and books."""
        return LAST_YEAR + 1 - self.years

    # ------------------------------------------------------------ what it is made of

    def master(self) -> Iterator[Any]:
        """Commands that make the units, the charts and the projects, in the order in which they are recorded."""
        yield from self.units
        yield from self.verksamheter
        yield from self.konton
        yield from self.projects

    def decisions(self) -> Iterator[DecideBeslut]:
        """The budget decisions of all years in order of day."""
        rng = random.Random(self.seed + 1)  # noqa: S311 - as above
        for year in range(self.first_year, LAST_YEAR + 1):
            yield from self._year(rng, year)

    def _year(self, rng: random.Random, year: int) -> Iterator[DecideBeslut]:
        below: dict[str, list[str]] = {}
        for unit in self.units:
            below.setdefault(unit.overordnad or "", []).append(unit.ansvar)
        top = self.units[0].ansvar
        frames = {unit.ansvar: rng.randrange(2, 9) * 1_000_000_00 for unit in self.units}
        autumn = date(year - 1, 11, 28)
        rows = tuple(
            Rorelse(10 * _under(namnd, below, frames), "netto", ar, till_ansvar=namnd)
            for ar in (year, year + 1, year + 2)
            for namnd in below[top]
        )
        yield AdoptBudget("kommunfullmäktige", autumn, rows, "§ 212", f"KS {year - 1}-1")
        frame = tuple(
            Rorelse(rng.randrange(1, 40) * 1_000_000_00, "utgift", year, till_ansvar=p.ansvar, projekt=p.projekt)
            for p in self.projects
            if p.startar and p.slutar and p.startar.year <= year <= p.slutar.year
        )
        yield DecideInvesteringsram("kommunfullmäktige", autumn, frame, "§ 213", f"KS {year - 1}-2")
        totals = tuple(
            row._replace(belopp_ore=3 * row.belopp_ore)
            for row in frame
            if any(p.projekt == row.projekt and p.startar and p.startar.year == year for p in self.projects)
        )
        if totals:
            yield DecideTotalutgift("kommunfullmäktige", autumn, totals, "§ 214", f"KS {year - 1}-3")
        for namnd in below[top]:
            shares = tuple(_shares(namnd, year, below, frames))
            yield AdoptInternbudget(namnd, date(year - 1, 12, 15), shares, "§ 80", f"{namnd} {year - 1}-9")
        for unit in self.units:
            if unit.niva == "avdelning":
                split = tuple(self._split(unit.ansvar, year, frames))
                yield SetDetaljbudget(unit.ansvar, date(year - 1, 12, 20), split)
        cuts = tuple(
            Rorelse(-1_000_000_00, "netto", year, till_ansvar=namnd, text=f"Ändring {year}") for namnd in below[top]
        )
        yield DecideRamjustering("kommunfullmäktige", date(year, 5, 28), cuts, "§ 52", f"KS {year}-7")

    def _split(self, ansvar: str, year: int, frames: dict[str, int]) -> Iterator[Rorelse]:
        """How a unit splits its own share on accounts."""
        for konto in self.konton[14:20]:
            part = frames[ansvar] // 20
            yield Rorelse(part, "intakt", year, fran_ansvar=ansvar, till_ansvar=ansvar, konto=konto.konto)
        for konto in self.konton[28:40]:
            part = frames[ansvar] // 10
            yield Rorelse(part, "kostnad", year, fran_ansvar=ansvar, till_ansvar=ansvar, konto=konto.konto)

    # ------------------------------------------------------------ what it books

    def vouchers(self, count: int, serie: str = "A") -> Iterator[PostVerifikation]:
        """Vouchers of four rows, spread over the years in the order in which they are recorded."""
        rng = random.Random(f"{self.seed}/{serie}")  # noqa: S311 - as above
        first = date(self.first_year, 1, 1)
        days = [first + timedelta(n) for n in range((date(LAST_YEAR + 1, 1, 1) - first).days)]
        numbers: Counter[int] = Counter()
        chance, desks, desk_count, step = rng.random, self.desks, len(self.desks), len(days) / count
        for n in range(count):
            at = int(n * step)
            if chance() < BACKDATED:
                at = max(0, at - 31 - int(chance() * 300))
            dag = days[at]
            numbers[dag.year] += 1
            rader = _rows(chance, desks[int(chance() * desk_count)])
            if self.texts and chance() < self.texts:
                rader = _with_texts(rng, rader)
            yield PostVerifikation(serie, f"{numbers[dag.year]:08d}", dag, rader)


def _units() -> Iterator[RegisterUnit]:
    """The tree: each level spread evenly under the one above."""
    yield RegisterUnit("K", "Exempelkommun", "kommun", FOUNDED)
    above = ["K"]
    for niva, count in LEVELS:
        codes = [f"{niva[0].upper()}{n + 1:03d}" for n in range(count)]
        for n, code in enumerate(codes):
            yield RegisterUnit(code, f"{niva.capitalize()} {n + 1}", niva, FOUNDED, above[n * len(above) // count])
        above = codes


def _project(rng: random.Random, n: int, units: tuple[RegisterUnit, ...], first_year: int) -> ChangeProjekt:
    begins = rng.randint(first_year, LAST_YEAR)
    ends = min(begins + rng.randint(1, 5), LAST_YEAR + 2)
    owner = rng.choice(units[1:]).ansvar
    return ChangeProjekt(
        f"P{n + 1:04d}", f"Projekt {n + 1}", owner, "pagaende", date(begins, 1, 15), f"Grupp {n % 12 + 1}",
        date(begins, 1, 1), date(ends, 12, 31),
    )  # fmt: skip


def _desk(
    rng: random.Random,
    ansvar: str,
    purposes: list[str],
    konton: tuple[DefineKonto, ...],
    projects: tuple[ChangeProjekt, ...],
) -> Desk:
    """A unit books on two verksamheter, all accounts, and its own projects."""
    own = rng.sample(purposes, 2)

    def strings(slag: str) -> tuple[Koder, ...]:
        return tuple((k.konto, slag, verksamhet, None, None) for k in konton if k.slag == slag for verksamhet in own)

    investments = tuple((PAGAENDE, "utgift", own[0], None, p.projekt) for p in projects if p.ansvar == ansvar)
    return Desk(ansvar, strings("kostnad"), strings("intakt"), investments)


def _rows(chance: Callable[[], float], desk: Desk) -> tuple[Utfallsrad, ...]:
    """Two rows of cost, income or investment, VAT, and what is owed: they balance."""
    kind = chance()
    koder = desk.costs
    if kind < 0.2:
        koder = desk.incomes
    elif kind < 0.3 and desk.investments:
        koder = desk.investments
    sign = -1 if koder is desk.incomes else 1
    count = len(koder)
    one, other = sign * int(100 + chance() * 2_000_000), sign * int(100 + chance() * 500_000)
    vat = (one + other) // 4
    ansvar = desk.ansvar
    return (
        Utfallsrad(one, ansvar, *koder[int(chance() * count)]),
        Utfallsrad(other, ansvar, *koder[int(chance() * count)]),
        Utfallsrad(vat, ansvar, MOMS),
        Utfallsrad(-one - other - vat, ansvar, FORDRAN if sign < 0 else SKULD),
    )


def _with_texts(rng: random.Random, rader: tuple[Utfallsrad, ...]) -> tuple[Utfallsrad, ...]:
    text = f"{rng.choice(WORDS)} {rng.choice(THINGS)}"
    return rader[0]._replace(text=text), *rader[1:3], rader[3]._replace(motpart=rng.choice(PARTIES))


def _under(code: str, below: dict[str, list[str]], frames: dict[str, int]) -> int:
    """What a unit and all below it are to have, öre."""
    return frames[code] + sum(_under(child, below, frames) for child in below.get(code, ()))


def _shares(code: str, year: int, below: dict[str, list[str]], frames: dict[str, int]) -> Iterator[Rorelse]:
    """An internbudget: each unit below gets what is meant for it and all below it."""
    for child in below.get(code, ()):
        share = _under(child, below, frames)
        yield Rorelse(share, "netto", year, fran_ansvar=code, till_ansvar=child, text=f"Internbudget {year}")
        yield from _shares(child, year, below, frames)
