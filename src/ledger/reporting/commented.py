"""Which rows of every report words can be written to: all that the answer to some question about it can have.

Whoever judges a comment is told it before there is a question (domain/rapportrader.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.domain.rapportrader import Rapportrader
from ledger.reporting.report import LEVELS, Report, Table
from ledger.reporting.tables.layout import OFORDELAT, SUMMA
from ledger.reporting.tables.layout_drift import INVESTERINGAR_NETTO, POST
from ledger.reporting.tables.layout_investering import BOKFORANDE, FARDIGSTALLDA, PAGAENDE, STORA
from ledger.reporting.tables.specification import SORTS

#: What a net amount is split in.
DRIFT = ("varav_kostnader", "varav_intakter")
INVESTERING = ("varav_utgifter", "varav_inkomster")

#: Where groups of projects stand under headings.
PLACES = ("fardigstallda", "pagaende", "projekt", "stora")


def rows_of_reports(reports: Iterable[Report]) -> dict[str, Rapportrader]:
    """The rows of every report, by its name; none of a list."""
    return {report.name: Rapportrader(tuple(dict.fromkeys(_forms(report.table)))) for report in reports}


def _forms(table: Table | None) -> Iterator[str]:
    if table is None:
        return
    units = {*LEVELS, BOKFORANDE}
    yield from ("{ansvar}" if per in units else f"{{{per}}}" for per in table.per)
    made = {"drift": _drift, "investering": _investering, "lage": _lage}[table.of]
    yield from made(table)


def _drift(table: Table) -> Iterator[str]:
    if not table.only_sums:
        yield OFORDELAT
    yield from (SUMMA, *DRIFT, *(f"{{ansvar}}.{row}" for row in DRIFT))
    if POST in table.per:
        yield "{ansvar}.rubrik"
    if table.investments_at_foot:
        yield from (INVESTERINGAR_NETTO, f"{{ansvar}}.{INVESTERINGAR_NETTO}")
    if table.specification:
        yield from (f"{{ansvar}}.{sort}.{{n}}" for sort in SORTS)
    if table.earlier_frame:
        yield "ram_{dag}"


def _investering(table: Table) -> Iterator[str]:
    sections = (FARDIGSTALLDA, PAGAENDE) if table.by_status else ()
    yield from (OFORDELAT, *sections, SUMMA, *INVESTERING, STORA)
    yield from (f"{place}.{{grupp}}.rubrik" for place in PLACES)


def _lage(_table: Table) -> Iterator[str]:
    yield from (OFORDELAT, SUMMA, "{ansvar}.rubrik")
