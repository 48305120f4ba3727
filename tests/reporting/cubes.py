"""Cubes in small pieces: random entries, sums of them in plain Python, and a cube that keeps them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, cast

import numpy as np
from sqlalchemy import Connection, select

from ledger.reporting.entry import Cube, Entry, Key, View
from ledger.reporting.log import Recorded
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube import CubeReader, Window
from ledger.reporting.stored.cube_memory import CubeMemory
from ledger.reporting.stored.cube_preparing import PreparedCube, prepare_cube
from ledger.reporting.stored.cube_sizes import Sizes
from ledger.reporting.stored.schema import CUBE_TABLES
from ledger.reporting.stored.space import ALWAYS

#: Pieces so small that a few hundred entries fill many.
SMALL: Final = Sizes(chunk=16, block=3, sums=1, step=32, bytes_an_entry=200, home=8, few_codes=3)

#: A cube of facts that are lists of entries.
CUBE: Final = Cube("prov", lambda fact: cast("list[Entry]", fact))

#: Windows begin and end, and days cut, at these.
PERIODS: Final = (202301, 202306, 202312, 202401, 202402, 202403, 202404, 202407, 202412)
DAYS: Final = (None, None, 20220101, 20230712, 20240101, 20240131, 20240315, 20240331, 20240430, 20241231)
GROUPINGS: Final[tuple[View, ...]] = (("ansvar",), ("ansvar", "verksamhet"), ("konto",), ("ansvar", "konto"), ())


def dice(seed: int) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(seed)  # noqa: S311 - no secret


class Known(NamedTuple):
    """A fact at a position, as far as a cube asks."""

    position: int
    fact: list[Entry]


class Row(NamedTuple):
    """One entry as the cube must hold it."""

    key: Key
    period: int
    day: int
    position: int
    amount: int

    def within(self, window: Window) -> bool:
        """Whether it counts."""
        until = window.until is None or self.day <= window.until
        return window.first <= self.period <= window.last and self.position <= window.kand and until


def random_facts(seed: int, count: int, *, crooked: bool = False, huge: bool = False) -> list[Known]:
    """Facts over two years: most of the month at hand, some backdated, new codes at any time."""
    rng, position, facts = dice(seed), 0, []
    for n in range(count):
        position += rng.choice((1, 1, 1, 5))
        rows = []
        for _ in range(rng.choice((1, 2, 4, 9))):
            month = min(12, max(1, 1 + n * 12 // count + rng.choice((0, 0, 0, 0, 0, 0, -1, -3, 2))))
            day = date(rng.choice((2023, 2024, 2024, 2024)), month, rng.randint(1, 28))
            period = 202311 if crooked and rng.random() < 0.01 else day.year * 100 + day.month
            codes = "ABCDEFGH"[: 2 + n * 7 // count]
            key = Key(
                rng.choice(codes),
                rng.choice(("1", "2", None)),
                rng.choice("123"),
                rng.choice(("kostnad", "intakt")),
                None,
                rng.choice((None, None, None, "corona")),
            )
            largest = 2**53 - 1 if huge else 2**33 if rng.random() < 0.1 else 10**6
            rows.append(Entry(key, period, day, rng.choice((7, rng.randint(-largest, largest)))))
        facts.append(Known(position, rows))
    return facts


def rows_of(facts: Iterable[Known]) -> list[Row]:
    """The entries, those of one fact that differ in nothing but the amount put together."""
    rows = []
    for position, entries in facts:
        summed: dict[tuple[Key, int, int], int] = {}
        for key, period, day, amount in entries:
            at = (key, period, day.year * 10000 + day.month * 100 + day.day)
            summed[at] = summed.get(at, 0) + amount
        rows += [Row(*at, position, amount) for at, amount in summed.items()]
    return rows


def prepared(facts: Sequence[Known]) -> PreparedCube:
    """What facts add to the cube."""
    return prepare_cube(CUBE, cast("Sequence[Recorded]", facts))


def coarse(key: Key, fields: View) -> Key:
    """A key with nothing but the fields of a grouping."""
    return Key(**{field: getattr(key, field) for field in (*fields, *ALWAYS)})


def random_window(rng: random.Random, upto: int) -> Window:
    """Any months, any position, any day or none."""
    first, last = sorted(rng.choices(PERIODS, k=2))
    return Window(first, last, rng.randint(0, upto), rng.choice(DAYS))


def reader(connection: Connection, upto: int, memory: CubeMemory | None = None) -> CubeReader:
    """The cube numbered 1 in a transaction, by default with nothing remembered."""
    return CubeReader(memory or CubeMemory(CUBE, 1, Bounded(0)), connection, upto)


def agree(found: CubeReader, rows: list[Row], rng: random.Random, upto: int) -> None:
    """Ask for sums and entries of random windows and compare them with the rows."""
    fields, window = rng.choice(GROUPINGS), random_window(rng, upto)
    totals, keys = found.totals(fields, window), found.space(fields).keys
    place = {key: n for n, key in enumerate(keys)}
    expected = [0] * len(keys)
    for row in rows:
        if row.within(window):
            expected[place[coarse(row.key, fields)]] += row.amount
    assert totals.tolist() == expected, (window, fields)
    beside = rng.choice((None, random_window(rng, upto), window._replace(kand=window.kand // 2)))
    if window.until and rng.random() < 0.5:
        beside = window._replace(until=20240310)
    wanted = None if rng.random() < 0.4 else np.array([rng.random() < 0.1 for _ in keys], np.bool_)
    entries = found.columns(fields, window, beside=beside, wanted=wanted)
    cells = ((place[coarse(row.key, fields)], row) for row in rows)
    counted = [
        (cell, row.day, row.position, row.amount)
        for cell, row in cells
        if row.within(window) and not (beside and row.within(beside)) and (wanted is None or wanted[cell])
    ]
    assert list(zip(*(column.tolist() for column in entries), strict=True)) == counted, (window, beside, fields)
    runs = found.runs(fields, window, beside=beside, wanted=wanted)
    assert len(runs) <= 2
    assert all((np.diff(run.position) >= 0).all() for run in runs)
    apart = [row for run in runs for row in zip(*(column.tolist() for column in run), strict=True)]
    assert sorted(apart) == sorted(counted), (window, beside, fields)


def stored(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored of cubes."""
    return {
        table.name: [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in CUBE_TABLES
    }
