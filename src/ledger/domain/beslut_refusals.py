"""What can be wrong with a budget decision, each with its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.domain.language import N_, _
from ledger.domain.money import kronor
from ledger.domain.refusal import Kind, Refusal, listed, row_count

NOUNS = {
    "budget": N_("En budget"), "investeringsram": N_("En investeringsram"), "totalutgift": N_("En totalutgift"),
    "ramjustering": N_("En ramjustering"), "internbudget": N_("En internbudget"),
    "omfordelning": N_("En omfördelning"), "ombudgetering": N_("En ombudgetering"),
    "periodisering": N_("En periodisering"), "detaljbudget": N_("En detaljbudget"),
}  # fmt: skip
BARE_NOUNS = {
    "budget": N_("budget"), "investeringsram": N_("investeringsram"), "totalutgift": N_("totalutgift"),
    "ramjustering": N_("ramjustering"), "internbudget": N_("internbudget"), "omfordelning": N_("omfördelning"),
    "ombudgetering": N_("ombudgetering"), "periodisering": N_("periodisering"), "detaljbudget": N_("detaljbudget"),
}  # fmt: skip


@dataclass(slots=True)
class BeslutsorganIsMissing(Refusal):
    """Somebody decides."""

    def sentence(self) -> str:
        """Asks who."""
        return self.say(
            "Beslutsorganet saknas: skriv vem som beslutade, till exempel kommunfullmäktige eller enhetens kod.",
        )


@dataclass(slots=True)
class BeslutHasNoRows(Refusal):
    """A decision moves something."""

    typ: str

    def sentence(self) -> str:
        """Asks for rows."""
        return self.say("{what} måste ha minst en rad: ange vad som flyttas.", what=_(NOUNS[self.typ]))


@dataclass(slots=True)
class StatusIsUnknown(Refusal):
    """A decision is taken, proposed or rejected."""

    def sentence(self) -> str:
        """Lists the states."""
        return self.say(
            "Statusen {self.varde} finns inte: skriv beslutat, forslag eller avslaget, eller lämna tomt för beslutat.",
        )


@dataclass(slots=True)
class ForslagHasNoDiarienummer(Refusal):
    """A proposal is named by its diary number."""

    def sentence(self) -> str:
        """Asks for it."""
        return self.say("Ett förslag känns igen på sitt diarienummer, som saknas: ange diarienumret.")


@dataclass(slots=True)
class ForslagIsNotPending(Refusal):
    """Only a pending proposal can be closed."""

    kind = Kind.MISSING
    typ: str
    forslag: str

    def sentence(self) -> str:
        """Names kind and number."""
        return self.say(
            "Det finns inget väntande förslag om {what} med diarienummer {self.forslag}: rätta diarienumret, eller "
            "lämna kolumnen forslag tom.",
            what=_(BARE_NOUNS[self.typ]),
        )


@dataclass(slots=True)
class ColumnBelongsElsewhere(Refusal):
    """Some columns belong to one kind of decision."""

    typ: str
    belongs_to: str

    def sentence(self) -> str:
        """Names the column and where it belongs."""
        return self.say(
            "Kolumnen {self.kolumn} har värdet {self.varde}, men den hör bara till {self.belongs_to} och inte till "
            "{self.typ}: lämna den tom.",
        )


@dataclass(slots=True)
class OmbudgeteringNeedsLaterYear(Refusal):
    """A carry-over goes to a later year."""

    ar: int
    till_ar: int | None

    def sentence(self) -> str:
        """Gives both years."""
        return self.say(
            "En ombudgetering går till ett senare år än {self.ar}, men till_ar är {till_ar}: ange det år som ramen "
            "förs över till.",
            till_ar=self.till_ar or _("tomt"),
        )


@dataclass(slots=True)
class MonthIsUnknown(Refusal):
    """There are twelve months."""

    def sentence(self) -> str:
        """Gives the range."""
        return self.say("Perioden {self.varde} är ingen månad: skriv 1–12, eller lämna tomt för helår.")


@dataclass(slots=True)
class PeriodiseringNeedsMonth(Refusal):
    """A periodisering puts money on a month."""

    def sentence(self) -> str:
        """Asks for the month."""
        return self.say("En periodisering lägger budget på en månad, men period är tom: skriv 1–12.")


@dataclass(slots=True)
class MoneyComesFromFullmaktige(Refusal):
    """Money enters the ledger only from kommunfullmäktige."""

    typ: str

    def sentence(self) -> str:
        """Asks for a blank column."""
        return self.say(
            "{what} kommer från kommunfullmäktiges finansiering, men fran_ansvar är {self.varde}: lämna fran_ansvar "
            "tom, eller använd internbudget eller omfordelning.",
            what=_(NOUNS[self.typ]),
        )


@dataclass(slots=True)
class SideIsMissing(Refusal):
    """Money goes from somewhere to somewhere."""

    typ: str

    def sentence(self) -> str:
        """Names the missing side."""
        if self.kolumn == "fran_ansvar":
            text = N_("{what} måste ange enheten som pengarna tas från: fyll i {self.kolumn}.")
        else:
            text = N_("{what} måste ange enheten som pengarna går till: fyll i {self.kolumn}.")
        return self.say(text, what=_(NOUNS[self.typ]))


@dataclass(slots=True)
class RamjusteringNeedsOneSide(Refusal):
    """A ramjustering changes one frame against kommunfullmäktige's financing."""

    def sentence(self) -> str:
        """Says which kind moves between units."""
        return self.say(
            "En ramjustering ändrar en enhets ram mot kommunfullmäktiges finansiering: fyll i antingen fran_ansvar "
            "eller till_ansvar. Flytta mellan enheter med omfordelning.",
        )


@dataclass(slots=True)
class SidesAreNotTheSameUnit(Refusal):
    """Some kinds stay within one unit."""

    typ: str
    fran_ansvar: str

    def sentence(self) -> str:
        """Names both units."""
        return self.say(
            "{what} stannar inom en enhet, men raden går från {self.fran_ansvar} till {self.varde}: ange samma "
            "enhet på båda sidor.",
            what=_(NOUNS[self.typ]),
        )


@dataclass(slots=True)
class SlagDoesNotFit(Refusal):
    """Each kind of decision moves drift or investments."""

    typ: str
    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists what fits."""
        return self.say(
            "Slaget {varde} passar inte i {self.typ}: skriv {allowed}.",
            varde=self.varde or _("(tomt)"),
            allowed=listed(self.allowed),
        )


@dataclass(slots=True)
class TotalutgiftNeedsProjekt(Refusal):
    """A decided total belongs to a project."""

    def sentence(self) -> str:
        """Asks for it."""
        return self.say("En totalutgift beslutas för ett projekt, men projekt är tom: ange projektets kod.")


@dataclass(slots=True)
class RamjusteringHasNoText(Refusal):
    """A ramjustering says why."""

    def sentence(self) -> str:
        """Asks for the reason."""
        return self.say("En ramjustering måste säga varför, men text är tom: skriv vad ändringen avser.")


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
        return self.say(
            "Beslutet ({self.typ}, {what}) finns redan med annat innehåll som faktum @{self.position}: {known_rows}, "
            "summa {known} kr i liggaren mot {given_rows}, summa {given} kr här. Ett nytt beslut har eget datum, "
            "paragraf eller diarienummer; en felregistrering rättas med --rattar @{self.position}.",
            what=", ".join(part for part in (self.namnd, str(self.ar), self.projekt) if part),
            known_rows=row_count(self.known_rows),
            known=kronor(self.known_ore),
            given_rows=row_count(self.given_rows),
            given=kronor(self.given_ore),
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
        return self.say(
            "Beslutet finns redan som faktum @{self.position} med kontrollsumman {known} kr, men här står {given} "
            "kr: rätta filen, eller registreringen med --rattar @{self.position}.",
            known=kronor(self.known_ore),
            given=kronor(self.given_ore),
        )


@dataclass(slots=True)
class KontrollsummaComesLate(Refusal):
    """The minutes' total is part of what was registered."""

    kind = Kind.CONFLICT
    position: int

    def sentence(self) -> str:
        """Says how it is added."""
        return self.say(
            "Beslutet finns redan som faktum @{self.position}, utan kontrollsumma: lämna kolumnen tom, eller rätta "
            "registreringen med --rattar @{self.position}.",
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
        return self.say(
            "{self.ansvar} har {held} kr att fördela {self.ar}, men internbudgeten tar {taken} kr: minska beloppet, "
            "eller skriv i text att det är ett ofördelat besparingskrav.",
            held=kronor(self.held_ore),
            taken=kronor(self.taken_ore),
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
        return self.say(
            "Periodiseringen av {codes} ({self.slag}) {self.ar} summerar till {sum} kr, men den helårsbudget som ska "
            "fördelas är {lump} kr: rätta månadsbeloppen så att de är lika.",
            codes=", ".join(part for part in (self.ansvar, self.verksamhet, self.konto, self.projekt) if part),
            sum=kronor(self.sum_ore),
            lump=kronor(self.lump_ore),
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
        return self.say(
            "{self.code} har {left} kr kvar av investeringsramen {self.ar} ({self.slag}), men ombudgeteringen för "
            "över {taken} kr: minska beloppet till högst det som är kvar.",
            left=kronor(self.left_ore),
            taken=kronor(self.taken_ore),
        )
