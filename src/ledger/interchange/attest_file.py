"""Files of attestförteckningar: who reviews and who attests for a unit in a year, row by row; substitutes as well.

A blank `fran` or `till` is the first or the last day of the year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.domain.koder import year_span
from ledger.domain.mandat import NameAttestant
from ledger.domain.refusal import Kind, Refusal
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import Draft, Row, rows


def drafts(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The rows of an attestförteckning in its order."""
    seen: dict[tuple[str, int, str, str, date], tuple[int, NameAttestant]] = {}
    for row in rows(table, report):
        command = _named(row)
        if command is None:
            continue
        key = command.ansvar, command.ar, command.uppgift, command.person, command.fran
        line, known = seen.setdefault(key, (row.line, command))
        if known != command:
            row.refuse(AttestStandsTwice(line, kolumn="person"))
        yield Draft(place, command, (row.line,), row.is_broken)


def _named(row: Row) -> NameAttestant | None:
    """What a row says; None where its year or a day cannot be read."""
    ar, fran, till, ersattare = row.year("ar"), row.day("fran"), row.day("till"), row.yes_or_no("ersattare")
    if ar is None:
        return None
    first, last = year_span(ar)
    return NameAttestant(
        row.code("ansvar"), ar, row.code("uppgift"), row.code("person"), fran or first, till or last,
        row.text("funktion"), ersattare or False,
    )  # fmt: skip


@dataclass(slots=True)
class AttestStandsTwice(Refusal):
    """A row of an attestförteckning replaces what was said before, but not what its own file says."""

    kind = Kind.CONFLICT
    line: int

    def sentence(self) -> str:
        """Names the other row."""
        return self.say(
            "Rad {self.line} säger något annat om samma person, uppgift, enhet och första dag: behåll en av raderna.",
        )
