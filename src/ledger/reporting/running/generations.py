"""Generations of material: begun, built beside those that count, put in their place, and taken away.

Readers never wait and never see a mixture: they find every generation through pointers that change in one transaction.
The rows of what nobody may ask for any more are taken away a few at a time, so that nobody waits for that either.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import Connection, Engine, Table, delete, select, tuple_

from ledger.reporting.entry import Material
from ledger.reporting.running import pointer as pointers
from ledger.reporting.running.pointer import BUILDING, Pointer
from ledger.reporting.stored.schema import LAYOUT, METADATA, POINTER, create_tables, writer

#: Tables of earlier layouts that have other names now.
FORMER: Final = ("cube_entry", "cube_cell", "register_row")

#: A material that is so many facts behind the others is built beside them instead of holding them up.
FAR: Final = 100_000

#: How long a transaction that takes rows away goes on, in seconds: whoever keeps up with the log waits for it.
A_WHILE: Final = 0.005

#: Rows of a table that are taken away at first, and at least. Each may be large; while it goes quickly, twice as many.
ROWS_AT_FIRST: Final = 25


def ready(engine: Engine, materials: Iterable[Material]) -> None:
    """Create the tables and the pointers that are missing; what is laid out otherwise is built from the beginning."""
    create_tables(engine)
    with writer(engine).begin() as connection:
        if pointers.take_turns(connection) != LAYOUT:
            _lay_out(connection)
        known = pointers.read(connection)
        for material in materials:
            if material.name not in known:
                pointers.begin(connection, material.name, material.version)


def condemn_leftovers(engine: Engine) -> None:
    """Condemn what an interrupted rebuild left. Needs the turn to rebuild."""
    with writer(engine).begin() as connection:
        pointers.take_turns(connection)
        for left in pointers.read(connection).values():
            if left.is_building:
                pointers.condemn(connection, left)


def _lay_out(connection: Connection) -> None:
    """Begin anew with the tables as they are declared now. Pointers stay a table: others may wait for its lock."""
    for left in pointers.read(connection).values():
        pointers.remove(connection, left)
    tables = [table for table in METADATA.sorted_tables if table is not POINTER]
    METADATA.drop_all(connection, tables)
    for name in FORMER:
        if name not in METADATA.tables:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    METADATA.create_all(connection, tables)
    pointers.set_layout(connection, LAYOUT)


def outdated(seen: Mapping[str, Pointer], materials: Mapping[str, Material]) -> list[str]:
    """The materials that are to be built anew beside what counts: declared otherwise, or very new beside old ones."""
    furthest = max((seen[name].position for name in materials if name in seen), default=0)
    return [
        name
        for name, material in materials.items()
        if name in seen and (seen[name].version != material.version or (seen[name].position == 0 and furthest >= FAR))
    ]


def begin_building(engine: Engine, materials: Iterable[Material]) -> dict[str, Pointer]:
    """New, empty generations beside those that count; what an earlier attempt left is condemned."""
    begun: dict[str, Pointer] = {}
    with writer(engine).begin() as connection:
        pointers.take_turns(connection)
        known = pointers.read(connection)
        for material in materials:
            name = BUILDING.format(material.name)
            if name in known:
                pointers.condemn(connection, known[name])
            begun[name] = pointers.begin(connection, name, material.version)
    return begun


def put_in_place(connection: Connection, names: Collection[str], now: Mapping[str, Pointer]) -> None:
    """What was built becomes what counts, and what counted is condemned. The pointers in `now` are held."""
    for name in names:
        if name in now:
            pointers.condemn(connection, now[name])
        pointers.rename(connection, now[BUILDING.format(name)], name)


def sweep(engine: Engine, writing: AbstractContextManager[object]) -> None:
    """Take away the rows of every generation that is condemned, for a while in each transaction, inside `writing`."""
    with writing, engine.connect() as connection:
        condemned = [left for left in pointers.read(connection).values() if left.is_condemned]
    for left in condemned:
        tables = [table for table in METADATA.sorted_tables if table is not POINTER and "material" in table.c]
        at_once = ROWS_AT_FIRST
        while tables:
            with writing, writer(engine).begin() as connection:
                pointers.let_wait(connection)
                at_once = _take_away_for_a_while(connection, tables, left.material, at_once)
        with writing, writer(engine).begin() as connection:
            pointers.remove(connection, left)


def _take_away_for_a_while(connection: Connection, tables: list[Table], number: int, at_once: int) -> int:
    """Take away rows of a generation from the last of some tables, and drop from the list what is empty then.

    So many rows at once at first; gives with how many to go on.
    """
    until = time.monotonic() + A_WHILE
    while tables:
        since = time.monotonic()
        gone = _take_away(connection, tables[-1], number, at_once)
        now = time.monotonic()
        if gone < at_once:
            tables.pop()
            at_once = ROWS_AT_FIRST
        elif now - since < A_WHILE / 2:
            at_once *= 2
        elif now - since > A_WHILE:
            at_once = max(at_once // 2, ROWS_AT_FIRST)
        if now >= until:
            break
    return at_once


def _take_away(connection: Connection, table: Table, number: int, at_once: int) -> int:
    """Take away some rows of a generation; gives how many there were."""
    key = tuple_(*table.primary_key.columns)
    some = select(*table.primary_key.columns).where(table.c.material == number).limit(at_once)
    return connection.execute(delete(table).where(table.c.material == number, key.in_(some))).rowcount
