"""A lost connection to PostgreSQL loses no fact and doubles none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Barrier, Thread
from time import sleep
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from psycopg_pool import PoolTimeout

from ledger.recording import postgres
from ledger.recording.append import Append
from ledger.recording.codec import Encoded
from ledger.recording.judge import Member
from ledger.recording.postgres import PostgresLogRecorder
from ledger.recording.prepared import Sender
from ledger.recording.store import FactLog
from tests.recording.logs import Clock, command, comment, open_log, voucher


def cut(url: str, *, only_writer: bool = True) -> None:
    """End other connections to the ledger's database, as a restart of the server would."""
    which = "AND query NOT LIKE 'LISTEN%%'" if only_writer else ""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = current_database() AND pid <> pg_backend_pid() {which}"
        )


def listening(url: str) -> int:
    """How many connections to the ledger's database listen for what is recorded."""
    with psycopg.connect(url) as connection:
        sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        found = connection.execute(sessions).fetchone()
    assert found
    count: int = found[0]
    return count


def recorder_of(log: FactLog) -> PostgresLogRecorder:
    recorder = log._recorder  # noqa: SLF001 - the sabotage is under the surface
    assert isinstance(recorder, PostgresLogRecorder)
    return recorder


def test_a_connection_that_was_cut_while_idle_is_made_again(postgres_url: str) -> None:
    with open_log(postgres_url) as log:
        log.append(command("k-1", voucher(1)))
        log.wait(1, 0.2)
        cut(postgres_url, only_writer=False)
        assert log.append(command("k-2", voucher(2))) == (2, 2, False)
        assert [fact.command_id for fact in log.read()] == ["k-1", "k-2"]
        assert log.verify().ok


def test_nobody_waits_twice_for_a_database_that_is_away(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[int] = []

    def none_to_be_had(**_: float | None) -> psycopg.Connection:
        waits.append(1)
        msg = "couldn't get a connection"
        raise PoolTimeout(msg)

    with open_log(postgres_url) as log:
        monkeypatch.setattr(recorder_of(log).datastore.pool, "getconn", none_to_be_had)
        with pytest.raises(OperationalError, match="couldn't get a connection"):
            recorder_of(log).fetch("SELECT 1")
        monkeypatch.undo()
        assert log.head().position == 0
    assert waits == [1]


def test_threads_that_begin_to_wait_together_listen_by_one_connection(postgres_url: str) -> None:
    with open_log(postgres_url) as log:
        start = Barrier(8)

        def wait() -> None:
            start.wait()
            log.wait(0, 0.1)

        threads = [Thread(target=wait) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while not (count := listening(postgres_url)):
            sleep(0.01)
        assert count == 1
    # The server lets go of a connection a moment after it was closed.
    while listening(postgres_url):
        sleep(0.01)


def test_a_connection_that_is_cut_under_the_lock_is_made_again(postgres_url: str) -> None:
    times: list[int] = []

    def salt() -> bytes:
        # The salt is drawn under the lock, before anything is written.
        times.append(1)
        if len(times) == 1:
            cut(postgres_url)
        return bytes(16)

    with FactLog.open(postgres_url, clock=Clock(), salt=salt) as log:
        assert log.append(command("k-1", comment(1), touches=["x"])) == (1, 1, False)
        assert len(times) == 2
        assert log.head().position == 1
        assert log.verify().ok


@pytest.fixture
def sabotage(monkeypatch: pytest.MonkeyPatch) -> Callable[[FactLog], None]:
    """Cut the connection right after the commit was made, before anybody is told."""

    def cut_after_commit(log: FactLog) -> None:
        recorder = recorder_of(log)
        commit_once: Any = recorder._commit_once  # noqa: SLF001

        def committed_but_unheard(writer: Sender, group: Sequence[Member]) -> Iterator[None]:
            yield from commit_once(writer, group)
            writer.connection.close()
            monkeypatch.setattr(recorder, "_commit_once", commit_once)
            msg = "server closed the connection unexpectedly"
            raise psycopg.OperationalError(msg)

        monkeypatch.setattr(recorder, "_commit_once", committed_but_unheard)

    return cut_after_commit


def test_a_commit_of_unknown_outcome_is_found_by_its_command_id(
    postgres_url: str, sabotage: Callable[[FactLog], None]
) -> None:
    with open_log(postgres_url) as log:
        sabotage(log)
        assert log.append(command("k-1", voucher(1), touches=["x"], reads=["x"], belopp="aa")) == (1, 1, False)
        assert log.append(command("k-1", voucher(1), belopp="aa")) == (1, 1, True)
        assert log.head().position == 1
        assert log.verify().ok


def test_a_file_whose_commit_went_unheard_is_found_by_its_command_id(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish: Any = postgres.PostgresFileWriter.finish

    def committed_but_unheard(self: Any, addition: Any) -> None:
        finish(self, addition)
        msg = "server closed the connection unexpectedly"
        raise psycopg.OperationalError(msg)

    with open_log(postgres_url) as log:
        monkeypatch.setattr(postgres.PostgresFileWriter, "finish", committed_but_unheard)
        assert log.append_file([[voucher(1), voucher(2)]], command("fil")) == (1, 2, False)
        assert log.head().position == 2


def test_a_connection_cut_in_the_middle_of_a_file_leaves_nothing(postgres_url: str) -> None:
    def batches() -> Iterator[list[Encoded]]:
        yield [voucher(n) for n in range(3000)]
        cut(postgres_url)
        yield [voucher(n) for n in range(3000, 6000)]

    with open_log(postgres_url) as log:
        with pytest.raises(OperationalError):
            log.append_file(batches(), command("fil"))
        assert log.head().position == 0
        assert log.append_file([[voucher(1)]], command("fil")) == (1, 1, False)


@pytest.mark.parametrize("statement", ["DEALLOCATE ALL", "SET default_transaction_read_only = on"])
@pytest.mark.parametrize("is_alone", [True, False])
def test_a_connection_that_no_longer_serves_is_made_again(postgres_url: str, statement: str, *, is_alone: bool) -> None:
    with open_log(postgres_url) as log, open_log(postgres_url) as other:
        log.append(command("k-1", voucher(1)))
        log.append(command("k-2", voucher(2)))
        writer = recorder_of(log)._writer  # noqa: SLF001
        assert writer is not None
        writer.connection.execute(statement)
        if not is_alone:
            other.append(command("k-0", voucher(99)))
        position = 3 if is_alone else 4
        assert log.append(command("k-3", voucher(3))) == (position, position, False)
        assert log.verify().ok


def test_what_cannot_be_stored_leaves_nothing_prepared_behind(postgres_url: str) -> None:
    broken = Encoded("verifikation/\0", 1, "verifikation_posted.v1", b"{}", None)
    prepared: list[int] = []
    with open_log(postgres_url) as log:
        for n in range(6):
            log.append(command(f"k-{n}", voucher(n)))
            with pytest.raises(psycopg.DataError):
                log.append(command("bad", broken))
            writer = recorder_of(log)._writer  # noqa: SLF001
            assert writer is not None
            found = writer.connection.execute("SELECT name FROM pg_prepared_statements").fetchall()
            prepared.append(sum(name.startswith("liggare") for (name,) in found))
    # The statement for one fact, and that for several.
    assert max(prepared) <= 2


def test_text_is_the_same_whatever_the_client_is_set_to(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_log(postgres_url) as log:
        log.append(Append("å-1", {}, "å", "å", (voucher(1),), ["å"]))
        monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
        with open_log(postgres_url) as other:
            assert other.touched(["å"]) == {"å": 1}
            other.append(Append("å-2", {}, "å", "å", (voucher(2),)))
            assert other.verify().ok
        assert [(fact.command_id, fact.actor, fact.mandat) for fact in log.read()] == [
            ("å-1", "å", "å"),
            ("å-2", "å", "å"),
        ]


def test_who_cannot_be_reached_is_told_after_a_while(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PAUSES", (0.0, 0.01))
    with open_log(postgres_url) as log:
        log.append(command("k-1", voucher(1)))
        recorder = recorder_of(log)
        right = recorder.datastore.pool.conninfo
        recorder.datastore.pool.conninfo = "postgresql://nobody@/nowhere?host=/nowhere"
        cut(postgres_url)
        with pytest.raises(OperationalError, match="förlorad"):
            log.append(command("k-2", voucher(2)))
        recorder.datastore.pool.conninfo = right
        assert log.append(command("k-2", voucher(2))) == (2, 2, False)


def test_a_ledger_lives_in_the_schema_of_the_search_path(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "kommun Å"')
        connection.execute("CREATE SCHEMA b")
    first = f"{postgres_url}&options=-csearch_path%3D%22kommun%5C%20%C3%85%22"
    with open_log(first) as one, open_log(f"{postgres_url}&options=-csearch_path%3Db") as other:
        one.append(command("k-1", voucher(1)))
        assert one.head().position == 1
        assert other.head().position == 0
        assert one.verify().ok
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'facts' ORDER BY 1").fetchall()
    assert found == [("b",), ("kommun Å",)]
    with pytest.raises(psycopg.ProgrammingError, match="search_path"):
        open_log(f"{postgres_url}&options=-csearch_path%3Dsaknas")
