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

from ledger.reporting.answer import Cell
from ledger.reporting.entry import Cube, Entry, Journal, Key, Listed, Numbered, Register, Series, Tagged
from ledger.reporting.lista import Asking, Listrad, local_day
from ledger.reporting.log import Recorded
from ledger.reporting.material import posted
from ledger.reporting.measure import Budget, Prognos, Totalprognos, Totalutgift, Utfall
from ledger.reporting.report import (
    LEVELS,
    Filter,
    Report,
    Table,
    amount,
    deviation,
    listed,
    plan_years,
    project_year,
)

__all__ = [
    "LEVELS",
    "Asking",
    "Budget",
    "Cell",
    "Cube",
    "Entry",
    "Filter",
    "Journal",
    "Key",
    "Listed",
    "Listrad",
    "Numbered",
    "Prognos",
    "Recorded",
    "Register",
    "Report",
    "Series",
    "Table",
    "Tagged",
    "Totalprognos",
    "Totalutgift",
    "Utfall",
    "amount",
    "deviation",
    "listed",
    "local_day",
    "plan_years",
    "posted",
    "project_year",
]
