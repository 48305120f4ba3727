"""The benchmarks run and print what they promise. No time is asserted: a slow machine is no fault."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from benchmarks import csv_files, founding, journals, readers
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.arguments import arguments
from benchmarks.as_of import growth
from benchmarks.figures import Figure, least, most, table
from benchmarks.municipality import Municipality
from benchmarks.questions import Questions, windows
from benchmarks.reader_child import MIXED, Answered
from benchmarks.truth import flat
from benchmarks.units import below
from ledger.domain.events import UtfallCorrected, UtfallReported, VerifikationPosted
from ledger.domain.verifikation import Voucher
from ledger.recording.store import FactLog
from ledger.reporting.stored.cube import Window
from tests import tidy
from tests.conftest import Databases

TOWN = Municipality.of(7, years=2, texts=0.5)
VOUCHERS = 1_500


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactLog]:
    with _recorded(tmp_path_factory.mktemp("kommun") / "a.db") as log:
        yield log


def _recorded(path: Path) -> FactLog:
    clock = founding.Calendar()
    log = founding.opened(f"sqlite:///{path}", clock)
    founding.found(log, TOWN, clock, VOUCHERS)
    return log


# ---------------------------------------------------------------- the municipality


def test_the_municipality_has_the_size_that_measurements_speak_of() -> None:
    assert len(TOWN.units.founded) == 300
    assert len(TOWN.verksamheter) == 20
    assert len(TOWN.konton) == 60
    assert len(TOWN.projects) == 400
    levels = Counter(unit.niva for unit in TOWN.units.founded)
    assert levels == {"kommun": 1, "namnd": 12, "forvaltning": 18, "stab": 12, "avdelning": 57, "enhet": 200}
    assert sum(unit.teckenregel == "resultat" for unit in TOWN.units.founded) == 4


def test_two_reorganisations_move_merge_and_rename_units() -> None:
    before, after = TOWN.units.on(date(2023, 1, 1)), TOWN.units.on(date(2024, 12, 31))

    assert len(before) == 300
    assert len(after) == 292
    assert sum(before[code].overordnad != unit.overordnad for code, unit in after.items()) == 10
    assert sum(before[code].namn != unit.namn for code, unit in after.items()) == 14
    assert all(parent in after for parent in below(after) if parent)


def test_vouchers_have_four_rows_that_balance_and_one_in_twenty_is_backdated() -> None:
    vouchers = list(TOWN.vouchers(5000))
    days = [voucher.bokforingsdatum for voucher in vouchers]
    registered = [date.fromordinal(TOWN.first_day.toordinal() + n * 731 // 5000) for n in range(5000)]

    assert all(len(v.rader) == 4 and sum(rad.belopp_ore for rad in v.rader) == 0 for v in vouchers)
    assert len({(v.serie, v.vernr, v.bokforingsdatum.year) for v in vouchers}) == 5000
    assert 0.03 < sum(day != known for day, known in zip(days, registered, strict=True)) / 5000 < 0.07
    assert all(day <= known for day, known in zip(days, registered, strict=True))


def test_some_vouchers_are_corrected_by_their_inverse() -> None:
    vouchers = {Voucher(v.serie, v.vernr, v.bokforingsdatum.year): v for v in TOWN.vouchers(5000)}
    corrections = [voucher for voucher in vouchers.values() if voucher.rattar]

    assert len(corrections) >= 8
    for correction in corrections:
        assert correction.rattar
        wrong = vouchers[correction.rattar]
        assert [rad.belopp_ore for rad in correction.rader] == [-rad.belopp_ore for rad in wrong.rader]


def test_nothing_is_booked_on_a_unit_that_is_closed() -> None:
    closed = {row.ansvar: row.till for _, _, rows in TOWN.units.reorganisations for row in rows if row.till}

    assert len(closed) == 8
    for voucher in TOWN.vouchers(5000):
        assert voucher.bokforingsdatum <= closed.get(voucher.rader[0].ansvar or "", date.max)


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        csv_files.write_master(Municipality.of(7, years=1), folder)
        csv_files.write_outcome(Municipality.of(7, years=1), 400, folder)
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)

    assert first == second
    assert len(first["utfall.csv"].splitlines()) == 401


# ---------------------------------------------------------------- its ledger


def test_the_ledger_holds_facts_of_every_kind_that_a_municipality_registers(log: FactLog) -> None:
    kinds = Counter(stored.name.partition(".")[0] for stored in log.read_raw(limit=100_000))

    assert kinds["verifikation_posted"] + kinds["verifikation_corrected"] == VOUCHERS
    assert kinds["ramjustering_decided"] + kinds["omfordelning_decided"] == 600
    assert kinds["internbudget_adopted"] == 24
    assert kinds["unit_merged"] == 8
    for name in (
        "budget_adopted", "investeringsram_decided", "totalutgift_decided", "ombudgetering_decided",
        "periodisering_set", "detaljbudget_set", "prognos_submitted", "kommentar_written", "projekt_changed",
        "unit_changed", "utfall_reported", "utfall_corrected", "registrering_corrected", "verifikation_corrected",
    ):  # fmt: skip
        assert kinds[name] >= 1, name


def test_facts_lie_in_the_order_of_the_time_when_they_were_registered(log: FactLog) -> None:
    facts = log.read_raw(limit=100_000)
    recorded = [stored.recorded_at for stored in facts]
    half = log.position_at(datetime(2024, 1, 1, tzinfo=UTC))

    assert recorded == sorted(recorded)
    assert {at[:4] for at in recorded} == {"2022", "2023", "2024", "2025"}
    for name in ("verifikation_posted.v1", "ramjustering_decided.v1", "prognos_submitted.v1", "utfall_reported.v1"):
        positions = [stored.position for stored in facts if stored.name == name]
        assert positions[0] < half < positions[-1]


def test_the_same_seed_records_the_same_facts_at_the_same_time(log: FactLog, tmp_path: Path) -> None:
    with _recorded(tmp_path / "b.db") as again:
        first, second = (
            [
                (s.position, s.recorded_at, s.stream, s.version, s.name, s.public, s.private)
                for s in one.read_raw(limit=10**6)
            ]
            for one in (log, again)
        )

    assert first == second


def test_the_log_that_a_municipality_leaves_is_intact(log: FactLog) -> None:
    assert log.verify().ok


def test_what_answers_are_checked_by_is_the_sum_of_every_row(
    log: FactLog, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "kommun0" / "a.db"
    window = Window(202401, 202409, log.head().position - 200, 20240917)
    expected: Counter[tuple[str | None, str | None, str | None]] = Counter()
    for recorded in log.read(limit=100_000, upto=window.kand):
        fact = recorded.fact
        rows = []
        if isinstance(fact, VerifikationPosted):
            rows = [(1, fact.bokforingsdatum, rad) for rad in fact.rader]
        elif isinstance(fact, UtfallReported):
            rows = [(1, row.bokforingsdatum, row.rad) for row in fact.rader]
        elif isinstance(fact, UtfallCorrected):
            rows = [(-1, row.bokforingsdatum, row.rad) for row in fact.fore]
            rows += [(1, row.bokforingsdatum, row.rad) for row in fact.efter]
        for sign, day, rad in rows:
            if date(2024, 1, 1) <= day <= date(2024, 9, 17) and rad.slag in {"kostnad", "intakt"}:
                expected[rad.ansvar, rad.slag, rad.handelse] += sign * rad.belopp_ore

    found = flat(f"sqlite:///{path}", log.head().position).sums(window)
    assert found == {cell: total for cell, total in expected.items() if total}
    assert len(found) > 100


def test_questions_are_about_years_that_had_begun_and_days_within_them(log: FactLog) -> None:
    questions = Questions(log, log.head().position, TOWN.first_year, 1)
    asked = questions.some(300, dated=True)

    assert {question.tom for question in asked} == set(range(1, 13))
    assert {question.ar for question in asked} == {2023, 2024}
    begun = log.position_at(datetime(2024, 1, 3, tzinfo=UTC))
    assert all(question.ar == 2023 or question.kand >= begun for question in asked)
    for question in asked:
        this, before = windows(question)
        assert question.beslutad
        assert this.first <= (this.until or 0) // 100 <= this.last
        assert (before.first, before.last, before.until) == (
            this.first - 100,
            this.last - 100,
            (this.until or 0) - 10_000,
        )


# ---------------------------------------------------------------- figures


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    figure = Figure("prov", "sqlite", "något", "rader/s", demands={"rader/s": least(100), "ms": most(1)})
    for rate, floor in ((50, 100), (90, 100), (80, 400)):
        figure.add(rate, floor, ms=1.5)

    assert figure.ratio == 0.5
    assert figure.faults == ["rader/s", "ms"]
    assert "80,00 rader/s" in table([figure])
    assert "≥ 100, ms ≤ 1,00 ✗ rader/s, ms" in table([figure])


def test_a_ratio_may_be_demanded_too() -> None:
    figure = Figure("prov", "sqlite", "något", "rader/s", demands={"kvot": least(0.15)})
    figure.add(20, 100)

    assert figure.faults == []
    assert "✓" in table([figure])


def test_the_growth_of_p99_is_that_of_the_largest_ledger_over_the_smallest() -> None:
    figures = []
    for rows, p99 in ((1000, 2.0), (5000, 3.0), (3000, 9.0)):
        figure = Figure("as-of", "sqlite", "fråga, enbart motorn", "ms", rows)
        figure.add(1.0, **{"p99 ms": p99})
        figures.append(figure)

    (grown,) = growth(figures)
    assert (grown.median, grown.rows, grown.faults) == (1.5, 5000, [])


def test_what_a_reader_is_answered_otherwise_is_counted_beside_the_work_that_went_on() -> None:
    figures = [Figure("readers", "sqlite", what, "ms") for what in (readers.ALONE, readers.REBUILDING)]
    met = [Answered(0.1, 0.11, ""), Answered(1.1, 1.13, MIXED), Answered(1.2, 1.23, ""), Answered(1.5, 1.55, "Trasigt")]
    readers.add(figures, [(0.0, 1.0), (1.0, 2.0)], met)

    alone, beside = ({name: values[0] for name, values in figure.extra.items()} for figure in figures)
    assert (alone["fel"], alone["blandade"], alone["svar"]) == (0, 0, 1)
    assert (beside["fel"], beside["blandade"], beside["svar"]) == (1, 1, 3)
    assert beside["p99 mot ensam"] == pytest.approx(5)
    assert [figure.ratio for figure in figures] == pytest.approx([1, 3])


# ---------------------------------------------------------------- peers


def test_journals_hold_every_row_of_every_voucher(tmp_path: Path) -> None:
    vouchers = list(TOWN.vouchers(40))
    journals.write_ledger(vouchers, tmp_path / "a")
    journals.write_beancount(vouchers, tmp_path / "b")

    shared, beans = ((tmp_path / name).read_text(encoding="utf-8").splitlines() for name in "ab")
    rows = [line for line in shared if line.startswith("  ")]
    assert len(rows) == 160
    assert [line for line in beans if line.startswith("  ")] == rows
    assert sum(" open " in line for line in beans) == len({row.split()[0] for row in rows})


# ---------------------------------------------------------------- the command

#: All of it, without waiting for servers to come to rest: what is measured is of no matter here.
AT_ONCE: Final = "from benchmarks import __main__, served; served.SETTLING = 0; __main__.run()"


@pytest.mark.timeout(900)
def test_all_benchmarks_run_on_both_backends_and_say_what_they_measured(tmp_path: Path, databases: Databases) -> None:
    said = tmp_path / "matt.json"
    given = [
        "--rows", "400", "--posts", "24", "--threads", "1", "4", "--rounds", "1", "--years", "1",
        "--texts", "0.5", "--asks", "6", "--seconds", "0.2",
        "--folder", str(tmp_path), "--markdown", str(tmp_path / "matt.md"),
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, *given, "--postgres", databases.server(), "--json", str(said)],
        cwd=tidy.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    for word in ("kärnor: ", "sqlite: ", "postgresql: ", "fsync=", "frö: 2024", "Golv (median)", "p99 ms", "minne MB"):
        assert word in done.stdout
    figures = json.loads(said.read_text(encoding="utf-8"))["figurer"]
    ours = Counter((f["prov"], f["databas"]) for f in figures if f["databas"] in {"sqlite", "postgres"})
    assert ours == {
        (prov, backend): count
        for prov, count in (
            ("import", 2), ("append", 2), ("as-of", 5), ("drill-down", 2), ("difference", 2), ("pages", 5),
            ("replay", 4), ("rebuild", 2), ("lag", 1), ("peers", 1), ("readers", 3),
        )
        for backend in ("sqlite", "postgres")
    }  # fmt: skip
    assert {f["prov"] for f in figures} == set(BENCHMARKS)
    assert all(f["median"] > 0 and len(f["varden"]) >= 1 for f in figures)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".json"] == ["matt.md"]
    assert len((tmp_path / "matt.md").read_text(encoding="utf-8").splitlines()) == len(figures) + 2


@pytest.mark.timeout(300)
def test_a_ledger_that_is_kept_is_not_built_again(tmp_path: Path) -> None:
    given = [
        "drill-down", "--rows", "400", "--rounds", "1", "--years", "1", "--asks", "10", "--backend", "sqlite",
        "--keep", str(tmp_path / "kvar"),
    ]  # fmt: skip
    first, second = (
        subprocess.run(
            [sys.executable, "-m", "benchmarks", *given], cwd=tidy.ROOT, capture_output=True, text=True, check=False
        )
        for _ in range(2)
    )

    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert "bygger 400 rader i sqlite" in first.stderr
    assert "bygger" not in second.stderr


@pytest.mark.parametrize(
    "given",
    [
        ["nonsens"], ["--rows", "0"], ["--rows", "-5"], ["--rows", "x"], ["--rounds", "0"], ["--asks", "0"],
        ["--threads", "0"], ["--posts", "0"], ["--seconds", "-1"], ["--seconds", "nan"], ["--texts", "3"],
        ["--years", "11"], ["--backend", "oracle"], ["--json", "/finns/inte/matt.json"],
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused_with_one_sentence(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments(tuple(BENCHMARKS), given)

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert given[-1] in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "given", [["--folder", "/finns/inte"], ["--backend", "postgres", "--postgres", "postgresql://ingen@127.0.0.1:1/x"]]
)
def test_a_place_that_is_not_there_is_said_in_one_sentence(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["append", *given]) == 2

    said = capsys.readouterr().err
    assert said.startswith("liggare-bench: det går inte att börja: ")
    assert said.count("\n") == 1
