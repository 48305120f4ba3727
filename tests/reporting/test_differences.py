"""What explains figures and differences is the same fact by fact as plain Python finds, on both backends and any page.

`HYPOTHESIS_PROFILE=djup` asks a thousand pairs of answers on each backend.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest

from ledger.reporting.entry import Key
from ledger.reporting.explaining import skillnad
from ledger.reporting.explaining.behind import Behind
from ledger.reporting.explaining.explain import of_cell
from ledger.reporting.explaining.skillnad import Cellskillnad, Difference, Utsnitt
from ledger.reporting.material import Budgetsida
from ledger.reporting.measure import Budget, Measure, Prognos, Totalprognos, Totalutgift, Utfall
from ledger.reporting.report import Column
from ledger.reporting.rules import budget, prognos, utfall
from ledger.reporting.rules.asked import Asked, Question
from ledger.reporting.rules.columns import number_of
from ledger.reporting.rules.movements import Change, key_of
from ledger.reporting.rules.summing import is_blank
from ledger.reporting.tables.layout import Line
from ledger.reporting.tables.sheet import Sheet, counts, sign
from tests.conftest import BACKENDS, Databases
from tests.oracle.generator import random_facts, random_question
from tests.reporting.asking import Desk
from tests.reporting.test_oracle_agrees import AXES, DEEP, difference, parameters

SEED: Final = 77
FACTS: Final = 700
PAIRS: Final = 1000 if DEEP else 40

#: Every code of a cell.
ALL: Final = ("ansvar", "verksamhet", "konto", "projekt")


@pytest.fixture(params=BACKENDS)
def desk(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Desk]:
    """A long random history."""
    desk = Desk(random_facts(SEED, FACTS), url=databases.new(request.param))
    yield desk
    desk.close()


def pairs(desk: Desk, count: int, seed: int = SEED) -> Iterator[tuple[Question, Question]]:
    """Two answerable questions that differ along one axis or two."""
    rng, number = random.Random(seed), 0  # noqa: S311 - a seeded choice
    facts = random_facts(SEED, FACTS)
    while count:
        number += 1
        one, other = (random_question(seed * 10_000 + number + more, facts) for more in (0, 5_000))
        two = one._replace(**{axis: getattr(other, axis) for axis in rng.choice(AXES)})
        if not any(desk.refusals(q.rapport, **parameters(q)) for q in (one, two)):
            count -= 1
            yield (
                desk.question(one.rapport, **parameters(one)),
                desk.question(two.rapport, **parameters(two)),
            )


def test_the_facts_of_every_cell_add_up_to_its_difference(desk: Desk) -> None:
    for a, b in pairs(desk, PAIRS):
        found = desk.reports.skillnad(a, b)
        assert {(c.rad, c.kolumn): c.skillnad_ore for c in found.celler if c.skillnad_ore} == difference(desk, a, b)
        for cell in found.celler:
            facts = cell.fakta if cell.sidor == 1 else [f for page in pages(desk, a, b, cell) for f in page]
            assert len(facts) == cell.antal
            assert sum(f.belopp_ore for f in facts) == cell.skillnad_ore, (a, b, cell)
            assert all(f.belopp_ore for f in facts)
        explaining = {f.position for cell in found.celler if cell.sidor == 1 for f in cell.fakta}
        assert found.antal >= len(explaining)
        assert list(found.positioner) == sorted(found.positioner)


def test_every_page_together_is_the_whole_list(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    for a, b in pairs(desk, 6):
        whole = {(c.rad, c.kolumn): c for c in desk.reports.skillnad(a, b).celler}
        monkeypatch.setattr(skillnad, "PAGE_OF_FACTS", 3)
        monkeypatch.setattr(skillnad, "FIRST_FACTS", 2)
        first = {(c.rad, c.kolumn): c for c in desk.reports.skillnad(a, b).celler}
        assert first.keys() == whole.keys()
        for key, cell in sorted(whole.items(), key=lambda one: -one[1].antal)[:4]:
            small = first[key]
            assert (small.antal, small.netto_noll, small.sidor) == (
                cell.antal,
                cell.netto_noll,
                max(-(-cell.antal // 3), 1),
            )
            assert small.fakta == cell.fakta[: cell.antal if cell.antal <= 3 else 2]
            assert tuple(f for page in pages(desk, a, b, small) for f in page) == cell.fakta
            compared += cell.antal > 3
        monkeypatch.undo()
    assert compared


def test_the_shares_of_every_cell_are_those_that_plain_python_finds(desk: Desk) -> None:
    for question, _ in pairs(desk, 15 if DEEP else 5):
        with desk.reports.snapshot(question) as snapshot:
            sheet = Sheet(desk.reports.find(question.rapport), Asked(question, snapshot))
            for line in sheet.lines:
                for column in columns(sheet):
                    shares = of_cell(Behind(sheet, [line]), line, column)
                    found = dict(zip(shares.position.tolist(), shares.amount.tolist(), strict=True))
                    assert found == plainly(sheet, line, column), (question, line.nyckel, column.nyckel)


def test_the_facts_of_a_difference_are_those_that_plain_python_finds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skillnad, "PAGE_OF_FACTS", 10 * FACTS)
    compared = 0
    for a, b in pairs(desk, 60 if DEEP else 8, seed=SEED + 1):
        with desk.reports.snapshot(a, b) as snapshot:
            report, one, two = desk.reports.find(a.rapport), Asked(a, snapshot), Asked(b, snapshot)
            before = Sheet(report, one.shown_in(two.chart, two.projects_chart))
            made = Difference(report, one, two)
            for cell in made.cells():
                was, becomes = found(before, cell), found(made.b, cell)
                if was is not None and becomes is not None:
                    compare(cell, was, becomes)
                    compared += cell.antal
    assert compared


# ---------------------------------------------------------------- in plain Python


def columns(sheet: Sheet) -> list[Column]:
    """The columns that plain Python takes apart."""
    return [
        column
        for column in sheet.columns
        if column.formula and not any(isinstance(measure, Totalprognos) for _, measure in column.formula.terms)
    ]


def plainly(sheet: Sheet, line: Line, column: Column) -> dict[int, int]:
    """What every fact adds to a cell, part by part."""
    found: dict[int, int] = defaultdict(int)
    if sheet.cell(line, column) is None:
        return found
    for factor, measure in sheet.formula(line, column).terms:
        for part in parts(sheet.asked, measure):
            if belongs(sheet, line, part, measure) and counts(line, measure, part.key.slag or ""):
                found[part.position] += factor * sign(line, column) * part.amount_ore
    return found


class Part(NamedTuple):
    """An amount in a cell, of the fact at a position; `side` is the movement, where it is one."""

    key: Key
    amount_ore: int
    position: int
    side: Budgetsida | None = None


def belongs(sheet: Sheet, line: Line, part: Part, measure: Measure) -> bool:
    """Whether a part lies on a line: that of a decision has what is of the same text, on the row and under it."""
    if not isinstance(line.group, Change):
        return line.group in sheet.layout.groups_of(part.key, measure.of)
    change, side = line.group, part.side
    own = side is not None and (side.typ, number_of(side.beslutsdatum)) == (change.typ, change.effective)
    same = own and side is not None and (side.text or "") == change.about and part.position == change.position
    return same and any(layer.get(part.key.ansvar or "") == change.row for layer in sheet.layout.specified)


def parts(asked: Asked, measure: Measure) -> list[Part]:
    """What a measure is the sum of, entry by entry."""
    key = ("in plain Python", measure)
    return asked.once(key, lambda: list(_parts(asked, measure)))


def _parts(asked: Asked, measure: Measure) -> Iterator[Part]:
    if is_blank(asked, measure):
        return
    if isinstance(measure, Budget | Totalutgift):
        of, amounts = budget.shares(asked, measure)
        for held, amount in zip(of.held(), amounts.tolist(), strict=True):
            yield Part(key_of(held.row), amount, held.position, held.row)
    if isinstance(measure, Prognos):
        for held in prognos.newest(asked, asked.question.ar + measure.year, measure.of, measure.at).held():
            row = held.row
            yield Part(Key(row.ansvar, slag=row.slag, projekt=row.projekt), row.belopp_ore, held.position)
    if isinstance(measure, Utfall):
        space = asked.snapshot.space(utfall.cube_of(measure), ALL)
        window = utfall.window(asked, measure)
        for cell, _day, position, amount in zip(
            *(column.tolist() for column in asked.snapshot.columns(utfall.cube_of(measure), ALL, window)), strict=True
        ):
            if asked.question.handelse in {None, space.keys[cell].handelse}:
                yield Part(space.keys[cell], amount, position)


def found(sheet: Sheet, cell: Cellskillnad) -> dict[int, int] | None:
    """What every fact adds to the cell of a difference in one of its answers; none where it is not taken apart."""
    column = next((one for one in sheet.columns if one.nyckel == cell.kolumn), None)
    if column is not None and column not in columns(sheet):
        return None
    line = next((one for one in sheet.all_lines if one.nyckel == cell.rad), None)
    return plainly(sheet, line, column) if line and column else {}


def compare(cell: Cellskillnad, before: dict[int, int], after: dict[int, int]) -> None:
    """The facts of a cell that did not move it, with what plain Python finds."""
    positions = sorted(before.keys() | after.keys())
    amounts = {position: after.get(position, 0) - before.get(position, 0) for position in positions}
    came_or_went = {position: (position in before) != (position in after) for position in positions}
    listed = {f.position: f for f in cell.fakta if f.hur != "flyttar"}
    assert {position: f.belopp_ore for position, f in listed.items()} == {p: n for p, n in amounts.items() if n}, cell
    for position, fact in listed.items():
        if came_or_went[position]:
            assert fact.hur == ("utgår" if position in before else "tillkommer")
    idle = [position for position, amount in amounts.items() if not amount and came_or_went[position]]
    assert cell.netto_noll >= len(idle), cell


def pages(desk: Desk, a: Question, b: Question, cell: Cellskillnad) -> Iterator[tuple[Any, ...]]:
    """The pages of a cell's facts."""
    for sida in range(1, cell.sidor + 1):
        (one,) = desk.reports.skillnad(a, b, Utsnitt(cell.rad, cell.kolumn, sida)).celler
        assert (one.antal, one.sidor, one.skillnad_ore) == (cell.antal, cell.sidor, cell.skillnad_ore)
        yield one.fakta
