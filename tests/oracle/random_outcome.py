"""Random vouchers, summary outcome, forecasts, and their own ways of being corrected."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.domain.events import (
    PrognosSubmitted,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from tests.oracle.random_town import BALANCES, COSTS, INCOMES, PROJECTS, VERKSAMHETER, History


def utfallsrad(history: History, ansvar: str) -> Utfallsrad:
    """A row of cost, income or investment; some with an event, investments seldom without a project."""
    rng = history.rng
    slag = rng.choice(("kostnad", "kostnad", "intakt", "utgift", "utgift", "inkomst"))
    konto = {"kostnad": rng.choice(COSTS), "intakt": rng.choice(INCOMES)}.get(slag)
    named = 0.9 if slag in ("utgift", "inkomst") else 0.1
    return Utfallsrad(
        history.ore() * (-1 if slag in ("intakt", "inkomst") else 1),
        ansvar,
        konto,
        slag,
        history.maybe(*VERKSAMHETER),
        projekt=rng.choice(PROJECTS) if rng.random() < named else None,
        handelse="corona" if rng.random() < 0.1 else None,
    )


def voucher(history: History) -> VerifikationPosted:
    """Rows of one day that balance."""
    rng = history.rng
    rader = [utfallsrad(history, history.unit()) for _ in range(rng.randint(1, 3))]
    rader.append(Utfallsrad(-sum(rad.belopp_ore for rad in rader), konto=rng.choice(BALANCES)))
    found = VerifikationPosted("A", str(history.next_number()), history.day(), tuple(rader))
    history.vouchers.append(found)
    return found


def voucher_correction(history: History) -> VerifikationCorrected | None:
    """The inverse of a voucher, later."""
    if not history.vouchers:
        return None
    wrong = history.vouchers.pop(history.rng.randrange(len(history.vouchers)))
    later = wrong.bokforingsdatum + timedelta(days=history.rng.randint(0, 200))
    rader = tuple(rad._replace(belopp_ore=-rad.belopp_ore) for rad in wrong.rader)
    number = str(history.next_number())
    return VerifikationCorrected("A", number, later, rader, wrong.serie, wrong.vernr, wrong.bokforingsdatum)


def reported(history: History) -> UtfallReported:
    """Summary rows of one unit and month."""
    ansvar, first = history.unit(), history.day().replace(day=1)
    rader = _rows(history, ansvar, first, 5)
    found = UtfallReported(first.isoformat()[:7], ansvar, rader)
    history.deliveries[len(history.facts) + 1] = found
    return found


def _rows(history: History, ansvar: str, first: date, most: int) -> tuple[Summarad, ...]:
    return tuple(
        Summarad(first.replace(day=history.rng.randint(1, 28)), utfallsrad(history, ansvar))
        for _ in range(history.rng.randint(1, most))
    )


def leverans(history: History) -> UtfallCorrected | None:
    """A new leverans replaces some rows of an old one; rows that were replaced once are replaced no more."""
    if not history.deliveries:
        return None
    position = history.rng.choice(list(history.deliveries))
    old = history.deliveries.pop(position)
    fore = old.rader[: history.rng.randint(1, len(old.rader))]
    first = old.rader[0].bokforingsdatum.replace(day=1)
    return UtfallCorrected(old.period, old.ansvar, fore, _rows(history, old.ansvar, first, 3), (position,))


def forecast(history: History) -> PrognosSubmitted:
    """A unit's forecast of drift, of a project, or both; units of any level."""
    rng = history.rng
    netto = rng.random() < 0.4
    rader = [Prognosrad(slag, history.ore()) for slag in (("netto",) if netto else ("kostnad", "intakt"))]
    if rng.random() < 0.4:
        projekt = rng.choice(PROJECTS) if rng.random() < 0.9 else None
        rows = [Prognosrad(slag, history.ore(), projekt) for slag in ("utgift", "inkomst")[: rng.randint(1, 2)]]
        rader = rows if rng.random() < 0.5 else rader + rows
    return PrognosSubmitted(history.day(2022, 2026), rng.randint(2022, 2027), history.unit(), tuple(rader))
