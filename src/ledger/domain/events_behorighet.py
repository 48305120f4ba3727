"""Facts of who may do what, and of matters on their way to a decision. Continues events.py.

Who did it is never said here but in the envelope (`actor`); a `person` is a pseudonym too. `mandat` and `registrering`
are positions of facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.domain.fact import Fact
from ledger.domain.rorelse import Rorelse

# ---------------------------------------------------------------- mandates


@dataclass(frozen=True, slots=True)
class OppetLageEnded(Fact, name="oppet_lage_ended", stream="lage", touches=("mandat",)):
    """The first mandate is given, decided on this day: from here on money moves only by right, for ever."""

    beslutsdatum: date


@dataclass(frozen=True, slots=True)
class MandatGranted(
    Fact, name="mandat_granted", stream="mandat/{funktion}/{person}/{far}/{niva}/{ansvar}/{fran}", touches=("mandat",)
):
    """Whoever holds `funktion`, or `person`, may decide `far` in the tree of `ansvar`.

    Money may move between units of level `niva` and below, up to `beloppsgrans_ore` a decision (none: no limit).
    `anmals`: what is decided by it is reported back to the nämnd.
    """

    far: str
    ansvar: str
    fran: date
    beslutsorgan: str
    beslutsdatum: date
    funktion: str | None = None
    person: str | None = None
    niva: str | None = None
    beloppsgrans_ore: int | None = None
    till: date | None = None
    paragraf: str | None = None
    delegationspunkt: str | None = None
    anmals: bool = False

    @property
    def holder(self) -> str:
        """Whose it is: a function's, or a person's."""
        return self.funktion or self.person or ""


@dataclass(frozen=True, slots=True)
class MandatEnded(Fact, name="mandat_ended", stream="mandat_slut/{mandat}", touches=("mandat",)):
    """The mandate's last day, decided after it was given."""

    mandat: int
    till: date
    beslutsorgan: str
    beslutsdatum: date
    paragraf: str | None = None
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class AttestantNamed(
    Fact, name="attestant_named", stream="attest/{ansvar}/{ar}/{uppgift}/{person}/{fran}", touches=("mandat",)
):
    """A row of the attestförteckning of a unit and year: `uppgift` granskning, or beslut as holder of `funktion`."""

    ansvar: str
    ar: int
    uppgift: str
    person: str
    fran: date
    till: date
    funktion: str | None = None
    ersattare: bool = False


# ---------------------------------------------------------------- cases


@dataclass(frozen=True, slots=True)
class ArendeDrafted(Fact, name="arende_drafted", stream="arende/{arende}", touches=("arende/{arende}",)):
    """A case as it is drafted: what would be decided, in a version of its own. `digest` is of its public content."""

    arende: str
    version: int
    typ: str
    rorelser: tuple[Rorelse, ...]
    digest: str
    diarienummer: str | None = None
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class ArendeProposed(Fact, name="arende_proposed", stream="arende/{arende}", touches=("arende/{arende}",)):
    """A version is proposed for decision by `till`, the lowest who may decide it on this day."""

    arende: str
    version: int
    digest: str
    datum: date
    till: str


@dataclass(frozen=True, slots=True)
class ArendeReviewed(Fact, name="arende_reviewed", stream="arende/{arende}", touches=("arende/{arende}",)):
    """Granskningsattest of exactly this version."""

    arende: str
    version: int
    digest: str
    datum: date


@dataclass(frozen=True, slots=True)
class ArendeReturned(Fact, name="arende_returned", stream="arende/{arende}", touches=("arende/{arende}",)):
    """The proposal goes back to those who drafted it, and why."""

    arende: str
    version: int
    motivering: str


@dataclass(frozen=True, slots=True)
class ArendeWithdrawn(Fact, name="arende_withdrawn", stream="arende/{arende}", touches=("arende/{arende}",)):
    """The case comes to nothing."""

    arende: str
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class ArendeDecided(Fact, name="arende_decided", stream="arende/{arende}", touches=("arende/{arende}",)):
    """Beslutsattest of exactly this version; the budget decision is the fact just before, by `mandat`, if by any."""

    arende: str
    version: int
    digest: str
    beslutsorgan: str
    beslutsdatum: date
    mandat: int | None = None
    anmals: bool = False


@dataclass(frozen=True, slots=True)
class JavDeclared(Fact, name="jav_declared", stream="arende/{arende}", touches=("arende/{arende}",)):
    """Whoever records this is jävig and takes no part in the case (KL 6:28-32, 7:4).

    `forslog`: the version that is on its way is written or proposed by the same person, so that it falls.
    """

    arende: str
    motivering: str | None = None
    forslog: bool | None = None


# ---------------------------------------------------------------- two people


@dataclass(frozen=True, slots=True)
class RegistreringMade(Fact, name="registrering_made"):
    """One person has recorded `fakta`, which counts when another confirms it (registreringskontroll)."""

    fakta: Fact

    @property
    def stream(self) -> str:
        """As the fact's own, under `registrering/`."""
        return f"registrering/{self.fakta.stream}"


@dataclass(frozen=True, slots=True)
class RegistreringConfirmed(
    Fact,
    name="registrering_confirmed",
    stream="registrering_klar/{registrering}",
    touches=("registrering/{registrering}",),
):
    """A second person confirms: the fact just before is what was registered."""

    registrering: int


@dataclass(frozen=True, slots=True)
class RegistreringDropped(
    Fact,
    name="registrering_dropped",
    stream="registrering_klar/{registrering}",
    touches=("registrering/{registrering}",),
):
    """A registration is taken back before it counted, and why."""

    registrering: int
    motivering: str


@dataclass(frozen=True, slots=True)
class FilRegistered(Fact, name="fil_registered", stream="fil_registrerad/{sha256}", touches=("fil/{sha256}",)):
    """One person has read in a file of decisions or mandates; it counts when another reads in the same file.

    `digest` is of the facts that it leads to, so that it is the same thing that the other confirms.
    """

    sha256: str
    slag: str
    rader: int
    fakta: int
    digest: str
    filnamn: str | None = None


@dataclass(frozen=True, slots=True)
class ForsokRefused(Fact, name="forsok_refused", stream="forsok/{kommando}/{regel}"):
    """An attempt that a rule refused: which command, which rule, what kind; `antal` with those not noted one by one."""

    kommando: str
    regel: str
    slag: str
    antal: int = 1


# ---------------------------------------------------------------- periods and years


@dataclass(frozen=True, slots=True)
class ClosingBegun(Fact, name="closing_begun", stream="period/{period}/{ansvar}", touches=("period/{period}",)):
    """A förvaltning has begun to close a month; postings are still taken."""

    period: str
    ansvar: str


@dataclass(frozen=True, slots=True)
class ForvaltningClosed(
    Fact, name="forvaltning_closed", stream="period/{period}/{ansvar}", touches=("period/{period}",)
):
    """A month takes no more postings on the units under a förvaltning; `motivering` where the checklist had more."""

    period: str
    ansvar: str
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class ForvaltningOpened(
    Fact, name="forvaltning_opened", stream="period/{period}/{ansvar}", touches=("period/{period}",)
):
    """A month takes postings again on the units under a förvaltning, and why."""

    period: str
    ansvar: str
    motivering: str


@dataclass(frozen=True, slots=True)
class LatePosted(Fact, name="late_posted", stream="verifikation_sen/{ar}/{serie}/{vernr}"):
    """The voucher just before belongs to an earlier day, whose month was closed when it was found (BFL 5:5)."""

    serie: str
    vernr: str
    ar: int
    ursprungsdatum: date


class Ingaende(NamedTuple):
    """What a project, or a unit with an investment frame of its own, begins a year with, in öre.

    Outcome since it began, in the slag's own direction, and what was left unused of the last year's frame.
    """

    nyckel: str
    utgift_ore: int
    inkomst_ore: int
    kvar_av_ram_ore: int


@dataclass(frozen=True, slots=True)
class YearClosed(Fact, name="year_closed", stream="bokslut/{ar}", touches=("bokslut/{ar}",)):
    """The bokslut of a year is decided, and the next year begins: `ingaende` is what projects bring with them."""

    ar: int
    beslutsorgan: str
    beslutsdatum: date
    ingaende: tuple[Ingaende, ...]
    paragraf: str | None = None
