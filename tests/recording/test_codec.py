"""Facts go to canonical JSON and come back as they were, in any version, with or without their private part."""

from __future__ import annotations

import json
import types
import typing
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain import fact as catalogue_module
from ledger.domain.events import (
    Beslut,
    ForslagMade,
    KommentarWritten,
    PeriodClosed,
    RamjusteringDecided,
    RegistreringCorrected,
    VerifikationPosted,
)
from ledger.domain.fact import ERASED, PRIVATE_FIELDS, Fact, catalogue, check_catalogue, register_upcast
from ledger.domain.rader import Utfallsrad
from ledger.domain.rorelse import Rorelse
from ledger.recording.codec import NotCanonical, Unreadable, decode, encode, encode_parts
from ledger.recording.shape import LARGEST_INT, Shape
from tests.samples import RAMSANKNING, SAMPLES

MARCH = date(2024, 3, 1)
ROW = b'{"ar":2024,"belopp_ore":5,"slag":"netto"}'


def texts(minimum: int = 0) -> st.SearchStrategy[str]:
    """Text that canonical JSON can carry."""
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    return st.text(alphabet, min_size=minimum, max_size=12).map(lambda text: unicodedata.normalize("NFC", text))


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: texts(),
        int: st.integers(-LARGEST_INT, LARGEST_INT),
        bool: st.booleans(),
        date: st.dates(),
        types.NoneType: st.none(),
    }
    if hint in plain:
        return plain[hint]
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        return st.one_of([values(option) for option in typing.get_args(hint)])
    if typing.get_origin(hint) is tuple:
        return st.lists(values(typing.get_args(hint)[0]), max_size=4).map(tuple)
    if hint in {Fact, Beslut}:
        kinds = [kind for kind in catalogue().values() if issubclass(kind, Beslut)]
        return st.sampled_from(kinds).flatmap(records)
    return records(hint)


def records(kind: Any) -> st.SearchStrategy[Any]:
    """Any fact or row of a class."""
    hints = typing.get_type_hints(kind)
    names = [f.name for f in fields(kind)] if is_dataclass(kind) else kind._fields
    return st.builds(kind, **{name: values(hints[name]) for name in names})


def nulls(value: Any) -> Iterator[Any]:
    """Every null in a JSON value."""
    if value is None:
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nulls(item)


def private_names(value: Any) -> set[str]:
    """Every key of a JSON value that is the name of a private field."""
    if isinstance(value, list):
        return {name for item in value for name in private_names(item)}
    if isinstance(value, dict):
        inner = {name for item in value.values() for name in private_names(item)}
        return inner | (value.keys() & PRIVATE_FIELDS)
    return set()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_comes_back_as_it_was(sample: Fact) -> None:
    encoded = encode(sample, 3)
    assert (encoded.stream, encoded.version, encoded.name) == (sample.stream, 3, sample.name)
    assert decode(encoded.name, encoded.public, encoded.private) == sample


@given(st.sampled_from(sorted(catalogue())).flatmap(lambda name: records(catalogue()[name])))
def test_any_fact_comes_back_as_it_was_and_is_canonical(fact: Fact) -> None:
    encoded = encode_parts(fact)  # a random fact may lack what its stream key needs
    assert decode(fact.name, *encoded) == fact
    for part in encoded:
        if part is not None:
            value = json.loads(part)
            canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            assert part.decode() == canonical
            assert not list(nulls(value))
    assert not private_names(json.loads(encoded[0]))


def test_private_texts_lie_in_a_mirror_of_their_own() -> None:
    rows = (Utfallsrad(100, "KS"), Utfallsrad(-60, "KS", motpart="Anna"), Utfallsrad(-40))
    encoded = encode(VerifikationPosted("A", "1", MARCH, rows), 1)
    public = b'"rader":[{"ansvar":"KS","belopp_ore":100},{"ansvar":"KS","belopp_ore":-60},{"belopp_ore":-40}]'
    assert encoded.public == b'{"bokforingsdatum":"2024-03-01",' + public + b',"serie":"A","vernr":"1"}'
    assert encoded.private == b'{"rader":[{},{"motpart":"Anna"},{}]}'


def test_a_fact_without_private_text_has_no_private_part() -> None:
    assert encode(VerifikationPosted("A", "1", MARCH, (Utfallsrad(0),)), 1).private is None
    assert encode(PeriodClosed("2024-03"), 1).private is None


def test_a_blank_private_text_is_not_an_absent_one() -> None:
    fact = PeriodClosed("2024-03", motivering="")
    encoded = encode(fact, 1)
    assert encoded.private == b'{"motivering":""}'
    assert decode(*encoded[2:]) == fact


def test_a_fact_inside_a_fact_keeps_its_own_name_and_its_private_part_apart() -> None:
    inner = RamjusteringDecided("KF", MARCH, (Rorelse(5, "netto", 2024, text="hemlig"),))
    encoded = encode(RegistreringCorrected(7, inner), 1)
    inner_public = (
        b'{"beslutsdatum":"2024-03-01","beslutsorgan":"KF","rorelser":[{"ar":2024,"belopp_ore":5,"slag":"netto"}]}'
    )
    assert encoded.public == b'{"fel":{"fact":' + inner_public + b',"name":"ramjustering_decided.v1"},"rattar":7}'
    assert encoded.private == b'{"fel":{"fact":{"rorelser":[{"text":"hemlig"}]}}}'


def test_an_erased_fact_reads_raderad_in_every_private_field_and_nowhere_else() -> None:
    posted = VerifikationPosted("A", "1", MARCH, (Utfallsrad(5, "KS", text="Anna"), Utfallsrad(-5)))
    read = decode(posted.name, encode(posted, 1).public, None, erased=True)
    assert read == VerifikationPosted(
        "A", "1", MARCH, (Utfallsrad(5, "KS", motpart=ERASED, text=ERASED), Utfallsrad(-5, motpart=ERASED, text=ERASED))
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_sample_can_be_read_when_its_private_part_is_erased(sample: Fact) -> None:
    encoded = encode(sample, 1)
    read = decode(encoded.name, encoded.public, None, erased=True)
    assert encode(read, 1).public == encoded.public


def test_an_erased_fact_inside_a_fact_reads_raderad_too() -> None:
    read = decode("forslag_made.v1", encode(ForslagMade(RAMSANKNING), 1).public, None, erased=True)
    assert isinstance(read, ForslagMade)
    assert read.beslut.rorelser[0].text == ERASED


@pytest.mark.parametrize(
    ("row", "field", "why"),
    [
        (Utfallsrad(1, text="a\u0301"), "rader[1].text", "NFC"),
        (Utfallsrad(1, "KS\x00"), "rader[1].ansvar", "NUL"),
        (Utfallsrad(1, konto="\ud800"), "rader[1].konto", "surrogat"),
        (Utfallsrad(LARGEST_INT + 1), "verifikation_posted.v1", "belopp_ore"),
        (Utfallsrad(1.5), "verifikation_posted.v1", "belopp_ore"),  # type: ignore[arg-type]
        (Utfallsrad(1, konto=4010), "verifikation_posted.v1", "konto"),  # type: ignore[arg-type]
        (Utfallsrad(True), "verifikation_posted.v1", "belopp_ore"),  # noqa: FBT003 - a bool in place of an amount
        (Utfallsrad(1, text=5), "verifikation_posted.v1", "text"),  # type: ignore[arg-type]
    ],
)
def test_what_canonical_json_cannot_carry_is_refused_by_field(row: Utfallsrad, field: str, why: str) -> None:
    fact = VerifikationPosted("A", "1", MARCH, (Utfallsrad(0), row))
    with pytest.raises(NotCanonical, match=why) as caught:
        encode(fact, 1)
    assert caught.value.field == field
    assert isinstance(caught.value, ValueError)


def test_the_text_backslash_u0000_is_not_the_character() -> None:
    fact = KommentarWritten(2024, 12, "r", "x", r"så skrivs NUL: \u0000")
    assert decode(*encode(fact, 1)[2:]) == fact


@pytest.mark.parametrize(
    ("name", "public", "private"),
    [
        ("okand_decided.v1", b"{}", None),
        ("kommentar_written.v1", b'{"ar":2024,"rad":"x","rapport":"r","tom":12}', None),
        ("kommentar_written.v1", b'{"ar":2024,"rad":"x","rapport":"r"}', b'{"text":"x"}'),
        ("period_closed.v1", b'{"period":"2024-03","nytt":1}', None),
        ("period_closed.v1", b'{"period":"2024-03"', None),
        ("prognos_submitted.v1", b'{"ansvar":"a","ar":1,"prognosdatum":"2024-01-01","rader":[]}', b'{"rader":[{}]}'),
    ],
)
def test_bytes_that_are_no_fact_are_refused(name: str, public: bytes, private: bytes | None) -> None:
    with pytest.raises(Unreadable, match=name):
        decode(name, public, private)


# ---------------------------------------------------------------- versions


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of its own, so that invented facts disturb nobody."""
    monkeypatch.setattr(catalogue_module, "_CATALOGUE", dict(catalogue_module._CATALOGUE))  # noqa: SLF001
    monkeypatch.setattr(catalogue_module, "_UPCASTS", dict(catalogue_module._UPCASTS))  # noqa: SLF001


def _invent() -> type[Fact]:
    """A fact in its third version: v1 had `summa` in kronor, v2 öre, and v3 has a unit and calls text a text."""

    @dataclass(frozen=True, slots=True)
    class AvgiftDecided(Fact, name="avgift_decided", version=3, stream="avgift/{ansvar}"):
        belopp_ore: int
        ansvar: str
        text: str | None = None

    register_upcast("avgift_decided.v1", lambda old: {"belopp_ore": old["summa"] * 100, **_without(old, "summa")})
    register_upcast(
        "avgift_decided.v2",
        lambda old: {"ansvar": "KS", "text": old.get("kommentar"), **_without(old, "kommentar")},
    )
    return AvgiftDecided


def _without(old: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in old.items() if key != name}


@pytest.mark.usefixtures("archive")
def test_an_old_fact_is_lifted_through_all_its_versions() -> None:
    invented: Any = _invent()
    check_catalogue()
    lifted = invented(belopp_ore=500, ansvar="KS", text="Hyra")
    assert decode("avgift_decided.v1", b'{"summa":5}', b'{"kommentar":"Hyra"}') == lifted
    assert decode("avgift_decided.v2", b'{"belopp_ore":500}', b'{"kommentar":"Hyra"}') == lifted
    assert decode("avgift_decided.v1", b'{"summa":5}', None) == invented(belopp_ore=500, ansvar="KS")
    assert decode(*encode(lifted, 1)[2:]) == lifted


@pytest.mark.usefixtures("archive")
def test_an_erased_old_fact_is_lifted_too() -> None:
    invented: Any = _invent()
    read = decode("avgift_decided.v1", b'{"summa":5}', None, erased=True)
    assert read == invented(belopp_ore=500, ansvar="KS", text=ERASED)


@pytest.mark.usefixtures("archive")
def test_an_old_fact_inside_a_fact_is_lifted_by_its_own_chain() -> None:
    invented: Any = _invent()
    public = b'{"fel":{"fact":{"summa":5},"name":"avgift_decided.v1"},"rattar":7}'
    private = b'{"fel":{"fact":{"kommentar":"Hyra"}},"motivering":"fel"}'
    read = decode("registrering_corrected.v1", public, private)
    assert read == RegistreringCorrected(7, invented(500, "KS", "Hyra"), motivering="fel")


def _lift(old: dict[str, Any]) -> dict[str, Any]:
    return old


class _Any(Fact):
    pass


@pytest.mark.parametrize(
    ("facts", "chain", "why"),
    [
        ({"x.v3": _Any}, {"x.v2": _lift}, r"x\.v1 cannot be read: its upcast is missing"),
        ({"x.v2": _Any}, {"x.v1": _lift, "x.v2": _lift}, r"x\.v2 is current and cannot have an upcast"),
        ({"x.v1": _Any}, {"y.v1": _lift}, r"the upcast of y\.v1 leads to y\.v2, which does not exist"),
        ({"x": _Any}, {}, r"x is not an archive name"),
        ({"x.v0": _Any}, {}, r"x\.v0 is not an archive name"),
    ],
)
def test_a_broken_chain_is_found_at_start_up(facts: dict[str, type[Fact]], chain: dict[str, Any], why: str) -> None:
    with pytest.raises(TypeError, match=why):
        check_catalogue(facts, chain)


@pytest.mark.usefixtures("archive")
def test_a_field_that_json_cannot_carry_is_found_when_the_fact_is_first_used() -> None:
    @dataclass(frozen=True, slots=True)
    class Odd(Fact, name="odd", stream="odd"):
        andel: float

    with pytest.raises(TypeError, match="andel cannot be written as canonical JSON"):
        Shape(Odd)
