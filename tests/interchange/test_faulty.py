"""Every faulty file, argument and rule is answered with its exact sentence, and leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.interchange.csv_file import Fil
from ledger.interchange.faults import SHOWN, FilesRefused
from ledger.interchange.importing import Options
from tests.interchange import faulty, golden, sentences
from tests.interchange.town import BUDGET, KONTO, UTFALL, files, give

WRITTEN = golden.read(faulty.GOLDEN)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    held = faulty.prepared(f"sqlite:///{tmp_path_factory.mktemp('liggare') / 'liggare.db'}")
    yield held
    held.log.close()


@pytest.mark.parametrize("case", faulty.CASES, ids=lambda case: case.name)
def test_a_faulty_file_is_refused_with_its_sentence(ledger: Ledger, case: faulty.Case) -> None:
    assert faulty.answer(ledger, case) == WRITTEN[case.name].answer
    assert case.given == WRITTEN[case.name].given


def test_the_golden_file_holds_the_cases_and_nothing_else() -> None:
    assert list(WRITTEN) == [case.name for case in faulty.CASES]
    assert len(WRITTEN) >= 60


def test_refreshing_needs_its_flag(capsys: pytest.CaptureFixture[str]) -> None:
    assert faulty.main([]) == sentences.main([]) == 2
    assert "--golden" in capsys.readouterr().err


def test_every_refusal_of_the_program_has_its_sentence_in_the_golden_file() -> None:
    assert sentences.rendered() == golden.read(sentences.GOLDEN)


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(
        FilesRefused, match=r"budget\.csv: Filen /finns/inte/budget\.csv finns inte: kontrollera sökvägen\."
    ):
        give(ledger, [faulty.MISSING])
    with pytest.raises(FilesRefused, match="är en mapp: ange filerna i den"):
        give(ledger, [Fil.at(tmp_path)])


def test_all_faults_are_counted_and_the_first_are_shown(ledger: Ledger) -> None:
    rows = "".join(f"2024-03-31,KS-A,920,5010,kostnad,,,fel{n},,,,\n" for n in range(1000))

    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"a.csv": UTFALL + rows, "b.csv": KONTO + "5020,El,kostnad,x,\n"})

    lines = refused.value.text().split("\n")
    assert refused.value.total == 1001
    assert len(lines) == SHOWN + 2
    assert lines[0].startswith("a.csv rad 2, belopp ”fel0”: ")
    assert lines[-2] == "… och 801 fel till. Rätta de som visas och läs in igen, så visas resten."
    assert lines[-1] == "1001 fel. Ingenting är registrerat."


def test_a_fault_in_one_file_records_none(ledger: Ledger) -> None:
    before = ledger.log.head()

    with pytest.raises(FilesRefused):
        give(
            ledger,
            {
                "konto.csv": KONTO + "5020,El,kostnad,2020-01-01,\n",
                "utfall.csv": UTFALL + "2024-13-01,KS-A,,,,,,1,,,,\n",
            },
        )

    assert ledger.log.head() == before


def test_a_conflict_within_the_files_names_the_other_row(ledger: Ledger) -> None:
    row = "ramjustering,kommunfullmäktige,2024-02-01,9,KS-9,2024,,,,KS,,,netto,,,{},Mer\n"

    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"a.csv": BUDGET + row.format(1), "b.csv": BUDGET + "\n" + row.format(2)})

    (fault,) = refused.value.faults
    assert (fault.fil, fault.rad) == ("b.csv", 3)
    assert "är a.csv rad 2, som läses in samtidigt" in fault.text()


def test_a_text_with_a_separator_cannot_shift_the_columns(ledger: Ledger) -> None:
    """Without quotes `Hyra, el` is two cells; a blank last column must not hide that."""
    rows = "2024-03-01,KS-A,920,5010,kostnad,,,1,Hyra,A,9,\n2024-03-01,,,1930,,,,-1,Hyra, el,A,9,\n"

    with pytest.raises(FilesRefused, match="rad 3: Raden har 13 celler, men rubrikraden har 12 kolumner"):
        give(ledger, {"utfall.csv": UTFALL + rows})


def test_separators_after_the_last_column_do_no_harm(ledger: Ledger) -> None:
    done = give(
        ledger,
        files({"konto.csv": "konto;namn;slag;fran;till;;\n5020;El;kostnad;2020-01-01;;;\n"}),
        Options(torrkor=True),
    )

    assert done.files[0].nya == 1
