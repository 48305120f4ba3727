"""Parameters of addresses that the edge itself reads: whole numbers and yes or no, told to the API page as well.

Not here: the parameters of a report, which `ledger.reporting` reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request

from ledger.domain.language import phrase
from ledger.domain.money import LARGEST_ORE
from ledger.domain.refusal import Refusal
from ledger.web.problems import ProblemRaised, shortened
from ledger.web.rules import ParameterIsOtherwise, ParameterIsUnknown

#: Positions and counts have at most so many digits.
LONGEST_WHOLE: Final = 16


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two limits."""

    name: str
    meaning: str
    default: int
    lowest: int = 0
    highest: int = LARGEST_ORE

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "integer", "minimum": self.lowest, "maximum": self.highest, "default": self.default}

    @property
    def form(self) -> str:
        """What it should be, in words."""
        return phrase("ett heltal {lowest}–{highest}", lowest=self.lowest, highest=self.highest)

    def read(self, text: str) -> int | None:
        """The number; None for a text that is none."""
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_WHOLE):
            return None
        return int(text) if self.lowest <= int(text) <= self.highest else None


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """A choice that is no unless it is said."""

    name: str
    meaning: str

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "string", "enum": ["1", "0", "ja", "nej"], "default": "0"}

    @property
    def default(self) -> int:
        """No."""
        return 0

    @property
    def form(self) -> str:
        """What it should be, in words."""
        return phrase("1 eller 0 (ja eller nej)")

    def read(self, text: str) -> int | None:
        """1 for yes, 0 for no; None for a text that is neither."""
        return {"1": 1, "ja": 1, "0": 0, "nej": 0}.get(text)


Parameter = Whole | YesOrNo


def documented(parameters: Sequence[Parameter]) -> list[dict[str, Any]]:
    """The parameters as the API page lists them."""
    return [described(p.name, p.meaning, p.schema) for p in parameters]


def described(name: str, meaning: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One parameter of an address in the words of OpenAPI."""
    return {"name": name, "in": "query", "required": False, "description": meaning, "schema": schema, **more}


def read(request: Request, parameters: Sequence[Parameter]) -> dict[str, int]:
    """The value of every parameter. Errors: ProblemRaised for what is unknown, given twice or of another form."""
    known = {parameter.name: parameter for parameter in parameters}
    values = {name: parameter.default for name, parameter in known.items()}
    seen: set[str] = set()
    refusals: list[Refusal] = []
    for name, text in request.query_params.multi_items():
        shown = shortened(text, 60)
        if name not in known:
            refusals.append(ParameterIsUnknown(tuple(known), kolumn=shortened(name, 60), varde=shown))
            continue
        value = known[name].read(text)
        if value is None or name in seen:
            form = phrase("{form}, angivet en gång", form=known[name].form) if name in seen else known[name].form
            refusals.append(ParameterIsOtherwise(form, kolumn=name, varde=shown))
        else:
            values[name] = value
        seen.add(name)
    if refusals:
        raise ProblemRaised(refusals)
    return values
