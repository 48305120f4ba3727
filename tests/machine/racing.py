"""What another process does in a race: `python -m tests.machine.racing`, with its tasks as lines on stdin."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ledger.application import Ledger
from ledger.domain.beslut import AdoptInternbudget, DecideOmbudgetering, SetPeriodisering
from ledger.domain.period import ClosePeriod
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.refusal import Refused
from ledger.domain.roll import Caller
from ledger.domain.rorelse import Rorelse
from ledger.domain.utfall import ReportUtfall
from ledger.domain.verifikation import PostVerifikation, Voucher
from ledger.recording.store import FactLog, Moved

ROOT = Path(__file__).parents[2]
EKONOM = Caller("a-1", "ekonom")
DAY = date(2024, 3, 5)


def paper(vernr: str, ore: int = 100) -> PostVerifikation:
    """A voucher of serie A."""
    return PostVerifikation("A", vernr, DAY, (Utfallsrad(ore, "A", "5", "kostnad"), Utfallsrad(-ore, konto="2")))


def inverse(vernr: str, of: str) -> PostVerifikation:
    """The correction of a voucher."""
    voucher = paper(of, -100)
    return replace(voucher, vernr=vernr, rattar=Voucher("A", of, 2024))


def take(name: str, ore: int, n: int) -> AdoptInternbudget:
    """A share of the frame of N1."""
    return AdoptInternbudget(f"{name}{n}", DAY, (Rorelse(ore, "netto", 2024, "N1", "A"),))


def carry(name: str, n: int) -> DecideOmbudgetering:
    return DecideOmbudgetering(f"{name}{n}", DAY, (Rorelse(10, "utgift", 2024, "A", "A", projekt="P", till_ar=2025),))


def lump(name: str, month: int) -> SetPeriodisering:
    return SetPeriodisering(name, DAY, (Rorelse(1000, "netto", 2024, "N1", "N1", period=month),))


def rows(ore: int) -> ReportUtfall:
    return ReportUtfall("2024-03", "A", (Summarad(DAY, Utfallsrad(ore, "A", "5", "kostnad")),))


def offset(name: str) -> int:
    """Each name has its own amounts and numbers."""
    return {"a": 1, "b": 2}[name]


#: What each task tries, one by one. Ids are told apart by the name.
TASKS: dict[str, Callable[[str], list[Any]]] = {
    "overdraw": lambda name: [take(name, 30, n) for n in range(40)],
    "carry": lambda name: [carry(name, n) for n in range(40)],
    "lump": lambda name: [lump(name, offset(name))],
    "number": lambda name: [paper(str(n), 100 + offset(name)) for n in range(1, 60)],
    "same": lambda _: [paper(str(n)) for n in range(1, 60)],
    "post": lambda name: [paper(f"{offset(name)}{n:03d}") for n in range(150)],
    "close": lambda _: [*(paper(f"9{n:03d}") for n in range(40)), ClosePeriod("2024-03")],
    "correct": lambda name: [inverse(str(1000 * offset(name) + n), str(n)) for n in range(1, 31)],
    "correction": lambda name: [CorrectRegistrering(n, None, f"Fel {name}") for n in range(20, 50)],
    "leverans": lambda name: [replace(rows(offset(name)), ansvar="A")],
    "forecast": lambda name: [
        SubmitPrognos(DAY, ar, "A", (Prognosrad("netto", offset(name)),)) for ar in range(2000, 2040)
    ],
}


class Runner:
    """Another process. It is told a task, says when it stands ready, and runs at the word."""

    def __init__(self) -> None:
        parts = [sys.executable, "-m", "tests.machine.racing"]
        self.process = subprocess.Popen(parts, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def say(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the other process is gone"
        return line.rstrip("\n")

    def end(self) -> None:
        self.process.communicate(timeout=280)
        assert self.process.returncode == 0


def race(runners: Sequence[Runner], url: str, *tasks: tuple[str, str]) -> list[list[str]]:
    """Let tasks run at the same time; what each answered: `ok`, `inget` or the names of the broken rules."""
    for runner, (task, name) in zip(runners, tasks, strict=True):
        runner.say(f"{task}\t{name}\t{url}")
    for runner in runners:
        assert runner.hear() == "redo"
    for runner in runners:
        runner.say("")
    return [runner.hear().split() for runner in runners]


def run(task: str, name: str, url: str) -> str:
    """Be one of the runners."""
    with FactLog.open(url, clock=lambda: datetime.now(UTC), salt=lambda: os.urandom(16)) as log:
        ledger = Ledger(log)
        ledger.catch_up()
        commands = TASKS[task](name)
        sys.stdout.write("redo\n")
        sys.stdout.flush()
        sys.stdin.readline()
        return " ".join(answer(ledger, command, f"{task}-{name}-{n}") for n, command in enumerate(commands))


def answer(ledger: Ledger, command: Any, command_id: str) -> str:
    """What comes of a command; a caller who hears that others were first asks again."""
    for _ in range(100):
        try:
            return "ok" if ledger.execute(command, EKONOM, command_id).facts else "inget"
        except Moved:
            continue
        except Refused as refused:
            return "+".join(refusal.rule for refusal in refused.refusals)
    return "Moved"


def main() -> None:
    """Run tasks until nobody asks for more."""
    for line in sys.stdin:
        sys.stdout.write(run(*line.rstrip("\n").split("\t")) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
