"""The guard keys that the judgement of a command depends on: what was read must not have been touched since.

Not here: which keys a fact touches (`Fact.keys`).
"""

from __future__ import annotations

from typing import Any, Final

from ledger.domain import (
    arende,
    beslut,
    investering,
    kontoplan,
    organisation,
    period,
    prognos,
    rattelse,
    registrering,
    verifikation,
)
from ledger.domain import utfall as outcome
from ledger.domain.again import command_for
from ledger.domain.books import Books
from ledger.domain.deciders import OF_COMMAND

#: The guard keys of all codes.
CODES: Final = frozenset({"organisation", "verksamhet", "konto"})


def reads(books: Books, command: Any) -> set[str]:
    """The guard keys that the judgement of a command depends on: those of its decider, and the mandates.

    Postings and registers are judged by the role and the units of the caller alone.
    """
    match command:
        case verifikation.PostVerifikation():
            return {*CODES, *verifikation.reads(command)}
        case beslut.DecideBeslut():
            return {"mandat"} | beslut.reads(books, command)
        case period.BeginClosing() | period.ClosePeriod() | period.OpenPeriod():
            return {"mandat", "organisation", f"period/{command.period}"}
        case rattelse.CorrectRegistrering():
            return {"mandat"} | (reads(books, command.kommando) if command.kommando else {*CODES})
        case registrering.ConfirmRegistrering(at):
            fact = books.of(registrering.State).waiting.get(at)
            return registrering.reads(command) | (reads(books, command_for(fact)) if fact else set())
        case arende.DecideArende() | arende.ProposeArende():
            return arende.reads(command) | arende.reads_in(books, command)
    return _reads_of_postings_and_registers(command)


def _reads_of_postings_and_registers(command: Any) -> set[str]:
    match command:
        case organisation.RegisterUnit():
            return {"organisation"}
        case kontoplan.DefineKonto() | kontoplan.DefineVerksamhet():
            return {"verksamhet", "konto"}
        case investering.ChangeProjekt():
            return {"organisation", f"projekt/{command.projekt}"}
        case outcome.ReportUtfall():
            return {*CODES, f"period/{command.period}", *outcome.projects_of(row.rad for row in command.rader)}
        case prognos.SubmitPrognos():
            return {*CODES} | {f"projekt/{rad.projekt}" for rad in command.rader if rad.projekt}
    decider = OF_COMMAND.get(type(command))
    return decider.reads(command) if decider else set()
