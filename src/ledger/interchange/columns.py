"""The kinds of files and their columns: a file is recognised by its header.

Rule: contract §4 – columns in any order; unknown columns are refused by name. Every column of the contract must be
there, even if its cells are blank; those of `optional` may be left out.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ledger.domain.refusal import Refusal


class Filslag(NamedTuple):
    """A kind of file: its name, its columns, those that may be left out, and those whose cells must be filled in."""

    namn: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


#: In the order in which files given together are judged and recorded, whatever the order given.
FILSLAG: Final = (
    Filslag(
        "organisation",
        ("ansvar", "namn", "niva", "overordnad", "fran", "till", "teckenregel"),
        ("ansvar", "namn", "fran"),
        ("ersatt_av",),
    ),
    Filslag("verksamhet", ("kod", "namn", "fran", "till"), ("kod", "namn", "fran")),
    Filslag("konto", ("konto", "namn", "slag", "fran", "till"), ("konto", "namn", "fran")),
    Filslag(
        "projekt",
        ("projekt", "namn", "ansvar", "grupp", "startar", "slutar", "status", "statusdatum"),
        ("projekt", "namn", "statusdatum"),
    ),
    Filslag(
        "budget",
        (
            "typ", "beslutsorgan", "beslutsdatum", "paragraf", "diarienummer", "ar", "till_ar", "period", "fran_ansvar",
            "till_ansvar", "verksamhet", "till_verksamhet", "slag", "konto", "projekt", "belopp", "text",
        ),
        ("typ", "beslutsdatum", "ar", "belopp"),
        ("status", "forslag", "finansiering", "kontrollsumma", "ersatter"),
    ),
    Filslag(
        "utfall",
        (
            "bokforingsdatum", "ansvar", "verksamhet", "konto", "slag", "projekt", "motpart", "belopp", "text", "serie",
            "vernr", "handelse",
        ),
        ("bokforingsdatum", "belopp"),
        ("rattar", "aktivitet", "objekt", "fri", "ursprungsdatum"),
    ),
    Filslag(
        "prognos",
        ("prognosdatum", "ar", "ansvar", "slag", "projekt", "belopp", "kommentar"),
        ("prognosdatum", "ar", "belopp"),
    ),
    Filslag(
        "atgard",
        ("atgard", "namn", "ansvar", "kategori", "ar", "belopp", "status", "statusdatum", "effekt", "text"),
        ("atgard", "namn", "ansvar", "ar", "belopp", "status", "statusdatum"),
    ),
    Filslag(
        "matt",
        (
            "matt", "namn", "slag", "enhet", "riktning", "del_av", "mal", "overgripande_mal", "malomrade", "fran",
        ),
        ("matt", "namn", "slag", "fran"),
    ),
    Filslag(
        "matvarde",
        ("datum", "ansvar", "matt", "kon", "ar", "tom", "sort", "varde", "text"),
        ("datum", "ansvar", "matt", "ar", "sort", "varde"),
    ),
    Filslag("kommentar", ("ar", "tom", "rapport", "rad", "text"), ("ar", "tom")),
    # Rights come last, so that what is read in together with the first mandates is still judged in öppet läge.
    Filslag(
        "mandat",
        (
            "funktion", "person", "far", "niva", "ansvar", "beloppsgrans", "fran", "till", "beslutsorgan",
            "beslutsdatum", "paragraf", "delegationspunkt", "anmals",
        ),
        ("far", "ansvar", "fran", "beslutsorgan", "beslutsdatum"),
    ),
    Filslag(
        "attest",
        ("ansvar", "ar", "uppgift", "person", "funktion", "ersattare", "fran", "till"),
        ("ansvar", "ar", "uppgift", "person"),
    ),
)  # fmt: skip


def recognised(header: Sequence[str]) -> Filslag | None:
    """The kind of file that a header fits best; None where it fits none by half its columns."""
    given = set(header)

    def fit(kind: Filslag) -> int:
        known = len(given.intersection(kind.columns + kind.optional))
        missing = len(set(kind.columns) - given)
        return 2 * known - missing - len(given.difference(kind.columns + kind.optional))

    best = max(FILSLAG, key=fit)
    return best if 2 * len(given.intersection(best.columns)) > len(best.columns) else None


def header_refusals(kind: Filslag, header: Sequence[str]) -> Iterator[Refusal]:
    """What is wrong with the columns of a file of a kind: each unknown, double or missing one."""
    known = kind.columns + kind.optional
    missing = [column for column in kind.columns if column not in header]
    suggested = set()
    for column, times in Counter(header).items():
        if not column:
            yield ColumnHasNoName()
        elif column not in known:
            near = difflib.get_close_matches(column, missing, 1) or difflib.get_close_matches(column, known, 1)
            suggested.update(near)
            yield ColumnIsUnknown(kind.namn, tuple(known), near[0] if near else None, kolumn=column)
        elif times > 1:
            yield ColumnStandsTwice(kolumn=column)
    for column in [column for column in missing if column not in suggested]:
        yield ColumnIsMissing(kind.namn, may_be_blank=column not in kind.required, kolumn=column)


@dataclass(slots=True)
class KindIsUnknown(Refusal):
    """A file is one of the kinds."""

    header: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the kinds."""
        kinds = ", ".join(kind.namn for kind in FILSLAG)
        shown = ", ".join(self.header[:8]) + (", …" if len(self.header) > 8 else "")  # noqa: PLR2004 - fits on a line
        return self.say(
            "Rubrikraden ({shown}) hör inte till något slags fil som kan läsas in ({kinds}): skriv kolumnernas namn "
            "på första raden, som i exemplen.",
            shown=shown,
            kinds=kinds,
        )


@dataclass(slots=True)
class ColumnIsUnknown(Refusal):
    """Only columns of the contract are read."""

    slag: str
    known: tuple[str, ...]
    near: str | None

    def sentence(self) -> str:
        """Names the nearest known column."""
        if self.near:
            return self.say("Kolumnen finns inte i en fil av slaget {self.slag}: menade du {self.near}?")
        return self.say(
            "Kolumnen finns inte i en fil av slaget {self.slag}: ta bort den. Kolumnerna är {known}.",
            known=", ".join(self.known),
        )


@dataclass(slots=True)
class ColumnHasNoName(Refusal):
    """Every column has a name."""

    def sentence(self) -> str:
        """Asks for it."""
        return self.say("En kolumn saknar namn i rubrikraden: skriv namnet eller ta bort kolumnen.")


@dataclass(slots=True)
class ColumnStandsTwice(Refusal):
    """A column stands once."""

    def sentence(self) -> str:
        """Asks to remove one."""
        return self.say("Kolumnen står flera gånger i rubrikraden: behåll en av dem.")


@dataclass(slots=True)
class ColumnIsMissing(Refusal):
    """Every column of the contract is there."""

    slag: str
    may_be_blank: bool

    def sentence(self) -> str:
        """Says whether its cells may be blank."""
        if self.may_be_blank:
            return self.say(
                "Kolumnen saknas, men ingår i en fil av slaget {self.slag}: lägg till den (cellerna får vara tomma)."
            )
        return self.say("Kolumnen saknas, men ingår i en fil av slaget {self.slag}: lägg till den.")
