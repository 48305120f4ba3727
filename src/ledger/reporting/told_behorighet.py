"""How facts of rights, cases and periods are told in one line; see told.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ledger.domain import events_behorighet as rights
from ledger.domain.fact import Fact
from ledger.domain.language import phrase

LINES: Final[tuple[tuple[type[Fact], Callable[[Any], str]], ...]] = (
    (
        rights.OppetLageEnded,
        lambda fact: phrase("Första mandatet, beslutat {beslutsdatum}", beslutsdatum=fact.beslutsdatum),
    ),
    (
        rights.MandatGranted,
        lambda fact: phrase(
            "{funktion}: {far} i {ansvar}", funktion=fact.funktion or fact.person, far=fact.far, ansvar=fact.ansvar
        ),
    ),
    (
        rights.MandatEnded,
        lambda fact: phrase("Mandatet @{mandat} gäller till {till}", mandat=fact.mandat, till=fact.till),
    ),
    (
        rights.AttestantNamed,
        lambda fact: phrase(
            "{person}, {uppgift} för {ansvar} {ar}",
            person=fact.person,
            uppgift=fact.uppgift,
            ansvar=fact.ansvar,
            ar=fact.ar,
        ),
    ),
    (rights.ArendeDrafted, lambda fact: f"{fact.arende} version {fact.version}: {fact.typ}"),
    (
        rights.ArendeProposed,
        lambda fact: phrase(
            "{arende} version {version}, till {till}", arende=fact.arende, version=fact.version, till=fact.till
        ),
    ),
    (rights.ArendeReviewed, lambda fact: f"{fact.arende} version {fact.version}"),
    (rights.ArendeReturned, lambda fact: f"{fact.arende} version {fact.version}: {fact.motivering}"),
    (rights.ArendeWithdrawn, lambda fact: fact.arende),
    (
        rights.ArendeDecided,
        lambda fact: phrase(
            "{arende} version {version}, av {beslutsorgan}",
            arende=fact.arende,
            version=fact.version,
            beslutsorgan=fact.beslutsorgan,
        ),
    ),
    (rights.JavDeclared, lambda fact: fact.arende),
    (rights.RegistreringConfirmed, lambda fact: phrase("Bekräftar @{registrering}", registrering=fact.registrering)),
    (
        rights.RegistreringDropped,
        lambda fact: phrase(
            "Tar tillbaka @{registrering}: {motivering}", registrering=fact.registrering, motivering=fact.motivering
        ),
    ),
    (
        rights.FilRegistered,
        lambda fact: phrase(
            "{filnamn}: {rader} rader, {fakta} fakta",
            filnamn=fact.filnamn or fact.slag,
            rader=fact.rader,
            fakta=fact.fakta,
        ),
    ),
    (rights.ForsokRefused, lambda fact: f"{fact.kommando}: {fact.regel}"),
    (rights.ClosingBegun, lambda fact: f"{fact.ansvar} {fact.period}"),
    (rights.ForvaltningClosed, lambda fact: f"{fact.ansvar} {fact.period}"),
    (
        rights.LatePosted,
        lambda fact: phrase(
            "{serie} {vernr} {ar} hör till {ursprungsdatum}",
            serie=fact.serie,
            vernr=fact.vernr,
            ar=fact.ar,
            ursprungsdatum=fact.ursprungsdatum,
        ),
    ),
    (
        rights.YearClosed,
        lambda fact: phrase(
            "{ar}, fastställt av {beslutsorgan} {beslutsdatum}",
            ar=fact.ar,
            beslutsorgan=fact.beslutsorgan,
            beslutsdatum=fact.beslutsdatum,
        ),
    ),
    (rights.ForvaltningOpened, lambda fact: f"{fact.ansvar} {fact.period}: {fact.motivering}"),
)
