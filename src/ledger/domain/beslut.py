"""Budget decisions: what each of the nine kinds may look like, and what it may take.

Touches: ram/<ansvar>/<ar>, projekt/<kod>, omgang/<ar>, forslag/<dnr>.     Reader: the controller who records minutes.
Guards: both sides of a movement are given where the kind says so; an internbudget takes from what its unit holds; a
periodisering sums to the lump it replaces; an ombudgetering stays within the frame left; codes exist and are valid.
Rule: contract §4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from ledger.domain import beslut_refusals as no
from ledger.domain.balans import balance_refusals
from ledger.domain.delbeslut import new_part
from ledger.domain.events import DECISIONS, ForslagMade, ForslagRejected
from ledger.domain.fact import Fact
from ledger.domain.koder import AmountIsTooLarge, CodeIsUnknown, code_refusals, year_refusals, year_span
from ledger.domain.kodstrang import DRIFT, INVESTERING, SLAG
from ledger.domain.money import LARGEST_ORE
from ledger.domain.refusal import Refusal, Refused
from ledger.domain.rorelse import Rorelse
from ledger.domain.text import length_refusals, text_refusals

if TYPE_CHECKING:
    from ledger.domain.books import Books


@dataclass(frozen=True, slots=True)
class DecideBeslut:
    """A budget decision, or a proposal of one (`status` forslag), or its rejection (avslaget)."""

    typ: ClassVar[str] = ""

    beslutsorgan: str
    beslutsdatum: date
    rorelser: tuple[Rorelse, ...]
    paragraf: str | None = None
    diarienummer: str | None = None
    status: str = "beslutat"
    forslag: str | None = None
    kontrollsumma_ore: int | None = None


class AdoptBudget(DecideBeslut):
    """Kommunfullmäktige adopts frames for nämnder."""

    typ = "budget"


class DecideInvesteringsram(DecideBeslut):
    """Kommunfullmäktige decides an investment frame for a year."""

    typ = "investeringsram"


class DecideTotalutgift(DecideBeslut):
    """A project's decided total over all years."""

    typ = "totalutgift"


class DecideRamjustering(DecideBeslut):
    """A frame is changed."""

    typ = "ramjustering"


class AdoptInternbudget(DecideBeslut):
    """A nämnd distributes its frame."""

    typ = "internbudget"


class DecideOmfordelning(DecideBeslut):
    """Money moves between units within a year."""

    typ = "omfordelning"


class DecideOmbudgetering(DecideBeslut):
    """Unused investment frame is carried over."""

    typ = "ombudgetering"


class SetDetaljbudget(DecideBeslut):
    """A unit splits its net budget."""

    typ = "detaljbudget"


class SetPeriodisering(DecideBeslut):
    """A whole-year budget is put on months."""

    typ = "periodisering"


COMMANDS = (
    AdoptBudget,
    DecideInvesteringsram,
    DecideTotalutgift,
    DecideRamjustering,
    AdoptInternbudget,
    DecideOmfordelning,
    DecideOmbudgetering,
    SetDetaljbudget,
    SetPeriodisering,
)


def decide(books: Books, command: DecideBeslut) -> list[Fact]:
    """What a decision adds to the ledger: nothing where it is recorded, a part of it, or the whole.

    Checks in order: the decision's head, each movement by itself, its codes, what was recorded under the same key,
    then the balances the decision needs.
    """
    refusals = list(shape_refusals(books, command))
    if refusals:
        raise Refused(refusals)
    fact = DECISIONS[command.typ](
        command.beslutsorgan, command.beslutsdatum, command.rorelser, command.paragraf, command.diarienummer,
        command.kontrollsumma_ore, command.forslag if command.status == "beslutat" else None,
    )  # fmt: skip
    if command.status == "avslaget":
        return _rejection(books, command)
    proposes = command.status == "forslag"
    known = books.budget.proposals if proposes else books.budget.decisions
    stream = ForslagMade(fact).stream if proposes else fact.stream
    fact_or_none = new_part(books, fact, known.get(stream, {}))
    if fact_or_none is None:
        return []
    fact = fact_or_none
    if proposes:
        return [ForslagMade(fact)]
    closed_by_it = any(part.forslag == fact.forslag for part in known.get(stream, {}).values())
    if fact.forslag and not closed_by_it and not books.budget.is_pending(fact.typ, fact.forslag):
        raise Refused([no.ForslagIsNotPending(fact.typ, fact.forslag, kolumn="forslag", varde=fact.forslag)])
    refusals = list(balance_refusals(books, fact))
    if refusals:
        raise Refused(refusals)
    return [fact]


def reads(books: Books, command: DecideBeslut) -> set[str]:
    """The guard keys that the judgement of a decision depends on."""
    keys = {"organisation", "verksamhet", "konto"}
    for r in command.rorelser:
        years = {ar for ar in (r.ar, r.till_ar) if ar}
        keys.update(f"omgang/{ar}" for ar in years)
        if r.projekt:
            keys.add(f"projekt/{r.projekt}")
        for ansvar in (r.fran_ansvar, r.till_ansvar):
            if ansvar:
                namnd = books.organisation.namnd(ansvar, command.beslutsdatum)
                keys.update(f"ram/{code}/{ar}" for code in (ansvar, namnd) for ar in years)
    if forslag := command.forslag or (command.diarienummer if command.status != "beslutat" else None):
        keys.add(f"forslag/{forslag}")
    return keys


def shape_refusals(books: Books, command: DecideBeslut) -> Iterator[Refusal]:
    """What is wrong with a decision by itself, whatever else is recorded: its head, its movements, their codes."""
    yield from _head_refusals(command)
    yield from _movement_refusals(books, command)


def _head_refusals(command: DecideBeslut) -> Iterator[Refusal]:
    if not command.beslutsorgan:
        yield no.BeslutsorganIsMissing(kolumn="beslutsorgan")
    if not command.rorelser:
        yield no.BeslutHasNoRows(command.typ)
    if command.status not in ("beslutat", "forslag", "avslaget"):
        yield no.StatusIsUnknown(kolumn="status", varde=command.status)
    if command.status == "forslag" and not command.diarienummer:
        yield no.ForslagHasNoDiarienummer(kolumn="diarienummer")
    if command.status == "avslaget" and not (command.forslag or command.diarienummer):
        yield no.ForslagHasNoDiarienummer(kolumn="forslag")
    if abs(command.kontrollsumma_ore or 0) > LARGEST_ORE:
        yield AmountIsTooLarge(command.kontrollsumma_ore or 0, kolumn="kontrollsumma")
    for column in ("beslutsorgan", "paragraf", "diarienummer", "forslag"):
        yield from text_refusals(getattr(command, column), column)
        yield from length_refusals(getattr(command, column), column)


def _movement_refusals(books: Books, command: DecideBeslut) -> Iterator[Refusal]:
    for rad, r in enumerate(command.rorelser):
        faults = list(_shape_refusals(command.typ, r, rad))
        yield from faults
        if not faults:
            yield from _code_refusals(books, r, rad)
        yield from text_refusals(r.text, "text", rad)
        yield from text_refusals(r.finansiering, "finansiering", rad)


def _shape_refusals(typ: str, r: Rorelse, rad: int) -> Iterator[Refusal]:
    """What a movement of a kind must and must not say, column by column in the order of the file."""
    yield from year_refusals(r.ar, "ar", rad)
    if r.till_ar is not None and typ == "ombudgetering":
        yield from year_refusals(r.till_ar, "till_ar", rad)
    if r.till_ar is not None and typ != "ombudgetering":
        yield no.ColumnBelongsElsewhere(typ, "ombudgetering", rad=rad, kolumn="till_ar", varde=str(r.till_ar))
    if typ == "ombudgetering" and (r.till_ar is None or r.till_ar <= r.ar):
        yield no.OmbudgeteringNeedsLaterYear(r.ar, r.till_ar, rad=rad, kolumn="till_ar", varde=str(r.till_ar or ""))
    if r.period is not None and not 1 <= r.period <= 12:  # noqa: PLR2004 - months
        yield no.MonthIsUnknown(rad=rad, kolumn="period", varde=str(r.period))
    if typ == "periodisering" and r.period is None:
        yield no.PeriodiseringNeedsMonth(rad=rad, kolumn="period")
    yield from _side_refusals(typ, r, rad)
    allowed = _SLAG[typ]
    if r.slag not in allowed:
        yield no.SlagDoesNotFit(typ, allowed, rad=rad, kolumn="slag", varde=r.slag)
    if typ == "totalutgift" and not r.projekt:
        yield no.TotalutgiftNeedsProjekt(rad=rad, kolumn="projekt")
    if r.ersatter is not None and typ != "totalutgift":
        yield no.ColumnBelongsElsewhere(
            typ, "totalutgift", rad=rad, kolumn="ersatter", varde="ja" if r.ersatter else "nej"
        )
    if r.finansiering and typ != "ramjustering":
        yield no.ColumnBelongsElsewhere(typ, "ramjustering", rad=rad, kolumn="finansiering", varde=r.finansiering)
    if typ == "ramjustering" and not r.text:
        yield no.RamjusteringHasNoText(rad=rad, kolumn="text")
    if abs(r.belopp_ore) > LARGEST_ORE:
        yield AmountIsTooLarge(r.belopp_ore, rad=rad, kolumn="belopp", varde=str(r.belopp_ore))


def _side_refusals(typ: str, r: Rorelse, rad: int) -> Iterator[Refusal]:
    rule = _SIDES[typ]
    if rule == "to" and r.fran_ansvar:
        yield no.MoneyComesFromFullmaktige(typ, rad=rad, kolumn="fran_ansvar", varde=r.fran_ansvar)
    if rule in ("to", "both", "same") and not r.till_ansvar:
        yield no.SideIsMissing(typ, rad=rad, kolumn="till_ansvar")
    if rule in ("both", "same") and not r.fran_ansvar:
        yield no.SideIsMissing(typ, rad=rad, kolumn="fran_ansvar")
    if rule == "one" and bool(r.fran_ansvar) == bool(r.till_ansvar):
        yield no.RamjusteringNeedsOneSide(rad=rad, kolumn="till_ansvar", varde=r.till_ansvar or "")
    if rule == "same" and r.fran_ansvar and r.till_ansvar and r.fran_ansvar != r.till_ansvar:
        yield no.SidesAreNotTheSameUnit(typ, r.fran_ansvar, rad=rad, kolumn="till_ansvar", varde=r.till_ansvar)


def _code_refusals(books: Books, r: Rorelse, rad: int) -> Iterator[Refusal]:
    units, charts = books.organisation.units, books.charts
    this, that = year_span(r.ar), year_span(r.till_ar or r.ar)
    yield from code_refusals(units, "ansvar", r.fran_ansvar, *this, rad=rad, kolumn="fran_ansvar")
    yield from code_refusals(units, "ansvar", r.till_ansvar, *that, rad=rad, kolumn="till_ansvar")
    yield from code_refusals(charts.verksamhet, "verksamhet", r.verksamhet, *this, rad=rad, kolumn="verksamhet")
    yield from code_refusals(
        charts.verksamhet, "verksamhet", r.till_verksamhet, *that, rad=rad, kolumn="till_verksamhet"
    )
    yield from code_refusals(charts.konto, "konto", r.konto, *this, rad=rad, kolumn="konto")
    if r.projekt and r.projekt not in books.projects.projects:
        yield CodeIsUnknown("projekt", r.projekt, rad=rad, kolumn="projekt", varde=r.projekt)


def _rejection(books: Books, command: DecideBeslut) -> list[Fact]:
    forslag = command.forslag or command.diarienummer or ""
    fact = ForslagRejected(
        command.typ, forslag, command.beslutsorgan, command.beslutsdatum, command.paragraf, command.diarienummer
    )
    if (fact.stream, forslag) in books.budget.rejections:
        return []
    if not books.budget.is_pending(command.typ, forslag):
        raise Refused([no.ForslagIsNotPending(command.typ, forslag, kolumn="forslag", varde=forslag)])
    return [fact]


#: Which sides a kind must have: `to` only where money goes, `both`, `same` unit on both, exactly `one`.
_SIDES = {
    "budget": "to",
    "investeringsram": "to",
    "totalutgift": "to",
    "ramjustering": "one",
    "internbudget": "both",
    "omfordelning": "both",
    "ombudgetering": "same",
    "periodisering": "same",
    "detaljbudget": "both",
}

_SLAG = {
    "budget": DRIFT,
    "investeringsram": INVESTERING,
    "totalutgift": INVESTERING,
    "ramjustering": SLAG,
    "internbudget": SLAG,
    "omfordelning": SLAG,
    "ombudgetering": INVESTERING,
    "periodisering": DRIFT,
    "detaljbudget": DRIFT,
}
