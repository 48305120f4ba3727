"""Why a question cannot be answered: each broken rule with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.domain.language import N_
from ledger.domain.refusal import AND, Kind, Refusal, listed


@dataclass(slots=True)
class ReportDoesNotExist(Refusal):
    """No report has the name."""

    kind: ClassVar[Kind] = Kind.MISSING
    reports: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Names the reports there are."""
        return self.say("Rapporten ”{self.varde}” finns inte. Välj en av {reports}.", reports=listed(self.reports))


@dataclass(slots=True)
class ParameterDoesNotExist(Refusal):
    """The report takes no such parameter."""

    parameters: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Names the parameters there are."""
        return self.say(
            "Parametern ”{self.kolumn}” finns inte i den här rapporten. Använd {parameters}.",
            parameters=listed(self.parameters),
        )


@dataclass(slots=True)
class ParameterHasOtherForm(Refusal):
    """The value is not written as the parameter is."""

    rule_text: str = ""
    remedy: str = ""

    def sentence(self) -> str:
        """The parameter, its value, the rule and what to write."""
        return self.say("{self.kolumn} är ”{self.varde}”: {self.rule_text}. {self.remedy}.")


@dataclass(slots=True)
class ValueIsNotAChoice(Refusal):
    """The value is none of those the parameter takes."""

    choices: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Names the choices."""
        return self.say(
            "{self.kolumn} är ”{self.varde}”, vilket inte går att välja. Skriv {choices}.",
            choices=listed(self.choices),
        )


@dataclass(slots=True)
class PositionIsBeyondTheLog(Refusal):
    """Nothing is known yet at the position."""

    head: int = 0

    def sentence(self) -> str:
        """Says how far the log goes."""
        return self.say(
            "kand är ”{self.varde}”, men loggen slutar vid @{self.head}. Ange en position från @0 till @{self.head} "
            "eller utelämna kand för det senaste.",
        )


@dataclass(slots=True)
class UnitDoesNotExist(Refusal):
    """No unit has the code, as known at the position."""

    kind: ClassVar[Kind] = Kind.MISSING
    kand: int = 0
    nearest: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Names the codes that are nearest."""
        if not self.nearest:
            return self.say(
                "ansvar är ”{self.varde}”, men ingen enhet med den koden är känd vid @{self.kand}. Ingen organisation "
                "är registrerad."
            )
        return self.say(
            "ansvar är ”{self.varde}”, men ingen enhet med den koden är känd vid @{self.kand}. Närmast ligger "
            "{nearest}.",
            nearest=listed(self.nearest, AND),
        )


@dataclass(slots=True)
class RoundDoesNotExist(Refusal):
    """No budget round of the year was decided on the day."""

    kind: ClassVar[Kind] = Kind.MISSING
    ar: int = 0
    days: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Names the rounds of the year."""
        if not self.days:
            return self.say("omgang är ”{self.varde}”, men {self.ar} har ingen budgetomgång. Utelämna omgang.")
        return self.say(
            "omgang är ”{self.varde}”, men ingen omgång för {self.ar} beslutades den dagen. Välj {days}.",
            days=listed(self.days),
        )


@dataclass(slots=True)
class CellDoesNotExist(Refusal):
    """The answer has no such row or column."""

    kind: ClassVar[Kind] = Kind.MISSING
    choices: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Names what there is."""
        if self.kolumn == "rad":
            text = N_("Raden ”{self.varde}” finns inte i svaret. Där finns {choices}.")
        else:
            text = N_("Kolumnen ”{self.varde}” finns inte i svaret. Där finns {choices}.")
        return self.say(text, choices=listed(self.choices, AND))


@dataclass(slots=True)
class ListHasNoSums(Refusal):
    """The report is a list: nothing to take apart."""

    def sentence(self) -> str:
        """Says what can be asked instead."""
        return self.say(
            "{self.varde} är en lista utan summor och kan inte delas upp. Fråga efter en rapport med belopp.",
        )
