"""Kostnadsreducerande åtgärder: a file in; what was planned, done, struck and found, per unit, year and category."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from ledger.domain.events import RegistreringCorrected
from ledger.domain.events_uppfoljning import AtgardChanged
from ledger.domain.money import shown
from ledger.reporting.answer import Answer
from tests.interchange.town import ORGANISATION, give, open_ledger
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, day, kr, moved

HEADER: Final = "atgard,namn,ansvar,kategori,ar,belopp,status,statusdatum,effekt,text\n"
ALL: Final = ("nettokostnad", "planerat", "genomfort", "struket", "kvar", "effekt", "kvar_effekt")


def atgard(
    kod: str, ansvar: str, ar: int, status: str, datum: str, kronor: float, effekt: float | None = None, **more: Any
) -> AtgardChanged:
    found = None if effekt is None else kr(effekt)
    return AtgardChanged(kod, f"Åtgärd {kod}", ansvar, ar, status, day(datum), kr(kronor), found, **more)


FACTS = [
    *TOWN,
    atgard("A1", "HR", 2024, "planerad", "2023-12-01", 750, kategori="lokaler"),
    atgard("A2", "EKON", 2024, "planerad", "2023-12-01", 1500, kategori="personal"),
    atgard("A2", "EKON", 2024, "genomford", "2024-06-30", 1500, 900, kategori="personal"),
    atgard("A3", "HR", 2024, "planerad", "2023-12-01", 340),
    atgard("A3", "HR", 2024, "struken", "2024-03-31", 340),
    atgard("A4", "KOST", 2023, "genomford", "2023-06-30", 100, 120),
    atgard("A4", "KOST", 2024, "planerad", "2023-06-30", 200),
]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(FACTS)


def cells(answer: Answer, rad: str) -> list[int | None]:
    found = rows(answer)[rad]
    return [None if found[c] is None else found[c] // 100 for c in ALL]


def test_each_atgard_stands_under_its_unit_with_status_and_category(desk: Desk) -> None:
    answer = desk.ask("atgarder", ar=2024, ansvar="KS")
    assert [(row.namn, row.celler["status"], row.celler["kategori"]) for row in answer.rader] == [
        ("EKON", None, None),
        ("Åtgärd A2", "genomförd", "personal"),
        ("HR", None, None),
        ("Åtgärd A1", "planerad", "lokaler"),
        ("Åtgärd A3", "struken", None),
        ("KOST", None, None),
        ("Åtgärd A4", "planerad", None),
        ("Summa", None, None),
    ]
    assert cells(answer, "A1") == [-750, 750, 0, 0, 750, None, 750]
    assert cells(answer, "A2") == [-1500, 1500, 1500, 0, 0, 900, 600]
    assert cells(answer, "A3") == [-340, 340, 0, 340, 0, None, 0]
    assert cells(answer, "summa") == [-2790, 2790, 1500, 340, 950, 900, 1550]


def test_units_categories_and_statuses_add_up_to_the_same(desk: Desk) -> None:
    for per in ("stab", "forvaltning", "kategori", "status"):
        answer = desk.ask("atgarder", ar=2024, ansvar="KS", per=per)
        inside = [row for row in answer.rader if row.sort in {"enhet", "kod", "ofordelat"}]
        assert sum(int(row.celler["planerat"] or 0) for row in inside) == kr(2790), per
    per_category = desk.ask("atgarder", ar=2024, ansvar="KS", per="kategori")
    assert [row.nyckel for row in per_category.rader] == ["lokaler", "personal", "ofordelat", "summa"]
    # What is said of an åtgärd is said where it has a row.
    assert "status" not in per_category.utskrift


def test_both_axes_of_time_hold(desk: Desk) -> None:
    assert cells(desk.ask("atgarder", ar=2024, ansvar="KS", beslutad="2024-05-31"), "A2") == [
        -1500, 1500, 0, 0, 1500, None, 1500,
    ]  # fmt: skip
    known = desk.ask("atgarder", ar=2024, ansvar="KS", kand="@13")
    assert [row.nyckel for row in known.rader if row.sort == "kod"] == ["A2", "A1", "A3"]
    assert rows(known)["A3"]["status"] == "planerad"


def test_years_stand_beside_each_other(desk: Desk) -> None:
    found = rows(desk.ask("atgarder", ar=2024, ansvar="KS"))
    years = ("genomfors_2022", "genomfors_2023", "genomfors_2024", "tre_ar")
    assert [found["A4"][c] for c in years] == [0, kr(100), kr(200), kr(300)]
    assert [found["summa"][c] for c in years] == [0, kr(100), kr(2450), kr(2550)]


def test_an_atgard_stays_where_it_was_said_to_be_when_the_unit_moves() -> None:
    desk = Desk([*FACTS, moved("HR", "stab", "NA", "2024-07-01")])
    assert "A1" not in rows(desk.ask("atgarder", ar=2024, ansvar="KS"))
    assert rows(desk.ask("atgarder", ar=2024, ansvar="KS", organisation="2024-06-30"))["A1"]["planerat"] == kr(750)


def test_a_correction_takes_the_place_of_what_was_wrong() -> None:
    wrong = atgard("A1", "HR", 2024, "planerad", "2023-12-01", 750, kategori="lokaler")
    right = atgard("A1", "HR", 2024, "planerad", "2023-12-01", 570, kategori="lokaler")
    desk = Desk([*FACTS, RegistreringCorrected(10, wrong, right, "Omkastade siffror")])
    assert rows(desk.ask("atgarder", ar=2024, ansvar="KS"))["A1"]["planerat"] == kr(570)
    assert rows(desk.ask("atgarder", ar=2024, ansvar="KS", kand="@16"))["A1"]["planerat"] == kr(750)
    assert all(one.alike for one in desk.reports.replay(17))


def test_a_year_with_nothing_in_it_says_so(desk: Desk) -> None:
    answer = desk.ask("atgarder", ar=2031, ansvar="KS")
    assert [row.nyckel for row in answer.rader] == ["summa"]
    assert any(note.startswith("Inget är registrerat") for note in answer.fotnoter)
    # People are shown no zeros.
    assert set(rows(answer.shown())["summa"].values()) == {None}


@pytest.mark.parametrize("seed", range(6))
def test_random_atgarder_agree_with_a_sum_by_hand(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a seeded choice
    units, statuses = ("EKON", "HR", "KOST", "SKOLA", "KS"), ("planerad", "genomford", "struken")
    facts = [
        atgard(
            f"A{rng.randrange(6)}", rng.choice(units), rng.choice((2023, 2024)), rng.choice(statuses),
            f"2024-01-{day:02}", rng.randrange(-99, 999), rng.choice((None, rng.randrange(99))),
            kategori=rng.choice((None, "x", "y")),
        )
        for day in range(1, 29)
    ]  # fmt: skip
    # The order of recording is another than that of the days.
    rng.shuffle(facts)
    desk = Desk([*TOWN, *facts])
    first, last = (rng.randrange(len(TOWN), len(TOWN) + 29) for _ in range(2))
    for kand, per in ((first, "atgard"), (last, rng.choice(("stab", "kategori", "status")))):
        newest: dict[tuple[str, int], AtgardChanged] = {}
        for fact in sorted(facts[: kand - len(TOWN)], key=lambda one: one.statusdatum):
            newest[fact.atgard, fact.ar] = fact
        want: dict[str, int] = defaultdict(int)
        for (_, ar), fact in newest.items():
            if ar == 2024 and fact.ansvar != "SKOLA":
                want["planerat"] += fact.belopp_ore
                want[fact.status] += fact.belopp_ore
                want["effekt"] += fact.effekt_ore or 0
        got = rows(desk.ask("atgarder", ar=2024, ansvar="KS", kand=f"@{kand}", per=per))["summa"]
        assert (got["planerat"], got["kvar"], got["struket"]) == (want["planerat"], want["planerad"], want["struken"])
        assert (got["effekt"] or 0) == want["effekt"]
    a, b = (desk.question("atgarder", ar=2024, ansvar="KS", kand=f"@{kand}") for kand in (first, last))
    for cell in desk.reports.skillnad(a, b).celler:
        assert sum(fact.belopp_ore for fact in cell.fakta) == cell.skillnad_ore, cell
    for row in desk.reports.ask(b).rader:
        for column in ALL if row.sort != "rubrik" else ():
            page = desk.reports.cell(b, row.nyckel, column)
            assert sum(share.belopp_ore for share in page.andelar) == (row.celler[column] or 0)


# ---------------------------------------------------------------- the printed tables, from a file

PRINTED_STATUS: Final = {
    "inarbetad i internbudget 2023": "planerad",
    "ej genomförbar, ej i internbudget": "struken",
}


@pytest.fixture(scope="module")
def printed(shared_data: Path) -> Path:
    return shared_data / "linkoping/printed"


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def atgard_file(folder: Path) -> str:
    """The printed tables as an atgard file: those of 2023 one by one, those of the years before as one of each year."""
    text = io.StringIO()
    writer = csv.writer(text)
    for n, row in enumerate(table(folder, "2023_ib_ks_kostnadsreducerande_atgarder"), 1):
        unit_name, _, name = row["label"].partition(": ")
        amount, status = -1000 * int(row["2023"]), PRINTED_STATUS[row["status"]]
        writer.writerow([f"A{n}", name, code_of(unit_name), row["status"], 2023, amount, status, "2022-12-06", "", ""])
    for row in table(folder, "2023_ib_ks_kostnadsreducering_per_ar"):
        ar = int(row["label"][-4:]) if row["_role"] == "row" else 2023
        if ar < 2023:
            amount = 1000 * int(row["belopp"])
            writer.writerow([f"B{ar}", row["label"], "KLF", "", ar, amount, "genomford", f"{ar}-12-31", "", ""])
    return HEADER + text.getvalue()


def code_of(name: str) -> str:
    """A code for a unit by the name that is printed."""
    return "U" + str(sum(map(ord, name)))


def test_the_printed_tables_come_back_from_a_file(printed: Path, tmp_path: Path) -> None:
    of_atgarder = table(printed, "2023_ib_ks_kostnadsreducerande_atgarder")
    names = dict.fromkeys(row["label"].partition(": ")[0] for row in of_atgarder)
    organisation = ORGANISATION + "KLF,Kommunledningsförvaltningen,forvaltning,,2020-01-01,,nettokostnad\n"
    organisation += "".join(f'{code_of(name)},"{name}",stab,KLF,2020-01-01,,\n' for name in names)
    ledger = open_ledger(f"sqlite:///{tmp_path}/x.db")
    give(ledger, {"organisation.csv": organisation, "atgard.csv": atgard_file(printed)})
    desk = Desk(recorded.fact for recorded in ledger.log.read())
    ledger.log.close()

    answer = desk.ask("atgarder", ar=2023, enhet="tkr")
    found: dict[str, tuple[object, ...]] = {}
    heading = ""
    for row in answer.rader:
        if row.sort == "rubrik":
            heading = row.namn
        elif row.sort == "kod":
            amount = shown(int(row.celler["nettokostnad"] or 0), "tkr")
            found[f"{heading}: {row.namn}"] = (str(amount), row.celler["kategori"], row.celler["status"])
    for line in of_atgarder:
        assert found[line["label"]] == (line["2023"], line["status"], PRINTED_STATUS[line["status"]])

    years = rows(answer)["summa"]
    for line in table(printed, "2023_ib_ks_kostnadsreducering_per_ar"):
        if line["_role"] == "sum":
            assert shown(years["tre_ar"], "mnkr") == round(10 * float(line["belopp"]))
        else:
            assert shown(years[f"genomfors_{line['label'][-4:]}"], "tkr") == int(line["belopp"])
