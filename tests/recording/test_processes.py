"""Several processes on one log: nothing lost, nothing doubled, nothing out of order, and nothing half done."""

from __future__ import annotations

import signal
import time
from itertools import pairwise
from threading import Event, Thread

import pytest

from ledger.domain.events import KommentarWritten
from ledger.recording.katalog import Katalog
from ledger.recording.store import FactLog
from tests.recording.logs import command, open_log, voucher
from tests.recording.worker import finish, start

THREADS, EACH = 3, 100

#: Seconds that whoever is not woken waits.
PATIENCE = 120


def test_two_processes_posting_at_once_lose_double_and_reorder_nothing(database_url: str) -> None:
    with open_log(database_url) as log:
        seen: list[int] = []
        done = Event()
        reader = Thread(target=_tail, args=(log, seen, done))
        reader.start()
        writers = [start("post", database_url, tag, THREADS, EACH) for tag in "AB"]
        for writer in writers:
            finish(writer)
        done.set()
        reader.join()
        facts = log.read()
        assert [fact.position for fact in facts] == list(range(1, 2 * THREADS * EACH + 1))
        assert seen == [fact.position for fact in facts]
        assert all(later.recorded_at > earlier.recorded_at for earlier, later in pairwise(facts))
        for tag in "AB":
            for thread in range(THREADS):
                mine = [fact.command_id for fact in facts if fact.command_id.startswith(f"{tag}-{thread}-")]
                assert mine == [f"{tag}-{thread}-{n}" for n in range(EACH)]
        assert log.verify().ok


def _tail(log: FactLog, seen: list[int], done: Event) -> None:
    """Follow the log as a projection does: from the last position seen, in small pages."""
    while True:
        is_last = done.is_set()
        page = log.read(seen[-1] if seen else 0, limit=37)
        seen += [fact.position for fact in page]
        if not page:
            if is_last:
                return
            log.wait(seen[-1] if seen else 0, 0.05)


def test_a_guard_holds_between_processes(database_url: str) -> None:
    with open_log(database_url) as log:
        for writer in [start("spend", database_url, tag, 40) for tag in "AB"]:
            finish(writer)
        facts = [recorded.fact for recorded in log.read()]
        texts = [fact.text for fact in facts if isinstance(fact, KommentarWritten)]
        assert texts == [str(n) for n in range(1, 81)]


def test_a_process_killed_in_the_middle_of_a_file_leaves_nothing(database_url: str) -> None:
    with open_log(database_url) as log:
        log.append(command("k-1", voucher(10**7)))
        writer = start("import_file", database_url, 10**6)
        assert writer.stdout is not None
        while int(writer.stdout.readline()) < 5000:
            pass
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert log.head().position == 1
        assert log.touched(["period/2024-03"]) == {}
        assert log.append(command("k-2", voucher(10**7 + 1))) == (2, 2, False)
        assert finish(start("import_file", database_url, 3000)).split()[-1] == "3000"
        assert log.head().position == 3002
        assert log.verify().ok


def test_what_a_killed_process_has_answered_is_there(database_url: str) -> None:
    with open_log(database_url) as log:
        writer = start("post_for_ever", database_url, 8)
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(200)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.read().splitlines()
        writer.communicate()
        answered = {int(position): command_id for command_id, position in map(str.split, lines)}
        recorded = {fact.position: fact.command_id for fact in log.read()}
        assert answered.items() <= recorded.items()
        # Beyond what was answered there is at most the one that each thread was waiting for.
        assert len(lines) == len(answered) >= len(recorded) - 8
        assert sorted(recorded) == list(range(1, len(recorded) + 1))
        assert log.verify().ok


def test_eight_processes_that_start_together_make_one_ledger(database_url: str) -> None:
    started = [start("begin", database_url) for _ in range(8)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "redo\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [finish(process) for process in started] == ["a-1"] * 8
    with open_log(database_url) as log, Katalog.open(database_url) as katalog:
        assert log.head().position == 8
        assert log.verify().ok
        assert katalog.name_of("a-1") == "Anna Åkesson"
        assert katalog.actor_for("Bo Ek") == "a-2"


def test_a_fact_of_another_process_wakes_who_waits(database_url: str) -> None:
    with open_log(database_url) as log:
        log.append(command("k-1", voucher(10**7)))
        assert log.wait(0, 60) == 1
        assert log.wait(1, 0.05) == 1
        writer = start("post", database_url, "A", 1, 1)
        assert log.wait(1, 60) == 2
        finish(writer)


@pytest.mark.parametrize("waiting", [1, 5])
def test_a_fact_of_this_process_wakes_who_waits(database_url: str, waiting: int) -> None:
    with open_log(database_url) as log:
        woken: list[int] = []
        threads = [Thread(target=lambda: woken.append(log.wait(0, PATIENCE))) for _ in range(waiting)]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        begun = time.monotonic()
        log.append(command("k-1", voucher(1)))
        for thread in threads:
            thread.join()
        assert woken == [1] * waiting
        assert time.monotonic() - begun < PATIENCE / 2
