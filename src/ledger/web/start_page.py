"""The first page: what the year looks like, what is new since this reader's last visit, and the way on."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from ledger.domain.language import N_, _
from ledger.domain.money import UNITS
from ledger.reporting.answer import Answer, Rad, stamp
from ledger.reporting.rules.asked import Asked
from ledger.reporting.told import told
from ledger.web import cookies, timebar, words
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.table import address
from ledger.web.visitor import current

DRIFT: Final = "driftsammandrag"
INVESTERING: Final = "investeringsuppfoljning"

#: The year's figures: report, row, column, and the words under the figure.
FIGURES: Final = (
    (DRIFT, "summa", "utfall", N_("utfall, netto")),
    (DRIFT, "summa", "budget", N_("budget")),
    (DRIFT, "summa", "avvikelse", N_("avvikelse från budget")),
    (DRIFT, "summa", "prognos", N_("prognos för helåret")),
    (INVESTERING, "summa", "ar_utfall", N_("investeringar under året")),
)
SIGNED: Final = frozenset({"avvikelse"})

#: Units that are shown with their deviations, and facts that are shown as new.
FURTHEST: Final = 6
NEWEST: Final = 10

#: Things to do that are told of here; the others are counted.
MOST_TASKS: Final = 3

#: The cookie that keeps the position which its reader has seen; it says nothing of who that is.
SEEN: Final = "sedd"
YEAR_IN_SECONDS: Final = 365 * 24 * 3600

WIDEST_BAR: Final = 50


class StartPage:
    """Draws the overview."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def show(self, request: Request) -> Response:
        """The overview, or the empty ledger."""
        reports, log = self._house.reports, self._house.ledger.log
        question = reports.question(DRIFT, {}, self._house.today())
        head = question.kand
        with reports.snapshot(question) as snapshot:
            now = stamp(log, head, 0)
            if not any(Asked(question, snapshot).tree.units):
                return self._drawing.page("empty.html", chosen="start", stampel=now)
            ar = timebar.newest_year(snapshot, question)
        asked = {"ar": str(ar), "kand": f"@{head}"}
        answers = {name: reports.answer(name, asked, self._house.today()) for name in (DRIFT, INVESTERING)}
        seen = seen_position(request.cookies.get(SEEN, ""), head)
        waits = self._drawing.waits_for(current()) or ()
        page = self._drawing.page(
            "start.html",
            chosen="start",
            stampel=now,
            ar=ar,
            head=head,
            seen=seen,
            ingress=words.conclusion(answers[DRIFT]),
            figures=[figure for one in FIGURES if (figure := _figure(answers[one[0]], ar, *one))],
            furthest=_furthest(answers[DRIFT], ar),
            news=self._news(seen, head),
            tasks=[one.text for one in waits[:MOST_TASKS]],
            more_tasks=max(len(waits) - MOST_TASKS, 0),
            difference_href=address("rapporter", DRIFT, "skillnad", ar=str(ar), fran=f"@{seen}", till=f"@{head}"),
        )
        cookies.keep(page, SEEN, str(head), YEAR_IN_SECONDS, is_secure=self._house.identity.signing.is_secure)
        return page

    def _news(self, seen: int | None, head: int) -> list[dict[str, Any]]:
        """The newest facts, only those that the reader has not seen where that is known."""
        first = max(head - NEWEST, seen or 0)
        found = []
        for recorded in self._house.ledger.log.read(first, upto=head, limit=NEWEST, postings=True):
            kind, line, _decision = told(recorded.fact)
            when = words.instant(recorded.recorded_at).removesuffix(" UTC")
            found.append({"position": recorded.position, "kind": kind, "line": line, "when": when})
        return found[::-1]


def seen_position(cookie: str, head: int) -> int | None:
    """The position that a cookie keeps; none where it keeps none that the log has had."""
    if not (cookie.isascii() and cookie.isdecimal()) or len(cookie) > len(str(head)):
        return None
    return int(cookie) if int(cookie) <= head else None


def _figure(answer: Answer, ar: int, report: str, row: str, column: str, meaning: str) -> dict[str, Any] | None:
    cell = next((rad.celler.get(column) for rad in answer.rader if rad.nyckel == row), None)
    if not isinstance(cell, int):
        return None
    return {
        "text": words.figure(cell, "belopp", "mnkr", signed=column in SIGNED),
        "href": address("rapporter", report, row, column, ar=str(ar)),
        "meaning": _(meaning),
        "is_deficit": column in SIGNED and cell < 0,
    }


def _furthest(answer: Answer, ar: int) -> list[dict[str, Any]]:
    """The units whose outcome is furthest from the budget, as rows with bars."""
    rows = [(deviation, rad) for rad in answer.rader if rad.sort == "enhet" and (deviation := _deviation(rad))]
    rows.sort(key=lambda one: -abs(one[0]))
    largest = max((abs(deviation) for deviation, _ in rows), default=1)
    found = []
    for deviation, rad in rows[:FURTHEST]:
        width = round(abs(deviation) / largest * WIDEST_BAR, 1)
        found.append(
            {
                "namn": rad.namn,
                "cells": [
                    (
                        words.figure(rad.celler.get(column), "belopp", "mnkr"),
                        address("rapporter", DRIFT, rad.nyckel, column, ar=str(ar)),
                    )
                    for column in ("utfall", "budget", "avvikelse")
                ],
                "bar": {"x": -width if deviation < 0 else 0, "width": width, "is_deficit": deviation < 0},
            }
        )
    return found


def _deviation(rad: Rad) -> int:
    cell = rad.celler.get("avvikelse")
    return cell if isinstance(cell, int) and abs(cell) >= UNITS["mnkr"] // 20 else 0
