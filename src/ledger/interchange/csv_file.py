"""CSV files: bytes on their way in, told apart from everything that is no CSV, and read row by row.

Rule: contract §4 – UTF-8 (BOM accepted), `,` or `;` as the header has it, header required. Line numbers are those of an
editor, also where a quoted cell holds line breaks. A file is read as a stream: its size does not matter.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from ledger.domain.refusal import Refusal
from ledger.interchange import not_csv as no
from ledger.interchange.cells import text
from ledger.interchange.columns import FILSLAG, Filslag, KindIsUnknown, header_refusals, recognised
from ledger.interchange.xlsx_in import as_csv

CHUNK: Final = 1 << 20
SEPARATORS: Final = ",;\t"

#: Told the row (none: the whole file) and what is wrong with it.
Report = Callable[[int | None, Refusal], None]


@dataclass(frozen=True, slots=True)
class Fil:
    """A file somebody brings: its name, and where its bytes are."""

    namn: str
    path: Path | None = None
    data: bytes = b""
    #: That of the file which somebody brought, where these bytes are a sheet of it.
    sha256: str | None = None

    @classmethod
    def at(cls, path: str | Path) -> Fil:
        """A file on disk."""
        return cls(Path(path).name or str(path), Path(path))

    def open(self) -> BinaryIO:
        """Its bytes from the beginning. Errors: OSError."""
        return io.BytesIO(self.data) if self.path is None else self.path.open("rb")


class Seen(NamedTuple):
    """What a look through all bytes of a file tells: its SHA-256, hex, and its number of line breaks."""

    sha256: str
    lines: int


class Table:
    """A file with a header of a known kind, ready to be read."""

    def __init__(self, fil: Fil, seen: Seen, kind: Filslag, columns: list[str], separator: str) -> None:
        """Use `opened`."""
        self.fil = fil
        self.seen = seen
        self.kind = kind
        self.columns = columns
        self.separator = separator
        #: Rows read so far.
        self.count = 0

    @property
    def sha256(self) -> str:
        """The hash of the file as it was brought."""
        return self.fil.sha256 or self.seen.sha256

    def rows(self, report: Report) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header with their line numbers, each with as many cells as there are columns.

        Blank rows are skipped. Separators may stand after the last cell, if they do so on every row: one row with more
        cells than the others holds a text with a separator in it, and its columns are not what they seem.
        """
        digest = hashlib.sha256()
        width = expected = len(self.columns)
        line = self.count = 0
        is_below = False
        with self.fil.open() as raw, io.TextIOWrapper(_Hashing(raw, digest), "utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=self.separator, strict=True)
            while True:
                try:
                    for cells in reader:
                        first, line = line + 1, reader.line_num
                        if not "".join(cells).strip():
                            continue
                        if not is_below:
                            is_below = True
                            continue
                        self.count += 1
                        if self.count == 1 and not "".join(cells[width:]).strip():
                            expected = max(width, len(cells))
                        if len(cells) != expected:
                            report(first, no.RowHasOtherWidth(expected, len(cells)))
                            continue
                        yield first, cells if expected == width else cells[:width]
                except csv.Error as error:
                    report(line + 1, _broken(error))
                    line = reader.line_num
                    continue
                break
        if digest.hexdigest() != self.seen.sha256:
            report(None, no.FileHasChanged())


def opened(fil: Fil, report: Report) -> Table | None:
    """A file as a table. What is wrong with it as a whole is reported, and then there is none."""
    try:
        if is_workbook(fil):
            sheet = _from_workbook(fil)
            if isinstance(sheet, Refusal):
                report(None, sheet)
                return None
            fil = sheet
        seen = _look_through(fil)
        if isinstance(seen, Refusal):
            report(None, seen)
            return None
        line, first = _first_line(fil)
        if not first:
            report(None, no.FileIsEmpty())
            return None
    except (OSError, ValueError) as error:
        report(
            None, no.FileIsUnreadable(error.strerror if isinstance(error, OSError) and error.strerror else str(error))
        )
        return None
    separator, columns = max((_header(first, separator) for separator in SEPARATORS), key=_fit)
    if separator == "\t":
        report(line, no.FileHasTabs())
        return None
    kind = recognised(columns)
    if kind is None:
        report(line, KindIsUnknown(tuple(columns)))
        return None
    refusals = list(header_refusals(kind, columns))
    for refusal in refusals:
        report(line, refusal)
    return None if refusals else Table(fil, seen, kind, columns, separator)


def is_workbook(fil: Fil) -> bool:
    """Whether a file begins as a workbook does. Errors: OSError."""
    if fil.path is not None and not fil.path.is_file():
        return False
    with fil.open() as stream:
        return stream.read(len(no.ZIP)) == no.ZIP


def _from_workbook(fil: Fil) -> Fil | Refusal:
    """The sheet of a workbook as a file that remembers what it came from; or why there is none. Errors: OSError."""
    with fil.open() as stream:
        sha256 = hashlib.sha256(stream.read()).hexdigest()
        stream.seek(0)
        sheet = as_csv(stream)
    return sheet if isinstance(sheet, Refusal) else Fil(fil.namn, data=sheet, sha256=sha256)


def _look_through(fil: Fil) -> Seen | Refusal:
    """All bytes once: what they are, their hash, and whether they are UTF-8. Errors: OSError."""
    if fil.path is not None and not fil.path.exists():
        return no.FileIsMissing(str(fil.path))
    if fil.path is not None and fil.path.is_dir():
        return no.FileIsFolder(str(fil.path))
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    is_blank = True
    with fil.open() as stream:
        while chunk := stream.read(CHUNK):
            if not lines and is_blank and (other := no.kind_of_other(fil.namn, chunk)):
                return other
            if (at := chunk.find(b"\0")) >= 0:
                return no.FileHasNul(lines + chunk.count(b"\n", 0, at) + 1)
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return no.FileIsNotUtf8(lines + chunk.count(b"\n", 0, error.start) + 1)
            digest.update(chunk)
            lines += chunk.count(b"\n")
            is_blank = is_blank and not chunk.removeprefix(codecs.BOM_UTF8).strip()
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return no.FileIsNotUtf8(lines + 1)
    return no.FileIsEmpty() if is_blank else Seen(digest.hexdigest(), lines)


def _first_line(fil: Fil) -> tuple[int, str]:
    """The first line that says something, with its number."""
    with fil.open() as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip(" \t\r\n,;"):
                return number, line
    return 1, ""


def _header(line: str, separator: str) -> tuple[str, list[str]]:
    """Column names by a separator, in small letters; blank ones at the end are left out."""
    names = [(text(name) or "").casefold() for name in next(csv.reader([line], delimiter=separator), [])]
    while names and not names[-1]:
        names.pop()
    return separator, names


def _fit(header: tuple[str, list[str]]) -> tuple[int, int]:
    known = {column for kind in FILSLAG for column in kind.columns + kind.optional}
    return sum(name in known for name in header[1]), len(header[1])


def _broken(error: csv.Error) -> Refusal:
    if "field larger" in str(error):
        return no.CellIsTooLong(csv.field_size_limit())
    return no.QuoteDoesNotClose()


class _Hashing(io.BufferedReader):
    """Bytes that are hashed as they are read, so that a file that changes meanwhile is noticed."""

    def __init__(self, raw: BinaryIO, digest: hashlib._Hash) -> None:
        super().__init__(cast("io.RawIOBase", raw), CHUNK)
        self._digest = digest

    def read1(self, size: int = -1, /) -> bytes:
        """What a text stream asks for."""
        chunk = super().read1(size)
        self._digest.update(chunk)
        return chunk
