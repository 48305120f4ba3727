"""Bokslut: the years that are closed, what projects brought into the next, and investment frames that were not used.

Reader: controller, revisor, and whoever prepares an ombudgetering.    Rule: LKBR 13:1.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from ledger.domain.events_behorighet import YearClosed
from ledger.reporting.projection import Asking, Cell, Listed, Listrad, Register, Report, listed, phrase


class Trace(NamedTuple):
    """That a fact is of this report; what it says is read in the log."""

    ar: int


def rows(fact: object) -> Iterator[Listed]:
    """Closed years."""
    if isinstance(fact, YearClosed):
        yield Listed("bokslut", Trace(fact.ar))


YEARS: Final = Register("bokslut", Trace, rows, postings=False)


def listing(asking: Asking) -> Iterator[Listrad]:
    """Each closed year with what the next began with, the newest year first."""
    for one in reversed(asking.traces(YEARS, "bokslut")):
        fact = one.fact
        if not isinstance(fact, YearClosed) or asking.year not in (None, fact.ar):
            continue
        if asking.beslutad is not None and fact.beslutsdatum > asking.beslutad:
            continue
        cells: dict[str, Cell] = {
            "lage": f"@{one.position}",
            "beslut": f"{fact.beslutsorgan} {fact.beslutsdatum} § {fact.paragraf or 'saknas'}",
            "antal": len(fact.ingaende),
        }
        yield Listrad(
            str(fact.ar),
            phrase("Bokslut {ar}, ingående {following}", ar=fact.ar, following=fact.ar + 1),
            cells,
            0,
            "rubrik",
        )
        for row in fact.ingaende:
            amounts: dict[str, Cell] = {
                "utgift": row.utgift_ore,
                "inkomst": row.inkomst_ore,
                "kvar_av_ram": row.kvar_av_ram_ore,
            }
            yield Listrad(f"{fact.ar}.{row.nyckel}", row.nyckel, amounts)


REPORT = Report(
    name="bokslut",
    rubrik="Bokslut och ingående belopp",
    beskrivning="År som är stängda, vad projekten för med sig till nästa år och ramar som inte användes.",
    enhet="kr",
    columns=(
        listed("lage", "Läge"),
        listed("beslut", "Fastställt"),
        listed("utgift", "Utgifter hittills", "belopp"),
        listed("inkomst", "Inkomster hittills", "belopp"),
        listed("kvar_av_ram", "Oanvänd ram", "belopp"),
        listed("antal", "Antal", "antal", printed=""),
    ),
    listing=listing,
    material=(YEARS,),
    notes=(
        "Oanvänd ram är ramen för utgifter − årets utgifter, minst 0, när bokslutet fastställdes.",
        "Rapporten ombudgetering visar vad som är kvar nu, netto, och vad som begärts och beslutats.",
        "Oanvänd ram förs över till nästa år genom ett beslut om ombudgetering, inte av sig själv.",
    ),
)
