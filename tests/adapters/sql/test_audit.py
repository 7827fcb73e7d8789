"""Tampering with the log, past its guards."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.adapters.sql.made import Clock, later, renamed
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.tables import event
from tracker.errors import Conflict

COLUMNS = tuple(column.name for column in event.columns)
EVENTS = 7
_GUARDS = {
    "sqlite": ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"),
    "postgresql": ("DROP TRIGGER event_no_change ON event",),
}


def fill(engine: Engine) -> SqlEventLog:
    """Write three streams, interleaved, a minute apart."""
    clock = Clock()
    log = SqlEventLog(engine, clock)
    for number in range(EVENTS):
        clock.now = later(minutes=number)
        log.append(f"s{number % 3}", number // 3, [renamed(f"e{number}")])
    return log


def tamper(engine: Engine, statement: str, **values: Any) -> None:
    """Change the tables as somebody with access to the database could."""
    with writing(engine) as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Return a database with a log whose guards are gone."""
    fill(engine)
    for guard in _GUARDS[engine.dialect.name]:
        tamper(engine, guard)
    return engine


def faults(engine: Engine) -> str:
    """Return what verify says, in one text."""
    return "\n".join(SqlAuditor(engine).verify().faults)


def test_nothing_wrong(filled: Engine) -> None:
    """An honest log verifies, and its head changes with every event."""
    audit = SqlAuditor(filled).verify()
    assert (audit.events, audit.streams, audit.faults) == (EVENTS, 3, ())
    SqlEventLog(filled, Clock()).append("s9", 0, [renamed("new")])
    later_audit = SqlAuditor(filled).verify()
    assert later_audit.faults == ()
    assert later_audit.head != audit.head


def test_equal_logs_have_equal_heads(filled: Engine) -> None:
    """Two databases that hold the same events have the same head, whatever kind they are."""
    other = open_engine("sqlite://")
    upgrade(other)
    assert SqlAuditor(other).verify().head is None
    fill(other)
    assert SqlAuditor(filled).verify().head == SqlAuditor(other).verify().head
    other.dispose()


CHANGES = [
    ("stream", "'s8'", 3), ("version", "9", 3), ("id", "'other'", 3), ("type", "'story.closed'", 3), ("schema", "2", 3),
    ("actor", "'somebody'", 3), ("causation", "NULL", 3), ("published_at", "published_at + 1", 3),
    ("recorded_at", "recorded_at + 1", 3), ("recorded_at", "recorded_at - 600000000", 3),
    ("data", "replace(data, 'Title', 'Titel')", 3), ("data", "data || ' '", 3), ("hash", "'00'", 3),
    ("position", "99", 3), ("data", "replace(data, 'Title', 'Titel')", EVENTS), ("actor", "'x'", 1),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "position"), CHANGES)
def test_a_changed_column(filled: Engine, column: str, value: str, position: int) -> None:
    """A changed value in any column of an event is found, and the event is named."""
    tamper(filled, f"UPDATE event SET {column} = {value} WHERE position = {position}")
    assert f"position {99 if column == 'position' else position}:" in faults(filled)
    assert {name for name, *_ in CHANGES} == set(COLUMNS)


@pytest.mark.parametrize("position", [1, 3, EVENTS])
def test_a_missing_event(filled: Engine, position: int) -> None:
    """A deleted event is found, the newest one too, for the head and its stream still tell of it."""
    tamper(filled, f"DELETE FROM event WHERE position = {position}")
    said = faults(filled)
    assert f"position {position}: missing" in said or f"the newest event is {position - 1} " in said


def test_a_missing_event_closed_up(filled: Engine) -> None:
    """A deleted event is found even when positions, versions and head are moved up to hide it."""
    tamper(filled, "DELETE FROM event WHERE position = 4")
    for position in range(5, EVENTS + 1):
        tamper(filled, f"UPDATE event SET position = {position - 1} WHERE position = {position}")
    tamper(filled, "UPDATE event SET version = version - 1 WHERE stream = 's0' AND version > 2")
    tamper(filled, f"UPDATE log SET position = {EVENTS - 1}")
    tamper(filled, "UPDATE stream SET version = version - 1 WHERE stream = 's0'")
    assert "position 4: " in faults(filled)


def test_two_events_changed_about(filled: Engine) -> None:
    """Two events in each other's place are found, both."""
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(filled, f"UPDATE event SET position = {new} WHERE position = {old}")
    said = faults(filled)
    assert "position 2: " in said
    assert "position 3: " in said


def test_an_event_slipped_in(filled: Engine) -> None:
    """An event written past the log is found, wherever it stands."""
    columns = ", ".join(column for column in COLUMNS if column not in ("position", "version", "id", "stream"))
    tamper(
        filled,
        f"INSERT INTO event (position, version, id, stream, {columns})"
        f" SELECT {EVENTS + 1}, 1, 'forged', 'forged', {columns} FROM event WHERE position = 1",
    )
    said = faults(filled)
    assert f"position {EVENTS + 1}: (forged, version 1) does not match its hash" in said
    assert f"the newest event is {EVENTS + 1} " in said
    assert "forged is said to be at version None" in said


def test_a_rewritten_hash_does_not_help(filled: Engine) -> None:
    """Whoever changes an event and its hash breaks the chain at the event that follows in the stream."""
    tamper(filled, "UPDATE event SET hash = 'ff' WHERE position = 2")
    assert "position 5: (s1, version 2) does not match its hash" in faults(filled)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE log SET position = 8", "the head says 8 at"),
        ("UPDATE log SET recorded_at = 0", "the head says 7 at 0"),
        ("DELETE FROM log", "the head says nothing"),
        ("UPDATE stream SET version = 9 WHERE stream = 's1'", "s1 is said to be at version 9"),
        ("DELETE FROM stream WHERE stream = 's2'", "s2 is said to be at version None"),
        ("INSERT INTO stream VALUES ('s7', 1)", "s7 is said to be at version 1, its newest event is version None"),
    ],
)
def test_what_the_next_append_builds_on(filled: Engine, statement: str, said: str) -> None:
    """A changed head or stream row, from which new events would get wrong numbers, is found."""
    tamper(filled, statement)
    assert said in faults(filled)


def test_values_of_a_wrong_type() -> None:
    """What no column of its type could hold, but SQLite keeps all the same, is a fault and no crash."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    fill(engine)
    for guard in _GUARDS["sqlite"]:
        tamper(engine, guard)
    tamper(engine, "UPDATE event SET recorded_at = 'noon', data = x'00ff' WHERE position = 2")
    assert "position 2: recorded_at, data of a wrong type" in faults(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def rows() -> Iterator[tuple[Engine, list[dict[str, Any]]]]:
    """Return a log in memory without guards, and its rows as they were written."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    fill(engine)
    for guard in _GUARDS["sqlite"]:
        tamper(engine, guard)
    with writing(engine) as connection:
        found = [dict(row) for row in connection.execute(text("SELECT * FROM event ORDER BY position")).mappings()]
    yield engine, found
    engine.dispose()


@settings(deadline=None, max_examples=150)
@given(st.integers(1, EVENTS), st.sampled_from(COLUMNS), st.data())
def test_any_changed_value(
    rows: tuple[Engine, list[dict[str, Any]]], position: int, column: str, data: st.DataObject
) -> None:
    """Whatever value is put in place of whichever other, verify finds it, unless a unique key keeps it out at all."""
    engine, honest = rows
    old = honest[position - 1][column]
    texts = st.text(st.characters(codec="utf-8"), max_size=80)
    one_off = st.just(old[:-1]) | st.just(old + " ") if isinstance(old, str) else st.just((old or 0) + 1)
    values = one_off | (texts if isinstance(old, str) else st.integers(-(2**63), 2**63 - 1))
    value = data.draw(values.filter(lambda one: one != old))
    try:
        tamper(engine, f"UPDATE event SET {column} = :value WHERE position = {position}", value=value)
        assert faults(engine)
    except Conflict:
        pass
    finally:
        tamper(engine, "DELETE FROM event")
        with writing(engine) as connection:
            names = ", ".join(COLUMNS)
            marks = ", ".join(f":{name}" for name in COLUMNS)
            connection.execute(text(f"INSERT INTO event ({names}) VALUES ({marks})"), honest)
        assert not faults(engine)
