"""What reporting needs of the log: facts in order, and what the log was at a position.

The recording room fits this without knowing it; `ledger.main` puts the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from ledger.domain.fact import Fact

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Recorded(Protocol):
    """One recorded fact with its envelope."""

    @property
    def position(self) -> int:
        """Its place in the log, 1 for the first."""

    @property
    def recorded_at(self) -> datetime:
        """When the ledger learned it (UTC)."""

    @property
    def name(self) -> str:
        """Its archive name, such as `omfordelning_decided.v1`."""

    @property
    def actor(self) -> str:
        """Who recorded it: a pseudonym such as `a-17`."""

    @property
    def mandat(self) -> str | None:
        """By which right."""

    @property
    def fact(self) -> Fact:
        """What was decided or had happened."""


class Coded(Protocol):
    """A column of codes: those that occur, None first, and of each row which of them."""

    @property
    def codes(self) -> Sequence[str | None]:
        """The codes, each once; more may be told than occur."""

    @property
    def numbers(self) -> NDArray[Any]:
        """Of each row the place of its code."""


class Vouchers(Protocol):
    """Some of the vouchers of a stretch as columns, one place a voucher, in log order. Each has rows."""

    @property
    def positions(self) -> NDArray[Any]:
        """Which fact."""

    @property
    def numbers(self) -> NDArray[Any]:
        """Its vernr, −1 where that is no number."""

    @property
    def stamps(self) -> Coded:
        """Who recorded it and in which hour, where that was asked for: alike for those that are alike."""


class Postings(Protocol):
    """The posted rows of a stretch of the log as columns, one place a row, in log order."""

    @property
    def upto(self) -> int:
        """The last position that the stretch covers."""

    @property
    def positions(self) -> NDArray[Any]:
        """Which fact."""

    @property
    def signs(self) -> NDArray[Any]:
        """1, or −1 where a row is taken back."""

    @property
    def days(self) -> NDArray[Any]:
        """Bokföringsdatum: `20240331`."""

    @property
    def amounts(self) -> NDArray[Any]:
        """Öre as in the row, before the sign."""

    @property
    def codes(self) -> Sequence[Coded]:
        """ansvar, verksamhet, konto, slag, projekt, händelse, and the serie of a voucher; None where there is none."""

    @property
    def vouchers(self) -> Vouchers:
        """The vouchers that are told of as columns, and correct none; any may be left out."""


class Log(Protocol):
    """The log as a reader sees it: append-only, gapless."""

    def read(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, postings: bool = True
    ) -> Sequence[Recorded]:
        """Facts after a position, in order, at most `limit`, none beyond `upto`."""

    def read_positions(self, positions: Sequence[int]) -> Sequence[Recorded]:
        """The facts at some positions, in order of position."""

    def stream(self, stream: str) -> Sequence[Recorded]:
        """The facts of one stream, such as `verifikation/2024/A/00000123`, in order."""

    def streams(self, streams: Sequence[str]) -> Sequence[Recorded]:
        """The facts of several streams."""

    def read_postings(
        self, after: int = 0, *, upto: int | None = None, limit: int = 10_000, stamps: bool = False
    ) -> Postings:
        """The posted rows of at most `limit` positions after one, none beyond `upto`; the same as of the facts.

        With `stamps` the vouchers are told of with theirs.
        """

    def head(self) -> tuple[int, datetime | None, str]:
        """The last position, when it was recorded, and the tree head (hex). Position 0: the log is empty."""

    def root_at(self, position: int) -> str:
        """The tree head (hex) when the log ended at `position`."""

    def stamp_at(self, position: int) -> tuple[datetime, str]:
        """When the fact at `position`, from 1 on, was recorded, and the tree head (hex) when the log ended there."""

    def recorded_at(self, position: int) -> datetime:
        """When the fact at `position` was recorded."""

    def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before the instant; 0 where there is none."""

    def wait(self, after: int, timeout: float) -> int:
        """The head as soon as it is beyond `after`, or when `timeout` seconds have passed."""
