"""The engine and the brute-force oracle say the same of random histories, and every figure can be taken apart.

`HYPOTHESIS_PROFILE=djup` asks of many more histories.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest

from ledger.reporting.answer import Answer
from ledger.reporting.explaining.behind import Behind
from ledger.reporting.explaining.explain import of_cell
from ledger.reporting.explaining.shares import total
from ledger.reporting.rules.asked import Asked
from ledger.reporting.tables.sheet import Sheet
from tests.conftest import BACKENDS, Databases
from tests.oracle import Question, UnanswerableError, answer
from tests.oracle.generator import random_facts, random_question
from tests.reporting.asking import Desk, rows

DEEP: Final = os.environ.get("HYPOTHESIS_PROFILE") == "djup"
SEEDS: Final = range(1, 121 if DEEP else 9)
QUESTIONS: Final = 60 if DEEP else 25

MONTHS: Final = 12

#: A line of a specification: the oracle has those of whole years in one organisation.
LINE: Final = re.compile(r"\.(ursprung|andring|forslag)\.[0-9]+$")

#: What the two answers of a difference may be asked with differently.
AXES: Final = (("kand",), ("beslutad",), ("kand", "beslutad"), ("tom",), ("organisation",), ("ar",))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_and_the_oracle_agree(seed: int) -> None:
    facts, desk = history(seed)
    pairs = list(enumerate(facts, 1))
    for question in questions(seed, facts):
        try:
            expected = answer(pairs, question)
        except UnanswerableError:
            assert desk.refusals(question.rapport, **parameters(question)), question
            continue
        compare(question, expected, plain_rows(desk.ask(question.rapport, **parameters(question))))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shares_of_every_cell_add_up_to_it(seed: int) -> None:
    facts, desk = history(seed)
    for asked in questions(seed, facts):
        if desk.refusals(asked.rapport, **parameters(asked)):
            continue
        question = desk.question(asked.rapport, **parameters(asked))
        with desk.reports.snapshot(question) as snapshot:
            sheet = Sheet(desk.reports.find(question.rapport), Asked(question, snapshot))
            for line in sheet.lines:
                for column in sheet.columns:
                    if column.formula:
                        found = total(of_cell(Behind(sheet, [line]), line, column).amount)
                        assert found == (sheet.cell(line, column) or 0), (asked, line.nyckel, column.nyckel)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_facts_of_a_difference_add_up_to_it(seed: int) -> None:
    facts, desk = history(seed)
    for number, (one, two) in enumerate(pairs_of_questions(seed, facts)):
        if desk.refusals(one.rapport, **parameters(one)) or desk.refusals(two.rapport, **parameters(two)):
            continue
        a, b = (desk.question(q.rapport, **parameters(q)) for q in (one, two))
        cells = desk.reports.skillnad(a, b).celler
        for cell in cells:
            assert sum(f.belopp_ore for f in cell.fakta) == cell.skillnad_ore, (seed, number, one, two, cell)
        found = {(cell.rad, cell.kolumn): cell.skillnad_ore for cell in cells}
        assert {figure: amount for figure, amount in found.items() if amount} == difference(desk, a, b)


@pytest.mark.parametrize("seed", [1001, 1002])
def test_both_backends_answer_with_the_same_bytes(seed: int, databases: Databases) -> None:
    facts = random_facts(seed, 150)
    desks = [Desk(facts, url=databases.new(backend)) for backend in BACKENDS]
    for question in questions(seed, facts):
        asked = parameters(question)
        if desks[0].refusals(question.rapport, **asked):
            continue
        first, second = (desk.ask(question.rapport, **asked).to_bytes() for desk in desks)
        assert first == second, question
    for desk in desks:
        desk.close()


# ---------------------------------------------------------------- histories, questions, comparison


def history(seed: int) -> tuple[list[Any], Desk]:
    facts = random_facts(seed, 60 + 40 * (seed % 6))
    return facts, Desk(facts)


def questions(seed: int, facts: list[Any]) -> Iterator[Question]:
    for number in range(QUESTIONS):
        yield random_question(seed * 1000 + number, facts)


def pairs_of_questions(seed: int, facts: list[Any]) -> Iterator[tuple[Question, Question]]:
    """A question and another that differs from it along one axis or two."""
    rng = random.Random(seed)  # noqa: S311 - a seeded choice
    for number, question in enumerate(questions(seed, facts)):
        other = random_question(seed * 1000 + 500 + number, facts)
        axes = rng.choice(AXES)
        yield question, question._replace(**{axis: getattr(other, axis) for axis in axes})


def parameters(question: Question) -> dict[str, str | None]:
    """The oracle's question as text."""
    asked = question._asdict()
    del asked["rapport"]
    asked["kand"] = None if asked["kand"] is None else f"@{asked['kand']}"
    asked["med_forslag"] = "ja" if asked["med_forslag"] else None
    return {k: None if v is None else v.isoformat() if isinstance(v, date) else str(v) for k, v in asked.items()}


def plain_rows(found: Answer) -> dict[str, Any]:
    """The rows that the oracle knows: no headings, and no sums of stabs among posts."""
    summed = {row.nyckel for row in found.rader if row.sort == "delsumma"}
    plain = rows(found)
    for row in found.rader:
        if row.sort == "rubrik" or row.nyckel.partition(".varav_")[0] in summed:
            del plain[row.nyckel]
    return plain


def compare(question: Question, expected: dict[str, Any], found: dict[str, Any]) -> None:
    """Every cell of the oracle, and no row more that says anything in its columns.

    The engine shows more columns (and resultat units in *ekonomi*, as contract §3 says); a row that only they fill the
    oracle does not have.
    """
    columns = {column for cells in expected.values() for column in cells}
    for key, cells in expected.items():
        got = found.get(key)
        assert got is not None, (question, key)
        shown = {column: got[column] for column in cells}
        assert shown == cells, (question, key)
    # A heading says nothing in any column.
    headings = {key for key, cells in found.items() if key.endswith(".rubrik") and set(cells.values()) == {None}}
    beyond = found.keys() - expected.keys() - headings
    if not tells_lines(question):
        beyond = {key for key in beyond if not LINE.search(key)}
    if question.rapport != "ekonomi":
        empty = {key for key in beyond if not any(found[key].get(column) for column in columns)}
        assert beyond == empty, question
        # Where the columns are the oracle's own, so are the rows.
        assert not beyond or question.rapport in {"internbudget", "detaljbudget"}, (question, beyond)


def tells_lines(question: Question) -> bool:
    """Whether the oracle knows the lines of a specification: those of whole years, in one organisation."""
    return question.tom == MONTHS and not question.handelse and not question.jamfor_organisation


def difference(desk: Desk, a: Any, b: Any) -> dict[tuple[str, str], int]:
    """The cells in which two answers differ, nothing counted as 0."""
    values = []
    for question in (a, b):
        answered = desk.reports.ask(question)
        years = {kolumn.nyckel for kolumn in answered.kolumner if kolumn.form in {"ar", "tal"}}
        rows = answered.rader
        values.append({(r.nyckel, k): v for r in rows for k, v in r.celler.items() if k not in years and v})
    figures = values[0].keys() | values[1].keys()
    differ = {f: int(values[1].get(f) or 0) - int(values[0].get(f) or 0) for f in figures}
    return {figure: amount for figure, amount in differ.items() if amount}
