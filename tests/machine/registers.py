"""The model of the registers: organisation, charts and projects. Days are looked at one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from tests.machine.entries import Entry, Verdict

DAY = timedelta(days=1)
NIVAER = ("kommun", "namnd", "forvaltning", "stab", "avdelning", "enhet", "post")

#: First day → (content, last day or None, merged into or None).
Versions: TypeAlias = "dict[date, tuple[Any, date | None, str | None]]"


def holding(versions: Versions, day: date) -> date:
    """The first day of the version that holds on a day."""
    begun = [fran for fran in versions if fran <= day]
    return max(begun) if begun else min(versions)


def is_valid(versions: Versions, first: date, last: date) -> bool:
    """Whether any day from first to last lies in a version, counted day by day."""
    days = (first + n * DAY for n in range((last - first).days + 1))
    for day in days:
        begun = [fran for fran in versions if fran <= day]
        if begun:
            till = versions[max(begun)][1]
            if till is None or day <= till:
                return True
    return False


def units(stands: Sequence[Entry]) -> dict[str, Versions]:
    """All units with their versions."""
    found: dict[str, Versions] = {}
    for entry in stands:
        if entry.kind in ("unit_established", "unit_changed"):
            ansvar, fran, content = entry.what
            found.setdefault(ansvar, {})[fran] = (content, None, None)
    for entry in stands:
        if entry.kind in ("unit_closed", "unit_merged"):
            ansvar, till, into = entry.what
            if ansvar in found and min(found[ansvar]) <= till:
                fran = holding(found[ansvar], till)
                found[ansvar][fran] = (found[ansvar][fran][0], till, into)
    return found


def above(organisation: dict[str, Versions], ansvar: str, day: date) -> str | None:
    """The unit above on a day."""
    versions = organisation[ansvar]
    content, till, into = versions[holding(versions, day)]
    if till is not None and till < day and into:
        return into
    overordnad: str | None = content[2]
    return overordnad


def namnd(organisation: dict[str, Versions], ansvar: str, day: date) -> str:
    """The nearest unit of level namnd, itself included; else the unit."""
    at: str | None = ansvar
    for _ in range(len(organisation) + 1):
        if at is None or at not in organisation:
            break
        if organisation[at][holding(organisation[at], day)][0][1] == "namnd":
            return at
        at = above(organisation, at, day)
    return ansvar


def has_circle(stands: Sequence[Entry]) -> bool:
    """Whether some unit stands above itself on some day."""
    organisation = units(stands)
    firsts = {fran for versions in organisation.values() for fran in versions}
    lasts = {till + DAY for versions in organisation.values() for _, till, _ in versions.values() if till}
    days = firsts | lasts | ({min(firsts) - DAY} if firsts else set())
    for day in days:
        for ansvar in organisation:
            at = above(organisation, ansvar, day)
            for _ in range(len(organisation)):
                if at == ansvar:
                    return True
                at = above(organisation, at, day) if at in organisation else None
    return False


def begins(versions: Versions, fran: date, content: Any) -> bool:
    """Whether a row is a new version: earlier than all, begun again after a last day, or later and otherwise."""
    if fran in versions:
        return False
    if fran < min(versions):
        return True
    known, till, _ = versions[holding(versions, fran)]
    return (till is not None and till < fran) or (fran > max(versions) and known != content)


def contradicts(versions: Versions, fran: date, till: date | None, content: Any, *, new: bool) -> bool:
    """Whether another content is known in the time that a row is about."""
    if not new and versions[holding(versions, fran)][0] != content:
        return True
    if till is None or till in (versions[holding(versions, fran)][1], versions[holding(versions, till)][1]):
        return False
    return any(fran < other <= till and known != content for other, (known, _, _) in versions.items())


def register(stands: Sequence[Entry], row: Any) -> Verdict:
    """A row of an organisation file."""
    organisation = units(stands)
    faulty = (
        row.niva not in NIVAER
        or row.teckenregel not in (None, "nettokostnad", "resultat")
        or (row.till is not None and row.till < row.fran)
        or (row.ersatt_av and row.till is None)
        or any(
            other and (other == row.ansvar or other not in organisation) for other in (row.overordnad, row.ersatt_av)
        )
    )
    if faulty or not row.ansvar or not row.namn:
        return None
    content = (row.namn, row.niva, row.overordnad, row.teckenregel)
    closes = [("unit_merged" if row.ersatt_av else "unit_closed", (row.ansvar, row.till, row.ersatt_av))]
    versions = organisation.get(row.ansvar)
    facts: list[tuple[str, Any]] = []
    if versions is None:
        facts.append(("unit_established", (row.ansvar, row.fran, content)))
        facts.extend(closes if row.till else [])
    else:
        new = begins(versions, row.fran, content)
        if contradicts(versions, row.fran, row.till, content, new=new):
            return None
        if new:
            facts.append(("unit_changed", (row.ansvar, row.fran, content)))
        if row.till and row.till + DAY not in versions:
            fran = holding(versions, row.till)
            known, into = versions[fran][1:]
            if fran > row.till or known is None or known < row.fran:
                facts.extend(closes)
            elif (known, into) != (row.till, row.ersatt_av):
                return None
    return None if has_circle([*stands, *(Entry(10**9 + n, *fact) for n, fact in enumerate(facts))]) else facts


def codes(stands: Sequence[Entry], kind: str) -> dict[str, Versions]:
    """A chart: `konto_defined` or `verksamhet_defined`."""
    found: dict[str, Versions] = {}
    for entry in stands:
        if entry.kind == kind:
            kod, fran, content, till = entry.what
            found.setdefault(kod, {})[fran] = (content, till, None)
    return found


def define(stands: Sequence[Entry], row: Any) -> Verdict:
    """A row of a chart."""
    kind = "konto_defined" if hasattr(row, "konto") else "verksamhet_defined"
    kod, slag = (row.konto, row.slag) if hasattr(row, "konto") else (row.kod, None)
    if slag not in (None, "kostnad", "intakt", "balans") or not kod or not row.namn:
        return None
    if row.till is not None and row.till < row.fran:
        return None
    content = (row.namn, slag)
    versions = codes(stands, kind).get(kod)
    if versions is None:
        return [(kind, (kod, row.fran, content, row.till))]
    new = begins(versions, row.fran, content)
    if contradicts(versions, row.fran, row.till, content, new=new):
        return None
    if new:
        return [(kind, (kod, row.fran, content, row.till))]
    if row.till is None or row.till == versions[holding(versions, row.fran)][1]:
        return []
    fran = holding(versions, row.till)
    known = versions[fran][1]
    ends = [day for day in (known, min((o for o in versions if o > fran), default=None)) if day is not None]
    following = min((other - DAY for other in versions if other > fran), default=None)
    if ends and row.till == min(day for day in (known, following) if day is not None):
        return []
    return None if known is not None else [(kind, (kod, fran, content, row.till))]


def is_known(stands: Sequence[Entry], kind: str, what: Any) -> bool:
    """Whether the code that a registration is about is there; a decision or forecast is about none."""
    if kind in ("unit_established", "unit_changed"):
        return what[0] in units(stands)
    if kind in ("konto_defined", "verksamhet_defined"):
        return what[0] in codes(stands, kind)
    return kind != "projekt_changed" or what[0] in projects(stands)


def projects(stands: Sequence[Entry]) -> dict[str, dict[date, Any]]:
    """Projects with what was said of them, by statusdatum."""
    found: dict[str, dict[date, Any]] = {}
    for entry in stands:
        if entry.kind == "projekt_changed":
            projekt, statusdatum, content = entry.what
            found.setdefault(projekt, {})[statusdatum] = content
    return found


def change_project(stands: Sequence[Entry], row: Any) -> Verdict:
    """A row of a project file."""
    if row.status not in ("beslutat", "pagaende", "fardigstallt", "avbrutet") or not row.projekt or not row.namn:
        return None
    if row.ansvar not in units(stands) or (row.startar and row.slutar and row.slutar < row.startar):
        return None
    content = (row.namn, row.ansvar, row.status, row.grupp, row.startar, row.slutar)
    known = projects(stands).get(row.projekt, {}).get(row.statusdatum)
    if known is None:
        return [("projekt_changed", (row.projekt, row.statusdatum, content))]
    return [] if known == content else None
