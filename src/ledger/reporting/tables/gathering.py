"""Every measure of a table by group and slag; what follows from the same as in another question is kept."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from ledger.reporting.measure import Budget, Measure
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.kept import NAMING
from ledger.reporting.rules.summing import Vector, name_of, vectors_of
from ledger.reporting.tables.grid import FromCells, Gathered, Given, Grid
from ledger.reporting.tables.layout import Layout
from ledger.reporting.tables.placing import Plan
from ledger.reporting.tables.specification import Specification


def gathered(
    asked: Asked, layout: Layout, measures: Sequence[Measure], specification: Specification
) -> tuple[dict[Measure, Grid], int]:
    """Every measure, and how many groups there are: the row after them is empty, then come the specification's."""
    names = {measure: _name(asked, layout, measure) for measure in measures}
    known = {measure: _given(asked, name) for measure, name in names.items()}
    vectors = {measure: _vectors(asked, layout, measure) for measure, given in known.items() if given is None}
    # Only now is it known how many groups there are: cells that were not met before may lie in new ones.
    groups = len(layout.placing.groups)
    rows = groups + 1 + len(specification.changes)
    found = {}
    for measure, given in known.items():
        parts: list[Gathered] = [given.up_to(rows)] if given else []
        for vector, plan in vectors.get(measure, ()):
            part = FromCells(vector, plan, rows)
            _keep(asked, names[measure], part, groups + 1)
            parts.append(part)
        if parts and isinstance(measure, Budget) and specification.specifies(measure):
            parts.append(specification.of(measure, groups + 1))
        found[measure] = Grid(parts, rows)
    return found, groups


def _name(asked: Asked, layout: Layout, measure: Measure) -> Hashable | None:
    """What a measure on the rows of a layout follows from, where it is one vector that is kept."""
    name = name_of(asked, measure)
    return None if name is None else (layout.number, name)


def _given(asked: Asked, name: Hashable | None) -> Given | None:
    found: Given | None = None if name is None else asked.kept.gathered.peek(name)
    return found


def _keep(asked: Asked, name: Hashable | None, part: Gathered, rows: int) -> None:
    if name is not None:
        given = Given.of(part, rows)
        asked.kept.gathered.put(name, given, NAMING + given.amount.nbytes + given.held.nbytes)


def _vectors(asked: Asked, layout: Layout, measure: Measure) -> list[tuple[Vector, Plan]]:
    """What a measure sums to, each part with how it is gathered."""
    vectors = vectors_of(asked, measure, layout.view(measure.of))
    return [(vector, layout.placing.plan(vector.cells, measure.of)) for vector in vectors]
