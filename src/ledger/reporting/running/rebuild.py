"""A rebuild: new generations beside those that count, compared with the facts, and put in their place together.

Readers never wait: the old ones serve until the switch, which is one transaction. What does not hold exactly what the
facts say is not put in place. What an interrupted rebuild leaves is thrown away by the next.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from ledger.reporting.entry import Material
from ledger.reporting.log import Log
from ledger.reporting.running import generations
from ledger.reporting.running import pointer as pointers
from ledger.reporting.running.digests import Digest, Fold, Generation, fold_of
from ledger.reporting.running.feeding import CannotBeStored, Feeder
from ledger.reporting.running.pointer import BUILDING, Pointer
from ledger.reporting.running.preparing import PAGE, prepare_stretch
from ledger.reporting.running.rebuild_workers import How, Line, Opener, Prepared, WorkerIsGone, Workers, line

#: So many facts behind the log, what is built has caught up: the rest is written together with the switch.
NEAR: Final = 1_000

#: While we rebuild, waste is looked for so many times more seldom: what is prepared is many objects, none in circles.
SELDOM: Final = 100

#: Told how far some work has come: what it is called, how much is done, and of how much.
Told = Callable[[str, int, int], None]


class RebuildFailed(Exception):  # noqa: N818 - says what is so
    """New generations were not put in place; the old ones serve on. The text is a Swedish sentence for people."""


class RebuildIsUnderWay(Exception):  # noqa: N818 - says what is so
    """Somebody else is rebuilding: nothing was begun. The text is a Swedish sentence for people."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A material that was built anew. `was_alike`: the old one held the same, as far as it had come."""

    name: str
    was_alike: bool


class Rebuild:
    """One rebuild of some materials. The turn to rebuild is ours."""

    def __init__(
        self,
        engine: Engine,
        log: Log,
        materials: Sequence[Material],
        *,
        writing: AbstractContextManager[object],
        page: int = PAGE,
        opener: Opener | None = None,
    ) -> None:
        """`writing` is held around each transaction that writes, so that threads of one process take turns."""
        self._engine, self._log, self._page, self._opener = engine, log, page, opener
        self._writing = writing
        self._materials = {material.name: material for material in materials}
        self._building = {BUILDING.format(name): material for name, material in self._materials.items()}
        self._folds: dict[str, Fold] = {name: fold_of(material) for name, material in self._materials.items()}
        self._feeder = Feeder(engine, self._building)
        self._told: Told | None = None

    def run(self, told: Told | None = None) -> list[Rebuilt]:
        """Build, compare and switch. Errors: RebuildFailed; whatever the database or the log says."""
        self._told = told
        with self._writing:
            built = generations.begin_building(self._engine, self._materials.values())
        materials, head = list(self._materials.values()), self._log.head()[0]
        try:
            with _seldom_collecting(), line(self._log, materials, self._opener, head, How(self._page)) as first:
                built = self._build(first, built, head)
                rebuilt = self._compare(first, built, head)
            while not self._switch(built):
                built = self._build(Line(self._log, materials, How(self._page)), built, self._log.head()[0])
        except (CannotBeStored, WorkerIsGone) as error:
            msg = f"Ombyggnaden avbröts: {error}. De gamla underlagen gäller."
            raise RebuildFailed(msg) from error
        return rebuilt

    def _build(self, by: Line | Workers, built: dict[str, Pointer], upto: int) -> dict[str, Pointer]:
        """Bring what is built to a position."""
        after = min(pointer.position for pointer in built.values())
        for prepared in by.stretches(after, upto):
            built = self._write(built, prepared)
            if self._told:
                self._told("bygger om", prepared.upto, upto)
        return built

    def _write(self, built: dict[str, Pointer], prepared: Prepared) -> dict[str, Pointer]:
        for name, part in prepared.stretch.items():
            if part.failure:
                msg = f"Ombyggnaden avbröts: {part.failure.sentence()}. De gamla underlagen gäller."
                raise RebuildFailed(msg)
            self._folds[name].add(part.prepared)
        with self._writing:
            # The switch puts all of it on disk: until then it counts for nobody.
            fed = self._feeder.feed(built.values(), prepared.stretch, lasting=False)
        if not fed:
            msg = "Ombyggnaden avbröts: underlagen som byggdes ändrades av någon annan. De gamla underlagen gäller."
            raise RebuildFailed(msg)
        return {name: self._feeder.seen[name] for name in built}

    def _compare(self, by: Line | Workers, built: dict[str, Pointer], upto: int) -> list[Rebuilt]:
        """What is stored, read back, against the facts. Errors: RebuildFailed when a material differs."""
        with self._engine.connect() as connection:
            counting = pointers.read(connection)
        said = {name: Digest(*fold.result()) for name, fold in self._folds.items()}
        new = [Generation(each, built[BUILDING.format(each.name)].material) for each in self._materials.values()]
        old = [
            # Nobody asks what the old ones kept ahead of their entries.
            Generation(material, counting[name].material, ahead=False)
            for name, material in self._materials.items()
            if name in counting and counting[name].version == material.version and counting[name].position >= upto
        ]
        differing: set[str] = set()
        both = [*new, *old]
        for n, (one, found) in enumerate(zip(both, by.digests(self._engine, both, upto), strict=True)):
            name = one.material.name
            if found != said[name] and n < len(new):
                msg = f"Det nya underlaget {name} håller inte det som fakta säger. De gamla underlagen gäller."
                raise RebuildFailed(msg)
            if found != said[name]:
                differing.add(name)
            if self._told:
                self._told("jämför", n + 1, len(both))
        return [Rebuilt(name, name not in differing) for name in self._materials]

    def _switch(self, built: dict[str, Pointer]) -> bool:
        """Put what was built in place, with the last facts that the old ones hold; False when those are too many."""
        with self._writing, self._feeder.transaction() as connection:
            now = pointers.read(connection, lock=[*self._materials, *built])
            if any(now.get(name) != pointer for name, pointer in built.items()):
                msg = "Ombyggnaden avbröts: underlagen som byggdes är borta. De gamla underlagen gäller."
                raise RebuildFailed(msg)
            position = min(pointer.position for pointer in built.values())
            furthest = max((now[name].position for name in self._materials if name in now), default=0)
            if furthest - position > NEAR:
                return False
            if furthest > position:
                rest = prepare_stretch(self._log, list(self._materials.values()), position, furthest)
                failures = [part.failure for part in rest.values() if part.failure]
                if failures:
                    msg = f"Ombyggnaden avbröts: {failures[0].sentence()}. De gamla underlagen gäller."
                    raise RebuildFailed(msg)
                self._feeder.write(connection, list(built.values()), rest)
            generations.put_in_place(connection, self._materials, now)
        return True


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(before[0] * SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
