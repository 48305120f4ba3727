"""Outcome files: rows with serie and number form vouchers, rows without are summary rows of a month and unit.

Rule: contract §4. Vouchers whose rows stand together are handed on as they are read, so that a file of a million rows
needs no memory; the others are gathered first (`Scattered`).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Final, Generic, TypeAlias, TypeVar

from ledger.domain.language import _
from ledger.domain.rader import Summarad, Utfallsrad
from ledger.domain.refusal import Refusal
from ledger.domain.utfall import ReportUtfall
from ledger.domain.verifikation import PostVerifikation, Voucher, VoucherHasNoNumber
from ledger.interchange import cells
from ledger.interchange.columns import FILSLAG
from ledger.interchange.csv_file import Report, Table
from ledger.interchange.draft import CellIsBlank, Draft

Value = TypeVar("Value")

_COLUMNS: Final = next(kind.columns + kind.optional for kind in FILSLAG if kind.namn == "utfall")

#: A row of a voucher: line, day, serie, number, what it corrects, its original day, and the row itself.
_Rad: TypeAlias = tuple[int, date, str, str, Voucher | None, date | None, Utfallsrad]

#: Makes a row from its fields in order, at half the cost of its own constructor.
_utfallsrad: Final[Callable[[type[Utfallsrad], tuple[object, ...]], Utfallsrad]] = tuple.__new__

#: A memory of cells is emptied when it has so many, lest a column of texts fill it.
_LARGEST_MEMORY: Final = 50_000


class Scattered(Exception):  # noqa: N818 - a discovery, not an error
    """A voucher's rows do not stand together: the file must be gathered before it is judged."""

    def __init__(self, place: int) -> None:
        """Say which file."""
        self.place = place
        super().__init__(place)


class _Known(dict[str, Value], Generic[Value]):
    """Cells that were read before: a file holds few codes and days, again and again."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: str) -> Value:
        if len(self) >= _LARGEST_MEMORY:
            self.clear()
        value = self[raw] = self._read(raw)
        return value


@dataclass(slots=True)
class _Voucher:
    """The rows of one voucher so far."""

    serie: str
    vernr: str
    dag: date
    rattar: Voucher | None
    ursprung: date | None
    rader: list[Utfallsrad] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    is_broken: bool = False


@dataclass(slots=True)
class _Leverans:
    """The summary rows of one month and unit so far: days and rows side by side, for a file may hold a million."""

    dagar: list[date] = field(default_factory=list)
    rader: list[Utfallsrad] = field(default_factory=list)
    ursprung: list[date | None] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("Q"))
    is_broken: bool = False


class UtfallReader:
    """One outcome file on its way to commands."""

    def __init__(self, place: int, table: Table, report: Report) -> None:
        """Read nothing yet."""
        self._place = place
        self._table = table
        self._report = report
        self._leveranser: dict[tuple[str, str], _Leverans] = {}
        #: Vouchers of which a row could not be read, and whether a row's very day could not.
        self._broken: set[tuple[str | None, str | None]] = set()
        self._is_any_broken = False

    # ------------------------------------------------------------ what comes out

    def vouchers(self) -> Iterator[Draft]:
        """Vouchers in file order, handed on as soon as the next begins. Errors: Scattered."""
        current: _Voucher | None = None
        done: set[int] = set()
        for line, dag, serie, vernr, rattar, ursprung, rad in self._rows():
            if current is not None and (
                vernr == current.vernr and serie == current.serie and dag.year == current.dag.year
            ):
                self._add(current, line, dag, rattar, ursprung, rad)
                continue
            if current is not None:
                done.add(hash((current.serie, current.vernr, current.dag.year)))
                yield self._finished(current)
            if hash((serie, vernr, dag.year)) in done:
                raise Scattered(self._place)
            current = _Voucher(serie, vernr, dag, rattar, ursprung, [rad], [line])
        if current is not None:
            yield self._finished(current)

    def gathered(self) -> Iterator[Draft]:
        """Vouchers in the order of their first rows, when the whole file has been read."""
        vouchers: dict[tuple[str, str, int], _Voucher] = {}
        for line, dag, serie, vernr, rattar, ursprung, rad in self._rows():
            voucher = vouchers.get((serie, vernr, dag.year))
            if voucher is None:
                vouchers[serie, vernr, dag.year] = _Voucher(serie, vernr, dag, rattar, ursprung, [rad], [line])
            else:
                self._add(voucher, line, dag, rattar, ursprung, rad)
        for voucher in vouchers.values():
            yield self._finished(voucher)

    def leveranser(self, *, ersatt: bool) -> Iterator[Draft]:
        """Summary rows per month and unit, when the vouchers have been read. The rows are let go as they come."""
        for month, ansvar in list(self._leveranser):
            leverans = self._leveranser.pop((month, ansvar))
            rader = tuple(map(Summarad, leverans.dagar, leverans.rader, leverans.ursprung))
            command = ReportUtfall(month, ansvar, rader, ersatt)
            is_broken = leverans.is_broken or self._is_any_broken
            yield Draft(self._place, command, leverans.lines, is_broken)

    # ------------------------------------------------------------ what goes in

    def _rows(self) -> Iterator[_Rad]:
        """Rows of vouchers; summary rows are kept for `leveranser`, faulty ones reported."""
        self._leveranser.clear()
        columns = self._table.columns
        pick = itemgetter(*(columns.index(name) if name in columns else len(columns) for name in _COLUMNS))
        days, codes, rattelser, late = _Known(cells.day), _Known(cells.text), _Known(_rattar), _Known(_ursprung)
        amount_ore, text, said = cells.amount_ore, cells.text, ("", "", "", "", "")
        dag, rattar, serie, vernr, ursprung = days[""], rattelser[""], codes[""], codes[""], late[""]
        for line, row in self._table.rows(self._report):
            row.append("")
            (
                datum, ansvar, verksamhet, konto, slag, projekt, motpart, belopp, words, series, number, handelse,
                rattas, aktivitet, objekt, fri, hande,
            ) = pick(row)  # fmt: skip
            if (datum, number, series, rattas, hande) != said:
                said = datum, number, series, rattas, hande
                dag, rattar, serie, vernr = days[datum], rattelser[rattas], codes[series], text(number)
                ursprung = late[hande]
            ore = amount_ore(belopp)
            is_broken = (
                type(ore) is not int
                or type(dag) is not date
                or isinstance(rattar, Refusal)
                or isinstance(ursprung, Refusal)
            )
            if is_broken or not isinstance(dag, date):
                raw = {"bokforingsdatum": datum, "belopp": belopp, "rattar": rattas, "ursprungsdatum": hande}
                self._unread(line, raw, (serie, vernr))
                if not isinstance(dag, date):
                    continue
            rad = _utfallsrad(Utfallsrad, (
                0 if is_broken else ore, codes[ansvar], codes[konto], codes[slag], codes[verksamhet],
                codes[aktivitet], codes[projekt], codes[objekt], codes[fri], codes[handelse],
                codes[motpart], text(words) if words else None,
            ))  # fmt: skip
            rattad = None if isinstance(rattar, Refusal) else rattar
            sen = None if isinstance(ursprung, Refusal) else ursprung
            if serie and vernr:
                yield line, dag, serie, vernr, rattad, sen, rad
            elif serie is None and vernr is None and rattad is None:
                self._deliver(line, dag, rad, sen, is_broken=is_broken)
            else:
                self._without_voucher(line, Summarad(dag, rad, sen), (serie, vernr), rattad)

    def _without_voucher(
        self,
        line: int,
        row: Summarad,
        name: tuple[str | None, str | None],
        rattar: Voucher | None,
    ) -> None:
        """A row whose voucher is named by half, or a summary row that would correct a voucher."""
        if name != (None, None):
            self._report(line, VoucherHasNoNumber(kolumn="vernr" if name[0] else "serie"))
        elif rattar is not None:
            self._report(line, RattarNeedsVoucher(kolumn="rattar", varde=" ".join(map(str, rattar))))
            self._deliver(line, *row, is_broken=True)

    def _unread(self, line: int, raw: dict[str, str], name: tuple[str | None, str | None]) -> None:
        """Report the cells of a row that cannot be read."""
        self._broken.add(name)
        self._is_any_broken = self._is_any_broken or isinstance(cells.day(raw["bokforingsdatum"]), Refusal)
        readers: tuple[tuple[str, Callable[[str], object]], ...] = (
            ("bokforingsdatum", cells.day), ("belopp", cells.amount_ore), ("rattar", _rattar),
            ("ursprungsdatum", _ursprung),
        )  # fmt: skip
        for column, read in readers:
            value = read(raw[column])
            if column in ("bokforingsdatum", "belopp") and not raw[column].strip():
                value = CellIsBlank()
            if isinstance(value, Refusal):
                value.kolumn = column
                self._report(line, value)

    def _deliver(self, line: int, dag: date, rad: Utfallsrad, ursprung: date | None, *, is_broken: bool) -> None:
        key = f"{dag.year}-{dag.month:02d}", rad.ansvar or ""
        leverans = self._leveranser.get(key)
        if leverans is None:
            leverans = self._leveranser[key] = _Leverans()
        leverans.dagar.append(dag)
        leverans.rader.append(rad)
        leverans.ursprung.append(ursprung)
        leverans.lines.append(line)
        leverans.is_broken = leverans.is_broken or is_broken

    def _add(
        self,
        voucher: _Voucher,
        line: int,
        dag: date,
        rattar: Voucher | None,
        ursprung: date | None,
        rad: Utfallsrad,
    ) -> None:
        """A further row of a voucher: of the same day, with the same correction and the same original day."""
        if dag != voucher.dag:
            self._report(line, VoucherHasTwoDays(voucher.serie, voucher.vernr, voucher.dag, voucher.lines[0],
                                                 kolumn="bokforingsdatum", varde=str(dag)))  # fmt: skip
            voucher.is_broken = True
        if rattar != voucher.rattar:
            self._report(line, RattarDiffers(voucher.serie, voucher.vernr, voucher.lines[0], kolumn="rattar"))
            voucher.is_broken = True
        if ursprung != voucher.ursprung:
            said = str(ursprung or "")
            differs = UrsprungsdatumDiffers(
                voucher.serie, voucher.vernr, voucher.ursprung, voucher.lines[0], kolumn="ursprungsdatum", varde=said
            )
            self._report(line, differs)
            voucher.is_broken = True
        voucher.rader.append(rad)
        voucher.lines.append(line)

    def _finished(self, voucher: _Voucher) -> Draft:
        is_broken = voucher.is_broken or (voucher.serie, voucher.vernr) in self._broken
        command = PostVerifikation(
            voucher.serie, voucher.vernr, voucher.dag, tuple(voucher.rader), voucher.rattar, voucher.ursprung
        )
        return Draft(self._place, command, tuple(voucher.lines), is_broken)


def _rattar(raw: str) -> Voucher | Refusal | None:
    """The voucher that a row's voucher corrects; None where the cell is blank."""
    if not raw or not raw.strip():
        return None
    name = cells.voucher_name(raw)
    return name if isinstance(name, Refusal) else Voucher(*name)


def _ursprung(raw: str) -> date | Refusal | None:
    """The day that a late posting belongs to; None where the cell is blank."""
    return cells.day(raw) if raw and raw.strip() else None


@dataclass(slots=True)
class VoucherHasTwoDays(Refusal):
    """A voucher has one day (BFL 5:7)."""

    serie: str
    vernr: str
    first: date
    first_line: int

    def sentence(self) -> str:
        """Names the voucher's day."""
        return self.say(
            "Verifikation {self.serie} {self.vernr} har bokföringsdatum {self.first} på rad {self.first_line}: skriv "
            "samma datum på alla verifikationens rader, eller ge raden ett annat nummer.",
        )


@dataclass(slots=True)
class RattarDiffers(Refusal):
    """A voucher corrects one other, and all its rows say so."""

    serie: str
    vernr: str
    first_line: int

    def sentence(self) -> str:
        """Names the voucher's first row."""
        return self.say(
            "Raden rättar något annat än verifikation {self.serie} {self.vernr} gör på rad {self.first_line}: skriv "
            "samma värde på alla verifikationens rader.",
        )


@dataclass(slots=True)
class UrsprungsdatumDiffers(Refusal):
    """A voucher happened on one day, and all its rows say which."""

    serie: str
    vernr: str
    first: date | None
    first_line: int

    def sentence(self) -> str:
        """Gives what the voucher's first row says."""
        return self.say(
            "Verifikation {self.serie} {self.vernr} har ursprungsdatum {first} på rad {self.first_line}: skriv samma "
            "datum på alla verifikationens rader, eller ge raden ett annat nummer.",
            first=self.first or _("(tomt)"),
        )


@dataclass(slots=True)
class RattarNeedsVoucher(Refusal):
    """A correction of a voucher is a voucher."""

    def sentence(self) -> str:
        """Says how summary rows are corrected."""
        return self.say(
            "Raden ska rätta en verifikation men har varken serie eller vernr: fyll i dem. Utfallsrader utan "
            "verifikation rättas med en ny leverans och --ersatt.",
        )
