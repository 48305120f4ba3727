"""What can be registered on a page: each kind with its words, the fields that all its rows share, and its columns.

A form becomes a small file of one of the contract's kinds, so every rule that judges files judges forms too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

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
    """A field that all rows share. `needed`: a blank one is refused; `tips` stands under it."""

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
    tabell: str = "Rörelser"
    #: Values that every row has and nobody types.
    fixed: tuple[tuple[str, str], ...] = ()
    #: Whether each row is repeated for every year from `ar` to `sista_ar`.
    over_years: bool = False
    #: Columns whose value is that of another where they are no columns of their own.
    same_as: tuple[tuple[str, str], ...] = ()


FRAN: Final = Column("fran_ansvar", "Från", "kod", "ansvar", "k-kod")
TILL: Final = Column("till_ansvar", "Till", "kod", "ansvar", "k-kod")
VERKSAMHET: Final = Column("verksamhet", "Verksamhet", "kod", "verksamhet", "k-kort")
KONTO: Final = Column("konto", "Konto", "kod", "konto", "k-kort")
PROJEKT: Final = Column("projekt", "Projekt", "kod", "projekt", "k-kod")
DRIFT: Final = Column("slag", "Slag", "kod", "slag-drift", "k-kort")
INVESTERING: Final = Column("slag", "Slag", "kod", "slag-investering", "k-kort")
BELOPP: Final = Column("belopp", "Belopp", "belopp", "", "k-belopp")
TEXT: Final = Column("text", "Text")

STATUS: Final = Field(
    "status", "Läge", "förslag räknas inte förrän det är beslutat", choices=(("", "beslutat"), ("forslag", "förslag"))
)
DECIDED: Final = (
    Field("beslutsorgan", "Beslutsorgan", "eller enhetens kod när enheten själv beslutar", "organ"),
    Field("beslutsdatum", "Beslutsdatum", "när det gäller, inte när det skrivs in"),
    Field("paragraf", "Paragraf"),
    Field("diarienummer", "Diarienummer"),
)
YEAR: Final = Field("ar", "År")
YEARS: Final = (Field("ar", "År från och med"), Field("sista_ar", "År till och med", "tomt: bara det första"))
NETTO: Final = (("slag", "netto"),)
UTGIFT: Final = (("slag", "utgift"),)

KINDS: Final = (
    Kind(
        "omfordelning",
        "Omfördelning",
        "Pengar flyttar mellan enheter inom samma år. Summan är alltid noll.",
        (FRAN, TILL, VERKSAMHET, BELOPP, TEXT),
        (*DECIDED, *YEARS, STATUS),
        fixed=NETTO,
        over_years=True,
    ),
    Kind(
        "ramjustering",
        "Ramjustering",
        "En ram ändras efter budgetbeslutet. Plus höjer, minus sänker; texten är rubriken i specifikationen.",
        (
            TILL,
            VERKSAMHET,
            PROJEKT,
            Column("slag", "Slag", "kod", "slag", "k-kort"),
            BELOPP,
            Column("finansiering", "Finansiering"),
            TEXT,
        ),
        (*DECIDED, *YEARS, STATUS),
        over_years=True,
    ),
    Kind(
        "internbudget",
        "Internbudget",
        "Nämnden fördelar sin ram på staber och förvaltningar. Det som inte fördelas ligger kvar som ofördelat.",
        (FRAN, TILL, VERKSAMHET, BELOPP, TEXT),
        (*DECIDED, *YEARS, STATUS),
        fixed=NETTO,
        over_years=True,
    ),
    Kind(
        "detaljbudget",
        "Detaljbudget",
        "Enheten delar upp sitt netto på kostnader och intäkter, konton och poster.",
        (FRAN, TILL, VERKSAMHET, DRIFT, KONTO, BELOPP, TEXT),
        (*DECIDED, YEAR, STATUS),
    ),
    Kind(
        "periodisering",
        "Periodisering",
        "Hur enhetens årsbudget faller på månaderna. Månaderna ska tillsammans vara årets belopp.",
        (
            FRAN,
            VERKSAMHET,
            DRIFT,
            KONTO,
            PROJEKT,
            Column("period", "Månad", "manad", "", "k-kort"),
            BELOPP,
            TEXT,
        ),
        (*DECIDED, YEAR),
        same_as=(("till_ansvar", "fran_ansvar"),),
    ),
    Kind(
        "ombudgetering",
        "Ombudgetering",
        "Investeringsram som inte användes förs över till ett senare år.",
        (FRAN, PROJEKT, BELOPP, TEXT),
        (*DECIDED, Field("ar", "Från år"), Field("till_ar", "Till år"), STATUS),
        fixed=UTGIFT,
        same_as=(("till_ansvar", "fran_ansvar"),),
    ),
    Kind(
        "budget",
        "Budget",
        "Kommunfullmäktige ger nämnderna ramar för budgetåret och planåren. Beslutet öppnar en ny omgång.",
        (TILL, Column("ar", "År", "text", "", "k-kort"), VERKSAMHET, BELOPP, TEXT),
        (*DECIDED, STATUS),
        fixed=NETTO,
    ),
    Kind(
        "investeringsram",
        "Investeringsram",
        "Kommunfullmäktige beslutar årets ram för projekt.",
        (TILL, PROJEKT, INVESTERING, BELOPP, TEXT),
        (*DECIDED, *YEARS, STATUS),
        over_years=True,
    ),
    Kind(
        "totalutgift",
        "Totalutgift",
        "Vad ett projekt får kosta sammanlagt, över alla år.",
        (TILL, PROJEKT, INVESTERING, BELOPP, TEXT),
        (*DECIDED, YEAR, STATUS),
    ),
    Kind(
        "prognos",
        "Prognos",
        "Vad enheterna tror om hela året. Den nyaste prognosen gäller; de tidigare finns kvar att läsa.",
        (
            Column("ansvar", "Enhet", "kod", "ansvar", "k-kod"),
            Column("slag", "Slag", "kod", "slag", "k-kort"),
            PROJEKT,
            BELOPP,
            Column("kommentar", "Kommentar"),
        ),
        (Field("prognosdatum", "Prognosdatum"), YEAR),
        slag="prognos",
        tabell="Helårsprognos",
    ),
)

OF_TYP: Final = {kind.typ: kind for kind in KINDS}
