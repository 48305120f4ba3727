"""Kostnadsreducerande åtgärder: what a unit means to do to lower its net cost, year by year, and what came of it.

Folds: AtgardChanged.     Touches: nothing; the stream of an åtgärd and year is guard enough.
Not here: savings decided as budget (ramjustering, omfördelning), which are movements (budget.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.events_uppfoljning import AtgardChanged
from ledger.domain.fact import ERASED, Fact
from ledger.domain.koder import AmountIsTooLarge, code_refusals, year_refusals, year_span
from ledger.domain.kodstrang import ATGARDSSTATUS
from ledger.domain.language import N_, _
from ledger.domain.money import LARGEST_ORE
from ledger.domain.refusal import Kind, Refusal, Refused, listed
from ledger.domain.text import length_refusals, name_refusals, text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books


@dataclass(frozen=True, slots=True)
class ChangeAtgard:
    """One row of an atgard file: the åtgärd in one year, as it is from `statusdatum` on.

    `belopp_ore` is how much lower the year's net cost is planned to be, `effekt_ore` how much lower it was found to be.
    """

    atgard: str
    namn: str
    ansvar: str
    ar: int
    status: str
    statusdatum: date
    belopp_ore: int
    effekt_ore: int | None = None
    kategori: str | None = None
    text: str | None = None


COMMANDS = (ChangeAtgard,)
DOES: Final[Mapping[type[Any], str]] = {ChangeAtgard: N_("ändra kostnadsreducerande åtgärder")}
#: What can be put right with --rattar, and the command that leads to it.
CORRECTABLE: Final[Mapping[type[Fact], type[Any]]] = {AtgardChanged: ChangeAtgard}


@dataclass(slots=True)
class State:
    """What each row said, by åtgärd, year and statusdatum."""

    rows: dict[tuple[str, int, date], dict[int, AtgardChanged]] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of an åtgärd or of how far it has come."""
        if isinstance(fact, AtgardChanged):
            self.rows.setdefault(_key(fact), {})[position] = fact

    def forget(self, position: int, fact: Fact) -> None:
        """Take back a wrong registration."""
        if isinstance(fact, AtgardChanged):
            self.rows.get(_key(fact), {}).pop(position, None)


def reads(_command: ChangeAtgard) -> set[str]:
    """The organisation: the unit is one of it."""
    return {"organisation"}


def decide(books: Books, command: ChangeAtgard) -> list[Fact]:
    """What a row adds: nothing where it is known.

    Checks in order: the row by itself, its unit, what is recorded of the same åtgärd, year and day.
    """
    refusals = list(_refusals(books, command))
    if refusals:
        raise Refused(refusals)
    fact = AtgardChanged(
        command.atgard, command.namn, command.ansvar, command.ar, command.status, command.statusdatum,
        command.belopp_ore, command.effekt_ore, command.kategori, command.text,
    )  # fmt: skip
    for position, known in books.of(State).rows.get(_key(fact), {}).items():
        if not _same(known, fact):
            column = next(f.name for f in fields(fact) if getattr(known, f.name) != getattr(fact, f.name))
            raise Refused([AtgardIsOtherwise(fact.atgard, fact.ar, fact.statusdatum, position, _COLUMNS[column])])
        return []
    return [fact]


def _key(fact: AtgardChanged) -> tuple[str, int, date]:
    return fact.atgard, fact.ar, fact.statusdatum


def _same(known: AtgardChanged, given: AtgardChanged) -> bool:
    """Whether a row is the one recorded, apart from a text that was erased since."""
    return replace(given, text=ERASED) == known if known.text == ERASED else given == known


def _refusals(books: Books, command: ChangeAtgard) -> Iterator[Refusal]:
    if command.status not in ATGARDSSTATUS:
        yield AtgardsstatusIsUnknown(kolumn="status", varde=command.status)
    years = list(year_refusals(command.ar, "ar"))
    yield from years
    for column in ("atgard", "namn", "ansvar"):
        yield from name_refusals(getattr(command, column), column)
    for column in ("atgard", "kategori"):
        yield from length_refusals(getattr(command, column), column)
    for column in ("kategori", "text"):
        yield from text_refusals(getattr(command, column), column)
    for column, amount in (("belopp", command.belopp_ore), ("effekt", command.effekt_ore or 0)):
        if abs(amount) > LARGEST_ORE:
            yield AmountIsTooLarge(amount, kolumn=column, varde=str(amount))
    if not years:
        span = year_span(command.ar)
        yield from code_refusals(books.organisation.units, "ansvar", command.ansvar, *span, rad=None, kolumn="ansvar")


#: The column of a file that each field of the fact comes from.
_COLUMNS: Final = {f.name: f.name.removesuffix("_ore") for f in fields(AtgardChanged)}


@dataclass(slots=True)
class AtgardsstatusIsUnknown(Refusal):
    """An åtgärd is planned, done or struck."""

    def sentence(self) -> str:
        """Lists the three."""
        return self.say(
            "Åtgärdens status {varde} finns inte: skriv {atgardsstatus}.",
            varde=self.varde or _("(tomt)"),
            atgardsstatus=listed(ATGARDSSTATUS),
        )


@dataclass(slots=True)
class AtgardIsOtherwise(Refusal):
    """Two contents of one åtgärd, year and day contradict each other."""

    kind = Kind.CONFLICT
    atgard: str
    ar: int
    statusdatum: date
    position: int
    column: str

    def sentence(self) -> str:
        """Names the fact and the column that differs."""
        return self.say(
            "Åtgärden {self.atgard} {self.ar} har redan ett annat innehåll med statusdatum {self.statusdatum} "
            "(@{self.position}): {self.column} skiljer sig. Ange ett nytt statusdatum för en ändring, eller rätta "
            "registreringen med --rattar @{self.position}.",
        )
