"""Settings: environment variables `LIGGARE_*`, each with a value that works on a fresh machine.

A secret may lie in a file instead, named by the variable with `_FILE` at its end.
"""

from __future__ import annotations

import getpass
import os
import re
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
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

    database: str = Field(default=DEFAULT_DATABASE, repr=False)
    anvandare: str = Field(default_factory=_user, min_length=1)
    roll: str = "ekonom"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    bakom_proxy: bool = False
    vardnamn: str = ""
    kontakt: str = ""
    storsta_kropp: int = Field(default=10_000_000, ge=1_000)
    auth: Literal["oppet", "demo", "oidc"] = "oppet"
    adress: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: SecretStr = SecretStr("")
    oidc_scope: str = "openid profile"
    oidc_person: str = "sub"
    oidc_audience: str = ""
    session_vila: int = Field(default=30, ge=1, le=1_440)
    session_langst: int = Field(default=10, ge=1, le=24)
    anrop_per_minut: int = Field(default=600, ge=0)
    langsta_svarstid: int = Field(default=60, ge=0)

    @property
    def oidc_audiences(self) -> tuple[str, ...]:
        """The audiences of tokens that machines may come with."""
        return tuple(name.strip() for name in self.oidc_audience.split(",") if name.strip())

    @property
    def public_address(self) -> str:
        """Where browsers find the service, without a slash at its end."""
        return self.adress.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that the service answers to besides the loopback's."""
        names = (*self.vardnamn.split(","), urlsplit(self.adress).hostname or "")
        return tuple(name.strip() for name in names if name.strip())

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if re.fullmatch(r"sqlite:///.+|postgresql://.+", value):
            return value
        msg = "not a database address"
        raise ValueError(msg)

    @field_validator("adress")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if not value or re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:\d{1,5})?/?", value):
            return value
        msg = "not an address without path"
        raise ValueError(msg)

    @field_validator("kontakt")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if not value or re.fullmatch(r"[^@\s<>\"']+@[^@\s<>\"']+", value):
            return value
        msg = "not a mail address"
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
    "kontakt": "ska vara en e-postadress dit synpunkter på tillgängligheten skickas",
    "storsta_kropp": "ska vara ett antal byte, minst 1000",
    "auth": "ska vara oppet, demo eller oidc",
    "adress": "ska vara tjänstens adress utan sökväg, till exempel https://liggare.kommun.se",
    "session_vila": "ska vara ett antal minuter, 1–1440",
    "session_langst": "ska vara ett antal timmar, 1–24",
    "anrop_per_minut": "ska vara ett antal, 0 för ingen gräns",
    "langsta_svarstid": "ska vara ett antal sekunder, 0 för ingen gräns",
}

#: What may lie in a file, and is never repeated in a message.
SECRETS: Final = ("database", "oidc_secret")


def read_settings() -> Settings:
    """The settings of this process. Errors: SettingIsWrong with a Swedish sentence for the first wrong variable."""
    try:
        read = Settings(**_from_files())
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0]) if fault["loc"] else "?"
        # A database address may hold a password, so its value is not repeated.
        value = "" if name in SECRETS else f" ”{fault.get('input')}”"
        rule = _RULES.get(name, "har ett otillåtet värde")
        msg = f"Miljövariabeln LIGGARE_{name.upper()}{value} går inte att använda: den {rule}."
        raise SettingIsWrong(msg) from error
    if read.auth == "oidc":
        _check_provider(read)
    return read


def _from_files() -> dict[str, Any]:
    """The secrets that lie in files. Errors: SettingIsWrong for a file that cannot be read, or a secret given twice."""
    found = {}
    for name in SECRETS:
        variable = f"LIGGARE_{name.upper()}"
        path = os.environ.get(f"{variable}_FILE")
        if not path:
            continue
        if os.environ.get(variable):
            msg = f"{variable} och {variable}_FILE är båda satta: ta bort den ena."
            raise SettingIsWrong(msg)
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            msg = f"Filen i {variable}_FILE går inte att läsa: kontrollera att den finns och får läsas av tjänsten."
            raise SettingIsWrong(msg) from error
    return found


def _check_provider(read: Settings) -> None:
    """Whether all is said that sign-in needs. Errors: SettingIsWrong."""
    needed = {"LIGGARE_OIDC_ISSUER": read.oidc_issuer, "LIGGARE_OIDC_CLIENT": read.oidc_client}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        msg = f"LIGGARE_AUTH=oidc behöver {' och '.join(missing)}: se docs/operations.md."
        raise SettingIsWrong(msg)
    parts = urlsplit(read.oidc_issuer)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        msg = f"LIGGARE_OIDC_ISSUER ”{read.oidc_issuer}” går inte att använda: den ska börja med https://."
        raise SettingIsWrong(msg)
    address = urlsplit(read.public_address)
    if address.scheme != "https" and address.hostname not in {"localhost", "127.0.0.1"}:
        msg = f"LIGGARE_AUTH=oidc behöver LIGGARE_ADRESS som börjar med https://, inte {read.public_address}."
        raise SettingIsWrong(msg)
