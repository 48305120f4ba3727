"""What facts would change in the reports, in the words of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ledger.domain.fact import Fact
from ledger.domain.language import phrase
from ledger.reporting.explaining import verkan
from ledger.reporting.reports import Reports
from ledger.web import words
from ledger.web.house import House

#: Cells that a page shows of what would change.
MOST_CHANGES: Final = 60


def effect_words(house: House, facts: Sequence[Fact], rounds: Iterable[str] = ()) -> dict[str, Any]:
    """Cells before and after, were the facts recorded; `rounds` are sentences to read besides."""
    changes = verkan.effects(house.reports, facts, house.today())
    return {
        "facts": len(facts),
        "rounds": list(rounds),
        "changes": [change_words(house.reports, one) for one in changes[:MOST_CHANGES]],
        "more": max(len(changes) - MOST_CHANGES, 0),
    }


def change_words(reports: Reports, change: verkan.Verkan) -> dict[str, str]:
    """A cell before and after, in thousands of kronor. The pages keep them, so the words are in every language."""
    before, after = change.fore_ore or 0, change.efter_ore or 0
    report = phrase(reports.reports[change.rapport].rubrik)
    return {
        "heading": phrase("{report} {year}: {column}", report=report, year=change.ar, column=change.rubrik),
        "namn": change.namn,
        "before": words.figure(change.fore_ore, "belopp", "tkr"),
        "after": words.figure(change.efter_ore, "belopp", "tkr"),
        "change": words.figure(after - before, "belopp", "tkr", signed=True),
    }
