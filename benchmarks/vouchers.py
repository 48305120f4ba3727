"""The vouchers of the municipality: four rows each, in the order in which they are registered, some of them backdated.

Half are invoices (two rows of cost, income or investment, VAT, what is owed), half are wages and internal postings
(three rows of drift, what is owed). Written for speed: a million rows take some seconds.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final, NamedTuple

from benchmarks.units import TOP, Units
from ledger.domain.investering import ChangeProjekt
from ledger.domain.rader import Utfallsrad
from ledger.domain.verifikation import PostVerifikation, Voucher

ROWS_A_VOUCHER: Final = 4
BACKDATED: Final = 0.05
INVESTMENTS: Final = 0.08
INCOMES: Final = 0.2

#: Every so many vouchers one is corrected, by its inverse so many vouchers later.
CORRECTED_EVERY, LATER = 500, 250

#: While there was a pandemic, every so many vouchers were tagged with it.
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
        strings = {}
        for unit in units.founded:
            own = rng.sample(purposes, 2)
            costs, incomes = (
                tuple((konto, slag, verksamhet, None, None) for konto in konton[slag] for verksamhet in own)
                for slag in ("kostnad", "intakt")
            )
            strings[unit.ansvar] = costs, incomes, own[0]
        return cls(units, projects, strings)

    def on(self, day: date) -> tuple[Desk, ...]:
        """The desks of a day."""
        running: dict[str, list[Koder]] = {}
        for p in self.projects:
            if p.startar and p.slutar and p.startar <= day <= p.slutar:
                koder = PAGAENDE, "utgift", self.strings[p.ansvar][2], None, p.projekt
                # Receipts, such as grants, are one row in five.
                running.setdefault(p.ansvar, []).extend([koder] * 4 + [(koder[0], "inkomst", *koder[2:])])
        return tuple(
            Desk(code, *self.strings[code][:2], tuple(running.get(code, ())))
            for code in self.units.on(day)
            if code != TOP
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
            if n % CORRECTED_EVERY == LATER and wrong and _is_open(wrong, open_on[at]):
                voucher = _inverse(wrong, days[at])
            else:
                if chance() < BACKDATED:
                    at = max(0, at - 31 - int(chance() * 300))
                rader = _rows(chance, open_on[at])
                if texts and chance() < texts:
                    rader = _with_texts(rng, rader)
                if days[at].year in PANDEMIC and chance() < TAGGED:
                    rader = rader[0]._replace(handelse=HANDELSE), *rader[1:]
                voucher = PostVerifikation(serie, "", days[at], rader)
            year = voucher.bokforingsdatum.year
            numbers[year] += 1
            voucher = PostVerifikation(serie, f"{numbers[year]:08d}", voucher.bokforingsdatum, voucher.rader, voucher.rattar)
            if not n % CORRECTED_EVERY:
                wrong = voucher
            yield voucher


def _rows(chance: Callable[[], float], desks: tuple[Desk, ...]) -> tuple[Utfallsrad, ...]:
    """Rows that balance."""
    desk = desks[int(chance() * len(desks))]
    ansvar, koder, kind = desk.ansvar, desk.costs, chance()
    if kind < INCOMES:
        koder = desk.incomes
    elif kind < INCOMES + INVESTMENTS and desk.investments:
        koder = desk.investments
    sign = -1 if koder is desk.incomes else 1
    count = len(koder)
    one, other = sign * int(100 + chance() * 2_000_000), sign * int(100 + chance() * 500_000)
    third = (one + other) // 4
    drift = koder is not desk.investments and kind > 0.6
    return (
        Utfallsrad(one, ansvar, *koder[int(chance() * count)]),
        Utfallsrad(other, ansvar, *koder[int(chance() * count)]),
        Utfallsrad(third, ansvar, *koder[int(chance() * count)]) if drift else Utfallsrad(third, ansvar, MOMS),
        Utfallsrad(-one - other - third, ansvar, FORDRAN if sign < 0 else SKULD),
    )
