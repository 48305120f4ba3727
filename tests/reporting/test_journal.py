"""Journals: the facts that are asked for, newest first, however they were written and wherever blocks end."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import pytest
from sqlalchemy import Engine, text

from ledger.domain.events import ProgramChanged
from ledger.reporting.entry import Journal, Tagged
from ledger.reporting.log import Recorded
from ledger.reporting.stored.journal import JournalReader, Wanted
from ledger.reporting.stored.journal_writing import JournalStore, prepare_journal
from ledger.reporting.stored.register_digest import CONTRADICTION, RowsFold, rows_digest
from ledger.reporting.stored.schema import create_tables, open_database, writer
from tests.reporting.memory_log import BEGINNING
from tests.reporting.memory_log import Recorded as Noted

NUMBER: Final = 7
SIZE: Final = 16
COUNT: Final = 150
KINDS: Final = ("typ=a", "typ=b", "vem=a-1", "vem=a-2", "sen")
UNITS: Final = ("EKON", "HR", "NA", "SKOLA")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    create_tables(engine)
    yield engine
    engine.dispose()


class Town:
    """A log of facts that are tagged at random, some positions missing, and a journal of it."""

    def __init__(self, seed: int, count: int = COUNT) -> None:
        chance = random.Random(seed)  # noqa: S311 - seeded facts, no secret
        fact = ProgramChanged("1")
        present = [position for position in range(1, count + 1) if position == count or chance.random() < 0.9]
        self.log = [Noted(position, BEGINNING, fact.name, "a-1", None, fact) for position in present]
        self.told = {position: self._tagged(chance) for position in present}
        self.journal = Journal("prov", lambda recorded: self.told[recorded.position])

    def _tagged(self, chance: random.Random) -> Tagged:
        day = date(2024, chance.randint(1, 12), chance.randint(1, 28)) if chance.random() < 0.8 else None
        tags = tuple(chance.sample(KINDS, chance.randint(0, 3)))
        return Tagged(day, tags, tuple(sorted(chance.sample(UNITS, chance.randint(0, 2)))))

    def page(self, after: int, upto: int) -> list[Recorded]:
        return [recorded for recorded in self.log if after < recorded.position <= upto]

    def write(self, engine: Engine, ends: Sequence[int], after: int = 0) -> None:
        """Write to each of these positions in a transaction of its own, every third time as a process begun anew."""
        store = JournalStore(NUMBER, SIZE)
        for number, end in enumerate(ends):
            store = JournalStore(NUMBER, SIZE) if number % 3 == 0 else store
            with writer(engine).begin() as connection:
                store.write(connection, prepare_journal(self.journal, self.page(after, end)), end)
            after = end

    def fits(self, position: int, wanted: Wanted) -> bool:
        day, tags, units = self.told[position]
        number = day.year * 10000 + day.month * 100 + day.day if day else 0
        return (
            position <= wanted.kand
            and set(wanted.tags) <= set(tags)
            and (wanted.units is None or not wanted.units.isdisjoint(units))
            and (wanted.first <= number <= wanted.last if number else wanted.undated)
        )

    def newest(self, wanted: Wanted) -> list[int]:
        return [position for position in reversed(list(self.told)) if self.fits(position, wanted)]


def questions(seed: int, count: int) -> Iterator[Wanted]:
    chance = random.Random(seed)  # noqa: S311 - seeded facts, no secret
    for _ in range(count):
        first, last = sorted((chance.randint(20240101, 20241231), chance.randint(20240101, 20241231)))
        limits = {"first": first, "last": last} if chance.random() < 0.5 else {}
        yield Wanted(
            chance.randint(0, COUNT),
            tuple(chance.sample((*KINDS, "typ=none"), chance.choice((0, 0, 1, 2)))),
            frozenset(chance.sample((*UNITS, "NONE"), chance.randint(0, 3))) if chance.random() < 0.5 else None,
            undated=chance.random() < 0.5,
            **limits,
        )


def asked(reader: JournalReader, engine: Engine, wanted: Wanted, skip: int = 0, count: int = COUNT) -> list[int]:
    with engine.connect() as connection:
        return reader.newest(connection, wanted, skip, count)


@pytest.mark.parametrize("ends", [[COUNT], [16, 32, 150], [1, 3, 40, 41, 47, 48, 49, 130, 150], range(1, 151)])
def test_a_journal_finds_what_a_plain_list_finds(engine: Engine, ends: Sequence[int]) -> None:
    town, reader = Town(len(ends)), JournalReader(NUMBER, SIZE)
    town.write(engine, ends)
    for wanted in questions(len(ends), 70):
        assert asked(reader, engine, wanted) == town.newest(wanted), wanted


def test_every_page_begins_where_the_one_before_ended(engine: Engine) -> None:
    town, reader = Town(1), JournalReader(NUMBER, SIZE)
    town.write(engine, [100, 150])
    for wanted in (Wanted(COUNT), Wanted(90), Wanted(COUNT, ("typ=a",)), Wanted(120, first=20240301, undated=False)):
        whole = town.newest(wanted)
        for size in (1, 7, 60):
            pages = [asked(reader, engine, wanted, skip, size) for skip in range(0, len(whole) + size, size)]
            assert [position for page in pages for position in page] == whole
            assert pages[-1] == whole[len(whole) - len(whole) % size :][:size] or pages[-1] == []


def test_what_a_page_skips_is_not_read(engine: Engine) -> None:
    town, reader = Town(1), JournalReader(NUMBER, SIZE)
    town.write(engine, [COUNT])
    with writer(engine).begin() as connection:
        connection.execute(text("UPDATE log_block SET data = '' WHERE block > 3 OR block < 2"))
    whole = town.newest(Wanted(COUNT))
    skip = sum(position > 4 * SIZE for position in whole)
    assert asked(reader, engine, Wanted(COUNT), skip, SIZE) == whole[skip : skip + SIZE]


def test_a_reader_finds_what_is_written_after_it_was_asked(engine: Engine) -> None:
    town, reader = Town(4), JournalReader(NUMBER, SIZE)
    after = 0
    for end in (1, 2, 15, 16, 17, 100, 101, 150):
        town.write(engine, [end], after)
        after = end
        for wanted in (Wanted(end), Wanted(end, ("typ=a",)), Wanted(end // 2)):
            assert asked(reader, engine, wanted) == town.newest(wanted)


def test_an_older_moment_of_the_read_model_is_answered_from_itself(engine: Engine) -> None:
    town, reader = Town(4), JournalReader(NUMBER, SIZE)
    town.write(engine, [40])
    with engine.connect() as old:
        before = reader.newest(old, Wanted(40), 0, COUNT)
        town.write(engine, [COUNT], after=40)
        assert asked(reader, engine, Wanted(COUNT)) == town.newest(Wanted(COUNT))
        assert reader.newest(old, Wanted(40), 0, COUNT) == before == town.newest(Wanted(40))
    assert asked(reader, engine, Wanted(COUNT)) == town.newest(Wanted(COUNT))


def test_the_digest_does_not_depend_on_how_a_journal_was_written(engine: Engine) -> None:
    town = Town(5)
    town.write(engine, [1, 2, 50, 51, 60, 110, 150])
    for upto in (0, 1, 16, 55, 149, 150):
        fold = RowsFold(town.journal)
        for after in range(0, upto, 30):
            fold.add(prepare_journal(town.journal, town.page(after, min(after + 30, upto))))
        with engine.connect() as connection:
            assert rows_digest(connection, town.journal, NUMBER, upto, size=SIZE) == fold.result()


def test_a_block_that_is_described_wrongly_shows_in_the_digest(engine: Engine) -> None:
    town = Town(5)
    town.write(engine, [COUNT])
    with writer(engine).begin() as connection:
        about = connection.execute(text("SELECT about FROM log_block WHERE block = 2")).scalar_one()
        held, _, rest = about.partition(",")
        wrong = f"[{int(held[1:]) + 1},{rest}"
        connection.execute(text("UPDATE log_block SET about = :about WHERE block = 2"), {"about": wrong})
    with engine.connect() as connection:
        assert rows_digest(connection, town.journal, NUMBER, COUNT, size=SIZE)[1] == CONTRADICTION


def test_a_write_that_is_taken_back_leaves_nothing(engine: Engine) -> None:
    town = Town(6)
    town.write(engine, [40])
    with writer(engine).connect() as connection:
        JournalStore(NUMBER, SIZE).write(connection, prepare_journal(town.journal, town.page(40, 150)), 150)
        connection.rollback()
    assert asked(JournalReader(NUMBER, SIZE), engine, Wanted(COUNT)) == town.newest(Wanted(40))
    town.write(engine, [COUNT], after=40)
    assert asked(JournalReader(NUMBER, SIZE), engine, Wanted(COUNT)) == town.newest(Wanted(COUNT))


def test_a_write_without_facts_completes_the_blocks_before_it(engine: Engine) -> None:
    town = Town(6)
    town.write(engine, [20])
    with writer(engine).begin() as connection:
        JournalStore(NUMBER, SIZE).write(connection, prepare_journal(town.journal, []), 70)
    town.write(engine, [COUNT], after=70)
    found = asked(JournalReader(NUMBER, SIZE), engine, Wanted(COUNT))
    assert found == [position for position in town.newest(Wanted(COUNT)) if not 20 < position <= 70]
