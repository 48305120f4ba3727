"""A body has so many rows: more come as a file."""

from typing import Any

import pytest

from ledger.web.bodies import MOST_ROWS, too_long


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rader": [0] * MOST_ROWS}, None),
        ({"rader": [0] * (MOST_ROWS + 1)}, "rader"),
        ({"kropp": {"rorelser": [{}] * (MOST_ROWS + 1)}}, "rorelser"),
        ([0] * (MOST_ROWS + 1), "kroppen"),
        ("text", None),
    ],
)
def test_a_list_with_too_many_rows_is_named_by_its_field(body: Any, field: str | None) -> None:
    assert too_long(body) == field
