"""A reporting package: the ekonomi chapter of a verksamhetsberättelse or delårsrapport, all of it as of one position.

What it consists of is a list: a new report is one line in `KAPITEL`. A report that the house does not have is passed
over, one that has nothing to say is left out or says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from ledger.domain.money import NBSP, shown, swedish
from ledger.interchange.chart import Diagram, clean
from ledger.interchange.charts import diagrams
from ledger.interchange.printed import Tryck, nothing, period_text, printed, printed_columns
from ledger.reporting.answer import Answer
from ledger.reporting.report import Report
from ledger.reporting.reports import Reports
from ledger.reporting.rules.asked import Asked, Question

MONTHS_OF_A_YEAR: Final = 12

#: The report whose question is that of the package.
FIRST: Final = "driftsammandrag"


@dataclass(frozen=True)
class Kapitel:
    """A chapter: which report, under which heading, with which columns (none: those of a narrow table).

    `fragor` are parameters of its own; a column that the answer lacks is passed over. `alltid`: there also when it is
    empty, and then it says so; `helar`: only of a whole year. `diagram`: with the charts of the report.
    """

    rapport: str
    rubrik: str = ""
    kolumner: tuple[str, ...] = ()
    fragor: tuple[tuple[str, str], ...] = ()
    alltid: bool = False
    helar: bool = False
    diagram: bool = False


#: The outcome of the period, and apart from it what is expected of the year.
UTFALLET: Final = ("utfall", "budget", "avvikelse", "utfall_fg", "bokslut_fg")
PROGNOSEN: Final = ("prognos", "budget_helar", "avvikelse_prognos", "bokslut_fg", "avvikelse_jfr_prognos")

#: The package, in order.
KAPITEL: Final = (
    Kapitel(FIRST, "Driftsammandrag", UTFALLET, alltid=True, diagram=True),
    Kapitel("ekonomi", "Ekonomi i sammandrag", UTFALLET, alltid=True),
    Kapitel(FIRST, "Driftsammandrag per verksamhet", UTFALLET, (("per", "verksamhet"),)),
    Kapitel("internbudget", helar=True),
    Kapitel("ramhistorik"),
    Kapitel("investeringsuppfoljning", alltid=True, diagram=True),
    Kapitel("investeringsplan"),
    Kapitel("ombudgetering"),
    Kapitel(FIRST, "Prognos för helåret", PROGNOSEN),
    Kapitel("prognosuppfoljning"),
    Kapitel("atgarder"),
    Kapitel("sarskilda_handelser"),
    Kapitel("nyckeltal"),
)


class Avsnitt(NamedTuple):
    """A chapter that was answered: printed, with its charts, and the answer and report that it is made of."""

    tryck: Tryck
    diagram: tuple[Diagram, ...]
    answer: Answer
    report: Report


@dataclass(frozen=True)
class Paket:
    """A package: what it is called, whose it is, what it says first, and its chapters."""

    rubrik: str
    underrubrik: str
    vinjett: str
    ingress: str
    avsnitt: tuple[Avsnitt, ...]

    @property
    def first(self) -> Avsnitt:
        """The first chapter, whose stamp is that of the package: all are of one position."""
        return self.avsnitt[0]


def package(reports: Reports, parameters: Mapping[str, str | None], kommun: str, today: date) -> Paket:
    """The package that is asked for. Errors: Refused with every fault of the question."""
    question = reports.question(FIRST, parameters, today)
    found = [made for kapitel in KAPITEL if (made := _answered(reports, kapitel, question, parameters, today))]
    found = list(_once(found))
    answer = found[0].answer
    whole = question.tom == MONTHS_OF_A_YEAR
    unit = _unit(reports, question)
    return Paket(
        f"Ekonomi {question.ar}" if whole else f"Ekonomi {period_text(question.ar, question.tom)}",
        "Underlag till verksamhetsberättelsen" if whole else "Underlag till delårsrapporten",
        " · ".join(dict.fromkeys(clean(name) for name in (kommun, unit) if name)),
        conclusion(answer),
        tuple(found),
    )


def _answered(
    reports: Reports, kapitel: Kapitel, question: Question, parameters: Mapping[str, str | None], today: date
) -> Avsnitt | None:
    """A chapter; none where it does not belong, or is empty and need not be there."""
    if kapitel.rapport not in reports.reports or (kapitel.helar and question.tom != MONTHS_OF_A_YEAR):
        return None
    asked = {**parameters, "ar": str(question.ar), "tom": str(question.tom), "enhet": question.enhet}
    asked |= {"kand": f"@{question.kand}", **dict(kapitel.fragor)}
    found = reports.question(kapitel.rapport, asked, today)
    answer = reports.ask(found)
    answer = _set(answer, kapitel)
    if not kapitel.alltid and _is_empty(answer, kapitel):
        return None
    drawn = diagrams(reports, found, answer) if kapitel.diagram else []
    return Avsnitt(printed(answer), tuple(drawn), answer, reports.find(kapitel.rapport))


def _set(answer: Answer, kapitel: Kapitel) -> Answer:
    """The answer under the heading of the chapter, its columns first, in their order.

    The year before is there once: the whole of it, or the part that is asked for.
    """
    rubrik = kapitel.rubrik or answer.rubrik
    if not kapitel.kolumner:
        return replace(answer, rubrik=rubrik)
    passed = ""
    if "utfall_fg" in kapitel.kolumner:
        passed = "utfall_fg" if answer.fraga["tom"] == MONTHS_OF_A_YEAR else "bokslut_fg"
    known = {column.nyckel: column for column in answer.kolumner}
    keys = tuple(key for key in kapitel.kolumner if key in known and key != passed)
    columns = (*(known.pop(key) for key in keys), *known.values())
    return replace(answer, rubrik=rubrik, kolumner=columns, utskrift=keys)


def _once(chapters: Sequence[Avsnitt]) -> Iterator[Avsnitt]:
    """The chapters with every note and comment said where it first belongs, and not again."""
    noted: dict[str, str] = {}
    commented: set[tuple[str, str]] = set()
    for avsnitt in chapters:
        tryck = avsnitt.tryck
        notes = [note for note in tryck.fotnoter if note not in noted]
        if earlier := next((noted[note] for note in tryck.fotnoter if note in noted), None):
            notes.append(f"I övrigt gäller noterna till {earlier}.")
        comments = tuple(comment for comment in tryck.kommentarer if comment not in commented)
        yield avsnitt._replace(tryck=replace(tryck, fotnoter=tuple(notes), kommentarer=comments))
        noted = dict.fromkeys(tryck.fotnoter, tryck.rubrik) | noted
        commented.update(tryck.kommentarer)


def _is_empty(answer: Answer, kapitel: Kapitel) -> bool:
    """Whether a chapter has nothing to say: no rows, no amount, or no figure in the column that it is about."""
    if not answer.rader or nothing(answer, printed_columns(answer)):
        return True
    about = kapitel.kolumner[0] if kapitel.kolumner else None
    return about is not None and all(rad.celler.get(about) is None for rad in answer.rader)


def _unit(reports: Reports, question: Question) -> str:
    """The name of the unit that the package is about, as of its last day."""
    with reports.snapshot(question) as snapshot:
        asked = Asked(question, snapshot)
        unit = asked.tree.units.get(asked.ansvar or "")
        return unit.namn if unit else ""


def conclusion(answer: Answer) -> str:
    """What the package says first: how the sum went against its budget, and what is expected of the year."""
    summa = next((rad for rad in answer.rader if rad.nyckel == "summa"), None)
    outcome, budget, deviation, forecast, expected = (
        value if summa and isinstance(value := summa.celler.get(key), int) else None
        for key in ("utfall", "budget", "avvikelse", "prognos", "avvikelse_prognos")
    )
    if outcome is None or budget is None or deviation is None or not (outcome or budget):
        return f"Inget utfall och ingen budget är registrerade för {_when(answer)}."
    said = [f"Utfallet för {_when(answer)} är {_amount(outcome, answer)} mot en budget på {_amount(budget, answer)}"]
    said[0] += f", {_went(deviation, answer)}."
    if forecast is not None and expected is not None and answer.fraga["tom"] != MONTHS_OF_A_YEAR:
        said.append(f"Prognosen för helåret är {_amount(forecast, answer)}, {_went(expected, answer)}.")
    return " ".join(said)


def _when(answer: Answer) -> str:
    return period_text(int(answer.fraga["ar"]), int(answer.fraga["tom"]))


def _amount(amount_ore: int, answer: Answer) -> str:
    return f"{swedish(amount_ore, answer.enhet)}{NBSP}{answer.enhet}"


def _went(deviation_ore: int, answer: Answer) -> str:
    if not shown(deviation_ore, answer.enhet):
        return "i nivå med budgeten"
    kind = "överskott" if deviation_ore > 0 else "underskott"
    return f"ett {kind} med {_amount(abs(deviation_ore), answer)}"
