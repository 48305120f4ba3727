"""What the budget decisions so far add up to: what a unit holds, what frame is left, which rounds are open.

Folds: Beslut, ForslagMade, ForslagRejected.     Touches: ram/<ansvar>/<ar>, projekt/<kod>, omgang/<ar>, forslag/<dnr>.
Rule: contract §3 *Omgång* – a budget decision opens a round per nämnd and year; each side of a movement belongs to the
round in force on its day, and a year is judged by its newest round. The order of recording does not matter.
Not here: what a decision may look like (beslut.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ledger.domain.events import Beslut, BudgetAdopted, ForslagMade, ForslagRejected, InvesteringsramDecided
from ledger.domain.fact import Fact
from ledger.domain.kodstrang import BOOKS_SIGN, INVESTERING
from ledger.domain.organisation import Organisation
from ledger.domain.rorelse import Sida


class Dated(NamedTuple):
    """A side of a movement with the day it was decided and the fact it came with."""

    beslutsdatum: date
    position: int
    side: Sida


@dataclass(slots=True)
class Budget:
    """Sides by unit and year (drift) and by project or unit and year (investments), and the days of the rounds."""

    decisions: dict[str, dict[int, Beslut]] = field(default_factory=dict)
    drift: dict[tuple[str, int], list[Dated]] = field(default_factory=lambda: defaultdict(list))
    frames: dict[tuple[str, int], list[Dated]] = field(default_factory=lambda: defaultdict(list))
    openings: dict[int, list[tuple[int, date, str]]] = field(default_factory=lambda: defaultdict(list))
    frame_openings: dict[tuple[str, int], list[tuple[int, date]]] = field(default_factory=lambda: defaultdict(list))
    proposals: dict[str, dict[int, Beslut]] = field(default_factory=dict)
    proposed: dict[tuple[str, str], int] = field(default_factory=dict)
    closings: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    rejections: set[tuple[str, str]] = field(default_factory=set)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a decision, a proposal or its end."""
        if isinstance(fact, Beslut):
            self.decisions.setdefault(fact.stream, {})[position] = fact
            if fact.forslag:
                self.closings[fact.typ, fact.forslag].add(position)
            if fact.typ != "totalutgift":
                self._add(position, fact)
        elif isinstance(fact, ForslagMade):
            self.proposals.setdefault(fact.stream, {})[position] = fact.beslut
            self.proposed[fact.beslut.typ, fact.beslut.diarienummer or ""] = position
        elif isinstance(fact, ForslagRejected):
            self.rejections.add((fact.stream, fact.forslag))
            self.closings[fact.typ, fact.forslag].add(position)

    def forget(self, position: int, fact: Fact) -> None:
        """Take back a wrong registration."""
        if not isinstance(fact, Beslut):
            return
        parts = self.decisions.get(fact.stream, {})
        parts.pop(position, None)
        if not parts:
            self.decisions.pop(fact.stream, None)
        if fact.forslag:
            self.closings[fact.typ, fact.forslag].discard(position)
        for _, side in fact.sides():
            for book, key in ((self.drift, (side.ansvar, side.ar)), (self.frames, (frame_key(side), side.ar))):
                if key in book:
                    book[key] = [dated for dated in book[key] if dated.position != position]
            opened = self.frame_openings.get((frame_key(side), side.ar), [])
            opened[:] = [opening for opening in opened if opening[0] != position]
            self.openings[side.ar] = [opening for opening in self.openings[side.ar] if opening[0] != position]

    def _add(self, position: int, fact: Beslut) -> None:
        for _, side in fact.sides():
            dated = Dated(fact.beslutsdatum, position, side)
            if side.slag in INVESTERING:
                self.frames[frame_key(side), side.ar].append(dated)
                if isinstance(fact, InvesteringsramDecided):
                    self.frame_openings[frame_key(side), side.ar].append((position, fact.beslutsdatum))
            else:
                self.drift[side.ansvar, side.ar].append(dated)
                if isinstance(fact, BudgetAdopted):
                    self.openings[side.ar].append((position, fact.beslutsdatum, side.ansvar))

    def is_pending(self, typ: str, forslag: str) -> bool:
        """Whether a proposal of a kind and diary number waits: made, and not closed since."""
        made = self.proposed.get((typ, forslag))
        return made is not None and all(closed < made for closed in self.closings.get((typ, forslag), ()))

    def rounds(self, namnd: str, ar: int, organisation: Organisation) -> list[date]:
        """The days on which rounds were opened for a nämnd and year, in order."""
        days = {day for _, day, ansvar in self.openings.get(ar, ()) if organisation.namnd(ansvar, day) == namnd}
        return sorted(days)

    def counted(self, ansvar: str, ar: int, organisation: Organisation, day: date | None = None) -> Iterator[Dated]:
        """The drift sides of a unit that count for a year: those of the round in force on a day (default: now)."""
        days: dict[str, list[date]] = {}
        for dated in self.drift.get((ansvar, ar), ()):
            if day is not None and dated.beslutsdatum > day:
                continue
            namnd = organisation.namnd(ansvar, dated.beslutsdatum)
            if namnd not in days:
                days[namnd] = [d for d in self.rounds(namnd, ar, organisation) if day is None or d <= day]
            if in_newest_round(dated.beslutsdatum, days[namnd]):
                yield dated

    def held_ore(self, ansvar: str, ar: int, organisation: Organisation, day: date | None = None) -> int:
        """What a unit itself holds of drift for a year, net, in öre: as of a day, or over all that is known."""
        return sum(dated.side.belopp_ore for dated in self.counted(ansvar, ar, organisation, day))

    def is_newest(self, ansvar: str, ar: int, organisation: Organisation, day: date) -> bool:
        """Whether a drift movement of a day belongs to the newest round of the unit's nämnd for a year."""
        return in_newest_round(day, self.rounds(organisation.namnd(ansvar, day), ar, organisation))

    def frame_is_newest(self, key: str, ar: int, day: date) -> bool:
        """Whether a movement of a day belongs to the newest round of an investment frame."""
        return in_newest_round(day, sorted({d for _, d in self.frame_openings.get((key, ar), ())}))

    def lumps_ore(
        self, ansvar: str, ar: int, organisation: Organisation, day: date
    ) -> dict[tuple[str | None, str, str | None, str | None], int]:
        """The whole-year lumps of a unit by (verksamhet, slag, konto, projekt), in the books' sign."""
        lumps: dict[tuple[str | None, str, str | None, str | None], int] = defaultdict(int)
        for dated in self.counted(ansvar, ar, organisation, day):
            if dated.side.period is None:
                side = dated.side
                lumps[side.verksamhet, side.slag, side.konto, side.projekt] += side.belopp_ore
        return lumps

    def frame_ore(self, key: str, ar: int, slag: str, day: date | None = None) -> int:
        """The investment frame of a project (or unit) for a year in the slag's own direction."""
        days = sorted({d for _, d in self.frame_openings.get((key, ar), ()) if day is None or d <= day})
        return BOOKS_SIGN[slag] * sum(
            dated.side.belopp_ore
            for dated in self.frames.get((key, ar), ())
            if dated.side.slag == slag
            and (day is None or dated.beslutsdatum <= day)
            and in_newest_round(dated.beslutsdatum, days)
        )


def frame_key(side: Sida) -> str:
    """What an investment frame belongs to: the project, or the unit where no project is named."""
    return side.projekt or side.ansvar


def in_newest_round(day: date, rounds: Iterable[date]) -> bool:
    """Whether a movement of a day belongs to the newest round; one before the first round belongs to the first."""
    days = list(rounds)
    return len(days) <= 1 or day >= days[-1]
