"""Tampering with the log, past its guards."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.adapters.sql.made import Clock, later, renamed, tamper, unguard
from tests.conftest import execute
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.tables import event
from tracker.domain.events import EntryErased, NewEvent
from tracker.errors import StoreError
from tracker.ports.log import Audit

COLUMNS = tuple(column.name for column in event.columns)
EVENTS = 7
LEFT = '{"story":"s","title":"[erased]"}'


def fill(engine: Engine) -> SqlEventLog:
    """Write three streams, interleaved, a minute apart."""
    clock = Clock()
    log = SqlEventLog(engine, clock)
    for number in range(EVENTS):
        clock.now = later(minutes=number)
        log.append(f"s{number % 3}", number // 3, [renamed(f"e{number}")])
    return log


def erase(engine: Engine, position: int, *, left: str = LEFT, told: str = LEFT) -> None:
    """Take the text of an event out of its row, and record what was left."""
    digest = hashlib.sha256(told.encode()).hexdigest()
    tamper(engine, "UPDATE event SET data = :left, salt = NULL WHERE position = :at", left=left, at=position)
    log = SqlEventLog(engine, Clock(later(hours=1)))
    log.append(f"erased-{position}", 0, [NewEvent(f"x{position}", EntryErased("e", "", ((position, digest),)), "p")])


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Return a database with a log whose guards are gone."""
    fill(engine)
    unguard(engine)
    return engine


def faults(engine: Engine, **given_: Any) -> str:
    """Return what verify says, in one text."""
    return "\n".join(SqlAuditor(engine).verify(**given_).faults)


def test_nothing_wrong(filled: Engine) -> None:
    """An honest log verifies, its head is the hash of its newest event, and changes with every event."""
    log = SqlEventLog(filled, Clock())
    audit = SqlAuditor(filled).verify()
    assert audit == Audit(events=EVENTS, streams=3, position=EVENTS, erased=0, head=log.seal(EVENTS), faults=())
    log.append("s9", 0, [renamed("new")])
    later_audit = SqlAuditor(filled).verify()
    assert later_audit.faults == ()
    assert later_audit.head != audit.head


def test_nothing_at_all(engine: Engine) -> None:
    """An empty log verifies and has no head."""
    assert SqlAuditor(engine).verify() == Audit(0, 0, 0, 0, None, ())


CHANGES = [
    ("stream", "'s8'", 3), ("version", "9", 3), ("id", "'other'", 3), ("type", "'story.closed'", 3), ("schema", "2", 3),
    ("actor", "'somebody'", 3), ("causation", "NULL", 3), ("published_at", "published_at + 1", 3),
    ("recorded_at", "recorded_at + 1", 3), ("recorded_at", "recorded_at - 600000000", 3),
    ("data", "replace(data, 'Title', 'Titel')", 3), ("data", "data || ' '", 3), ("hash", "'00'", 3),
    ("position", "99", 3), ("data", "replace(data, 'Title', 'Titel')", EVENTS), ("actor", "'x'", 1),
    ("salt", "'00'", 3), ("salt", "NULL", 3), ("digest", "'00'", 3),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "position"), CHANGES)
def test_a_changed_column(filled: Engine, column: str, value: str, position: int) -> None:
    """A changed value in any column of an event is found, and the event is named."""
    tamper(filled, f"UPDATE event SET {column} = {value} WHERE position = {position}")
    assert f"position {99 if column == 'position' else position}:" in faults(filled)
    assert {name for name, *_ in CHANGES} == set(COLUMNS)


@pytest.mark.parametrize("position", [1, 3, EVENTS])
def test_a_missing_event(filled: Engine, position: int) -> None:
    """A deleted event is found, the newest one too, for the head still tells of it."""
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
    assert "position 4: " in faults(filled)


def test_a_tail_cut_off(filled: Engine) -> None:
    """Events cut off the end are found by the head row; where that was set back, too, by any hash noted of them."""
    noted = [one.hash for one in SqlEventLog(filled, Clock()).read()]
    tamper(filled, "DELETE FROM event WHERE position > 5")
    assert f"the head says {EVENTS} at" in faults(filled)
    tamper(filled, "UPDATE log SET position = 5, recorded_at = (SELECT recorded_at FROM event WHERE position = 5)")
    assert [bool(faults(filled, head=one)) for one in noted] == [False] * 5 + [True] * 2
    assert faults(filled, head=noted[5]) == (
        f"no event has the hash {noted[5]}: the history up to it is not the one that was noted"
    )


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


@pytest.mark.parametrize("position", [-3, 0])
def test_an_event_before_the_first(filled: Engine, position: int) -> None:
    """An event that was put before the beginning is found."""
    columns = ", ".join(column for column in COLUMNS if column not in ("position", "id", "stream"))
    tamper(
        filled,
        f"INSERT INTO event (position, id, stream, {columns})"
        f" SELECT {position}, 'forged', 'forged', {columns} FROM event WHERE position = 1",
    )
    assert f"position {position}: out of order" in faults(filled)


def test_a_rewritten_hash_does_not_help(filled: Engine) -> None:
    """Whoever changes an event and its hash breaks the chain at the event that follows."""
    tamper(filled, "UPDATE event SET hash = 'ff' WHERE position = 2")
    assert "position 3: (s2, version 1) does not match its hash" in faults(filled)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE log SET position = 8", "the head says 8 at"),
        ("UPDATE log SET recorded_at = 0", "the head says 7 at 0"),
        ("DELETE FROM log", "the head says nothing"),
        ("INSERT INTO log VALUES (2, 9, 9)", ", 9 at 9, the newest event is 7 at"),
    ],
)
def test_what_the_next_append_builds_on(filled: Engine, statement: str, said: str) -> None:
    """A changed head row, from which new events would get wrong numbers, is found."""
    tamper(filled, statement)
    assert said in faults(filled)


def test_an_erased_event(filled: Engine) -> None:
    """An event whose text was erased verifies by what the erasure says that it left, and is counted."""
    erase(filled, 3)
    audit = SqlAuditor(filled).verify()
    assert (audit.events, audit.erased, audit.faults) == (EVENTS + 1, 1, ())


LEFT_OTHERWISE = "position {}: its data is not what an erasure left"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("salt = NULL WHERE position = 4", LEFT_OTHERWISE.format(4)),
        ("data = data || ' ' WHERE position = 3", LEFT_OTHERWISE.format(3)),
        ("actor = 'x' WHERE position = 3", "position 3: (s2, version 1) does not match its hash"),
        ("salt = 'aa' WHERE position = 3", "position 3: (s2, version 1) does not match its digest"),
    ],
)
def test_beside_an_erasure(filled: Engine, change: str, said: str) -> None:
    """What an erasure left is proven like everything else, and it excuses no other event."""
    erase(filled, 3)
    tamper(filled, f"UPDATE event SET {change}")
    assert faults(filled).splitlines()[0] == said


def test_an_erasure_that_left_something_else(filled: Engine) -> None:
    """An erased event that says something else than its erasure told is found."""
    erase(filled, 3, left='{"story":"s","title":"A lie"}')
    assert faults(filled) == LEFT_OTHERWISE.format(3)


def test_a_text_that_came_back(filled: Engine) -> None:
    """An erased text that was put back is told, though it fits its digest."""
    with reading(filled) as connection:
        (row,) = connection.execute(text("SELECT data, salt FROM event WHERE position = 3")).mappings()
    erase(filled, 3)
    tamper(filled, "UPDATE event SET data = :data, salt = :salt WHERE position = 3", **row)
    assert faults(filled) == "position 3: an erasure names it, and its data is there all the same"


def test_from_a_position_on(filled: Engine) -> None:
    """From a position on, what is before is taken on trust, and all that follows is checked against it."""
    whole = SqlAuditor(filled).verify()
    for start in range(1, EVENTS + 2):
        audit = SqlAuditor(filled).verify(start=start, head=whole.head)
        assert (audit.events, audit.position, audit.head, audit.faults) == (EVENTS + 1 - start, EVENTS, whole.head, ())
    tamper(filled, "UPDATE event SET actor = 'x' WHERE position = 4")
    assert [bool(faults(filled, start=start)) for start in (3, 4, 5, 6)] == [True, True, False, False]
    tamper(filled, "UPDATE event SET hash = 'x' WHERE position = 4")
    assert faults(filled, start=5).startswith("position 5: ")
    tamper(filled, "UPDATE event SET recorded_at = 0 WHERE position = 6")
    assert "position 6: was recorded before" in faults(filled, start=6)


def test_from_a_position_on_with_a_hash_of_before(filled: Engine) -> None:
    """A noted hash is found wherever it is, also before the position from which the log is checked."""
    hashes = [one.hash for one in SqlEventLog(filled, Clock()).read()]
    assert not any(faults(filled, start=5, head=one) for one in hashes)
    assert "no event has the hash" in faults(filled, start=5, head="0" * 64)


def test_from_a_position_that_is_not_there(filled: Engine) -> None:
    """A position beyond the log, and one behind a lost event, are one fault and nothing else."""
    assert faults(filled, start=EVENTS + 2, head="ab") == f"the log has no position {EVENTS + 1} to begin behind"
    tamper(filled, "DELETE FROM event WHERE position = 3")
    assert faults(filled, start=4) == "the log has no position 3 to begin behind"


def test_a_head_of_another_log(filled: Engine, tmp_path: Any) -> None:
    """The head of another log is one fault."""
    other = open_engine(f"sqlite:///{tmp_path}/other.db")
    upgrade(other)
    fill(other)
    head = SqlAuditor(other).verify().head
    assert faults(filled, head=head) == (
        f"no event has the hash {head}: the history up to it is not the one that was noted"
    )
    other.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def rows(request: pytest.FixtureRequest) -> Iterator[tuple[Engine, list[dict[str, Any]]]]:
    """Return a log without guards, one of its events erased, and its rows as they were written."""
    url = "sqlite://"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server").format("tracker")
        execute(server, "DROP SCHEMA IF EXISTS audited CASCADE", "CREATE SCHEMA audited")
        url = f"{server}&options=-csearch_path%3Daudited"
    engine = open_engine(url)
    upgrade(engine)
    fill(engine)
    unguard(engine)
    erase(engine, 2)
    with writing(engine) as connection:
        found = [dict(row) for row in connection.execute(text("SELECT * FROM event ORDER BY position")).mappings()]
    yield engine, found
    engine.dispose()
    if request.param == "postgresql":
        execute(server, "DROP SCHEMA audited CASCADE")


Rows = tuple[Engine, list[dict[str, Any]]]


def changed(engine: Engine, statement: str, **values: Any) -> bool:
    """Change something, if the database lets it in at all: it keeps unique keys, and PostgreSQL keeps text text."""
    try:
        tamper(engine, statement, **values)
    except StoreError:
        return False
    return True


def put_back(engine: Engine, honest: list[dict[str, Any]]) -> None:
    """Make the log what it was."""
    tamper(engine, "DELETE FROM event")
    with writing(engine) as connection:
        marks = ", ".join(f":{name}" for name in COLUMNS)
        connection.execute(text(f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({marks})"), honest)
    assert not faults(engine)


def test_values_of_a_wrong_type(rows: Rows) -> None:
    """What no column of its type could hold, but SQLite keeps all the same, is a fault and no crash."""
    engine, honest = rows
    if engine.dialect.name == "postgresql":
        pytest.skip("its columns keep nothing of another type")
    tamper(engine, "UPDATE event SET recorded_at = 'noon', data = x'00ff' WHERE position = 2")
    assert "position 2: recorded_at, data of a wrong type" in faults(engine)
    assert faults(engine, start=3) == "the log has no position 2 to begin behind"
    put_back(engine, honest)


@settings(max_examples=80)
@given(st.integers(1, EVENTS + 1), st.sampled_from(COLUMNS), st.data())
def test_any_changed_value(rows: Rows, position: int, column: str, data: st.DataObject) -> None:
    """Whatever value is put in place of whichever other, verify finds it, unless the database keeps it out at all."""
    engine, honest = rows
    old = honest[position - 1][column]
    texts = st.text(st.characters(codec="utf-8"), max_size=80)
    one_off = st.just(old[:-1]) | st.just(old + " ") if isinstance(old, str) else st.just((old or 0) + 1)
    values = one_off | (texts if isinstance(old, str) else st.integers(-(2**63), 2**63 - 1))
    value = data.draw(values.filter(lambda one: one != old))
    try:
        if changed(engine, f"UPDATE event SET {column} = :value WHERE position = {position}", value=value):
            assert faults(engine)
    finally:
        put_back(engine, honest)


@settings(max_examples=80)
@given(st.integers(1, EVENTS + 1), st.sampled_from(COLUMNS), st.integers(0), st.integers(1, 255))
def test_any_flipped_byte(rows: Rows, position: int, column: str, place: int, flip: int) -> None:
    """Any byte of any text that is flipped in the file, to text or to what is none, is found, and the event named."""
    engine, honest = rows
    old = honest[position - 1][column]
    if not isinstance(old, str):
        return
    raw = bytearray(old.encode())
    raw[place % len(raw)] ^= flip
    as_text = "CAST(:raw AS TEXT)" if engine.dialect.name == "sqlite" else "convert_from(:raw, 'UTF8')"
    try:
        if changed(engine, f"UPDATE event SET {column} = {as_text} WHERE position = {position}", raw=bytes(raw)):
            assert f"position {position}: " in faults(engine)
    finally:
        put_back(engine, honest)


@settings(max_examples=50)
@given(st.permutations(range(1, EVENTS + 2)), st.sets(st.integers(1, EVENTS + 1), max_size=2))
def test_any_other_order(rows: Rows, order: list[int], lost: set[int]) -> None:
    """Events in any other order, some of them lost or not, are found, whatever the positions say."""
    engine, honest = rows
    kept = [one for one in order if one not in lost]
    if kept == list(range(1, len(honest) + 1)):
        return
    try:
        tamper(engine, "UPDATE event SET position = position + 1000")
        for new, old in enumerate(kept, 1):
            tamper(engine, f"UPDATE event SET position = {new} WHERE position = {old + 1000}")
        tamper(engine, "DELETE FROM event WHERE position > 1000")
        tamper(engine, "UPDATE log SET position = (SELECT coalesce(max(position), 0) FROM event)")
        cut_short = kept == list(range(1, len(kept) + 1))
        assert faults(engine, head=honest[-1]["hash"] if cut_short else None)
    finally:
        tamper(engine, f"UPDATE log SET position = {len(honest)}")
        put_back(engine, honest)
