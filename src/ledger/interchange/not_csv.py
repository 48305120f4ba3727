"""What a file may be instead of a CSV file, or what is wrong with it as one: each with its sentence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from ledger.domain.refusal import Kind, Refusal

_SIE_SUFFIXES: Final = frozenset({".se", ".si", ".sie"})
_UTF_16_32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_PDF: Final = b"%PDF-"
_HTML: Final = re.compile(rb"(?:<\?xml[^>]*>\s*)?<(?:!doctype|html|head|body|table|meta|!--)\b", re.IGNORECASE)


def kind_of_other(namn: str, start: bytes) -> Refusal | None:
    """What a file that begins with these bytes is, if it is something that is known and no CSV."""
    begins = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if PurePath(namn).suffix.casefold() in _SIE_SUFFIXES or begins.startswith(b"#FLAGGA"):
        return FileIsSie()
    if start.startswith(_OLE):
        return FileIsOldExcel()
    if start.startswith(_PDF):
        return FileIsPdf()
    if start.startswith(_UTF_16_32):
        return FileIsUtf16()
    return FileIsHtml() if _HTML.match(begins) else None


@dataclass(slots=True)
class FileIsMissing(Refusal):
    """A file exists."""

    kind = Kind.MISSING
    path: str

    def sentence(self) -> str:
        """Gives the path."""
        return self.say("Filen {self.path} finns inte: kontrollera sökvägen.")


@dataclass(slots=True)
class FileIsFolder(Refusal):
    """A folder is no file."""

    path: str

    def sentence(self) -> str:
        """Says how to give its files."""
        return self.say(
            "{self.path} är en mapp: ange filerna i den, till exempel {folder}/*.csv.",
            folder=self.path.rstrip("/"),
        )


@dataclass(slots=True)
class FileIsUnreadable(Refusal):
    """A file can be read."""

    reason: str

    def sentence(self) -> str:
        """Gives the system's reason."""
        return self.say("Filen går inte att läsa ({self.reason}): kontrollera att du har rätt att läsa den.")


@dataclass(slots=True)
class FileHasChanged(Refusal):
    """A file stays the same while it is read."""

    kind = Kind.CONFLICT

    def sentence(self) -> str:
        """Asks for another try."""
        return self.say("Filen ändrades medan den lästes: vänta tills den är färdigskriven och läs in den igen.")


@dataclass(slots=True)
class FileIsEmpty(Refusal):
    """A file holds something."""

    def sentence(self) -> str:
        """Asks for a header."""
        return self.say("Filen är tom: första raden ska vara kolumnernas namn.")


@dataclass(slots=True)
class FileIsSie(Refusal):
    """SIE is not read yet."""

    def sentence(self) -> str:
        """Says how to go on."""
        return self.say("Filen är en SIE-fil. SIE kommer i en senare version; spara som CSV med kolumnerna för utfall.")


@dataclass(slots=True)
class FileIsOldExcel(Refusal):
    """Old workbooks are never read."""

    def sentence(self) -> str:
        """Says how to go on."""
        return self.say("Filen är i ett äldre Office-format (XLS): öppna den i Excel och spara som CSV UTF-8.")


@dataclass(slots=True)
class FileIsPdf(Refusal):
    """A PDF has no columns."""

    def sentence(self) -> str:
        """Says what to ask for."""
        return self.say("Filen är en PDF, som inte har några kolumner: hämta underlaget som CSV.")


@dataclass(slots=True)
class FileIsHtml(Refusal):
    """A web page is no table."""

    def sentence(self) -> str:
        """Guesses why."""
        return self.say(
            "Filen är en webbsida (HTML), kanske en inloggningssida eller en rapport med ändelsen .csv: hämta filen "
            "igen som CSV.",
        )


@dataclass(slots=True)
class FileIsUtf16(Refusal):
    """Text is UTF-8."""

    def sentence(self) -> str:
        """Says how to save it."""
        return self.say("Filen är sparad som UTF-16 eller UTF-32 (Unicode-text): spara om den som CSV UTF-8.")


@dataclass(slots=True)
class FileIsNotUtf8(Refusal):
    """Text is UTF-8."""

    line: int

    def sentence(self) -> str:
        """Names the first line that is not."""
        return self.say(
            "Filen är inte UTF-8: på rad {self.line} står tecken i en annan teckenkodning, troligen Windows-1252. "
            "Spara om den som CSV UTF-8.",
        )


@dataclass(slots=True)
class FileHasNul(Refusal):
    """Text has no NUL bytes."""

    line: int

    def sentence(self) -> str:
        """Names the line."""
        return self.say(
            "Filen innehåller nolltecken (första på rad {self.line}) och är ingen textfil: exportera den på nytt "
            "som CSV."
        )


@dataclass(slots=True)
class FileHasTabs(Refusal):
    """Comma or semicolon."""

    def sentence(self) -> str:
        """Says which separators are read."""
        return self.say("Kolumnerna skiljs åt av tabbar: spara filen med komma eller semikolon som avgränsare.")


@dataclass(slots=True)
class RowHasOtherWidth(Refusal):
    """Every row has as many cells as the header."""

    expected: int
    found: int

    def sentence(self) -> str:
        """Gives both numbers."""
        return self.say_n(
            "Raden har {count} cell, men rubrikraden har {self.expected} kolumner: kontrollera avgränsarna, och sätt "
            "citattecken om text som innehåller avgränsaren.",
            "Raden har {count} celler, men rubrikraden har {self.expected} kolumner: kontrollera avgränsarna, och sätt "
            "citattecken om text som innehåller avgränsaren.",
            self.found,
        )


@dataclass(slots=True)
class QuoteDoesNotClose(Refusal):
    """Quotes come in pairs around a whole cell."""

    def sentence(self) -> str:
        """Says how quotes are written."""
        return self.say(
            "Citattecknen på raden går inte ihop: sätt dem om hela cellen, och skriv ett citattecken inne i texten "
            'som två ("").',
        )


@dataclass(slots=True)
class CellIsTooLong(Refusal):
    """A cell has an end."""

    limit: int

    def sentence(self) -> str:
        """Suspects a quote."""
        return self.say("En cell är längre än {self.limit} tecken: troligen saknas ett avslutande citattecken.")
