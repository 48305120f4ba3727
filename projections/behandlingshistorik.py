"""Behandlingshistorik: who recorded what, when and by which right, and what an auditor asks for first.

Reader: revisor, ekonom.    Rule: LKBR 3:11–14 (systemdokumentation och behandlingshistorik).
Five lists under one heading each: findings, gaps in voucher numbers, facts dated in an earlier month than they were
recorded, sums per decision, and the facts themselves, newest first. Cells are text, dates, counts and öre.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice, pairwise
from typing import Final

from ledger.domain import events
from ledger.reporting.projection import (
    Asking,
    Cell,
    Filter,
    Journal,
    Listed,
    Listrad,
    Recorded,
    Register,
    Report,
    listed,
    local_day,
    tagged,
)

#: Rows of each list when all are shown, and of one page when one is chosen.
FEW, PAGE = 50, 200


@dataclass(frozen=True, slots=True)
class Handelse:
    """One fact as the trail keeps it. `datum` is its own date, `sen` whether that lies in an earlier month."""

    position: int
    recorded_at: str
    faktum: str
    vem: str
    mandat: str | None
    beskrivning: str
    datum: date | None = None
    sen: bool = False
    enheter: tuple[str, ...] = ()
    beslut: str | None = None
    belopp_ore: int | None = None
    rattar: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a fact says of itself: a description, its own date, the units it is about, and how much.

    Never its free text: that may be erased by law, and this is stored.
    """

    beskrivning: str
    datum: date | None = None
    enheter: frozenset[str] = frozenset()
    belopp_ore: int | None = None
    beslut: str | None = None
    kind: str = ""
    rattar: int | None = None


def counted(number: int, one: str, several: str) -> str:
    """A number of things in words."""
    return f"{number} {one if number == 1 else several}"


def about(fact: object) -> About:
    """What a fact is about."""
    match fact:
        case events.Beslut():
            return of_decision(fact, "")
        case events.ForslagMade():
            return of_decision(fact.beslut, "Förslag: ")
        case events.ForslagRejected():
            text = f"Avslag på förslaget {fact.forslag}"
            return About(text, fact.beslutsdatum, beslut=reference(fact), kind=fact.typ)
        case events.RegistreringCorrected():
            wrong = about(fact.fel)
            text = f"Rättelse av @{fact.rattar}: {wrong.beskrivning}"
            return About(text, wrong.datum, wrong.enheter, None, wrong.beslut, "rattelse", fact.rattar)
        case events.PrognosSubmitted():
            return About(f"Prognos {fact.ar}", fact.prognosdatum, frozenset({fact.ansvar}))
        case events.ProjektChanged():
            text = f"Projekt {fact.projekt} {fact.namn}: {fact.status}"
            return About(text, fact.statusdatum, frozenset({fact.ansvar}))
    return of_outcome(fact) or of_register(fact)


def of_decision(beslut: events.Beslut, prefix: str) -> About:
    """A decision, taken or proposed."""
    text = f"{prefix}{beslut.typ.capitalize()}, {counted(len(beslut.rorelser), 'rörelse', 'rörelser')}"
    units = frozenset(side.ansvar for _, side in beslut.sides())
    total = sum(rorelse.belopp_ore for rorelse in beslut.rorelser)
    return About(text, beslut.beslutsdatum, units, total, reference(beslut), beslut.typ)


def reference(beslut: events.Beslut | events.ForslagRejected) -> str:
    """Where the minutes have it."""
    parts = (beslut.beslutsorgan, beslut.beslutsdatum.isoformat(), f"§ {beslut.paragraf or 'saknas'}")
    return " ".join((*parts, beslut.diarienummer) if beslut.diarienummer else parts)


def of_outcome(fact: object) -> About | None:
    """A voucher or a report of outcome: its turnover on the debit side."""
    match fact:
        case events.VerifikationCorrected():
            text = f"Verifikation {fact.serie} {fact.vernr} rättar {fact.rattar_serie} {fact.rattar_vernr}"
            text += f" från {fact.ursprungsdatum}"
        case events.VerifikationPosted():
            text = f"Verifikation {fact.serie} {fact.vernr}"
        case events.UtfallReported():
            units, total = frozenset({fact.ansvar}), sum(row.rad.belopp_ore for row in fact.rader)
            text = f"Utfall {fact.period}, {counted(len(fact.rader), 'rad', 'rader')}"
            return About(text, max(row.bokforingsdatum for row in fact.rader), units, total)
        case events.UtfallCorrected():
            units = frozenset({fact.ansvar})
            change = sum(row.rad.belopp_ore for row in fact.efter) - sum(row.rad.belopp_ore for row in fact.fore)
            day = max(row.bokforingsdatum for row in (*fact.fore, *fact.efter))
            return About(f"Ersatt leverans {fact.period}", day, units, change, rattar=min(fact.rattar, default=None))
        case _:
            return None
    units = frozenset(row.ansvar for row in fact.rader if row.ansvar)
    turnover = sum(row.belopp_ore for row in fact.rader if row.belopp_ore > 0)
    return About(text, fact.bokforingsdatum, units, turnover)


def of_register(fact: object) -> About:
    """Organisation and charts."""
    match fact:
        case events.UnitEstablished():
            text = "ändras" if isinstance(fact, events.UnitChanged) else "inrättas"
            return About(f"{fact.ansvar} {fact.namn} {text}", fact.fran, frozenset({fact.ansvar}))
        case events.UnitMerged():
            units = frozenset({fact.ansvar, fact.ersatt_av})
            return About(f"{fact.ansvar} går upp i {fact.ersatt_av}", fact.till, units)
        case events.UnitClosed():
            return About(f"{fact.ansvar} avslutas", fact.till, frozenset({fact.ansvar}))
        case events.VerksamhetDefined():
            return About(f"Verksamhet {fact.kod} {fact.namn}", fact.fran)
        case events.KontoDefined():
            return About(f"Konto {fact.konto} {fact.namn}", fact.fran)
    return of_work(fact)


def of_work(fact: object) -> About:
    """Periods, comments, files, the program."""
    match fact:
        case events.PeriodClosed():
            text = "öppnas" if isinstance(fact, events.PeriodOpened) else "stängs"
            return About(f"Period {fact.period} {text}")
        case events.KommentarWritten():
            return About(f"Kommentar till {fact.rapport} {fact.ar}, rad {fact.rad}", enheter=frozenset({fact.rad}))
        case events.FilImported():
            return About(f"Fil av slaget {fact.slag}: {fact.rader} rader, {fact.fakta} fakta ({fact.sha256[:12]})")
        case events.ProgramChanged():
            return About(f"Programversion {fact.version}")
        case events.KommunNamed():
            return About(f"Liggaren öppnas för {fact.kommun}")
    return About(type(fact).__name__)


# ---------------------------------------------------------------- what is stored


def trail(recorded: Recorded) -> Iterator[Listed]:
    """One row for every fact, found by kind, actor, decision and month."""
    said = about(recorded.fact)
    stem = recorded.name.rpartition(".")[0]
    seen = local_day(recorded.recorded_at)
    late = said.datum is not None and (said.datum.year, said.datum.month) < (seen.year, seen.month)
    month = (said.datum or seen).isoformat()[:7]
    kinds = {stem, stem.partition("_")[0], *([said.kind] if said.kind else ())}
    tags = [*(f"typ={kind}" for kind in sorted(kinds)), f"vem={recorded.actor}", f"period={month}"]
    tags += [f"beslut={word}" for word in (said.beslut or "").split()] + (["sen"] if late else [])
    row = Handelse(
        recorded.position,
        recorded.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        stem,
        recorded.actor,
        recorded.mandat or None,
        said.beskrivning,
        said.datum,
        late,
        tuple(sorted(said.enheter)),
        said.beslut,
        said.belopp_ore,
        said.rattar,
    )
    yield tagged(tags, row)


@dataclass(frozen=True, slots=True)
class Vernr:
    """A voucher number of a serie and year."""

    nummer: int
    datum: date
    enheter: tuple[str, ...]


def numbers(fact: object) -> Iterator[Listed]:
    """The number of a voucher, where it is one."""
    if isinstance(fact, events.VerifikationPosted) and fact.vernr.isdecimal():
        units = tuple(sorted({row.ansvar for row in fact.rader if row.ansvar}))
        yield Listed(f"{fact.bokforingsdatum.year}/{fact.serie}", Vernr(int(fact.vernr), fact.bokforingsdatum, units))


TRAIL: Final = Journal("behandlingshistorik", Handelse, trail, version=2)
NUMBERS: Final = Register("verifikationsnummer", Vernr, numbers)

# ---------------------------------------------------------------- what is listed


def findings(asking: Asking) -> Iterator[Listrad]:
    """Findings on decisions."""
    for finding in asking.findings():
        key = f"anmarkning.{finding.kod}.@{finding.position}"
        cells: dict[str, Cell] = {
            "lage": f"@{finding.position}",
            "faktum": finding.regel,
            "belopp": finding.belopp_ore,
        }
        yield Listrad(key, finding.mening, cells)


def gaps(asking: Asking) -> Iterator[Listrad]:
    """Numbers missing between the first and the last voucher of a serie and year."""
    found = sorted((key, row.nummer) for key, row in asking.rows(NUMBERS) if asking.dated(row.datum))
    for key, rows in groupby(found, lambda pair: pair[0]):
        ar, _, serie = key.partition("/")
        for (_, before), (_, after) in pairwise(rows):
            missing = after - before - 1
            if missing > 0:
                which = f"{before + 1}" if missing == 1 else f"{before + 1}–{after - 1}"
                text = f"Serie {serie} {ar}: nummer {which} saknas"
                yield Listrad(f"lucka.{ar}.{serie}.{before + 1}", text, {"antal": missing})


def sums(asking: Asking) -> Iterator[Listrad]:
    """What each decision sums to."""
    for held in asking.decisions():
        row = held.row
        cells: dict[str, Cell] = {
            "lage": f"@{held.position}",
            "datum": row.beslutsdatum.isoformat(),
            "faktum": row.typ,
            "beslut": row.reference.partition(" ")[2],
            "antal": row.rorelser,
            "belopp": row.summa_ore,
        }
        yield Listrad(f"beslut.@{held.position}", row.typ.capitalize(), cells)


def facts(asking: Asking, first: int, size: int, *, only: tuple[str, ...] = (), prefix: str = "") -> list[Listrad]:
    """Facts, newest first."""
    chosen = [f"{name}={asking.filter(name)}" for name in ("typ", "vem", "period") if asking.filter(name)]
    chosen += [f"beslut={word}" for word in asking.filter("beslut").split()] + list(only)

    def keep(row: Handelse) -> bool:
        return asking.concerns(row.enheter) and asking.dated(row.datum)

    page = asking.newest(TRAIL, chosen, first, size, keep)
    rows = [of_fact(row, prefix) for row in page.rows]
    return [*rows, more(prefix)] if page.more else rows


def of_fact(row: Handelse, prefix: str) -> Listrad:
    """One fact as a row."""
    cells: dict[str, Cell] = {
        "lage": f"@{row.position}",
        "recorded_at": row.recorded_at,
        "datum": row.datum.isoformat() if row.datum else None,
        "faktum": row.faktum,
        "vem": row.vem,
        "mandat": row.mandat,
        "ansvar": ", ".join(row.enheter) or None,
        "beslut": row.beslut,
        "belopp": row.belopp_ore,
        "rattar": f"@{row.rattar}" if row.rattar else None,
    }
    return Listrad(f"{prefix}@{row.position}", row.beskrivning, cells)


def more(prefix: str) -> Listrad:
    """Says that the list goes on."""
    return Listrad(f"{prefix}fler", "Listan fortsätter: välj den med lista och bläddra med sida", sort="fler")


LISTS: Final[dict[str, tuple[str, Callable[[Asking, int, int], list[Listrad]]]]] = {
    "anmarkningar": ("Anmärkningar", lambda a, first, size: part(findings(a), first, size, "anmarkning.")),
    "luckor": ("Luckor i verifikationsnummer", lambda a, first, size: part(gaps(a), first, size, "lucka.")),
    "sena": (
        "Fakta daterade i en tidigare månad än de registrerades",
        lambda a, first, size: facts(a, first, size, only=("sen",), prefix="sen."),
    ),
    "beslut": ("Summor per beslut", lambda a, first, size: part(sums(a), first, size, "beslut.")),
    "fakta": ("Fakta, senast registrerat först", facts),
}


def part(rows: Iterator[Listrad], first: int, size: int, prefix: str) -> list[Listrad]:
    """A page of a list."""
    page = list(islice(rows, first, first + size + 1))
    return [*page[:size], more(prefix)] if len(page) > size else page


def listing(asking: Asking) -> Iterator[Listrad]:
    """The list that is chosen, or the beginning of each."""
    chosen = asking.filter("lista", "alla")
    number = int(asking.filter("sida", "1"))
    for key, (heading, rows_of) in LISTS.items():
        if chosen == key:
            rows = rows_of(asking, (number - 1) * PAGE, PAGE)
        elif chosen == "alla":
            rows = rows_of(asking, 0, FEW)
        else:
            continue
        count = sum(row.sort != "fler" for row in rows)
        yield Listrad(key, heading, {"antal": count}, 0, "rubrik")
        yield from rows


REPORT = Report(
    name="behandlingshistorik",
    rubrik="Behandlingshistorik",
    columns=(
        listed("lage", "Läge"),
        listed("recorded_at", "Registrerat (UTC)", "tid"),
        listed("datum", "Eget datum", "datum"),
        listed("faktum", "Händelse"),
        listed("vem", "Vem"),
        listed("mandat", "Mandat", printed=""),
        listed("ansvar", "Ansvar", printed=""),
        listed("beslut", "Beslut"),
        listed("antal", "Antal", "antal"),
        listed("belopp", "Belopp", "belopp"),
        listed("rattar", "Rättar", printed=""),
    ),
    listing=listing,
    filters=(
        Filter("lista", "en av listorna", choices=("alla", *LISTS)),
        Filter("typ", "ett slags faktum, till exempel ramjustering eller verifikation"),
        Filter("vem", "vem som registrerade, till exempel a-17"),
        Filter("beslut", "ett beslut: organ, datum eller diarienummer"),
        Filter("period", "en månad, till exempel 2024-03", pattern=r"[0-9]{4}-(0[1-9]|1[0-2])"),
        Filter("sida", "sidans nummer, från 1", pattern=r"[1-9][0-9]{0,5}"),
    ),
    material=(TRAIL, NUMBERS),
    notes=("Fakta läggs bara till. Det som blev fel har en rättelse som pekar på det (Rättar).",),
)
