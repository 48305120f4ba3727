"""What a stretch of the log becomes in the read model, and the stores that keep it, one for each kind of material."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from ledger.reporting.entry import Cube, Journal, Material, Register
from ledger.reporting.log import Recorded
from ledger.reporting.stored.cube_preparing import PostedColumns, prepare_cube, prepare_postings
from ledger.reporting.stored.cube_writing import CubeStore
from ledger.reporting.stored.journal_writing import JournalStore, prepare_journal
from ledger.reporting.stored.register_writing import RegisterStore, prepare_register
from ledger.reporting.stored.series import SeriesStore
from ledger.reporting.stored.series_writing import prepare_series

#: What a stretch of the log adds to one material: each kind has its own form. Can be pickled.
Prepared = Any


class Store(Protocol):
    """Writes one generation of one material. After a rollback it is thrown away and made anew."""

    def write(self, connection: Connection, prepared: Prepared, upto: int) -> None:
        """Add what was prepared; the generation then holds the log to the position `upto`."""


def prepare(material: Material, page: Sequence[Recorded]) -> Prepared:
    """What the facts of a page add to one material. Pure: needs no database."""
    if isinstance(material, Cube):
        return prepare_cube(material, page)
    if isinstance(material, Register):
        return prepare_register(material, page)
    return prepare_journal(material, page) if isinstance(material, Journal) else prepare_series(material, page)


def prepare_posted(cube: Cube, rows: PostedColumns) -> Prepared:
    """What posted rows add to a cube that is declared as such (`posted`): the same as `prepare` of their facts."""
    return prepare_postings(cube, rows)


def store_of(material: Material, number: int) -> Store:
    """The store of one generation of a material."""
    if isinstance(material, Cube):
        return CubeStore(material, number)
    if isinstance(material, Register):
        return RegisterStore(number)
    return JournalStore(number) if isinstance(material, Journal) else SeriesStore(number)
