"""Roles: which commands each may give at all.

What a role may, fyra ögon, units and mandates may still refuse (behorighet.py). Until the first mandate is recorded the
ledger is in öppet läge (contract §1), and the role is by which right a fact is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ledger.domain import (
    arende,
    atgard,
    beslut,
    investering,
    kontoplan,
    mandat,
    matt,
    organisation,
    period,
    prognos,
    rattelse,
    registrering,
    verifikation,
)
from ledger.domain import utfall as outcome
from ledger.domain.deciders import DECIDERS
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.language import N_, _, phrase
from ledger.domain.refusal import Kind, Refusal, listed, refuse

#: Every command that the ledger takes, in the order in which files are judged.
COMMANDS: Final[tuple[type[Any], ...]] = (
    *organisation.COMMANDS,
    *kontoplan.COMMANDS,
    *investering.COMMANDS,
    *beslut.COMMANDS,
    *verifikation.COMMANDS,
    *outcome.COMMANDS,
    *prognos.COMMANDS,
    *period.COMMANDS,
    *rattelse.COMMANDS,
    *(command for each in DECIDERS for command in each.COMMANDS),
)

#: What a command does, in words for a refusal.
_DOES: Final[dict[type[Any], str]] = {
    organisation.RegisterUnit: N_("ändra organisationen"),
    kontoplan.DefineVerksamhet: N_("ändra verksamheterna"),
    kontoplan.DefineKonto: N_("ändra kontoplanen"),
    investering.ChangeProjekt: N_("ändra projekt"),
    verifikation.PostVerifikation: N_("bokföra verifikationer"),
    outcome.ReportUtfall: N_("rapportera utfall"),
    prognos.SubmitPrognos: N_("lämna prognoser"),
    period.BeginClosing: N_("börja stänga perioder"),
    period.ClosePeriod: N_("stänga perioder"),
    period.OpenPeriod: N_("öppna perioder"),
    rattelse.CorrectRegistrering: N_("rätta registreringar"),
    **{command: does for each in DECIDERS for command, does in each.DOES.items()},
}

#: Steps of a case: those of who reviews, and those of who decides.
_REVIEW: Final = (arende.ReviewArende, arende.ReturnArende, arende.DeclareJav)
_ATTEST: Final = (*_REVIEW, arende.DecideArende)

#: What a machine never does, whatever its role: nobody sits there who could take a stand.
BY_PEOPLE: Final = frozenset({arende.ReviewArende, arende.DecideArende, registrering.ConfirmRegistrering})

_MASTER: Final = (*organisation.COMMANDS, *kontoplan.COMMANDS, *investering.COMMANDS)

RIGHTS: Final[dict[str, frozenset[type[Any]]]] = {
    "ekonom": frozenset(COMMANDS),
    "controller": frozenset({*prognos.COMMANDS, *atgard.COMMANDS, matt.ReportMatvarden, *_REVIEW, WriteKommentar}),
    "attestant": frozenset({*_ATTEST, WriteKommentar}),
    "beslutsfattare": frozenset({*beslut.COMMANDS, *_ATTEST, *registrering.COMMANDS, WriteKommentar}),
    "revisor": frozenset(),
    "internkontroll": frozenset(),
    "lasare": frozenset(),
    "admin": frozenset({*_MASTER, *period.COMMANDS, *rattelse.COMMANDS, *mandat.COMMANDS, *registrering.COMMANDS}),
}


class Caller(NamedTuple):
    """Whoever gives a command: a pseudonymous actor and a role.

    `enheter` are the units whose trees the caller is limited to (none: no limit), `funktioner` the functions that the
    caller holds by sign-in, as mandates name them, `egna` other pseudonyms of the same person: machines and who is
    responsible for them. `maskin`: nobody sits there, so nothing is attested or confirmed.
    """

    actor: str
    roll: str
    enheter: tuple[str, ...] = ()
    funktioner: tuple[str, ...] = ()
    egna: tuple[str, ...] = ()
    maskin: bool = False

    @property
    def hands(self) -> frozenset[str]:
        """All pseudonyms under which this person may have taken a step."""
        return frozenset({self.actor, *self.egna})


def mandat_for(caller: Caller, command: type[Any]) -> str:
    """By which right a caller may give a command, as kept with the fact. Errors: Refused, kind FORBIDDEN."""
    if caller.roll not in RIGHTS:
        raise refuse(RollIsUnknown(caller.roll))
    if command not in RIGHTS[caller.roll]:
        allowed = sorted(roll for roll, commands in RIGHTS.items() if command in commands)
        does = phrase(_DOES.get(command) or N_("registrera beslut om {typ}"), typ=getattr(command, "typ", ""))
        raise refuse(RollMayNot(caller.roll, does, tuple(allowed)))
    if caller.maskin and command in BY_PEOPLE:
        raise refuse(MachineTakesNoStand())
    return f"oppet/{caller.roll}"


@dataclass(slots=True)
class RollIsUnknown(Refusal):
    """A caller has one of the roles."""

    kind = Kind.FORBIDDEN
    roll: str

    def sentence(self) -> str:
        """Lists the roles."""
        return self.say(
            "Rollen {roll} finns inte: sätt LIGGARE_ROLL till {rights}.",
            roll=self.roll or _("(tom)"),
            rights=listed(tuple(RIGHTS)),
        )


@dataclass(slots=True)
class RollMayNot(Refusal):
    """A role gives some commands and not others."""

    kind = Kind.FORBIDDEN
    roll: str
    does: str
    allowed: tuple[str, ...]

    def sentence(self) -> str:
        """Says who may."""
        return self.say("Rollen {self.roll} får inte {self.does}: det får {allowed}.", allowed=listed(self.allowed))


@dataclass(slots=True)
class MachineTakesNoStand(Refusal):
    """A machine reviews, decides and confirms nothing."""

    kind = Kind.FORBIDDEN

    def sentence(self) -> str:
        """Says who does."""
        return self.say("En maskin granskar, beslutar och bekräftar ingenting: det gör en person som är inloggad.")
