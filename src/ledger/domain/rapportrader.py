"""Rows of reports, as far as words can be written to them: which forms their keys have, and of which codes they are.

A code counts whatever the year: with another `organisation` a report shows any unit, and a comparison reaches back.
Not here: which rows a question shows with figures (reporting), and which reports there are – they are files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.domain import atgard
from ledger.domain.kodstrang import ATGARDSSTATUS
from ledger.domain.language import N_, _
from ledger.domain.refusal import AND, Kind, Refusal, listed

if TYPE_CHECKING:
    from ledger.domain.books import Books


class Rapportrader(NamedTuple):
    """The forms of a report's row keys, such as `summa` or `{ansvar}.andring.{n}`; none of a list, which has no words.

    What stands in braces is a sort of code (`SORTER`), a number from 1 (`n`) or a day (`dag`).
    """

    former: tuple[str, ...] = ()


#: What each sort of code is called in a sentence.
SORTER: Final = {
    "ansvar": N_("en enhet"), "verksamhet": N_("en verksamhet"), "konto": N_("ett konto"), "projekt": N_("ett projekt"),
    "atgard": N_("en åtgärd"), "kategori": N_("en kategori"), "status": N_("en status"), "handelse": N_("en händelse"),
}  # fmt: skip

#: The codes of each sort that the books know. Postings are not in the books, so that any `handelse` will do.
_KNOWN: Final[Mapping[str, Callable[[Books], Container[str | None]]]] = {
    "ansvar": lambda books: books.organisation.units,
    "verksamhet": lambda books: books.charts.verksamhet,
    "konto": lambda books: books.charts.konto,
    "projekt": lambda books: books.projects.projects,
    "grupp": lambda books: {row.grupp for rows in books.projects.projects.values() for _at, row in rows.values()},
    "atgard": lambda books: {key[0] for key in books.of(atgard.State).rows},
    "kategori": lambda books: {row.kategori for rows in books.of(atgard.State).rows.values() for row in rows.values()},
    "status": lambda _books: ATGARDSSTATUS,
}

_BRACES: Final = re.compile(r"\\\{(\w+)\\\}")
_WRITTEN: Final = {"n": r"[1-9][0-9]{0,5}", "dag": r"[0-9]{4}-[0-9]{2}-[0-9]{2}"}


@lru_cache(maxsize=1024)
def _pattern(form: str) -> re.Pattern[str]:
    """A form as what it looks like when it is filled in."""
    return re.compile(_BRACES.sub(lambda name: _WRITTEN.get(name[1], f"(?P<{name[1]}>.+)"), re.escape(form)), re.DOTALL)


def row_refusals(books: Books, rapport: str, rad: str) -> Iterator[Refusal]:
    """What is wrong with a place to write words to, if anything; nothing where nobody knows the reports."""
    if books.rapporter is None:
        return
    known = books.rapporter.get(rapport)
    if known is None or not known.former:
        choices = tuple(name for name, one in books.rapporter.items() if one.former)
        broken = RapportIsUnknown if known is None else RapportHasNoRows
        yield broken(choices, kolumn="rapport", varde=rapport)
    elif not any(_is_of(form, rad, books) for form in known.former):
        yield RadIsUnknown(rapport, known.former, kolumn="rad", varde=rad)


def _is_of(form: str, rad: str, books: Books) -> bool:
    """Whether a row's key is of a form, with codes that exist."""
    found = _pattern(form).fullmatch(rad)
    codes = found.groupdict().items() if found else ()
    return found is not None and all(sort not in _KNOWN or kod in _KNOWN[sort](books) for sort, kod in codes)


@dataclass(slots=True)
class RapportIsUnknown(Refusal):
    """Words are written to a report that exists."""

    kind = Kind.MISSING
    rapporter: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the reports."""
        return self.say(
            "Rapporten {varde} finns inte: kommentarer skrivs till {rapporter}.",
            varde=self.varde, rapporter=listed(self.rapporter),
        )  # fmt: skip


@dataclass(slots=True)
class RapportHasNoRows(Refusal):
    """A list has no rows that stay."""

    rapporter: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the reports that have."""
        return self.say(
            "Rapporten {varde} är en lista, vars rader inte kommenteras: kommentarer skrivs till {rapporter}.",
            varde=self.varde, rapporter=listed(self.rapporter),
        )  # fmt: skip


@dataclass(slots=True)
class RadIsUnknown(Refusal):
    """Words are written to a row that the report can have."""

    kind = Kind.MISSING
    rapport: str
    former: tuple[str, ...]

    def sentence(self) -> str:
        """Says of which codes the rows are, and lists the others."""
        sorter = [_(SORTER[form[1:-1]]) for form in self.former if form[1:-1] in SORTER]
        egna = [form for form in self.former if "{" not in form]
        return self.say(
            "Raden {varde} finns inte i rapporten {self.rapport}: skriv koden för {sorter} som finns i liggaren, eller "
            "någon av raderna {egna}.",
            varde=self.varde, sorter=listed(sorter), egna=listed(egna, AND),
        )  # fmt: skip
