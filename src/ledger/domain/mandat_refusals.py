"""What can be wrong with a mandate or a row of an attestförteckning, each with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.language import _
from ledger.domain.refusal import Kind, Refusal, listed


@dataclass(slots=True)
class MandatHasNoHolder(Refusal):
    """A mandate is somebody's."""

    def sentence(self) -> str:
        """Asks whose."""
        return self.say("Mandatet har ingen innehavare: fyll i funktion eller person.")


@dataclass(slots=True)
class PersonIsNoPseudonym(Refusal):
    """No names of people stand in facts."""

    def sentence(self) -> str:
        """Says where pseudonyms are found; the name is not repeated."""
        return self.say(
            "Personen anges inte med namn, eftersom fakta sparas för alltid: skriv personens beteckning i liggaren, "
            "till exempel a-17, som står i behandlingshistoriken och i personförteckningen.",
        )


@dataclass(slots=True)
class FarIsUnknown(Refusal):
    """A mandate is for a kind of decision."""

    known: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the kinds."""
        return self.say(
            "Det finns inget mandat att {varde}: skriv {known} i kolumnen far.",
            varde=self.varde or _("(tomt)"),
            known=listed(self.known),
        )


@dataclass(slots=True)
class MandatNivaIsUnknown(Refusal):
    """A mandate is for money between units of a level."""

    known: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the levels."""
        return self.say(
            "Nivån {self.varde} finns inte: skriv {known}, eller lämna tomt för alla nivåer.",
            known=listed(self.known),
        )


@dataclass(slots=True)
class BeloppsgransIsNegative(Refusal):
    """A limit is an amount."""

    def sentence(self) -> str:
        """Says how to have none."""
        return self.say("Beloppsgränsen är negativ: skriv ett belopp, eller lämna tomt för ett mandat utan gräns.")


@dataclass(slots=True)
class MandatEndsBeforeItBegins(Refusal):
    """A last day is not before the first."""

    fran: date
    till: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say("Mandatets sista dag {self.till} ligger före den första {self.fran}: rätta fran eller till.")


@dataclass(slots=True)
class MandatBeginsBeforeItIsDecided(Refusal):
    """No right is given backwards in time."""

    fran: date
    beslutsdatum: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say(
            "Mandatet skulle gälla från {self.fran}, men beslutades {self.beslutsdatum}: ett mandat gäller tidigast "
            "från den dag det beslutas.",
        )


@dataclass(slots=True)
class MandatHasNoGiver(Refusal):
    """Somebody gives a mandate."""

    def sentence(self) -> str:
        """Asks who."""
        return self.say("Beslutsorganet saknas: skriv vem som har gett mandatet, till exempel kommunstyrelsen.")


@dataclass(slots=True)
class MandatHasNoUnit(Refusal):
    """A mandate is over a unit."""

    def sentence(self) -> str:
        """Asks for it."""
        return self.say("Ansvar saknas: skriv koden för den enhet vars träd mandatet gäller, kommunens egen för alla.")


@dataclass(slots=True)
class UnitIsNotTheGivers(Refusal):
    """A nämnd delegates what is its own."""

    organ: str
    ansvar: str

    def sentence(self) -> str:
        """Names both."""
        return self.say(
            "Enheten {self.ansvar} ligger inte under {self.organ}, som därför inte kan ge mandat över den: det kan "
            "den nämnd som enheten hör till, eller kommunfullmäktige.",
        )


@dataclass(slots=True)
class OnwardDelegationIsForForvaltningschef(Refusal):
    """Onward delegation goes through the förvaltningschef (KL 7:6)."""

    organ: str

    def sentence(self) -> str:
        """Says who may."""
        return self.say(
            "{self.organ} kan inte ge mandat: det kan kommunfullmäktige, nämnden, eller en förvaltningschef som "
            "delegerar vidare sitt eget.",
        )


@dataclass(slots=True)
class MandatIsWiderThanTheGivers(Refusal):
    """Nobody gives more than he has."""

    organ: str
    far: str
    ansvar: str

    def sentence(self) -> str:
        """Says what is missing."""
        return self.say(
            "{self.organ} har inget eget mandat om {self.far} som rymmer detta för {self.ansvar}: vidaredelegera "
            "högst de enheter, nivåer, belopp och den tid som det egna mandatet har.",
        )


@dataclass(slots=True)
class MandatIsOtherwise(Refusal):
    """One holder has one mandate of a kind from a day."""

    kind = Kind.CONFLICT
    position: int

    def sentence(self) -> str:
        """Names the fact."""
        return self.say(
            "Samma innehavare har redan ett mandat av samma slag från samma dag, med annat innehåll "
            "(@{self.position}): avsluta det och ge ett nytt från en senare dag.",
        )


@dataclass(slots=True)
class MandatIsMissing(Refusal):
    """What ends is a mandate."""

    kind = Kind.MISSING
    position: int

    def sentence(self) -> str:
        """Names the position."""
        return self.say("Faktum @{self.position} är inget mandat: positionen står i rapporten mandat.")


@dataclass(slots=True)
class EndLiesBeforeItsDecision(Refusal):
    """No right is taken backwards in time."""

    till: date
    beslutsdatum: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say(
            "Mandatet skulle sluta {self.till}, före beslutet {self.beslutsdatum}: det som redan är beslutat med "
            "mandatet står fast, så låt det gälla till och med dagen för beslutet.",
        )


@dataclass(slots=True)
class MandatHasEnded(Refusal):
    """A mandate is made shorter, not longer."""

    kind = Kind.CONFLICT
    position: int
    last: date

    def sentence(self) -> str:
        """Gives the day."""
        return self.say(
            "Mandatet @{self.position} slutar redan {self.last}: ge ett nytt mandat om det ska gälla längre.",
        )


@dataclass(slots=True)
class UppgiftIsUnknown(Refusal):
    """There are two kinds of attest."""

    known: tuple[str, ...]

    def sentence(self) -> str:
        """Lists them."""
        return self.say(
            "Attestuppgiften {varde} finns inte: skriv {known}.",
            varde=self.varde or _("(tomt)"),
            known=listed(self.known),
        )


@dataclass(slots=True)
class BeslutsattestantHasNoFunktion(Refusal):
    """Who decides does it as the holder of a function."""

    def sentence(self) -> str:
        """Asks for it."""
        return self.say(
            "En beslutsattestant beslutar med en funktions mandat: fyll i funktion, som den står i mandatet.",
        )


@dataclass(slots=True)
class AttestLiesOutsideItsYear(Refusal):
    """An attestförteckning is of one year."""

    ar: int

    def sentence(self) -> str:
        """Gives the year."""
        return self.say("Attestförteckningen gäller {self.ar}: låt fran och till ligga inom året, fran först.")
