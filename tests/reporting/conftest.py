"""Where the reports are compared with the oracle, cubes lie in small pieces, so that every kind of piece is read."""

from __future__ import annotations

from typing import Final

import pytest

from ledger.reporting.stored import cube_sizes
from tests.reporting.cubes import SMALL

#: Tests in which no other process, which would know nothing of this, reads or writes the same database.
ALONE: Final = ("test_cube.py", "test_differences.py", "test_explain.py", "test_oracle_agrees.py")


@pytest.fixture(autouse=True)
def small_pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces, where that is safe."""
    if request.path.name in ALONE:
        monkeypatch.setattr(cube_sizes, "SIZES", SMALL)
