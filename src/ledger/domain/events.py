"""Every fact of the ledger, in the order of a budget year: read it from top to bottom.

Amounts are öre (`…_ore`, whole numbers). Budget and forecast amounts are magnitudes in the slag's own direction (an
intakt of 100 is 100 more income); outcome amounts have the books' sign (cost +, income −). Every fact carries its own
date; when the ledger learned of it is in the envelope, not here. Fields named in `fact.PRIVATE_FIELDS` are private.

Who may do what is said by events_behorighet.py; values and measures beside the money by events_uppfoljning.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.domain.fact import Fact, part
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.rorelse import Rorelse, Sida, movement_keys, sides

# ---------------------------------------------------------------- the ledger itself


@dataclass(frozen=True, slots=True)
class KommunNamed(Fact, name="kommun_named", stream="liggare"):
    """The ledger is that of this municipality."""

    kommun: str


@dataclass(frozen=True, slots=True)
class ProgramChanged(Fact, name="program_changed", stream="program"):
    """From here on facts are recorded by this version of the program."""

    version: str


@dataclass(frozen=True, slots=True)
class FilImported(Fact, name="fil_imported", stream="fil/{sha256}"):
    """The facts just before this one, `fakta` in number, came from a file. A large file comes in several parts."""

    sha256: str
    slag: str
    rader: int
    fakta: int
    filnamn: str | None = None
    fran_rad: int | None = None
    till_rad: int | None = None


# ---------------------------------------------------------------- organisation and charts


@dataclass(frozen=True, slots=True)
class UnitEstablished(Fact, name="unit_established", stream="organisation/{ansvar}", touches=("organisation",)):
    """A unit of the organisation exists from a day on."""

    ansvar: str
    namn: str
    niva: str
    fran: date
    overordnad: str | None = None
    teckenregel: str | None = None


@dataclass(frozen=True, slots=True)
class UnitChanged(UnitEstablished, name="unit_changed"):
    """The unit is renamed, moved, given another level or another sign rule from a day on: its whole new version."""


@dataclass(frozen=True, slots=True)
class UnitClosed(Fact, name="unit_closed", stream="organisation/{ansvar}", touches=("organisation",)):
    """The unit's last day. It stays under its last parent while it holds figures."""

    ansvar: str
    till: date


@dataclass(frozen=True, slots=True)
class UnitMerged(UnitClosed, name="unit_merged"):
    """The unit's last day; from the next its figures lie under the unit it went into."""

    ersatt_av: str


@dataclass(frozen=True, slots=True)
class VerksamhetDefined(Fact, name="verksamhet_defined", stream="verksamhet/{kod}", touches=("verksamhet",)):
    """What money can be for: a code of SCB's räkenskapssammandrag, valid for a time."""

    kod: str
    namn: str
    fran: date
    till: date | None = None


@dataclass(frozen=True, slots=True)
class KontoDefined(Fact, name="konto_defined", stream="konto/{konto}", touches=("konto",)):
    """An account of the chart (Kommun-Bas), valid for a time. `slag`: kostnad, intakt or balans."""

    konto: str
    namn: str
    slag: str
    fran: date
    till: date | None = None


@dataclass(frozen=True, slots=True)
class ProjektChanged(Fact, name="projekt_changed", stream="projekt/{projekt}", touches=("projekt/{projekt}",)):
    """An investment project: who owns it, when it runs, and how far it has come on a day."""

    projekt: str
    namn: str
    ansvar: str
    status: str
    statusdatum: date
    grupp: str | None = None
    startar: date | None = None
    slutar: date | None = None


# ---------------------------------------------------------------- budget decisions


@dataclass(frozen=True, slots=True)
class Beslut(Fact):
    """A budget decision with its movements; the two sides of each sum to zero, so every decision does.

    `forslag` is the diary number of a proposal that the decision closes.
    """

    typ: ClassVar[str] = ""
    opens_round: ClassVar[bool] = False

    beslutsorgan: str
    beslutsdatum: date
    rorelser: tuple[Rorelse, ...]
    paragraf: str | None = None
    diarienummer: str | None = None
    kontrollsumma_ore: int | None = None
    forslag: str | None = None

    @property
    def stream(self) -> str:
        """Natural key: day, organ, paragraph, diary number and kind. A later file may add parts."""
        return f"beslut/{reference(self)}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Every unit and year, every project, the rounds it opens and the proposal it closes."""
        keys = movement_keys(self.rorelser, opens_round=self.opens_round)
        if self.forslag:
            keys.add(f"forslag/{self.forslag}")
        return tuple(sorted(keys))

    def sides(self) -> Iterator[tuple[Rorelse, Sida]]:
        """Each movement with each of its sides that has a unit."""
        for rorelse in self.rorelser:
            for side in sides(self.typ, rorelse):
                yield rorelse, side


@dataclass(frozen=True, slots=True)
class BudgetAdopted(Beslut, name="budget_adopted"):
    """Kommunfullmäktige adopts frames for nämnder: the budget year and plan years. Opens a round (omgång)."""

    typ: ClassVar[str] = "budget"
    opens_round: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class InvesteringsramDecided(Beslut, name="investeringsram_decided"):
    """Kommunfullmäktige decides the year's investment frame of a unit or project. Opens a round for it."""

    typ: ClassVar[str] = "investeringsram"
    opens_round: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class TotalutgiftDecided(Beslut, name="totalutgift_decided"):
    """The decided total of a project over all years; adds up unless a movement says `ersatter`."""

    typ: ClassVar[str] = "totalutgift"


@dataclass(frozen=True, slots=True)
class RamjusteringDecided(Beslut, name="ramjustering_decided"):
    """A frame is changed after the budget decision (anslagsförändring, RKR R14)."""

    typ: ClassVar[str] = "ramjustering"


@dataclass(frozen=True, slots=True)
class InternbudgetAdopted(Beslut, name="internbudget_adopted"):
    """A nämnd distributes its frame to förvaltningar and staber; the rest stays ofördelat."""

    typ: ClassVar[str] = "internbudget"


@dataclass(frozen=True, slots=True)
class OmfordelningDecided(Beslut, name="omfordelning_decided"):
    """Money moves between units within one year."""

    typ: ClassVar[str] = "omfordelning"


@dataclass(frozen=True, slots=True)
class OmbudgeteringDecided(Beslut, name="ombudgetering_decided"):
    """Unused investment frame is carried over to a later year."""

    typ: ClassVar[str] = "ombudgetering"


@dataclass(frozen=True, slots=True)
class DetaljbudgetSet(Beslut, name="detaljbudget_set"):
    """A unit splits its net budget into cost and income, accounts and posts."""

    typ: ClassVar[str] = "detaljbudget"


@dataclass(frozen=True, slots=True)
class PeriodiseringSet(Beslut, name="periodisering_set"):
    """How a unit's whole-year budget falls on the months."""

    typ: ClassVar[str] = "periodisering"


@dataclass(frozen=True, slots=True)
class ForslagMade(Fact, name="forslag_made"):
    """A decision that is not yet taken: pending, and counted only when asked for. Its diary number names it."""

    beslut: Beslut

    @property
    def stream(self) -> str:
        """As the decision's own, under `forslag/`."""
        return f"forslag/{reference(self.beslut)}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The proposal alone: it moves no money."""
        return (f"forslag/{self.beslut.diarienummer}",)


@dataclass(frozen=True, slots=True)
class ForslagRejected(Fact, name="forslag_rejected", touches=("forslag/{forslag}",)):
    """A proposal was turned down (avslag)."""

    typ: str
    forslag: str
    beslutsorgan: str
    beslutsdatum: date
    paragraf: str | None = None
    diarienummer: str | None = None

    @property
    def stream(self) -> str:
        """As the decision's own, under `avslag/`."""
        return f"avslag/{reference(self)}"


def reference(beslut: Beslut | ForslagRejected) -> str:
    """What names a decision in the minutes, as parts of a stream key: day, organ, paragraph, diary number, kind."""
    parts = (beslut.beslutsdatum, beslut.beslutsorgan, beslut.paragraf, beslut.diarienummer, beslut.typ)
    return "/".join(part(value) for value in parts)


# ---------------------------------------------------------------- outcome


@dataclass(frozen=True, slots=True)
class VerifikationPosted(Fact, name="verifikation_posted"):
    """A voucher: rows of one day that balance."""

    serie: str
    vernr: str
    bokforingsdatum: date
    rader: tuple[Utfallsrad, ...]

    @property
    def stream(self) -> str:
        """Natural key in order: `verifikation/2024/A/00000123`."""
        return verifikation_stream(self.bokforingsdatum.year, self.serie, self.vernr)


@dataclass(frozen=True, slots=True)
class VerifikationCorrected(VerifikationPosted, name="verifikation_corrected"):
    """A voucher that inverts exactly one other, dated in an open period; it names the original's date.

    Rule: BFL 5:5 and 5:9 – a correction shows what it corrects, and the corrected entry leads to it.
    """

    rattar_serie: str
    rattar_vernr: str
    ursprungsdatum: date

    @property
    def keys(self) -> tuple[str, ...]:
        """The voucher that is corrected: only one correction may name it."""
        return (verifikation_stream(self.ursprungsdatum.year, self.rattar_serie, self.rattar_vernr),)


def verifikation_stream(ar: int, serie: str, vernr: str) -> str:
    """The stream of a voucher; numbers are padded so that keys sort as the numbers do."""
    number = vernr.rjust(8, "0") if vernr.isdecimal() else part(vernr)
    return f"verifikation/{ar}/{part(serie)}/{number}"


@dataclass(frozen=True, slots=True)
class UtfallReported(Fact, name="utfall_reported", stream="utfall/{period}/{ansvar}"):
    """Utfallsrader: summary outcome of one unit and month (`2024-03`), up to 200 rows, no balance demanded."""

    period: str
    ansvar: str
    rader: tuple[Summarad, ...]


@dataclass(frozen=True, slots=True)
class UtfallCorrected(Fact, name="utfall_corrected", stream="utfall/{period}/{ansvar}"):
    """A new leverans replaces reported rows: `fore` is reversed, `efter` recorded, the facts at `rattar` linked."""

    period: str
    ansvar: str
    fore: tuple[Summarad, ...]
    efter: tuple[Summarad, ...]
    rattar: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PeriodClosed(Fact, name="period_closed", stream="period/{period}", touches=("period/{period}",)):
    """A month (`2024-03`) takes no more postings."""

    period: str
    motivering: str | None = None


@dataclass(frozen=True, slots=True)
class PeriodOpened(PeriodClosed, name="period_opened"):
    """A closed month takes postings again."""


# ---------------------------------------------------------------- forecast, comment, correction


@dataclass(frozen=True, slots=True)
class PrognosSubmitted(Fact, name="prognos_submitted", stream="prognos/{prognosdatum}/{ar}/{ansvar}"):
    """A unit's forecast for a year, given on a day. The newest counts; earlier rounds stay readable."""

    prognosdatum: date
    ar: int
    ansvar: str
    rader: tuple[Prognosrad, ...]


@dataclass(frozen=True, slots=True)
class KommentarWritten(Fact, name="kommentar_written", stream="kommentar/{rapport}/{ar}/{tom}/{rad}"):
    """Analys och kommentar to a row of a report; the newest recorded counts."""

    ar: int
    tom: int
    rapport: str
    rad: str
    text: str


@dataclass(frozen=True, slots=True)
class RegistreringCorrected(Fact, name="registrering_corrected", stream="rattelse/{rattar}"):
    """A registration was wrong: fact `rattar` said `fel`; what was decided is `ratt` (nothing, where it is blank).

    Every entry of `fel` is reversed at its own date and those of `ratt` are added, so that a later `beslutad` sees the
    right figure and an earlier `kand` the wrong one. A fact is corrected once; then its correction is.
    """

    rattar: int
    fel: Fact
    ratt: Fact | None = None
    motivering: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """All that the wrong and the right one touch."""
        return tuple(sorted({*self.fel.keys, *(self.ratt.keys if self.ratt else ())}))


#: The nine kinds of budget decision by `typ`.
DECISIONS: dict[str, type[Beslut]] = {
    decision.typ: decision
    for decision in (
        BudgetAdopted,
        InvesteringsramDecided,
        TotalutgiftDecided,
        RamjusteringDecided,
        InternbudgetAdopted,
        OmfordelningDecided,
        OmbudgeteringDecided,
        DetaljbudgetSet,
        PeriodiseringSet,
    )
}
