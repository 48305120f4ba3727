"""Help: how the pages are read and used, the words of the field, and the accessibility statement.

Rule: DOS-lagen 10–13 §§ – a statement of what is accessible, and a way to say what is not.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from ledger.domain.language import N_, _
from ledger.web.drawing import Drawing
from ledger.web.house import House

#: The words of the field, as the pages use them.
TERMS: Final = (
    (N_("Ansvar"), N_("Enheten i organisationen som svarar för pengarna. Koden står i varje rad.")),
    (N_("Anslag, ram"), N_("Det nettobelopp som en nämnd eller enhet får använda under året.")),
    (N_("Avvikelse"), N_("Budget − utfall. Plus är gynnsamt, oavsett om raden är kostnad, intäkt eller netto.")),
    (N_("Beslutat t.o.m."), N_("Den ena tidsaxeln: bara det som är daterat till och med dagen räknas.")),
    (N_("Bokslut"), N_("Utfallet för ett helt avslutat år.")),
    (N_("Detaljbudget"), N_("Hur en enhet delar upp sin budget på kostnader, intäkter, konton och poster.")),
    (N_("Faktum"), N_("Något som beslutats eller hänt. Det ändras aldrig; det som blev fel får en rättelse.")),
    (N_("Internbudget"), N_("Nämndens fördelning av sin ram på förvaltningar och staber. Resten är ofördelat.")),
    (
        N_("Investeringsram"),
        N_("Vad ett projekt får kosta under ett år. Totalutgift är vad det får kosta över alla år."),
    ),
    (N_("Känt den"), N_("Den andra tidsaxeln: bara det som var registrerat då räknas, vilket datum det än bär.")),
    (N_("Läge, @512"), N_("Ett faktums plats i liggaren. Ett svar vid ett fast läge är detsamma för alltid.")),
    (N_("Mandat"), N_("Rätten att besluta: vem, vad, var, mellan vilka nivåer och upp till vilket belopp.")),
    (N_("Nettokostnad"), N_("Kostnader − intäkter.")),
    (N_("Ofördelat"), N_("Det som ligger på en enhet själv och inte på någon av raderna under den.")),
    (N_("Ombudgetering"), N_("Investeringsram som inte användes förs över till ett senare år.")),
    (N_("Omfördelning"), N_("Pengar flyttar mellan enheter inom samma år. Summan är alltid noll.")),
    (N_("Omgång"), N_("En nämnds budget för ett år, efter beslutets dag. En ny omgång ersätter planen i de tidigare.")),
    (
        N_("Periodisering"),
        N_("Hur årets budget faller på månaderna. Det som inte är periodiserat visas som tolftedelar."),
    ),
    (N_("Prognos"), N_("Vad en enhet tror om hela året. Den nyaste gäller; de tidigare går att läsa.")),
    (N_("Ramjustering"), N_("En ändring av en ram efter budgetbeslutet (anslagsförändring).")),
    (N_("Resultat"), N_("Intäkter − kostnader. Förvaltningar som redovisas så står utanför summan.")),
    (N_("Stämpel"), N_("Läge, tid och trädrot: vad ett svar är räknat ur, så att det går att pröva.")),
    (N_("Trädrot"), N_("En kontrollsumma över alla fakta till ett läge. Ändras en enda byte blir den en annan.")),
    (N_("Utfall"), N_("Det som är bokfört: verifikationer och månadsvisa utfallsrader.")),
    (N_("Verifikation"), N_("Ett underlag i bokföringen vars rader balanserar.")),
    (N_("Verksamhet"), N_("Vad pengarna används till, enligt SCB:s räkenskapssammandrag.")),
)


def router(house: House, drawing: Drawing) -> APIRouter:
    """/hjalp and /tillganglighet."""
    pages = APIRouter(include_in_schema=False)

    @pages.get("/hjalp")
    def manual() -> Response:
        terms = sorted((_(term), _(meaning)) for term, meaning in TERMS)
        return drawing.page("hjalp.html", chosen="hjalp", terms=terms)

    @pages.get("/tillganglighet")
    def statement() -> Response:
        return drawing.page("tillganglighet.html", chosen="tillganglighet", kontakt=house.kontakt)

    return pages
