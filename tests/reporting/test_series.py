"""Series: which numbers are missing, in what was known at a position and of what is dated within limits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import pytest
from sqlalchemy import Engine, text

from ledger.domain.events import VerifikationPosted
from ledger.domain.fact import Fact
from ledger.reporting.entry import Numbered, Series
from ledger.reporting.stored import series as reading
from ledger.reporting.stored.packed import pack, unpack, whole
from ledger.reporting.stored.register_digest import CONTRADICTION, RowsFold, rows_digest
from ledger.reporting.stored.runs import NONE, Runs, united
from ledger.reporting.stored.schema import create_tables, open_database, writer
from ledger.reporting.stored.series import SeriesReader, SeriesStore, Within
from ledger.reporting.stored.series_writing import pack_runs, prepare_series, unpack_runs
from tests.reporting.asking import Desk
from tests.reporting.memory_log import MemoryLog
from tests.reporting.town import TOWN, verifikation

NUMBER: Final = 7
SIZE: Final = 16
COUNT: Final = 200
#: More than any machine word holds.
ENORMOUS: Final = 10**30


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    create_tables(engine)
    yield engine
    engine.dispose()


def numbers(fact: Fact) -> Iterator[Numbered]:
    """The number of a voucher in its serie and year, and twice that of every seventh."""
    assert isinstance(fact, VerifikationPosted)
    number = int(fact.vernr)
    key = f"{fact.bokforingsdatum.year}/{fact.serie}"
    for one in (number, 2 * number) if number % 7 == 0 else (number,):
        yield Numbered(key, one, fact.bokforingsdatum)


NUMBERS: Final = Series("prov", numbers)


def random_log(seed: int, count: int = COUNT) -> MemoryLog:
    """Vouchers of two series, most of them in order, some backdated, some enormous, some numbers used twice."""
    chance, newest, facts = random.Random(seed), {"A": 0, "B": 5}, []  # noqa: S311 - seeded facts, no secret
    for at in range(count):
        serie = chance.choice("AAB")
        newest[serie] += chance.choice((1, 1, 1, 1, 2, 3))
        number = newest[serie] if chance.random() < 0.9 else chance.randint(1, newest[serie])
        year = 2023 + at // 90 - (chance.random() < 0.1)
        day = f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        facts.append(verifikation(day, number if chance.random() < 0.97 else ENORMOUS + number, "EKON", 1, serie=serie))
    return MemoryLog(facts)


def write(engine: Engine, log: MemoryLog, ends: Sequence[int], after: int = 0) -> None:
    """Write to each of these positions in a transaction of its own, every third time as a process begun anew."""
    store = SeriesStore(NUMBER, SIZE)
    for number, end in enumerate(ends):
        store = SeriesStore(NUMBER, SIZE) if number % 3 == 0 else store
        with writer(engine).begin() as connection:
            store.write(connection, prepare_series(NUMBERS, log.read(after, upto=end)), end)
        after = end


def plain(log: MemoryLog, within: Within) -> dict[str, list[tuple[int, int]]]:
    """What is missing, worked out with sets."""
    held: dict[str, set[int]] = {}
    for recorded in log.read(0, upto=within.kand):
        for key, number, day in numbers(recorded.fact):
            if within.first <= day.year * 10000 + day.month * 100 + day.day <= within.last:
                held.setdefault(key, set()).add(number)
    ordered = {key: sorted(held[key]) for key in sorted(held)}
    return {key: [(a + 1, b - 1) for a, b in pairwise(found) if b > a + 1] for key, found in ordered.items()}


def gaps(reader: SeriesReader, engine: Engine, within: Within) -> dict[str, list[tuple[int, int]]]:
    with engine.connect() as connection:
        found = reader.runs(connection, within)
    assert list(found) == sorted(found)
    return {key: runs.gaps() for key, runs in found.items()}


def questions(seed: int, count: int) -> Iterator[Within]:
    chance = random.Random(seed)  # noqa: S311 - seeded facts, no secret
    for _ in range(count):
        year = chance.choice((2022, 2023, 2024, 2025))
        first, last = sorted((chance.randint(20220101, 20251231), chance.randint(20220101, 20251231)))
        limits = chance.choice([(), (), (year * 10000, year * 10000 + 1231), (0, last), (first, last)])
        yield Within(chance.choice((COUNT, chance.randint(0, COUNT))), *limits)


@pytest.mark.parametrize("ends", [[COUNT], [1, 15, 16, 17, 90, 192, 200], range(1, COUNT + 1)])
@pytest.mark.parametrize("few", [0, 64])
def test_what_is_missing_is_what_sets_say(
    engine: Engine, ends: Sequence[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FEW_RUNS", few)
    log, reader = random_log(len(ends)), SeriesReader(NUMBER, SIZE)
    write(engine, log, ends)
    for within in questions(len(ends), 60):
        assert gaps(reader, engine, within) == plain(log, within), within


def test_a_reader_finds_what_is_written_after_it_was_asked(engine: Engine) -> None:
    log, reader, after = random_log(8), SeriesReader(NUMBER, SIZE), 0
    for end in (1, 2, 15, 16, 17, 100, 101, 200):
        write(engine, log, [end], after)
        after = end
        for within in (Within(end), Within(end // 2), Within(end, 20230301)):
            assert gaps(reader, engine, within) == plain(log, within)


def test_the_ordinary_question_begins_with_runs_that_are_kept(engine: Engine) -> None:
    log = random_log(9)
    write(engine, log, [COUNT])
    with writer(engine).begin() as connection:
        connection.execute(text("UPDATE log_block SET data = '' WHERE block < 8"))
    within = Within(8 * SIZE + 5)
    assert gaps(SeriesReader(NUMBER, SIZE), engine, within) == plain(log, within)


def test_many_runs_are_kept_seldom(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FEW_RUNS", 0)
    log = MemoryLog([verifikation("2024-01-31", 2 * number, "EKON", 1) for number in range(1, 1001)])
    write(engine, log, [1000])
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT sum(length(kept)) FROM log_block")).scalar_one()
        columns = connection.execute(text("SELECT sum(length(data)) FROM log_block")).scalar_one()
    assert 0 < kept < 3 * columns
    assert gaps(SeriesReader(NUMBER, SIZE), engine, Within(1000)) == plain(log, Within(1000))


def test_the_digest_does_not_depend_on_how_a_series_was_written(engine: Engine) -> None:
    log = random_log(5)
    write(engine, log, [1, 2, 50, 51, 60, 110, 200])
    for upto in (0, 1, 16, 55, 199, 200):
        fold = RowsFold(NUMBERS)
        for after in range(0, upto, 30):
            fold.add(prepare_series(NUMBERS, log.read(after, upto=min(after + 30, upto))))
        with engine.connect() as connection:
            assert rows_digest(connection, NUMBERS, NUMBER, upto, size=SIZE) == fold.result()


def test_runs_that_are_kept_wrongly_show_in_the_digest(engine: Engine) -> None:
    write(engine, random_log(5), [COUNT])
    with writer(engine).begin() as connection:
        (right, *rest) = unpack_runs(
            connection.execute(text("SELECT kept FROM log_block WHERE block = 3")).scalar_one()
        )
        wrong = pack_runs([Runs(right.firsts, right.lasts + 1), *rest])
        connection.execute(text("UPDATE log_block SET kept = :kept WHERE block = 3"), {"kept": wrong})
    with engine.connect() as connection:
        assert rows_digest(connection, NUMBERS, NUMBER, COUNT, size=SIZE)[1] == CONTRADICTION


def test_a_write_that_is_taken_back_leaves_nothing(engine: Engine) -> None:
    log = random_log(6)
    write(engine, log, [40])
    with writer(engine).connect() as connection:
        SeriesStore(NUMBER, SIZE).write(connection, prepare_series(NUMBERS, log.read(40)), COUNT)
        connection.rollback()
    assert gaps(SeriesReader(NUMBER, SIZE), engine, Within(COUNT)) == plain(log, Within(40))


def test_gaps_of_a_report_are_those_known_and_dated_as_asked_for() -> None:
    vouchers = [
        verifikation("2024-01-15", 1, "EKON", 1),
        verifikation("2024-05-15", 3, "EKON", 1),
        verifikation("2024-03-15", 2, "EKON", 1),
        verifikation("2024-04-15", ENORMOUS, "EKON", 1),
    ]
    desk = Desk([*TOWN, *vouchers])

    def names(**parameters: object) -> list[str]:
        rows = desk.ask("behandlingshistorik", lista="luckor", **parameters).rader[1:]
        return [row.namn.rpartition(": ")[2] for row in rows]

    assert names(kand="@11") == ["nummer 2 saknas"]
    assert names(kand="@12") == []
    assert names(ar=2024, tom=3) == []
    assert names(ar=2023) == []
    assert names(beslutad="2024-04-30") == [f"nummer 3–{ENORMOUS - 1} saknas"]
    assert names() == [f"nummer 4–{ENORMOUS - 1} saknas"]


def test_columns_of_any_size_come_back_as_they_were() -> None:
    columns = [[], [0], [5, 5, 5], [-3, 250, 252], [1, 2**40], [-(2**61), 2**61], [ENORMOUS, -ENORMOUS, 0]]
    assert [column.tolist() for column in unpack(pack(*map(whole, columns)))] == columns


def test_runs_that_touch_are_one() -> None:
    two = Runs(whole([1, 7]), whole([3, 9]))
    assert united(two, Runs(whole([4, 11, 8]), whole([5, 12, 8]))).gaps() == [(6, 6), (10, 10)]
    assert united(two, Runs(whole([ENORMOUS]), whole([ENORMOUS]))).gaps() == [(4, 6), (10, ENORMOUS - 1)]
    assert united(NONE, NONE).gaps() == []


def test_the_day_of_a_number_is_its_own() -> None:
    piece = prepare_series(NUMBERS, MemoryLog([verifikation("2024-02-29", 3, "EKON", 1)]).read())
    assert (piece.keys.table, piece.numbers, piece.days) == (["2024/A"], [3], [20240229])
