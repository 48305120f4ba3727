"""Every refusal of the program with its sentence, filled in with the same facts: wording is reviewed in the diff.

By hand: `.venv/bin/python -m tests.interchange.sentences --golden` writes the golden file anew.
"""

# ruff: noqa: E501 - the table of examples is dense

from __future__ import annotations

import argparse
import dataclasses
import importlib
import pkgutil
import sys
import types
import typing
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import ledger
from ledger.domain.refusal import Refusal
from tests.interchange import golden

GOLDEN: Final = golden.FOLDER / "meningar.txt"

#: Facts by the name of the field; others by type.
BY_NAME: Final[dict[str, Any]] = {
    "ansvar": "KS-EKON", "namnd": "KS", "fran_ansvar": "KS", "overordnad": "KS", "ersatt_av": "KS-HR", "kod": "KS-EKON",
    "code": "P-MARK", "sort": "ansvar", "typ": "ramjustering", "belongs_to": "totalutgift", "slag": "kostnad", "ar": 2024,
    "till_ar": 2025, "period": "2024-03", "serie": "A", "vernr": "123", "konto": "5010", "projekt": "P-MARK",
    "verksamhet": "920", "forslag": "KS 2024-118", "roll": "revisor", "command": "PostVerifikation",
    "column": "namn", "known": "Ekonomistaben", "given": "Ekonomiavdelningen", "near": "fran", "path": "/data/budget.csv",
    "reason": "Permission denied", "way": "en kommentar ersätts av en ny kommentar", "valid": "2020-01-01–2023-12-31",
    "arende": "KS 2024-61", "lage": "beslutat", "organ": "stabsdirektör", "far": "omfordelning",
    "former": ("{ansvar}", "{projekt}", "summa", "ofordelat"), "rapporter": ("driftsammandrag", "ekonomi"),
    "kolumn": "text", "varde": "värdet", "rad": 3, "fel": "fel", "fran": date(2024, 1, 1),
}  # fmt: skip
BY_TYPE: Final[dict[type, Any]] = {str: "text", int: 12, bool: True, date: date(2024, 3, 31)}


def refusals() -> list[type[Refusal]]:
    """Every refusal that the program can give, by name."""
    for module in pkgutil.walk_packages(ledger.__path__, "ledger."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    said = (kind for kind in _below(Refusal) if kind.sentence is not Refusal.sentence)
    # Tests make refusals of their own.
    ours = (kind for kind in said if kind.__module__.startswith("ledger."))
    return sorted(ours, key=lambda kind: kind.__name__)


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    # A slotted dataclass is made twice; the first class is a shell without fields of its own.
    below = {sub.__qualname__: sub for sub in kind.__subclasses__() if "__slots__" in vars(sub)}
    for sub in below.values():
        yield sub
        yield from _below(sub)


def example(kind: type[Refusal]) -> Refusal:
    """A refusal with typical facts."""
    hints = typing.get_type_hints(kind)
    facts = {field.name: _fact(field.name, hints[field.name]) for field in dataclasses.fields(kind)}
    return kind(**facts)


def _fact(name: str, hint: Any) -> Any:
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] if _is_union(hint) else [hint]
    kind = kinds[0]
    value = BY_NAME.get(name)
    if value is not None and isinstance(value, typing.get_origin(kind) or kind):
        return value
    if name.endswith("_ore"):
        return 163_000_000
    if typing.get_origin(kind) in (tuple, frozenset, list):
        inner = typing.get_args(kind)
        count = len(inner) if Ellipsis not in inner else 2
        return tuple(_fact("", inner[0] if Ellipsis in inner else inner[n]) for n in range(max(count, 1)))
    return next((example for known, example in BY_TYPE.items() if kind is known), "text")


def _is_union(hint: Any) -> bool:
    return isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union


def rendered() -> dict[str, golden.Entry]:
    """Every refusal as an entry: its name, its rule in English, and its sentence."""
    entries = {}
    for kind in refusals():
        given = f"{kind.kind.value}: {(kind.__doc__ or '').split(chr(10))[0]}"
        entries[kind.__name__] = golden.Entry(kind.__name__, given, example(kind).sentence())
    return entries


def main(arguments: list[str]) -> int:
    """Write the golden file, when `--golden` says so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", action="store_true", help="skriv meningarna på nytt")
    if not parser.parse_args(arguments).golden:
        sys.stderr.write("Ge --golden för att skriva meningarna på nytt.\n")
        return 2
    golden.write(GOLDEN, list(rendered().values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
