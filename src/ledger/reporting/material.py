"""Material that reports share: outcome, budget, forecast, organisation, charts, projects, comments, decisions.

Declared once and stored once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.domain import events
from ledger.domain.fact import Fact
from ledger.domain.kodstrang import DRIFT, INVESTERING, URSPRUNGLIGA
from ledger.domain.rader import Utfallsrad
from ledger.domain.rorelse import Rorelse, Sida
from ledger.reporting.entry import Cube, Entry, Key, Listed, Register

# ---------------------------------------------------------------- outcome


def posted(fact: object) -> Iterator[tuple[int, date, Utfallsrad]]:
    """The outcome rows of a fact with their sign (−1 where they are taken back) and day."""
    if isinstance(fact, events.VerifikationPosted):
        for row in fact.rader:
            yield 1, fact.bokforingsdatum, row
    elif isinstance(fact, events.UtfallReported):
        for summary in fact.rader:
            yield 1, summary.bokforingsdatum, summary.rad
    elif isinstance(fact, events.UtfallCorrected):
        for summary in fact.fore:
            yield -1, summary.bokforingsdatum, summary.rad
        for summary in fact.efter:
            yield 1, summary.bokforingsdatum, summary.rad


def outcome(slag: Iterable[str]) -> Callable[[Fact], Iterator[Entry]]:
    """Outcome of some slag; balance rows have none and are left out."""
    wanted = frozenset(slag)

    def entries(fact: Fact) -> Iterator[Entry]:
        for sign, day, r in posted(fact):
            if r.slag in wanted:
                key = Key(r.ansvar, r.verksamhet, r.konto, r.slag, r.projekt, r.handelse)
                yield Entry(key, day.year * 100 + day.month, day, sign * r.belopp_ore)

    return entries


#: Groupings of investments: by project everywhere, for a project's owner decides whose they are.
PROJECT_VIEWS: Final = (("ansvar", "projekt"), ("ansvar", "verksamhet", "projekt"), ("ansvar", "konto", "projekt"))

UTFALL: Final = Cube("utfall", outcome(DRIFT), posted=frozenset(DRIFT))
INVESTERINGSUTFALL: Final = Cube(
    "investeringsutfall", outcome(INVESTERING), views=PROJECT_VIEWS, near="projekt", posted=frozenset(INVESTERING)
)

# ---------------------------------------------------------------- budget


@dataclass(frozen=True, slots=True)
class Budgetsida:
    """One side of a budget movement, in the books' sign. `forslag` names the proposal while it is only that.

    `annat_ar` is the year that an ombudgetering carries it to, or on its other side from.
    """

    ansvar: str
    ar: int
    slag: str
    belopp_ore: int
    typ: str
    beslutsdatum: date
    till: bool
    period: int | None = None
    verksamhet: str | None = None
    konto: str | None = None
    projekt: str | None = None
    text: str | None = None
    forslag: str | None = None
    ersatter: bool = False
    ofinansierad: bool = False
    annat_ar: int | None = None

    @property
    def ursprunglig(self) -> bool:
        """Whether it is original budget rather than a change of it."""
        return self.typ in URSPRUNGLIGA

    @property
    def group(self) -> tuple[str, str | None, str, str | None, str | None]:
        """What twelfths are taken of: ansvar, verksamhet, slag, konto, projekt."""
        return self.ansvar, self.verksamhet, self.slag, self.konto, self.projekt


def _unfinanced(beslut: events.Beslut, rorelse: Rorelse, sida: Sida) -> bool:
    """Whether the side adds money within its own year without naming its financing (KL 11:15)."""
    return (
        beslut.typ == "ramjustering"
        and not rorelse.finansiering
        and not (rorelse.fran_ansvar and rorelse.till_ansvar)
        and sida.belopp_ore > 0
        and sida.ar == beslut.beslutsdatum.year
    )


def budget_rows(fact: Fact) -> Iterator[Listed]:
    """The sides of a decision's movements, found by the year they are about."""
    beslut = fact.beslut if isinstance(fact, events.ForslagMade) else fact
    if not isinstance(beslut, events.Beslut):
        return
    forslag = beslut.diarienummer if isinstance(fact, events.ForslagMade) else None
    for r, s in beslut.sides():
        row = Budgetsida(
            ansvar=s.ansvar,
            ar=s.ar,
            slag=s.slag,
            belopp_ore=s.belopp_ore,
            typ=beslut.typ,
            beslutsdatum=beslut.beslutsdatum,
            till=s.ansvar == r.till_ansvar,
            period=s.period,
            verksamhet=s.verksamhet,
            konto=s.konto,
            projekt=s.projekt,
            text=r.text,
            forslag=forslag,
            ersatter=bool(r.ersatter),
            ofinansierad=_unfinanced(beslut, r, s),
            annat_ar=(r.till_ar if s.ar == r.ar else r.ar) if r.till_ar else None,
        )
        yield Listed("totalutgift" if beslut.typ == "totalutgift" else str(s.ar), row)


BUDGET: Final = Register("budget", Budgetsida, budget_rows, version=2, postings=False)


@dataclass(frozen=True, slots=True)
class Beslutsrad:
    """One decision as the minutes know it. `utfall`: beslutat, forslag or avslaget."""

    typ: str
    beslutsorgan: str
    beslutsdatum: date
    utfall: str
    paragraf: str | None = None
    diarienummer: str | None = None
    forslag: str | None = None
    rorelser: int = 0
    summa_ore: int = 0
    kontrollsumma_ore: int | None = None
    enheter: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """What names it in text: `ramjustering kommunfullmäktige 2024-04-23 § 52 KS 2024-118`."""
        return self._text("§ " + (self.paragraf or "saknas"))

    @property
    def words(self) -> str:
        """The same without its paragraph."""
        return self._text(None)

    def _text(self, paragraf: str | None) -> str:
        parts = (self.typ, self.beslutsorgan, self.beslutsdatum.isoformat(), paragraf, self.diarienummer)
        return " ".join(part for part in parts if part)


def decision_rows(fact: Fact) -> Iterator[Listed]:
    """Decisions, proposals and rejections, found by how they came out."""
    if isinstance(fact, events.ForslagRejected):
        row = Beslutsrad(
            fact.typ,
            fact.beslutsorgan,
            fact.beslutsdatum,
            "avslaget",
            fact.paragraf,
            fact.diarienummer,
            fact.forslag,
        )
        yield Listed(row.utfall, row)
        return
    beslut = fact.beslut if isinstance(fact, events.ForslagMade) else fact
    if isinstance(beslut, events.Beslut):
        row = Beslutsrad(
            beslut.typ,
            beslut.beslutsorgan,
            beslut.beslutsdatum,
            "forslag" if beslut is not fact else "beslutat",
            beslut.paragraf,
            beslut.diarienummer,
            beslut.forslag,
            len(beslut.rorelser),
            sum(r.belopp_ore for r in beslut.rorelser),
            beslut.kontrollsumma_ore,
            tuple(sorted({sida.ansvar for _, sida in beslut.sides()})),
        )
        yield Listed(row.utfall, row)


BESLUT: Final = Register("beslut", Beslutsrad, decision_rows, postings=False)

# ---------------------------------------------------------------- forecast and comment


@dataclass(frozen=True, slots=True)
class Prognosbelopp:
    """A full-year forecast of one slag, in the books' sign."""

    prognosdatum: date
    ar: int
    ansvar: str
    slag: str
    belopp_ore: int
    projekt: str | None = None


def forecast_rows(fact: Fact) -> Iterator[Listed]:
    """The rows of a forecast, found by the year they are about."""
    if isinstance(fact, events.PrognosSubmitted):
        for r in fact.rader:
            amount = -r.belopp_ore if r.slag in {"intakt", "inkomst"} else r.belopp_ore
            row = Prognosbelopp(fact.prognosdatum, fact.ar, fact.ansvar, r.slag, amount, r.projekt)
            yield Listed(str(fact.ar), row)


PROGNOS: Final = Register("prognos", Prognosbelopp, forecast_rows, postings=False)


@dataclass(frozen=True, slots=True)
class Kommentar:
    """What was written on a row of a report."""

    rad: str
    text: str


def comment_rows(fact: Fact) -> Iterator[Listed]:
    """Comments, found by report, year and month."""
    if isinstance(fact, events.KommentarWritten):
        yield Listed(f"{fact.rapport}/{fact.ar}/{fact.tom}", Kommentar(fact.rad, fact.text))


KOMMENTAR: Final = Register("kommentar", Kommentar, comment_rows, postings=False)

# ---------------------------------------------------------------- organisation, charts, projects


@dataclass(frozen=True, slots=True)
class Enhet:
    """What a fact says of a unit: a version from `fran`, or its last day `till` and what it went into."""

    ansvar: str
    fran: date | None = None
    namn: str = ""
    niva: str = ""
    overordnad: str | None = None
    teckenregel: str | None = None
    till: date | None = None
    ersatt_av: str | None = None


def unit_rows(fact: Fact) -> Iterator[Listed]:
    """Versions and last days of units, found by unit."""
    if isinstance(fact, events.UnitEstablished):
        row = Enhet(fact.ansvar, fact.fran, fact.namn, fact.niva, fact.overordnad, fact.teckenregel)
        yield Listed(fact.ansvar, row)
    elif isinstance(fact, events.UnitClosed):
        into = fact.ersatt_av if isinstance(fact, events.UnitMerged) else None
        yield Listed(fact.ansvar, Enhet(fact.ansvar, till=fact.till, ersatt_av=into))


ORGANISATION: Final = Register("organisation", Enhet, unit_rows, postings=False)


@dataclass(frozen=True, slots=True)
class Kod:
    """A verksamhet or konto from a day on."""

    kod: str
    namn: str
    fran: date


def verksamhet_rows(fact: Fact) -> Iterator[Listed]:
    """Versions of verksamheter, found by code."""
    if isinstance(fact, events.VerksamhetDefined):
        yield Listed(fact.kod, Kod(fact.kod, fact.namn, fact.fran))


def konto_rows(fact: Fact) -> Iterator[Listed]:
    """Versions of konton, found by number."""
    if isinstance(fact, events.KontoDefined):
        yield Listed(fact.konto, Kod(fact.konto, fact.namn, fact.fran))


VERKSAMHET: Final = Register("verksamhet", Kod, verksamhet_rows, postings=False)
KONTO: Final = Register("konto", Kod, konto_rows, postings=False)


@dataclass(frozen=True, slots=True)
class Projektlage:
    """How far a project had come on a day, and whose it was."""

    projekt: str
    namn: str
    ansvar: str
    status: str
    statusdatum: date
    grupp: str | None = None
    slutar: date | None = None


def project_rows(fact: Fact) -> Iterator[Listed]:
    """Stages of projects, found by code."""
    if isinstance(fact, events.ProjektChanged):
        row = Projektlage(fact.projekt, fact.namn, fact.ansvar, fact.status, fact.statusdatum, fact.grupp, fact.slutar)
        yield Listed(fact.projekt, row)


PROJEKT: Final = Register("projekt", Projektlage, project_rows, postings=False)

STANDARD: Final = (
    UTFALL,
    INVESTERINGSUTFALL,
    BUDGET,
    BESLUT,
    PROGNOS,
    KOMMENTAR,
    ORGANISATION,
    VERKSAMHET,
    KONTO,
    PROJEKT,
)
