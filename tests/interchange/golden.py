"""Golden files of refusals: what was given, and the exact Swedish answer, so that wording is reviewed in the diff.

Format: `## id`, a line that says what was given, and every line of the answer after `> `. One file a room, under
tests/golden/refusals/. By hand: `.venv/bin/python -m tests.interchange.faulty --golden` writes what is answered now.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from ledger.domain.refusal import listed
from ledger.elsewhere import report_files
from tests import tidy

FOLDER: Final = tidy.ROOT / "tests" / "golden" / "refusals"

#: Which reports there are, as an answer lists them: a new report is no new answer.
REPORTS: Final = listed(tuple(sorted(report.name for report in report_files())))


class Entry(NamedTuple):
    """One refused thing."""

    name: str
    given: str
    answer: str


def answered(text: str) -> str:
    """An answer as it stands in a file whatever reports there are."""
    return text.replace(REPORTS, "{rapporter}")


def text_of(entry: Entry) -> str:
    """An entry as it stands in the file."""
    answer = "".join(f"> {line}\n" for line in entry.answer.split("\n"))
    return f"## {entry.name}\n{entry.given}\n{answer}"


def read(path: Path) -> dict[str, Entry]:
    """The entries of a golden file by name."""
    entries = {}
    for block in path.read_text(encoding="utf-8").split("## ")[1:]:
        name, given, *lines = block.rstrip("\n").split("\n")
        answer = "\n".join(line.removeprefix("> ") for line in lines if line.startswith("> "))
        entries[name] = Entry(name, given, answer)
    return entries


def write(path: Path, entries: list[Entry]) -> None:
    """Write a golden file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(text_of(entry) for entry in entries), encoding="utf-8")
