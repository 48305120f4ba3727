"""Grundbok: every registration of postings in the order in which the ledger learned of it.

Reader: ekonom, revisor.    Rule: BFL 5:5, 5:7, 5:9 – when it was recorded and by whom, when it happened, what it was.
A registration is a voucher, a leverans of utfallsrader, or the new leverans that takes another's place; under it stand
its rows. A page begins with the first registration after so many entries, and holds registrations whole.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from ledger.reporting.projection import (
    BOKFORING,
    Asking,
    Bok,
    Bokrad,
    Cell,
    Filter,
    Listrad,
    Recorded,
    Report,
    Sidor,
    belongs_to,
    book_rows,
    listed,
    phrase,
    title,
    voucher_cells,
)

#: Entries of a page: of each registration and account, unit, project and side one.
PAGE: Final = 150


def totals(bok: Bok) -> Iterator[Listrad]:
    """All that is asked for: vouchers, whose sides are alike, and what was reported without."""
    of = bok.turnover()
    without = of.pop("", None)
    vouchers = sum(of.values(), Sidor())
    yield Listrad("summor", phrase("Summor av hela urvalet"), {}, 0, "rubrik")
    yield Listrad(
        "summa.verifikationer", phrase("Verifikationer"), {"debet": vouchers.debet, "kredit": -vouchers.kredit}
    )
    if without is not None:
        cells: dict[str, Cell] = {"debet": without.debet, "kredit": -without.kredit}
        yield Listrad("summa.utfallsrader", phrase("Utfallsrader utan verifikation"), cells)


def registration(recorded: Recorded, rows: list[Bokrad], late: date | None) -> Iterator[Listrad]:
    """A registration with both its sides, and its rows under it. `late`: the original day of a late voucher."""
    days, both = sorted({row.day for row in rows}), Sidor.of(row.belopp_ore for row in rows)
    cells: dict[str, Cell] = {
        "recorded_at": recorded.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datum": days[-1].isoformat() if len(days) == 1 else None,
        "ursprungsdatum": late.isoformat() if late else None,
        **voucher_cells(recorded.fact),
        "debet": both.debet,
        "kredit": -both.kredit,
        "vem": recorded.actor,
        "mandat": recorded.mandat,
        "lage": f"@{recorded.position}",
    }
    yield Listrad(f"@{recorded.position}", belongs_to(title(recorded.fact), late), cells)
    for n, row in enumerate(rows):
        name = belongs_to(row.rad.text or "", row.ursprungsdatum)
        yield Listrad(f"@{recorded.position}.{n}", name, posting(row), 2, "bokrad")


def posting(row: Bokrad) -> dict[str, Cell]:
    """A posted row."""
    rad, amount = row.rad, row.belopp_ore
    return {
        "datum": row.day.isoformat(),
        "ursprungsdatum": row.ursprungsdatum.isoformat() if row.ursprungsdatum else None,
        "konto": rad.konto,
        "ansvar": rad.ansvar,
        "verksamhet": rad.verksamhet,
        "projekt": rad.projekt,
        "motpart": rad.motpart,
        "debet": amount if amount >= 0 else None,
        "kredit": -amount if amount < 0 else None,
    }


def listing(asking: Asking) -> Iterator[Listrad]:
    """The sums, and a page of registrations in the order of recording."""
    bok = asking.bok()
    if bok.is_part:
        asking.notes.append(
            phrase(
                "Urvalet visar en del av verifikationernas rader: debet och kredit behöver inte bli lika.",
            )
        )
    yield from totals(bok)
    number = int(asking.filter("sida", "1"))
    positions, goes_on, count = bok.registrations((number - 1) * PAGE, PAGE)
    yield Listrad("registreringar", phrase("Registreringar, i den ordning de gjordes"), {"antal": count}, 0, "rubrik")
    facts = asking.recorded(positions)
    late = asking.late_days(facts.values())
    for position in positions:
        recorded = facts[position]
        rows = [row for row in book_rows(recorded.fact) if bok.wants(row)]
        yield from registration(recorded, rows, late.get(position))
    if goes_on:
        yield Listrad("fler", phrase("Boken fortsätter: bläddra med sida"), sort="fler")


REPORT = Report(
    name="grundbok",
    rubrik="Grundbok",
    beskrivning="Allt som är bokfört, i den ordning som liggaren fick veta det: när, av vem, vad och hur mycket.",
    columns=(
        listed("recorded_at", "Registrerat (UTC)", "tid"),
        listed("datum", "Datum", "datum"),
        listed("ursprungsdatum", "Hör till", "datum", printed=""),
        listed("serie", "Serie"),
        listed("vernr", "Nr"),
        listed("konto", "Konto"),
        listed("ansvar", "Ansvar"),
        listed("verksamhet", "Verksamhet", printed=""),
        listed("projekt", "Projekt", printed=""),
        listed("motpart", "Motpart", printed=""),
        listed("debet", "Debet", "kronor"),
        listed("kredit", "Kredit", "kronor"),
        listed("vem", "Vem"),
        listed("mandat", "Mandat", printed=""),
        listed("lage", "Läge"),
    ),
    listing=listing,
    enhet="kr",
    filters=(
        Filter("konto", "ett konto eller ett spann, till exempel 1510 eller 5000-5999", pattern=r"[^-]+(-[^-]+)?"),
        Filter("serie", "en verifikationsserie"),
        Filter("projekt", "ett projekt"),
        Filter("fran", "första dagen, till exempel 2024-03-01"),
        Filter("till", "sista dagen, till exempel 2024-03-31"),
        Filter("sida", "sidans nummer, från 1", pattern=r"[1-9][0-9]{0,6}"),
    ),
    material=BOKFORING,
    notes=("Det som är bokfört ändras inte. Det som blev fel har en rättelse, som är en egen registrering.",),
)
