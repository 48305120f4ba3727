"""Huvudbok: every account with what it held, what was posted on it, and what it holds.

Reader: ekonom, revisor.    Rule: BFL 5:5, 5:9 – a correction is a posting of its own, beside what it corrects.
Balance accounts carry their balance from year to year; the others begin at nothing on New Year's Day. A page holds so
many postings, wherever the account ends. Debit is plus and credit minus in `saldo`; both sides are shown without sign.
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
    Column,
    Filter,
    Listrad,
    Post,
    Recorded,
    Report,
    Sidor,
    belongs_to,
    listed,
    phrase,
    title,
    voucher_cells,
)

#: Postings of a page, and accounts of a page of balances.
PAGE: Final = 100
ACCOUNTS: Final = 500

MONTHS: Final = (
    phrase("januari"), phrase("februari"), phrase("mars"), phrase("april"), phrase("maj"), phrase("juni"),
    phrase("juli"), phrase("augusti"), phrase("september"), phrase("oktober"), phrase("november"), phrase("december"),
)  # fmt: skip


def sides(of: Sidor) -> dict[str, Cell]:
    """Both sides as they are shown, without sign."""
    return {"debet": of.debet, "kredit": -of.kredit}


def name_of(bok: Bok, konto: str) -> str:
    """An account with its name."""
    return f"{konto} {bok.konto(konto).namn}".rstrip() if konto else phrase("Utan konto")


def accounts(opening: dict[str, Sidor], moved: dict[str, Sidor]) -> list[str]:
    """The accounts that hold or have seen anything, in order."""
    return sorted({konto for konto, held in opening.items() if held.saldo} | set(moved))


# ---------------------------------------------------------------- balances


def balances(asking: Asking, bok: Bok) -> Iterator[Listrad]:
    """One row an account: what it held, both sides, and what it holds."""
    opening, moved = bok.opening(), bok.sums(bok.first, bok.last)
    kontos = accounts(opening, moved)
    first = (int(asking.filter("sida", "1")) - 1) * ACCOUNTS
    yield Listrad("saldon", phrase("Konton"), {"antal": len(kontos)}, 0, "rubrik")
    for konto in kontos[first : first + ACCOUNTS]:
        held, of = opening.get(konto, Sidor()), moved.get(konto, Sidor())
        cells = {"konto": konto, "ingaende": held.saldo, **sides(of), "saldo": held.saldo + of.saldo}
        yield Listrad(konto or "utan_konto", name_of(bok, konto), cells)
    if first + ACCOUNTS < len(kontos):
        yield more()
    yield from totals(bok, opening)


def totals(bok: Bok, opening: dict[str, Sidor]) -> Iterator[Listrad]:
    """All that is asked for: vouchers, whose sides are alike, and what was reported without."""
    of = bok.turnover()
    without = of.pop("", None)
    vouchers = sum(of.values(), Sidor())
    yield Listrad("summor", phrase("Summor av hela urvalet"), {}, 0, "rubrik")
    yield Listrad(
        "summa.ingaende", phrase("Ingående saldon"), {"ingaende": sum(held.saldo for held in opening.values())}
    )
    yield Listrad("summa.verifikationer", phrase("Verifikationer"), sides(vouchers))
    if without is not None:
        yield Listrad("summa.utfallsrader", phrase("Utfallsrader utan verifikation"), sides(without))


def more() -> Listrad:
    """Says that the list goes on."""
    return Listrad("fler", phrase("Boken fortsätter: bläddra med sida"), sort="fler")


# ---------------------------------------------------------------- postings


def postings(asking: Asking, bok: Bok) -> Iterator[Listrad]:
    """A page of the book: accounts one after the other, each with its postings, sums per month and balances."""
    opening, count = bok.opening(), bok.count()
    first = (int(asking.filter("sida", "1")) - 1) * PAGE
    at = 0
    for konto in accounts(opening, dict.fromkeys(count, Sidor())):
        # What an account begins with takes a place of its own, so that accounts without postings have one.
        size = 1 + count.get(konto, 0)
        shown = range(max(first - at, 0), min(first + PAGE - at, size))
        if shown:
            yield from section(asking, bok, konto, opening.get(konto, Sidor()).saldo, shown)
        at += size
    if at > first + PAGE:
        yield more()


def section(asking: Asking, bok: Bok, konto: str, saldo: int, shown: range) -> Iterator[Listrad]:
    """What a page has of an account: from its opening balance or from where the page before ended."""
    posts = bok.of_konto(konto)
    begun, ended = max(shown.start - 1, 0), shown.stop - 1
    saldo += sum(posts.amounts(0, begun))
    yield Listrad(konto or "utan_konto", name_of(bok, konto), {"antal": posts.antal}, 0, "rubrik")
    what = phrase("Från föregående sida") if begun else opening_words(bok)
    yield Listrad(f"{konto}.ingaende", what, {"konto": konto, "saldo": saldo})

    some = posts.posts(begun, ended)
    facts = asking.recorded(post.position for post in some)
    late = asking.late_days(facts.values())
    for month, first, last in posts.months():
        for n in range(max(first, begun), min(last, ended)):
            post = some[n - begun]
            yield from of_post(konto, n, post, facts[post.position], saldo, late.get(post.position))
            saldo += post.belopp_ore
        if begun < last <= ended:
            yield sum_of(konto, month, Sidor.of(posts.amounts(first, last)), saldo)
    if ended == posts.antal:
        cells = {"konto": konto, **sides(Sidor.of(posts.amounts(0, ended))), "saldo": saldo}
        yield Listrad(f"{konto}.utgaende", phrase("Utgående balans"), cells, sort="summa")


def opening_words(bok: Bok) -> str:
    """What an account begins with, in words."""
    is_new_year = (bok.first.month, bok.first.day) == (1, 1)
    return phrase("Ingående balans") if is_new_year else phrase("Ingående saldo {day}", day=bok.first)


def of_post(konto: str, n: int, post: Post, recorded: Recorded, saldo: int, late: date | None) -> Iterator[Listrad]:
    """The rows of an entry, each with what the account holds after it. `late`: the original day of a late voucher."""
    for m, row in enumerate(post.rows(recorded.fact)):
        saldo += row.belopp_ore
        original = late or row.ursprungsdatum
        name = belongs_to(row.rad.text or title(recorded.fact), original)
        cells = cells_of(row, recorded, saldo) | {"ursprungsdatum": original.isoformat() if original else None}
        yield Listrad(f"{konto}.@{post.position}.{n}.{m}", name, cells)


def cells_of(row: Bokrad, recorded: Recorded, saldo: int) -> dict[str, Cell]:
    """A posted row."""
    amount = row.belopp_ore
    return {
        "konto": row.rad.konto,
        "datum": row.day.isoformat(),
        **voucher_cells(recorded.fact),
        "ansvar": row.rad.ansvar,
        "verksamhet": row.rad.verksamhet,
        "projekt": row.rad.projekt,
        "motpart": row.rad.motpart,
        "debet": amount if amount >= 0 else None,
        "kredit": -amount if amount < 0 else None,
        "saldo": saldo,
        "lage": f"@{recorded.position}",
        "vem": recorded.actor,
    }


def sum_of(konto: str, month: int, of: Sidor, saldo: int) -> Listrad:
    """The sum of a month."""
    text = phrase("Summa {month} {ar}", month=MONTHS[month % 100 - 1], ar=month // 100)
    return Listrad(f"{konto}.{month}", text, {"konto": konto, **sides(of), "saldo": saldo})


def listing(asking: Asking) -> Iterator[Listrad]:
    """Balances of every account, or the book itself."""
    bok = asking.bok()
    if bok.is_part:
        asking.notes.append(
            phrase(
                "Urvalet visar en del av verifikationernas rader: debet och kredit behöver inte bli lika.",
            )
        )
    yield from balances(asking, bok) if shows_balances(asking) else postings(asking, bok)


def shows_balances(asking: Asking) -> bool:
    """Whether one row an account is asked for: so where nothing else is said and no account is named."""
    return (asking.filter("visa") or ("poster" if asking.filter("konto") else "saldon")) == "saldon"


def columns(asking: Asking) -> tuple[Column, ...]:
    """The columns of balances or of postings."""
    of_balances = ("konto", "ingaende", "debet", "kredit", "saldo")
    wanted = shows_balances(asking)
    return tuple(
        column for column in REPORT.columns if (column.nyckel in of_balances if wanted else column.nyckel != "ingaende")
    )


REPORT = Report(
    name="huvudbok",
    rubrik="Huvudbok",
    beskrivning="Varje konto i ordning: vad det hade, vad som bokfördes och vad det har.",
    columns=(
        listed("konto", "Konto", printed=""),
        listed("datum", "Datum", "datum"),
        listed("ursprungsdatum", "Hör till", "datum", printed=""),
        listed("serie", "Serie"),
        listed("vernr", "Nr"),
        listed("ansvar", "Ansvar"),
        listed("verksamhet", "Verksamhet", printed=""),
        listed("projekt", "Projekt", printed=""),
        listed("motpart", "Motpart", printed=""),
        listed("ingaende", "Ingående", "kronor"),
        listed("debet", "Debet", "kronor"),
        listed("kredit", "Kredit", "kronor"),
        listed("saldo", "Saldo", "kronor"),
        listed("lage", "Läge", printed=""),
        listed("vem", "Vem", printed=""),
    ),
    columns_of=columns,
    listing=listing,
    of_year=True,
    enhet="kr",
    filters=(
        Filter("visa", "saldon per konto eller poster", choices=("saldon", "poster")),
        Filter("konto", "ett konto eller ett spann, till exempel 1510 eller 5000-5999", pattern=r"[^-]+(-[^-]+)?"),
        Filter("serie", "en verifikationsserie"),
        Filter("projekt", "ett projekt"),
        Filter("fran", "första dagen, till exempel 2024-03-01"),
        Filter("till", "sista dagen, till exempel 2024-03-31"),
        Filter("sida", "sidans nummer, från 1", pattern=r"[1-9][0-9]{0,6}"),
    ),
    material=BOKFORING,
    notes=(
        "Ingående balans: balanskonton har med sig saldot från tidigare år, övriga konton börjar året på noll.",
        "Saldo: debet är plus och kredit minus.",
    ),
)
