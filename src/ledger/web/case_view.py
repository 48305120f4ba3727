"""A case as pages tell of it: its movements, its way to a decision, what it would change, and what has happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup

from ledger.domain import arende, mandat
from ledger.domain.arende import ENDED, Arende, command_of
from ledger.domain.events_behorighet import ArendeDrafted, JavDeclared
from ledger.domain.fact import Fact
from ledger.domain.handlaggning import Way, decides_as, way_of, would_decide
from ledger.domain.language import _, phrase
from ledger.domain.refusal import Refused, sentences
from ledger.domain.roll import Caller
from ledger.domain.rorelse import Rorelse
from ledger.interchange.rounds import opened
from ledger.reporting.told import kind_of
from ledger.web import words
from ledger.web.registering import OF_TYP

if TYPE_CHECKING:
    from ledger.domain.books import Books
    from ledger.web.house import House

#: How far a case has come that waits for no attest, in words, and how its label is drawn.
LAGEN: Final = {
    "utkast": (phrase("Utkast"), ""),
    "aterlamnat": (phrase("Återlämnat"), "varning"),
    "aterkallat": (phrase("Återkallat"), ""),
    "beslutat": (phrase("Beslutat"), "klar"),
}

#: Columns of a movement that are shown where any row fills them in.
COLUMNS: Final = (
    ("fran_ansvar", phrase("Från")),
    ("till_ansvar", phrase("Till")),
    ("ar", phrase("År")),
    ("till_ar", phrase("Till år")),
    ("period", phrase("Månad")),
    ("verksamhet", phrase("Verksamhet")),
    ("till_verksamhet", phrase("Till verksamhet")),
    ("slag", phrase("Slag")),
    ("konto", phrase("Konto")),
    ("projekt", phrase("Projekt")),
    ("finansiering", phrase("Finansiering")),
    ("text", phrase("Text")),
)

#: A motivering that is no longer is the heading of its case.
LONGEST_TITLE: Final = 90

#: Units that a line names; the others are counted.
NAMED: Final = 2

#: Movements that a page draws.
MOST_ROWS: Final = 200


class Seen(NamedTuple):
    """A case as it stood when it was looked at.

    `facts` are what it would add today; `hinder` are the sentences why it could not be decided as it is, and `rounds`
    those of what it would replace.
    """

    arende: str
    case: Arende
    way: Way
    today: date
    names: Mapping[str, str]
    hands: frozenset[str]
    javiga: frozenset[str]
    decides_as: tuple[str, ...]
    facts: tuple[Fact, ...]
    hinder: tuple[str, ...]
    rounds: tuple[str, ...]
    is_open: bool

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens in it."""
        return self.case.lage in ENDED

    @property
    def typ(self) -> str:
        """What it would decide, in a word."""
        return OF_TYP[self.case.drafted.typ].rubrik


def look(house: House, name: str) -> Seen | None:
    """A case by its name, as the caller of the request under way sees it."""
    caller = house.caller

    def ask(books: Books, today: date) -> Seen | None:
        case = books.of(arende.State).cases.get(name)
        return None if case is None else _seen(books, caller, name, case, today)

    return house.ledger.look(ask)


def _seen(books: Books, caller: Caller, name: str, case: Arende, today: date) -> Seen:
    matter = case.matter(today)
    facts: list[Fact] = []
    hinder: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    if case.lage not in ENDED:
        try:
            facts = would_decide(books, case, today)
            replaced = rounds(books, case, today)
        except Refused as refused:
            hinder = tuple(sentences(refused.refusals))
    return Seen(
        name, replace(case), way_of(books, matter), today, unit_names(books, matter.units, today),
        frozenset(books.hands.proposed.get(name, ())),
        frozenset(books.hands.javiga.get(name, ())), tuple(decides_as(books, caller, matter)), tuple(facts), hinder,
        replaced, not books.of(mandat.State).is_closed,
    )  # fmt: skip


def rounds(books: Books, case: Arende, today: date) -> tuple[str, ...]:
    """The budget rounds that a case would open if it were decided today, in sentences."""
    return tuple(one.sentence() for one in opened(books, command_of(case, "-", today)))


def lage_of(seen: Seen) -> tuple[str, str]:
    """How far a case has come, in words, and how its label is drawn."""
    if seen.case.lage == "foreslaget":
        is_reviewed = seen.case.reviewed or not seen.way.granskare
        return phrase("Väntar på beslut") if is_reviewed else phrase("Väntar på granskning"), ""
    return LAGEN[seen.case.lage]


def unit_names(books: Books, units: Iterable[str], day: date) -> dict[str, str]:
    """The names of units on a day, by code."""
    known = books.organisation.units
    return {unit: known[unit].on(day).content.namn for unit in units if unit in known}


def table(rorelser: tuple[Rorelse, ...], names: Mapping[str, str]) -> dict[str, Any]:
    """Movements as a table: the columns that any row fills in, the amount last but for the text."""
    shown = [(name, text) for name, text in COLUMNS if any(getattr(r, name) is not None for r in rorelser)]
    if all(r.slag == "netto" for r in rorelser):
        shown = [column for column in shown if column[0] != "slag"]
    rows = [
        {name: _cell(name, getattr(r, name), names) for name, _ in shown} | {"belopp": words.exact(r.belopp_ore)}
        for r in rorelser[:MOST_ROWS]
    ]
    return {
        "columns": shown,
        "rows": rows,
        "total": words.exact(sum(r.belopp_ore for r in rorelser)),
        "more": max(len(rorelser) - MOST_ROWS, 0),
    }


def _cell(name: str, value: object, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if name in ("fran_ansvar", "till_ansvar"):
        return called(str(value), names)
    return str(value)


def called(unit: str, names: Mapping[str, str]) -> str:
    """A unit by name and code, the code unbroken on its line."""
    if names.get(unit, unit) == unit:
        return unit
    return Markup('{} <span class="kod andra">{}</span>').format(names[unit], unit)


def title_of(drafted: ArendeDrafted) -> str:
    """What a case is called: its motivering, if that is short, else what it would decide."""
    said = (drafted.motivering or "").strip()
    if said and len(said) <= LONGEST_TITLE and "\n" not in said:
        return said
    return what_of(drafted)


def what_of(drafted: ArendeDrafted) -> str:
    """What a case would decide, and for which years: `Omfördelning 2024`."""
    return phrase("{what} {years}", what=OF_TYP[drafted.typ].rubrik, years=years(drafted.rorelser))


def from_to(rorelser: tuple[Rorelse, ...], names: Mapping[str, str]) -> str:
    """Where money comes from and goes, in a line: `HR staben → Ekonomistaben`."""

    def side(name: str) -> str:
        units = list(dict.fromkeys(names.get(unit, unit) for r in rorelser if (unit := getattr(r, name))))
        named = ", ".join(units[:NAMED])
        more = len(units) - NAMED
        return _("{units} och {count} till").format(units=named, count=more) if more > 0 else named

    given, got = side("fran_ansvar"), side("till_ansvar")
    return f"{given} → {got}" if given and got and given != got else given or got


def years(rorelser: tuple[Rorelse, ...]) -> str:
    """The years of movements: `2024` or `2024–2028`."""
    found = sorted({r.ar for r in rorelser})
    return str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}"


def history(house: House, name: str) -> list[dict[str, Any]]:
    """What has happened in a case, in order."""
    return [
        {
            "position": one.position,
            "when": words.instant(one.recorded_at).removesuffix(" UTC"),
            "kind": kind_of(one.name),
            "actor": one.actor,
            "reason": getattr(one.fact, "motivering", None) or "",
        }
        for one in house.ledger.log.stream(JavDeclared(name).stream)
    ]
