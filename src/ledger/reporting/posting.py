"""The posted rows of facts as columns: what a log gives without making facts, worked out from facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.domain.events import VerifikationPosted
from ledger.reporting.log import Recorded
from ledger.reporting.material import posted


class PostedRows(NamedTuple):
    """Posted rows, one place a row: what `log.Postings` asks for."""

    upto: int
    positions: list[int]
    signs: list[int]
    days: list[int]
    keys: list[tuple[str | None, ...]]
    amounts: list[int]
    serier: list[str | None]


def posted_rows(page: Iterable[Recorded], upto: int) -> PostedRows:
    """The posted rows of some facts, which reach to the position `upto`."""
    rows = PostedRows(upto, [], [], [], [], [], [])
    for recorded in page:
        serie = recorded.fact.serie if isinstance(recorded.fact, VerifikationPosted) else None
        for sign, day, r in posted(recorded.fact):
            rows.positions.append(recorded.position)
            rows.signs.append(sign)
            rows.days.append(day.year * 10000 + day.month * 100 + day.day)
            rows.keys.append((r.ansvar, r.verksamhet, r.konto, r.slag, r.projekt, r.handelse))
            rows.amounts.append(r.belopp_ore)
            rows.serier.append(serie)
    return rows
