"""Chart: the course of projects, a small curve for each, from its first outcome towards its decided total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.domain.language import _, said
from ledger.domain.money import swedish
from ledger.interchange.chart import WIDTH, Diagram, Drawing, scale, spread

#: More projects than this are not drawn; the table has them all.
MOST: Final = 12

ACROSS: Final = 3
GAP: Final = 24
PANEL: Final = (WIDTH - (ACROSS - 1) * GAP) // ACROSS
#: A panel: its name, the room of its curve, and its years.
TALL: Final = 150
TOP, BOTTOM = 36, 114
#: To the right of a curve its figures stand.
ROOM: Final = 62

APART: Final = 130


@dataclass(frozen=True)
class Course:
    """A project: accumulated öre at the end of years, its decided total, and its forecast total with its last year."""

    namn: str
    utfall: tuple[tuple[int, int], ...]
    beslutad_ore: int | None = None
    prognos_ore: int | None = None
    slutar: int | None = None


def courses(rubrik: str, projects: Sequence[Course], enhet: str) -> Diagram | None:
    """The curves of some projects; none where no project has an outcome or a total."""
    known = [p for p in projects if any(a for _, a in p.utfall) or p.beslutad_ore]
    if not known:
        return None
    sizes = sorted(range(len(known)), key=lambda n: (-max(known[n].beslutad_ore or 0, known[n].utfall[-1][1]), n))
    drawn = [known[n] for n in sorted(sizes[:MOST])]
    drawing = Drawing()
    for n, project in enumerate(drawn):
        _panel(drawing, project, n % ACROSS * (PANEL + GAP) * 10, n // ACROSS * TALL * 10, enhet)
    description = _described(known, drawn, enhet)
    height = -(-len(drawn) // ACROSS) * TALL
    years = sorted({year for project in known for year, _ in project.utfall})
    return Diagram(
        "forlopp", rubrik, description, drawing.svg("forlopp", height, rubrik, description),
        (_("Projekt"), *map(str, years), _("Beslutat"), _("Beräknat")),
        tuple(_row(project, years, enhet) for project in known),
    )  # fmt: skip


def _panel(drawing: Drawing, project: Course, left: int, top: int, enhet: str) -> None:
    """One project: its curve in ink, the decided total dashed over it, the forecast dotted to a ring."""
    drawing.name(left, top + 120, project.namn, PANEL, heavy=True)
    right, under = left + (PANEL - ROOM) * 10, top + BOTTOM * 10
    forecast = project.prognos_ore if project.slutar and project.slutar > project.utfall[-1][0] else None
    amounts = [a for _year, a in project.utfall]
    axis = scale([*amounts, project.beslutad_ore or 0, forecast or 0], under, top + TOP * 10, most=4)
    first = min(project.utfall[0][0], project.utfall[-1][0] - 1)
    last = max(project.utfall[-1][0], project.slutar or 0 if forecast is not None else 0)

    def x(year: int) -> int:
        return left + 30 + (year - first) * (right - left - 30) // max(last - first, 1)

    drawing.line("axel", left, axis.place(0), right, axis.place(0))
    labels = []
    if project.beslutad_ore is not None:
        y = axis.place(project.beslutad_ore)
        drawing.line("ram", left, y, right, y)
        decided = _("beslutat {amount}").format(amount=swedish(project.beslutad_ore, enhet))
        drawing.text("tyst", left, y - 50, decided, size=11)
    points = [(x(year), axis.place(amount)) for year, amount in project.utfall]
    years = [year for year, _amount in project.utfall]
    for year, following, one, other in zip(years, years[1:], points, points[1:], strict=False):
        drawing.path("utfall" if following == year + 1 else "glest", [one, other])
    for point in points:
        drawing.dot("punkt", *point, 25)
    labels.append((points[-1][1], swedish(amounts[-1], enhet), "text"))
    if forecast is not None:
        end = (x(last), axis.place(forecast))
        drawing.path("glest", [points[-1], end])
        drawing.dot("ring", *end, 30)
        labels.append((end[1], swedish(forecast, enhet), "tyst"))
    for y, (_place, text, look) in zip(spread([label[0] for label in labels], APART), labels, strict=True):
        drawing.text(look, right + 70, y + 40, text, size=11, heavy=look == "text")
    drawing.text("tyst", left, under + 170, str(first), size=11)
    drawing.text("tyst", right, under + 170, str(last), size=11, anchor="end")


def _row(project: Course, years: Sequence[int], enhet: str) -> tuple[str, ...]:
    known = dict(project.utfall)
    totals = (swedish(project.beslutad_ore, enhet), swedish(project.prognos_ore, enhet))
    return (project.namn, *(swedish(known.get(year), enhet) for year in years), *totals)


def _described(known: Sequence[Course], drawn: Sequence[Course], enhet: str) -> str:
    """What the chart shows, in words."""
    first = _(
        "Kurvor i {unit} över ackumulerat utfall per år; streckad linje är beslutad totalutgift, ring är prognos."
    )
    sentences = [first.format(unit=enhet)]
    if len(drawn) < len(known):
        left = _("De {drawn} största av {count} projekt är ritade; alla står i tabellen.")
        sentences.append(left.format(drawn=len(drawn), count=len(known)))
    one = _("{name} {outcome} av beslutade {decided}")
    each = (
        one.format(name=said(p.namn), outcome=swedish(p.utfall[-1][1], enhet), decided=swedish(p.beslutad_ore, enhet))
        for p in drawn
    )
    return " ".join([*sentences, "; ".join(each) + "."])
