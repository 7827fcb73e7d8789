"""Appends over several streams, and what is written beside them: all or nothing, on both databases."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text

from tests.adapters.sql.made import Clock, renamed, tamper, unguard
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import reading
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.domain.events import NewEvent, Recorded
from tracker.errors import Conflict, StoreError
from tracker.ports.log import Batch, Notice


@pytest.fixture
def log(engine: Engine) -> SqlEventLog:
    """Return a log with stream a at version 2 and stream b at version 1."""
    made = SqlEventLog(engine, Clock())
    made.append_together([Batch("a", 0, several("a1", "a2")), Batch("b", 0, several("b1"))])
    return made


def several(*names: str) -> list[NewEvent]:
    """Return plain events."""
    return [renamed(name) for name in names]


def places(events: Sequence[Recorded]) -> list[tuple[str, int, str, int]]:
    """Return where events stand."""
    return [(one.id, one.position, one.stream, one.version) for one in events]


def test_in_the_order_of_the_batches(log: SqlEventLog) -> None:
    """Old streams and new ones are appended to in one go, numbered and answered in the order of the batches."""
    written = log.append_together(
        [Batch("b", 1, several("b2")), Batch("c", 0, several("c1")), Batch("a", 2, several("a3", "a4"))],
        [Notice("mail", "c1", "s")],
    )
    assert places(written) == [("b2", 4, "b", 2), ("c1", 5, "c", 1), ("a3", 6, "a", 3), ("a4", 7, "a", 4)]
    assert tuple(log.read(after=3)) == written


@pytest.mark.parametrize("stale", [("a", 1), ("a", 3), ("b", 0), ("c", 1)])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_conflict_refuses_all(log: SqlEventLog, engine: Engine, stale: tuple[str, int], place: int) -> None:
    """When one stream is not where its writer saw it, behind or ahead, nothing is written to any, nor an outbox row."""
    batches = [Batch("d", 0, several("d1")), Batch("e", 0, several("e1"))]
    batches.insert(place, Batch(*stale, several("x1")))
    with pytest.raises(Conflict):
        log.append_together(batches, [Notice("mail", "d1", "s")])
    assert log.head() == 3
    assert SqlOutbox(engine).search() == ()
    assert SqlAuditor(engine).verify().faults == ()


def test_one_stream_twice(log: SqlEventLog) -> None:
    """A stream that is named twice conflicts with itself: there is one version that its writer can have seen."""
    for second in (2, 3):
        with pytest.raises(Conflict):
            log.append_together([Batch("a", 2, several("x")), Batch("a", second, several("y"))])
    assert log.head() == 3


def test_the_same_again(log: SqlEventLog) -> None:
    """The same ids a second time, in whatever batches, are answered with what is stored, and nothing is written."""
    stored = {one.id: one for one in log.read()}
    again = log.append_together([Batch("z", 9, several("b1", "a1")), Batch("a", 0, several("a2", "a1"))])
    assert again == (stored["b1"], stored["a1"], stored["a2"])
    assert log.head() == 3


def test_what_is_missing_of_several(log: SqlEventLog) -> None:
    """Where some ids are held, the others are written, if their own streams are still as they were seen."""
    written = log.append_together([Batch("a", 0, several("a1", "a2")), Batch("b", 1, several("b1", "b2", "b3"))])
    assert places(written) == [
        ("a1", 1, "a", 1), ("a2", 2, "a", 2), ("b1", 3, "b", 1), ("b2", 4, "b", 2), ("b3", 5, "b", 3),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        log.append_together([Batch("c", 0, several("c1")), Batch("a", 0, several("a1", "a3"))])
    assert log.head() == 5


def test_many_streams(log: SqlEventLog) -> None:
    """Three thousand streams are appended to at once, and again on top of what they hold."""
    names = [f"n{number}" for number in range(3000)]
    log.append_together([Batch(name, 0, several(f"{name}-1")) for name in names])
    written = log.append_together([Batch(name, 1, several(f"{name}-2")) for name in names])
    assert places(written)[-1] == ("n2999-2", 6003, "n2999", 2)
    with pytest.raises(Conflict):
        log.append_together([Batch(name, 2 + (name == "n7"), several(f"{name}-3")) for name in names])


@pytest.mark.usefixtures("log")
def test_beside_an_append(engine: Engine) -> None:
    """What is written beside an append sees its events under their positions, and stands with them."""
    beside = Beside()
    written = SqlEventLog(engine, Clock(), beside).append_together(
        [Batch("a", 2, several("a3")), Batch("c", 0, several("c1"))]
    )
    assert beside.told == [written]
    assert beside.rows(engine) == 2


@pytest.mark.parametrize("error", [StoreError("no"), KeyError("no")])
def test_a_failure_beside_takes_the_append_along(log: SqlEventLog, engine: Engine, error: Exception) -> None:
    """Whatever goes wrong beside an append undoes it and what was written beside it; the next one starts afresh."""
    beside = Beside(error)
    failing = SqlEventLog(engine, Clock(), beside)
    for _ in range(2):
        with pytest.raises(type(error)):
            failing.append("a", 2, several("a3"), [Notice("mail", "a3", "s")])
    assert (log.head(), beside.rows(engine), SqlOutbox(engine).search()) == (3, 0, ())
    beside.error = None
    assert places(failing.append("a", 2, several("a3"))) == [("a3", 4, "a", 3)]
    assert SqlAuditor(engine).verify().faults == ()


@pytest.mark.usefixtures("log")
def test_nothing_beside_what_is_held(engine: Engine) -> None:
    """Events that the log holds already are not told of a second time."""
    beside = Beside()
    SqlEventLog(engine, Clock(), beside).append("a", 1, several("a2", "a1"))
    assert beside.told == []


class Beside:
    """Writes a row for each event it is told of, and then fails if it was made so."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.told: list[tuple[Recorded, ...]] = []

    def __call__(self, connection: Connection, recorded: Sequence[Recorded]) -> None:
        """Write into the transaction of the append."""
        for one in recorded:
            statement = text("INSERT INTO erasure (entry, erased_at) VALUES (:entry, :at)")
            connection.execute(statement, {"entry": one.id, "at": one.position})
        self.told.append(tuple(recorded))
        if self.error:
            raise self.error

    def rows(self, engine: Engine) -> int:
        """Return how many rows stand."""
        with reading(engine) as connection:
            return int(connection.execute(text("SELECT count(*) FROM erasure")).scalar_one())


def test_two_writers_in_turn(engine: Engine) -> None:
    """Writers who remember where the log ended go on rightly after others have written, each in turn."""
    writers = [SqlEventLog(engine, Clock()) for _ in range(3)]
    for number in range(12):
        writers[number % 3].append(f"s{number % 2}", number // 2, several(f"e{number}"))
    audit = SqlAuditor(engine).verify()
    assert (audit.events, audit.faults) == (12, ())


def test_a_log_that_was_put_back(engine: Engine) -> None:
    """A writer whose log was replaced by another of the same length does not chain to what is no longer there."""
    writer = SqlEventLog(engine, Clock())
    writer.append("a", 0, several("a1"))
    unguard(engine)
    tamper(engine, "UPDATE event SET id = 'b1', hash = 'other'")
    writer.append("a", 1, several("a2"))
    assert writer.seal(1) == "other"
    assert SqlAuditor(engine).verify(start=2).faults == ()


def test_threads_share_a_log(engine: Engine) -> None:
    """Threads that append through one log object, each to its own stream, are none in the other's way."""
    log = SqlEventLog(engine, Clock())

    def write(thread: int) -> None:
        for nth in range(25):
            log.append(f"t{thread}", nth, several(f"t{thread}-{nth}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    audit = SqlAuditor(engine).verify()
    assert (audit.events, audit.streams, audit.faults) == (100, 4, ())
