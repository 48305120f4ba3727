"""Which outcome of two sheets is read as one: in which regions, and under which factors a column takes what lies there.

Only where both sheets have one layout and the lines of a kind sum the outcome of one cube plainly; else every measure
is taken apart alone (behind.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ledger.reporting.explaining.balance import Balance
from ledger.reporting.explaining.heap import Heap
from ledger.reporting.explaining.lying import Kind, Lying, kind_of
from ledger.reporting.explaining.pooled import MOST_REGIONS, Pool, Region
from ledger.reporting.explaining.side import Side, Term
from ledger.reporting.explaining.sources import Outcome, registered_of, stretches_of
from ledger.reporting.measure import Of, Utfall
from ledger.reporting.stored.codes import distinct
from ledger.reporting.tables.layout import Line

#: The name of a cube, and what the measures are of that sum it.
Name = tuple[str, Of]


class Taking(NamedTuple):
    """A term of one of the sheets, the outcome that it sums, and the region in which it takes it."""

    side: Side
    term: Term
    outcome: Outcome
    region: Region

    @property
    def name(self) -> Name:
        """Whose pool it takes from."""
        return self.outcome.cube.name, self.term.measure.of

    @property
    def is_plain(self) -> bool:
        """Whether it takes all that is asked for, and of a cube in which the month of an entry is that of its day."""
        cube, _, lacking, handelse = self.outcome
        measure = self.term.measure
        is_all = isinstance(measure, Utfall) and measure.slag is None and lacking is None and handelse is None
        return is_all and cube.posted is not None


class Pooling:
    """The pools of two sheets, for some columns of lines of some kinds; `moved` are facts that change these too."""

    def __init__(
        self,
        sides: tuple[Side, Side],
        kinds: Mapping[Kind, Sequence[int]],
        columns: Sequence[str],
        moved: Sequence[int],
    ) -> None:
        self.pools: dict[Name, Pool] = {}
        self._takings: dict[tuple[Kind, str], list[Taking]] = {}
        #: The pool of every kind of line that has one.
        self._of_kind: dict[Kind, Name] = {}
        self._lines = _alike(*sides)
        if not self._lines:
            return
        others = [np.array(moved, np.int64)]
        for kind, lines in kinds.items():
            for kolumn in columns:
                terms = [(*two, term) for two in (sides, sides[::-1]) for term in two[0].terms(kolumn, lines)]
                others += [
                    rows.position for side, _, term in terms for rows in registered_of(side.sheet.asked, term.measure)
                ]
                self._takings[kind, kolumn] = [taking for two in terms for taking in _takings(*two)]
        self._choose(kinds)
        lying, apart = Lying(sides[0].sheet, self._lines), distinct(np.concatenate(others))
        for name in dict.fromkeys(self._of_kind.values()):
            takings = [taking for of in self._takings.values() for taking in of if taking.name == name]
            regions = list(dict.fromkeys(taking.region for taking in takings))
            self.pools[name] = Pool(lying, takings[0].outcome, takings[0].term.measure, regions, apart)

    def _choose(self, kinds: Iterable[Kind]) -> None:
        """Find of which kinds of line outcome is pooled: not where a fact may lie on a line in other ways too."""
        takings = {
            kind: [one for of, found in self._takings.items() if of[0] == kind for one in found] for kind in kinds
        }
        names = {kind: {taking.name for taking in of} for kind, of in takings.items()}
        is_many = len({taking.region for of in takings.values() for taking in of}) > MOST_REGIONS
        apart = {
            name
            for kind, of in takings.items()
            for name in names[kind]
            if is_many or len(names[kind]) > 1 or not all(taking.is_plain for taking in of)
        }
        self._of_kind = {kind: name for kind, of in names.items() for name in of - apart}

    def heap(self, kind: Kind, kolumn: str, rest: Balance | None) -> Heap | None:
        """The facts that change a column on the lines of a kind, with `rest`; none where none lies in a pool."""
        takings = self._takings.get((kind, kolumn))
        if not takings or kind not in self._of_kind:
            return None
        pool = self.pools[self._of_kind[kind]]
        piles = pool.piles(kind, len(self._lines))
        factors, how = np.zeros(piles.starts.shape, np.int64), np.zeros(piles.starts.shape, np.int8)
        for side, term, _, region in takings:
            inside = pool.lies_in[pool.regions.index(region)][:, None]
            factors += inside * np.where(term.keep, term.weights, 0)
            how |= np.where(inside & term.keep, side.how, 0).astype(np.int8)
        return Heap(piles, factors, how, rest)


def _takings(side: Side, other: Side, term: Term) -> Iterator[Taking]:
    """What a term takes of outcome."""
    measure = term.measure
    theirs = () if term.whole else stretches_of(other.sheet.asked, measure)
    for n, outcome in enumerate(stretches_of(side.sheet.asked, measure)):
        region = Region(outcome.window, theirs[n].window if theirs else None)
        if not region.is_empty:
            yield Taking(side, term, outcome, region)


def _alike(one: Side, two: Side) -> list[Line | None]:
    """The lines of two sheets together, where they are of the same amounts and events in both; none where not."""
    questions = one.sheet.asked.question, two.sheet.asked.question
    if one.sheet.layout is not two.sheet.layout or questions[0].handelse != questions[1].handelse:
        return []
    pairs = list(zip(one.lines, two.lines, strict=True))
    differ = any((a.group, kind_of(a)) != (b.group, kind_of(b)) for a, b in pairs if a and b)
    return [] if differ else [a or b for a, b in pairs]
