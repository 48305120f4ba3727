"""The pieces of a cube are fetched together, ahead of questions where that is wanted, and added up exactly."""

from __future__ import annotations

import ctypes
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import Engine

from ledger.reporting.entry import Key
from ledger.reporting.explaining.shares import begins, sums
from ledger.reporting.stored import room
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.cube_memory import CubeMemory
from ledger.reporting.stored.cube_tables import Tables, Wanted
from ledger.reporting.stored.cube_writing import CubeStore
from ledger.reporting.stored.schema import create_tables, open_database, writer
from ledger.reporting.stored.snapshot import Memory
from tests.reporting.cubes import CUBE, SMALL, agree, coarse, dice, prepared, random_facts, reader, rows_of

ROOM = 10_000_000


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.reporting.stored.cube_sizes.SIZES", SMALL)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = open_database(database_url)
    create_tables(made)
    yield made
    made.dispose()


def test_what_a_sum_lacks_is_asked_for_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = random_facts(3, 400)
    with writer(engine).begin() as connection:
        CubeStore(CUBE, 1).write(connection, prepared(facts), facts[-1].position)
    memory, asked = CubeMemory(CUBE, 1, Bounded(ROOM)), list[Wanted]()
    pieces = Tables.pieces

    def heard(tables: Tables, material: int, wanted: Wanted) -> object:
        asked.append(wanted)
        return pieces(tables, material, wanted)

    monkeypatch.setattr(Tables, "pieces", heard)
    window = Window(202402, 202411, facts[350].position, None)
    with engine.connect() as connection:
        found = reader(connection, facts[-1].position, memory)
        first = found.totals(("ansvar",), window).tolist()
        (wanted,) = asked
        assert wanted.chunks
        assert wanted.sums
        assert len(wanted.vectors) == 2
        assert found.totals(("ansvar",), window).tolist() == first
        assert len(asked) == 1
        # One that lies before needs fewer, and only those are asked for.
        found.totals(("ansvar",), window._replace(kand=facts[300].position))
    assert not set(asked[-1].sums) & set(wanted.sums)


def test_who_has_read_in_asks_the_database_for_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = random_facts(4, 900)
    with writer(engine).begin() as connection:
        CubeStore(CUBE, 1).write(connection, prepared(facts), facts[-1].position)
    memory, upto = CubeMemory(CUBE, 1, Bounded(ROOM)), facts[-1].position
    with engine.connect() as connection:
        found, steps = reader(connection, upto, memory), 0
        for entries in (False, True):
            before = None
            while before != 0:
                before, steps = found.read_in(before, entries=entries), steps + 1
        assert steps > 2
        monkeypatch.setattr(Tables, "pieces", lambda *_: pytest.fail("asked"))
        for fields in CUBE.views:
            for kand in range(1, upto, 7):
                found.totals(fields, Window(202401, 202409, kand, None))
        monkeypatch.undo()
        monkeypatch.setattr("ledger.reporting.stored.cube_sizes.SIZES", SMALL)
        agree(found, rows_of(facts), dice(4), upto)


@pytest.mark.parametrize("few", [1, 2, 99])
def test_a_sum_is_exact_wherever_in_a_chunk_its_position_lies(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    # Every chunk has its sums, one does, none does; and there are some between checkpoints.
    monkeypatch.setattr("ledger.reporting.stored.cube_sizes.SIZES", replace(SMALL, chunk=64, step=300, sums=few))
    facts = random_facts(5, 200)
    rows, upto = rows_of(facts), facts[-1].position
    with writer(engine).begin() as connection:
        CubeStore(CUBE, 1).write(connection, prepared(facts), upto)
    memory = CubeMemory(CUBE, 1, Bounded(ROOM))
    with engine.connect() as connection:
        found = reader(connection, upto, memory)
        keys, expected, known = found.space(("ansvar",)).keys, Counter[Key](), deque(rows)
        for kand in range(upto + 1):
            window = Window(202401, 202407, kand, None)
            while known and known[0].position <= kand:
                row = known.popleft()
                expected[coarse(row.key, ("ansvar",))] += row.amount if row.within(window) else 0
            assert found.totals(("ansvar",), window).tolist() == [expected[key] for key in keys], kand


def test_a_ledger_without_a_read_model_has_nothing_to_read_in(engine: Engine) -> None:
    assert list(Memory(engine).read_in([CUBE])) == [None, None]


@pytest.mark.parametrize("large", [1, 2**40, 2**62])
def test_runs_are_summed_exactly(large: int) -> None:
    rng = np.random.default_rng(large)
    line = np.sort(rng.integers(0, 40, 300))
    amount = rng.integers(-large, large, 300)
    told = [sum(map(int, amount[line == n])) for n in np.unique(line)]
    assert sums(amount, begins(line)).tolist() == told


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="another C library")
def test_a_c_library_that_can_be_told_is_told() -> None:
    assert room.keep_room() is hasattr(ctypes.CDLL(None), "mallopt")
