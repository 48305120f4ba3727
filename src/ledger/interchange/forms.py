"""The forms in which an answer can be had as a file: what each is called, what it is, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

# What makes a form is loaded by who asks for it: the command line names them all and seldom needs one.
if TYPE_CHECKING:
    from ledger.reporting.answer import Answer
    from ledger.reporting.report import Report


class Form(NamedTuple):
    """A form: its media type, how its files end, and what makes the bytes of an answer to a report."""

    media_type: str
    suffix: str
    made: Callable[[Answer, Report], bytes]


def _text(answer: Answer, _report: Report) -> bytes:
    from ledger.interchange.rendering import as_text  # noqa: PLC0415

    return as_text(answer).encode()


def _json(answer: Answer, _report: Report) -> bytes:
    return answer.to_bytes() + b"\n"


def _csv(answer: Answer, _report: Report) -> bytes:
    from ledger.interchange.rendering import as_csv  # noqa: PLC0415

    return as_csv(answer).encode()


def _csv_for_excel(answer: Answer, _report: Report) -> bytes:
    from ledger.interchange.rendering import as_csv_for_excel  # noqa: PLC0415

    return as_csv_for_excel(answer)


def _spreadsheet(answer: Answer, report: Report) -> bytes:
    from ledger.interchange.xlsx import as_xlsx  # noqa: PLC0415

    return as_xlsx(answer, report)


def _word(answer: Answer, _report: Report) -> bytes:
    from ledger.interchange.docx import as_docx  # noqa: PLC0415
    from ledger.interchange.printed import printed  # noqa: PLC0415

    return as_docx(printed(answer))


def _pdf(answer: Answer, _report: Report) -> bytes:
    from ledger.interchange.pdf import as_pdf  # noqa: PLC0415
    from ledger.interchange.printed import printed  # noqa: PLC0415

    return as_pdf(printed(answer))


_OFFICE = "application/vnd.openxmlformats-officedocument"

#: In the order in which they are named to people.
FORMS: Final = {
    "text": Form("text/plain; charset=utf-8", "txt", _text),
    "json": Form("application/json", "json", _json),
    "csv": Form("text/csv; charset=utf-8", "csv", _csv),
    "csv-excel": Form("text/csv; charset=utf-8", "csv", _csv_for_excel),
    "xlsx": Form(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", _spreadsheet),
    "docx": Form(f"{_OFFICE}.wordprocessingml.document", "docx", _word),
    "pdf": Form("application/pdf", "pdf", _pdf),
}
