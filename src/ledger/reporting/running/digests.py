"""What a material holds, as one digest: of what is stored, and of the facts themselves without storing anything.

Two read models that hold the same give the same digest, whatever database they lie in and however often they were
rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection

from ledger.reporting.entry import Cube, Material
from ledger.reporting.stored.cube_digest import CubeFold, check_vectors, cube_digest
from ledger.reporting.stored.register_digest import RowsFold, rows_digest
from ledger.reporting.stored.writing import Prepared

#: In place of the sum of bytes, where what is kept ahead of the entries does not follow from them.
CONTRADICTION: Final = "summorna i förväg stämmer inte med posterna"


@dataclass(frozen=True, slots=True)
class Digest:
    """What a material holds to a position: how many entries or rows, and the sum of their bytes."""

    rows: int
    sha256: str


class Fold(Protocol):
    """A digest in the making, of what facts add to one material."""

    def add(self, prepared: Prepared) -> None:
        """Go on with what the next stretch of the log adds."""

    def result(self) -> tuple[int, str]:
        """How many entries or rows, and the sum of their bytes."""


def fold_of(material: Material) -> Fold:
    """An empty fold for a material."""
    return CubeFold() if isinstance(material, Cube) else RowsFold(material)


class Generation(NamedTuple):
    """One generation of a material. `ahead`: whether what it keeps ahead of its entries is compared with them."""

    material: Material
    number: int
    ahead: bool = True

    @property
    def parts(self) -> int:
        """Into how many parts its digest falls; each is read back by itself."""
        return 1 + (len(self.material.views) if self.ahead and isinstance(self.material, Cube) else 0)


def told_by(connection: Connection, material: Material, number: int, upto: int, part: int) -> Digest:
    """One part of the digest of a generation, read back from what is stored.

    The first is what it holds; of a cube each other one is about a view, and has no rows: it only says whether what is
    kept ahead agrees.
    """
    if not isinstance(material, Cube):
        return Digest(*rows_digest(connection, material, number, upto))
    if part:
        return Digest(0, "" if check_vectors(connection, material, number, part - 1) else CONTRADICTION)
    return Digest(*cube_digest(connection, material, number, upto))


def digests(generations: Iterable[Generation], told: Iterable[Digest]) -> Iterator[Digest]:
    """The digest of each generation, from those of all their parts, one after the other."""
    following = iter(told)
    for generation in generations:
        holds, *ahead = islice(following, generation.parts)
        yield Digest(holds.rows, CONTRADICTION) if any(one.sha256 == CONTRADICTION for one in ahead) else holds
