"""What bookkeeping is listed from: every posted row on its account, and which voucher corrects which.

Shared by grundbok, huvudbok and the voucher view, and stored once. Sums are of this cube alone, so that a list and the
sums at its foot cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from ledger.domain.events import (
    KontoDefined,
    UtfallCorrected,
    UtfallReported,
    VerifikationCorrected,
    VerifikationPosted,
)
from ledger.domain.fact import Fact
from ledger.domain.rader import Utfallsrad
from ledger.reporting.entry import DEBET, KREDIT, Cube, Entry, Key, Listed, Register
from ledger.reporting.material import posted

#: Whose balance is carried from year to year, where the chart does not say: Kommun-Bas, classes 1 and 2.
BALANCE_CLASSES: Final = ("1", "2")


def side_of(belopp_ore: int) -> str:
    """The side of the account that an amount in the books' sign stands on."""
    return KREDIT if belopp_ore < 0 else DEBET


class Bokrad(NamedTuple):
    """A posted row as the book has it: its key, its day, öre in the books' sign, and the row itself."""

    key: Key
    day: date
    belopp_ore: int
    rad: Utfallsrad


def book_rows(fact: Fact) -> Iterator[Bokrad]:
    """Every posted row, balance rows too. Its key has the side for `slag` and the serie for `verksamhet`."""
    serie = fact.serie if isinstance(fact, VerifikationPosted) else None
    for sign, day, rad in posted(fact):
        amount = sign * rad.belopp_ore
        yield Bokrad(Key(rad.ansvar, serie, rad.konto, side_of(amount), rad.projekt), day, amount, rad)


def booked(fact: Fact) -> Iterator[Entry]:
    """The same as entries."""
    for key, day, amount, _ in book_rows(fact):
        yield Entry(key, day.year * 100 + day.month, day, amount)


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
    """A voucher that corrects another, which is found by `voucher_key`."""

    serie: str
    vernr: str
    bokforingsdatum: date


def voucher_key(ar: int, serie: str, vernr: str) -> str:
    """How a corrected voucher is found."""
    return f"{ar}/{serie}/{vernr}"


def correction_rows(fact: Fact) -> Iterator[Listed]:
    """The vouchers that correct others, found by the corrected one."""
    if isinstance(fact, VerifikationCorrected):
        key = voucher_key(fact.ursprungsdatum.year, fact.rattar_serie, fact.rattar_vernr)
        yield Listed(key, Rattad(fact.serie, fact.vernr, fact.bokforingsdatum))


RATTADE: Final = Register("rattade", Rattad, correction_rows)

#: All that the books are listed from.
BOKFORING: Final = (BOKFORT, KONTOSLAG, RATTADE)


def title(fact: Fact) -> str:
    """What a posting is called: a voucher by its number, summary rows by their month and unit."""
    match fact:
        case VerifikationCorrected():
            return f"Verifikation {fact.serie} {fact.vernr}, rättar {fact.rattar_serie} {fact.rattar_vernr}"
        case VerifikationPosted():
            return f"Verifikation {fact.serie} {fact.vernr}"
        case UtfallCorrected():
            return f"Utfallsrader {fact.period} {fact.ansvar}, ersätter en tidigare leverans"
        case UtfallReported():
            return f"Utfallsrader {fact.period} {fact.ansvar}"
    return ""


def voucher_cells(fact: Fact) -> dict[str, str]:
    """Serie and number of a voucher as cells; none where rows were reported without."""
    return {"serie": fact.serie, "vernr": fact.vernr} if isinstance(fact, VerifikationPosted) else {}
