"""Rules of the entrance: who may come in, with what proof, how often and for how long. Each has its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger.domain.language import _, said
from ledger.domain.refusal import AND, Kind, Refusal, listed
from ledger.web.rules import EdgeRefusal


@dataclass(slots=True)
class NobodyIsSignedIn(EdgeRefusal):
    """Who asks has shown who they are."""

    status = 401
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Says how."""
        return self.say(
            "Ingen är inloggad: logga in på /logga-in i en webbläsare, eller skicka en nyckel i huvudet "
            "Authorization: Bearer.",
        )


@dataclass(slots=True)
class ProofIsNotBelieved(EdgeRefusal):
    """What is shown as proof is true and still holds."""

    status = 401
    kind = Kind.FORBIDDEN
    said: str

    def sentence(self) -> str:
        """Says why it is not believed."""
        return str(said(self.said))


@dataclass(slots=True)
class ProviderIsSilent(EdgeRefusal):
    """The identity provider answers."""

    status = 503
    said: str

    def sentence(self) -> str:
        """Says what is wrong."""
        return str(said(self.said))


@dataclass(slots=True)
class RollMayNotEnter(EdgeRefusal):
    """An address is for some roles and not for others."""

    status = 403
    kind = Kind.FORBIDDEN
    roll: str
    what: str
    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Says who may."""
        return self.say(
            "Rollen {roll} får inte {what}: det får {allowed}.",
            roll=_(self.roll),
            what=_(self.what),
            allowed=listed([_(roll) for roll in self.allowed]),
        )


@dataclass(slots=True)
class KeyOnlyReads(EdgeRefusal):
    """A key that is made for reading registers nothing, nor does a machine that nobody is responsible for."""

    status = 403
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Says what to do."""
        return self.say(
            "Nyckeln får bara läsa: be den som administrerar liggaren om en nyckel som också får registrera, eller om "
            "en rad i rolltabellen med ansvarig för en maskin som har inloggningstjänstens bevis.",
        )


@dataclass(slots=True)
class UnitsAreUnknown(EdgeRefusal):
    """A key is limited to units that there are."""

    units: tuple[str, ...]

    def sentence(self) -> str:
        """Names them."""
        return self.say_n(
            "Enheten {units} finns inte i organisationen: rätta koden.",
            "Enheterna {units} finns inte i organisationen: rätta koderna.",
            len(self.units),
            units=listed([unit[:60] for unit in self.units[:10]], AND),
        )


@dataclass(slots=True)
class DaysAreUnreadable(EdgeRefusal):
    """How long a key lives is a whole number of days."""

    def sentence(self) -> str:
        """Gives an example."""
        return self.say("”{self.varde}” är inget antal dagar: skriv ett heltal, till exempel 180.")


@dataclass(slots=True)
class FormIsStale(EdgeRefusal):
    """A form is sent by who it was shown to, while they are signed in (CSRF)."""

    status = 403
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Asks for the page to be loaded again."""
        return self.say(
            "Formuläret hör till en annan inloggning, eller har legat för länge: ladda om sidan och skicka det igen.",
        )


@dataclass(slots=True)
class SignInIsUsedUp(EdgeRefusal):
    """A sign-in is finished once, soon, and in the browser where it was begun."""

    status = 403
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Asks to begin again."""
        return self.say(
            "Inloggningen är redan använd, tog för lång tid eller började i en annan webbläsare: logga in igen.",
        )


@dataclass(slots=True)
class SignInIsRefused(EdgeRefusal):
    """The identity provider lets the person in."""

    status = 403
    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Names what the provider said."""
        return self.say(
            "Inloggningstjänsten släppte inte in dig ({varde}): försök igen.",
            varde=self.varde or _("okänt skäl"),
        )


@dataclass(slots=True)
class NoRollIsGiven(EdgeRefusal):
    """Who signs in has a role in the ledger."""

    status = 403
    kind = Kind.FORBIDDEN
    version: int

    def sentence(self) -> str:
        """Says who gives roles."""
        if not self.version:
            return self.say(
                "Ingen har fått någon roll i liggaren än: be driften läsa in rolltabellen med `liggare roller FIL`.",
            )
        return self.say(
            "Du är känd, men rolltabellen (version {self.version}) ger dig ingen roll i liggaren: be den som "
            "administrerar den om en.",
        )


@dataclass(slots=True)
class SignInIsOff(EdgeRefusal):
    """There is a way to sign in."""

    status = 404
    kind = Kind.MISSING

    def sentence(self) -> str:
        """Names the setting."""
        return self.say(
            "Liggaren har ingen inloggning påslagen: den som driver den kan sätta LIGGARE_AUTH till oidc eller demo.",
        )


@dataclass(slots=True)
class RollIsNotYours(EdgeRefusal):
    """A role is one of those that the person has."""

    def sentence(self) -> str:
        """Asks to choose."""
        return self.say(
            "Rollen {varde} är inte en av dem du har: välj en av dem som visas.",
            varde=self.varde or _("(ingen)"),
        )


@dataclass(slots=True)
class TooManyRequests(EdgeRefusal):
    """Each asks so often that there is room for the others."""

    status = 429
    kind = Kind.CONFLICT
    limit: int
    seconds: int

    def sentence(self) -> str:
        """Says when to come back."""
        return self.say("För många anrop (högst {self.limit} i minuten): försök igen om {self.seconds} sekunder.")


@dataclass(slots=True)
class TooManyAtOnce(EdgeRefusal):
    """Each has so many questions under way that there is room for the others."""

    status = 429
    kind = Kind.CONFLICT
    limit: int

    def sentence(self) -> str:
        """Asks to wait."""
        return self.say("För många frågor samtidigt (högst {self.limit}): vänta på svaren och försök igen.")


@dataclass(slots=True)
class AnswerTookTooLong(EdgeRefusal):
    """A question is answered within a time."""

    status = 503
    seconds: int

    def sentence(self) -> str:
        """Asks for a smaller question."""
        return self.say(
            "Svaret tog mer än {self.seconds} sekunder: fråga om en mindre del, eller försök igen om en stund.",
        )


# ---------------------------------------------------------------- errors of the room of identity


def not_believed(error: Any) -> Refusal:
    """A proof was not believed; the error has the sentence."""
    return ProofIsNotBelieved(error.args[0])


def provider_is_silent(error: Any) -> Refusal:
    """The provider is away; the error has the sentence."""
    return ProviderIsSilent(error.args[0])
