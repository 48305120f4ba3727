"""The verdict under the lock: who of a group may add facts, one by one in the order of arrival.

A refused member leaves no trace and fails no other. Order of the checks: command id, clock, guard keys, streams.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, NamedTuple

import msgspec

from ledger.recording.append import Append, ClockIsBehind, CommandIdTaken, Moved, Receipt
from ledger.recording.codec import Encoded
from ledger.recording.stamping import Clock, Row, Salt, Stamper

#: So many guard keys at most are remembered from one group to the next.
LARGEST_MEMORY: Final = 10_000

_written: Final = msgspec.json.Encoder(order="sorted").encode


class Command(NamedTuple):
    """A recorded command: the digests of its body fields and where its facts lie."""

    fields: Mapping[str, str]
    first: int
    last: int


@dataclass(slots=True)
class Ground:
    """What the database says under the lock: the head, and what is known of all that a group asks for.

    `touched` says where guard keys were touched last; all others at `older` at the latest.
    """

    size: int
    recorded_at: str
    frontier: bytes
    commands: dict[str, Command] = field(default_factory=dict)
    touched: dict[str, int] = field(default_factory=dict)
    taken: set[tuple[str, int]] = field(default_factory=set)
    older: int = 0


class Member:
    """One member of a group: what a thread handed in, and the answer it waits for.

    `append` is None for plain stored events of the library, which have no command and no guards.
    """

    __slots__ = ("append", "facts", "is_done", "is_gone", "receipt", "refusal", "turn", "was_sent")

    def __init__(self, facts: Sequence[Encoded], append: Append | None) -> None:
        self.facts = facts
        self.append = append
        self.receipt: Receipt | None = None
        self.refusal: BaseException | None = None
        self.is_done = False
        #: Whether its thread was interrupted, so that it can lead no group.
        self.is_gone = False
        #: Whether it was sent to the database before in a commit whose outcome is unknown.
        self.was_sent = False
        self.turn = Lock()
        self.turn.acquire()


class Addition:
    """What one transaction adds to the log, and the head after it."""

    def __init__(self, ground: Ground, clock: Clock, salt: Salt) -> None:
        self.before = ground
        self.stamper = Stamper(ground.size, ground.recorded_at, ground.frontier, clock, salt)
        self.rows: list[Row] = []
        self.commands: list[tuple[str, str, int, int]] = []
        self.touched: dict[str, int] = {}

    def admit(self, member: Member, ground: Ground) -> Receipt:
        """Add the facts of a member. Errors: CommandIdTaken, ClockIsBehind, Moved – then nothing was added."""
        append = member.append
        if append is not None and (earlier := ground.commands.get(append.command_id)):
            return repeated(append, earlier, was_sent=member.was_sent)
        self.stamper.begin()
        if append is not None:
            check_guards(append, ground)
        places = {(fact.stream, fact.version) for fact in member.facts}
        if not ground.taken.isdisjoint(places) or len(places) < len(member.facts):
            raise Moved(_first_taken(member.facts, ground.taken))
        first = self.stamper.size + 1
        if append is None:
            self.rows += self.stamper.stamp(member.facts, "", "", "")
        else:
            self.rows += self.stamper.stamp(member.facts, append.actor, append.mandat, append.command_id)
            self.conclude(append, first, ground)
        ground.taken |= places
        return Receipt(first, self.stamper.size, repeated=False)

    def conclude(self, append: Append, first: int, ground: Ground) -> None:
        """Remember the command and the keys that its facts, from `first` to the last one stamped, touched."""
        last = self.stamper.size
        self.commands.append((append.command_id, fields_text(append.fields), first, last))
        ground.commands[append.command_id] = Command(append.fields, first, last)
        for key in append.touches:
            self.touched[key] = ground.touched[key] = last

    def left(self) -> Ground:
        """The head as it becomes, and what is known of guard keys as long as nobody else commits."""
        stamper, before = self.stamper, self.before
        ground = Ground(stamper.size, stamper.recorded_at, stamper.frontier.pack())
        if len(before.touched) <= LARGEST_MEMORY:
            ground.touched, ground.older = before.touched, before.older
        else:
            ground.older = stamper.size
        return ground


def judge(group: Iterable[Member], ground: Ground, clock: Clock, salt: Salt) -> Addition:
    """Judge all members; each gets its receipt or its refusal. Returns what is to be written (perhaps nothing)."""
    addition = Addition(ground, clock, salt)
    for member in group:
        member.receipt = member.refusal = None
        try:
            member.receipt = addition.admit(member, ground)
        except (Moved, CommandIdTaken, ClockIsBehind) as refusal:
            member.refusal = refusal
    return addition


def check_guards(append: Append, ground: Ground) -> None:
    """Refuse a decision that rests on what has changed. Errors: Moved with the key."""
    for key in append.reads:
        if ground.touched.get(key, ground.older) > append.as_of:
            raise Moved(key)


def repeated(append: Append, earlier: Command, *, was_sent: bool = False) -> Receipt:
    """The answer to a command that is recorded already. Errors: CommandIdTaken when its body was another.

    One that was sent in a commit whose outcome nobody knew is found here too: then it was its own.
    """
    if earlier.fields != append.fields:
        names = {*earlier.fields, *append.fields}
        differ = (name for name in names if earlier.fields.get(name) != append.fields.get(name))
        raise CommandIdTaken(append.command_id, tuple(sorted(differ)), earlier.first, earlier.last)
    return Receipt(earlier.first, earlier.last, repeated=not was_sent)


def fields_text(fields: Mapping[str, str]) -> str:
    """Digests of body fields as they are stored."""
    return _written(dict(fields)).decode()


def _first_taken(facts: Sequence[Encoded], taken: set[tuple[str, int]]) -> str:
    seen = set(taken)
    for fact in facts:
        if (fact.stream, fact.version) in seen:
            return fact.stream
        seen.add((fact.stream, fact.version))
    raise AssertionError
