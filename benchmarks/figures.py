"""Figures: what was measured, how often and against which floor; as a Swedish table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from ledger.domain.money import NBSP

HEADINGS = ("Prov", "Databas", "Mätt", "Median", "Minst–mest", "Golv (median)", "Kvot", "Krav", "Övrigt")


@dataclass(slots=True)
class Figure:
    """One rate, measured in several rounds, each with its floor: `floors` in the same unit, blank where there is none.

    `demand` is the least rate, or the most of `extra`, that the project promises; `extra` are further values by name.
    """

    prov: str
    databas: str
    what: str
    unit: str
    rates: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    demand: float | None = None
    extra: dict[str, list[float]] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)

    def add(self, rate: float, floor: float | None = None, **extra: float) -> None:
        """A round."""
        self.rates.append(rate)
        if floor is not None:
            self.floors.append(floor)
        for name, value in extra.items():
            self.extra.setdefault(name, []).append(value)

    @property
    def ratio(self) -> float | None:
        """The median of each round's share of its own floor."""
        if not self.floors:
            return None
        return median(rate / floor for rate, floor in zip(self.rates, self.floors, strict=True))

    @property
    def faults(self) -> list[str]:
        """Demands that were not met, by name."""
        missed = [name for name, most in self.most.items() if median(self.extra[name]) > most]
        if self.demand is not None and median(self.rates) < self.demand:
            missed.insert(0, self.unit)
        return missed

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        ratio, limits = self.ratio, [] if self.demand is None else [f"≥ {number(self.demand)}"]
        limits += [f"{name} ≤ {number(most)}" for name, most in self.most.items()]
        verdict = "" if not limits else " ✗" if self.faults else " ✓"
        return (
            self.prov,
            self.databas,
            self.what,
            f"{number(median(self.rates))} {self.unit}",
            f"{number(min(self.rates))}–{number(max(self.rates))}",
            number(median(self.floors)) if self.floors else "",
            "" if ratio is None else f"{ratio:.2f}".replace(".", ","),
            ", ".join(limits) + verdict,
            ", ".join(f"{name} {number(median(values))}" for name, values in self.extra.items()),
        )

    def json(self) -> dict[str, Any]:
        """Everything, with all rounds."""
        return {
            "prov": self.prov,
            "databas": self.databas,
            "matt": self.what,
            "enhet": self.unit,
            "median": median(self.rates),
            "varden": self.rates,
            "golv": self.floors,
            "kvot": self.ratio,
            "krav": self.demand,
            "hogst": self.most,
            "ovrigt": self.extra,
            "missade_krav": self.faults,
        }


def number(value: float) -> str:
    """A number as it is written in Swedish: three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", NBSP)
    return f"{value:.2f}".replace(".", ",")


def table(figures: Iterable[Figure]) -> str:
    """All figures, one a line, with columns as wide as they need."""
    made = Table(box=None, pad_edge=False)
    for n, heading in enumerate(HEADINGS):
        made.add_column(heading, justify="right" if 3 <= n <= 6 else "left", no_wrap=True)
    for figure in figures:
        made.add_row(*figure.row())
    console = Console(width=240, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(made)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def markdown(figures: Sequence[Figure]) -> str:
    """All figures as a table for the README."""
    lines = [" | ".join(HEADINGS), " | ".join("---:" if 3 <= n <= 6 else "---" for n in range(len(HEADINGS)))]
    lines += [" | ".join(figure.row()) for figure in figures]
    return "\n".join(f"| {line} |" for line in lines)
