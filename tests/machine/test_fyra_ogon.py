"""Ten thousand random histories of people who try everything: nobody ever decides what is his own.

The truth is kept beside the books, by the test itself: who wrote, proposed, reviewed, registered and declared jäv.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from ledger.domain.arende import (
    DecideArende,
    DeclareJav,
    DraftArende,
    ProposeArende,
    ReturnArende,
    ReviewArende,
    State,
    WithdrawArende,
)
from ledger.domain.beslut import DecideOmfordelning
from ledger.domain.events import Beslut, PeriodClosed, PeriodOpened
from ledger.domain.events_behorighet import AttestantNamed, MandatGranted, RegistreringMade
from ledger.domain.fact import Fact
from ledger.domain.mandat import NameAttestant
from ledger.domain.period import OpenPeriod
from ledger.domain.refusal import Refused
from ledger.domain.registrering import ConfirmRegistrering
from ledger.domain.registrering import State as Registered
from ledger.domain.roll import RIGHTS, Caller
from tests.domain.hall import LINKOPING, TODAY, Hall, mandate, move

HISTORIES, STEPS = 10_000, 9

PEOPLE = ("a-1", "a-2", "a-3")
#: Everybody holds every function, so that nothing but four eyes stands in the way.
FUNCTIONS = ("stabsdirektör", "bitr. kommundirektör")
CASES = ("KS 1", "KS 2")
DAY = date(2024, 3, 1)


def town() -> Hall:
    """Everybody may record decisions, everybody may decide, and a month is closed."""
    few = {"LKPG", "KS", "KS-KLF", "KLF-EKON", "EKON-RED", "EKON-UPP"}
    hall = Hall(*(unit for unit in LINKOPING if getattr(unit, "ansvar", "") in few), PeriodClosed("2024-02"))
    hall.order(
        mandate("stabsdirektör", "omfordelning", "KLF-EKON"),
        mandate("stabsdirektör", "registrera", "KLF-EKON"),
    )
    return hall


class History:
    """One history, with what the test knows of it."""

    def __init__(self, seed: int, standing: tuple[Fact, ...]) -> None:
        self.dice = Random(seed)  # noqa: S311 - dice, not keys
        self.hall = Hall(*standing)
        self.proposed: dict[str, set[str]] = defaultdict(set)
        self.reviewed: dict[str, set[str]] = defaultdict(set)
        self.javiga: dict[str, set[str]] = defaultdict(set)
        #: Who wrote or proposed the newest version of each case.
        self.newest: dict[str, set[str]] = defaultdict(set)
        self.registered: dict[int, str] = {}
        self.decided = 0

    def play(self) -> int:
        """How many things came to count."""
        for _ in range(STEPS):
            caller = Caller(self.dice.choice(PEOPLE), self.dice.choice(("ekonom", "admin", *RIGHTS)), (), FUNCTIONS)
            command = self.command()
            with suppress(Refused):
                self.judge(command, caller.actor, self.hall.do(command, caller))
        return self.decided

    def command(self) -> Any:
        case, dice = self.dice.choice(CASES), self.dice
        known = self.hall.books.of(State).cases.get(case)
        if known is None or dice.random() < 1 / 8:
            row = move(dice.choice((100, 200)), "EKON-RED", "EKON-UPP")
            return dice.choice((DraftArende(case, "omfordelning", (row,)), *self.registrations()))
        version = (known.drafted.version, known.drafted.digest)
        day = DAY + timedelta(dice.randrange(3))
        usual = (
            ProposeArende(case, *version, DAY),
            ReviewArende(case, *version, day),
            DecideArende(case, *version, "stabsdirektör", day),
        )
        others = (DeclareJav(case), ReturnArende(case, version[0], "nej"), WithdrawArende(case), *self.registrations())
        return dice.choice(usual) if dice.random() < 2 / 3 else dice.choice(others)

    def registrations(self) -> tuple[Any, ...]:
        waiting = list(self.hall.books.of(Registered).waiting)
        row = move(self.dice.choice((300, 400)), "EKON-RED", "EKON-UPP")
        return (
            DecideOmfordelning("stabsdirektör", DAY, (row,), str(row.belopp_ore)),
            OpenPeriod("2024-02", "Sen faktura"),
            NameAttestant("KLF-EKON", 2024, "granskning", self.dice.choice(PEOPLE), DAY, TODAY),
            *(ConfirmRegistrering(at) for at in waiting * 3),
        )

    def judge(self, command: Any, actor: str, facts: list[Fact]) -> None:
        """What is recorded has been through the hands that it should, by what the test itself has seen."""
        case = getattr(command, "arende", "")
        if not isinstance(command, DeclareJav):
            assert actor not in self.javiga[case]
        counts = [f for f in facts if isinstance(f, Beslut | MandatGranted | AttestantNamed | PeriodOpened)]
        match command:
            case DraftArende() | ProposeArende():
                self.proposed[case].add(actor)
                if isinstance(command, DraftArende) and facts:
                    self.newest[case] = set()
                self.newest[case].add(actor)
            case ReviewArende():
                assert actor not in self.proposed[case]
                self.reviewed[case].add(actor)
            case DeclareJav():
                self.javiga[case].add(actor)
            case DecideArende():
                assert actor not in self.proposed[case] | self.reviewed[case]
                assert self.newest[case].isdisjoint(self.javiga[case])
            case ConfirmRegistrering():
                assert actor != self.registered[command.registrering]
            case _:
                assert not counts
        for at, fact in enumerate(self.hall.facts, 1):
            if isinstance(fact, RegistreringMade):
                self.registered.setdefault(at, actor)
        self.decided += len(counts)


@pytest.mark.timeout(300)
def test_nobody_decides_what_is_his_own_in_ten_thousand_histories() -> None:
    standing = tuple(town().facts)
    decided = sum(History(seed, standing).play() for seed in range(HISTORIES))
    # The histories are worth something: thousands of them came to a decision by different people.
    assert decided > HISTORIES / 5
