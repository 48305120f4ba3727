"""The choke point: every command from every entry is judged here – authorise, load, decide, append.

Web, command line and imports all pass. Books are folded from the facts and kept; the keys that a decision read are
guarded when its facts are appended, so it never rests on what has changed (`Moved`: read again, decide again).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from threading import RLock
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from ledger.domain import (
    behorighet,
    beslut,
    bokslut,
    investering,
    kontoplan,
    mandat,
    organisation,
    period,
    prognos,
    rattelse,
    registrering,
    verifikation,
    voucher_alone,
)
from ledger.domain import utfall as outcome
from ledger.domain.again import command_for
from ledger.domain.books import POSTINGS, Books
from ledger.domain.deciders import OF_COMMAND
from ledger.domain.events import KommunNamed, ProgramChanged, UtfallReported, VerifikationPosted
from ledger.domain.fact import Fact
from ledger.domain.forsok import Attempts, name_of
from ledger.domain.guards import reads
from ledger.domain.personer import People, named
from ledger.domain.rapportrader import Rapportrader
from ledger.domain.refusal import Refused
from ledger.domain.roll import Caller, mandat_for
from ledger.domain.text import length_refusals, name_refusals
from ledger.recording.codec import Encoded, encode
from ledger.recording.digests import digests
from ledger.recording.project_outcome import project_outcome
from ledger.recording.store import Append, ClockIsBehind, CommandIdTaken, FactLog, Moved, Receipt
from ledger.recording.template import encode_voucher

#: How often a command is judged again when another writer was first, before the caller is told (409).
TRIES = 4

#: Whose midnight ends a day.
STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")

Seen = TypeVar("Seen")


class Done(NamedTuple):
    """What a command did: `facts` new facts at positions `first` to `last` (none: everything was recorded already)."""

    facts: int
    first: int
    last: int
    repeated: bool


class Judged(NamedTuple):
    """A decision with what it depends on: the facts, the guard keys read, the books' position, streams' versions.

    `mandat` is by which right, as the envelope of each fact says it.
    """

    facts: tuple[Fact, ...]
    reads: frozenset[str]
    as_of: int
    versions: dict[str, int]
    mandat: str


class Ledger:
    """One municipality's ledger as the outside may use it."""

    def __init__(
        self, log: FactLog, people: People | None = None, rapporter: Mapping[str, Rapportrader] | None = None
    ) -> None:
        """Serve commands on a log. `people`: the directory, where one signs in; `rapporter`: what comments are of."""
        self.log, self.people, self.rapporter = log, people, rapporter
        self._books = Books(rapporter=rapporter)
        self._lock = RLock()
        self._attempts = Attempts()

    # ------------------------------------------------------------ commands

    def execute(self, command: Any, caller: Caller, command_id: str) -> Done:
        """Judge a command and record what it decides, durably before the answer.

        Errors: Refused (a rule is broken), CommandIdTaken (the id was used for another body), Moved (others were first
        four times in a row), ClockIsBehind.
        """
        command = named(command, caller, self.people)
        fields = digests(command)
        thorough = False
        if (append := self._at_a_glance(command, caller, command_id, fields)) is not None:
            try:
                return done(self.log.append(append))
            except Moved:
                thorough = True
        # A glance that others were before was the first try.
        for attempt in range(int(thorough), TRIES):
            try:
                judged = self.judge(command, caller, thorough=thorough)
            except Refused as refused:
                # The command may be a repetition of one that was right when it came.
                if (first := self._first_answer(command_id, fields, caller)) is not None:
                    return first
                if attempt == 0:
                    thorough = True
                    continue
                self.note_attempt(name_of(command), caller, refused)
                raise
            if not judged.facts:
                if attempt == 0 and self._anything_new():
                    continue
                return self._first_answer(command_id, fields, caller) or Done(0, 0, 0, repeated=False)
            append = Append(
                command_id=command_id, fields=fields, actor=caller.actor, mandat=judged.mandat,
                facts=encode_all(judged.facts, judged.versions),
                touches=touched(judged.facts), reads=judged.reads, as_of=judged.as_of,
            )  # fmt: skip
            try:
                receipt = self.log.append(append)
            except Moved:
                thorough = True
                self._anything_new()
                if attempt == TRIES - 1:
                    raise
                continue
            return done(receipt)
        raise Moved(command_id)

    def _at_a_glance(self, command: Any, caller: Caller, command_id: str, fields: dict[str, str]) -> Append | None:
        """A voucher in which nothing is unusual, as nearly all are; None where it takes more thought (`judge`)."""
        if type(command) is not verifikation.PostVerifikation:
            return None
        with self._lock:
            as_of = self._books.position
            seen = voucher_alone.glance(self._books, caller, command)
        if seen is None:
            return None
        return Append(
            command_id=command_id, fields=fields, actor=caller.actor, mandat=seen.mandat,
            facts=[encode_voucher(command, seen.approved)], touches=(), reads=seen.reads, as_of=as_of,
        )  # fmt: skip

    def judge(self, command: Any, caller: Caller, *, thorough: bool = True) -> Judged:
        """What a command would record now, without recording it (torrkörning). Errors: Refused.

        `thorough` looks up what stands under a voucher's number before it is written; else the log's own unique key
        is left to tell, which saves a question per voucher.
        """
        mandat_for(caller, type(command))
        command = named(command, caller, self.people)
        with self._lock:
            if thorough or self._books.position == 0 or isinstance(command, rattelse.CorrectRegistrering):
                self.catch_up()
            if isinstance(command, outcome.ReportUtfall):
                known = delivered(self.log, command.period, command.ansvar)
                facts, newest = outcome.decide(self._books, known, command), known.version
            else:
                facts, newest = decide(self._books, self.log, command, thorough=thorough), 0
            facts, right = self.allowed(self._books, caller, command, facts)
            # A stream that has moved since is found out by its version, so this is taken before the lock is let go.
            versions = {
                fact.stream: newest if fact.name in POSTINGS else self._books.versions.get(fact.stream, 0)
                for fact in facts
            }
            keys = frozenset(reads(self._books, command))
            return Judged(tuple(facts), keys, self._books.position, versions, right)

    def allowed(
        self, books: Books, caller: Caller, command: Any, facts: list[Fact], *, closed: bool | None = None
    ) -> behorighet.Allowed:
        """What of a judged command the caller may record, and by which right. Errors: Refused.

        `books` are those that it was judged in. Of a file is said whether it was bound by mandates when it began.
        """
        if refusals := list(period.posting_refusals(books, facts)):
            raise Refused(refusals)
        is_closed = books.of(mandat.State).is_closed if closed is None else closed
        asked = behorighet.Asked(caller, self._today, in_file=closed is not None)
        return behorighet.allowed(books, asked, command, facts, is_closed=is_closed)

    def note_attempt(self, kommando: str, caller: Caller, refused: Refused) -> None:
        """Record that a caller was refused, once there are mandates; not every time, if it happens often."""
        with self._lock:
            self.catch_up()
            if not self._books.of(mandat.State).is_closed:
                return
            fact = self._attempts.noted_as(caller.actor, kommando, refused, self.log.now())
            for _ in range(TRIES if fact else 0):
                self.catch_up()
                position = self._books.position
                append = Append(
                    command_id=f"forsok/{caller.actor}/{position}", fields={}, actor=caller.actor, mandat="-",
                    facts=encode_all([fact] if fact else [], self._books.versions), as_of=position,
                )  # fmt: skip
                with suppress(Moved, CommandIdTaken, ClockIsBehind):
                    self.log.append(append)
                    return

    def _today(self) -> date:
        return self.log.now().astimezone(STOCKHOLM).date()

    def open(self, kommun: str | None, version: str, caller: Caller) -> None:
        """Note the municipality's name and the program's version where they are new. May be called at every start.

        Errors: Refused for a name that is no name.
        """
        if kommun is not None and (faults := [*name_refusals(kommun, "kommun"), *length_refusals(kommun, "kommun")]):
            raise Refused(faults)
        with self._lock:
            self.catch_up()
            facts: list[Fact] = [KommunNamed(kommun)] if kommun and self._books.kommun != kommun else []
            if self._books.program != version:
                facts.append(ProgramChanged(version))
            if not facts:
                return
            append = Append(
                command_id=f"start/{self._books.position}/{version}", fields={}, actor=caller.actor, mandat="start",
                facts=encode_all(facts, self._books.versions), touches=(), reads=(), as_of=self._books.position,
            )  # fmt: skip
            # Moved: another process opened the ledger at the same moment.
            with suppress(Moved):
                self.log.append(append)
            self.catch_up()

    @property
    def kommun(self) -> str | None:
        """The municipality's name, where `liggare init` gave one."""
        with self._lock:
            self.catch_up()
            return self._books.kommun

    def look(self, ask: Callable[[Books, date], Seen]) -> Seen:
        """What the books as of now, and today, answer to a question that changes nothing."""
        with self._lock:
            self.catch_up()
            return ask(self._books, self._today())

    # ------------------------------------------------------------ books

    def catch_up(self) -> int:
        """Fold what has been recorded since; the position that the books hold as of."""
        with self._lock:
            self._books.position = fold(self.log, self._books)
            return self._books.position

    def _anything_new(self) -> bool:
        with self._lock:
            before = self._books.position
            return self.catch_up() > before

    def _first_answer(self, command_id: str, fields: dict[str, str], caller: Caller) -> Done | None:
        """What a caller was answered before; what somebody else did is no answer to who may not do it."""
        receipt = self.log.receipt(command_id, fields)
        facts = self.log.read(receipt.first - 1, upto=receipt.first, limit=1) if receipt else []
        return done(receipt) if receipt and facts[0].actor in caller.hands else None


def fold(log: FactLog, books: Books) -> int:
    """Fold into the books what the log holds beyond them, postings apart; the position they then hold as of."""
    head = log.head().position
    after = books.position
    while after < head:
        page = log.read(after, upto=head, postings=False)
        for recorded in page:
            books.evolve(recorded.position, recorded.fact, recorded.actor)
            after = recorded.position
        if not page:
            break
    return max(head, books.position)


def decide(books: Books, log: FactLog, command: Any, *, thorough: bool = True) -> list[Fact]:
    """The facts that a command leads to, by the decider of its kind. Errors: Refused."""
    match command:
        case verifikation.PostVerifikation():
            name = command.serie, command.vernr, command.bokforingsdatum.year
            known = _voucher(log, name) if thorough or command.rattar else None
            original = _voucher(log, command.rattar) if command.rattar else None
            return verifikation.decide(books, command, known, original)
        case outcome.ReportUtfall():
            return outcome.decide(books, delivered(log, command.period, command.ansvar), command)
        case rattelse.CorrectRegistrering():
            return _correct(books, log, command)
        case bokslut.CloseYear():
            return bokslut.decide(books, command, project_outcome(log, command.ar))
        case registrering.ConfirmRegistrering(at):
            fact = registrering.waiting(books, at)
            return registrering.confirmed(at, fact, decide(books, log, command_for(fact)))
    return _decide_by_books(books, command)


def _decide_by_books(books: Books, command: Any) -> list[Fact]:
    """As `decide`, of commands that need nothing but the books."""
    match command:
        case organisation.RegisterUnit():
            return organisation.decide(books.organisation, command)
        case kontoplan.DefineKonto() | kontoplan.DefineVerksamhet():
            return kontoplan.decide(books.charts, command)
        case investering.ChangeProjekt():
            return investering.decide(books.projects, books.organisation, command)
        case beslut.DecideBeslut():
            return beslut.decide(books, command)
        case prognos.SubmitPrognos():
            return prognos.decide(books, command)
        case period.BeginClosing() | period.ClosePeriod() | period.OpenPeriod():
            return period.decide(books, command)
    if decider := OF_COMMAND.get(type(command)):
        return decider.decide(books, command)
    msg = f"no decider takes {type(command).__name__}"
    raise TypeError(msg)


def delivered(log: FactLog, month: str, ansvar: str) -> outcome.Delivered:
    """What is reported of one unit and month, folded from its stream."""
    state = outcome.Delivered()
    for recorded in log.stream(UtfallReported(month, ansvar, ()).stream):
        state.evolve(recorded.position, recorded.fact)
    return state


def _voucher(log: FactLog, name: tuple[str, str, int]) -> verifikation.Found | None:
    stream = log.stream(verifikation.Voucher(*name).stream)
    return verifikation.Found(stream[0].position, stream[0].fact) if stream else None


def _correct(books: Books, log: FactLog, command: rattelse.CorrectRegistrering) -> list[Fact]:
    """Judge the right registration in books without the wrong one, which must be among what they know."""
    known = 0 < command.rattar <= books.position
    page = log.read(command.rattar - 1, upto=command.rattar, limit=1) if known else []
    wrong = rattelse.wrong_fact(books.corrections, command.rattar, page[0].fact if page else None)
    rattelse.check_family(command, wrong)
    books.forget(command.rattar, wrong)
    try:
        right = [] if command.kommando is None else decide(books, log, command.kommando)
        facts = rattelse.decide(command, wrong, right)
        for fact in right:
            books.learn(command.rattar, fact)
        refusals = list(rattelse.remaining_refusals(books, wrong))
        for fact in right:
            books.forget(command.rattar, fact)
        if refusals:
            raise Refused(refusals)
    finally:
        books.learn(command.rattar, wrong)
    return facts


def encode_all(facts: Iterable[Fact], versions: dict[str, int]) -> list[Encoded]:
    """Facts as they are kept, each with the version after the newest in its stream; a voucher is alone in its own."""
    taken: dict[str, int] = {}
    encoded = []
    for fact in facts:
        stream = fact.stream
        newest = 0 if isinstance(fact, VerifikationPosted) else versions.get(stream, 0)
        taken[stream] = taken.get(stream, newest) + 1
        encoded.append(encode(fact, taken[stream]))
    return encoded


def touched(facts: Iterable[Fact]) -> frozenset[str]:
    """The guard keys that facts touch."""
    return frozenset(key for fact in facts for key in fact.keys)


def done(receipt: Receipt) -> Done:
    """A receipt as the outside sees it."""
    return Done(receipt.last - receipt.first + 1, receipt.first, receipt.last, receipt.repeated)
