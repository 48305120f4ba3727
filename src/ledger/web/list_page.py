"""The page of a list report, such as behandlingshistorik: its lists under their headings, filtered and paged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response

from ledger.reporting import told
from ledger.reporting.answer import Answer, Rad
from ledger.reporting.report import Filter, Report
from ledger.web import words
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.lasting import stamp_headers
from ledger.web.table import Figure, Row, Table, address, files_of, table_of

#: Filters in words.
LABELS: Final = {"lista": "Lista", "typ": "Slag", "vem": "Vem", "beslut": "Beslut", "period": "Månad"}

#: Parameters that are not filters of a person's own.
PAGE: Final = "sida"


class ListPage:
    """Draws lists."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def draw(self, report: Report, asked: dict[str, str], *, every_column: bool) -> Response:
        """A list as it was asked for."""
        answer = self._house.reports.answer(report.name, asked, self._house.today())

        def link(**changed: str) -> str:
            kept = {**asked, "kolumner": "alla"} if every_column else asked
            return address("rapporter", report.name, **{**kept, **changed})

        table = table_of(answer, asked, every_column=every_column)
        chosen, number = asked.get("lista", "alla"), int(asked.get(PAGE, "1"))
        groups = _groups(answer, table)
        fixed = {**asked, "kand": f"@{answer.stampel.position}"}
        return self._drawing.page(
            "lista.html",
            chosen=report.name,
            headers=stamp_headers(answer.stampel),
            answer=answer,
            table=table,
            groups=groups,
            fields=[_field(f, asked) for f in report.filters if f.name != PAGE],
            asked=asked,
            ingress=_ingress(chosen),
            is_past=answer.stampel.position < self._house.ledger.log.head().position,
            now_href=link(kand=""),
            group_href=lambda key: link(lista=key, sida=""),
            all_href=link(lista="", sida="") if chosen != "alla" else None,
            older_href=link(sida=str(number + 1)) if chosen != "alla" and _goes_on(answer) else None,
            newer_href=link(sida=str(number - 1)) if number > 1 else None,
            number=number,
            columns_href=link(kolumner="" if every_column else "alla"),
            every_column=every_column,
            permanent_href=address("rapporter", report.name, **fixed),
            json_href=address("api", "v1", "rapporter", report.name, **fixed),
            files=files_of(report.name, fixed),
        )


def _goes_on(answer: Answer) -> bool:
    return any(rad.sort == "fler" for rad in answer.rader)


def _ingress(chosen: str) -> str:
    if chosen == "alla":
        return (
            "Vem gjorde vad, när och med vilken rätt. Ingenting ändras eller tas bort; det som blev fel har en "
            "rättelse som pekar på det. Här är början av varje lista."
        )
    return "Ingenting ändras eller tas bort; det som blev fel har en rättelse som pekar på det."


def _field(f: Filter, asked: dict[str, str]) -> dict[str, Any]:
    return {
        "name": f.name,
        "label": LABELS.get(f.name, f.name.capitalize()),
        "meaning": f.meaning,
        "value": asked.get(f.name, ""),
        "choices": [(choice, choice == asked.get(f.name, "alla")) for choice in f.choices],
    }


def _groups(answer: Answer, table: Table) -> list[dict[str, Any]]:
    """The rows under their headings, each linked to its fact."""
    groups: list[dict[str, Any]] = []
    for rad, row in zip(answer.rader, table.rows, strict=True):
        if rad.sort == "rubrik":
            antal = rad.celler.get("antal")
            groups.append({"key": rad.nyckel, "title": rad.namn, "antal": antal, "rows": [], "goes_on": False})
        elif groups and rad.sort == "fler":
            groups[-1]["goes_on"] = True
        elif groups:
            groups[-1]["rows"].append(_linked(rad, row, table))
    return groups


def _linked(rad: Rad, row: Row, table: Table) -> Row:
    """A row whose positions lead to their facts, and whose facts are named in Swedish."""
    keys = [key for key in rad.celler if key in table.keys]
    figures = [_cell(figure, rad.celler[key], key) for figure, key in zip(row.figures, keys, strict=True)]
    return replace(row, figures=figures)


def _cell(figure: Figure, cell: object, key: str) -> Figure:
    if isinstance(cell, str) and key in {"lage", "rattar"}:
        return replace(figure, href=f"/fakta/{cell.removeprefix('@')}")
    if isinstance(cell, str) and key == "faktum":
        return replace(figure, text=told.NAMES.get(cell, cell), href=None)
    if isinstance(cell, str) and key == "recorded_at":
        return replace(figure, text=words.instant(cell).removesuffix(" UTC"), href=None)
    return replace(figure, text="" if cell is None else figure.text, href=None)
