"""Outcome files with the optional column ursprungsdatum: late postings as CSV and as a worksheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from ledger.application import Ledger
from ledger.domain.events import UtfallReported, VerifikationPosted
from ledger.domain.events_behorighet import LatePosted
from ledger.domain.period import ClosePeriod
from ledger.domain.verifikation import VoucherIsOtherwise
from ledger.interchange.faults import FilesRefused
from tests.interchange.town import EKONOM, UTFALL, give, open_town

HEADER = UTFALL.rstrip("\n") + ",ursprungsdatum\n"
ROWS = """2024-03-04,KS-A,920,5010,kostnad,,,70,Sen hyra,A,7,,2024-01-30
2024-03-04,,,1930,,,,-70,,A,7,,2024-01-30
2024-03-05,KS-A,920,5010,kostnad,,,5,,A,8,,
2024-03-05,,,1930,,,,-5,,A,8,,
2024-03-31,KS-A,920,5010,kostnad,,,40,,,,,
2024-03-31,KS-A,920,5010,kostnad,,,9,,,,,2024-01-31
"""


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    held = open_town(sqlite_url)
    held.execute(ClosePeriod("2024-01"), EKONOM, "stäng")
    yield held
    held.log.close()


def as_xlsx(text: str) -> bytes:
    """The same rows as a worksheet, days as days and amounts as numbers."""
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for at, line in enumerate(text.splitlines()):
            for column, cell in enumerate(line.split(",")):
                if at and column in (0, 12) and cell:
                    sheet.write_datetime(at, column, date.fromisoformat(cell), day)
                elif at and column == 7:
                    sheet.write_number(at, column, int(cell))
                else:
                    sheet.write_string(at, column, cell)
    return made.getvalue()


@pytest.mark.parametrize("given", [{"u.csv": HEADER + ROWS}, {"u.xlsx": as_xlsx(HEADER + ROWS)}], ids=["csv", "xlsx"])
def test_late_postings_of_a_file_keep_the_day_that_they_belong_to(
    ledger: Ledger, given: dict[str, str | bytes]
) -> None:
    done = give(ledger, given)
    facts = [recorded.fact for recorded in ledger.log.read(done.files[0].first - 1)]
    seven, late, eight, reported = facts[:4]
    assert isinstance(seven, VerifikationPosted)
    assert isinstance(eight, VerifikationPosted)
    assert late == LatePosted("A", "7", 2024, date(2024, 1, 30))
    assert isinstance(reported, UtfallReported)
    assert [row.ursprungsdatum for row in reported.rader] == [None, date(2024, 1, 31)]
    assert give(ledger, given).files[0].nya == 0


def test_a_late_voucher_without_its_day_is_not_the_one_that_is_posted(ledger: Ledger) -> None:
    give(ledger, {"u.csv": HEADER + ROWS})
    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"u.csv": HEADER + ROWS.replace("2024-01-30", "")})
    assert {type(fault.refusal) for fault in refused.value.faults} == {VoucherIsOtherwise}


def test_a_month_that_is_closed_says_which_month_and_column_to_use(ledger: Ledger) -> None:
    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"u.csv": HEADER + "2024-01-31,KS-A,920,5010,kostnad,,,9,,,,,\n"})
    assert "bokför i 2024-02, som är nästa öppna, och skriv dagen då det hände i kolumnen ursprungsdatum" in str(
        refused.value
    )
