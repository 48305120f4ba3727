"""Files judged together: every command in its order, every fault at its row.

Rule: contract §4 – in the order of the kinds of files (columns.FILSLAG), whatever the order given. A fault that only
follows from another (a unit whose row was faulty is unknown to later rows) is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from ledger.batch import Batch, Underlag, VoucherStandsTwice
from ledger.domain import atgard, beslut_refusals, matt_refusals, prognos, utfall, verifikation
from ledger.domain.beslut import DecideBeslut
from ledger.domain.investering import OwnerIsUnknown
from ledger.domain.koder import AmountIsTooLarge, CodeIsUnknown
from ledger.domain.language import phrase
from ledger.domain.organisation import ParentIsUnknown
from ledger.domain.rapportrader import RadIsUnknown
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.refusal import Kind, Refusal, Refused
from ledger.interchange import (
    atgard_file,
    attest_file,
    budget_file,
    mandat_file,
    master_file,
    matt_file,
    prognos_file,
    rounds,
)
from ledger.interchange.columns import FILSLAG
from ledger.interchange.csv_file import Table
from ledger.interchange.draft import Draft
from ledger.interchange.faults import Fault, Faults
from ledger.interchange.utfall_file import UtfallReader

#: Vouchers are looked up in the log so many at a time.
CHUNK: Final = 300

#: What is wrong with a command as a whole: not told of one whose rows could not all be read.
_OF_THE_WHOLE: Final = (
    verifikation.VoucherDoesNotBalance,
    verifikation.VoucherIsOtherwise,
    verifikation.CorrectionDoesNotInvert,
    VoucherStandsTwice,
    utfall.LeveransIsOtherwise,
    prognos.PrognosIsOtherwise,
    atgard.AtgardIsOtherwise,
    matt_refusals.MatvardeIsOtherwise,
    beslut_refusals.BeslutIsOtherwise,
)
#: What may follow from another decision's fault.
_OF_BALANCES: Final = (
    beslut_refusals.UnitHoldsTooLittle,
    beslut_refusals.PeriodiseringMissesLump,
    beslut_refusals.FrameLeftIsTooSmall,
    beslut_refusals.ForslagIsNotPending,
)


@dataclass(slots=True)
class Judged:
    """What one file has led to so far."""

    table: Table
    underlag: Underlag
    commands: int = 0
    #: First and last line of what is not recorded yet.
    first_line: int = 2
    last_line: int = 1
    #: Facts of a large file that were judged and let go in a dry run.
    dropped: int = 0


@dataclass(slots=True)
class Wishes:
    """What the judging is told besides the files."""

    ersatt: bool = False
    rattar: int | None = None
    motivering: str | None = None
    largest: int = 250_000
    #: Called before a file grows over `largest` facts; none: the file is refused.
    part: Callable[[Judged], None] | None = None
    progress: Callable[[int], None] | None = None


@dataclass(slots=True)
class Judging:
    """One pass through all files with one batch."""

    batch: Batch
    faults: Faults
    wishes: Wishes
    scattered: frozenset[int] = frozenset()
    files: dict[int, Judged] = field(default_factory=dict)
    rounds: list[rounds.Round] = field(default_factory=list)
    commands: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    #: Commands so far; a correction takes one.
    drafts: int = 0
    _spoilt: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _budget_is_shaken: bool = False
    #: File and line that facts not yet recorded come from, by position and by code.
    _where: dict[int | tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def run(self, tables: dict[int, Table]) -> None:
        """Judge all files. Faults are gathered. Errors: Scattered, NotAllowed, TooLarge, Moved (from `part`)."""
        order = [kind.namn for kind in FILSLAG]
        for place, table in sorted(tables.items(), key=lambda item: (order.index(item[1].kind.namn), item[0])):
            underlag = self.batch.take(table.sha256, table.kind.namn, table.fil.namn)
            self.files[place] = Judged(table, underlag)
        for kind in FILSLAG:
            places = [place for place, judged in self.files.items() if judged.table.kind is kind]
            if kind.namn == "utfall":
                for place in places:
                    self._judge_utfall(place)
            else:
                self._judge_all(self._drafts(kind.namn, places))

    # ------------------------------------------------------------ commands in order

    def _drafts(self, kind: str, places: list[int]) -> Iterable[Draft]:
        """The drafts of all files of a kind, in the order in which they are judged."""
        drafts = (draft for place in places for draft in self._read(kind, place))
        if kind == "organisation":
            return master_file.in_order_of_units(drafts)
        if kind == "budget":
            return budget_file.in_order_of_decisions(drafts)
        return drafts

    def _read(self, kind: str, place: int) -> Iterator[Draft]:
        table = self.files[place].table
        if make := _MAKERS.get(kind):
            yield from make(place, table, self._report(place))
        else:
            yield from master_file.drafts(place, table, self._report(place), self._spoilt[_SORTS[kind]])
        self._tell(table.count)

    def _judge_all(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            self._judge(draft)

    def _judge(self, draft: Draft, *, last: bool = False) -> None:
        """One command. `last`: no other file says anything of the same outcome."""
        judged = self.files[draft.place]
        self.drafts += 1
        if self.wishes.rattar is not None and self.drafts > 1:
            return
        command = self._corrected(draft.command)
        opened = rounds.opened(self.batch.books, command) if isinstance(command, DecideBeslut) else []
        before = self.batch.position
        try:
            new = self.batch.judge(judged.underlag, command, last=last)
        except Refused as refused:
            self._refuse(draft, refused)
            return
        self._count(judged, command, new, draft)
        if isinstance(draft.command, DecideBeslut):
            self._budget_is_shaken = self._budget_is_shaken or draft.is_broken
        if new:
            self.rounds.extend(opened)
            place = judged.table.fil.namn, draft.lines[0]
            self._where.update((position, place) for position in range(before + 1, before + new + 1))
            if kod := _defined(judged.table.kind.namn, draft.command):
                self._where[kod] = place

    def _judge_utfall(self, place: int) -> None:
        judged = self.files[place]
        reader = UtfallReader(place, judged.table, self._report(place))
        vouchers = reader.gathered() if place in self.scattered else reader.vouchers()
        is_only = sum(other.table.kind is judged.table.kind for other in self.files.values()) == 1
        told = 0
        while chunk := list(islice(vouchers, CHUNK)):
            self._judge_vouchers(judged, chunk)
            self._tell(judged.table.count - told)
            told = judged.table.count
        for draft in reader.leveranser(ersatt=self.wishes.ersatt):
            self._make_room(place, judged, 1)
            self._judge(draft, last=is_only)
        self._make_room(place, judged, 0)
        self._tell(judged.table.count - told)

    def _judge_vouchers(self, judged: Judged, drafts: list[Draft]) -> None:
        if self.wishes.rattar is not None:
            self._judge_all(drafts)
            return
        for chunk in _chunks(drafts, self.wishes.largest):
            self._make_room(drafts[0].place, judged, len(chunk))
            before = len(judged.underlag.facts)
            refused = self.batch.vouchers(judged.underlag, [draft.command for draft in chunk])
            for n, refusal in refused.items():
                self._refuse(chunk[n], refusal)
            new = len(judged.underlag.facts) - before
            judged.commands += len(chunk)
            judged.last_line = chunk[-1].lines[-1]
            self.commands["PostVerifikation"] += new

    # ------------------------------------------------------------ what becomes of them

    def _corrected(self, command: Any) -> Any:
        if self.wishes.rattar is None:
            return command
        return CorrectRegistrering(self.wishes.rattar, command, self.wishes.motivering)

    def _make_room(self, place: int, judged: Judged, facts: int) -> None:
        """Record what the file has led to before it grows over what one transaction may hold."""
        held = len(judged.underlag.facts)
        if self.wishes.part is None:
            if held > self.wishes.largest:
                raise TooLarge(place, judged.table.fil.namn)
        elif held + facts > self.wishes.largest:
            self.wishes.part(judged)

    def _count(self, judged: Judged, command: Any, new: int, draft: Draft) -> None:
        judged.commands += 1
        judged.last_line = max(judged.last_line, draft.lines[-1])
        if new:
            self.commands[type(command).__name__] += 1

    def _tell(self, rows: int) -> None:
        if self.wishes.progress is not None:
            self.wishes.progress(rows)

    # ------------------------------------------------------------ faults

    def _report(self, place: int) -> Callable[[int | None, Refusal], None]:
        """Where the readers of a file report what is wrong with a row."""
        namn = self.files[place].table.fil.namn

        def report(line: int | None, refusal: Refusal) -> None:
            self.faults.add(place, Fault(namn, line, refusal.kolumn, refusal.varde, refusal))

        return report

    def _refuse(self, draft: Draft, refused: Refused) -> None:
        """Report what the ledger says of a command, each at its row."""
        if refused.kind is Kind.FORBIDDEN and not any(refusal.kolumn for refusal in refused.refusals):
            # It is about the caller, whatever the row says.
            raise refused
        judged = self.files[draft.place]
        if isinstance(draft.command, DecideBeslut):
            shaken, self._budget_is_shaken = self._budget_is_shaken, True
        else:
            shaken = False
            self._spoil(judged.table.kind.namn, draft)
        for refusal in refused.refusals:
            line = draft.line(refusal.rad)
            is_told = draft.is_broken and self.faults.has(draft.place, line, refusal.kolumn)
            if not is_told and not self._follows(refusal, is_broken=draft.is_broken, is_shaken=shaken):
                value = None if isinstance(refusal, AmountIsTooLarge) else refusal.varde
                note = self._note(refusal, _defined(judged.table.kind.namn, draft.command))
                fault = Fault(judged.table.fil.namn, line, refusal.kolumn, value, refusal, note)
                self.faults.add(draft.place, fault)

    def _spoil(self, kind: str, draft: Draft) -> None:
        if defined := _defined(kind, draft.command):
            self._spoilt[defined[0]].add(defined[1])

    def _follows(self, refusal: Refusal, *, is_broken: bool, is_shaken: bool) -> bool:
        """Whether a refusal only follows from a fault that is told elsewhere."""
        if isinstance(refusal, CodeIsUnknown):
            return refusal.kod in self._spoilt[refusal.sort]
        if isinstance(refusal, ParentIsUnknown):
            return refusal.overordnad in self._spoilt["ansvar"]
        if isinstance(refusal, OwnerIsUnknown):
            return refusal.ansvar in self._spoilt["ansvar"]
        if isinstance(refusal, RadIsUnknown):
            return any(refusal.varde in codes for codes in self._spoilt.values())
        if isinstance(refusal, _OF_BALANCES):
            return is_shaken or is_broken
        return is_broken and isinstance(refusal, _OF_THE_WHOLE)

    def _note(self, refusal: Refusal, defined: tuple[str, str] | None) -> str:
        """Where the other content of a conflict comes from, when it is of these files and not recorded."""
        position = getattr(refusal, "position", None)
        if position in self._where:
            fil, line = self._where[position]
            return phrase(
                " (@{position} är {fil} rad {line}, som läses in samtidigt.)", position=position, fil=fil, line=line
            )
        if defined in self._where and refusal.kind is Kind.CONFLICT:
            fil, line = self._where[defined]
            return phrase(
                " (Det andra innehållet står i {fil} rad {line}, som läses in samtidigt.)", fil=fil, line=line
            )
        return ""


#: What makes drafts of the rows of each kind of file but master data and outcome.
_MAKERS: Final = {
    "budget": budget_file.drafts,
    "prognos": prognos_file.drafts,
    "atgard": atgard_file.drafts,
    "matt": matt_file.matt,
    "matvarde": matt_file.varden,
    "kommentar": prognos_file.comments,
    "mandat": mandat_file.drafts,
    "attest": attest_file.drafts,
}

#: The sort of code that each kind of master data defines.
_SORTS: Final = {"organisation": "ansvar", "verksamhet": "verksamhet", "konto": "konto", "projekt": "projekt"}


def _defined(kind: str, command: Any) -> tuple[str, str] | None:
    """The sort and code that a row of master data defines."""
    sort = _SORTS.get(kind)
    return (sort, getattr(command, "kod" if kind == "verksamhet" else sort)) if sort else None


class TooLarge(Exception):  # noqa: N818 - becomes a refusal of the file
    """A file leads to more facts than one transaction may hold."""

    def __init__(self, place: int, namn: str) -> None:
        """Say which file."""
        self.place = place
        self.namn = namn
        super().__init__(namn)


def _chunks(drafts: list[Draft], largest: int) -> Iterator[list[Draft]]:
    for at in range(0, len(drafts), largest):
        yield drafts[at : at + largest]
