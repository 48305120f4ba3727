"""A form of registration as a case or as a decision from minutes, once there are mandates.

The form becomes a small file here too, so that cells are read by the rules that read files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.domain import arende, mandat
from ledger.domain.arende import ENDED, Arende, DraftArende, ProposeArende
from ledger.domain.events_behorighet import ArendeDrafted
from ledger.domain.fact import Fact
from ledger.domain.handlaggning import Way, way_of, would_decide
from ledger.domain.language import _, phrase
from ledger.domain.money import kronor
from ledger.domain.refusal import Refused
from ledger.domain.rorelse import Rorelse
from ledger.interchange import budget_file
from ledger.interchange.csv_file import Fil, opened
from ledger.interchange.draft import Draft
from ledger.interchange.faults import Fault
from ledger.web import case_view
from ledger.web.form_rows import ROWS, Filled
from ledger.web.registering import DECIDED, STATUS, Field, Kind

if TYPE_CHECKING:
    from ledger.domain.books import Books
    from ledger.domain.refusal import Refusal
    from ledger.web.house import House

#: What is asked of a case, before the fields that its rows share.
OF_CASE: Final = (
    Field("arende", phrase("Ärende"), phrase("beteckningen, till exempel diarienumret")),
    Field("diarienummer", phrase("Diarienummer"), phrase("tomt: ärendets beteckning")),
    Field("motivering", phrase("Motivering"), phrase("inga personuppgifter")),
)

_OF_DECISION: Final = frozenset(one.name for one in (*DECIDED, STATUS))


class Tried(NamedTuple):
    """What a proposal would add if it were decided today, its way to that, and what is to be read before it."""

    facts: tuple[Fact, ...]
    way: Way
    rounds: tuple[str, ...]


def are_bound(house: House) -> bool:
    """Whether there are mandates, so that money moves by cases and by what two people register."""
    return house.ledger.look(lambda books, _today: books.of(mandat.State).is_closed)


def as_case(kind: Kind, today: date) -> Kind:
    """A kind of registration whose form makes a case: who decides it, and when, is not known yet."""
    others = tuple(one for one in kind.fields if one.name not in _OF_DECISION)
    fixed = (*kind.fixed, ("beslutsorgan", "-"), ("beslutsdatum", today.isoformat()))
    return replace(kind, fields=(*OF_CASE, *others), fixed=fixed)


def draft_of(filled: Filled) -> Draft | None:
    """The one decision that a form says; None where it cannot be read, and then the form has learnt why."""
    fil = Fil(f"formulär {filled.kind.typ}.csv", data=filled.file())
    faults: list[Fault] = []

    def report(line: int | None, refusal: Refusal) -> None:
        faults.append(Fault(fil.namn, line, refusal.kolumn, refusal.varde, refusal))

    table = opened(fil, report)
    drafts = list(budget_file.drafts(0, table, report)) if table else []
    filled.learn(tuple(faults))
    return None if faults else drafts[0]


def learn(filled: Filled, draft: Draft, refused: Refused) -> None:
    """Put what the ledger says of a decision where it belongs in the form."""
    faults = [
        Fault("", None if one.rad is None else draft.line(one.rad), one.kolumn, one.varde, one)
        for one in refused.refusals
    ]
    filled.learn(tuple(faults))
    filled.refused = refused


def tried(house: House, filled: Filled, draft: Draft) -> Tried | None:
    """What the proposal would lead to; None where it could not be decided, and then the form has learnt why."""
    rorelser = draft.command.rorelser
    case = Arende(ArendeDrafted(name_of(filled), 1, filled.kind.typ, rorelser, "", _filled(filled, "diarienummer")))

    def ask(books: Books, today: date) -> Tried:
        facts = tuple(would_decide(books, case, today))
        return Tried(facts, way_of(books, case.matter(today)), case_view.rounds(books, case, today))

    try:
        return house.ledger.look(ask)
    except Refused as refused:
        learn(filled, draft, refused)
        return None


def write(house: House, filled: Filled, draft: Draft, seen_version: int, *, proposes: bool) -> str:
    """Write the case, and propose it: how far that came; blank where it was refused, and the form has learnt why."""
    name = name_of(filled)
    version = house.ledger.look(lambda books, _today: version_of(books, name))
    if not name:
        filled.note(0, "arende", _("Ärendet saknar beteckning: skriv till exempel diarienumret."))
    elif version != seen_version:
        sentence = _(
            "Ärendet {name} finns redan, i version {version}: öppna det och ändra där, eller välj en annan beteckning."
        )
        filled.note(0, "arende", sentence.format(name=name, version=version))
    if filled.faults:
        return ""
    number, motivering = _filled(filled, "diarienummer"), _filled(filled, "motivering")
    command = DraftArende(name, filled.kind.typ, draft.command.rorelser, number, motivering)
    try:
        house.give(command)
    except Refused as refused:
        learn(filled, draft, refused)
        return ""
    if not proposes:
        return "utkast"
    proposal = house.ledger.look(lambda books, today: _proposal(books, name, today))
    try:
        house.give(proposal)
    except Refused:
        # The draft is kept, and its page says what can be done with it.
        return "utkast"
    return "foresla"


def _proposal(books: Books, name: str, today: date) -> ProposeArende:
    drafted = books.of(arende.State).cases[name].drafted
    return ProposeArende(name, drafted.version, drafted.digest, today)


def way_words(way: Way) -> dict[str, Any]:
    """The way of a proposal to its decision, for the column beside the form."""
    return {
        "belopp": kronor(way.belopp_ore),
        "grans": "" if way.grans_ore is None else kronor(way.grans_ore),
        "granskare": [_("{person} för {ansvar}").format(person=one.person, ansvar=one.ansvar) for one in way.granskare],
        "organ": way.organ,
        "mandat": way.mandat,
    }


def version_of(books: Books, name: str) -> int:
    """The newest version of a case; 0 where there is none."""
    case = books.of(arende.State).cases.get(name)
    return case.drafted.version if case else 0


def free_name(house: House) -> str:
    """A name that no case has: the year and a number."""

    def ask(books: Books, today: date) -> str:
        known, number = books.of(arende.State).cases, 1
        while f"{today.year}-{number}" in known:
            number += 1
        return f"{today.year}-{number}"

    return house.ledger.look(ask)


def name_of(filled: Filled) -> str:
    """The name of the case that a form is of."""
    return " ".join(filled.fields.get("arende", "").split())


def _filled(filled: Filled, name: str) -> str | None:
    return filled.fields.get(name) or None


# ---------------------------------------------------------------- a case in the form again


def in_form(house: House, kind: Kind, name: str) -> tuple[Filled, int] | None:
    """A case that is not decided in its form, with its version; None where the form cannot say all that it says."""
    case = house.ledger.look(lambda books, _today: books.of(arende.State).cases.get(name))
    if case is None or case.lage in ENDED or case.drafted.typ != kind.typ:
        return None
    drafted = case.drafted
    first = {"arende": name, "diarienummer": drafted.diarienummer or "", "motivering": drafted.motivering or ""}
    rows, years = _without_years(drafted.rorelser) if kind.over_years else (drafted.rorelser, ())
    shared = {one.name for one in kind.fields} - first.keys()
    fields = {**first, **{one: _text(one, drafted.rorelser[0]) for one in shared - {"sista_ar"}}}
    if kind.over_years:
        fields["sista_ar"] = str(years[-1]) if len(years) > 1 else ""
    grid = [{column.name: _text(column.name, r) for column in kind.columns} for r in rows]
    filled = Filled(kind, fields, [*grid, *({} for _ in range(ROWS - len(grid)))])
    draft = draft_of(filled)
    return (filled, drafted.version) if draft and draft.command.rorelser == drafted.rorelser else None


def _without_years(rorelser: Sequence[Rorelse]) -> tuple[tuple[Rorelse, ...], tuple[int, ...]]:
    """Movements that are repeated year by year, once each, and the years."""
    years = tuple(sorted({r.ar for r in rorelser}))
    return tuple(rorelser[:: len(years)]), years


def _text(column: str, r: Rorelse) -> str:
    if column == "belopp":
        return kronor(r.belopp_ore)
    value = getattr(r, column, None)
    return "" if value is None else str(value)
