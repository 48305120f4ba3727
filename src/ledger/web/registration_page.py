"""Registreringskontroll on a page: what one person has registered from minutes, for another to compare and confirm."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from ledger.domain import registrering
from ledger.domain.events import Beslut, RegistreringCorrected
from ledger.domain.events_behorighet import RegistreringMade
from ledger.domain.language import phrase
from ledger.domain.refusal import Refused, sentences
from ledger.domain.registrering import ConfirmRegistrering, DropRegistrering
from ledger.reporting.log import Recorded
from ledger.reporting.told import told
from ledger.web import case_view, problems, rules, words
from ledger.web.drawing import Drawing
from ledger.web.effects import effect_words
from ledger.web.facts import stored_at
from ledger.web.forms import Sent
from ledger.web.house import House
from ledger.web.table import address

if TYPE_CHECKING:
    from ledger.domain.books import Books


class RegistrationPage:
    """Draws a registration that waits, and ends it."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def show(self, position: str) -> Response:
        """A registration that waits, or what became of it. Errors: ProblemRaised (404)."""
        return self._draw_registration(position, {})

    def _draw_registration(self, position: str, sent: dict[str, str], refused: Refused | None = None) -> Response:
        recorded, made = registration_at(self._house, position)
        right = right_of(made)

        def ask(books: Books, today: date) -> tuple[bool, dict[str, str]]:
            units = {side.ansvar for _way, side in right.sides()} if right else set()
            return recorded.position in books.of(registrering.State).waiting, case_view.unit_names(books, units, today)

        is_waiting, names = self._house.ledger.look(ask)
        is_own = recorded.actor == self._house.caller.actor
        return self._drawing.page(
            "registrering.html",
            chosen="att-gora",
            http_status=problems.STATUS[refused.kind] if refused else 200,
            position=recorded.position,
            told=told(made.fakta),
            table=case_view.table(right.rorelser, names) if right else None,
            effect_of=effect_words(self._house, [made.fakta]) if is_waiting else None,
            is_waiting=is_waiting,
            is_own=is_own,
            actor=recorded.actor,
            when=words.instant(recorded.recorded_at),
            sent=defaultdict(str, sent),
            sentences=sentences(refused.refusals) if refused else [],
        )

    def end(self, position: str, sent: dict[str, str]) -> Response:
        """Confirm a registration, or take it back; or the same page with why not."""
        at = stored_at(self._house, position).position
        steps: dict[str, Any] = {
            "bekrafta": ConfirmRegistrering(at),
            "ta-tillbaka": DropRegistrering(at, sent.get("motivering", "")),
        }
        command = steps.get(sent.get("gor", ""))
        if command is None:
            raise problems.no(rules.FormIsUnreadable())
        try:
            self._house.give(command)
        except Refused as refused:
            return self._draw_registration(position, sent, refused)
        return RedirectResponse(address("att-gora", klart=sent["gor"]), 303)


def registration_row(house: House, position: str) -> dict[str, Any]:
    """A registration that waits as a row of a list. Errors: ProblemRaised (404)."""
    recorded, made = registration_at(house, position)
    said = told(made.fakta)
    decided = right_of(made)
    return {
        "href": address("registreringar", position),
        "rubrik": phrase("{kind}: {line}", kind=said.kind, line=said.line),
        "about": f"@{position}",
        "decision": said.decision,
        "belopp": words.figure(sum(r.belopp_ore for r in decided.rorelser), "belopp", "tkr") if decided else "–",
        "who": recorded.actor,
        "when": words.instant(recorded.recorded_at).removesuffix(" UTC"),
        "position": position,
    }


def registration_at(house: House, position: str) -> tuple[Recorded, RegistreringMade]:
    """A registration with its envelope. Errors: ProblemRaised (404)."""
    at = stored_at(house, position).position
    (recorded,) = house.ledger.log.read(at - 1, upto=at, limit=1)
    if not isinstance(recorded.fact, RegistreringMade):
        raise problems.no(rules.AddressIsUnknown(f"/registreringar/{problems.shortened(position, 60)}"))
    return recorded, recorded.fact


def right_of(made: RegistreringMade) -> Beslut | None:
    """The decision that a registration is of, or puts in place of another; None for anything else."""
    fact = made.fakta
    right = fact.ratt if isinstance(fact, RegistreringCorrected) else fact
    return right if isinstance(right, Beslut) else None


def router(house: House, drawing: Drawing) -> APIRouter:
    """/registreringar."""
    page = RegistrationPage(house, drawing)
    pages = APIRouter(prefix="/registreringar", include_in_schema=False)

    @pages.get("/{position}")
    def show(position: str) -> Response:
        return page.show(position)

    @pages.post("/{position}")
    def end(position: str, sent: Sent) -> Response:
        return page.end(position, sent)

    return pages
