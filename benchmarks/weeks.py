"""The municipality week by week: everything it registers, in the order in which it does.

Budget decisions, reorganisations, projects, forecasts three times a year, comments, monthly leveranser of summary rows
(some of them replaced later), corrections of wrong registrations, and the week's vouchers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from benchmarks.municipality import LAST_YEAR, Municipality
from benchmarks.units import AHEAD
from ledger.domain.beslut import DecideBeslut, DecideRamjustering
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.utfall import ReportUtfall
from ledger.domain.verifikation import PostVerifikation

WEEK: Final = timedelta(7)
MKR: Final = 1_000_000_00

#: Months through which forecasts are given and comments written, on the twelfth of the next.
FORECASTS: Final = (3, 8, 10)
#: Every so many units on the lower levels comments its row.
COMMENTED_EVERY: Final = 20
#: Rows of a leverans; every so many leveranser is replaced by another.
LEVERANS_ROWS, REPLACED_EVERY = 6, 20
#: Which ramjustering of a year was wrongly registered, every so many years.
WRONG, WRONG_EVERY = 50, 4


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision was registered wrongly: what is known of the wrong one, and the right one."""

    wrong: DecideBeslut
    right: DecideBeslut


class Week(NamedTuple):
    """What is registered up to a moment since the one before: commands, then vouchers."""

    moment: datetime
    commands: list[Any]
    vouchers: list[PostVerifikation]


def weeks(town: Municipality, vouchers: int) -> Iterator[Week]:
    """All weeks, the first with what there was before the first voucher."""
    made = sorted(_dated(town), key=lambda one: one[0])
    posted = town.vouchers(vouchers)
    at, day = 0, town.first_day - timedelta(1)
    while True:
        until = at
        while until < len(made) and made[until][0] <= day:
            until += 1
        yield Week(
            datetime.combine(day, time(17), UTC), [command for _, command in made[at:until]], posted.through(day)
        )
        if day >= town.last_day + AHEAD:
            return
        at, day = until, day + WEEK


def _dated(town: Municipality) -> Iterator[tuple[date, Any]]:
    """Every command but vouchers with the day on which it is registered; those of one day in the order of the files."""
    first = min(day for day, _ in town.budgeting.year(town.first_year)) - timedelta(60)
    yield from ((first, command) for command in town.charts())
    yield from ((registered, row) for registered, _, rows in town.units.reorganisations for row in rows)
    yield from ((stage.statusdatum, stage) for stage in town.stages())
    for year in range(town.first_year, LAST_YEAR + 1):
        yield from _decided(town, year)
        yield from _forecast(town, year)
        yield from _delivered(town, year)


def _decided(town: Municipality, year: int) -> Iterator[tuple[date, Any]]:
    """The decisions of a year; some were registered with another amount than was decided, and are put right."""
    frames = 0
    for day, beslut in town.budgeting.year(year):
        frames += isinstance(beslut, DecideRamjustering)
        if isinstance(beslut, DecideRamjustering) and frames == WRONG and year % WRONG_EVERY == WRONG_EVERY - 1:
            row = beslut.rorelser[0]
            wrong = replace(beslut, rorelser=(row._replace(belopp_ore=10 * row.belopp_ore),))
            yield day, wrong
            yield day + timedelta(40), Correction(wrong, beslut)
        else:
            yield day, beslut


def _forecast(town: Municipality, year: int) -> Iterator[tuple[date, Any]]:
    """Forecasts of förvaltningar, staber, avdelningar and projects, and comments to them."""
    rng = random.Random(f"{town.seed}/prognos/{year}")  # noqa: S311 - a seeded municipality, no secret
    for month in FORECASTS:
        day, given = date(year, month, 28), date(year, month + 1, 12)
        units = town.units.on(day)
        running: dict[str, list[Prognosrad]] = {}
        for p in town.projects:
            if p.startar and p.slutar and p.startar <= day <= p.slutar:
                row = Prognosrad("utgift", rng.randrange(1, 40) * MKR, p.projekt)
                running.setdefault(p.ansvar, []).append(row)
        for n, (code, unit) in enumerate(units.items()):
            rows = tuple(running.get(code, ()))
            if unit.niva in ("forvaltning", "stab", "avdelning"):
                rows = (Prognosrad("netto", rng.randrange(10, 90) * MKR), *rows)
            if rows:
                yield given, SubmitPrognos(day, year, code, rows)
            if unit.niva == "namnd" or n % COMMENTED_EVERY == 0:
                text = f"Avvikelsen beror på {rng.choice(('volymer', 'priser', 'vakanser', 'index'))}."
                yield given, WriteKommentar(year, month, "driftsammandrag", code, text)


def _delivered(town: Municipality, year: int) -> Iterator[tuple[date, Any]]:
    """The leveranser of the staber: one a month, the week after; some are replaced two months later."""
    rng = random.Random(f"{town.seed}/utfall/{year}")  # noqa: S311 - as above
    staber = [unit.ansvar for unit in town.units.founded if unit.niva == "stab"]
    for month in range(1, 13):
        day = date(year, month, 28)
        for code in staber:
            costs = rng.sample(town.desks.strings[code][0], LEVERANS_ROWS)
            rows = tuple(Summarad(day, Utfallsrad(rng.randrange(1, 20) * MKR // 10, code, *k)) for k in costs)
            leverans = ReportUtfall(f"{year}-{month:02d}", code, rows)
            yield day + timedelta(12), leverans
            if rng.randrange(REPLACED_EVERY) == 0:
                changed = rows[0]._replace(rad=rows[0].rad._replace(belopp_ore=rows[0].rad.belopp_ore + MKR))
                yield day + timedelta(70), replace(leverans, rader=(changed, *rows[1:]), ersatt=True)
