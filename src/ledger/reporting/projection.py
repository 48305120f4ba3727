"""All that a report file may use: what a report is made of, in the order in which one is written.

A report file declares `REPORT = Report(...)` and is found by itself; nothing else is edited. Columns are formulas over
measures, rows are a `Table`, and both are worked out when somebody asks: at any log position (`kand`) and as of any
date (`beslutad`). A report with facts of its own declares a `Cube` (what is summed), a `Register` (what is listed), a
`Journal` (which facts are found by what) or a `Series` (numbers without gaps): a pure function of one fact; `posted`
gives the outcome rows of any fact with their sign. docs/adding-a-report.md writes one from beginning to end.

    REPORT = Report(
        name="utrymme",                                          # /api/v1/rapporter/utrymme, `liggare rapport utrymme`
        rubrik="Budget och utfall per stab",
        table=Table(of="drift", per=("stab", "verksamhet")),     # rows: the first `per` is the default
        columns=(
            amount("utfall", "Utfall {ar}", Utfall()),       # January through `tom`, in the row's own direction
            amount("budget", "Budget {ar}", Budget()),       # the round in force, the whole year
            deviation("kvar", "Kvar", Budget() - Utfall()),  # the books' sign: plus is favourable
        ),
    )

Sums, drill-down, differences, rebuilding and replay follow from the declaration. A changed `entries` or `rows` takes a
new `version` of its cube or register; the ledger then rebuilds it by itself.
"""

from ledger.domain.language import N_, Phrase, phrase, phrase_n
from ledger.domain.refusal import strung
from ledger.reporting.answer import Cell
from ledger.reporting.bokforing import (
    BOKFORING,
    RATTADE,
    Bokrad,
    belongs_to,
    book_rows,
    title,
    voucher_cells,
    voucher_key,
)
from ledger.reporting.described import described
from ledger.reporting.entry import Cube, Entry, Journal, Key, Lagesbelopp, Listed, Numbered, Register, Series, Tagged
from ledger.reporting.lista import Asking, Listrad, local_day
from ledger.reporting.log import Recorded
from ledger.reporting.material import posted
from ledger.reporting.matt import MATERIAL_OF_MATT, Matt, Plats, Vardesrad
from ledger.reporting.measure import ANY_EVENT, EACH_EVENT, Budget, Laget, Prognos, Totalprognos, Totalutgift, Utfall
from ledger.reporting.report import (
    EACH_ROUND,
    LEVELS,
    MONTHS,
    ROUND_BEFORE,
    Column,
    Filter,
    Report,
    Table,
    amount,
    deviation,
    each_event,
    forecast_rounds,
    listed,
    plan_years,
    project_year,
    round_percent,
    stated,
    uppstallningar,
)
from ledger.reporting.rules.bok import Bok, Post, Sidor
from ledger.reporting.told import TYPER, kind_of

__all__ = [
    "ANY_EVENT",
    "BOKFORING",
    "EACH_EVENT",
    "EACH_ROUND",
    "LEVELS",
    "MATERIAL_OF_MATT",
    "MONTHS",
    "N_",
    "RATTADE",
    "ROUND_BEFORE",
    "TYPER",
    "Asking",
    "Bok",
    "Bokrad",
    "Budget",
    "Cell",
    "Column",
    "Cube",
    "Entry",
    "Filter",
    "Journal",
    "Key",
    "Lagesbelopp",
    "Laget",
    "Listed",
    "Listrad",
    "Matt",
    "Numbered",
    "Phrase",
    "Plats",
    "Post",
    "Prognos",
    "Recorded",
    "Register",
    "Report",
    "Series",
    "Sidor",
    "Table",
    "Tagged",
    "Totalprognos",
    "Totalutgift",
    "Utfall",
    "Vardesrad",
    "amount",
    "belongs_to",
    "book_rows",
    "described",
    "deviation",
    "each_event",
    "forecast_rounds",
    "kind_of",
    "listed",
    "local_day",
    "phrase",
    "phrase_n",
    "plan_years",
    "posted",
    "project_year",
    "round_percent",
    "stated",
    "strung",
    "title",
    "uppstallningar",
    "voucher_cells",
    "voucher_key",
]
