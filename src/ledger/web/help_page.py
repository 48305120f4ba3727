"""Help: how the pages are read and used, the words of the field, and the accessibility statement.

Rule: DOS-lagen 10–13 §§ – a statement of what is accessible, and a way to say what is not.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from ledger.web.drawing import Drawing
from ledger.web.house import House

#: The words of the field, as the pages use them.
TERMS: Final = (
    ("Ansvar", "Enheten i organisationen som svarar för pengarna. Koden står i varje rad."),
    ("Anslag, ram", "Det nettobelopp som en nämnd eller enhet får använda under året."),
    ("Avvikelse", "Budget − utfall. Plus är gynnsamt, oavsett om raden är kostnad, intäkt eller netto."),
    ("Beslutat t.o.m.", "Den ena tidsaxeln: bara det som är daterat till och med dagen räknas."),
    ("Bokslut", "Utfallet för ett helt avslutat år."),
    ("Detaljbudget", "Hur en enhet delar upp sin budget på kostnader, intäkter, konton och poster."),
    ("Faktum", "Något som beslutats eller hänt. Det ändras aldrig; det som blev fel får en rättelse."),
    ("Internbudget", "Nämndens fördelning av sin ram på förvaltningar och staber. Resten är ofördelat."),
    ("Investeringsram", "Vad ett projekt får kosta under ett år. Totalutgift är vad det får kosta över alla år."),
    ("Känt den", "Den andra tidsaxeln: bara det som var registrerat då räknas, vilket datum det än bär."),
    ("Läge, @512", "Ett faktums plats i liggaren. Ett svar vid ett fast läge är detsamma för alltid."),
    ("Mandat", "Rätten att besluta: vem, vad, var, mellan vilka nivåer och upp till vilket belopp."),
    ("Nettokostnad", "Kostnader − intäkter."),
    ("Ofördelat", "Det som ligger på en enhet själv och inte på någon av raderna under den."),
    ("Ombudgetering", "Investeringsram som inte användes förs över till ett senare år."),
    ("Omfördelning", "Pengar flyttar mellan enheter inom samma år. Summan är alltid noll."),
    ("Omgång", "En nämnds budget för ett år, efter beslutets dag. En ny omgång ersätter planen i de tidigare."),
    ("Periodisering", "Hur årets budget faller på månaderna. Det som inte är periodiserat visas som tolftedelar."),
    ("Prognos", "Vad en enhet tror om hela året. Den nyaste gäller; de tidigare går att läsa."),
    ("Ramjustering", "En ändring av en ram efter budgetbeslutet (anslagsförändring)."),
    ("Resultat", "Intäkter − kostnader. Förvaltningar som redovisas så står utanför summan."),
    ("Stämpel", "Läge, tid och trädrot: vad ett svar är räknat ur, så att det går att pröva."),
    ("Trädrot", "En kontrollsumma över alla fakta till ett läge. Ändras en enda byte blir den en annan."),
    ("Utfall", "Det som är bokfört: verifikationer och månadsvisa utfallsrader."),
    ("Verifikation", "Ett underlag i bokföringen vars rader balanserar."),
    ("Verksamhet", "Vad pengarna används till, enligt SCB:s räkenskapssammandrag."),
)


def router(house: House, drawing: Drawing) -> APIRouter:
    """/hjalp and /tillganglighet."""
    pages = APIRouter(include_in_schema=False)

    @pages.get("/hjalp")
    def manual() -> Response:
        return drawing.page("hjalp.html", chosen="hjalp", terms=TERMS)

    @pages.get("/tillganglighet")
    def statement() -> Response:
        return drawing.page("tillganglighet.html", chosen="tillganglighet", kontakt=house.kontakt)

    return pages
