"""Handläggning: the way of a matter to its decision – who reviews it, who decides it, and by which mandate.

Reader: whoever writes a case or takes a step in it.
Not here: whether a step may be taken, which the choke point says when it is.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain import beslut, mandat
from ledger.domain.arende import Arende, command_of
from ledger.domain.behorighet import holds, reviewers
from ledger.domain.beslutanderatt import Matter, nearest_first, who_may
from ledger.domain.events_behorighet import AttestantNamed
from ledger.domain.fact import Fact
from ledger.domain.roll import Caller

if TYPE_CHECKING:
    from ledger.domain.books import Books


class Way(NamedTuple):
    """Who reviews a matter and who may decide it, the nearest first.

    `mandat` is the position of the nearest mandate, None where the nearest decides by law; `grans_ore` is its limit.
    """

    belopp_ore: int
    granskare: tuple[AttestantNamed, ...]
    organ: tuple[str, ...]
    mandat: int | None = None
    grans_ore: int | None = None


def way_of(books: Books, matter: Matter) -> Way:
    """The way of a matter, by what is recorded now."""
    organ = tuple(who_may(books, matter))
    granskare = tuple(reviewers(books, matter))
    for position, given in nearest_first(books, matter):
        return Way(matter.belopp_ore, granskare, organ, position, given.beloppsgrans_ore)
    return Way(matter.belopp_ore, granskare, organ)


def decides_as(books: Books, caller: Caller, matter: Matter) -> list[str]:
    """As what a caller may try to decide: functions by mandate, and units that the attestförteckning gives."""
    state = books.of(mandat.State)
    held = [
        given.holder
        for _, given in state.in_force(matter.day)
        if given.far == matter.typ and holds(books, caller, given, matter)
    ]
    units = [named.ansvar for named in state.attestanter(matter.day, "beslut") if named.person == caller.actor]
    return list(dict.fromkeys([*held, *units]))


def would_decide(books: Books, case: Arende, day: date) -> list[Fact]:
    """What a case would add to the ledger if it were decided on a day. Errors: Refused."""
    organ = next(iter(who_may(books, case.matter(day))), "-")
    return beslut.decide(books, command_of(case, organ, day))
