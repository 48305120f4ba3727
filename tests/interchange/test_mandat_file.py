"""Files of mandates, and files of decisions once there are mandates: read in by one, confirmed by another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.domain.beslutanderatt import matter_of, right_of
from ledger.domain.events import Beslut, FilImported, RegistreringCorrected
from ledger.domain.events_behorighet import FilRegistered, ForsokRefused, MandatGranted
from ledger.domain.inbox import to_do
from ledger.domain.mandat import State
from ledger.domain.roll import Caller
from ledger.interchange.faults import FilesRefused
from ledger.interchange.importing import Options
from tests.interchange.town import BUDGET, FILES, ORGANISATION, UTFALL, give, open_ledger, open_town

MOVED_UNIT = ORGANISATION + "KS-B,Stab B,stab,BUN,2024-05-01,,\n"
HEADER = (
    "funktion,person,far,niva,ansvar,beloppsgrans,fran,till,beslutsorgan,"
    "beslutsdatum,paragraf,delegationspunkt,anmals\n"
)
MANDAT = (
    HEADER
    + """bitr. kommundirektör,,omfordelning,stab,KS,"5 000 000,00",2024-01-01,,kommunstyrelsen,2023-12-12,412,B 3.1,ja
,a-1,registrera,,K,,2024-01-01,,kommunfullmäktige,2023-11-28,301,,
,a-2,registrera,,K,,2024-01-01,,kommunfullmäktige,2023-11-28,301,,
"""
)
MOVED = BUDGET + "omfordelning,bitr. kommundirektör,2024-03-04,,KS-9,2024,,,KS-A,KS-B,,,netto,,,1000,Tjänst\n"
ANNA, BO = Caller("a-1", "ekonom"), Caller("a-2", "ekonom")
LINKOPING = Path(__file__).parents[1] / "mandat_linkoping.csv"


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    """A ledger that holds the town, bound by mandates."""
    held = open_town(sqlite_url)
    give(held, {"mandat.csv": MANDAT})
    yield held
    held.log.close()


def kinds(ledger: Ledger, kind: type) -> list[object]:
    return [recorded.fact for recorded in ledger.log.read() if isinstance(recorded.fact, kind)]


def test_a_delegation_order_is_read_row_by_row(ledger: Ledger) -> None:
    first, *others = kinds(ledger, MandatGranted)
    assert isinstance(first, MandatGranted)
    assert (first.funktion, first.niva, first.beloppsgrans_ore, first.anmals) == (
        "bitr. kommundirektör", "stab", 500_000_000, True,
    )  # fmt: skip
    assert len(others) == 2
    again = give(ledger, {"mandat.csv": MANDAT}, caller=Caller("a-9", "admin"))
    assert again.text() == "mandat.csv: 3 rader, 0 nya"


def test_history_that_comes_with_the_first_mandates_is_still_of_oppet_lage(sqlite_url: str) -> None:
    ledger = open_ledger(sqlite_url)
    told = give(ledger, {"mandat.csv": MANDAT, **FILES}).text()
    assert "väntar" not in told
    ledger.catch_up()
    assert len(kinds(ledger, Beslut)) == 3
    assert kinds(ledger, MandatGranted)
    ledger.log.close()


def test_a_file_of_decisions_is_recorded_when_another_reads_in_the_same_file(ledger: Ledger) -> None:
    before = len(kinds(ledger, Beslut))
    head = ledger.log.head().position
    told = give(ledger, {"om.csv": MOVED}, caller=ANNA).text()
    assert told == f"om.csv: 1 rad, väntar på att en annan person läser in samma fil (@{head + 1})"
    again = give(ledger, {"om.csv": MOVED}, caller=ANNA).text()
    assert again == "om.csv: 1 rad, väntar på att en annan person läser in samma fil"
    assert len(kinds(ledger, Beslut)) == before
    assert give(ledger, {"om.csv": MOVED}, caller=BO).text().startswith("om.csv: 1 rad, 1 nytt faktum")
    assert len(kinds(ledger, Beslut)) == before + 1
    newest = ledger.log.read()[-2]
    assert (newest.actor, newest.mandat.partition(" ")[2]) == ("a-2", "a-2 registrera")
    assert [type(r.fact) for r in ledger.log.read(head)] == [FilRegistered, type(newest.fact), FilImported]


def test_a_changed_file_needs_its_own_confirmation(ledger: Ledger) -> None:
    give(ledger, {"om.csv": MOVED}, caller=ANNA)
    changed = MOVED.replace(",1000,", ",9000,")
    assert "väntar" in give(ledger, {"om.csv": changed}, caller=BO).text()


def test_the_same_file_given_as_something_else_confirms_nothing(ledger: Ledger) -> None:
    """Anna means it as a correction of one decision; Bo gives the same file as a new one."""
    give(ledger, {"om.csv": MOVED}, caller=ANNA)
    give(ledger, {"om.csv": MOVED}, caller=BO)
    at = next(r.position for r in ledger.log.read() if getattr(r.fact, "diarienummer", "") == "KS-9")
    right = MOVED.replace(",1000,", ",900,").replace("KS-9", "KS-10")
    assert "väntar" in give(ledger, {"ratt.csv": right}, Options(rattar=at), caller=ANNA).text()
    assert "väntar" in give(ledger, {"ratt.csv": right}, caller=BO).text()
    assert kinds(ledger, RegistreringCorrected) == []
    assert "1 nytt faktum" in give(ledger, {"ratt.csv": right}, Options(rattar=at), caller=BO).text()


def test_outcome_is_read_in_by_one(ledger: Ledger) -> None:
    rows = UTFALL + "2024-03-31,KS-A,920,5010,kostnad,,,500,,,,\n"
    assert give(ledger, {"utfall.csv": rows}, caller=ANNA).text().startswith("utfall.csv: 1 rad, 1 nytt faktum")


def test_later_mandates_are_of_the_admin_and_of_two(ledger: Ledger) -> None:
    later = HEADER + "stabsdirektör,,omfordelning,enhet,KS-A,,2024-06-01,,kommunstyrelsen,2024-05-28,200,,nej\n"
    with pytest.raises(FilesRefused, match="det får admin"):
        give(ledger, {"mandat.csv": later}, caller=ANNA)
    assert "väntar" in give(ledger, {"mandat.csv": later}, caller=Caller("a-8", "admin")).text()
    assert "1 nytt faktum" in give(ledger, {"mandat.csv": later}, caller=Caller("a-9", "admin")).text()
    ledger.catch_up()
    assert len(kinds(ledger, MandatGranted)) == 4


def test_faults_are_told_by_row_and_the_attempt_is_noted(ledger: Ledger) -> None:
    wrong = MOVED.replace("bitr. kommundirektör", "stabsdirektör")
    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"om.csv": wrong}, Options(torrkor=True), caller=ANNA)
    assert kinds(ledger, ForsokRefused) == []
    assert "om.csv rad 2, beslutsorgan ”stabsdirektör”: stabsdirektör får inte besluta" in refused.value.text()
    with pytest.raises(FilesRefused):
        give(ledger, {"om.csv": wrong}, caller=ANNA)
    assert kinds(ledger, ForsokRefused) == [ForsokRefused("Import", "OrganMayNotDecide", "förbjuden")]
    mandat = HEADER + "chef,Anna Åkesson,allt,rum,X,x,2024-01-01,,kommunstyrelsen,2024-02-01,,,kanske\n"
    with pytest.raises(FilesRefused) as refused:
        give(ledger, {"mandat.csv": mandat}, Options(torrkor=True), caller=Caller("a-9", "admin"))
    rules = {fault.refusal.rule for fault in refused.value.faults}
    assert {"PersonIsNoPseudonym", "FarIsUnknown", "MandatNivaIsUnknown", "CodeIsUnknown"} <= rules
    assert "Anna" not in refused.value.text()


def test_every_decision_of_the_example_was_taken_by_right(sqlite_url: str) -> None:
    ledger = open_ledger(sqlite_url)
    folder = Path(__file__).parents[2] / "src/ledger/exempel/linkoping"
    names = ("organisation", "verksamhet", "konto", "projekt", "budget", "vss-mars-projekt", "vss-mars-budget")
    give(ledger, {f"{name}.csv": (folder / f"{name}.csv").read_text("utf-8") for name in names})
    give(ledger, {LINKOPING.name: LINKOPING.read_text("utf-8")})
    ledger.catch_up()
    books = ledger._books  # noqa: SLF001 - what the ledger itself goes by
    decisions = [fact for fact in kinds(ledger, Beslut) if isinstance(fact, Beslut)]
    without = [
        f"{d.typ} {d.beslutsorgan}" for d in decisions if not right_of(books, d.beslutsorgan, matter_of(books, d))
    ]
    assert len(decisions) > 20
    assert without == []
    ledger.log.close()


def test_the_order_of_the_example_is_taken_as_it_stands(sqlite_url: str) -> None:
    ledger = open_ledger(sqlite_url)
    example = Path(__file__).parents[2] / "src/ledger/exempel/linkoping/organisation.csv"
    both = {path.name: path.read_text("utf-8") for path in (example, LINKOPING)}
    assert "7 rader, 8 nya fakta" in give(ledger, both).text()
    ledger.catch_up()
    assert ledger.look(lambda books, today: to_do(books, ANNA, today)) == []
    assert len(kinds(ledger, MandatGranted)) == 7
    assert ledger._books.of(State).is_closed  # noqa: SLF001 - what the ledger itself goes by
    ledger.log.close()


def test_organisation_of_history_is_read_in_by_two_who_may_record_it_or_by_an_admin(ledger: Ledger) -> None:
    given = {"organisation.csv": MOVED_UNIT}
    with pytest.raises(FilesRefused, match="Du har inte rätten att registrera"):
        give(ledger, given, caller=Caller("a-5", "ekonom"))
    assert "väntar på att en annan person läser in samma fil" in give(ledger, given, caller=ANNA).text()
    assert "väntar" in give(ledger, given, caller=ANNA).text()
    assert give(ledger, given, caller=BO).files[0].nya == 1
    by_admin = ORGANISATION + "KS-B,Stab B,stab,KS,2024-06-01,,\n"
    assert give(ledger, {"organisation.csv": by_admin}, caller=Caller("a-9", "admin")).files[0].nya == 1


def test_a_machine_reads_a_file_in_first_but_confirms_none(ledger: Ledger) -> None:
    machine, given = Caller("a-2", "ekonom", maskin=True), {"budget.csv": MOVED}
    assert "väntar" in give(ledger, given, caller=ANNA).text()
    assert "väntar" in give(ledger, given, caller=machine).text()
    assert give(ledger, given, caller=BO).files[0].nya == 1
