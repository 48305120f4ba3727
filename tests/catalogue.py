"""The catalogues of sentences: what is marked in the code and in the templates, and what the other language says of it.

By hand: `.venv/bin/python -m tests.catalogue` lists what is wrong; `--write` enters new sentences (empty, to be filled
in) in `src/ledger/translations/en`, and takes out those that are gone; `--write domain reports` does so in two areas.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import io
import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from ledger.elsewhere import report_files
from tests.tidy import ROOT

FOLDER: Final = ROOT / "src" / "ledger" / "translations" / "en"

#: Which files each catalogue is of: the first area that fits a file has it, and a sentence stands in the first area
#: that says it, once.
AREAS: Final[Mapping[str, tuple[str, ...]]] = {
    "domain": (
        *(f"src/ledger/{room}/*.py" for room in ("domain", "recording", "identity")),
        *(f"src/ledger/{file}.py" for file in ("application", "batch", "bulk")),
    ),
    "interchange": ("src/ledger/interchange/*.py",),
    "reports": ("src/ledger/reporting/*.py", "projections/*.py"),
    "pages-reports": tuple(
        f"src/ledger/web/{name}"
        for name in (
            *("report_page.py", "table.py", "timebar.py", "words.py", "spoken.py", "start_page.py", "list_page.py"),
            *("cell_page.py", "fact_page.py", "comment_page.py", "voucher_page.py", "effects.py", "live.py"),
            *("templates/report.html", "templates/timebar.html", "templates/parts.html", "templates/start.html"),
            *("templates/lista.html", "templates/cell.html", "templates/skillnad.html", "templates/rorelser.html"),
            *("templates/faktum.html", "templates/diagram.html", "templates/kommentar.html", "templates/empty.html"),
            "templates/rapporter.html",
        )
    ),
    "pages-work": tuple(
        f"src/ledger/web/{name}"
        for name in (
            *("register*.py", "proposing.py", "form_rows.py", "choosing.py", "inbox_page.py", "waiting.py"),
            *("case_*.py", "import_page.py", "uploads.py", "templates/registrer*.html", "templates/att_gora.html"),
            *("templates/arende.html", "templates/import*.html", "templates/steg.html"),
        )
    ),
    "pages-house": tuple(
        f"src/ledger/web/{name}"
        for name in (
            *("period_page.py", "organisation_page.py", "proving_page.py", "help_page.py", "signing_in.py"),
            *("templates/period*.html", "templates/organisation.html", "templates/provning.html"),
            *("templates/hjalp.html", "templates/tillganglighet.html", "templates/logga_in.html"),
            *("templates/utloggad.html", "templates/roll.html", "templates/no.html", "templates/rule*.html"),
        )
    ),
    "edge": ("src/ledger/web/*",),
}

#: What marks a sentence, and what marks the sentences for one and for many.
ONE: Final = frozenset({"_", "N_", "say", "phrase"})
ONE_AND_MANY: Final = frozenset({"_n", "say_n", "phrase_n"})
TEMPLATE: Final = ("_", "gettext", "ngettext")

#: As the pages read templates (ledger.web.drawing).
JINJA: Final = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}

#: A sentence, or one and many.
Said: TypeAlias = str | tuple[str, str]

_PERCENT: Final = re.compile(r"%\(\w+\)s")
_TAG: Final = re.compile(r"</?\w+")


class Found(NamedTuple):
    """A marked sentence and the file it stands in."""

    said: Said
    path: str


def marked() -> Iterator[Found]:
    """Every marked sentence of the project, file by file."""
    for folder, suffix in (("src/ledger", ".py"), ("projections", ".py"), ("src/ledger/web/templates", ".html")):
        for file in sorted((ROOT / folder).rglob(f"*{suffix}")):
            path = file.relative_to(ROOT).as_posix()
            if area_of(path):
                yield from (Found(said, path) for said in sentences(file))
    for report in report_files():
        yield from (Found(said, f"projections/{report.name}.py") for said in headings(report))


def sentences(file: Path) -> Iterator[Said]:
    """What is marked in a file."""
    if file.suffix == ".py":
        yield from _in_code(ast.parse(file.read_bytes()))
        return
    for _, function, given, _ in babel_extract(io.BytesIO(file.read_bytes()), TEMPLATE, (), JINJA):
        texts: tuple[Any, ...] = (given,) if isinstance(given, str) else tuple(given or ())
        yield (texts[0], texts[1]) if function == "ngettext" else texts[0]


def _in_code(tree: ast.AST) -> Iterator[Said]:
    """What is marked in a program: the text, or the two, that a call begins with."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in ONE_AND_MANY and len(texts) > 1:
            yield texts[0], texts[1]
        elif name in ONE and texts:
            yield texts[0]


def headings(value: Any) -> Iterator[str]:
    """The headings, descriptions and notes of a report, of its columns and of all that it is made of."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            inner = getattr(value, field.name)
            if isinstance(inner, str) and field.name in {"rubrik", "beskrivning", "meaning"}:
                yield from (part for part in inner.split("|") if part)
            elif field.name == "notes":
                yield from inner
            else:
                yield from headings(inner)
    elif isinstance(value, (tuple, list, frozenset)):
        for part in value:
            yield from headings(part)
    elif isinstance(value, Mapping):
        yield from headings(tuple(value.values()))


def area_of(path: str) -> str | None:
    """The catalogue that a file's sentences stand in; none for what speaks Swedish alone, as the command line."""
    fitting = (area for area, files in AREAS.items() if any(fnmatchcase(path, file) for file in files))
    return next(fitting, None)


def wanted(found: Iterable[Found]) -> dict[str, dict[Said, list[str]]]:
    """For every area its sentences, each with the files of the area that say it."""
    areas: dict[str, dict[Said, list[str]]] = {area: {} for area in AREAS}
    for area, sentences_of in areas.items():
        for said, path in found:
            if area_of(path) == area and path not in sentences_of.setdefault(said, []):
                sentences_of[said].append(path)
    taken: set[str] = set()
    for sentences_of in areas.values():
        for said in [said for said in sentences_of if _first(said) in taken]:
            del sentences_of[said]
        taken |= {_first(said) for said in sentences_of}
    return areas


def _first(said: Said) -> str:
    return said if isinstance(said, str) else said[0]


def written(area: str, folder: Path = FOLDER) -> list[Message]:
    """What stands in a catalogue; nothing where there is none yet."""
    path = folder / f"{area}.po"
    if not path.exists():
        return []
    with path.open("rb") as lines:
        return [message for message in read_po(lines, locale="en") if message.id]


def faults(found: Iterable[Found], folder: Path = FOLDER) -> Iterator[str]:
    """What is wrong with the catalogues, a line each."""
    for area, sentences_of in wanted(list(found)).items():
        there = {_id(message): message for message in written(area, folder)}
        begun = {path for said, paths in sentences_of.items() if said in there for path in paths}
        for said, paths in sentences_of.items():
            if said not in there and not all(_may_wait(path) and path not in begun for path in paths):
                yield f"{area}.po: missing: {_first(said)}"
        for said, message in there.items():
            if said not in sentences_of:
                yield f"{area}.po: no longer said: {_first(said)}"
            elif fault := fault_of(message):
                yield f"{area}.po: {fault}: {_first(said)}"


def _may_wait(path: str) -> bool:
    """Whether a file may be in Swedish alone until somebody begins to translate it: a report is one file and a test."""
    return path.startswith("projections/")


def fault_of(message: Message) -> str | None:
    """What is wrong with one translation: it is empty, or has other names in braces, other tags, or half a sign."""
    there = _forms(message.id)
    given = _forms(message.string)
    if len(there) != len(given) or not all(given):
        return "not translated"
    allowed, used = ([_names(text) for text in texts] for texts in (there, given))
    if any(not names <= set().union(*allowed) for names in used) or not set().union(*allowed) <= set().union(*used):
        return "other names in braces"
    if any(sorted(_TAG.findall(a)) != sorted(_TAG.findall(b)) for a, b in zip(there, given, strict=True)):
        return "other tags"
    is_in_template = any(path.endswith(".html") for path, _ in message.locations)
    if is_in_template and any("%" in _PERCENT.sub("", text.replace("%%", "")) for text in given):
        return "a percent sign that is not doubled"
    return None


def _forms(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def _names(text: str) -> set[str]:
    """The names that are filled in: `{self.period}` and `%(count)s`."""
    braced = {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return braced | set(_PERCENT.findall(text))


def _id(message: Message) -> Said:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def write(areas: Iterable[str], found: Iterable[Found], folder: Path = FOLDER) -> None:
    """Write catalogues anew: every sentence that is said, with the translation that it has in any of them."""
    known = {_id(message): message.string for area in AREAS for message in written(area, folder) if message.string}
    sentences_of = wanted(list(found))
    for area in areas:
        catalog = Catalog(locale="en", fuzzy=False)
        for said, paths in sentences_of[area].items():
            catalog.add(said, known.get(said), locations=[(path, 0) for path in paths])
        out = io.BytesIO()
        write_po(out, catalog, width=120, omit_header=True, include_lineno=False)
        (folder / f"{area}.po").write_bytes(out.getvalue())


def main() -> int:
    """Write the catalogues that are named, or list what is wrong."""
    parser = argparse.ArgumentParser(description="the catalogues of sentences")
    parser.add_argument("--write", nargs="*", choices=AREAS, metavar="AREA", help="all areas, or those named")
    asked = parser.parse_args()
    found = list(marked())
    if asked.write is not None:
        write(asked.write or AREAS, found)
    wrong = list(faults(found))
    for line in wrong:
        print(line)  # noqa: T201 - what it is for
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
