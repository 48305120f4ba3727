"""Every posted row of a ledger as flat columns: each question is a mask over all of them, nothing is summed ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ledger.domain.events import UtfallCorrected, UtfallReported, VerifikationPosted
from ledger.domain.fact import Fact
from ledger.domain.rader import Utfallsrad
from tests.oracle.entries import Entry
from tests.oracle.outcome import Booked

#: The codes of a row that are kept, in the order of an `Entry`; `handelse` is only asked for, never shown.
CODES: Final = ("ansvar", "verksamhet", "konto", "projekt", "slag", "handelse")

#: What fits in a column of codes beside all others when rows are grouped.
ROOM: Final = 2**11


class Posted:
    """The rows: position, day (`20240331`), one column of numbers per code (0: blank) and öre in the books' sign."""

    def __init__(self, facts: Sequence[tuple[int, Fact]]) -> None:
        self._names: dict[str, list[str | None]] = {code: [None] for code in CODES}
        numbers: dict[str, dict[str | None, int]] = {code: {None: 0} for code in CODES}
        columns: dict[str, list[int]] = {name: [] for name in ("position", "day", "ore", *CODES)}
        for position, fact in facts:
            for day, sign, ansvar, rad in rows_of(fact):
                columns["position"].append(position)
                columns["day"].append(number_of(day))
                columns["ore"].append(sign * rad.belopp_ore)
                for code in CODES:
                    value = ansvar if code == "ansvar" else getattr(rad, code)
                    number = numbers[code].setdefault(value or None, len(numbers[code]))
                    if number == len(self._names[code]):
                        self._names[code].append(value)
                    columns[code].append(number)
        assert all(len(names) < ROOM for names in self._names.values())
        self.position, self.day, self.ore = (np.array(columns[name], np.int64) for name in ("position", "day", "ore"))
        self._codes = {code: np.array(columns[code], np.int64) for code in CODES}

    def __len__(self) -> int:
        return len(self.position)

    def sums(
        self, kand: int, beslutad: date | None, handelse: str | None, slag: tuple[str, ...], fields: Sequence[str],
        spans: Sequence[tuple[date, date]],
    ) -> list[Booked]:  # fmt: skip
        """The rows of each span of days added up by the codes in `fields`, dated on the first day of their span.

        A sum over some rows is there even when it is 0.
        """
        counts = (self.position <= kand) & (self._codes["ansvar"] > 0) & self._is("slag", slag)
        if beslutad is not None:
            counts &= self.day <= number_of(beslutad)
        if handelse is not None:
            counts &= self._is("handelse", (handelse,))
        found: list[Booked] = []
        for first, last in spans:
            within = counts & (self.day >= number_of(first)) & (self.day <= number_of(last))
            found.extend(Booked(first, entry) for entry in self._added_up(within, (*fields, "slag")))
        return found

    def _is(self, code: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        numbers = [n for n, name in enumerate(self._names[code]) if name in values]
        return np.isin(self._codes[code], numbers)

    def _added_up(self, rows: NDArray[np.bool_], fields: Sequence[str]) -> Iterator[Entry]:
        groups = np.zeros(np.count_nonzero(rows), np.int64)
        for field in fields:
            groups = groups * ROOM + self._codes[field][rows]
        different, places = np.unique(groups, return_inverse=True)
        sums = np.zeros(len(different), np.int64)
        np.add.at(sums, places, self.ore[rows])
        for group, ore in zip(different.tolist(), sums.tolist(), strict=True):
            codes: dict[str, str | None] = {}
            rest = group
            for field in reversed(fields):
                rest, number = divmod(rest, ROOM)
                codes[field] = self._names[field][number]
            yield Entry(
                codes["ansvar"] or "", codes.get("verksamhet"), codes.get("konto"), codes.get("projekt"),
                codes["slag"] or "", ore,
            )  # fmt: skip


def rows_of(fact: Fact) -> Iterator[tuple[date, int, str | None, Utfallsrad]]:
    """Day, sign, unit and row of a posting fact; of other facts nothing."""
    if isinstance(fact, VerifikationPosted):
        yield from ((fact.bokforingsdatum, 1, rad.ansvar, rad) for rad in fact.rader)
    elif isinstance(fact, UtfallReported):
        yield from ((one.bokforingsdatum, 1, one.rad.ansvar or fact.ansvar, one.rad) for one in fact.rader)
    elif isinstance(fact, UtfallCorrected):
        yield from ((one.bokforingsdatum, -1, one.rad.ansvar or fact.ansvar, one.rad) for one in fact.fore)
        yield from ((one.bokforingsdatum, 1, one.rad.ansvar or fact.ansvar, one.rad) for one in fact.efter)


def number_of(day: date) -> int:
    """A day as a number that can be compared: `20240331`."""
    return day.year * 10_000 + day.month * 100 + day.day
