"""Chart: outcome through the year, month by month, against budget, forecast and the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.domain.language import N_, _, said
from ledger.domain.money import NBSP, swedish
from ledger.interchange.chart import WIDTH, Diagram, Drawing, Scale, scale, spread, tick_text, width_of
from ledger.reporting.report import MONTHS

HEIGHT: Final = 300

#: The plot from its top to its bottom, in units.
TOP, BOTTOM = 18, 266

#: What the figures of the axis take at least, and the names of the lines to the right where they end, in tenths.
FIGURES: Final = 640
NAMES: Final = 1540

#: Figures may be set in a wider face than names are reckoned in: they are given the room of a larger size.
LARGER: Final = 14

#: How far a figure or a name stays from the plot, in tenths.
BESIDE: Final = 120

LAST: Final = 11

#: The middle of a label lies so far from the next, in tenths.
APART: Final = 160


@dataclass(frozen=True)
class Plot:
    """Where the months begin and end, in tenths, and the axis of amounts."""

    left: int
    right: int
    axis: Scale

    def x(self, month: int) -> int:
        """Where a month ends; `month` from 0."""
        return self.left + month * (self.right - self.left) // LAST


@dataclass(frozen=True)
class Year:
    """A year in accumulated öre at the end of each of its twelve months.

    Outcome is none in months that nothing is booked in, also before the first. `prognos_ore` is for the whole year.
    """

    ar: int
    utfall: tuple[int | None, ...]
    budget: tuple[int | None, ...]
    fg: tuple[int | None, ...] = (None,) * 12
    prognos_ore: int | None = None


def through_the_year(rubrik: str, year: Year, enhet: str) -> Diagram | None:
    """The chart of a year; none where nothing is booked, budgeted or forecast."""
    amounts = [a for a in (*year.utfall, *year.budget, *year.fg, year.prognos_ore) if a is not None]
    if not any(amounts):
        return None
    drawing, plot = Drawing(), _plot(amounts, year.ar, enhet)
    axis = plot.axis
    _grid(drawing, plot, enhet)
    labels: list[tuple[int, str, str]] = []
    for look, name, points in (("fjol", N_("Utfall {year}"), year.fg), ("ram", N_("Budget {year}"), year.budget)):
        labels += _line(drawing, plot, look, points, _(name).format(year=year.ar - (look == "fjol")), enhet)
    last = _outcome(drawing, plot, year, enhet, labels)
    if year.prognos_ore is not None:
        end = (plot.right, axis.place(year.prognos_ore))
        if last and last[0] < end[0]:
            drawing.path("glest", [last, end])
        drawing.dot("ring", *end, 40)
        labels.append((end[1], _("Prognos {amount}").format(amount=swedish(year.prognos_ore, enhet)), "text"))
    for y, (_place, text, look) in zip(spread([label[0] for label in labels], APART), labels, strict=True):
        drawing.text(look, plot.right + BESIDE, y + 40, text)
    description = _described(year, enhet)
    heads, rows = _table(year, enhet)
    return Diagram("aret", rubrik, description, drawing.svg("aret", HEIGHT, rubrik, description), heads, rows)


def _plot(amounts: Sequence[int], ar: int, enhet: str) -> Plot:
    """The plot when the figures to its left and the names to its right have their room, which in kronor is much."""
    axis = scale(amounts, BOTTOM * 10, TOP * 10)
    figures = max(width_of(tick_text(amount, axis.step, enhet), 11) for amount in axis.ticks()) + BESIDE
    forms = (_("Utfall {year}").format(year=ar), _("Budget {year}").format(year=ar), _("Prognos {amount}"))
    name = max(len(form.replace("{amount}", "").rstrip()) for form in forms)
    names = max(width_of(f"{'n' * name} {swedish(amount, enhet)}", LARGER) for amount in amounts) + BESIDE
    return Plot(max(figures, FIGURES), WIDTH * 10 - max(names, NAMES), axis)


def _grid(drawing: Drawing, plot: Plot, enhet: str) -> None:
    for amount in plot.axis.ticks():
        y = plot.axis.place(amount)
        drawing.line("noll" if amount == 0 else "axel", plot.left, y, plot.right, y)
        text = tick_text(amount, plot.axis.step, enhet)
        drawing.text("tyst", plot.left - 80, y + 40, text, anchor="end", size=11)
    for n, month in enumerate(MONTHS):
        drawing.text("tyst", plot.x(n), (BOTTOM + 20) * 10, said(month), anchor="middle", size=11)


def _line(
    drawing: Drawing, plot: Plot, look: str, points: Sequence[int | None], name: str, enhet: str
) -> list[tuple[int, str, str]]:
    """A quiet line; its label, where it has points."""
    known = [(n, amount) for n, amount in enumerate(points) if amount is not None]
    if not any(amount for _month, amount in known):
        return []
    drawing.path(look, [(plot.x(n), plot.axis.place(amount)) for n, amount in known])
    if len(known) == 1:
        drawing.dot("ring", plot.x(known[0][0]), plot.axis.place(known[0][1]), 30)
    return [(plot.axis.place(known[-1][1]), f"{name} {swedish(known[-1][1], enhet)}", "tyst")]


def _outcome(
    drawing: Drawing, plot: Plot, year: Year, enhet: str, labels: list[tuple[int, str, str]]
) -> tuple[int, int] | None:
    """The line of outcome; where it ends. A stretch of months without postings is dotted."""
    known = [(n, amount) for n, amount in enumerate(year.utfall) if amount is not None]
    if not known:
        return None
    points = [(plot.x(n), plot.axis.place(amount)) for n, amount in known]
    months = [month for month, _amount in known]
    for n, m, one, other in zip(months, months[1:], points, points[1:], strict=False):
        drawing.path("utfall" if m == n + 1 else "glest", [one, other])
    for point in points if len(points) <= LAST else points[-1:]:
        drawing.dot("punkt", *point, 30)
    (month, amount), (x, y) = known[-1], points[-1]
    text = _("Utfall {amount}").format(amount=swedish(amount, enhet))
    if month == LAST:
        labels.append((y, text, "text"))
    else:
        budget = year.budget[month]
        over, rising = budget is None or amount >= budget, amount >= 0
        # Beside the end of the line, where neither it nor what it goes on to is.
        left = month > 1 and over == rising
        drawing.text(
            "text", x - 70 if left else x + 70, y - 60 if over else y + 150, text,
            anchor="end" if left else "start", heavy=True,
        )  # fmt: skip
    return x, y


def _table(year: Year, enhet: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The figures behind the lines: a row a month, a column for each line that there is."""
    forecast = (*(None,) * LAST, year.prognos_ore)
    lines = (
        (_("Utfall {year}").format(year=year.ar), year.utfall),
        (_("Budget {year}").format(year=year.ar), year.budget),
        (_("Utfall {year}").format(year=year.ar - 1), year.fg),
        (_("Prognos {year}").format(year=year.ar), forecast),
    )
    known = [(name, amounts) for name, amounts in lines if any(amount is not None for amount in amounts)]
    rows = ((month, *(swedish(amounts[n], enhet) for _name, amounts in known)) for n, month in enumerate(MONTHS))
    return (_("Ackumulerat t.o.m."), *(name for name, _amounts in known)), tuple(rows)


def _described(year: Year, enhet: str) -> str:
    """What the chart shows, in words."""
    months = [f"{said(MONTHS[n])}{NBSP}{swedish(a, enhet)}" for n, a in enumerate(year.utfall) if a is not None]
    first = _("Ackumulerat utfall {year} i {unit}: {amounts}.")
    sentences = [first.format(year=year.ar, unit=enhet, amounts=", ".join(months) or _("inget bokfört"))]
    if year.budget[LAST] is not None:
        sentences.append(_("Budget för hela året {amount}.").format(amount=swedish(year.budget[LAST], enhet)))
    if year.prognos_ore is not None:
        sentences.append(_("Prognos för hela året {amount}.").format(amount=swedish(year.prognos_ore, enhet)))
    if year.fg[LAST] is not None:
        whole = _("Utfall hela {year} {amount}.")
        sentences.append(whole.format(year=year.ar - 1, amount=swedish(year.fg[LAST], enhet)))
    return " ".join(sentences)
