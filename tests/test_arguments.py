"""Wrong calls of the command line are told what is wrong and what to do, in the words of the golden file."""

from tests.arguments import GOLDEN, entries
from tests.interchange.golden import read


def test_every_wrong_call_is_told_what_the_golden_file_says() -> None:
    assert {entry.name: entry for entry in entries()} == read(GOLDEN)


def test_no_wrong_call_is_answered_with_a_traceback_or_with_done() -> None:
    for entry in entries():
        assert "Traceback" not in entry.answer
        assert entry.answer.endswith(("slutkod 1", "slutkod 2")), entry
