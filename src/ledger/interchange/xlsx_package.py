"""A reporting package as a workbook: its contents on the first sheet, then a sheet for every chapter and its charts."""

from __future__ import annotations

import io
from typing import Any

from ledger.interchange.package import Avsnitt, Paket
from ledger.interchange.pictures import as_png
from ledger.interchange.printed import stamp_text
from ledger.interchange.xlsx import Tabellblad, begun, sheet_name

#: A chart takes so many lines of a sheet, and is shown so much smaller than its picture.
LINES_PER_CHART, SCALE = 34, 0.45


def as_xlsx_package(paket: Paket) -> bytes:
    """The package as the bytes of an .xlsx file."""
    made = io.BytesIO()
    book = begun(made, paket.rubrik, paket.first.answer)
    contents = book.add_worksheet("Innehåll")
    names = [_distinct(n, avsnitt, paket) for n, avsnitt in enumerate(paket.avsnitt)]
    for avsnitt, name in zip(paket.avsnitt, names, strict=True):
        Tabellblad(book, avsnitt.answer, avsnitt.report, name).write()
    charts = [diagram for avsnitt in paket.avsnitt for diagram in avsnitt.diagram]
    if charts:
        sheet = book.add_worksheet("Diagram")
        sheet.hide_gridlines(2)
        for n, diagram in enumerate(charts):
            sheet.write_string(n * LINES_PER_CHART, 0, diagram.rubrik, book.add_format({"bold": True, "font_size": 12}))
            about = {"image_data": io.BytesIO(as_png(diagram)), "description": diagram.beskrivning}
            sheet.insert_image(
                n * LINES_PER_CHART + 1, 0, f"{diagram.namn}.png", {**about, "x_scale": SCALE, "y_scale": SCALE}
            )
    _contents(book, contents, paket, [*names, *(["Diagram"] if charts else [])])
    book.close()
    return made.getvalue()


def _distinct(n: int, avsnitt: Avsnitt, paket: Paket) -> str:
    """The heading of a chapter, told from an earlier one that a sheet would be called the same as."""
    name = sheet_name(avsnitt.tryck.rubrik)
    earlier = [sheet_name(before.tryck.rubrik) for before in paket.avsnitt[:n]]
    return f"{n + 1} {avsnitt.tryck.rubrik}" if name in earlier else avsnitt.tryck.rubrik


def _contents(book: Any, sheet: Any, paket: Paket, names: list[str]) -> None:
    """What the package is, what it says first, and a link to every sheet."""
    quiet = book.add_format({"italic": True, "font_color": "#444444"})
    wrapped, link = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"font_color": "#0b4f79"})
    sheet.set_column(0, 0, 90)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, paket.rubrik, book.add_format({"bold": True, "font_size": 18}))
    sheet.write_string(1, 0, f"{paket.vinjett} · {paket.underrubrik}".removeprefix(" · "), quiet)
    sheet.write_string(3, 0, paket.ingress, wrapped)
    for n, name in enumerate(names, 5):
        target = sheet_name(name).replace("'", "''")
        sheet.write_url(n, 0, f"internal:'{target}'!A1", link, name)
    end = 6 + len(names)
    sheet.write_string(end, 0, "Fakta bakom en tabell följer med när den rapporten hämtas för sig.", quiet)
    sheet.write_string(end + 1, 0, stamp_text(paket.first.answer.stampel), quiet)
    sheet.write_string(end + 2, 0, f"Rot {paket.first.answer.stampel.root}", quiet)
    sheet.set_paper(9)
