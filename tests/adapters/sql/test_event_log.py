"""The log's contract, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from tests.adapters.sql.made import NOON, Clock, later, renamed, tamper, unguard
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.domain.events import Recorded
from tracker.domain.ids import content_id
from tracker.errors import BrokenLog, Conflict, NotFound, StoreError
from tracker.ports.log import Notice


@pytest.fixture
def clock() -> Clock:
    """Return a clock at noon."""
    return Clock()


@pytest.fixture
def log(engine: Engine, clock: Clock) -> SqlEventLog:
    """Return an empty log."""
    return SqlEventLog(engine, clock)


def ids(events: tuple[Recorded, ...]) -> list[str]:
    """Return the ids of events."""
    return [one.id for one in events]


def test_empty(log: SqlEventLog) -> None:
    """An empty log has no events, its head is 0, and nothing was known at any time."""
    assert tuple(log.read()) == ()
    assert log.head() == 0
    assert log.position_at(NOON) == 0
    assert log.append("s", 0, ()) == ()


def test_append_and_read(log: SqlEventLog) -> None:
    """What append returns is what read gives back, with dense positions and versions counted in each stream."""
    first = log.append("a", 0, [renamed("1"), renamed("2")])
    second = log.append("b", 0, [renamed("3")])
    third = log.append("a", 2, [renamed("4")])
    assert tuple(log.read()) == (*first, *second, *third)
    assert [(one.position, one.stream, one.version) for one in log.read()] == [
        (1, "a", 1), (2, "a", 2), (3, "b", 1), (4, "a", 3),
    ]  # fmt: skip
    assert tuple(log.read(stream="a")) == (*first, *third)
    assert log.head() == 4


def test_the_envelope_is_kept(log: SqlEventLog) -> None:
    """Actor, causation and the publisher's time are kept beside the event, to the microsecond."""
    new = renamed("1", "Überfall auf 😀 \x00")
    (stored,) = log.append("a", 0, [new])
    assert next(log.read()) == stored
    assert (stored.event, stored.actor, stored.causation, stored.published_at) == (
        new.event, new.actor, new.causation, new.published_at,
    )  # fmt: skip


def test_read_bounds(log: SqlEventLog) -> None:
    """Reading takes the events after one position and up to another, no more than asked for, across pages."""
    log.append("a", 0, [renamed(str(number)) for number in range(1203)])
    assert [one.position for one in log.read(after=3, upto=6)] == [4, 5, 6]
    assert [one.position for one in log.read(after=1200)] == [1201, 1202, 1203]
    assert [one.position for one in log.read(limit=2)] == [1, 2]
    assert len(list(log.read(limit=1100))) == 1100
    assert [one.position for one in log.read()] == list(range(1, 1204))
    assert [one.version for one in log.read(stream="a", after=499)] == list(range(500, 1204))
    assert list(log.read(limit=0)) == list(log.read(stream="b")) == []


def test_stale_writer(log: SqlEventLog) -> None:
    """A writer that expects another version is refused, and nothing of its batch is written."""
    log.append("a", 0, [renamed("1")])
    for expected in (0, 2):
        with pytest.raises(Conflict):
            log.append("a", expected, [renamed("2"), renamed("3")])
    with pytest.raises(Conflict):
        log.append("b", 1, [renamed("2")])
    assert ids(tuple(log.read())) == ["1"]


def test_positions_of_a_refused_append_are_used_again(log: SqlEventLog) -> None:
    """A rollback gives its positions back: the next event follows without a gap."""
    log.append("a", 0, [renamed("1")])
    with pytest.raises(Conflict):
        log.append("a", 0, [renamed("2")])
    with pytest.raises(Conflict):
        log.append("b", 3, [renamed("2")])
    with pytest.raises(StoreError):
        log.append("c", 0, [replace(renamed("2"), actor=None)])  # type: ignore[arg-type]
    assert [one.position for one in log.append("d", 0, [renamed("3")])] == [2]


def test_same_ids_again(log: SqlEventLog, engine: Engine) -> None:
    """Appending the same ids again writes nothing and returns what is stored, whatever version is expected."""
    first = log.append("a", 0, [renamed("1"), renamed("2")], [Notice("mail", "2", "s")])
    for expected in (0, 2, 7):
        assert log.append("a", expected, [renamed("1"), renamed("2", "Other")], [Notice("mail", "2", "s")]) == first
    assert log.head() == 2
    assert len(SqlOutbox(engine).search()) == 1


def test_only_what_is_missing(log: SqlEventLog, engine: Engine) -> None:
    """Of a batch that is held in part the rest is written, and answered in the order of the batch."""
    log.append("a", 0, [renamed("2")], [Notice("mail", "2", "s")])
    batch = [renamed("1"), renamed("2"), renamed("3"), renamed("1")]
    answer = log.append("a", 1, batch, [Notice("mail", "2", "s"), Notice("mail", "3", "s")])
    assert [(one.id, one.position, one.version) for one in answer] == [("1", 2, 2), ("2", 1, 1), ("3", 3, 3)]
    assert [one.position for one in SqlOutbox(engine).search()] == [3, 1]


def test_what_is_missing_still_conflicts(log: SqlEventLog) -> None:
    """A batch held in part is refused when its stream has moved on, for its rest was judged on an old story."""
    log.append("a", 0, [renamed("1"), renamed("2")])
    with pytest.raises(Conflict):
        log.append("a", 1, [renamed("2"), renamed("3")])
    assert log.head() == 2


def test_outbox_row_with_its_event(log: SqlEventLog, engine: Engine, clock: Clock) -> None:
    """A notice becomes a delivery with its event or not at all, due at once, under an id made from its content."""
    clock.now = later(hours=1)
    log.append("a", 0, [renamed("1"), renamed("2")], [Notice("mail", "2", "s"), Notice("hook", "2", "s")])
    deliveries = SqlOutbox(engine).search()
    assert {one.id for one in deliveries} == {content_id("d", (name, "2")) for name in ("mail", "hook")}
    assert {(one.position, one.state, one.attempts, one.due_at) for one in deliveries} == {
        (2, "pending", 0, later(hours=1))
    }
    with pytest.raises(Conflict):
        log.append("a", 0, [renamed("3")], [Notice("mail", "3", "s")])
    with pytest.raises(ValueError, match="not among"):
        log.append("a", 2, [renamed("3")], [Notice("mail", "4", "s")])
    assert SqlOutbox(engine).search() == deliveries


def test_a_failed_outbox_row_takes_its_event_along(log: SqlEventLog, engine: Engine) -> None:
    """When the outbox row cannot be written, the event is not written either."""
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE delivery RENAME TO gone"))
    with pytest.raises(StoreError):
        log.append("a", 0, [renamed("1")], [Notice("mail", "1", "s")])
    assert log.head() == 0
    assert tuple(log.read()) == ()


def test_the_clock_steps_back(log: SqlEventLog, clock: Clock) -> None:
    """Recorded times never run back, so that what was known at a time is a prefix of the log."""
    for hours in (0, 5, 2, -3, 5, 6):
        clock.now = later(hours=hours)
        log.append(f"s{log.head()}", 0, [renamed(f"e{log.head()}")])
    assert [(one.recorded_at - NOON) / timedelta(hours=1) for one in log.read()] == [0, 5, 5, 5, 5, 6]
    assert [log.position_at(later(hours=hours)) for hours in (-1, 0, 4.9, 5, 5.5, 6, 99)] == [0, 1, 1, 5, 5, 6, 6]


def test_an_alert_does_not_wait_for_a_clock_that_was_set_back(log: SqlEventLog, engine: Engine, clock: Clock) -> None:
    """After the clock was set back, what is owed for a new event is due at once by the clock as it is now."""
    clock.now = later(hours=5)
    log.append("a", 0, [renamed("1")])
    clock.now = later(hours=4)
    log.append("a", 1, [renamed("2")], [Notice("mail", "2", "s")])
    (owed,) = SqlOutbox(engine).claim(clock.now, 1, timedelta(minutes=1))
    assert (owed.due_at, owed.created_at) == (later(hours=4), later(hours=5))


def test_the_log_only_grows(log: SqlEventLog, engine: Engine) -> None:
    """The database itself refuses to change or delete an event."""
    before = log.append("a", 0, [renamed("1")])
    for statement in ("UPDATE event SET actor = 'x'", "DELETE FROM event"):
        with pytest.raises(StoreError, match="only grows"), writing(engine) as connection:
            connection.execute(text(statement))
    if engine.dialect.name == "postgresql":
        with pytest.raises(StoreError, match="only grows"), writing(engine) as connection:
            connection.execute(text("TRUNCATE event"))
    assert tuple(log.read()) == before


def test_a_reader_holds_nothing(log: SqlEventLog, engine: Engine) -> None:
    """A reader that pauses between two events keeps no transaction open, and goes on with what came since."""
    log.append("a", 0, [renamed(str(number)) for number in range(1000)])
    reader = log.read()
    next(reader)
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    log.append("a", 1000, [renamed("new")])
    assert [one.position for one in reader][-1] == 1001


@pytest.mark.parametrize("aware", [False, True])
def test_half_a_log_is_not_built_upon(log: SqlEventLog, engine: Engine, clock: Clock, *, aware: bool) -> None:
    """A log that lost its newest event or its head row is refused, also by a writer who knew its tip."""
    log.append("a", 0, [renamed("1"), renamed("2")])
    writer = log if aware else SqlEventLog(engine, clock)
    unguard(engine)
    tamper(engine, "DELETE FROM event WHERE position = 2")
    with pytest.raises(BrokenLog, match="event at position 2"):
        writer.append("a", 1, [renamed("3")])
    tamper(engine, "DELETE FROM log")
    with pytest.raises(BrokenLog, match="head row"):
        writer.append("b", 0, [renamed("3")])


def test_a_hole_is_not_read_across(log: SqlEventLog, engine: Engine, clock: Clock) -> None:
    """Where an event is missing that halving comes across, the log is called broken and no wrong place is given."""
    for number in range(3):
        clock.now = later(hours=number)
        log.append("a", number, [renamed(str(number))])
    unguard(engine)
    tamper(engine, "DELETE FROM event WHERE position = 2")
    with pytest.raises(BrokenLog, match="verify"):
        log.position_at(later(hours=1))
    with pytest.raises(BrokenLog, match="verify"):
        next(log.read(stream="a", after=1))


def test_a_moment_without_a_zone(log: SqlEventLog, clock: Clock) -> None:
    """A time of no zone is refused, for nobody could say later when it was."""
    clock.now = NOON.replace(tzinfo=None)
    with pytest.raises(StoreError, match="no time zone"):
        log.append("a", 0, [renamed("1")])
    clock.now = NOON
    with pytest.raises(StoreError, match="no time zone"):
        log.append("a", 0, [replace(renamed("1"), published_at=NOON.replace(tzinfo=None))])
    assert log.head() == 0


def test_half_a_character(log: SqlEventLog) -> None:
    """A text that no database can keep is refused in one line, wherever in the event it stands."""
    half = "\ud800"
    for new in (renamed("1", half), renamed(half), replace(renamed("1"), actor=half)):
        with pytest.raises(StoreError, match="half a character"):
            log.append("a", 0, [new])
    with pytest.raises(StoreError, match="half a character"):
        log.append(half, 0, [renamed("1")])
    assert log.head() == 0


def test_seal(log: SqlEventLog) -> None:
    """The seal of a position is the hash of its event; that of nothing is empty, and what is not there has none."""
    written = log.append("a", 0, [renamed("1"), renamed("2")])
    assert [log.seal(position) for position in range(3)] == ["", *(one.hash for one in written)]
    with pytest.raises(NotFound, match="no position 3"):
        log.seal(3)


def test_in_memory() -> None:
    """A database in memory lives as long as its engine and needs no file."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    log = SqlEventLog(engine, Clock())
    written = log.append("a", 0, [renamed(str(number)) for number in range(3)])
    for nth, one in enumerate(log.read()):
        log.append("b", nth, [renamed(f"copy-{one.id}")])
    assert tuple(log.read(stream="a")) == written
    assert SqlAuditor(engine).verify().faults == ()
    engine.dispose()
