"""Rules of the edge itself: what a request must be before the ledger is asked. Each has its sentence, as in the domain.

Not here: what a command may say (ledger.domain) and what a question may ask (ledger.reporting).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.domain.language import _
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
        return self.say("Adressen {self.path} finns inte: kontrollera stavningen, eller börja från /.")


@dataclass(slots=True)
class MethodIsNotAllowed(EdgeRefusal):
    """An address takes some methods and not others."""

    status = 405
    method: str
    allowed: str

    def sentence(self) -> str:
        """Lists the methods."""
        return self.say("Adressen tar inte emot metoden {self.method}: använd {self.allowed}.")


@dataclass(slots=True)
class FormIsUnreadable(EdgeRefusal):
    """A form is sent as browsers send forms."""

    status = 400

    def sentence(self) -> str:
        """Says where to begin again."""
        return self.say(
            "Formuläret går inte att läsa: öppna sidan igen, fyll i den och skicka. Ingenting är registrerat.",
        )


@dataclass(slots=True)
class NothingIsMarked(EdgeRefusal):
    """Many steps at once are at least one."""

    def sentence(self) -> str:
        """Says how."""
        return self.say("Ingenting är markerat: sätt en bock för det du vill ta ställning till.")


@dataclass(slots=True)
class TooManyMarked(EdgeRefusal):
    """So many steps are taken at once that their answer can be read."""

    count: int
    most: int

    def sentence(self) -> str:
        """Gives the limit."""
        return self.say("{self.count} saker är markerade, men högst {self.most} tas på en gång: markera färre.")


@dataclass(slots=True)
class BodyIsTooLarge(EdgeRefusal):
    """A body has a size that can be judged at once."""

    status = 413
    limit: int

    def sentence(self) -> str:
        """Gives the limit, and the way for large files."""
        size = f"{self.limit / MEGABYTE:g} MB".replace(".", ",") if self.limit >= MEGABYTE else f"{self.limit} byte"
        return self.say(
            "Begäran är större än {size}: dela upp den, eller läs in filen med `liggare import`.",
            size=size,
        )


@dataclass(slots=True)
class MediaTypeIsUnsupported(EdgeRefusal):
    """A command is JSON."""

    status = 415

    def sentence(self) -> str:
        """Names the type."""
        return self.say(
            "Innehållstypen {varde} går inte att läsa: skicka kommandot som JSON med huvudet Content-Type: "
            "application/json.",
            varde=self.varde or _("(ingen)"),
        )


@dataclass(slots=True)
class JsonIsUnreadable(EdgeRefusal):
    """JSON has one meaning."""

    status = 400
    fault: str

    def sentence(self) -> str:
        """Says where it breaks."""
        return self.say("Kroppen är inte läsbar JSON: {self.fault}. Rätta den och skicka igen.")


@dataclass(slots=True)
class HostIsUnknown(EdgeRefusal):
    """The service answers to its own name, so that another site cannot pose as it (DNS rebinding)."""

    status = 421
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Names the host."""
        return self.say(
            "Tjänsten svarar inte på värdnamnet {varde}: öppna http://127.0.0.1 med rätt port, eller lägg till "
            "namnet i inställningarna.",
            varde=self.varde or _("(inget)"),
        )


@dataclass(slots=True)
class OriginIsForeign(EdgeRefusal):
    """Commands come from the service's own pages or from programs, never from another site (CSRF)."""

    status = 403
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Names the origin."""
        return self.say(
            "Begäran kommer från en annan webbplats ({varde}) och utförs inte: öppna liggarens egen sida och gör om "
            "den där.",
            varde=self.varde or _("okänd"),
        )


@dataclass(slots=True)
class IdempotencyKeyIsUnreadable(EdgeRefusal):
    """An idempotency key is a short plain text."""

    def sentence(self) -> str:
        """Shows the form."""
        return self.say(
            "Huvudet Idempotency-Key går inte att läsa: ange 1–200 tecken av a–z, A–Z, 0–9 och . _ ~ : + = -, till "
            "exempel ett UUID.",
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
        return self.say(
            "Idempotency-Key {self.key} är redan använd för ett kommando som gav {where}, med annat innehåll i "
            "{fields}: använd en ny nyckel för ett nytt kommando.",
            where=where,
            fields=", ".join(self.fields),
        )


@dataclass(slots=True)
class LedgerMoved(EdgeRefusal):
    """A decision rests on what is recorded now."""

    status = 409
    kind = Kind.CONFLICT

    def sentence(self) -> str:
        """Asks to try again."""
        return self.say(
            "Underlaget ändrades av någon annan under tiden, flera gånger i rad: läs om och skicka kommandot igen.",
        )


@dataclass(slots=True)
class ClockIsBehindHead(EdgeRefusal):
    """Facts are recorded in the order of time."""

    status = 503

    def sentence(self) -> str:
        """Asks for the clock to be set."""
        return self.say(
            "Datorns klocka går mer än fem minuter efter det senast registrerade, så ingenting kan registreras: "
            "ställ klockan och försök igen.",
        )


@dataclass(slots=True)
class DatabaseIsAway(EdgeRefusal):
    """The ledger lies in a database that answers."""

    status = 503

    def sentence(self) -> str:
        """Says that it is not the caller's fault."""
        return self.say(
            "Liggarens databas svarar inte: försök igen om en stund, och säg till driften om det fortsätter.",
        )


@dataclass(slots=True)
class ReportsAreBehind(EdgeRefusal):
    """An answer waits until the reports hold what is asked for."""

    status = 503

    def sentence(self) -> str:
        """Asks to wait."""
        return self.say("Rapporterna har inte hunnit ikapp det som är registrerat: försök igen om en stund.")


@dataclass(slots=True)
class SomethingBroke(EdgeRefusal):
    """The program does not break."""

    status = 500
    incident: str

    def sentence(self) -> str:
        """Gives the number under which it is logged."""
        return self.say(
            "Något gick fel i programmet, och det är loggat som {self.incident}: uppge numret till driften. Ett "
            "kommando kan skickas igen med samma Idempotency-Key.",
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
            return self.say("Faktum @{self.position} finns inte: liggaren är tom.")
        return self.say("Faktum @{self.position} finns inte: liggaren går från @1 till @{self.head}.")


# ---------------------------------------------------------------- fields


@dataclass(slots=True)
class FieldIsMissing(EdgeRefusal):
    """A required field is given."""

    def sentence(self) -> str:
        """Names the field."""
        if self.kolumn is None:
            return self.say("Kommandots kropp saknas: skicka fälten som ett JSON-objekt.")
        return self.say("{where} saknas: fyll i det.", where=where(self))


@dataclass(slots=True)
class FieldIsUnknown(EdgeRefusal):
    """A field is one of those the command has."""

    def sentence(self) -> str:
        """Names the field."""
        return self.say("{where} finns inte i kommandot: rätta namnet eller ta bort fältet.", where=where(self))


@dataclass(slots=True)
class FieldIsOtherwise(EdgeRefusal):
    """A field has the form that the command gives it."""

    form: str

    def sentence(self) -> str:
        """Says what is expected."""
        if self.varde is None:
            return self.say("{where} ska vara {self.form}: rätta värdet.", where=where(self))
        return self.say(
            "{where} har värdet {self.varde}, men ska vara {self.form}: rätta värdet.",
            where=where(self),
            form=self.form,
        )


@dataclass(slots=True)
class ParameterIsOtherwise(EdgeRefusal):
    """A parameter of the address has its form."""

    form: str

    def sentence(self) -> str:
        """Says what is expected."""
        return self.say(
            "Parametern {self.kolumn} har värdet {varde}, men ska vara {self.form}: rätta adressen.",
            varde=self.varde or _("(tomt)"),
        )


@dataclass(slots=True)
class ParameterIsUnknown(EdgeRefusal):
    """A parameter is one of those the address takes."""

    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Lists those that are."""
        if not self.allowed:
            return self.say("Parametern {self.kolumn} finns inte: adressen tar inga parametrar.")
        return self.say("Parametern {self.kolumn} finns inte: använd {allowed}.", allowed=listed(self.allowed))


def where(refusal: Refusal) -> str:
    """The field, with its row where it has one."""
    if refusal.rad is None:
        text = _("Fältet {of.kolumn}") if refusal.kolumn else _("Kommandots kropp")
    elif refusal.kolumn:
        text = _("Fältet {of.kolumn} på rad {of.rad} (första raden är 0)")
    else:
        text = _("Kommandots kropp på rad {of.rad} (första raden är 0)")
    return text.format(of=refusal)


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
