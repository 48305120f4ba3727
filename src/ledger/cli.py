"""The command line `liggare`: records, asks and proves.

Exit: 0 done, 1 refused (the rule, in Swedish, on stderr), 2 usage, 3 integrity broken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click
import typer

from ledger.cli_progress import Progress
from ledger.domain.refusal import Refused
from ledger.settings import Settings, SettingIsWrong, read_settings
from ledger.swedish import SwedishContext, usage_sentence

if TYPE_CHECKING:
    from ledger.main import House

DONE, REFUSED, USAGE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    options_metavar="[FLAGGOR]",
    subcommand_metavar="KOMMANDO [ARGUMENT]…",
    help="Budgetliggare: budgetbeslut, utfall och prognoser som fakta, och rapporterna vid varje tidpunkt.",
)
