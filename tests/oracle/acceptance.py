"""The acceptance questions: what is asked, what is printed, and what must be derived."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from ledger.domain.events import Beslut
from ledger.domain.fact import Fact
from ledger.domain.money import DECIMALS, UNITS
from tests.oracle.budget import sides_of
from tests.oracle.question import Question
from tests.oracle.reports import answer

DATA: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "linkoping"


class Cell(NamedTuple):
    """A printed cell that the answer does not give back."""

    fraga: str
    rad: str
    kolumn: str
    printed: Decimal
    found: Decimal | None


def compare(facts: list[tuple[int, Fact]], folder: str, beslutad: date | None = None) -> tuple[int, list[Cell]]:
    """How many printed cells of a folder were compared, and those that differ.

    `beslutad` is for the questions that name none. A row or column that is missing is a KeyError.
    """
    compared, wrong = 0, []
    for line in lines(folder, "expected.jsonl"):
        question, enhet = question_of(line["question"])
        found = answer(facts, question._replace(beslutad=question.beslutad or beslutad))
        skipped = {(skip["nyckel"], skip["kolumn"]) for skip in line["skip"]}
        cells = [(row["nyckel"], *cell) for row in line["rows"] for cell in row["celler"].items()]
        for key, column, number in cells:
            if (key, column) not in skipped:
                compared += 1
                got = printed(found[key][column], enhet)
                if got != number:
                    wrong.append(Cell(line["id"], key, column, number, got))
    return compared, wrong


def lines(folder: str, name: str) -> list[dict[str, Any]]:
    """The lines of a file of questions."""
    text = (DATA / folder / name).read_text(encoding="utf-8")
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


def printed(ore: int | None, enhet: str) -> Decimal | None:
    """An amount as it is printed: rounded on its own, half away from zero."""
    if ore is None:
        return None
    per_unit = UNITS[enhet] // 10 ** DECIMALS[enhet]
    size = (abs(ore) + per_unit // 2) // per_unit
    return Decimal(-size if ore < 0 else size).scaleb(-DECIMALS[enhet])


def question_of(asked: dict[str, Any]) -> tuple[Question, str]:
    """A question and the unit that its answer is printed in."""
    values = dict(asked)
    enhet = values.pop("enhet")
    if values["beslutad"]:
        values["beslutad"] = date.fromisoformat(values["beslutad"])
    return Question(**values), enhet


def derived(facts: list[tuple[int, Fact]], how: dict[str, Any]) -> int | None:
    """A figure of expected_extra.jsonl, as its `hur` says."""
    if how["typ"] == "projektsumma":
        question = Question("investeringsuppfoljning", how["ar"], per="projekt", ansvar=how["ansvar"])
        row = {"fardigstallt": "summa_fardigstallda", "pagaende": "summa_pagaende"}[how["status"]]
        return answer(facts, question)[row][how["kolumn"]]
    if how["typ"] == "mot_prognos":
        per = "projekt" if how["rapport"] == "investeringsuppfoljning" else "stab"
        question = Question(how["rapport"], how["ar"], per=per, ansvar=how["ansvar"])
        question = question._replace(jamfor_prognos=date.fromisoformat(how["prognos"]))
        return answer(facts, question)["summa"]["avvikelse_jfr_prognos"]
    return sum(
        side.entry.ore
        for _, fact in facts
        if isinstance(fact, Beslut) and fact.typ in how["beslut"]
        for rorelse in fact.rorelser
        if rorelse.text == how["text"]
        for side in sides_of(fact.typ, fact.beslutsdatum, rorelse)
        if side.ar == how["ar"] and side.entry.ansvar == how["ansvar"]
    )
