"""Pointers: which generation of each material counts, what is being built or thrown away, and how far each has come.

Guards: who writes holds the pointer rows of what is written until the transaction ends, so that of two writers one
sees that the other was first. Generations are begun one at a time, and their numbers are never used again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger.reporting.stored.schema import POINTER

#: What a generation is called while it is built beside the one that counts.
BUILDING: Final = "{} (byggs)"

#: What a generation is called when nobody may ask for it any more, until its rows are gone.
CONDEMNED: Final = "(kastas) {}"

#: The pointer row that numbers generations; its version is the layout of the tables.
COUNTER: Final = "#"


@dataclass(frozen=True, slots=True)
class Pointer:
    """How far one generation of a material has read the log."""

    name: str
    version: int
    material: int
    position: int

    @property
    def is_building(self) -> bool:
        """Whether it is being built beside another."""
        return self.name.endswith(BUILDING.format(""))

    @property
    def is_condemned(self) -> bool:
        """Whether it waits for its rows to be taken away."""
        return self.name == CONDEMNED.format(self.material)


#: The driver's own statements, for pointers are read and moved in every step.
_EVERY: Final = "SELECT name, version, material, position FROM projection_pointer WHERE name <> '#' ORDER BY name"
_HELD: Final = (
    "SELECT name, version, material, position FROM projection_pointer WHERE name = ANY(%s) ORDER BY name FOR UPDATE"
)
_MOVE_ONE: Final = "UPDATE projection_pointer SET position = ? WHERE name = ?"
_MOVE: Final = "UPDATE projection_pointer SET position = %s WHERE name = ANY(%s)"


def read(connection: Connection, *, lock: Collection[str] = ()) -> dict[str, Pointer]:
    """Every pointer by name. Or those in `lock`, and nobody else moves them until the transaction ends."""
    if lock and connection.dialect.name == "postgresql":
        return {row[0]: Pointer(*row) for row in connection.exec_driver_sql(_HELD, (list(lock),))}
    # SQLite has locked the database when a transaction that writes began.
    found = connection.exec_driver_sql(_EVERY)
    return {row[0]: Pointer(*row) for row in found if not lock or row[0] in lock}


def take_turns(connection: Connection) -> int:
    """Hold the counter row until the transaction ends, so that one at a time begins generations; gives the layout."""
    if connection.dialect.name == "sqlite":
        enter = sqlite.insert(POINTER).on_conflict_do_nothing()
    else:
        enter = postgresql.insert(POINTER).on_conflict_do_nothing()  # type: ignore[assignment]
    connection.execute(enter.values(name=COUNTER, version=0, material=0, position=0))
    query = select(POINTER.c.version).where(POINTER.c.name == COUNTER).with_for_update()
    return int(connection.execute(query).scalar_one())


def set_layout(connection: Connection, layout: int) -> None:
    """Note how the tables are laid out."""
    connection.execute(update(POINTER).where(POINTER.c.name == COUNTER).values(version=layout))


def let_wait(connection: Connection) -> None:
    """What this transaction writes need not be on disk when it ends: it is with the next one that does not say so.

    For what counts for nobody yet or any more. A crash may undo the last such transactions, never one and not a later.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def begin(connection: Connection, name: str, version: int) -> Pointer:
    """A new, empty generation. Its number is never used again: readers remember what a number held."""
    counter = POINTER.c.name == COUNTER
    connection.execute(update(POINTER).where(counter).values(material=POINTER.c.material + 1))
    number = int(connection.execute(select(POINTER.c.material).where(counter)).scalar_one())
    connection.execute(insert(POINTER).values(name=name, version=version, material=number, position=0))
    return Pointer(name, version, number, 0)


def move(connection: Connection, pointers: Iterable[Pointer], position: int) -> None:
    """What these generations hold reaches to a position."""
    names = [pointer.name for pointer in pointers]
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_MOVE, (position, names))
    else:
        connection.exec_driver_sql(_MOVE_ONE, [(position, name) for name in names])


def rename(connection: Connection, pointer: Pointer, name: str) -> None:
    """Let a generation be found by another name."""
    connection.execute(update(POINTER).where(POINTER.c.name == pointer.name).values(name=name))


def condemn(connection: Connection, pointer: Pointer) -> None:
    """Nobody may ask for a generation any more; its rows are taken away later, a few at a time."""
    rename(connection, pointer, CONDEMNED.format(pointer.material))


def remove(connection: Connection, pointer: Pointer) -> None:
    """Forget a generation whose rows are gone."""
    connection.execute(delete(POINTER).where(POINTER.c.name == pointer.name))
