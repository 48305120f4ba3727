"""Kostnadsreducerande åtgärder: what each unit means to do to lower its net cost, what is done, and what came of it.

Reader: the nämnd when it decides its internbudget, and whoever follows up its savings.    Rule: KL 11:1, 11:5.
"""

from collections.abc import Iterator

from ledger.domain.events_uppfoljning import AtgardChanged
from ledger.reporting.projection import (
    LEVELS,
    Lagesbelopp,
    Laget,
    Listed,
    Register,
    Report,
    Table,
    amount,
    stated,
)

#: How the states of an åtgärd are written to be read.
STATUS = {"genomford": "genomförd"}


def standing(fact: object) -> Iterator[Listed]:
    """What an åtgärd lowers the net cost by, in the books' sign: as planned, and as found when it was followed up."""
    if isinstance(fact, AtgardChanged):
        amounts = {fact.status: fact.belopp_ore, "effekt": fact.effekt_ore}
        for slag, ore in amounts.items():
            if ore is not None:
                status = STATUS.get(fact.status, fact.status)
                row = Lagesbelopp(
                    fact.atgard, fact.statusdatum, slag, -ore, fact.ansvar, fact.namn, fact.kategori, status
                )
                yield Listed(str(fact.ar), row)


ATGARDER = Register("atgarder", Lagesbelopp, standing, postings=False)

PLANERAD = Laget(register=ATGARDER, slag="planerad")
GENOMFORD = Laget(register=ATGARDER, slag="genomford")
STRUKEN = Laget(register=ATGARDER, slag="struken")
#: What is found is no figure until it is followed up, but counts as nothing where it is taken from what was planned.
EFFEKT = Laget(register=ATGARDER, slag="effekt", blank_when_none=True)
FUNNEN = Laget(register=ATGARDER, slag="effekt")

GENOMFORS = PLANERAD + GENOMFORD
TRE_AR = GENOMFORS.shifted(-2) + GENOMFORS.shifted(-1) + GENOMFORS

REPORT = Report(
    name="atgarder",
    rubrik="Kostnadsreducerande åtgärder",
    beskrivning="Vilka åtgärder ska sänka nettokostnaden, hur långt har de kommit och vad gav de?",
    table=Table(
        of="lage",
        per=("atgard", *LEVELS, "kategori", "status"),
        codes=(("atgard", "om"), ("kategori", "kategori"), ("status", "status")),
        register=ATGARDER,
    ),
    enhet="tkr",
    columns=(
        stated("status", "Status", "status"),
        stated("kategori", "Kategori", "kategori"),
        amount("nettokostnad", "Ändrad nettokostnad {ar}", GENOMFORS + STRUKEN, printed="alltid"),
        amount("planerat", "Planerat {ar}", -(GENOMFORS + STRUKEN), signed="bocker"),
        amount("genomfort", "Genomfört {ar}", -GENOMFORD, signed="bocker", printed="alltid"),
        amount("struket", "Struket {ar}", -STRUKEN, signed="bocker", printed="alltid"),
        amount("kvar", "Kvar att genomföra {ar}", -PLANERAD, signed="bocker", printed="alltid"),
        amount("effekt", "Uppföljd effekt {ar}", -EFFEKT, signed="bocker", printed="alltid"),
        amount("kvar_effekt", "Återstående effekt {ar}", -(GENOMFORS - FUNNEN), signed="bocker", printed="alltid"),
        amount("genomfors_{ar}", "Genomförs {ar}", -GENOMFORS, year=-2, signed="bocker"),
        amount("genomfors_{ar}", "Genomförs {ar}", -GENOMFORS, year=-1, signed="bocker"),
        amount("genomfors_{ar}", "Genomförs {ar}", -GENOMFORS, signed="bocker"),
        amount("tre_ar", "Tre år till och med {ar}", -TRE_AR, signed="bocker"),
    ),
    notes=(
        "Ändrad nettokostnad är minus när åtgärden sänker den; övriga kolumner visar hur mycket den sänks, med plus.",
        "Planerat är allt som registrerats, också det strukna.",
        "Återstående effekt är det som inte är struket, minus uppföljd effekt. Det som inte är uppföljt återstår.",
    ),
)
