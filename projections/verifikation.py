"""Verifikation: one voucher as it was posted, when and by whom, and its corrections both ways.

Reader: ekonom, revisor.    Rule: BFL 5:5, 5:7, 5:9 – whoever reads a corrected entry learns of the correction without
difficulty, and the correction leads back.
"""

from collections.abc import Iterator

from ledger.domain.events import VerifikationCorrected, VerifikationPosted, verifikation_stream
from ledger.reporting.projection import (
    BOKFORING,
    RATTADE,
    Asking,
    Cell,
    Filter,
    Listrad,
    Recorded,
    Report,
    Sidor,
    book_rows,
    listed,
    phrase,
    title,
    voucher_cells,
    voucher_key,
)


def envelope(recorded: Recorded) -> dict[str, Cell]:
    """When it was recorded and by whom, and the voucher's own number and day."""
    instant = recorded.recorded_at.strftime("%Y-%m-%d %H:%M:%S")
    cells: dict[str, Cell] = {
        "text": phrase(
            "{instant} UTC av {actor}, med rätt av {mandat}",
            instant=instant,
            actor=recorded.actor,
            mandat=recorded.mandat or "–",
        ),
        "recorded_at": recorded.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "vem": recorded.actor,
        "mandat": recorded.mandat,
        "lage": f"@{recorded.position}",
        **voucher_cells(recorded.fact),
    }
    if isinstance(recorded.fact, VerifikationPosted):
        cells["datum"] = recorded.fact.bokforingsdatum.isoformat()
    return cells


def corrections(asking: Asking, voucher: VerifikationPosted) -> Iterator[Listrad]:
    """What the voucher corrects, and what corrects it."""
    if isinstance(voucher, VerifikationCorrected):
        stream = verifikation_stream(voucher.ursprungsdatum.year, voucher.rattar_serie, voucher.rattar_vernr)
        for found in asking.stream(stream):
            yield Listrad(
                f"rattar.@{found.position}", phrase("Rättar: {title}", title=title(found.fact)), envelope(found)
            )
    key = voucher_key(voucher.bokforingsdatum.year, voucher.serie, voucher.vernr)
    by = asking.recorded(held.position for held in asking.held(RATTADE, key))
    for position, found in by.items():
        yield Listrad(f"rattas_av.@{position}", phrase("Rättas av: {title}", title=title(found.fact)), envelope(found))


def of_voucher(asking: Asking, recorded: Recorded, voucher: VerifikationPosted) -> Iterator[Listrad]:
    """The registration, the rows and the corrections."""
    yield Listrad("registrering", title(voucher), {"antal": 1}, 0, "rubrik")
    yield Listrad(f"@{recorded.position}", phrase("Registrerad"), envelope(recorded))
    for day in asking.late_days([recorded]).values():
        cells: dict[str, Cell] = {
            "datum": day.isoformat(),
            "text": phrase("Månaden var stängd när det hittades"),
            "lage": f"@{recorded.position + 1}",
        }
        yield Listrad("ursprungsdatum", phrase("Hör till {day}", day=day), cells)
    rows, names = list(book_rows(voucher)), asking.bok()
    yield Listrad("rader", phrase("Rader"), {"antal": len(rows)}, 0, "rubrik")
    for n, row in enumerate(rows):
        amount, rad = row.belopp_ore, row.rad
        posted: dict[str, Cell] = {
            "konto": rad.konto,
            "ansvar": rad.ansvar,
            "verksamhet": rad.verksamhet,
            "projekt": rad.projekt,
            "motpart": rad.motpart,
            "text": rad.text,
            "debet": amount if amount >= 0 else None,
            "kredit": -amount if amount < 0 else None,
        }
        yield Listrad(f"rad.{n + 1}", names.konto(rad.konto or "").namn or rad.konto or "", posted)
    both = Sidor.of(row.belopp_ore for row in rows)
    yield Listrad("summa", phrase("Summa"), {"debet": both.debet, "kredit": -both.kredit}, sort="summa")
    found = list(corrections(asking, voucher))
    if found:
        yield Listrad("rattelser", phrase("Rättelser"), {"antal": len(found)}, 0, "rubrik")
    else:
        asking.notes.append(phrase("Verifikationen rättar ingen annan och är inte rättad."))
    yield from found


def listing(asking: Asking) -> Iterator[Listrad]:
    """The voucher of a serie, a number and a year; a sentence where there is none."""
    serie, vernr = asking.filter("serie"), asking.filter("vernr")
    if not serie or not vernr:
        asking.notes.append(phrase("Ange serie och nummer för att se en verifikation."))
        return
    dated = [
        (recorded, recorded.fact)
        for recorded in asking.stream(verifikation_stream(asking.ar, serie, vernr))
        if isinstance(recorded.fact, VerifikationPosted)
        and asking.dated(recorded.fact.bokforingsdatum)
        and asking.concerns(rad.ansvar for rad in recorded.fact.rader if rad.ansvar)
    ]
    if not dated:
        asking.notes.append(
            phrase(
                "Ingen verifikation {serie} {vernr} {ar} är känd vid @{kand} med det urvalet.",
                serie=serie,
                vernr=vernr,
                ar=asking.ar,
                kand=asking.kand,
            )
        )
    for recorded, voucher in dated:
        yield from of_voucher(asking, recorded, voucher)


REPORT = Report(
    name="verifikation",
    rubrik="Verifikation",
    beskrivning="En verifikation med alla rader: när, av vem, vad den rättar och vad som rättar den.",
    columns=(
        listed("datum", "Datum", "datum"),
        listed("serie", "Serie"),
        listed("vernr", "Nr"),
        listed("konto", "Konto"),
        listed("ansvar", "Ansvar"),
        listed("verksamhet", "Verksamhet"),
        listed("projekt", "Projekt"),
        listed("motpart", "Motpart"),
        listed("text", "Text"),
        listed("debet", "Debet", "kronor"),
        listed("kredit", "Kredit", "kronor"),
        listed("recorded_at", "Registrerat (UTC)", "tid", printed=""),
        listed("vem", "Vem", printed=""),
        listed("mandat", "Mandat", printed=""),
        listed("lage", "Läge"),
    ),
    listing=listing,
    of_year=True,
    enhet="kr",
    filters=(
        Filter("serie", "verifikationens serie, till exempel A"),
        Filter("vernr", "verifikationens nummer, till exempel 123"),
    ),
    material=BOKFORING,
)
