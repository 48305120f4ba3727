"""Which rows a table has, and on which of them an entry lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.oracle.asked import Asked
from tests.oracle.entries import Entry
from tests.oracle.question import UnanswerableError

#: `per` by level of the organisation: the levels that make a row.
LEVELS: Final = {
    "namnd": ("namnd",),
    "forvaltning": ("forvaltning",),
    "stab": ("stab", "avdelning"),
    "avdelning": ("avdelning",),
    "enhet": ("enhet",),
    "post": ("post",),
}
#: `per` by another part of the kodsträng.
CODES: Final = ("verksamhet", "konto", "projekt")

UNPLACED: Final = "ofordelat"


def check_per(per: str, *, investments: bool) -> None:
    """Refuse a grouping that the report does not have."""
    if per not in LEVELS and per not in CODES and not (per == "bokforande" and investments):
        msg = f"no grouping {per}"
        raise UnanswerableError(msg)


def resultat_unit(asked: Asked, branch: Sequence[str]) -> str | None:
    """The highest unit with the rule resultat on the way up, where the table itself shows net cost."""
    if asked.resultat:
        return None
    return next((unit for unit in reversed(branch) if asked.tree.resultat[unit]), None)


def level_unit(asked: Asked, branch: Sequence[str]) -> str | None:
    """The unit of level `per` that amounts are shown on: the highest; of posts, which all show, the nearest."""
    levels = LEVELS[asked.question.per]
    units = [unit for unit in branch if asked.tree.niva[unit] in levels]
    if not units:
        return None
    return units[0] if asked.question.per == "post" else units[-1]


def code_of(entry: Entry, per: str) -> str | None:
    """The part of the kodsträng that makes the row."""
    return {"verksamhet": entry.verksamhet, "konto": entry.konto, "projekt": entry.projekt}[per]


def drift_row(asked: Asked, entry: Entry) -> str | None:
    """The row below `summa` that a drift amount is shown on."""
    branch = asked.branch(entry.ansvar)
    per = asked.question.per
    return level_unit(asked, branch) if per in LEVELS else code_of(entry, per)


def place_drift(asked: Asked, entry: Entry) -> list[str]:
    """Where a drift amount lies: on a resultat unit that stands apart, or in `summa` and on a row or unplaced."""
    branch = asked.branch(entry.ansvar)
    if not branch:
        return []
    apart = resultat_unit(asked, branch)
    return [apart] if apart else ["summa", drift_row(asked, entry) or UNPLACED]


def place_in_summa(asked: Asked, entry: Entry, *, owner: bool) -> list[str]:
    """Where an amount lies in a report that has only sums: nowhere, if its unit stands apart."""
    branch = asked.branch(asked.owner(entry) if owner else entry.ansvar)
    return ["summa"] if branch and not resultat_unit(asked, branch) else []


def place_apart(asked: Asked, unit: str) -> list[str]:
    """The resultat unit that stands apart and that another lies under, where it does."""
    apart = resultat_unit(asked, asked.branch(unit))
    return [apart] if apart else []


def place_investment(asked: Asked, entry: Entry, large: set[str]) -> list[str]:
    """Where an investment lies: by the unit that owns its project, or by the unit that booked it."""
    per = asked.question.per
    unit = entry.ansvar if per == "bokforande" else asked.owner(entry)
    branch = asked.branch(unit)
    if not branch:
        return []
    if entry.projekt in large:
        return ["summa_stora", *([entry.projekt] if per == "projekt" and entry.projekt else [])]
    projekt = asked.projects.get(entry.projekt) if entry.projekt else None
    of_status = [] if projekt is None else [status_sum(projekt.status)]
    if per == "bokforande":
        row: str | None = unit
    elif per in LEVELS:
        row = resultat_unit(asked, branch) or level_unit(asked, branch)
    else:
        row = code_of(entry, per)
    return ["summa", *of_status, row or UNPLACED]


def status_sum(status: str) -> str:
    """The sum that a project's status puts it in."""
    return "summa_pagaende" if status in ("beslutat", "pagaende") else "summa_fardigstallda"


def unit_rows(asked: Asked) -> tuple[list[str], list[str]]:
    """The units that can be rows, as recorded: those of level `per`, and the resultat units that stand apart."""
    plain, apart = [], []
    for unit in asked.tree.paths:
        branch = asked.branch(unit)
        if not branch:
            continue
        if resultat := resultat_unit(asked, branch):
            apart.extend([unit] if resultat == unit else [])
        elif asked.question.per in LEVELS and level_unit(asked, branch) == unit:
            plain.append(unit)
    return plain, apart
