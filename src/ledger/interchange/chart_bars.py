"""Chart: one bar for each unit, with a stroke for its budget and a ring for the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.domain.language import _, said
from ledger.domain.money import shown, swedish
from ledger.interchange.chart import WIDTH, Diagram, Drawing, Scale, scale, tick_text, width_of

#: More units than this are not drawn; the table has them all.
MOST: Final = 40
#: More than this are drawn closer.
ROOMY: Final = 20

#: Where names end and the bars begin, in units.
NAMES: Final = 196
BARS: Final = 206

#: What each of the two columns of figures takes at least, and how far it stays from what is before it, in tenths.
FIGURES: Final = 760
APART: Final = 100

#: Figures may be set in a wider face than names are reckoned in: they are given the room of a larger size.
LARGER: Final = 14

#: So many steps an axis has at most, where its figures have room beside each other.
MOST_STEPS: Final = 5

TOP: Final = 46


@dataclass(frozen=True)
class Bar:
    """A unit: what it cost, its budget, its deviation (plus is favourable) and what it cost the year before, in öre."""

    namn: str
    utfall_ore: int
    budget_ore: int | None = None
    avvikelse_ore: int | None = None
    fg_ore: int | None = None


@dataclass(frozen=True)
class Room:
    """How far the bars go, and where the figures of outcome end, in tenths."""

    bars: int
    outcome: int


@dataclass(frozen=True)
class Words:
    """What the columns behind a chart of bars are called."""

    utfall: str
    budget: str
    fg: str


def bars(rubrik: str, units: Sequence[Bar], enhet: str, words: Words) -> Diagram | None:
    """The chart of some units in their order; none where no unit has a figure."""
    if not any(amount for unit in units for amount in (unit.utfall_ore, unit.budget_ore, unit.fg_ore)):
        return None
    drawn = largest(units)
    pitch, top = (24 if len(drawn) <= ROOMY else 18), TOP
    height = top + pitch * len(drawn) + 22
    room = _room(drawn, enhet)
    axis = _axis([a for u in drawn for a in (u.utfall_ore, u.budget_ore, u.fg_ore) if a is not None], room, enhet)
    drawing = Drawing()
    _grid(drawing, axis, top - 8, height - 18, enhet)
    _key(drawing, words, room, with_fg=any(unit.fg_ore is not None for unit in drawn))
    for n, unit in enumerate(drawn):
        _unit(drawing, axis, unit, (top + pitch * n) * 10 + pitch * 5, room, enhet)
    drawing.line("noll", axis.place(0), (top - 8) * 10, axis.place(0), (height - 18) * 10)
    text = _described(units, drawn, enhet, words)
    heads = (_("Benämning"), words.utfall, words.budget, _("Avvikelse"), words.fg)
    rows = (
        (u.namn, *(swedish(a, enhet) for a in (u.utfall_ore, u.budget_ore, u.avvikelse_ore, u.fg_ore))) for u in units
    )
    return Diagram(
        "enheter", rubrik, text, drawing.svg("enheter", height, rubrik, text), heads, tuple(rows), upprepar=True
    )  # fmt: skip


def largest(units: Sequence[Bar]) -> list[Bar]:
    """The units that are drawn: the largest where they are many, in the order of all."""
    sizes = sorted(range(len(units)), key=lambda n: (-max(abs(units[n].utfall_ore), abs(units[n].budget_ore or 0)), n))
    return [units[n] for n in sorted(sizes[:MOST])]


def _room(drawn: Sequence[Bar], enhet: str) -> Room:
    """What the bars have when the figures to the right have theirs, which in kronor are long."""
    outcome = WIDTH * 10 - _column([unit.avvikelse_ore for unit in drawn], enhet)
    return Room(outcome - _column([unit.utfall_ore for unit in drawn], enhet), outcome)


def _column(amounts: Sequence[int | None], enhet: str) -> int:
    widths = (width_of(swedish(amount, enhet), LARGER) for amount in amounts if amount is not None)
    return max(FIGURES, APART + max(widths, default=0))


def _axis(amounts: Sequence[int], room: Room, enhet: str) -> Scale:
    """The axis with as many steps as their figures have room for."""
    for most in range(MOST_STEPS, 1, -1):
        axis = scale(amounts, BARS * 10, room.bars, most=most)
        ticks = [tick_text(amount, axis.step, enhet) for amount in axis.ticks()]
        if (len(ticks) - 1) * (max(map(width_of, ticks)) + APART) <= room.bars - BARS * 10:
            break
    return axis


def _grid(drawing: Drawing, axis: Scale, top: int, bottom: int, enhet: str) -> None:
    for amount in axis.ticks():
        x = axis.place(amount)
        drawing.line("axel", x, top * 10, x, bottom * 10)
        drawing.text("tyst", x, (bottom + 14) * 10, tick_text(amount, axis.step, enhet), anchor="middle", size=11)


def _key(drawing: Drawing, words: Words, room: Room, *, with_fg: bool) -> None:
    """The marks named in a line over the bars, and what the figures to the right are."""
    x, y = BARS * 10, 160
    drawing.bar("stapel", x, y - 80, 220, 80)
    drawing.text("tyst", x + 280, y, words.utfall)
    x += 280 + width_of(words.utfall) + 220
    drawing.line("budget", x, y - 110, x, y + 20)
    drawing.text("tyst", x + 70, y, words.budget)
    x += 70 + width_of(words.budget) + 220
    if with_fg:
        drawing.dot("ring", x, y - 40, 35)
        drawing.text("tyst", x + 90, y, words.fg)
    drawing.text("tyst", room.outcome, 320, _("Utfall"), anchor="end", size=11)
    drawing.text("tyst", WIDTH * 10, 320, _("Avvikelse"), anchor="end", size=11)


def _unit(drawing: Drawing, axis: Scale, unit: Bar, middle: int, room: Room, enhet: str) -> None:
    zero, end = axis.place(0), axis.place(unit.utfall_ore)
    drawing.name(NAMES * 10, middle + 40, unit.namn, NAMES, anchor="end")
    drawing.bar("stapel", min(zero, end), middle - 50, abs(end - zero), 100)
    if unit.budget_ore is not None:
        x = axis.place(unit.budget_ore)
        drawing.line("budget", x, middle - 80, x, middle + 80)
    if unit.fg_ore is not None:
        drawing.dot("ring", axis.place(unit.fg_ore), middle, 35)
    drawing.text("text", room.outcome, middle + 40, swedish(unit.utfall_ore, enhet), anchor="end")
    if unit.avvikelse_ore is not None:
        look = "minus" if shown(unit.avvikelse_ore, enhet) < 0 else "text"
        drawing.text(look, WIDTH * 10, middle + 40, swedish(unit.avvikelse_ore, enhet), anchor="end")


def _described(units: Sequence[Bar], drawn: Sequence[Bar], enhet: str, words: Words) -> str:
    """What the chart shows, in words: every unit with its figures."""
    first = _("Liggande staplar i {unit}: {outcome}, med {budget} som streck.")
    sentences = [first.format(unit=enhet, outcome=words.utfall.lower(), budget=words.budget.lower())]
    if len(drawn) < len(units):
        left = _("De {drawn} största av {count} rader är ritade; alla står i tabellen.")
        sentences.append(left.format(drawn=len(drawn), count=len(units)))
    one = _("{name} {outcome} mot budget {budget}")
    each = (
        one.format(name=said(u.namn), outcome=swedish(u.utfall_ore, enhet), budget=swedish(u.budget_ore, enhet))
        for u in drawn
    )
    return " ".join([*sentences, "; ".join(each) + "."])
