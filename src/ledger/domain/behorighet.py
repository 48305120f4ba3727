"""Behörighet: whether a caller may do what a command does, judged once for every entry – the choke point's own rule.

In order: the role, fyra ögon, the units that the caller is limited to, and then – once there are mandates – by what
right money moves. Until the first mandate the ledger is in öppet läge (contract §1), where roles and fyra ögon hold.
Guards: decisions recorded from minutes, mandates, and months opened again are recorded by two people. The tree of
units, which mandates are over, is changed by admin alone, and by nobody so that his own right grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.domain import arende, fyra_ogon, mandat, registrering
from ledger.domain.again import command_for
from ledger.domain.arende import DecideArende, DeclareJav, ProposeArende, ReviewArende
from ledger.domain.behorighet_refusals import (
    BeslutHasNoReference,
    CallerDoesNotHold,
    CallerMayNotRegister,
    CallerMayNotReview,
    DecisionLiesInTheFuture,
    MandatHasEndedSince,
    MandatIsGivenByAdmin,
    MandatIsOnesOwn,
    OrganisationIsAdmins,
    ReviewIsMissing,
    StepLiesInTheFuture,
    TreeIsOnesOwn,
    UnitIsNotCallers,
    WholeIsNotCallers,
)
from ledger.domain.berorda import WHOLE, units_of
from ledger.domain.beslutanderatt import Matter, Right, covering, decide_refusals, matter_of, may_by_law
from ledger.domain.events import Beslut, PeriodOpened, RegistreringCorrected, UnitClosed, UnitEstablished
from ledger.domain.events_behorighet import (
    ArendeDecided,
    AttestantNamed,
    ForvaltningOpened,
    JavDeclared,
    MandatEnded,
    MandatGranted,
    RegistreringMade,
    YearClosed,
)
from ledger.domain.fact import Fact
from ledger.domain.mandat import REGISTRERA, names_of, plain
from ledger.domain.rattelse import taken_by
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.roll import Caller, mandat_for
from ledger.domain.rorelse import Rorelse

if TYPE_CHECKING:
    from ledger.domain.books import Books
    from ledger.domain.organisation import Organisation

#: Facts that two people record: they move money, give a right, close a year or open what was closed.
TWO_PEOPLE: Final = (
    Beslut, MandatGranted, MandatEnded, AttestantNamed, PeriodOpened, ForvaltningOpened, YearClosed,
)  # fmt: skip

#: The role that gives mandates once there are any.
ADMIN: Final = "admin"


class Allowed(NamedTuple):
    """What a caller may do: the facts to record, and by which right, as the envelope says it."""

    facts: list[Fact]
    mandat: str


class Asked(NamedTuple):
    """Who asks, and on which day (looked at only once there are mandates)."""

    caller: Caller
    this_day: Callable[[], date]
    #: Facts of a file are recorded by two people as a file, not one by one.
    in_file: bool = False


def allowed(books: Books, asked: Asked, command: Any, facts: Sequence[Fact], *, is_closed: bool) -> Allowed:
    """What of a judged command the caller may record, and by which right.

    `is_closed`: whether there were mandates when the command, or its file, began. Errors: Refused, kind FORBIDDEN.
    """
    caller = asked.caller
    role = mandat_for(caller, type(command))
    if isinstance(command, registrering.ConfirmRegistrering):
        mandat_for(caller, type(command_for(facts[0])))
    if isinstance(corrected := facts[0] if facts else None, RegistreringCorrected):
        mandat_for(caller, taken_by(corrected.fel))
    if found := list(fyra_ogon.refusals(books.hands, command, caller.hands)):
        raise Refused(found)
    if found := list(_unit_refusals(books, caller, facts)):
        raise Refused(found)
    if isinstance(command, DeclareJav) and caller.hands & books.hands.newest.get(command.arende, set()):
        facts = [JavDeclared(command.arende, command.motivering, forslog=True)]
    if not is_closed:
        return Allowed(list(facts), role)
    # One day holds for all of a judgement, also at midnight.
    right = _right(books, asked._replace(this_day=cache(asked.this_day)), command, facts)
    if isinstance(command, registrering.ConfirmRegistrering):
        return Allowed(list(facts), right or f"roll/{caller.roll}")
    if not asked.in_file and need_two(facts, caller.roll):
        facts = _registered(books, caller, facts)
    return Allowed(list(facts), right or f"roll/{caller.roll}")


def need_two(facts: Sequence[Fact], roll: str) -> bool:
    """Whether facts are recorded by two people; the decision of a case has been through their hands already."""
    if any(isinstance(fact, ArendeDecided) for fact in facts):
        return False
    return any(_needs_two(fact) or (_is_of_organisation(fact) and roll != ADMIN) for fact in facts)


def _needs_two(fact: Fact) -> bool:
    """Whether a fact is one of TWO_PEOPLE, or corrects a decision."""
    if isinstance(fact, RegistreringCorrected):
        return isinstance(fact.fel, Beslut)
    return isinstance(fact, TWO_PEOPLE)


def _is_of_organisation(fact: Fact) -> bool:
    """Whether a fact changes the tree that mandates are over, or corrects what does."""
    return isinstance(fact.fel if isinstance(fact, RegistreringCorrected) else fact, UnitEstablished | UnitClosed)


def _registered(books: Books, caller: Caller, facts: Sequence[Fact]) -> list[Fact]:
    """The same facts as registrations that wait."""
    registered: list[Fact] = []
    for fact in facts:
        at = books.of(registrering.State).position_of(fact)
        if at is None:
            registered.append(RegistreringMade(fact))
        elif books.hands.registered.get(at) not in caller.hands:
            raise refuse(registrering.RegistreringWaits(at))
    return registered


# ---------------------------------------------------------------- by what right


def _right(books: Books, asked: Asked, command: Any, facts: Sequence[Fact]) -> str | None:
    """By what right a caller does this; None where the role is enough. Errors: Refused."""
    if isinstance(command, DecideArende):
        _check_day(asked, facts[0])
        return str(_right_to_decide(books, asked, command, next(f for f in facts if isinstance(f, Beslut))))
    if isinstance(command, ProposeArende | ReviewArende) and command.datum > (day := asked.this_day()):
        raise refuse(StepLiesInTheFuture(command.datum, day, kolumn="datum", varde=str(command.datum)))
    if isinstance(command, ReviewArende):
        _check_reviewer(books, asked.caller, command)
        return None
    rights = [_right_to_record(books, asked, fact) for fact in facts]
    return next((right for right in rights if right), None)


def _right_to_record(books: Books, asked: Asked, fact: Fact) -> str | None:
    _check_day(asked, fact.ratt if isinstance(fact, RegistreringCorrected) and fact.ratt else fact)
    match fact:
        case Beslut():
            return _right_to_register(books, asked, fact)
        case RegistreringCorrected() if isinstance(fact.fel, Beslut):
            # What is taken back moves money too, so both are the caller's to record.
            right = fact.ratt if isinstance(fact.ratt, Beslut) else None
            to_take_back = _holds_registering(books, asked, fact.fel.rorelser)
            return _right_to_register(books, asked, right, without=fact.fel) if right else to_take_back
        case MandatGranted() | MandatEnded() | AttestantNamed():
            if asked.caller.roll != ADMIN:
                raise refuse(MandatIsGivenByAdmin(asked.caller.roll))
            if getattr(fact, "person", None) in asked.caller.hands:
                raise refuse(MandatIsOnesOwn(kolumn="person"))
            if isinstance(fact, MandatGranted) and is_holder(books, asked.caller, fact, asked.this_day()):
                raise refuse(MandatIsOnesOwn(kolumn="funktion"))
        case RegistreringCorrected() | UnitEstablished() | UnitClosed() if _is_of_organisation(fact):
            return _right_to_organise(books, asked, fact)
    return None


def _right_to_organise(books: Books, asked: Asked, fact: Fact) -> str | None:
    """The tree is admin's, and nobody's own right grows by it; or, in a file, history that the caller may record."""
    both = (fact.fel, fact.ratt) if isinstance(fact, RegistreringCorrected) else (fact,)
    changed = [one for one in both if isinstance(one, UnitEstablished | UnitClosed)]
    if asked.caller.roll == ADMIN:
        _check_own_tree(books, asked, fact, {one.ansvar for one in changed})
        return None
    known = [unit for one in changed for unit in (one.ansvar, above_of(one)) if unit in books.organisation.units]
    if not asked.in_file or not known:
        raise refuse(OrganisationIsAdmins(asked.caller.roll))
    return _holds_registering(books, asked, tuple(Rorelse(0, "netto", 0, None, unit) for unit in known))


def above_of(fact: UnitEstablished | UnitClosed) -> str | None:
    """The unit that a fact puts another under."""
    return fact.overordnad if isinstance(fact, UnitEstablished) else getattr(fact, "ersatt_av", None)


def _check_own_tree(books: Books, asked: Asked, fact: Fact, units: set[str]) -> None:
    """Refuse what brings a unit into, or to another level within, a tree that the caller has a mandate over.

    So it is from now on, or from a day that is planned already: of the mandate, or of the unit.
    """
    state, before, today = books.of(mandat.State), books.organisation, asked.this_day()
    if isinstance(fact, RegistreringCorrected):
        after = before.would_be(books.position + 1, fact.ratt, fact.rattar, fact.fel)
    else:
        after = before.would_be(books.position + 1, fact)
    for position, given in state.granted.items():
        first, last = max(today, given.fran), state.last_day(position) or date.max
        if first > last or not is_holder(books, asked.caller, given, today):
            continue
        for unit in sorted(units & before.units.keys() & after.units.keys()):
            planned = {*before.days_of(unit), *after.days_of(unit)}
            days = {first, *(day for day in planned if first < day <= last)}
            if any(_comes_into(before, after, unit, given.ansvar, day) for day in days):
                raise refuse(TreeIsOnesOwn(unit, given.ansvar, kolumn="overordnad"))


def _comes_into(before: Organisation, after: Organisation, unit: str, tree: str, day: date) -> bool:
    """Whether a unit comes to stand in a tree on a day, or on another level in it."""
    if not after.stands_under(unit, tree, day):
        return False
    was, is_now = (organisation.units[unit].on(day).content.niva for organisation in (before, after))
    return was != is_now or not before.stands_under(unit, tree, day)


def is_holder(books: Books, caller: Caller, given: MandatGranted, today: date) -> bool:
    """Whether a mandate is a caller's in some unit or other, now or when it begins, in whatever role he is now."""
    if given.person is not None:
        return given.person in caller.hands
    names = names_of(given)
    return any(plain(funktion) in names for funktion in caller.funktioner) or any(
        plain(named.funktion) in names and named.person in caller.hands
        for day in {today, max(today, given.fran)}
        for named in books.of(mandat.State).attestanter(day, "beslut")
    )


def _right_to_register(books: Books, asked: Asked, fact: Beslut, *, without: Beslut | None = None) -> str:
    """Registrera historik: the decision has its reference, its organ may decide it, and the caller may record it.

    `without` is the decision that it is registered in place of.
    """
    if not (fact.paragraf or fact.diarienummer):
        raise refuse(BeslutHasNoReference(fact.beslutsorgan, str(fact.beslutsdatum), kolumn="paragraf"))
    if found := list(decide_refusals(books, fact.beslutsorgan, matter_of(books, fact, without=without))):
        raise Refused(found)
    return _holds_registering(books, asked, fact.rorelser)


def _check_day(asked: Asked, fact: Fact) -> None:
    """Refuse what is not decided yet. Errors: Refused."""
    beslutsdatum = getattr(fact, "beslutsdatum", None)
    if beslutsdatum is not None and beslutsdatum > (day := asked.this_day()):
        raise refuse(DecisionLiesInTheFuture(beslutsdatum, day, kolumn="beslutsdatum"))


def _holds_registering(books: Books, asked: Asked, rorelser: tuple[Rorelse, ...]) -> str:
    """By which mandate the caller may record what is decided elsewhere. Errors: Refused."""
    to_register = Matter(REGISTRERA, rorelser, asked.this_day())
    for position, given in covering(books, to_register):
        if holds(books, asked.caller, given, to_register):
            return str(Right(f"{given.holder} {REGISTRERA}", position))
    raise refuse(CallerMayNotRegister(tuple(given.holder for _, given in covering(books, to_register))))


def _right_to_decide(books: Books, asked: Asked, command: DecideArende, fact: Beslut) -> Right:
    """By which mandate the caller decides a case as `beslutsorgan`, where `fact` is the decision. Errors: Refused."""
    case = books.of(arende.State).cases[command.arende]
    matter, organ = matter_of(books, fact), command.beslutsorgan
    if found := list(decide_refusals(books, organ, matter)):
        raise Refused(found)
    if reviewers(books, matter) and not case.reviewed:
        raise refuse(ReviewIsMissing(command.arende, kolumn="arende", varde=command.arende))
    right = _right_on(books, asked.caller, organ, matter)
    if right is None:
        raise refuse(CallerDoesNotHold(organ, str(matter.day), kolumn="beslutsorgan", varde=organ))
    # The decision is taken by being given here, so that who has lost the right since does not decide by an earlier day.
    if _right_on(books, asked.caller, organ, matter._replace(day=asked.this_day())) is None:
        raise refuse(MandatHasEndedSince(organ, matter.day, asked.this_day(), kolumn="beslutsorgan", varde=organ))
    return right


def _right_on(books: Books, caller: Caller, organ: str, matter: Matter) -> Right | None:
    """By what right a caller decides as `organ` on the day of a matter; None where he does not."""
    for position, given in covering(books, matter):
        if plain(organ) in names_of(given) and holds(books, caller, given, matter):
            return Right(given.holder, position, given.anmals)
    return Right(organ) if may_by_law(books, organ, matter) and _attests(books, caller, matter, organ) else None


def holds(books: Books, caller: Caller, given: MandatGranted, matter: Matter) -> bool:
    """Whether a mandate is a caller's: by person, by a function of the sign-in, or by the attestförteckning."""
    if given.person is not None:
        return given.person == caller.actor
    names = names_of(given)
    return any(plain(funktion) in names for funktion in caller.funktioner) or any(
        plain(named.funktion) in names and named.person == caller.actor and _is_for(books, named, matter)
        for named in books.of(mandat.State).attestanter(matter.day, "beslut")
    )


def _attests(books: Books, caller: Caller, matter: Matter, unit: str) -> bool:
    """Whether a caller attests for a unit that decides in its own name."""
    return any(
        named.person == caller.actor and plain(named.ansvar) == plain(unit) and _is_for(books, named, matter)
        for named in books.of(mandat.State).attestanter(matter.day, "beslut")
    )


def _is_for(books: Books, named: AttestantNamed, matter: Matter) -> bool:
    return all(books.organisation.stands_under(unit, named.ansvar, matter.day) for unit in matter.units)


# ---------------------------------------------------------------- granskning and units


def reviewers(books: Books, matter: Matter) -> list[AttestantNamed]:
    """Who is named to review for any of the units of a matter; where nobody is, no granskningsattest is asked for."""
    return [
        named
        for named in books.of(mandat.State).attestanter(matter.day, "granskning")
        if any(books.organisation.stands_under(unit, named.ansvar, matter.day) for unit in matter.units)
    ]


def _check_reviewer(books: Books, caller: Caller, command: ReviewArende) -> None:
    case = books.of(arende.State).cases[command.arende]
    named = reviewers(books, case.matter(command.datum))
    if named and caller.actor not in {one.person for one in named}:
        raise refuse(CallerMayNotReview(tuple(one.ansvar for one in named), kolumn="arende", varde=command.arende))


def _unit_refusals(books: Books, caller: Caller, facts: Sequence[Fact]) -> Iterator[Refusal]:
    """Units of the facts that lie outside those a caller is limited to; the municipality as a whole always does."""
    if not caller.enheter:
        return
    if any(isinstance(fact, WHOLE) for fact in facts):
        yield WholeIsNotCallers(caller.enheter)
    outside = {
        unit
        for fact in facts
        for unit, day in units_of(books, fact)
        if not any(books.organisation.stands_under(unit, own, day) for own in caller.enheter)
    }
    for unit in sorted(outside):
        yield UnitIsNotCallers(unit, caller.enheter, kolumn="ansvar", varde=unit)
