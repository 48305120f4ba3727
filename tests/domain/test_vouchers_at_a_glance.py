"""Vouchers judged all at once are right exactly when each of them is right by itself."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.domain import utfall
from ledger.domain.books import Books
from ledger.domain.events import PeriodClosed, UnitClosed
from ledger.domain.money import LARGEST_ORE
from ledger.domain.refusal import Refused
from ledger.domain.verifikation import PostVerifikation, decide
from ledger.domain.voucher_columns import in_columns, right_at_a_glance
from tests.domain.town import TOWN, balance, cost, voucher


def books() -> Books:
    town = Books()
    for position, fact in enumerate((*TOWN, PeriodClosed("2024-06"), UnitClosed("BUN", date(2024, 3, 31))), 1):
        town.evolve(position, fact)
    return town


def are_right(town: Books, commands: list[PostVerifikation]) -> bool:
    return right_at_a_glance(town, in_columns(commands)) is not None


def is_right(town: Books, command: PostVerifikation) -> bool:
    try:
        decide(town, command, None, None)
    except Refused:
        return False
    return True


ODD: list[dict[str, Any]] = [
    {"rader": ()},
    {"rader": (cost(1), balance(-2))},
    {"rader": (cost(0)._replace(belopp_ore=LARGEST_ORE + 1), balance(0)._replace(belopp_ore=-LARGEST_ORE - 1))},
    {"rader": (cost(ansvar="XX"), balance())},
    {"rader": (cost(ansvar="BUN"), balance())},
    {"rader": (cost(konto=None), balance())},
    {"rader": (cost(slag=None), balance())},
    {"rader": (cost(slag="netto"), balance())},
    {"rader": (cost(projekt="P9"), balance())},
    {"rader": (cost(text="Anna 850709-9805"), balance())},
    {"rader": (cost(), balance(motpart="a\x07"))},
    {"rader": (cost(objekt="850709-9805"), balance())},
    {"bokforingsdatum": date(2024, 6, 30)},
    {"bokforingsdatum": date(2019, 12, 31)},
    {"serie": ""},
    {"vernr": "1\x00"},
    {"vernr": "1" * 101},
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("is_taught", [False, True])
def test_one_that_is_wrong_is_seen_among_others(odd: dict[str, Any], *, is_taught: bool) -> None:
    town = books()
    others = [voucher(str(n), "2024-05-05") for n in range(3)]
    wrong = replace(voucher("9", "2024-05-05"), **odd)
    assert not is_right(books(), wrong)
    if is_taught:
        assert are_right(town, [voucher(), replace(voucher("8"), rader=(cost(ansvar="BUN"), balance()))])
    assert are_right(town, others)
    assert not are_right(town, [*others, wrong])
    assert not are_right(town, [wrong, *others])


def test_a_correction_is_never_right_at_a_glance() -> None:
    assert not are_right(books(), [voucher("2", rattar=("A", "1", 2024))])


def test_two_that_balance_each_other_only_together_are_wrong() -> None:
    pair = [replace(voucher(str(n)), rader=(cost(sign), balance(0))) for n, sign in enumerate((1, -1))]
    assert not are_right(books(), pair)


@pytest.mark.parametrize("memory", [2, 100_000])
def test_random_vouchers_are_right_together_when_each_is_right(memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utfall, "LARGEST_MEMORY", memory)
    rng = random.Random(5)  # noqa: S311 - seeded vouchers, no secret
    town, alone = books(), books()
    found = set()
    for _ in range(300):
        some = [a_random_voucher(rng) for _ in range(rng.randint(1, 3))]
        expected = all(is_right(alone, command) for command in some)
        at_a_glance = are_right(town, some)
        assert at_a_glance is expected
        found.add(at_a_glance)
    assert found == {False, True}


def a_random_voucher(rng: random.Random) -> PostVerifikation:
    on = date(2024, 1, 1) + timedelta(rng.randrange(120))
    ore = rng.randrange(1000)
    codes = {
        "ansvar": rng.choice(["EKON", "KLF", "BUN"]), "verksamhet": rng.choice([None, "100", "440"]),
        "projekt": rng.choice([None, None, "P1", "P2"]), "handelse": rng.choice([None, None, "corona"]),
        "text": rng.choice([None, None, "Faktura 12"]),
    }  # fmt: skip
    return replace(voucher(str(ore), on.isoformat()), rader=(cost(ore, **codes), balance(-ore)))
