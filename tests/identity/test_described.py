"""The API says what it answers to every role, and to nobody: schemathesis asks as all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.core.result import Ok

from ledger.web.visitor import ROLES
from tests.identity.town import Town, served
from tests.web import faulty_requests as faulty
from tests.web.test_description import CHECKS

#: Examples of each operation, asked by every role; tests/web/test_description.py tries more as one.
EXAMPLES = 1


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("described")
    with faulty.town(f"sqlite:///{folder / 'liggare.db'}") as opened:
        faulty.fill(opened)
        with served(opened, "demo", per_minute=0) as town:
            yield town


def test_what_is_described_is_what_happens_to_every_role(town: Town) -> None:
    cookies = [f"liggare={town.program(role).cookies['liggare']}" for role in ROLES]
    shown = [{"Cookie": cookie, "Origin": town.address} for cookie in cookies] + [{"Authorization": "Bearer x"}]
    settings = hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    tried: Counter[str] = Counter()
    session = requests.Session()
    for found in schemathesis.openapi.from_url(f"{town.address}/api/v1/openapi.json").get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings
        @hypothesis.given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            for headers in shown:
                tried[case.operation.label] += 1
                case.call_and_validate(checks=CHECKS, headers=headers, session=session)

        try_it()
    session.close()
    assert min(tried.values()) >= len(shown) == len(ROLES) + 1
