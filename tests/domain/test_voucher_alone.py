"""A voucher that is right at a glance is one that `decide` posts, by the same right and with the same guards."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.domain.behorighet import Asked, allowed
from ledger.domain.books import Books
from ledger.domain.events_behorighet import ForvaltningClosed, OppetLageEnded
from ledger.domain.guards import reads
from ledger.domain.roll import Caller
from ledger.domain.verifikation import PostVerifikation, decide
from ledger.domain.voucher_alone import glance
from tests.domain.test_vouchers_at_a_glance import ODD, a_random_voucher, books, is_right
from tests.domain.town import balance, cost, voucher

EKONOM = Caller("a-1", "ekonom")


def taught(*vouchers: PostVerifikation) -> Books:
    """Books that know the codes of some vouchers."""
    town = books()
    for one in vouchers:
        is_right(town, one)
    return town


def today() -> date:
    return date(2024, 3, 5)


def test_codes_that_nobody_has_posted_are_learnt_at_a_glance() -> None:
    town = books()
    assert glance(town, EKONOM, voucher()) == glance(taught(voucher()), EKONOM, voucher("2"))
    assert glance(town, EKONOM, voucher("2", "2019-12-31")) is None


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("is_taught", [False, True])
def test_one_that_is_wrong_is_not_right_at_a_glance(odd: dict[str, Any], *, is_taught: bool) -> None:
    wrong = replace(voucher("9", "2024-05-05"), **odd)
    town = (
        taught(voucher(), wrong, replace(voucher("8"), rader=(cost(ansvar="BUN"), balance()))) if is_taught else books()
    )
    assert not is_right(books(), wrong)
    assert glance(town, EKONOM, wrong) is None


@pytest.mark.parametrize("odd", [{"rattar": ("A", "1", 2024)}, {"ursprungsdatum": date(2024, 2, 1)}])
def test_what_says_more_than_its_rows_takes_more_thought(odd: dict[str, Any]) -> None:
    assert glance(taught(voucher()), EKONOM, replace(voucher("2"), **odd)) is None


@pytest.mark.parametrize("caller", [Caller("a-1", "revisor"), Caller("a-1", "kock"), EKONOM._replace(enheter=("KLF",))])
def test_who_may_not_post_everything_is_judged_with_more_thought(caller: Caller) -> None:
    assert glance(taught(voucher()), caller, voucher("2")) is None


def test_a_month_that_a_forvaltning_has_closed_is_judged_with_more_thought() -> None:
    town = books()
    town.evolve(100, ForvaltningClosed("2024-03", "KLF", None))
    assert is_right(town, voucher())
    assert glance(town, EKONOM, voucher("2")) is None
    assert glance(town, EKONOM, voucher("2", "2024-04-05")) is not None


@pytest.mark.parametrize("is_closed", [False, True], ids=["oppet", "mandat"])
def test_random_vouchers_rest_on_what_they_are_judged_by(*, is_closed: bool) -> None:
    rng = random.Random(7)  # noqa: S311 - seeded vouchers, no secret
    town = books()
    if is_closed:
        town.evolve(100, OppetLageEnded(date(2024, 1, 1)))
    seen = []
    for _ in range(200):
        command = a_random_voucher(rng)
        at_a_glance = glance(town, EKONOM, command)
        seen.append(at_a_glance is not None)
        if at_a_glance is None:
            assert not is_right(books(), command)
            continue
        facts = decide(town, command, None, None)
        judged = allowed(town, Asked(EKONOM, today), command, facts, is_closed=is_closed)
        assert at_a_glance.mandat == judged.mandat
        assert at_a_glance.reads == reads(town, command)
        assert len(at_a_glance.approved) == len(command.rader)
    assert set(seen) == {False, True}
