"""The directory of people: one pseudonym per person, and a person can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from threading import Barrier, Thread

import pytest
from alembic.script import ScriptDirectory

from ledger.migrations import NEWEST
from ledger.recording.katalog import Katalog, migrate, prepare


@pytest.fixture
def katalog(database_url: str) -> Iterator[Katalog]:
    prepare(database_url)
    with Katalog.open(database_url) as opened:
        yield opened


def test_a_person_has_one_pseudonym(katalog: Katalog, database_url: str) -> None:
    assert [katalog.actor_for(name) for name in ("Anna Åkesson", "Bo Ek", "Anna Åkesson")] == ["a-1", "a-2", "a-1"]
    assert (katalog.name_of("a-1"), katalog.name_of("a-3")) == ("Anna Åkesson", None)
    with Katalog.open(database_url) as other:
        assert other.actor_for("Bo Ek") == "a-2"


def test_a_forgotten_person_has_no_name_and_comes_back_as_another(katalog: Katalog) -> None:
    katalog.actor_for("Anna Åkesson")
    katalog.actor_for("Bo Ek")
    katalog.forget("a-1")
    assert katalog.name_of("a-1") is None
    assert katalog.actor_for("Anna Åkesson") == "a-3"
    assert katalog.name_of("a-2") == "Bo Ek"


def test_nobody_is_nobody(katalog: Katalog) -> None:
    with pytest.raises(ValueError, match="utan namn"):
        katalog.actor_for(" ")


def test_persons_entered_at_once_are_told_apart(katalog: Katalog) -> None:
    found: dict[int, str] = {}
    start = Barrier(8)

    def enter(n: int) -> None:
        start.wait()
        found[n] = katalog.actor_for(f"Person {n // 2}")

    threads = [Thread(target=enter, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(found[n] == found[n + 1] for n in range(0, 8, 2))
    assert len(set(found.values())) == 4


def test_preparing_again_changes_nothing(katalog: Katalog, database_url: str) -> None:
    katalog.actor_for("Anna Åkesson")
    prepare(database_url)
    migrate(database_url)
    assert katalog.name_of("a-1") == "Anna Åkesson"


def test_the_newest_migration_is_the_one_that_the_scripts_end_with() -> None:
    with as_file(files("ledger.migrations")) as folder:
        assert ScriptDirectory(str(folder)).get_current_head() == NEWEST


def test_a_reader_that_opens_a_ledger_does_not_wait_for_a_writer(database_url: str) -> None:
    prepare(database_url)
    with Katalog.open(database_url) as katalog, katalog._writing.begin() as writing:  # noqa: SLF001 - a writer at work
        writing.exec_driver_sql("UPDATE head SET size = size")
        migrate(database_url)
