"""What bookkeeping is listed from: every posted row on its account, and which voucher corrects which.

Shared by grundbok, huvudbok and the voucher view, and stored once. Sums are of this cube alone, so that a list and the
sums at its foot cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Final, NamedTuple

from ledger.domain.events import (
    KontoDefined,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.events_behorighet import LatePosted
from ledger.domain.fact import Fact
from ledger.domain.language import phrase
from ledger.domain.rader import Utfallsrad
from ledger.reporting.entry import DEBET, KREDIT, Cube, Entry, Key, Listed, Register
from ledger.reporting.log import Recorded
from ledger.reporting.material import posted

#: Whose balance is carried from year to year, where the chart does not say: Kommun-Bas, classes 1 and 2.
BALANCE_CLASSES: Final = ("1", "2")


def side_of(belopp_ore: int) -> str:
    """The side of the account that an amount in the books' sign stands on."""
    return KREDIT if belopp_ore < 0 else DEBET


class Bokrad(NamedTuple):
    """A posted row as the book has it: its key, its day, öre in the books' sign, and the row itself.

    `ursprungsdatum` is the day that a summary row belongs to which came when its month was closed.
    """

    key: Key
    day: date
    belopp_ore: int
    rad: Utfallsrad
    ursprungsdatum: date | None = None


def book_rows(fact: Fact) -> Iterator[Bokrad]:
    """Every posted row, balance rows too. Its key has the side for `slag` and the serie for `verksamhet`."""
    serie = fact.serie if isinstance(fact, VerifikationPosted) else None
    for (sign, day, rad), late in zip(posted(fact), _late_rows(fact), strict=False):
        amount = sign * rad.belopp_ore
        yield Bokrad(Key(rad.ansvar, serie, rad.konto, side_of(amount), rad.projekt), day, amount, rad, late)


def _late_rows(fact: Fact) -> Iterator[date | None]:
    """The original day of every posted row, as `posted` has them; a voucher's is the same for all its rows."""
    match fact:
        case UtfallReported():
            return (row.ursprungsdatum for row in fact.rader)
        case UtfallCorrected():
            return (row.ursprungsdatum for row in (*fact.fore, *fact.efter))
    return repeat(None)


def late_days(
    recorded: Iterable[Recorded], kand: int, read: Callable[[Sequence[int]], Iterable[Recorded]]
) -> dict[int, date]:
    """The vouchers that came when their month was closed, by position, with the day that they belong to (BFL 5:5).

    The fact just after such a voucher says it, where that was recorded by `kand`; `read` reads the facts at positions.
    """
    vouchers = {one.position + 1: one.fact for one in recorded if isinstance(one.fact, VerifikationPosted)}
    found = {}
    for after in read(sorted(position for position in vouchers if position <= kand)):
        said, voucher = after.fact, vouchers[after.position]
        if isinstance(said, LatePosted) and said.serie == voucher.serie and said.vernr == voucher.vernr:
            found[after.position - 1] = said.ursprungsdatum
    return found


def booked(fact: Fact) -> Iterator[Entry]:
    """The same as entries."""
    for row in book_rows(fact):
        yield Entry(row.key, row.day.year * 100 + row.day.month, row.day, row.belopp_ore)


#: Debit and credit are apart in every sum. Questions are by account, by account and unit, or by serie alone.
BOKFORT: Final = Cube(
    "bokfort", booked, views=(("konto",), ("ansvar", "konto"), ("verksamhet",)), near="konto", by_side=True
)


@dataclass(frozen=True, slots=True)
class Kontoslag:
    """What kind of account a konto is from a day on: kostnad, intakt or balans."""

    konto: str
    namn: str
    slag: str
    fran: date

    @property
    def is_balance(self) -> bool:
        """Whether its balance is carried from year to year."""
        return self.slag == "balans" if self.slag else self.konto.startswith(BALANCE_CLASSES)


def konto_rows(fact: Fact) -> Iterator[Listed]:
    """Versions of konton, found by number."""
    if isinstance(fact, KontoDefined):
        yield Listed(fact.konto, Kontoslag(fact.konto, fact.namn, fact.slag, fact.fran))


KONTOSLAG: Final = Register("kontoslag", Kontoslag, konto_rows, postings=False)


@dataclass(frozen=True, slots=True)
class Rattad:
    """That a posting is corrected, found by `correction_key`; the fact that says so is the correction."""

    slag: str


def voucher_key(ar: int, serie: str, vernr: str) -> str:
    """How a corrected voucher is found."""
    return f"{ar}/{serie}/{vernr}"


def correction_key(position: int, fact: Fact) -> str:
    """How the correction of a posting at a position is found."""
    if isinstance(fact, VerifikationPosted):
        return voucher_key(fact.bokforingsdatum.year, fact.serie, fact.vernr)
    return f"@{position}"


def correction_rows(fact: Fact) -> Iterator[Listed]:
    """The vouchers that correct others, and the leveranser that take the place of others."""
    if isinstance(fact, VerifikationCorrected):
        yield Listed(
            voucher_key(fact.ursprungsdatum.year, fact.rattar_serie, fact.rattar_vernr), Rattad("verifikation")
        )
    elif isinstance(fact, UtfallCorrected):
        for position in fact.rattar:
            yield Listed(f"@{position}", Rattad("leverans"))


RATTADE: Final = Register("rattade", Rattad, correction_rows, version=2, vouchers=False)

#: All that the books are listed from.
BOKFORING: Final = (BOKFORT, KONTOSLAG, RATTADE)


def title(fact: Fact) -> str:
    """What a posting is called: a voucher by its number, summary rows by their month and unit."""
    match fact:
        case VerifikationCorrected():
            return phrase(
                "Verifikation {serie} {vernr}, rättar {rattar_serie} {rattar_vernr}",
                serie=fact.serie,
                vernr=fact.vernr,
                rattar_serie=fact.rattar_serie,
                rattar_vernr=fact.rattar_vernr,
            )
        case VerifikationPosted():
            return phrase("Verifikation {serie} {vernr}", serie=fact.serie, vernr=fact.vernr)
        case UtfallCorrected():
            return phrase(
                "Utfallsrader {period} {ansvar}, ersätter en tidigare leverans", period=fact.period, ansvar=fact.ansvar
            )
        case UtfallReported():
            return phrase("Utfallsrader {period} {ansvar}", period=fact.period, ansvar=fact.ansvar)
    return ""


def belongs_to(name: str, late: date | None) -> str:
    """What a posting is called, with the day that it belongs to where it came late."""
    if late is None:
        return name
    return phrase("{name}, hör till {late}", name=name, late=late) if name else phrase("hör till {late}", late=late)


def voucher_cells(fact: Fact) -> dict[str, str]:
    """Serie and number of a voucher as cells; none where rows were reported without."""
    return {"serie": fact.serie, "vernr": fact.vernr} if isinstance(fact, VerifikationPosted) else {}
