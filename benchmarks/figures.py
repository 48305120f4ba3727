"""Figures: what was measured, how often and against which floor; as a Swedish table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from ledger.domain.money import NBSP

HEADINGS = ("Prov", "Databas", "Rader", "Mätt", "Median", "Minst–mest", "Golv (median)", "Kvot", "Krav", "Övrigt")
NUMBERS = (2, 4, 5, 6, 7)


class Limit(NamedTuple):
    """What the project promises of a value: at least, or at most, so much."""

    sign: str
    amount: float

    def holds(self, value: float) -> bool:
        """Whether a value keeps the promise."""
        return value >= self.amount if self.sign == "≥" else value <= self.amount

    def __str__(self) -> str:
        return f"{self.sign} {number(self.amount)}"


def least(amount: float) -> Limit:
    """At least so much."""
    return Limit("≥", amount)


def most(amount: float) -> Limit:
    """At most so much."""
    return Limit("≤", amount)


@dataclass(slots=True)
class Figure:
    """One value, measured in several rounds, each with its floor in the same unit, blank where there is none.

    `rows` is the size of the ledger it was measured in. `extra` are further values by name. `demands` are promises by
    the name of the extra value, or by the unit for the value itself.
    """

    prov: str
    databas: str
    what: str
    unit: str
    rows: int = 0
    demands: dict[str, Limit] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    extra: dict[str, list[float]] = field(default_factory=dict)

    def add(self, value: float, floor: float | None = None, **extra: float) -> None:
        """A round."""
        self.values.append(value)
        if floor is not None:
            self.floors.append(floor)
        for name, more in extra.items():
            self.extra.setdefault(name, []).append(more)

    @property
    def median(self) -> float:
        """The median of the rounds."""
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        """The median of each round's share of its own floor; for a time, how many times its floor it takes."""
        if not self.floors:
            return None
        return median(value / floor for value, floor in zip(self.values, self.floors, strict=True))

    def value_of(self, name: str) -> float:
        """The median of the value itself, of the ratio (`kvot`), or of an extra value."""
        if name == "kvot":
            return self.ratio or 0.0
        return self.median if name == self.unit else median(self.extra[name])

    @property
    def faults(self) -> list[str]:
        """Demands that were not met, by name."""
        return [name for name, limit in self.demands.items() if not limit.holds(self.value_of(name))]

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        ratio = self.ratio
        said = [f"{'' if name == self.unit else f'{name} '}{limit}" for name, limit in self.demands.items()]
        verdict = "" if not said else f" ✗ {', '.join(self.faults)}" if self.faults else " ✓"
        return (
            self.prov,
            self.databas,
            number(self.rows) if self.rows else "",
            self.what,
            f"{number(self.median)} {self.unit}",
            f"{number(min(self.values))}–{number(max(self.values))}",
            number(median(self.floors)) if self.floors else "",
            "" if ratio is None else number(ratio),
            ", ".join(said) + verdict,
            ", ".join(f"{name} {number(median(values))}" for name, values in self.extra.items()),
        )

    def line(self) -> str:
        """The same in one line, for whoever waits."""
        return ", ".join(cell for cell in self.row() if cell)

    def json(self) -> dict[str, Any]:
        """Everything, with all rounds."""
        return {
            "prov": self.prov,
            "databas": self.databas,
            "rader": self.rows,
            "matt": self.what,
            "enhet": self.unit,
            "median": self.median,
            "varden": self.values,
            "golv": self.floors,
            "kvot": self.ratio,
            "krav": {name: str(limit) for name, limit in self.demands.items()},
            "ovrigt": self.extra,
            "missade_krav": self.faults,
        }


def number(value: float) -> str:
    """A number as it is written in Swedish: three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", NBSP)
    if 0 < abs(value) < 0.1:
        return f"{value:.3f}".replace(".", ",")
    return f"{value:.2f}".replace(".", ",")


def table(figures: Iterable[Figure]) -> str:
    """All figures, one a line, with columns as wide as they need."""
    made = Table(box=None, pad_edge=False)
    for n, heading in enumerate(HEADINGS):
        made.add_column(heading, justify="right" if n in NUMBERS else "left", no_wrap=True)
    for figure in figures:
        made.add_row(*figure.row())
    console = Console(width=320, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(made)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def markdown(figures: Sequence[Figure]) -> str:
    """All figures as a table for the README."""
    lines = [" | ".join(HEADINGS), " | ".join("---:" if n in NUMBERS else "---" for n in range(len(HEADINGS)))]
    lines += [" | ".join(figure.row()) for figure in figures]
    return "\n".join(f"| {line} |" for line in lines)
