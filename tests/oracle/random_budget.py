"""Random budget decisions of all nine kinds, proposals, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

from ledger.domain.events import DECISIONS, Beslut, ForslagMade, ForslagRejected
from ledger.domain.rorelse import Rorelse
from tests.oracle.random_town import COSTS, INCOMES, PROJECTS, VERKSAMHETER, History

Movements: TypeAlias = list[Rorelse]

#: Days on which most rounds open, so that several decisions make one round.
BUDGET_DAYS: Final = (*(date(year, 11, 28) for year in range(2021, 2026)), date(2024, 6, 18), date(2025, 6, 17))


def years(history: History, most: int) -> range:
    """A year and up to some plan years after it."""
    first = history.rng.randint(2022, 2026)
    return range(first, first + history.rng.randint(1, most))


def budget(history: History) -> Movements:
    """Frames for nämnder (seldom another unit), the year and plan years."""
    rng = history.rng
    units = {history.unit("namnd") if rng.random() < 0.85 else history.unit() for _ in range(rng.randint(1, 3))}
    span = years(history, 4)
    return [
        Rorelse(history.ore(), rng.choice(("netto", "netto", "netto", "kostnad")), ar, till_ansvar=unit)
        for unit in sorted(units)
        for ar in span
    ]


def investment(history: History, ar: int, *, named: float = 0.9) -> Rorelse:
    """Money for a project, or with no project named for a unit."""
    rng = history.rng
    projekt = rng.choice(PROJECTS) if rng.random() < named else None
    slag = rng.choice(("utgift", "utgift", "utgift", "inkomst"))
    return Rorelse(history.ore() * rng.choice((1, 1, 20)), slag, ar, till_ansvar=history.unit(), projekt=projekt)


def investeringsram(history: History) -> Movements:
    """Frames of the year and plan years."""
    return [investment(history, ar) for ar in years(history, 3) for _ in range(history.rng.randint(1, 2))]


def totalutgift(history: History) -> Movements:
    """Decided totals; some replace what was decided before."""
    rng = history.rng
    return [
        investment(history, rng.randint(2022, 2026), named=1.0)._replace(ersatter=rng.choice((None, None, True)))
        for _ in range(rng.randint(1, 3))
    ]


def ramjustering(history: History) -> Movements:
    """More or less for a unit or a project, in either direction; seldom for a month."""
    rng = history.rng
    ar = rng.randint(2022, 2027)
    if rng.random() < 0.3:
        return [investment(history, ar)]
    slag = rng.choice(("netto", "netto", "kostnad", "intakt"))
    verksamhet = history.maybe(*VERKSAMHETER)
    fran, till = (None, history.unit()) if rng.random() < 0.7 else (history.unit(), None)
    period = rng.randint(1, 12) if rng.random() < 0.15 else None
    return [Rorelse(history.ore(), slag, ar, fran, till, verksamhet, period=period, text="ändrad ram")]


def internbudget(history: History) -> Movements:
    """A nämnd gives to units below."""
    rng, namnd = history.rng, history.unit("namnd")
    ar = rng.randint(2022, 2026)
    return [
        Rorelse(
            history.ore(),
            "netto",
            ar,
            namnd,
            history.unit("forvaltning", "stab", "avdelning"),
            history.maybe(*VERKSAMHETER),
            history.maybe(*VERKSAMHETER),
        )
        for _ in range(rng.randint(1, 4))
    ]


def omfordelning(history: History) -> Movements:
    """From unit to unit within a year."""
    rng = history.rng
    slag = rng.choice(("netto", "netto", "kostnad", "utgift"))
    projekt = rng.choice(PROJECTS) if slag == "utgift" else None
    ar, verksamhet = rng.randint(2022, 2027), history.maybe(*VERKSAMHETER)
    return [Rorelse(history.ore(), slag, ar, history.unit(), history.unit(), verksamhet, projekt=projekt)]


def ombudgetering(history: History) -> Movements:
    """Unused frame of a project, carried over to the next year."""
    ar, unit, projekt = history.rng.randint(2022, 2025), history.unit(), history.rng.choice(PROJECTS)
    return [Rorelse(abs(history.ore()), "utgift", ar, unit, unit, projekt=projekt, till_ar=ar + 1)]


def detaljbudget(history: History) -> Movements:
    """Cost and income by account, within a unit or to one of its posts."""
    rng, unit, ar = history.rng, history.unit(), history.rng.randint(2022, 2027)
    movements = []
    for _ in range(rng.randint(1, 5)):
        slag = rng.choice(("kostnad", "kostnad", "intakt", "netto"))
        konto = {"kostnad": rng.choice(COSTS), "intakt": rng.choice(INCOMES), "netto": None}[slag]
        till = unit if slag != "netto" and rng.random() < 0.6 else history.unit("post", "enhet")
        verksamhet = history.maybe(*VERKSAMHETER)
        period = rng.randint(1, 12) if rng.random() < 0.1 else None
        row = Rorelse(history.ore(), slag, ar, unit, till, verksamhet, konto=konto, period=period)
        movements.append(row)
    return movements


def periodisering(history: History) -> Movements:
    """A lump falls on months: all of it in one month or two, or some on every month."""
    rng, unit = history.rng, history.unit()
    slag, konto = rng.choice((("netto", None), ("kostnad", rng.choice(COSTS)), ("intakt", rng.choice(INCOMES))))
    row = Rorelse(0, slag, rng.randint(2022, 2026), unit, unit, history.maybe(*VERKSAMHETER), konto=konto)
    months = rng.choice((range(1, 13), rng.sample(range(1, 13), 2)))
    return [row._replace(belopp_ore=history.ore(), period=month) for month in months]


MAKERS: Final[dict[str, Callable[[History], Movements]]] = {
    "budget": budget,
    "investeringsram": investeringsram,
    "totalutgift": totalutgift,
    "ramjustering": ramjustering,
    "internbudget": internbudget,
    "omfordelning": omfordelning,
    "ombudgetering": ombudgetering,
    "detaljbudget": detaljbudget,
    "periodisering": periodisering,
}


def decision(history: History, typ: str | None = None) -> Beslut:
    """A decision of any kind with a paragraph of its own, dated before, in or after its year."""
    rng = history.rng
    typ = typ or rng.choice(list(MAKERS))
    on_budget_day = rng.random() < (0.8 if typ in ("budget", "investeringsram") else 0.2)
    dag = rng.choice(BUDGET_DAYS) if on_budget_day else history.day(2021, 2026)
    return DECISIONS[typ]("kommunfullmäktige", dag, tuple(MAKERS[typ](history)), paragraf=str(history.next_number()))


def proposal(history: History) -> ForslagMade:
    """A decision that is not yet taken, with a diary number of its own."""
    beslut = decision(history)
    diarienummer = f"KS 2024-{beslut.paragraf}"
    history.proposals.append((beslut.typ, diarienummer))
    return ForslagMade(replace(beslut, diarienummer=diarienummer, paragraf=None))


def proposal_end(history: History) -> Beslut | ForslagRejected | None:
    """A proposal is decided, as it was or otherwise, or turned down."""
    if not history.proposals:
        return None
    typ, diarienummer = history.proposals.pop(history.rng.randrange(len(history.proposals)))
    if history.rng.random() < 0.5:
        return ForslagRejected(typ, diarienummer, "kommunfullmäktige", history.day(2022, 2026))
    return replace(decision(history, typ), forslag=diarienummer)
