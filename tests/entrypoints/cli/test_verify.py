"""`tracker verify`: what it prints of a log, whole or from a position on, and how it ends."""

import pytest

from tests.adapters.sql.made import tamper, unguard
from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.stored import Stored
from tracker.entrypoints.cli.main import run

EVENTS = bridge.events()
LAST = len(EVENTS)


def refused(tracker: Tracker, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """Return the faults that a log is refused for: on stdout, with one line on stderr and exit code 1."""
    assert run(["--database-url", tracker.url, "verify", *options]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    faults: list[str] = captured.out.splitlines()
    assert f"the log does not verify: {len(faults)} fault" in captured.err
    return faults


def test_an_honest_log(database: Stored, tracker: Tracker) -> None:
    """Counts, position and head of an honest log are printed on one line."""
    assert tracker("verify") == (
        f"verified {LAST} events in 3 streams; position {LAST}, head {database.log.seal(LAST)}:"
        " nothing changed, lost or added\n"
    )


def test_from_a_position_on(database: Stored, tracker: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """With --from only what follows is checked; beyond the end of the log there is nothing to begin at."""
    head = database.log.seal(LAST)
    said = tracker("verify", "--from", "15")
    assert said.startswith(f"verified {LAST - 14} events in ")
    assert f" from position 15 on; position {LAST}, head {head}:" in said
    assert tracker("verify", "--from", str(LAST + 1)).startswith("verified 0 events in 0 streams from position 21 on;")
    assert refused(tracker, capsys, "--from", str(LAST + 2)) == [f"the log has no position {LAST + 1} to begin behind"]


def test_with_a_head_noted_before(database: Stored, tracker: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """A hash that was printed before is still in the log; one of another log, or of a tail cut off, is not."""
    for position in (3, LAST):
        assert tracker("verify", "--head", database.log.seal(position)).startswith("verified 20 events")
    (fault,) = refused(tracker, capsys, "--head", "0" * 64)
    assert fault.startswith(f"no event has the hash {'0' * 64}")


def test_what_is_no_head(database: Stored, tracker: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """A hash in capitals is the same hash; half of one is bad input and no word against the log."""
    head = database.log.seal(3)
    assert tracker("verify", "--head", f" {head.upper()}").startswith("verified 20 events")
    for wrong in ("", head[:12], f"{head}0", "x" * 64):
        assert run(["--database-url", tracker.url, "verify", "--head", wrong]) == 2
        assert "a head is 64 digits" in capsys.readouterr().err


def test_a_text_that_was_taken(database: Stored, tracker: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """An event that lost its text without an event that says so is a fault, and named."""
    unguard(database.engine)
    tamper(database.engine, "UPDATE event SET salt = NULL WHERE position = 11")
    assert refused(tracker, capsys) == ["position 11: its data is not what an erasure left"]


def test_an_empty_log(empty_log: Tracker) -> None:
    """An empty log verifies."""
    assert empty_log("verify") == "verified 0 events in 0 streams; an empty log: nothing changed, lost or added\n"


@pytest.fixture
def empty_log(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Tracker:
    """Return the command line on a database without events."""
    return Tracker(sqlite_url, capsys)
