"""A municipality's way into a ledger that is empty: its decisions through the choke point, its vouchers as facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from uuid import uuid4

from benchmarks.municipality import Municipality
from ledger.application import Ledger
from ledger.batch import Batch
from ledger.domain.events import VerifikationPosted
from ledger.domain.roll import Caller
from ledger.domain.verifikation import PostVerifikation
from ledger.recording.codec import Encoded, encode
from ledger.recording.store import Append, FactLog

#: Whoever records in a benchmark.
CALLER: Final = Caller("a-1", "ekonom")

#: Facts a batch, as in an import.
PAGE: Final = 10_000


def new_id() -> str:
    """A command id as the house makes them."""
    return str(uuid4())


def found(log: FactLog, town: Municipality) -> Ledger:
    """Record units, charts, projects and budget; the ledger, with its books folded."""
    ledger = Ledger(log)
    ledger.open("Exempelkommun", "0", CALLER)
    batch = Batch(ledger, CALLER, new_id)
    for name, commands in (("organisation", town.master()), ("budget", town.decisions())):
        underlag = batch.take(name, name, f"{name}.csv")
        for command in commands:
            batch.judge(underlag, command)
        batch.record(underlag, (2, len(underlag.facts) + 1))
    ledger.catch_up()
    return ledger


def facts(vouchers: Iterable[PostVerifikation]) -> Iterator[VerifikationPosted]:
    """Vouchers as the facts they lead to; their codes and balances are right by construction."""
    for voucher in vouchers:
        yield VerifikationPosted(voucher.serie, voucher.vernr, voucher.bokforingsdatum, voucher.rader)


def record_facts(log: FactLog, vouchers: Iterable[PostVerifikation]) -> int:
    """Record vouchers as one file, in one transaction, without judging them; the number of facts."""
    append = Append(command_id=new_id(), fields={"fil": "bench"}, actor=CALLER.actor, mandat="oppet/ekonom")
    receipt = log.append_file(_pages(facts(vouchers)), append)
    return receipt.last - receipt.first + 1


def _pages(made: Iterator[VerifikationPosted]) -> Iterator[list[Encoded]]:
    while page := [encode(fact, 1) for fact in islice(made, PAGE)]:
        yield page


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)
