"""Files of mandates: a delegation order, row by row.

Rule: KL 6:37–40, 7:5–8. `far` is the kind of decision, or registrera.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain.mandat import GrantMandat
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import Draft, rows


def drafts(place: int, table: Table, report: Report) -> Iterator[Draft]:
    """The mandates of a file in its order: who delegates onward stands after what he delegates from."""
    for row in rows(table, report):
        fran, till, beslutsdatum = row.day("fran"), row.day("till"), row.day("beslutsdatum")
        limit_ore, anmals = row.amount_ore("beloppsgrans"), row.yes_or_no("anmals")
        if fran is None or beslutsdatum is None:
            continue
        command = GrantMandat(
            row.code("far"), row.code("ansvar"), fran, row.code("beslutsorgan"), beslutsdatum, row.text("funktion"),
            row.text("person"), row.text("niva"), limit_ore, till, row.text("paragraf"), row.text("delegationspunkt"),
            anmals or False,
        )  # fmt: skip
        yield Draft(place, command, (row.line,), row.is_broken)
