"""Nyckeltal: volumes, staff and indicators with outcome, budget, plan, forecast, target – and whether it is reached.

Reader: nämnd, controller.    Rule: none; the tables that a nämnd prints beside its money.
Rows are mått of the units asked for, parts under what they are parts of, women and men under the total. The columns are
those that any of the rows has a value in: outcome of the year and four before it, budget of the year and of the one
before, plan of every later year, forecast of the year, targets of the year and later.
"""

from collections.abc import Iterator
from typing import Final

from ledger.reporting.projection import (
    MATERIAL_OF_MATT,
    MONTHS,
    N_,
    Asking,
    Cell,
    Column,
    Filter,
    Listrad,
    Matt,
    Plats,
    Report,
    Vardesrad,
    listed,
    phrase,
    strung,
)

#: Years of outcome that are shown, the one asked for among them.
YEARS: Final = 5
WHOLE_YEAR: Final = 12

SLAG: Final = {"volym": phrase("Volymtal"), "personal": phrase("Personal"), "indikator": phrase("Indikatorer")}
KON: Final = {None: "", "kvinnor": phrase("Kvinnor"), "man": phrase("Män")}
OF_KON: Final = {"kvinnor": N_("{namn}, kvinnor"), "man": N_("{namn}, män")}
SORTER: Final = {
    "utfall": phrase("Utfall"),
    "budget": phrase("Budget"),
    "plan": phrase("Plan"),
    "prognos": phrase("Prognos"),
    "mal": phrase("Mål"),
}
CODES: Final = {"I.U.": phrase("ingen uppgift"), "N/A": phrase("ej aktuellt"), "*": phrase("se noten")}


# ---------------------------------------------------------------- columns


def of_question(place: Plats, ar: int, tom: int) -> bool:
    """Whether a value is of the periods asked for, whatever later years hold."""
    if place.tom not in (None, tom) or (place.tom is not None and tom == WHOLE_YEAR):
        return False
    if place.sort == "utfall" and place.tom is None:
        return ar - YEARS < place.ar <= (ar if tom == WHOLE_YEAR else ar - 1)
    if place.sort in ("utfall", "budget"):
        return place.ar in (ar - 1, ar)
    return place.ar == ar and place.sort in ("prognos", "mal")


def places(asking: Asking, rows: list[Matt]) -> list[Plats]:
    """The columns of values, as they stand in a printed table: later years as far as they follow on one another."""
    ar = asking.ar
    every = {place for row in rows for place in row.varden}
    found = {place for place in every if of_question(place, ar, asking.tom)}
    for sort in ("plan", "mal"):
        later = ar + 1
        while Plats(sort, later) in every:
            found.add(Plats(sort, later))
            later += 1
    return sorted(found, key=lambda place: (list(SORTER).index(place.sort), place.tom is not None, place.ar))


def key_of(place: Plats) -> str:
    """What a column of values is called by machines: `utfall_2024`, `utfall_2024_03`, `mal_2024`."""
    return f"{place.sort}_{place.ar}" + (f"_{place.tom:02}" if place.tom is not None else "")


def heading(place: Plats) -> str:
    """What a column of values is called by people."""
    sort = SORTER[place.sort]
    if place.tom is None:
        return phrase("{sort} {ar}", sort=sort, ar=place.ar)
    last = MONTHS[place.tom - 1]
    months = phrase("{first}–{last}", first=MONTHS[0], last=last) if place.tom > 1 else last
    return phrase("{sort} {months} {ar}", sort=sort, months=months, ar=place.ar)


def columns(asking: Asking) -> tuple[Column, ...]:
    """The columns that always stand, and those that any row has a value in; whose, where they are of several."""
    rows = wanted(asking)
    shown = places(asking, rows)
    before, (bedomning, noter) = REPORT.columns[:-2], REPORT.columns[-2:]
    if len({row.ansvar for row in chosen(asking, rows, shown) if row.ansvar}) > 1:
        before = tuple(listed("ansvar", "Ansvar") if column.nyckel == "ansvar" else column for column in before)
    values = [listed(key_of(place), heading(place), "tal") for place in shown]
    return (*before, *values, *([bedomning] if Plats("mal", asking.ar) in shown else []), noter)


# ---------------------------------------------------------------- rows


def wanted(asking: Asking) -> list[Matt]:
    """The mått of the slag asked for."""
    slag = asking.filter("slag")
    return [row for row in asking.matt() if not slag or row.rad.slag == slag]


def chosen(asking: Asking, rows: list[Matt], shown: list[Plats]) -> list[Matt]:
    """The mått that have anything to show, those that they are parts of, and goals that nothing measures."""
    having = [row for row in rows if any(place in row.varden for place in shown)]
    known = {row.rad.matt: row.rad.del_av for row in rows}
    above = {part for row in having for part in ancestors(row.rad.del_av, known)}
    parted = {row.rad.del_av for row in rows}
    every = asking.units is None

    def is_heading(row: Matt) -> bool:
        goal = every and row.rad.matt not in parted and row.rad.fran.year <= asking.ar
        return not row.ansvar and (row.rad.matt in above or goal)

    return [row for row in rows if row in having or is_heading(row)]


def ancestors(matt: str | None, known: dict[str, str | None]) -> Iterator[str]:
    """A mått and what it is a part of, upwards."""
    while matt is not None and matt in known:
        yield matt
        matt = known[matt]


def listing(asking: Asking) -> Iterator[Listrad]:
    """The mått of each slag under its heading."""
    every = wanted(asking)
    shown, codes = places(asking, every), set[str]()
    rows = chosen(asking, every, shown)
    for slag, name in SLAG.items():
        of = [row for row in rows if row.rad.slag == slag]
        totals = {(row.rad.matt, row.ansvar) for row in of if row.kon is None}
        if of:
            yield Listrad(slag, name, {"antal": len(of)}, 0, "rubrik")
            for row, depth in in_order(of):
                values = {place: row.varden[place] for place in shown if place in row.varden}
                codes |= {value.kod for value in values.values() if value.kod}
                is_under = (row.rad.matt, row.ansvar) in totals
                yield of_matt(asking, row, values, depth + (row.kon is not None and is_under), is_under=is_under)
    said = [phrase("{code} = {words}", code=code, words=words) for code, words in CODES.items() if code in codes]
    if said:
        asking.notes.append(phrase("{said}.", said=strung(said)))
    if not rows:
        asking.notes.append(phrase("Inga mätvärden är lämnade för {ar} med det urvalet.", ar=asking.ar))


def in_order(rows: list[Matt]) -> Iterator[tuple[Matt, int]]:
    """Mått as they were recorded, each with its parts under it, and how deep it stands."""
    known = {row.rad.matt for row in rows}
    under: dict[str | None, list[Matt]] = {}
    for row in rows:
        under.setdefault(row.rad.del_av if row.rad.del_av in known else None, []).append(row)

    def walk(above: str | None, depth: int) -> Iterator[tuple[Matt, int]]:
        seen = set[str]()
        for first in under.get(above, ()):
            code = first.rad.matt
            if code not in seen:
                seen.add(code)
                for row in sorted((r for r in under[above] if r.rad.matt == code), key=by_unit_and_sex):
                    yield row, depth
                yield from walk(code, depth + 1)

    return walk(None, 1)


def by_unit_and_sex(row: Matt) -> tuple[str, int]:
    """A unit's total before its women and men."""
    return row.ansvar, list(KON).index(row.kon)


def of_matt(asking: Asking, row: Matt, values: dict[Plats, Vardesrad], depth: int, *, is_under: bool) -> Listrad:
    """One mått of a unit, of one sex or both. `is_under`: the total of both stands over it and names the mått."""
    rad, period = row.rad, None if asking.tom == WHOLE_YEAR else asking.tom
    cells: dict[str, Cell] = {
        "enhet": rad.enhet,
        "ansvar": row.ansvar or None,
        "mal": rad.mal,
        "overgripande_mal": rad.overgripande_mal,
        "malomrade": rad.malomrade,
        **{key_of(place): value.shown for place, value in values.items()},
        "bedomning": row.bedomning(asking.ar, period),
        "noter": "; ".join(f"{heading(p)}: {v.text}" for p, v in values.items() if v.text) or None,
    }
    key = ".".join(part for part in (rad.matt, row.ansvar, row.kon) if part)
    sex = KON[row.kon]
    name = (sex if is_under else phrase(OF_KON[row.kon], namn=rad.namn)) if row.kon else rad.namn
    return Listrad(key, name, cells, depth)


REPORT = Report(
    name="nyckeltal",
    rubrik="Volymtal, personaltal och indikatorer",
    beskrivning="Mått vid sidan av pengarna: utfall, budget, plan, prognos och mål, och om målen är uppnådda.",
    columns=(
        listed("enhet", "Enhet"),
        listed("ansvar", "Ansvar", printed=""),
        listed("mal", "Mål som följs", printed=""),
        listed("overgripande_mal", "Övergripande mål", printed=""),
        listed("malomrade", "Målområde", printed=""),
        listed("bedomning", "Bedömning"),
        listed("noter", "Noter"),
    ),
    columns_of=columns,
    listing=listing,
    of_year=True,
    enhet="kr",
    filters=(Filter("slag", "volym, personal eller indikator", choices=tuple(SLAG)),),
    material=MATERIAL_OF_MATT,
    notes=("Av flera värden för samma mått och period gäller det som är senast lämnat.",),
)
