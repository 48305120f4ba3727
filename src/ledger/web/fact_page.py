"""One fact on a page: in words, as it is kept, and with its corrections both ways.

Rule: BFL 5:5 and 5:9 – whoever reads a corrected entry learns of the correction, and the correction leads back.
"""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.responses import Response

from ledger.domain.events import (
    RegistreringCorrected,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.fact import Fact
from ledger.reporting.told import told
from ledger.web import words
from ledger.web.drawing import Drawing
from ledger.web.facts import stored_at
from ledger.web.house import House
from ledger.web.jsontext import plain
from ledger.web.table import voucher_address

#: Fields of facts in words, where the code word is not enough.
LABELS: Final = {
    "ar": "År",
    "beslutsorgan": "Beslutsorgan",
    "beslutsdatum": "Beslutsdatum",
    "paragraf": "Paragraf",
    "diarienummer": "Diarienummer",
    "kontrollsumma_ore": "Kontrollsumma",
    "bokforingsdatum": "Bokföringsdatum",
    "namn": "Namn",
    "niva": "Nivå",
    "overordnad": "Överordnad",
    "fran": "Från",
    "till": "Till",
    "fran_ansvar": "Från ansvar",
    "till_ansvar": "Till ansvar",
    "till_ar": "Till år",
    "till_verksamhet": "Till verksamhet",
    "belopp_ore": "Belopp, kr",
    "ansvar": "Ansvar",
    "konto": "Konto",
    "verksamhet": "Verksamhet",
    "slag": "Slag",
    "projekt": "Projekt",
    "period": "Period",
    "text": "Text",
    "motpart": "Motpart",
    "serie": "Serie",
    "vernr": "Nummer",
    "handelse": "Händelse",
    "rattar": "Rättar",
    "motivering": "Motivering",
    "prognosdatum": "Prognosdatum",
    "kommentar": "Kommentar",
    "finansiering": "Finansiering",
    "teckenregel": "Teckenregel",
    "ersatt_av": "Ersatt av",
    "ursprungsdatum": "Ursprungsdatum",
    "forslag": "Förslag",
    "filnamn": "Fil",
    "sha256": "SHA-256",
    "fakta": "Fakta",
    "rader": "Rader",
    "status": "Status",
    "statusdatum": "Statusdatum",
    "grupp": "Grupp",
    "startar": "Startar",
    "slutar": "Slutar",
    "rapport": "Rapport",
    "rad": "Rad",
    "rorelser": "Rörelser",
    "fel": "Fel",
    "ratt": "Rätt",
    "fore": "Före",
    "efter": "Efter",
    "tom": "T.o.m.",
    "kommun": "Kommun",
    "version": "Version",
    "fran_rad": "Från rad",
    "till_rad": "Till rad",
    "kod": "Kod",
    "ersatter": "Ersätter",
    "matt": "Mått",
    "datum": "Lämnat",
    "varde": "Värde",
    "kon": "Kön",
    "mal": "Mål",
    "overgripande_mal": "Övergripande mål",
    "malomrade": "Målområde",
    "rattar_serie": "Rättar serie",
    "rattar_vernr": "Rättar nummer",
    "aktivitet": "Aktivitet",
    "objekt": "Objekt",
    "fri": "Fri",
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
            corrects=self._corrects(recorded.fact),
            corrected_by=self._corrected_by(stored.position, recorded.fact),
            head=head,
            proof=log.prove(stored.position, head),
            recorded_at=words.instant(recorded.recorded_at),
        )

    def _corrects(self, fact: Fact) -> list[int]:
        """The facts that this one corrects."""
        match fact:
            case RegistreringCorrected():
                return [fact.rattar]
            case UtfallCorrected():
                return list(fact.rattar)
            case VerifikationCorrected():
                return [found.position for found in self._house.ledger.log.stream(fact.keys[0])[:1]]
        return []

    def _corrected_by(self, position: int, fact: Fact) -> list[int]:
        """The facts that correct this one."""
        log = self._house.ledger.log
        if isinstance(fact, VerifikationPosted):
            return sorted(log.touched([fact.stream]).values())
        if isinstance(fact, UtfallReported | UtfallCorrected):
            return [
                found.position
                for found in log.stream(fact.stream)
                if isinstance(found.fact, UtfallCorrected) and position in found.fact.rattar
            ]
        return [found.position for found in log.stream(f"rattelse/{position}")]


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
    return LABELS.get(name, name.removesuffix("_ore").replace("_", " ").capitalize())


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_ore") and isinstance(value, int):
        return words.exact(value)
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return ", ".join(f"@{part}" if name == "rattar" else str(part) for part in value)
    return f"@{value}" if name == "rattar" else str(value)


def _pretty(data: bytes) -> str:
    return json.dumps(json.loads(data), ensure_ascii=False, indent=1)
