"""The house is tidy, and every rule of tests/tidy.py catches what it is there to catch."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import folds, tidy
from tests.tidy import Source

DOMAIN = "src/ledger/domain/x.py"
REPORT = "projections/x.py"
LATER = "TO" + "DO"

#: Rule, path, source and the line where the rule must be found broken.
BAD = [
    ("rooms", REPORT, "from ledger.domain import money", 1),
    ("rooms", REPORT, "import ledger.domain.events\nimport ledger.recording.store", 2),
    ("rooms", REPORT, "from ledger import domain", 1),
    ("rooms", REPORT, "from projections.y import z", 1),
    ("rooms", REPORT, "from . import y", 1),
    ("rooms", REPORT, "import numpy", 1),
    ("rooms", REPORT, "def f():\n    from ledger.reporting import cube", 2),
    ("rooms", REPORT, "def f():\n    __import__('ledger.recording')", 2),
    ("rooms", DOMAIN, "import msgspec", 1),
    ("rooms", DOMAIN, "from ledger import __version__", 1),
    ("rooms", DOMAIN, "from ledger.reporting.projection import Cube", 1),
    ("rooms", DOMAIN, "from ..recording import store", 1),
    ("rooms", "src/ledger/domain/__init__.py", "from ..application import Application", 1),
    ("rooms", "src/ledger/recording/x.py", "from ledger.reporting import cube", 1),
    ("rooms", "src/ledger/recording/x.py", "from ledger import application", 1),
    ("rooms", "src/ledger/reporting/x.py", "from ledger.recording import store", 1),
    ("rooms", "src/ledger/reporting/x.py", "from eventsourcing.persistence import Tracking", 1),
    ("rooms", "src/ledger/reporting/x.py", "import importlib\nimportlib.import_module('projections')", 2),
    ("rooms", "src/ledger/application.py", "from ledger.reporting import runner", 1),
    ("rooms", "src/ledger/application.py", "from ledger.batch import Batch", 1),
    ("rooms", "src/ledger/interchange/x.py", "import ledger.recording", 1),
    ("rooms", "src/ledger/web/x.py", "if x:\n    from projections import driftsammandrag", 2),
    ("rooms", "src/ledger/web/x.py", "def f():\n    from ledger import main", 2),
    ("rooms", "src/ledger/cli.py", "from ledger.main import build", 1),
    ("rooms", "src/ledger/cli.py", "class A:\n    from ledger import main", 2),
    ("rooms", "src/ledger/main.py", "import ledger.web\nimport projections", 2),
    ("rooms", "src/ledger/elsewhere.py", "import projections\nfrom ledger.interchange import forms", 2),
    ("rooms", "src/ledger/__init__.py", "from ledger.domain import events", 1),
    ("rooms", "src/ledger/nowhere.py", "x = 1", 1),
    ("sizes", "src/ledger/web/x.py", "\n" * 401, 401),
    ("sizes", "src/ledger/web/templates/x.html", "\n" * 401, 401),
    ("sizes", "src/ledger/web/static/x.js", "\n" * 401, 401),
    ("sizes", "src/ledger/web/static/x.css", "\n" * 501, 501),
    ("clocks", DOMAIN, "from datetime import datetime\nx = datetime.now()", 2),
    ("clocks", DOMAIN, "import datetime as d\nx = d.datetime.utcnow", 2),
    ("clocks", REPORT, "from datetime import date\n\nx = date.today()", 3),
    ("clocks", REPORT, "import time", 1),
    ("clocks", REPORT, "from time import monotonic", 1),
    ("clocks", DOMAIN, "import random", 1),
    ("clocks", DOMAIN, "def f():\n    from uuid import uuid4", 2),
    ("clocks", DOMAIN, "import secrets as s", 1),
    ("clocks", DOMAIN, "from os import urandom", 1),
    ("clocks", DOMAIN, "import os.path", 1),
    ("clocks", DOMAIN, "x = open('y')", 1),
    ("clocks", REPORT, "x = hash('y')", 1),
    ("floats", DOMAIN, "x = 0.5", 1),
    ("floats", DOMAIN, "class A:\n    x: int = 1\n    y: float", 3),
    ("floats", REPORT, "def f(x):\n    return float(x)", 2),
    ("floats", REPORT, "def f(x: list[float]) -> None: ...", 1),
    ("floats", DOMAIN, "x = belopp_ore / 12", 1),
    ("floats", "src/ledger/web/x.py", "def f(belopp_ore):\n    return belopp_ore * 0.01", 2),
    ("floats", "src/ledger/web/x.py", "def f(row):\n    return row.belopp_ore / 100", 2),
    ("floats", "src/ledger/web/x.py", "def f(row):\n    row['belopp_ore'] = float(row['kr'])", 2),
    ("floats", "src/ledger/web/x.py", "def f():\n    return g(belopp_ore=1.5)", 2),
    ("floats", "src/ledger/web/x.py", "def f(x_ore):\n    x_ore /= 100", 2),
    ("docstrings", DOMAIN, "x = 1", 1),
    ("docstrings", DOMAIN, "", 1),
    ("docstrings", "tests/test_x.py", '"""This module tests x."""', 1),
    ("docstrings", "benchmarks/x.py", '"""\nModule for x.\n"""', 1),
    ("names", "src/ledger/utils.py", "", 1),
    ("names", "src/ledger/common/x.py", "", 1),
    ("names", "src/ledger/web/templates/base.html", "", 1),
    ("names", "tests/_helpers.py", "", 1),
    ("names", "tests/test_misc.py", "", 1),
    ("unfinished", "src/ledger/web/static/x.js", f"// a\n// {LATER}: b", 2),
    ("unfinished", "README.md", "FIX" + "ME", 1),
    ("unfinished", "Makefile", "# " + "X" * 3, 1),
    ("folds", DOMAIN, "def evolve(state, fact):\n    isinstance(fact, BudgetAdopted)", 1),
    ("folds", DOMAIN, '"""A.\n\nFolds: BudgetAdopted.\n"""', 3),
    (
        "folds",
        REPORT,
        '"""A.\n\nFolds: BudgetAdopted.\n"""\ndef evolve(s, f):\n    match f:\n        case UnitClosed(): ...',
        3,
    ),
]

#: Rule, path and source that the rule must let pass.
GOOD = [
    (
        "rooms",
        REPORT,
        "from ledger.domain.events import BudgetAdopted\nfrom ledger.reporting.projection import Cube\nimport re",
    ),
    ("rooms", REPORT, "from ledger.domain import events\nfrom ledger.reporting import projection"),
    ("rooms", DOMAIN, "from . import money\nfrom ledger.domain.fact import Fact\nimport decimal"),
    ("rooms", "src/ledger/recording/x.py", "import eventsourcing.sqlite\nfrom ledger import __version__"),
    ("rooms", "src/ledger/cli.py", "def f():\n    from ledger.main import build"),
    ("rooms", "src/ledger/main.py", "import ledger.web\nfrom ledger import cli, elsewhere"),
    ("rooms", "src/ledger/elsewhere.py", "import projections\nfrom ledger.recording.store import FactLog"),
    ("rooms", "tests/test_x.py", "import projections, eventsourcing, ledger.recording"),
    ("sizes", DOMAIN, "\n" * 400),
    ("sizes", "src/ledger/web/static/x.css", "\n" * 500),
    ("sizes", "tests/golden/x.csv", "\n" * 4000),
    ("clocks", DOMAIN, "from datetime import date, time\ndef f(at: date) -> date: return at.replace(day=1)"),
    ("clocks", "src/ledger/application.py", "import time\nx = time.time()"),
    ("floats", DOMAIN, "def f(x: object) -> bool: return isinstance(x, (int, float))"),
    ("floats", DOMAIN, "match x:\n    case float(): raise TypeError"),
    ("floats", DOMAIN, "x = belopp_ore // 12"),
    ("floats", "src/ledger/web/x.py", "def f(belopp_ore):\n    def g(): return 0.5\n    return belopp_ore"),
    ("docstrings", DOMAIN, '"""Frames of one nämnd for one räkenskapsår."""'),
    ("docstrings", "src/ledger/web/static/x.js", ""),
    ("names", "src/ledger/domain/budget.py", ""),
    ("names", "tests/golden/base.csv", ""),
    ("unfinished", "README.md", "autodoc, FIXMER, XXXL"),
    ("folds", DOMAIN, '"""A."""\ndef evolve(state, fact): return state'),
    (
        "folds",
        DOMAIN,
        '"""A.\n\nFolds:  UnitClosed.   Rule: LKBR 3:2.\n"""\ndef evolve(s, f): isinstance(f, UnitClosed)',
    ),
]

FACTS = frozenset({"BudgetAdopted", "UnitClosed", "UnitMerged"})


@pytest.fixture
def known_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the catalogue still, so that the examples mean the same whatever events.py holds."""
    monkeypatch.setattr(tidy, "fact_names", lambda _: FACTS)


@pytest.mark.parametrize("rule", tidy.RULES)
def test_the_house_is_tidy(rule: str) -> None:
    found = [str(finding) for source in tidy.house() for finding in tidy.check(source, rule)]

    assert not found, "\n".join(["", *found])


def test_the_house_is_looked_at_whole() -> None:
    paths = {source.path for source in tidy.house()}

    assert {"Makefile", ".ci/run", "README.md", "tests/tidy.py", "src/ledger/__init__.py"} <= paths
    assert not [path for path in paths if path.startswith((".venv/", ".git/"))]


@pytest.mark.usefixtures("known_facts")
@pytest.mark.parametrize(("rule", "path", "text", "line"), BAD)
def test_a_broken_rule_is_found_at_its_line(rule: str, path: str, text: str, line: int) -> None:
    found = tidy.check(Source(path, text), rule)

    assert {(finding.path, finding.line, finding.rule) for finding in found} == {(path, line, rule)}


@pytest.mark.usefixtures("known_facts")
@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_what_a_rule_allows_passes(rule: str, path: str, text: str) -> None:
    assert tidy.check(Source(path, text), rule) == []


def test_every_rule_has_an_example_of_each_kind() -> None:
    assert {rule for rule, *_ in BAD} == {rule for rule, *_ in GOOD} == set(tidy.RULES)


def test_a_file_that_cannot_be_read_as_python_is_a_finding() -> None:
    (finding,) = tidy.check(Source(DOMAIN, "def"), "rooms")

    assert (finding.line, finding.rule) == (1, "syntax")


def test_a_finding_says_where_in_one_line() -> None:
    (finding,) = tidy.check(Source(DOMAIN, "import time"), "clocks")

    assert str(finding) == f"{DOMAIN}:1: clocks: imports time: what comes from outside is an argument"


def test_long_functions_are_listed_and_no_finding() -> None:
    body = "def f():\n" + "    x = 1\n" * 50
    source = Source(DOMAIN, f'"""A."""\n{body}')

    assert [finding.text for finding in tidy.long_functions(source)] == ["f has 51 lines"]
    assert not [finding for rule in tidy.RULES for finding in tidy.check(source, rule)]


def test_facts_are_the_classes_of_events_that_come_of_fact(tmp_path: Path) -> None:
    events = tmp_path / "events.py"
    events.write_text("class A(Fact): ...\nclass B(A, name='b'): ...\nclass Row(NamedTuple): ...\n", encoding="utf-8")

    assert folds.fact_names(events) == {"A", "B"}


@pytest.mark.parametrize(
    "code",
    [
        "def evolve(s, f):\n    if isinstance(f, BudgetAdopted | UnitClosed): return s",
        "def evolve(s, f):\n    match f:\n        case BudgetAdopted() | events.UnitClosed(): return s",
        "FRAMES = (BudgetAdopted, UnitClosed)\ndef evolve(s, f):\n    return isinstance(f, FRAMES)",
        "BY: dict = {BudgetAdopted: g, UnitClosed: h}\ndef _evolve(s, f): return BY[type(f)](s, f)",
        "def evolve_a(s, f): isinstance(f, BudgetAdopted)\ndef evolve_b(s, f): isinstance(f, UnitClosed)",
        "@evolve.register\ndef _(f: BudgetAdopted, s): ...\n@evolve.register(UnitClosed)\ndef _(f, s): ...",
    ],
)
def test_folded_facts_are_found_however_evolve_tells_them_apart(code: str) -> None:
    tree = ast.parse(code + "\ndef decide(s): return UnitMerged()")

    assert folds.folded(tree, FACTS) == {"BudgetAdopted", "UnitClosed"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""A."""', '"""A.\n\nFolds: UnitClosed.\n"""'),
        ('"""A.\n\nRule: B 1.\n"""', '"""A.\n\nRule: B 1.\nFolds: UnitClosed.\n"""'),
        (
            '"""A.\n\nFolds: UnitMerged,\n    BudgetAdopted.\nRule: B 1.\n"""',
            '"""A.\n\nFolds: UnitClosed.\nRule: B 1.\n"""',
        ),
        ('"""A.\n\nFolds: UnitMerged.   Rule: B 1.\n"""', '"""A.\n\nFolds: UnitClosed.   Rule: B 1.\n"""'),
    ],
)
def test_the_folds_line_is_written_from_the_code(before: str, after: str) -> None:
    code = "\n\ndef evolve(s, f):\n    isinstance(f, UnitClosed)\n"

    assert folds.with_folds(before + code, FACTS) == after + code
    assert folds.with_folds(after + code, FACTS) == after + code
