"""Money, versions, names of facts and roles: the small parts that the rules stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain import events
from ledger.domain.beslut import COMMANDS as DECISIONS
from ledger.domain.beslut import AdoptBudget
from ledger.domain.events import BudgetAdopted, ForslagRejected, UnitClosed, VerifikationPosted, verifikation_stream
from ledger.domain.fact import Fact, catalogue, check_catalogue, next_name, part
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.money import MINUS, NBSP, kronor, machine, round_half_away, shown, swedish, twelfths
from ledger.domain.organisation import RegisterUnit
from ledger.domain.period import ClosePeriod
from ledger.domain.refusal import Kind, Refused
from ledger.domain.roll import COMMANDS, RIGHTS, Caller, RollIsUnknown, RollMayNot, mandat_for
from ledger.domain.verifikation import PostVerifikation
from ledger.domain.versions import DAY, History, Version
from tests.domain.town import day

ore = st.integers(-(2**53), 2**53)

# ---------------------------------------------------------------- money


@given(ore, st.integers(1, 10**9))
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int) -> None:
    exact = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    if abs(Decimal(numerator) / Decimal(denominator) - exact) < Decimal("0.4999"):
        assert round_half_away(numerator, denominator) == exact
    assert round_half_away(-numerator, denominator) == -round_half_away(numerator, denominator)
    assert 2 * abs(round_half_away(numerator, denominator) * denominator - numerator) <= denominator


def test_five_goes_up_on_both_sides_of_zero() -> None:
    assert [round_half_away(n, 10) for n in (4, 5, 15, 25, -4, -5, -15, -25)] == [0, 1, 2, 3, 0, -1, -2, -3]


@given(ore)
def test_twelfths_add_up_to_the_whole_year(total: int) -> None:
    through = [twelfths(total, tom) for tom in range(13)]
    months = [after - before for before, after in pairwise(through)]
    assert through[0] == 0
    assert through[12] == total
    assert months == sorted(months, key=abs, reverse=True)
    assert max(map(abs, months)) - min(map(abs, months)) <= 1


def test_ore_left_over_fall_on_the_first_months() -> None:
    assert [twelfths(14, tom) for tom in (1, 2, 3, 12)] == [2, 4, 5, 14]
    assert [twelfths(-14, tom) for tom in (1, 2, 3, 12)] == [-2, -4, -5, -14]
    assert [twelfths(5, tom) for tom in (4, 5, 6, 12)] == [4, 5, 5, 5]


@pytest.mark.parametrize(
    ("amount", "enhet", "text"),
    [
        (63_214_900_000, "mnkr", "632,1"),
        (123_456_700_000_000, "mnkr", f"1{NBSP}234{NBSP}567,0"),
        (-5_000_000, "mnkr", f"{MINUS}0,1"),
        (-4_999_999, "mnkr", "0,0"),
        (5_000_000, "mnkr", "0,1"),
        (-49, "kr", "0"),
        (-50, "kr", f"{MINUS}1"),
        (123_456_789, "tkr", f"1{NBSP}235"),
        (0, "kr", "0"),
        (None, "kr", "–"),
    ],
)
def test_amounts_are_written_in_swedish(amount: int | None, enhet: str, text: str) -> None:
    assert swedish(amount, enhet) == text


@given(ore, st.sampled_from(["kr", "tkr", "mnkr"]))
def test_a_rounded_zero_has_no_minus(amount: int, enhet: str) -> None:
    text, plain = swedish(amount, enhet), machine(amount, enhet)
    assert text.replace(NBSP, "").replace(MINUS, "-").replace(",", ".") == plain
    assert plain.startswith("-") is (Decimal(plain) < 0)
    assert Decimal(plain) == Decimal(shown(amount, enhet)).scaleb(-1 if enhet == "mnkr" else 0)


def test_machines_get_plain_figures_and_blanks() -> None:
    assert machine(-123_456_700_000_000, "mnkr") == "-1234567.0"
    assert machine(None, "kr") == ""


def test_kronor_are_exact() -> None:
    assert kronor(1_630_000_000) == f"16{NBSP}300{NBSP}000,00"
    assert kronor(-5) == f"{MINUS}0,05"


# ---------------------------------------------------------------- versions


def history(*spans: tuple[str, str | None]) -> History[str]:
    made: History[str] = History()
    for fran, till in spans:
        made.add(Version(day(fran), fran, day(till) if till else None))
    return made


def test_the_version_of_a_day_is_the_last_that_began() -> None:
    made = history(("2024-01-01", None), ("2022-01-01", None))
    assert [made.on(day(d)).content for d in ("2021-01-01", "2022-01-01", "2023-12-31", "2024-01-01")] == [
        "2022-01-01", "2022-01-01", "2022-01-01", "2024-01-01",
    ]  # fmt: skip


def test_a_version_ends_the_day_before_the_next_or_on_its_last_day() -> None:
    made = history(("2022-01-01", "2022-06-30"), ("2023-01-01", "2025-12-31"), ("2024-01-01", None))
    assert [made.last_day(version) for version in made.versions] == [day("2022-06-30"), day("2023-12-31"), None]


spans_of_days = st.lists(
    st.tuples(st.dates(date(2020, 1, 1), date(2022, 12, 31)), st.none() | st.integers(0, 400)), min_size=1, max_size=4
)


@given(spans_of_days, st.dates(date(2019, 1, 1), date(2024, 12, 31)), st.integers(0, 400))
def test_a_code_is_valid_between_two_days_when_it_is_on_one_of_them(spans: Any, first: date, length: int) -> None:
    made: History[int] = History()
    for n, (fran, days) in enumerate(spans):
        made.add(Version(fran, n, None if days is None else fran + days * DAY))

    def on(at: date) -> bool:
        begun = [version for version in made.versions if version.fran <= at]
        return bool(begun) and (begun[-1].till is None or at <= begun[-1].till)

    expected = any(on(first + n * DAY) for n in range(length + 1))
    assert made.valid_between(first, first + length * DAY) is expected


# ---------------------------------------------------------------- facts


def test_every_fact_has_a_name_and_a_stream() -> None:
    check_catalogue()
    assert {name.rpartition(".")[2] for name in catalogue()} == {"v1"}
    assert {fact.name for fact in vars(events).values() if isinstance(fact, type) and issubclass(fact, Fact)} - {
        ""
    } <= set(catalogue())


def test_a_name_is_given_once() -> None:
    with pytest.raises(TypeError, match="two facts are called unit_closed"):

        @dataclass(frozen=True)
        class Again(Fact, name="unit_closed"):
            pass


def test_broken_chains_of_versions_are_found_at_start_up() -> None:
    fact = {"x.v3": UnitClosed}
    check_catalogue(fact, {"x.v1": dict, "x.v2": dict})
    with pytest.raises(TypeError, match=r"x\.v1 cannot be read"):
        check_catalogue(fact, {"x.v2": dict})
    with pytest.raises(TypeError, match=r"x\.v3 is current"):
        check_catalogue(fact, {"x.v1": dict, "x.v2": dict, "x.v3": dict})
    with pytest.raises(TypeError, match=r"leads to y\.v2"):
        check_catalogue(fact, {"x.v1": dict, "x.v2": dict, "y.v1": dict})
    with pytest.raises(TypeError, match="not an archive name"):
        check_catalogue({"x": UnitClosed}, {})
    assert next_name("a.b.v9") == "a.b.v10"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), ("", "-"), ("-", "%2D"), ("a/b%c", "a%2Fb%25c"), ("KS 2024-1", "KS 2024-1"), ("\n", "%0A")],
)
def test_parts_of_a_stream_key_cannot_be_mixed_up(value: str | None, text: str) -> None:
    assert part(value) == text


@given(st.lists(st.text(max_size=5), min_size=2, max_size=2), st.lists(st.text(max_size=5), min_size=2, max_size=2))
def test_two_decisions_share_a_stream_only_when_they_are_named_alike(one: list[str], other: list[str]) -> None:
    streams = [BudgetAdopted("KF", day("2024-01-01"), (), pair[0], pair[1]).stream for pair in (one, other)]
    assert (streams[0] == streams[1]) is (one == other)


def test_streams_are_natural_keys() -> None:
    assert BudgetAdopted("kommunfullmäktige", day("2024-04-23"), (), "52", "KS 2024-118").stream == (
        "beslut/2024-04-23/kommunfullmäktige/52/KS 2024-118/budget"
    )
    assert VerifikationPosted("A", "123", day("2024-01-01"), ()).stream == "verifikation/2024/A/00000123"
    assert verifikation_stream(2024, "A/B", "X-1") == "verifikation/2024/A%2FB/X-1"
    assert ForslagRejected("budget", "1", "KF", day("2024-01-01")).stream == "avslag/2024-01-01/KF/-/-/budget"
    assert UnitClosed("KS", day("2024-01-01")).keys == ("organisation",)


# ---------------------------------------------------------------- roles


@pytest.mark.parametrize("command", COMMANDS)
def test_an_ekonom_may_do_all_and_a_revisor_nothing(command: type[Any]) -> None:
    assert mandat_for(Caller("a-1", "ekonom"), command) == "oppet/ekonom"
    for roll in ("revisor", "lasare"):
        with pytest.raises(Refused) as refused:
            mandat_for(Caller("a-1", roll), command)
        assert refused.value.kind is Kind.FORBIDDEN
        assert isinstance(refused.value.refusals[0], RollMayNot)


@pytest.mark.parametrize(
    ("roll", "command", "may"),
    [
        ("beslutsfattare", AdoptBudget, "ja"),
        ("beslutsfattare", WriteKommentar, "ja"),
        ("beslutsfattare", PostVerifikation, "nej"),
        ("beslutsfattare", RegisterUnit, "nej"),
        ("admin", RegisterUnit, "ja"),
        ("admin", ClosePeriod, "ja"),
        ("admin", AdoptBudget, "nej"),
        ("admin", WriteKommentar, "nej"),
    ],
)
def test_each_role_has_its_commands(roll: str, command: type[Any], may: str) -> None:
    assert (command in RIGHTS[roll]) is (may == "ja")


def test_an_unknown_role_may_nothing() -> None:
    with pytest.raises(Refused) as refused:
        mandat_for(Caller("a-1", "chef"), AdoptBudget)
    assert isinstance(refused.value.refusals[0], RollIsUnknown)


def test_nine_kinds_of_decision_have_a_command_and_a_fact() -> None:
    assert {command.typ for command in DECISIONS} == set(events.DECISIONS)
