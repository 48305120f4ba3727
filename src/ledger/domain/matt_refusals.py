"""Why a mått or a value of one cannot be recorded: each broken rule with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.language import _
from ledger.domain.refusal import Kind, Refusal, listed


@dataclass(slots=True)
class MattIsUnknown(Refusal):
    """A mått is defined before it has values or parts."""

    kind = Kind.MISSING
    matt: str

    def sentence(self) -> str:
        """Says where they come from."""
        return self.say(
            "Måttet {matt} finns inte: lägg till det i en fil av slaget matt eller rätta raden.",
            matt=self.matt or _("(tomt)"),
        )


@dataclass(slots=True)
class MattIsOtherwise(Refusal):
    """A mått has one content from a day on."""

    kind = Kind.CONFLICT
    matt: str
    fran: date
    position: int

    def sentence(self) -> str:
        """Names the fact."""
        return self.say(
            "Måttet {self.matt} har redan ett annat innehåll från {self.fran} som faktum @{self.position}: ange ett "
            "nytt fran för en ändring, eller rätta registreringen med --rattar @{self.position}.",
        )


@dataclass(slots=True)
class MattIsPartOfItself(Refusal):
    """No mått is a part of itself, by whatever way."""

    matt: str

    def sentence(self) -> str:
        """Names it."""
        return self.say(
            "Måttet {self.matt} skulle bli en del av sig självt genom del_av {self.varde}: ange ett annat mått.",
        )


@dataclass(slots=True)
class ValueIsNotAWord(Refusal):
    """Some columns take one of some words."""

    words: tuple[str, ...]

    def sentence(self) -> str:
        """Lists them."""
        return self.say(
            "Värdet {varde} i {self.kolumn} går inte att använda: skriv {words}.",
            varde=self.varde or _("(tomt)"),
            words=listed(self.words),
        )


@dataclass(slots=True)
class MatvardenHaveNoRows(Refusal):
    """A report of values has rows."""

    ansvar: str

    def sentence(self) -> str:
        """Asks for rows."""
        return self.say("Mätvärdena för {self.ansvar} har inga rader: ange minst ett värde.")


@dataclass(slots=True)
class MatvardeHasNoValue(Refusal):
    """A value is a number, or says why there is none."""

    koder: tuple[str, ...]

    def sentence(self) -> str:
        """Says what can be written."""
        return self.say(
            "Mätvärdet {varde} är varken ett tal eller en kod: skriv ett tal, ett mål som ≥4,0 eller öka, eller "
            "{koder}.",
            varde=self.varde or _("(tomt)"),
            koder=listed(self.koder),
        )


@dataclass(slots=True)
class MatvardeHasTwoValues(Refusal):
    """A number and a code that says that there is none contradict each other."""

    def sentence(self) -> str:
        """Asks for one of them."""
        return self.say("Mätvärdet {self.varde} har både ett tal och en kod eller riktning: ange ett av dem.")


@dataclass(slots=True)
class TargetIsNoTarget(Refusal):
    """Only targets ask something of an outcome, in words that can be judged."""

    sort: str
    words: tuple[str, ...]

    def sentence(self) -> str:
        """Says which words, and of what."""
        return self.say(
            "Villkoret i {self.varde} går inte att använda för {self.sort}: skriv {words}, bara för mal.",
            words=listed(self.words),
        )


@dataclass(slots=True)
class TalIsTooLong(Refusal):
    """A number fits in canonical JSON exactly."""

    def sentence(self) -> str:
        """Gives the limits."""
        return self.say(
            "Talet {self.varde} är för långt för att sparas exakt: högst sex decimaler och femton siffror ryms.",
        )


@dataclass(slots=True)
class MatvardeStandsTwice(Refusal):
    """A value is given once."""

    matt: str
    ar: int

    def sentence(self) -> str:
        """Names it."""
        return self.say("Värdet för {self.matt} {self.ar} står två gånger med samma sort, period och kön: behåll ett.")


@dataclass(slots=True)
class MatvardeIsOtherwise(Refusal):
    """A value of a day stands; a new one has a new day."""

    kind = Kind.CONFLICT
    matt: str
    ansvar: str
    datum: date
    ar: int
    position: int

    def sentence(self) -> str:
        """Names the fact."""
        return self.say(
            "Värdet för {self.matt} {self.ar} hos {self.ansvar} är redan lämnat {self.datum} med annat innehåll som "
            "faktum @{self.position}: ett nytt värde har eget datum; en felregistrering rättas med --rattar "
            "@{self.position}.",
        )
