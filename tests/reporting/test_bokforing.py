"""Grundbok, huvudbok and the voucher view against a plain fold of the facts, and in rows for an accountant."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ledger.domain.events import (
    KontoDefined,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.events_behorighet import LatePosted
from ledger.domain.rader import Utfallsrad
from ledger.reporting.told import line as told_line
from projections import grundbok, huvudbok, verifikation
from tests.conftest import BACKENDS, Databases
from tests.oracle.generator import random_facts
from tests.reporting import town
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, day, kr, utfall

REPORTS = [grundbok.REPORT, huvudbok.REPORT, verifikation.REPORT]

CHART = [
    KontoDefined("1510", "Kundfordringar", "balans", day("2016-01-01")),
    KontoDefined("2440", "Leverantörsskulder", "balans", day("2016-01-01")),
    KontoDefined("5010", "Löner", "kostnad", day("2016-01-01")),
]


def voucher(datum: str, vernr: int, kronor: float, **more: Any) -> VerifikationPosted:
    return town.verifikation(datum, vernr, "EKON", kronor, **more)


def correction(datum: str, vernr: int, of: VerifikationPosted) -> VerifikationCorrected:
    inverse = tuple(rad._replace(belopp_ore=-rad.belopp_ore) for rad in of.rader)
    return VerifikationCorrected("A", str(vernr), day(datum), inverse, of.serie, of.vernr, of.bokforingsdatum)


WRONG = voucher("2024-03-04", 2, 70)
FACTS = [
    *TOWN,
    *CHART,
    voucher("2023-12-30", 9, 40),
    voucher("2024-01-15", 1, 100),
    WRONG,
    correction("2024-04-02", 3, WRONG),
    utfall("2024-01-31", "HR", 25),
]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk(FACTS, reports=REPORTS)
    yield made
    made.close()


# ---------------------------------------------------------------- huvudbok


def test_a_balance_account_carries_its_balance_over_the_year_and_a_cost_begins_at_nothing(desk: Desk) -> None:
    found = rows(desk.ask("huvudbok", ar=2024))
    assert (found["2440"]["ingaende"], found["2440"]["debet"], found["2440"]["kredit"], found["2440"]["saldo"]) == (
        *(-kr(40), kr(70), kr(170), -kr(140)),
    )
    assert (found["5010"]["ingaende"], found["5010"]["debet"], found["5010"]["kredit"], found["5010"]["saldo"]) == (
        *(0, kr(195), kr(70), kr(125)),
    )
    assert "1510" not in found


def test_vouchers_balance_and_rows_without_vouchers_stand_apart(desk: Desk) -> None:
    found = rows(desk.ask("huvudbok", ar=2024))
    assert found["summa.verifikationer"]["debet"] == found["summa.verifikationer"]["kredit"] == kr(240)
    assert (found["summa.utfallsrader"]["debet"], found["summa.utfallsrader"]["kredit"]) == (kr(25), 0)


def test_an_account_has_its_postings_the_sum_of_each_month_and_its_balances(desk: Desk) -> None:
    answer = desk.ask("huvudbok", ar=2024, konto="5010")
    told = [
        (r.namn, r.celler["vernr"], r.celler["debet"], r.celler["kredit"], r.celler["saldo"])
        for r in answer.rader
        if r.sort != "rubrik"
    ]
    assert told == [
        ("Ingående balans", None, None, None, 0),
        ("Verifikation A 1", "1", kr(100), None, kr(100)),
        ("Utfallsrader 2024-01 HR", None, kr(25), None, kr(125)),
        ("Summa januari 2024", None, kr(125), 0, kr(125)),
        ("Verifikation A 2", "2", kr(70), None, kr(195)),
        ("Summa mars 2024", None, kr(70), 0, kr(195)),
        ("Verifikation A 3, rättar A 2", "3", None, kr(70), kr(125)),
        ("Summa april 2024", None, 0, kr(70), kr(125)),
        ("Utgående balans", None, kr(195), kr(70), kr(125)),
    ]


def test_both_axes_and_days_limit_the_book(desk: Desk) -> None:
    position = len(TOWN) + len(CHART) + 3
    assert rows(desk.ask("huvudbok", ar=2024, kand=f"@{position}"))["5010"]["saldo"] == kr(170)
    assert rows(desk.ask("huvudbok", ar=2024, beslutad="2024-03-31"))["5010"]["saldo"] == kr(195)
    of_march = rows(desk.ask("huvudbok", ar=2024, fran="2024-03-01", till="2024-03-31"))["5010"]
    assert (of_march["ingaende"], of_march["debet"], of_march["saldo"]) == (kr(125), kr(70), kr(195))
    assert rows(desk.ask("huvudbok", ar=2024, ansvar="HR"))["5010"]["saldo"] == kr(25)


def test_a_year_with_nothing_in_it_and_an_account_that_does_not_exist_are_empty(desk: Desk) -> None:
    empty = desk.ask("huvudbok", ar=2022)
    assert [r.nyckel for r in empty.rader] == ["saldon", "summor", "summa.ingaende", "summa.verifikationer"]
    assert desk.ask("huvudbok", ar=2024, konto="9999").rader == ()
    assert desk.refusals("huvudbok", ar=2024, fran="2024-02-30") == [
        "fran är ”2024-02-30”: det är inget datum. Skriv ÅÅÅÅ-MM-DD, till exempel fran=2024-12-31."
    ]


def test_pages_of_the_book_hold_every_posting_once(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    whole = [r.nyckel for r in desk.ask("huvudbok", ar=2024, visa="poster").rader if ".@" in r.nyckel]
    monkeypatch.setattr(huvudbok, "PAGE", 2)
    paged: list[str] = []
    for number in range(1, 10):
        page = desk.ask("huvudbok", ar=2024, visa="poster", sida=number).rader
        paged += [r.nyckel for r in page if ".@" in r.nyckel]
        if not any(r.sort == "fler" for r in page):
            break
    assert paged == whole
    assert len(whole) == len(set(whole)) == 7


# ---------------------------------------------------------------- grundbok


def test_the_grundbok_is_in_the_order_of_recording_with_every_row(desk: Desk) -> None:
    answer = desk.ask("grundbok")
    order = [r.namn for r in answer.rader if r.indrag == 1 and "recorded_at" in r.celler and r.celler["recorded_at"]]
    assert order == [
        "Verifikation A 9",
        "Verifikation A 1",
        "Verifikation A 2",
        "Verifikation A 3, rättar A 2",
        "Utfallsrader 2024-01 HR",
    ]
    first = [r for r in answer.rader if r.nyckel.startswith("@13")]
    assert [(r.celler["konto"], r.celler["debet"], r.celler["kredit"]) for r in first] == [
        (None, kr(40), kr(40)),
        ("5010", kr(40), None),
        ("2440", None, kr(40)),
    ]
    assert first[0].celler["vem"] == "a-1"
    assert first[0].celler["datum"] == "2023-12-30"


def test_a_part_of_the_grundbok_says_that_it_need_not_balance(desk: Desk) -> None:
    answer = desk.ask("grundbok", konto="5000-5999", serie="A")
    found = rows(answer)
    assert (found["summa.verifikationer"]["debet"], found["summa.verifikationer"]["kredit"]) == (kr(210), kr(70))
    assert "summa.utfallsrader" not in found
    assert answer.fotnoter[-1].startswith("Urvalet visar en del")


def test_pages_of_the_grundbok_hold_every_registration_once(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    monkeypatch.setattr(grundbok, "PAGE", 3)
    found = [r.nyckel for sida in (1, 2, 3) for r in desk.ask("grundbok", sida=sida).rader if r.nyckel.count(".") == 0]
    assert [key for key in found if key.startswith("@")] == [f"@{n}" for n in range(13, 18)]
    assert rows(desk.ask("grundbok", sida=9)).keys() == {
        *("summor", "summa.verifikationer", "summa.utfallsrader", "registreringar")
    }


# ---------------------------------------------------------------- verifikation


def test_a_voucher_shows_its_correction_and_the_correction_leads_back(desk: Desk) -> None:
    wrong = desk.ask("verifikation", serie="A", vernr=2, ar=2024)
    assert [r.namn for r in wrong.rader if r.nyckel.startswith("ratt")] == [
        *("Rättelser", "Rättas av: Verifikation A 3, rättar A 2")
    ]
    right = desk.ask("verifikation", serie="A", vernr=3, ar=2024)
    assert [r.namn for r in right.rader if r.nyckel.startswith("ratt")] == ["Rättelser", "Rättar: Verifikation A 2"]
    assert [(r.namn, r.celler["debet"], r.celler["kredit"]) for r in right.rader if r.nyckel.startswith("rad.")] == [
        ("Löner", None, kr(70)),
        ("Leverantörsskulder", kr(70), None),
    ]


def test_a_voucher_is_not_corrected_before_the_correction_is_known(desk: Desk) -> None:
    before = desk.ask("verifikation", serie="A", vernr=2, ar=2024, kand="@15")
    assert [r.nyckel for r in before.rader if r.nyckel.startswith("ratt")] == []
    assert before.fotnoter == ("Verifikationen rättar ingen annan och är inte rättad.",)


def test_an_unknown_voucher_is_an_empty_answer_with_a_sentence(desk: Desk) -> None:
    answer = desk.ask("verifikation", serie="B", vernr=1, ar=2024)
    assert (answer.rader, answer.fotnoter) == (
        (),
        ("Ingen verifikation B 1 2024 är känd vid @17 med det urvalet.",),
    )
    assert desk.ask("verifikation").fotnoter == ("Ange serie och nummer för att se en verifikation.",)


# ---------------------------------------------------------------- against a plain fold


def posted(fact: Any) -> Iterator[tuple[date, int, Utfallsrad]]:
    if isinstance(fact, VerifikationPosted):
        yield from ((fact.bokforingsdatum, rad.belopp_ore, rad) for rad in fact.rader)
    elif isinstance(fact, UtfallReported):
        yield from ((row.bokforingsdatum, row.rad.belopp_ore, row.rad) for row in fact.rader)
    elif isinstance(fact, UtfallCorrected):
        yield from ((row.bokforingsdatum, -row.rad.belopp_ore, row.rad) for row in fact.fore)
        yield from ((row.bokforingsdatum, row.rad.belopp_ore, row.rad) for row in fact.efter)


def folded(facts: list[Any], first: date, last: date, serie: str | None) -> dict[str, list[int]]:
    """Opening balance, debit, credit and closing balance by account."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for fact in facts:
        if serie and getattr(fact, "serie", None) != serie:
            continue
        for on, amount, rad in posted(fact):
            account = found[rad.konto or "utan_konto"]
            carried = (rad.konto or "").startswith(("1", "2"))
            if on < first and (carried or on.year == first.year) and on <= last:
                account[0] += amount
                account[3] += amount
            elif first <= on <= last:
                account[1] += max(amount, 0)
                account[2] += max(-amount, 0)
                account[3] += amount
    return {konto: sides for konto, sides in found.items() if any(sides[:3])}


@pytest.mark.parametrize("seed", range(6))
def test_the_huvudbok_agrees_with_a_plain_fold(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same questions every time
    facts = [fact for fact in random_facts(seed, 250) if not isinstance(fact, KontoDefined)]
    desk = Desk(facts, reports=REPORTS)
    days = sorted({on for fact in facts for on, _, _ in posted(fact)})
    for _ in range(12):
        kand, ar = rng.randint(0, len(facts)), rng.choice(days).year
        beslutad, fran = rng.choice([None, *days]), rng.choice([None, *(d for d in days if d.year == ar)])
        tom, serie = rng.randint(1, 12), rng.choice([None, None, "A"])
        asked = {"kand": f"@{kand}", "ar": ar, "beslutad": beslutad, "fran": fran, "tom": tom, "serie": serie}
        first = max(date(ar, 1, 1), fran or date(ar, 1, 1))
        end = date(ar + tom // 12, tom % 12 + 1, 1).toordinal() - 1
        last = min(date.fromordinal(end), beslutad or date.max)
        found = {
            r.nyckel: [r.celler[key] for key in ("ingaende", "debet", "kredit", "saldo")]
            for r in desk.ask("huvudbok", **asked).rader
            if r.celler.get("konto") is not None
        }
        assert found == folded(facts[:kand], first, last, serie), asked
        check_postings(desk, asked, found)
    desk.close()


@pytest.mark.parametrize("rapport", ["grundbok", "huvudbok"])
def test_both_backends_answer_with_the_same_bytes(rapport: str, databases: Databases) -> None:
    facts = random_facts(77, 200)
    desks = [Desk(facts, url=databases.new(backend), reports=REPORTS) for backend in BACKENDS]
    asked: dict[str, Any]
    for asked in ({"ar": 2023}, {"ar": 2024, "tom": 7, "kand": "@120"}, {"konto": "1-4", "fran": "2023-02-15"}):
        first, second = (desk.ask(rapport, **asked).to_bytes() for desk in desks)
        assert first == second
    assert all(one.alike for desk in desks for one in desk.reports.replay(len(facts)))
    for desk in desks:
        desk.close()


def test_accounts_are_asked_for_by_how_they_begin(desk: Desk) -> None:
    assert [r.nyckel for r in desk.ask("huvudbok", ar=2024, konto="50", visa="saldon").rader[1:2]] == ["5010"]
    both = desk.ask("huvudbok", ar=2024, konto="2000-5", visa="saldon").rader
    assert [r.nyckel for r in both if r.celler["konto"]] == ["2440", "5010"]


def check_postings(desk: Desk, asked: dict[str, Any], balances: dict[str, list[Any]]) -> None:
    """The postings of every account add up to its sides, and the last balance is its own."""
    sides: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    closing: dict[str, int] = {}
    for sida in range(1, 50):
        page = desk.ask("huvudbok", **asked, visa="poster", sida=sida).rader
        for r in page:
            konto = r.nyckel.partition(".")[0] or "utan_konto"
            if ".@" in r.nyckel:
                sides[konto][0] += int(r.celler["debet"] or 0)
                sides[konto][1] += int(r.celler["kredit"] or 0)
            elif r.nyckel.endswith(".utgaende"):
                closing[konto] = int(r.celler["saldo"] or 0)
        if not any(r.sort == "fler" for r in page):
            break
    assert closing == {konto: values[3] for konto, values in balances.items()}
    assert {konto: both for konto, both in sides.items() if any(both)} == {
        konto: values[1:3] for konto, values in balances.items() if any(values[1:3])
    }


# ---------------------------------------------------------------- late postings

LATE_DAY = "2023-12-30"


@pytest.fixture(scope="module")
def late() -> Iterator[Desk]:
    """A voucher and a summary row that belong to a month that was closed when they came, and a voucher beside them."""
    row = town.summarad("2024-03-31", "HR", 9)._replace(ursprungsdatum=day(LATE_DAY))
    facts = [
        *TOWN, *CHART, voucher("2024-03-04", 1, 70), LatePosted("A", "1", 2024, day(LATE_DAY)),
        voucher("2024-03-05", 2, 5), UtfallReported("2024-03", "HR", (town.summarad("2024-03-31", "HR", 4), row)),
    ]  # fmt: skip
    made = Desk(facts, reports=REPORTS)
    yield made
    made.close()


def test_the_books_say_which_day_a_late_posting_belongs_to(late: Desk) -> None:
    told = [(r.namn, r.celler.get("ursprungsdatum")) for r in late.ask("huvudbok", ar=2024, konto="5010").rader]
    assert told[2:6] == [
        (f"Verifikation A 1, hör till {LATE_DAY}", LATE_DAY),
        ("Verifikation A 2", None),
        ("Utfallsrader 2024-03 HR", None),
        (f"Utfallsrader 2024-03 HR, hör till {LATE_DAY}", LATE_DAY),
    ]
    grundbok_rows = [(r.namn, r.celler.get("ursprungsdatum")) for r in late.ask("grundbok", ar=2024).rader]
    assert (f"Verifikation A 1, hör till {LATE_DAY}", LATE_DAY) in grundbok_rows
    assert ("Verifikation A 2", None) in grundbok_rows
    assert (f"hör till {LATE_DAY}", LATE_DAY) in grundbok_rows


def test_a_late_voucher_says_which_day_it_belongs_to_and_no_sooner_than_that_was_known(late: Desk) -> None:
    at = len(TOWN) + len(CHART) + 1
    found = rows(late.ask("verifikation", ar=2024, serie="A", vernr="1"))
    assert (found["ursprungsdatum"]["datum"], found["ursprungsdatum"]["lage"]) == (LATE_DAY, f"@{at + 1}")
    assert "ursprungsdatum" not in rows(late.ask("verifikation", ar=2024, serie="A", vernr="2"))
    assert "ursprungsdatum" not in rows(late.ask("verifikation", ar=2024, serie="A", vernr="1", kand=f"@{at}"))


def test_a_late_leverans_is_told_with_its_day_wherever_facts_are_listed() -> None:
    row = town.summarad("2024-03-31", "HR", 9)._replace(ursprungsdatum=day(LATE_DAY))
    assert (
        told_line(UtfallReported("2024-03", "HR", (row,))) == f"HR 2024-03, 1 rader, varav sena som hör till {LATE_DAY}"
    )
