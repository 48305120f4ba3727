"""Beslutanderätt: who may decide which kind of decision, between which levels, up to which amount.

The law and the budget order give kommunfullmäktige, nämnder and units what is theirs (contract §4, the last column);
mandates give the rest. Both are judged as of the decision's own day, by what the ledger knows when it is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.domain.beslut_refusals import BARE_NOUNS
from ledger.domain.events import Beslut
from ledger.domain.events_behorighet import MandatGranted
from ledger.domain.kodstrang import INVESTERING, NIVAER
from ledger.domain.language import N_, _
from ledger.domain.mandat import STYRELSE, State, names_of, plain, political_tree
from ledger.domain.money import kronor
from ledger.domain.organisation import Organisation
from ledger.domain.refusal import Kind, Refusal, listed
from ledger.domain.rorelse import Rorelse

if TYPE_CHECKING:
    from ledger.domain.books import Books

FULLMAKTIGE: Final = "kommunfullmäktige"

#: What kommunfullmäktige decides, what a nämnd decides in its own tree, and what a unit decides in its own.
OF_FULLMAKTIGE: Final = frozenset(
    {"budget", "ramjustering", "investeringsram", "totalutgift", "ombudgetering", "omfordelning"}
)
OF_NAMND: Final = frozenset({"internbudget", "omfordelning", "detaljbudget", "periodisering"})
OF_UNIT: Final = frozenset({"detaljbudget", "periodisering"})
#: What kommunstyrelsen decides besides: carry-overs, and frames and totals of investments that it keeps.
OF_STYRELSE: Final = frozenset({"ombudgetering", "totalutgift", "ramjustering"})


class Matter(NamedTuple):
    """What is to be decided: a kind of decision, its movements, and the day on which it is judged."""

    typ: str
    rorelser: tuple[Rorelse, ...]
    day: date

    @property
    def belopp_ore(self) -> int:
        """What the decision moves in all: the limit of a mandate is for the whole, not for a row of it."""
        return sum(abs(r.belopp_ore) for r in self.rorelser)

    @property
    def units(self) -> frozenset[str]:
        """Every unit that gives or gets."""
        return frozenset(unit for r in self.rorelser for unit in (r.fran_ansvar, r.till_ansvar) if unit)


def matter_of(books: Books, fact: Beslut, *, without: Beslut | None = None) -> Matter:
    """A decision with its parts that are recorded already: a limit is for the whole, however it comes.

    `without` is a part that is taken back.
    """
    parts = books.budget.decisions.get(fact.stream, {}).values()
    rows = tuple(r for part in parts if part not in (fact, without) for r in part.rorelser) + fact.rorelser
    return Matter(fact.typ, rows, fact.beslutsdatum)


class Right(NamedTuple):
    """By what something is decided: a mandate at a position, or (None) what is the organ's own."""

    name: str
    mandat: int | None = None
    anmals: bool = False

    def __str__(self) -> str:
        """As it stands in the envelope of every fact: `@12 stabsdirektör`, `lag/kommunfullmäktige`."""
        return f"lag/{self.name}" if self.mandat is None else f"@{self.mandat} {self.name}"


def right_of(books: Books, organ: str, matter: Matter) -> Right | None:
    """By what right an organ decides a matter; None where it may not."""
    if may_by_law(books, organ, matter):
        return Right(organ)
    for position, mandat in covering(books, matter):
        if plain(organ) in names_of(mandat):
            return Right(mandat.holder, position, mandat.anmals)
    return None


def may_by_law(books: Books, organ: str, matter: Matter) -> bool:
    """Whether a matter is the organ's own to decide, without anybody's mandate."""
    organisation, typ = books.organisation, matter.typ
    top = political_tree(books, organ, matter.day)
    if top == "":
        return typ in OF_FULLMAKTIGE
    if top is not None:
        if typ in OF_STYRELSE and _is_styrelse(books, top, matter.day):
            # Projects are kept by kommunstyrelsen wherever they are carried out, drift frames are not.
            return all(r.slag in INVESTERING for r in matter.rorelser)
        return typ in OF_NAMND and _within(organisation, matter.units, top, matter.day)
    unit = next((code for code in organisation.units if plain(code) == plain(organ)), None)
    return unit is not None and typ in OF_UNIT and _within(organisation, matter.units, unit, matter.day)


def _is_styrelse(books: Books, namnd: str, day: date) -> bool:
    return plain(books.organisation.units[namnd].on(day).content.namn) in STYRELSE


def covers(organisation: Organisation, mandat: MandatGranted, matter: Matter, *, any_amount: bool = False) -> bool:
    """Whether a mandate, in force or not, is for a matter: its kind, its units, its levels, its amount."""
    if mandat.far != matter.typ or not _within(organisation, matter.units, mandat.ansvar, matter.day):
        return False
    if mandat.niva is not None:
        highest = NIVAER.index(mandat.niva)
        if any(_level(organisation, r, matter.day) < highest for r in matter.rorelser):
            return False
    return any_amount or mandat.beloppsgrans_ore is None or matter.belopp_ore <= mandat.beloppsgrans_ore


def covering(books: Books, matter: Matter) -> Iterator[tuple[int, MandatGranted]]:
    """The mandates of its day that are for a matter, with their positions, in the order they were given."""
    for position, mandat in books.of(State).in_force(matter.day):
        if covers(books.organisation, mandat, matter):
            yield position, mandat


def nearest_first(books: Books, matter: Matter) -> list[tuple[int, MandatGranted]]:
    """As `covering`, those of the unit furthest down first, and of one unit the smallest limit."""

    def distance(one: tuple[int, MandatGranted]) -> tuple[int, int]:
        limit = one[1].beloppsgrans_ore
        return -len(books.organisation.path(one[1].ansvar, matter.day)), (1 << 62 if limit is None else limit)

    return sorted(covering(books, matter), key=distance)


def _within(organisation: Organisation, units: Iterable[str], top: str, day: date) -> bool:
    return all(organisation.stands_under(unit, top, day) for unit in units)


def _level(organisation: Organisation, r: Rorelse, day: date) -> int:
    """The highest level that a movement crosses, as a place in NIVAER: between staber of one förvaltning, `stab`.

    Money that stays in one unit crosses nothing. Money that comes from or goes to nobody is on its unit's own level.
    """
    below = len(NIVAER)
    paths = [organisation.path(unit, day) for unit in (r.fran_ansvar, r.till_ansvar) if unit]
    if len(paths) == 1:
        crossed = paths[0][:1]
    elif r.fran_ansvar == r.till_ansvar:
        return below
    else:
        shared = set(paths[0]) & set(paths[1])
        # What stands nearest below the unit that both lie under; that unit itself may be one of the two.
        crossed = [[unit for unit in path if unit not in shared][-1] for path in paths if path[0] not in shared]
    levels = [
        NIVAER.index(organisation.units[unit].on(day).content.niva) for unit in crossed if unit in organisation.units
    ]
    return min(levels, default=below)


# ---------------------------------------------------------------- who may instead


def who_may(books: Books, matter: Matter) -> list[str]:
    """Those who may decide a matter, the nearest first: holders of mandates from below, then the nämnd, then KF."""
    organisation = books.organisation
    holders = [_holder(mandat) for _, mandat in nearest_first(books, matter)]
    bodies = [
        organisation.units[namnd].on(matter.day).content.namn.lower() if namnd in organisation.units else namnd
        for namnd in sorted({organisation.namnd(unit, matter.day) for unit in matter.units})
    ]
    styrelse = [
        history.on(matter.day).content.namn.lower()
        for code, history in organisation.units.items()
        if _is_styrelse(books, code, matter.day)
    ]
    organs = [*bodies, *styrelse, FULLMAKTIGE]
    return list(dict.fromkeys([*holders, *(o for o in organs if may_by_law(books, o, matter))]))


def _holder(mandat: MandatGranted) -> str:
    name = mandat.holder
    return name if mandat.ansvar in name else f"{name} ({mandat.ansvar})"


def decide_refusals(books: Books, organ: str, matter: Matter) -> Iterator[Refusal]:
    """Why an organ may not decide a matter, and who may."""
    if right_of(books, organ, matter) is not None:
        return
    who = tuple(who_may(books, matter))
    limits = [
        mandat.beloppsgrans_ore
        for _, mandat in books.of(State).in_force(matter.day)
        if plain(organ) in names_of(mandat) and covers(books.organisation, mandat, matter, any_amount=True)
    ]
    if limits:
        highest = max(limit for limit in limits if limit is not None)
        yield AmountIsAboveMandat(organ, matter.belopp_ore, highest, who[:1], kolumn="beslutsorgan", varde=organ)
    else:
        yield OrganMayNotDecide(organ, matter.typ, str(matter.day), who, kolumn="beslutsorgan", varde=organ)


@dataclass(slots=True)
class OrganMayNotDecide(Refusal):
    """Money moves only by right."""

    kind = Kind.FORBIDDEN
    organ: str
    typ: str
    day: str
    who: tuple[str, ...]

    def sentence(self) -> str:
        """Says who may."""
        if self.who:
            text = N_("{self.organ} får inte besluta om denna {what} den {self.day}: det får {who}.")
        else:
            text = N_(
                "{self.organ} får inte besluta om denna {what} den {self.day}: det får ingen enligt de mandat som "
                "gäller."
            )
        return self.say(text, what=_(BARE_NOUNS[self.typ]), who=listed(self.who))


@dataclass(slots=True)
class AmountIsAboveMandat(Refusal):
    """A mandate has a limit; what is above it goes to the next level."""

    kind = Kind.FORBIDDEN
    organ: str
    belopp_ore: int
    limit_ore: int
    who: tuple[str, ...]

    def sentence(self) -> str:
        """Gives both amounts and the next level."""
        if self.who:
            text = N_(
                "Beslutet gäller {belopp} kr, men mandatet för {self.organ} räcker till {limit} kr: ärendet går vidare "
                "till {self.who[0]}."
            )
        else:
            text = N_(
                "Beslutet gäller {belopp} kr, men mandatet för {self.organ} räcker till {limit} kr: ingen har ett "
                "mandat som räcker."
            )
        return self.say(text, belopp=kronor(self.belopp_ore), limit=kronor(self.limit_ore))
