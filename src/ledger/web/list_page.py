"""The page of a list report, such as behandlingshistorik: its lists under their headings, filtered and paged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response

from ledger.domain.language import N_, _, phrase
from ledger.reporting import told
from ledger.reporting.answer import Answer, Rad
from ledger.reporting.report import Filter, Report
from ledger.web import words
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.lasting import stamp_headers
from ledger.web.table import Figure, Row, Table, address, files_of, table_of, voucher_address
from ledger.web.timebar import Choice

#: Filters in words.
LABELS: Final = {
    "lista": N_("Lista"), "typ": N_("Slag"), "slag": N_("Slag"), "vem": N_("Vem"), "beslut": N_("Beslut"),
    "period": N_("Månad"), "fran": N_("Från"), "till": N_("Till"), "konto": N_("Konto"), "serie": N_("Serie"),
    "vernr": N_("Nummer"), "projekt": N_("Projekt"), "visa": N_("Visa"), "lage": N_("läge"), "far": N_("Får"),
    "regel": N_("Regel"),
}  # fmt: skip

#: What can be chosen of a filter, in words.
CHOICES: Final = {
    "alla": N_("alla"), "arenden": N_("arenden"), "registreringar": N_("registreringar"), "anmals": N_("anmals"),
    "utkast": N_("utkast"), "föreslaget": N_("föreslaget"), "återlämnat": N_("återlämnat"),
    "återkallat": N_("återkallat"), "beslutat": N_("beslutat"), "väntar": N_("väntar"),
    "bekräftad": N_("bekräftad"), "tillbakatagen": N_("tillbakatagen"), "anmarkningar": N_("anmarkningar"),
    "luckor": N_("luckor"), "sena": N_("sena"), "beslut": N_("beslut"), "fakta": N_("fakta"),
    "saldon": N_("saldon"), "poster": N_("poster"), "mandat": N_("mandat"), "attest": N_("attest"),
    "volym": N_("volym"), "personal": N_("personal"), "indikator": N_("indikator"),
}  # fmt: skip

#: What a filter of choices shows where none is made, unless that is everything.
UNCHOSEN: Final = {"visa": N_("efter urvalet")}

#: Parameters that are not filters of a person's own.
PAGE: Final = "sida"


class ListPage:
    """Draws lists."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def draw(self, report: Report, asked: dict[str, str], *, every_column: bool, title: str = "") -> Response:
        """A list as it was asked for; with a `title` of its own it is of one thing, which may not exist."""
        answer = self._house.reports.answer(report.name, asked, self._house.today())

        def link(**changed: str) -> str:
            kept = {**asked, "kolumner": "alla"} if every_column else asked
            return address("rapporter", report.name, **{**kept, **changed})

        table = table_of(answer, asked, every_column=every_column)
        chosen, number = asked.get("lista", "alla"), int(asked.get(PAGE, "1"))
        # A report with several lists shows the beginning of each until one is chosen.
        is_paged = chosen != "alla" or not any(f.name == "lista" for f in report.filters)
        groups = _groups(answer, table)
        fixed = {**asked, "kand": f"@{answer.stampel.position}"}
        return self._drawing.page(
            "lista.html",
            chosen=report.name,
            headers=stamp_headers(answer.stampel),
            http_status=200 if answer.rader or not title else 404,
            title=title or _(answer.rubrik),
            unit=_unit(answer),
            answer=answer,
            table=table,
            groups=groups,
            fields=[_field(f, asked) for f in report.filters if f.name != PAGE],
            asked=asked,
            ingress=_ingress(report, chosen),
            is_past=answer.stampel.position < self._house.ledger.log.head().position,
            now_href=link(kand=""),
            group_href=lambda key: link(lista=key, sida=""),
            all_href=link(lista="", sida="") if chosen != "alla" else None,
            older_href=link(sida=str(number + 1)) if is_paged and _goes_on(answer) else None,
            newer_href=link(sida=str(number - 1)) if number > 1 else None,
            number=number,
            columns_href=link(kolumner="" if every_column else "alla"),
            every_column=every_column,
            permanent_href=address("rapporter", report.name, **fixed),
            json_href=address("api", "v1", "rapporter", report.name, **fixed),
            files=files_of(report.name, fixed),
        )


def _unit(answer: Answer) -> str:
    """What amounts are shown in: exact ones in kronor; blank where there are none."""
    forms = {kolumn.form for kolumn in answer.kolumner}
    return answer.enhet if "belopp" in forms else "kr" if "kronor" in forms else ""


def _goes_on(answer: Answer) -> bool:
    return any(rad.sort == "fler" for rad in answer.rader)


def _ingress(report: Report, chosen: str) -> str:
    has_lists = chosen == "alla" and any(f.name == "lista" for f in report.filters)
    about = _(report.beskrivning)
    return f"{about} {_('Här är början av varje lista.')}" if has_lists else about


def _field(f: Filter, asked: dict[str, str]) -> dict[str, Any]:
    return {
        "name": f.name,
        "label": words.begun(_(LABELS.get(f.name, f.name))),
        "meaning": _(f.meaning),
        "value": asked.get(f.name, ""),
        "choices": _choices(f, asked.get(f.name, "")) if f.choices else [],
    }


def _choices(f: Filter, asked: str) -> tuple[Choice, ...]:
    """What may be chosen, with what stands where nothing is chosen first."""
    blank = Choice("", _(UNCHOSEN.get(f.name, CHOICES["alla"])), not asked)
    named = tuple(Choice(choice, _(CHOICES.get(choice, choice)), choice == asked) for choice in f.choices)
    return named if "alla" in f.choices else (blank, *named)


def _groups(answer: Answer, table: Table) -> list[dict[str, Any]]:
    """The rows under their headings, each linked to its fact; of the columns those that say something of them."""
    groups: list[dict[str, Any]] = []
    for rad, row in zip(answer.rader, table.rows, strict=True):
        if rad.sort == "rubrik":
            antal = rad.celler.get("antal")
            groups.append({"key": rad.nyckel, "title": rad.namn, "antal": antal, "rows": [], "goes_on": False})
        elif groups and rad.sort == "fler":
            groups[-1]["goes_on"] = True
        elif groups:
            groups[-1]["rows"].append(_linked(rad, row, table))
    for group in groups:
        rows, headings = group["rows"], table.headings
        said = [n for n in range(len(headings)) if any(row.figures[n].text for row in rows)]
        group["headings"] = [headings[n] for n in said]
        group["rows"] = [replace(row, figures=[row.figures[n] for n in said]) for row in rows]
    return groups


def _linked(rad: Rad, row: Row, table: Table) -> Row:
    """A row whose positions lead to their facts, and whose facts are named in words."""
    keys = [key for key in rad.celler if key in table.keys]
    figures = [_cell(figure, rad.celler[key], key) for figure, key in zip(row.figures, keys, strict=True)]
    voucher = _voucher(rad)
    if voucher:
        figures = [f.shown_as(f.text, voucher) if key == "vernr" else f for f, key in zip(figures, keys, strict=True)]
    return replace(row, figures=figures, style=f"niva{rad.indrag}" if rad.indrag > 1 else row.style)


def _voucher(rad: Rad) -> str | None:
    """The page of the voucher that a row is of, where it is of one."""
    datum, serie, vernr = (rad.celler.get(key) for key in ("datum", "serie", "vernr"))
    if not datum or not serie or not vernr:
        return None
    return voucher_address(str(datum)[:4], str(serie), str(vernr))


def _cell(figure: Figure, cell: object, key: str) -> Figure:
    if isinstance(cell, str):
        if key in {"lage", "rattar"}:
            return figure.shown_as(figure.text, f"/fakta/{cell.removeprefix('@')}")
        if key == "faktum":
            return figure.shown_as(phrase(told.NAMES.get(cell, cell)), None)
        if key == "recorded_at":
            return figure.shown_as(words.instant(cell).removesuffix(" UTC"), None)
    text = "" if cell is None else figure.text
    return figure if text == figure.text and figure.href is None else figure.shown_as(text, None)
