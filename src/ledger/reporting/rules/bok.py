"""The books as a question asks for them: balances of accounts, and postings in the order of the book.

Sums are read as vectors at the limits of both time axes; postings as columns, of the accounts that a page shows. Facts
are read for what is shown and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.domain.fact import Fact
from ledger.reporting.bokforing import BOKFORT, KONTOSLAG, Bokrad, Kontoslag, book_rows
from ledger.reporting.entry import KREDIT, Key
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.columns import number_of
from ledger.reporting.rules.tree import Chart
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.register import standing
from ledger.reporting.stored.space import Entries

#: Earlier than any month, and later.
FIRST_MONTH: Final = 0
LAST_MONTH: Final = 999912

#: An account that a row does not name.
NO_KONTO: Final = ""


@dataclass(frozen=True, slots=True)
class Urval:
    """Which postings: accounts `forsta` … `sista`, a serie, a project, and days; None or blank: all."""

    forsta: str = ""
    sista: str = ""
    serie: str = ""
    projekt: str = ""
    fran: date | None = None
    till: date | None = None

    def has_konto(self, konto: str) -> bool:
        """Whether an account is asked for; `5` as the last asks for every account that begins so."""
        return (not self.forsta or konto >= self.forsta) and (not self.sista or konto[: len(self.sista)] <= self.sista)

    @property
    def splits_vouchers(self) -> bool:
        """Whether some rows of a voucher may be asked for and others not."""
        return bool(self.forsta or self.sista or self.projekt)


@dataclass(frozen=True, slots=True)
class Sidor:
    """The two sides of an account, öre: `debet` is never negative and `kredit` never positive."""

    debet: int = 0
    kredit: int = 0

    @property
    def saldo(self) -> int:
        """What the two come to."""
        return self.debet + self.kredit

    @staticmethod
    def of(amounts: Iterable[int]) -> Sidor:
        """Both sides of some rows, öre in the books' sign."""
        several = list(amounts)
        debet = sum(amount for amount in several if amount > 0)
        return Sidor(debet, sum(several) - debet)

    def __add__(self, other: object) -> Sidor:
        """Both together."""
        if not isinstance(other, Sidor):
            return NotImplemented
        return Sidor(self.debet + other.debet, self.kredit + other.kredit)


class Post(NamedTuple):
    """One entry of the book: of which fact, its day (`20240331`), its key and öre. It may be of several rows."""

    position: int
    day: int
    key: Key
    belopp_ore: int

    def rows(self, fact: Fact) -> list[Bokrad]:
        """The rows of its fact that it is the sum of."""
        return [row for row in book_rows(fact) if row.key == self.key and number_of(row.day) == self.day]


class Kontoposter(NamedTuple):
    """The entries of an account in order, as columns: only those that are shown are made posts of."""

    entries: Entries
    keys: list[Key]

    @property
    def antal(self) -> int:
        """How many."""
        return len(self.entries.day)

    def posts(self, first: int, last: int) -> list[Post]:
        """The entries from one place to before another."""
        entries = self.entries
        columns = (entries.position, entries.day, entries.cell, entries.amount)
        rows = zip(*(column[first:last].tolist() for column in columns), strict=True)
        return [Post(position, day, self.keys[cell], amount) for position, day, cell, amount in rows]

    def amounts(self, first: int, last: int) -> list[int]:
        """The öre of the entries from one place to before another."""
        found: list[int] = self.entries.amount[first:last].tolist()
        return found

    def months(self) -> list[tuple[int, int, int]]:
        """Each month (`202403`) with the place of its first entry and the one after its last."""
        month = self.entries.day // 100
        begins = np.flatnonzero(np.diff(month, prepend=-1))
        bounds = [*begins.tolist(), self.antal]
        return [(which, *pair) for which, pair in zip(month[begins].tolist(), pairwise(bounds), strict=True)]


class Bok:
    """Postings of one question."""

    def __init__(self, asked: Asked, urval: Urval) -> None:
        self._asked, self._urval = asked, urval
        ansvar = asked.question.ansvar
        self._units = frozenset(asked.tree.under(ansvar)) if ansvar else None

    # ------------------------------------------------------------ limits

    @property
    def first(self) -> date:
        """The first day asked for."""
        ar = self._asked.question.ar
        begin = date(ar, 1, 1) if ar else date.min
        return max(begin, self._urval.fran or begin)

    @property
    def last(self) -> date:
        """The last day asked for, within `beslutad`."""
        question = self._asked.question
        days = [question.last_day, self._urval.till, question.beslutad]
        return min(day for day in days if day is not None)

    @property
    def is_part(self) -> bool:
        """Whether only some rows of vouchers are asked for, so that they need not balance."""
        return self._units is not None or self._urval.splits_vouchers

    def _windows(self, first: date | None, last: date) -> tuple[Window, Window | None]:
        """The days `first` … `last` as one window, and the days of its first month that are not among them."""
        kand = self._asked.question.kand
        end = month_of(last)
        whole = None if last == date.max or (last + timedelta(days=1)).day == 1 else number_of(last)
        if first is None or first == date.min:
            return Window(FIRST_MONTH, end, kand, whole), None
        begin = month_of(first)
        before = Window(begin, begin, kand, number_of(first) - 1) if first.day > 1 else None
        return Window(begin, end, kand, whole), before

    # ------------------------------------------------------------ sums

    @cached_property
    def _fields(self) -> tuple[str, ...]:
        named = (
            ("ansvar", self._units is not None),
            ("verksamhet", self._urval.serie),
            ("projekt", self._urval.projekt),
        )
        return (*(name for name, is_asked in named if is_asked), "konto")

    def _wants(self, key: Key) -> bool:
        """Whether a cell is asked for."""
        urval = self._urval
        return (
            urval.has_konto(key.konto or NO_KONTO)
            and (self._units is None or key.ansvar in self._units)
            and (not urval.serie or key.verksamhet == urval.serie)
            and (not urval.projekt or key.projekt == urval.projekt)
        )

    def sums(
        self,
        first: date | None,
        last: date,
        *,
        fields: tuple[str, ...] | None = None,
        name: Callable[[Key], str] = lambda key: key.konto or NO_KONTO,
    ) -> dict[str, Sidor]:
        """Both sides by account, or by `name` of a key, of the days from one to another; None: from the beginning."""
        found: dict[str, Sidor] = {}
        if first is not None and last < first:
            return found
        fields, snapshot = fields or self._fields, self._asked.snapshot
        window, before = self._windows(first, last)
        totals = snapshot.totals(BOKFORT, fields, window)
        if before is not None:
            totals = totals - snapshot.totals(BOKFORT, fields, before)
        keys = snapshot.space(BOKFORT, fields).keys
        for place in np.flatnonzero(totals).tolist():
            key, amount = keys[place], int(totals[place])
            if self._wants(key):
                sides = Sidor(0, amount) if key.slag == KREDIT else Sidor(amount, 0)
                found[name(key)] = found.get(name(key), Sidor()) + sides
        return found

    def turnover(self) -> dict[str, Sidor]:
        """Both sides by serie of all that is asked for; blank: what was reported without vouchers."""
        fields = (*self._fields, "verksamhet") if self.is_part else ("verksamhet",)
        return self.sums(self.first, self.last, fields=fields, name=lambda key: key.verksamhet or "")

    def opening(self) -> dict[str, Sidor]:
        """What accounts hold when the first day begins: balance accounts since ever, the others since New Year."""
        if self.first == date.min:
            return {}
        day = min(self.first - timedelta(days=1), self.last)
        of_year = self.sums(date(self._asked.question.ar, 1, 1), day) if self._asked.question.ar else {}
        return {
            konto: sides if self.konto(konto).is_balance else of_year.get(konto, Sidor())
            for konto, sides in self.sums(None, day).items()
        }

    # ------------------------------------------------------------ accounts

    @cached_property
    def _chart(self) -> dict[str, Kontoslag]:
        register, question = self._asked.snapshot.register(KONTOSLAG), self._asked.question
        chart = Chart(question.kand, question.last_day)
        found = {konto: register.rows(konto, question.kand) for konto in register.all_keys()}
        return {konto: standing(rows, lambda row: row.fran, chart.begun).row for konto, rows in found.items() if rows}

    def konto(self, konto: str) -> Kontoslag:
        """An account as it stands on the last day asked for; one that no chart knows has its class alone."""
        return self._chart.get(konto) or Kontoslag(konto, "", "", date.min)

    # ------------------------------------------------------------ postings

    def count(self) -> dict[str, int]:
        """How many entries each account has within the days asked for."""
        space = self._asked.snapshot.space(BOKFORT, self._fields)
        entries = self._entries(self._fields, self._mask(self._fields), days=self._cuts_a_month)
        numbers = np.bincount(entries.cell, minlength=len(space))
        found: dict[str, int] = {}
        for place in np.flatnonzero(numbers).tolist():
            konto = space.keys[place].konto or NO_KONTO
            found[konto] = found.get(konto, 0) + int(numbers[place])
        return found

    def of_konto(self, konto: str) -> Kontoposter:
        """Every entry of an account within the days asked for, by day and then as recorded."""
        fields = ("ansvar", "verksamhet", "konto", "projekt")
        entries = self._entries(fields, self._mask(fields, konto), days=True)
        order = np.argsort(entries.day, kind="stable")
        keys = self._asked.snapshot.space(BOKFORT, fields).keys
        return Kontoposter(Entries(*(column[order] for column in entries)), keys)

    def registrations(self, skip: int, size: int) -> tuple[list[int], bool, int]:
        """The facts that posted anything asked for, in log order: those that begin among some entries.

        With them whether more follow, and how many there are in all.
        """
        fields = self._fields
        entries = self._entries(fields, self._mask(fields) if self._limits_cells else None, days=self._cuts_a_month)
        begins = np.flatnonzero(np.diff(entries.position, prepend=-1))
        first, last = np.searchsorted(begins, [skip, skip + size]).tolist()
        return entries.position[begins[first:last]].tolist(), last < len(begins), len(begins)

    @property
    def _limits_cells(self) -> bool:
        return self.is_part or bool(self._urval.serie)

    @property
    def _cuts_a_month(self) -> bool:
        return self.first > date.min and self.first.day > 1

    def _mask(self, fields: tuple[str, ...], konto: str | None = None) -> NDArray[np.bool_]:
        keys = self._asked.snapshot.space(BOKFORT, fields).keys
        wanted = (self._wants(key) and (konto is None or (key.konto or NO_KONTO) == konto) for key in keys)
        return np.fromiter(wanted, np.bool_, len(keys))

    def _entries(self, fields: tuple[str, ...], mask: NDArray[np.bool_] | None, *, days: bool) -> Entries:
        """Entries of the cells within the days, in log order."""
        nothing = np.empty(0, np.int64)
        if self.last < self.first:
            return Entries(nothing, nothing, nothing, nothing)
        window, _ = self._windows(self.first, self.last)
        found = self._asked.snapshot.columns(BOKFORT, fields, window, wanted=mask, days=days)
        if not self._cuts_a_month:
            return found
        kept = found.day >= number_of(self.first)
        return Entries(*(column[kept] for column in found))

    def wants(self, row: Bokrad) -> bool:
        """Whether a posted row is asked for."""
        return self._wants(row.key) and self.first <= row.day <= self.last


def month_of(day: date) -> int:
    """The month of a day, as periods are written: `202403`."""
    return day.year * 100 + day.month
