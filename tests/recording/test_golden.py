"""The wire format is frozen: every fact has a sample and a line, and no line ever changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.domain.events import KommentarWritten
from ledger.domain.fact import catalogue, upcasts
from ledger.recording.codec import decode
from tests.recording import wire
from tests.samples import BY_NAME, SAMPLES


def test_every_fact_of_the_catalogue_has_exactly_one_sample() -> None:
    assert sorted(sample.name for sample in SAMPLES) == sorted(catalogue())


def test_every_fact_version_that_can_be_read_has_a_frozen_line() -> None:
    assert sorted(wire.frozen()) == sorted({*catalogue(), *upcasts()})


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_the_sample_is_stored_as_it_was_frozen(name: str) -> None:
    assert wire.line_of(BY_NAME[name]) == wire.frozen()[name]


@pytest.mark.parametrize("line", wire.frozen().values(), ids=lambda line: line.name)
def test_the_frozen_line_reads_as_the_sample(line: wire.Line) -> None:
    fact = decode(line.name, line.public.encode(), None if line.private is None else line.private.encode())
    assert fact == BY_NAME.get(line.name, fact)


def test_refreshing_adds_a_line_but_does_not_change_one() -> None:
    sample = KommentarWritten(2024, 12, "driftsammandrag", "KS", "En ny text")
    before = wire.frozen()
    del before["kommun_named.v1"]
    assert wire.refreshed(before, BY_NAME, may_change=False) == wire.frozen()
    with pytest.raises(ValueError, match=r"kommentar_written\.v1 is frozen"):
        wire.refreshed(before, {sample.name: sample}, may_change=False)
    assert "En ny text" in str(wire.refreshed(before, {sample.name: sample}, may_change=True)[sample.name])


def test_refreshing_needs_its_flag(capsys: pytest.CaptureFixture[str]) -> None:
    assert wire.main([]) == 2
    assert "--golden" in capsys.readouterr().err


def test_lines_are_written_as_they_are_read(tmp_path: Path) -> None:
    wire.write(wire.frozen(), tmp_path / "wire.jsonl")
    assert (tmp_path / "wire.jsonl").read_text(encoding="utf-8") == wire.GOLDEN.read_text(encoding="utf-8")
