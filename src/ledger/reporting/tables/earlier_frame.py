"""The frame as it was decided before: *ram enligt beslut KF 2021-09-28*, a row beside the sum.

The day is that of the last decision on the frame by the day asked for with `jamfor_ram`; where none is asked for, of
the one before the newest. A decision on the frame is one that changes the sum: what is handed down within it is not.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from ledger.domain.language import phrase
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.columns import day_of, number_of
from ledger.reporting.rules.decisions import decision_at
from ledger.reporting.stored.codes import among, distinct
from ledger.reporting.stored.exact import added
from ledger.reporting.stored.space import Numbers
from ledger.reporting.tables.layout import SUMMA, Layout, Line

#: The parameter that says which frame is compared with.
JAMFOR_RAM: Final = "jamfor_ram"

#: Decisions that say what a frame is. Moving money between months or kinds of cost is not one.
FRAMES: Final = ("budget", "ramjustering", "omfordelning", "internbudget")

KF: Final = "kommunfullmäktige"


def earlier_frame(asked: Asked, layout: Layout) -> Line | None:
    """The row of the earlier frame; none where there was none."""
    text = asked.question.chosen(JAMFOR_RAM)
    moved, position = _decided(asked, layout)
    if text:
        wanted = [day for day in moved if day <= number_of(date.fromisoformat(text))]
    else:
        wanted = [day for day, _ in pairwise(day for day, amount in moved.items() if amount)]
    if not wanted:
        return None
    day = day_of(wanted[-1])
    made = decision_at(asked.snapshot, position[wanted[-1]])
    organ = "KF" if made is None or made.beslutsorgan == KF else made.beslutsorgan
    name = phrase("Ram enligt beslut {organ} {day}", organ=organ, day=day.isoformat())
    sign = layout.direction(layout.top or "")
    return Line(f"ram_{day.isoformat()}", name, SUMMA, "ram", sign=sign, always=True, at=day)


def _decided(asked: Asked, layout: Layout) -> tuple[dict[int, int], dict[int, int]]:
    """By the days, in order, on which the frame of the year was decided: how much it moved, and a fact that did."""
    decided = asked.decided(str(asked.question.ar))
    codes = asked.kept.codes
    typer = np.sort(codes.numbers(FRAMES))
    counted = decided.counted(decided.about("drift"))
    counted = counted.where(among(counted["typ"], typer) & among(counted["ansvar"], _units(asked, layout)))
    in_force = asked.counted(asked.question.ar, "drift")
    last = int(in_force["day"].max()) if len(in_force) else 0
    counted = counted.where(counted["day"] <= last)
    days, place = np.unique(counted["day"], return_inverse=True)
    moved = added(place, counted["amount"], len(days))
    position = dict(zip(counted["day"].tolist(), counted["position"].tolist(), strict=True))
    return dict(zip(days.tolist(), moved.tolist(), strict=True)), position


def _units(asked: Asked, layout: Layout) -> Numbers:
    """The units in the sum."""
    return distinct(asked.kept.codes.numbers(code for code, place in layout.places.items() if not place.outside))
