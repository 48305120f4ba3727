"""Lag: from the receipt of a post until the reports hold it, under a steady stream of posts, as a server has it.

The floor is the post itself, until its receipt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from queue import SimpleQueue
from time import perf_counter
from typing import Final

from benchmarks import founding
from benchmarks.as_of import add_latencies
from benchmarks.figures import Figure, least, most
from benchmarks.measuring import calm
from benchmarks.municipality import LAST_YEAR
from benchmarks.plan import Plan
from ledger.application import Ledger
from ledger.reporting.reports import Reports

#: p99, ms, and posts a second that are demanded.
DEMAND: Final = 50.0
RATE: Final = 200

#: Threads that post, and how often it is looked whether the reports have come as far, in seconds.
THREADS: Final = 4
LOOK: Final = 0.0005

#: A post: the position of its fact, and when its receipt came.
Posted = tuple[int, float]


def run(plan: Plan) -> Iterator[Figure]:
    """A stream of posts on each backend."""
    for backend in plan.backends:
        built = plan.shelf.ledger(backend, plan.rows)
        demands = {"p99 ms": most(DEMAND), "poster/s": least(0.95 * RATE)}
        figure = Figure("lag", backend, f"kvitto till rapport, {RATE} poster/s", "ms", plan.rows, demands)
        with built.opened() as (log, reports):
            ledger = Ledger(log)
            ledger.catch_up()
            keep_up(reports)
            for n in range(plan.rounds):
                plan.say("lag", backend, n)
                took, posts, rate = _round(plan, ledger, reports)
                add_latencies(figure, took, posts, **{"poster/s": rate})
        yield figure


def keep_up(reports: Reports) -> None:
    """Keep up as a server does, which has shown its first page before anybody posts."""
    reports.runner.start()
    reports.answer("driftsammandrag", {"ar": str(LAST_YEAR)}, date(LAST_YEAR, 12, 31))
    while not reports.runner.leads:
        time.sleep(LOOK)
    # It waits for whoever writes, or learns what is stored.
    reports.runner.look()


def _round(plan: Plan, ledger: Ledger, reports: Reports) -> tuple[list[float], list[float], float]:
    """Milliseconds from every receipt, milliseconds to it, and posts a second."""
    count = max(THREADS, int(RATE * plan.seconds))
    serie = f"L{ledger.log.head().position}"
    # A correction could come before what it corrects, in another thread.
    made = plan.town.vouchers(count + count // 100 + 1, serie)
    posts = list(islice((voucher for voucher in made if voucher.rattar is None), count))
    posted: SimpleQueue[Posted] = SimpleQueue()
    took: list[float] = []
    posting: list[float] = []
    watcher = threading.Thread(target=_watch, args=(reports, posted, took, count), daemon=True)

    def post(mine: int) -> None:
        for n in range(mine, count, THREADS):
            time.sleep(max(0.0, begun + n / RATE - perf_counter()))
            at = perf_counter()
            done = ledger.execute(posts[n], founding.CALLER, founding.new_id())
            posted.put((done.last, perf_counter()))
            posting.append((perf_counter() - at) * 1000)

    threads = [threading.Thread(target=post, args=(n,), daemon=True) for n in range(THREADS)]
    # A server has frozen what it keeps before it answers for long; looking through it would stop everybody.
    with calm():
        begun = perf_counter()
        for thread in (watcher, *threads):
            thread.start()
        for thread in threads:
            thread.join()
        rate = count / (perf_counter() - begun)
        watcher.join()
    return took, posting, rate


def _watch(reports: Reports, posted: SimpleQueue[Posted], took: list[float], count: int) -> None:
    """Look how far the reports have come, until they hold every post."""
    waiting: list[Posted] = []
    while len(took) < count:
        if not waiting or not posted.empty():
            waiting.append(posted.get())
            continue
        position = reports.runner.position()
        now = perf_counter()
        took += [max(0.0, now - since) * 1000 for last, since in waiting if last <= position]
        waiting = [(last, since) for last, since in waiting if last > position]
        time.sleep(LOOK)
