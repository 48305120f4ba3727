"""Vouchers: rows of one day that balance, posted in an open period, corrected only by their exact inverse.

Folds: LatePosted, VerifikationCorrected.     Touches: the corrected voucher's stream.
Reads: period/<yyyy-mm>, projekt/<kod>.
Rule: BFL 5:5, 5:7, 5:9; contract §4.
Not here: what one row may carry (utfall.py); many at once (voucher_columns.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain.erasure import same_rows
from ledger.domain.events import VerifikationCorrected, VerifikationPosted, verifikation_stream
from ledger.domain.events_behorighet import LatePosted
from ledger.domain.fact import Fact
from ledger.domain.money import kronor
from ledger.domain.period import OriginalDateIsNotEarlier, period_is_closed
from ledger.domain.rader import Utfallsrad
from ledger.domain.refusal import Kind, Refusal, Refused, row_count
from ledger.domain.text import TextIsUnreadable, is_unreadable, length_refusals
from ledger.domain.utfall import projects_of, rad_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books


class Voucher(NamedTuple):
    """What names a voucher: serie, number and the year of its date."""

    serie: str
    vernr: str
    ar: int

    @property
    def stream(self) -> str:
        """The stream it is recorded in."""
        return verifikation_stream(self.ar, self.serie, self.vernr)


@dataclass(frozen=True, slots=True)
class PostVerifikation:
    """A voucher; with `rattar` the correction of another, with `ursprungsdatum` one found when its month was closed."""

    serie: str
    vernr: str
    bokforingsdatum: date
    rader: tuple[Utfallsrad, ...]
    rattar: Voucher | None = None
    ursprungsdatum: date | None = None

    @property
    def stream(self) -> str:
        """The stream it is recorded in."""
        return verifikation_stream(self.bokforingsdatum.year, self.serie, self.vernr)


COMMANDS = (PostVerifikation,)


@dataclass(slots=True)
class Corrected:
    """Which vouchers are corrected, and by which fact; and those that came late, with their original day. By stream."""

    by: dict[str, int] = field(default_factory=dict)
    late: dict[str, date] = field(default_factory=dict)

    def evolve(self, position: int, fact: Fact) -> None:
        """Learn of a correction, or of a late voucher."""
        if isinstance(fact, VerifikationCorrected):
            self.by[fact.keys[0]] = position
        elif isinstance(fact, LatePosted):
            self.late[Voucher(fact.serie, fact.vernr, fact.ar).stream] = fact.ursprungsdatum


class Found(NamedTuple):
    """A voucher that stands in the ledger."""

    position: int
    fact: Fact


def decide(books: Books, command: PostVerifikation, known: Found | None, original: Found | None) -> list[Fact]:
    """What a voucher adds: itself, or nothing where it is posted already.

    `known` is what stands under its own number, `original` the voucher it corrects. Checks in order: its number, each
    row by itself with its codes, the balance, what it corrects, what is posted under the number, the period, the
    original day.
    """
    refusals = list(_refusals(books, command))
    fact: VerifikationPosted | None = None
    late = command.ursprungsdatum
    if command.rattar is None:
        fact = VerifikationPosted(command.serie, command.vernr, command.bokforingsdatum, command.rader)
    elif original is None or not isinstance(original.fact, VerifikationPosted):
        refusals.append(CorrectedVoucherIsMissing(*command.rattar, kolumn="rattar"))
    else:
        fact = VerifikationCorrected(
            command.serie, command.vernr, command.bokforingsdatum, command.rader,
            command.rattar.serie, command.rattar.vernr, original.fact.bokforingsdatum,
        )  # fmt: skip
        if late not in (None, fact.ursprungsdatum):
            refusals.append(CorrectionHasItsOwnDate(*command.rattar, fact.ursprungsdatum, kolumn="ursprungsdatum"))
        # What is corrected says the day; it is not said twice.
        late = None
    if fact is not None and known is not None and not refusals:
        is_as_late = books.corrected.late.get(command.stream) == late
        if is_as_late and (known.fact == fact or _is_the_same(known.fact, fact)):
            return []
        refusals.append(
            VoucherIsOtherwise(
                command.serie, command.vernr, command.bokforingsdatum.year, known.position, kolumn="vernr"
            )
        )
    elif fact is not None and original is not None and command.rattar is not None:
        refusals.extend(_correction_refusals(books, command, command.rattar, original))
    period = month_of(command.bokforingsdatum)
    if period in books.periods.closed:
        units = {rad.ansvar for rad in command.rader if rad.ansvar}
        refusals.append(period_is_closed(books, period, units, str(command.bokforingsdatum)))
    if late is not None and late >= command.bokforingsdatum:
        refusals.append(OriginalDateIsNotEarlier(late, command.bokforingsdatum, kolumn="ursprungsdatum"))
    if refusals or fact is None:
        raise Refused(refusals)
    if late is None:
        return [fact]
    return [fact, LatePosted(command.serie, command.vernr, command.bokforingsdatum.year, late)]


def month_of(day: date) -> str:
    """The period that a day lies in, such as `2024-03`."""
    return f"{day.year}-{day.month:02d}"


def _is_the_same(known: Fact, fact: VerifikationPosted) -> bool:
    """Whether a voucher is the posted one with its rows in another order, or with texts that were erased since."""
    if type(known) is not type(fact) or not isinstance(known, VerifikationPosted):
        return False
    if replace(known, rader=()) != replace(fact, rader=()):
        return False
    return same_rows(known.rader, fact.rader)


def reads(*commands: PostVerifikation) -> set[str]:
    """The guard keys that the judgement of vouchers depends on, besides those of the codes."""
    keys = {f"period/{month_of(day)}" for day in {command.bokforingsdatum for command in commands}}
    keys.update(Voucher(*command.rattar).stream for command in commands if command.rattar)
    return keys.union(projects_of(rad for command in commands for rad in command.rader))


def _refusals(books: Books, command: PostVerifikation) -> Iterator[Refusal]:
    for column in ("serie", "vernr"):
        if not (number := getattr(command, column)):
            yield VoucherHasNoNumber(kolumn=column)
        elif is_unreadable(number):
            yield TextIsUnreadable(kolumn=column)
        yield from length_refusals(number, column)
    if not command.rader:
        yield VoucherHasNoRows(command.serie, command.vernr)
    for n, rad in enumerate(command.rader):
        yield from rad_refusals(books, rad, command.bokforingsdatum, n)
    balance = sum(rad.belopp_ore for rad in command.rader)
    if balance:
        yield VoucherDoesNotBalance(command.serie, command.vernr, len(command.rader), balance, rad=0, kolumn="belopp")


def _correction_refusals(
    books: Books, command: PostVerifikation, rattar: Voucher, original: Found
) -> Iterator[Refusal]:
    earlier = books.corrected.by.get(rattar.stream)
    if earlier is not None:
        yield VoucherIsCorrectedAlready(*rattar, earlier, kolumn="rattar")
    fact = original.fact
    if isinstance(fact, VerifikationPosted) and _codes(command.rader, 1) != _codes(fact.rader, -1):
        yield CorrectionDoesNotInvert(*rattar, original.position, rad=0, kolumn="belopp")


def _codes(rader: tuple[Utfallsrad, ...], sign: int) -> Counter[Utfallsrad]:
    """Rows without their texts: a correction may explain itself in its own words."""
    return Counter(rad._replace(belopp_ore=sign * rad.belopp_ore, text=None, motpart=None) for rad in rader)


@dataclass(slots=True)
class VoucherHasNoNumber(Refusal):
    """A voucher has a serie and a number (BFL 5:7)."""

    def sentence(self) -> str:
        """Names the column."""
        return self.say(
            "Verifikationen saknar {self.kolumn}: fyll i både serie och vernr, eller lämna båda tomma för "
            "utfallsrader.",
        )


@dataclass(slots=True)
class VoucherHasNoRows(Refusal):
    """A voucher has rows."""

    serie: str
    vernr: str

    def sentence(self) -> str:
        """Names the voucher."""
        return self.say("Verifikation {self.serie} {self.vernr} har inga rader: ange minst två rader som balanserar.")


@dataclass(slots=True)
class VoucherDoesNotBalance(Refusal):
    """The rows of a voucher sum to zero."""

    serie: str
    vernr: str
    rows: int
    balance_ore: int

    def sentence(self) -> str:
        """Gives the difference."""
        return self.say(
            "Verifikation {self.serie} {self.vernr} balanserar inte: {rows} summerar till {balance} kr i stället för "
            "0: rätta beloppen eller lägg till raden som saknas.",
            rows=row_count(self.rows),
            balance=kronor(self.balance_ore),
        )


@dataclass(slots=True)
class VoucherIsOtherwise(Refusal):
    """A voucher number is used once."""

    kind = Kind.CONFLICT
    serie: str
    vernr: str
    ar: int
    position: int

    def sentence(self) -> str:
        """Names the fact."""
        return self.say(
            "Verifikation {self.serie} {self.vernr} {self.ar} finns redan med annat innehåll som fakta "
            "@{self.position}: använd ett annat nummer, eller rätta den bokförda med kolumnen rattar.",
        )


@dataclass(slots=True)
class CorrectedVoucherIsMissing(Refusal):
    """A correction names a voucher that exists."""

    kind = Kind.MISSING
    serie: str
    vernr: str
    ar: int

    def sentence(self) -> str:
        """Names it."""
        return self.say(
            "Verifikation {self.serie} {self.vernr} {self.ar}, som ska rättas, finns inte: kontrollera serie, nummer "
            "och år.",
        )


@dataclass(slots=True)
class VoucherIsCorrectedAlready(Refusal):
    """A voucher is corrected once."""

    kind = Kind.CONFLICT
    serie: str
    vernr: str
    ar: int
    position: int

    def sentence(self) -> str:
        """Names the correction."""
        return self.say(
            "Verifikation {self.serie} {self.vernr} {self.ar} är redan rättad av faktum @{self.position}: rätta i så "
            "fall rättelsen.",
        )


@dataclass(slots=True)
class CorrectionHasItsOwnDate(Refusal):
    """The original day of a correction is that of the voucher that it corrects."""

    serie: str
    vernr: str
    ar: int
    ursprungsdatum: date

    def sentence(self) -> str:
        """Gives the day."""
        return self.say(
            "Rättelsens ursprungsdatum är den dag som verifikation {self.serie} {self.vernr} {self.ar} bokfördes, "
            "{self.ursprungsdatum}: lämna ursprungsdatum tomt."
        )


@dataclass(slots=True)
class CorrectionDoesNotInvert(Refusal):
    """A correction is the exact inverse of its voucher."""

    serie: str
    vernr: str
    ar: int
    position: int

    def sentence(self) -> str:
        """Says what is expected."""
        return self.say(
            "Raderna är inte den exakta omvändningen av verifikation {self.serie} {self.vernr} {self.ar} "
            "(@{self.position}): ange samma koder med omvänt tecken, och bokför det rätta i en egen verifikation.",
        )
