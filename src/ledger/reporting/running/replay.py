"""Playing the log again: every material worked out from the facts alone, and compared with what is stored.

Every fact is read whole and asked of by every material, without the short cuts of who keeps the read model: what comes
out is independent of them, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from ledger.reporting.entry import Material
from ledger.reporting.log import Log
from ledger.reporting.running import pointer as pointers
from ledger.reporting.running.digests import Digest, Generation, fold_of
from ledger.reporting.running.preparing import PAGE
from ledger.reporting.running.rebuild import Told
from ledger.reporting.running.rebuild_workers import How, Line, Opener, Workers, line


class CannotBePlayed(Exception):  # noqa: N818 - says what is so
    """A material cannot take a fact. The text is a Swedish sentence for people."""


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


def replay(
    log: Log,
    materials: Iterable[Material],
    upto: int,
    *,
    stored: Engine | None = None,
    told: Told | None = None,
    page: int = PAGE,
    opener: Opener | None = None,
) -> list[Compared]:
    """Every material worked out from the facts to a position, compared with what `stored` holds to the same position.

    The stored read model is left as it is. Errors: CannotBePlayed; what reading the log raises.
    """
    chosen = sorted(materials, key=lambda material: material.name)
    folds = {material.name: fold_of(material) for material in chosen}
    with line(log, chosen, opener, upto, How(page, whole=True)) as several:
        for prepared in several.stretches(0, upto):
            for name, part in prepared.stretch.items():
                if part.failure:
                    msg = f"Uppspelningen avbröts: {part.failure.sentence()}."
                    raise CannotBePlayed(msg)
                folds[name].add(part.prepared)
            if told:
                told("spelar upp", prepared.upto, upto)
        replayed = {name: Digest(*fold.result()) for name, fold in folds.items()}
        found = _stored(stored, several, chosen, upto) if stored else {}
    return [Compared(m.name, m.version, replayed[m.name], found.get(m.name)) for m in chosen]


def _stored(engine: Engine, by: Line | Workers, materials: Sequence[Material], upto: int) -> dict[str, Digest]:
    with engine.connect() as connection:
        known = pointers.read(connection)
    generations = [
        Generation(m, known[m.name].material)
        for m in materials
        if m.name in known and known[m.name].version == m.version and known[m.name].position >= upto
    ]
    found = by.digests(engine, generations, upto)
    return {one.material.name: digest for one, digest in zip(generations, found, strict=True)}
