"""Keys of machines on a page: which there are, who is responsible for them, a new one that is shown once, and the end.

Whoever administers the ledger sees all and makes new ones; everybody sees and withdraws those they are responsible for.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ledger.domain.language import N_, _, _n
from ledger.domain.refusal import AND, Refusal, Refused, listed, refuse
from ledger.identity.refusals import TokenIsUnknown
from ledger.identity.tokens import ID, ROLLER, WRITING, Token, new_id
from ledger.reporting.lista import local_day
from ledger.web import asking, problems
from ledger.web.drawing import Drawing
from ledger.web.forms import Sent
from ledger.web.house import House
from ledger.web.identity_api import NEVER_KEPT
from ledger.web.rules import FormIsUnreadable
from ledger.web.rules_identity import DaysAreUnreadable, UnitsAreUnknown
from ledger.web.table import address
from ledger.web.visitor import ROLES

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: Keys on a page.
MOST: Final = 100

#: A key that ends within so many days is to be changed.
SOON: Final = 14

#: Days that a key is given where nobody says otherwise.
LIFE: Final = "180"

ADMIN: Final = "admin"
BLANK: Final = {"namn": "", "roll": "lasare", "far": "laser", "enheter": "", "dagar": LIFE}

#: Fields by the column of what is wrong with them, in the order of the form.
FIELDS: Final = {
    "namn": N_("Program"),
    "roll": N_("Roll"),
    "skriver": N_("Får"),
    "enheter": N_("Enheter"),
    "dagar": N_("Dagar"),
    "ansvarig": N_("Ansvarig"),
}

_DAYS: Final = re.compile(r"[0-9]{1,6}")
_WITHDRAWN: Final = "aterkallad"


class TokenPage:
    """Draws keys, makes them and withdraws them."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing
        self._tokens = house.identity.tokens

    def show(self, request: Request) -> Response:
        """The keys that the reader may see. Errors: ProblemRaised (422)."""
        given = asking.given(request)
        return self._draw({}, page=asking.page(given), is_done=given.get("klart") == _WITHDRAWN)

    def _draw(
        self, sent: dict[str, str], *, page: int = 1, is_done: bool = False, refused: Refused | None = None
    ) -> Response:
        caller = self._house.caller
        is_admin = caller.roll == ADMIN
        found = self._tokens.shown(None if is_admin else caller.actor, (page - 1) * MOST, MOST + 1)
        filled = {**BLANK, "ansvarig": caller.actor, "nyckel": new_id(), **sent}
        return self._drawing.page(
            "nycklar.html",
            chosen="nycklar",
            http_status=problems.STATUS[refused.kind] if refused else 200,
            headers=NEVER_KEPT,
            keys=self._rows(found[:MOST]),
            page=page,
            has_more=len(found) > MOST,
            is_admin=is_admin,
            is_done=is_done,
            sent=filled,
            roles=[{"value": roll, "text": _(ROLES[roll]), "is_chosen": roll == filled["roll"]} for roll in ROLLER],
            writing=listed([_(ROLES[roll]) for roll in WRITING], AND),
            **_said(refused),
        )

    def _rows(self, tokens: list[Token]) -> list[dict[str, Any]]:
        """Keys in words; whoever administers the ledger is told who is responsible by name."""
        me = self._house.caller
        names: dict[str, str] = {}
        if me.roll == ADMIN:
            katalog = self._house.identity.katalog
            names = {one: katalog.name_of(one) or "" for one in {token.ansvarig for token in tokens}}
        return [self._row(token, names.get(token.ansvarig, "")) for token in tokens]

    def _row(self, token: Token, name: str = "") -> dict[str, Any]:
        now = self._house.identity.place.now()
        holds = token.holds(now)
        left = (_day(token.upphor) - _day(now)).days
        return {
            "token": token,
            "href": address("nycklar", token.id),
            "roll": _(ROLES[token.roll]),
            "does": _("läser och registrerar") if token.skriver and token.roll in WRITING else _("läser"),
            "ansvarig": name,
            "is_own": token.ansvarig == self._house.caller.actor,
            "skapad": _day(token.skapad).isoformat(),
            "upphor": _day(token.upphor).isoformat(),
            "anvand": _day(token.anvand).isoformat() if token.anvand else "",
            "holds": holds,
            "is_soon": holds and left <= SOON,
            "lage": _lage(token, left, holds=holds),
        }

    # ------------------------------------------------------------ a new key

    def make(self, sent: dict[str, str]) -> Response:
        """A key that was asked for, shown this one time; or the form again with what is wrong."""
        token_id = sent.get("nyckel", "")
        if not ID.fullmatch(token_id):
            raise problems.no(FormIsUnreadable())
        try:
            made, shown = self._made(sent, token_id)
        except Refused as refused:
            return self._draw({**sent, "nyckel": new_id()}, refused=refused)
        (row,) = self._rows([made])
        return self._drawing.page(
            "nyckel_ny.html", chosen="nycklar", http_status=201, headers=NEVER_KEPT, one=row, shown=shown
        )

    def _made(self, sent: dict[str, str], token_id: str) -> tuple[Token, str]:
        """The key and what its machine shows. Errors: Refused, with all that is wrong."""
        units = list(dict.fromkeys(sent.get("enheter", "").replace(",", " ").split()))
        days = sent.get("dagar", "")
        wish = sent.get("namn", ""), sent.get("roll", "")
        ansvarig, skriver = sent.get("ansvarig") or None, sent.get("far") == "skriver"
        faults: list[Refusal] = []
        if unknown := self._house.ledger.look(lambda books, _today: _unknown(books, units)):
            faults.append(UnitsAreUnknown(tuple(unknown), kolumn="enheter"))
        if not _DAYS.fullmatch(days):
            faults.append(DaysAreUnreadable(kolumn="dagar", varde=days[:20]))
        if faults:
            known_days = int(days) if _DAYS.fullmatch(days) else 1
            raise Refused([*self._tokens.faults(*wish, known_days, ansvarig, skriver=skriver), *faults])
        return self._tokens.make(
            *wish, enheter=units, skriver=skriver, days=int(days), by=self._house.caller.actor, ansvarig=ansvarig,
            token_id=token_id,
        )  # fmt: skip

    # ------------------------------------------------------------ the end of a key

    def _own(self, token_id: str) -> Token:
        """A key that the caller may see. Errors: Refused, the same for one that there is not."""
        token = self._tokens.one(token_id)
        caller = self._house.caller
        if caller.roll != ADMIN and token.ansvarig != caller.actor:
            raise refuse(TokenIsUnknown(varde=token_id[:60]))
        return token

    def confirm(self, token_id: str) -> Response:
        """A key, with the question whether it is to be withdrawn. Errors: Refused."""
        (row,) = self._rows([self._own(token_id)])
        return self._drawing.page("nyckel.html", chosen="nycklar", headers=NEVER_KEPT, one=row)

    def withdraw(self, token_id: str) -> Response:
        """A key is withdrawn for ever. Errors: Refused."""
        self._tokens.withdraw(self._own(token_id).id, self._house.caller.actor)
        return RedirectResponse(address("nycklar", klart=_WITHDRAWN), 303)


def _unknown(books: Books, units: list[str]) -> list[str]:
    """Codes that are no unit's."""
    return [unit for unit in units if unit not in books.organisation.units]


def _day(instant: str) -> date:
    """The day of an instant in Sweden."""
    return local_day(datetime.fromisoformat(instant))


def _lage(token: Token, left: int, *, holds: bool) -> str:
    """How a key stands, in words."""
    if token.aterkallad is not None:
        return _("återkallad {day}").format(day=_day(token.aterkallad))
    if not holds:
        return _("har slutat gälla")
    if left > SOON:
        return _("gäller")
    return _n("slutar gälla om {count} dag", "slutar gälla om {count} dagar", left).format(count=left)


def _said(refused: Refused | None) -> dict[str, Any]:
    """What is wrong, by field and in the order of the form; what is of no field first."""
    refusals = refused.refusals if refused else ()
    faults: dict[str, list[str]] = {"": [], **{name: [] for name in FIELDS}}
    for one in refusals:
        faults[one.kolumn if one.kolumn in FIELDS else ""].append(one.sentence())
    in_order = [
        (name, f"{_(FIELDS[name])}: {said}" if name else said)
        for name, sentences in faults.items()
        for said in sentences
    ]
    return {"faults": faults, "listed": in_order}


def router(house: House, drawing: Drawing) -> APIRouter:
    """/nycklar."""
    page = TokenPage(house, drawing)
    pages = APIRouter(prefix="/nycklar", include_in_schema=False)

    @pages.get("")
    def show(request: Request) -> Response:
        return page.show(request)

    @pages.post("")
    def make(sent: Sent) -> Response:
        return page.make(sent)

    @pages.get("/{nyckel}")
    def confirm(nyckel: str) -> Response:
        return page.confirm(nyckel)

    @pages.post("/{nyckel}")
    def withdraw(nyckel: str) -> Response:
        return page.withdraw(nyckel)

    return pages
