"""Answers as people and machines read them."""

# ruff: noqa: E501 - expected lines stand whole

from __future__ import annotations

import csv
import io
from dataclasses import replace

from ledger.domain.refusal import Refusal
from ledger.interchange.faults import Fault, shortened
from ledger.interchange.rendering import as_csv, as_csv_for_excel, as_text, difference_text
from ledger.reporting.answer import Answer, Kolumn, Rad, Stampel
from ledger.reporting.explaining.skillnad import Cellskillnad, Forklaring, Skillnad

STAMP = Stampel(512, "2024-05-28T12:00:00.000001Z", "ab" * 32, 1)
ANSWER = Answer(
    rapport="driftsammandrag",
    rubrik="Driftsammandrag",
    stampel=STAMP,
    fraga={"ar": 2024, "tom": 12, "ansvar": "KS", "kand": "@512", "beslutad": None, "med_forslag": "nej", "enhet": "tkr"},
    kolumner=(Kolumn("utfall", "Bokslut 2024"), Kolumn("prognos", "Prognos 2024"), Kolumn("slutar", "Slutår", "ar")),
    rader=(
        Rad("KS-A", "Stab A", {"utfall": -123_456_700_00, "prognos": None, "slutar": 2025}, 1, "enhet", "Högt, men rätt"),
        Rad("summa", "Summa nettokostnader", {"utfall": 49_999, "prognos": -100, "slutar": None}, 0, "summa"),
        Rad("varav_kostnader", "varav kostnader", {"utfall": 50_000, "prognos": 0}, 0, "varav"),
        Rad("KS-V", "Verksamhetsstöd", {"utfall": 0, "prognos": 0}, 0, "enhet"),
    ),
    fotnoter=("Nettokostnad = kostnader − intäkter.",),
    utskrift=("utfall", "prognos"),
)  # fmt: skip


def test_the_text_is_the_printed_table_in_swedish() -> None:
    assert (
        as_text(ANSWER)
        == """\
Driftsammandrag, tusental kronor (tkr)
ar 2024 · tom 12 · ansvar KS

                      Bokslut 2024  Prognos 2024
────────────────────────────────────────────────
  Stab A                  −123\u00a0457             –
Summa nettokostnader             0             0
════════════════════════════════════════════════
varav kostnader                  1             0

Redovisas som resultat, utanför summan:
Verksamhetsstöd                  0             0

Analys och kommentar
Stab A: Högt, men rätt

Nettokostnad = kostnader − intäkter.

Läge @512 · 2024-05-28 12:00:00 UTC · rapportversion 1 · öppet läge
Rot abababababababababababababababababababababababababababababababab
"""
    )


def test_a_list_with_nothing_in_it_says_so_under_its_heading() -> None:
    rows = (
        Rad("mandat", "Mandat", {"antal": 1}, 0, "rubrik"),
        Rad("@5", "KS", {}),
        Rad("attest", "Attestförteckning", {"antal": 0}, 0, "rubrik"),
    )
    lines = as_text(replace(ANSWER, rader=rows)).splitlines()
    assert lines[lines.index("Attestförteckning") + 1] == "  Inga rader."
    assert lines.count("  Inga rader.") == 1


def test_columns_that_are_seldom_printed_can_be_asked_for() -> None:
    assert "Slutår" not in as_text(ANSWER)
    assert "2025" in as_text(ANSWER, every_column=True)


def test_the_csv_has_plain_numbers_and_every_column() -> None:
    text = as_csv(ANSWER)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert text.count("\r\n") == 5
    assert (rows[0]["utfall"], rows[0]["prognos"], rows[0]["slutar"]) == ("-123457", "", "2025")
    assert (rows[0]["kommentar"], rows[0]["kand"], rows[0]["enhet"]) == ("Högt, men rätt", "@512", "tkr")


def test_what_is_not_known_is_blank_in_a_csv_and_never_0() -> None:
    known, other, slutar = ANSWER.kolumner
    answer = replace(ANSWER, kolumner=(replace(known, saknas=True), other, slutar))
    assert [row["utfall"] for row in csv.DictReader(io.StringIO(as_csv(answer), newline=""))] == [""] * 4
    lines = csv.DictReader(io.StringIO(as_csv_for_excel(answer).decode("utf-8-sig"), newline=""), delimiter=";")
    assert [row["Bokslut 2024"] for row in lines] == [""] * 4


def test_a_table_without_rows_says_so() -> None:
    empty = Answer("x", "X", Stampel(0, None, "00", 1), {"enhet": "kr"}, (), (), ())

    assert "Inga rader." in as_text(empty)
    assert "Läge @0 · tom logg · rapportversion 1 · öppet läge" in as_text(empty)


def test_a_difference_lists_the_facts_of_each_cell_to_the_ore() -> None:
    facts = (Forklaring(7, -16_300_000_00, "tillkommer"), Forklaring(9, -1_500_000_00, "tillkommer"))
    cell = Cellskillnad("summa", "Summa", "budget", 671_800_000_00, 654_000_000_00, -17_800_000_00, facts, 2, 2)
    fran, till = {"kand": "@9", "beslutad": "2024-01-31"}, {"kand": "@9", "beslutad": "2024-12-31"}

    text = difference_text(
        Skillnad("driftsammandrag", fran, till, STAMP, STAMP, (cell,), (7, 9), 2), {7: "Ramjustering"}
    )

    assert text.split("\n")[:6] == [
        "Skillnad i driftsammandrag: @9, beslutad 2024-01-31 → @9, beslutad 2024-12-31",
        "",
        "Summa (summa), budget: 671\u00a0800\u00a0000,00 → 654\u00a0000\u00a0000,00 kr, skillnad −17\u00a0800\u00a0000,00 kr",
        "  −16\u00a0300\u00a0000,00 kr  @7 tillkommer: Ramjustering",
        "   −1\u00a0500\u00a0000,00 kr  @9 tillkommer: ",
        "  2 fakta tar ut varandra i cellen.",
    ]


def test_a_difference_of_many_facts_says_how_to_see_the_rest() -> None:
    facts = tuple(Forklaring(at, 100, "tillkommer") for at in range(1, 101))
    few = Cellskillnad("summa", "Summa", "utfall", 0, 25_000, 25_000, facts[:10], 0, 250, 3)
    asked = {"kand": "@9", "beslutad": None}

    def last_line(cell: Cellskillnad, sida: int) -> str:
        found = Skillnad("driftsammandrag", asked, asked, STAMP, STAMP, (cell,), (), 250)
        return difference_text(found, {}, sida).split("\n\n")[1].split("\n")[-1]

    more = "Visa fler: --rad summa --kolumn utfall --sida"
    assert last_line(few, 1) == f"  De första 10 av 250 fakta. {more} 1"
    assert last_line(replace(few, fakta=facts), 2) == f"  Sida 2 av 3, 250 fakta. {more} 3"
    assert last_line(replace(few, fakta=facts[:50]), 3) == "  Sida 3 av 3, 250 fakta."


def test_a_value_in_a_fault_is_short_and_printable() -> None:
    class AnyRule(Refusal):
        def sentence(self) -> str:
            return "Fel."

    assert Fault("a.csv", 3, "text", "rad\nett", AnyRule()).text() == "a.csv rad 3, text ”rad ett”: Fel."
    assert len(shortened("a" * 1000)) == 60
