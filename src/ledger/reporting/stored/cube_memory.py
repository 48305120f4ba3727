"""What one process knows of one generation of a cube: its cells, where its pieces lie, and the newest entries.

Several questions ask at once, each in a transaction of its own, and one may see less than another has already read. So
what is shared only grows and is cut at the entries that a question counts, and what changes – the entries that lie in
no chunk yet – belongs to a *state*: what the read model held when it was complete to a position.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.reporting.entry import Cube, View
from ledger.reporting.stored import cube_sizes
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.cube_cells import Cells, Grouping
from ledger.reporting.stored.cube_checkpoints import Checkpoints
from ledger.reporting.stored.cube_columns import Columns, Part, joined, plain, unpack, unpack_rows
from ledger.reporting.stored.cube_pieces import NO_SUMS, Pieces
from ledger.reporting.stored.cube_preparing import magnitude
from ledger.reporting.stored.cube_sums import Sums
from ledger.reporting.stored.cube_tables import Tables, Wanted
from ledger.reporting.stored.space import ALWAYS

#: So many states are remembered, for questions that began before the newest.
STATES: Final = 8

#: So many vectors are fetched at once.
FEW_VECTORS: Final = 8

#: The codes that are not known yet: for each field its number, and how many are known.
NEW_CODES: Final = (
    "SELECT field, code FROM cube_code WHERE material = ? AND ("
    "field = ? AND n >= ? OR field = ? AND n >= ? OR field = ? AND n >= ?"
    " OR field = ? AND n >= ? OR field = ? AND n >= ? OR field = ? AND n >= ?) ORDER BY field, n"
)

#: The first and the last month of nothing.
NO_MONTHS: Final = (2**62, -1)


@dataclass(frozen=True, slots=True)
class State:
    """What is stored when the generation is complete to the position `upto`: whole chunks, and entries after them."""

    upto: int
    chunks: int
    tail: Part
    #: The sum of the amounts of the tail, without their signs.
    magnitude: int
    #: Whether all periods of the tail are the months of their days.
    straight: bool
    #: The first and the last month of all that is stored.
    months: tuple[int, int]


class MadeOf(NamedTuple):
    """What sums are made of.

    `vectors` of a checkpoint, each to be added or subtracted; the `sums` of chunks after it; chunks `without` such; and
    the entries that come after the first `entries`: of the chunk in which the position lies, if it has any of these
    months, the `part` and the sums `of_part`, or of the tail.
    """

    vectors: list[tuple[NDArray[Any], np.ufunc]]
    sums: list[Sums]
    without: list[int]
    entries: int
    part: Part | None
    of_part: Sums | None


class CubeMemory:
    """One generation of one cube. Safe to use from several threads. Decoded pieces are `remembered` by their bytes."""

    def __init__(self, cube: Cube, number: int, remembered: Bounded[Any]) -> None:
        self.sizes = cube_sizes.SIZES
        self.number, self.views = number, cube.views
        self.cells = Cells(cube.near)
        self.pieces = Pieces(number, self.sizes, remembered)
        self.checkpoints = Checkpoints(number, self.pieces)
        #: Of each chunk: the last position, the months it spans, and the sum of all amounts to its end, without signs.
        self.last_positions: list[int] = []
        self.spans: list[tuple[int, int]] = []
        self.magnitudes: list[int] = []
        #: The months that are at home in each chunk, and the chunks where each month is.
        self.homes: list[tuple[int, ...]] = []
        self.homes_of: dict[int, list[int]] = {}
        #: The first chunk with an entry whose period is not the month of its day.
        self.crooked: int | None = None
        self._view_of = {_name(view): n for n, view in reversed(list(enumerate(cube.views)))}
        self._groupings: dict[frozenset[str], Grouping] = {}
        self._lock = threading.RLock()
        nothing = State(-1, 0, plain(Columns.empty(), 0), 0, straight=True, months=NO_MONTHS)
        self._states: deque[State] = deque([nothing], STATES)
        self._nothing = nothing

    # ------------------------------------------------------------ reading on

    def state(self, tables: Tables, upto: int) -> State:
        """What the transaction sees, in which the generation is complete to a position."""
        with self._lock:
            known = max((s for s in self._states if s.upto <= upto), key=lambda s: s.upto, default=self._nothing)
            if known.upto == upto:
                return known
            state = self._read_on(tables, known, upto)
            self._states.append(state)
            return state

    def _read_on(self, tables: Tables, known: State, upto: int) -> State:
        found = tables.rows(
            "SELECT n, last_position, magnitude, first_month, last_month, aligned, homes, cells_before, cells"
            " FROM cube_chunk WHERE material = ? AND n >= ? ORDER BY n",
            self.number,
            known.chunks,
        )
        chunks = known.chunks + len(found)
        size = self.sizes.chunk
        same = chunks == known.chunks
        loose = tables.rows(
            "SELECT first, cells_before, cells, data FROM cube_tail WHERE material = ? AND first >= ? ORDER BY first",
            self.number,
            known.tail.start + known.tail.size if same else chunks * size,
        )
        self._learn_cells(tables, [row[-2:] for row in found] + [row[1:3] for row in loose])
        for row in found[len(self.last_positions) - known.chunks :]:
            self._learn(*row[:-2])
        self.checkpoints.extend(tables, chunks * size)
        pieces = [known.tail.whole()] if same else []
        pieces += [unpack(data, first).whole() for first, _, _, data in loose]
        tail = joined(pieces or [Columns.empty()])
        months = _months([known.months, *((first, last) for _, _, _, first, last, *_ in found)], tail)
        return State(upto, chunks, plain(tail, chunks * size), magnitude(tail.amount), tail.aligned, months)

    def _learn(
        self, n: int, last_position: int, total: int, first_month: int, last_month: int, aligned: int, homes: bytes
    ) -> None:
        """Learn of the next chunk."""
        at_home = tuple(np.frombuffer(homes, "<u4").tolist())
        for month in at_home:
            self.homes_of.setdefault(month, []).append(n)
        self.homes.append(at_home)
        self.spans.append((first_month, last_month))
        self.magnitudes.append(total + (self.magnitudes[-1] if n else 0))
        if not aligned and self.crooked is None:
            self.crooked = n
        # Last, for by these a question finds its chunks.
        self.last_positions.append(last_position)

    def _learn_cells(self, tables: Tables, told: Sequence[tuple[int, bytes]]) -> None:
        """Learn of the cells that pieces were the first to name: how many were before them, and themselves."""
        new = [unpack_rows(data)[max(len(self.cells) - before, 0) :] for before, data in told if data]
        new = [rows for rows in new if len(rows)]
        if not new:
            return
        known = [number for field, codes in enumerate(self.cells.codes) for number in (field, len(codes))]
        for field, code in tables.rows(NEW_CODES, self.number, *known):
            self.cells.codes[field].append(code)
        self.cells.add(np.concatenate(new))

    # ------------------------------------------------------------ what is known

    def grouping(self, fields: View) -> Grouping:
        """A grouping, with every cell that is known."""
        with self._lock:
            name = _name(fields)
            grouping = self._groupings.get(name)
            if grouping is None:
                grouping = self._groupings[name] = Grouping(fields)
            grouping.extend(self.cells)
            return grouping

    def view(self, fields: View) -> int | None:
        """Which of the cube's views a grouping is."""
        return self._view_of.get(_name(fields))

    def made_of(self, tables: Tables, state: State, view: int, kand: int, months: tuple[int, int]) -> MadeOf:
        """What the sums of some months of a view are made of as of a position, fetched together.

        The chunk in which the position lies is fetched too.
        """
        index, size = bisect_right(self.last_positions, kand, 0, state.chunks), self.sizes.chunk
        after = self.checkpoints.last(view, index * size) // size
        through = self.checkpoints.needed(view, months, after * size)
        part = [index] if index < state.chunks and self.may_have(index, months) else []
        chunks = [n for n in range(after, index) if self.may_have(n, months)]
        found = self.pieces.gathered(tables, Wanted(view, part, chunks + part, [row for row, _ in through]))
        of_part = found.sums.pop(index) if part else NO_SUMS
        return MadeOf(
            [(found.vectors[row], how) for row, how in through],
            [sums for sums in found.sums.values() if sums is not NO_SUMS],
            [n for n, sums in found.sums.items() if sums is NO_SUMS],
            index * size,
            found.chunks[index] if part else None,
            None if of_part is NO_SUMS else of_part,
        )

    def read_in_ahead(self, tables: Tables, first: int, end: int) -> None:
        """Fetch all that is kept ahead of the entries of the chunks from one and before another."""
        for view in range(len(self.views)):
            self.pieces.sums(tables, view, range(first, end))
            vectors = self.checkpoints.between(view, first * self.sizes.chunk, end * self.sizes.chunk)
            for n in range(0, len(vectors), FEW_VECTORS):
                self.pieces.gathered(tables, Wanted(view, [], [], vectors[n : n + FEW_VECTORS]))

    def count(self, tables: Tables, state: State, kand: int, months: tuple[int, int]) -> int:
        """How many entries were recorded at or before a position, or as good as that for entries of these months.

        A chunk that has none of them is not read to find where in it the position lies.
        """
        index = bisect_right(self.last_positions, kand, 0, state.chunks)
        if index == state.chunks:
            return state.tail.start + state.tail.known(kand)
        if not self.may_have(index, months):
            return index * self.sizes.chunk
        ((_, part),) = self.chunks(tables, [index])
        return part.start + part.known(kand)

    def chunks(self, tables: Tables, numbers: Sequence[int]) -> Iterator[tuple[int, Part]]:
        """Some chunks, in order."""
        return self.pieces.chunks(tables, numbers)

    def may_have(self, n: int, months: tuple[int, int]) -> bool:
        """Whether a chunk spans any of the months from one to another."""
        first, last = self.spans[n]
        return first <= months[1] and months[0] <= last

    def reach(self, state: State, count: int) -> int:
        """What the sums of the first entries stay within, or more."""
        chunks = -(-count // self.sizes.chunk)
        whole = self.magnitudes[min(chunks, state.chunks) - 1] if min(chunks, state.chunks) else 0
        return whole + (state.magnitude if chunks > state.chunks else 0)


def _name(fields: View) -> frozenset[str]:
    """What a grouping is known by."""
    return frozenset((*fields, *ALWAYS))


def _months(spans: Sequence[tuple[int, int]], tail: Columns) -> tuple[int, int]:
    """The first and the last month of some spans, and of entries after them."""
    firsts, lasts = zip(*spans, strict=True)
    if not tail.size:
        return min(firsts), max(lasts)
    return min(*firsts, int(tail.period.min())), max(*lasts, int(tail.period.max()))
