"""The time bar: which years, months and units can be chosen, and the decisions that the two sliders stop at.

Ticks are the decisions about the year that is shown: on one axis the position where each became known, on the other
the day it was taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger.domain.language import N_, _
from ledger.domain.money import UNITS, swedish
from ledger.reporting.log import Log
from ledger.reporting.material import BESLUT, BUDGET, UTFALL, Beslutsrad
from ledger.reporting.question import YEAR_BEFORE
from ledger.reporting.report import Report
from ledger.reporting.rules.asked import Asked, Question
from ledger.reporting.stored.cube import Window
from ledger.reporting.stored.snapshot import Snapshot
from ledger.web import words

#: So many stops fit under a slider.
MOST_TICKS: Final = 9

#: Letters that fit under a tick.
LONGEST_MARK: Final = 4

PRESETS: Final = ((3, N_("jan–mars")), (8, N_("jan–aug")), (12, N_("helår")))

#: The shorter name under a tick.
SHORT: Final = {"kommunfullmäktige": "KF", "kommunstyrelsen": "KS"}

#: Which decision gives a day its name when several were taken.
WEIGHT: Final = (
    "budget", "ramjustering", "investeringsram", "ombudgetering", "omfordelning", "internbudget", "totalutgift",
    "periodisering", "detaljbudget",
)  # fmt: skip
KINDS: Final = {
    "budget": N_("budget"),
    "ramjustering": N_("ramjustering"),
    "investeringsram": N_("investeringsram"),
    "ombudgetering": N_("ombudgetering"),
    "omfordelning": N_("omfördelning"),
    "internbudget": N_("internbudget"),
    "totalutgift": N_("totalutgift"),
    "periodisering": N_("periodisering"),
    "detaljbudget": N_("detaljbudget"),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """One stop of a slider: the value it sends, the words it says, and what stands under it."""

    value: str
    text: str
    mark: str
    label: str
    is_kf: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """A slider: its stops, the one that is chosen, and the words of the choice."""

    ticks: list[Tick]
    chosen: int
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TimeBar:
    """Everything that the bar offers."""

    years: list[Choice]
    months: list[Choice]
    units: list[Choice]
    per: list[Choice]
    organisations: list[Choice]
    enheter: list[Choice]
    kand: Scale
    beslutad: Scale


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about the year, where it is recorded and what it adds to the year's budget."""

    position: int
    row: Beslutsrad
    change_ore: int


def time_bar(report: Report, question: Question, snapshot: Snapshot, log: Log, today: date) -> TimeBar:
    """The bar of a question."""
    asked = Asked(question, snapshot)
    found = decisions(snapshot, question.ar)
    return TimeBar(
        years=[Choice(str(y), str(y), y == question.ar) for y in years(snapshot, question, today)],
        months=[Choice(str(n), _(name), n == question.tom) for n, name in enumerate(words.MONTHS, 1)],
        units=_units(asked),
        per=[
            Choice(per, _(PER.get(per, per)), per == question.per)
            for per in _once(report.table.per if report.table else ())
        ],
        organisations=_organisations(asked) if report.table else [],
        enheter=[Choice(enhet, enhet, enhet == question.enhet) for enhet in UNITS],
        kand=_known(question, log, found),
        beslutad=_decided(question, found),
    )


PER: Final = {
    "namnd": N_("nämnd"),
    "forvaltning": N_("förvaltning"),
    "stab": N_("stab"),
    "avdelning": N_("avdelning"),
    "enhet": N_("enhet"),
    "post": N_("post"),
    "bokforande": N_("bokförande enhet"),
    "verksamhet": N_("verksamhet"),
    "konto": N_("konto"),
    "projekt": N_("projekt"),
    "atgard": N_("åtgärd"),
    "kategori": N_("kategori"),
    "status": N_("status"),
    "handelse": N_("händelse"),
}


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _units(asked: Asked) -> list[Choice]:
    """The tree as a list, each unit indented under the one above."""
    tree, chosen = asked.tree, asked.ansvar
    found = []
    for top in [code for code in tree.units if not any(tree.above(code))]:
        for code in tree.under(top):
            depth = sum(1 for _ in tree.above(code))
            found.append(Choice(code, "\u2003" * depth + tree.units[code].namn, code == chosen))
    return found


def _organisations(asked: Asked) -> list[Choice]:
    """The organisations that figures can be shown in besides their own, where there has been more than one."""
    chosen, before = asked.question.jamfor_organisation, date(asked.question.ar - 1, 12, 31)
    if chosen is None and not asked.organisation.days():
        return []
    offered = [Choice("", _("bara den här"), chosen is None)]
    offered.append(Choice(YEAR_BEFORE, words.day(before), chosen == before))
    if chosen and chosen != before:
        offered.append(Choice(chosen.isoformat(), words.day(chosen), is_chosen=True))
    return offered


def years(snapshot: Snapshot, question: Question, today: date) -> list[int]:
    """The years that something is budgeted or booked for, the one asked for among them."""
    budgeted = {int(key) for key in snapshot.register(BUDGET).all_keys() if key.isdigit()}
    looked_at = {today.year, question.ar} | {year - 1 for year in budgeted}
    booked = {year for year in looked_at - budgeted if has_outcome(snapshot, year, question.kand)}
    return sorted(budgeted | booked | {question.ar})


def newest_year(snapshot: Snapshot, question: Question) -> int:
    """The newest year with an outcome; the one asked for where there is none."""
    found = years(snapshot, question, question.last_day)
    return next((year for year in reversed(found) if has_outcome(snapshot, year, question.kand)), question.ar)


def has_outcome(snapshot: Snapshot, ar: int, kand: int) -> bool:
    """Whether any outcome of a year is known."""
    return bool(snapshot.totals(UTFALL, ("ansvar",), Window(ar * 100 + 1, ar * 100 + 12, kand, None)).any())


def decisions(snapshot: Snapshot, ar: int) -> list[Decision]:
    """The decisions about a year, in the order in which they were recorded."""
    change: dict[int, int] = defaultdict(int)
    for held in snapshot.rows(BUDGET, str(ar), snapshot.position):
        if held.row.forslag is None:
            change[held.position] += held.row.belopp_ore
    taken = snapshot.rows(BESLUT, "beslutat", snapshot.position)
    return [Decision(held.position, held.row, change[held.position]) for held in taken if held.position in change]


def _known(question: Question, log: Log, found: Sequence[Decision]) -> Scale:
    """Stops where the decisions that matter most became known."""
    head = log.head()[0]
    heaviest = sorted((d for d in found if d.position < head), key=lambda d: (_weight(d), d.position))[: MOST_TICKS - 1]
    stops = sorted(heaviest, key=lambda d: d.position)
    ticks = []
    for decision in stops:
        recorded = log.recorded_at(decision.position).date()
        text = f"@{decision.position}, {words.day(recorded)} · {_organ(decision)}, {_kind(decision)}"
        ticks.append(Tick(f"@{decision.position}", text, f"@{decision.position}", words.short_day(recorded)))
    now = _("nu, @{position}").format(position=head)
    ticks.append(Tick("", now, f"@{head}", _("nu")))
    if question.kand == head:
        return Scale(ticks, len(stops), now, "")
    chosen = max((at for at, stop in enumerate(stops) if stop.position <= question.kand), default=0)
    when = words.day(log.recorded_at(question.kand).date()) if question.kand else _("innan något var registrerat")
    return Scale(ticks, chosen, f"{when}, @{question.kand}", f"@{question.kand}")


def _weight(decision: Decision) -> tuple[int, int]:
    """Decisions that change what may be spent come first, the largest of a kind before the smaller."""
    return WEIGHT.index(decision.row.typ), -abs(decision.change_ore)


def _organ(decision: Decision) -> str:
    return SHORT.get(decision.row.beslutsorgan, decision.row.beslutsorgan)


def _kind(decision: Decision) -> str:
    return _(KINDS.get(decision.row.typ, decision.row.typ))


def _decided(question: Question, found: Sequence[Decision]) -> Scale:
    by_day: dict[date, list[Decision]] = defaultdict(list)
    for decision in found:
        by_day[decision.row.beslutsdatum].append(decision)
    days = _weightiest(by_day)
    ticks = [_day_tick(day, by_day[day]) for day in days]
    ticks.append(Tick("", _("alla beslut"), _("alla"), ""))
    if question.beslutad is None:
        return Scale(ticks, len(days), _("alla beslut"), "")
    chosen = max((at for at, day in enumerate(days) if day <= question.beslutad), default=0)
    return Scale(ticks, chosen, words.day(question.beslutad), question.beslutad.isoformat())


def _weightiest(by_day: dict[date, list[Decision]]) -> list[date]:
    """The days that matter most, in order."""
    heaviest = sorted(by_day, key=lambda day: min(_weight(decision) for decision in by_day[day]))
    return sorted(heaviest[: MOST_TICKS - 1])


def _day_tick(day: date, taken: list[Decision]) -> Tick:
    main = min(taken, key=lambda d: (*_weight(d), d.position))
    change = sum(d.change_ore for d in taken if d.row.typ == main.row.typ)
    amount = f" {swedish(change, 'mnkr')} mnkr" if change else ""
    organ = _organ(main)
    text = f"{words.day(day)} · {organ}, {_kind(main)}{amount}"
    if len(taken) > 1:
        text = _("{decision} och {count} till").format(decision=text, count=words.number(len(taken) - 1))
    mark = organ if len(organ) <= LONGEST_MARK else _kind(main)[:LONGEST_MARK]
    return Tick(day.isoformat(), text, mark, words.short_day(day), is_kf=organ == "KF")


def choice_of(choices: Sequence[Choice]) -> Choice | None:
    """The chosen one."""
    return next((choice for choice in choices if choice.is_chosen), None)


def presets(question: Question, link: Any) -> list[dict[str, Any]]:
    """Common periods as links."""
    return [{"text": _(text), "href": link(tom=str(tom)), "current": tom == question.tom} for tom, text in PRESETS]
