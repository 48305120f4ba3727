"""The log keeps what it is given, in order, once, and refuses what it must – the same on both backends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ledger.domain.events import KommentarWritten
from ledger.recording.append import Append
from ledger.recording.codec import Encoded, decode
from ledger.recording.place import NoLedger
from ledger.recording.store import ClockIsBehind, CommandIdTaken, FactLog, Moved, Receipt
from ledger.recording.tree import EMPTY_ROOT
from tests.recording.logs import NOON, TICK, Clock, command, comment, open_log, voucher
from tests.recording.test_tree import naive_root


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(database_url: str, clock: Clock) -> Iterator[FactLog]:
    with open_log(database_url, clock) as opened:
        yield opened


def test_an_empty_log_has_position_0_and_the_empty_root(log: FactLog) -> None:
    assert log.head() == (0, None, EMPTY_ROOT.hex())
    assert log.root_at(0) == EMPTY_ROOT.hex()
    assert log.read() == []
    assert log.position_at(NOON) == 0
    assert log.verify().ok
    with pytest.raises(ValueError, match="there is no position 1"):
        log.recorded_at(1)
    with pytest.raises(ValueError, match="there is no position 1"):
        log.root_at(1)


def test_facts_come_back_with_their_envelope(log: FactLog) -> None:
    assert log.append(command("k-1", voucher(1), voucher(2, "Hyra"))) == (1, 2, False)
    first, second = log.read()
    assert first[:8] == (1, NOON, "verifikation/2024/A/00000001", 1, "verifikation_posted.v1", "a-1", "oppet", "k-1")
    assert second.position == 2
    assert second.fact == decode(*voucher(2, "Hyra")[2:])
    assert log.head()[:2] == (2, NOON + TICK)
    assert log.recorded_at(2) == NOON + TICK


def test_positions_have_no_gaps_and_instants_grow_while_the_clock_stands(log: FactLog) -> None:
    for n in range(1, 11):
        log.append(command(f"k-{n}", voucher(2 * n), voucher(2 * n + 1)))
    facts = log.read()
    assert [fact.position for fact in facts] == list(range(1, 21))
    assert [fact.recorded_at for fact in facts] == [NOON + n * TICK for n in range(20)]


def test_a_clock_that_goes_back_is_overtaken_by_the_log(log: FactLog, clock: Clock) -> None:
    log.append(command("k-1", voucher(1)))
    clock.now = NOON - timedelta(minutes=5)
    log.append(command("k-2", voucher(2)))
    clock.now = NOON + timedelta(hours=1)
    log.append(command("k-3", voucher(3)))
    assert [fact.recorded_at for fact in log.read()] == [NOON, NOON + TICK, NOON + timedelta(hours=1)]


def test_a_clock_over_five_minutes_behind_is_refused_and_nothing_is_recorded(log: FactLog, clock: Clock) -> None:
    log.append(command("k-1", voucher(1)))
    clock.now = NOON - timedelta(minutes=5) - TICK
    with pytest.raises(ClockIsBehind, match=r"2024-05-28T11:54:59\.999999Z"):
        log.append(command("k-2", voucher(2)))
    with pytest.raises(ClockIsBehind):
        log.append_file([[voucher(2)]], command("k-3"))
    assert log.head().position == 1
    clock.now = NOON
    assert log.append(command("k-2", voucher(2))) == (2, 2, False)


def test_a_page_has_its_limits(log: FactLog) -> None:
    log.append(command("k-1", voucher(1), comment(1), voucher(2), comment(2), voucher(3)))
    assert [fact.position for fact in log.read(1)] == [2, 3, 4, 5]
    assert [fact.position for fact in log.read(1, upto=4)] == [2, 3, 4]
    assert [fact.position for fact in log.read(1, limit=2)] == [2, 3]
    assert [fact.position for fact in log.read(postings=False)] == [2, 4]
    assert [fact.position for fact in log.read(2, upto=4, limit=1, postings=False)] == [4]


def test_stored_facts_are_given_as_they_are_stored(log: FactLog) -> None:
    log.append(command("k-1", voucher(1), comment(1)))
    plain, secret = log.read_raw()
    assert plain[8:] == (voucher(1).public, None, None, None)
    assert (secret.public, secret.private, secret.salt) == (comment(1).public, comment(1).private, bytes(16))
    assert secret.recorded_at == "2024-05-28T12:00:00.000001Z"


def test_a_stream_is_read_by_version(log: FactLog) -> None:
    log.append(command("k-1", comment(1, "ett"), voucher(1), comment(2, "två")))
    stream = comment(1).stream
    assert [(fact.position, fact.version) for fact in log.stream(stream)] == [(1, 1), (3, 2)]
    assert log.stream("kommentar") == []
    fact = log.stream(stream)[1].fact
    assert isinstance(fact, KommentarWritten)
    assert fact.text == "två"


def test_versions_are_looked_up_in_bulk(log: FactLog) -> None:
    log.append(command("k-1", comment(1), comment(2), voucher(7)))
    streams = [comment(1).stream, voucher(7).stream, voucher(8).stream, "å/'\"?%s{}"]
    assert log.versions(streams) == {comment(1).stream: 2, voucher(7).stream: 1}
    assert log.versions([]) == {}
    assert log.versions([voucher(n).stream for n in range(45_000)]) == {voucher(7).stream: 1}


def test_the_last_stream_under_a_prefix_is_found(log: FactLog) -> None:
    log.append(command("k-1", voucher(7), voucher(31), comment(1), voucher(8)))
    assert log.last_under("verifikation/2024/A/") == voucher(31).stream
    assert log.last_under("kommentar") == comment(1).stream
    assert log.last_under("") == voucher(31).stream
    assert log.last_under("verifikation/2024/B") is None
    assert log.last_under("verifikation/2023") is None
    assert log.last_under("ö") is None


def test_the_position_at_an_instant_is_the_last_one_recorded_by_then(log: FactLog, clock: Clock) -> None:
    for n in range(9):
        clock.now = NOON + timedelta(seconds=n)
        log.append(command(f"k-{n}", voucher(n)))
    assert log.position_at(NOON - TICK) == 0
    assert [log.position_at(NOON + timedelta(seconds=n)) for n in range(9)] == list(range(1, 10))
    assert log.position_at(NOON + timedelta(seconds=3) - TICK) == 3
    assert log.position_at(NOON + timedelta(days=1)) == 9


# ---------------------------------------------------------------- guards and streams


def test_a_key_that_was_touched_since_it_was_read_refuses(log: FactLog) -> None:
    log.append(command("k-1", comment(1), touches=["ram/KS/2024", "organisation"]))
    with pytest.raises(Moved) as caught:
        log.append(command("k-2", voucher(1), reads=["period/2024-03", "ram/KS/2024"], as_of=0))
    assert caught.value.what == "ram/KS/2024"
    assert log.append(command("k-2", voucher(1), reads=["ram/KS/2024"], as_of=1)) == (2, 2, False)
    assert log.touched(["ram/KS/2024", "organisation", "period/2024-03"]) == {"ram/KS/2024": 1, "organisation": 1}


def test_vouchers_that_read_one_period_do_not_collide(log: FactLog) -> None:
    for n in range(5):
        log.append(command(f"k-{n}", voucher(n), reads=["period/2024-03"], as_of=0))
    log.append(command("close", comment(1), touches=["period/2024-03"]))
    with pytest.raises(Moved):
        log.append(command("late", voucher(9), reads=["period/2024-03"], as_of=5))


def test_a_version_that_is_taken_refuses_and_leaves_no_trace(log: FactLog) -> None:
    log.append(command("k-1", comment(1)))
    head = log.head()
    with pytest.raises(Moved) as caught:
        log.append(command("k-2", voucher(1), comment(1), touches=["x"]))
    assert caught.value.what == comment(1).stream
    assert log.head() == head
    assert log.touched(["x"]) == {}
    assert log.append(command("k-2", voucher(1))) == (2, 2, False)


# ---------------------------------------------------------------- commands


def test_the_same_command_again_gets_its_first_receipt(log: FactLog) -> None:
    log.append(command("k-0", voucher(1)))
    assert log.append(command("k-1", voucher(2), voucher(3), belopp="aa")) == (2, 3, False)
    log.append(command("k-2", voucher(4)))
    again = command("k-1", voucher(2), belopp="aa", reads=["organisation"])
    assert log.append(again) == Receipt(2, 3, repeated=True)
    assert log.append_file([[voucher(2)]], command("k-1", belopp="aa")) == (2, 3, True)
    assert log.head().position == 4


def test_the_same_id_for_another_body_says_what_differs(log: FactLog) -> None:
    log.append(command("k-1", voucher(2), belopp="aa", text="bb", ar="cc"))
    with pytest.raises(CommandIdTaken) as caught:
        log.append(command("k-1", voucher(3), belopp="aa", text="xx", period="dd"))
    assert caught.value.fields == ("ar", "period", "text")
    assert (caught.value.command_id, caught.value.first, caught.value.last) == ("k-1", 1, 1)
    assert log.head().position == 1


def test_a_receipt_can_be_asked_for(log: FactLog) -> None:
    log.append(command("k-1", voucher(1), voucher(2), belopp="aa"))
    assert log.receipt("k-1", {"belopp": "aa"}) == (1, 2, True)
    assert log.receipt("k-2", {"belopp": "aa"}) is None
    with pytest.raises(CommandIdTaken):
        log.receipt("k-1", {"belopp": "bb"})


def test_a_command_without_facts_is_a_mistake(log: FactLog) -> None:
    with pytest.raises(ValueError, match="k-1 has no facts"):
        log.append(command("k-1"))
    with pytest.raises(ValueError, match="k-1 has no facts"):
        log.append_file([[], []], command("k-1"))
    with pytest.raises(ValueError, match="come in batches"):
        log.append_file([[voucher(1)]], command("k-1", voucher(1)))


@pytest.mark.parametrize(
    "bad", [("", "a-1", "oppet"), ("k", "a\u0301", ""), ("k", "a-1", "\x00"), ("k\ud800", "a", "")]
)
def test_an_envelope_that_cannot_be_kept_is_refused(bad: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"command|NFC|print"):
        Append(bad[0], {}, bad[1], bad[2])


# ---------------------------------------------------------------- files


def test_a_file_is_recorded_in_batches_and_tells_how_far_it_is(log: FactLog) -> None:
    log.append(command("k-0", voucher(0)))
    told: list[int] = []
    batches = [[voucher(n) for n in range(1, 301)], [], [voucher(n, "x") for n in range(301, 601)]]
    receipt = log.append_file(batches, command("fil", touches=["period/2024-03"]), told.append)
    assert receipt == (2, 601, False)
    assert told[-1] == 600
    assert [fact.position for fact in log.read()] == list(range(1, 602))
    assert {fact.command_id for fact in log.read(1)} == {"fil"}
    assert log.touched(["period/2024-03"]) == {"period/2024-03": 601}
    assert log.verify().ok


def test_a_file_that_breaks_leaves_nothing(log: FactLog) -> None:
    log.append(command("k-0", voucher(0)))

    def broken() -> Iterator[list[Encoded]]:
        yield [voucher(n) for n in range(1, 301)]
        yield [voucher(n) for n in range(301, 601)]
        msg = "rad 601"
        raise KeyError(msg)

    with pytest.raises(KeyError, match="rad 601"):
        log.append_file(broken(), command("fil", touches=["x"]))
    assert log.head().position == 1
    assert log.touched(["x"]) == {}
    assert log.append_file([[voucher(1)]], command("fil")) == (2, 2, False)
    assert log.verify().ok


@pytest.mark.parametrize("taken", [1, 350, 600])
def test_a_file_with_a_stream_that_is_taken_names_it_and_leaves_nothing(log: FactLog, taken: int) -> None:
    log.append(command("k-0", voucher(taken)))
    batches = [[voucher(n) for n in range(1, 301)], [voucher(n) for n in range(301, 601)]]
    with pytest.raises(Moved) as caught:
        log.append_file(batches, command("fil"))
    assert caught.value.what == voucher(taken).stream
    assert log.head().position == 1
    assert log.append(command("fil", voucher(700))) == (2, 2, False)


def test_a_file_with_one_stream_twice_names_it(log: FactLog) -> None:
    with pytest.raises(Moved) as caught:
        log.append_file([[voucher(1), voucher(2), voucher(1)]], command("fil"))
    assert caught.value.what == voucher(1).stream
    assert log.head().position == 0


def test_a_file_that_rests_on_what_changed_is_refused(log: FactLog) -> None:
    log.append(command("k-0", voucher(0), touches=["period/2024-03"]))
    with pytest.raises(Moved) as caught:
        log.append_file([[voucher(1)]], command("fil", reads=["period/2024-03"], as_of=0))
    assert caught.value.what == "period/2024-03"


def test_others_may_write_until_the_first_batch_is_ready(log: FactLog) -> None:
    def slow() -> Iterator[list[Encoded]]:
        log.append(command("emellan", voucher(900)))
        yield [voucher(1)]

    assert log.append_file(slow(), command("fil")) == (2, 2, False)


def test_a_log_can_be_opened_and_read_while_a_file_is_written(log: FactLog, database_url: str) -> None:
    log.append(command("k-1", voucher(900)))
    seen: list[int] = []

    def batches() -> Iterator[list[Encoded]]:
        yield [voucher(1)]
        with open_log(database_url) as other:
            seen.append(other.head().position)
            seen.append(len(other.read()))
        yield [voucher(2)]

    assert log.append_file(batches(), command("fil")) == (2, 3, False)
    assert seen == [1, 1]


# ---------------------------------------------------------------- proof


def test_the_root_at_every_position_is_that_of_the_whole_tree(log: FactLog) -> None:
    log.append_file([[voucher(n, None if n % 3 else "x") for n in range(600)]], command("fil"))
    leaves = [bytes(row[0]) for row in log._recorder.fetch("SELECT leaf FROM {s}facts ORDER BY position")]  # noqa: SLF001
    for position in range(601):
        assert log.root_at(position) == naive_root(leaves[:position]).hex()
        if position:
            assert log.stamp_at(position) == (log.recorded_at(position), log.root_at(position))
    assert log.head().root == log.root_at(600)
    for none in (0, 601):
        with pytest.raises(ValueError, match=f"no position {none}"):
            log.stamp_at(none)


def test_logs_fed_with_the_same_commands_are_the_same_on_both_backends(sqlite_url: str, postgres_url: str) -> None:
    heads = []
    for url in (sqlite_url, postgres_url):
        with open_log(url) as log:
            log.append(command("k-1", voucher(1, "Hyra åäö"), comment(1)))
            log.append_file([[voucher(n) for n in range(2, 400)], [comment(2)]], command("fil"))
            heads.append((log.head(), log.root_at(256), log.read_raw(limit=1000)))
    assert heads[0] == heads[1]


def test_a_log_that_is_not_there_is_not_made_unasked(database_url: str) -> None:
    for _ in range(2):
        with pytest.raises(NoLedger, match="liggare init"):
            FactLog.open(database_url, clock=Clock(), salt=bytes, create=False)
    open_log(database_url).close()
    FactLog.open(database_url, clock=Clock(), salt=bytes, create=False).close()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "liggare.db"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLAlchemy URL|LIGGARE_DATABASE"):
        FactLog.open(url, clock=Clock(), salt=bytes)
