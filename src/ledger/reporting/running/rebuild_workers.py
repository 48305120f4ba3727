"""Processes that prepare stretches of the log side by side, for a rebuild or for who is very far behind.

Each opens the log and the report files itself. What they prepare comes back in the order of the log, a few stretches
ahead of who writes. They end with the process that began them, however it ends.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from types import ModuleType
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Engine

from ledger.reporting.entry import Material
from ledger.reporting.log import Log
from ledger.reporting.running.digests import Digest, Generation, digests, told_by
from ledger.reporting.running.preparing import PAGE, Stretch, prepare_stretch
from ledger.reporting.stored.room import keep_room
from ledger.reporting.stored.schema import open_database

#: How far these processes stand back for whoever asks meanwhile.
NICE: Final = 5

#: Opens the log and finds the materials, in a process of its own. Can be pickled, and is of no `__main__`.
Opener = Callable[[], tuple[Log, Sequence[Material]]]

#: From so many facts on, processes are worth beginning.
MANY: Final = 100_000

#: At most so many processes, however many processors there are.
MOST: Final = 4

#: Stretches that each process is ahead of who writes.
AHEAD: Final = 2


class WorkerIsGone(Exception):  # noqa: N818 - says what is so
    """A process that prepared stretches ended without a word."""


class How(NamedTuple):
    """How stretches are prepared: facts a page, and whether every fact is read whole by every material."""

    page: int = PAGE
    whole: bool = False


_T = TypeVar("_T")
_R = TypeVar("_R")


class Prepared(NamedTuple):
    """A stretch of the log, prepared: to which position, and what it adds."""

    upto: int
    stretch: Stretch


class Line:
    """Stretches of the log in order, prepared here, one after the other."""

    def __init__(self, log: Log, materials: Sequence[Material], how: How) -> None:
        """What to read, for whom."""
        self._log, self._materials, self._how = log, materials, how

    def stretches(self, after: int, upto: int) -> Iterator[Prepared]:
        """The facts at positions after+1 … `upto`, a page at a time."""
        for first, last in spans(after, upto, self._how.page):
            yield Prepared(last, prepare_stretch(self._log, self._materials, first, last, whole=self._how.whole))

    def digests(self, engine: Engine, generations: Sequence[Generation], upto: int) -> Iterator[Digest]:
        """The digests of some generations, in order, of facts to a position, read back from what is stored."""
        with engine.connect() as connection:
            told = (
                told_by(connection, generation.material, generation.number, upto, part)
                for generation in generations
                for part in range(generation.parts)
            )
            yield from digests(generations, told)


class Workers:
    """Stretches of the log in order, prepared by other processes."""

    def __init__(self, pool: ProcessPoolExecutor, count: int, how: How) -> None:
        """Use `workers`."""
        self._pool, self._count, self._how = pool, count, how

    def stretches(self, after: int, upto: int) -> Iterator[Prepared]:
        """The facts at positions after+1 … `upto`, a page at a time.

        Errors: what reading and preparing raises; WorkerIsGone when a process was killed.
        """
        asked = (
            (last, self._pool.submit(_prepare, first, last, self._how))
            for first, last in spans(after, upto, self._how.page)
        )
        for last, stretch in self._in_order(asked):
            yield Prepared(last, stretch)

    def digests(self, engine: Engine, generations: Sequence[Generation], upto: int) -> Iterator[Digest]:
        """The digests of some generations, in order, of facts to a position, read back from what is stored.

        The parts of each are read side by side. Errors: as of `stretches`.
        """
        url = engine.url.render_as_string(hide_password=False)
        asked = (
            (part, self._pool.submit(_told_by, url, generation.material.name, generation.number, upto, part))
            for generation in generations
            for part in range(generation.parts)
        )
        yield from digests(generations, (told for _, told in self._in_order(asked)))

    def _in_order(self, asked: Iterator[tuple[_T, Future[_R]]]) -> Iterator[tuple[_T, _R]]:
        """What was asked with its answer, a few questions ahead."""
        waiting: deque[tuple[_T, Future[_R]]] = deque()
        try:
            while True:
                waiting.extend(islice(asked, self._count * AHEAD - len(waiting)))
                if not waiting:
                    return
                what, future = waiting.popleft()
                yield what, future.result()
        except BrokenProcessPool as error:
            msg = "en av processerna som läser loggen avbröts utifrån"
            raise WorkerIsGone(msg) from error
        finally:
            for _, future in waiting:
                future.cancel()


def spans(after: int, upto: int, page: int) -> Iterator[tuple[int, int]]:
    """A stretch in pages: what each comes after, and where it ends."""
    for first in range(after, upto, page):
        yield first, min(first + page, upto)


@contextmanager
def workers(opener: Opener, names: Collection[str], how: How) -> Iterator[Workers]:
    """Processes that prepare the materials of these names, as many as there are processors, at most four."""
    count = min(len(os.sched_getaffinity(0)), MOST)
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=spawn, initializer=_begin, initargs=(opener, frozenset(names)))
    try:
        with _deaf_to_interrupts(), _without_program():
            # A process begins with every question while none is idle.
            for _ in range(count):
                pool.submit(os.getpid)
        yield Workers(pool, count, how)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes that begin inside leave Ctrl-C to the one that began them, from their first moment."""
    # Begins a process of its own the first time, and lets signals through again when it has.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_program() -> Iterator[None]:
    """Processes that begin inside do not load the program of the one that began them: they need the opener alone."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


@contextmanager
def line(
    log: Log, materials: Sequence[Material], opener: Opener | None, facts: int, how: How
) -> Iterator[Line | Workers]:
    """Whatever prepares so many facts fastest: other processes when they are very many, and can be opened."""
    if opener is None or facts < MANY:
        yield Line(log, materials, how)
    else:
        with workers(opener, {material.name for material in materials}, how) as several:
            yield several


# ---------------------------------------------------------------- in the processes

_opener: Opener
_names: frozenset[str]
_opened: list[tuple[Log, dict[str, Material]]] = []
_engines: dict[str, Engine] = {}


def _begin(opener: Opener, names: frozenset[str]) -> None:
    """Keep what to open, and end when the process that began this one does."""
    global _opener, _names
    _opener, _names = opener, names
    # Facts have no cycles, and there are too many of them to look for some.
    gc.disable()
    # The next page needs as much memory as the one before let go of.
    keep_room()
    # A rebuild may take longer, an answer may not.
    os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    os._exit(1)


def _prepare(after: int, upto: int, how: How) -> Stretch:
    """What a stretch adds."""
    with _told_over():
        log, materials = _open()
        return prepare_stretch(log, list(materials.values()), after, upto, whole=how.whole)


def _told_by(url: str, name: str, number: int, upto: int, part: int) -> Digest:
    """One part of the digest of a generation."""
    with _told_over():
        if url not in _engines:
            _engines[url] = open_database(url)
        with _engines[url].connect() as connection:
            return told_by(connection, _open()[1][name], number, upto, part)


def _open() -> tuple[Log, dict[str, Material]]:
    if not _opened:
        log, materials = _opener()
        _opened.append((log, {m.name: m for m in materials if m.name in _names}))
    return _opened[0]


@contextmanager
def _told_over() -> Iterator[None]:
    """Whatever is raised inside can be taken back to the process that asked."""
    try:
        yield
    except Exception as error:
        if _travels(error):
            raise
        msg = f"{type(error).__name__}: {error}"
        raise RuntimeError(msg) from None


def _travels(error: Any) -> bool:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own, made a moment ago
    except Exception:  # noqa: BLE001 - whatever it says, it does not travel
        return False
    return True
