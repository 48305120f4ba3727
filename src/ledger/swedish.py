"""The command line speaks Swedish: headings of help, and what is said of a wrong call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from ledger.domain.refusal import listed

_HEADINGS: Final = {"Options": "Flaggor", "Arguments": "Argument", "Commands": "Kommandon"}
_HELP: Final = "Visar den här hjälpen."


class SwedishFormatter(click.HelpFormatter):
    """Help with Swedish headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how to call."""
        super().write_usage(prog, args, prefix or "Användning: ")

    def write_heading(self, heading: str) -> None:
        """A heading, translated."""
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: object, col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of flags or commands; the words for --help are the library's own and are put in Swedish here."""
        pairs = [(name, _HELP if "--help" in name else text) for name, text in rows]  # type: ignore[attr-defined]
        super().write_dl(pairs, col_max, col_spacing)


class SwedishContext(click.Context):
    """A context whose help is Swedish."""

    formatter_class = SwedishFormatter


class SwedishCommand(click.Command):
    """A command whose help is Swedish."""

    context_class = SwedishContext

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """How to call it, in a line."""
        return ["[FLAGGOR]" if piece == "[OPTIONS]" else piece for piece in super().collect_usage_pieces(ctx)]


class SwedishGroup(click.Group):
    """All commands, with Swedish help."""

    context_class = SwedishContext

    def collect_usage_pieces(self, _ctx: click.Context) -> list[str]:
        """How to call it, in a line."""
        return ["KOMMANDO", "[ARGUMENT]…"]


class CannotBeShown(click.UsageError):
    """A form that is no text was asked for on the screen."""

    def __init__(self, form: str) -> None:
        """Which form."""
        super().__init__(f"En {form}-fil går inte att visa på skärmen: ange var den ska skrivas med --ut FIL.")


class FileEndsOtherwise(click.UsageError):
    """A file was asked for whose ending says no form that there is."""

    def __init__(self, name: str, endings: Sequence[str]) -> None:
        """Which file, and the endings that there are."""
        super().__init__(f"Filens namn säger vilket slag den ska vara: {name} slutar inte på {listed(endings)}.")


def usage_sentence(error: click.UsageError) -> str:
    """One Swedish sentence for a wrong call: what was wrong and what to do."""
    command = error.ctx.command_path if error.ctx else "liggare"
    see = f"se {command} --help."
    match error:
        case click.exceptions.NoArgsIsHelpError() | CannotBeShown() | FileEndsOtherwise():
            return error.message
        case click.NoSuchOption():
            near = f" Menade du {listed(sorted(error.possibilities))}?" if error.possibilities else ""
            return f"Flaggan {error.option_name} finns inte.{near} För alla flaggor, {see}"
        case click.MissingParameter():
            name = error.param.human_readable_name.upper() if error.param else "Ett argument"
            return f"{name} saknas: {see}"
        case click.BadOptionUsage():
            return f"Flaggan {error.option_name} behöver ett värde: {see}"
        case click.BadParameter():
            param = error.param
            name = param.opts[0] if isinstance(param, click.Option) else "Ett argument"
            allowed = ""
            if param and isinstance(param.type, click.Choice):
                allowed = f" Välj {listed(tuple(param.type.choices))}."
            elif param and isinstance(param.type, click.IntRange):
                allowed = f" Skriv ett heltal {param.type.min}–{param.type.max}."
            return f"Värdet för {name} går inte att använda.{allowed} För alla flaggor, {see}"
    if error.message.startswith("No such command"):
        name = error.message.partition("'")[2].partition("'")[0]
        return f"Kommandot {name} finns inte. För alla kommandon, {see}"
    if error.message.startswith("Got unexpected extra argument"):
        names = error.message.partition("(")[2].rstrip(")")
        return f"Argumentet {names} är ett för mycket: {see}"
    if error.message.startswith("Missing command"):
        return f"Kommandot saknas: {see}"
    return f"Anropet går inte att förstå: {see}"
