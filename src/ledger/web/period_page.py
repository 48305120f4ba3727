"""Periods on pages: the months of a year for each förvaltning, what is left before a month is closed, and bokslut."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ledger.domain import bokslut, registrering
from ledger.domain.bokslut import CloseYear
from ledger.domain.events import PeriodOpened
from ledger.domain.events_behorighet import ForvaltningOpened
from ledger.domain.language import N_, _, phrase, said
from ledger.domain.period import CLOSED, CLOSING, OPEN, BeginClosing, ClosePeriod, OpenPeriod, checklist, first_day
from ledger.domain.refusal import Refused, sentences
from ledger.domain.roll import RIGHTS
from ledger.web import asking, problems, rules, timebar, words
from ledger.web.case_page import decision_day
from ledger.web.drawing import Drawing
from ledger.web.forms import Sent
from ledger.web.house import House
from ledger.web.table import address

if TYPE_CHECKING:
    from ledger.domain.books import Books

PERIOD: Final = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
YEAR: Final = re.compile(r"(19|20)[0-9]{2}")

#: The states of a month in words, and how each is drawn.
LAGEN: Final = {OPEN: (N_("öppen"), ""), CLOSING: (N_("stängs"), "lapp"), CLOSED: (N_("✓ stängd"), "lapp klar")}

DONE: Final = {
    "borja": N_("Stängningen har börjat. Bokföring tas emot tills månaden är stängd."),
    "stang": N_("Månaden är stängd."),
    "oppna": N_("Månaden är öppnad igen."),
    "vantar": N_("Öppnandet är registrerat och väntar på att en annan person bekräftar det."),
    "bokslut": N_("Bokslutet är registrerat."),
    "bokslut-vantar": N_("Bokslutet är registrerat och väntar på att en annan person bekräftar det."),
}

#: The whole municipality among those that close months.
WHOLE: Final = ""


def month_name(period: str) -> str:
    """A month in words: `mars 2024`."""
    return f"{_(words.MONTHS[int(period[5:]) - 1])} {period[:4]}"


def closers(books: Books, first: date, last: date) -> dict[str, str]:
    """Those that close months by themselves, with their names: förvaltningar, or nämnder where there are none."""
    valid = {
        code: history.on(last).content
        for code, history in sorted(books.organisation.units.items())
        if history.valid_between(first, last)
    }
    level = "forvaltning" if any(unit.niva == "forvaltning" for unit in valid.values()) else "namnd"
    others = {code for period, parts in books.periods.parts.items() if period[:4] == str(first.year) for code in parts}
    return {code: unit.namn for code, unit in valid.items() if unit.niva == level or code in others}


class PeriodPage:
    """Draws months, and closes and opens them."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    # ------------------------------------------------------------ a year

    def year(self, request: Request) -> Response:
        """The months of a year, the newest that holds anything where none is asked for."""
        given = asking.given(request)
        ar = given.get("ar", "")
        if ar and not YEAR.fullmatch(ar):
            raise problems.no(
                rules.ParameterIsOtherwise(phrase("ett år"), kolumn="ar", varde=problems.shortened(ar, 60))
            )
        return self._draw_year(int(ar) if ar else self._newest(), {}, done=DONE.get(given.get("klart", ""), ""))

    def _newest(self) -> int:
        reports = self._house.reports
        question = reports.question("driftsammandrag", {}, self._house.today())
        with reports.snapshot(question) as snapshot:
            return timebar.newest_year(snapshot, question)

    def _draw_year(self, ar: int, sent: dict[str, str], *, refused: Refused | None = None, done: str = "") -> Response:
        def ask(books: Books, today: date) -> dict[str, Any]:
            units, months = closers(books, date(ar, 1, 1), date(ar, 12, 31)), bokslut.months(ar)
            rows = [
                {
                    "period": period,
                    "namn": _(words.MONTHS[int(period[5:]) - 1]).capitalize(),
                    "href": address("perioder", period),
                    "cells": [_lage_in_words(self._lage(books, period, code)) for code in (WHOLE, *units)],
                }
                for period in months
            ]
            return {
                "units": list(units.items()),
                "rows": rows,
                "still": [
                    _(words.MONTHS[number]) for number, one in enumerate(months) if one not in books.periods.closed
                ],
                "is_closed": ar in books.of(bokslut.State).closed,
                "today": today.isoformat(),
            }

        return self._drawing.page(
            "perioder.html",
            chosen="perioder",
            http_status=problems.STATUS[refused.kind] if refused else 200,
            ar=ar,
            **self._house.ledger.look(ask),
            may_close=CloseYear in RIGHTS[self._house.caller.roll],
            sent=defaultdict(str, sent),
            **_said(refused, done),
        )

    @staticmethod
    def _lage(books: Books, period: str, ansvar: str) -> str:
        if ansvar == WHOLE:
            return CLOSED if period in books.periods.closed else OPEN
        return CLOSED if period in books.periods.closed else books.periods.lage(period, ansvar)

    def close_year(self, ar: str, sent: dict[str, str]) -> Response:
        """A bokslut that was sent: registered, or the year again with why not."""
        if not YEAR.fullmatch(ar):
            raise problems.no(rules.AddressIsUnknown(f"/bokslut/{problems.shortened(ar, 60)}"))
        try:
            day = decision_day(sent)
            command = CloseYear(int(ar), sent.get("beslutsorgan", ""), day, sent.get("paragraf") or None)
            waits = self._give(command)
        except Refused as refused:
            return self._draw_year(int(ar), sent, refused=refused)
        return RedirectResponse(address("perioder", ar=ar, klart="bokslut-vantar" if waits else "bokslut"), 303)

    # ------------------------------------------------------------ a month

    def month(self, request: Request, period: str) -> Response:
        """A month with its checklists. Errors: ProblemRaised (404)."""
        if not PERIOD.fullmatch(period):
            raise problems.no(rules.AddressIsUnknown(f"/perioder/{problems.shortened(period, 60)}"))
        return self._draw_month(period, {}, done=DONE.get(asking.given(request).get("klart", ""), ""))

    def _draw_month(
        self, period: str, sent: dict[str, str], *, refused: Refused | None = None, done: str = ""
    ) -> Response:
        def ask(books: Books, _today: date) -> dict[str, Any]:
            first = first_day(period)
            last = words.last_day(first.year, first.month)
            units = closers(books, first, last)
            is_closed = period in books.periods.closed
            parts = [] if is_closed else [self._part(books, period, code, namn) for code, namn in units.items()]
            waits = [
                {"position": position, "of": getattr(fact, "ansvar", None) or _("hela kommunen")}
                for position, fact in books.of(registrering.State).waiting.items()
                if isinstance(fact, PeriodOpened | ForvaltningOpened) and fact.period == period
            ]
            year_is_closed = first.year in books.of(bokslut.State).closed
            return {"is_closed": is_closed, "parts": parts, "waits": waits, "year_is_closed": year_is_closed}

        return self._drawing.page(
            "period.html",
            chosen="perioder",
            http_status=problems.STATUS[refused.kind] if refused else 200,
            period=period,
            namn=month_name(period),
            ar=period[:4],
            **self._house.ledger.look(ask),
            may_close=ClosePeriod in RIGHTS[self._house.caller.roll],
            sent=defaultdict(str, sent),
            **_said(refused, done),
        )

    def _part(self, books: Books, period: str, ansvar: str, namn: str) -> dict[str, Any]:
        lage = books.periods.lage(period, ansvar)
        left = [] if lage == CLOSED else [said(one) for one in checklist(books, period, ansvar)]
        text, style = _lage_in_words(lage)
        return {"ansvar": ansvar, "namn": namn, "lage": lage, "text": text, "style": style, "left": left}

    def step(self, period: str, sent: dict[str, str]) -> Response:
        """A month that is closed or opened, or the same page with why not."""
        if not PERIOD.fullmatch(period):
            raise problems.no(rules.AddressIsUnknown(f"/perioder/{problems.shortened(period, 60)}"))
        ansvar, motivering = sent.get("ansvar") or None, sent.get("motivering", "")
        steps: dict[str, Any] = {
            "borja": BeginClosing(period, ansvar or ""),
            "stang": ClosePeriod(period, motivering or None, ansvar),
            "oppna": OpenPeriod(period, motivering, ansvar),
        }
        gor = sent.get("gor", "")
        if gor not in steps:
            raise problems.no(rules.FormIsUnreadable())
        try:
            waits = self._give(steps[gor])
        except Refused as refused:
            return self._draw_month(period, sent, refused=refused)
        return RedirectResponse(address("perioder", period, klart="vantar" if waits else gor), 303)

    def _give(self, command: Any) -> bool:
        """Give a command; whether what it leads to waits for a second person. Errors: Refused."""
        done = self._house.give(command)
        return self._house.ledger.look(lambda books, _today: done.first in books.of(registrering.State).waiting)


def _said(refused: Refused | None, done: str) -> dict[str, Any]:
    """What a page says first: why not, or what was done."""
    return {"sentences": sentences(refused.refusals) if refused else [], "done": _(done) if done else ""}


def _lage_in_words(lage: str) -> tuple[str, str]:
    """A state of a month as it is written and drawn."""
    text, style = LAGEN[lage]
    return _(text), style


def router(house: House, drawing: Drawing) -> APIRouter:
    """/perioder and /bokslut."""
    page = PeriodPage(house, drawing)
    pages = APIRouter(include_in_schema=False)

    @pages.get("/perioder")
    def year(request: Request) -> Response:
        return page.year(request)

    @pages.get("/perioder/{period}")
    def month(request: Request, period: str) -> Response:
        return page.month(request, period)

    @pages.post("/perioder/{period}")
    def step(period: str, sent: Sent) -> Response:
        return page.step(period, sent)

    @pages.post("/bokslut/{ar}")
    def close_year(ar: str, sent: Sent) -> Response:
        return page.close_year(ar, sent)

    return pages
