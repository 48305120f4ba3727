"""How facts of rights, cases and periods are told in one line; see told.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ledger.domain import events_behorighet as rights
from ledger.domain.fact import Fact

LINES: Final[tuple[tuple[type[Fact], Callable[[Any], str]], ...]] = (
    (rights.OppetLageEnded, lambda fact: f"Första mandatet, beslutat {fact.beslutsdatum}"),
    (rights.MandatGranted, lambda fact: f"{fact.funktion or fact.person}: {fact.far} i {fact.ansvar}"),
    (rights.MandatEnded, lambda fact: f"Mandatet @{fact.mandat} gäller till {fact.till}"),
    (rights.AttestantNamed, lambda fact: f"{fact.person}, {fact.uppgift} för {fact.ansvar} {fact.ar}"),
    (rights.ArendeDrafted, lambda fact: f"{fact.arende} version {fact.version}: {fact.typ}"),
    (rights.ArendeProposed, lambda fact: f"{fact.arende} version {fact.version}, till {fact.till}"),
    (rights.ArendeReviewed, lambda fact: f"{fact.arende} version {fact.version}"),
    (rights.ArendeReturned, lambda fact: f"{fact.arende} version {fact.version}: {fact.motivering}"),
    (rights.ArendeWithdrawn, lambda fact: fact.arende),
    (rights.ArendeDecided, lambda fact: f"{fact.arende} version {fact.version}, av {fact.beslutsorgan}"),
    (rights.JavDeclared, lambda fact: fact.arende),
    (rights.RegistreringConfirmed, lambda fact: f"Bekräftar @{fact.registrering}"),
    (rights.RegistreringDropped, lambda fact: f"Tar tillbaka @{fact.registrering}: {fact.motivering}"),
    (rights.FilRegistered, lambda fact: f"{fact.filnamn or fact.slag}: {fact.rader} rader, {fact.fakta} fakta"),
    (rights.ForsokRefused, lambda fact: f"{fact.kommando}: {fact.regel}"),
    (rights.ClosingBegun, lambda fact: f"{fact.ansvar} {fact.period}"),
    (rights.ForvaltningClosed, lambda fact: f"{fact.ansvar} {fact.period}"),
    (rights.LatePosted, lambda fact: f"{fact.serie} {fact.vernr} {fact.ar} hör till {fact.ursprungsdatum}"),
    (rights.YearClosed, lambda fact: f"{fact.ar}, fastställt av {fact.beslutsorgan} {fact.beslutsdatum}"),
    (rights.ForvaltningOpened, lambda fact: f"{fact.ansvar} {fact.period}: {fact.motivering}"),
)
