"""Refused attempts in the words of whoever made them: what was tried, why it was refused, and where to go on.

Not here: what was in the attempt, which nobody keeps; everybody's attempts, which the report avvisade shows.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ledger.domain import arende, beslut, mandat, organisation, period, prognos, registrering
from ledger.domain.bokslut import CloseYear
from ledger.domain.events_behorighet import ForsokRefused
from ledger.domain.language import N_, _
from ledger.domain.refusal import Kind
from ledger.web import problems, words
from ledger.web.examples import SUMMARIES
from ledger.web.house import House
from ledger.web.registering import OF_TYP
from ledger.web.schemas import BY_NAME

#: Why, by the rule that said no. Refusals of these kinds are noted; each of the domain has its reason here.
REASONS: Final = {
    "AmountIsAboveMandat": N_("Beloppet är större än mandatets gräns: nästa nivå beslutar."),
    "ArendeHasChanged": N_("Ärendet har ändrats sedan du läste det: läs den nya versionen och ta ställning igen."),
    "ArendeHasEnded": N_("Ärendet är redan beslutat eller återkallat."),
    "ArendeIsNotProposed": N_("Ärendet är inte föreslaget, så det går inte att granska eller besluta än."),
    "ArendeIsProposedAlready": N_("Ärendet är redan föreslaget."),
    "AtgardIsOtherwise": N_("Åtgärden är redan registrerad med ett annat innehåll."),
    "BeslutIsOtherwise": N_("Beslutet är redan registrerat med andra rader: rätta registreringen i stället."),
    "BodyDecidesInMeeting": N_("Ett politiskt organ beslutar i sammanträde: registrera beslutet ur protokollet."),
    "CallerDoesNotHold": N_("Du har inte det mandat som du beslutade med stöd av."),
    "CallerIsJavig": N_("Du har anmält jäv i ärendet: en ersättare tar över."),
    "CallerMayNotRegister": N_("Du har inte rätten att registrera beslut som andra har fattat."),
    "CallerMayNotReview": N_("Du står inte i attestförteckningen som granskare för enheten."),
    "ChecklistHasMore": N_("Något i checklistan är kvar: gör klart det, eller stäng med ett skäl."),
    "ClosingHasNotBegun": N_("Förvaltningen har inte börjat stänga månaden."),
    "CodeIsOtherwise": N_("Koden har redan en annan innebörd den tiden."),
    "CodeWouldVanish": N_("Koden används av annat och går inte att ta bort."),
    "CorrectionChangesNothing": N_("Rättelsen ändrar ingenting."),
    "DecisionIsRecordedAlready": N_("Beslutet är redan registrerat."),
    "FactIsCorrectedAlready": N_("Registreringen är redan rättad: rätta rättelsen."),
    "FrameLeftIsTooSmall": N_("Mer än det som är kvar av ramen går inte att föra över."),
    "KontrollsummaComesLate": N_("Kontrollsumman hör till den första registreringen av beslutet."),
    "KontrollsummaIsOtherwise": N_("Beslutet är registrerat med en annan kontrollsumma."),
    "LeveransIsOtherwise": N_("Månaden är redan levererad med andra rader."),
    "MachineTakesNoStand": N_("En maskin granskar inte, beslutar inte och bekräftar inget: det gör en person."),
    "MandatHasEnded": N_("Mandatet har redan slutat."),
    "MandatHasEndedSince": N_("Mandatet gällde på beslutets dag men inte i dag: den som har det nu beslutar."),
    "MandatIsGivenByAdmin": N_("Mandat registreras bara av den som är administratör."),
    "MandatIsOnesOwn": N_("Ingen registrerar en rätt åt sig själv."),
    "MandatIsOtherwise": N_("Ett annat mandat av samma slag gäller redan från den dagen."),
    "MattIsOtherwise": N_("Måttet har redan ett annat innehåll från den dagen."),
    "MatvardeIsOtherwise": N_("Ett annat mätvärde är redan lämnat den dagen."),
    "OrganMayNotCloseYear": N_(
        "Bokslutet gäller hela kommunen: det fastställer kommunfullmäktige eller kommunstyrelsen."
    ),
    "OrganMayNotDecide": N_("Den som angavs som beslutsorgan har inte rätt att besluta det."),
    "OrganisationIsAdmins": N_("Sedan det första mandatet gavs ändrar bara administratören organisationen."),
    "PeriodIsAlreadySo": N_("Månaden är redan stängd, eller redan öppen."),
    "PeriodIsClosed": N_("Månaden är stängd och tar inte emot bokföring."),
    "PeriodiseringMissesLump": N_("Periodiseringen summerar inte till årsbeloppet."),
    "PrognosIsOtherwise": N_("En annan prognos är redan lämnad den dagen."),
    "ProjektIsOtherwise": N_("Projektet har redan ett annat innehåll den dagen."),
    "ProposalIsOfJavig": N_("Den som skrev förslaget har anmält jäv: någon annan skriver en ny version."),
    "ProposalIsOnesOwn": N_("Du har skrivit eller föreslagit ärendet: någon annan granskar och beslutar."),
    "RegistreringIsOnesOwn": N_("Du har själv gjort registreringen: en annan person bekräftar den."),
    "RegistreringIsOutdated": N_("Annat har registrerats sedan dess: ta tillbaka registreringen och gör om den."),
    "RegistreringWaits": N_("Detta är redan registrerat och väntar på att bekräftas."),
    "ReviewIsMissing": N_("Granskningsattesten saknas: den kommer före beslutet."),
    "ReviewIsOnesOwn": N_("Du har granskat ärendet: någon annan beslutar."),
    "RollIsUnknown": N_("Rollen finns inte."),
    "RollMayNot": N_("Din roll får inte göra detta."),
    "TreeIsOnesOwn": N_("Ändringen skulle göra ditt eget mandat vidare: någon annan registrerar den."),
    "UnitHoldsTooLittle": N_("Enheten har inte så mycket att fördela."),
    "UnitIsClosedOtherwise": N_("Enheten är redan avslutad på ett annat sätt."),
    "UnitIsNotCallers": N_("Enheten ligger utanför dem som din roll gäller."),
    "UnitIsOtherwise": N_("Enheten har redan ett annat innehåll den tiden."),
    "VoucherIsCorrectedAlready": N_("Verifikationen är redan rättad."),
    "VoucherIsOtherwise": N_("Verifikationens nummer är redan använt."),
    "WholeIsNotCallers": N_("Det gäller hela kommunen, och din roll bara vissa enheter."),
    "YearHasOpenMonths": N_("Året har månader som inte är stängda."),
    "YearIsClosedAlready": N_("Året är redan stängt."),
}

#: Of a rule of the edge, which has no reason of its own.
OTHERWISE: Final = {
    Kind.FORBIDDEN.value: N_("Det är inte tillåtet."),
    Kind.CONFLICT.value: N_("Det strider mot det som redan är registrerat."),
}

#: Where what was tried is done, by the room of the command.
_WHERE: Final[tuple[tuple[tuple[type[Any], ...], str], ...]] = (
    (arende.COMMANDS, "/rapporter/arenden"),
    (registrering.COMMANDS, "/att-gora"),
    ((*period.COMMANDS, CloseYear), "/perioder"),
    (organisation.COMMANDS, "/organisation"),
    (mandat.COMMANDS, "/rapporter/mandat"),
    (prognos.COMMANDS, "/registrera/prognos"),
)

#: Files are judged as a whole.
IMPORT: Final = "Import"


class Attempt(NamedTuple):
    """An attempt that was refused: when, what, why, where to go on (blank: nowhere), and the rule's own page."""

    position: int
    when: str
    what: str
    why: str
    href: str
    rule: str
    rule_href: str
    antal: int


def own(house: House) -> list[Attempt]:
    """The newest refused attempts of whoever asks, the newest first."""
    actor = house.caller.actor
    positions = house.ledger.look(lambda books, _today: tuple(books.hands.refused.get(actor, ())))
    return [_told(house, position) for position in reversed(positions)]


def _told(house: House, position: int) -> Attempt:
    (recorded,) = house.ledger.log.read(position - 1, upto=position, limit=1)
    fact = recorded.fact
    assert isinstance(fact, ForsokRefused)  # noqa: S101 - the books keep the positions of these alone
    what, href = what_and_where(fact.kommando)
    return Attempt(
        position, words.instant(recorded.recorded_at).removesuffix(" UTC"), what, reason(fact), href, fact.regel,
        problems.address(fact.regel), fact.antal,
    )  # fmt: skip


def reason(fact: ForsokRefused) -> str:
    """Why, in a sentence."""
    return _(REASONS.get(fact.regel) or OTHERWISE.get(fact.slag, fact.regel))


def what_and_where(kommando: str) -> tuple[str, str]:
    """What a command does, in words, and the address of the page where it is done; blank where it is done on none."""
    if kommando == IMPORT:
        return _("Läs in filer"), "/import"
    for name, command in BY_NAME.items():
        if command.__name__ == kommando:
            return _(SUMMARIES[name]), _where(command)
    return kommando, ""


def _where(command: type[Any]) -> str:
    if command in beslut.COMMANDS and command.typ in OF_TYP:
        return f"/registrera/{command.typ}"
    return next((href for commands, href in _WHERE if command in commands), "")
