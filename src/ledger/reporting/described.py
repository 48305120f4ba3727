"""What a fact is, in one line of a history: what was decided, posted, changed or read in.

Not here: what it says, with the texts that people wrote (told.py).
"""

from __future__ import annotations

from ledger.domain import events
from ledger.domain.events_uppfoljning import AtgardChanged, MattDefined, MatvardenReported
from ledger.domain.language import phrase, phrase_n
from ledger.reporting.told import TYPER, kind_of


def described(fact: object) -> str:
    """What a fact is, in words."""
    match fact:
        case events.VerifikationCorrected():
            text = phrase(
                "Verifikation {serie} {vernr} rättar {rattar_serie} {rattar_vernr}",
                serie=fact.serie,
                vernr=fact.vernr,
                rattar_serie=fact.rattar_serie,
                rattar_vernr=fact.rattar_vernr,
            )
            return phrase("{text} från {ursprungsdatum}", text=text, ursprungsdatum=fact.ursprungsdatum)
        case events.VerifikationPosted():
            return phrase("Verifikation {serie} {vernr}", serie=fact.serie, vernr=fact.vernr)
        case events.UtfallReported():
            return phrase_n(
                "Utfall {period}, {count} rad", "Utfall {period}, {count} rader", len(fact.rader), period=fact.period
            )
        case events.UtfallCorrected():
            return phrase("Ersatt leverans {period}", period=fact.period)
        case events.Beslut():
            typ = TYPER.get(fact.typ, fact.typ.capitalize())
            return phrase_n("{typ}, {count} rörelse", "{typ}, {count} rörelser", len(fact.rorelser), typ=typ)
        case events.ForslagMade():
            return phrase("Förslag: {described}", described=described(fact.beslut))
        case events.ForslagRejected():
            return phrase("Avslag på förslaget {forslag}", forslag=fact.forslag)
        case events.RegistreringCorrected():
            return phrase("Rättelse av @{rattar}: {described}", rattar=fact.rattar, described=described(fact.fel))
    return _register(fact)


def _register(fact: object) -> str:
    """Forecasts, projects, organisation and charts."""
    match fact:
        case events.PrognosSubmitted():
            return phrase("Prognos {ar}", ar=fact.ar)
        case AtgardChanged():
            return phrase(
                "Åtgärd {atgard} {namn} {ar}: {status}",
                atgard=fact.atgard,
                namn=fact.namn,
                ar=fact.ar,
                status=fact.status,
            )
        case events.ProjektChanged():
            return phrase(
                "Projekt {projekt} {namn}: {status}", projekt=fact.projekt, namn=fact.namn, status=fact.status
            )
        case events.UnitEstablished():
            if isinstance(fact, events.UnitChanged):
                return phrase("{ansvar} {namn} ändras", ansvar=fact.ansvar, namn=fact.namn)
            return phrase("{ansvar} {namn} inrättas", ansvar=fact.ansvar, namn=fact.namn)
        case events.UnitMerged():
            return phrase("{ansvar} går upp i {ersatt_av}", ansvar=fact.ansvar, ersatt_av=fact.ersatt_av)
        case events.UnitClosed():
            return phrase("{ansvar} avslutas", ansvar=fact.ansvar)
        case events.VerksamhetDefined():
            return phrase("Verksamhet {kod} {namn}", kod=fact.kod, namn=fact.namn)
        case events.KontoDefined():
            return phrase("Konto {konto} {namn}", konto=fact.konto, namn=fact.namn)
    return _work(fact)


def _work(fact: object) -> str:
    """Periods, mått, comments, files, the program."""
    match fact:
        case events.PeriodClosed():
            if isinstance(fact, events.PeriodOpened):
                return phrase("Period {period} öppnas", period=fact.period)
            return phrase("Period {period} stängs", period=fact.period)
        case MattDefined():
            return phrase("Mått {matt} {namn}", matt=fact.matt, namn=fact.namn)
        case MatvardenReported():
            return phrase_n("Mätvärden, {count} värde", "Mätvärden, {count} värden", len(fact.rader))
        case events.KommentarWritten():
            return phrase("Kommentar till {rapport} {ar}, rad {rad}", rapport=fact.rapport, ar=fact.ar, rad=fact.rad)
        case events.FilImported():
            return phrase(
                "Fil av slaget {slag}: {rader} rader, {fakta} fakta ({sha256})",
                slag=fact.slag,
                rader=fact.rader,
                fakta=fact.fakta,
                sha256=fact.sha256[:12],
            )
        case events.ProgramChanged():
            return phrase("Programversion {version}", version=fact.version)
        case events.KommunNamed():
            return phrase("Liggaren öppnas för {kommun}", kommun=fact.kommun)
    return kind_of(getattr(fact, "name", ""))
