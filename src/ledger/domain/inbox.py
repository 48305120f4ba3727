"""Att göra: what waits for a caller – cases to attest or mend, registrations to confirm, months to close.

Reader: whoever signs in, first of all.     Not here: whether it may be done; the choke point says that when it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.domain import arende, mandat, registrering
from ledger.domain.again import command_for
from ledger.domain.arende import Arende, DecideArende, DraftArende, ProposeArende, ReviewArende
from ledger.domain.behorighet import holds, reviewers
from ledger.domain.beslutanderatt import Matter, covering
from ledger.domain.events import RegistreringCorrected
from ledger.domain.fyra_ogon import refusals
from ledger.domain.language import N_, phrase
from ledger.domain.period import CLOSING, checklist
from ledger.domain.rattelse import taken_by
from ledger.domain.refusal import enumerated
from ledger.domain.registrering import ConfirmRegistrering
from ledger.domain.roll import BY_PEOPLE, RIGHTS, Caller

if TYPE_CHECKING:
    from ledger.domain.books import Books


class Syssla(NamedTuple):
    """One thing to do: what it is called, what it is about, and the command with the fields that are known."""

    slag: str
    om: str
    text: str
    kommando: str | None = None
    falt: Mapping[str, Any] = MappingProxyType({})


def to_do(books: Books, caller: Caller, today: date) -> list[Syssla]:
    """What waits for a caller, cases first."""
    return [
        *_cases(books, caller, today),
        *_registrations(books, caller),
        *_files(books, caller),
        *_months(books, caller),
        *_missing_attest(books, caller, today),
    ]


def _may(caller: Caller, command: type[Any]) -> bool:
    return command in RIGHTS.get(caller.roll, frozenset()) and not (caller.maskin and command in BY_PEOPLE)


def _cases(books: Books, caller: Caller, today: date) -> Iterator[Syssla]:
    for name, case in books.of(arende.State).cases.items():
        drafted = case.drafted
        seen = {"arende": name, "version": drafted.version, "digest": drafted.digest}
        if case.fell:
            again = DraftArende(name, drafted.typ, drafted.rorelser, drafted.diarienummer, drafted.motivering)
            if _is_free(books, caller, again):
                text = phrase(
                    "Ärendet {arende} behöver en ny version av någon annan: den som föreslog det har anmält jäv",
                    arende=name,
                )
                yield Syssla("ratta", name, text)
        elif case.lage == "aterlamnat" and caller.actor in books.hands.proposed.get(name, ()):
            text = phrase("Ärendet {arende} är återlämnat: ändra det och föreslå på nytt", arende=name)
            yield Syssla("ratta", name, text)
        if case.lage == "utkast" and _may(caller, ProposeArende) and caller.actor in books.hands.proposed.get(name, ()):
            text = phrase("Ärendet {arende} är ett utkast: föreslå det", arende=name)
            yield Syssla("foresla", name, text, "propose_arende", seen)
        if case.lage == "foreslaget":
            yield from _attest(books, caller, name, case, today)


def _attest(books: Books, caller: Caller, name: str, case: Arende, today: date) -> Iterator[Syssla]:
    """The attests of a proposed case that are the caller's to give."""
    drafted, matter = case.drafted, case.matter(today)
    seen = {"arende": name, "version": drafted.version, "digest": drafted.digest}
    step = (name, drafted.version, drafted.digest)
    named = reviewers(books, matter)
    is_named = caller.actor in {one.person for one in named}
    review = ReviewArende(*step, today)
    if is_named and not case.reviewed and _is_free(books, caller, review):
        text = phrase("Ärendet {arende} väntar på granskningsattest", arende=name)
        yield Syssla("granska", name, text, "review_arende", seen)
    for organ in _organs(books, caller, matter) if case.reviewed or not named else ():
        if _is_free(books, caller, DecideArende(*step, organ, today)):
            text = phrase("Ärendet {arende} väntar på beslut av {organ}", arende=name, organ=organ)
            yield Syssla("besluta", name, text, "decide_arende", {**seen, "beslutsorgan": organ})
            return


def _is_free(books: Books, caller: Caller, command: Any) -> bool:
    """Whether neither role nor fyra ögon stands in the way."""
    return _may(caller, type(command)) and not any(True for _ in refusals(books.hands, command, caller.hands))


def _organs(books: Books, caller: Caller, matter: Matter) -> Iterator[str]:
    """As what a caller may decide a matter, by mandate."""
    for _, given in covering(books, matter):
        if holds(books, caller, given, matter):
            yield given.holder


def _registrations(books: Books, caller: Caller) -> Iterator[Syssla]:
    for position, fact in books.of(registrering.State).waiting.items():
        confirm = ConfirmRegistrering(position)
        kind = taken_by(fact.fel) if isinstance(fact, RegistreringCorrected) else type(command_for(fact))
        if _is_free(books, caller, confirm) and _may(caller, kind):
            text = phrase("Registreringen @{position} väntar på att en annan person bekräftar den", position=position)
            yield Syssla("bekrafta", f"@{position}", text, "confirm_registrering", {"registrering": position})


def _files(books: Books, caller: Caller) -> Iterator[Syssla]:
    for sha256, fil in books.of(registrering.State).files.items():
        if RIGHTS.get(caller.roll) and not caller.hands & books.hands.files.get((sha256, fil.digest), set()):
            text = phrase("Filen {fil} väntar på att en annan läser in den", fil=fil.filnamn or sha256[:12])
            yield Syssla("las_in", sha256, text)


def _months(books: Books, caller: Caller) -> Iterator[Syssla]:
    for period, parts in books.periods.parts.items():
        for ansvar, lage in parts.items():
            if lage == CLOSING and _is_own(books, caller, ansvar):
                left = checklist(books, period, ansvar)
                what = N_("{ansvar} stänger {period}: allt är klart")
                if left:
                    what = N_("{ansvar} stänger {period}: kvar är {left}")
                text = phrase(what, ansvar=ansvar, period=period, left=enumerated(left))
                yield Syssla("stang", period, text, "close_period", {"period": period, "ansvar": ansvar})


def _is_own(books: Books, caller: Caller, ansvar: str) -> bool:
    return bool(RIGHTS.get(caller.roll)) and (
        not caller.enheter or any(books.organisation.stands_under(ansvar, own, date.max) for own in caller.enheter)
    )


def _missing_attest(books: Books, caller: Caller, today: date) -> Iterator[Syssla]:
    """Functions with mandates that nobody holds by the year's attestförteckning, where one is kept."""
    state = books.of(mandat.State)
    if not _may(caller, mandat.NameAttestant) or not state.attest:
        return
    held = {(mandat.plain(named.funktion), named.ansvar) for named in state.attestanter(today, "beslut")}
    missing = dict.fromkeys(
        (given.funktion, given.ansvar)
        for _, given in state.in_force(today)
        if given.funktion and given.far != mandat.REGISTRERA
    )
    for funktion, ansvar in missing:
        above = books.organisation.path(ansvar, today)
        if not any((mandat.plain(funktion), unit) in held for unit in above):
            text = phrase(
                "Ingen står som {funktion} för {ansvar} i attestförteckningen {ar}",
                funktion=funktion,
                ansvar=ansvar,
                ar=today.year,
            )
            yield Syssla("attest", ansvar, text, "name_attestant", {"ansvar": ansvar, "funktion": funktion})
