"""Outcome rows: what they may carry, and the leverans rule for summary rows from the ERP.

Folds: UtfallReported, UtfallCorrected.     Reads: period/<yyyy-mm>, projekt/<kod>.
Rule: contract §4 – rows without voucher number have the key month, ansvar, verksamhet, konto, slag, projekt, motpart,
text, handelse; all rows with one key in one file are its leverans, a multiset of day and amount. What is found when its
month is closed has its original day in the key, so that it is a leverans beside the month's own (BFL 5:5).
Not here: vouchers (verifikation.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain.events import UtfallCorrected, UtfallReported
from ledger.domain.fact import ERASED, Fact
from ledger.domain.koder import AmountIsTooLarge, CodeIsUnknown, code_refusals
from ledger.domain.kodstrang import SLAG
from ledger.domain.money import LARGEST_ORE, kronor
from ledger.domain.period import OriginalDateIsNotEarlier, period_is_closed
from ledger.domain.rader import Approved, Codes, Summarad, Utfallsrad
from ledger.domain.refusal import Kind, Refusal, Refused, row_count
from ledger.domain.text import text_refusals
from ledger.domain.versions import DAY

if TYPE_CHECKING:
    from ledger.domain.books import Books

ROWS_PER_FACT = 200

#: So many code strings at most are remembered as right.
LARGEST_MEMORY = 100_000


class Key(NamedTuple):
    """What names a leverans within its month and unit: a row without its amount, and its original day if it is late."""

    rad: Utfallsrad
    ursprungsdatum: date | None


@dataclass(frozen=True, slots=True)
class ReportUtfall:
    """Summary rows of one unit and month (`2024-03`); `ersatt` lets a new leverans replace the reported one."""

    period: str
    ansvar: str
    rader: tuple[Summarad, ...]
    ersatt: bool = False


COMMANDS = (ReportUtfall,)


@dataclass(slots=True)
class Delivered:
    """What is reported of one unit and month: for each key its rows, and the facts they came with; `version` in all."""

    rows: dict[Key, Counter[tuple[date, int]]] = field(default_factory=lambda: defaultdict(Counter))
    where: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    version: int = 0

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of reported or corrected rows."""
        self.version += 1
        if isinstance(fact, UtfallReported):
            self._add(position, fact.rader)
        elif isinstance(fact, UtfallCorrected):
            for row in fact.fore:
                self.rows.pop(key_of(row), None)
                self.where.pop(key_of(row), None)
            self._add(position, fact.efter)

    def key_for(self, row: Summarad) -> Key:
        """The key that a row is judged under: where its texts have been erased since it was reported, without them."""
        key = key_of(row)
        erased = key._replace(rad=key.rad._replace(text=ERASED, motpart=ERASED))
        return erased if key not in self.rows and erased in self.rows else key

    def _add(self, position: int, rader: Sequence[Summarad]) -> None:
        for row in rader:
            key = key_of(row)
            self.rows[key][row.bokforingsdatum, row.rad.belopp_ore] += 1
            if position not in self.where[key]:
                self.where[key].append(position)


def codes_of(rad: Utfallsrad) -> Codes:
    """The codes of a row, from ansvar to handelse: all but its amount and its texts."""
    return rad[1:10]


def projects_of(rader: Iterable[Utfallsrad]) -> Iterator[str]:
    """The guard keys of the projects that rows name, each once."""
    return (f"projekt/{projekt}" for projekt in {rad.projekt for rad in rader} if projekt)


def key_of(row: Summarad) -> Key:
    """The leverans key of a row (within its month and unit)."""
    return Key(row.rad._replace(belopp_ore=0), row.ursprungsdatum)


def decide(books: Books, delivered: Delivered, command: ReportUtfall) -> list[Fact]:
    """What a leverans adds: nothing where it is reported, the new keys, and with `ersatt` corrections.

    Checks in order: each row by itself, its codes, the period (for what would be added), then what was reported under
    the same key.
    """
    refusals = list(_row_refusals(books, command))
    closed = command.period in books.periods.closed
    if refusals:
        raise Refused([*refusals, *_closed(books, command)] if closed else refusals)
    given: dict[Key, list[tuple[int, Summarad]]] = defaultdict(list)
    for rad, row in enumerate(command.rader):
        given[delivered.key_for(row)].append((rad, row))
    new: list[Summarad] = []
    changed: list[Key] = []
    for key, rows in given.items():
        known = delivered.rows.get(key)
        if known is None:
            new.extend(row for _, row in rows)
        elif known != Counter((row.bokforingsdatum, row.rad.belopp_ore) for _, row in rows):
            changed.append(key)
    if closed and (new or changed):
        raise Refused(_closed(books, command))
    if changed and not command.ersatt:
        raise Refused([_conflict(command, delivered, key, given[key]) for key in changed])
    facts: list[Fact] = [
        UtfallReported(command.period, command.ansvar, tuple(new[at : at + ROWS_PER_FACT]))
        for at in range(0, len(new), ROWS_PER_FACT)
    ]
    facts.extend(_corrections(command, delivered, changed, given))
    return facts


def _closed(books: Books, command: ReportUtfall) -> list[Refusal]:
    return [period_is_closed(books, command.period, {command.ansvar}, command.period)]


def _conflict(
    command: ReportUtfall, delivered: Delivered, key: Key, rows: list[tuple[int, Summarad]]
) -> LeveransIsOtherwise:
    known = delivered.rows[key]
    return LeveransIsOtherwise(
        command.period, command.ansvar, key.rad.konto or "", delivered.where[key][0],
        known.total(), sum(amount * n for (_, amount), n in known.items()),
        len(rows), sum(row.rad.belopp_ore for _, row in rows),
        rad=rows[0][0], kolumn="belopp",
    )  # fmt: skip


def _corrections(
    command: ReportUtfall, delivered: Delivered, changed: list[Key], given: dict[Key, list[tuple[int, Summarad]]]
) -> Iterator[UtfallCorrected]:
    """Corrections of whole keys, each fact with about as many rows as an ordinary one."""
    fore: list[Summarad] = []
    efter: list[Summarad] = []
    rattar: set[int] = set()
    for n, key in enumerate(changed, 1):
        rows = sorted(delivered.rows[key].elements())
        late = key.ursprungsdatum
        fore.extend(Summarad(day, key.rad._replace(belopp_ore=amount), late) for day, amount in rows)
        efter.extend(row for _, row in given[key])
        rattar.update(delivered.where[key])
        if len(fore) + len(efter) >= ROWS_PER_FACT or n == len(changed):
            yield UtfallCorrected(command.period, command.ansvar, tuple(fore), tuple(efter), tuple(sorted(rattar)))
            fore, efter, rattar = [], [], set()


def _row_refusals(books: Books, command: ReportUtfall) -> Iterator[Refusal]:
    if not command.rader:
        yield LeveransHasNoRows(command.period)
    for n, (day, rad, late) in enumerate(command.rader):
        if f"{day:%Y-%m}" != command.period or (rad.ansvar or "") != command.ansvar:
            yield RowLiesOutsideLeverans(
                command.period, command.ansvar, rad=n, kolumn="bokforingsdatum", varde=str(day)
            )
        if late is not None and late >= day:
            yield OriginalDateIsNotEarlier(late, day, rad=n, kolumn="ursprungsdatum", varde=str(late))
        yield from rad_refusals(books, rad, day, n)


def rad_refusals(books: Books, rad: Utfallsrad, day: date, n: int) -> Iterator[Refusal]:
    """What is wrong with an outcome row of a day, column by column. Judged from memory where a like row was right."""
    codes = codes_of(rad)
    known = books.approved.get(codes)
    is_known = known is not None and known.first <= day <= known.last
    of_codes = [] if is_known else [*_slag_refusals(books, rad, day, n), *_code_refusals(books, rad, day, n)]
    of_labels = [] if is_known else list(_label_refusals(rad, n))
    if not (is_known or of_codes or of_labels):
        _approve(books, codes, *_span(books, rad, day))
    yield from of_codes
    if not -LARGEST_ORE <= rad.belopp_ore <= LARGEST_ORE:
        yield AmountIsTooLarge(rad.belopp_ore, rad=n, kolumn="belopp", varde=str(rad.belopp_ore))
    if rad.text:
        yield from text_refusals(rad.text, "text", n)
    if rad.motpart:
        yield from text_refusals(rad.motpart, "motpart", n)
    yield from of_labels


def _approve(books: Books, codes: Codes, first: date, last: date) -> None:
    """Remember that rows with these codes are right on these days, and on the days beside them that are known already.

    A memory that has grown large is begun anew.
    """
    if len(books.approved) >= LARGEST_MEMORY:
        books.approved.clear()
    known = books.approved.setdefault(codes, Approved(first, last))
    if known.last < first and known.last + DAY == first:
        known.last = last
    elif last < known.first and last + DAY == known.first:
        known.first = first
    else:
        known.first, known.last = first, last


def _span(books: Books, rad: Utfallsrad, day: date) -> tuple[date, date]:
    """The days around a day on which all codes of a row mean the same, so that a like row need not be judged again."""
    charts = (
        (books.organisation.units, rad.ansvar),
        (books.charts.verksamhet, rad.verksamhet),
        (books.charts.konto, rad.konto),
    )
    spans = [chart[kod].span(day) for chart, kod in charts if kod]
    return max(first for first, _ in spans), min(last for _, last in spans)


def _label_refusals(rad: Utfallsrad, n: int) -> Iterator[Refusal]:
    for column in ("handelse", "aktivitet", "objekt", "fri"):
        if text := getattr(rad, column):
            yield from text_refusals(text, column, n)


def _slag_refusals(books: Books, rad: Utfallsrad, day: date, n: int) -> Iterator[Refusal]:
    if rad.slag is not None and (rad.slag not in SLAG or rad.slag == "netto"):
        yield UtfallsslagIsUnknown(rad=n, kolumn="slag", varde=rad.slag)
    if rad.konto in books.charts.konto:
        slag = books.charts.konto[rad.konto].on(day).content.slag
        if rad.slag is None and slag != "balans":
            yield RowNeedsSlag(rad.konto, slag or "", rad=n, kolumn="slag")
        if rad.slag in ("kostnad", "intakt") and slag == "balans":
            yield BalanceRowHasSlag(rad.konto, rad=n, kolumn="slag", varde=rad.slag)
    if rad.slag is not None and not rad.ansvar:
        yield RowNeedsCode("ansvar", rad=n, kolumn="ansvar")
    if not rad.konto:
        yield RowNeedsCode("konto", rad=n, kolumn="konto")


def _code_refusals(books: Books, rad: Utfallsrad, day: date, n: int) -> Iterator[Refusal]:
    units, charts = books.organisation.units, books.charts
    yield from code_refusals(units, "ansvar", rad.ansvar, day, day, rad=n, kolumn="ansvar")
    yield from code_refusals(charts.verksamhet, "verksamhet", rad.verksamhet, day, day, rad=n, kolumn="verksamhet")
    yield from code_refusals(charts.konto, "konto", rad.konto, day, day, rad=n, kolumn="konto")
    if rad.projekt and rad.projekt not in books.projects.projects:
        yield CodeIsUnknown("projekt", rad.projekt, rad=n, kolumn="projekt", varde=rad.projekt)


@dataclass(slots=True)
class UtfallsslagIsUnknown(Refusal):
    """Outcome is cost, income, expenditure or receipt."""

    def sentence(self) -> str:
        """Lists them."""
        return self.say(
            "Slaget {self.varde} finns inte för utfall: skriv kostnad, intakt, utgift eller inkomst (tomt på "
            "balanskonto).",
        )


@dataclass(slots=True)
class RowNeedsSlag(Refusal):
    """Only balance rows have no slag; others would fall out of every report."""

    konto: str
    slag: str

    def sentence(self) -> str:
        """Says what the account is."""
        return self.say(
            "Kontot {self.konto} är ett konto för {self.slag}, men slag är tomt, vilket bara gäller balanskonton: "
            "fyll i slag.",
        )


@dataclass(slots=True)
class BalanceRowHasSlag(Refusal):
    """A balance row is neither cost nor income; it would be counted as net cost."""

    konto: str

    def sentence(self) -> str:
        """Says what fits."""
        return self.say(
            "Kontot {self.konto} är ett balanskonto, men slag är {self.varde}, vilket skulle räknas som "
            "nettokostnad: lämna slag tomt, eller skriv utgift eller inkomst för en investering.",
        )


@dataclass(slots=True)
class RowNeedsCode(Refusal):
    """Budget and outcome carry the same codes (LKBR 3:2)."""

    sort: str

    def sentence(self) -> str:
        """Names the column."""
        return self.say("Raden saknar {self.sort}, så beloppet kan inte hänföras till någon: fyll i {self.sort}.")


@dataclass(slots=True)
class LeveransHasNoRows(Refusal):
    """A leverans has rows."""

    period: str

    def sentence(self) -> str:
        """Asks for rows."""
        return self.say("Leveransen för {self.period} har inga rader: ange minst en rad.")


@dataclass(slots=True)
class RowLiesOutsideLeverans(Refusal):
    """All rows of a leverans are of its month and unit."""

    period: str
    ansvar: str

    def sentence(self) -> str:
        """Names month and unit."""
        return self.say(
            "Raden har datum {self.varde} eller annan enhet, men leveransen gäller {self.ansvar} {self.period}: dela "
            "upp den.",
        )


@dataclass(slots=True)
class LeveransIsOtherwise(Refusal):
    """A reported leverans stands until it is expressly replaced."""

    kind = Kind.CONFLICT
    period: str
    ansvar: str
    konto: str
    position: int
    known_rows: int
    known_ore: int
    given_rows: int
    given_ore: int

    def sentence(self) -> str:
        """Names both leveranser."""
        return self.say(
            "Utfallet för {self.ansvar}, konto {self.konto}, {self.period} är redan levererat med annat innehåll som "
            "faktum @{self.position}: {known_rows}, summa {known} kr i liggaren mot {given_rows}, summa {given} kr "
            "här. Ge --ersatt för att låta den nya leveransen ersätta den gamla, eller rätta filen.",
            known_rows=row_count(self.known_rows),
            known=kronor(self.known_ore),
            given_rows=row_count(self.given_rows),
            given=kronor(self.given_ore),
        )
