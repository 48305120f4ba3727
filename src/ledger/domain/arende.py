"""Cases: a proposal on its way to a decision, each version bound to a digest of exactly what it says.

Folds: ArendeDecided, ArendeDrafted, ArendeProposed, ArendeReturned, ArendeReviewed, ArendeWithdrawn, JavDeclared.
Touches: arende/<arende>.     Guards: only what is proposed is attested, and only the version and content that was seen.
Not here: who may take a step (fyra_ogon.py, behorighet.py); decisions of political bodies (registrering.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ledger.domain import arende_refusals as no
from ledger.domain import beslut
from ledger.domain.beslut import DecideBeslut
from ledger.domain.beslutanderatt import Matter, matter_of, right_of, who_may
from ledger.domain.events import Beslut
from ledger.domain.events_behorighet import (
    ArendeDecided,
    ArendeDrafted,
    ArendeProposed,
    ArendeReturned,
    ArendeReviewed,
    ArendeWithdrawn,
    JavDeclared,
)
from ledger.domain.fact import PRIVATE_FIELDS, Fact
from ledger.domain.kodstrang import BESLUTSTYPER
from ledger.domain.language import N_
from ledger.domain.mandat import political_tree
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.rorelse import Rorelse
from ledger.domain.text import length_refusals, name_refusals, text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books


@dataclass(frozen=True, slots=True)
class DraftArende:
    """What a case would decide; a draft of a case that is not decided becomes its next version."""

    arende: str
    typ: str
    rorelser: tuple[Rorelse, ...]
    diarienummer: str | None = None
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class ProposeArende:
    """A version is proposed for decision."""

    arende: str
    version: int
    digest: str
    datum: date


@dataclass(frozen=True, slots=True)
class ReviewArende:
    """Granskningsattest of the proposed version."""

    arende: str
    version: int
    digest: str
    datum: date


@dataclass(frozen=True, slots=True)
class DecideArende:
    """Beslutsattest of the proposed version by `beslutsorgan`: the function as whose holder the caller decides."""

    arende: str
    version: int
    digest: str
    beslutsorgan: str
    beslutsdatum: date
    paragraf: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnArende:
    """The proposal goes back, with the reason."""

    arende: str
    version: int
    motivering: str


@dataclass(frozen=True, slots=True)
class WithdrawArende:
    """The case is withdrawn."""

    arende: str
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class DeclareJav:
    """The caller is jävig and takes no part."""

    arende: str
    motivering: str | None = None


COMMANDS = (DraftArende, ProposeArende, ReviewArende, DecideArende, ReturnArende, WithdrawArende, DeclareJav)
DOES: Final[Mapping[type[Any], str]] = {
    DraftArende: N_("skriva ärenden"),
    ProposeArende: N_("föreslå beslut"),
    ReviewArende: N_("granska förslag"),
    DecideArende: N_("besluta i ärenden"),
    ReturnArende: N_("återlämna förslag"),
    WithdrawArende: N_("dra tillbaka ärenden"),
    DeclareJav: N_("anmäla jäv"),
}

#: Nothing here is put right with --rattar: a step or a right is followed by another.
CORRECTABLE: Final[Mapping[type[Fact], type[Any]]] = {}


#: Cases that nothing more happens in.
ENDED: Final = frozenset({"beslutat", "aterkallat"})


@dataclass(slots=True)
class Arende:
    """A case as it stands: its newest draft and how far that has come (`lage`).

    `fell`: whoever wrote or proposed it has turned out to be jävig, so that another writes and proposes it anew.
    """

    drafted: ArendeDrafted
    lage: str = "utkast"
    till: str = ""
    datum: date | None = None
    reviewed: bool = False
    fell: bool = False

    def matter(self, day: date) -> Matter:
        """What it would decide on a day."""
        return Matter(self.drafted.typ, self.drafted.rorelser, day)


@dataclass(slots=True)
class State:
    """Cases by name."""

    cases: dict[str, Arende] = field(default_factory=dict)

    def evolve(self, _position: int, fact: Fact) -> None:
        """Learn of a step."""
        if isinstance(fact, ArendeDrafted):
            self.cases[fact.arende] = Arende(fact)
        elif isinstance(fact, ArendeProposed):
            case = self.cases[fact.arende]
            case.lage, case.till, case.datum = "foreslaget", fact.till, fact.datum
        elif isinstance(fact, ArendeReviewed):
            self.cases[fact.arende].reviewed = True
        elif isinstance(fact, JavDeclared):
            # It may have been the one who reviewed: whoever is not jävig reviews again.
            case = self.cases[fact.arende]
            case.reviewed = False
            if fact.forslog and case.lage not in ENDED:
                case.fell, case.lage = True, "aterlamnat"
        elif isinstance(fact, ArendeReturned):
            self.cases[fact.arende].lage = "aterlamnat"
        elif isinstance(fact, ArendeWithdrawn):
            self.cases[fact.arende].lage = "aterkallat"
        elif isinstance(fact, ArendeDecided):
            self.cases[fact.arende].lage = "beslutat"

    def forget(self, _position: int, _fact: Fact) -> None:
        """A step is not corrected; the decision that a case led to may be."""


def digest_of(typ: str, rorelser: tuple[Rorelse, ...], diarienummer: str | None, version: int) -> str:
    """The SHA-256 of what a version says. Free text is bound by the version alone: it may be erased lawfully."""
    rows = [
        {name: value for name, value in r._asdict().items() if value is not None and name not in PRIVATE_FIELDS}
        for r in rorelser
    ]
    content = {"typ": typ, "rorelser": rows, "diarienummer": diarienummer, "version": version}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def reads(command: Any) -> set[str]:
    """The case, the mandates, and the codes; see `reads_in` for what a decision reads besides."""
    return {f"arende/{command.arende}", "mandat", "organisation", "verksamhet", "konto"}


def reads_in(books: Books, command: Any) -> set[str]:
    """The keys of the budget decision that a step judges."""
    case = books.of(State).cases.get(command.arende)
    if case is None or not isinstance(command, DecideArende | ProposeArende):
        return set()
    day = command.beslutsdatum if isinstance(command, DecideArende) else command.datum
    return beslut.reads(books, command_of(case, "-", day))


def decide(books: Books, command: Any) -> list[Fact]:
    """What a step adds to a case. Checks in order: its texts, the case and version, then what the step needs."""
    refusals = [*text_refusals(getattr(command, "motivering", None), "motivering")]
    refusals.extend([*name_refusals(command.arende, "arende"), *length_refusals(command.arende, "arende")])
    if refusals:
        raise Refused(refusals)
    if isinstance(command, DraftArende):
        return _draft(books, command)
    case = books.of(State).cases.get(command.arende)
    if case is None:
        raise refuse(no.ArendeIsMissing(command.arende, kolumn="arende", varde=command.arende))
    if isinstance(command, DeclareJav):
        return [JavDeclared(command.arende, command.motivering)]
    if case.lage in ENDED:
        raise refuse(no.ArendeHasEnded(command.arende, case.lage, kolumn="arende", varde=command.arende))
    if isinstance(command, WithdrawArende):
        return [ArendeWithdrawn(command.arende, command.motivering)]
    if refusals := list(_version_refusals(case, command)):
        raise Refused(refusals)
    return _step(books, case, command)


def _draft(books: Books, command: DraftArende) -> list[Fact]:
    """A new version, if the case is not decided and says something else than before."""
    refusals: list[Refusal] = []
    if command.typ not in BESLUTSTYPER:
        raise refuse(no.TypIsUnknown(BESLUTSTYPER, kolumn="typ", varde=command.typ))
    case = books.of(State).cases.get(command.arende)
    if case is not None and case.lage in ENDED:
        raise refuse(no.ArendeHasEnded(command.arende, case.lage, kolumn="arende", varde=command.arende))
    version = 1 if case is None else case.drafted.version + 1
    digest = digest_of(command.typ, command.rorelser, command.diarienummer, version)
    fact = ArendeDrafted(
        command.arende, version, command.typ, command.rorelser, digest, command.diarienummer, command.motivering
    )
    # Everything that does not depend on who decides is judged now, so that no hopeless draft waits for its attest.
    refusals.extend(beslut.shape_refusals(books, command_of(Arende(fact), "-", date.max)))
    if refusals:
        raise Refused(refusals)
    same = (
        case is not None
        and not case.fell
        and (
            (case.drafted.typ, case.drafted.rorelser, case.drafted.diarienummer, case.drafted.motivering)
            == (command.typ, command.rorelser, command.diarienummer, command.motivering)
        )
    )
    return [] if same else [fact]


def _version_refusals(case: Arende, command: Any) -> Iterator[Refusal]:
    """Whether a step is of the newest version, and of exactly its content."""
    newest = case.drafted
    if command.version != newest.version or getattr(command, "digest", newest.digest) != newest.digest:
        yield no.ArendeHasChanged(
            command.arende, command.version, newest.version, kolumn="version", varde=str(command.version)
        )
    elif case.fell:
        yield no.ProposalIsOfJavig(command.arende, kolumn="arende", varde=command.arende)
    elif isinstance(command, ProposeArende):
        if case.lage == "foreslaget":
            yield no.ArendeIsProposedAlready(command.arende, kolumn="arende", varde=command.arende)
    elif case.lage != "foreslaget":
        yield no.ArendeIsNotProposed(command.arende, case.lage, kolumn="arende", varde=command.arende)


def _step(books: Books, case: Arende, command: Any) -> list[Fact]:
    if isinstance(command, ProposeArende):
        who = who_may(books, case.matter(command.datum))
        return [ArendeProposed(command.arende, command.version, command.digest, command.datum, who[0] if who else "-")]
    if isinstance(command, ReviewArende):
        if case.reviewed:
            return []
        if case.datum is not None and command.datum < case.datum:
            raise refuse(no.ReviewLiesBeforeProposal(command.datum, case.datum, kolumn="datum"))
        return [ArendeReviewed(command.arende, command.version, command.digest, command.datum)]
    if isinstance(command, ReturnArende):
        if not command.motivering.strip():
            raise refuse(no.ReturnHasNoReason(kolumn="motivering"))
        return [ArendeReturned(command.arende, command.version, command.motivering)]
    return _decision(books, case, command)


def _decision(books: Books, case: Arende, command: DecideArende) -> list[Fact]:
    """The budget decision and the end of the case. Errors: Refused."""
    if political_tree(books, command.beslutsorgan, command.beslutsdatum) is not None:
        raise refuse(no.BodyDecidesInMeeting(command.beslutsorgan, kolumn="beslutsorgan", varde=command.beslutsorgan))
    if case.datum is not None and command.beslutsdatum < case.datum:
        raise refuse(
            no.DecisionLiesBeforeProposal(
                command.beslutsdatum, case.datum, kolumn="beslutsdatum", varde=str(command.beslutsdatum)
            )
        )
    facts = beslut.decide(books, command_of(case, command.beslutsorgan, command.beslutsdatum, command.paragraf))
    if not facts:
        raise refuse(no.DecisionIsRecordedAlready(command.arende, kolumn="arende", varde=command.arende))
    decided = next(fact for fact in facts if isinstance(fact, Beslut))
    right = right_of(books, command.beslutsorgan, matter_of(books, decided))
    mandat, anmals = (None, False) if right is None else (right.mandat, right.anmals)
    return [
        *facts,
        ArendeDecided(
            command.arende, command.version, command.digest, command.beslutsorgan, command.beslutsdatum, mandat, anmals
        ),
    ]


def command_of(case: Arende, organ: str, day: date, paragraf: str | None = None) -> DecideBeslut:
    """The budget decision that a case leads to when an organ decides it on a day; the case names it in the minutes."""
    kind = next(command for command in beslut.COMMANDS if command.typ == case.drafted.typ)
    diarienummer = case.drafted.diarienummer or case.drafted.arende
    return kind(organ, day, case.drafted.rorelser, paragraf, diarienummer)
