"""Facts of follow-up that move no money: values beside the figures, measures that a unit takes. Continues events.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.domain.fact import Fact

# ---------------------------------------------------------------- kostnadsreducerande åtgärder


@dataclass(frozen=True, slots=True)
class AtgardChanged(Fact, name="atgard_changed", stream="atgard/{atgard}/{ar}"):
    """A measure that lowers a unit's net cost of a year: how far it has come from `statusdatum` on.

    `belopp_ore` is how much lower the net cost is planned to be, `effekt_ore` how much lower it was found to be.
    """

    atgard: str
    namn: str
    ansvar: str
    ar: int
    status: str
    statusdatum: date
    belopp_ore: int
    effekt_ore: int | None = None
    kategori: str | None = None
    text: str | None = None


# ---------------------------------------------------------------- mått och mätvärden


@dataclass(frozen=True, slots=True)
class MattDefined(Fact, name="matt_defined", stream="matt/{matt}", touches=("matt/{matt}",)):
    """Something that is measured, as it is called from a day on: a volume, of the staff, or an indicator of a goal.

    `riktning` says which is better, hogre or lagre; `del_av` is the mått that it is a part of.
    """

    matt: str
    namn: str
    slag: str
    fran: date
    enhet: str | None = None
    riktning: str | None = None
    del_av: str | None = None
    mal: str | None = None
    overgripande_mal: str | None = None
    malomrade: str | None = None


class Matvarde(NamedTuple):
    """One value: of a year or of January to month `tom`; outcome, budget, plan, forecast or target; of one sex or both.

    `varde` are digits of which the last `decimaler` are decimals. A target has its `villkor` (such as ≥), which may
    stand alone (öka). `kod` says why there is no value: I.U., N/A.
    """

    matt: str
    ar: int
    sort: str
    varde: int | None = None
    decimaler: int = 0
    tom: int | None = None
    kon: str | None = None
    villkor: str | None = None
    kod: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class MatvardenReported(Fact, name="matvarden_reported", stream="matvarde/{datum}/{ansvar}"):
    """Values of mått for a unit, given on a day. Of the same value the newest day counts."""

    datum: date
    ansvar: str
    rader: tuple[Matvarde, ...]
