"""What whoever runs the command line does with tokens and the table of roles, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.domain.refusal import refuse
from ledger.identity import roller
from ledger.identity.identity import Identity
from ledger.identity.refusals import COLUMNS, OWNER, RolltabellIsUnreadable
from ledger.identity.tokens import Token

#: As much of an instant as people read: the day and the minute, in UTC.
MINUTE = 16


def make_token(
    identity: Identity,
    namn: str,
    roll: str,
    enheter: Sequence[str],
    *,
    skriver: bool,
    days: int,
    ansvarig: str | None = None,
) -> str:
    """A new token, told once. Errors: Refused."""
    by = identity.standing.actor
    made, token = identity.tokens.make(
        namn, roll, enheter=enheter, skriver=skriver, days=days, by=by, ansvarig=ansvarig
    )
    return (
        f"{_line(made)}\n\n{token}\n\nSpara den nu: den visas aldrig igen. Återkalla: liggare token aterkalla {made.id}"
    )


def tokens_text(identity: Identity) -> str:
    """Every token on a line."""
    found = identity.tokens.page(most=10_000)
    return "\n".join(map(_line, found)) or "Inga nycklar är skapade."


def withdraw_token(identity: Identity, token_id: str) -> str:
    """Withdraw a token. Errors: Refused."""
    return _line(identity.tokens.withdraw(token_id, identity.standing.actor))


def roller_text(identity: Identity) -> str:
    """The table of roles in force, as the file that it can be read in from."""
    found = identity.roller.newest()
    if found is None:
        return "Ingen rolltabell är inläst: den som loggar in får ingen roll. Läs in en med liggare roller FIL."
    rows = [";".join((r.pastaende, r.varde, r.roll, " ".join(r.enheter), r.funktion, r.ansvarig)) for r in found.rader]
    return "\n".join([_version(found), "", ";".join((*COLUMNS, OWNER)), *rows])


def change_roller(identity: Identity, path: Path) -> str:
    """Put the table of a file in force. Errors: Refused."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(RolltabellIsUnreadable(str(path))) from error
    rader = roller.with_owners(roller.read(text), identity.katalog)
    return _version(identity.roller.change(rader, identity.standing.actor))


def _version(found: roller.Version) -> str:
    count = len(found.rader)
    return f"Rolltabellen version {found.version}, {count} rader, inläst {_when(found.skapad)} av {found.actor}."


def _line(token: Token) -> str:
    units = f" för {', '.join(token.enheter)}" if token.enheter else ""
    does = "läser och registrerar" if token.skriver else "läser"
    if token.aterkallad is not None:
        by = f"av {token.aterkallad_av}" if token.aterkallad_av else "(det är inte känt av vem)"
        life = f"återkallad {_when(token.aterkallad)} {by}"
    else:
        life = f"gäller till {_when(token.upphor)}"
    used = f", senast använd {_when(token.anvand)}" if token.anvand else ", aldrig använd"
    return f"{token.id}  {token.namn}: {token.roll}{units}, {does}, {life}{used}, ansvarig {token.ansvarig}"


def _when(instant: str) -> str:
    """An instant for people, in UTC."""
    return f"{instant[:MINUTE].replace('T', ' ')} UTC"
