"""The door: builds the house from the settings. The only importer of every room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from ledger.application import Ledger
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.roll import Caller
from ledger.elsewhere import now, reports_over, salt
from ledger.identity.identity import Identity, Signing
from ledger.interchange import rendering
from ledger.interchange.csv_file import Fil
from ledger.interchange.forms import FORMS, PACKAGES, Answered, package
from ledger.interchange.importing import Options, Progress, import_files
from ledger.recording.katalog import Katalog, migrate, prepare
from ledger.recording.place import shown
from ledger.recording.store import FactLog
from ledger.reporting.answer import OPEN, mode
from ledger.reporting.commented import rows_of_reports
from ledger.reporting.explaining import skillnad, verkan
from ledger.reporting.question_refusals import ParameterHasOtherForm
from ledger.reporting.reports import Reports
from ledger.reporting.running.rebuild import RebuildFailed
from ledger.reporting.running.replay import CannotBePlayed
from ledger.reporting.told import told
from ledger.settings import Settings

VERSION = version("budgetliggare")

#: Days are those of the municipality's clock.
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def new_id() -> str:
    """An id for a command that came without one."""
    return str(uuid4())


def today() -> date:
    """The day in Sweden."""
    return now().astimezone(STOCKHOLM).date()


@dataclass
class House:
    """One ledger, opened: its log, its commands, its reports and the people who use it."""

    settings: Settings
    log: FactLog
    katalog: Katalog
    ledger: Ledger
    reports: Reports

    @staticmethod
    def open(settings: Settings, *, create: bool = True) -> House:
        """Open the ledger that the settings name. Errors: NoLedger where there is none and `create` is false."""
        if create:
            prepare(settings.database)
        log = FactLog.open(settings.database, clock=now, salt=salt, create=create)
        if not create:
            migrate(settings.database)
        katalog = Katalog.open(settings.database)
        reports = reports_over(settings.database, log)
        people = None if settings.auth == "oppet" else katalog.known_as
        ledger = Ledger(log, people, rows_of_reports(reports.reports.values()))
        return House(settings, log, katalog, ledger, reports)

    @cached_property
    def caller(self) -> Caller:
        """Whoever the settings name, under a pseudonym."""
        return Caller(self.katalog.actor_for(self.settings.anvandare), self.settings.roll)

    @property
    def person(self) -> Caller:
        """The caller with all pseudonyms of the same person, for what fyra ögon judges."""
        return self.identity.whole(self.caller)

    @cached_property
    def identity(self) -> Identity:
        """Who may come in over HTTP, and how."""
        settings = self.settings
        provider = None
        if settings.auth == "oidc":
            # Takes half a second to load, and is needed by nobody else.
            from ledger.identity.oidc import Client, Provider  # noqa: PLC0415

            client = Client(
                settings.oidc_issuer, settings.oidc_client, settings.oidc_secret.get_secret_value(),
                settings.oidc_scope, settings.oidc_person, settings.oidc_audiences,
            )  # fmt: skip
            provider = Provider(client, now)
        idle, longest = timedelta(minutes=settings.session_vila), timedelta(hours=settings.session_langst)
        signing = Signing(settings.auth, settings.public_address, idle, longest)
        return Identity.open(
            settings.database, self.katalog, now, standing=self.caller, signing=signing, provider=provider
        )

    def begin_writing(self, kommun: str | None = None) -> None:
        """Note the municipality's name and the program's version before the first fact of this run."""
        self.ledger.open(kommun, VERSION, self.caller)

    @property
    def lage(self) -> str:
        """Whether the ledger is open or bound by mandates, in words."""
        if mode(self.log, self.log.head().position) == OPEN:
            return "i öppet läge (inga mandat är registrerade)"
        return "bunden av mandat"

    @property
    def place(self) -> str:
        """Where the ledger is, for people: a file, or a database without its password."""
        return shown(self.settings.database).removeprefix("sqlite:///")

    def import_paths(self, paths: list[Path], progress: Progress, *, rattar: str | None, **options: Any) -> str:
        """Import files and say what became of them. Errors: FilesRefused, Moved, ClockIsBehind."""
        wishes = Options(rattar=None if rattar is None else position_of(rattar), **options)
        files = [Fil(path.name, path) for path in paths]
        imported = import_files(self.ledger, self.person, files, wishes, new_id=new_id, progress=progress)
        if not imported.torrkor:
            return imported.text()
        facts = list(islice(imported.facts(), verkan.MOST + 1))
        told = rendering.effects_text(verkan.effects(self.reports, facts, today()), complete=len(facts) <= verkan.MOST)
        return f"{imported.text()}\n\n{told}"

    def rendered(self, name: str, parameters: dict[str, str | None], form: str) -> bytes:
        """The answer to a question in one of `forms.FORMS`. Errors: Refused."""
        question = self.reports.question(name, parameters, today())
        return FORMS[form].made(Answered(self.reports, question, self.reports.ask(question)))

    def package(self, parameters: dict[str, str | None], form: str) -> bytes:
        """The reporting package in one of `forms.PACKAGES`. Errors: Refused."""
        return PACKAGES[form].made(package(self.reports, parameters, self.ledger.kommun or "", today()))

    def difference(
        self,
        name: str,
        first: dict[str, str | None],
        second: dict[str, str | None],
        *,
        rad: str | None,
        kolumn: str | None,
        sida: str | None,
        form: str,
    ) -> bytes:
        """Why two answers differ, as `text`, or as the API's `json`. Errors: Refused."""
        if form not in ("text", "json"):
            raise refuse(DifferenceHasNoTable(kolumn="format", varde=form))
        with asked_as(kand="fran", beslutad="fran_beslutad"):
            a = self.reports.question(name, first, today())
        with asked_as(kand="till", beslutad="till_beslutad"):
            b = self.reports.question(name, second, today())
        of = skillnad.Utsnitt(rad or "", kolumn or "", page_of(sida))
        found = self.reports.skillnad(a, b, of)
        if form == "json":
            return msgspec.json.encode(skillnad.told(found, self.log)) + b"\n"
        facts = self.log.read_positions(list({fact.position for cell in found.celler for fact in cell.fakta}))
        described = {recorded.position: told(recorded.fact).line for recorded in facts}
        return rendering.difference_text(found, described, of.sida).encode()

    def replay(self, tom: str | None, progress: Progress, *, compare: bool) -> tuple[bool, str]:
        """Rebuild every read model from the facts alone, in memory; whether it equals what is stored, and what to say.

        Errors: Refused for a position that cannot be read.
        """
        with asked_as(kand="tom"):
            asked = self.reports.question(next(iter(self.reports.reports)), {"kand": tom}, today())
        try:
            played = self.reports.replay(asked.kand, progress)
        except CannotBePlayed as error:
            return False, str(error)
        lines = [f"Uppspelat ur fakta till och med @{asked.kand}:"]
        for one in played:
            verdict = "" if not compare else ", lika med det lagrade" if one.alike else ", SKILJER SIG från det lagrade"
            lines.append(f"  {one.name}: {one.replayed.rows} rader, {one.replayed.sha256}{verdict}")
        alike = all(one.alike for one in played) or not compare
        if compare:
            lines.append("Allt är lika." if alike else "Bygg om underlagen med liggare bygg-om och spela upp igen.")
        return alike, "\n".join(lines)

    def rebuild(self, names: list[str], progress: Progress) -> tuple[bool, str]:
        """Rebuild the read models of some reports (of all, where none is named) beside the old ones, and switch.

        Whether they were put in place, and what to say. Errors: Refused for a report that does not exist;
        RebuildIsUnderWay.
        """
        stores = {m.name for name in names for m in self.reports.find(name).stores()}
        try:
            rebuilt = self.reports.runner.rebuild(stores, progress)
        except RebuildFailed as error:
            return False, str(error)
        repaired = [one.name for one in rebuilt if not one.was_alike]
        said = f" Det gamla underlaget avvek i {', '.join(repaired)}." if repaired else " Inget avvek från det gamla."
        return True, f"Ombyggt: {', '.join(one.name for one in rebuilt)}.{said}"

    def verify(self, progress: Progress) -> tuple[bool, str]:
        """Check the whole log; whether it is intact, and what to say of it."""
        size = self.log.head().position
        found = self.log.verify(lambda done: progress("prövar", done, size))
        if not found.ok:
            return False, f"Liggaren är SKADAD från @{found.broken}: {found.reason}"
        return True, f"Liggaren är hel: {found.position} fakta, obruten ordning, trädrot {found.root}."

    def close(self) -> None:
        """Let go of everything."""
        self.reports.runner.stop()
        self.reports.engine.dispose()
        if "identity" in vars(self):
            self.identity.close()
        self.katalog.close()
        self.log.close()

    def __enter__(self) -> Self:
        """The house itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


@contextmanager
def asked_as(**names: str) -> Iterator[None]:
    """Let refusals name the flags that were written, where they are called otherwise than the parameters."""
    try:
        yield
    except Refused as refused:
        for refusal in refused.refusals:
            refusal.kolumn = names.get(refusal.kolumn or "", refusal.kolumn)
        raise


def position_of(text: str) -> int:
    """A position written `@12` or `12`. Errors: Refused."""
    digits = text.strip().removeprefix("@")
    if not (digits.isascii() and digits.isdigit()) or int(digits) < 1:
        raise refuse(PositionIsUnreadable(kolumn="rattar", varde=text))
    return int(digits)


def page_of(text: str | None) -> int:
    """The page that is asked for. Errors: Refused."""
    digits = (text or "1").strip()
    if not (digits.isascii() and digits.isdigit()) or int(digits) < 1:
        rule, remedy = "en sida är ett heltal från 1", "Skriv till exempel --sida 2"
        raise refuse(ParameterHasOtherForm(kolumn="sida", varde=text, rule_text=rule, remedy=remedy))
    return int(digits)


@dataclass(slots=True)
class DifferenceHasNoTable(Refusal):
    """A difference is a list of cells with lists of facts."""

    def sentence(self) -> str:
        """Names the forms there are."""
        return f"Skillnaden mellan två svar går inte att skriva som {self.varde}: välj text eller json."


@dataclass(slots=True)
class PositionIsUnreadable(Refusal):
    """A position is written with its sign."""

    def sentence(self) -> str:
        """Shows the form."""
        return f"Positionen {self.varde} går inte att läsa: skriv den som i behandlingshistoriken, till exempel @12."
