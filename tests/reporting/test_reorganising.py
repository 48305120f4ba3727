"""Facts on organisation and projects move the same figures however many are taken together.

Stretches in which only projects or only units change are followed; the same stretches sheet by sheet are what they are
compared with.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.domain.events import UnitClosed, UnitMerged
from ledger.domain.fact import Fact
from ledger.reporting.explaining import reorganising
from ledger.reporting.explaining.moving_units import MovingUnits
from ledger.reporting.explaining.reorganising import Reorganising
from ledger.reporting.explaining.skillnad import Difference
from ledger.reporting.explaining.stepping import Step, Values
from ledger.reporting.rules.asked import Asked, Question
from tests.oracle.generator import random_facts
from tests.reporting.asking import Desk
from tests.reporting.test_differences import FACTS, SEED, pairs
from tests.reporting.test_oracle_agrees import DEEP
from tests.reporting.town import budget, investeringsprognos, prognos, projekt, unit, utfall
from tests.reporting.town import moved as reorganised

#: Positions after the outcome and forecasts, after the units, and after all projects have begun and ended.
FIGURES, UNITS, ALL = 61, 101, 181

UNITS_OF_TOWN = 40


def imported_late() -> list[Fact]:
    """Outcome and forecasts on projects first, then forty units and forty projects in one go, then all projects end."""
    rng = random.Random(SEED)  # noqa: S311 - seeded figures
    units = [unit(f"N{n:02}", "namnd", "KN") for n in range(40)]
    figures: list[Fact] = []
    for n in range(60):
        code, owner, kronor = f"P{n % 40:02}", f"N{rng.randrange(40):02}", rng.randint(-900, 900)
        if n < 20:
            figures.append(investeringsprognos("2024-05-31", 2024, owner, code, kronor))
        else:
            figures.append(utfall("2024-03-31", owner, kronor, "utgift", projekt=code))
    begun = [projekt(f"P{n:02}", f"N{rng.randrange(40):02}", "pagaende", "2024-01-01") for n in range(40)]
    ended = [projekt(f"P{n:02}", f"N{rng.randrange(40):02}", "fardigstallt", "2024-06-30") for n in range(40)]
    return [unit("KN", "kommun", None), *figures, *units, *begun, *ended]


def units_late() -> list[Fact]:
    """Budgets, forecasts and outcome first, then forty units, and then units that move, cease and change their rule."""
    rng = random.Random(SEED)  # noqa: S311 - seeded figures
    codes = [f"U{n:02}" for n in range(UNITS_OF_TOWN)]
    decided = "2022-11-20", "2023-11-20", "2024-02-01"
    facts: list[Fact] = [unit("KN", "kommun", None)]
    facts += [budget(day, **{code: (2024, rng.randint(1, 900)) for code in rng.sample(codes, 12)}) for day in decided]
    for n in range(60):
        code, kronor = rng.choice(codes), rng.randint(1, 900)
        slag = rng.choice(("kostnad", "intakt"))
        dated = f"2024-{rng.randint(1, 12):02}-28"
        facts.append(prognos(dated, 2024, code, (slag, kronor)) if n % 3 else utfall(dated, code, kronor, slag))
    for n, code in enumerate(codes):
        rule = rng.choice((None, None, None, "nettokostnad", "resultat")) if n > 3 else None
        facts.append(unit(code, *_level_and_above(rng, n), teckenregel=rule))
    for n in range(40):
        at = rng.randrange(UNITS_OF_TOWN)
        day = rng.choice(("2020-01-01", "2023-03-01", "2024-06-01", "2030-01-01"))
        if n % 5 == 4:
            till = date.fromisoformat(day)
            facts.append(rng.choice((UnitClosed(codes[at], till), UnitMerged(codes[at], till, codes[at - 1]))))
        else:
            rule = rng.choice((None, None, None, "nettokostnad", "resultat"))
            facts.append(reorganised(codes[at], *_level_and_above(rng, at), day, teckenregel=rule))
    return facts


def _level_and_above(rng: random.Random, n: int) -> tuple[str, str]:
    """The level of a unit by its number, and one above it."""
    if n < 4:
        return "namnd", "KN"
    return ("forvaltning", f"U{rng.randrange(4):02}") if n < 14 else ("enhet", f"U{rng.randrange(4, 14):02}")


@pytest.fixture
def late() -> Iterator[Desk]:
    """A ledger whose organisation and projects came after its figures."""
    desk = Desk(imported_late())
    yield desk
    desk.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A long random history."""
    desk = Desk(random_facts(SEED, FACTS))
    yield desk
    desk.close()


def moved(desk: Desk, a: Question, b: Question) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """What every fact moves between two answers."""
    with desk.reports.snapshot(a, b) as snapshot:
        one, two = Asked(a, snapshot), Asked(b, snapshot)
        found = Difference(desk.reports.find(a.rapport), one, two)
        rows = [line.nyckel for sheet in (found.a, found.b) for line in sheet.all_lines]
        columns = [column.nyckel for column in found.a.columns if column.formula]
        return Reorganising(found.a, two, rows, columns).moved


def both_ways(desk: Desk, a: Question, b: Question, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """The same followed, and sheet by sheet."""
    monkeypatch.setattr(reorganising, "WORTH_FOLLOWING", 1)
    followed = moved(desk, a, b)
    monkeypatch.setattr(reorganising, "WORTH_FOLLOWING", 10**9)
    return followed, moved(desk, a, b)


def test_projects_that_are_followed_move_what_new_sheets_say(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    for a, b in pairs(desk, 300 if DEEP else 25, seed=SEED + 2):
        for report in ("investeringsuppfoljning", "driftsammandrag"):
            table = desk.reports.find(report).table
            assert table
            per = random.Random(repr(a)).choice(table.per)  # noqa: S311 - a seeded choice
            one, two = (replace(q, rapport=report, per=per, stora=None, enhet="kr") for q in (a, b))
            followed, anew = both_ways(desk, one, two, monkeypatch)
            assert followed == anew, (one, two)
            compared += len(anew)
    assert compared


@pytest.mark.parametrize("per", ["projekt", "namnd", "bokforande"])
@pytest.mark.parametrize(("before", "after"), [(FIGURES, ALL), (ALL, FIGURES), (UNITS, ALL), (UNITS + 7, ALL - 31)])
def test_an_organisation_imported_in_one_go_moves_what_it_moves(
    late: Desk, monkeypatch: pytest.MonkeyPatch, per: str, before: int, after: int
) -> None:
    a, b = (Question("investeringsuppfoljning", 2024, kand, per=per) for kand in (before, after))
    followed, anew = both_ways(late, a, b, monkeypatch)
    assert followed == anew
    assert anew
    cells = late.reports.skillnad(a, b).celler
    for cell in cells:
        assert cell.sidor > 1 or sum(fact.belopp_ore for fact in cell.fakta) == cell.skillnad_ore


@pytest.mark.parametrize("per", ["namnd", "enhet", "post"])
def test_units_that_are_followed_move_what_new_sheets_say(monkeypatch: pytest.MonkeyPatch, per: str) -> None:
    followed: list[str] = []
    follow = MovingUnits.follow

    def noted(moving: MovingUnits, start: Values, steps: Sequence[Step]) -> Iterator[Values]:
        followed.append(per)
        return follow(moving, start, steps)

    monkeypatch.setattr(MovingUnits, "follow", noted)
    facts = units_late()
    desk, rng, last = Desk(facts), random.Random(SEED), len(facts)  # noqa: S311 - seeded questions
    for before, after in [(last, 64), (64, last), (last, 90), (80, last - 9)]:
        asked = Question("driftsammandrag", 2024, before, tom=rng.randint(1, 12), per=per)
        stepwise, anew = both_ways(desk, asked, replace(asked, kand=after), monkeypatch)
        assert stepwise == anew, (before, after)
        assert anew
    desk.close()
    assert bool(followed) == (per != "post")


def test_projects_that_end_between_two_days_move_what_they_move(late: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = (Question("investeringsuppfoljning", 2024, ALL, tom=tom, per="projekt") for tom in (5, 7))
    followed, anew = both_ways(late, a, b, monkeypatch)
    assert followed == anew
    assert a.last_day < date(2024, 6, 30) < b.last_day
    assert any(row == "summa_fardigstallda" for rows in anew.values() for row in rows)
