"""The forecasts that count: the newest of each unit or project, unless a unit above has a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from ledger.domain.events import PrognosSubmitted
from tests.oracle.entries import DRIFT, SIGN, Entry
from tests.oracle.organisation import Tree
from tests.oracle.standing import Standing, dated

#: What a forecast is kept by: year, drift or investering, and its unit or project.
Kept: TypeAlias = tuple[int, str, tuple[str, str]]


class Forecast(NamedTuple):
    """A forecast amount of a year."""

    ar: int
    entry: Entry


def counting_forecasts(standing: Sequence[Standing], beslutad: date | None, tree: Tree) -> list[Forecast]:
    """Every amount of the newest prognosdatum of its unit (drift) or project (investment), dated by `beslutad`."""
    rows: dict[Kept, dict[date, list[Entry]]] = {}
    for _, fact in standing:
        if not isinstance(fact, PrognosSubmitted) or not dated(fact.prognosdatum, beslutad):
            continue
        for rad in fact.rader:
            entry = Entry(fact.ansvar, None, None, rad.projekt, rad.slag, SIGN[rad.slag] * rad.belopp_ore)
            kept = (fact.ar, "drift", ("ansvar", fact.ansvar)) if rad.slag in DRIFT else _investment(fact.ar, entry)
            rows.setdefault(kept, {}).setdefault(fact.prognosdatum, []).append(entry)
    newest = {kept: max(by_date) for kept, by_date in rows.items()}
    return [
        Forecast(kept[0], entry)
        for kept, prognosdatum in newest.items()
        if not _set_aside(kept, newest, tree)
        for entry in rows[kept][prognosdatum]
    ]


def _investment(ar: int, entry: Entry) -> Kept:
    return (ar, "investering", entry.key)


def _set_aside(kept: Kept, newest: dict[Kept, date], tree: Tree) -> bool:
    """Whether a unit above, in the tree asked for, has a newer forecast for the year. Projects stand alone."""
    ar, kind, (by, code) = kept
    if by == "projekt":
        return False
    above = [(ar, kind, ("ansvar", unit)) for unit in tree.paths.get(code, [])[1:]]
    return any(unit in newest and newest[unit] > newest[kept] for unit in above)
