"""Att göra on a page: what waits for the reader, and the reader's own cases and refused attempts.

What can be done with no more than what is shown is ticked, and done many at a time (bulk_page.py).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from ledger.domain import arende
from ledger.domain.arende import ENDED
from ledger.domain.inbox import Syssla
from ledger.domain.language import N_, _, phrase
from ledger.domain.refusal import Refusal, Refused
from ledger.web import asking, attempts, case_view, marks, problems, words
from ledger.web.case_view import Seen
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.marks import Mark
from ledger.web.registration_page import registration_row
from ledger.web.table import address
from ledger.web.visitor import current

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: The step that a thing to do asks for, in a word.
STEPS: Final = {
    "ratta": N_("Ändra"),
    "granska": N_("Granska"),
    "besluta": N_("Besluta"),
    "bekrafta": N_("Bekräfta"),
    "las_in": N_("Läs in"),
    "stang": N_("Stäng"),
    "attest": N_("Utse"),
}

#: How many things wait, in a heading.
WAITING: Final = (
    N_("Ingenting väntar på dig"),
    N_("En sak väntar på dig"),
    N_("Två saker väntar på dig"),
    N_("Tre saker väntar på dig"),
    N_("Fyra saker väntar på dig"),
    N_("Fem saker väntar på dig"),
    N_("Sex saker väntar på dig"),
)

REGISTERED: Final = {
    "bekrafta": N_("Registreringen är bekräftad och räknas nu."),
    "ta-tillbaka": N_("Registreringen är tillbakatagen."),
}


class InboxPage:
    """Draws what there is to do."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def show(self, request: Request) -> Response:
        """What waits for the reader, the most urgent kind first as the ledger lists it."""
        given = asking.given(request)
        done = _(REGISTERED.get(given.get("klart", ""), ""))
        return self.draw(asking.page(given), is_ticked=given.get("markera") == "alla", done=done)

    def draw(
        self, page: int = 1, *, is_ticked: bool = False, done: str = "", refusal: Refusal | None = None
    ) -> Response:
        """A page of what waits; everything on it ticked from the beginning, or with why nothing was done."""
        waits = self._drawing.waits_for(current())
        things = [self._thing(one) for one in (waits or ())[(page - 1) * marks.MOST : page * marks.MOST]]
        return self._drawing.page(
            "att_gora.html",
            chosen="att-gora",
            http_status=problems.status_of(refusal) if refusal else 200,
            rubrik=_waiting(len(waits or ())),
            cases=[one for one in things if one["kind"] == "arende"],
            registrations=[one for one in things if one["kind"] == "registrering"],
            others=[one for one in things if one["kind"] == "annat"],
            can_tick=any(one["mark"] for one in things),
            is_ticked=is_ticked,
            page=page,
            has_more=len(waits or ()) > page * marks.MOST,
            own=self._own() if page == 1 else [],
            refused=attempts.own(self._house) if page == 1 else [],
            is_open=waits is None,
            done=done,
            sentence=refusal.sentence() if refusal else "",
        )

    def _thing(self, one: Syssla) -> dict[str, Any]:
        """A thing to do with the page where it is done, and what it is ticked as; of a case, what it is about."""
        mark = marks.of(one)
        step = {"text": one.text, "step": _(STEPS.get(one.slag, one.slag)), "kind": "annat", "mark": ""}
        match one.slag:
            case "granska" | "besluta" | "ratta":
                seen = case_view.look(self._house, one.om)
                if seen is None:
                    return {**step, "href": address("arenden", one.om)}
                # What cannot be decided as it stands is not ticked: it is opened, and sent back.
                ticked = mark.value if mark and not seen.hinder else ""
                return {**step, **case_row(seen), "kind": "arende", "mark": ticked}
            case "bekrafta":
                row = registration_row(self._house, one.om.removeprefix("@"))
                return {**step, **row, "kind": "registrering", "mark": self._free(mark)}
            case "las_in":
                return {**step, "href": "/import"}
            case "stang":
                return {**step, "href": address("perioder", one.om)}
        return {**step, "href": address("rapporter", "mandat", lista="attest", ansvar=one.om)}

    def _free(self, mark: Mark | None) -> str:
        """What is ticked, of a registration that the choke point would let the reader confirm; else blank."""
        if mark is None:
            return ""
        try:
            today = self._house.today()
            return mark.value if self._house.ledger.judge(mark.command(today, today), self._house.caller).facts else ""
        except Refused:
            return ""

    def _own(self) -> list[dict[str, Any]]:
        """The reader's own cases that are not decided."""
        actor = self._house.caller.actor

        def ask(books: Books, _today: date) -> list[str]:
            cases = books.of(arende.State).cases.items()
            return [n for n, case in cases if case.lage not in ENDED and actor in books.hands.proposed.get(n, ())]

        seen = [case_view.look(self._house, name) for name in self._house.ledger.look(ask)]
        return [case_row(one) for one in seen if one]


def case_row(seen: Seen) -> dict[str, Any]:
    """A case as a row of a list."""
    drafted = seen.case.drafted
    lage, style = case_view.lage_of(seen)
    return {
        "arende": seen.arende,
        "href": address("arenden", seen.arende),
        "rubrik": case_view.title_of(drafted),
        "about": phrase("{what} · {arende}", what=case_view.what_of(drafted), arende=seen.arende),
        "from_to": case_view.from_to(drafted.rorelser, seen.names),
        "belopp": words.figure(seen.way.belopp_ore, "belopp", "tkr"),
        "who": ", ".join(sorted(seen.hands)),
        "when": seen.case.datum.isoformat() if seen.case.datum else "",
        "lage": lage,
        "style": style,
        "hinder": bool(seen.hinder),
        "at": seen.way.organ[0] if seen.case.lage == "foreslaget" and seen.way.organ else "",
    }


def _waiting(count: int) -> str:
    """How many things wait, in a sentence."""
    if count < len(WAITING):
        return _(WAITING[count])
    return _("{count} saker väntar på dig").format(count=count)


def router(house: House, drawing: Drawing) -> APIRouter:
    """/att-gora, as it is read."""
    page = InboxPage(house, drawing)
    pages = APIRouter(include_in_schema=False)

    @pages.get("/att-gora")
    def show(request: Request) -> Response:
        return page.show(request)

    return pages
