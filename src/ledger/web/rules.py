"""Rules of the edge itself: what a request must be before the ledger is asked. Each has its sentence, as in the domain.

Not here: what a command may say (ledger.domain) and what a question may ask (ledger.reporting).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.domain.refusal import Kind, Refusal, listed

MEGABYTE = 1_000_000


@dataclass(slots=True)
class EdgeRefusal(Refusal):
    """A broken rule of the edge, with the HTTP status that says the same."""

    status: ClassVar[int] = 422


@dataclass(slots=True)
class AddressIsUnknown(EdgeRefusal):
    """An address leads somewhere."""

    status = 404
    kind = Kind.MISSING
    path: str

    def sentence(self) -> str:
        """Names the address."""
        return f"Adressen {self.path} finns inte: kontrollera stavningen, eller börja från /."


@dataclass(slots=True)
class MethodIsNotAllowed(EdgeRefusal):
    """An address takes some methods and not others."""

    status = 405
    method: str
    allowed: str

    def sentence(self) -> str:
        """Lists the methods."""
        return f"Adressen tar inte emot metoden {self.method}: använd {self.allowed}."


@dataclass(slots=True)
class FormIsUnreadable(EdgeRefusal):
    """A form is sent as browsers send forms."""

    status = 400

    def sentence(self) -> str:
        """Says where to begin again."""
        return "Formuläret går inte att läsa: öppna sidan igen, fyll i den och skicka. Ingenting är registrerat."


@dataclass(slots=True)
class BodyIsTooLarge(EdgeRefusal):
    """A body has a size that can be judged at once."""

    status = 413
    limit: int

    def sentence(self) -> str:
        """Gives the limit, and the way for large files."""
        size = f"{self.limit / MEGABYTE:g} MB".replace(".", ",") if self.limit >= MEGABYTE else f"{self.limit} byte"
        return f"Begäran är större än {size}: dela upp den, eller läs in filen med `liggare import`."


@dataclass(slots=True)
class MediaTypeIsUnsupported(EdgeRefusal):
    """A command is JSON."""

    status = 415

    def sentence(self) -> str:
        """Names the type."""
        return (
            f"Innehållstypen {self.varde or '(ingen)'} går inte att läsa: skicka kommandot som JSON med huvudet "
            "Content-Type: application/json."
        )


@dataclass(slots=True)
class JsonIsUnreadable(EdgeRefusal):
    """JSON has one meaning."""

    status = 400
    fault: str

    def sentence(self) -> str:
        """Says where it breaks."""
        return f"Kroppen är inte läsbar JSON: {self.fault}. Rätta den och skicka igen."


@dataclass(slots=True)
class HostIsUnknown(EdgeRefusal):
    """The service answers to its own name, so that another site cannot pose as it (DNS rebinding)."""

    status = 421
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Names the host."""
        return (
            f"Tjänsten svarar inte på värdnamnet {self.varde or '(inget)'}: öppna http://127.0.0.1 med rätt port, "
            "eller lägg till namnet i inställningarna."
        )


@dataclass(slots=True)
class OriginIsForeign(EdgeRefusal):
    """Commands come from the service's own pages or from programs, never from another site (CSRF)."""

    status = 403
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Names the origin."""
        return (
            f"Begäran kommer från en annan webbplats ({self.varde or 'okänd'}) och utförs inte: "
            "öppna liggarens egen sida och gör om den där."
        )


@dataclass(slots=True)
class IdempotencyKeyIsUnreadable(EdgeRefusal):
    """An idempotency key is a short plain text."""

    def sentence(self) -> str:
        """Shows the form."""
        return (
            "Huvudet Idempotency-Key går inte att läsa: ange 1–200 tecken av a–z, A–Z, 0–9 och . _ ~ : + = -, "
            "till exempel ett UUID."
        )


@dataclass(slots=True)
class CommandIdIsTaken(EdgeRefusal):
    """An idempotency key belongs to one command."""

    status = 409
    kind = Kind.CONFLICT
    key: str
    fields: tuple[str, ...]
    first: int
    last: int

    def sentence(self) -> str:
        """Names what differs."""
        where = f"@{self.first}" if self.first == self.last else f"@{self.first}–@{self.last}"
        return (
            f"Idempotency-Key {self.key} är redan använd för ett kommando som gav {where}, med annat innehåll i "
            f"{', '.join(self.fields)}: använd en ny nyckel för ett nytt kommando."
        )


@dataclass(slots=True)
class LedgerMoved(EdgeRefusal):
    """A decision rests on what is recorded now."""

    status = 409
    kind = Kind.CONFLICT

    def sentence(self) -> str:
        """Asks to try again."""
        return "Underlaget ändrades av någon annan under tiden, flera gånger i rad: läs om och skicka kommandot igen."


@dataclass(slots=True)
class ClockIsBehindHead(EdgeRefusal):
    """Facts are recorded in the order of time."""

    status = 503

    def sentence(self) -> str:
        """Asks for the clock to be set."""
        return (
            "Datorns klocka går mer än fem minuter efter det senast registrerade, så ingenting kan registreras: "
            "ställ klockan och försök igen."
        )


@dataclass(slots=True)
class DatabaseIsAway(EdgeRefusal):
    """The ledger lies in a database that answers."""

    status = 503

    def sentence(self) -> str:
        """Says that it is not the caller's fault."""
        return "Liggarens databas svarar inte: försök igen om en stund, och säg till driften om det fortsätter."


@dataclass(slots=True)
class ReportsAreBehind(EdgeRefusal):
    """An answer waits until the reports hold what is asked for."""

    status = 503

    def sentence(self) -> str:
        """Asks to wait."""
        return "Rapporterna har inte hunnit ikapp det som är registrerat: försök igen om en stund."


@dataclass(slots=True)
class SomethingBroke(EdgeRefusal):
    """The program does not break."""

    status = 500
    incident: str

    def sentence(self) -> str:
        """Gives the number under which it is logged."""
        return (
            f"Något gick fel i programmet, och det är loggat som {self.incident}: uppge numret till driften. "
            "Ett kommando kan skickas igen med samma Idempotency-Key."
        )


@dataclass(slots=True)
class FactIsUnknown(EdgeRefusal):
    """A position leads to a fact."""

    status = 404
    kind = Kind.MISSING
    position: str
    head: int

    def sentence(self) -> str:
        """Gives the head."""
        if not self.head:
            return f"Faktum @{self.position} finns inte: liggaren är tom."
        return f"Faktum @{self.position} finns inte: liggaren går från @1 till @{self.head}."


# ---------------------------------------------------------------- fields


@dataclass(slots=True)
class FieldIsMissing(EdgeRefusal):
    """A required field is given."""

    def sentence(self) -> str:
        """Names the field."""
        if self.kolumn is None:
            return "Kommandots kropp saknas: skicka fälten som ett JSON-objekt."
        return f"{where(self)} saknas: fyll i det."


@dataclass(slots=True)
class FieldIsUnknown(EdgeRefusal):
    """A field is one of those the command has."""

    def sentence(self) -> str:
        """Names the field."""
        return f"{where(self)} finns inte i kommandot: rätta namnet eller ta bort fältet."


@dataclass(slots=True)
class FieldIsOtherwise(EdgeRefusal):
    """A field has the form that the command gives it."""

    form: str

    def sentence(self) -> str:
        """Says what is expected."""
        value = f" har värdet {self.varde}, men" if self.varde is not None else ""
        return f"{where(self)}{value} ska vara {self.form}: rätta värdet."


@dataclass(slots=True)
class ParameterIsOtherwise(EdgeRefusal):
    """A parameter of the address has its form."""

    form: str

    def sentence(self) -> str:
        """Says what is expected."""
        return (
            f"Parametern {self.kolumn} har värdet {self.varde or '(tomt)'}, men ska vara {self.form}: rätta adressen."
        )


@dataclass(slots=True)
class ParameterIsUnknown(EdgeRefusal):
    """A parameter is one of those the address takes."""

    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists those that are."""
        known = f"använd {listed(self.allowed)}" if self.allowed else "adressen tar inga parametrar"
        return f"Parametern {self.kolumn} finns inte: {known}."


def where(refusal: Refusal) -> str:
    """The field, with its row where it has one."""
    row = f" på rad {refusal.rad} (första raden är 0)" if refusal.rad is not None else ""
    return f"Fältet {refusal.kolumn}{row}" if refusal.kolumn else f"Kommandots kropp{row}"


def every_rule(family: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every rule that the loaded rooms can break, families apart."""
    for rule in family.__subclasses__():
        inner = list(every_rule(rule))
        # A slotted dataclass is made twice; the first of the two is never used and has no slots of its own.
        if "__slots__" in rule.__dict__ and rule is not EdgeRefusal:
            yield rule
        yield from inner


# ---------------------------------------------------------------- errors of rooms that the edge does not know


def moved(_error: Exception) -> Refusal:
    """Another writer was first, four times in a row."""
    return LedgerMoved()


def command_id_taken(error: Any) -> Refusal:
    """The id was used for another body; the error names the fields that differ and the first positions."""
    return CommandIdIsTaken(error.command_id, tuple(error.fields), error.first, error.last, kolumn="Idempotency-Key")


def clock_is_behind(_error: Exception) -> Refusal:
    """The clock is behind the newest fact."""
    return ClockIsBehindHead()


def database_is_away(_error: Exception) -> Refusal:
    """The database does not answer."""
    return DatabaseIsAway()
