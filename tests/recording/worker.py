"""What another process does in a test: `python -m tests.recording.worker <task> <url> <arguments>`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Thread
from time import sleep
from unittest.mock import patch

from ledger.recording import sqlite, writer_process
from ledger.recording.codec import Encoded
from ledger.recording.katalog import Katalog, prepare
from ledger.recording.store import FactLog, Moved
from tests.recording.logs import command, comment, voucher

ROOT = Path(__file__).parents[2]


def start(task: str, url: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a task in a process of its own."""
    parts = [sys.executable, "-m", "tests.recording.worker", task, url, *map(str, arguments)]
    return subprocess.Popen(parts, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a task; what it printed. Errors: AssertionError when it failed."""
    printed, _ = process.communicate(timeout=280)
    assert process.returncode == 0
    return printed


def _open(url: str) -> FactLog:
    return FactLog.open(url, clock=lambda: datetime.now(UTC), salt=lambda: os.urandom(16))


def post(url: str, tag: str, threads: str, each: str) -> None:
    """Threads post vouchers one by one: command `<tag>-<thread>-<n>`."""
    with _open(url) as log:

        def run(thread: int) -> None:
            for n in range(int(each)):
                number = (ord(tag) * 100 + thread) * 100_000 + n
                log.append(command(f"{tag}-{thread}-{n}", voucher(number), reads=["period/2024-03"]))

        running = [Thread(target=run, args=(thread,)) for thread in range(int(threads))]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()


def post_for_ever(url: str, threads: str) -> None:
    """Threads post vouchers one by one, and say which have been answered, until the process is killed."""
    with _open(url) as log:

        def run(thread: int) -> None:
            for n in count():
                command_id = f"{thread}-{n}"
                receipt = log.append(command(command_id, voucher(thread * 100_000 + n, "x" if n % 3 else None)))
                os.write(1, f"{command_id} {receipt.first}\n".encode())

        for thread in range(int(threads)):
            Thread(target=run, args=(thread,)).start()
        sleep(600)


def spend(url: str, tag: str, times: str) -> None:
    """Record the next number of a series that others count on too; a guard tells when it was taken."""
    with _open(url) as log:
        done = 0
        while done < int(times):
            as_of = log.head().position
            text = str(len(log.read(upto=as_of)) + 1)
            fact = Encoded(f"tal/{tag}/{done}", 1, *comment(1, text)[2:])
            try:
                log.append(command(f"{tag}-{done}", fact, touches=["tal"], reads=["tal"], as_of=as_of))
            except Moved:
                continue
            done += 1


def import_file(url: str, facts: str) -> None:
    """Record a file, slowly enough to be killed in the middle; says how far it is."""

    def batches() -> Iterator[list[Encoded]]:
        for first in range(0, int(facts), 1000):
            yield [voucher(n, "x") for n in range(first, first + 1000)]

    def told(done: int) -> None:
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()

    with _open(url) as log:
        log.append_file(batches(), command("fil", touches=["period/2024-03"]), told)


def import_part(url: str, facts: str) -> None:
    """Record a part by a second process, in small pages and slowly; says how far it is."""
    with patch.object(writer_process, "PAGE", 100), _open(url) as log, log.writer_process() as writer:

        def told(done: int) -> None:
            sys.stdout.write(f"{done}\n")
            sys.stdout.flush()
            sleep(0.01)

        writer.append([voucher(n, "x") for n in range(int(facts))], command("del"), told).result()


def begin(url: str) -> None:
    """Make everything ready at the word, at the same moment as others; then enter a person and record a fact.

    However slow the machine, whoever stands in line comes to the turn.
    """
    sys.stdout.write("redo\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with patch.object(sqlite, "BUSY_TIMEOUT", 280):
        prepare(url)
        with Katalog.open(url) as katalog, _open(url) as log:
            actor = katalog.actor_for("Anna Åkesson")
            log.append(command(f"k-{os.getpid()}", voucher(os.getpid())))
    sys.stdout.write(actor)


TASKS: dict[str, Callable[..., None]] = {"post": post, "spend": spend, "import_file": import_file}
TASKS |= {"import_part": import_part, "begin": begin, "post_for_ever": post_for_ever}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*sys.argv[2:])
