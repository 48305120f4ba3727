"""Att göra on a page: what waits for the reader, the reader's own cases, and registrations to confirm."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from ledger.domain import arende, events_behorighet, registrering
from ledger.domain.arende import ENDED
from ledger.domain.events import Beslut, RegistreringCorrected
from ledger.domain.inbox import Syssla
from ledger.domain.refusal import Refused
from ledger.domain.registrering import ConfirmRegistrering, DropRegistrering
from ledger.reporting.told import told
from ledger.web import asking, case_view, problems, rules, words
from ledger.web.case_page import fields_of
from ledger.web.case_view import Seen
from ledger.web.drawing import Drawing
from ledger.web.effects import effect_words
from ledger.web.facts import stored_at
from ledger.web.house import House
from ledger.web.register_page import whole_body
from ledger.web.table import address
from ledger.web.visitor import current

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: The step that a thing to do asks for, in a word.
STEPS: Final = {
    "ratta": "Ändra",
    "granska": "Granska",
    "besluta": "Besluta",
    "bekrafta": "Bekräfta",
    "las_in": "Läs in",
    "stang": "Stäng",
    "attest": "Utse",
}

#: A number in a heading.
NUMBERS: Final = ("Ingenting", "En sak", "Två saker", "Tre saker", "Fyra saker", "Fem saker", "Sex saker")

REGISTERED: Final = {
    "bekrafta": "Registreringen är bekräftad och räknas nu.",
    "ta-tillbaka": "Registreringen är tillbakatagen.",
}


class InboxPage:
    """Draws what there is to do, and the registrations that wait for a second person."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def show(self, request: Request) -> Response:
        """What waits for the reader, the most urgent kind first as the ledger lists it."""
        waits = self._drawing.waits_for(current())
        things = [self._thing(one) for one in waits or ()]
        count = len(things)
        heading = f"{NUMBERS[count] if count < len(NUMBERS) else f'{count} saker'} väntar på dig"
        return self._drawing.page(
            "att_gora.html",
            chosen="att-gora",
            rubrik=heading,
            cases=[one for one in things if one["is_case"]],
            others=[one for one in things if not one["is_case"]],
            own=self._own(),
            is_open=waits is None,
            done=REGISTERED.get(asking.given(request).get("klart", ""), ""),
        )

    def _thing(self, one: Syssla) -> dict[str, Any]:
        """A thing to do with the page where it is done; of a case, what it is about."""
        step = {"text": one.text, "step": STEPS.get(one.slag, one.slag), "is_case": False}
        match one.slag:
            case "granska" | "besluta" | "ratta":
                seen = case_view.look(self._house, one.om)
                known = self._case(seen) if seen else {"href": address("arenden", one.om)}
                return {**step, **known, "is_case": seen is not None}
            case "bekrafta":
                return {**step, "href": address("registreringar", one.om.removeprefix("@"))}
            case "las_in":
                return {**step, "href": "/import"}
            case "stang":
                return {**step, "href": address("perioder", one.om)}
        return {**step, "href": address("rapporter", "mandat", lista="attest", ansvar=one.om)}

    def _case(self, seen: Seen) -> dict[str, Any]:
        drafted = seen.case.drafted
        lage, style = case_view.lage_of(seen)
        return {
            "arende": seen.arende,
            "href": address("arenden", seen.arende),
            "rubrik": case_view.title_of(drafted),
            "about": f"{seen.typ} {case_view.years(drafted.rorelser)} · {seen.arende}",
            "from_to": case_view.from_to(drafted.rorelser, seen.names),
            "belopp": words.figure(seen.way.belopp_ore, "belopp", "tkr"),
            "who": ", ".join(sorted(seen.hands)),
            "when": seen.case.datum.isoformat() if seen.case.datum else "",
            "lage": lage,
            "style": style,
            "hinder": bool(seen.hinder),
            "at": seen.way.organ[0] if seen.case.lage == "foreslaget" and seen.way.organ else "",
        }

    def _own(self) -> list[dict[str, Any]]:
        """The reader's own cases that are not decided."""
        actor = self._house.caller.actor

        def ask(books: Books, _today: date) -> list[str]:
            cases = books.of(arende.State).cases.items()
            return [n for n, case in cases if case.lage not in ENDED and actor in books.hands.proposed.get(n, ())]

        seen = [case_view.look(self._house, name) for name in self._house.ledger.look(ask)]
        return [self._case(one) for one in seen if one]

    # ------------------------------------------------------------ registreringskontroll

    def registration(self, position: str) -> Response:
        """A registration that waits, or what became of it. Errors: ProblemRaised (404)."""
        return self._draw_registration(position, {})

    def _draw_registration(self, position: str, sent: dict[str, str], refused: Refused | None = None) -> Response:
        stored = stored_at(self._house, position)
        recorded = self._house.ledger.log.read(stored.position - 1, upto=stored.position, limit=1)[0]
        made = recorded.fact
        if not isinstance(made, events_behorighet.RegistreringMade):
            raise problems.no(rules.AddressIsUnknown(f"/registreringar/{problems.shortened(position, 60)}"))
        fact = made.fakta
        right = fact.ratt if isinstance(fact, RegistreringCorrected) else fact

        def ask(books: Books, today: date) -> tuple[bool, dict[str, str]]:
            units = {unit for _, side in right.sides() for unit in [side.ansvar]} if isinstance(right, Beslut) else ()
            return stored.position in books.of(registrering.State).waiting, case_view.unit_names(books, units, today)

        is_waiting, names = self._house.ledger.look(ask)
        is_own = recorded.actor == self._house.caller.actor
        return self._drawing.page(
            "registrering.html",
            chosen="att-gora",
            http_status=problems.STATUS[refused.kind] if refused else 200,
            position=stored.position,
            told=told(fact),
            table=case_view.table(right.rorelser, names) if isinstance(right, Beslut) else None,
            effect_of=effect_words(self._house, [fact]) if is_waiting else None,
            is_waiting=is_waiting,
            is_own=is_own,
            actor=recorded.actor,
            when=words.instant(recorded.recorded_at),
            sent=defaultdict(str, sent),
            sentences=list(dict.fromkeys(one.sentence() for one in refused.refusals)) if refused else [],
        )

    def end(self, position: str, body: bytes) -> Response:
        """Confirm a registration, or take it back; or the same page with why not."""
        sent = fields_of(body)
        at = stored_at(self._house, position).position
        steps: dict[str, Any] = {
            "bekrafta": ConfirmRegistrering(at),
            "ta-tillbaka": DropRegistrering(at, sent.get("motivering", "")),
        }
        command = steps.get(sent.get("gor", ""))
        if command is None:
            raise problems.no(rules.FormIsUnreadable())
        try:
            done = self._house.ledger.execute(command, self._house.caller, self._house.new_id())
        except Refused as refused:
            return self._draw_registration(position, sent, refused)
        if done.facts:
            self._house.reports.runner.wait_for(done.last)
        return RedirectResponse(address("att-gora", klart=sent["gor"]), 303)


def router(house: House, drawing: Drawing) -> APIRouter:
    """/att-gora and the registrations that wait."""
    page = InboxPage(house, drawing)
    pages = APIRouter(include_in_schema=False)

    @pages.get("/att-gora")
    def show(request: Request) -> Response:
        return page.show(request)

    @pages.get("/registreringar/{position}")
    def registration(position: str) -> Response:
        return page.registration(position)

    @pages.post("/registreringar/{position}")
    def end(position: str, body: Annotated[bytes, Depends(whole_body)]) -> Response:
        return page.end(position, body)

    return pages
