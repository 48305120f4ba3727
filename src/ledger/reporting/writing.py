"""What a stretch of the log becomes in the read model, and the stores that keep it, one for each kind of material."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from ledger.reporting.cube_writing import CubeStore, forget_cube, prepare_cube, prepare_postings
from ledger.reporting.entry import Cube, Material
from ledger.reporting.log import Postings, Recorded
from ledger.reporting.register_writing import RowStore, forget_rows, prepare_rows

#: What a stretch of the log adds to one material: each kind has its own form. Can be pickled.
Prepared = Any


class Store(Protocol):
    """Writes one generation of one material. After a rollback it is thrown away and made anew."""

    def write(self, connection: Connection, prepared: Prepared, upto: int) -> None:
        """Add what was prepared; the generation then holds the log to the position `upto`."""


def prepare(material: Material, page: Sequence[Recorded]) -> Prepared:
    """What the facts of a page add to one material. Pure: needs no database."""
    return prepare_cube(material, page) if isinstance(material, Cube) else prepare_rows(material, page)


def prepare_posted(cube: Cube, rows: Postings) -> Prepared:
    """What posted rows add to a cube that is declared as such (`posted`): the same as `prepare` of their facts."""
    return prepare_postings(cube, rows)


def store_of(material: Material, number: int) -> Store:
    """The store of one generation of a material."""
    return CubeStore(material, number) if isinstance(material, Cube) else RowStore(number)


def forget(connection: Connection, number: int) -> None:
    """Take away all that is stored of a generation."""
    forget_cube(connection, number)
    forget_rows(connection, number)
