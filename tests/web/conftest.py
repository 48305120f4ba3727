"""What the tests of pages share. A file of tests has its own ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger import main
from tests.conftest import Databases
from tests.web import houses, order
from tests.web.browsing import chromium

__all__ = ["chromium"]


@pytest.fixture(scope="module")
def house(databases: Databases) -> Iterator[main.House]:
    """The example of Linköping."""
    with houses.linkoping(databases.new("sqlite")) as opened:
        yield opened


@pytest.fixture(scope="module")
def by(house: main.House) -> Iterator[order.People]:
    """The people of its delegation order."""
    with order.people(house) as found:
        yield found
