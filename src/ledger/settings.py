"""Settings: environment variables `LIGGARE_*`, each with a value that works on a fresh machine."""

from __future__ import annotations

import getpass
import re
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE = "sqlite:///liggare.db"


class SettingIsWrong(Exception):  # noqa: N818 - named as what is so
    """An environment variable has a value that cannot be used. Swedish."""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "okänd"


class Settings(BaseSettings):
    """What the environment says. `database`: `sqlite:///path.db` or `postgresql://…`."""

    model_config = SettingsConfigDict(env_prefix="LIGGARE_", frozen=True)

    database: str = DEFAULT_DATABASE
    anvandare: str = Field(default_factory=_user, min_length=1)
    roll: str = "ekonom"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    bakom_proxy: bool = False
    vardnamn: str = ""
    storsta_kropp: int = Field(default=10_000_000, ge=1_000)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that the service answers to besides the loopback's."""
        return tuple(name.strip() for name in self.vardnamn.split(",") if name.strip())

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if re.fullmatch(r"sqlite:///.+|postgresql://.+", value):
            return value
        msg = "not a database address"
        raise ValueError(msg)

    @field_validator("bakom_proxy", mode="before")
    @classmethod
    def _yes_or_no(cls, value: object) -> bool:
        answer: dict[object, Literal[True, False]] = {True: True, False: False, "ja": True, "nej": False, "": False}
        if value in answer:
            return answer[value]
        msg = "neither ja nor nej"
        raise ValueError(msg)


_RULES = {
    "database": "ska vara sqlite:///sökväg.db eller postgresql://användare@värd/databas",
    "anvandare": "får inte vara tom",
    "port": "ska vara ett heltal 0–65535",
    "bakom_proxy": "ska vara ja eller nej",
    "storsta_kropp": "ska vara ett antal byte, minst 1000",
}


def read_settings() -> Settings:
    """The settings of this process. Errors: SettingIsWrong with a Swedish sentence for the first wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0]) if fault["loc"] else "?"
        # A database address may hold a password, so its value is not repeated.
        value = "" if name == "database" else f" ”{fault.get('input')}”"
        rule = _RULES.get(name, "har ett otillåtet värde")
        msg = f"Miljövariabeln LIGGARE_{name.upper()}{value} går inte att använda: den {rule}."
        raise SettingIsWrong(msg) from error
