"""What can be registered on a page: each kind with its words, the fields that all its rows share, and its columns.

A form becomes a small file of one of the contract's kinds, so every rule that judges files judges forms too. Words are
phrases, to be said in the language of whoever looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ledger.domain.language import phrase

#: What a cell holds, for the one who types: a code of a list, an amount in kronor, or words.
Holds = Literal["kod", "belopp", "manad", "text"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid. `lista` names the codes to choose among, `bredd` how wide it is drawn."""

    name: str
    rubrik: str
    holds: Holds = "text"
    lista: str = ""
    bredd: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that all rows share, its heading shown with a capital; `tips` stands under it."""

    name: str
    rubrik: str
    tips: str = ""
    lista: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One page of registration: `typ` as in its address, `slag` the kind of file it becomes."""

    typ: str
    rubrik: str
    ingress: str
    columns: tuple[Column, ...]
    fields: tuple[Field, ...]
    slag: str = "budget"
    tabell: str = phrase("Rörelser")
    #: Values that every row has and nobody types.
    fixed: tuple[tuple[str, str], ...] = ()
    #: Whether each row is repeated for every year from `ar` to `sista_ar`.
    over_years: bool = False
    #: Columns whose value is that of another where they are no columns of their own.
    same_as: tuple[tuple[str, str], ...] = ()


FRAN: Final = Column("fran_ansvar", phrase("Från"), "kod", "ansvar", "k-kod")
TILL: Final = Column("till_ansvar", phrase("Till"), "kod", "ansvar", "k-kod")
VERKSAMHET: Final = Column("verksamhet", phrase("Verksamhet"), "kod", "verksamhet", "k-kort")
KONTO: Final = Column("konto", phrase("Konto"), "kod", "konto", "k-kort")
PROJEKT: Final = Column("projekt", phrase("Projekt"), "kod", "projekt", "k-kod")
DRIFT: Final = Column("slag", phrase("Slag"), "kod", "slag-drift", "k-kort")
INVESTERING: Final = Column("slag", phrase("Slag"), "kod", "slag-investering", "k-kort")
BELOPP: Final = Column("belopp", phrase("Belopp"), "belopp", "", "k-belopp")
TEXT: Final = Column("text", phrase("Text"))

STATUS: Final = Field(
    "status",
    phrase("läge"),
    phrase("förslag räknas inte förrän det är beslutat"),
    choices=(("", phrase("beslutat")), ("forslag", phrase("förslag"))),
)
DECIDED: Final = (
    Field("beslutsorgan", phrase("Beslutsorgan"), phrase("eller enhetens kod när enheten själv beslutar"), "organ"),
    Field("beslutsdatum", phrase("Beslutsdatum"), phrase("när det gäller, inte när det skrivs in")),
    Field("paragraf", phrase("Paragraf")),
    Field("diarienummer", phrase("Diarienummer")),
)
YEAR: Final = Field("ar", phrase("År"))
YEARS: Final = (
    Field("ar", phrase("År från och med")),
    Field("sista_ar", phrase("År till och med"), phrase("tomt: bara det första")),
)
NETTO: Final = (("slag", "netto"),)
UTGIFT: Final = (("slag", "utgift"),)

KINDS: Final = (
    Kind(
        "omfordelning",
        phrase("Omfördelning"),
        phrase("Pengar flyttar mellan enheter inom samma år. Summan är alltid noll."),
        (FRAN, TILL, VERKSAMHET, BELOPP, TEXT),
        (*DECIDED, *YEARS, STATUS),
        fixed=NETTO,
        over_years=True,
    ),
    Kind(
        "ramjustering",
        phrase("Ramjustering"),
        phrase("En ram ändras efter budgetbeslutet. Plus höjer, minus sänker; texten är rubriken i specifikationen."),
        (
            TILL,
            VERKSAMHET,
            PROJEKT,
            Column("slag", phrase("Slag"), "kod", "slag", "k-kort"),
            BELOPP,
            Column("finansiering", phrase("Finansiering")),
            TEXT,
        ),
        (*DECIDED, *YEARS, STATUS),
        over_years=True,
    ),
    Kind(
        "internbudget",
        phrase("Internbudget"),
        phrase(
            "Nämnden fördelar sin ram på staber och förvaltningar. Det som inte fördelas ligger kvar som ofördelat."
        ),
        (FRAN, TILL, VERKSAMHET, BELOPP, TEXT),
        (*DECIDED, *YEARS, STATUS),
        fixed=NETTO,
        over_years=True,
    ),
    Kind(
        "detaljbudget",
        phrase("Detaljbudget"),
        phrase("Enheten delar upp sitt netto på kostnader och intäkter, konton och poster."),
        (FRAN, TILL, VERKSAMHET, DRIFT, KONTO, BELOPP, TEXT),
        (*DECIDED, YEAR, STATUS),
    ),
    Kind(
        "periodisering",
        phrase("Periodisering"),
        phrase("Hur enhetens årsbudget faller på månaderna. Månaderna ska tillsammans vara årets belopp."),
        (
            FRAN,
            VERKSAMHET,
            DRIFT,
            KONTO,
            PROJEKT,
            Column("period", phrase("Månad"), "manad", "", "k-kort"),
            BELOPP,
            TEXT,
        ),
        (*DECIDED, YEAR),
        same_as=(("till_ansvar", "fran_ansvar"),),
    ),
    Kind(
        "ombudgetering",
        phrase("Ombudgetering"),
        phrase("Investeringsram som inte användes förs över till ett senare år."),
        (FRAN, PROJEKT, BELOPP, TEXT),
        (*DECIDED, Field("ar", phrase("Från år")), Field("till_ar", phrase("Till år")), STATUS),
        fixed=UTGIFT,
        same_as=(("till_ansvar", "fran_ansvar"),),
    ),
    Kind(
        "budget",
        phrase("Budget"),
        phrase("Kommunfullmäktige ger nämnderna ramar för budgetåret och planåren. Beslutet öppnar en ny omgång."),
        (TILL, Column("ar", phrase("År"), "text", "", "k-kort"), VERKSAMHET, BELOPP, TEXT),
        (*DECIDED, STATUS),
        fixed=NETTO,
    ),
    Kind(
        "investeringsram",
        phrase("Investeringsram"),
        phrase("Kommunfullmäktige beslutar årets ram för projekt."),
        (TILL, PROJEKT, INVESTERING, BELOPP, TEXT),
        (*DECIDED, *YEARS, STATUS),
        over_years=True,
    ),
    Kind(
        "totalutgift",
        phrase("Totalutgift"),
        phrase("Vad ett projekt får kosta sammanlagt, över alla år."),
        (TILL, PROJEKT, INVESTERING, BELOPP, TEXT),
        (*DECIDED, YEAR, STATUS),
    ),
    Kind(
        "prognos",
        phrase("Prognos"),
        phrase("Vad enheterna tror om hela året. Den nyaste prognosen gäller; de tidigare finns kvar att läsa."),
        (
            Column("ansvar", phrase("Enhet"), "kod", "ansvar", "k-kod"),
            Column("slag", phrase("Slag"), "kod", "slag", "k-kort"),
            PROJEKT,
            BELOPP,
            Column("kommentar", phrase("Kommentar")),
        ),
        (Field("prognosdatum", phrase("Prognosdatum")), YEAR),
        slag="prognos",
        tabell=phrase("Helårsprognos"),
    ),
)

OF_TYP: Final = {kind.typ: kind for kind in KINDS}
