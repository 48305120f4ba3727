"""Why a caller may not do what he asks for, each with its sentence. All are of kind FORBIDDEN but one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.refusal import AND, Kind, Refusal, listed


@dataclass(slots=True)
class UnitIsNotCallers(Refusal):
    """A caller who is limited to units works with those and the units under them."""

    kind = Kind.FORBIDDEN
    ansvar: str
    own: tuple[str, ...]

    def sentence(self) -> str:
        """Names the units."""
        return self.say(
            "Enheten {self.ansvar} ligger utanför din behörighet, som gäller {own}.",
            own=listed(self.own, AND),
        )


@dataclass(slots=True)
class WholeIsNotCallers(Refusal):
    """A caller who is limited to units does nothing that holds for the whole municipality."""

    kind = Kind.FORBIDDEN
    own: tuple[str, ...]

    def sentence(self) -> str:
        """Names the units."""
        return self.say("Det här gäller hela kommunen, men din behörighet gäller {own}.", own=listed(self.own, AND))


@dataclass(slots=True)
class StepLiesInTheFuture(Refusal):
    """A step is taken on its day or recorded afterwards."""

    datum: date
    this_day: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say("Datumet {self.datum} har inte varit än (i dag är {self.this_day}): rätta det.")


@dataclass(slots=True)
class BeslutHasNoReference(Refusal):
    """Once there are mandates a decision says where it stands in the minutes."""

    organ: str
    day: str

    def sentence(self) -> str:
        """Asks for it."""
        return self.say(
            "Beslutet av {self.organ} den {self.day} saknar hänvisning: fyll i paragraf eller diarienummer, så att "
            "det går att hitta i protokollet.",
        )


@dataclass(slots=True)
class DecisionLiesInTheFuture(Refusal):
    """What is not decided yet is a proposal."""

    beslutsdatum: date
    this_day: date

    def sentence(self) -> str:
        """Gives both days."""
        return self.say("Beslutsdatum {self.beslutsdatum} har inte varit än (i dag är {self.this_day}): rätta datumet.")


@dataclass(slots=True)
class CallerMayNotRegister(Refusal):
    """Decisions taken elsewhere are recorded by who has the right to: registrera historik."""

    kind = Kind.FORBIDDEN
    who: tuple[str, ...]

    def sentence(self) -> str:
        """Says who may."""
        if not self.who:
            return self.say(
                "Du har inte rätten att registrera beslut som är fattade (registrera historik) för dessa enheter och "
                "belopp: ingen har ett sådant mandat."
            )
        return self.say(
            "Du har inte rätten att registrera beslut som är fattade (registrera historik) för dessa enheter och "
            "belopp: det får {who}.",
            who=listed(tuple(dict.fromkeys(self.who))),
        )


@dataclass(slots=True)
class CallerDoesNotHold(Refusal):
    """Who decides holds the mandate."""

    kind = Kind.FORBIDDEN
    organ: str
    day: str

    def sentence(self) -> str:
        """Says how a function is held."""
        return self.say(
            "{self.organ} får besluta, men du har inte den funktionen för dessa enheter den {self.day}: den ges av "
            "inloggningen eller av attestförteckningen.",
        )


@dataclass(slots=True)
class MandatHasEndedSince(Refusal):
    """Who decides has the right on the day of the decision and on the day when he gives it."""

    kind = Kind.FORBIDDEN
    organ: str
    beslutsdatum: date
    this_day: date

    def sentence(self) -> str:
        """Gives both days and who decides instead."""
        return self.say(
            "{self.organ} fick besluta den {self.beslutsdatum}, men du har inte den rätten i dag ({self.this_day}), "
            "och ett beslut fattas när det ges här: den som har mandatet nu beslutar."
        )


@dataclass(slots=True)
class CallerMayNotReview(Refusal):
    """Who reviews is named in the attestförteckning, where there is one."""

    kind = Kind.FORBIDDEN
    units: tuple[str, ...]

    def sentence(self) -> str:
        """Names the units."""
        return self.say(
            "Du står inte som granskningsattestant i attestförteckningen för {units}: någon som gör det granskar.",
            units=listed(self.units),
        )


@dataclass(slots=True)
class ReviewIsMissing(Refusal):
    """Where reviewers are named a proposal is reviewed before it is decided."""

    kind = Kind.CONFLICT
    arende: str

    def sentence(self) -> str:
        """Says what comes first."""
        return self.say(
            "Ärendet {self.arende} saknar granskningsattest: låt en granskningsattestant granska det först.",
        )


@dataclass(slots=True)
class MandatIsGivenByAdmin(Refusal):
    """Once there are mandates the role admin records them, and no other."""

    kind = Kind.FORBIDDEN
    roll: str

    def sentence(self) -> str:
        """Says who may."""
        return self.say("Rollen {self.roll} får inte ändra mandat sedan det första mandatet gavs: det får admin.")


@dataclass(slots=True)
class MandatIsOnesOwn(Refusal):
    """Nobody records a right of his own."""

    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Says who may."""
        return self.say(
            "Du kan inte registrera ett mandat eller en attesträtt för dig själv: någon annan registrerar det.",
        )


@dataclass(slots=True)
class OrganisationIsAdmins(Refusal):
    """Once there are mandates the role admin changes what they are over, and no other."""

    kind = Kind.FORBIDDEN
    roll: str

    def sentence(self) -> str:
        """Says who may, and how history comes in."""
        return self.say(
            "Rollen {self.roll} får inte ändra organisationen sedan det första mandatet gavs, eftersom mandat gäller "
            "enheter: det får admin. Historik läses in som fil av den som har mandat att registrera för de enheter "
            "som finns, och en annan person läser in samma fil."
        )


@dataclass(slots=True)
class TreeIsOnesOwn(Refusal):
    """Nobody widens a right of his own by moving units."""

    kind = Kind.FORBIDDEN
    unit: str
    tree: str

    def sentence(self) -> str:
        """Says who may."""
        return self.say(
            "Du har själv ett mandat över {self.tree}, som skulle bli vidare om {self.unit} hamnade där eller bytte "
            "nivå där: någon annan registrerar det."
        )
