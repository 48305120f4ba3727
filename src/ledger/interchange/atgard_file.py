"""Files of kostnadsreducerande åtgärder: a row is an åtgärd in one year, as it is from a day on."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain.atgard import ChangeAtgard
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import Draft, rows


def drafts(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The åtgärder of a file, row by row."""
    for row in rows(table, report):
        ar, day = row.year("ar"), row.day("statusdatum")
        amount, effect = row.amount_ore("belopp"), row.amount_ore("effekt")
        if ar is None or day is None:
            continue
        command = ChangeAtgard(
            row.code("atgard"), row.code("namn"), row.code("ansvar"), ar, row.code("status"), day, amount or 0, effect,
            row.text("kategori"), row.text("text"),
        )  # fmt: skip
        yield Draft(place, command, (row.line,), row.is_broken)
