"""Files judged together, each recorded in one transaction: the bulk side of the choke point.

A batch has books of its own. Every command is judged as if those before it were recorded; nothing is written until all
are judged. Facts are kept encoded, so that a file of a million rows fits in memory.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, cast

from ledger.application import Done, Ledger, decide, delivered, done, fold
from ledger.domain import mandat, verifikation
from ledger.domain import utfall as outcome
from ledger.domain.behorighet import need_two
from ledger.domain.books import POSTINGS, Books
from ledger.domain.events import FilImported, UtfallCorrected, UtfallReported, VerifikationPosted
from ledger.domain.events_behorighet import FilRegistered
from ledger.domain.fact import Fact
from ledger.domain.guards import CODES, reads
from ledger.domain.personer import named
from ledger.domain.refusal import Kind, Refusal, Refused
from ledger.domain.roll import Caller, mandat_for
from ledger.domain.text import text_refusals
from ledger.domain.voucher_columns import in_columns, right_at_a_glance
from ledger.recording.codec import Encoded, decode, encode
from ledger.recording.digests import digest_of_facts
from ledger.recording.store import Append, Moved, Receipt
from ledger.recording.template import encode_vouchers

__all__ = ["LARGEST_FILE", "Batch", "Moved", "Underlag", "VoucherStandsTwice"]

Vouchers = Sequence[verifikation.PostVerifikation]

#: Facts per COPY batch, and the most that one file may record in one transaction.
PAGE = 10_000
LARGEST_FILE = 250_000

#: So few vouchers, one of them unusual, are judged one by one; more are looked at by halves.
FEW = 16

#: Facts that a correction of outcome names by position.
OUTCOME = frozenset({UtfallReported.name, UtfallCorrected.name})


@dataclass(slots=True)
class Underlag:
    """A file on its way in: what it is, the facts it leads to so far, and the positions they are thought to get."""

    sha256: str
    slag: str
    filnamn: str
    facts: list[Encoded] = field(default_factory=list)
    touches: set[str] = field(default_factory=set)
    positions: list[int] = field(default_factory=list)
    #: Whether it holds facts that two people record.
    needs_two: bool = False


class Batch:
    """Commands from files, judged in turn against books that learn as they go."""

    def __init__(self, ledger: Ledger, caller: Caller, new_id: Callable[[], str]) -> None:
        """Begin with books of what is recorded now."""
        self._ledger = ledger
        self._log = ledger.log
        self._caller = caller
        self._new_id = new_id
        self._books = Books(rapporter=ledger.rapporter)
        self._as_of = fold(self._log, self._books)
        self._is_closed = self._books.of(mandat.State).is_closed
        self._position = self._books.position = self._as_of
        self._reads: set[str] = set()
        self._mandat: dict[type[Any], str] = {}
        self._delivered: dict[tuple[str, str], outcome.Delivered] = {}
        self._vouchers: dict[str, Encoded] = {}
        self._actual: dict[int, int] = {}
        self._latest: Underlag | None = None
        self._last: dict[str, str] = {}
        self._files: list[Underlag] = []

    @property
    def books(self) -> Books:
        """What is known to the next command."""
        return self._books

    @property
    def position(self) -> int:
        """The position of the last fact so far, were all of them recorded in this order."""
        return self._position

    @staticmethod
    def facts(underlag: Underlag) -> Iterator[Fact]:
        """The facts that a file would add, in order."""
        return (decode(encoded.name, encoded.public, encoded.private) for encoded in underlag.facts)

    # ------------------------------------------------------------ judging

    def judge(self, underlag: Underlag, command: Any, *, last: bool = False) -> int:
        """Judge one command; the number of new facts. Errors: Refused, and then nothing of the command is kept.

        `last`: no more outcome rows of the same month and unit will come, so what is reported of them is let go.
        """
        self._authorise(type(command))
        command = named(command, self._caller, self._ledger.people)
        if isinstance(command, verifikation.PostVerifikation):
            stream = command.stream
            facts = self._decide_voucher(command, stream, self._found(stream))
            self._keep_voucher(underlag, stream, facts)
            self._reads |= verifikation.reads(command)
            return len(facts)
        if isinstance(command, outcome.ReportUtfall):
            key = command.period, command.ansvar
            if key not in self._delivered:
                self._delivered[key] = delivered(self._log, *key)
            facts = outcome.decide(self._books, self._delivered[key], command)
        else:
            facts = decide(self._books, self._log, command)
        facts = self._allowed(command, facts)
        self._reads |= reads(self._books, command)
        new = self._keep(underlag, facts)
        if last and isinstance(command, outcome.ReportUtfall):
            del self._delivered[command.period, command.ansvar]
        return new

    def vouchers(self, underlag: Underlag, commands: Vouchers) -> dict[int, Refused]:
        """Judge many vouchers with one look-up in the log; the refusals by place in `commands`."""
        if commands:
            self._authorise(verifikation.PostVerifikation)
        streams = [command.stream for command in commands]
        recorded = self._log.streams([stream for stream in streams if self._may_exist(stream)])
        known = {one.stream: verifikation.Found(one.position, one.fact) for one in recorded if one.version == 1}
        refused: dict[int, Refused] = {}
        is_plain = [
            command.rattar is None is command.ursprungsdatum and stream not in known
            for command, stream in zip(commands, streams, strict=True)
        ]
        for are_plain, run in groupby(range(len(commands)), is_plain.__getitem__):
            places = list(run)
            for n in self._unusual(underlag, streams, commands, places) if are_plain else places:
                try:
                    facts = self._decide_voucher(commands[n], streams[n], known.get(streams[n]))
                    self._keep_voucher(underlag, streams[n], facts)
                except Refused as refusal:
                    refused[n] = refusal
        self._reads |= verifikation.reads(*commands)
        return refused

    def _unusual(
        self, underlag: Underlag, streams: Sequence[str], commands: Vouchers, places: Sequence[int]
    ) -> Iterator[int]:
        """Keep new vouchers in which nothing is unusual; the places of the others, each when it is its turn."""
        first, end = places[0], places[-1] + 1
        if self._keep_at_a_glance(underlag, streams[first:end], commands[first:end]):
            return
        if len(places) <= FEW:
            yield from places
            return
        middle = len(places) // 2
        yield from self._unusual(underlag, streams, commands, places[:middle])
        yield from self._unusual(underlag, streams, commands, places[middle:])

    def _keep_at_a_glance(self, underlag: Underlag, streams: Sequence[str], commands: Vouchers) -> bool:
        """Keep new vouchers in which nothing is unusual, all at once; False where each is to be judged by itself."""
        if self._caller.enheter or self._books.periods.parts:
            return False
        if len(set(streams)) < len(streams) or not self._vouchers.keys().isdisjoint(streams):
            return False
        columns = in_columns(commands)
        approved = right_at_a_glance(self._books, columns)
        if approved is None:
            return False
        encoded = encode_vouchers(columns, approved, streams)
        self._vouchers.update(zip(streams, encoded, strict=True))
        self._place(underlag, encoded)
        return True

    def _decide_voucher(
        self, command: verifikation.PostVerifikation, stream: str, known: verifikation.Found | None
    ) -> list[Fact]:
        original = None
        if command.rattar is not None:
            name = verifikation.Voucher(*command.rattar)
            original = self._found(name.stream) or self._on_its_way(name.stream)
        twice = None if known else self._on_its_way(stream)
        try:
            return self._allowed(command, verifikation.decide(self._books, command, known or twice, original))
        except Refused as refused:
            if twice is None:
                raise
            stands_twice = VoucherStandsTwice(command.serie, command.vernr, kolumn="vernr", rad=0)
            otherwise = verifikation.VoucherIsOtherwise
            raise Refused([stands_twice if isinstance(r, otherwise) else r for r in refused.refusals]) from None

    def _found(self, stream: str) -> verifikation.Found | None:
        recorded = self._log.stream(stream)
        return verifikation.Found(recorded[0].position, recorded[0].fact) if recorded else None

    def _on_its_way(self, stream: str) -> verifikation.Found | None:
        """A voucher of this batch that is not yet recorded."""
        encoded = self._vouchers.get(stream)
        return verifikation.Found(0, decode(encoded.name, encoded.public, encoded.private)) if encoded else None

    def _may_exist(self, stream: str) -> bool:
        """Whether a voucher may be recorded: not one with a number after all those of its year and serie."""
        prefix = stream.rpartition("/")[0] + "/"
        if prefix not in self._last:
            self._last[prefix] = self._log.last_under(prefix) or ""
        return stream <= self._last[prefix]

    def _authorise(self, command: type[Any]) -> None:
        if command not in self._mandat:
            self._mandat[command] = mandat_for(self._caller, command)

    def _allowed(self, command: Any, facts: list[Fact]) -> list[Fact]:
        """The facts that the caller may record; noted by which right. Errors: Refused, kind FORBIDDEN."""
        allowed = self._ledger.allowed(self._books, self._caller, command, facts, closed=self._is_closed)
        self._mandat[type(command)] = allowed.mandat
        return allowed.facts

    def _keep(self, underlag: Underlag, facts: list[Fact]) -> int:
        underlag.needs_two = underlag.needs_two or (self._is_closed and need_two(facts, self._caller.roll))
        for fact in facts:
            if isinstance(fact, VerifikationPosted):
                self._keep_voucher(underlag, fact.stream, [fact])
                continue
            self._place(underlag, [encode(fact, self._next_version(fact))])
            underlag.touches.update(fact.keys)
            if isinstance(fact, UtfallReported | UtfallCorrected):
                self._delivered[fact.period, fact.ansvar].evolve(self._position, fact)
            else:
                self._books.evolve(self._position, fact, self._caller.actor)
        return len(facts)

    def _keep_voucher(self, underlag: Underlag, stream: str, facts: list[Fact]) -> None:
        """Keep the one fact, or none, that a voucher leads to, and that it came late."""
        for fact in cast("list[VerifikationPosted]", facts[:1]):
            self._vouchers[stream] = encoded = encode(fact, 1)
            self._place(underlag, [encoded])
            if fact.name not in POSTINGS:
                underlag.touches.update(fact.keys)
                self._books.evolve(self._position, fact, self._caller.actor)
        self._keep(underlag, facts[1:])

    def _place(self, underlag: Underlag, encoded: Sequence[Encoded]) -> None:
        """Give facts the next positions, as they are thought."""
        if not underlag.facts:
            # Between the files lies the fact of the earlier one's import.
            self._position += 1 if self._latest is not None and self._latest.facts else 0
            self._latest = underlag
        underlag.facts.extend(encoded)
        underlag.positions.extend(range(self._position + 1, self._position + len(encoded) + 1))
        self._position += len(encoded)

    def _next_version(self, fact: Fact) -> int:
        if isinstance(fact, UtfallReported | UtfallCorrected):
            return self._delivered[fact.period, fact.ansvar].version + 1
        return self._books.versions.get(fact.stream, 0) + 1

    # ------------------------------------------------------------ recording

    def take(self, sha256: str, slag: str, filnamn: str) -> Underlag:
        """A file whose commands will be judged. Errors: Refused for a name that cannot be kept."""
        if faults := list(text_refusals(filnamn, "filnamn")):
            raise Refused(faults)
        underlag = Underlag(sha256, slag, unicodedata.normalize("NFC", filnamn))
        self._files.append(underlag)
        return underlag

    def record(self, underlag: Underlag, rader: tuple[int, int], progress: Callable[[int], None] | None = None) -> Done:
        """Record what a file has led to, in one transaction with the fact of its import. Nothing new: nothing.

        `rader` are the first and last row of the file that the facts come from. A file that two people record is only
        noted when the first gives it (`facts` 0); it is recorded when another gives the same file.
        Errors: Moved (another writer changed what was read; judge again), ClockIsBehind.
        """
        if not underlag.facts:
            return Done(0, 0, 0, repeated=False)
        rows = rader[1] - rader[0] + 1
        if underlag.needs_two and (self._caller.maskin or not self._givers(underlag) - self._caller.hands):
            return self._register(underlag, rows)
        imported = FilImported(underlag.sha256, underlag.slag, rows, len(underlag.facts), underlag.filnamn, *rader)
        self._renumber()
        self._link(underlag)
        version = self._books.versions.get(imported.stream, 0) + 1
        self._books.versions[imported.stream] = version
        append = self.append_of(underlag, {"fil": underlag.sha256})
        receipt = self._log.append_file(pages(underlag.facts, encode(imported, version)), append, progress)
        facts = len(underlag.facts)
        self.recorded(underlag, receipt)
        return done(receipt)._replace(facts=facts)

    def _register(self, underlag: Underlag, rows: int) -> Done:
        """Note that one person has given a file of decisions or mandates: once, however often it is given."""
        digest, is_known = digest_of_facts(underlag.facts), bool(self._caller.hands & self._givers(underlag))
        registered = FilRegistered(underlag.sha256, underlag.slag, rows, len(underlag.facts), digest, underlag.filnamn)
        underlag.facts, underlag.positions, underlag.touches = [], [], set()
        if is_known:
            return Done(0, 0, 0, repeated=False)
        version = self._books.versions.get(registered.stream, 0) + 1
        underlag.touches.update(registered.keys)
        append = self.append_of(underlag, {"fil": underlag.sha256})
        receipt = self._log.append(replace(append, facts=[encode(registered, version)]))
        self._books.evolve(receipt.last, registered, self._caller.actor)
        self.recorded(underlag, receipt)
        return done(receipt)._replace(facts=0)

    def _givers(self, underlag: Underlag) -> set[str]:
        """Who has given this file before, of those that two people record."""
        return self._books.hands.files.get((underlag.sha256, digest_of_facts(underlag.facts)), set())

    def append_of(self, underlag: Underlag, fields: dict[str, str]) -> Append:
        """The envelope of what an underlag has led to: the keys that all judgements so far have read are guarded."""
        mandat = next(iter(self._mandat.values()), "oppet")
        return Append(
            command_id=self._new_id(), fields=fields, actor=self._caller.actor, mandat=mandat,
            facts=(), touches=frozenset(underlag.touches), reads=frozenset(self._all_reads()), as_of=self._as_of,
        )  # fmt: skip

    def recorded(self, underlag: Underlag, receipt: Receipt) -> bool:
        """Learn where the facts of an underlag lie, and empty it.

        Whether others have changed something since the books were folded: then what was judged after the underlag's
        envelope was made is to be judged anew.
        """
        has_changed = self._learn_of_others(receipt.first - 1)
        self._as_of = receipt.last
        for n, (encoded, thought) in enumerate(zip(underlag.facts, underlag.positions, strict=True)):
            self._vouchers.pop(encoded.stream, None)
            if thought != receipt.first + n and encoded.name in OUTCOME:
                self._actual[thought] = receipt.first + n
        self._last.clear()
        underlag.facts, underlag.positions, underlag.touches = [], [], set()
        if not any(other.facts for other in self._files):
            self._position = receipt.last
        return has_changed

    def _learn_of_others(self, upto: int) -> bool:
        """Fold what others recorded before ours: nothing that was read for ours, or ours would have been refused."""
        after = self._as_of
        while after < upto and (page := self._log.read(after, upto=upto, postings=False)):
            for recorded in page:
                self._books.evolve(recorded.position, recorded.fact, recorded.actor)
            after = page[-1].position
        return after > self._as_of

    def _renumber(self) -> None:
        """Let versions follow the order in which files are recorded: units of several files are judged in another."""
        waiting = [underlag for underlag in self._files if underlag.facts]
        versions: dict[str, list[int]] = {}
        for encoded in (encoded for underlag in waiting for encoded in underlag.facts if len(waiting) > 1):
            if encoded.name not in POSTINGS:
                versions.setdefault(encoded.stream, []).append(encoded.version)
        renumbered = {stream: iter(sorted(given)) for stream, given in versions.items() if given != sorted(given)}
        for underlag in waiting if renumbered else ():
            underlag.facts = [
                encoded._replace(version=next(renumbered[encoded.stream])) if encoded.stream in renumbered else encoded
                for encoded in underlag.facts
            ]

    def _link(self, underlag: Underlag) -> None:
        """Let corrections of outcome name the positions that the facts of earlier files got."""
        for at, encoded in enumerate(underlag.facts):
            if self._actual and encoded.name == UtfallCorrected.name:
                fact = cast("UtfallCorrected", decode(encoded.name, encoded.public, encoded.private))
                rattar = tuple(sorted(self._actual.get(position, position) for position in fact.rattar))
                underlag.facts[at] = encode(replace(fact, rattar=rattar), encoded.version)

    def _all_reads(self) -> set[str]:
        return {*self._reads, *CODES, "mandat"}


def pages(facts: list[Encoded], *after: Encoded) -> Iterator[Sequence[Encoded]]:
    """The facts in pages of 10,000, the fact of a file's import last."""
    for at in range(0, len(facts), PAGE):
        yield facts[at : at + PAGE]
    if after:
        yield after


@dataclass(slots=True)
class VoucherStandsTwice(Refusal):
    """A voucher number is used once in the files given together."""

    kind = Kind.CONFLICT
    serie: str
    vernr: str

    def sentence(self) -> str:
        """Names the voucher."""
        return self.say(
            "Verifikation {self.serie} {self.vernr} står två gånger med olika innehåll i filerna: ta bort den ena.",
        )
