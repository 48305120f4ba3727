"""Random corrections of wrong registrations, and corrections of corrections."""

from __future__ import annotations

from dataclasses import replace

from ledger.domain.events import (
    Beslut,
    PrognosSubmitted,
    ProjektChanged,
    RegistreringCorrected,
    UnitChanged,
    UnitClosed,
    UnitEstablished,
)
from ledger.domain.fact import Fact
from tests.oracle.random_town import History, project_row

CORRECTABLE = (Beslut, PrognosSubmitted, ProjektChanged, UnitEstablished, UnitClosed)


def correction(history: History) -> RegistreringCorrected | None:
    """Something recorded before was wrong: it should have said something else, or nothing."""
    candidates = []
    for position, fact in enumerate(history.facts, start=1):
        said = fact.ratt if isinstance(fact, RegistreringCorrected) else fact
        if position not in history.corrected and isinstance(said, CORRECTABLE):
            weight = 6 if isinstance(fact, RegistreringCorrected) else 1
            candidates.extend([(position, said)] * weight)
    if not candidates:
        return None
    position, said = history.rng.choice(candidates)
    right = righted(history, said)
    if right == said:
        return None
    history.corrected.add(position)
    return RegistreringCorrected(position, said, right)


def righted(history: History, said: Fact) -> Fact | None:
    """What it should have said. A code's first row keeps its code; others may not have been at all."""
    rng = history.rng
    if isinstance(said, UnitEstablished):
        if isinstance(said, UnitChanged) and rng.random() < 0.3:
            return None
        parent = said.overordnad and history.parent_for(said.niva)
        if said.niva == "namnd":
            parent = history.units[0]
        return replace(said, overordnad=parent, teckenregel=rng.choice((None, None, "nettokostnad", "resultat")))
    if isinstance(said, ProjektChanged):
        return project_row(history, said.projekt)
    if rng.random() < 0.25:
        return None
    if isinstance(said, UnitClosed):
        return replace(said, till=history.day(2022, 2026))
    if isinstance(said, PrognosSubmitted):
        rader = tuple(rad._replace(belopp_ore=history.ore()) for rad in said.rader)
        return replace(said, rader=rader, prognosdatum=rng.choice((said.prognosdatum, history.day(2022, 2026))))
    if isinstance(said, Beslut):
        rorelser = tuple(rorelse._replace(belopp_ore=history.ore()) for rorelse in said.rorelser)
        dag = rng.choice((said.beslutsdatum, history.day(2021, 2026)))
        return replace(said, rorelser=rorelser[: rng.randint(1, len(rorelser))], beslutsdatum=dag)
    return None
