"""What can be wrong with a budget decision, each with its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.domain.money import kronor
from ledger.domain.refusal import Kind, Refusal, listed, row_count

NOUNS = {
    "budget": "En budget", "investeringsram": "En investeringsram", "totalutgift": "En totalutgift",
    "ramjustering": "En ramjustering", "internbudget": "En internbudget", "omfordelning": "En omfördelning",
    "ombudgetering": "En ombudgetering", "periodisering": "En periodisering", "detaljbudget": "En detaljbudget",
}  # fmt: skip


@dataclass(slots=True)
class BeslutsorganIsMissing(Refusal):
    """Somebody decides."""

    def sentence(self) -> str:
        """Asks who."""
        return "Beslutsorganet saknas: skriv vem som beslutade, till exempel kommunfullmäktige eller enhetens kod."


@dataclass(slots=True)
class BeslutHasNoRows(Refusal):
    """A decision moves something."""

    typ: str

    def sentence(self) -> str:
        """Asks for rows."""
        return f"{NOUNS[self.typ]} måste ha minst en rad: ange vad som flyttas."


@dataclass(slots=True)
class StatusIsUnknown(Refusal):
    """A decision is taken, proposed or rejected."""

    def sentence(self) -> str:
        """Lists the states."""
        return (
            f"Statusen {self.varde} finns inte: skriv beslutat, forslag eller avslaget, eller lämna tomt för beslutat."
        )


@dataclass(slots=True)
class ForslagHasNoDiarienummer(Refusal):
    """A proposal is named by its diary number."""

    def sentence(self) -> str:
        """Asks for it."""
        return "Ett förslag känns igen på sitt diarienummer, som saknas: ange diarienumret."


@dataclass(slots=True)
class ForslagIsNotPending(Refusal):
    """Only a pending proposal can be closed."""

    kind = Kind.MISSING
    typ: str
    forslag: str

    def sentence(self) -> str:
        """Names kind and number."""
        return (
            f"Det finns inget väntande förslag om {NOUNS[self.typ].split()[1]} med diarienummer {self.forslag}: "
            "rätta diarienumret, eller lämna kolumnen forslag tom."
        )


@dataclass(slots=True)
class ColumnBelongsElsewhere(Refusal):
    """Some columns belong to one kind of decision."""

    typ: str
    belongs_to: str

    def sentence(self) -> str:
        """Names the column and where it belongs."""
        return (
            f"Kolumnen {self.kolumn} har värdet {self.varde}, men den hör bara till {self.belongs_to} och inte till "
            f"{self.typ}: lämna den tom."
        )


@dataclass(slots=True)
class OmbudgeteringNeedsLaterYear(Refusal):
    """A carry-over goes to a later year."""

    ar: int
    till_ar: int | None

    def sentence(self) -> str:
        """Gives both years."""
        return (
            f"En ombudgetering går till ett senare år än {self.ar}, men till_ar är {self.till_ar or 'tomt'}: "
            "ange det år som ramen förs över till."
        )


@dataclass(slots=True)
class MonthIsUnknown(Refusal):
    """There are twelve months."""

    def sentence(self) -> str:
        """Gives the range."""
        return f"Perioden {self.varde} är ingen månad: skriv 1–12, eller lämna tomt för helår."


@dataclass(slots=True)
class PeriodiseringNeedsMonth(Refusal):
    """A periodisering puts money on a month."""

    def sentence(self) -> str:
        """Asks for the month."""
        return "En periodisering lägger budget på en månad, men period är tom: skriv 1–12."


@dataclass(slots=True)
class MoneyComesFromFullmaktige(Refusal):
    """Money enters the ledger only from kommunfullmäktige."""

    typ: str

    def sentence(self) -> str:
        """Asks for a blank column."""
        return (
            f"{NOUNS[self.typ]} kommer från kommunfullmäktiges finansiering, men fran_ansvar är {self.varde}: "
            "lämna fran_ansvar tom, eller använd internbudget eller omfordelning."
        )


@dataclass(slots=True)
class SideIsMissing(Refusal):
    """Money goes from somewhere to somewhere."""

    typ: str

    def sentence(self) -> str:
        """Names the missing side."""
        side = "pengarna tas från" if self.kolumn == "fran_ansvar" else "pengarna går till"
        return f"{NOUNS[self.typ]} måste ange enheten som {side}: fyll i {self.kolumn}."


@dataclass(slots=True)
class RamjusteringNeedsOneSide(Refusal):
    """A ramjustering changes one frame against kommunfullmäktige's financing."""

    def sentence(self) -> str:
        """Says which kind moves between units."""
        return (
            "En ramjustering ändrar en enhets ram mot kommunfullmäktiges finansiering: fyll i antingen fran_ansvar "
            "eller till_ansvar. Flytta mellan enheter med omfordelning."
        )


@dataclass(slots=True)
class SidesAreNotTheSameUnit(Refusal):
    """Some kinds stay within one unit."""

    typ: str
    fran_ansvar: str

    def sentence(self) -> str:
        """Names both units."""
        return (
            f"{NOUNS[self.typ]} stannar inom en enhet, men raden går från {self.fran_ansvar} till {self.varde}: "
            "ange samma enhet på båda sidor."
        )


@dataclass(slots=True)
class SlagDoesNotFit(Refusal):
    """Each kind of decision moves drift or investments."""

    typ: str
    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists what fits."""
        return f"Slaget {self.varde or '(tomt)'} passar inte i {self.typ}: skriv {listed(self.allowed)}."


@dataclass(slots=True)
class TotalutgiftNeedsProjekt(Refusal):
    """A decided total belongs to a project."""

    def sentence(self) -> str:
        """Asks for it."""
        return "En totalutgift beslutas för ett projekt, men projekt är tom: ange projektets kod."


@dataclass(slots=True)
class RamjusteringHasNoText(Refusal):
    """A ramjustering says why."""

    def sentence(self) -> str:
        """Asks for the reason."""
        return "En ramjustering måste säga varför, men text är tom: skriv vad ändringen avser."


@dataclass(slots=True)
class BeslutIsOtherwise(Refusal):
    """A decision is recorded once; its rows do not change."""

    kind = Kind.CONFLICT
    typ: str
    position: int
    namnd: str
    ar: int
    projekt: str
    known_ore: int
    given_ore: int
    known_rows: int
    given_rows: int

    def sentence(self) -> str:
        """Names both contents."""
        what = ", ".join(part for part in (self.namnd, str(self.ar), self.projekt) if part)
        return (
            f"Beslutet ({self.typ}, {what}) finns redan med annat innehåll som faktum @{self.position}: "
            f"{row_count(self.known_rows)}, summa {kronor(self.known_ore)} kr i liggaren mot "
            f"{row_count(self.given_rows)}, summa {kronor(self.given_ore)} kr här. Ett nytt beslut har eget datum, "
            "paragraf eller diarienummer; "
            f"en felregistrering rättas med --rattar @{self.position}."
        )


@dataclass(slots=True)
class KontrollsummaIsOtherwise(Refusal):
    """The minutes give one total."""

    kind = Kind.CONFLICT
    position: int
    known_ore: int
    given_ore: int

    def sentence(self) -> str:
        """Names both totals."""
        return (
            f"Beslutet finns redan som faktum @{self.position} med kontrollsumman {kronor(self.known_ore)} kr, men här "
            f"står {kronor(self.given_ore)} kr: rätta filen, eller registreringen med --rattar @{self.position}."
        )


@dataclass(slots=True)
class KontrollsummaComesLate(Refusal):
    """The minutes' total is part of what was registered."""

    kind = Kind.CONFLICT
    position: int

    def sentence(self) -> str:
        """Says how it is added."""
        return (
            f"Beslutet finns redan som faktum @{self.position}, utan kontrollsumma: lämna kolumnen tom, eller rätta "
            f"registreringen med --rattar @{self.position}."
        )


@dataclass(slots=True)
class UnitHoldsTooLittle(Refusal):
    """An internbudget takes from what its unit holds."""

    kind = Kind.CONFLICT
    ansvar: str
    ar: int
    held_ore: int
    taken_ore: int

    def sentence(self) -> str:
        """Gives what is held and what is taken."""
        return (
            f"{self.ansvar} har {kronor(self.held_ore)} kr att fördela {self.ar}, men internbudgeten tar "
            f"{kronor(self.taken_ore)} kr: minska beloppet, eller skriv i text att det är ett ofördelat besparingskrav."
        )


@dataclass(slots=True)
class PeriodiseringMissesLump(Refusal):
    """A periodisering sums to the lump it replaces."""

    kind = Kind.CONFLICT
    ansvar: str
    ar: int
    verksamhet: str | None
    slag: str
    konto: str | None
    projekt: str | None
    lump_ore: int
    sum_ore: int

    def sentence(self) -> str:
        """Gives the lump and the sum."""
        codes = ", ".join(part for part in (self.ansvar, self.verksamhet, self.konto, self.projekt) if part)
        return (
            f"Periodiseringen av {codes} ({self.slag}) {self.ar} summerar till {kronor(self.sum_ore)} kr, men den "
            f"helårsbudget som ska fördelas är {kronor(self.lump_ore)} kr: rätta månadsbeloppen så att de är lika."
        )


@dataclass(slots=True)
class FrameLeftIsTooSmall(Refusal):
    """A carry-over stays within the frame left."""

    kind = Kind.CONFLICT
    code: str
    ar: int
    slag: str
    left_ore: int
    taken_ore: int

    def sentence(self) -> str:
        """Gives the frame left and what is carried over."""
        return (
            f"{self.code} har {kronor(self.left_ore)} kr kvar av investeringsramen {self.ar} ({self.slag}), men "
            f"ombudgeteringen för över {kronor(self.taken_ore)} kr: minska beloppet till högst det som är kvar."
        )
