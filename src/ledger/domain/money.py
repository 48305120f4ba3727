"""Money in öre: whole integers, exact, and the display units of reports.

Rule: contract §3 – amounts are integers in öre; a shown cell is rounded on its own, half away from zero.
"""

from __future__ import annotations

from typing import Final

#: Öre per display unit.
UNITS: Final = {"kr": 100, "tkr": 100_000, "mnkr": 100_000_000}

#: Decimals shown per display unit.
DECIMALS: Final = {"kr": 0, "tkr": 0, "mnkr": 1}

#: The largest amount that canonical JSON can carry exactly.
LARGEST_ORE: Final = 2**53 - 1

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"


def round_half_away(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator, halves away from zero. The denominator is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def shown(amount_ore: int, enhet: str) -> int:
    """An amount in the last shown digit of the display unit: 632 149 000 00 öre is 6321 in mnkr (632,1)."""
    return round_half_away(amount_ore * 10 ** DECIMALS[enhet], UNITS[enhet])


def swedish(amount_ore: int | None, enhet: str) -> str:
    """An amount as Swedish text: `1 234,5`, U+2212 before a negative amount, `–` where there is no figure."""
    if amount_ore is None:
        return "–"
    digits = shown(amount_ore, enhet)
    decimals = DECIMALS[enhet]
    text = plain_digits(abs(digits), decimals).replace(".", ",")
    whole, comma, rest = text.partition(",")
    whole = f"{int(whole):,}".replace(",", NBSP)
    return (MINUS if digits < 0 else "") + whole + comma + rest


def machine(amount_ore: int | None, enhet: str) -> str:
    """An amount for CSV: plain `-` and `.`, no thousands separator; blank where there is no figure."""
    if amount_ore is None:
        return ""
    digits = shown(amount_ore, enhet)
    return ("-" if digits < 0 else "") + plain_digits(abs(digits), DECIMALS[enhet])


def kronor(amount_ore: int) -> str:
    """An exact amount in kronor with two decimals, as Swedish text: `16 300 000,00`."""
    whole, ore = divmod(abs(amount_ore), 100)
    return f"{MINUS if amount_ore < 0 else ''}{whole:,}".replace(",", NBSP) + f",{ore:02d}"


def plain_digits(digits: int, decimals: int) -> str:
    """Non-negative digits with a decimal point set: 6321 with one decimal is `632.1`."""
    if not decimals:
        return str(digits)
    text = str(digits).rjust(decimals + 1, "0")
    return f"{text[:-decimals]}.{text[-decimals:]}"


def twelfths(total_ore: int, tom: int) -> int:
    """What of a whole-year amount falls on months 1 to `tom` when it is spread by twelfths.

    Every month gets the whole-öre twelfth (towards zero); the öre left over fall one each on the first months.
    Rule: contract §4.
    """
    sign = -1 if total_ore < 0 else 1
    each, left = divmod(abs(total_ore), 12)
    return sign * (each * tom + min(left, tom))
