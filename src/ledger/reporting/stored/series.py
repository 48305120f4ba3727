"""Asking series: which numbers are missing, in what was known at a position and of what is dated within limits.

Whoever asks begins with the runs that are kept of a key and goes through the numbers told since; through all of them
only where the limits of days cut the series in two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from ledger.reporting.entry import Series
from ledger.reporting.stored.block_reading import WIDE, BlockReader, Seen
from ledger.reporting.stored.block_writing import SIZE, BlockStore, Built
from ledger.reporting.stored.bounded import Bounded
from ledger.reporting.stored.few import Few
from ledger.reporting.stored.packed import pack
from ledger.reporting.stored.runs import NONE, Runs, united
from ledger.reporting.stored.schema import BLOCK
from ledger.reporting.stored.series_writing import (
    FEW_RUNS,
    KeyAbout,
    SeriesBlock,
    SeriesPiece,
    build_series,
    pack_runs,
    unpack_runs,
    unpack_series,
)
from ledger.reporting.stored.snapshot import Snapshot

#: So many blocks' kept runs are remembered, and so many blocks are gone through at once.
RUNS_IN_MEMORY: Final = 2048
AT_ONCE: Final = 64


class Within(NamedTuple):
    """The limits of a question: known at `kand`, dated `first` … `last` (`20240331`)."""

    kand: int
    first: int = 0
    last: int = 99991231


class Place(NamedTuple):
    """Where a key has numbers: a block, and what it holds of the key."""

    block: int
    about: KeyAbout


@dataclass
class Search:
    """How the numbers of a key are found: runs kept at the end of a block, if any, and the blocks to go through."""

    key: str
    kept_at: int | None
    blocks: list[int]


class SeriesReader(BlockReader[list[KeyAbout], SeriesPiece, SeriesBlock]):
    """One generation of one series. Threads may share it."""

    def __init__(self, number: int, size: int = SIZE) -> None:
        super().__init__(number, list[KeyAbout], SeriesPiece, size, WIDE)
        self._places: dict[str, list[Place]] = {}
        self._runs: Bounded[dict[str, Runs]] = Bounded(RUNS_IN_MEMORY)

    def index(self, block: int, about: list[KeyAbout]) -> None:
        """Remember which block holds which keys."""
        for one in about:
            self._places.setdefault(one.key, []).append(Place(block, one))

    def content(self, data: bytes) -> SeriesBlock:
        """The columns of a block."""
        return unpack_series(data)

    def build(self, _block: int, piece: SeriesPiece) -> tuple[list[KeyAbout], bytes]:
        """A block that is not full yet."""
        abouts, columns = build_series(piece)
        return abouts, pack(*columns)

    def runs(self, connection: Connection, within: Within) -> dict[str, Runs]:
        """The runs of every key that has numbers within the limits, by key in order."""
        seen = self.see(connection)
        return self.runs_of(connection, seen, self._keys(seen), within)

    def runs_of(
        self, connection: Connection, seen: Seen[list[KeyAbout], SeriesBlock], keys: Sequence[str], within: Within
    ) -> dict[str, Runs]:
        """The runs of some keys within the limits, as far as is seen."""
        searches = [self._search(key, seen, within) for key in keys]
        kept = self._kept(connection, {search.kept_at for search in searches if search.kept_at is not None})
        found = {s.key: [kept[s.kept_at][s.key]] if s.kept_at is not None else [NONE] for s in searches}
        keys_in: dict[int, list[str]] = {}
        for search in searches:
            for block in search.blocks:
                keys_in.setdefault(block, []).append(search.key)
        blocks = sorted(keys_in)
        for at in range(0, len(blocks), AT_ONCE):
            contents = self.contents(connection, seen, blocks[at : at + AT_ONCE])
            for block, columns in contents.items():
                for key, numbers in self._numbers(seen, block, columns, keys_in[block], within):
                    found[key].append(numbers)
        joined = {key: united(*several) for key, several in found.items()}
        return {key: runs for key, runs in joined.items() if runs.firsts.size}

    def _keys(self, seen: Seen[list[KeyAbout], SeriesBlock]) -> list[str]:
        return sorted({*list(self._places), *(one.key for one in seen.tail_about or ())})

    def _places_of(self, key: str, seen: Seen[list[KeyAbout], SeriesBlock]) -> list[Place]:
        full = [place for place in self._places.get(key, ()) if place.block < seen.full]
        return full + [Place(seen.tail_block, one) for one in seen.tail_about or () if one.key == key]

    def _search(self, key: str, seen: Seen[list[KeyAbout], SeriesBlock], within: Within) -> Search:
        """From the newest kept runs that the limits of days do not cut in two."""
        search = Search(key, None, [])
        for block, about in reversed(self._places_of(key, seen)):
            known = (block + 1) * self.size <= within.kand
            if known and not about.since:
                if within.first <= about.first_ever and about.last_ever <= within.last:
                    search.kept_at = block
                    break
                if about.last_ever < within.first or within.last < about.first_ever:
                    break
            overlaps = about.first_day <= within.last and within.first <= about.last_day
            if overlaps and block * self.size < within.kand:
                search.blocks.append(block)
        return search

    def last_about(self, key: str) -> KeyAbout | None:
        """What the newest full block that has numbers of a key holds of it."""
        places = self._places.get(key)
        return places[-1].about if places else None

    def _numbers(
        self,
        seen: Seen[list[KeyAbout], SeriesBlock],
        block: int,
        columns: SeriesBlock,
        keys: Sequence[str],
        within: Within,
    ) -> Iterator[tuple[str, Runs]]:
        """The numbers of some keys in a block, each a run of its own."""
        names = [one.key for one in self.about_of(seen, block)]
        inside = columns.positions <= within.kand
        inside &= (columns.days >= within.first) & (columns.days <= within.last)
        for key in keys:
            numbers = columns.numbers[inside & (columns.keys == names.index(key))]
            yield key, Runs(numbers, numbers)

    def _kept(self, connection: Connection, blocks: set[int]) -> dict[int, dict[str, Runs]]:
        """The runs that are kept at the end of some blocks, by key."""
        found = {block: runs for block in blocks if (runs := self._runs.peek(block)) is not None}
        missing = sorted(blocks - found.keys())
        if missing:
            query = select(BLOCK.c.block, BLOCK.c.kept).where(BLOCK.c.material == self._number)
            for block, data in connection.execute(query.where(BLOCK.c.block.in_(missing))):
                keys = [one.key for one in self.abouts[block] if not one.since]
                found[block] = dict(zip(keys, unpack_runs(data), strict=True))
                self._runs.put(block, found[block])
        return found

    def every(self, connection: Connection, upto: int) -> Iterator[SeriesPiece]:
        """Every number to a position, in log order, block by block."""
        seen = self.see(connection)
        for block in self.all_blocks(seen):
            about, columns = self.about_of(seen, block), self.contents(connection, seen, [block])[block]
            known = columns.positions <= upto
            keys, positions, numbers, days = (column[known].tolist() for column in columns)
            yield SeriesPiece(positions, numbers, days, Few(keys, [one.key for one in about]))

    def agrees(self, connection: Connection) -> bool:
        """Whether the runs that are kept are those of the numbers, and the days theirs."""
        seen = self.see(connection)
        so_far: dict[str, Runs] = {}
        days: dict[str, list[int]] = {}
        for block in self.before(sorted(self.abouts), seen):
            columns = self.contents(connection, seen, [block])[block]
            kept = self._kept(connection, {block})[block]
            for number, about in enumerate(self.abouts[block]):
                mine = columns.keys == number
                numbers, dated = columns.numbers[mine], columns.days[mine].tolist()
                so_far[about.key] = runs = united(so_far.get(about.key, NONE), Runs(numbers, numbers))
                ever = days[about.key] = [min(dated + days.get(about.key, [])), max(dated + days.get(about.key, []))]
                told = [about.held, about.first_day, about.last_day, about.first_ever, about.last_ever]
                if told != [len(dated), min(dated), max(dated), *ever]:
                    return False
                if not about.since and kept[about.key].listed() != runs.listed():
                    return False
        return True


class SeriesStore(BlockStore[SeriesPiece]):
    """Writes one generation of one series."""

    def __init__(self, number: int, size: int = SIZE) -> None:
        super().__init__(number, SeriesPiece, size)
        self._reader = SeriesReader(number, size)

    def build(self, connection: Connection, block: int, piece: SeriesPiece) -> Built:
        """What is stored of a block that is full: its numbers, and the runs of those keys that have few."""
        abouts, columns = build_series(piece)
        seen = self._reader.see_blocks(connection)
        before = self._reader.runs_of(connection, seen, piece.keys.table, Within(block * self._size))
        kept = []
        for number, about in enumerate(abouts):
            last = self._reader.last_about(about.key)
            if last:
                about.since += last.since
                about.first_ever = min(about.first_day, last.first_ever)
                about.last_ever = max(about.last_day, last.last_ever)
            numbers = columns.numbers[columns.keys == number]
            runs = united(before.get(about.key, NONE), Runs(numbers, numbers))
            if len(runs.firsts) <= FEW_RUNS + about.since:
                about.since = 0
                kept.append(runs)
        return Built(abouts, pack(*columns), pack_runs(kept))


def series_reader(snapshot: Snapshot, series: Series) -> SeriesReader:
    """The reader of the generation that counts, shared by all questions; that of an earlier one is let go."""
    number, name = snapshot.number(series), ("series", series.name)
    held: tuple[int, SeriesReader] | None = snapshot.built.get(name)
    if held is None or held[0] != number:
        held = snapshot.built[name] = (number, SeriesReader(number))
    return held[1]
