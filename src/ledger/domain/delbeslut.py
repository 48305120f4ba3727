"""Parts of a decision: what stands under its key already, and what a later file adds.

Rule: contract §4 – a later file with the same key that names other nämnder, years or projects is a further part of the
decision; changed or missing rows for one that it already named are the conflict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.domain import beslut_refusals as no
from ledger.domain.erasure import same_rows
from ledger.domain.events import Beslut
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.rorelse import Rorelse

if TYPE_CHECKING:
    from ledger.domain.books import Books

#: What a row names: its nämnder, its year and its project.
Scope = tuple[str, int, str]
Rows = dict[Scope, Counter[Rorelse]]


def new_part(books: Books, fact: Beslut, known: Mapping[int, Beslut]) -> Beslut | None:
    """The rows that are not recorded under the same key, as a decision; None where all are. Errors: Refused.

    `known` are the recorded parts by position.
    """
    if not known:
        return fact
    recorded = _by_scope(books, known.values())
    conflicts = [*_row_conflicts(books, fact, known, recorded), *_sum_conflicts(fact, known)]
    if conflicts:
        raise Refused(conflicts)
    new = tuple(r for r in fact.rorelser if scope_of(books, fact, r) not in recorded)
    if new:
        return replace(fact, rorelser=new)
    if fact.kontrollsumma_ore is not None and all(part.kontrollsumma_ore is None for part in known.values()):
        raise refuse(no.KontrollsummaComesLate(next(iter(known)), kolumn="kontrollsumma"))
    return None


def scope_of(books: Books, fact: Beslut, r: Rorelse) -> Scope:
    """What a row of a decision names."""
    codes = (r.fran_ansvar, r.till_ansvar)
    namnder = sorted({books.organisation.namnd(code, fact.beslutsdatum) for code in codes if code})
    return ", ".join(namnder), r.ar, r.projekt or ""


def _by_scope(books: Books, parts: Iterable[Beslut]) -> Rows:
    rows: Rows = defaultdict(Counter)
    for part in parts:
        for r in part.rorelser:
            rows[scope_of(books, part, r)][r] += 1
    return rows


def _row_conflicts(books: Books, fact: Beslut, known: Mapping[int, Beslut], recorded: Rows) -> Iterator[Refusal]:
    """Every nämnd, year and project that was named before with other rows."""
    for scope, given in _by_scope(books, [fact]).items():
        before = recorded.get(scope)
        if before is None or same_rows(before.elements(), given.elements()):
            continue
        position = next(at for at, part in known.items() if scope in _by_scope(books, [part]))
        changed = (n for n, r in enumerate(fact.rorelser) if scope_of(books, fact, r) == scope and not before[r])
        yield no.BeslutIsOtherwise(
            fact.typ, position, *scope, _sum_ore(before), _sum_ore(given), before.total(), given.total(),
            rad=next(changed, 0),
        )  # fmt: skip


def _sum_conflicts(fact: Beslut, known: Mapping[int, Beslut]) -> Iterator[Refusal]:
    """The minutes give one total for all parts."""
    for position, part in known.items():
        sums = (part.kontrollsumma_ore, fact.kontrollsumma_ore)
        if None not in sums and sums[0] != sums[1]:
            yield no.KontrollsummaIsOtherwise(position, sums[0] or 0, sums[1] or 0, kolumn="kontrollsumma")
            return


def _sum_ore(rows: Counter[Rorelse]) -> int:
    return sum(r.belopp_ore for r in rows.elements())
