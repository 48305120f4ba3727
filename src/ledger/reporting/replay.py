"""Playing the log again: every material rebuilt from the facts alone, in memory, and compared with what is stored.

Two read models that hold the same give the same digest, whatever database they lie in and however often they were
rebuilt: SHA-256 over every entry and row in log order, cells by their key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, select

from ledger.reporting.entry import Cube, Material
from ledger.reporting.log import Log
from ledger.reporting.runner import Runner
from ledger.reporting.schema import CELL, ENTRY, POINTER, ROW, open_database


@dataclass(frozen=True, slots=True)
class Digest:
    """What a material holds to a position: how many entries or rows, and the sum of their bytes."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One material, played again and as stored. `stored` is None where the read model lacks it."""

    name: str
    version: int
    replayed: Digest
    stored: Digest | None

    @property
    def alike(self) -> bool:
        """Whether both hold the same."""
        return self.replayed == self.stored


def digest(connection: Connection, material: Material, number: int, upto: int) -> Digest:
    """The digest of one generation of a material, of facts to a position."""
    sha, count = hashlib.sha256(), 0
    for line in _lines(connection, material, number, upto):
        sha.update(line.encode())
        count += 1
    return Digest(count, sha.hexdigest())


def _lines(connection: Connection, material: Material, number: int, upto: int) -> Iterator[str]:
    table = ENTRY if isinstance(material, Cube) else ROW
    within = and_(table.c.material == number, table.c.position <= upto)
    streaming = connection.execution_options(yield_per=10_000)
    if isinstance(material, Cube):
        cells = connection.execute(select(CELL.c.cell_id, CELL.c.key).where(CELL.c.material == number))
        key_of = {row[0]: row[1] for row in cells}
        query = select(
            ENTRY.c.position, ENTRY.c.n, ENTRY.c.cell_id, ENTRY.c.period, ENTRY.c.effective, ENTRY.c.amount_ore
        ).where(within)
        for position, n, cell, period, effective, amount in streaming.execute(
            query.order_by(ENTRY.c.position, ENTRY.c.n)
        ):
            yield f"{position} {n} {key_of.get(cell)} {period} {effective} {amount}\n"
    else:
        listed = select(ROW.c.position, ROW.c.n, ROW.c.key, ROW.c.data).where(within)
        for row in streaming.execute(listed.order_by(ROW.c.position, ROW.c.n)):
            yield f"{row[0]} {row[1]} {row[2]} {row[3]}\n"


def replay(
    log: Log,
    materials: Iterable[Material],
    upto: int,
    *,
    stored: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
    page: int = 10_000,
) -> list[Compared]:
    """Every material rebuilt from the facts to a position, compared with what `stored` holds to the same position.

    `progress` is told how far it has come and how far it goes. The stored read model is left as it is.
    """
    chosen = sorted(materials, key=lambda material: material.name)
    memory = open_database("sqlite://")
    try:
        runner = Runner(memory, log, chosen, page=page)
        done = 0
        while done < upto:
            done = runner.catch_up(min(done + page, upto))
            if progress:
                progress(done, upto)
        runner.prepare()
        replayed = digests(memory, chosen, upto)
        found = digests(stored, chosen, upto) if stored else {}
    finally:
        memory.dispose()
    return [
        Compared(material.name, material.version, replayed[material.name], found.get(material.name))
        for material in chosen
    ]


def digests(engine: Engine, materials: Iterable[Material], upto: int) -> dict[str, Digest]:
    """The digests of the generations that count, where they have come as far as the position."""
    found = {}
    with engine.connect() as connection:
        pointers = connection.execute(
            select(POINTER.c.name, POINTER.c.version, POINTER.c.material, POINTER.c.position)
        ).all()
        known = {name: (version, number, position) for name, version, number, position in pointers}
        for material in materials:
            version, number, position = known.get(material.name, (0, 0, -1))
            if version == material.version and position >= upto:
                found[material.name] = digest(connection, material, number, upto)
    return found
