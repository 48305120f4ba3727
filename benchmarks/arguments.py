"""What `liggare-bench` can be asked for, and one sentence about what it cannot."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn

from benchmarks.databases import BACKENDS
from benchmarks.municipality import MOST_YEARS

#: So much is needed for there to be anything to measure.
FEWEST_ROWS: Final = 100
FEWEST_POSTS: Final = 20


class Asking(argparse.ArgumentParser):
    """A parser that refuses with one sentence in Swedish."""

    def error(self, message: str) -> NoReturn:
        """Say it and end with 2."""
        self.exit(2, f"{self.prog}: {message.removeprefix('argument ')}. Flaggorna: {self.prog} --help\n")


def arguments(benchmarks: Sequence[str], given: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for of some benchmarks. Ends the process with 2 and a sentence where it cannot be had."""
    parser = Asking(prog="liggare-bench", description="Mäter liggaren mot golv i samma körning.", allow_abbrev=False)
    add = parser.add_argument
    add(
        "prov",
        nargs="*",
        default=["all"],
        metavar="PROV",
        help=f"vad som mäts: {', '.join(benchmarks)} eller all (förval: all)",
    )
    add("--rows", type=whole(FEWEST_ROWS), nargs="+", default=[1_000_000], metavar="N",
        help="utfallsrader; flera storlekar mäts var för sig (förval: 1000000; kravet: 10000000)")  # fmt: skip
    add("--backend", type=one_of((*BACKENDS, "both")), default="both", metavar="DATABAS",
        help="sqlite, postgres eller both (förval: both)")  # fmt: skip
    add("--asks", type=whole(1), default=1_000, metavar="N", help="frågor per mätning (förval: 1000)")
    add("--posts", type=whole(FEWEST_POSTS), default=8_000, metavar="N",
        help="enskilda poster per mätning (förval: 8000)")  # fmt: skip
    add("--seconds", type=between(0.1, 86_400), default=10.0, metavar="S",
        help="sekunder med jämn ström av poster (förval: 10)")  # fmt: skip
    add("--threads", type=whole(1, 256), nargs="+", default=[1, 16, 64], metavar="N", help="trådar (förval: 1 16 64)")
    add("--rounds", type=whole(1), default=3, metavar="N", help="omgångar; medianen gäller (förval: 3)")
    add("--seed", type=whole(0), default=2024, metavar="N", help="kommunens frö (förval: 2024)")
    add("--years", type=whole(1, MOST_YEARS), default=MOST_YEARS, metavar="N",
        help=f"år som kommunen budgeterar och bokför (förval: {MOST_YEARS})")  # fmt: skip
    add("--texts", type=between(0, 1), default=0.0, metavar="ANDEL",
        help="andel verifikationer med text (förval: 0)")  # fmt: skip
    add("--postgres", default=os.environ.get("LIGGARE_TEST_POSTGRES"), metavar="URL",
        help="server att skapa databaser på (förval: LIGGARE_TEST_POSTGRES, annars startas en egen)")  # fmt: skip
    add("--folder", type=Path, metavar="MAPP", help="var databaserna ligger (förval: systemets tillfälliga mapp)")
    add("--keep", type=Path, metavar="MAPP", help="bygg liggarna här en gång, och använd dem igen nästa gång")
    add("--json", type=in_a_folder, metavar="FIL", help="skriv alla värden som JSON")
    add("--markdown", type=in_a_folder, metavar="FIL", help="skriv tabellen som Markdown")
    asked = parser.parse_args(given)
    for prov in asked.prov:
        if prov not in {*benchmarks, "all"}:
            parser.error(f"provet {prov} finns inte; välj {', '.join(benchmarks)} eller all")
    return asked


def whole(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    """Reads a whole number within limits."""
    limits = f"minst {lowest}" if highest is None else f"{lowest}–{highest}"

    def read(text: str) -> int:
        if text.isascii() and text.isdecimal() and lowest <= int(text) <= (highest or int(text)):
            return int(text)
        msg = f"{text} går inte, det ska vara ett heltal, {limits}"
        raise argparse.ArgumentTypeError(msg)

    return read


def between(lowest: float, highest: float) -> Callable[[str], float]:
    """Reads a number within limits."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if lowest <= number <= highest:
            return number
        msg = f"{text} går inte, det ska vara ett tal, {lowest:g}–{highest:g}, med decimalpunkt"
        raise argparse.ArgumentTypeError(msg)

    return read


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Reads one of some words."""

    def read(text: str) -> str:
        if text in choices:
            return text
        msg = f"{text} går inte att välja, skriv {', '.join(choices[:-1])} eller {choices[-1]}"
        raise argparse.ArgumentTypeError(msg)

    return read


def in_a_folder(text: str) -> Path:
    """Reads where a file can be written: what is measured for an hour must not be lost at the end."""
    path = Path(text)
    if path.parent.is_dir() and not path.is_dir():
        return path
    msg = f"{text} går inte att skriva, mappen {path.parent} finns inte eller så är det en mapp"
    raise argparse.ArgumentTypeError(msg)
