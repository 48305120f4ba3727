"""Faulty files: what comes in from reality, each with what makes it faulty. The answers are in tests/golden.

Every case is given to a ledger that holds the town (town.py) with 2024-01 closed. `python -m tests.interchange.faulty
--golden` writes the answers anew.
"""

# ruff: noqa: E501 - rows of files stand on one line

from __future__ import annotations

import argparse
import codecs
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from ledger.application import Ledger
from ledger.domain.period import ClosePeriod
from ledger.domain.roll import Caller
from ledger.interchange.csv_file import Fil
from ledger.interchange.faults import FilesRefused
from ledger.interchange.importing import Options
from tests.interchange import golden
from tests.interchange.town import (
    BUDGET,
    EKONOM,
    FILES,
    KOMMENTAR,
    KONTO,
    ORGANISATION,
    PROGNOS,
    PROJEKT,
    UTFALL,
    VERKSAMHET,
    files,
    give,
    open_town,
)  # fmt: skip

GOLDEN: Final = golden.FOLDER / "filer.txt"


class Case(NamedTuple):
    """Files that must be refused."""

    name: str
    texts: dict[str, str | bytes]
    options: Options = Options()
    caller: Caller = EKONOM

    @property
    def given(self) -> str:
        """What is given, short enough for a line."""
        shown = (f"{name}: {_shown(text)}" for name, text in self.texts.items())
        wishes = ("torrkor", "ersatt", "rattar", "i_delar", "largest")
        other = [
            f"{wish}={getattr(self.options, wish)}"
            for wish in wishes
            if getattr(self.options, wish) != getattr(Options(), wish)
        ]
        return " · ".join((*shown, *other)) or "ingen fil"


def _shown(text: str | bytes) -> str:
    plain = text if isinstance(text, str) else repr(text)
    for header in (
        MORE,
        RATTAR_SEN,
        SEN,
        RATTAR,
        BUDGET,
        UTFALL,
        ORGANISATION,
        PROJEKT,
        PROGNOS,
        KONTO,
        VERKSAMHET,
        KOMMENTAR,
    ):
        plain = plain.removeprefix(header)
    plain = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in plain.replace("\n", "⏎"))
    return plain if len(plain) <= 150 else plain[:149] + "…"


def utfall(name: str, *rows: str, **wishes: bool) -> Case:
    """A faulty outcome file."""
    return Case(name, {"utfall.csv": UTFALL + "\n".join(rows) + "\n"}, Options(**wishes))  # type: ignore[arg-type]


def amount(name: str, text: str) -> Case:
    """An outcome row with a faulty amount."""
    return utfall(f"belopp-{name}", f'2024-03-31,KS-A,920,5010,kostnad,,,"{text}",,,,')


def day(name: str, text: str) -> Case:
    """A project with a faulty day."""
    return Case(f"datum-{name}", {"projekt.csv": PROJEKT + f"P-2,Bron,KS-A,,{text},,pagaende,2024-01-01\n"})


def budget(name: str, *rows: str, header: str = BUDGET) -> Case:
    """A faulty budget file."""
    return Case(name, {"budget.csv": header + "\n".join(rows) + "\n"})


def unit(name: str, *rows: str) -> Case:
    """A faulty organisation file."""
    return Case(name, {"organisation.csv": ORGANISATION + "\n".join(rows) + "\n"})


KF: Final = "kommunfullmäktige,2024-02-01,9,KS-9,2024"
MORE: Final = BUDGET.rstrip("\n") + ",status,forslag,finansiering,kontrollsumma,ersatter\n"
RATTAR: Final = UTFALL.rstrip("\n") + ",rattar\n"
SEN: Final = UTFALL.rstrip("\n") + ",ursprungsdatum\n"
RATTAR_SEN: Final = UTFALL.rstrip("\n") + ",rattar,ursprungsdatum\n"

FILE_CASES: Final = [
    Case("fil-ingen", {}),
    Case("fil-tom", {"tom.csv": ""}),
    Case("fil-bara-bom", {"bom.csv": codecs.BOM_UTF8}),
    Case("fil-bara-tomma-rader", {"rader.csv": "\n\n;;;\n"}),
    Case("fil-latin-1", {"konto.csv": (KONTO + "5010,Löner,kostnad,2020-01-01,\n").encode("latin-1")}),
    Case("fil-utf-16", {"konto.csv": KONTO.encode("utf-16")}),
    Case("fil-avbruten-utf-8", {"konto.csv": KONTO.encode() + "ö".encode()[:1]}),
    Case("fil-nolltecken", {"konto.csv": KONTO + "50\x0010,Hyra,kostnad,2020-01-01,\n"}),
    Case("fil-html", {"utfall.csv": "\n<!DOCTYPE html><html><body>Logga in</body></html>"}),
    Case("fil-xlsx", {"budget.xlsx": b"PK\x03\x04\x14\x00\x06\x00"}),
    Case("fil-xls", {"budget.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
    Case("fil-pdf", {"budget.csv": b"%PDF-1.7\n"}),
    Case("fil-sie", {"utfall.txt": "#FLAGGA 0\n#FORMAT PC8\n"}),
    Case("fil-sie-andelse", {"bokslut.se": b"#PROGRAM \x99\n"}),
    Case("fil-tabbar", {"konto.csv": KONTO.replace(",", "\t") + "5010\tHyra\tkostnad\t2020-01-01\t\n"}),
    Case("fil-lodstreck", {"konto.csv": KONTO.replace(",", "|")}),
    Case("fil-okant-slag", {"lista.csv": "nummer,benämning,summa\n1,a,2\n"}),
    Case("fil-utan-rubrik", {"konto.csv": "5010,Hyra,kostnad,2020-01-01,\n"}),
    Case("kolumn-okand", {"konto.csv": KONTO.replace("fran", "från") + "5010,Hyra,kostnad,2020-01-01,\n"}),
    Case("kolumn-helt-okand", {"konto.csv": KONTO.replace("till", "till,moms")}),
    Case("kolumn-saknas", {"konto.csv": "konto,namn,fran,till\n5010,Hyra,2020-01-01,\n"}),
    Case("kolumn-dubbel", {"konto.csv": "konto,namn,slag,namn,fran,till\n"}),
    Case("kolumn-utan-namn", {"konto.csv": "konto,,namn,slag,fran,till\n"}),
    Case("rad-for-kort", {"konto.csv": KONTO + "5020,Hyra,kostnad\n5030,El,kostnad,2020-01-01,\n6\n"}),
    Case("rad-for-lang", {"konto.csv": KONTO + "5020,Hyra,el,kostnad,2020-01-01,\n"}),
    Case("citat-oppet", {"konto.csv": KONTO + '5020,"Hyra,kostnad,2020-01-01,\n5030,El,kostnad,2020-01-01,\n'}),
    Case("citat-mitt-i", {"konto.csv": KONTO + '5020,"Hyra" lokal,kostnad,2020-01-01,\n5030,El,kostnad,x,\n'}),
    Case("cell-for-lang", {"konto.csv": KONTO + f"5020,{'a' * 200_000},kostnad,2020-01-01,\n"}),
    Case(
        "radnummer-efter-radbrytning",
        {"konto.csv": KONTO + '5020,"Hyra\nlokal",kostnad,2020-01-01,\n\n5030,El,kostnad,igår,\n'},
    ),
    Case(
        "flera-filer", {"a.csv": "", "konto.csv": KONTO + "5020,El,kostnad,x,\n", "b.csv": KONTO + "x,,y,2020-01-01,\n"}
    ),
]

CELL_CASES: Final = [
    amount("bokstaver", "abc"), amount("tusenpunkter", "1.234.567"), amount("punkt-och-komma", "1.234,50"),
    amount("komma-och-punkt", "1,234.50"), amount("tre-decimaler", "12,345"), amount("plus", "+5"),
    amount("exponent", "1e3"), amount("nan", "NaN"), amount("inf", "-Infinity"), amount("arabiska-siffror", "١٢"),
    amount("fel-grupper", "12 34"), amount("minus-efter", "5-"), amount("parentes", "(5)"),
    amount("tankstreck", "–5"), amount("dubbelt-minus", "--5"), amount("kr", "5 kr"), amount("tom", ""),
    amount("utan-heltal", ",50"), amount("utan-decimaler", "5,"), amount("hex", "0x10"), amount("understreck", "1_000"),
    amount("for-stort", "999999999999999"), amount("orimligt", "9" * 40), amount("formel", "=SUM(A1:A9)"),
    day("finns-inte", "2024-02-30"), day("snedstreck", "2024/01/31"), day("kort-ar", "24-01-31"),
    day("svensk-ordning", "31-01-2024"), day("excelnummer", "45321"), day("ihop", "20240131"),
    day("utan-nollor", "2024-1-5"), day("forhistoria", "1899-12-31"), day("framtid", "2200-01-01"),
    day("tid", "2024-01-31T00:00:00"), day("ord", "igår"),
    budget("ar-kort", "budget,kommunfullmäktige,2023-11-28,,,24,,,,KS,,,netto,,,1,"),
    budget("ar-decimal", "budget,kommunfullmäktige,2023-11-28,,,2024.0,,,,KS,,,netto,,,1,"),
    budget("ar-utanfor", "budget,kommunfullmäktige,2023-11-28,,,1066,,,,KS,,,netto,,,1,"),
    budget("ar-tomt", "budget,kommunfullmäktige,2023-11-28,,,,,,,KS,,,netto,,,1,"),
    budget("period-ord", "periodisering,KS-A,2024-01-15,,,2024,,mars,KS-A,KS-A,,,netto,,,1,"),
    budget("period-tretton", "periodisering,KS-A,2024-01-15,,,2024,,13,KS-A,KS-A,,,netto,,,1,"),
    budget("typ-nastan", "Ramjustring,kommunfullmäktige,2024-02-01,,,2024,,,,KS,,,netto,,,1,Mer"),
    budget("typ-okand", "gåva,kommunfullmäktige,2024-02-01,,,2024,,,,KS,,,netto,,,1,Mer"),
    budget("ersatter-kanske", f"totalutgift,{KF},,,,KS-A,,,utgift,,P-1,1,,,,,,kanske", header=MORE),
    Case("kommentar-manad", {"kommentar.csv": KOMMENTAR + "2024,0,driftsammandrag,KS,Text\n2024,3,,KS,Text\n"}),
]  # fmt: skip

MASTER_CASES: Final = [
    unit("enhet-tom-kod", ",Stab D,stab,KS,2024-01-01,,"),
    unit("enhet-okand-niva", "KS-D,Stab D,sektion,KS,2024-01-01,,"),
    unit("enhet-okand-teckenregel", "KS-D,Stab D,stab,KS,2024-01-01,,omvand"),
    unit("enhet-okand-overordnad", "KS-D,Stab D,stab,SBN,2024-01-01,,"),
    unit("enhet-slutar-fore-start", "KS-D,Stab D,stab,KS,2024-01-01,2023-01-01,"),
    unit("enhet-i-ring", "KS,Kommunstyrelsen,namnd,KS-A,2025-01-01,,"),
    unit("enhet-annat-innehall", "KS-A,Stab Alfa,stab,KS,2020-01-01,,"),
    unit("enhet-samma-fil-tva-innehall", "KS-D,Stab D,stab,KS,2024-01-01,,", "KS-D,Stab E,stab,KS,2024-01-01,,"),
    unit("enhet-redan-avslutad", "KS-C,Stab C,stab,KS,2020-01-01,2022-12-31,"),
    unit("enhet-personnummer", "KS-D,Stab 19121212-1212,stab,KS,2024-01-01,,"),
    Case("enhet-ersatt-utan-dag", {"o.csv": ORGANISATION.replace("regel", "regel,ersatt_av") + "KS-B,Stab B,stab,KS,2020-01-01,,,KS-A\n"}),
    Case("foljdfel-tigs-om", {
        "organisation.csv": ORGANISATION + "KS-D,Stab D,stab,KS,fel,,\nKS-D-1,Enhet,enhet,KS-D,2024-01-01,,\n",
        "utfall.csv": UTFALL + "2024-03-31,KS-D,920,5010,kostnad,,,1,,,,\n",
        "budget.csv": BUDGET + "budget,kommunfullmäktige,2024-01-01,,,2026,,,,KS,,,netto,,,x,\n"
        "internbudget,kommunstyrelsen,2024-01-02,,,2026,,,KS,KS-A,,,netto,,,10,\n",
    }),
    Case("konto-okant-slag", {"konto.csv": KONTO + "6010,Bidrag,utgift,2020-01-01,\n"}),
    Case("konto-annat-innehall", {"konto.csv": KONTO + "5010,Lön,kostnad,2020-01-01,\n"}),
    Case("projekt-okand-status", {"projekt.csv": PROJEKT + "P-2,Bron,KS-A,,,,klart,2024-01-01\n"}),
    Case("projekt-okand-agare", {"projekt.csv": PROJEKT + "P-2,Bron,SBN,,,,pagaende,2024-01-01\n"}),
    Case("projekt-slutar-fore-start", {"projekt.csv": PROJEKT + "P-2,Bron,KS-A,,2025-01-01,2024-01-01,pagaende,2024-01-01\n"}),
    Case("projekt-annat-innehall", {"projekt.csv": PROJEKT + "P-1,Skolan,KS-B,,2024-01-01,2025-12-31,pagaende,2024-01-01\n"}),
]  # fmt: skip

DECISION_CASES: Final = [
    budget("beslut-utan-organ", "budget,,2024-02-01,9,KS-9,2024,,,,KS,,,netto,,,1,"),
    budget("beslut-okand-enhet", f"budget,{KF},,,,SBN,,,netto,,,1,", f"budget,{KF},,,,KS,999,,netto,9999,P-9,1,"),
    budget("beslut-stangd-enhet", f"budget,{KF},,,,KS-C,,,netto,,,1,"),
    budget("beslut-fran-enhet", f"budget,{KF},,,KS,KS-A,,,netto,,,1,"),
    budget("beslut-utan-mottagare", f"internbudget,{KF},,,KS,,,,netto,,,1,"),
    budget("beslut-fel-slag", f"investeringsram,{KF},,,,KS-A,,,netto,,P-1,1,"),
    budget("ramjustering-utan-text", f"ramjustering,{KF},,,,KS,,,netto,,,1,"),
    budget("ramjustering-tva-sidor", f"ramjustering,{KF},,,KS,BUN,,,netto,,,1,Flytt"),
    budget("omfordelning-tom-sida", f"omfordelning,{KF},,,KS-A,,,,netto,,,1,"),
    budget("ombudgetering-samma-ar", f"ombudgetering,{KF},2024,,KS-A,KS-A,,,utgift,,P-1,1,"),
    budget("ombudgetering-for-mycket", f"ombudgetering,{KF},2025,,KS-A,KS-A,,,utgift,,P-1,500000.01,"),
    budget("till-ar-i-fel-typ", f"budget,{KF},2025,,,KS,,,netto,,,1,"),
    budget("internbudget-for-mycket", f"internbudget,{KF},,,KS,KS-B,,,netto,,,400000.01,"),
    budget("periodisering-utan-manad", "periodisering,KS-A,2024-01-15,,,2024,,,KS-A,KS-A,,,netto,,,600000,"),
    budget("periodisering-fel-summa", "periodisering,KS-A,2024-01-15,,,2024,,1,KS-A,KS-A,,,netto,,,599999,"),
    budget("totalutgift-utan-projekt", f"totalutgift,{KF},,,,KS-A,,,utgift,,,1,"),
    budget("beslut-annat-innehall", "internbudget,kommunstyrelsen,2023-12-12,5,KS-2,2024,,,KS,KS-A,,,netto,,,600001,Internbudget"),
    budget("beslut-personnummer", f"ramjustering,{KF},,,,KS,,,netto,,,1,Avser 811218-9876"),
    budget("beslut-styrtecken", f"ramjustering,{KF},,,,KS,,,netto,,,1,Pip\x07"),
    budget("beslut-lang-text", f"ramjustering,{KF},,,,KS,,,netto,,,1,{'a' * 10_001}"),
    budget("beslut-okand-status", f"ramjustering,{KF},,,,KS,,,netto,,,1,Mer,kanske,,,,", header=MORE),
    budget("forslag-utan-diarienummer", "ramjustering,KF,2024-02-01,,,2024,,,,KS,,,netto,,,1,Mer,forslag,,,,", header=MORE),
    budget("forslag-finns-inte", f"ramjustering,{KF},,,,KS,,,netto,,,1,Mer,,KS-404,,,", header=MORE),
    budget("kontrollsumma-olika", f"ramjustering,{KF},,,,KS,,,netto,,,1,Mer,,,,3,", f"ramjustering,{KF},,,,KS,,,netto,,,2,Mer,,,,4,", header=MORE),
    budget("finansiering-i-fel-typ", f"budget,{KF},,,,KS,,,netto,,,1,,,,Skatt,,", header=MORE),
    budget("ersatter-i-fel-typ", f"budget,{KF},,,,KS,,,netto,,,1,,,,,,nej", header=MORE),
]  # fmt: skip

OUTCOME_CASES: Final = [
    utfall("utfall-okanda-koder", "2024-03-31,SBN,999,9999,kostnad,P-9,,1,,,,"),
    utfall("utfall-stangd-enhet", "2024-03-31,KS-C,920,5010,kostnad,,,1,,,,"),
    utfall("utfall-fel-slag", "2024-03-31,KS-A,920,5010,netto,,,1,,,,"),
    utfall("utfall-utan-slag", "2024-03-31,KS-A,920,5010,,,,1,,,,"),
    utfall("utfall-utan-konto-och-ansvar", "2024-03-31,,920,,kostnad,,,1,,B,1,", "2024-03-31,,,1930,,,,-1,,B,1,"),
    utfall("utfall-stangd-period", "2024-01-31,KS-A,920,5010,kostnad,,,1,,,,"),
    utfall("utfall-personnummer", "2024-03-31,KS-A,920,5010,kostnad,,Anna 19121212-1212,1,,,,"),
    utfall("utfall-annan-leverans", "2024-02-29,KS-A,920,5010,kostnad,,,501,,,,"),
    utfall("verifikation-obalans", "2024-03-01,KS-A,920,5010,kostnad,,,100,,A,2,", "2024-03-01,,,1930,,,,-99.50,,A,2,"),
    utfall("verifikation-halvt-nummer", "2024-03-01,KS-A,920,5010,kostnad,,,1,,A,,", "2024-03-01,KS-A,920,5010,kostnad,,,1,,,7,"),
    utfall("verifikation-tva-dagar", "2024-03-01,KS-A,920,5010,kostnad,,,1,,A,2,", "2024-03-02,,,1930,,,,-1,,A,2,"),
    utfall("verifikation-annat-innehall", "2024-02-01,KS-A,920,5010,kostnad,,,7,,A,1,", "2024-02-01,,,1930,,,,-7,,A,1,"),
    utfall("verifikation-oläslig-rad", "2024-03-01,KS-A,920,5010,kostnad,,,x,,A,2,", "igår,,,1930,,,,-1,,A,2,", "2024-03-01,,,1931,,,,-1,,A,2,"),
    Case("verifikation-tva-ganger", {
        "a.csv": UTFALL + "2024-03-01,KS-A,920,5010,kostnad,,,1,,A,2,\n2024-03-01,,,1930,,,,-1,,A,2,\n",
        "b.csv": UTFALL + "2024-03-01,KS-A,920,5010,kostnad,,,2,,A,2,\n2024-03-01,,,1930,,,,-2,,A,2,\n",
    }),
    Case("rattar-olasligt", {"u.csv": RATTAR + "2024-03-01,KS-A,920,5010,kostnad,,,-1200.50,,A,2,,A1\n"}),
    Case("rattar-saknad", {"u.csv": RATTAR + "2024-03-01,KS-A,920,5010,kostnad,,,-1,,A,2,,A 99 2024\n2024-03-01,,,1930,,,,1,,A,2,,A 99 2024\n"}),
    Case("rattar-inte-omvand", {"u.csv": RATTAR + "2024-03-01,KS-A,920,5010,kostnad,,,-1,,A,2,,A 1 2024\n2024-03-01,,,1930,,,,1,,A,2,,A 1 2024\n"}),
    Case("rattar-olika", {"u.csv": RATTAR + "2024-03-01,KS-A,920,5010,kostnad,,,-1200.50,,A,2,,A 1 2024\n2024-03-01,,,1930,,,,1200.50,,A,2,,\n"}),
    Case("rattar-utan-verifikation", {"u.csv": RATTAR + "2024-03-01,KS-A,920,5010,kostnad,,,-1200.50,,,,,A 1 2024\n"}),
    Case("ursprungsdatum-olika", {"u.csv": SEN + "2024-03-01,KS-A,920,5010,kostnad,,,1,,A,2,,2024-01-31\n2024-03-01,,,1930,,,,-1,,A,2,,\n"}),
    Case("ursprungsdatum-olasligt", {"u.csv": SEN + "2024-03-01,KS-A,920,5010,kostnad,,,1,,,,,31/1\n"}),
    Case("ursprungsdatum-inte-tidigare", {"u.csv": SEN + "2024-03-01,KS-A,920,5010,kostnad,,,1,,,,,2024-03-01\n2024-03-01,KS-A,920,5010,kostnad,,,1,,A,2,,2024-04-01\n2024-03-01,,,1930,,,,-1,,A,2,,2024-04-01\n"}),
    Case("ursprungsdatum-pa-rattelse", {"u.csv": RATTAR_SEN + "2024-03-01,KS-A,920,5010,kostnad,,,-1200.50,,A,2,,A 1 2024,2024-01-31\n2024-03-01,,,1930,,,,1200.50,,A,2,,A 1 2024,2024-01-31\n"}),
    Case("prognos-annat-innehall", {"prognos.csv": PROGNOS + "2024-04-30,2024,KS-A,kostnad,,620000,Vakanser\n"}),
    Case("prognos-faltfel", {"prognos.csv": PROGNOS + "2024-05-31,2024,,kostnad,,1,\n2024-05-31,2024,KS-A,lön,P-9,1,\n"}),
]  # fmt: skip

ARGUMENT_CASES: Final = [
    Case("argument-rattar-saknat-faktum", {"p.csv": PROGNOS + "2024-04-30,2024,KS-A,kostnad,,620000,\n"}, Options(rattar=4711)),
    Case("argument-rattar-verifikation", {"p.csv": PROGNOS + "2024-04-30,2024,KS-A,kostnad,,620000,\n"}, Options(rattar=22)),
    Case("argument-rattar-flera", {"p.csv": PROGNOS + "2024-04-30,2024,KS-A,kostnad,,1,\n2024-04-30,2024,KS-B,kostnad,,1,\n"}, Options(rattar=25)),
    Case("argument-rattar-ingen-rad", {"p.csv": PROGNOS}, Options(rattar=25)),
    Case("argument-rattar-annat-slag", {"k.csv": VERKSAMHET + "100,Nämnden,2020-01-01,\n"}, Options(rattar=25)),
    Case("argument-rattar-samma", {"p.csv": FILES["prognos.csv"]}, Options(rattar=25)),
    Case("argument-for-stor-fil", {"u.csv": UTFALL + "".join(f"2024-03-01,KS-A,920,5010,kostnad,,,1,,C,{n},\n2024-03-01,,,1930,,,,-1,,C,{n},\n" for n in range(4))}, Options(largest=3)),
    Case("argument-roll-revisor", {"konto.csv": KONTO + "5020,El,kostnad,2020-01-01,\n"}, caller=Caller("a-2", "revisor")),
    Case("argument-roll-okand", {"konto.csv": KONTO + "5020,El,kostnad,2020-01-01,\n"}, caller=Caller("a-2", "chef")),
]  # fmt: skip

CASES: Final = [*FILE_CASES, *CELL_CASES, *MASTER_CASES, *DECISION_CASES, *OUTCOME_CASES, *ARGUMENT_CASES]


def prepared(url: str) -> Ledger:
    """A ledger that holds the town, with 2024-01 closed."""
    ledger = open_town(url)
    ledger.execute(ClosePeriod("2024-01"), EKONOM, "stäng")
    return ledger


def answer(ledger: Ledger, case: Case) -> str:
    """What is answered to a case. Errors: AssertionError where it is taken, or leaves a trace."""
    before = ledger.log.head()
    try:
        done = give(ledger, files(case.texts), case.options, caller=case.caller)
    except FilesRefused as refused:
        assert ledger.log.head() == before
        return refused.text()
    msg = f"{case.name} was taken: {done.text()}"
    raise AssertionError(msg)


def main(arguments: list[str]) -> int:
    """Write the golden file, when `--golden` says so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", action="store_true", help="skriv svaren på nytt")
    if not parser.parse_args(arguments).golden:
        sys.stderr.write("Ge --golden för att skriva svaren på nytt.\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        ledger = prepared(f"sqlite:///{Path(folder) / 'liggare.db'}")
        golden.write(GOLDEN, [golden.Entry(case.name, case.given, answer(ledger, case)) for case in CASES])
    return 0


#: A file that is not there, for tests of paths.
MISSING: Final = Fil.at("/finns/inte/budget.csv")

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
