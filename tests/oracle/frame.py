"""The frame as it was decided before: *ram enligt beslut KF 2021-09-28*."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tests.oracle.asked import Asked
from tests.oracle.budget import all_sides, through
from tests.oracle.cells import BUDGET, OUTCOME, Column
from tests.oracle.drift import of_year, plan_columns
from tests.oracle.entries import DRIFT
from tests.oracle.rows import place_drift

#: Decisions that say what a frame is.
FRAMES: Final = ("budget", "ramjustering", "omfordelning", "internbudget")


def earlier_frame(asked: Asked) -> date | None:
    """The day before the newest on which the sum of the year asked for was decided; days that left it alone aside."""
    ar, beslutad = asked.question.ar, asked.question.beslutad
    in_force = [side.beslutsdatum for side in asked.budget(beslutad, DRIFT) if side.ar == ar]
    moved: dict[date, int] = {}
    for side in all_sides(asked.decisions(beslutad)):
        is_frame = side.ar == ar and side.typ in FRAMES and side.entry.slag in DRIFT
        if (
            is_frame
            and "summa" in place_drift(asked, side.entry)
            and side.beslutsdatum <= max(in_force, default=date.min)
        ):
            moved[side.beslutsdatum] = moved.get(side.beslutsdatum, 0) + side.entry.ore
    days = sorted(day for day, ore in moved.items() if ore)
    return days[-2] if len(days) > 1 else None


def frame_columns(asked: Asked, years: Sequence[int], day: date) -> dict[str, Column]:
    """The columns of internbudget as they were decided by a day; outcome has none."""
    then = plan_columns(asked, DRIFT, ())
    sides = asked.budget(day, DRIFT)
    ar = asked.question.ar
    columns = {key: Column(BUDGET, None) for key, column in then.items() if column.kind == OUTCOME}
    columns["budget"] = Column(BUDGET, through([side for side in sides if side.ar == ar], asked.question.tom))
    columns |= {f"budget_{ar - 1}": Column(BUDGET, of_year(sides, ar - 1))}
    return columns | {f"plan_{year}": Column(BUDGET, of_year(sides, year)) for year in years}
