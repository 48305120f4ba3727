"""Facts in words: what each kind is called in Swedish, what it says in one line, and which decision it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from ledger.domain.events import (
    Beslut,
    FilImported,
    ForslagMade,
    ForslagRejected,
    KommentarWritten,
    PrognosSubmitted,
    ProjektChanged,
    RegistreringCorrected,
    UnitClosed,
    UnitEstablished,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.events_behorighet import RegistreringMade
from ledger.domain.events_uppfoljning import AtgardChanged, MattDefined, MatvardenReported
from ledger.domain.fact import Fact
from ledger.domain.language import N_, phrase
from ledger.reporting import told_behorighet
from ledger.reporting.answer import instant_text
from ledger.reporting.log import Recorded

#: Small numbers are written out.
NUMBERS: Final = (
    N_("ingen"),
    N_("en"),
    N_("två"),
    N_("tre"),
    N_("fyra"),
    N_("fem"),
    N_("sex"),
    N_("sju"),
    N_("åtta"),
    N_("nio"),
    N_("tio"),
    N_("elva"),
    N_("tolv"),
)

#: Kinds of facts by archive name without version.
NAMES: Final = {
    "kommun_named": N_("Kommunen namngavs"),
    "program_changed": N_("Programversion"),
    "fil_imported": N_("Fil inläst"),
    "unit_established": N_("Enhet inrättad"),
    "unit_changed": N_("Enhet ändrad"),
    "unit_closed": N_("Enhet avslutad"),
    "unit_merged": N_("Enhet uppgick i en annan"),
    "verksamhet_defined": N_("Verksamhetskod"),
    "konto_defined": N_("Konto"),
    "projekt_changed": N_("Projektets läge"),
    "budget_adopted": N_("Budget"),
    "investeringsram_decided": N_("Investeringsram"),
    "totalutgift_decided": N_("Beslutad totalutgift"),
    "ramjustering_decided": N_("Ramjustering"),
    "internbudget_adopted": N_("Internbudget"),
    "omfordelning_decided": N_("Omfördelning"),
    "ombudgetering_decided": N_("Ombudgetering"),
    "detaljbudget_set": N_("Detaljbudget"),
    "periodisering_set": N_("Periodisering"),
    "forslag_made": N_("Förslag"),
    "forslag_rejected": N_("Förslag avslaget"),
    "verifikation_posted": N_("Verifikation"),
    "verifikation_corrected": N_("Rättelse av verifikation"),
    "utfall_reported": N_("Utfall"),
    "utfall_corrected": N_("Rättat utfall"),
    "period_closed": N_("Period stängd"),
    "period_opened": N_("Period öppnad"),
    "prognos_submitted": N_("Prognos"),
    "kommentar_written": N_("Kommentar"),
    "atgard_changed": N_("Kostnadsreducerande åtgärd"),
    "matt_defined": N_("Mått"),
    "matvarden_reported": N_("Mätvärden"),
    "registrering_corrected": N_("Rättad registrering"),
    "oppet_lage_ended": N_("Öppet läge avslutat"),
    "mandat_granted": N_("Mandat"),
    "mandat_ended": N_("Mandat avslutat"),
    "attestant_named": N_("Attesträtt"),
    "arende_drafted": N_("Ärende skrivet"),
    "arende_proposed": N_("Ärende föreslaget"),
    "arende_reviewed": N_("Granskningsattest"),
    "arende_returned": N_("Ärende återlämnat"),
    "arende_withdrawn": N_("Ärende återkallat"),
    "arende_decided": N_("Beslutsattest"),
    "jav_declared": N_("Jäv"),
    "registrering_made": N_("Registrering som väntar"),
    "registrering_confirmed": N_("Registrering bekräftad"),
    "registrering_dropped": N_("Registrering tillbakatagen"),
    "fil_registered": N_("Fil som väntar"),
    "forsok_refused": N_("Nekat försök"),
    "closing_begun": N_("Stängning påbörjad"),
    "forvaltning_closed": N_("Period stängd för förvaltning"),
    "year_closed": N_("Bokslut"),
    "late_posted": N_("Sen bokföring"),
    "forvaltning_opened": N_("Period öppnad för förvaltning"),
}

#: Kinds of decisions, at the head of a line.
TYPER: Final = {
    str(typ).lower(): typ
    for typ in map(
        phrase,
        (
            *(N_("Budget"), N_("Investeringsram"), N_("Totalutgift"), N_("Ramjustering"), N_("Internbudget")),
            *(N_("Omfordelning"), N_("Ombudgetering"), N_("Periodisering"), N_("Detaljbudget")),
        ),
    )
}

#: So many different texts of a fact's rows are repeated in one line.
TEXTS: Final = 2
LONGEST: Final = 140


class Told(NamedTuple):
    """A fact in words. `kind` is its Swedish name, `line` what it says, `decision` where it was decided."""

    kind: str
    line: str
    decision: str


def told(fact: Fact) -> Told:
    """A fact in words."""
    return Told(kind_of(fact.name), _shortened(line(fact)), decision(fact))


def in_words(recorded: Recorded) -> dict[str, Any]:
    """A fact in words, with its envelope."""
    words = told(recorded.fact)
    return {
        "position": recorded.position,
        "faktum": recorded.name,
        "slag": words.kind,
        "text": words.line,
        "beslut": words.decision,
        "recorded_at": instant_text(recorded.recorded_at),
        "vem": recorded.actor,
    }


def kind_of(name: str) -> str:
    """The Swedish name of a kind of fact."""
    stem = name.rpartition(".v")[0]
    return phrase(NAMES[stem]) if stem in NAMES else stem.replace("_", " ")


def decision(fact: Fact) -> str:
    """Organ, day, paragraph and diary number of a decision; blank for other facts."""
    match fact:
        case ForslagMade():
            return decision(fact.beslut)
        case RegistreringMade():
            return decision(fact.fakta)
        case RegistreringCorrected():
            return decision(fact.ratt or fact.fel)
        case Beslut() | ForslagRejected():
            paragraph = f"§ {fact.paragraf}" if fact.paragraf else "§ saknas"
            parts = [fact.beslutsorgan, fact.beslutsdatum.isoformat(), paragraph, fact.diarienummer or ""]
            return " ".join(part for part in parts if part)
    return ""


def line(fact: Fact) -> str:
    """What a fact says, in one line."""
    teller = next((tell for kind, tell in LINES if isinstance(fact, kind)), None)
    if teller is not None:
        return teller(fact)
    known = [getattr(fact, name, None) for name in ("kod", "konto", "namn", "period", "kommun", "version", "forslag")]
    return " ".join(str(part) for part in known if part)


def count(number: int) -> str:
    """A number in a sentence."""
    return phrase(NUMBERS[number]) if number < len(NUMBERS) else str(number)


def _waiting(fact: RegistreringMade) -> str:
    return phrase("{kind} som väntar: {line}", kind=kind_of(fact.fakta.name), line=line(fact.fakta))


def _beslut(fact: Beslut) -> str:
    return _texts(r.text for r in fact.rorelser) or phrase("{count} rörelser", count=count(len(fact.rorelser)))


def _voucher(fact: VerifikationPosted) -> str:
    text = _texts(r.text for r in fact.rader) or phrase("{count} rader", count=len(fact.rader))
    return phrase("{serie} {vernr}: {text}", serie=fact.serie, vernr=fact.vernr, text=text)


def _reported(fact: UtfallReported) -> str:
    days = sorted({str(row.ursprungsdatum) for row in fact.rader if row.ursprungsdatum})
    late = phrase(", varav sena som hör till {days}", days=_texts(days)) if days else ""
    return phrase(
        "{ansvar} {period}, {rader} rader{late}",
        ansvar=fact.ansvar,
        period=fact.period,
        rader=len(fact.rader),
        late=late,
    )


def _replaced(fact: UtfallCorrected) -> str:
    return phrase(
        "{ansvar} {period}: ersätter {facts}",
        ansvar=fact.ansvar,
        period=fact.period,
        facts=", ".join(f"@{position}" for position in fact.rattar),
    )


def _corrected(fact: RegistreringCorrected) -> str:
    if not fact.motivering:
        return phrase("Rättar @{rattar}.", rattar=fact.rattar)
    return phrase("Rättar @{rattar}. {motivering}", rattar=fact.rattar, motivering=fact.motivering)


#: How each kind of fact is told; the narrower kind before the wider.
LINES: Final[tuple[tuple[type[Fact], Callable[[Any], str]], ...]] = (
    (Beslut, _beslut),
    (RegistreringMade, _waiting),
    *told_behorighet.LINES,
    (ForslagMade, lambda fact: _beslut(fact.beslut)),
    (RegistreringCorrected, _corrected),
    (
        VerifikationCorrected,
        lambda fact: phrase(
            "{serie} {vernr} rättar {rattar_serie} {rattar_vernr}",
            serie=fact.serie,
            vernr=fact.vernr,
            rattar_serie=fact.rattar_serie,
            rattar_vernr=fact.rattar_vernr,
        ),
    ),
    (VerifikationPosted, _voucher),
    (UtfallReported, _reported),
    (UtfallCorrected, _replaced),
    (
        PrognosSubmitted,
        lambda fact: phrase(
            "{ansvar} {ar}, given {prognosdatum}", ansvar=fact.ansvar, ar=fact.ar, prognosdatum=fact.prognosdatum
        ),
    ),
    (KommentarWritten, lambda fact: fact.text),
    (
        UnitEstablished,
        lambda fact: phrase("{ansvar} {namn}, från {fran}", ansvar=fact.ansvar, namn=fact.namn, fran=fact.fran),
    ),
    (UnitClosed, lambda fact: phrase("{ansvar}, till {till}", ansvar=fact.ansvar, till=fact.till)),
    (AtgardChanged, lambda fact: f"{fact.atgard} {fact.namn} {fact.ar}: {fact.status}"),
    (MattDefined, lambda fact: phrase("{matt} {namn}, från {fran}", matt=fact.matt, namn=fact.namn, fran=fact.fran)),
    (
        MatvardenReported,
        lambda fact: phrase(
            "{ansvar} {datum}, {rader} värden", ansvar=fact.ansvar, datum=fact.datum, rader=len(fact.rader)
        ),
    ),
    (ProjektChanged, lambda fact: f"{fact.projekt} {fact.namn}: {fact.status}"),
    (
        FilImported,
        lambda fact: phrase(
            "{filnamn}: {rader} rader, {fakta} fakta",
            filnamn=fact.filnamn or fact.slag,
            rader=fact.rader,
            fakta=fact.fakta,
        ),
    ),
)


def _texts(texts: Iterable[str | None]) -> str:
    different = list(dict.fromkeys(text for text in texts if text))
    text = "; ".join(different[:TEXTS])
    if len(different) <= TEXTS:
        return text
    return phrase("{texts} … och {count} till", texts=text, count=count(len(different) - TEXTS))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
