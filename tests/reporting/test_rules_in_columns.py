"""Each rule that is worked out in columns says what a plain reading of the contract says, row by row."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain import money
from ledger.domain.events import ForslagMade, ForslagRejected
from ledger.reporting.material import BESLUT, BUDGET, PROGNOS, Budgetsida
from ledger.reporting.measure import Totalutgift
from ledger.reporting.rules import budget, prognos
from ledger.reporting.rules.asked import Asked
from ledger.reporting.rules.columns import LAST_DAY, Columns, number_of
from ledger.reporting.rules.kept import Kept
from ledger.reporting.rules.movements import Decided, Movements, encoded
from ledger.reporting.rules.omgang import in_force, plan_limit, rounds, same_limit
from ledger.reporting.stored.exact import SMALL, added, settled
from ledger.reporting.stored.register import NEVER, Held
from ledger.reporting.stored.space import Numbers
from tests.reporting.asking import Desk
from tests.reporting.town import TOWN, beslut, day, moved, rorelse, utfall
from tests.reporting.town import budget as adopted
from tests.reporting.town import prognos as forecast

KINDS = ("budget", "internbudget", "ramjustering", "omfordelning")


def columns_of(sides: Sequence[Budgetsida], memory: Kept) -> Movements:
    """Sides as columns, each by a fact of its own."""
    held = [Held(n, n, 0, side) for n, side in enumerate(sides, 1)]
    numbers = np.arange(1, len(held) + 1)
    fields = encoded(held, memory) | {"position": numbers, "order": numbers, "ceased": np.full(len(held), NEVER)}
    return Columns(len(held), len(held), held, fields)


# ---------------------------------------------------------------- rounds


def a_side(rng: random.Random) -> Budgetsida:
    decided = date(2023, 1, 1) + timedelta(rng.randrange(20))
    return Budgetsida(rng.choice("ABC"), 2024, "netto", rng.randrange(-9, 10), rng.choice(KINDS), decided, till=True)


def counting(sides: Iterable[Budgetsida], limit: date | None, by_holder: dict[str, date | None]) -> list[Budgetsida]:
    """The contract read plainly: those of the newest round of their holder, which is the unit itself."""
    sides = list(sides)
    found = []
    for side in sides:
        opened = sorted({s.beslutsdatum for s in sides if s.typ == "budget" and s.ansvar == side.ansvar})
        own = max((d for d in opened if d <= side.beslutsdatum), default=opened[0] if opened else None)
        last = by_holder.get(side.ansvar, limit)
        newest = max((d for d in opened if last is None or d <= last), default=None)
        if not opened or (newest is not None and own == newest):
            found.append(side)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_the_round_in_force_is_that_of_a_plain_reading(seed: int) -> None:
    rng, memory = random.Random(seed), Kept()  # noqa: S311 - a seeded history
    sides = [a_side(rng) for _ in range(rng.randrange(30))]
    of = columns_of(sides, memory)
    decided = Decided(of, np.ones(len(of), np.bool_))
    year = rounds(decided, "drift", of["ansvar"])
    limit = rng.choice([None, date(2022, 12, 31), date(2023, 1, 10)])
    counted = in_force(decided, "drift", year, same_limit(number_of(limit) if limit else LAST_DAY))
    assert [held.row for held in counted.held()] == counting(sides, limit, {})


@pytest.mark.parametrize("seed", range(60))
def test_a_later_year_is_read_as_the_plan_that_came_with_the_budget(seed: int) -> None:
    rng, memory = random.Random(seed), Kept()  # noqa: S311 - a seeded history
    asked, later = ([a_side(rng) for _ in range(rng.randrange(12))] for _ in range(2))
    one, other = columns_of(asked, memory), columns_of(later, memory)
    own, plan = (Decided(of, np.ones(len(of), np.bool_)) for of in (one, other))
    limit = plan_limit(rounds(own, "drift", one["ansvar"]))
    counted = in_force(plan, "drift", rounds(plan, "drift", other["ansvar"]), limit)
    opened = [side for side in asked if side.typ == "budget"]
    newest = {unit: max((s.beslutsdatum for s in opened if s.ansvar == unit), default=None) for unit in "ABC"}
    anybody = max((side.beslutsdatum for side in opened), default=None)
    limits = {unit: last or anybody for unit, last in newest.items()}
    assert [held.row for held in counted.held()] == counting(later, None, limits)


# ---------------------------------------------------------------- twelfths and exact sums

AMOUNTS = st.one_of(st.integers(-30, 30), st.integers(-(2**53), 2**53), st.integers(-(2**70), 2**70))
PAIRS = st.lists(st.tuples(st.integers(0, 3), AMOUNTS), max_size=12)


def ore(amounts: Sequence[int]) -> Any:
    return np.array(amounts, np.int64 if all(abs(a) < 2**63 for a in amounts) else object)


@given(PAIRS, st.integers(1, 11))
def test_every_share_of_twelfths_is_the_amount_with_it_minus_the_amount_without_it(
    pairs: list[tuple[int, int]], tom: int
) -> None:
    totals: dict[int, int] = {}
    expected = []
    for cell, amount in pairs:
        before = totals.get(cell, 0)
        totals[cell] = before + amount
        expected.append(money.twelfths(before + amount, tom) - money.twelfths(before, tom))
    cells: Numbers = np.array([cell for cell, _ in pairs], np.int64)
    shares = budget.twelfth_shares(cells, ore([amount for _, amount in pairs]), tom)
    assert shares.tolist() == expected


@given(PAIRS)
def test_sums_are_exact_whatever_their_size(pairs: list[tuple[int, int]]) -> None:
    cells: Numbers = np.array([cell for cell, _ in pairs], np.int64)
    found = settled(added(cells, ore([amount for _, amount in pairs]), 4))
    assert found.tolist() == [sum(amount for at, amount in pairs if at == cell) for cell in range(4)]
    assert found.dtype == object or all(abs(total) < SMALL for total in found.tolist())


def test_figures_beyond_64_bits_are_exact_in_the_answer() -> None:
    huge = 2**63 // 100 - 1
    facts = [*TOWN, adopted("2023-11-20", KS=(2024, huge), NA=(2024, huge)), adopted("2023-11-20", KS=(2024, huge))]
    desk = Desk(facts)
    cells = desk.cells("driftsammandrag", "summa", ar=2024, tom=5, per="namnd")
    assert cells["budget_helar"] == 300 * huge
    assert cells["budget"] == money.twelfths(200 * huge, 5) + money.twelfths(100 * huge, 5)
    assert cells["avvikelse"] == cells["budget"]


# ---------------------------------------------------------------- forecasts


@pytest.mark.parametrize("seed", range(12))
def test_a_forecast_is_set_aside_under_whatever_unit_stands_above_on_the_day(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a seeded history
    units = [fact.ansvar for fact in TOWN]
    facts: list[Any] = [*TOWN, moved("EKON", "stab", "SKOLA", "2024-04-01"), moved("NA", "namnd", "KS", "2024-07-01")]
    for _ in range(30):
        datum = date(2024, 1, 1) + timedelta(30 * rng.randrange(8))
        facts.append(forecast(datum.isoformat(), 2024, rng.choice(units), ("kostnad", rng.randrange(100))))
    desk = Desk(facts)
    for tom in (3, 5, 12):
        question = desk.question("driftsammandrag", ar=2024, tom=tom, kand=f"@{rng.randrange(12, len(facts) + 1)}")
        with desk.reports.snapshot(question) as snapshot:
            asked = Asked(question, snapshot)
            given_rows = snapshot.rows(PROGNOS, "2024", question.kand)
            newest: dict[str, date] = {}
            for held in given_rows:
                newest[held.row.ansvar] = max(held.row.prognosdatum, newest.get(held.row.ansvar, date.min))
            expected = [
                held
                for held in given_rows
                if held.row.prognosdatum == newest[held.row.ansvar]
                and not any(
                    newest.get(a, date.min) > newest[held.row.ansvar] for a in asked.tree.above(held.row.ansvar)
                )
            ]
            assert prognos.newest(asked, 2024, "drift").held() == expected


# ---------------------------------------------------------------- proposals


def test_a_proposal_counts_until_it_is_closed_as_known_and_dated() -> None:
    def proposed(number: str, kronor: float) -> ForslagMade:
        return ForslagMade(
            beslut("ramjustering", "2024-02-01", rorelse(kronor, 2024, "KS", text="mer"), diarienummer=number)
        )

    taken = beslut("ramjustering", "2024-03-01", rorelse(1, 2024, "KS", text="mer"), diarienummer="X", forslag="F1")
    refused = ForslagRejected(
        typ="ramjustering", beslutsorgan="kommunfullmäktige", beslutsdatum=day("2024-04-01"), forslag="F2", paragraf="1"
    )
    facts = [*TOWN, adopted("2023-11-20", KS=(2024, 100)), proposed("F1", 10), proposed("F2", 20), proposed("F3", 40)]
    desk = Desk([*facts, taken, refused])
    for kand in range(len(facts) - 3, len(facts) + 3):
        for beslutad in (None, "2024-01-31", "2024-02-28", "2024-03-31", "2024-12-31"):
            for med in ("ja", "nej"):
                question = desk.question(
                    "driftsammandrag", ar=2024, kand=f"@{kand}", beslutad=beslutad, med_forslag=med
                )
                with desk.reports.snapshot(question) as snapshot:
                    until = date.fromisoformat(beslutad) if beslutad else date.max
                    closed = {
                        (held.row.typ, held.row.forslag)
                        for outcome in ("beslutat", "avslaget")
                        for held in snapshot.rows(BESLUT, outcome, kand)
                        if held.row.forslag and held.row.beslutsdatum <= until
                    }
                    expected = [
                        held
                        for held in snapshot.rows(BUDGET, "2024", kand)
                        if held.row.beslutsdatum <= until
                        and (not held.row.forslag or (med == "ja" and (held.row.typ, held.row.forslag) not in closed))
                    ]
                    decided = Asked(question, snapshot).decided("2024")
                    assert decided.counted(decided.mask).held() == expected


# ---------------------------------------------------------------- totals of projects


@pytest.mark.parametrize("seed", range(20))
def test_a_total_that_replaces_takes_the_place_of_those_before_whatever_the_order(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a seeded history
    facts: list[Any] = list(TOWN)
    for _ in range(12):
        moves = [
            rorelse(
                rng.randrange(9),
                2024,
                "KS",
                slag="utgift",
                projekt=rng.choice(("P-1", None)),
                ersatter=rng.random() < 0.3,
            )
            for _ in range(rng.randrange(1, 4))
        ]
        facts.append(beslut("totalutgift", f"2024-01-{rng.randrange(1, 5):02d}", *moves))
    desk = Desk(facts)
    question = desk.question("investeringsuppfoljning", ar=2024)
    with desk.reports.snapshot(question) as snapshot:
        kept: dict[str | None, list[Any]] = {}
        for held in sorted(snapshot.rows(BUDGET, "totalutgift", question.kand), key=lambda held: held.row.beslutsdatum):
            before = kept.setdefault(held.row.projekt, [])
            if held.row.ersatter:
                before[:] = [earlier for earlier in before if earlier.position == held.position]
            before.append(held)
        found = budget.totalutgift(Asked(question, snapshot), Totalutgift()).held()
        expected = [held for of in kept.values() for held in of]
        assert sorted((h.position, h.n) for h in found) == sorted((h.position, h.n) for h in expected)


# ---------------------------------------------------------------- what is registered but comes to nothing


def test_what_cancels_is_not_said_to_be_nothing_registered() -> None:
    nothing = "Inget är registrerat inom det frågan gäller."
    empty, cancels = Desk(TOWN), Desk([*TOWN, utfall("2024-01-31", "EKON", 5), utfall("2024-01-31", "EKON", -5)])
    assert nothing in empty.ask("driftsammandrag", ar=2024).fotnoter
    assert nothing not in cancels.ask("driftsammandrag", ar=2024).fotnoter
    assert nothing in cancels.ask("driftsammandrag", ar=2024, ansvar="NA").fotnoter
    assert nothing in cancels.ask("driftsammandrag", ar=2024, handelse="corona").fotnoter


def test_what_was_nothing_is_something_from_the_position_where_it_is_recorded() -> None:
    nothing = "Inget är registrerat inom det frågan gäller."
    desk = Desk(TOWN)
    before = len(TOWN)
    assert nothing in desk.ask("driftsammandrag", ar=2024).fotnoter
    desk.log.add(utfall("2024-03-31", "EKON", 5), utfall("2024-03-31", "EKON", -5))
    for _ in range(2):
        assert nothing in desk.ask("driftsammandrag", ar=2024, kand=f"@{before}").fotnoter
        assert nothing not in desk.ask("driftsammandrag", ar=2024).fotnoter
        assert nothing not in desk.ask("driftsammandrag", ar=2024, tom=3).fotnoter
        assert nothing in desk.ask("driftsammandrag", ar=2024, tom=2).fotnoter
        assert nothing in desk.ask("driftsammandrag", ar=2023).fotnoter
