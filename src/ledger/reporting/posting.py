"""The posted rows of facts as columns: what a log gives without making facts, worked out from facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.domain.events import VerifikationPosted
from ledger.reporting.entry import Key
from ledger.reporting.log import Recorded
from ledger.reporting.material import posted


class CodedColumn(NamedTuple):
    """A column of codes: those that occur, None first, and of each row which of them."""

    codes: list[str | None]
    numbers: NDArray[np.int32]


class NoVouchers(NamedTuple):
    """No vouchers as columns: whoever wants any reads them whole."""

    positions: NDArray[np.int64] = np.zeros(0, np.int64)
    numbers: NDArray[np.int64] = np.zeros(0, np.int64)
    stamps: CodedColumn = CodedColumn([None], np.zeros(0, np.int32))


class PostedRows(NamedTuple):
    """Posted rows, one place a row: what `log.Postings` asks for."""

    upto: int
    positions: NDArray[np.int64]
    signs: NDArray[np.int64]
    days: NDArray[np.int64]
    amounts: NDArray[np.int64]
    codes: list[CodedColumn]
    vouchers: NoVouchers = NoVouchers()


def posted_rows(page: Iterable[Recorded], upto: int) -> PostedRows:
    """The posted rows of some facts, which reach to the position `upto`."""
    rows: list[tuple[int, int, int, int]] = []
    keys: list[tuple[str | None, ...]] = []
    for recorded in page:
        serie = recorded.fact.serie if isinstance(recorded.fact, VerifikationPosted) else None
        for sign, day, r in posted(recorded.fact):
            rows.append((recorded.position, sign, day.year * 10000 + day.month * 100 + day.day, r.belopp_ore))
            keys.append((r.ansvar, r.verksamhet, r.konto, r.slag, r.projekt, r.handelse, serie))
    positions, signs, days, amounts = np.array(rows, np.int64).reshape(-1, 4).T
    return PostedRows(upto, positions, signs, days, amounts, coded(keys, len(Key._fields) + 1))


def coded(keys: Sequence[tuple[str | None, ...]], width: int) -> list[CodedColumn]:
    """Keys of so many codes as columns; codes in order of first appearance after None."""
    columns: list[CodedColumn] = []
    for told in zip(*keys, strict=True) if keys else [()] * width:
        number_of = {code: n for n, code in enumerate(dict.fromkeys((None, *told)))}
        columns.append(CodedColumn(list(number_of), np.array([number_of[code] for code in told], np.int32)))
    return columns
