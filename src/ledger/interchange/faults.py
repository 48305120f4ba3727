"""Faults: what is wrong with files, each with file, row, column, value and what to do.

All files are looked through before anything is refused, so that they can be put right in one go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ledger.domain.money import NBSP
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.text import TextHoldsPersonnummer, TextIsUnreadable

#: So many faults are kept per file, and so many are printed; the others are counted.
SHOWN: Final = 200

_LONGEST_VALUE: Final = 60
#: The value is not repeated where it is the fault: it may name a person, or cannot be printed.
_UNREPEATED: Final = (TextHoldsPersonnummer, TextIsUnreadable)


class Fault(NamedTuple):
    """A broken rule at a place in a file. `rad` is the line as an editor counts it: the header stands on 1."""

    fil: str
    rad: int | None
    kolumn: str | None
    varde: str | None
    refusal: Refusal
    note: str = ""

    @property
    def shown_value(self) -> str:
        """The value as it can be repeated; blank where there is none, or where it must not be."""
        return shortened(self.varde) if self.varde and not isinstance(self.refusal, _UNREPEATED) else ""

    def text(self) -> str:
        """`budget.csv rad 12, belopp ”1.234.567”: Beloppet går inte att läsa: …`."""
        where = self.fil if self.rad is None else f"{self.fil} rad {self.rad}"
        if self.kolumn:
            where += f", {self.kolumn}"
        if value := self.shown_value:
            where += f" ”{value}”"
        return f"{where}: {self.refusal.sentence()}{self.note}"


def shortened(value: str) -> str:
    """A value as it can stand in a line: printable, and not too long."""
    plain = "".join(c if c.isprintable() or c == NBSP else " " for c in value)
    return plain if len(plain) <= _LONGEST_VALUE else f"{plain[: _LONGEST_VALUE - 1]}…"


@dataclass(slots=True)
class Faults:
    """The faults of all files, in the order they were found."""

    found: dict[int, list[Fault]] = field(default_factory=dict)
    total: int = 0

    def add(self, place: int, fault: Fault) -> None:
        """Note a fault of the file at `place` among those given."""
        kept = self.found.setdefault(place, [])
        self.total += 1
        if len(kept) < SHOWN:
            kept.append(fault)

    def has(self, place: int, rad: int, kolumn: str | None) -> bool:
        """Whether something is said already of a cell."""
        return any(fault.rad == rad and fault.kolumn == kolumn for fault in self.found.get(place, ()))

    def __bool__(self) -> bool:
        return self.total > 0

    def in_order(self) -> list[Fault]:
        """By file as given, then by row; what concerns the whole file first."""
        return [fault for place in sorted(self.found) for fault in sorted(self.found[place], key=lambda f: f.rad or 0)]


class FilesRefused(Refused):
    """The files are refused: the `faults` kept of `total`; `recorded` says what stands anyway."""

    def __init__(self, faults: Iterable[Fault], total: int, recorded: str = "") -> None:
        """Keep the faults; there is at least one."""
        self.faults = tuple(faults)
        self.total = total
        self.recorded = recorded
        super().__init__(fault.refusal for fault in self.faults)

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """One line per fault, at most 200, and what became of the import."""
        lines = [fault.text() for fault in self.faults[:SHOWN]]
        hidden = self.total - len(lines)
        if hidden:
            lines.append(f"… och {hidden} fel till. Rätta de som visas och läs in igen, så visas resten.")
        count = "1 fel" if self.total == 1 else f"{self.total} fel"
        lines.append(f"{count}. {self.recorded or 'Ingenting är registrerat.'}")
        return "\n".join(lines)
