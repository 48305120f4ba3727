"""Every kind of correction is shown on both sides: on the pages of facts, in the API, and at the command line.

Rule: BFL 5:5 and 5:9 – whoever reads what was wrong learns of the correction, and the correction leads back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx2 as httpx
import pytest

from ledger.domain.atgard import ChangeAtgard
from ledger.domain.events import (
    Beslut,
    InvesteringsramDecided,
    KontoDefined,
    PrognosSubmitted,
    ProjektChanged,
    UnitClosed,
    UnitEstablished,
    UtfallReported,
    VerifikationPosted,
    VerksamhetDefined,
)
from ledger.domain.events_uppfoljning import AtgardChanged, MattDefined, Matvarde, MatvardenReported
from ledger.domain.investering import ChangeProjekt
from ledger.domain.kontoplan import DefineKonto, DefineVerksamhet
from ledger.domain.matt import DefineMatt, ReportMatvarden
from ledger.domain.organisation import RegisterUnit
from ledger.domain.prognos import SubmitPrognos
from ledger.domain.rader import Prognosrad
from ledger.domain.rattelse import CORRECTABLE, CorrectRegistrering
from ledger.domain.utfall import ReportUtfall
from ledger.domain.verifikation import PostVerifikation, Voucher
from ledger.main import House
from tests.interchange.town import FILES, give
from tests.web import houses

BEGIN: Final = date(2020, 1, 1)

#: What is recorded besides the files of the town.
MORE: Final = (
    ChangeAtgard("A1", "Färre inköp", "KS-A", 2024, "planerad", date(2024, 3, 1), 100),
    DefineMatt("SJUK", "Sjukfrånvaro", "personal", date(2024, 1, 1), "%"),
    ReportMatvarden(date(2024, 12, 31), "KS-A", (Matvarde("SJUK", 2024, "utfall", 64, 1),)),
)

#: Of each kind of fact that can be put right, what should have stood (None: nothing).
RIGHT: Final[dict[type[Any], Any]] = {
    KontoDefined: DefineKonto("5010", "Lön", "kostnad", BEGIN),
    VerksamhetDefined: DefineVerksamhet("100", "Nämnden", BEGIN),
    UnitEstablished: RegisterUnit("K", "Kommunen K", "kommun", BEGIN, None, None, "nettokostnad"),
    UnitClosed: RegisterUnit("KS-C", "Stab C", "stab", BEGIN, "KS", date(2023, 6, 30)),
    ProjektChanged: ChangeProjekt("P-1", "Nya skolan", "KS-A", "pagaende", date(2024, 1, 1)),
    PrognosSubmitted: SubmitPrognos(date(2024, 4, 30), 2024, "KS-A", (Prognosrad("kostnad", 1),)),
    InvesteringsramDecided: None,
    AtgardChanged: None,
    MatvardenReported: None,
    MattDefined: DefineMatt("SJUK", "Frånvaro", "personal", date(2024, 1, 1), "%"),
}


class Pair:
    """A fact that was wrong, and its correction."""

    def __init__(self, wrong: int, right: int) -> None:
        self.wrong, self.right = wrong, right


class Corrected:
    """A ledger in which one fact of every kind is corrected."""

    def __init__(self, house: House) -> None:
        self.house, self.pairs, self.count = house, dict[str, Pair](), 0
        give(house.ledger, FILES, caller=house.caller)
        for command in MORE:
            self.do(command)
        for kind, right in RIGHT.items():
            wrong = self.first(kind).position
            self.pairs[kind.name] = Pair(wrong, self.do(CorrectRegistrering(wrong, right, "Fel i registreringen")))
        self.vouchers()

    def vouchers(self) -> None:
        posted, reported = self.first(VerifikationPosted), self.first(UtfallReported)
        inverse = tuple(rad._replace(belopp_ore=-rad.belopp_ore) for rad in posted.fact.rader)
        again = PostVerifikation("A", "2", date(2024, 3, 1), inverse, Voucher("A", "1", 2024))
        self.pairs["verifikation"] = Pair(posted.position, self.do(again))
        rows = tuple(replace_amount(row) for row in reported.fact.rader)
        leverans = ReportUtfall(reported.fact.period, reported.fact.ansvar, rows, ersatt=True)
        self.pairs["leverans"] = Pair(reported.position, self.do(leverans))

    def first(self, kind: type[Any]) -> Any:
        return next(recorded for recorded in self.house.log.read() if isinstance(recorded.fact, kind))

    def do(self, command: Any) -> int:
        """The position of what a command recorded."""
        self.count += 1
        return self.house.ledger.execute(command, self.house.caller, f"k-{self.count}").first


def replace_amount(row: Any) -> Any:
    return row._replace(rad=row.rad._replace(belopp_ore=row.rad.belopp_ore + 1))


NAMES: Final = (*(kind.name for kind in RIGHT), "verifikation", "leverans")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corrected]:
    folder: Path = tmp_path_factory.mktemp("rattat")
    with houses.opened(f"sqlite:///{folder / 'liggare.db'}", kommun="Kommunen") as house:
        yield Corrected(house)


@pytest.fixture(scope="module")
def program(corrected: Corrected) -> Iterator[httpx.Client]:
    with houses.talking(corrected.house) as program:
        yield program


def test_every_kind_that_can_be_corrected_is_among_them() -> None:
    decided = {kind if not issubclass(kind, Beslut) else Beslut for kind in RIGHT}
    assert decided == set(CORRECTABLE)


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_of_both_facts_lead_to_each_other(corrected: Corrected, program: httpx.Client, name: str) -> None:
    pair = corrected.pairs[name]
    wrong, right = (
        program.get(f"/fakta/{at}", headers={"accept": "text/html"}).text for at in (pair.wrong, pair.right)
    )
    assert f'Faktumet är rättat av <a href="/fakta/{pair.right}">@{pair.right}</a>' in wrong
    assert f'Det här rättar <a href="/fakta/{pair.wrong}">@{pair.wrong}</a>' in right


@pytest.mark.parametrize("name", NAMES)
def test_the_api_says_both_ways(corrected: Corrected, program: httpx.Client, name: str) -> None:
    pair = corrected.pairs[name]
    wrong, right = (program.get(f"/api/v1/fakta/{at}").json() for at in (pair.wrong, pair.right))
    assert (wrong["rattas_av"], right["rattar"]) == ([pair.right], [pair.wrong])
    assert (wrong["rattar"], right["rattas_av"]) == ([], [])


def test_the_audit_trail_at_the_command_line_says_both_ways(corrected: Corrected) -> None:
    corrected.house.reports.runner.catch_up()
    text = corrected.house.rendered("behandlingshistorik", {"lista": "fakta"}, "csv").decode("utf-8-sig")
    rows = {row["lage"]: row for row in csv.DictReader(io.StringIO(text)) if row["lage"]}
    said = {
        name: (rows[f"@{pair.wrong}"]["rattas_av"], rows[f"@{pair.right}"]["rattar"])
        for name, pair in corrected.pairs.items()
    }
    assert said == {name: (f"@{pair.right}", f"@{pair.wrong}") for name, pair in corrected.pairs.items()}
