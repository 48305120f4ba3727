"""The model: what the ledger must answer to a command, from a list of what was recorded."""

from __future__ import annotations

from typing import Any

from ledger.domain.beslut import DecideBeslut
from ledger.domain.investering import ChangeProjekt
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.kontoplan import DefineKonto, DefineVerksamhet
from ledger.domain.organisation import RegisterUnit
from ledger.domain.period import ClosePeriod, OpenPeriod
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.utfall import ReportUtfall
from ledger.domain.verifikation import PostVerifikation
from tests.machine import decisions, outcome, registers
from tests.machine.entries import CORRECTION, Entry, Verdict, standing

#: Kinds that can be put right, by family: the right one is of the same.
FAMILIES = (
    *((decisions.name_of(typ),) for typ in decisions.SLAG),
    ("prognos_submitted",), ("projekt_changed",), ("unit_established", "unit_changed"), ("unit_closed", "unit_merged"),
    ("konto_defined",), ("verksamhet_defined",),
)  # fmt: skip


class Model:
    """What is recorded. `head` is the last position, `recorded` the last one that is in the log itself."""

    def __init__(self) -> None:
        self.log: list[Entry] = []
        self.head = 0
        self.recorded = 0

    def copy(self) -> Model:
        """The same, to go on from without changing it."""
        other = Model()
        other.log, other.head, other.recorded = list(self.log), self.head, self.recorded
        return other

    def add(self, facts: list[tuple[str, Any]]) -> None:
        for kind, what in facts:
            self.head += 1
            self.log.append(Entry(self.head, kind, what))

    def judge(self, command: Any) -> Verdict:
        """The facts that a command must lead to; None where it must be refused."""
        return (
            judge(standing(self.log), command)
            if not isinstance(command, CorrectRegistrering)
            else self.correct(command)
        )

    def correct(self, command: CorrectRegistrering) -> Verdict:
        """A correction of a registration: judged as if the wrong one were not there."""
        found = next((e for e in self.log if e.position == command.rattar and e.position <= self.recorded), None)
        if found is None or any(e.kind == CORRECTION and e.what[0] == command.rattar for e in self.log):
            return None
        wrong = found.what[1] if found.kind == CORRECTION else (found.kind, found.what)
        family = next((names for names in FAMILIES if wrong is not None and wrong[0] in names), None)
        if family is None:
            return None
        others = [entry for entry in standing(self.log) if entry.position != command.rattar]
        if command.kommando is None:
            right = None
            if not command.motivering:
                return None
        else:
            if isinstance(command.kommando, CorrectRegistrering):
                return None
            facts = judge(others, command.kommando)
            if facts is None or len(facts) != 1 or facts[0][0] not in family:
                return None
            right = facts[0]
            if right[1] == wrong[1] and "unit_closed" not in family:
                return None
            if right == wrong:
                return None
        after = [*others, *([Entry(command.rattar, *right)] if right else [])]
        if not registers.is_known(after, *wrong):
            return None
        if wrong[0].startswith("unit_") and registers.has_circle(after):
            return None
        return [(CORRECTION, (command.rattar, right))]


def judge(stands: list[Entry], command: Any) -> Verdict:
    match command:
        case RegisterUnit():
            return registers.register(stands, command)
        case DefineKonto() | DefineVerksamhet():
            return registers.define(stands, command)
        case ChangeProjekt():
            return registers.change_project(stands, command)
        case DecideBeslut():
            return decisions.decide(stands, command)
        case PostVerifikation():
            return outcome.post(stands, command)
        case ReportUtfall():
            return outcome.report(stands, command)
        case SubmitPrognos():
            return outcome.forecast(stands, command)
        case WriteKommentar():
            return outcome.comment(stands, command)
        case ClosePeriod() | OpenPeriod():
            return outcome.change_month(stands, command, opens=isinstance(command, OpenPeriod))
    msg = f"the model does not know {type(command).__name__}"
    raise TypeError(msg)
