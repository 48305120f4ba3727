"""Keeps the read model up with the log: pages of facts, rows and position in one transaction.

Guards: several processes may run it on one database. A page is prepared without a lock; then the pointer row is locked
and, when another process was there first, the page is thrown away. After kill -9 the pointer says where to go on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger.reporting.entry import Material
from ledger.reporting.log import Log
from ledger.reporting.schema import POINTER, create_tables, writer
from ledger.reporting.writing import Store, forget, prepare, store_of

#: Facts a page.
PAGE: Final = 10_000

#: How long the background thread waits for news before it looks by itself, in seconds.
PATIENCE: Final = 1.0

#: How long it rests after a database error, in seconds.
REST: Final = 0.5

#: What a generation is called while it is built beside the one that counts.
BUILDING: Final = "{} (byggs)"

#: The pointer row that numbers generations.
COUNTER: Final = "#"

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pointer:
    """How far one generation of a material has read the log."""

    name: str
    version: int
    material: int
    position: int


class Runner:
    """Runs every material over the log. Safe to use from several threads and processes."""

    def __init__(self, engine: Engine, log: Log, materials: Iterable[Material], *, page: int = PAGE) -> None:
        self._engine, self._log, self._page = engine, log, page
        self._materials = {material.name: material for material in materials}
        self._stores: dict[int, Store] = {}
        self._one_at_a_time = threading.RLock()
        self._advanced = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self.trouble: str | None = None
        self._ready = False

    # ------------------------------------------------------------ state

    def prepare(self) -> None:
        """Create the tables and the pointers; start over what is declared with another version."""
        if self._ready:
            return
        create_tables(self._engine)
        with writer(self._engine).begin() as connection:
            _take_turns(connection)
            known = {pointer.name: pointer for pointer in _pointers(connection, lock=True)}
            for name, material in self._materials.items():
                pointer = known.get(name)
                if pointer and pointer.version != material.version:
                    _forget(connection, pointer)
                    pointer = None
                if not pointer:
                    _begin(connection, name, material.version)
        self._ready = True

    def pointers(self) -> dict[str, Pointer]:
        """How far each material has come, by name."""
        self.prepare()
        with self._engine.connect() as connection:
            return {pointer.name: pointer for pointer in _pointers(connection)}

    def position(self) -> int:
        """How far all materials have come."""
        pointers = self.pointers()
        return min((pointers[name].position for name in self._materials if name in pointers), default=0)

    # ------------------------------------------------------------ going forward

    def catch_up(self, upto: int | None = None) -> int:
        """Run until the read model has all facts of the log (or those `upto` a position); gives its position."""
        self.prepare()
        target = self._log.head()[0] if upto is None else upto
        with self._one_at_a_time:
            while self._step(target):
                pass
        with self._advanced:
            self._advanced.notify_all()
        return self.position()

    def wait_for(self, position: int, timeout: float = 30.0) -> bool:
        """Whether the read model holds the fact at `position`, at the latest after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while self.position() < position:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self._thread is None:
                self.catch_up(position)
            else:
                with self._advanced:
                    self._advanced.wait(min(left, 0.05))
        return True

    def _step(self, target: int) -> bool:
        """One page for the materials that are furthest behind; False when none is behind."""
        pointers = [p for p in self.pointers().values() if p.name in self._materials]
        return self._advance(pointers, target, lambda name: self._materials[name])

    def _advance(self, pointers: list[Pointer], target: int, material_of: Callable[[str], Material]) -> bool:
        after = min((p.position for p in pointers), default=target)
        if after >= target:
            return False
        behind = [p for p in pointers if p.position == after]
        upto = min([target, *(p.position for p in pointers if p.position > after)])
        page = self._log.read(after, upto=upto, limit=self._page)
        if not page:
            return False
        prepared = [(p, prepare(material_of(p.name), page)) for p in behind]
        try:
            with writer(self._engine).begin() as connection:
                if not set(_pointers(connection, lock=True)).issuperset(behind):
                    # Another process was first, or began a new generation: look again.
                    return True
                for pointer, rows in prepared:
                    number = pointer.material
                    store = self._stores.setdefault(number, store_of(material_of(pointer.name), number))
                    store.write(connection, rows, page[-1].position)
                    _move(connection, pointer, page[-1].position)
        except BaseException:
            # What a store remembers of a transaction that failed does not exist.
            self._stores.clear()
            raise
        return True

    # ------------------------------------------------------------ rebuilding

    def rebuild(self, names: Iterable[str] = (), check: Callable[[Pointer, Pointer], None] | None = None) -> list[str]:
        """Build new generations beside the old ones and switch, in one transaction. Readers never wait.

        `check` is called with the old and the new pointer before the switch and raises to stop it.
        """
        chosen = [name for name in self._materials if not names or name in set(names)]
        self.catch_up()
        with self._one_at_a_time:
            self._begin_building(chosen)
            while not self._switched(chosen, check):
                pass
        return chosen

    def _begin_building(self, names: list[str]) -> None:
        """New, empty generations beside those that count; what an earlier attempt left is thrown away."""
        building = {BUILDING.format(name): name for name in names}
        with writer(self._engine).begin() as connection:
            _take_turns(connection)
            for pointer in _pointers(connection, lock=True):
                if pointer.name in building:
                    _forget(connection, pointer)
            for waiting, name in building.items():
                _begin(connection, waiting, self._materials[name].version)

    def _switched(self, names: list[str], check: Callable[[Pointer, Pointer], None] | None) -> bool:
        """One page for the new generations, or, when all have come as far as the old ones, the switch."""
        known = self.pointers()
        pairs = [(known[name], known[BUILDING.format(name)]) for name in names]
        behind = [(old, new) for old, new in pairs if new.position < old.position]
        if behind:
            building = {BUILDING.format(name): self._materials[name] for name in names}
            target = min(old.position for old, _ in behind)
            self._advance([new for _, new in behind], target, building.__getitem__)
            return False
        for pair in pairs:
            if check:
                check(*pair)
        with writer(self._engine).begin() as connection:
            # Another process may have read on meanwhile: then the new generations have a page to go.
            if not {pointer for pair in pairs for pointer in pair} <= set(_pointers(connection, lock=True)):
                return False
            for old, new in pairs:
                _forget(connection, old)
                connection.execute(update(POINTER).where(POINTER.c.name == new.name).values(name=old.name))
        return True

    # ------------------------------------------------------------ in the background

    def start(self) -> None:
        """Keep up in a thread of its own until `stop`."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._keep_up, name="reporting-runner", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End the thread, at the latest after `timeout` seconds."""
        thread, self._thread = self._thread, None
        self._stopping.set()
        if thread:
            thread.join(timeout)

    def _keep_up(self) -> None:
        seen = 0
        while not self._stopping.is_set():
            try:
                seen = self.catch_up()
                self.trouble = None
                self._log.wait(seen, PATIENCE)
            except Exception as error:  # noqa: BLE001 - whatever the database says, the next try may succeed
                self.trouble = f"{type(error).__name__}: {error}"
                self._ready = False  # whoever threw the read model away gets it back
                LOGGER.warning("the read model waits at %s: %s", seen, self.trouble)
                self._stopping.wait(REST)


def _pointers(connection: Connection, *, lock: bool = False) -> list[Pointer]:
    """Every pointer; with `lock` nobody else moves one until the transaction ends (SQLite has locked already)."""
    query = (
        select(POINTER.c.name, POINTER.c.version, POINTER.c.material, POINTER.c.position)
        .where(POINTER.c.name != COUNTER)
        .order_by(POINTER.c.name)
    )
    return [Pointer(*row) for row in connection.execute(query.with_for_update() if lock else query)]


def _take_turns(connection: Connection) -> None:
    """Hold the counter row until the transaction ends, so that one process at a time begins generations."""
    if connection.dialect.name == "sqlite":
        enter = sqlite.insert(POINTER).on_conflict_do_nothing()
    else:
        enter = postgresql.insert(POINTER).on_conflict_do_nothing()  # type: ignore[assignment]
    connection.execute(enter.values(name=COUNTER, version=0, material=0, position=0))
    connection.execute(select(POINTER.c.material).where(POINTER.c.name == COUNTER).with_for_update())


def _begin(connection: Connection, name: str, version: int) -> None:
    """A new, empty generation. Its number is never used again: readers remember what a number held."""
    counter = POINTER.c.name == COUNTER
    connection.execute(update(POINTER).where(counter).values(material=POINTER.c.material + 1))
    number = connection.execute(select(POINTER.c.material).where(counter)).scalar_one()
    connection.execute(insert(POINTER).values(name=name, version=version, material=number, position=0))


def _move(connection: Connection, pointer: Pointer, position: int) -> None:
    connection.execute(update(POINTER).where(POINTER.c.name == pointer.name).values(position=position))


def _forget(connection: Connection, pointer: Pointer) -> None:
    """Take away a generation with all its rows."""
    forget(connection, pointer.material)
    connection.execute(delete(POINTER).where(POINTER.c.name == pointer.name))
