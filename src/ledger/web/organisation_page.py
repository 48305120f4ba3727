"""The organisation on a page: the tree of a day, and what has changed over time – who replaced whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from ledger.domain.events import UnitChanged, UnitClosed, UnitEstablished, UnitMerged
from ledger.domain.language import N_, _
from ledger.domain.organisation import Organisation, Unit
from ledger.domain.refusal import Refusal
from ledger.domain.versions import DAY
from ledger.interchange import cells
from ledger.web import asking, problems, rules
from ledger.web.drawing import Drawing
from ledger.web.house import House
from ledger.web.table import address

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: The levels in words.
NIVAER: Final = {
    "kommun": N_("kommun"), "namnd": N_("nämnd"), "forvaltning": N_("förvaltning"), "stab": N_("stab"),
    "avdelning": N_("avdelning"), "enhet": N_("enhet"), "post": N_("post"),
}  # fmt: skip

#: Units and changes that a page shows; a unit can be asked for by itself.
MOST_UNITS: Final = 500
MOST_CHANGES: Final = 200

#: So many units that begin on one day are named; more are counted.
NAMED: Final = 3

#: How deep a tree is drawn inwards.
DEEPEST: Final = 6


class Change(NamedTuple):
    """Something that changed on a day, told in one line, by the fact at `position`."""

    day: date
    text: str
    position: int | None


class OrganisationPage:
    """Draws the organisation."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing

    def show(self, request: Request) -> Response:
        """The tree of a day, today's where none is asked for, or what lies under one unit."""
        given = asking.given(request)
        dag, under = given.get("dag", "").strip(), given.get("under", "").strip()
        day = cells.day(dag) if dag else self._house.today()
        sentence = day.sentence() if isinstance(day, Refusal) else ""
        on = self._house.today() if isinstance(day, Refusal) else day

        def ask(books: Books, _today: date) -> dict[str, Any] | None:
            organisation = books.organisation
            if under and under not in organisation.units:
                return None
            units = list(tree(organisation, on, under))
            changes = sorted(changes_of(organisation, under), key=lambda one: one.day, reverse=True)
            return {
                "units": units[:MOST_UNITS],
                "more": max(len(units) - MOST_UNITS, 0),
                "changes": changes[:MOST_CHANGES],
                "namn": organisation.units[under].on(on).content.namn if under else "",
            }

        known = self._house.ledger.look(ask)
        if known is None:
            raise problems.no(rules.AddressIsUnknown(f"/organisation?under={problems.shortened(under, 60)}"))
        return self._drawing.page(
            "organisation.html",
            chosen="organisation",
            http_status=422 if sentence else 200,
            dag=dag or on.isoformat(),
            on=on,
            under=under,
            sentence=sentence,
            **known,
        )


def tree(organisation: Organisation, day: date, under: str) -> Iterator[dict[str, Any]]:
    """The units of a day as they lie under each other, each after the one above it."""
    below: dict[str, list[str]] = {}
    for code, history in sorted(organisation.units.items()):
        if history.valid_between(day, day):
            below.setdefault(organisation.parent(code, day) or "", []).append(code)
    # A unit whose parent is not in force stands for itself.
    placed = {code for codes in below.values() for code in codes}
    tops = [code for above, codes in below.items() if above not in placed for code in codes]
    stack = [(code, 0) for code in ([under] if under else sorted(tops))][::-1]
    while stack:
        code, depth = stack.pop()
        history = organisation.units[code]
        version = history.on(day)
        last = history.last_day(version)
        yield {
            "kod": code,
            "namn": version.content.namn,
            "niva": _(NIVAER.get(version.content.niva, version.content.niva)),
            "djup": min(depth, DEEPEST),
            "fran": version.fran.isoformat(),
            "till": last.isoformat() if last else "",
            "has_below": code in below,
            "href": address("organisation", under=code, dag=day.isoformat()),
            "mandat_href": address("rapporter", "mandat", ansvar=code),
        }
        stack.extend((child, depth + 1) for child in reversed(below.get(code, ())))


def changes_of(organisation: Organisation, under: str) -> Iterator[Change]:
    """What has changed in the units under one, or in all of them; many that begin on one day are counted."""
    begun: list[Change] = []
    for code, facts in organisation.facts.items():
        if under and not any(organisation.stands_under(code, under, day) for day in _days(organisation, code)):
            continue
        for position, fact in facts:
            if isinstance(fact, UnitChanged):
                for text in _differences(organisation, code, fact):
                    yield Change(fact.fran, text, position)
            elif isinstance(fact, UnitEstablished):
                begun.append(Change(fact.fran, _("{unit} inrättades").format(unit=f"{fact.namn} ({code})"), position))
            elif isinstance(fact, UnitMerged):
                into = _name(organisation, fact.ersatt_av, fact.till + DAY)
                text = _("{unit} gick upp i {into}").format(unit=_name(organisation, code, fact.till), into=into)
                yield Change(fact.till + DAY, text, position)
            elif isinstance(fact, UnitClosed):
                text = _("{unit} upphörde").format(unit=_name(organisation, code, fact.till))
                yield Change(fact.till + DAY, text, position)
    many = Counter(one.day for one in begun)
    yield from (one for one in begun if many[one.day] <= NAMED)
    for day, count in many.items():
        if count > NAMED:
            yield Change(day, _("{count} enheter inrättades").format(count=count), None)


def _days(organisation: Organisation, code: str) -> list[date]:
    return [version.fran for version in organisation.units[code].versions] if code in organisation.units else []


def _differences(organisation: Organisation, code: str, fact: UnitChanged) -> Iterator[str]:
    """What a new version changed, a line for each thing."""
    before = organisation.units[code].on(fact.fran - DAY).content
    after = Unit(fact.namn, fact.niva, fact.overordnad, fact.teckenregel)
    if before.namn != after.namn:
        yield _("{unit} heter {name}").format(unit=f"{before.namn} ({code})", name=after.namn)
    if before.overordnad != after.overordnad:
        over = [
            _name(organisation, one, fact.fran) if one else _("ingen") for one in (before.overordnad, after.overordnad)
        ]
        yield _("{unit} flyttades från {before} till {after}").format(
            unit=f"{after.namn} ({code})", before=over[0], after=over[1]
        )
    if before.niva != after.niva:
        level = _(NIVAER.get(after.niva, after.niva))
        yield _("{unit} blev {level}").format(unit=f"{after.namn} ({code})", level=level)
    if before == after:
        yield _("{unit} började igen").format(unit=f"{after.namn} ({code})")


def _name(organisation: Organisation, code: str, day: date) -> str:
    if code not in organisation.units:
        return code
    return f"{organisation.units[code].on(day).content.namn} ({code})"


def router(house: House, drawing: Drawing) -> APIRouter:
    """/organisation."""
    page = OrganisationPage(house, drawing)
    pages = APIRouter(include_in_schema=False)

    @pages.get("/organisation")
    def show(request: Request) -> Response:
        return page.show(request)

    return pages
