"""A town hall: callers give commands to books in memory, judged as at the choke point and recorded in turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest

from ledger.application import decide
from ledger.domain import mandat
from ledger.domain.arende import DecideArende, DraftArende, ProposeArende, ReviewArende
from ledger.domain.arende import State as Cases
from ledger.domain.behorighet import Asked, allowed
from ledger.domain.books import Books
from ledger.domain.events import UnitEstablished
from ledger.domain.fact import Fact
from ledger.domain.mandat import GrantMandat
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.roll import Caller
from ledger.domain.rorelse import Rorelse
from ledger.recording.store import FactLog
from tests.domain.spec import Shelf

BEGIN = date(2022, 1, 1)
TODAY = date(2024, 6, 1)

#: The organisation of the example, as far as the order speaks of it; the enheter are made up.
LINKOPING: tuple[Fact, ...] = tuple(
    UnitEstablished(ansvar, namn, niva, BEGIN, overordnad)
    for ansvar, namn, niva, overordnad in (
        ("LKPG", "Linköpings kommun", "kommun", None),
        ("KS", "Kommunstyrelsen", "namnd", "LKPG"),
        ("BUN", "Barn- och ungdomsnämnden", "namnd", "LKPG"),
        ("KS-KLF", "Kommunledningsförvaltningen", "forvaltning", "KS"),
        ("KS-VSS", "Verksamhetsstöd och service", "forvaltning", "KS"),
        ("KLF-EKON", "Ekonomistaben", "stab", "KS-KLF"),
        ("KLF-HR", "HR staben", "stab", "KS-KLF"),
        ("KLF-GEM", "Kommungemensamt", "stab", "KS-KLF"),
        ("EKON-RED", "Redovisning", "enhet", "KLF-EKON"),
        ("EKON-UPP", "Upphandling", "enhet", "KLF-EKON"),
        ("VSS-HR", "Avdelning HR", "avdelning", "KS-VSS"),
        ("VSS-KOST", "Avdelning Kost och restaurang", "avdelning", "KS-VSS"),
        ("KOST-1", "Kök Berga", "enhet", "VSS-KOST"),
        ("KOST-2", "Kök Skäggetorp", "enhet", "VSS-KOST"),
    )
)

ADMIN = Caller("a-90", "admin")
OTHER_ADMIN = Caller("a-91", "admin")
EKONOM = Caller("a-1", "ekonom")
SECOND = Caller("a-2", "ekonom")
DIREKTOR = Caller("a-3", "attestant", funktioner=("bitr. kommundirektör",))
STABSDIREKTOR = Caller("a-4", "attestant", funktioner=("stabsdirektör KLF-EKON",))


def mandate(funktion: str | None, far: str, ansvar: str, niva: str | None = None, **columns: Any) -> GrantMandat:
    """A row of the order, decided by kommunstyrelsen in December 2023 unless it says otherwise."""
    row = {"fran": date(2024, 1, 1), "beslutsorgan": "kommunstyrelsen", "beslutsdatum": date(2023, 12, 12)}
    return GrantMandat(**{**row, "far": far, "ansvar": ansvar, "funktion": funktion, "niva": niva, **columns})


#: The budget order of the example: what follows from the law is not in it.
ORDER: tuple[GrantMandat, ...] = (
    mandate("bitr. kommundirektör", "omfordelning", "KS-KLF", "stab", anmals=True),
    mandate("stabsdirektör", "omfordelning", "KLF-EKON", "enhet", beloppsgrans_ore=100_000_000),
    mandate("stabsdirektör", "omfordelning", "KLF-HR", "enhet"),
    mandate("förvaltningschef", "omfordelning", "KS-VSS", "avdelning", beloppsgrans_ore=500_000_000),
    mandate(
        "enhetschef",
        "omfordelning",
        "KOST-1",
        "post",
        beloppsgrans_ore=50_000_000,
        beslutsorgan="förvaltningschef KS-VSS",
        beslutsdatum=date(2024, 1, 1),
    ),
    mandate(
        None, "registrera", "LKPG", person="a-1", beslutsorgan="kommunfullmäktige", beslutsdatum=date(2023, 11, 28)
    ),
    mandate(
        None, "registrera", "LKPG", person="a-2", beslutsorgan="kommunfullmäktige", beslutsdatum=date(2023, 11, 28)
    ),
)


class Hall:
    """Books, the facts in order, and the day today."""

    def __init__(self, *facts: Fact, today: date = TODAY) -> None:
        self.books = Books()
        self.shelf = Shelf()
        self.facts = self.shelf.facts
        self.today: Callable[[], date] = lambda: today
        for fact in facts:
            self._record(fact, "a-0")

    def do(self, command: Any, caller: Caller) -> list[Fact]:
        """The facts that a command leads to when it is given by a caller; recorded. Errors: Refused."""
        facts = decide(self.books, cast("FactLog", self.shelf), command)
        is_closed = self.books.of(mandat.State).is_closed
        judged = allowed(self.books, Asked(caller, self.today), command, facts, is_closed=is_closed)
        self.mandat = judged.mandat
        for fact in judged.facts:
            self._record(fact, caller.actor)
        return judged.facts

    def refused(self, command: Any, caller: Caller, rule: type[Refusal]) -> str:
        """The sentence of a refusal of this rule; the hall stands as it stood."""
        before = len(self.facts)
        with pytest.raises(Refused) as refused:
            self.do(command, caller)
        found = [refusal for refusal in refused.value.refusals if isinstance(refusal, rule)]
        assert found, str(refused.value)
        assert len(self.facts) == before
        return found[0].sentence()

    def order(self, *rows: GrantMandat) -> Hall:
        """Give mandates: the first in öppet läge, the others by one admin and confirmed by another."""
        for row in rows or ORDER:
            self.do(row, ADMIN)
            self.confirm(OTHER_ADMIN)
        return self

    def confirm(self, caller: Caller) -> list[Fact]:
        """Confirm what was registered last, if it waits."""
        from ledger.domain.registrering import ConfirmRegistrering, State  # noqa: PLC0415 - used here alone

        waiting = self.books.of(State).waiting
        return self.do(ConfirmRegistrering(max(waiting)), caller) if waiting else []

    def draft(self, *rorelser: Rorelse, arende: str = "KS 1", typ: str = "omfordelning", by: Caller = EKONOM) -> Hall:
        """A case, drafted and proposed by the same person."""
        self.do(DraftArende(arende, typ, rorelser), by)
        return self.propose(arende, by)

    def propose(self, arende: str, by: Caller = EKONOM) -> Hall:
        self.do(ProposeArende(arende, *self.seen(arende), date(2024, 3, 1)), by)
        return self

    def seen(self, arende: str) -> tuple[int, str]:
        """Version and digest of a case as whoever reads it sees them."""
        drafted = self.books.of(Cases).cases[arende].drafted
        return drafted.version, drafted.digest

    def review(self, arende: str = "KS 1") -> ReviewArende:
        return ReviewArende(arende, *self.seen(arende), date(2024, 3, 2))

    def attest(self, organ: str, arende: str = "KS 1", on: date = date(2024, 3, 4)) -> DecideArende:
        return DecideArende(arende, *self.seen(arende), organ, on)

    def _record(self, fact: Fact, actor: str) -> None:
        self.facts.append(fact)
        self.books.position = len(self.facts)
        self.books.evolve(len(self.facts), fact, actor)


def move(kronor: int, fran: str, till: str, **columns: Any) -> Rorelse:
    return Rorelse(kronor * 100, "netto", 2024, fran, till, **columns)
