"""What a report is: its rows, its columns and, where it is a list, its sections. All of it data.

A column is either an amount in the row's own direction or a deviation in the books' sign; a heading may hold `{ar}`
and `{manader}`, and two headings with `|` between: the first for a whole year, the second for a part of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal

from ledger.domain.language import N_, phrase
from ledger.reporting.entry import Cube, Journal, Material, Register
from ledger.reporting.material import STANDARD
from ledger.reporting.measure import Budget, Formula, Laget, Measure, Of, Utfall, formula

if TYPE_CHECKING:
    from ledger.reporting.lista import Asking

#: How a cell is written: an amount in öre in the unit asked for, or exact in kronor; a count; a number as text with a
#: decimal point, or why there is none; a year, a date, an instant or text.
Form = Literal["belopp", "kronor", "antal", "tal", "ar", "datum", "tid", "text"]

#: When a column is among the printed ones of a narrow table; `nagot`: when it holds anything.
Printed = Literal["", "alltid", "helar", "delar", "prognos", "delar_prognos", "stora", "nagot"]

MONTHS: Final = tuple(
    phrase(month)
    for month in (
        *(N_("jan"), N_("feb"), N_("mar"), N_("apr"), N_("maj"), N_("jun")),
        *(N_("jul"), N_("aug"), N_("sep"), N_("okt"), N_("nov"), N_("dec")),
    )
)

#: What dates a measure in a column that is one of each round of forecasts: the round, and the one before it.
EACH_ROUND: Final = "omgang"
ROUND_BEFORE: Final = "forra"

LEVELS: Final = ("namnd", "forvaltning", "stab", "avdelning", "enhet", "post")


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, what it sums, and how it is signed and printed."""

    nyckel: str
    rubrik: str
    formula: Formula | None
    signed: Literal["rad", "bocker"] = "rad"
    year: int = 0
    printed: Printed = ""
    needs: str | None = None
    plan: bool = False
    rounds: bool = False
    events: bool = False
    percent: tuple[Formula, Formula] | None = None
    form: Form = "belopp"
    attribute: str | None = None
    #: What the heading names besides the year and the months: the event or the rounds that the column is of.
    known: tuple[tuple[str, str], ...] = ()

    def for_event(self, handelse: str) -> Column:
        """The column of one event."""
        whole = self.formula.of_event(handelse) if self.formula else None
        # What is put in by format later stays as it is: braces are doubled.
        key = self.nyckel.replace("{handelse}", handelse.replace("{", "{{").replace("}", "}}"))
        return replace(self, nyckel=key, known=(("handelse", handelse),), formula=whole, events=False)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """What it is worked out of."""
        return self.percent or ((self.formula,) if self.formula else ())

    def for_round(self, day: date, before: date | None) -> Column | None:
        """The column of a round of forecasts; none where it tells of the one before and there is none."""
        days = {EACH_ROUND: day} | ({ROUND_BEFORE: before} if before else {})
        if not before and any(m.at == ROUND_BEFORE for formula in self.formulas for _, m in formula.terms):
            return None
        known = (("omgang", day.isoformat()), ("forra", before.isoformat() if before else ""))
        key = self.nyckel.format(omgang=day.isoformat())
        column = replace(self, nyckel=key, known=known, rounds=False)
        return column.of(lambda formula: formula.dated_by(days))

    def for_year(self, ar: int, year: int) -> Column:
        """The column of `ar` + `year`, with the year set in its key and its measures."""
        column = replace(self, nyckel=self.nyckel.format(ar=ar + year), year=year, plan=False)
        return column.of(lambda formula: formula.shifted(year))

    def of(self, change: Callable[[Formula], Formula]) -> Column:
        """The column of other formulas."""
        percent = (change(self.percent[0]), change(self.percent[1])) if self.percent else None
        return replace(self, formula=change(self.formula) if self.formula else None, percent=percent)


def amount(
    nyckel: str,
    rubrik: str,
    of: Measure | Formula,
    *,
    year: int = 0,
    printed: Printed = "",
    signed: Literal["rad", "bocker"] = "rad",
) -> Column:
    """An amount in the row's own direction (cost, income, net cost or result), or as the formula gives it."""
    return Column(nyckel, rubrik, formula(of), signed, year, printed)


def deviation(
    nyckel: str, rubrik: str, of: Measure | Formula, *, printed: Printed = "", needs: str | None = None
) -> Column:
    """A deviation in the books' sign, so that plus is favourable on every kind of row. Rule: contract §3."""
    return Column(nyckel, rubrik, formula(of), "bocker", 0, printed, needs)


def plan_years(nyckel: str, rubrik: str, of: Budget, *, printed: Printed = "") -> Column:
    """One column for every later year that the budget plans for."""
    return Column(nyckel, rubrik, formula(of), printed=printed, plan=True)


def forecast_rounds(
    nyckel: str,
    rubrik: str,
    of: Measure | Formula,
    *,
    printed: Printed = "",
    signed: Literal["rad", "bocker"] = "rad",
) -> Column:
    """One column for every day on which somebody gave a forecast of the year.

    What is `dated` by EACH_ROUND is as of that day, by ROUND_BEFORE as of the one before.
    """
    return Column(nyckel, rubrik, formula(of), signed, printed=printed, rounds=True)


def round_percent(
    nyckel: str, rubrik: str, part: Measure | Formula, whole: Measure | Formula, *, printed: Printed = ""
) -> Column:
    """One column for every round: how many percent a part is of the size of the whole, in the books' sign."""
    percent = formula(part), formula(whole)
    return Column(nyckel, rubrik, None, printed=printed, rounds=True, percent=percent, form="tal")


def project_year(nyckel: str, rubrik: str, attribute: str, *, printed: Printed = "") -> Column:
    """A year that the project itself states, such as when it ends. Sums have none."""
    return Column(nyckel, rubrik, None, form="ar", attribute=attribute, printed=printed)


def each_event(nyckel: str, rubrik: str, of: Measure | Formula, *, printed: Printed = "") -> Column:
    """One column for every event that rows are tagged with, where there are several; in the books' sign."""
    return Column(nyckel, rubrik, formula(of), "bocker", printed=printed, events=True)


def stated(nyckel: str, rubrik: str, attribute: str, *, printed: Printed = "nagot") -> Column:
    """A text that is said of what the row is about, such as its status. Sums have none."""
    return Column(nyckel, rubrik, None, form="text", attribute=attribute, printed=printed)


@dataclass(frozen=True)
class Table:
    """Which rows a report has: of what, grouped how (the first `per` is the default), and what stands at its foot.

    With `only_sums` no unit has a row of its own, but those outside the sum; with `only_held` a unit is a row only
    where it holds something. Investments stand completed and ongoing apart, unless not `by_status`. `specification`:
    each row has its *Specifikation av förändringar* under it, or every decision behind its budget. Of a `register` of
    what stands, `codes` are the `per` that show a code of it, each with the name of the code in `Lagesbelopp`.
    `earlier_frame`: the sum is shown also as it was decided before.
    """

    of: Of
    per: tuple[str, ...]
    only_sums: bool = False
    specification: Literal["", "andringar", "beslut"] = ""
    investments_at_foot: bool = False
    by_status: bool = True
    codes: tuple[tuple[str, str], ...] = ()
    register: Register | None = None
    only_held: bool = False
    earlier_frame: bool = False
    split_results: bool = False


def listed(nyckel: str, rubrik: str, form: Form = "text", *, printed: Printed = "alltid") -> Column:
    """A column of a list."""
    return Column(nyckel, rubrik, None, form=form, printed=printed)


@dataclass(frozen=True)
class Filter:
    """A parameter that a report can be asked with besides the usual ones: a choice, of a `pattern`, or a day."""

    name: str
    meaning: str
    choices: tuple[str, ...] = ()
    pattern: str = r".+"
    is_day: bool = False


@dataclass(frozen=True)
class Uppstallning(Filter):
    """Which printed form a table of sums is set in: the columns that are printed, first and in this order.

    A key that ends in `*` stands for every column that begins so. All columns are in the answer whatever is printed.
    """

    forms: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def columns(self, name: str, keys: Sequence[str]) -> list[str]:
        """The keys of the columns that a form prints, of those that there are."""
        return [key for pattern in dict(self.forms)[name] for key in keys if fnmatchcase(key, pattern)]


def uppstallningar(**forms: tuple[str, ...]) -> Uppstallning:
    """The printed forms of a report, by name."""
    return Uppstallning("uppstallning", phrase("vilken tryckt form"), tuple(forms), forms=tuple(forms.items()))


@dataclass(frozen=True)
class Report:
    """One report. Sums have `table` and `columns`; a list has `columns` and `listing`, a function of what is asked."""

    name: str
    rubrik: str
    columns: tuple[Column, ...]
    table: Table | None = None
    listing: Callable[[Asking], Iterable[Any]] | None = None
    filters: tuple[Filter, ...] = ()
    material: tuple[Material, ...] = ()
    enhet: str = "mnkr"
    version: int = 1
    notes: tuple[str, ...] = field(default=())
    #: What question it answers, in a sentence for its reader.
    beskrivning: str = ""
    #: A list of one year: the current one, where no other is asked for.
    of_year: bool = False
    #: The columns of a list, where they depend on what it lists; `columns` are those that it always has.
    columns_of: Callable[[Asking], tuple[Column, ...]] | None = None

    def stores(self) -> tuple[Material, ...]:
        """All the material that must be stored for it: what all reports share, and its own."""
        measures = [m for column in self.columns for formula in column.formulas for _, m in formula.terms]
        own = [measure.cube for measure in measures if isinstance(measure, Utfall) and measure.cube]
        kept = [measure.register for measure in measures if isinstance(measure, Laget) and measure.register]
        return tuple(dict.fromkeys((*STANDARD, *self.material, *own, *kept)))


__all__ = ["Column", "Cube", "Filter", "Form", "Journal", "Register", "Report", "Table"]
