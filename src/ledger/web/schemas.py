"""Commands as JSON: models generated from the command types of the domain, field by field, and commands made of them.

A new command in `ledger.domain.roll.COMMANDS` is taken by the API as soon as it exists. Dates are ISO days, amounts
whole öre, unknown fields are refused; blank optional text is the same as none.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from datetime import date
from typing import Annotated, Any, Final, Literal, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from ledger.domain import kodstrang
from ledger.domain.fact import PRIVATE_FIELDS
from ledger.domain.koder import FIRST_YEAR, LAST_YEAR
from ledger.domain.money import LARGEST_ORE
from ledger.domain.rattelse import CorrectRegistrering
from ledger.domain.roll import COMMANDS
from ledger.web.examples import EXAMPLES, FIELDS, ROWS, SUMMARIES

#: Years and days that the calendar of a municipality can hold.

#: Codes stand in keys, and keys in an index of the database.
LONGEST_CODE: Final = 100
LONGEST_NAME: Final = 300
LONGEST_TEXT: Final = 100_000

#: Text of its own length; everything else is a code.
NAMES: Final = frozenset({"namn", "grupp", "beslutsorgan"})
PROSE: Final = PRIVATE_FIELDS | {"finansiering"}

#: Codes that the domain takes as they come: blank is no code.
NEVER_BLANK: Final = frozenset({"ansvar", "konto", "kod", "projekt", "namn", "period"})

CHOICES: Final = {
    "niva": kodstrang.NIVAER,
    "teckenregel": kodstrang.TECKENREGLER,
    "slag": (*kodstrang.SLAG, "balans"),
    "status": ("beslutat", "forslag", "avslaget", *kodstrang.PROJEKTSTATUS[1:]),
}

#: Models by the command or row they stand for.
_MODELS: Final[dict[type[Any], type[BaseModel]]] = {}

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORBID: Final = ConfigDict(extra="forbid", strict=True, frozen=True)


def _day(value: object) -> object:
    day = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        msg = "not a day of the calendar"
        raise ValueError(msg)
    return day


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


def name_of(command: type[Any]) -> str:
    """The name of a command in addresses: `DecideOmfordelning` is `decide_omfordelning`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


#: Every command by its name in addresses.
BY_NAME: Final[dict[str, type[Any]]] = {name_of(command): command for command in COMMANDS}


def model_of(kind: type[Any]) -> type[BaseModel]:
    """The model of a command or of one of its rows, made once."""
    if kind not in _MODELS:
        _MODELS[kind] = _made(kind)
    return _MODELS[kind]


def _made(kind: type[Any]) -> type[BaseModel]:
    hints = typing.get_type_hints(kind, include_extras=True)
    fields: dict[str, Any] = {}
    for name, default in _defaults(kind).items():
        if kind is CorrectRegistrering and name == "kommando":
            annotation: Any = _any_command() | None
        else:
            annotation = _annotation(name, hints[name], blank=default is not ...)
        fields[name] = annotation, Field(default, description=FIELDS.get(name))
    example = EXAMPLES.get(name_of(kind))
    config = ConfigDict(**_FORBID, json_schema_extra={"examples": [example]} if example else {})
    meaning = SUMMARIES.get(name_of(kind)) or ROWS.get(kind.__name__)
    return create_model(kind.__name__, __config__=config, __doc__=meaning, **fields)


def command_of(kind: type[Any], given: BaseModel) -> Any:
    """The command that a checked body is."""
    return kind(**{name: _value(getattr(given, name)) for name in type(given).model_fields})


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(part) for part in value)
    if not isinstance(value, BaseModel):
        return value
    model = type(value)
    if "kropp" in model.model_fields:
        nested: Any = value
        return command_of(BY_NAME[nested.namn], nested.kropp)
    return _ROWS[model](**{name: _value(getattr(value, name)) for name in model.model_fields})


#: The rows (NamedTuples) that models stand for.
_ROWS: dict[type[BaseModel], type[Any]] = {}


def _defaults(kind: type[Any]) -> dict[str, Any]:
    """The fields of a command or row with their defaults, `...` where there is none."""
    if dataclasses.is_dataclass(kind):
        fields = dataclasses.fields(kind)
        return {f.name: ... if f.default is dataclasses.MISSING else f.default for f in fields}
    known: dict[str, Any] = kind._field_defaults
    return {name: known.get(name, ...) for name in kind._fields}


def _annotation(name: str, hint: Any, *, blank: bool) -> Any:
    origin = typing.get_origin(hint)
    if origin in {Union, types.UnionType}:
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        optional = _annotation(name, inner, blank=False) | None
        return Annotated[optional, BeforeValidator(_blank_is_none)] if inner is str else optional
    if origin is tuple:
        row: Any = _row(typing.get_args(hint)[0])
        return list[row]
    if hint is date:
        return Day
    if hint is int:
        return Annotated[int, Field(ge=_lowest(name), le=_highest(name))]
    if hint is str:
        return _text(name, blank=blank)
    if hint is bool:
        return bool
    return _row(hint)


def _text(name: str, *, blank: bool) -> Any:
    longest = LONGEST_TEXT if name in PROSE else LONGEST_NAME if name in NAMES else LONGEST_CODE
    shortest = 1 if name in NEVER_BLANK and not blank else 0
    choices: dict[str, Any] | None = {"examples": list(CHOICES[name])} if name in CHOICES else None
    return Annotated[str, Field(min_length=shortest, max_length=longest, json_schema_extra=choices)]


def _row(kind: type[Any]) -> type[BaseModel]:
    model = model_of(kind)
    _ROWS[model] = kind
    return model


def _lowest(name: str) -> int:
    if name in {"ar", "till_ar"}:
        return FIRST_YEAR
    return 1 if name in {"rattar", "mandat", "registrering", "version"} else -LARGEST_ORE


def _highest(name: str) -> int:
    return LAST_YEAR if name in {"ar", "till_ar"} else LARGEST_ORE


def _any_command() -> Any:
    """A command inside a correction: its name and its body."""
    variants: list[Any] = []
    for name, command in BY_NAME.items():
        if command is CorrectRegistrering:
            continue
        fields: dict[str, Any] = {"namn": (Literal[name], ...), "kropp": (model_of(command), ...)}
        meaning = f"Kommandot {name} med sin kropp."
        variants.append(create_model(f"Ratt_{name}", __config__=_FORBID, __doc__=meaning, **fields))
    return Annotated[Union[tuple(variants)], Field(discriminator="namn")]  # noqa: UP007 - made of a list
