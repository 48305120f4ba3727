"""Tokens and the table of roles on the command line, and settings whose secrets lie in files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger import cli
from ledger.settings import SettingIsWrong, read_settings

Told = Callable[..., tuple[int, str]]

TABLE = """pastaende;varde;roll;enheter;funktion
roles;Budget.Ekonom;ekonom;KS-A KS-B;
orgAffiliation;@2120000449;lasare;;
groups;g-1;;;enhetschef KS-A
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """The exit code and what is said of a call of the command line, on a ledger that is there."""
    monkeypatch.setenv("LIGGARE_DATABASE", f"sqlite:///{tmp_path / 'liggare.db'}")
    monkeypatch.setenv("LIGGARE_ANVANDARE", "prov")
    cli.run(["init"])
    capsys.readouterr()

    def call(*arguments: str) -> tuple[int, str]:
        code = cli.run(list(arguments))
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_a_token_is_made_listed_and_withdrawn(told: Told) -> None:
    made = told("token", "skapa", "Ekonomisystemet", "--roll", "ekonom", "--enhet", "KS", "--skriver")[1]
    name, token = made.split()[0], made.split("\n")[2]
    listed = told("token", "lista")[1]
    withdrawn = told("token", "aterkalla", name)[1]

    assert token.startswith(f"liggare_{name}_")
    assert token not in listed
    assert "Ekonomisystemet: ekonom för KS, läser och registrerar, gäller till" in listed
    assert re.search(r"återkallad \S+ \S+ UTC av a-1, aldrig använd", withdrawn)
    assert told("token", "aterkalla", "t-okänd") == (1, UNKNOWN)
    assert told("token", "skapa", "x", "--roll", "admin")[0] == 1
    assert told("token", "skapa", "x", "--roll", "lasare", "--dagar", "400")[0] == 2


UNKNOWN = "Nyckeln t-okänd finns inte: se vilka som finns på /nycklar eller med `liggare token lista`.\n"


def test_the_table_of_roles_is_read_in_and_shown_as_it_can_be_read_in_again(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "roller.csv"
    none = told("roller")
    path.write_text("\ufeff" + TABLE, encoding="utf-8")
    first = told("roller", str(path))
    same = told("roller", str(path))
    shown = told("roller")[1]
    path.write_text(shown.partition("\n\n")[2], encoding="utf-8")
    again = told("roller", str(path))

    assert none[1].startswith("Ingen rolltabell är inläst")
    assert first[1].startswith("Rolltabellen version 1, 3 rader")
    assert first == same == again
    assert "https://id.oidc.se/claim/orgAffiliation;@2120000449;lasare;;" in shown


def test_who_is_responsible_for_a_machine_is_kept_by_pseudonym(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "roller.csv"
    path.write_text("pastaende;varde;roll;enheter;funktion;ansvarig\nazp;klient-1;ekonom;KS;;prov\n", encoding="utf-8")
    first = told("roller", str(path))
    shown = told("roller")[1]
    path.write_text(shown.partition("\n\n")[2], encoding="utf-8")

    assert "azp;klient-1;ekonom;KS;;a-1" in shown
    assert told("roller", str(path)) == first
    path.write_text(shown.partition("\n\n")[2].replace("a-1", "Nils"), encoding="utf-8")
    code, said = told("roller", str(path))
    assert (code, said.partition(":")[0]) == (1, "Rad 2")
    assert "Nils" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Filens första rad ska vara pastaende,varde,roll,enheter,funktion"),
        ("a,b\n", "Filens första rad ska vara"),
        (f"{TABLE}roles;x\n", "Rad 5 har 2 fält, men ska ha 5"),
        (f"{TABLE}roles;;kung;;\n", "Rad 5 saknar påstående eller värde"),
        (f"{TABLE}roles;x;kung;;\n", "Rad 5 har rollen kung, som inte finns: välj ekonom"),
        (f"{TABLE}roles;x;;;\n", "Rad 5 ger varken roll, funktion eller ansvarig"),
        (f"{TABLE}roles;x;;KS;chef\n", "Rad 5 begränsar till enheter men ger ingen roll"),
        (TABLE + "roles;x;lasare;;\n" * 5000, "Filen har 5003 rader, men högst 5000"),
    ],
)
def test_a_table_that_cannot_be_used_changes_nothing(told: Told, tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "roller.csv"
    path.write_text(content, encoding="utf-8")
    code, sentence = told("roller", str(path))

    assert (code, said in sentence) == (1, True), sentence
    assert told("roller")[1].startswith("Ingen rolltabell")


def test_a_file_that_is_no_text_is_told(told: Told, tmp_path: Path) -> None:
    (tmp_path / "roller.csv").write_bytes(b"\xff\xfe\x00")

    assert "är sparad som CSV i UTF-8" in told("roller", str(tmp_path / "roller.csv"))[1]
    assert "går inte att läsa" in told("roller", str(tmp_path / "ingen.csv"))[1]


# ---------------------------------------------------------------- settings

OIDC = {"LIGGARE_AUTH": "oidc", "LIGGARE_OIDC_ISSUER": "https://id.example", "LIGGARE_OIDC_CLIENT": "liggare"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIGGARE_DATABASE", "LIGGARE_HOST", *OIDC):
        monkeypatch.delenv(name, raising=False)


def test_secrets_may_lie_in_files_and_are_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, database = tmp_path / "secret", tmp_path / "database"
    secret.write_text("mycket-hemligt\n", encoding="utf-8")
    database.write_text("postgresql://a:hemligt@b/c\n", encoding="utf-8")
    monkeypatch.setenv("LIGGARE_OIDC_SECRET_FILE", str(secret))
    monkeypatch.setenv("LIGGARE_DATABASE_FILE", str(database))
    settings = read_settings()

    assert settings.oidc_secret.get_secret_value() == "mycket-hemligt"
    assert settings.database == "postgresql://a:hemligt@b/c"
    assert "hemligt" not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LIGGARE_AUTH": "ldap"}, "ska vara oppet, demo eller oidc"),
        ({"LIGGARE_AUTH": "oidc"}, "behöver LIGGARE_OIDC_ISSUER och LIGGARE_OIDC_CLIENT"),
        ({**OIDC, "LIGGARE_OIDC_ISSUER": "http://id.example"}, "ska börja med https://"),
        ({**OIDC, "LIGGARE_ADRESS": "http://liggare.kommun.se"}, "behöver LIGGARE_ADRESS som börjar med https://"),
        ({**OIDC, "LIGGARE_HOST": "0.0.0.0"}, "behöver LIGGARE_ADRESS som börjar med https://"),  # noqa: S104 - is refused
        ({"LIGGARE_ADRESS": "liggare.kommun.se"}, "ska vara tjänstens adress"),
        ({"LIGGARE_ADRESS": "https://a.se/liggare"}, "ska vara tjänstens adress"),
        ({"LIGGARE_SESSION_VILA": "0"}, "ska vara ett antal minuter"),
        ({"LIGGARE_OIDC_SECRET_FILE": "/finns/inte"}, "Filen i LIGGARE_OIDC_SECRET_FILE går inte att läsa"),
        ({"LIGGARE_OIDC_SECRET": "hemligt", "LIGGARE_OIDC_SECRET_FILE": "/x"}, "båda satta"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingIsWrong, match=said) as told:
        read_settings()

    assert "hemligt" not in str(told.value)
