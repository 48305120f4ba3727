"""Importing files: looked through together, judged together, then each recorded in one transaction – or none.

Touches: whatever the commands touch.     Reader: the controller at the command line, the web page for files.
Guards: a fault in one file records none; the same file twice adds nothing; what another writer changed meanwhile is
judged again, up to three times.
Rule: contract §4.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from ledger.application import Ledger
from ledger.batch import LARGEST_FILE, Batch, Moved
from ledger.domain.fact import Fact
from ledger.domain.language import N_, phrase
from ledger.domain.money import NBSP
from ledger.domain.refusal import Kind, Refusal, Refused, strung
from ledger.domain.roll import Caller
from ledger.interchange.csv_file import Fil, Table, opened
from ledger.interchange.faults import Fault, Faults, FilesRefused
from ledger.interchange.judging import Judged, Judging, TooLarge, Wishes
from ledger.interchange.rounds import Round
from ledger.interchange.utfall_file import Scattered

#: How often everything is judged again when another writer was first.
TRIES: Final = 4

#: So many opened rounds are told by name.
ROUNDS_TOLD: Final = 20

#: Told what is being done (`läser`, `sparar`), how much is done and of how much: rows read, facts saved.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How files are imported.

    `torrkor`: judge and record nothing. `ersatt`: a new leverans of outcome rows replaces the reported one. `rattar`:
    the file says what fact N should have been. `i_delar`: a file of more than `largest` facts is recorded in parts.
    """

    torrkor: bool = False
    ersatt: bool = False
    rattar: int | None = None
    motivering: str | None = None
    i_delar: bool = False
    largest: int = LARGEST_FILE


@dataclass(slots=True)
class Outcome:
    """What became of one file: `nya` facts at positions `first` to `last`, in `delar` parts."""

    namn: str
    slag: str
    rader: int = 0
    nya: int = 0
    first: int = 0
    last: int = 0
    delar: int = 0
    #: Whether another person is to read in the same file before it counts.
    vantar: bool = False

    def text(self) -> str:
        """`budget.csv: 221 rader, 27 nya fakta (@12–@38)`; `0 nya` where everything was recorded already."""
        rader = "1 rad" if self.rader == 1 else f"{_count(self.rader)} rader"
        if self.vantar:
            since = f" (@{self.first})" if self.first else ""
            return f"{self.namn}: {rader}, väntar på att en annan person läser in samma fil{since}"
        if not self.nya:
            return f"{self.namn}: {rader}, 0 nya"
        nya = "1 nytt faktum" if self.nya == 1 else f"{_count(self.nya)} nya fakta"
        where = "" if not self.first else f" (@{self.first})" if self.nya == 1 else f" (@{self.first}–@{self.last})"
        delar = f" i {self.delar} delar" if self.delar > 1 else ""
        return f"{self.namn}: {rader}, {nya}{where}{delar}"


@dataclass(slots=True)
class Imported:
    """What an import did, or in a dry run would do. `commands` counts by kind what is new."""

    files: list[Outcome]
    rounds: list[Round]
    commands: dict[str, int]
    torrkor: bool = False
    #: In a dry run the facts that would be recorded, in order.
    facts: Callable[[], Iterator[Fact]] = field(default=lambda: iter(()))

    def text(self) -> str:
        """One line a file, then the rounds that are opened, then what a dry run is."""
        lines = [outcome.text() for outcome in self.files]
        lines.extend(opened_round.sentence() for opened_round in self.rounds[:ROUNDS_TOLD])
        if len(self.rounds) > ROUNDS_TOLD:
            lines.append(f"… och {len(self.rounds) - ROUNDS_TOLD} nya omgångar till.")
        if self.torrkor:
            lines.append("Torrkörning: ingenting är registrerat.")
        return "\n".join(lines)


def import_files(
    ledger: Ledger,
    caller: Caller,
    files: Sequence[Fil],
    options: Options = Options(),
    *,
    new_id: Callable[[], str],
    progress: Progress | None = None,
) -> Imported:
    """Import files together. `new_id` names the command of each transaction.

    Errors: FilesRefused (every fault of every file, and what stands in spite of it), Moved, ClockIsBehind.
    """
    with _no_collector():
        try:
            return _Import(ledger, caller, list(files), options, new_id, progress).run()
        except FilesRefused as refused:
            if not options.torrkor:
                ledger.note_attempt("Import", caller, refused)
            raise


@contextmanager
def _no_collector() -> Iterator[None]:
    """Spare the garbage collector: an import makes millions of objects, no cycles. A seventh of the time is saved."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Import:
    """One import under way."""

    def __init__(
        self,
        ledger: Ledger,
        caller: Caller,
        files: list[Fil],
        options: Options,
        new_id: Callable[[], str],
        progress: Progress | None,
    ) -> None:
        self._ledger, self._caller, self._files, self._options = ledger, caller, files, options
        self._new_id, self._progress = new_id, progress
        self._outcomes: dict[int, Outcome] = {}
        self._rows = 0
        self._total_rows = 0

    def run(self) -> Imported:
        """Open, judge, record. Judged again where rows are scattered, or another writer was first."""
        faults = Faults()
        tables = self._opened(faults)
        scattered: frozenset[int] = frozenset()
        tries = 0
        while True:
            judging = self._judging(Faults(dict(faults.found), faults.total), scattered)
            try:
                self._judge(judging, tables)
                return self._finish(judging)
            except Scattered as found:
                scattered |= {found.place}
            except Moved:
                tries += 1
                if tries == TRIES:
                    raise

    def _opened(self, faults: Faults) -> dict[int, Table]:
        tables = {}
        if not self._files:
            raise FilesRefused([Fault("import", None, None, None, NoFileIsGiven())], 1)
        for place, fil in enumerate(self._files):

            def report(line: int | None, refusal: Refusal, *, place: int = place, namn: str = fil.namn) -> None:
                faults.add(place, Fault(namn, line, refusal.kolumn, refusal.varde, refusal))

            table = opened(fil, report)
            if table is not None:
                tables[place] = table
                self._total_rows += table.seen.lines
                self._outcomes[place] = Outcome(fil.namn, table.kind.namn)
        return tables

    def _judging(self, faults: Faults, scattered: frozenset[int]) -> Judging:
        self._rows = 0
        wishes = Wishes(
            self._options.ersatt, self._options.rattar, self._options.motivering, self._options.largest,
            None, self._read if self._progress else None,
        )  # fmt: skip
        judging = Judging(Batch(self._ledger, self._caller, self._new_id), faults, wishes, scattered)
        if self._options.i_delar:
            wishes.part = lambda judged: self._part(judging, judged)
        return judging

    def _judge(self, judging: Judging, tables: dict[int, Table]) -> None:
        """Judge all files. Errors: FilesRefused, Scattered, Moved."""
        try:
            judging.run(tables)
        except TooLarge as large:
            judging.faults.add(large.place, Fault(large.namn, None, None, None, FileIsTooLarge(self._options.largest)))
        except Refused as refused:
            if refused.kind is not Kind.FORBIDDEN:
                raise
            fault = Fault(self._files[0].namn, None, None, None, refused.refusals[0])
            raise FilesRefused([fault], 1) from refused
        if (rattar := self._options.rattar) is not None and (
            judging.drafts > 1 or not (judging.drafts or judging.faults)
        ):
            refusal = CorrectionNeedsOneCommand(rattar, judging.drafts)
            judging.faults.add(0, Fault(self._files[0].namn, None, None, None, refusal))
        if judging.faults:
            raise FilesRefused(judging.faults.in_order(), judging.faults.total, self._recorded())

    # ------------------------------------------------------------ recording

    def _finish(self, judging: Judging) -> Imported:
        """Record every file, or say what would be recorded."""
        for place, judged in judging.files.items():
            if not self._options.torrkor:
                self._record(judging, place, judged)
            outcome = self._outcomes[place]
            outcome.rader = judged.table.count
            if self._options.torrkor:
                outcome.nya = len(judged.underlag.facts) + judged.dropped
        outcomes = [self._outcomes[place] for place in sorted(self._outcomes)]
        imported = Imported(outcomes, judging.rounds, dict(judging.commands), self._options.torrkor)
        if self._options.torrkor:
            imported.facts = lambda: (
                fact for judged in judging.files.values() for fact in judging.batch.facts(judged.underlag)
            )
        return imported

    def _part(self, judging: Judging, judged: Judged) -> None:
        """Record what has been judged so far: the files before, then the part of the file that has grown too large.

        Where a fault has been found nothing more is recorded; the rest is judged for its faults alone.
        """
        if judging.faults or self._options.torrkor:
            judged.dropped += len(judged.underlag.facts)
            judged.underlag.facts.clear()
            return
        for place, other in judging.files.items():
            self._record(judging, place, other)
            if other is judged:
                break

    def _record(self, judging: Judging, place: int, judged: Judged) -> None:
        facts = len(judged.underlag.facts)
        if not facts:
            return
        rader = (judged.first_line, max(judged.last_line, judged.first_line))
        done = judging.batch.record(judged.underlag, rader, self._saved(facts))
        judged.first_line = judged.last_line + 1
        outcome = self._outcomes[place]
        if not done.facts:
            outcome.vantar, outcome.first = True, done.first
            return
        outcome.nya += facts
        outcome.first = outcome.first or done.first
        outcome.last = done.first + facts - 1
        outcome.delar += 1

    def _recorded(self) -> str:
        """What stands in spite of faults: the parts recorded before they were found."""
        standing = [outcome for outcome in self._outcomes.values() if outcome.nya]
        if not standing:
            return ""
        return phrase(
            "Redan registrerat i tidigare delar: {what}. Rätta felen och läs in samma filer igen, så fortsätter "
            "inläsningen.",
            what=strung([phrase("{count} fakta ur {fil}", count=_count(one.nya), fil=one.namn) for one in standing]),
        )

    # ------------------------------------------------------------ progress

    def _read(self, rows: int) -> None:
        self._rows += rows
        if self._progress is not None:
            self._progress(N_("läser"), self._rows, max(self._total_rows, self._rows))

    def _saved(self, facts: int) -> Callable[[int], None] | None:
        if self._progress is None:
            return None
        progress = self._progress
        return lambda saved: progress(N_("sparar"), min(saved, facts), facts)


def _count(number: int) -> str:
    return f"{number:,}".replace(",", NBSP)


@dataclass(slots=True)
class NoFileIsGiven(Refusal):
    """An import has files."""

    def sentence(self) -> str:
        """Asks for one."""
        return self.say("Ingen fil är angiven: ange minst en CSV-fil.")


@dataclass(slots=True)
class FileIsTooLarge(Refusal):
    """A file is one transaction, and a transaction has a size."""

    largest: int

    def sentence(self) -> str:
        """Says how to go on."""
        return self.say(
            "Filen leder till fler än {count} fakta, som är det mesta som registreras på en gång: dela filen, eller "
            "ge --i-delar, så registreras den i delar som var för sig är allt eller inget.",
            count=_count(self.largest),
        )


@dataclass(slots=True)
class CorrectionNeedsOneCommand(Refusal):
    """A correction puts one thing in another's place."""

    position: int
    commands: int

    def sentence(self) -> str:
        """Gives the number."""
        return self.say(
            "Faktum @{self.position} ska ersättas av ett enda faktum, men filerna innehåller {self.commands}: låt en "
            "fil innehålla just det beslut, den prognos eller den rad som ska gälla.",
        )
