"""What is asked of an append, and what is answered: Append, Receipt, and the three ways in which it can be refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from eventsourcing.persistence import IntegrityError

from ledger.recording.codec import Encoded


@dataclass(frozen=True, slots=True)
class Append:
    """Facts of one command, to be added together or not at all.

    `fields`: field name of the command's body → short digest of its value, so that a conflict can say what differs.
    `touches`: guard keys that the facts change. `reads`: guard keys that the decision depended on, as they were at
    position `as_of`. Errors: ValueError for an envelope text that could not be hashed the same everywhere.
    """

    command_id: str
    fields: Mapping[str, str]
    actor: str
    mandat: str
    facts: Sequence[Encoded] = ()
    touches: Collection[str] = field(default=())
    reads: Collection[str] = field(default=())
    as_of: int = 0

    def __post_init__(self) -> None:
        """Refuse an envelope that cannot be stored."""
        together = self.command_id + self.actor + self.mandat
        if self.command_id and together.isascii() and together.isprintable():
            return
        for name, text in (("command_id", self.command_id), ("actor", self.actor), ("mandat", self.mandat)):
            if not text.isascii() and not unicodedata.is_normalized("NFC", text):
                msg = f"{name} is not NFC: {text!r}"
                raise ValueError(msg)
            if not text.isprintable():
                msg = f"{name} has characters that do not print: {text!r}"
                raise ValueError(msg)
        if not self.command_id:
            msg = "a command needs an id"
            raise ValueError(msg)


class Receipt(NamedTuple):
    """Where the facts of a command lie. `repeated`: the command was recorded before, and nothing was added now."""

    first: int
    last: int
    repeated: bool


class Moved(IntegrityError):  # noqa: N818 - named as what happened
    """Another writer was first: reload, decide again. `what` is the guard key or the stream that moved.

    It is also the library's IntegrityError, which its recorders promise to raise for a version that is taken.
    """

    def __init__(self, what: str) -> None:
        """Name what moved."""
        self.what = what
        super().__init__(f"{what} ändrades av någon annan under tiden")

    def __reduce__(self) -> tuple[type[Moved], tuple[str]]:
        """How it travels between processes."""
        return Moved, (self.what,)


class CommandIdTaken(Exception):  # noqa: N818 - named as the broken rule
    """The command id was used before, for another body. `fields` are the body fields that differ, sorted."""

    def __init__(self, command_id: str, fields: tuple[str, ...], first: int, last: int) -> None:
        """Say which id, what differs, and where the facts of its first use lie."""
        self.command_id = command_id
        self.fields = fields
        self.first = first
        self.last = last
        super().__init__(
            f"kommandot {command_id} är redan registrerat (@{first} till @{last}) "
            f"med annat innehåll i: {', '.join(fields)}"
        )

    def __reduce__(self) -> tuple[type[CommandIdTaken], tuple[str, tuple[str, ...], int, int]]:
        """How it travels between processes."""
        return CommandIdTaken, (self.command_id, self.fields, self.first, self.last)


class ClockIsBehind(Exception):  # noqa: N818 - named as the broken rule
    """The clock is more than five minutes behind the newest fact: recording now would lie about when."""

    def __init__(self, now: str, newest: str) -> None:
        """Say both instants."""
        self.now = now
        self.newest = newest
        super().__init__(
            f"datorns klocka visar {now} men senaste faktum registrerades {newest}; "
            "ställ klockan innan något registreras"
        )

    def __reduce__(self) -> tuple[type[ClockIsBehind], tuple[str, str]]:
        """How it travels between processes."""
        return ClockIsBehind, (self.now, self.newest)
