"""The command line's words for who may come in: keys for machines, and the table of roles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.settings import read_settings
from ledger.swedish import SwedishCommand, SwedishGroup

if TYPE_CHECKING:
    from ledger.main import House


@click.group("token", cls=SwedishGroup, short_help="Nycklar för maskiner: skapa, lista, återkalla.")
def token() -> None:
    """Nycklar för maskiner som anropar API:et."""


@token.command("skapa", cls=SwedishCommand)
@click.argument("namn", metavar="NAMN")
@click.option("--roll", metavar="ROLL", required=True, help="ekonom, controller, revisor, internkontroll eller lasare.")
@click.option("--enhet", "enheter", metavar="KOD", multiple=True, help="Begränsa till en enhets träd; kan upprepas.")
@click.option("--skriver", is_flag=True, help="Nyckeln får registrera, inte bara läsa.")
@click.option("--dagar", metavar="ANTAL", type=click.IntRange(1, 366), default=180, help="Hur länge den gäller (180).")
@click.option("--ansvarig", metavar="PSEUDONYM", help="Den person som ansvarar för maskinen (a-17); annars du själv.")
def make(namn: str, roll: str, enheter: tuple[str, ...], dagar: int, ansvarig: str | None, *, skriver: bool) -> None:
    """Skapar en nyckel för en maskin och visar den, den enda gången."""
    from ledger.identity import administering  # noqa: PLC0415 - nothing heavy is loaded for --help

    with opened() as house:
        made = administering.make_token(
            house.identity, namn, roll, enheter, skriver=skriver, days=dagar, ansvarig=ansvarig
        )
        click.echo(made)


@token.command("lista", cls=SwedishCommand)
def listed() -> None:
    """Visar alla nycklar, utan deras hemligheter."""
    from ledger.identity import administering  # noqa: PLC0415 - nothing heavy is loaded for --help

    with opened() as house:
        click.echo(administering.tokens_text(house.identity))


@token.command("aterkalla", cls=SwedishCommand)
@click.argument("nyckel", metavar="ID")
def withdraw(nyckel: str) -> None:
    """Återkallar en nyckel genast och för alltid."""
    from ledger.identity import administering  # noqa: PLC0415 - nothing heavy is loaded for --help

    with opened() as house:
        click.echo(administering.withdraw_token(house.identity, nyckel))


@click.command("roller", cls=SwedishCommand, short_help="Visar rolltabellen, eller läser in en ny version av den.")
@click.argument("fil", metavar="[FIL]", required=False, type=click.Path(path_type=Path))
def roller(fil: Path | None) -> None:
    """Visar vilka roller inloggningstjänstens uppgifter ger; med FIL (CSV) läses en ny version av tabellen in."""
    from ledger.identity import administering  # noqa: PLC0415 - nothing heavy is loaded for --help

    with opened() as house:
        if fil is None:
            click.echo(administering.roller_text(house.identity))
        else:
            click.echo(administering.change_roller(house.identity, fil))


def opened() -> House:
    """The ledger that the settings name: it must exist."""
    from ledger import main  # noqa: PLC0415 - nothing heavy is loaded for --help

    return main.House.open(read_settings(), create=False)
