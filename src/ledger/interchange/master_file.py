"""Files of master data: organisation, verksamhet, konto, projekt – one command a row.

Rule: contract §4 – a `till` the day before the same unit's next `fran` only ends that version; units are judged so that
earlier versions and the units that a row names come first, wherever in the files they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ledger.domain.investering import ChangeProjekt
from ledger.domain.kontoplan import DefineKonto, DefineVerksamhet
from ledger.domain.organisation import RegisterUnit
from ledger.domain.versions import DAY
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import Draft, Row, rows


def drafts(place: int, table: Table, report: Report, spoilt: set[str]) -> Iterator[Draft]:
    """One draft a row. Codes of rows that cannot become one are added to `spoilt`."""
    make = _MAKERS[table.kind.namn]
    for row in rows(table, report):
        command = make(row)
        if command is None or row.is_broken:
            spoilt.add(row.code(table.kind.columns[0]))
        if command is not None:
            yield Draft(place, command, (row.line,), row.is_broken)


def _unit(row: Row) -> RegisterUnit | None:
    fran, till = row.day("fran"), row.day("till")
    if fran is None:
        return None
    return RegisterUnit(
        row.code("ansvar"), row.code("namn"), row.code("niva"), fran, row.text("overordnad"), till,
        row.text("teckenregel"), row.text("ersatt_av"),
    )  # fmt: skip


def _verksamhet(row: Row) -> DefineVerksamhet | None:
    fran, till = row.day("fran"), row.day("till")
    return None if fran is None else DefineVerksamhet(row.code("kod"), row.code("namn"), fran, till)


def _konto(row: Row) -> DefineKonto | None:
    fran, till = row.day("fran"), row.day("till")
    return None if fran is None else DefineKonto(row.code("konto"), row.code("namn"), row.code("slag"), fran, till)


def _projekt(row: Row) -> ChangeProjekt | None:
    statusdatum, startar, slutar = row.day("statusdatum"), row.day("startar"), row.day("slutar")
    if statusdatum is None:
        return None
    return ChangeProjekt(
        row.code("projekt"), row.code("namn"), row.code("ansvar"), row.code("status"), statusdatum,
        row.text("grupp"), startar, slutar,
    )  # fmt: skip


_MAKERS = {"organisation": _unit, "verksamhet": _verksamhet, "konto": _konto, "projekt": _projekt}


def in_order_of_units(given: Iterable[Draft]) -> list[Draft]:
    """Rows of organisation files in an order in which each can be judged, otherwise as they stand.

    A row comes after its unit's earlier versions, and after the rows of the units it names that begin no later
    (or their first row, where all begin later).
    """
    versions: dict[str, list[Draft]] = defaultdict(list)
    drafts = list(given)
    for draft in drafts:
        versions[draft.command.ansvar].append(draft)
    for same in versions.values():
        same.sort(key=lambda draft: draft.command.fran)
    ended = {id(draft): _without_end(draft, versions[draft.command.ansvar]) for draft in drafts}
    ordered: list[Draft] = []
    begun: set[int] = set()
    for start in drafts:
        stack = [(start, iter(_needed(start, versions)))] if id(start) not in begun else []
        begun.add(id(start))
        while stack:
            draft, needed = stack[-1]
            for first in needed:
                if id(first) not in begun:
                    begun.add(id(first))
                    stack.append((first, iter(_needed(first, versions))))
                    break
            else:
                ordered.append(ended[id(draft)])
                stack.pop()
    return ordered


def _needed(draft: Draft, versions: dict[str, list[Draft]]) -> Iterator[Draft]:
    """The rows that are judged before a row."""
    unit: RegisterUnit = draft.command
    yield from (other for other in versions[unit.ansvar] if other.command.fran < unit.fran)
    for code in (unit.overordnad, unit.ersatt_av):
        if code and code != unit.ansvar and (known := versions.get(code)):
            yield from [other for other in known if other.command.fran <= unit.fran] or known[:1]


def _without_end(draft: Draft, same: Sequence[Draft]) -> Draft:
    """A row without its `till` where that only ends a version before the unit's next."""
    unit: RegisterUnit = draft.command
    if unit.till is None or unit.ersatt_av or unit.till < unit.fran:
        return draft
    goes_on = any(other.command.fran == unit.till + DAY for other in same)
    return draft._replace(command=replace(unit, till=None)) if goes_on else draft
