"""Every shown cell is the exact figure rounded on its own, half away from zero; no sum is made of rounded terms.

Rule: contract §3. The rounding here is Decimal's, not the house's.
"""

from __future__ import annotations

import csv
import io
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.money import LARGEST_ORE, MINUS, NBSP, swedish
from ledger.interchange.rendering import as_csv
from ledger.reporting.answer import Answer
from tests.reporting.test_oracle_agrees import history

#: Öre in one unit, and the decimals that are shown of it.
UNITS: Final = {"kr": (100, 0), "tkr": (100_000, 0), "mnkr": (100_000_000, 1)}


def rounded(amount_ore: int, enhet: str) -> Decimal:
    """An amount in a unit, half away from zero; zero has no sign."""
    size, decimals = UNITS[enhet]
    exact = Decimal(amount_ore) / size
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def number(text: str) -> Decimal:
    """A shown figure as a number."""
    return Decimal(text.replace(NBSP, "").replace(" ", "").replace(MINUS, "-").replace(",", "."))


@given(st.integers(-LARGEST_ORE, LARGEST_ORE) | st.integers(-200_000_000, 200_000_000), st.sampled_from(list(UNITS)))
def test_an_amount_is_shown_as_its_rounded_exact_value(amount_ore: int, enhet: str) -> None:
    text = swedish(amount_ore, enhet)
    assert number(text) == rounded(amount_ore, enhet)
    assert not (text.startswith(MINUS) and number(text) == 0)


def shown(answer: Answer) -> list[dict[str, str]]:
    """The rows of a table as its file shows them, by column."""
    return list(csv.DictReader(io.StringIO(as_csv(answer))))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_of_a_report_is_rounded_by_itself(seed: int) -> None:
    _, desk = history(seed)
    apart = 0
    for report in ("driftsammandrag", "internbudget", "investeringsuppfoljning", "ramhistorik"):
        for enhet in UNITS:
            question = desk.question(report, ar="2024", enhet=enhet)
            answer = desk.reports.ask(question)
            columns = [k for k in answer.kolumner if k.form == "belopp"]
            for rad, row in zip(answer.rader, shown(answer), strict=True):
                for column in columns:
                    exact, text = rad.celler.get(column.nyckel), row[column.nyckel]
                    if text:
                        assert isinstance(exact, int)
                        assert number(text) == rounded(exact, enhet), (report, enhet, rad.nyckel, column.nyckel)
            apart += differing_sums(answer, enhet)
    # Somewhere the rounded terms make another sum than the one that is shown, or this would say nothing of sums.
    assert apart


def differing_sums(answer: Answer, enhet: str) -> int:
    """The columns whose sum is exactly that of its rows, while the rounded rows make another."""
    total = next((rad for rad in answer.rader if rad.nyckel == "summa"), None)
    rows = [rad for rad in answer.rader if rad.sort in {"enhet", "ofordelat"} and rad.indrag == 1]
    found = 0
    for column in answer.kolumner:
        terms = [cell for rad in rows if isinstance(cell := rad.celler.get(column.nyckel), int)]
        exact = total.celler.get(column.nyckel) if total else None
        if isinstance(exact, int) and sum(terms) == exact:
            found += sum(rounded(term, enhet) for term in terms) != rounded(exact, enhet)
    return found
