"""Samples of the facts of events_behorighet.py, in its order; see samples.py."""

from __future__ import annotations

from datetime import date

from ledger.domain.events import OmfordelningDecided
from ledger.domain.events_behorighet import (
    ArendeDecided,
    ArendeDrafted,
    ArendeProposed,
    ArendeReturned,
    ArendeReviewed,
    ArendeWithdrawn,
    AttestantNamed,
    ClosingBegun,
    FilRegistered,
    ForsokRefused,
    ForvaltningClosed,
    ForvaltningOpened,
    Ingaende,
    JavDeclared,
    LatePosted,
    MandatEnded,
    MandatGranted,
    OppetLageEnded,
    RegistreringConfirmed,
    RegistreringDropped,
    RegistreringMade,
    YearClosed,
)
from ledger.domain.fact import Fact
from ledger.domain.rorelse import Rorelse

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SHA = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
ROW = Rorelse(45_000_000, "netto", 2024, fran_ansvar="KLF-EKON", till_ansvar="KLF-HR", text="Tjänst flyttas")

BEHORIGHET: tuple[Fact, ...] = (
    OppetLageEnded(beslutsdatum=date(2023, 12, 12)),
    MandatGranted(
        far="omfordelning",
        ansvar="KS-KLF",
        fran=date(2024, 1, 1),
        beslutsorgan="kommunstyrelsen",
        beslutsdatum=date(2023, 12, 12),
        funktion="bitr. kommundirektör",
        person="a-17",
        niva="stab",
        beloppsgrans_ore=500_000_000,
        till=date(2026, 12, 31),
        paragraf="412",
        delegationspunkt="B 3.2",
        anmals=True,
    ),
    MandatEnded(
        mandat=12,
        till=date(2024, 8, 31),
        beslutsorgan="kommunstyrelsen",
        beslutsdatum=date(2024, 8, 27),
        paragraf="280",
        motivering="Ny kommundirektör tillträder",
    ),
    AttestantNamed(
        ansvar="KLF-EKON",
        ar=2024,
        uppgift="beslut",
        person="a-18",
        fran=date(2024, 7, 1),
        till=date(2024, 7, 31),
        funktion="stabsdirektör",
        ersattare=True,
    ),
    ArendeDrafted(
        arende="KS 2024-61",
        version=2,
        typ="omfordelning",
        rorelser=(ROW,),
        digest=DIGEST,
        diarienummer="KS 2024-61",
        motivering="Rekrytering samlas hos HR",
    ),
    ArendeProposed(arende="KS 2024-61", version=2, digest=DIGEST, datum=date(2024, 3, 1), till="bitr. kommundirektör"),
    ArendeReviewed(arende="KS 2024-61", version=2, digest=DIGEST, datum=date(2024, 3, 2)),
    ArendeReturned(arende="KS 2024-61", version=1, motivering="Ange vilken tjänst"),
    ArendeWithdrawn(arende="KS 2024-62", motivering="Behövs inte längre"),
    ArendeDecided(
        arende="KS 2024-61",
        version=2,
        digest=DIGEST,
        beslutsorgan="bitr. kommundirektör",
        beslutsdatum=date(2024, 3, 4),
        mandat=12,
        anmals=True,
    ),
    JavDeclared(arende="KS 2024-61", motivering="Närstående söker tjänsten"),
    RegistreringMade(fakta=OmfordelningDecided("kommunstyrelsen", date(2024, 3, 12), (ROW,), paragraf="88")),
    RegistreringConfirmed(registrering=512),
    RegistreringDropped(registrering=513, motivering="Fel paragraf"),
    FilRegistered(
        sha256=SHA, slag="budget", rader=221, fakta=27, digest=DIGEST, filnamn="budget 2024 från Anna Åkesson.csv"
    ),
    ForsokRefused(kommando="DecideArende", regel="ProposalIsOnesOwn", slag="förbjuden", antal=3),
    ClosingBegun(period="2024-03", ansvar="KS-VSS"),
    ForvaltningClosed(period="2024-03", ansvar="KS-VSS", motivering="En prognos kommer i april"),
    ForvaltningOpened(period="2024-03", ansvar="KS-VSS", motivering="Leverantörsfaktura kom in sent"),
    LatePosted(serie="A", vernr="124", ar=2024, ursprungsdatum=date(2024, 2, 28)),
    YearClosed(
        ar=2024,
        beslutsorgan="kommunfullmäktige",
        beslutsdatum=date(2025, 4, 22),
        ingaende=(Ingaende("P-SIMHALL", 96_500_000_000, 120_000_000, 1_450_000_000),),
        paragraf="88",
    ),
)
