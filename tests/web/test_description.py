"""The API says everything of itself: schemathesis tries what it says and finds no break and no answer left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ledger.web import schemas
from tests.web import faulty_requests as faulty
from tests.web import houses

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("api")
    with faulty.town(f"sqlite:///{folder / 'liggare.db'}") as opened:
        faulty.fill(opened)
        with houses.served(houses.edge_of(opened)) as address:
            yield address


@pytest.fixture(scope="module")
def described(town: str) -> dict[str, Any]:
    document: dict[str, Any] = httpx.get(f"{town}/api/v1/openapi.json").json()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_address_has_a_swedish_summary_and_its_problems(described: dict[str, Any]) -> None:
    for path, method, operation in operations(described):
        assert operation["summary"], path
        assert {"400", "421", "500", "503"} <= set(operation["responses"]), path
        assert method != "post" or {"409", "413", "415", "422"} <= set(operation["responses"]), path


def test_every_command_is_described_with_an_example(described: dict[str, Any]) -> None:
    for name, command in schemas.BY_NAME.items():
        body = described["paths"][f"/api/v1/kommandon/{name}"]["post"]["requestBody"]
        reference = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        schema = described["components"]["schemas"][reference]
        assert schema["additionalProperties"] is False, name
        assert schema["examples"], name
        assert reference == command.__name__


def test_every_parameter_of_a_question_is_described(described: dict[str, Any]) -> None:
    listed = described["paths"]["/api/v1/rapporter/{namn}"]["get"]["parameters"]

    named = {parameter["name"] for parameter in listed if parameter["in"] == "query"}
    assert {"ar", "tom", "kand", "beslutad", "ansvar", "per", "organisation", "omgang", "enhet"} <= named
    assert all(parameter["description"] for parameter in listed if parameter["in"] == "query")


def test_what_is_described_is_what_happens(town: str) -> None:
    schema = schemathesis.openapi.from_url(f"{town}/api/v1/openapi.json")
    settings = hypothesis.settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    tried: Counter[str] = Counter()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings
        @hypothesis.given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            tried[case.operation.label] += 1
            case.call_and_validate(checks=CHECKS)

        try_it()
    assert len(tried) == len(list(operations(httpx.get(f"{town}/api/v1/openapi.json").json())))
    assert min(tried.values()) >= 1
    assert tried.total() > 200
