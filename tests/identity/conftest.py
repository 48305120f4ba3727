"""One town behind one provider for a file of tests; each test finds the provider as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.main import House
from tests.identity import provider as providers
from tests.identity import town as towns
from tests.web import houses
from tests.web.browsing import chromium

__all__ = ["chromium"]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("identity")
    with houses.opened(f"sqlite:///{folder / 'liggare.db'}", kommun="Kommunen") as house:
        yield house


@pytest.fixture(scope="module")
def running() -> Iterator[providers.Provider]:
    with providers.running() as provider:
        yield provider


@pytest.fixture(scope="module")
def town(opened: House, running: providers.Provider) -> Iterator[towns.Town]:
    with towns.served(opened, "oidc", running, per_minute=0) as served:
        yield served


@pytest.fixture
def provider(running: providers.Provider, town: towns.Town) -> providers.Provider:
    """The provider, which does nothing wrong until it is told to."""
    fresh = providers.Provider(issuer=running.issuer, keys=running.keys[:1])
    for name in ("change", "signed", "said", "is_down", "keys"):
        setattr(running, name, getattr(fresh, name))
    running.person = {
        "sub": "s-1",
        "name": "Anna Åkesson",
        "preferred_username": "anna@kommun.se",
        "roles": ["Budget.Ekonom"],
    }
    running.asked.clear()
    town.clock.ahead *= 0
    return running
