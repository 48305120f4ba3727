"""Behandlingshistorik: who recorded what, when and by which right, and what an auditor asks for first.

Reader: revisor, ekonom.    Rule: LKBR 3:11–14 (systemdokumentation och behandlingshistorik).
Five lists under one heading each: findings, gaps in voucher numbers, facts dated in an earlier month than they were
recorded, sums per decision, and the facts themselves, newest first. Cells are text, dates, counts and öre.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Final

from ledger.domain import events
from ledger.domain.events_uppfoljning import AtgardChanged, MattDefined, MatvardenReported
from ledger.reporting.projection import (
    RATTADE,
    TYPER,
    Asking,
    Cell,
    Filter,
    Journal,
    Listrad,
    Numbered,
    Recorded,
    Report,
    Series,
    Tagged,
    described,
    listed,
    local_day,
    phrase,
)

#: Rows of each list when all are shown, and of one page when one is chosen.
FEW, PAGE = 50, 200


def reference(beslut: events.Beslut | events.ForslagRejected) -> str:
    """Where the minutes have it."""
    parts = (beslut.beslutsorgan, beslut.beslutsdatum.isoformat(), f"§ {beslut.paragraf or 'saknas'}")
    return " ".join((*parts, beslut.diarienummer) if beslut.diarienummer else parts)


# ---------------------------------------------------------------- how a fact is found


def own_day(fact: object) -> date | None:
    """The date of a fact itself, where it has one."""
    match fact:
        case events.VerifikationPosted():
            return fact.bokforingsdatum
        case events.UtfallReported():
            return max(row.bokforingsdatum for row in fact.rader)
        case events.UtfallCorrected():
            return max(row.bokforingsdatum for row in (*fact.fore, *fact.efter))
        case events.Beslut() | events.ForslagRejected():
            return fact.beslutsdatum
        case events.ForslagMade():
            return fact.beslut.beslutsdatum
        case events.RegistreringCorrected():
            return own_day(fact.fel)
        case events.PrognosSubmitted():
            return fact.prognosdatum
    return day_of_register(fact)


def day_of_register(fact: object) -> date | None:
    """From when a registration holds, or to when."""
    match fact:
        case events.ProjektChanged() | AtgardChanged():
            return fact.statusdatum
        case events.UnitEstablished() | events.VerksamhetDefined() | events.KontoDefined() | MattDefined():
            return fact.fran
        case MatvardenReported():
            return fact.datum
        case events.UnitClosed():
            return fact.till
    return None


def units(fact: object) -> tuple[str, ...]:
    """The units that a fact is about, sorted."""
    match fact:
        case events.VerifikationPosted():
            return tuple(sorted({row.ansvar for row in fact.rader if row.ansvar}))
        case events.UnitMerged():
            return tuple(sorted({fact.ansvar, fact.ersatt_av}))
        case (
            events.UtfallReported()
            | events.UtfallCorrected()
            | events.PrognosSubmitted()
            | events.ProjektChanged()
            | AtgardChanged()
            | MatvardenReported()
            | events.UnitEstablished()
            | events.UnitClosed()
        ):
            return (fact.ansvar,)
        case events.Beslut():
            return tuple(sorted({side.ansvar for _, side in fact.sides()}))
        case events.ForslagMade():
            return units(fact.beslut)
        case events.RegistreringCorrected():
            return units(fact.fel)
        case events.KommentarWritten():
            return (fact.rad,)
    return ()


def minutes(fact: object) -> tuple[str, str | None]:
    """What a decision or correction is called besides the name of its fact, and where the minutes have it."""
    match fact:
        case events.VerifikationPosted():
            return "", None
        case events.Beslut() | events.ForslagRejected():
            return fact.typ, reference(fact)
        case events.ForslagMade():
            return minutes(fact.beslut)
        case events.RegistreringCorrected():
            return "rattelse", minutes(fact.fel)[1]
    return "", None


@lru_cache(4096)
def tags(name: str, besides: str, actor: str, month: tuple[int, int], beslut: str, *late: str) -> tuple[str, ...]:
    """What a fact is found by: kind, actor, month and decision, and that it came late."""
    stem = name.rpartition(".")[0]
    kinds = {stem, stem.partition("_")[0], *([besides] if besides else ())}
    found = [*(f"typ={one}" for one in sorted(kinds)), f"vem={actor}", f"period={month[0]:04}-{month[1]:02}"]
    return (*found, *(f"beslut={word}" for word in beslut.split()), *late)


def trail(recorded: Recorded) -> Tagged:
    """How a fact is found. It came late when its own date lies in an earlier month than the day it was recorded."""
    fact = recorded.fact
    day, seen = own_day(fact), local_day(recorded.recorded_at)
    month = (day.year, day.month) if day else (seen.year, seen.month)
    late = ("sen",) if month < (seen.year, seen.month) else ()
    besides, beslut = minutes(fact)
    return Tagged(day, tags(recorded.name, besides, recorded.actor, month, beslut or "", *late), units(fact))


def numbers(fact: object) -> Iterator[Numbered]:
    """The number of a voucher, where it is one, in its serie and year."""
    if isinstance(fact, events.VerifikationPosted) and fact.vernr.isdecimal():
        yield Numbered(f"{fact.bokforingsdatum.year}/{fact.serie}", int(fact.vernr), fact.bokforingsdatum)


TRAIL: Final = Journal("behandlingshistorik", trail, version=3, by_heads=True)
NUMBERS: Final = Series("verifikationsnummer", numbers, version=2, by_heads=True)


def amount(fact: object) -> int | None:
    """How much a fact is about, öre: of a voucher its turnover on the debit side, of a new leverans the change."""
    match fact:
        case events.VerifikationPosted():
            return sum(row.belopp_ore for row in fact.rader if row.belopp_ore > 0)
        case events.UtfallReported():
            return sum(row.rad.belopp_ore for row in fact.rader)
        case events.UtfallCorrected():
            return sum(row.rad.belopp_ore for row in fact.efter) - sum(row.rad.belopp_ore for row in fact.fore)
        case events.Beslut():
            return sum(rorelse.belopp_ore for rorelse in fact.rorelser)
        case events.ForslagMade():
            return amount(fact.beslut)
        case AtgardChanged():
            return fact.belopp_ore
    return None


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
    for key, first, last in asking.gaps(NUMBERS):
        ar, _, serie = key.partition("/")
        which = f"{first}" if first == last else f"{first}–{last}"
        text = phrase("Serie {serie} {ar}: nummer {which} saknas", serie=serie, ar=ar, which=which)
        yield Listrad(f"lucka.{ar}.{serie}.{first}", text, {"antal": last - first + 1})


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
        yield Listrad(f"beslut.@{held.position}", TYPER.get(row.typ, row.typ.capitalize()), cells)


def facts(asking: Asking, first: int, size: int, *, only: tuple[str, ...] = (), prefix: str = "") -> list[Listrad]:
    """Facts, newest first."""
    chosen = [f"{name}={asking.filter(name)}" for name in ("typ", "vem", "period") if asking.filter(name)]
    chosen += [f"beslut={word}" for word in asking.filter("beslut").split()] + list(only)

    page = asking.newest(TRAIL, chosen, first, size)
    by = asking.corrected_by(page.facts)
    rows = [of_fact(asking, recorded, prefix, by[recorded.position]) for recorded in page.facts]
    return [*rows, more(prefix)] if page.more else rows


def of_fact(asking: Asking, recorded: Recorded, prefix: str, by: list[int]) -> Listrad:
    """One fact as a row; `by` are the facts that correct it."""
    fact, day, rattar = recorded.fact, own_day(recorded.fact), asking.corrects(recorded.fact)
    cells: dict[str, Cell] = {
        "lage": f"@{recorded.position}",
        "recorded_at": recorded.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datum": day.isoformat() if day else None,
        "faktum": recorded.name.rpartition(".")[0],
        "vem": recorded.actor,
        "mandat": recorded.mandat or None,
        "ansvar": ", ".join(units(fact)) or None,
        "beslut": minutes(fact)[1],
        "belopp": amount(fact),
        "rattar": f"@{rattar}" if rattar else None,
        "rattas_av": ", ".join(f"@{position}" for position in by) or None,
    }
    return Listrad(f"{prefix}@{recorded.position}", described(fact), cells)


def more(prefix: str) -> Listrad:
    """Says that the list goes on."""
    return Listrad(f"{prefix}fler", phrase("Listan fortsätter: välj den med lista och bläddra med sida"), sort="fler")


LISTS: Final[dict[str, tuple[str, Callable[[Asking, int, int], list[Listrad]]]]] = {
    "anmarkningar": (phrase("Anmärkningar"), lambda a, first, size: part(findings(a), first, size, "anmarkning.")),
    "luckor": (phrase("Luckor i verifikationsnummer"), lambda a, first, size: part(gaps(a), first, size, "lucka.")),
    "sena": (
        phrase("Fakta daterade i en tidigare månad än de registrerades"),
        lambda a, first, size: facts(a, first, size, only=("sen",), prefix="sen."),
    ),
    "beslut": (phrase("Summor per beslut"), lambda a, first, size: part(sums(a), first, size, "beslut.")),
    "fakta": (phrase("Fakta, senast registrerat först"), facts),
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
    beskrivning=(
        "Vem gjorde vad, när och med vilken rätt. Ingenting ändras eller tas bort; det som blev fel har en rättelse "
        "som pekar på det."
    ),
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
        listed("rattas_av", "Rättas av", printed=""),
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
    material=(TRAIL, NUMBERS, RATTADE),
    notes=("Fakta läggs bara till. En rättelse pekar på det som blev fel (Rättar), och det på rättelsen (Rättas av).",),
)
