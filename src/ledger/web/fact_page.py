"""One fact on a page: in words, as it is kept, and with its corrections both ways.

Rule: BFL 5:5 and 5:9 – whoever reads a corrected entry learns of the correction, and the correction leads back.
"""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.responses import Response

from ledger.domain.events import VerifikationPosted
from ledger.domain.fact import Fact
from ledger.domain.language import N_, _, phrase
from ledger.reporting.told import told
from ledger.web import words
from ledger.web.corrections import corrected_by, corrects
from ledger.web.drawing import Drawing
from ledger.web.facts import stored_at
from ledger.web.house import House
from ledger.web.jsontext import plain
from ledger.web.table import voucher_address

#: Fields of facts in words, where the code word is not enough.
LABELS: Final = {
    "ar": N_("År"),
    "beslutsorgan": N_("Beslutsorgan"),
    "beslutsdatum": N_("Beslutsdatum"),
    "paragraf": N_("Paragraf"),
    "diarienummer": N_("Diarienummer"),
    "kontrollsumma_ore": N_("Kontrollsumma"),
    "bokforingsdatum": N_("Bokföringsdatum"),
    "namn": N_("Namn"),
    "niva": N_("Nivå"),
    "overordnad": N_("Överordnad"),
    "fran": N_("Från"),
    "till": N_("Till"),
    "fran_ansvar": N_("Från ansvar"),
    "till_ansvar": N_("Till ansvar"),
    "till_ar": N_("Till år"),
    "till_verksamhet": N_("Till verksamhet"),
    "belopp_ore": N_("Belopp, kr"),
    "ansvar": N_("Ansvar"),
    "konto": N_("Konto"),
    "verksamhet": N_("Verksamhet"),
    "slag": N_("Slag"),
    "projekt": N_("Projekt"),
    "period": N_("Period"),
    "text": N_("Text"),
    "motpart": N_("Motpart"),
    "serie": N_("Serie"),
    "vernr": N_("Nummer"),
    "handelse": N_("Händelse"),
    "rattar": N_("Rättar"),
    "motivering": N_("Motivering"),
    "prognosdatum": N_("Prognosdatum"),
    "kommentar": N_("Kommentar"),
    "finansiering": N_("Finansiering"),
    "teckenregel": N_("Teckenregel"),
    "ersatt_av": N_("Ersatt av"),
    "ursprungsdatum": N_("Ursprungsdatum"),
    "forslag": N_("Förslag"),
    "filnamn": N_("Fil"),
    "sha256": N_("SHA-256"),
    "fakta": N_("Fakta"),
    "rader": N_("Rader"),
    "status": N_("Status"),
    "statusdatum": N_("Statusdatum"),
    "grupp": N_("Grupp"),
    "startar": N_("Startar"),
    "slutar": N_("Slutar"),
    "rapport": N_("Rapport"),
    "rad": N_("Rad"),
    "rorelser": N_("Rörelser"),
    "fel": N_("Fel"),
    "ratt": N_("Rätt"),
    "fore": N_("Före"),
    "efter": N_("Efter"),
    "tom": N_("T.o.m."),
    "kommun": N_("Kommun"),
    "version": N_("Version"),
    "fran_rad": N_("Från rad"),
    "till_rad": N_("Till rad"),
    "kod": N_("Kod"),
    "ersatter": N_("Ersätter"),
    "matt": N_("Mått"),
    "datum": N_("Lämnat"),
    "varde": N_("Värde"),
    "kon": N_("Kön"),
    "mal": N_("Mål"),
    "overgripande_mal": N_("Övergripande mål"),
    "malomrade": N_("Målområde"),
    "rattar_serie": N_("Rättar serie"),
    "rattar_vernr": N_("Rättar nummer"),
    "aktivitet": N_("Aktivitet"),
    "objekt": N_("Objekt"),
    "fri": N_("Fri"),
    "anmals": N_("Anmäls"),
    "antal": N_("Antal"),
    "arende": N_("Ärende"),
    "atgard": N_("Åtgärd"),
    "beloppsgrans_ore": N_("Beloppsgräns"),
    "beslut": N_("Beslut"),
    "decimaler": N_("Decimaler"),
    "del_av": N_("Del av"),
    "delegationspunkt": N_("Delegationspunkt"),
    "digest": N_("Kontrollsumma"),
    "effekt_ore": N_("Effekt"),
    "enhet": N_("Enhet"),
    "ersattare": N_("Ersättare"),
    "far": N_("Får"),
    "forslog": N_("Föreslog"),
    "funktion": N_("Funktion"),
    "ingaende": N_("Ingående"),
    "inkomst_ore": N_("Inkomst"),
    "kategori": N_("Kategori"),
    "kommando": N_("Kommando"),
    "kvar_av_ram_ore": N_("Kvar av ram"),
    "mandat": N_("Mandat"),
    "nyckel": N_("Nyckel"),
    "person": N_("Person"),
    "regel": N_("Regel"),
    "registrering": N_("Registrering"),
    "riktning": N_("Riktning"),
    "sort": N_("Sort"),
    "typ": N_("Typ"),
    "uppgift": N_("Uppgift"),
    "utgift_ore": N_("Utgift"),
    "villkor": N_("Villkor"),
}

#: So many rows of a fact are drawn; the raw fact has them all.
MOST_ROWS: Final = 200


class FactPage:
    """Draws single facts."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def show(self, position: str) -> Response:
        """The fact at a position. Errors: ProblemRaised (404)."""
        log = self._house.ledger.log
        stored = stored_at(self._house, position)
        recorded, head = log.read_positions([stored.position])[0], log.head().position
        fields, tables = _parts(plain(recorded.fact))
        return self._drawing.page(
            "faktum.html",
            stored=stored,
            told=told(recorded.fact),
            fields=fields,
            tables=tables,
            public=_pretty(stored.public),
            private=_pretty(stored.private) if stored.private is not None else None,
            digest=stored.private_digest.hex() if stored.private_digest else None,
            is_erased=stored.private is None and stored.private_digest is not None,
            voucher=voucher_of(recorded.fact),
            corrects=corrects(self._house.ledger, recorded.fact),
            corrected_by=corrected_by(self._house.ledger, stored.position, recorded.fact),
            head=head,
            proof=log.prove(stored.position, head),
            recorded_at=words.instant(recorded.recorded_at),
        )


def voucher_of(fact: Fact) -> str | None:
    """The page of the voucher that a fact is, where it is one."""
    if not isinstance(fact, VerifikationPosted):
        return None
    return voucher_address(fact.bokforingsdatum.year, fact.serie, fact.vernr)


def _parts(values: dict[str, Any]) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """The plain fields of a fact in words, and its rows as tables."""
    fields: list[tuple[str, str]] = []
    tables: list[dict[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            tables.append(_table(label(name), value))
        elif isinstance(value, dict):
            inner, rows = _parts(value.get("fact", value))
            fields.extend((f"{label(name)}: {word}", text) for word, text in inner)
            tables.extend({**table, "title": f"{label(name)}: {table['title']}"} for table in rows)
        else:
            fields.append((label(name), _shown(name, value)))
    return fields, tables


def _table(title: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    flat = [{**row, **row["rad"]} if isinstance(row.get("rad"), dict) else row for row in rows]
    names = [
        name for name in dict.fromkeys(name for row in flat for name in row) if not isinstance(flat[0].get(name), dict)
    ]
    # The amount comes last, as in every table of figures.
    names.sort(key=lambda name: (name == "text", name == "belopp_ore"))
    return {
        "title": title,
        "headings": [(label(name), name.endswith("_ore")) for name in names],
        "rows": [[(_shown(name, row.get(name)), name.endswith("_ore")) for name in names] for row in flat[:MOST_ROWS]],
        "more": max(len(flat) - MOST_ROWS, 0),
    }


def label(name: str) -> str:
    """A field in words."""
    return _(LABELS.get(name, name.removesuffix("_ore").replace("_", " ").capitalize()))


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_ore") and isinstance(value, int):
        return words.exact(value)
    if isinstance(value, bool):
        return phrase("ja") if value else phrase("nej")
    if isinstance(value, list):
        return ", ".join(f"@{part}" if name == "rattar" else str(part) for part in value)
    return f"@{value}" if name == "rattar" else str(value)


def _pretty(data: bytes) -> str:
    return json.dumps(json.loads(data), ensure_ascii=False, indent=1)
