"""Budget files: rows with the same key form one decision.

Rule: contract §4 – rows with the same (typ, beslutsorgan, beslutsdatum, paragraf, diarienummer, status) form one
decision; decisions of all files are judged by beslutsdatum, then kind, then file order.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.beslut import COMMANDS, DecideBeslut
from ledger.domain.kodstrang import BESLUTSTYPER
from ledger.domain.refusal import Refusal, listed
from ledger.domain.rorelse import Rorelse
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import Draft, Row, rows

_BY_TYP: Final[dict[str, type[DecideBeslut]]] = {command.typ: command for command in COMMANDS}


class Key(NamedTuple):
    """What makes rows one decision."""

    typ: str
    beslutsorgan: str
    beslutsdatum: date
    paragraf: str | None
    diarienummer: str | None
    status: str


@dataclass(slots=True)
class _Gathered:
    """The rows of one decision so far; `said` is what its first row says of the whole."""

    said: dict[str, Any]
    rorelser: list[Rorelse] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    is_broken: bool = False


def drafts(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The decisions of a file in the order of their first rows."""
    gathered: dict[Key, _Gathered] = {}
    for row in rows(table, report):
        key = _key(row)
        rorelse = _rorelse(row, key.beslutsdatum.year if key else 0)
        said = {"forslag": row.text("forslag"), "kontrollsumma": row.amount_ore("kontrollsumma")}
        if key is None:
            continue
        decision = gathered.setdefault(key, _Gathered(said))
        for column, value in said.items():
            if value != decision.said[column]:
                row.refuse(DecisionSaysTwoThings(decision.lines[0], kolumn=column))
        decision.rorelser.append(rorelse)
        decision.lines.append(row.line)
        decision.is_broken = decision.is_broken or row.is_broken
    for key, decision in gathered.items():
        command = _BY_TYP[key.typ](
            key.beslutsorgan, key.beslutsdatum, tuple(decision.rorelser), key.paragraf, key.diarienummer, key.status,
            decision.said["forslag"], decision.said["kontrollsumma"],
        )  # fmt: skip
        yield Draft(place, command, tuple(decision.lines), decision.is_broken)


def in_order_of_decisions(drafts: Iterable[Draft]) -> list[Draft]:
    """By beslutsdatum, then kind, proposals before decisions, then file order."""
    return sorted(
        drafts,
        key=lambda draft: (
            draft.command.beslutsdatum, BESLUTSTYPER.index(draft.command.typ), draft.command.status != "forslag",
            draft.place, draft.lines[0],
        ),
    )  # fmt: skip


def _key(row: Row) -> Key | None:
    typ, beslutsdatum = row.text("typ"), row.day("beslutsdatum")
    if typ and typ not in _BY_TYP:
        near = difflib.get_close_matches(typ.casefold(), _BY_TYP, 1)
        row.refuse(TypIsUnknown(near[0] if near else None, kolumn="typ"))
        return None
    if typ is None or beslutsdatum is None:
        return None
    return Key(
        typ, row.code("beslutsorgan"), beslutsdatum, row.text("paragraf"), row.text("diarienummer"),
        row.text("status") or "beslutat",
    )  # fmt: skip


def _rorelse(row: Row, otherwise_ar: int) -> Rorelse:
    """A row as a movement; a year that cannot be read counts as another, so that the codes can be looked at."""
    return Rorelse(
        row.amount_ore("belopp") or 0,
        row.code("slag"),
        row.year("ar") or otherwise_ar,
        row.text("fran_ansvar"),
        row.text("till_ansvar"),
        row.text("verksamhet"),
        row.text("till_verksamhet"),
        row.text("konto"),
        row.text("projekt"),
        row.year("till_ar"),
        row.month("period"),
        row.text("finansiering"),
        row.yes_or_no("ersatter"),
        row.text("text"),
    )


@dataclass(slots=True)
class TypIsUnknown(Refusal):
    """There are nine kinds of decision."""

    near: str | None

    def sentence(self) -> str:
        """Lists them, or names the nearest."""
        if self.near:
            return self.say("Beslutstypen finns inte: menade du {self.near}?")
        return self.say("Beslutstypen finns inte: skriv {typer}.", typer=listed(BESLUTSTYPER))


@dataclass(slots=True)
class DecisionSaysTwoThings(Refusal):
    """What is said of a whole decision is said alike on all its rows."""

    first_line: int

    def sentence(self) -> str:
        """Names the first row."""
        return self.say(
            "Raden säger något annat än beslutets första rad ({self.first_line}): skriv samma värde på alla "
            "beslutets rader.",
        )
