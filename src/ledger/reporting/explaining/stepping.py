"""A way from one state of organisation and projects to another, and the figures on the way."""

from __future__ import annotations

from typing import NamedTuple

from ledger.reporting.rules.tree import Chart

#: The figures of every row that has any. What is not there, or has no figure, counts as nothing.
Values = dict[str, tuple[int, ...]]


class Step(NamedTuple):
    """A fact, and the state of organisation and projects after it."""

    position: int
    chart: Chart
    projects: Chart
