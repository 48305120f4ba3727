"""Registering on a page: a grid that is tried – what is wrong, what would change – and then recorded.

Works without script: every button sends the whole form and gets it back. The script sends the same while one types.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ledger.domain.arende import DraftArende
from ledger.domain.kodstrang import DRIFT, INVESTERING
from ledger.domain.language import _, _n, said
from ledger.domain.refusal import Kind as RefusalKind
from ledger.domain.refusal import Refused
from ledger.domain.roll import RIGHTS
from ledger.interchange.csv_file import Fil
from ledger.interchange.faults import FilesRefused
from ledger.interchange.importing import Imported, Options, import_files
from ledger.reporting.explaining import verkan
from ledger.reporting.material import BESLUT
from ledger.reporting.rules.asked import Asked
from ledger.reporting.stored.snapshot import Snapshot
from ledger.web import asking, problems, proposing, rules
from ledger.web.drawing import Drawing
from ledger.web.effects import effect_words
from ledger.web.form_rows import MORE, Filled, blank, cell_id, read
from ledger.web.forms import Sent
from ledger.web.house import House
from ledger.web.registering import KINDS, OF_TYP, Kind
from ledger.web.table import address

#: Organs that decide in every municipality; those of the ledger's own decisions are offered too.
ORGANS: Final = ("kommunfullmäktige", "kommunstyrelsen", "bitr. kommundirektör", "stabsdirektör")


#: By which way a form is recorded.
AT_ONCE: Final = ""
CASE: Final = "forslag"
MINUTES: Final = "protokoll"


class RegisterPage:
    """Draws the forms, tries them and records them."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def empty(self, request: Request, typ: str) -> Response:
        """A form to fill in, with what the address gives."""
        kind = kind_of(typ)
        given = asking.given(request)
        way = self._way(kind, given.get("ur", ""))
        kind = self._kind(kind, way)
        filled, version = blank(kind, given), 0
        if way == CASE:
            filled, version = self._case(kind, given)
        return self._draw(filled, way, version=version, recorded=given.get("registrerat", ""))

    def _way(self, kind: Kind, ur: str) -> str:
        """By which way a form is recorded: at once in öppet läge, else as a case or from minutes."""
        if kind.slag != "budget" or not proposing.are_bound(self._house):
            return AT_ONCE
        return MINUTES if ur == MINUTES or not self._may_propose() else CASE

    def _may_propose(self) -> bool:
        return DraftArende in RIGHTS[self._house.caller.roll]

    def _kind(self, kind: Kind, way: str) -> Kind:
        return proposing.as_case(kind, self._house.today()) if way == CASE else kind

    def _case(self, kind: Kind, given: dict[str, str]) -> tuple[Filled, int]:
        """The form of a case that is changed, or of a new one."""
        name = given.get("arende", "")
        found = proposing.in_form(self._house, kind, name) if name else None
        if found:
            return found
        filled = blank(kind, {**given, "arende": proposing.free_name(self._house)})
        if name:
            sentence = _(
                "Ärendet {name} kan inte ändras i det här formuläret. Det du skriver här blir ett nytt ärende."
            )
            filled.general.append(sentence.format(name=name))
        return filled, 0

    def sent(self, typ: str, sent: Mapping[str, str]) -> Response:
        """A form that was sent: tried, recorded, written as a case, or given more rows."""
        way = self._way(kind_of(typ), sent.get("ur", ""))
        try:
            filled, wish = read(self._kind(kind_of(typ), way), sent)
            version = int(sent.get("version") or 0)
        except ValueError:
            raise problems.no(rules.FormIsUnreadable()) from None
        if wish == "fler":
            filled.rows.extend({} for _ in range(MORE))
            return self._draw(filled, way, version=version)
        filled.check_years()
        if filled.is_blank:
            filled.general.append(_("Ingen rad är ifylld: skriv minst en rad, eller klistra in från ett kalkylblad."))
        if not (filled.faults or filled.general):
            if way == CASE:
                return self._sent_case(filled, wish, version)
            if way == MINUTES and wish == "registrera":
                return self._sent_from_minutes(filled)
            if imported := self._import(filled, is_trial=wish != "registrera"):
                return (
                    self._recorded(filled.kind, imported)
                    if wish == "registrera"
                    else self._draw(filled, way, trial=self._trial(imported))
                )
        return self._draw(filled, way, version=version, http_status=422)

    def _sent_case(self, filled: Filled, wish: str, version: int) -> Response:
        """A proposal that was sent: tried, kept as a draft, or sent for decision."""
        draft = proposing.draft_of(filled)
        # A draft may be kept that could not be decided yet: what it lacks may come.
        tried = proposing.tried(self._house, filled, draft) if draft and wish != "utkast" else None
        if draft and tried and wish not in ("utkast", "foresla"):
            trial = {**effect_words(self._house, tried.facts, tried.rounds), "way": proposing.way_words(tried.way)}
            return self._draw(filled, CASE, version=version, trial=trial)
        if draft and (tried or wish == "utkast"):
            came = proposing.write(self._house, filled, draft, version, proposes=wish == "foresla")
            if came:
                return RedirectResponse(address("arenden", proposing.name_of(filled), klart=came), 303)
        return self._draw(filled, CASE, version=version, http_status=status_of(filled))

    def _sent_from_minutes(self, filled: Filled) -> Response:
        """A decision from minutes: registered by one, and confirmed by another before it counts."""
        draft = proposing.draft_of(filled)
        if draft:
            try:
                done = self._house.give(draft.command)
            except Refused as refused:
                proposing.learn(filled, draft, refused)
            else:
                where = f"{done.first}-{done.last}" if done.facts else "0"
                return RedirectResponse(address("registrera", filled.kind.typ, ur=MINUTES, registrerat=where), 303)
        return self._draw(filled, MINUTES, http_status=status_of(filled))

    def _import(self, filled: Filled, *, is_trial: bool) -> Imported | None:
        house = self._house
        file = Fil(f"formulär {filled.kind.typ}.csv", data=filled.file())
        try:
            return import_files(house.ledger, house.caller, [file], Options(torrkor=is_trial), new_id=house.new_id)
        except FilesRefused as refused:
            filled.learn(refused.faults)
            return None

    def _recorded(self, kind: Kind, imported: Imported) -> Response:
        """To the form again, blank, with what was recorded: reloading records nothing."""
        (file,) = imported.files
        if file.nya:
            self._house.reports.runner.wait_for(file.last + 1)
        where = f"{file.first}-{file.last}" if file.nya else "0"
        return RedirectResponse(address("registrera", kind.typ, registrerat=where), 303)

    def _draw(
        self,
        filled: Filled,
        way: str,
        *,
        version: int = 0,
        trial: dict[str, Any] | None = None,
        recorded: str = "",
        http_status: int = 200,
    ) -> Response:
        kind = filled.kind
        return self._drawing.page(
            "registrera.html",
            chosen="registrera",
            http_status=http_status,
            kind=kind,
            kinds=[
                {"text": said(k.rubrik), "href": f"/registrera/{k.typ}", "current": k.typ == kind.typ} for k in KINDS
            ],
            way=way,
            may_propose=self._may_propose(),
            version=version,
            filled=filled,
            faults=list(filled.listed()),
            cell_id=cell_id,
            lists=self._lists(kind),
            trial=trial,
            recorded=_recorded_words(recorded, is_waiting=way == MINUTES),
            head=self._house.ledger.log.head().position,
        )

    # ------------------------------------------------------------ what would change

    def _trial(self, imported: Imported) -> dict[str, Any]:
        facts = list(islice(imported.facts(), verkan.MOST + 1))
        return effect_words(self._house, facts, [one.sentence() for one in imported.rounds[:5]])

    # ------------------------------------------------------------ codes to choose among

    def _lists(self, kind: Kind) -> dict[str, list[tuple[str, str]]]:
        """The codes of each list that the form uses, with their names."""
        wanted = {one.lista for one in kind.columns} | {one.lista for one in kind.fields}
        reports = self._house.reports
        question = reports.question("driftsammandrag", {}, self._house.today())
        with reports.snapshot(question) as snapshot:
            asked = Asked(question, snapshot)
            makers: dict[str, Any] = {
                "ansvar": lambda: [(code, unit.namn) for code, unit in asked.tree.units.items() if unit.open],
                "verksamhet": lambda: list(asked.code_names("verksamhet").items()),
                "konto": lambda: list(asked.code_names("konto").items()),
                "projekt": lambda: list(asked.code_names("projekt").items()),
                "slag": lambda: [(slag, "") for slag in (*DRIFT, *INVESTERING)],
                "slag-drift": lambda: [(slag, "") for slag in DRIFT],
                "slag-investering": lambda: [(slag, "") for slag in INVESTERING],
                "organ": lambda: [(organ, "") for organ in _organs(snapshot)],
            }
            return {name: makers[name]() for name in sorted(wanted) if name}


def _organs(snapshot: Snapshot) -> list[str]:
    """Organs that decide everywhere, then those that have decided here."""
    known = {held.row.beslutsorgan for held in snapshot.rows(BESLUT, "beslutat", snapshot.position)}
    return list(dict.fromkeys((*ORGANS, *sorted(known))))


def _recorded_words(recorded: str, *, is_waiting: bool = False) -> dict[str, Any] | None:
    """What an address says was recorded, or waits for a second person: `12-14`, or `0` for nothing new."""
    first, _dash, last = recorded.partition("-")
    if recorded == "0":
        return {"text": _("Allt fanns redan registrerat: inget nytt har lagts till."), "links": []}
    if not (first.isascii() and last.isascii() and first.isdecimal() and last.isdecimal()):
        return None
    if is_waiting:
        first_page = f"/registreringar/{int(first)}"
        text = _("Beslutet är registrerat och väntar på att en annan person bekräftar det.")
        return {"text": text, "links": [(f"@{int(first)}", first_page)]}
    count = int(last) - int(first) + 1
    text = _n("Ett nytt faktum är registrerat.", "{count} nya fakta är registrerade.", count).format(count=count)
    return {"text": text, "links": [(f"@{n}", f"/fakta/{n}") for n in range(int(first), int(last) + 1)[:12]]}


def status_of(filled: Filled) -> int:
    """How a form that is shown again is answered."""
    return problems.STATUS[filled.refused.kind if filled.refused else RefusalKind.INVALID]


def kind_of(typ: str) -> Kind:
    """A kind by its address. Errors: ProblemRaised (404)."""
    if typ not in OF_TYP:
        raise problems.no(rules.AddressIsUnknown(f"/registrera/{problems.shortened(typ, 60)}"))
    return OF_TYP[typ]


def router(house: House, drawing: Drawing) -> APIRouter:
    """The addresses under /registrera."""
    page = RegisterPage(house, drawing)
    pages = APIRouter(prefix="/registrera", include_in_schema=False)

    @pages.get("")
    def first() -> Response:
        return RedirectResponse(f"/registrera/{KINDS[0].typ}", 303)

    @pages.get("/{typ}")
    def form(request: Request, typ: str) -> Response:
        return page.empty(request, typ)

    @pages.post("/{typ}")
    def sent(typ: str, sent: Sent) -> Response:
        return page.sent(typ, sent)

    return pages
