"""The page of a voucher, found by its year, serie and number: its rows, its registration, its corrections both ways."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from ledger.domain.language import _
from ledger.web import asking
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.list_page import ListPage

#: The report that a voucher is read from.
REPORT = "verifikation"


def router(house: House, drawing: Drawing) -> APIRouter:
    """The address of every voucher; 404 with a sentence for one that is not known."""
    api, page = APIRouter(), ListPage(house, drawing)

    @api.get("/verifikationer/{ar}/{serie}/{vernr:path}", include_in_schema=False)
    def voucher(request: Request, ar: str, serie: str, vernr: str) -> Response:
        asked = {**asking.given(request), "ar": ar, "serie": serie, "vernr": vernr}
        title = _("Verifikation {serie} {number} {year}").format(serie=serie, number=vernr, year=ar)
        return page.draw(house.reports.find(REPORT), asked, every_column=False, title=title)

    return api
