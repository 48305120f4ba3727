"""Rules of tokens and of the table of roles: what whoever administers the ledger may write."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.domain.refusal import Kind, Refusal, listed

COLUMNS = ("pastaende", "varde", "roll", "enheter", "funktion")


@dataclass(slots=True)
class TokenIsNameless(Refusal):
    """A token says which machine it is for."""

    longest: int

    def sentence(self) -> str:
        """Gives the length."""
        return f"En nyckel har ett namn på 1–{self.longest} tecken: skriv vilket program den är till."


@dataclass(slots=True)
class RollIsNotForMachines(Refusal):
    """A machine takes no decision and hands out no rights."""

    roll: str
    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the roles of machines."""
        return f"En maskin kan inte ha rollen {self.roll or '(tom)'}: välj {listed(self.allowed)}."


@dataclass(slots=True)
class TokenLivesTooLong(Refusal):
    """A token is renewed at least once a year."""

    days: int
    most: int

    def sentence(self) -> str:
        """Gives the limit."""
        return f"En nyckel gäller 1–{self.most} dagar, inte {self.days}: välj ett kortare liv och byt den i tid."


@dataclass(slots=True)
class ResponsibleIsUnknown(Refusal):
    """Somebody whom the directory knows is responsible for a machine."""

    def sentence(self) -> str:
        """Says what a pseudonym looks like."""
        return f"Den ansvariga, {self.varde}, finns inte i katalogen: ange personens pseudonym, till exempel a-17."


@dataclass(slots=True)
class TokenIsUnknown(Refusal):
    """A token that is named exists."""

    kind = Kind.MISSING

    def sentence(self) -> str:
        """Names it."""
        return f"Nyckeln {self.varde} finns inte: se vilka som finns med `liggare token lista` eller /api/v1/token."


@dataclass(slots=True)
class RolltabellHasOtherHeader(Refusal):
    """The file of roles has the columns of the table of roles."""

    def sentence(self) -> str:
        """Lists the columns."""
        return f"Filens första rad ska vara {','.join(COLUMNS)}: rätta den och läs in igen."


@dataclass(slots=True)
class RolltabellIsTooLong(Refusal):
    """Roles are given to groups, not to a whole municipality one by one."""

    rows: int
    most: int

    def sentence(self) -> str:
        """Gives the limit."""
        return f"Filen har {self.rows} rader, men högst {self.most} får plats: ge roller till grupper i stället."


@dataclass(slots=True)
class RolltabellRowIsRagged(Refusal):
    """A row has a field for every column."""

    fields: int

    def sentence(self) -> str:
        """Gives the number."""
        return f"Rad {self.rad} har {self.fields} fält, men ska ha {len(COLUMNS)}: {','.join(COLUMNS)}."


@dataclass(slots=True)
class RolltabellRowNamesNobody(Refusal):
    """A row says in which claim it looks, and for what."""

    def sentence(self) -> str:
        """Gives an example."""
        return f"Rad {self.rad} saknar påstående eller värde: fyll i båda, till exempel roles och Budget.Ekonom."


@dataclass(slots=True)
class RolltabellRowGivesNothing(Refusal):
    """A row gives a role, a function or both."""

    def sentence(self) -> str:
        """Asks for one."""
        return f"Rad {self.rad} ger varken roll eller funktion: fyll i minst en av dem."


@dataclass(slots=True)
class RolltabellRollIsUnknown(Refusal):
    """A row gives a role that there is."""

    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists the roles."""
        return f"Rad {self.rad} har rollen {self.varde}, som inte finns: välj {listed(self.allowed)}."


@dataclass(slots=True)
class RolltabellRowLimitsNothing(Refusal):
    """Units limit a role, not a function."""

    def sentence(self) -> str:
        """Says what to do."""
        return f"Rad {self.rad} begränsar till enheter men ger ingen roll: fyll i rollen eller ta bort enheterna."


@dataclass(slots=True)
class RolltabellIsUnreadable(Refusal):
    """The file of roles is text in UTF-8 that is there to read."""

    path: str

    def sentence(self) -> str:
        """Names the file."""
        return f"Filen {self.path} går inte att läsa: kontrollera att den finns och är sparad som CSV i UTF-8."
