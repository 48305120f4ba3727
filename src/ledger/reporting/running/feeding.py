"""Feeds generations with what was prepared: rows and pointers in one transaction, or neither.

A page is prepared without a lock; then the pointer rows are locked and, when another process was there first, the page
is thrown away. What was last seen of the pointers is remembered, so that nobody asks twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine

from ledger.reporting.entry import Material
from ledger.reporting.running import pointer as pointers
from ledger.reporting.running.pointer import Pointer
from ledger.reporting.running.preparing import Stretch
from ledger.reporting.stored.cube_writing import CubeStore
from ledger.reporting.stored.schema import writer
from ledger.reporting.stored.writing import Store, store_of

#: Names of errors (PEP 249) that are about what was written, not about the database it was written to.
_OF_WHAT_IS_WRITTEN: Final = frozenset({"DataError", "IntegrityError"})
_OF_DATABASES: Final = frozenset({"DBAPIError", "DatabaseError", "InterfaceError"})


class CannotBeStored(Exception):  # noqa: N818 - says what is so
    """What was prepared for one material does not fit its tables."""

    def __init__(self, name: str, error: Exception) -> None:
        """Say which material, and what the store raised."""
        self.name = name
        self.error = f"{type(error).__name__}: {error}"
        super().__init__(f"{name}: {self.error}")


class _Held(NamedTuple):
    """A store, and to which position its generation was filled when it was last used."""

    store: Store
    position: int


class Feeder:
    """Fills generations of some materials. One thread at a time."""

    def __init__(self, engine: Engine, materials: Mapping[str, Material]) -> None:
        """`materials` by the names of their pointers."""
        self._engine, self._writer, self._materials = engine, writer(engine), materials
        self._stores: dict[int, _Held] = {}
        self.seen: dict[str, Pointer] = {}

    def look(self) -> dict[str, Pointer]:
        """Every pointer as it is now."""
        with self._engine.connect() as connection:
            self.seen = pointers.read(connection)
        return self.seen

    def get_ready(self, pointers: Iterable[Pointer]) -> None:
        """Let the stores of some generations learn what is stored, so that nobody waits for it with the first page."""
        with self._engine.connect() as connection:
            for pointer in pointers:
                store = self._store(pointer, self._materials[pointer.name])
                if isinstance(store, CubeStore):
                    store.get_ready(connection)
                    self._stores[pointer.material] = _Held(store, pointer.position)

    def feed(self, moving: Iterable[Pointer], stretch: Stretch, *, lasting: bool = True) -> bool:
        """Write what a stretch adds to some generations; False when they are not where they were thought to be.

        `lasting`: it is on disk then. Errors: CannotBeStored, for one material; whatever the database says. Then
        nothing is written.
        """
        fed = [p for p in moving if stretch[self._materials[p.name].name].upto > p.position]
        if not fed:
            return True
        with self.transaction() as connection:
            if not lasting:
                pointers.let_wait(connection)
            now = pointers.read(connection, lock=[p.name for p in fed])
            if any(now.get(p.name) != p for p in fed):
                self.seen = pointers.read(connection)
                return False
            moved = self.write(connection, fed, stretch)
        self.seen = self.seen | moved
        return True

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that writes; what stores remember of one that fails does not exist."""
        try:
            with self._writer.begin() as connection:
                yield connection
        except BaseException:
            self._stores.clear()
            raise

    def write(self, connection: Connection, fed: Sequence[Pointer], stretch: Stretch) -> dict[str, Pointer]:
        """Write to generations whose pointers are held; gives them as they are then. Errors: as `feed`."""
        moved: dict[str, Pointer] = {}
        for pointer in fed:
            material = self._materials[pointer.name]
            part, store = stretch[material.name], self._store(pointer, material)
            try:
                store.write(connection, part.prepared, part.upto)
            except Exception as error:
                if is_of_database(error):
                    raise
                raise CannotBeStored(material.name, error) from error
            self._stores[pointer.material] = _Held(store, part.upto)
            moved[pointer.name] = Pointer(pointer.name, pointer.version, pointer.material, part.upto)
        for upto in sorted({pointer.position for pointer in moved.values()}):
            pointers.move(connection, [p for p in moved.values() if p.position == upto], upto)
        return moved

    def _store(self, pointer: Pointer, material: Material) -> Store:
        """The store of a generation; a new one where another process has filled it since ours did."""
        held = self._stores.get(pointer.material)
        if held is None or held.position != pointer.position:
            return store_of(material, pointer.material)
        return held.store


def is_of_database(error: BaseException) -> bool:
    """Whether an error is about the database rather than about what was to be written."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & _OF_DATABASES) and not kinds & _OF_WHAT_IS_WRITTEN
