"""A new report is one file: what it declares is stored, summed, explained and played again without another edit."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain import events
from ledger.domain.fact import Fact
from ledger.reporting.projection import Budget, Cube, Entry, Key, Report, Table, Utfall, amount, deviation
from tests.reporting.asking import Desk, rows
from tests.reporting.town import TOWN, budget, kr, utfall


def wages(fact: Fact) -> Iterator[Entry]:
    """Wages: outcome on accounts that begin with 50."""
    if isinstance(fact, events.UtfallReported):
        for row in fact.rader:
            if (row.rad.konto or "").startswith("50"):
                day = row.bokforingsdatum
                key = Key(row.rad.ansvar, konto=row.rad.konto, slag=row.rad.slag)
                yield Entry(key, day.year * 100 + day.month, day, row.rad.belopp_ore)


WAGES = Cube("loner", wages)

REPORT = Report(
    name="loner",
    rubrik="Löner",
    table=Table(of="drift", per=("stab",)),
    columns=(
        amount("loner", "Löner {ar}", Utfall(cube=WAGES)),
        amount("budget", "Budget {ar}", Budget()),
        deviation("kvar", "Kvar", Budget() - Utfall(cube=WAGES)),
    ),
)


def test_a_new_report_is_one_file() -> None:
    facts = [
        *TOWN,
        budget("2023-11-20", EKON=(2024, 100)),
        utfall("2024-01-31", "EKON", 60, konto="5010"),
        utfall("2024-01-31", "EKON", 15, konto="6010"),
    ]
    desk = Desk(facts, reports=[REPORT])
    cells = rows(desk.ask("loner", ar=2024, ansvar="KS"))
    assert cells["EKON"] == {"loner": kr(60), "budget": kr(100), "kvar": kr(40)}
    page = desk.reports.cell(desk.question("loner", ar=2024), "EKON", "kvar")
    assert [(a.position, a.belopp_ore) for a in page.andelar] == [(10, kr(100)), (11, kr(-60))]
    assert all(one.alike for one in desk.reports.replay(12))
