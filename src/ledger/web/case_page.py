"""One case on a page: what is proposed, what it would change, whose hands it has been through, and the steps to take.

Whether a step may be taken is asked of the choke point, so the buttons are those that it would let through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ledger.domain.arende import (
    DecideArende,
    DeclareJav,
    DraftArende,
    ProposeArende,
    ReturnArende,
    ReviewArende,
    WithdrawArende,
)
from ledger.domain.fact import Fact
from ledger.domain.language import N_, _
from ledger.domain.refusal import Refusal, Refused, refuse, sentences
from ledger.domain.roll import RIGHTS
from ledger.interchange import cells
from ledger.reporting import told
from ledger.web import asking, case_view, problems, rules, words
from ledger.web.case_view import Seen
from ledger.web.drawing import Drawing
from ledger.web.effects import effect_words
from ledger.web.forms import Sent
from ledger.web.house import House
from ledger.web.table import address

#: Effects that are remembered; working one out takes longer than the rest of a page.
REMEMBERED: Final = 64

#: What an address says was done, in words.
DONE: Final = {
    "utkast": N_("Utkastet är sparat. Det väntar på dig tills du föreslår det."),
    "foresla": N_("Ärendet är föreslaget."),
    "granska": N_("Din granskningsattest är registrerad."),
    "besluta": N_("Beslutet är registrerat och räknas nu i rapporterna."),
    "aterlamna": N_("Ärendet är återlämnat till den som skrev det."),
    "aterkalla": N_("Ärendet är återkallat."),
    "jav": N_("Ditt jäv är registrerat. Du deltar inte i ärendet."),
}


class CasePage:
    """Draws cases and takes steps in them."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing
        self._effects = lru_cache(REMEMBERED)(self._worked_out)

    def show(self, request: Request, name: str) -> Response:
        """A case. Errors: ProblemRaised (404)."""
        return self._draw(self._seen(name), {}, done=asking.given(request).get("klart", ""))

    def step(self, name: str, sent: dict[str, str]) -> Response:
        """A step that was sent: taken, or refused on the same page with what was written kept."""
        seen = self._seen(name)
        try:
            command = command_of(seen, sent)
            self._house.give(command)
        except Refused as refused:
            return self._draw(self._seen(name), sent, refused=refused)
        return RedirectResponse(address("arenden", name, klart=sent.get("gor", "")), 303)

    def _seen(self, name: str) -> Seen:
        seen = case_view.look(self._house, name)
        if seen is None:
            raise problems.no(rules.AddressIsUnknown(f"/arenden/{problems.shortened(name, 60)}"))
        return seen

    def _draw(self, seen: Seen, sent: dict[str, str], *, refused: Refused | None = None, done: str = "") -> Response:
        drafted, case = seen.case.drafted, seen.case
        lage, style = case_view.lage_of(seen)
        steps = self._steps(seen)
        history = case_view.history(self._house, seen.arende)
        return self._drawing.page(
            "arende.html",
            chosen="att-gora",
            http_status=problems.STATUS[refused.kind] if refused else 200,
            seen=seen,
            case=case,
            drafted=drafted,
            lage=lage,
            style=style,
            rubrik=case_view.title_of(drafted),
            from_to=case_view.from_to(drafted.rorelser, seen.names),
            table=case_view.table(drafted.rorelser, seen.names),
            action=address("arenden", seen.arende),
            effect_of=self._effect_of(seen) if seen.facts else None,
            steps=steps,
            reason="" if "besluta" in steps else self._why_not(seen),
            history=history,
            decision=history[-1]["position"] - 1 if case.lage == "beslutat" else None,
            belopp=words.exact(seen.way.belopp_ore),
            grans="" if seen.way.grans_ore is None else words.exact(seen.way.grans_ore),
            count=told.count(len(drafted.rorelser)),
            me=self._house.caller.actor,
            may_change=self._may_change(seen),
            change_href=address("registrera", drafted.typ, arende=seen.arende),
            sent=defaultdict(str, sent),
            sentences=sentences(refused.refusals) if refused else [],
            done=_(DONE.get(done, "")),
        )

    def _effect_of(self, seen: Seen) -> dict[str, Any]:
        """What a case would change, and what is to be read before it is decided."""
        position = self._house.ledger.log.head().position
        return {**self._effects(seen.facts, position), "rounds": seen.rounds}

    def _worked_out(self, facts: tuple[Fact, ...], _head: int) -> dict[str, Any]:
        """What facts would change in the reports as they are at a position."""
        return effect_words(self._house, facts)

    def _may_change(self, seen: Seen) -> bool:
        caller = self._house.caller
        return not seen.has_ended and DraftArende in RIGHTS[caller.roll] and caller.actor not in seen.javiga

    def _steps(self, seen: Seen) -> dict[str, str]:
        """The steps that the caller may take now; that of deciding with as what."""
        if seen.has_ended:
            return {}
        caller = self._house.caller
        found = {gor: "" for gor, command in _ordinary(seen) if self._is_free(command)}
        if caller.actor in seen.javiga:
            found.pop("jav", None)
        for organ in seen.decides_as or (("",) if seen.is_open else ()):
            if self._is_free(_decision(seen, organ or "-", seen.today)):
                return {**found, "besluta": organ}
        return found

    def _is_free(self, command: Any) -> bool:
        """Whether the choke point would let a step through, and it would change something."""
        try:
            return bool(self._house.ledger.judge(command, self._house.caller).facts)
        except Refused:
            return False

    def _why_not(self, seen: Seen) -> str:
        """Why the caller does not decide what waits for a decision."""
        if seen.case.lage != "foreslaget" or DecideArende not in RIGHTS[self._house.caller.roll]:
            return ""
        organ = next(iter((*seen.decides_as, *seen.way.organ)), "-")
        try:
            self._house.ledger.judge(_decision(seen, organ, seen.today), self._house.caller)
        except Refused as refused:
            return refused.refusals[0].sentence()
        return ""


def decision_day(sent: dict[str, str]) -> date:
    """The day that a form gives as that of the decision. Errors: Refused."""
    day = cells.day(sent.get("beslutsdatum", ""))
    if isinstance(day, Refusal):
        raise refuse(day)
    return day


def _ordinary(seen: Seen) -> Iterator[tuple[str, Any]]:
    """Every step but deciding, as the caller would take it today."""
    step = seen.arende, seen.case.drafted.version, seen.case.drafted.digest
    yield "foresla", ProposeArende(*step, seen.today)
    yield "granska", ReviewArende(*step, seen.today)
    yield "aterlamna", ReturnArende(seen.arende, seen.case.drafted.version, "-")
    yield "aterkalla", WithdrawArende(seen.arende)
    yield "jav", DeclareJav(seen.arende)


def _decision(seen: Seen, organ: str, day: date) -> DecideArende:
    drafted = seen.case.drafted
    return DecideArende(seen.arende, drafted.version, drafted.digest, organ, day)


def command_of(seen: Seen, sent: dict[str, str]) -> Any:
    """The step that a form asks for, of the version and content that it showed. Errors: ProblemRaised (422)."""
    name, version, digest = seen.arende, sent.get("version", ""), sent.get("digest", "")
    if not (version.isascii() and version.isdecimal() and len(version) < 10):  # noqa: PLR2004 - a number of a version
        raise problems.no(rules.FormIsUnreadable())
    step, words_of_it = (name, int(version), digest), sent.get("motivering") or None
    match sent.get("gor"):
        case "foresla":
            return ProposeArende(*step, seen.today)
        case "granska":
            return ReviewArende(*step, seen.today)
        case "besluta":
            organ, paragraf = sent.get("beslutsorgan", ""), sent.get("paragraf") or None
            return DecideArende(*step, organ, decision_day(sent), paragraf)
        case "aterlamna":
            return ReturnArende(name, int(version), words_of_it or "")
        case "aterkalla":
            return WithdrawArende(name, words_of_it)
        case "jav":
            return DeclareJav(name, words_of_it)
    raise problems.no(rules.FormIsUnreadable())


def router(house: House, drawing: Drawing) -> APIRouter:
    """The addresses of cases. A name may hold slashes."""
    page = CasePage(house, drawing)
    pages = APIRouter(prefix="/arenden", include_in_schema=False)

    @pages.get("/{arende:path}")
    def show(request: Request, arende: str) -> Response:
        return page.show(request, arende)

    @pages.post("/{arende:path}")
    def step(arende: str, sent: Sent) -> Response:
        return page.step(arende, sent)

    return pages
