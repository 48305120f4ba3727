"""What can be wrong with a step of a case, each with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.domain.language import N_, _
from ledger.domain.refusal import Kind, Refusal, listed

#: How far a case has come, in words.
IN_WORDS: Final = {
    "utkast": N_("ett utkast"),
    "foreslaget": N_("föreslaget"),
    "aterlamnat": N_("återlämnat"),
    "aterkallat": N_("återkallat"),
    "beslutat": N_("beslutat"),
}


@dataclass(slots=True)
class ArendeIsMissing(Refusal):
    """A step is taken in a case that exists."""

    kind = Kind.MISSING
    arende: str

    def sentence(self) -> str:
        """Names the case."""
        return self.say("Ärendet {self.arende} finns inte: skriv ett utkast först, eller rätta ärendets beteckning.")


@dataclass(slots=True)
class ArendeHasEnded(Refusal):
    """A decided or withdrawn case stays so."""

    kind = Kind.CONFLICT
    arende: str
    lage: str

    def sentence(self) -> str:
        """Says how it ended."""
        return self.say(
            "Ärendet {self.arende} är redan {lage}: börja ett nytt ärende, eller rätta beslutet om det "
            "registrerades fel.",
            lage=_(IN_WORDS[self.lage]),
        )


@dataclass(slots=True)
class ArendeHasChanged(Refusal):
    """What is attested is exactly what was seen."""

    kind = Kind.CONFLICT
    arende: str
    given: int
    newest: int

    def sentence(self) -> str:
        """Gives both versions."""
        return self.say(
            "Ärendet {self.arende} har ändrats: attesten gäller version {self.given} med ett visst innehåll, men nu "
            "gäller version {self.newest}: läs den nya versionen och ta ställning till den.",
        )


@dataclass(slots=True)
class ArendeIsProposedAlready(Refusal):
    """A version is proposed once."""

    kind = Kind.CONFLICT
    arende: str

    def sentence(self) -> str:
        """Says so."""
        return self.say("Ärendet {self.arende} är redan föreslaget i denna version: det väntar på attest.")


@dataclass(slots=True)
class ProposalIsOfJavig(Refusal):
    """What somebody jävig has written or proposed is not decided, however it reads."""

    kind = Kind.CONFLICT
    arende: str

    def sentence(self) -> str:
        """Says who takes over, and how."""
        return self.say(
            "Den som skrev eller föreslog ärendet {self.arende} har anmält jäv: någon annan skriver en ny version, som "
            "får säga detsamma, och föreslår den."
        )


@dataclass(slots=True)
class ArendeIsNotProposed(Refusal):
    """Only what is proposed is attested."""

    kind = Kind.CONFLICT
    arende: str
    lage: str

    def sentence(self) -> str:
        """Says how far it has come."""
        return self.say(
            "Ärendet {self.arende} är {lage} och inte föreslaget: föreslå det först.",
            lage=_(IN_WORDS[self.lage]),
        )


@dataclass(slots=True)
class TypIsUnknown(Refusal):
    """A case leads to one of the nine kinds of decision."""

    known: tuple[str, ...]

    def sentence(self) -> str:
        """Lists them."""
        return self.say(
            "Beslutstypen {varde} finns inte: skriv {known}.",
            varde=self.varde or _("(tomt)"),
            known=listed(self.known),
        )


@dataclass(slots=True)
class ReturnHasNoReason(Refusal):
    """Who gets a proposal back learns why."""

    def sentence(self) -> str:
        """Asks for the reason."""
        return self.say("Ett förslag återlämnas med ett skäl, men motivering är tom: skriv vad som behöver ändras.")


@dataclass(slots=True)
class BodyDecidesInMeeting(Refusal):
    """A political body decides in a meeting; what it decided is recorded from its minutes."""

    kind = Kind.FORBIDDEN
    organ: str

    def sentence(self) -> str:
        """Says how its decisions are recorded."""
        return self.say(
            "{self.organ} beslutar i sammanträde: registrera beslutet ur protokollet med dess paragraf, och låt en "
            "annan person bekräfta registreringen.",
        )


@dataclass(slots=True)
class DecisionLiesBeforeProposal(Refusal):
    """Nothing is decided before it is proposed."""

    beslutsdatum: date
    datum: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say(
            "Beslutsdatum {self.beslutsdatum} ligger före förslaget {self.datum}: ange dagen då du beslutar.",
        )


@dataclass(slots=True)
class ReviewLiesBeforeProposal(Refusal):
    """Nothing is reviewed before it is proposed."""

    granskat: date
    datum: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say(
            "Granskningen den {self.granskat} ligger före förslaget {self.datum}: ange dagen då du granskar.",
        )


@dataclass(slots=True)
class DecisionIsRecordedAlready(Refusal):
    """A case leads to a decision of its own."""

    kind = Kind.CONFLICT
    arende: str

    def sentence(self) -> str:
        """Says what to do."""
        return self.say("Beslutet i ärendet {self.arende} är redan registrerat: återkalla ärendet.")
