"""Random questions to a large municipality, and pairs of them: any position or instant, day, month, unit and tree."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from ledger.domain.events import UnitEstablished
from ledger.domain.fact import Fact
from tests.oracle.question import Question

LEVELS: Final = ("stab", "namnd", "forvaltning", "avdelning", "enhet")
CODES: Final = ("verksamhet", "konto", "projekt")

#: How often each report is asked for.
REPORTS: Final = {"driftsammandrag": 12, "ekonomi": 2, "investeringsuppfoljning": 3, "internbudget": 1}

#: What the second question of a pair asks otherwise than the first.
AXES: Final = (("kand",), ("beslutad",), ("kand", "beslutad"), ("organisation",), ("tom",), ("ar",))


class Put(NamedTuple):
    """A question, and how it is put to the engine: as text."""

    question: Question
    parameters: dict[str, str | None]


class Dice:
    """Random questions about one ledger: its facts and the instants at which they were recorded."""

    def __init__(self, facts: Sequence[tuple[int, Fact]], instants: Sequence[datetime], seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - seeded questions, no secret
        self._instants = instants
        self._units = sorted({fact.ansvar for _, fact in facts if isinstance(fact, UnitEstablished)})
        self._years = range(instants[-1].year - 11, instants[-1].year + 1)

    def questions(self, count: int) -> list[Put]:
        """Some questions."""
        return [self._put(self._question()) for _ in range(count)]

    def pairs(self, count: int) -> list[tuple[Put, Put]]:
        """Questions and the same ones along another point of one axis or two."""
        found = []
        for _ in range(count):
            one, other = self._question(), self._question()
            changed = {axis: getattr(other, axis) for axis in self._rng.choice(AXES)}
            found.append((self._put(one), self._put(one._replace(**changed))))
        return found

    def _question(self) -> Question:
        rng = self._rng
        rapport = rng.choices(list(REPORTS), list(REPORTS.values()))[0]
        kand = self._position()
        investments = rapport == "investeringsuppfoljning"
        per = "stab" if rapport == "ekonomi" else rng.choice((*LEVELS, rng.choice(CODES)))
        # Half of what is asked is about the years around what was known.
        known = self._instants[kand - 1].year
        return Question(
            rapport,
            ar=rng.choice((known, rng.choice(self._years))),
            tom=rng.randint(1, 12),
            per=rng.choice(("projekt", per)) if investments else per,
            ansvar=rng.choice((None, rng.choice(self._units))),
            kand=kand,
            beslutad=rng.choice((None, self._day(kand), self._day(kand))),
            organisation=rng.choice((None, self._day(kand))),
            handelse="corona" if rng.random() < 0.05 else None,
            jamfor_organisation=self._day(kand) if rng.random() < 0.2 else None,
        )

    def _position(self) -> int:
        head = len(self._instants)
        return self._rng.choice((head, self._rng.randint(1, head), self._rng.randint(1, head)))

    def _day(self, kand: int) -> date:
        """Any day, or one of the two years around what was known."""
        whole = date(self._years[-1] + 1, 12, 31) - date(self._years[0], 1, 1)
        any_day = date(self._years[0], 1, 1) + timedelta(self._rng.randrange(whole.days))
        near = self._instants[kand - 1].date() - timedelta(self._rng.randrange(-200, 500))
        return self._rng.choice((any_day, near))

    def _put(self, question: Question) -> Put:
        asked = question._asdict()
        parameters = {name: _written(value) for name, value in asked.items() if name != "rapport"}
        assert question.kand is not None
        parameters["kand"] = f"@{question.kand}"
        if self._rng.random() < 0.25:
            # The instants are strictly increasing, so the last position at an instant is the one recorded then.
            instant = self._instants[question.kand - 1].astimezone(UTC)
            parameters["kand"] = instant.isoformat().replace("+00:00", "Z")
        return Put(question, parameters)


def _written(value: object) -> str | None:
    """A value of a question as text; nothing for none and no."""
    if value is None or value is False:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
