"""The worked example of docs/adding-a-report.md: its report and its tests are run as they stand on the page."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs/adding-a-report.md"


def test_the_worked_example_runs_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    report, checks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    module = ModuleType("projections.personal")
    exec(report, module.__dict__)  # noqa: S102 - our own page
    monkeypatch.setitem(sys.modules, "projections.personal", module)
    names: dict[str, Any] = {}
    exec(checks, names)  # noqa: S102 - our own page
    tests = [test for name, test in names.items() if name.startswith("test_")]
    assert len(tests) == checks.count("def test_") > 0
    for test in tests:
        test()
