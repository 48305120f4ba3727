"""Several processes on one ledger: one leads, the others take over; nothing is skipped or counted twice."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from sqlalchemy import event

from ledger.domain.events import VerifikationPosted
from ledger.reporting.material import STANDARD
from ledger.reporting.running.leader import LEADING, REBUILDING, AdvisoryTurn, turn
from ledger.reporting.running.replay import replay
from ledger.reporting.running.runner import Runner
from ledger.reporting.stored.schema import open_database
from tests.conftest import Databases
from tests.recording.logs import voucher
from tests.reporting import elsewhere
from tests.reporting.elsewhere import add, open_log

#: Seconds that the read model may take to come as far, on a machine that is busy with more.
PATIENCE = 120


def test_a_turn_is_one_holders_at_a_time_and_free_when_left(database_url: str) -> None:
    engine = open_database(database_url)
    first, second, other = turn(engine, LEADING), turn(engine, LEADING), turn(engine, REBUILDING)
    assert [first.take(), first.take(), second.take(), other.take()] == [True, True, False, True]
    assert [first.is_ours, second.is_ours] == [True, False]
    first.leave()
    assert [second.take(), first.take()] == [True, False]
    second.leave()
    other.leave()
    engine.dispose()


def test_a_turn_is_free_before_its_connection_is_closed(databases: Databases) -> None:
    engine = open_database(databases.new("postgres"))
    first, second, taken = AdvisoryTurn(engine, LEADING), AdvisoryTurn(engine, LEADING), list[bool]()
    event.listen(first._engine, "close", lambda *_: taken.append(second.take()))  # noqa: SLF001 - the moment itself
    assert first.take()
    first.leave()
    assert taken == [True]
    second.leave()
    engine.dispose()


def test_a_database_in_memory_is_always_its_own_leader() -> None:
    engine = open_database("sqlite://")
    first, second = turn(engine, LEADING), turn(engine, LEADING)
    assert [first.take(), second.take()] == [True, True]
    first.leave()
    second.leave()
    engine.dispose()


def test_when_the_leader_is_killed_another_process_takes_over(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine, the leader is never taken for one that stands still.
    monkeypatch.setattr("ledger.reporting.running.keeping.SLOW", 600)
    engine = open_database(database_url)
    with open_log(database_url) as log:
        add(log, "0", voucher(1))
        leader = elsewhere.start("keep", database_url)
        assert elsewhere.said(leader) == "redo"
        lead = turn(engine, LEADING)
        while lead.take():
            lead.leave()
            time.sleep(0.01)
        heir = Runner(engine, log, STANDARD)
        heir.start()
        assert heir.wait_for(add(log, "1", voucher(2)), PATIENCE)
        led = [heir.leads]
        leader.kill()
        leader.communicate()
        assert heir.wait_for(add(log, "2", voucher(3)), PATIENCE)
        led.append(heir.leads)
        heir.stop(PATIENCE)
        compared = replay(log, STANDARD, 3, stored=engine)
    engine.dispose()
    assert led == [False, True]
    assert all(one.alike for one in compared)


def test_a_leader_that_stands_still_is_not_waited_for(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.reporting.running.keeping.SLOW", 0.05)
    engine = open_database(database_url)
    idle = turn(engine, LEADING)
    assert idle.take()
    with open_log(database_url) as log:
        runner = Runner(engine, log, STANDARD)
        runner.start()
        assert runner.wait_for(add(log, "1", voucher(1)), PATIENCE)
        assert not runner.leads
        runner.stop(PATIENCE)
    idle.leave()
    engine.dispose()


def test_no_fact_is_skipped_when_processes_write_and_one_commits_slowly(database_url: str) -> None:
    engine = open_database(database_url)
    with open_log(database_url) as log:
        add(log, "0", voucher(1))
        runner = Runner(engine, log, STANDARD)
        runner.start()
        writers = [
            elsewhere.start("post", database_url, 1, 60),
            elsewhere.start("post", database_url, 2, 60),
            elsewhere.start("dawdle", database_url, 3, 10, 0.5),
        ]
        for n in range(30):
            runner.wait_for(add(log, f"eget-{n}", voucher(9_000_000 + n)), PATIENCE)
        for writer in writers:
            elsewhere.finish(writer)
        head = log.head().position
        assert runner.wait_for(head, PATIENCE)
        runner.stop(PATIENCE)
        facts = [recorded.fact for recorded in log.read()]
        compared = replay(log, STANDARD, head, stored=engine)
    engine.dispose()
    assert head == 1 + 60 + 60 + 10 + 30
    assert sum(isinstance(fact, VerifikationPosted) for fact in facts) == head
    assert all(one.alike for one in compared)
    assert {one.name: one.replayed.rows for one in compared}["utfall"] == head


def test_the_runner_survives_that_the_server_breaks_every_connection(postgres_url: str) -> None:
    engine = open_database(postgres_url)
    done, news = threading.Event(), threading.Event()

    def interrupt() -> None:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            # However slow the machine, a fact comes through between two breaks.
            while not done.wait(0.15) and news.wait(PATIENCE):
                news.clear()
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    with open_log(postgres_url) as log:
        runner = Runner(engine, log, STANDARD)
        runner.start()
        breaker = threading.Thread(target=interrupt)
        breaker.start()
        for n in range(20):
            last = add(log, str(n), voucher(n + 1))
            news.set()
            time.sleep(0.05)
        done.set()
        news.set()
        breaker.join()
        assert runner.wait_for(last, PATIENCE)
        runner.stop(PATIENCE)
        compared = replay(log, STANDARD, 20, stored=engine)
    engine.dispose()
    assert all(one.alike for one in compared)
    assert {one.name: one.replayed.rows for one in compared}["utfall"] == 20


def test_who_knows_that_the_read_model_is_far_enough_asks_nobody(database_url: str) -> None:
    engine = open_database(database_url)
    with open_log(database_url) as log:
        position = add(log, "1", voucher(1))
        runner = Runner(engine, log, STANDARD)
        runner.catch_up()
        names = [material.name for material in STANDARD]
    # The log is closed and nobody can be asked.
    engine.dispose()
    assert runner.wait_for(position, 0)
    assert runner.wait_for(position, 0, names)
