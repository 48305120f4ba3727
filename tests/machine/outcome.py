"""The model of outcome, forecasts, comments and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.machine import registers
from tests.machine.entries import Entry, Verdict


def month(day: date) -> str:
    return f"{day.year}-{day.month:02d}"


def closed(stands: Sequence[Entry]) -> set[str]:
    """The months that are closed."""
    state = {}
    for entry in stands:
        if entry.kind in ("period_closed", "period_opened"):
            state[entry.what[0]] = entry.kind
    return {period for period, kind in state.items() if kind == "period_closed"}


def change_month(stands: Sequence[Entry], command: Any, *, opens: bool) -> Verdict:
    year, _, number = command.period.partition("-")
    readable = year.isascii() and year.isdigit() and number in {f"{n:02d}" for n in range(1, 13)}
    if not readable or not 1900 <= int(year) <= 2099 or (command.period in closed(stands)) is not opens:
        return None
    return [("period_opened" if opens else "period_closed", (command.period,))]


def row_fits(stands: Sequence[Entry], rad: Any, day: date) -> bool:
    """Whether an outcome row of a day is right by itself."""
    units = registers.units(stands)
    accounts, purposes = (registers.codes(stands, kind) for kind in ("konto_defined", "verksamhet_defined"))
    for register, code in ((units, rad.ansvar), (accounts, rad.konto), (purposes, rad.verksamhet)):
        if code and not (code in register and registers.is_valid(register[code], day, day)):
            return False
    if rad.text == "850709-9805" or not rad.konto or (rad.projekt and rad.projekt not in registers.projects(stands)):
        return False
    versions = accounts[rad.konto]
    is_balance = versions[registers.holding(versions, day)][0][1] == "balans"
    if rad.slag is None or rad.slag in ("kostnad", "intakt"):
        return is_balance == (rad.slag is None) and (is_balance or bool(rad.ansvar))
    return rad.slag in ("utgift", "inkomst") and bool(rad.ansvar)


def post(stands: Sequence[Entry], command: Any) -> Verdict:
    """A voucher, or the correction of one."""
    day, rader = command.bokforingsdatum, command.rader
    if not command.serie or not command.vernr or not rader or sum(rad.belopp_ore for rad in rader):
        return None
    if not all(row_fits(stands, rad, day) for rad in rader):
        return None
    posted = [e.what for e in stands if e.kind in ("verifikation_posted", "verifikation_corrected")]
    vouchers = {number(what[0]): what for what in posted}
    name = (command.serie, command.vernr, day.year)
    rattar = tuple(command.rattar) if command.rattar else None
    original = vouchers.get(number(rattar)) if rattar else None
    if rattar is not None and original is None:
        return None
    said = (name, day, rader, rattar)
    if number(name) in vouchers:
        return [] if same(vouchers[number(name)], said) else None
    if month(day) in closed(stands):
        return None
    if rattar is None or original is None:
        return [("verifikation_posted", said)]
    if any(what[3] and number(what[3]) == number(rattar) for what in posted):
        return None
    mirrored = Counter(bare(rad, -1) for rad in original[2])
    return [("verifikation_corrected", said)] if Counter(bare(rad, 1) for rad in rader) == mirrored else None


def same(one: Any, other: Any) -> bool:
    """Whether two vouchers are one; the order of rows says nothing."""
    return (*one[:2], Counter(one[2]), one[3]) == (*other[:2], Counter(other[2]), other[3])


def number(name: tuple[str, str, int]) -> tuple[str, str, int]:
    """The name of a voucher; 01 is the number 1."""
    return name[0], name[1].lstrip("0"), name[2]


def bare(rad: Any, sign: int) -> Any:
    return rad._replace(belopp_ore=sign * rad.belopp_ore, text=None, motpart=None)


def key_of(row: Any) -> Any:
    """What names a leverans: the row without its amount and its day, and the day that a late one belongs to."""
    return row.rad._replace(belopp_ore=0), row.ursprungsdatum


def delivered(stands: Sequence[Entry], period: str, ansvar: str) -> dict[Any, Counter[Any]]:
    """What is reported of one unit and month: key → rows as (day, amount)."""
    found: dict[Any, Counter[Any]] = {}
    for entry in stands:
        if entry.kind in ("utfall_reported", "utfall_corrected") and entry.what[:2] == (period, ansvar):
            _, _, gone, rader = entry.what
            for key in gone:
                del found[key]
            for row in rader:
                found.setdefault(key_of(row), Counter())[row.bokforingsdatum, row.rad.belopp_ore] += 1
    return found


def report(stands: Sequence[Entry], command: Any) -> Verdict:
    """Summary rows of a unit and month. The machine's files stay under two hundred rows."""
    period, ansvar = command.period, command.ansvar
    for day, rad, late in command.rader:
        if month(day) != period or (rad.ansvar or "") != ansvar or not row_fits(stands, rad, day):
            return None
        if late is not None and late >= day:
            return None
    if not command.rader:
        return None
    known = delivered(stands, period, ansvar)
    given: dict[Any, list[Any]] = {}
    for row in command.rader:
        given.setdefault(key_of(row), []).append(row)
    new = tuple(row for key, rows in given.items() if key not in known for row in rows)
    changed = [
        key
        for key, rows in given.items()
        if key in known and known[key] != Counter((day, rad.belopp_ore) for day, rad, _ in rows)
    ]
    if (new or changed) and period in closed(stands):
        return None
    if changed and not command.ersatt:
        return None
    facts: list[tuple[str, Any]] = [("utfall_reported", (period, ansvar, (), new))] if new else []
    if changed:
        again = tuple(row for key in changed for row in given[key])
        facts.append(("utfall_corrected", (period, ansvar, tuple(changed), again)))
    return facts


def forecast(stands: Sequence[Entry], command: Any) -> Verdict:
    """A forecast: a key of slag and project that is known must be the same."""
    units = registers.units(stands)
    day, ansvar = command.prognosdatum, command.ansvar
    if ansvar not in units or not registers.is_valid(units[ansvar], day, day) or not command.rader:
        return None
    known_projects = registers.projects(stands)
    if any(rad.projekt and rad.projekt not in known_projects for rad in command.rader):
        return None
    if any(rad.slag not in ("netto", "kostnad", "intakt", "utgift", "inkomst") for rad in command.rader):
        return None
    name = (day, command.ar, ansvar)
    known = [rad for e in stands if e.kind == "prognos_submitted" and e.what[0] == name for rad in e.what[1]]
    for key in by_key(command.rader).keys() & by_key(known).keys():
        if by_key(command.rader)[key] != by_key(known)[key]:
            return None
    new = tuple(rad for rad in command.rader if (rad.slag, rad.projekt) not in by_key(known))
    return [("prognos_submitted", (name, new))] if new else []


def by_key(rader: Sequence[Any]) -> dict[Any, Counter[Any]]:
    found: dict[Any, Counter[Any]] = {}
    for rad in rader:
        found.setdefault((rad.slag, rad.projekt), Counter())[rad] += 1
    return found


def comment(stands: Sequence[Entry], command: Any) -> Verdict:
    if not 1 <= command.tom <= 12 or not (command.rapport and command.rad and command.text):
        return None
    name = (command.rapport, command.ar, command.tom, command.rad)
    newest = next((e.what[1] for e in reversed(stands) if e.kind == "kommentar_written" and e.what[0] == name), None)
    return [] if newest == command.text else [("kommentar_written", (name, command.text))]
