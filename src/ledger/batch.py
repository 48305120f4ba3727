"""Files judged together, each recorded in one transaction: the bulk side of the choke point.

A batch has books of its own. Every command is judged as if those before it were recorded; nothing is written until all
are judged. Facts are kept encoded, so that a file of a million rows fits in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.application import Done, Ledger, decide, delivered, done, fold, reads
from ledger.domain import utfall as outcome
from ledger.domain import verifikation
from ledger.domain.books import POSTINGS, Books
from ledger.domain.events import FilImported, UtfallCorrected, UtfallReported, VerifikationPosted
from ledger.domain.fact import Fact
from ledger.domain.refusal import Kind, Refusal, Refused, refuse
from ledger.domain.roll import Caller, mandat_for
from ledger.recording.codec import Encoded, decode, encode
from ledger.recording.store import Append

#: Facts per COPY batch, and the most that one file may record in one transaction.
PAGE = 10_000
LARGEST_FILE = 250_000


@dataclass(slots=True)
class Underlag:
    """A file on its way in: what it is, and the facts it leads to so far."""

    sha256: str
    slag: str
    filnamn: str
    facts: list[Encoded] = field(default_factory=list)
    touches: set[str] = field(default_factory=set)


class Batch:
    """Commands from files, judged in turn against books that learn as they go."""

    def __init__(self, ledger: Ledger, caller: Caller, new_id: Callable[[], str]) -> None:
        """Begin with books of what is recorded now."""
        self._log = ledger.log
        self._caller = caller
        self._new_id = new_id
        self._books = Books()
        self._as_of = fold(self._log, self._books)
        self._position = self._as_of
        self._reads: set[str] = set()
        self._mandat: dict[type[Any], str] = {}
        self._delivered: dict[tuple[str, str], outcome.Delivered] = {}
        self._vouchers: dict[str, int] = {}
        self._prefixes: dict[str, bool] = {}
        self._files: list[Underlag] = []

    # ------------------------------------------------------------ judging

    def judge(self, underlag: Underlag, command: Any) -> int:
        """Judge one command; the number of new facts. Errors: Refused, and then nothing of the command is kept."""
        self._authorise(type(command))
        if isinstance(command, verifikation.PostVerifikation):
            return self._keep(underlag, self._decide_voucher(command, self._voucher(command)))
        if isinstance(command, outcome.ReportUtfall):
            key = command.period, command.ansvar
            if key not in self._delivered:
                self._delivered[key] = delivered(self._log, *key)
            facts = outcome.decide(self._books, self._delivered[key], command)
        else:
            facts = decide(self._books, self._log, command)
        self._reads |= reads(self._books, command)
        return self._keep(underlag, facts)

    def vouchers(self, underlag: Underlag, commands: Sequence[verifikation.PostVerifikation]) -> dict[int, Refused]:
        """Judge many vouchers with one look-up in the log; the refusals by place in `commands`."""
        if commands:
            self._authorise(verifikation.PostVerifikation)
        streams = [_voucher_of(command).stream for command in commands]
        known = self._log.versions([stream for stream in streams if self._may_exist(stream)])
        refused: dict[int, Refused] = {}
        for n, (command, stream) in enumerate(zip(commands, streams, strict=True)):
            try:
                self._keep(underlag, self._decide_voucher(command, self._found(stream) if stream in known else None))
            except Refused as refusal:
                refused[n] = refusal
        return refused

    def _decide_voucher(self, command: verifikation.PostVerifikation, known: verifikation.Found | None) -> list[Fact]:
        original = None
        if command.rattar is not None:
            name = verifikation.Voucher(*command.rattar)
            original = self._found(name.stream) or self._on_its_way(name.stream)
            self._reads.add(name.stream)
        facts = verifikation.decide(self._books, command, known, original)
        for fact in facts:
            digest = hash(fact)
            if (earlier := self._vouchers.get(fact.stream)) is not None:
                if earlier == digest:
                    return []
                raise refuse(VoucherStandsTwice(command.serie, command.vernr, kolumn="vernr", rad=0))
            self._vouchers[fact.stream] = digest
        self._reads.add(f"period/{command.bokforingsdatum.year}-{command.bokforingsdatum.month:02d}")
        return facts

    def _voucher(self, command: verifikation.PostVerifikation) -> verifikation.Found | None:
        return self._found(_voucher_of(command).stream)

    def _found(self, stream: str) -> verifikation.Found | None:
        recorded = self._log.stream(stream)
        return verifikation.Found(recorded[0].position, recorded[0].fact) if recorded else None

    def _on_its_way(self, stream: str) -> verifikation.Found | None:
        """A voucher of this batch that is not yet recorded."""
        if stream not in self._vouchers:
            return None
        for underlag in self._files:
            for encoded in underlag.facts:
                if encoded.stream == stream:
                    return verifikation.Found(0, decode(encoded.name, encoded.public, encoded.private))
        return None

    def _may_exist(self, stream: str) -> bool:
        """Whether any voucher of the same year and serie is recorded: most files open a new one."""
        prefix = stream.rpartition("/")[0] + "/"
        if prefix not in self._prefixes:
            self._prefixes[prefix] = self._log.any_under(prefix)
        return self._prefixes[prefix]

    def _authorise(self, command: type[Any]) -> None:
        if command not in self._mandat:
            self._mandat[command] = mandat_for(self._caller, command)

    def _keep(self, underlag: Underlag, facts: list[Fact]) -> int:
        for fact in facts:
            self._position += 1
            underlag.facts.append(encode(fact, self._next_version(fact)))
            underlag.touches.update(fact.keys)
            if isinstance(fact, UtfallReported | UtfallCorrected):
                self._delivered[fact.period, fact.ansvar].evolve(self._position, fact)
            elif fact.name not in POSTINGS:
                self._books.evolve(self._position, fact)
        return len(facts)

    def _next_version(self, fact: Fact) -> int:
        if isinstance(fact, VerifikationPosted):
            return 1
        stream = fact.stream
        version = self._books.versions.get(stream, 0)
        if fact.name in POSTINGS:
            if not version:
                version = self._log.versions([stream]).get(stream, 0)
            self._books.versions[stream] = version + 1
        return version + 1

    # ------------------------------------------------------------ recording

    def take(self, sha256: str, slag: str, filnamn: str) -> Underlag:
        """A file whose commands will be judged."""
        underlag = Underlag(sha256, slag, filnamn)
        self._files.append(underlag)
        return underlag

    def record(self, underlag: Underlag, rader: tuple[int, int], progress: Callable[[int], None] | None = None) -> Done:
        """Record what a file has led to, in one transaction with the fact of its import. Nothing new: nothing.

        `rader` are the first and last row of the file that the facts come from.
        Errors: Moved (another writer changed what was read; judge again), ClockIsBehind.
        """
        if not underlag.facts:
            return Done(0, 0, 0, repeated=False)
        imported = FilImported(
            underlag.sha256, underlag.slag, rader[1] - rader[0] + 1, len(underlag.facts), underlag.filnamn, *rader
        )
        version = self._books.versions.get(imported.stream, 0) + 1
        self._books.versions[imported.stream] = version
        mandat = next(iter(self._mandat.values()), "oppet")
        append = Append(
            command_id=self._new_id(), fields={"fil": underlag.sha256}, actor=self._caller.actor, mandat=mandat,
            facts=(), touches=frozenset(underlag.touches), reads=frozenset(self._all_reads()), as_of=self._as_of,
        )  # fmt: skip
        receipt = self._log.append_file(_pages(underlag.facts, encode(imported, version)), append, progress)
        # What was read was judged again under the lock, so everything up to here is known.
        self._as_of = receipt.last
        facts = len(underlag.facts)
        underlag.facts = []
        underlag.touches = set()
        return done(receipt)._replace(facts=facts)

    def _all_reads(self) -> set[str]:
        return {*self._reads, "organisation", "verksamhet", "konto"}


def _voucher_of(command: verifikation.PostVerifikation) -> verifikation.Voucher:
    return verifikation.Voucher(command.serie, command.vernr, command.bokforingsdatum.year)


def _pages(facts: list[Encoded], imported: Encoded) -> Iterator[Sequence[Encoded]]:
    """The facts in pages of 10,000, the fact of the import last."""
    for at in range(0, len(facts), PAGE):
        yield facts[at : at + PAGE]
    yield [imported]


@dataclass(slots=True)
class VoucherStandsTwice(Refusal):
    """A voucher number is used once in the files given together."""

    kind = Kind.CONFLICT
    serie: str
    vernr: str

    def sentence(self) -> str:
        """Names the voucher."""
        return f"Verifikation {self.serie} {self.vernr} står två gånger med olika innehåll i filerna: ta bort den ena."
