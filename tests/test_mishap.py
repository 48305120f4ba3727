"""What goes wrong outside the rules is told in Swedish, without the operating system's own words."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ledger import cli
from ledger.mishap import mishap
from ledger.reporting.running.leader import REBUILDING, turn
from ledger.reporting.stored.schema import open_database
from ledger.serving import listening
from ledger.settings import Settings


def test_a_port_that_is_taken_is_named_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Exception, match="upptagen") as caught:
            listening(Settings(port=port))
    told = mishap(caught.value)
    assert told is not None
    assert told.sentence == (
        f"Porten {port} på 127.0.0.1 är upptagen eller får inte användas: välj en annan med LIGGARE_PORT "
        "(make demo PORT=8001)."
    )


def test_a_file_that_cannot_be_written_is_named_in_swedish(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "ingen" / "svar.txt").write_bytes(b"")
    told = mishap(caught.value)
    assert told is not None
    assert told.sentence == f"{tmp_path}/ingen/svar.txt går inte att använda: mappen eller filen finns inte."


def test_a_rebuild_beside_another_is_refused_and_says_that_nothing_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/liggare.db"
    monkeypatch.setenv("LIGGARE_DATABASE", url)
    monkeypatch.setattr("ledger.reporting.running.runner.TURN", 0.01)
    assert cli.run(["init"]) == 0
    engine = open_database(url)
    under_way = turn(engine, REBUILDING)
    assert under_way.take()

    assert cli.run(["bygg-om"]) == 1
    assert capsys.readouterr().err == "En ombyggnad pågår redan. Försök igen när den är klar.\n"

    under_way.leave()
    engine.dispose()
    assert cli.run(["bygg-om"]) == 0
