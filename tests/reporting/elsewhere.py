"""What another process does in a test of the runner: `python -m tests.reporting.elsewhere <task> <url> <arguments>`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ledger.domain.fact import Fact
from ledger.recording.codec import Encoded, encode
from ledger.recording.store import Append, FactLog
from ledger.reporting.entry import Material
from ledger.reporting.log import Log
from ledger.reporting.material import STANDARD
from ledger.reporting.running.runner import Runner
from ledger.reporting.stored.schema import open_database
from tests.oracle.generator import random_facts
from tests.recording.logs import voucher
from tests.reporting.memory_log import MemoryLog
from tests.reporting.town import TOWN, kr

ROOT = Path(__file__).parents[2]
FACTS = random_facts(7, 300)


def start(task: str, url: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a task in a process of its own."""
    parts = [sys.executable, "-m", "tests.reporting.elsewhere", task, url, *map(str, arguments)]
    return subprocess.Popen(parts, cwd=ROOT, text=True, stdout=subprocess.PIPE, stdin=subprocess.PIPE)


def said(process: subprocess.Popen[str]) -> str:
    """The next line that a task prints."""
    assert process.stdout
    return process.stdout.readline().strip()


def finish(process: subprocess.Popen[str]) -> str:
    """Let a task end; what it printed since. Errors: AssertionError when it failed."""
    printed, _ = process.communicate("slut\n", timeout=280)
    assert process.returncode == 0
    return printed


def open_log(url: str) -> FactLog:
    """The log as the house opens it."""
    return FactLog.open(url, clock=lambda: datetime.now(UTC), salt=lambda: os.urandom(16))


def add(log: FactLog, command_id: str, *facts: Fact | Encoded) -> int:
    """Record facts; the position of the last."""
    encoded = [fact if isinstance(fact, Encoded) else encode(fact, 1) for fact in facts]
    return log.append(Append(command_id, {}, "a-1", "oppet", encoded)).last


def memory() -> tuple[Log, Sequence[Material]]:
    """The log of FACTS and its material: what a process that prepares opens."""
    return MemoryLog(FACTS), STANDARD


# ---------------------------------------------------------------- tasks


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def keep(url: str) -> None:
    """Keep the read model up with the log, as a server does, until told to end."""
    engine = open_database(url)
    with open_log(url) as log:
        runner = Runner(engine, log, STANDARD)
        runner.catch_up()
        runner.start()
        say("redo")
        sys.stdin.readline()
        runner.stop()
    engine.dispose()


def alone(url: str) -> None:
    """Bring a read model up with FACTS, a few at a time."""
    engine = open_database(url)
    Runner(engine, MemoryLog(FACTS), STANDARD, page=5).catch_up()
    engine.dispose()


def post(url: str, tag: str, count: str) -> None:
    """Record vouchers one by one."""
    with open_log(url) as log:
        for n in range(int(count)):
            add(log, f"{tag}-{n}", voucher(int(tag) * 1_000_000 + n + 1))


def dawdle(url: str, tag: str, count: str, seconds: str) -> None:
    """Record vouchers as one file, holding the head of the log and sleeping before the commit."""

    def batches() -> Iterator[list[Encoded]]:
        for n in range(int(count)):
            yield [voucher(int(tag) * 1_000_000 + n + 1)]
            time.sleep(float(seconds) / int(count))

    with open_log(url) as log:
        log.append_file(batches(), Append(tag, {}, "a-1", "oppet"))


def read(url: str) -> None:
    """Ask until told to end; print every answer that is not what was known at its position, and the number of answers.

    After TOWN every fact adds one krona.
    """
    from ledger.reporting.reports import Reports  # noqa: PLC0415 - heavy, and the other tasks need it not
    from tests.reporting.asking import report_files  # noqa: PLC0415 - as above

    asked, is_told, ended = 0, False, time.monotonic() + 600
    with open_log(url) as log:
        reports = Reports(open_database(url), log, report_files())
        say("redo")
        os.set_blocking(sys.stdin.fileno(), False)
        while not is_told and time.monotonic() < ended:
            answer = reports.answer("driftsammandrag", {"ar": "2024", "enhet": "kr"}, date(2025, 2, 3))
            total = next(row for row in answer.rader if row.nyckel == "summa").celler["utfall"]
            if total != kr(answer.stampel.position - len(TOWN)):
                say(f"@{answer.stampel.position} {total}")
            asked, is_told = asked + 1, bool(sys.stdin.readline())
        reports.engine.dispose()
    say(f"{asked} svar")


TASKS: dict[str, Callable[..., None]] = {"keep": keep, "alone": alone, "post": post, "dawdle": dawdle, "read": read}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*sys.argv[2:])
