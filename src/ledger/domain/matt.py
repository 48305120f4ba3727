"""Mått och mätvärden: volumes, staff and indicators, with outcome, budget, plan, forecast and target of each.

Folds: MattDefined, MatvardenReported.     Touches: matt/<kod>.
A value given on a later day takes the place of an earlier one; one given twice on a day is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.events_uppfoljning import MattDefined, Matvarde, MatvardenReported
from ledger.domain.fact import ERASED, Fact
from ledger.domain.koder import code_refusals, year_refusals
from ledger.domain.language import N_
from ledger.domain.matt_refusals import (
    MattIsOtherwise,
    MattIsPartOfItself,
    MattIsUnknown,
    MatvardeHasNoValue,
    MatvardeHasTwoValues,
    MatvardeIsOtherwise,
    MatvardenHaveNoRows,
    MatvardeStandsTwice,
    TalIsTooLong,
    TargetIsNoTarget,
    ValueIsNotAWord,
)
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.tal import Tal
from ledger.domain.text import length_refusals, name_refusals, text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books

SLAG: Final = ("volym", "personal", "indikator")
SORTER: Final = ("utfall", "budget", "plan", "prognos", "mal")
KON: Final = ("kvinnor", "man")
RIKTNINGAR: Final = ("hogre", "lagre")

#: Why there is no value: not known, not relevant, not set, or as the note says.
KODER: Final = ("I.U.", "N/A", "-", "*")

#: What a target asks of an outcome: beside a value, and by itself.
VILLKOR: Final = ("=", "≥", "≤", ">", "<", "≤±", "<±")
RIKTADE: Final = ("öka", "minska", "behålla")

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class DefineMatt:
    """A mått as it is called from a day on."""

    matt: str
    namn: str
    slag: str
    fran: date
    enhet: str | None = None
    riktning: str | None = None
    del_av: str | None = None
    mal: str | None = None
    overgripande_mal: str | None = None
    malomrade: str | None = None


@dataclass(frozen=True, slots=True)
class ReportMatvarden:
    """Values of a unit, given on a day."""

    datum: date
    ansvar: str
    rader: tuple[Matvarde, ...]


COMMANDS = (DefineMatt, ReportMatvarden)
DOES: Final[Mapping[type[Any], str]] = {DefineMatt: N_("ändra mått"), ReportMatvarden: N_("lämna mätvärden")}
CORRECTABLE: Final[Mapping[type[Fact], type[Any]]] = {MattDefined: DefineMatt, MatvardenReported: ReportMatvarden}

#: What names a value: its day, unit, mått, sort, year, month and sex.
Key = tuple[date, str, str, str, int, int | None, str | None]


def key_of(datum: date, ansvar: str, rad: Matvarde) -> Key:
    """What names a value."""
    return datum, ansvar, rad.matt, rad.sort, rad.ar, rad.tom, rad.kon


@dataclass(slots=True)
class State:
    """Every mått by code and day, and every value, each with the fact that said so."""

    matt: dict[str, dict[date, tuple[int, MattDefined]]] = field(default_factory=dict)
    varden: dict[Key, tuple[int, Matvarde]] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a mått or of values."""
        if isinstance(fact, MattDefined):
            self.matt.setdefault(fact.matt, {})[fact.fran] = position, fact
        elif isinstance(fact, MatvardenReported):
            for rad in fact.rader:
                self.varden[key_of(fact.datum, fact.ansvar, rad)] = position, rad

    def forget(self, _position: int, fact: Fact) -> None:
        """Take back a wrong registration."""
        if isinstance(fact, MattDefined):
            self.matt.get(fact.matt, {}).pop(fact.fran, None)
            if not self.matt.get(fact.matt):
                self.matt.pop(fact.matt, None)
        elif isinstance(fact, MatvardenReported):
            for rad in fact.rader:
                self.varden.pop(key_of(fact.datum, fact.ansvar, rad), None)

    def above(self, matt: str) -> str | None:
        """What a mått is a part of, as last said."""
        versions = self.matt.get(matt)
        return versions[max(versions)][1].del_av if versions else None


def reads(command: DefineMatt | ReportMatvarden) -> set[str]:
    """The mått that are named, and the organisation where a unit is."""
    if isinstance(command, DefineMatt):
        return {f"matt/{code}" for code in (command.matt, command.del_av) if code}
    return {"organisation", *(f"matt/{rad.matt}" for rad in command.rader)}


def decide(books: Books, command: DefineMatt | ReportMatvarden) -> list[Fact]:
    """What a command adds: nothing where it is known."""
    state = books.of(State)
    return _define(state, command) if isinstance(command, DefineMatt) else _report(books, state, command)


def _define(state: State, command: DefineMatt) -> list[Fact]:
    """Checks in order: the row by itself, what it is a part of, what is recorded of the same mått and day."""
    refusals = list(_of_definition(state, command))
    fact = MattDefined(*(getattr(command, name) for name in command.__slots__))
    known = state.matt.get(command.matt, {}).get(command.fran)
    if not refusals and known is not None and known[1] != fact:
        refusals.append(MattIsOtherwise(command.matt, command.fran, known[0], kolumn="matt", varde=command.matt))
    if refusals:
        raise Refused(refusals)
    return [] if known is not None else [fact]


def _of_definition(state: State, command: DefineMatt) -> Iterator[Refusal]:
    for column in ("matt", "namn"):
        yield from name_refusals(getattr(command, column), column)
    yield from length_refusals(command.matt, "matt")
    if command.slag not in SLAG:
        yield ValueIsNotAWord(SLAG, kolumn="slag", varde=command.slag)
    if command.riktning is not None and command.riktning not in RIKTNINGAR:
        yield ValueIsNotAWord(RIKTNINGAR, kolumn="riktning", varde=command.riktning)
    for column in ("enhet", "mal", "overgripande_mal", "malomrade"):
        yield from text_refusals(getattr(command, column), column)
    above, seen = command.del_av, {command.matt}
    if above and above != command.matt and above not in state.matt:
        yield MattIsUnknown(above, kolumn="del_av", varde=above)
    while above and above not in seen:
        seen.add(above)
        above = state.above(above)
    if above:
        yield MattIsPartOfItself(command.matt, kolumn="del_av", varde=command.del_av)


def _report(books: Books, state: State, command: ReportMatvarden) -> list[Fact]:
    """Checks in order: each row by itself, its mått and the unit, then what was given for the same day."""
    refusals = list(_of_values(books, state, command))
    given: dict[Key, int] = {}
    new: list[Matvarde] = []
    for n, rad in enumerate(command.rader):
        key = key_of(command.datum, command.ansvar, rad)
        known = state.varden.get(key)
        if key in given:
            refusals.append(MatvardeStandsTwice(rad.matt, rad.ar, rad=n, kolumn="matt", varde=rad.matt))
        elif known is None:
            new.append(rad)
        elif not _same(known[1], rad):
            place = (rad.matt, command.ansvar, command.datum, rad.ar, known[0])
            refusals.append(MatvardeIsOtherwise(*place, rad=n, kolumn="varde", varde=shown(rad)))
        given[key] = n
    if refusals:
        raise Refused(refusals)
    return [MatvardenReported(command.datum, command.ansvar, tuple(new))] if new else []


def _same(known: Matvarde, given: Matvarde) -> bool:
    """Whether a value is the one recorded, apart from a text that was erased since."""
    return known == (given._replace(text=ERASED) if known.text == ERASED else given)


def _of_values(books: Books, state: State, command: ReportMatvarden) -> Iterator[Refusal]:
    if not command.rader:
        yield MatvardenHaveNoRows(command.ansvar)
    yield from name_refusals(command.ansvar, "ansvar")
    day, units = command.datum, books.organisation.units
    yield from code_refusals(units, "ansvar", command.ansvar, day, day, rad=0, kolumn="ansvar")
    for n, rad in enumerate(command.rader):
        for refusal in _of_value(state, rad):
            refusal.rad = n
            yield refusal


def _of_value(state: State, rad: Matvarde) -> Iterator[Refusal]:
    if rad.matt not in state.matt:
        yield MattIsUnknown(rad.matt, kolumn="matt", varde=rad.matt)
    yield from year_refusals(rad.ar, "ar")
    if rad.sort not in SORTER:
        yield ValueIsNotAWord(SORTER, kolumn="sort", varde=rad.sort)
    if rad.kon is not None and rad.kon not in KON:
        yield ValueIsNotAWord(KON, kolumn="kon", varde=rad.kon)
    if rad.tom is not None and not 1 <= rad.tom <= MONTHS:
        yield ValueIsNotAWord(tuple(str(month) for month in range(1, MONTHS + 1)), kolumn="tom", varde=str(rad.tom))
    if rad.kod is not None and rad.kod not in KODER:
        yield ValueIsNotAWord(KODER, kolumn="varde", varde=rad.kod)
    if rad.villkor is not None and (rad.sort != "mal" or rad.villkor not in (*VILLKOR, *RIKTADE)):
        yield TargetIsNoTarget(rad.sort, (*VILLKOR, *RIKTADE), kolumn="varde", varde=shown(rad))
    said = (rad.varde is not None) + (rad.kod is not None) + (rad.villkor in RIKTADE)
    if not said:
        yield MatvardeHasNoValue(KODER, kolumn="varde", varde=shown(rad))
    elif said > 1:
        yield MatvardeHasTwoValues(kolumn="varde", varde=shown(rad))
    if rad.varde is not None and not Tal(rad.varde, rad.decimaler).is_exact:
        yield TalIsTooLong(kolumn="varde", varde=shown(rad))
    yield from text_refusals(rad.text, "text")


def shown(rad: Matvarde) -> str:
    """A value as it is written: `≥4.0`, `I.U.`, `öka`."""
    villkor = "" if rad.villkor in (None, "=") else rad.villkor
    number = Tal(rad.varde, rad.decimaler).text if rad.varde is not None and rad.decimaler >= 0 else ""
    return f"{villkor}{number}" or rad.kod or ""
