"""The directory of people: one pseudonym per person, and a person can be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def test_newcomers_of_one_name_who_sign_in_at_once_are_each_somebody(katalog: Katalog) -> None:
    found: dict[str, list[str]] = {}
    start = Barrier(8)

    def sign_in(n: int) -> None:
        start.wait()
        # Two sign-ins of each of four people.
        digest = str(n // 2) * 64
        found.setdefault(digest, []).append(katalog.actor_of_subject(digest, "Anna Åkesson"))

    threads = [Thread(target=sign_in, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(actors) for actors in found.values()) == [2, 2, 2, 2]
    assert all(len(set(actors)) == 1 for actors in found.values())
    assert len({actors[0] for actors in found.values()}) == 4
    assert len({katalog.name_of(actors[0]) for actors in found.values()}) == 4


class Overtaken(Katalog):
    """A directory in which somebody else takes the name between the look and the entry."""

    def __init__(self, *, url: str, rival: Callable[[Katalog], str]) -> None:
        self._other = Katalog.open(url)
        super().__init__(self._other._engine)  # noqa: SLF001 - one that is closed with it
        self._rival = rival
        self.taken = ""

    def _find(self, name: str) -> str | None:
        found = super()._find(name)
        self.taken = self.taken or self._rival(self._other)
        return found


@pytest.mark.parametrize(
    "rival", [lambda other: other.actor_for("Anna"), lambda other: other.actor_of_subject("b" * 64, "Anna")]
)
def test_whoever_takes_the_name_first_does_not_become_the_one_who_signs_in(
    database_url: str, rival: Callable[[Katalog], str]
) -> None:
    prepare(database_url)
    with Overtaken(url=database_url, rival=rival) as overtaken:
        actor = overtaken.actor_of_subject("a" * 64, "Anna")
        assert (overtaken.taken, actor) == ("a-1", "a-2")
        assert overtaken.name_of("a-2") == f"Anna {'a' * 12}"
        assert overtaken.actor_of_subject("a" * 64, "Anna") == "a-2"


def test_who_bears_the_name_of_anothers_digest_keeps_nobody_out(katalog: Katalog) -> None:
    digest = "0123456789ab" + "cdef01234567" + "0" * 40
    for taken in ("Anna", "Anna 0123456789ab"):
        katalog.actor_of_subject(taken, taken)
    assert katalog.name_of(katalog.actor_of_subject(digest, "Anna")) == "Anna cdef01234567"


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
