"""What a report can be asked with besides time and unit: the fields under *Fler val*, each with its label and help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.domain.language import _
from ledger.reporting.report import Report
from ledger.reporting.rules.asked import Asked
from ledger.web import words
from ledger.web.timebar import Choice


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a field: a list where it has choices, else a text."""

    name: str
    label: str
    help: str
    value: str
    choices: tuple[Choice, ...] = ()
    placeholder: str = ""


def fields(report: Report, asked: Asked, given: Mapping[str, str]) -> list[Field]:
    """The fields of a report; those that its figures have no use for are left out."""
    found = [
        _text(
            "organisation", _("Visa i organisationen den"), given, _("åååå-mm-dd"),
            _(
                "Ett datum: beloppen visas hos enheterna som de var den dagen. fg: sista dagen året före. "
                "Tomt: som de är i slutet av perioden."
            ),
        ),
        _choice(
            "omgang", _("Budgetomgång"), given, _rounds(report, asked),
            _("Budgeten som ett tidigare beslut gav den."),
        ),
        _choice(
            "med_forslag", _("Förslag"), given, {"": _("bara beslutat"), "ja": _("räkna med förslag")},
            _("Förslag som ännu inte är beslutade."),
        ),
        _text(
            "handelse", _("Bara händelsen"), given, _("till exempel corona"),
            _("Bara utfall som är märkt med händelsen."),
        ),
    ]  # fmt: skip
    if any(column.needs == "jamfor_prognos" for column in report.columns):
        help_text = _("Ett datum: avvikelsen jämförs med den som prognosen gav den dagen.")
        found.append(_text("jamfor_prognos", _("Jämför med prognosen den"), given, _("åååå-mm-dd"), help_text))
    if report.table and report.table.of == "investering":
        found.append(
            _choice(
                "stora", _("Stora projekt"), given, {"": _("bland de andra"), "separat": _("för sig")},
                _("Stora är de vars totalutgift når gränsen."),
            )
        )  # fmt: skip
        help_text = _("Beslutad totalutgift i hela kronor. Tomt: 50 miljoner.")
        found.append(_text("stora_fran", _("Stort från, kronor"), given, "50000000", help_text))
    return found


def _text(name: str, label: str, given: Mapping[str, str], placeholder: str, help_text: str) -> Field:
    return Field(name, label, help_text, given.get(name, ""), placeholder=placeholder)


def _choice(name: str, label: str, given: Mapping[str, str], texts: Mapping[str, str], help_text: str) -> Field:
    value = given.get(name, "")
    choices = tuple(Choice(key, text, key == value) for key, text in texts.items())
    return Field(name, label, help_text, value, choices)


def _rounds(report: Report, asked: Asked) -> dict[str, str]:
    """The budget rounds of the year that somebody had, and the one in force."""
    of = report.table.of if report.table else "drift"
    days = asked.rounds(asked.question.ar, of).all_days()
    return {"": _("den som gäller")} | {day.isoformat(): words.day(day) for day in days}
