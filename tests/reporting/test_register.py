"""Registers: what is known at a position, in the order in which it was said, however it was written."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from ledger.domain.events import KontoDefined, PrognosSubmitted, RegistreringCorrected
from ledger.domain.fact import Fact
from ledger.domain.rader import Prognosrad
from ledger.reporting.material import PROGNOS
from ledger.reporting.projection import Asking, Listrad, Report, listed
from ledger.reporting.stored.register import NEVER, RegisterReader
from ledger.reporting.stored.register_digest import RowsFold, rows_digest
from ledger.reporting.stored.register_writing import RegisterStore, prepare_register
from ledger.reporting.stored.schema import create_tables, open_database, writer
from tests.reporting.asking import Desk
from tests.reporting.memory_log import MemoryLog

NUMBER = 7
YEARS = ("2023", "2024", "2025")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    create_tables(engine)
    yield engine
    engine.dispose()


def forecast(chance: random.Random) -> PrognosSubmitted:
    rows = tuple(Prognosrad("kostnad", chance.randint(1, 99)) for _ in range(chance.randint(1, 3)))
    return PrognosSubmitted(date(2024, chance.randint(1, 12), 1), int(chance.choice(YEARS)), "EKON", rows)


def random_log(seed: int, count: int) -> MemoryLog:
    """Forecasts, corrections of them and of corrections, and facts that tell the register nothing."""
    chance, facts = random.Random(seed), list[Fact]()  # noqa: S311 - seeded facts, no secret
    standing: dict[int, Fact] = {}
    for position in range(1, count + 1):
        choice = chance.random()
        if choice < 0.2:
            facts.append(KontoDefined("5010", "Löner", "kostnad", date(2024, 1, 1)))
        elif choice < 0.6 or not standing:
            facts.append(forecast(chance))
            standing[position] = facts[-1]
        else:
            wrong = chance.choice(list(standing))
            right = forecast(chance) if chance.random() < 0.7 else None
            facts.append(RegistreringCorrected(wrong, standing.pop(wrong), right))
            if right:
                standing[position] = right
    return MemoryLog(facts)


@dataclass
class Told:
    """One row of the plain register that the real one is held against."""

    position: int
    order: int
    n: int
    key: str
    row: Any
    ceased: int = NEVER


def plain(log: MemoryLog, upto: int) -> list[Told]:
    told: list[Told] = []
    order_of: dict[int, int] = {}
    for recorded in log.read(0, upto=upto):
        fact: Fact | None = recorded.fact
        order, first = recorded.position, 0
        if isinstance(fact, RegistreringCorrected):
            for row in told:
                if row.position == fact.rattar:
                    row.ceased = recorded.position
            order = order_of[recorded.position] = order_of.get(fact.rattar, fact.rattar)
            fact, first = fact.ratt, 1
        for n, said in enumerate(PROGNOS.rows(fact) if fact else (), first):
            told.append(Told(recorded.position, order, n, said.key, said.row))
    return told


def write(engine: Engine, log: MemoryLog, ends: Sequence[int], after: int = 0) -> None:
    """Write to each of these positions in a transaction of its own, every third time as a process begun anew."""
    store = RegisterStore(NUMBER)
    for number, end in enumerate(ends):
        store = RegisterStore(NUMBER) if number % 3 == 0 else store
        with writer(engine).begin() as connection:
            store.write(connection, prepare_register(PROGNOS, log.read(after, upto=end)), end)
        after = end


def agree(reader: RegisterReader, told: Sequence[Told], kands: Sequence[int]) -> None:
    assert reader.all_keys() == list(dict.fromkeys(one.key for one in told))
    changed = sorted({one.position for one in told} | {one.ceased for one in told if one.ceased != NEVER})
    for kand in kands:
        for key in YEARS:
            known = [one for one in told if one.key == key and one.position <= kand < one.ceased]
            expected = [(one.position, one.n, one.row) for one in sorted(known, key=lambda one: (one.order, one.n))]
            assert [(held.position, held.n, held.row) for held in reader.rows(key, kand)] == expected
            ever = [one.row for one in told if one.key == key and one.position <= kand]
            assert [held.row for held in reader.ever(key, kand)] == ever
        assert reader.last_change(kand) == max((at for at in changed if at <= kand), default=0)
        assert reader.changes(kand // 2, kand) == [at for at in changed if kand // 2 < at <= kand]


@pytest.mark.parametrize("seed", range(4))
def test_a_register_knows_at_every_position_what_a_plain_list_knows(engine: Engine, seed: int) -> None:
    count, chance = 120, random.Random(seed)  # noqa: S311 - seeded facts, no secret
    log = random_log(seed, count)
    ends = sorted({*chance.sample(range(1, count), 25), count})
    reader, after = RegisterReader(PROGNOS, NUMBER), 0
    for part in (ends[:10], ends[10:]):
        write(engine, log, part, after)
        after = part[-1]
        with engine.connect() as connection:
            reader.extend(connection, part[-1])
        agree(reader, plain(log, part[-1]), range(0, part[-1] + 1, 3))
    fresh = RegisterReader(PROGNOS, NUMBER)
    with engine.connect() as connection:
        fresh.extend(connection, count)
    agree(fresh, plain(log, count), range(0, count + 1, 7))


def test_columns_grow_with_their_rows(engine: Engine) -> None:
    log, reader = random_log(3, 400), RegisterReader(PROGNOS, NUMBER)
    write(engine, log, [40])
    with engine.connect() as connection:
        reader.extend(connection, 40)
    column = reader.column("2024")
    first = [held.row for held in column.held]
    write(engine, log, [400], after=40)
    with engine.connect() as connection:
        reader.extend(connection, 400)
    assert reader.column("2024") is column
    assert [held.row for held in column.held[: len(first)]] == first
    told = [one for one in plain(log, 400) if one.key == "2024"]
    assert column.positions.tolist() == [one.position for one in told]
    assert column.ceased.tolist() == [one.ceased for one in told]
    assert column.order.tolist() == [one.order for one in told]
    known = np.flatnonzero((column.positions <= 300) & (column.ceased > 300))
    assert {column.held[place].position for place in known} == {held.position for held in reader.rows("2024", 300)}


def test_rows_of_a_key_that_nobody_asks_for_are_not_made(engine: Engine) -> None:
    write(engine, random_log(1, 60), [60])
    with writer(engine).begin() as connection:
        connection.execute(text("UPDATE register_piece SET data = 'no rows' WHERE key = '2023'"))
    reader = RegisterReader(PROGNOS, NUMBER)
    with engine.connect() as connection:
        reader.extend(connection, 60)
    assert reader.rows("2024", 60)
    with pytest.raises(ValueError, match="JSON"):
        reader.rows("2023", 60)


def test_a_report_lists_the_rows_of_a_register_that_count() -> None:
    def listing(asking: Asking) -> Iterator[Listrad]:
        for key, row in asking.rows(PROGNOS):
            yield Listrad(f"{key}.{row.belopp_ore}", row.ansvar)

    report = Report("prov", "Prov", columns=(listed("text", "Text"),), listing=listing)
    log = random_log(4, 80)
    desk = Desk([recorded.fact for recorded in log.read()], reports=[report])
    for kand in (0, 40, 80):
        told = [one for one in plain(log, kand) if one.ceased > kand]
        keys = dict.fromkeys(one.key for one in plain(log, 80))
        said = [one for key in keys for one in sorted(told, key=lambda one: (one.order, one.n)) if one.key == key]
        expected = [f"{one.key}.{one.row.belopp_ore}" for one in said]
        assert [row.nyckel for row in desk.ask("prov", kand=f"@{kand}").rader] == expected


def test_the_digest_does_not_depend_on_how_a_register_was_written(engine: Engine) -> None:
    log = random_log(5, 100)
    write(engine, log, range(1, 101))
    for upto in (0, 1, 50, 100):
        fold = RowsFold(PROGNOS)
        for after in range(0, upto, 30):
            fold.add(prepare_register(PROGNOS, log.read(after, upto=min(after + 30, upto))))
        with engine.connect() as connection:
            assert rows_digest(connection, PROGNOS, NUMBER, upto) == fold.result()


def test_a_write_that_is_taken_back_leaves_nothing(engine: Engine) -> None:
    log = random_log(2, 50)
    with writer(engine).connect() as connection:
        RegisterStore(NUMBER).write(connection, prepare_register(PROGNOS, log.read()), 50)
        connection.rollback()
    reader = RegisterReader(PROGNOS, NUMBER)
    with engine.connect() as connection:
        reader.extend(connection, 50)
    assert reader.all_keys() == []
