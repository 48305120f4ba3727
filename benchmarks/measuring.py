"""Time: of a call, and of threads that begin together. Waste is collected first, so that it falls in nobody's time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Barrier, Thread
from time import perf_counter, thread_time
from typing import Any, TypeVar

Given = TypeVar("Given")


@contextmanager
def calm() -> Iterator[None]:
    """Waste is collected first, and what is left is not looked at again: it is the benchmark's own."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def seconds(call: Callable[[], Any]) -> float:
    """How long a call takes."""
    gc.collect()
    begun = perf_counter()
    call()
    return perf_counter() - begun


def seconds_of_threads(calls: Sequence[Callable[[], Any]]) -> float:
    """How long calls take that begin together, each in a thread of its own. Errors: the first one's."""
    start = Barrier(len(calls) + 1)
    errors: list[BaseException] = []

    def run(call: Callable[[], Any]) -> None:
        start.wait()
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that measures
            errors.append(error)

    threads = [Thread(target=run, args=(call,), daemon=True) for call in calls]
    with calm():
        for thread in threads:
            thread.start()
        start.wait()
        begun = perf_counter()
        for thread in threads:
            thread.join()
        took = perf_counter() - begun
    if errors:
        raise errors[0]
    return took


def latencies(call: Callable[[Given], Any], given: Iterable[Given]) -> list[float]:
    """How long a call takes with each thing that it is given, ms."""
    return timed(call, given)[0]


def timed(call: Callable[[Given], Any], given: Iterable[Given]) -> tuple[list[float], list[float]]:
    """The same, and how much of it this thread was at work: what is left when others use the machine too."""
    took: list[float] = []
    worked: list[float] = []
    with calm():
        for one in given:
            begun, at = perf_counter(), thread_time()
            call(one)
            worked.append((thread_time() - at) * 1000)
            took.append((perf_counter() - begun) * 1000)
    return took, worked


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
