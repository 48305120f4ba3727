"""A municipality as the files that `liggare import` takes. The outcome file is written at some 400,000 rows a second.

Rule: contract §4.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.municipality import Municipality
from benchmarks.vouchers import ROWS_A_VOUCHER
from ledger.domain.beslut import DecideBeslut
from ledger.domain.rader import Utfallsrad
from ledger.domain.verifikation import PostVerifikation
from ledger.interchange.columns import FILSLAG

OUTCOME: Final = "utfall.csv"
OUTCOME_HEADER: Final = (
    "bokforingsdatum,ansvar,verksamhet,konto,slag,projekt,motpart,belopp,text,serie,vernr,handelse,rattar\n"
)

#: Vouchers that are put together before they are written.
PAGE: Final = 10_000


def write_master(town: Municipality, folder: Path) -> list[Path]:
    """Write organisation, charts, projects and budget; the files in the order of the contract."""
    rows: dict[str, list[dict[str, Any]]] = {
        "organisation": [_fields(unit) for unit in town.units.rows()],
        "verksamhet": [_fields(code) for code in town.verksamheter],
        "konto": [_fields(code) for code in town.konton],
        "projekt": [_fields(stage) for stage in town.stages()],
        "budget": [row for decision in town.decisions() for row in _movements(decision)],
    }
    paths = []
    for kind in FILSLAG:
        if kind.namn in rows:
            path = folder / f"{kind.namn}.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                columns = (*kind.columns, "ersatt_av") if kind.namn == "organisation" else kind.columns
                writer = csv.DictWriter(stream, columns, restval="", extrasaction="ignore", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows[kind.namn])
            paths.append(path)
    return paths


def write_outcome(town: Municipality, rows: int, folder: Path) -> Path:
    """Write `rows` outcome rows, rounded down to whole vouchers."""
    path = folder / OUTCOME
    vouchers = iter(town.vouchers(rows // ROWS_A_VOUCHER))
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(OUTCOME_HEADER)
        while page := list(islice(vouchers, PAGE)):
            stream.write(_lines(page))
    return path


def _lines(vouchers: Iterable[PostVerifikation]) -> str:
    pieces: list[str] = []
    add = pieces.append
    for voucher in vouchers:
        dag, number = voucher.bokforingsdatum.isoformat(), f"{voucher.serie},{voucher.vernr}"
        rattar = " ".join(map(str, voucher.rattar)) if voucher.rattar else ""
        for rad in voucher.rader:
            add(f"{dag},{_row(rad)},{number},{rad.handelse or ''},{rattar}\n")
    return "".join(pieces)


def _row(rad: Utfallsrad) -> str:
    sign, ore = ("-", -rad.belopp_ore) if rad.belopp_ore < 0 else ("", rad.belopp_ore)
    return (
        f"{rad.ansvar},{rad.verksamhet or ''},{rad.konto},{rad.slag or ''},{rad.projekt or ''},{rad.motpart or ''},"
        f"{sign}{ore // 100}.{ore % 100:02d},{rad.text or ''}"
    )


def _fields(command: Any) -> dict[str, Any]:
    return {name: getattr(command, name) for name in type(command).__dataclass_fields__}


def _movements(decision: DecideBeslut) -> Iterable[dict[str, Any]]:
    head = _fields(decision) | {"typ": decision.typ}
    for movement in decision.rorelser:
        row = {name: value for name, value in movement._asdict().items() if value is not None}
        whole, cents = divmod(abs(movement.belopp_ore), 100)
        row["belopp"] = f"{'-' if movement.belopp_ore < 0 else ''}{whole}.{cents:02d}"
        yield head | row
