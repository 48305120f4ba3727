"""Vouchers as the journals of plain-text bookkeeping programs, and how these are asked for a balance."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from benchmarks.units import FOUNDED
from ledger.domain.rader import Utfallsrad
from ledger.domain.verifikation import PostVerifikation
from ledger.reporting.stored.cube import Window

#: The words of the programs for what an account is.
ACCOUNTS: Final = {"kostnad": "Expenses", "intakt": "Income", "utgift": "Assets:Utgift", "inkomst": "Assets:Inkomst"}
BALANCE: Final = "Liabilities:Balans"

Write = Callable[[Sequence[PostVerifikation], Path], None]
#: The command that answers for a file, from a day to the day after the last.
Command = Callable[[Path, str, str], list[str]]


def write_ledger(vouchers: Sequence[PostVerifikation], path: Path) -> None:
    """The form that hledger and ledger share."""
    with path.open("w", encoding="utf-8") as stream:
        for voucher in vouchers:
            stream.write(f"{voucher.bokforingsdatum} {voucher.serie} {voucher.vernr}\n{_postings(voucher)}\n")


def write_beancount(vouchers: Sequence[PostVerifikation], path: Path) -> None:
    """The form of beancount: every account is opened first."""
    accounts = sorted({_account(rad) for voucher in vouchers for rad in voucher.rader})
    with path.open("w", encoding="utf-8") as stream:
        for account in accounts:
            stream.write(f"{FOUNDED} open {account}\n")
        for voucher in vouchers:
            stream.write(f'{voucher.bokforingsdatum} * "{voucher.serie} {voucher.vernr}"\n{_postings(voucher)}\n')


def balance(command: Command, path: Path, window: Window) -> str:
    """What a program says of the months of a window. Errors: RuntimeError with what it complains of."""
    first = date(window.first // 100, 1, 1)
    last = date(window.last // 100, window.last % 100, 28) + timedelta(4)
    done = subprocess.run(
        command(path, first.isoformat(), last.replace(day=1).isoformat()), capture_output=True, text=True, check=False
    )
    if done.returncode or not done.stdout:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def _postings(voucher: PostVerifikation) -> str:
    return "".join(f"  {_account(rad)}  {_kronor(rad.belopp_ore)} SEK\n" for rad in voucher.rader)


def _account(rad: Utfallsrad) -> str:
    return f"{ACCOUNTS[rad.slag]}:{rad.ansvar}" if rad.slag else BALANCE


def _kronor(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def _hledger(path: Path, first: str, last: str) -> list[str]:
    return ["hledger", "-f", str(path), "balance", "--flat", "-N", "-b", first, "-e", last]


def _ledger(path: Path, first: str, last: str) -> list[str]:
    return ["ledger", "-f", str(path), "balance", "--flat", "--no-total", "-b", first, "-e", last]


def _beancount(path: Path, first: str, last: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.peer_beancount", str(path), first, last]


PROGRAMS: Final[tuple[tuple[str, Write, Command], ...]] = (
    ("hledger", write_ledger, _hledger),
    ("ledger", write_ledger, _ledger),
    ("beancount", write_beancount, _beancount),
)
