"""Random commands of every kind over a town so small that they often meet. Most are right; some are nearly so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from ledger.domain.beslut import COMMANDS as DECISIONS
from ledger.domain.beslut import DecideBeslut
from ledger.domain.investering import ChangeProjekt
from ledger.domain.kommentar import WriteKommentar
from ledger.domain.kontoplan import DefineKonto, DefineVerksamhet
from ledger.domain.organisation import RegisterUnit
from ledger.domain.period import ClosePeriod, OpenPeriod
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad, Summarad, Utfallsrad
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.rorelse import Rorelse
from ledger.domain.utfall import ReportUtfall
from ledger.domain.verifikation import PostVerifikation, Voucher
from tests.machine import decisions
from tests.machine.entries import CORRECTION, standing
from tests.machine.model import Model

BEGIN = date(2022, 1, 1)
TOWN = (
    RegisterUnit("K", "Kommunen", "kommun", BEGIN),
    RegisterUnit("N1", "Ett", "namnd", BEGIN, "K"),
    RegisterUnit("N2", "Två", "namnd", BEGIN, "K"),
    RegisterUnit("A", "Alfa", "forvaltning", BEGIN, "N1"),
    RegisterUnit("B", "Beta", "stab", BEGIN, "A"),
    RegisterUnit("C", "Gamma", "enhet", BEGIN, "N2"),
    DefineKonto("5", "Löner", "kostnad", BEGIN),
    DefineKonto("3", "Avgifter", "intakt", BEGIN),
    DefineKonto("2", "Skulder", "balans", BEGIN),
    DefineVerksamhet("V", "Skola", BEGIN),
    ChangeProjekt("P", "Bron", "A", "pagaende", BEGIN),
    ChangeProjekt("Q", "Badet", "C", "beslutat", BEGIN),
)

UNITS = ("N1", "N1", "N2", "A", "A", "B", "C")
DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2022-01-01", "2022-12-31", "2023-01-01", "2023-06-15", "2023-11-28", "2023-12-31", "2024-01-01", "2024-01-31",
        "2024-02-01", "2024-03-05", "2024-06-30", "2024-12-31", "2025-01-01", "2025-06-30",
    )
)  # fmt: skip
PERSON = "850709-9805"


class Dice:
    """Commands from one seed, over what the model knows."""

    def __init__(self, seed: int, model: Model) -> None:
        self.random = Random(seed)  # noqa: S311 - dice, not keys
        self.model = model

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def flip(self) -> bool:
        return self.random.random() < 1 / 2

    def rarely(self, usual: Any, *others: Any) -> Any:
        """Mostly the usual; one time in eight another."""
        return usual if self.random.random() < 7 / 8 else self.random.choice(others)

    def day(self) -> date:
        return self.random.choice(DAYS)

    def year(self) -> int:
        return self.random.choice((2024, 2024, 2024, 2023, 2025))

    def ore(self) -> int:
        return self.random.choice((100, 100, 200, 50, 1, 0, -50, -100))

    def some(self, make: Any, most: int, least: int = 1) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self.random.randint(least, most)))

    # ------------------------------------------------------------ registers

    def unit(self) -> RegisterUnit:
        """A row about a unit: any change of what it is, or nearly what it was."""
        known = self.random.choice([row for row in TOWN if isinstance(row, RegisterUnit)])
        row = replace(known, fran=self.day())
        for column, values in (
            ("ansvar", ("D", "E", "D")), ("namn", ("Nytt", "Annat")), ("niva", ("namnd", "stab")), ("till", DAYS[2:]),
            ("overordnad", ("K", "N1", "N2", "A", "B")), ("teckenregel", ("resultat", "nettokostnad")),
        ):  # fmt: skip
            if self.random.random() < 1 / 5:
                changed: dict[str, Any] = {column: self.random.choice(values)}
                row = replace(row, **changed)
        if row.till and self.flip():
            row = replace(row, ersatt_av=self.one("N1", "N2", "A", "C"))
        wrong: tuple[dict[str, Any], ...] = (
            {"niva": "x"},
            {"overordnad": "X"},
            {"ansvar": ""},
            {"teckenregel": "x"},
            {"ersatt_av": "N2"},
        )
        return self.rarely(row, *(replace(row, **change) for change in wrong))  # type: ignore[no-any-return]

    def code(self) -> Any:
        """A row of a chart."""
        till = self.rarely(None, *DAYS[3:])
        if self.flip():
            kod = self.one("5", "3", "2", "7")
            slag = {"5": "kostnad", "3": "intakt", "2": "balans"}.get(kod, "kostnad")
            namn = {"5": "Löner", "3": "Avgifter", "2": "Skulder"}.get(kod, "Nytt")
            return DefineKonto(kod, self.rarely(namn, "Annat"), self.rarely(slag, "balans", "x"), self.day(), till)
        return DefineVerksamhet(self.one("V", "V", "W"), self.rarely("Skola", "Annat", ""), self.day(), till)

    def project(self) -> ChangeProjekt:
        status = self.rarely(self.one("pagaende", "beslutat", "fardigstallt"), "x")
        kod = self.one("P", "Q", "R")
        return ChangeProjekt(kod, self.rarely("Bron", "Annat"), self.rarely(self.one(*UNITS), "X"), status, self.day())

    def register(self) -> Any:
        return self.one(self.unit, self.unit, self.code, self.project)()

    # ------------------------------------------------------------ decisions

    def row(self, typ: str) -> Rorelse:
        """A row that fits its kind; one in eight has one column otherwise."""
        slag = self.one(
            *(("netto", "netto", "kostnad", "intakt") if "netto" in decisions.SLAG[typ] else ("utgift", "inkomst"))
        )
        if typ in ("ramjustering", "internbudget", "omfordelning"):
            slag = self.rarely(slag, "utgift", "inkomst")
        fran, till = self.one(*UNITS), self.one(*UNITS)
        if typ in decisions.FROM_NOWHERE:
            fran = None
        elif typ == "ramjustering":
            fran, till = self.one((fran, None), (None, till), (None, till))
        elif typ in ("ombudgetering", "periodisering"):
            till = fran
        if typ == "internbudget":
            fran = self.rarely("N1", "N2", fran)
        ar = self.year()
        invests = slag in decisions.INVESTERING
        row = Rorelse(
            self.ore(), slag, ar, fran, till, self.rarely(None, "V"), None, self.rarely(None, "5"),
            self.one("P", "Q") if typ == "totalutgift" else self.one(None, "P", "P", "Q") if invests else None,
            ar + 1 if typ == "ombudgetering" else None,
            self.random.randint(1, 12) if typ == "periodisering" else self.rarely(None, 3),
            None, None, "Skäl" if typ == "ramjustering" else self.rarely(None, "Sparkrav 2024"),
        )  # fmt: skip
        return self.rarely(row, *(row._replace(**change) for change in FAULTS))  # type: ignore[no-any-return]

    def beslut(self) -> DecideBeslut:
        """A decision of any kind; often one that continues, closes or periodises what there is."""
        make = self.random.choice(DECISIONS)
        rorelser, day = self.some(lambda: self.row(make.typ), 3), self.day()
        if make.typ == "periodisering":
            rorelser = self.months(day) or rorelser
        status = self.rarely("beslutat", "forslag", "forslag", "avslaget", "x")
        number = self.one("d1", "d2") if status == "forslag" else self.rarely(None, "d1")
        forslag = self.one("d1", "d2") if status == "avslaget" else self.rarely(None, "d1", "d2")
        paragraf, total = self.rarely(None, "7"), self.rarely(None, 100, 200)
        command = make(self.rarely("KF", "KS", ""), day, rorelser, paragraf, number, status, forslag, total)
        waiting = [e.what for e in standing(self.model.log) if e.kind == "forslag_made"]
        if waiting and self.random.random() < 1 / 6:
            said = self.random.choice(waiting)
            make = next(kind for kind in DECISIONS if kind.typ == said.typ)
            status = self.one("beslutat", "beslutat", "avslaget", "forslag")
            number = said.key[3] if status == "forslag" else None
            return make("KF", self.rarely(day, said.day), said.rows, None, number, status, said.key[3])
        known = [e.what for e in standing(self.model.log) if isinstance(e.what, decisions.Decision) and e.what.rows]
        if known and self.random.random() < 1 / 6:
            said = self.random.choice(known)
            make = next(kind for kind in DECISIONS if kind.typ == said.typ)
            more = self.some(lambda: self.row(make.typ), 1, 0)
            organ, on, paragraf, number = said.key
            return make(organ, on, (*said.rows, *more), paragraf, number, "beslutat", said.forslag, said.total)
        return command

    def months(self, day: date) -> tuple[Rorelse, ...]:
        """A periodisering of some lump that there is."""
        money = decisions.Money(standing(self.model.log))
        known = [
            (unit, ar, what, ore)
            for unit in sorted(set(UNITS)) for ar in (2023, 2024, 2025)
            for what, ore in sorted(money.lumps(unit, ar, day).items(), key=repr)
        ]  # fmt: skip
        if not known:
            return ()
        unit, ar, (verksamhet, slag, konto, projekt), ore = self.random.choice(known)
        first = self.ore()
        parts = (first, decisions.SIGN[slag] * ore - first + self.rarely(0, 1))
        return tuple(
            Rorelse(part, slag, ar, unit, unit, verksamhet, None, konto, projekt, None, month)
            for month, part in zip((1, 7), parts, strict=True)
        )

    # ------------------------------------------------------------ outcome

    def rad(self) -> Utfallsrad:
        konto, slag = self.one(("5", "kostnad"), ("5", "utgift"), ("3", "intakt"), ("2", "kostnad"))
        rad = Utfallsrad(
            self.ore(), self.one(*UNITS), konto, slag, self.rarely(None, "V"), None, self.rarely(None, "P"), None, None,
            self.rarely(None, "corona"), self.rarely(None, "Bolaget"), self.rarely(None, "t"),
        )  # fmt: skip
        wrong: list[dict[str, Any]] = [
            {"ansvar": None}, {"ansvar": "X"}, {"konto": "7"}, {"konto": None}, {"slag": "netto"}, {"slag": None},
            {"verksamhet": "W"}, {"projekt": "R"}, {"text": PERSON},
        ]  # fmt: skip
        return self.rarely(rad, *(rad._replace(**change) for change in wrong))  # type: ignore[no-any-return]

    def voucher(self) -> PostVerifikation:
        """A voucher, the correction of one, or something close."""
        day, number = self.day(), self.one("1", "2", "3", "4", "5", "6", "7", "01")
        known = [e.what for e in standing(self.model.log) if e.kind.startswith("verifikation")]
        if known and self.random.random() < 1 / 3:
            name, _, rows, _ = self.random.choice(known)
            sign = self.rarely(-1, 1)
            inverse = tuple(rad._replace(belopp_ore=sign * rad.belopp_ore, text="rätt") for rad in rows)
            return PostVerifikation("A", number, day, inverse, Voucher(*name))
        if known and self.random.random() < 1 / 6:
            (serie, number, _), day, rows, rattar = self.random.choice(known)
            turned = rows[:: self.one(1, -1)]
            return PostVerifikation(serie, number, day, turned, Voucher(*rattar) if rattar else None)
        some = self.some(self.rad, 2)
        rest = sum(rad.belopp_ore for rad in some) + self.rarely(0, 1)
        rattar = self.rarely(None, Voucher("A", "9", 2024))
        return PostVerifikation(self.rarely("A", "B", ""), number, day, (*some, Utfallsrad(-rest, konto="2")), rattar)

    def report(self) -> ReportUtfall:
        """Summary rows of one month and unit; often such as were reported."""
        known = [e.what for e in standing(self.model.log) if e.kind.startswith("utfall")]
        if known and self.flip():
            period, ansvar, _, rows = self.random.choice(known)
            rows = [row._replace(rad=row.rad._replace(belopp_ore=self.rarely(row.rad.belopp_ore, 7))) for row in rows]
            return ReportUtfall(period, ansvar, tuple(rows[: self.rarely(9, 1)]), self.flip())
        unit, day = self.one(*UNITS), self.day()

        def row() -> Summarad:
            late = self.rarely(None, date(2023, 12, 30), self.day())
            return Summarad(self.rarely(day, self.day()), self.rad()._replace(ansvar=unit), late)

        rows = self.some(row, 3)
        return ReportUtfall(f"{day:%Y-%m}", unit, self.rarely(rows, ()), self.flip())

    def forecast(self) -> SubmitPrognos:
        def rad() -> Prognosrad:
            slag = self.rarely(self.one("netto", "kostnad", "utgift"), "x")
            return Prognosrad(slag, self.ore(), self.rarely(None, "P", "R"), self.rarely(None, "k"))

        return SubmitPrognos(self.one(*DAYS[6:9]), self.year(), self.rarely(self.one(*UNITS), "X"), self.some(rad, 2))

    def comment(self) -> WriteKommentar:
        return WriteKommentar(2024, self.rarely(3, 13), "r", self.one("A", "B"), self.rarely(self.one("x", "y"), ""))

    def month(self) -> Any:
        period = self.rarely(self.one("2023-12", "2024-01", "2024-03", "2024-06"), "2024-13")
        return self.one(ClosePeriod(period), OpenPeriod(period, "Sen faktura"))

    # ------------------------------------------------------------ all of it

    def importable(self) -> Any:
        """A command that a file may lead to."""
        return self.one(
            self.register, self.beslut, self.beslut, self.beslut, self.voucher, self.voucher, self.report, self.report,
            self.forecast, self.comment,
        )()  # fmt: skip

    def correction(self) -> CorrectRegistrering:
        """A correction of something recorded: nearly what it said, something else, or nothing."""
        entry = self.random.choice(self.model.log)
        position = self.rarely(entry.position, 0, self.model.head + 1)
        kind, what = (entry.what[1] or ("", None)) if entry.kind == CORRECTION else (entry.kind, entry.what)
        if self.random.random() < 1 / 4:
            return CorrectRegistrering(position, None, self.rarely("Fel", None))
        return CorrectRegistrering(position, self.rarely(self.alike(kind, what), self.importable()), None)

    def alike(self, kind: str, what: Any) -> Any:
        """A command of the kind that led to a registration."""
        if isinstance(what, decisions.Decision) and what.rows:
            make = next(command for command in DECISIONS if command.typ == what.typ)
            organ, on, paragraf, number = what.key
            rows = [row._replace(belopp_ore=self.rarely(row.belopp_ore, self.ore())) for row in what.rows]
            return make(organ, self.rarely(on, self.day()), tuple(rows), paragraf, number, "beslutat", what.forslag)
        made = {"unit": self.unit, "konto": self.code, "verksamhet": self.code, "projekt": self.project}
        made |= {"prognos": self.forecast}
        return made.get(kind.split("_", maxsplit=1)[0], self.importable)()

    def anything(self) -> Any:
        return self.one(
            self.importable, self.importable, self.importable, self.importable, self.month, self.correction
        )()


FAULTS: tuple[dict[str, Any], ...] = (
    {"till_ansvar": None}, {"fran_ansvar": "A"}, {"fran_ansvar": None}, {"slag": "utgift"}, {"slag": "x"},
    {"period": 13}, {"period": None}, {"till_ar": 2026}, {"till_ar": None}, {"verksamhet": "W"}, {"konto": "7"},
    {"projekt": "R"}, {"till_verksamhet": "W"}, {"ersatter": True}, {"finansiering": "lån"}, {"text": None},
    {"till_ansvar": "X"}, {"ar": 2021},
)  # fmt: skip
