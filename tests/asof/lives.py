"""When each fact that is no posting counts: from the position that says it to the one that takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.domain.events import Beslut, ForslagMade, RegistreringCorrected
from ledger.domain.fact import Fact
from tests.oracle.budget import Side, sides_of
from tests.oracle.standing import Decision, Standing

#: A position beyond all others.
NEVER = 2**62


@dataclass(slots=True)
class Life:
    """A fact, the place it has in the order of recording, and between which positions it stands."""

    place: int
    fact: Fact
    since: int
    until: int = NEVER

    def stands(self, kand: int) -> bool:
        """Whether it is known, and not yet put right, at a position."""
        return self.since <= kand < self.until

    @property
    def standing(self) -> Standing:
        """As the first oracle has it."""
        return Standing(self.place, self.fact)


class Decided:
    """A decision or proposal with its life, and the sides of its movements by year."""

    def __init__(self, life: Life) -> None:
        fact = life.fact
        self.life, self.pending = life, isinstance(fact, ForslagMade)
        self.beslut: Beslut = fact.beslut if isinstance(fact, ForslagMade) else fact  # type: ignore[assignment]
        self.sides: dict[int, list[Side]] = {}
        if self.beslut.typ != "totalutgift":
            for rorelse in self.beslut.rorelser:
                for side in sides_of(self.beslut.typ, self.beslut.beslutsdatum, rorelse):
                    self.sides.setdefault(side.ar, []).append(side)

    @property
    def decision(self) -> Decision:
        """As the first oracle has it."""
        return Decision(self.life.place, self.beslut, self.pending)


def lives(facts: Sequence[tuple[int, Fact]]) -> list[Life]:
    """The lives of some facts, by place: a correction ends that of what was wrong and begins that of what is right."""
    said: dict[int, list[Life]] = {}
    place: dict[int, int] = {}
    for position, fact in facts:
        place[position] = place[fact.rattar] if isinstance(fact, RegistreringCorrected) else position
        here = said.setdefault(place[position], [])
        for adds, simple in effect(fact):
            if adds:
                here.append(Life(place[position], simple, position))
            else:
                wrong = next(life for life in here if life.until == NEVER and life.fact == simple)
                wrong.until = position
    return [life for here in said.values() for life in here]


def effect(fact: Fact) -> Iterator[tuple[bool, Fact]]:
    """What a fact says (true) and takes back (false), down to facts that are no corrections."""
    if not isinstance(fact, RegistreringCorrected):
        yield True, fact
        return
    for adds, simple in effect(fact.fel):
        yield not adds, simple
    if fact.ratt is not None:
        yield from effect(fact.ratt)


def subject(fact: Fact) -> Fact:
    """What a fact is about: itself, or the registration that it puts right."""
    while isinstance(fact, RegistreringCorrected):
        fact = fact.fel
    return fact
