"""What stands at a position: the facts recorded by then, each as its corrections left it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ledger.domain.events import Beslut, ForslagMade, ForslagRejected, RegistreringCorrected
from ledger.domain.fact import Fact


class Standing(NamedTuple):
    """A fact that stands, and the position of the registration that it is, or that it puts right."""

    position: int
    fact: Fact


class Decision(NamedTuple):
    """A decision that counts. `pending` says that it is only proposed."""

    position: int
    beslut: Beslut
    pending: bool


def standing_facts(facts: Sequence[tuple[int, Fact]], kand: int | None) -> list[Standing]:
    """The facts recorded by `kand`, corrections carried out: what was wrong is gone, what is right has its place.

    So a corrected fact counts at its own date, and keeps its place in the order of recording.
    """
    place: dict[int, int] = {}
    says: dict[int, list[Fact]] = {}
    for position, fact in sorted(facts, key=lambda pair: pair[0]):
        if kand is not None and position > kand:
            break
        if not isinstance(fact, RegistreringCorrected):
            place[position] = position
            says[position] = [fact]
            continue
        place[position] = place[fact.rattar]
        said = says[place[position]]
        for adds, simple in _effect(fact):
            if adds:
                said.append(simple)
            else:
                said.remove(simple)
    return [Standing(position, fact) for position, said in says.items() for fact in said]


def _effect(fact: Fact) -> Iterator[tuple[bool, Fact]]:
    """What a fact adds (true) and takes away (false), down to facts that are no corrections."""
    if not isinstance(fact, RegistreringCorrected):
        yield True, fact
        return
    for adds, simple in _effect(fact.fel):
        yield not adds, simple
    if fact.ratt is not None:
        yield from _effect(fact.ratt)


def dated(day: date, beslutad: date | None) -> bool:
    """Whether a fact of that day counts when only what is dated by `beslutad` does."""
    return beslutad is None or day <= beslutad


def decisions(standing: Sequence[Standing], beslutad: date | None, *, med_forslag: bool) -> list[Decision]:
    """The decisions dated by `beslutad`; with `med_forslag` also the proposals that nothing has closed by then."""
    closed = {
        (fact.typ, fact.forslag)
        for _, fact in standing
        if isinstance(fact, (Beslut, ForslagRejected)) and fact.forslag and dated(fact.beslutsdatum, beslutad)
    }
    found = []
    for position, fact in standing:
        if isinstance(fact, Beslut):
            found.append(Decision(position, fact, pending=False))
        elif (
            isinstance(fact, ForslagMade) and med_forslag and (fact.beslut.typ, fact.beslut.diarienummer) not in closed
        ):
            found.append(Decision(position, fact.beslut, pending=True))
    return [decision for decision in found if dated(decision.beslut.beslutsdatum, beslutad)]
