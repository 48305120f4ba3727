"""The vouchers of the municipality: four rows each, in the order in which they are registered, some of them backdated.

Most are invoices: two rows of cost, income or investment, VAT, and what is owed. Two of five are wages and internal
postings: three rows of cost, and what is owed. Written for speed: a million rows take a second or two.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, NamedTuple

from benchmarks.units import TOP, Units
from ledger.domain.investering import ChangeProjekt
from ledger.domain.rader import Utfallsrad
from ledger.domain.verifikation import PostVerifikation, Voucher

ROWS_A_VOUCHER: Final = 4
BACKDATED: Final = 0.05
#: Shares of vouchers: income, investments, and grants to these; of the others, those beyond have no VAT.
INCOMES, INVESTMENTS, GRANTS, WITH_VAT = 0.2, 0.08, 0.01, 0.6

#: Every so many vouchers one is corrected, by its inverse so many vouchers later.
CORRECTED_EVERY, LATER = 500, 250

#: While there was a pandemic, a share of the vouchers was tagged with it.
HANDELSE, PANDEMIC, TAGGED = "corona", range(2020, 2022), 0.1

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
    grants: tuple[Koder, ...]


@dataclass(frozen=True, slots=True)
class Desks:
    """The desks that are open, for every day: units close, and projects begin."""

    units: Units
    projects: tuple[ChangeProjekt, ...]
    strings: dict[str, tuple[tuple[Koder, ...], tuple[Koder, ...], str]]

    @classmethod
    def of(
        cls, rng: random.Random, units: Units, projects: tuple[ChangeProjekt, ...],
        purposes: Sequence[str], konton: dict[str, list[str]],
    ) -> Desks:  # fmt: skip
        """Every unit books on two verksamheter, all accounts of drift, and its own projects."""
        strings: dict[str, tuple[tuple[Koder, ...], tuple[Koder, ...], str]] = {}
        for unit in units.founded:
            own = rng.sample(purposes, 2)
            costs, incomes = (_koder(slag, konton[slag], own) for slag in ("kostnad", "intakt"))
            strings[unit.ansvar] = costs, incomes, own[0]
        return cls(units, projects, strings)

    def on(self, day: date) -> tuple[Desk, ...]:
        """The desks of a day."""
        running: dict[str, list[Koder]] = {}
        for p in self.projects:
            if p.startar and p.slutar and p.startar <= day <= p.slutar:
                running.setdefault(p.ansvar, []).append(
                    (PAGAENDE, "utgift", self.strings[p.ansvar][2], None, p.projekt)
                )
        return tuple(
            Desk(code, *self.strings[code][:2], investments, tuple((k[0], "inkomst", *k[2:]) for k in investments))
            for code in self.units.on(day)
            if code != TOP
            for investments in [tuple(running.get(code, ()))]
        )

    def every_day(self, first: date, last: date) -> list[tuple[Desk, ...]]:
        """The desks of every day from `first` to `last`; what begins and ends does so at the turn of a half-year."""
        made: dict[tuple[int, bool], tuple[Desk, ...]] = {}
        found = []
        for n in range((last - first).days + 1):
            day = first + timedelta(n)
            half = day.year, day.month > 6
            if half not in made:
                made[half] = self.on(day)
            found.append(made[half])
        return found


class Vouchers:
    """`count` vouchers in one serie, spread over the days from `first` to `last`, taken day by day."""

    def __init__(
        self, seed: int, desks: Desks, first: date, last: date, count: int, *, serie: str = "A", texts: float = 0.0
    ) -> None:
        self._first, self._count = first, count
        self._days = [first + timedelta(n) for n in range((last - first).days + 1)]
        self._made = self._all(seed, desks, serie, texts)
        self._taken = 0

    def __iter__(self) -> Iterator[PostVerifikation]:
        """All that are left."""
        return self._made

    def through(self, day: date) -> list[PostVerifikation]:
        """Those registered on a day or before it that have not been taken."""
        upto = min(self._count, -(-((day - self._first).days + 1) * self._count // len(self._days)))
        made = list(islice(self._made, max(0, upto - self._taken)))
        self._taken += len(made)
        return made

    def _all(self, seed: int, desks: Desks, serie: str, texts: float) -> Iterator[PostVerifikation]:
        rng = random.Random(f"{seed}/{serie}")  # noqa: S311 - a seeded municipality, no secret
        chance, days, count = rng.random, self._days, self._count
        open_on = desks.every_day(days[0], days[-1])
        numbers: Counter[int] = Counter()
        wrong: PostVerifikation | None = None
        for n in range(count):
            at = n * len(days) // count
            rattar = None
            if n % CORRECTED_EVERY == LATER and wrong and _is_open(wrong, open_on[at]):
                rader = tuple(rad._replace(belopp_ore=-rad.belopp_ore) for rad in wrong.rader)
                rattar = Voucher(serie, wrong.vernr, wrong.bokforingsdatum.year)
            else:
                if chance() < BACKDATED:
                    at = max(0, at - 31 - int(chance() * 300))
                rader = _rows(chance, open_on[at])
                if texts and chance() < texts:
                    rader = _with_texts(rng, rader)
                if days[at].year in PANDEMIC and chance() < TAGGED:
                    rader = rader[0]._replace(handelse=HANDELSE), *rader[1:]
            day = days[at]
            numbers[day.year] += 1
            voucher = PostVerifikation(serie, f"{numbers[day.year]:08d}", day, rader, rattar)
            if not n % CORRECTED_EVERY:
                wrong = voucher
            yield voucher


def _koder(slag: str, konton: Sequence[str], verksamheter: Sequence[str]) -> tuple[Koder, ...]:
    return tuple((konto, slag, verksamhet, None, None) for konto in konton for verksamhet in verksamheter)


def _rows(chance: Callable[[], float], desks: tuple[Desk, ...]) -> tuple[Utfallsrad, ...]:
    """Rows that balance."""
    desk = desks[int(chance() * len(desks))]
    ansvar, koder, sign, kind = desk.ansvar, desk.costs, 1, chance()
    if kind < INCOMES:
        koder, sign = desk.incomes, -1
    elif kind < INCOMES + INVESTMENTS and desk.investments:
        koder = desk.investments
    elif kind > 1 - GRANTS and desk.grants:
        koder, sign = desk.grants, -1
    count = len(koder)
    one, other = sign * int(100 + chance() * 2_000_000), sign * int(100 + chance() * 500_000)
    third = (one + other) // 4
    three = koder is desk.costs and kind > WITH_VAT
    return (
        Utfallsrad(one, ansvar, *koder[int(chance() * count)]),
        Utfallsrad(other, ansvar, *koder[int(chance() * count)]),
        Utfallsrad(third, ansvar, *koder[int(chance() * count)]) if three else Utfallsrad(third, ansvar, MOMS),
        Utfallsrad(-one - other - third, ansvar, FORDRAN if sign < 0 else SKULD),
    )


def _with_texts(rng: random.Random, rader: tuple[Utfallsrad, ...]) -> tuple[Utfallsrad, ...]:
    text = f"{rng.choice(WORDS)} {rng.choice(THINGS)}"
    return rader[0]._replace(text=text), *rader[1:3], rader[3]._replace(motpart=rng.choice(PARTIES))


def _is_open(voucher: PostVerifikation, desks: tuple[Desk, ...]) -> bool:
    """Whether the unit of a voucher is among the open desks."""
    return any(desk.ansvar == voucher.rader[0].ansvar for desk in desks)
