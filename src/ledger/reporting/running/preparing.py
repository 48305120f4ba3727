"""What a stretch of the log adds to each material, read in the cheapest way that serves all of them.

Posted rows are read as columns where a cube is declared as such, postings are not read for who does not ask of them,
and whole facts only for who needs them. A material that raises stops by itself, at the fact that it cannot take.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

from ledger.domain.events import UtfallReported, VerifikationPosted
from ledger.reporting.entry import Cube, Journal, Material, Register, Series
from ledger.reporting.log import Log, Postings, Recorded
from ledger.reporting.stored.cube_preparing import posted_columns
from ledger.reporting.stored.headed import headed_journal, headed_series, heads_of
from ledger.reporting.stored.writing import Prepared, prepare, prepare_posted

#: Facts a page: whole blocks of what journals and series keep, so that nothing is put in a tail that is soon full.
PAGE: Final = 8_192

#: The facts that are most of a log, and that a register without `postings` is not asked of.
POSTINGS: Final = (VerifikationPosted, UtfallReported)

#: So few facts are read whole, in one question, whoever needs them.
FEW: Final = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A material that cannot take a fact: at which position, and what it raised."""

    material: str
    position: int
    error: str

    def sentence(self) -> str:
        """Names the three, for people."""
        return f"underlaget {self.material} stannar vid @{self.position}: {self.error}"


class Part(NamedTuple):
    """What a stretch adds to one material, which then holds the log to `upto`; less than asked for after a failure."""

    upto: int
    prepared: Prepared
    failure: Failure | None = None


#: What a stretch adds to each material, by name.
Stretch = dict[str, Part]


def prepare_stretch(log: Log, materials: Sequence[Material], after: int, upto: int, *, whole: bool = False) -> Stretch:
    """What the facts at positions after+1 … `upto` add to some materials. The log has come as far.

    With `whole` every fact is read whole and asked of by every material, as if nothing were known of any.
    """
    if not whole and upto - after > FEW:
        return _by_short_cuts(log, materials, after, upto)
    page = log.read(after, upto=upto, limit=upto - after)
    return {m.name: _part(m, page, upto) for m in materials}


def _by_short_cuts(log: Log, materials: Sequence[Material], after: int, upto: int) -> Stretch:
    """The same with no fact read for who does not ask of it."""
    size, found = upto - after, Stretch()
    posted = [m for m in materials if isinstance(m, Cube) and m.is_of_postings]
    headed = [m for m in materials if isinstance(m, Journal | Series) and m.by_heads]
    if posted or headed:
        page = log.read_postings(after, upto=upto, limit=size, stamps=bool(headed))
        rows = posted_columns(page)
        for cube in posted:
            try:
                found[cube.name] = Part(upto, prepare_posted(cube, rows))
            except Exception:  # noqa: BLE001 - the facts themselves tell which of them it is
                found[cube.name] = _part(cube, log.read(after, upto=upto, limit=size), upto)
        if headed:
            found |= _by_heads(log, materials, page, after, upto)
    left = [m for m in materials if m.name not in found]
    few = [m for m in left if isinstance(m, Register) and not m.postings]
    if left:
        facts = log.read(after, upto=upto, limit=size, postings=len(few) < len(left))
        without = [recorded for recorded in facts if not isinstance(recorded.fact, POSTINGS)]
        found |= {m.name: _part(m, without if m in few else facts, upto) for m in left}
    return found


def _by_heads(log: Log, materials: Sequence[Material], page: Postings, after: int, upto: int) -> Stretch:
    """What a stretch adds to those that need not have vouchers whole, where most of it is vouchers.

    Who raises, or says of vouchers what does not hold for one, is left out: it is asked of whole facts instead.
    """
    size, heads = upto - after, heads_of(log, page)
    besides = {recorded.position: recorded for recorded in log.read(after, upto=upto, limit=size, postings=False)}
    rest = sorted(set(range(after + 1, upto + 1)).difference(heads.positions, besides))
    if len(rest) > len(heads.positions):
        return {}
    besides |= {recorded.position: recorded for recorded in log.read_positions(rest)}
    facts = [besides[position] for position in sorted(besides)]
    found = Stretch()
    for material in materials:
        with suppress(Exception):
            if isinstance(material, Journal) and material.by_heads:
                found[material.name] = Part(upto, headed_journal(material, facts, heads))
            elif isinstance(material, Series) and material.by_heads:
                found[material.name] = Part(upto, headed_series(material, facts, heads))
            elif isinstance(material, Register) and material.postings and not material.vouchers:
                found[material.name] = Part(upto, prepare(material, facts))
    return found


def _part(material: Material, page: Sequence[Recorded], upto: int) -> Part:
    """What a page adds to a material; where it raises, what the facts before the one that it cannot take add."""
    try:
        return Part(upto, prepare(material, page))
    except Exception as error:
        if not page:
            raise
        at, why = _first_failing(material, page, error)
        failure = Failure(material.name, page[at].position, f"{type(why).__name__}: {why}")
        return Part(page[at].position - 1, prepare(material, page[:at]), failure)


def _first_failing(material: Material, page: Sequence[Recorded], error: Exception) -> tuple[int, Exception]:
    """The place of the first fact that a material cannot take, and what it raises; the first of all if none does."""
    for at, recorded in enumerate(page):
        try:
            prepare(material, [recorded])
        except Exception as alone:  # noqa: BLE001 - as above
            return at, alone
    return 0, error
