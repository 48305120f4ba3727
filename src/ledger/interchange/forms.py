"""The forms in which an answer can be had as a file: what each is called, what it is, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

# What makes a form is loaded by who asks for it: the command line names them all and seldom needs one.
if TYPE_CHECKING:
    from ledger.interchange.chart import Diagram
    from ledger.interchange.package import Paket
    from ledger.reporting.answer import Answer
    from ledger.reporting.reports import Reports
    from ledger.reporting.rules.asked import Question


class Answered(NamedTuple):
    """An answer with the question that it answers, and whom to ask what else a file of it shows."""

    reports: Reports
    question: Question
    answer: Answer


class Form(NamedTuple):
    """A form: its media type, how its files end, and what makes the bytes of an answer."""

    media_type: str
    suffix: str
    made: Callable[[Answered], bytes]


class PackageForm(NamedTuple):
    """A form of a whole package."""

    media_type: str
    made: Callable[[Paket], bytes]


def diagrams(answered: Answered) -> list[Diagram]:
    """The charts of an answer."""
    from ledger.interchange import charts  # noqa: PLC0415

    return charts.diagrams(*answered)


def package(reports: Reports, parameters: Mapping[str, str | None], kommun: str, today: date) -> Paket:
    """The reporting package of a question. Errors: Refused."""
    from ledger.interchange import package as packages  # noqa: PLC0415

    return packages.package(reports, parameters, kommun, today)


def _text(answered: Answered) -> bytes:
    from ledger.interchange.rendering import as_text  # noqa: PLC0415

    return as_text(answered.answer).encode()


def _json(answered: Answered) -> bytes:
    return answered.answer.to_bytes() + b"\n"


def _csv(answered: Answered) -> bytes:
    from ledger.interchange.rendering import as_csv  # noqa: PLC0415

    return as_csv(answered.answer).encode()


def _csv_for_excel(answered: Answered) -> bytes:
    from ledger.interchange.rendering import as_csv_for_excel  # noqa: PLC0415

    return as_csv_for_excel(answered.answer)


def _spreadsheet(answered: Answered) -> bytes:
    from ledger.interchange.facts_sheet import underlag  # noqa: PLC0415
    from ledger.interchange.xlsx import as_xlsx  # noqa: PLC0415

    reports, question, answer = answered
    return as_xlsx(answer, reports.find(answer.rapport), underlag(reports, question, answer))


def _word(answered: Answered) -> bytes:
    from ledger.interchange.docx import as_docx  # noqa: PLC0415
    from ledger.interchange.printed import printed  # noqa: PLC0415

    return as_docx(printed(answered.answer), diagrams(answered))


def _pdf(answered: Answered) -> bytes:
    from ledger.interchange.pdf import as_pdf  # noqa: PLC0415
    from ledger.interchange.printed import printed  # noqa: PLC0415

    return as_pdf(printed(answered.answer), diagrams(answered))


def _word_package(paket: Paket) -> bytes:
    from ledger.interchange.docx_package import as_docx_package  # noqa: PLC0415

    return as_docx_package(paket)


def _pdf_package(paket: Paket) -> bytes:
    from ledger.interchange.pdf_package import as_pdf_package  # noqa: PLC0415

    return as_pdf_package(paket)


def _spreadsheet_package(paket: Paket) -> bytes:
    from ledger.interchange.xlsx_package import as_xlsx_package  # noqa: PLC0415

    return as_xlsx_package(paket)


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

#: What a package is asked with.
PACKAGE_PARAMETERS: Final = ("ar", "tom", "ansvar", "kand", "beslutad", "enhet")

#: The forms of a package, by how its file ends.
PACKAGES: Final = {
    "docx": PackageForm(FORMS["docx"].media_type, _word_package),
    "pdf": PackageForm(FORMS["pdf"].media_type, _pdf_package),
    "xlsx": PackageForm(FORMS["xlsx"].media_type, _spreadsheet_package),
}
