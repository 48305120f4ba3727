"""Avvisade försök: who was refused what, by which rule and when. What the attempt held is not kept.

Reader: revisor and internal control.    Rule: KL 6:6 (the nämnd sees to it that internal control is sufficient).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from ledger.domain.events_behorighet import ForsokRefused
from ledger.reporting.projection import (
    Asking,
    Cell,
    Filter,
    Listed,
    Listrad,
    Register,
    Report,
    listed,
    local_day,
    phrase,
)


class Trace(NamedTuple):
    """That a fact is of this report; what it says is read in the log."""

    regel: str


def rows(fact: object) -> Iterator[Listed]:
    """Refused attempts."""
    if isinstance(fact, ForsokRefused):
        yield Listed("forsok", Trace(fact.regel))


ATTEMPTS: Final = Register("avvisade", Trace, rows, postings=False)


def attempts(asking: Asking) -> Iterator[Listrad]:
    """The attempts, newest first."""
    wanted = {name: asking.filter(name) for name in ("vem", "regel") if asking.filter(name)}
    for one in reversed(asking.traces(ATTEMPTS, "forsok")):
        fact = one.fact
        day = local_day(one.recorded_at)
        if not isinstance(fact, ForsokRefused) or not asking.dated(day):
            continue
        cells: dict[str, Cell] = {
            "recorded_at": one.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "vem": one.actor,
            "kommando": fact.kommando,
            "regel": fact.regel,
            "slag": fact.slag,
            "antal": fact.antal,
        }
        if all(cells[name] == value for name, value in wanted.items()):
            yield Listrad(f"@{one.position}", fact.regel, cells)


def listing(asking: Asking) -> Iterator[Listrad]:
    """How many attempts each caller has made, then the attempts."""
    found = list(attempts(asking))
    by_caller: Counter[str] = Counter()
    for row in found:
        by_caller[str(row.celler["vem"])] += int(row.celler["antal"] or 0)
    yield Listrad("personer", phrase("Per person"), {"antal": sum(by_caller.values())}, 0, "rubrik")
    for vem, antal in by_caller.most_common():
        yield Listrad(f"person.{vem}", vem, {"vem": vem, "antal": antal})
    yield Listrad("forsok", phrase("Försök, senast först"), {"antal": len(found)}, 0, "rubrik")
    yield from found


REPORT = Report(
    name="avvisade",
    rubrik="Avvisade försök",
    beskrivning="Vem som nekades vad, av vilken regel och när.",
    columns=(
        listed("recorded_at", "När (UTC)", "tid"),
        listed("vem", "Vem"),
        listed("kommando", "Försökte"),
        listed("regel", "Regel"),
        listed("slag", "Slag"),
        listed("antal", "Antal", "antal"),
    ),
    listing=listing,
    filters=(
        Filter("vem", "vem som försökte, till exempel a-17"),
        Filter("regel", "regelns namn, till exempel ProposalIsOnesOwn"),
    ),
    material=(ATTEMPTS,),
    notes=(
        "Försök noteras från det första mandatet. Upprepas de tätt räknas de samman i nästa rad (Antal).",
        "Vad försöket innehöll sparas inte.",
    ),
)
