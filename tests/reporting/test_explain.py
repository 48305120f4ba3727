"""Every figure and every difference can be taken apart into the facts behind it, to the öre."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ledger.domain.events import UnitMerged, UtfallReported
from ledger.domain.events_behorighet import LatePosted
from ledger.domain.money import LARGEST_ORE
from ledger.domain.rader import Summarad, Utfallsrad
from ledger.domain.refusal import Refused
from ledger.reporting.explaining import skillnad
from ledger.reporting.explaining.skillnad import Cellskillnad, Utsnitt
from tests.reporting.asking import Desk
from tests.reporting.town import (
    TOWN,
    beslut,
    budget,
    day,
    kr,
    moved,
    prognos,
    projekt,
    rorelse,
    summarad,
    unit,
    utfall,
    verifikation,
)  # fmt: skip

#: Position of the first fact after the town.
FIRST = len(TOWN) + 1


def town(*facts: object) -> Desk:
    return Desk([*TOWN, *facts])  # type: ignore[list-item]


def explained(desk: Desk, rad: str, kolumn: str, a: Mapping[str, object], b: Mapping[str, object]) -> Cellskillnad:
    """The difference of one cell of driftsammandrag 2024 between two questions."""
    one, two = (desk.question("driftsammandrag", **{"ar": 2024, "ansvar": "KS", **asked}) for asked in (a, b))
    return next(cell for cell in desk.reports.skillnad(one, two).celler if (cell.rad, cell.kolumn) == (rad, kolumn))


def listed(cell: Cellskillnad) -> list[tuple[int, int, str]]:
    return [(f.position - FIRST, f.belopp_ore // 100, f.hur) for f in cell.fakta]


def test_a_cell_is_its_facts_in_log_order_with_a_running_sum() -> None:
    desk = town(*(utfall("2024-03-31", "EKON", amount) for amount in (10, -4, 7)))
    page = desk.reports.cell(desk.question("driftsammandrag", ar=2024, ansvar="KS"), "EKON", "utfall")
    assert (page.summa_ore, page.antal, page.netto_noll) == (kr(13), 3, 0)
    assert [(a.belopp_ore, a.lopande_ore, a.datum) for a in page.andelar] == [
        (kr(10), kr(10), "2024-03-31"),
        (kr(-4), kr(6), "2024-03-31"),
        (kr(7), kr(13), "2024-03-31"),
    ]
    assert page.andelar[0].faktum == "utfall_reported.v1"


def test_a_late_voucher_says_which_day_it_belongs_to() -> None:
    late = LatePosted("A", "1", 2024, day("2024-01-30"))
    desk = town(verifikation("2024-03-04", 1, "EKON", 70), late, verifikation("2024-03-05", 2, "EKON", 5))
    page = desk.reports.cell(desk.question("driftsammandrag", ar=2024, ansvar="KS"), "EKON", "utfall")
    told = [(one.datum, one.ursprungsdatum) for one in page.andelar]
    assert told == [("2024-03-04", "2024-01-30"), ("2024-03-05", None)]


def test_pages_go_on_where_the_last_one_ended() -> None:
    desk = town(*(utfall("2024-03-31", "EKON", 1) for _ in range(25)))
    question = desk.question("driftsammandrag", ar=2024, ansvar="KS")
    pages = [desk.reports.cell(question, "summa", "avvikelse", first=first, size=10) for first in (0, 10, 20)]
    assert [len(page.andelar) for page in pages] == [10, 10, 5]
    assert [page.andelar[-1].lopande_ore for page in pages] == [kr(-10), kr(-20), kr(-25)]


def test_shares_of_twelfths_are_what_each_decision_changes() -> None:
    desk = town(
        beslut("budget", "2023-11-20", rorelse(0.05, 2024, "EKON")),
        beslut("ramjustering", "2024-02-01", rorelse(0.05, 2024, "EKON", text="mer")),
    )
    question = desk.question("driftsammandrag", ar=2024, tom=3, ansvar="KS")
    page = desk.reports.cell(question, "EKON", "budget")
    # 5 öre lie on January to May, one each; 10 öre on January to October: three of either by March.
    assert (page.summa_ore, [a.belopp_ore for a in page.andelar], page.netto_noll) == (3, [3], 1)


def test_a_cell_that_is_not_there_is_refused_with_what_there_is() -> None:
    desk = town()
    with pytest.raises(Refused) as refused:
        desk.reports.cell(desk.question("driftsammandrag", ar=2024, ansvar="KLF"), "X", "y")
    rows, columns = (refusal.sentence() for refusal in refused.value.refusals)
    assert rows == "Raden ”X” finns inte i svaret. Där finns EKON, HR, summa, varav_kostnader och varav_intakter."
    assert columns.startswith("Kolumnen ”y” finns inte i svaret. Där finns utfall, budget, avvikelse")


def test_what_was_recorded_between_two_positions_explains_the_difference() -> None:
    desk = town(
        budget("2023-11-20", EKON=(2024, 100)),
        beslut("ramjustering", "2024-02-01", rorelse(-7, 2024, "EKON", text="sänkt")),
        beslut("omfordelning", "2024-02-02", rorelse(20, 2024, "HR", "EKON"), organ="KS"),
    )
    kand = {"kand": f"@{FIRST}"}
    assert listed(explained(desk, "EKON", "budget", kand, {})) == [(1, -7, "tillkommer"), (2, -20, "tillkommer")]
    total = explained(desk, "summa", "budget", kand, {})
    assert (listed(total), total.netto_noll) == ([(1, -7, "tillkommer")], 1)
    back = explained(desk, "summa", "budget", {}, kand)
    assert listed(back) == [(1, 7, "utgår")]


def test_an_older_round_leaves_with_reversed_sign() -> None:
    desk = town(budget("2022-11-20", KS=(2024, 95)), budget("2023-11-20", KS=(2024, 100)))
    cell = explained(desk, "summa", "budget", {"beslutad": "2023-06-30"}, {"beslutad": "2023-12-31"})
    assert listed(cell) == [(0, -95, "utgår"), (1, 100, "tillkommer")]


def test_a_replaced_forecast_leaves() -> None:
    desk = town(
        prognos("2024-03-31", 2024, "EKON", ("kostnad", 100)), prognos("2024-08-31", 2024, "EKON", ("kostnad", 90))
    )
    cell = explained(desk, "EKON", "prognos", {"beslutad": "2024-04-30"}, {})
    assert listed(cell) == [(0, -100, "utgår"), (1, 90, "tillkommer")]


def test_an_organisation_fact_is_listed_with_what_it_moves() -> None:
    desk = town(
        utfall("2024-01-31", "HR", 10),
        utfall("2024-01-31", "EKON", 20),
        UnitMerged("HR", day("2024-06-30"), "EKON"),
        moved("EKON", "stab", "NA", "2024-01-01"),
        utfall("2024-02-29", "EKON", 3),
    )
    kand = {"kand": f"@{FIRST + 1}"}
    assert listed(explained(desk, "EKON", "utfall", kand, {})) == [
        (2, 10, "flyttar"),
        (3, -30, "flyttar"),
    ]
    assert listed(explained(desk, "summa", "utfall", kand, {"ansvar": "KS"})) == [(3, -30, "flyttar")]


def test_between_two_days_the_organisation_facts_that_took_effect_are_listed() -> None:
    desk = town(utfall("2024-01-31", "HR", 10), moved("HR", "stab", "NA", "2024-01-01"))
    old, new = {"organisation": "2023-12-31"}, {"organisation": "2024-12-31"}
    assert listed(explained(desk, "summa", "utfall", old, new)) == [(1, -10, "flyttar")]
    assert listed(explained(desk, "summa", "utfall", new, old)) == [(1, 10, "flyttar")]


def test_a_project_that_changes_owner_moves_its_figures() -> None:
    desk = town(
        projekt("P-1", "EKON", "pagaende", "2023-01-01"),
        utfall("2024-01-31", "EKON", 10, "utgift", projekt="P-1", konto="1180"),
        projekt("P-1", "SKOLA", "pagaende", "2024-05-01"),
    )
    before, after = (desk.question("investeringsuppfoljning", ar=2024, ansvar="KS", tom=tom) for tom in (4, 5))
    cells = desk.reports.skillnad(before, after).celler
    cell = next(cell for cell in cells if (cell.rad, cell.kolumn) == ("summa", "ar_utfall"))
    assert listed(cell) == [(2, -10, "flyttar")]


def test_two_equal_answers_have_no_difference() -> None:
    desk = town(budget("2023-11-20", KS=(2024, 100)))
    question = desk.question("driftsammandrag", ar=2024)
    assert desk.reports.skillnad(question, question).celler == ()


def test_a_list_cannot_be_taken_apart() -> None:
    desk = town()
    with pytest.raises(Refused) as refused:
        desk.reports.cell(desk.question("behandlingshistorik"), "fakta", "antal")
    assert "behandlingshistorik är en lista utan summor" in str(refused.value)


def test_a_fact_behind_a_cell_says_its_decision_its_days_and_who_recorded_it() -> None:
    rows = (summarad("2024-03-28", "EKON", 1), summarad("2024-03-04", "EKON", 2), summarad("2024-03-31", "HR", 4))
    cut = beslut("ramjustering", "2024-02-01", rorelse(-7, 2024, "EKON"), paragraf="52", diarienummer="KS 2024-118")
    desk = town(UtfallReported("2024-03", "EKON", rows), cut)
    question = desk.question("driftsammandrag", ar=2024, ansvar="KS")
    posted, decided = desk.reports.cell(question, "EKON", "avvikelse").andelar
    assert (posted.position, posted.datum, posted.sista_datum, posted.beslut) == (FIRST, "2024-03-04", "2024-03-28", "")
    assert (decided.datum, decided.sista_datum) == ("2024-02-01", "2024-02-01")
    assert decided.beslut == "kommunfullmäktige 2024-02-01 § 52 KS 2024-118"
    assert (decided.vem, decided.mandat, decided.faktum) == ("a-1", "oppet", "ramjustering_decided.v1")
    assert (decided.recorded_at, decided.lopande_ore) == ("2025-02-03T12:00:11.000000Z", kr(-10))


def test_sums_beyond_64_bits_are_exact() -> None:
    row = Summarad(day("2024-03-31"), Utfallsrad(LARGEST_ORE, "EKON", "5010", "kostnad"))
    desk = town(
        UtfallReported("2024-03", "EKON", (row,) * 2_000),
        UtfallReported("2024-03", "EKON", (row,) * 3),
        utfall("2024-03-31", "EKON", -1),
    )
    question = desk.question("driftsammandrag", ar=2024, ansvar="KS")
    page = desk.reports.cell(question, "EKON", "utfall", first=1)
    assert page.summa_ore == 2_003 * LARGEST_ORE - 100
    assert [andel.belopp_ore for andel in page.andelar] == [3 * LARGEST_ORE, -100]
    assert page.andelar[-1].lopande_ore == page.summa_ore
    cell = explained(desk, "summa", "avvikelse", {"kand": f"@{FIRST}"}, {})
    assert (cell.skillnad_ore, [f.belopp_ore for f in cell.fakta]) == (-3 * LARGEST_ORE + 100, [-3 * LARGEST_ORE, 100])


def test_a_difference_of_many_facts_is_told_in_part_and_paged() -> None:
    desk = town(*(utfall("2024-03-31", "EKON", amount) for amount in [5, -5, *range(1, 251)]))
    a, b = (desk.question("driftsammandrag", ar=2024, ansvar="KS", kand=f"@{at}") for at in (FIRST - 1, FIRST + 251))
    found = desk.reports.skillnad(a, b)
    cell = next(c for c in found.celler if (c.rad, c.kolumn) == ("EKON", "utfall"))
    assert (cell.antal, cell.sidor, len(cell.fakta)) == (252, 3, 10)
    assert (found.antal, list(found.positioner)) == (252, list(range(FIRST, FIRST + 252)))
    pages = [desk.reports.skillnad(a, b, Utsnitt("EKON", "utfall", sida)).celler[0].fakta for sida in (1, 2, 3)]
    assert [len(page) for page in pages] == [100, 100, 52]
    assert [f.belopp_ore // 100 for page in pages for f in page] == [5, -5, *range(1, 251)]
    told = skillnad.told(found, desk.log)
    assert [fact["position"] for fact in told["fakta"]] == list(range(FIRST, FIRST + 10))


def test_a_page_that_is_not_there_is_refused() -> None:
    desk = town(utfall("2024-03-31", "EKON", 1))
    a, b = (desk.question("driftsammandrag", ar=2024, ansvar="KLF", kand=f"@{at}") for at in (FIRST - 1, FIRST))
    for asked, sentence in (
        (Utsnitt("EKON", "utfall", 2), "sida är ”2”: cellens fakta tar en sida. Utelämna sida."),
        (
            Utsnitt("EKON", "", 2),
            "sida är ”2”: sidor finns för en cell i taget. Ange rad och kolumn, eller utelämna sida.",
        ),
        (Utsnitt("X"), "Raden ”X” finns inte i svaret. Där finns EKON, HR, summa, varav_kostnader och varav_intakter."),
    ):
        with pytest.raises(Refused) as refused:
            desk.reports.skillnad(a, b, asked)
        assert [refusal.sentence() for refusal in refused.value.refusals] == [sentence]


def test_one_fact_moves_a_cell_once_however_many_ways_it_does_so() -> None:
    desk = town(utfall("2024-01-31", "HR", 10), moved("HR", "stab", "NA", "2024-03-01"))
    a = {"kand": f"@{FIRST}", "tom": 2}
    cell = explained(desk, "summa", "utfall", a, {"tom": 4})
    assert (listed(cell), cell.antal) == ([(1, -10, "flyttar")], 1)


def test_facts_of_which_nothing_is_left_after_a_move_back_are_passed_over() -> None:
    desk = town(
        utfall("2024-01-31", "HR", 10),
        moved("HR", "stab", "NA", "2024-01-01"),
        moved("HR", "stab", "KLF", "2024-01-02"),
        *(moved("SKOLA", "stab", "NA", f"2024-02-{n:02d}") for n in range(1, 9)),
    )
    a, b = (desk.question("driftsammandrag", ar=2024, ansvar="KS", kand=f"@{at}") for at in (FIRST, FIRST + 10))
    assert desk.reports.skillnad(a, b).celler == ()


def test_a_unit_that_the_other_answer_does_not_know_is_refused() -> None:
    desk = town(unit("NY", "namnd", "KO"))
    new, old = (
        desk.question("driftsammandrag", ar=2024, ansvar=ansvar, kand=f"@{at}")
        for ansvar, at in (("NY", FIRST), ("KS", FIRST - 1))
    )
    assert desk.reports.skillnad(old, new).celler == ()
    with pytest.raises(Refused) as refused:
        desk.reports.skillnad(new, old)
    assert [refusal.sentence() for refusal in refused.value.refusals] == [
        "ansvar är ”NY”, men ingen enhet med den koden är känd vid @9. Närmast ligger NA och EKON."
    ]
