"""Every sentence that is marked says the same in English, and nothing stands in a catalogue that is no longer said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Message

from tests import catalogue
from tests.catalogue import Found
from tests.tidy import ROOT

PAGE: Final = "src/ledger/web/report_page.py"

#: What may not be said in a template: a value through `_`, whose result counts as HTML.
NO_LITERAL: Final = re.compile(r"""\b_\((?!["'])""")


def test_every_sentence_is_translated() -> None:
    assert not list(catalogue.faults(catalogue.marked()))


def test_templates_translate_only_what_is_written_out() -> None:
    templates = (ROOT / "src/ledger/web/templates").glob("*.html")

    assert not [file.name for file in templates if NO_LITERAL.search(file.read_text(encoding="utf-8"))]


def catalogued(folder: Path, text: str) -> list[str]:
    """What is wrong when a catalogue holds a text, and a page says two sentences."""
    (folder / "pages-reports.po").write_text(text, encoding="utf-8")
    found = [Found("Rad {number} saknas.", PAGE), Found(("{count} rad", "{count} rader"), PAGE)]
    return [fault.removeprefix("pages-reports.po: ") for fault in catalogue.faults(found, folder)]


ROW: Final = 'msgid "Rad {number} saknas."\nmsgstr "%s"\n\n'
ROWS: Final = 'msgid "{count} rad"\nmsgid_plural "{count} rader"\nmsgstr[0] "one row"\nmsgstr[1] "%s"\n\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ROW % "Row {number} is missing." + ROWS % "{count} rows", None),
        (ROWS % "{count} rows", "missing: Rad {number} saknas."),
        (ROW % "" + ROWS % "{count} rows", "not translated: Rad {number} saknas."),
        (ROW % "Row {row} is missing." + ROWS % "{count} rows", "other names in braces: Rad {number} saknas."),
        (ROW % "Row is missing." + ROWS % "{count} rows", "other names in braces: Rad {number} saknas."),
        (ROW % "<b>Row</b> {number}" + ROWS % "{count} rows", "other tags: Rad {number} saknas."),
        (ROW % "Row {number} is missing." + ROWS % "", "not translated: {count} rad"),
        (
            ROW % "Row {number} is missing." + ROWS % "{count} rows" + 'msgid "Borta"\nmsgstr "Gone"\n',
            "no longer said: Borta",
        ),
    ],
)
def test_faults_of_a_catalogue_are_found(tmp_path: Path, text: str, fault: str | None) -> None:
    assert catalogued(tmp_path, text) == ([fault] if fault else [])


def test_a_report_is_translated_wholly_or_not_at_all(tmp_path: Path) -> None:
    found = [Found(said, "projections/ny.py") for said in ("Ny rapport", "Ny kolumn")]
    assert not list(catalogue.faults(found, tmp_path))

    (tmp_path / "reports.po").write_text('msgid "Ny rapport"\nmsgstr "New report"\n', encoding="utf-8")
    assert list(catalogue.faults(found, tmp_path)) == ["reports.po: missing: Ny kolumn"]


def test_a_template_takes_percent_signs_in_pairs() -> None:
    there = [("src/ledger/web/templates/hjalp.html", 0)]
    faults = [
        catalogue.fault_of(Message("200 %% av %(whole)s", given, locations=there))
        for given in ("200 %% of %(whole)s", "200 % of %(whole)s")
    ]

    assert faults == [None, "a percent sign that is not doubled"]


def test_a_catalogue_is_written_with_what_it_knew(tmp_path: Path) -> None:
    catalogued(tmp_path, ROW % "Row {number} is missing." + 'msgid "Borta"\nmsgstr "Gone"\n')
    found = [Found("Rad {number} saknas.", PAGE), Found("Ny", PAGE)]
    catalogue.write(["pages-reports"], found, tmp_path)

    there = {message.id: message.string for message in catalogue.written("pages-reports", tmp_path)}
    assert there == {"Rad {number} saknas.": "Row {number} is missing.", "Ny": ""}


def test_a_sentence_of_two_areas_stands_once() -> None:
    areas = catalogue.wanted([Found("Ny", PAGE), Found("Ny", "src/ledger/domain/text.py")])

    assert [area for area, sentences in areas.items() if sentences] == ["domain"]


def test_templates_and_code_are_read(tmp_path: Path) -> None:
    template, code = tmp_path / "a.html", tmp_path / "a.py"
    template.write_text(
        """<p title="{{ _('Titel') }}">{% trans n=1 %}{{ n }} rad{% pluralize %}{{ n }} rader{% endtrans %}</p>
        {% trans %}
          Två
          rader.
        {% endtrans %}""",
        encoding="utf-8",
    )
    code.write_text('self.say("Ett {a} " "och {b}.", b=1); _n("en", "två", 3); N_("Senare"); _(name)', encoding="utf-8")

    assert list(catalogue.sentences(template)) == ["Titel", ("%(n)s rad", "%(n)s rader"), "Två rader."]
    assert list(catalogue.sentences(code)) == ["Ett {a} och {b}.", ("en", "två"), "Senare"]
