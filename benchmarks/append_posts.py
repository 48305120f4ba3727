"""Append: single vouchers through the choke point, by one and by many threads, against bare inserts of the same rows.

Every post is durable before it is answered. The floor has as many connections as there are threads, one row each.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from benchmarks import floors, founding
from benchmarks.figures import Figure, Limit, least, most
from benchmarks.measuring import percentile, seconds_of_threads
from benchmarks.plan import Plan
from ledger.application import Ledger
from ledger.domain.verifikation import PostVerifikation
from ledger.serving import collect_seldom

#: What is demanded, by backend and number of threads.
DEMANDS: Final[dict[tuple[str, int], dict[str, Limit]]] = {
    ("postgres", 1): {"poster/s": least(1_200)},
    ("postgres", 16): {"poster/s": least(5_000), "p99 ms": most(10.0)},
}

#: A thread alone waits for the disk at every post, so it makes this part of the posts.
ALONE: Final = 4

Post = tuple[PostVerifikation, str]


def run(plan: Plan) -> Iterator[Figure]:
    """Each number of threads on each backend, in one ledger that grows, in a process set as the server is."""
    collect_seldom()
    for backend in plan.backends:
        figures = {
            threads: Figure(
                "append", backend, f"{threads} trådar" if threads > 1 else "1 tråd", "poster/s",
                demands=DEMANDS.get((backend, threads), {}),
            )
            for threads in plan.threads
        }  # fmt: skip
        url = plan.databases.new(backend)
        clock = founding.Calendar()
        with founding.opened(url, clock) as log:
            ledger = founding.found(log, plan.town, clock)
            posts = _posts(plan)
            for n in range(plan.rounds):
                plan.say("append", backend, n)
                for threads in plan.threads:
                    count = plan.posts if threads > 1 else plan.posts // ALONE
                    _round(plan, url, ledger, list(islice(posts, count)), figures[threads], threads)
        plan.databases.drop(url)
        yield from figures.values()


def _posts(plan: Plan) -> Iterator[Post]:
    """All posts of a run with ids of their own, made before the time is taken."""
    rng = random.Random(plan.town.seed)  # noqa: S311 - seeded ids, no secret
    count = plan.posts * len(plan.threads) * plan.rounds
    # A correction could come before what it corrects, in another thread. So there are some to spare.
    for voucher in plan.town.vouchers(count + count // 100 + 1, "B"):
        if voucher.rattar is None:
            yield voucher, str(UUID(int=rng.getrandbits(128), version=4))


def _round(plan: Plan, url: str, ledger: Ledger, posts: Sequence[Post], figure: Figure, threads: int) -> None:
    """Post, then insert the rows that came of it."""
    after = ledger.log.head().position
    plan.databases.settle(url)
    latencies: list[list[float]] = [[] for _ in range(threads)]
    calls = [_poster(ledger, posts[n::threads], latencies[n]) for n in range(threads)]
    rate = len(posts) / seconds_of_threads(calls)
    rows = floors.stored(url, after)
    assert len(rows) == len(posts), "every post is one fact"
    plan.databases.settle(url)
    floor = floors.singles(url, rows, threads)
    all_of_them = [latency * 1000 for one in latencies for latency in one]
    half, most = percentile(all_of_them, 0.5), percentile(all_of_them, 0.99)
    figure.add(rate, floor, **{"p50 ms": half, "p99 ms": most})


def _poster(ledger: Ledger, posts: Sequence[Post], latencies: list[float]) -> Callable[[], Any]:
    def post() -> None:
        execute, caller = ledger.execute, founding.CALLER
        for command, command_id in posts:
            begun = perf_counter()
            execute(command, caller, command_id)
            latencies.append(perf_counter() - begun)

    return post
