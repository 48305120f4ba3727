"""Which roles and functions the claims of an identity provider give: a table in versions that are never changed.

A row says: whoever has the value in the claim gets the role (limited to some units, where it names any) and the
function. Guards: every row gives something, and its role exists.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import func, insert, select

from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.roll import RIGHTS
from ledger.identity.machines import is_machine
from ledger.identity.refusals import (
    COLUMNS,
    OWNER,
    RolltabellHasOtherHeader,
    RolltabellIsTooLong,
    RolltabellOwnerIsNoOne,
    RolltabellRollIsUnknown,
    RolltabellRowGivesNothing,
    RolltabellRowIsRagged,
    RolltabellRowLimitsNothing,
    RolltabellRowNamesNobody,
)
from ledger.identity.tables import ROLLVERSION, Place
from ledger.recording.katalog import Katalog

MOST_ROWS: Final = 5_000

#: What a file may call the claim of the Swedish OpenID Connect profile, `<person>@<organisationsnummer>`.
SHORT: Final = {"orgAffiliation": "https://id.oidc.se/claim/orgAffiliation"}


class Rad(NamedTuple):
    """A row of the table. A value that begins with @ is the end of the claim's: everybody of an organisation."""

    pastaende: str
    varde: str
    roll: str = ""
    enheter: tuple[str, ...] = ()
    funktion: str = ""
    #: Who is responsible for the machines that the row is about, by pseudonym.
    ansvarig: str = ""


class Roll(NamedTuple):
    """A role that somebody may take, and the units it is limited to (none: no limit)."""

    roll: str
    enheter: tuple[str, ...] = ()


class Given(NamedTuple):
    """What claims gave, and by which version of the table; `ansvariga` are for the machine, where it is one."""

    roller: tuple[Roll, ...]
    funktioner: tuple[str, ...]
    version: int
    ansvariga: tuple[str, ...] = ()


class Version(NamedTuple):
    """One version of the table: its rows, when it was put in place and by whom (a pseudonym)."""

    version: int
    skapad: str
    actor: str
    rader: tuple[Rad, ...]


class Roller:
    """The table of one ledger, with all its versions. Any thread may use it."""

    def __init__(self, place: Place) -> None:
        """Keep it at a place."""
        self._place = place

    def newest(self) -> Version | None:
        """The version in force; None before the first."""
        found = self.versions(most=1)
        return found[0] if found else None

    def versions(self, before: int | None = None, most: int = 100) -> list[Version]:
        """Versions before one, the newest first."""
        asked = select(ROLLVERSION).order_by(ROLLVERSION.c.version.desc()).limit(most)
        if before is not None:
            asked = asked.where(ROLLVERSION.c.version < before)
        with self._place.reading() as connection:
            return [
                Version(row.version, row.skapad, row.actor, tuple(_row(rad) for rad in json.loads(row.rader)))
                for row in connection.execute(asked)
            ]

    def change(self, rader: Sequence[Rad], by: str) -> Version:
        """Put a table in place of the one in force; the same table again is no new version.

        Whoever is signed in by the old one has to sign in again.
        """
        text = json.dumps(rader, ensure_ascii=False)
        with self._place.writing() as connection:
            number = connection.execute(select(func.coalesce(func.max(ROLLVERSION.c.version), 0))).scalar_one()
            known = connection.execute(select(ROLLVERSION.c.rader).where(ROLLVERSION.c.version == number)).scalar()
            if known is None or [_row(rad) for rad in json.loads(known)] != list(rader):
                made = {"version": number + 1, "skapad": self._place.now(), "actor": by, "rader": text}
                connection.execute(insert(ROLLVERSION).values(made))
        found = self.newest()
        assert found is not None  # noqa: S101 - it was just put there
        return found

    def given(self, claims: Mapping[str, Any]) -> Given:
        """What somebody with these claims may be, in the order of the table."""
        table = self.newest()
        if table is None:
            return Given((), (), 0)
        rows = [rad for rad in table.rader if any(_is_meant(rad.varde, value) for value in _values(claims, rad))]
        roller: dict[str, set[str] | None] = {}
        for rad in rows:
            if rad.roll:
                known = roller.get(rad.roll, set())
                roller[rad.roll] = None if known is None or not rad.enheter else {*known, *rad.enheter}
        funktioner = tuple(dict.fromkeys(rad.funktion for rad in rows if rad.funktion))
        ansvariga = tuple(dict.fromkeys(rad.ansvarig for rad in rows if rad.ansvarig))
        given = tuple(Roll(r, tuple(sorted(u or ()))) for r, u in roller.items())
        return Given(given, funktioner, table.version, ansvariga)


def read(text: str) -> list[Rad]:
    """The table in a CSV file (comma or semicolon). Errors: Refused with all that is wrong."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";" if ";" in first else ",")
    lines = [[cell.strip() for cell in row] for row in reader if any(cell.strip() for cell in row)]
    if not lines or tuple(lines[0]) not in (COLUMNS, (*COLUMNS, OWNER)):
        raise refuse(RolltabellHasOtherHeader())
    width, rows = len(lines[0]), lines[1:]
    if len(rows) > MOST_ROWS:
        raise refuse(RolltabellIsTooLong(len(rows), MOST_ROWS))
    faults = [fault for number, row in enumerate(rows, 2) for fault in _faults(number, row, width)]
    if faults:
        raise Refused(faults)
    return [Rad(SHORT.get(row[0], row[0]), row[1], row[2], tuple(row[3].split()), *row[4:]) for row in rows]


def with_owners(rader: Sequence[Rad], katalog: Katalog) -> list[Rad]:
    """The rows with the pseudonyms of those who are responsible. Errors: Refused for who is no one person."""
    found: list[Rad] = []
    faults: list[Refusal] = []
    for number, rad in enumerate(rader, 2):
        people = [one for one in katalog.known_as(rad.ansvarig) if not is_machine(katalog.name_of(one) or "")]
        if rad.ansvarig and len(people) != 1:
            faults.append(RolltabellOwnerIsNoOne(tuple(people), rad=number, kolumn=OWNER))
        found.append(rad._replace(ansvarig=people[0] if people else ""))
    if faults:
        raise Refused(faults)
    return found


def _faults(number: int, row: Sequence[str], width: int) -> Iterator[Refusal]:
    if len(row) != width:
        yield RolltabellRowIsRagged(len(row), width, rad=number)
        return
    claim, value, roll, units, duty, *owner = row
    if not claim or not value:
        yield RolltabellRowNamesNobody(rad=number)
    if not roll and not duty and not any(owner):
        yield RolltabellRowGivesNothing(rad=number)
    if roll and roll not in RIGHTS:
        yield RolltabellRollIsUnknown(tuple(RIGHTS), rad=number, varde=roll[:60])
    if units and not roll:
        yield RolltabellRowLimitsNothing(rad=number)


def _is_meant(wanted: str, value: str) -> bool:
    return value == wanted or (wanted.startswith("@") and value.endswith(wanted))


def _values(claims: Mapping[str, Any], rad: Rad) -> list[str]:
    """The values of a row's claim: itself, or inside others by a path such as realm_access.roles."""
    found: Any = claims.get(rad.pastaende)
    if found is None:
        found = claims
        for name in rad.pastaende.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    several = found if isinstance(found, list) else [found]
    return [value for value in several if isinstance(value, str)]


def _row(kept: list[Any]) -> Rad:
    # Versions from before machines had owners have no place for one.
    claim, value, roll, units, *rest = kept
    return Rad(claim, value, roll, tuple(units), *rest)
