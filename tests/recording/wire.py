"""The frozen wire lines: one per fact version, what the canonical sample of that version is stored as.

By hand: `python -m tests.recording.wire --golden` adds lines for new facts; it changes a line only with
`--golden-change` as well, which before release 1.0 takes a decision record and after it never happens.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ledger.domain.fact import Fact
from ledger.recording.codec import encode
from tests.samples import BY_NAME

GOLDEN = Path(__file__).parents[1] / "golden" / "wire.jsonl"


class Line(NamedTuple):
    """A stored fact: its archive name and its two parts, letter by letter."""

    name: str
    public: str
    private: str | None


def line_of(sample: Fact) -> Line:
    """What a sample is stored as now."""
    encoded = encode(sample, 1)
    private = None if encoded.private is None else encoded.private.decode()
    return Line(encoded.name, encoded.public.decode(), private)


def frozen(path: Path = GOLDEN) -> dict[str, Line]:
    """The lines that were frozen, by archive name."""
    if not path.exists():
        return {}
    rows = (json.loads(row) for row in path.read_text(encoding="utf-8").splitlines())
    return {row["name"]: Line(row["name"], row["public"], row.get("private")) for row in rows}


def refreshed(old: Mapping[str, Line], samples: Mapping[str, Fact], *, may_change: bool) -> dict[str, Line]:
    """The frozen lines with those of new facts added. Lines of older versions stay although no sample makes them.

    Errors: ValueError for a line that changed, unless it may.
    """
    new = dict(old)
    for name, sample in samples.items():
        line = line_of(sample)
        if old.get(name, line) != line and not may_change:
            msg = f"{name} is frozen and would change; a changed fact is a new version"
            raise ValueError(msg)
        new[name] = line
    return new


def write(lines: Mapping[str, Line], path: Path = GOLDEN) -> None:
    """Write the lines, sorted by name."""
    rows = ({key: value for key, value in lines[name]._asdict().items() if value is not None} for name in sorted(lines))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Refresh the golden file; says how when asked wrongly."""
    if "--golden" not in arguments or set(arguments) - {"--golden", "--golden-change"}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    write(refreshed(frozen(), BY_NAME, may_change="--golden-change" in arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
