"""A cube holds what facts say: in small pieces, so that every kind of piece is written and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, Table, select, tuple_, update

from ledger.reporting.bokforing import BOKFORT
from ledger.reporting.entry import Entry, Key
from ledger.reporting.material import INVESTERINGSUTFALL, UTFALL
from ledger.reporting.stored import cube_sizes
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.cube_cells import Numbering
from ledger.reporting.stored.cube_digest import CubeFold, check_vectors, cube_digest
from ledger.reporting.stored.cube_memory import CubeMemory
from ledger.reporting.stored.cube_preparing import posted_columns, prepare_cube, prepare_postings
from ledger.reporting.stored.cube_tables import Tables
from ledger.reporting.stored.cube_writing import CubeStore
from ledger.reporting.stored.schema import CUBE_CHECKPOINT, CUBE_SUM, create_tables, open_database, writer
from tests.oracle.generator import random_facts as facts_of_a_town
from tests.reporting.cubes import CUBE, SMALL, Known, agree, dice, prepared, random_facts, reader, rows_of, stored
from tests.reporting.memory_log import MemoryLog


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = open_database(database_url)
    create_tables(made)
    yield made
    made.dispose()


def write(engine: Engine, store: CubeStore, facts: Sequence[Known]) -> None:
    with writer(engine).begin() as connection:
        store.write(connection, prepared(facts), facts[-1].position)


def all_agree(connection: Connection) -> bool:
    """Whether the sums that are kept ahead agree with the entries, in every view."""
    return all(check_vectors(connection, CUBE, 1, view) for view in range(len(CUBE.views)))


@pytest.mark.parametrize("seed", range(6))
def test_any_window_says_what_the_entries_say(engine: Engine, seed: int) -> None:
    rng = dice(seed)
    facts = random_facts(seed, rng.choice((3, 60, 400)), crooked=seed % 3 == 1, huge=seed % 3 == 2)
    store, memory, done = CubeStore(CUBE, 1), CubeMemory(CUBE, 1, Bounded(100_000)), 0
    while done < len(facts):
        page = facts[done : done + rng.choice((1, 1, 2, 5, 40, 200))]
        done += len(page)
        if rng.random() < 0.2:
            store = CubeStore(CUBE, 1)  # as after a restart
        write(engine, store, page)
        rows, upto = rows_of(facts[:done]), page[-1].position
        with engine.connect() as connection:
            for _ in range(4):
                agree(reader(connection, upto, rng.choice((memory, memory, None))), rows, rng, upto)
            assert all_agree(connection)


def test_months_that_no_entry_is_of_are_read_from_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = random_facts(1, 200)
    write(engine, CubeStore(CUBE, 1), facts)
    memory, upto = CubeMemory(CUBE, 1, Bounded(0)), facts[-1].position
    with engine.connect() as connection:
        found = reader(connection, upto, memory)
        monkeypatch.setattr(memory, "chunks", lambda *_: pytest.fail("read"))
        for first, last in ((202201, 202212), (202501, 202512)):
            assert len(found.columns(("ansvar",), Window(first, last, upto, None)).cell) == 0
        with pytest.raises(pytest.fail.Exception):
            found.columns(("ansvar",), Window(202401, 202412, upto, None))


def test_how_much_is_written_at_a_time_changes_no_byte(engine: Engine) -> None:
    facts = random_facts(7, 500)
    whole = open_database("sqlite://")
    create_tables(whole)
    write(whole, CubeStore(CUBE, 1), facts)
    rng, done = dice(7), 0
    while done < len(facts):
        page = facts[done : done + rng.choice((1, 3, 30))]
        done += len(page)
        write(engine, CubeStore(CUBE, 1), page)
    # The entries after the last chunk lie as they came.
    with engine.connect() as paged, whole.connect() as at_once:
        found, expected = stored(paged), stored(at_once)
        assert all(expected.values())
        del found["cube_tail"], expected["cube_tail"]
        assert found == expected
        upto = facts[-1].position
        assert cube_digest(paged, CUBE, 1, upto) == cube_digest(at_once, CUBE, 1, upto)
    whole.dispose()


def test_the_write_that_fills_a_chunk_reads_no_more_than_the_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cube_sizes, "SIZES", replace(SMALL, chunk=64))
    facts, store = random_facts(14, 700), CubeStore(CUBE, 1)
    write(engine, CubeStore(CUBE, 1), facts[:600])
    with engine.connect() as connection:
        store.get_ready(connection)
    asked: list[object] = []

    def counted(ask: Any) -> Any:
        def heard(*given: Any) -> Any:
            asked.append(given)
            return ask(*given)

        return heard

    for name in ("rows", "pieces"):
        monkeypatch.setattr(Tables, name, counted(getattr(Tables, name)))
    counts = []
    for fact in facts[600:]:
        asked.clear()
        write(engine, store, [fact])
        counts.append(len(asked))
    # Every write asks how far all has come; the first chunk is full after ten.
    reads = [count - 1 for count in counts]
    assert sum(reads) > 60
    assert max(reads) < sum(reads) / 3
    assert not any(reads[20:])
    with engine.connect() as connection:
        assert all_agree(connection)


def test_what_is_rolled_back_never_was(engine: Engine) -> None:
    facts = random_facts(8, 200)
    write(engine, CubeStore(CUBE, 1), facts[:100])
    with engine.connect() as connection:
        before = stored(connection)
    with writer(engine).connect() as connection:
        CubeStore(CUBE, 1).write(connection, prepared(facts[100:]), facts[-1].position)
        assert stored(connection) != before
        connection.rollback()
    with engine.connect() as connection:
        assert stored(connection) == before
    write(engine, CubeStore(CUBE, 1), facts[100:])
    with engine.connect() as connection:
        agree(reader(connection, facts[-1].position), rows_of(facts), dice(8), facts[-1].position)


def test_stores_of_two_processes_take_turns(engine: Engine) -> None:
    facts, stores = random_facts(9, 300), (CubeStore(CUBE, 1), CubeStore(CUBE, 1))
    for n in range(0, 300, 10):
        write(engine, stores[n // 10 % 3 % 2], facts[n : n + 10])
    fold = CubeFold()
    fold.add(prepared(facts))
    with engine.connect() as connection:
        assert cube_digest(connection, CUBE, 1, facts[-1].position) == fold.result()
        assert all_agree(connection)


def test_a_question_that_began_earlier_sees_what_was_there(engine: Engine) -> None:
    facts, memory, store = random_facts(10, 400), CubeMemory(CUBE, 1, Bounded(0)), CubeStore(CUBE, 1)
    rng, early = dice(10), facts[202].position
    write(engine, store, facts[:203])
    with engine.connect() as old:
        old.execute(select(CUBE_CHECKPOINT.c.e).limit(1))  # from here on it sees no more
        # More states than are remembered, so that the old one is read anew.
        for n in range(203, 400, 10):
            write(engine, store, facts[n : n + 10])
            upto = facts[min(n + 9, 399)].position
            with engine.connect() as connection:
                agree(reader(connection, upto, memory), rows_of(facts[: n + 10]), rng, upto)
            agree(reader(old, early, memory), rows_of(facts[:203]), rng, early)


def test_the_digest_tells_every_difference() -> None:
    key, day = Key("A", "1", "3", "kostnad"), date(2024, 3, 31)
    facts = [
        Known(5, [Entry(key, 202403, day, 100), Entry(key, 202402, day, 50)]),
        Known(6, [Entry(key, 202403, day, 1)]),
    ]
    others = [
        [Known(5, [Entry(key._replace(handelse="x"), 202403, day, 100), *facts[0].fact[1:]]), facts[1]],
        [Known(5, [Entry(key._replace(konto=None), 202403, day, 100), *facts[0].fact[1:]]), facts[1]],
        [Known(5, [Entry(key, 202404, day, 100), *facts[0].fact[1:]]), facts[1]],
        [Known(5, [Entry(key, 202403, date(2024, 3, 30), 100), *facts[0].fact[1:]]), facts[1]],
        [Known(5, [Entry(key, 202403, day, 101), *facts[0].fact[1:]]), facts[1]],
        [Known(5, facts[0].fact[::-1]), facts[1]],
        [facts[0], Known(7, facts[1].fact)],
        facts[:1],
    ]
    results = []
    for said in (facts, *others):
        fold = CubeFold()
        fold.add(prepared(said))
        results.append(fold.result())
    assert results[0][0] == 3
    assert len(set(results)) == len(results)


def test_the_digest_to_a_position_is_that_of_the_facts_so_far(engine: Engine) -> None:
    facts = random_facts(12, 300)
    write(engine, CubeStore(CUBE, 1), facts)
    with engine.connect() as connection:
        for count in (0, 1, 77, 250, 300):
            fold = CubeFold()
            for n in range(0, count, 50):
                fold.add(prepared(facts[n : min(n + 50, count)]))
            upto = facts[count - 1].position if count else 0
            assert cube_digest(connection, CUBE, 1, upto) == fold.result()


@pytest.mark.parametrize("table", [CUBE_CHECKPOINT, CUBE_SUM], ids=lambda table: str(table.name))
def test_sums_that_were_tampered_with_are_found(engine: Engine, table: Table) -> None:
    write(engine, CubeStore(CUBE, 1), random_facts(13, 300))
    with writer(engine).begin() as connection:
        assert all_agree(connection)
        last = connection.execute(select(*table.primary_key.columns).order_by(*reversed(table.primary_key.columns)))
        here = tuple_(*table.primary_key.columns) == tuple(last.all()[-1])
        data = connection.execute(select(table.c.data).where(here)).scalar_one()
        # The last amount, a little more or less.
        connection.execute(update(table).where(here).values(data=data[:-4] + bytes([data[-4] ^ 1]) + data[-3:]))
        assert not all_agree(connection)


def test_posted_rows_become_what_their_facts_become() -> None:
    log = MemoryLog(facts_of_a_town(5, 400))
    for cube in (UTFALL, INVESTERINGSUTFALL, BOKFORT):
        of_facts, of_rows = prepare_cube(cube, log.read()), prepare_postings(cube, posted_columns(log.read_postings()))
        assert of_facts.codes == of_rows.codes
        assert of_facts.rows.tolist() == of_rows.rows.tolist()
        assert [column.tolist() for column in of_facts.columns] == [column.tolist() for column in of_rows.columns]
        assert of_facts.columns.size


def test_amounts_beyond_64_bits_are_summed_whole(engine: Engine) -> None:
    key, day, largest = Key("A", slag="kostnad"), date(2024, 3, 1), 2**53 - 1
    facts = [Known(n, [Entry(key, 202403, day, largest)] * 600) for n in range(1, 5)]
    write(engine, CubeStore(CUBE, 1), facts)
    with engine.connect() as connection:
        found = reader(connection, 4)
        for kand in (1, 2, 4):
            window = Window(202401, 202412, kand, None)
            assert found.totals(("ansvar",), window).tolist() == [600 * kand * largest]
            assert sum(found.columns(("ansvar",), window).amount.tolist()) == 600 * kand * largest


def test_more_codes_than_fit_in_one_number_are_numbered_alike() -> None:
    rng, seen, numbering = dice(14), cast("dict[tuple[Any, ...], int]", {}), Numbering()
    for _ in range(4):
        keys = list(dict.fromkeys(tuple(f"{rng.randrange(3000)}" for _ in range(6)) for _ in range(3000)))
        keys += rng.sample([key for key in seen if key not in set(keys)], min(len(seen), 500))
        codes = [[None, *dict.fromkeys(told)] for told in zip(*keys, strict=True)]
        place = [{code: n for n, code in enumerate(told)} for told in codes]
        rows = np.array([[place[f][code] for f, code in enumerate(key)] for key in keys], np.int32)
        numbers, new = numbering.number(codes, rows)
        before = len(seen)
        assert numbers.tolist() == [seen.setdefault(key, len(seen)) for key in keys]
        assert len(new) == len(seen) - before
    assert sum(len(codes).bit_length() for codes in numbering.codes) > 62


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    remembered: Bounded[str] = Bounded(100)
    for name in "abc":
        remembered.put(name, name.upper(), 40)
    assert [remembered.peek(name) for name in "abc"] == [None, "B", "C"]
    remembered.peek("b")
    remembered.put("d", "D", 40)
    remembered.put("e", "E", 101)
    assert [remembered.peek(name) for name in "bcde"] == ["B", None, "D", None]
