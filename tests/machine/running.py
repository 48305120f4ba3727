"""A ledger under test beside its model: how commands are put to both, and what must hold after each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.application import Done, Ledger, fold
from ledger.batch import Batch
from ledger.domain.books import Books
from ledger.domain.refusal import Refused
from ledger.domain.roll import Caller
from ledger.recording.codec import encode
from ledger.recording.store import Append, CommandIdTaken, FactLog, Stored
from tests.machine.asking import ask_both, desk
from tests.machine.commands import Dice
from tests.machine.model import Model

CALLER = Caller("a-1", "ekonom")
START = datetime(2026, 1, 1, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    """A clock that is a second later every time it is asked."""
    count = iter(range(10**9))
    return lambda: START + timedelta(seconds=next(count))


def counting() -> Callable[[], bytes]:
    """Salts that are told apart."""
    count = iter(range(10**9))
    return lambda: next(count).to_bytes(16, "big")


def plain(value: object) -> object:
    """Books as plain values: without blanks and memories, lists in one order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {name: field for name, field in fields.items() if name not in ("approved", "days")}
    if isinstance(value, dict):
        items = {repr(key): plain(item) for key, item in value.items()}
        return {key: item for key, item in sorted(items.items()) if item}
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    if isinstance(value, list):
        return sorted((plain(item) for item in value), key=repr)
    return value


class Pair:
    """The ledger and the model of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.log = FactLog.open(url, clock=ticking(), salt=counting())
        self.ledger = Ledger(self.log)
        self.model = Model()
        self.bodies: dict[str, tuple[Any, Done]] = {}
        self.count = 0

    def execute(self, command: Any, command_id: str | None = None) -> Done | None:
        """Put a command to both; they agree. None where it was refused."""
        self.count += 1
        command_id = command_id or f"k-{self.count}"
        head = self.log.head()
        done, broken = None, None
        try:
            done = self.ledger.execute(command, CALLER, command_id)
        except (CommandIdTaken, Refused) as refused:
            broken = refused
        if done is None:
            assert self.log.head() == head
            if command_id in self.bodies:
                assert isinstance(broken, CommandIdTaken), str(broken)
                assert (type(command), command) != self.body(command_id)
                return None
            verdict = self.model.judge(command)
            assert verdict is None, f"refused: {broken} – the model expects {verdict}"
            return None
        if command_id in self.bodies:
            assert (type(command), command) == self.body(command_id)
            assert done == self.bodies[command_id][1]._replace(repeated=True)
            assert self.log.head() == head
            return done
        self.agree(command, done)
        if done.facts:
            self.bodies[command_id] = (command, done)
        return done

    def body(self, command_id: str) -> tuple[type[Any], Any]:
        command = self.bodies[command_id][0]
        return type(command), command

    def agree(self, command: Any, done: Done) -> None:
        """The facts of an accepted command are those that the model expects."""
        verdict = self.model.judge(command)
        assert verdict is not None, f"accepted as @{done.first}, but the model refuses {command}"
        assert done.facts == len(verdict), f"{done} – the model expects {verdict}"
        self.model.add(verdict)
        self.model.recorded = self.model.head
        if verdict:
            self.same_kinds([kind for kind, _ in verdict], done.first)

    def same_kinds(self, kinds: Sequence[str], first: int) -> None:
        recorded = self.log.read(first - 1)
        assert [fact.name.removesuffix(".v1") for fact in recorded] == list(kinds)
        assert [fact.position for fact in recorded] == list(range(first, first + len(kinds)))

    def files(self, files: Sequence[Sequence[int]]) -> None:
        """Import files of random commands together. A command that is refused is left out of its file."""
        head = self.log.head()
        after = self.model.copy()
        batch = Batch(self.ledger, CALLER, lambda: f"fil-{self.next()}")
        taken = []
        for n, seeds in enumerate(files):
            underlag = batch.take(f"{self.next()}-{n}", "blandat", f"fil-{n}.csv")
            kinds: list[str] = []
            for seed in seeds:
                dice = Dice(seed, after)
                command = dice.rarely(dice.importable(), dice.correction())
                verdict = after.judge(command)
                new, broken = None, None
                try:
                    new = batch.judge(underlag, command)
                except Refused as refused:
                    broken = refused
                if new is None:
                    assert verdict is None, f"refused in a file: {broken} – the model expects {verdict}"
                    continue
                assert verdict is not None, f"accepted in a file, but the model refuses {command}"
                assert new == len(verdict), f"{new} – the model expects {verdict}"
                after.add(verdict)
                kinds += [kind for kind, _ in verdict]
            if kinds:
                after.add([("fil_imported", None)])
            taken.append((underlag, kinds, len(seeds)))
        assert self.log.head() == head
        for underlag, kinds, rows in taken:
            done = batch.record(underlag, (2, rows + 1))
            assert done.facts == len(kinds)
        self.model = after
        self.model.recorded = self.model.head
        self.same_kinds(
            [kind for _, kinds, _ in taken if kinds for kind in [*kinds, "fil_imported"]], head.position + 1
        )

    def next(self) -> int:
        self.count += 1
        return self.count

    # ------------------------------------------------------------ what always holds

    def check(self) -> None:
        """Positions are gapless, and books folded afresh are those that the ledger keeps."""
        assert self.log.head().position == self.model.head
        self.ledger.catch_up()
        fresh = Books()
        fresh.position = fold(self.log, fresh)
        kept = self.ledger._books  # noqa: SLF001 - the books are what is tested
        assert plain(fresh) == plain(kept)

    def check_all(self) -> None:
        """The log holds together, every decision sums to zero, every correction of outcome names what it replaces."""
        recorded = self.log.read()
        assert [fact.position for fact in recorded] == list(range(1, self.model.head + 1))
        assert self.log.verify().ok
        for fact in recorded:
            for rattar in getattr(fact.fact, "rattar", ()) if fact.name == "utfall_corrected.v1" else ():
                assert rattar < fact.position
                assert recorded[rattar - 1].stream == fact.stream
        assert [e.position for e in self.model.log] == [fact.position for fact in recorded]

    def replay(self, url: str, questions: int = 0) -> None:
        """The same facts with the same clock, salts and ids in another log: the same root and the same bytes.

        So are the answers to some random questions to the reports of both.
        """
        stored = self.log.read_raw()
        salts = iter([fact.salt for fact in stored if fact.salt is not None])
        moments: list[datetime] = []
        with FactLog.open(url, clock=lambda: moments[-1], salt=lambda: next(salts)) as other:
            for group in by_command(stored):
                moments.append(datetime.fromisoformat(group[0].recorded_at))
                facts = self.log.read(group[0].position - 1, upto=group[-1].position)
                first = group[0]
                encoded = [encode(fact.fact, fact.version) for fact in facts]
                other.append(Append(first.command_id, {}, first.actor, first.mandat, encoded))
            assert other.read_raw() == stored
            assert other.head() == self.log.head()
            assert other.verify().ok
            if questions:
                with desk(self.url, self.log) as here, desk(url, other) as there:
                    ask_both(here, there, self.log, self.model.head, questions)


def by_command(stored: Sequence[Stored]) -> Iterator[list[Stored]]:
    """Facts that were recorded together."""
    group: list[Stored] = []
    for fact in stored:
        if group and group[-1].command_id != fact.command_id:
            yield group
            group = []
        group.append(fact)
    if group:
        yield group
