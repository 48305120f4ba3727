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
from ledger.reporting import told_behorighet
from ledger.reporting.answer import instant_text
from ledger.reporting.log import Recorded

#: Small numbers are written out.
NUMBERS: Final = ("ingen", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")

#: Kinds of facts by archive name without version.
NAMES: Final = {
    "kommun_named": "Kommunen namngavs",
    "program_changed": "Programversion",
    "fil_imported": "Fil inläst",
    "unit_established": "Enhet inrättad",
    "unit_changed": "Enhet ändrad",
    "unit_closed": "Enhet avslutad",
    "unit_merged": "Enhet uppgick i en annan",
    "verksamhet_defined": "Verksamhetskod",
    "konto_defined": "Konto",
    "projekt_changed": "Projektets läge",
    "budget_adopted": "Budget",
    "investeringsram_decided": "Investeringsram",
    "totalutgift_decided": "Beslutad totalutgift",
    "ramjustering_decided": "Ramjustering",
    "internbudget_adopted": "Internbudget",
    "omfordelning_decided": "Omfördelning",
    "ombudgetering_decided": "Ombudgetering",
    "detaljbudget_set": "Detaljbudget",
    "periodisering_set": "Periodisering",
    "forslag_made": "Förslag",
    "forslag_rejected": "Förslag avslaget",
    "verifikation_posted": "Verifikation",
    "verifikation_corrected": "Rättelse av verifikation",
    "utfall_reported": "Utfall",
    "utfall_corrected": "Rättat utfall",
    "period_closed": "Period stängd",
    "period_opened": "Period öppnad",
    "prognos_submitted": "Prognos",
    "kommentar_written": "Kommentar",
    "atgard_changed": "Kostnadsreducerande åtgärd",
    "matt_defined": "Mått",
    "matvarden_reported": "Mätvärden",
    "registrering_corrected": "Rättad registrering",
    "oppet_lage_ended": "Öppet läge avslutat",
    "mandat_granted": "Mandat",
    "mandat_ended": "Mandat avslutat",
    "attestant_named": "Attesträtt",
    "arende_drafted": "Ärende skrivet",
    "arende_proposed": "Ärende föreslaget",
    "arende_reviewed": "Granskningsattest",
    "arende_returned": "Ärende återlämnat",
    "arende_withdrawn": "Ärende återkallat",
    "arende_decided": "Beslutsattest",
    "jav_declared": "Jäv",
    "registrering_made": "Registrering som väntar",
    "registrering_confirmed": "Registrering bekräftad",
    "registrering_dropped": "Registrering tillbakatagen",
    "fil_registered": "Fil som väntar",
    "forsok_refused": "Nekat försök",
    "closing_begun": "Stängning påbörjad",
    "forvaltning_closed": "Period stängd för förvaltning",
    "year_closed": "Bokslut",
    "late_posted": "Sen bokföring",
    "forvaltning_opened": "Period öppnad för förvaltning",
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
    return NAMES.get(stem, stem.replace("_", " "))


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
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _waiting(fact: RegistreringMade) -> str:
    return f"{kind_of(fact.fakta.name)} som väntar: {line(fact.fakta)}"


def _beslut(fact: Beslut) -> str:
    return _texts(r.text for r in fact.rorelser) or f"{count(len(fact.rorelser))} rörelser"


def _voucher(fact: VerifikationPosted) -> str:
    return f"{fact.serie} {fact.vernr}: {_texts(r.text for r in fact.rader) or f'{len(fact.rader)} rader'}"


def _replaced(fact: UtfallCorrected) -> str:
    return f"{fact.ansvar} {fact.period}: ersätter {', '.join(f'@{position}' for position in fact.rattar)}"


#: How each kind of fact is told; the narrower kind before the wider.
LINES: Final[tuple[tuple[type[Fact], Callable[[Any], str]], ...]] = (
    (Beslut, _beslut),
    (RegistreringMade, _waiting),
    *told_behorighet.LINES,
    (ForslagMade, lambda fact: _beslut(fact.beslut)),
    (RegistreringCorrected, lambda fact: f"Rättar @{fact.rattar}. {fact.motivering or ''}".strip()),
    (
        VerifikationCorrected,
        lambda fact: f"{fact.serie} {fact.vernr} rättar {fact.rattar_serie} {fact.rattar_vernr}",
    ),
    (VerifikationPosted, _voucher),
    (UtfallReported, lambda fact: f"{fact.ansvar} {fact.period}, {len(fact.rader)} rader"),
    (UtfallCorrected, _replaced),
    (PrognosSubmitted, lambda fact: f"{fact.ansvar} {fact.ar}, given {fact.prognosdatum}"),
    (KommentarWritten, lambda fact: fact.text),
    (UnitEstablished, lambda fact: f"{fact.ansvar} {fact.namn}, från {fact.fran}"),
    (UnitClosed, lambda fact: f"{fact.ansvar}, till {fact.till}"),
    (AtgardChanged, lambda fact: f"{fact.atgard} {fact.namn} {fact.ar}: {fact.status}"),
    (MattDefined, lambda fact: f"{fact.matt} {fact.namn}, från {fact.fran}"),
    (MatvardenReported, lambda fact: f"{fact.ansvar} {fact.datum}, {len(fact.rader)} värden"),
    (ProjektChanged, lambda fact: f"{fact.projekt} {fact.namn}: {fact.status}"),
    (FilImported, lambda fact: f"{fact.filnamn or fact.slag}: {fact.rader} rader, {fact.fakta} fakta"),
)


def _texts(texts: Iterable[str | None]) -> str:
    different = list(dict.fromkeys(text for text in texts if text))
    more = f" … och {count(len(different) - TEXTS)} till" if len(different) > TEXTS else ""
    return "; ".join(different[:TEXTS]) + more


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
