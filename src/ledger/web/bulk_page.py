"""Many steps at once: what exactly is about to be done, page by page of what is ticked, and then what became of each.

Each step is a command of its own in its own transaction, so one that is refused does not hinder the others. A form that
is sent again gives the first answers again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final, NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from ledger.domain.language import N_, _, _n
from ledger.domain.refusal import AND, Kind, Refused, listed, sentences
from ledger.web import case_view, marks, problems, rules, words
from ledger.web.case_page import decision_day
from ledger.web.drawing import Drawing
from ledger.web.forms import Sent
from ledger.web.house import House
from ledger.web.inbox_page import InboxPage, case_row
from ledger.web.marks import BEKRAFTA, BESLUTA, GRANSKA, Mark
from ledger.web.problems import ProblemRaised
from ledger.web.registration_page import registration_at, registration_row, right_of

#: What the button does, of so many; and what was done, of one.
DOES: Final = {GRANSKA: N_("granska {count}"), BESLUTA: N_("besluta {count}"), BEKRAFTA: N_("bekräfta {count}")}
STEPS: Final = {GRANSKA: N_("Granska"), BESLUTA: N_("Besluta"), BEKRAFTA: N_("Bekräfta")}
DONE: Final = {GRANSKA: N_("granskat"), BESLUTA: N_("beslutat"), BEKRAFTA: N_("bekräftat")}

#: What names a sending of the form, so that the same is done once.
_SENDING: Final = re.compile(r"[A-Za-z0-9-]{1,60}")


class Step(NamedTuple):
    """A ticked step as it stands now: its row, its amount and organ, and why it cannot be taken (blank: it can)."""

    mark: Mark
    row: dict[str, Any]
    belopp_ore: int | None
    organ: str
    table: dict[str, Any] | None
    sentence: str

    @property
    def gor(self) -> str:
        """What is done, in a word."""
        return _(STEPS[self.mark.slag])


class BulkPage:
    """Draws what is ticked, and does it."""

    def __init__(self, house: House, drawing: Drawing) -> None:
        """Answer from one house."""
        self._house, self._drawing = house, drawing
        self._inbox = InboxPage(house, drawing)

    def sent(self, sent: dict[str, str]) -> Response:
        """A form with ticks: what they mean, or what became of them. Errors: ProblemRaised (400, 422)."""
        gor, chosen = sent.get("gor", ""), marks.read(sent)
        if gor not in ("ga-igenom", "genomfor"):
            raise problems.no(rules.FormIsUnreadable())
        if not chosen:
            return self._inbox.draw(refusal=rules.NothingIsMarked())
        return self._review(chosen, sent) if gor == "ga-igenom" else self._perform(chosen, sent)

    # ------------------------------------------------------------ before

    def _review(self, chosen: list[Mark], sent: Mapping[str, str], refused: Refused | None = None) -> Response:
        """Exactly what is about to be done; what cannot be is told apart. With `refused`, why the day is wrong."""
        today = self._house.ledger.look(lambda _books, today: today)
        steps = [self._step(mark, today) for mark in chosen]
        free = [step for step in steps if not step.sentence]
        return self._drawing.page(
            "att_gora_granska.html",
            chosen="att-gora",
            http_status=problems.STATUS[refused.kind if refused else Kind.CONFLICT] if refused or not free else 200,
            steps=free,
            left=[step for step in steps if step.sentence],
            groups=_groups(free),
            button=_button(free),
            decides=any(step.mark.slag == BESLUTA for step in free),
            day=sent.get("beslutsdatum") or today.isoformat(),
            day_sentence=refused.refusals[0].sentence() if refused else "",
            sent=sent,
            sending=self._house.new_id(),
        )

    def _step(self, mark: Mark, today: date) -> Step:
        try:
            return self._registration(mark, today) if mark.slag == BEKRAFTA else self._case(mark, today)
        except ProblemRaised as problem:
            return Step(mark, _named(mark), None, "", None, problem.refusals[0].sentence())

    def _registration(self, mark: Mark, today: date) -> Step:
        """A registration to confirm. Errors: ProblemRaised (404)."""
        _recorded, made = registration_at(self._house, mark.om)
        right = right_of(made)
        belopp = sum(r.belopp_ore for r in right.rorelser) if right else None
        units = {side.ansvar for _way, side in right.sides()} if right else set()
        names = self._house.ledger.look(lambda books, day: case_view.unit_names(books, units, day))
        row = registration_row(self._house, mark.om)
        row["from_to"] = case_view.from_to(right.rorelser, names) if right else ""
        table = case_view.table(right.rorelser, names) if right else None
        organ = getattr(right, "beslutsorgan", "")
        return Step(mark, row, belopp, organ, table, self._why_not(mark, today))

    def _case(self, mark: Mark, today: date) -> Step:
        """A case to review or decide, and as what. Errors: ProblemRaised (404)."""
        seen = case_view.look(self._house, mark.om)
        if seen is None:
            raise problems.no(rules.AddressIsUnknown(f"/arenden/{problems.shortened(mark.om, 60)}"))
        # Whoever decides as nothing is told why as the one who may would be asked.
        organs = (seen.decides_as or seen.way.organ[:1] or ("-",)) if mark.slag == BESLUTA else ("",)
        why = {organ: self._why_not(mark, today, organ) for organ in organs}
        organ = next((organ for organ, sentence in why.items() if not sentence), organs[0])
        table = case_view.table(seen.case.drafted.rorelser, seen.names)
        row = case_row(seen)
        return Step(mark, row, seen.way.belopp_ore, organ or row["at"], table, why[organ])

    def _why_not(self, mark: Mark, today: date, organ: str = "") -> str:
        """Why the choke point would not let a step through; blank where it would."""
        try:
            judged = self._house.ledger.judge(mark.command(today, today, organ), self._house.caller)
        except Refused as refused:
            return _sentences(refused)
        return "" if judged.facts else _("Det är redan gjort.")

    # ------------------------------------------------------------ after

    def _perform(self, chosen: list[Mark], sent: dict[str, str]) -> Response:
        """Every step, one after the other, and what became of each."""
        sending = sent.get("anrop", "")
        if not _SENDING.fullmatch(sending):
            raise problems.no(rules.FormIsUnreadable())
        today = self._house.ledger.look(lambda _books, today: today)
        try:
            decides = any(mark.slag == BESLUTA for mark in chosen)
            day = decision_day(sent) if decides else today
        except Refused as refused:
            return self._review(chosen, sent, refused)
        results: list[dict[str, Any]] = []
        for mark in chosen:
            organ, paragraf = sent.get(f"organ {mark.value}", ""), sent.get(f"paragraf {mark.value}") or None
            command = mark.command(day, today, organ, paragraf)
            results.append(self._done(mark, command, f"{sending}:{len(results) + 1}"))
        if last := max(one["last"] for one in results):
            self._house.reports.runner.wait_for(last)
        done = sum(not one["sentence"] for one in results)
        return self._drawing.page(
            "att_gora_klart.html", chosen="att-gora", results=results, rubrik=_outcome(done, len(results) - done),
            done=done, refused=len(results) - done, counts=any(one["counts"] for one in results),
        )  # fmt: skip

    def _done(self, mark: Mark, command: Any, command_id: str) -> dict[str, Any]:
        """What became of a step: the positions of its facts (0: none are new), or why it was refused."""
        row = {
            "step": _(STEPS[mark.slag]),
            "text": _(DONE[mark.slag]),
            "first": 0,
            "last": 0,
            "sentence": "",
            "counts": False,
        }
        try:
            done = self._house.ledger.execute(command, self._house.caller, command_id)
        except Refused as refused:
            row["sentence"] = _sentences(refused)
        except tuple(self._house.known_errors) as error:
            rule_of = next(rule for kind, rule in self._house.known_errors.items() if isinstance(error, kind))
            row["sentence"] = rule_of(error).sentence()
        else:
            row |= {"first": done.first, "last": done.last, "counts": mark.slag != GRANSKA}
        return self._row(mark) | row

    def _row(self, mark: Mark) -> dict[str, Any]:
        """What a step is of, in words."""
        if mark.slag == BEKRAFTA:
            with suppress(ProblemRaised):
                return registration_row(self._house, mark.om)
        elif seen := case_view.look(self._house, mark.om):
            return case_row(seen)
        return _named(mark)


def _named(mark: Mark) -> dict[str, Any]:
    """What is ticked but cannot be found, by its name alone."""
    return {"rubrik": problems.shortened(mark.om, 60), "about": "", "href": "", "from_to": ""}


def _sentences(refused: Refused) -> str:
    return " ".join(sentences(refused.refusals))


def _groups(steps: list[Step]) -> list[dict[str, Any]]:
    """How many steps of each kind by each organ, and the sum of their amounts."""
    counted: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    for step in steps:
        key = step.mark.slag, step.organ
        counted[key] += 1
        sums[key] += step.belopp_ore or 0
    return [
        {"step": _(STEPS[slag]), "organ": organ, "antal": antal, "belopp": words.exact(sums[slag, organ])}
        for (slag, organ), antal in counted.items()
    ]


def _button(steps: list[Step]) -> str:
    """What the button does: `Granska 2 och besluta 3`."""
    counted = Counter(step.mark.slag for step in steps)
    said = listed([_(DOES[slag]).format(count=counted[slag]) for slag in marks.SLAG if counted[slag]], AND)
    return said[:1].upper() + said[1:]


def _outcome(done: int, refused: int) -> str:
    """What became of all the steps, in a sentence."""
    if not refused:
        return _n("Steget är taget", "Alla {count} steg är tagna", done).format(count=done)
    if not done:
        return _n("Steget togs inte", "Inget av de {count} stegen togs", refused).format(count=refused)
    return _("{done} av {all} steg är tagna").format(done=done, all=done + refused)


def router(house: House, drawing: Drawing) -> APIRouter:
    """/att-gora, as it is sent."""
    page = BulkPage(house, drawing)
    pages = APIRouter(include_in_schema=False)

    @pages.post("/att-gora")
    def sent(sent: Sent) -> Response:
        return page.sent(sent)

    return pages
