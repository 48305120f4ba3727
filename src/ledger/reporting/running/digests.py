"""What a material holds, as one digest: of what is stored, and of the facts themselves without storing anything.

Two read models that hold the same give the same digest, whatever database they lie in and however often they were
rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

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


def digest_stored(connection: Connection, material: Material, number: int, upto: int, *, ahead: bool = True) -> Digest:
    """The digest of one generation of a material, of facts to a position, read back from what is stored.

    With `ahead` the sums that are kept ahead are checked against the entries.
    """
    if not isinstance(material, Cube):
        return Digest(*rows_digest(connection, material, number, upto))
    rows, sha256 = cube_digest(connection, material, number, upto)
    agrees = not ahead or check_vectors(connection, material, number)
    return Digest(rows, sha256 if agrees else CONTRADICTION)
