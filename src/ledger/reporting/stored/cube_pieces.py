"""The pieces of one generation of a cube as they are fetched, and remembered for as long as there is room.

A piece never changes, so who finds it here need not ask the database. Not here: which there are (cube_memory.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube_columns import Columns, Part, one_part, plain, unpack, unpack_vector
from ledger.reporting.stored.cube_sizes import Sizes
from ledger.reporting.stored.cube_sums import Sums, unpack_sums
from ledger.reporting.stored.cube_tables import Tables, Wanted

Name = TypeVar("Name")

#: So many chunks are fetched at once.
AT_ONCE: Final = 32

#: What a small piece takes in memory besides its bytes.
BESIDES: Final = 1_000

#: What is remembered of a chunk that has no sums of a view.
NO_SUMS: Final = Sums([], [0], np.zeros(0, np.int64), np.zeros(0, np.int64))

#: What is remembered of a month that has no strays.
NO_ENTRIES: Final = plain(Columns.empty(), 0)


class Gathered(NamedTuple):
    """Pieces by what they are found by; `NO_SUMS` of a chunk that has none."""

    chunks: dict[int, Part]
    sums: dict[int, Sums]
    vectors: dict[tuple[int, int], NDArray[Any]]


class Pieces:
    """The pieces of one generation. Safe to use from several threads."""

    def __init__(self, number: int, sizes: Sizes, remembered: Bounded[Any]) -> None:
        self._number, self._sizes, self._remembered = number, sizes, remembered

    def gathered(self, tables: Tables, wanted: Wanted) -> Gathered:
        """Some pieces; those that are not remembered are fetched together."""
        view, of_chunks, of_sums, of_vectors = wanted
        names = [self._chunk(n) for n in of_chunks]
        names += [self._sums(view, n) for n in of_sums]
        names += [self._vector(view, e, month) for e, month in of_vectors]
        held: Iterator[Any] = iter(self._remembered.peek_all(names))
        chunks, sums = {n: next(held) for n in of_chunks}, {n: next(held) for n in of_sums}
        found = Gathered(chunks, sums, {row: next(held) for row in of_vectors})
        missing = Wanted(view, _lacking(found.chunks), _lacking(found.sums), _lacking(found.vectors))
        if missing.chunks or missing.sums or missing.vectors:
            self._fetch(tables, missing, found)
        return found

    def chunks(self, tables: Tables, numbers: Sequence[int]) -> Iterator[tuple[int, Part]]:
        """Some chunks, in order."""
        for first in range(0, len(numbers), AT_ONCE):
            some = numbers[first : first + AT_ONCE]
            yield from self.gathered(tables, Wanted(0, list(some), [], [])).chunks.items()

    def sums(self, tables: Tables, view: int, numbers: Sequence[int]) -> dict[int, Sums]:
        """The sums of a view in some chunks, of those that have them."""
        found = self.gathered(tables, Wanted(view, [], list(numbers), [])).sums
        return {n: sums for n, sums in found.items() if sums is not NO_SUMS}

    def vector(self, tables: Tables, view: int, e: int, month: int) -> NDArray[Any]:
        """A vector of a checkpoint."""
        return self.gathered(tables, Wanted(view, [], [], [(e, month)])).vectors[e, month]

    def strays(self, tables: Tables, months: range, blocks: int) -> Iterator[Part]:
        """The entries of each of some months that lie in whole blocks, in chunks where the month is not at home."""
        names = {month: ("strays", self._number, month, blocks) for month in months}
        known = {month: self._remembered.peek(name) for month, name in names.items()}
        missing = _lacking(known)
        if missing and blocks:
            found: dict[int, list[Part]] = {month: [] for month in missing}
            size = self._sizes.chunk * self._sizes.block
            for month, block, data in tables.rows(
                "SELECT month, block, data FROM cube_stray"
                " WHERE material = ? AND month >= ? AND month <= ? AND block < ? ORDER BY month, block",
                self._number,
                missing[0],
                missing[-1],
                blocks,
            ):
                if month in found:
                    found[month].append(unpack(data, block * size))
            for month, parts in found.items():
                known[month] = part = one_part(parts) if parts else NO_ENTRIES
                self._remembered.put(names[month], part, part.nbytes + BESIDES)
        yield from (part for part in known.values() if part and part.size)

    # ------------------------------------------------------------ fetching

    def _fetch(self, tables: Tables, missing: Wanted, found: Gathered) -> None:
        """Fetch pieces, and remember them."""
        view, remember = missing.view, self._remembered.put
        # Where there are none, that is remembered.
        sums = dict.fromkeys(missing.sums, NO_SUMS)
        for of, n, month, data in tables.pieces(self._number, missing):
            if of == "chunk":
                found.chunks[n] = part = unpack(data, n * self._sizes.chunk)
                remember(self._chunk(n), part, part.nbytes + BESIDES)
            elif of == "vector":
                found.vectors[n, month] = vector = unpack_vector(data)
                remember(self._vector(view, n, month), vector, vector.nbytes + BESIDES)
            elif n in sums:
                sums[n] = unpack_sums(data)
        for n, of_chunk in sums.items():
            found.sums[n] = of_chunk
            remember(self._sums(view, n), of_chunk, of_chunk.nbytes + BESIDES)

    def _chunk(self, n: int) -> tuple[Any, ...]:
        return "chunk", self._number, n

    def _sums(self, view: int, n: int) -> tuple[Any, ...]:
        return "sums", self._number, view, n

    def _vector(self, view: int, e: int, month: int) -> tuple[Any, ...]:
        return "checkpoint", self._number, view, e, month


def _lacking(pieces: dict[Name, Any]) -> list[Name]:
    """The names of pieces that are not there."""
    return [name for name, piece in pieces.items() if piece is None]
