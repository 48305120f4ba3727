"""Files are judged together, recorded file by file, and recorded once."""

# ruff: noqa: E501 - expected lines stand whole

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from ledger.application import Ledger
from ledger.domain.events import (
    FilImported,
    RegistreringCorrected,
    UnitEstablished,
    UtfallCorrected,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.period import ClosePeriod
from ledger.interchange.faults import FilesRefused
from ledger.interchange.importing import Options
from tests.interchange.town import (
    BUDGET,
    EKONOM,
    FILES,
    KOMMENTAR,
    KONTO,
    ORGANISATION,
    PROGNOS,
    UTFALL,
    files,
    give,
    open_ledger,
    open_town,
)  # fmt: skip


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger that holds the town."""
    held = open_town(database_url)
    yield held
    held.log.close()


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[Ledger]:
    held = open_ledger(sqlite_url)
    yield held
    held.log.close()


def facts_of(ledger: Ledger, kind: type) -> list[object]:
    """The recorded facts of a kind."""
    return [recorded.fact for recorded in ledger.log.read() if isinstance(recorded.fact, kind)]


def test_files_given_in_any_order_are_recorded_in_the_order_of_the_contract(empty: Ledger) -> None:
    done = give(empty, dict(reversed(FILES.items())))

    kinds = [fact.slag for fact in facts_of(empty, FilImported) if isinstance(fact, FilImported)]
    assert kinds == ["organisation", "verksamhet", "konto", "projekt", "budget", "utfall", "prognos", "kommentar"]
    assert [outcome.namn for outcome in done.files] == list(reversed(FILES))


def test_the_answer_says_rows_facts_and_positions_of_every_file(empty: Ledger) -> None:
    assert give(empty, FILES).text().split("\n") == [
        "organisation.csv: 6 rader, 7 nya fakta (@1–@7)",
        "verksamhet.csv: 2 rader, 2 nya fakta (@9–@10)",
        "konto.csv: 3 rader, 3 nya fakta (@12–@14)",
        "projekt.csv: 1 rad, 1 nytt faktum (@16)",
        "budget.csv: 4 rader, 3 nya fakta (@18–@20)",
        "utfall.csv: 4 rader, 2 nya fakta (@22–@23)",
        "prognos.csv: 1 rad, 1 nytt faktum (@25)",
        "kommentar.csv: 1 rad, 1 nytt faktum (@27)",
    ]


def test_the_same_files_twice_add_nothing(ledger: Ledger) -> None:
    before = ledger.log.head()

    done = give(ledger, FILES)

    assert ledger.log.head() == before
    assert [line.rpartition(", ")[2] for line in done.text().split("\n")] == ["0 nya"] * len(FILES)


def test_the_import_of_a_file_is_a_fact_with_its_rows(ledger: Ledger) -> None:
    (imported,) = (
        fact for fact in facts_of(ledger, FilImported) if isinstance(fact, FilImported) and fact.slag == "utfall"
    )

    assert (imported.filnamn, imported.rader, imported.fakta, imported.fran_rad, imported.till_rad) == (
        "utfall.csv",
        4,
        2,
        2,
        5,
    )


def test_a_header_without_rows_is_no_fault(empty: Ledger) -> None:
    assert give(empty, {"budget.csv": BUDGET}).text() == "budget.csv: 0 rader, 0 nya"


def test_semicolons_bom_capitals_crlf_and_another_order_of_columns_read_the_same(ledger: Ledger) -> None:
    text = "\ufeff;;\r\nTill; Fran ;SLAG;namn;konto\r\n;2020-01-01;kostnad;Löner;5010\r\n\r\n;2020-01-01;balans;Bank;1930\r\n"

    assert give(ledger, {"konto.csv": text}).text() == "konto.csv: 2 rader, 0 nya"


def test_text_is_composed_and_trimmed(ledger: Ledger) -> None:
    assert give(ledger, {"konto.csv": KONTO + "5010 , Lo\u0308ner ,kostnad,2020-01-01,\n"}).files[0].nya == 0


def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(ledger: Ledger) -> None:
    before = ledger.log.head()
    new = BUDGET + "budget,kommunfullmäktige,2024-11-26,9,KS-9,2025,,,,KS,,,netto,,,900000,Ram 2025\n"

    done = give(ledger, {"budget.csv": new}, Options(torrkor=True))

    assert ledger.log.head() == before
    assert done.commands == {"AdoptBudget": 1}
    assert [fact.name for fact in done.facts()] == ["budget_adopted.v1"]
    assert done.text().split("\n") == [
        "budget.csv: 1 rad, 1 nytt faktum",
        "öppnar ny omgång för KS 2025; 1 tidigare rörelse räknas inte längre",
        "Torrkörning: ingenting är registrerat.",
    ]


def test_a_newer_investment_frame_opens_a_round_for_its_project(ledger: Ledger) -> None:
    new = BUDGET + "investeringsram,kommunfullmäktige,2024-05-28,9,KS-9,2024,,,,KS-A,,,utgift,,P-1,1,\n"

    done = give(ledger, {"budget.csv": new}, Options(torrkor=True))

    assert done.rounds[0].sentence() == "öppnar ny omgång för P-1 2024; 1 tidigare rörelse räknas inte längre"


def test_units_may_stand_before_those_they_lie_under_also_across_files(empty: Ledger) -> None:
    first = "E,Enhet,enhet,S,2020-01-01,,\nS,Stab ny,stab,N,2022-01-01,,\n"
    second = "S,Stab,stab,N,2020-01-01,2021-12-31,\nN,Nämnd,namnd,K,2020-01-01,,\nK,Kommunen,kommun,,2020-01-01,,\n"

    done = give(empty, {"a.csv": ORGANISATION + first, "b.csv": ORGANISATION + second})

    assert [outcome.nya for outcome in done.files] == [2, 3]
    assert give(empty, {"b.csv": ORGANISATION + second, "a.csv": ORGANISATION + first}).text().count("0 nya") == 2
    versions = [
        (recorded.stream, recorded.version)
        for recorded in empty.log.read()
        if isinstance(recorded.fact, UnitEstablished)
    ]
    assert [version for stream, version in versions if stream == "organisation/S"] == [1, 2]


def test_units_that_change_places_on_one_day_are_judged_together(empty: Ledger) -> None:
    rows = (
        "K,Kommunen,kommun,,2020-01-01,,\nA,A,namnd,B,2020-01-01,,\nB,B,namnd,K,2020-01-01,,\n"
        "B,B,namnd,A,2024-01-01,,\nA,A,namnd,K,2024-01-01,,\n"
    )

    assert give(empty, {"o.csv": ORGANISATION + rows}).files[0].nya == 5


def test_a_last_day_before_the_next_version_does_not_close_the_unit(empty: Ledger) -> None:
    rows = "K,Kommun,kommun,,2020-01-01,2023-12-31,\nK,Kommunen,kommun,,2024-01-01,,\n"

    give(empty, {"o.csv": ORGANISATION + rows})

    assert [recorded.fact.name for recorded in empty.log.read()] == [
        "unit_established.v1",
        "unit_changed.v1",
        "fil_imported.v1",
    ]


def test_decisions_of_all_files_are_judged_by_day_and_kind(ledger: Ledger) -> None:
    """The internbudget rests on a budget that stands in a later file, with a later row."""
    inner = "internbudget,kommunstyrelsen,2024-11-26,5,KS-2,2026,,,KS,KS-A,,,netto,,,10,\n"
    outer = "budget,kommunfullmäktige,2024-11-26,12,KS-1,2026,,,,KS,,,netto,,,10,\n"

    assert [outcome.nya for outcome in give(ledger, {"a.csv": BUDGET + inner, "b.csv": BUDGET + outer}).files] == [1, 1]


def test_a_proposal_and_its_decision_may_come_in_one_file(ledger: Ledger) -> None:
    header = BUDGET.rstrip("\n") + ",status,forslag\n"
    row = "ramjustering,{},2024-0{},9,{},2024,,,,KS,,,netto,,,5,Mer,{},{}\n"
    rows = row.format("kommunfullmäktige", "3-01", "KS-8", "", "KS-7") + row.format(
        "kommunstyrelsen", "2-01", "KS-7", "forslag", ""
    )

    assert give(ledger, {"budget.csv": header + rows}).files[0].nya == 2


def test_rows_of_a_voucher_need_not_stand_together(ledger: Ledger) -> None:
    debit, credit = "2024-03-01,KS-A,920,5010,kostnad,,,{0},,A,{0},\n", "2024-03-01,,,1930,,,,-{0},,A,{0},\n"
    rows = [row.format(n) for n in range(10, 40) for row in (debit, credit)]
    random.Random(1).shuffle(rows)  # noqa: S311 - an order, no secret

    done = give(ledger, {"utfall.csv": UTFALL + "".join(rows)})

    assert (done.files[0].rader, done.files[0].nya) == (60, 30)
    assert give(ledger, {"utfall.csv": UTFALL + "".join(sorted(rows))}).files[0].nya == 0


def test_vouchers_and_summary_rows_may_share_a_file(ledger: Ledger) -> None:
    assert [fact.name for fact in ledger_facts(ledger, "utfall.csv")] == [
        "verifikation_posted.v1",
        "utfall_reported.v1",
    ]


def ledger_facts(ledger: Ledger, filnamn: str) -> list[VerifikationPosted]:
    """The facts that came from a file."""
    log = ledger.log.read()
    end = next(r.position for r in log if isinstance(r.fact, FilImported) and r.fact.filnamn == filnamn)
    count = next(r.fact.fakta for r in log if isinstance(r.fact, FilImported) and r.fact.filnamn == filnamn)
    return [r.fact for r in log if end - count <= r.position < end]  # type: ignore[misc]


def test_a_new_leverans_takes_the_old_ones_place_only_when_told(ledger: Ledger) -> None:
    changed = UTFALL + "2024-02-28,KS-A,920,5010,kostnad,,,300,,,,\n2024-02-29,KS-A,920,5010,kostnad,,,300,,,,\n"

    with pytest.raises(FilesRefused, match="Ge --ersatt"):
        give(ledger, {"utfall.csv": changed})
    done = give(ledger, {"utfall.csv": changed}, Options(ersatt=True))

    (corrected,) = facts_of(ledger, UtfallCorrected)
    assert isinstance(corrected, UtfallCorrected)
    assert (done.files[0].nya, corrected.rattar) == (1, (23,))
    assert [row.rad.belopp_ore for row in (*corrected.fore, *corrected.efter)] == [50000, 30000, 30000]
    assert give(ledger, {"utfall.csv": changed}).files[0].nya == 0


def test_two_equal_rows_of_a_leverans_are_two_rows(ledger: Ledger) -> None:
    twice = UTFALL + "2024-04-30,KS-A,920,5010,kostnad,,,7,,,,\n" * 2

    assert give(ledger, {"utfall.csv": twice}).files[0].nya == 1
    assert give(ledger, {"utfall.csv": twice}).files[0].nya == 0
    with pytest.raises(FilesRefused, match="2 rader, summa 14,00 kr i liggaren mot 1 rad, summa 7,00 kr här"):
        give(ledger, {"utfall.csv": UTFALL + "2024-04-30,KS-A,920,5010,kostnad,,,7,,,,\n"})


def test_a_balance_row_without_unit_can_be_a_summary_row(ledger: Ledger) -> None:
    row = UTFALL + "2024-04-30,,,1930,,,,7,,,,\n"

    assert [give(ledger, {"utfall.csv": row}).files[0].nya for _ in "ab"] == [1, 0]


def test_a_voucher_is_corrected_by_its_inverse_in_the_open_period(ledger: Ledger) -> None:
    ledger.execute(ClosePeriod("2024-02"), EKONOM, "stäng")
    header = UTFALL.rstrip("\n") + ",rattar\n"
    rows = "2024-03-05,KS-A,920,5010,kostnad,,,-1200.50,Fel hyra,A,2,,A 1 2024\n2024-03-05,,,1930,,,,1200.50,,A,2,,A 1 2024\n"

    give(ledger, {"utfall.csv": header + rows})

    (corrected,) = facts_of(ledger, VerifikationCorrected)
    assert isinstance(corrected, VerifikationCorrected)
    assert (corrected.rattar_vernr, str(corrected.ursprungsdatum)) == ("1", "2024-02-01")
    assert give(ledger, {"utfall.csv": header + rows}).files[0].nya == 0


def test_a_wrong_registration_is_put_right_by_position(ledger: Ledger) -> None:
    right = PROGNOS + "2024-04-30,2024,KS-A,kostnad,,612000,Vakanser\n"

    done = give(ledger, {"prognos.csv": right}, Options(rattar=25))

    (corrected,) = facts_of(ledger, RegistreringCorrected)
    assert isinstance(corrected, RegistreringCorrected)
    assert (corrected.rattar, done.commands) == (25, {"CorrectRegistrering": 1})
    assert give(ledger, {"prognos.csv": right}).files[0].nya == 0


def test_several_rows_of_one_decision_are_one_correction(ledger: Ledger) -> None:
    right = FILES["budget.csv"].split("\n")[1:3]
    text = BUDGET + "\n".join(row.replace("1000000", "1000001") for row in right) + "\n"

    assert give(ledger, {"budget.csv": text}, Options(rattar=18)).files[0].nya == 1


def vouchers(count: int) -> str:
    """An outcome file with vouchers `D 0` to `D count-1`."""
    row = "2024-03-01,KS-A,920,5010,kostnad,,,{0}.50,,D,{0},\n2024-03-01,,,1930,,,,-{0}.50,,D,{0},\n"
    return UTFALL + "".join(row.format(n) for n in range(1, count + 1))


def test_a_large_file_is_recorded_in_parts_when_told(ledger: Ledger) -> None:
    given = {"utfall.csv": vouchers(25), "kommentar.csv": KOMMENTAR + "2024,3,driftsammandrag,KS,Ny text\n"}
    with pytest.raises(FilesRefused, match="ge --i-delar"):
        give(ledger, given, Options(largest=10))

    done = give(ledger, given, Options(largest=10, i_delar=True))

    assert done.text().split("\n")[0] == "utfall.csv: 50 rader, 25 nya fakta (@29–@55) i 3 delar"
    parts = [f for f in facts_of(ledger, FilImported) if isinstance(f, FilImported) and f.filnamn == "utfall.csv"][1:]
    assert [(part.fakta, part.fran_rad, part.till_rad) for part in parts] == [(10, 2, 21), (10, 22, 41), (5, 42, 51)]
    assert give(ledger, given, Options(largest=10, i_delar=True)).text().count("0 nya") == 2


def test_an_import_in_parts_goes_on_where_it_was_cut_off(ledger: Ledger) -> None:
    given = {"utfall.csv": vouchers(25)}

    with pytest.raises(KeyboardInterrupt):
        give(ledger, given, Options(largest=1, i_delar=True), progress=_after(ledger, 12))
    assert 0 < len(facts_of(ledger, VerifikationPosted)) < 26
    give(ledger, given, Options(largest=10, i_delar=True))

    assert len(facts_of(ledger, VerifikationPosted)) == 26
    assert ledger.log.verify().ok


def _after(ledger: Ledger, facts: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def progress(step: str, _done: int, _of: int) -> None:
        if step == "sparar" and ledger.log.head().position > 28 + facts:
            raise KeyboardInterrupt

    return progress


def test_a_fault_in_a_later_part_is_told_with_what_stands(ledger: Ledger) -> None:
    options = Options(largest=100, i_delar=True)

    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"utfall.csv": vouchers(350) + "2024-03-01,KS-A,920,5010,kostnad,,,x,,D,999,\n"}, options)

    assert (
        refused.value.text()
        .split("\n")[-1]
        .startswith("1 fel. Redan registrerat i tidigare delar: 200 fakta ur utfall.csv.")
    )
    assert give(ledger, {"utfall.csv": vouchers(350)}, options).files[0].nya == 150


def test_another_writer_in_between_makes_everything_be_judged_again(ledger: Ledger) -> None:
    """While the file is saved, another closes its month: judged again, the file is refused."""
    meddled: list[object] = []

    def meddle(step: str, _done: int, _of: int) -> None:
        if step == "läser" and not meddled:
            meddled.append(ledger.execute(ClosePeriod("2024-03"), EKONOM, "stäng"))

    with pytest.raises(FilesRefused, match="Perioden 2024-03 är stängd"):
        give(ledger, {"utfall.csv": vouchers(3)}, progress=meddle)
    assert len(facts_of(ledger, VerifikationPosted)) == 1


def test_progress_tells_rows_read_and_facts_saved(ledger: Ledger) -> None:
    told: list[tuple[str, int, int]] = []

    give(ledger, {"utfall.csv": vouchers(3)}, progress=lambda *step: told.append(step))

    assert told[0] == ("läser", 6, 7)
    assert told[-1] == ("sparar", 3, 3)


def test_a_file_that_changes_while_it_is_read_is_refused(ledger: Ledger) -> None:
    (fil,) = files({"konto.csv": KONTO + "5020,El,kostnad,2020-01-01,\n"})

    class Changing(type(fil)):  # type: ignore[misc]
        times = 0

        def open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
            Changing.times += 1
            data = fil.data if Changing.times < 3 else fil.data + b"5030,Gas,kostnad,2020-01-01,\n"
            return type(fil)(fil.namn, data=data).open()

    with pytest.raises(FilesRefused, match="Filen ändrades medan den lästes"):
        give(ledger, [Changing(fil.namn, data=fil.data)])
