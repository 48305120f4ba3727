"""Rules of tokens and of the table of roles: what whoever administers the ledger may write."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.domain.language import _
from ledger.domain.refusal import AND, Kind, Refusal, listed

COLUMNS = ("pastaende", "varde", "roll", "enheter", "funktion")
#: The column that a file may end with: who is responsible for the machines of a row.
OWNER = "ansvarig"


@dataclass(slots=True)
class TokenIsNameless(Refusal):
    """A token says which machine it is for."""

    longest: int

    def sentence(self) -> str:
        """Gives the length."""
        return self.say("En nyckel har ett namn på 1–{self.longest} tecken: skriv vilket program den är till.")


@dataclass(slots=True)
class RollIsNotForMachines(Refusal):
    """A machine takes no decision and hands out no rights."""

    roll: str
    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the roles of machines."""
        return self.say(
            "En maskin kan inte ha rollen {roll}: välj {allowed}.",
            roll=self.roll or _("(tom)"),
            allowed=listed(self.allowed),
        )


@dataclass(slots=True)
class RollWritesNothing(Refusal):
    """A token that may register has a role that registers something."""

    roll: str
    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the roles that do."""
        return self.say(
            "Rollen {self.roll} registrerar ingenting: låt nyckeln bara läsa, eller välj {allowed}.",
            allowed=listed(self.allowed),
        )


@dataclass(slots=True)
class TokenIsMadeAlready(Refusal):
    """A token is made once, and its secret is shown then."""

    kind = Kind.CONFLICT

    def sentence(self) -> str:
        """Says what to do where the secret is lost."""
        return self.say(
            "Nyckeln {self.varde} är redan skapad och visas inte igen: återkalla den och skapa en ny, om den inte "
            "hann sparas."
        )


@dataclass(slots=True)
class TokenLivesTooLong(Refusal):
    """A token is renewed at least once a year."""

    days: int
    most: int

    def sentence(self) -> str:
        """Gives the limit."""
        return self.say(
            "En nyckel gäller 1–{self.most} dagar, inte {self.days}: välj ett kortare liv och byt den i tid.",
        )


@dataclass(slots=True)
class ResponsibleIsUnknown(Refusal):
    """Somebody whom the directory knows is responsible for a machine."""

    def sentence(self) -> str:
        """Says what a pseudonym looks like."""
        return self.say(
            "Den ansvariga, {self.varde}, finns inte i katalogen: ange personens pseudonym, till exempel a-17.",
        )


@dataclass(slots=True)
class ResponsibleIsMachine(Refusal):
    """A person is responsible for a machine: to fyra ögon the two are one."""

    def sentence(self) -> str:
        """Asks for a person."""
        return self.say(
            "Den ansvariga, {self.varde}, är en maskin: ange pseudonymen för en person, till exempel a-17.",
        )


@dataclass(slots=True)
class TokenIsUnknown(Refusal):
    """A token that is named exists."""

    kind = Kind.MISSING

    def sentence(self) -> str:
        """Names it."""
        return self.say(
            "Nyckeln {self.varde} finns inte: se vilka som finns på /nycklar eller med `liggare token lista`.",
        )


@dataclass(slots=True)
class RolltabellHasOtherHeader(Refusal):
    """The file of roles has the columns of the table of roles."""

    def sentence(self) -> str:
        """Lists the columns."""
        return self.say(
            "Filens första rad ska vara {columns}, eller sluta med {owner} därtill: rätta den och läs in igen.",
            columns=",".join(COLUMNS),
            owner=OWNER,
        )


@dataclass(slots=True)
class RolltabellIsTooLong(Refusal):
    """Roles are given to groups, not to a whole municipality one by one."""

    rows: int
    most: int

    def sentence(self) -> str:
        """Gives the limit."""
        return self.say(
            "Filen har {self.rows} rader, men högst {self.most} får plats: ge roller till grupper i stället.",
        )


@dataclass(slots=True)
class RolltabellRowIsRagged(Refusal):
    """A row has a field for every column."""

    fields: int
    width: int

    def sentence(self) -> str:
        """Gives the number."""
        return self.say(
            "Rad {self.rad} har {self.fields} fält, men ska ha {self.width}: {columns}.",
            columns=",".join((*COLUMNS, OWNER)[: self.width]),
        )


@dataclass(slots=True)
class RolltabellRowNamesNobody(Refusal):
    """A row says in which claim it looks, and for what."""

    def sentence(self) -> str:
        """Gives an example."""
        return self.say(
            "Rad {self.rad} saknar påstående eller värde: fyll i båda, till exempel roles och Budget.Ekonom.",
        )


@dataclass(slots=True)
class RolltabellRowGivesNothing(Refusal):
    """A row gives a role, a function or both."""

    def sentence(self) -> str:
        """Asks for one."""
        return self.say("Rad {self.rad} ger varken roll, funktion eller ansvarig: fyll i minst en av dem.")


@dataclass(slots=True)
class RolltabellOwnerIsNoOne(Refusal):
    """One person is responsible for a machine."""

    found: tuple[str, ...]

    def sentence(self) -> str:
        """Says who there is to choose among; no name is repeated."""
        if self.found:
            return self.say(
                "Rad {self.rad}: flera i personförteckningen heter som den ansvariga ({found}): skriv beteckningen.",
                found=listed(self.found, AND),
            )
        return self.say(
            "Rad {self.rad}: den ansvariga är ingen person i personförteckningen: skriv personens beteckning, till "
            "exempel a-17, eller namnet som det står i inloggningen."
        )


@dataclass(slots=True)
class RolltabellRollIsUnknown(Refusal):
    """A row gives a role that there is."""

    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the roles."""
        return self.say(
            "Rad {self.rad} har rollen {self.varde}, som inte finns: välj {allowed}.",
            allowed=listed(self.allowed),
        )


@dataclass(slots=True)
class RolltabellRowLimitsNothing(Refusal):
    """Units limit a role, not a function."""

    def sentence(self) -> str:
        """Says what to do."""
        return self.say(
            "Rad {self.rad} begränsar till enheter men ger ingen roll: fyll i rollen eller ta bort enheterna.",
        )


@dataclass(slots=True)
class RolltabellIsUnreadable(Refusal):
    """The file of roles is text in UTF-8 that is there to read."""

    path: str

    def sentence(self) -> str:
        """Names the file."""
        return self.say("Filen {self.path} går inte att läsa: kontrollera att den finns och är sparad som CSV i UTF-8.")
