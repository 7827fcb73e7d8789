"""Export and import: everything arrives, to the byte, on either database; what is not whole does not arrive at all."""

import fcntl
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Engine,
    Float,
    Integer,
    Table,
    UniqueConstraint,
    insert,
    select,
    text,
)

from tests.adapters.sql.made import NOON, Clock, entry, later, renamed, tried
from tests.adapters.sql.made import events as any_event
from tests.adapters.sql.migrators import alembic
from tests.conftest import execute
from tracker.adapters.sql import tables
from tracker.adapters.sql.archive import SqlArchive
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.chain import digest_of, link
from tracker.adapters.sql.codec import canonical
from tracker.adapters.sql.columns import Moment
from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.eraser import SqlEraser
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.export import SqlExporter
from tracker.adapters.sql.import_ import SqlImporter
from tracker.adapters.sql.migrate import upgrade
from tracker.adapters.sql.outbox import SqlOutbox
from tracker.adapters.sql.transfer import parts
from tracker.domain.events import NewEvent
from tracker.errors import BrokenLog, DatabaseTooNew, StoreError, TrackerError, UsageError
from tracker.ports.archive import Judgement
from tracker.ports.erasure import Order
from tracker.ports.log import Notice
from tracker.ports.outbox import Attempt

VIEWS = ("looks",)
MADE_AGAIN = {"log", "checkpoint", "dead_letter", "view", "host", "mark", "opinion_day", "told"}
"""Tables that are not exported, or only for views that nothing could make again.

They follow from the log; from the judgements, which tell without a mark as well what a story has judged; or, as the
rest that hosts are given, are over in a day.
"""
DATA = Path(__file__).parents[2] / "data"


def exported(engine: Engine) -> list[bytes]:
    return list(SqlExporter(engine, VIEWS).lines())


def imported(engine: Engine, lines: Sequence[bytes]) -> None:
    SqlImporter(engine, VIEWS).take(lines)


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Return what makes a new SQLite file without rows."""
    made: list[Engine] = []

    def make() -> Engine:
        path = tmp_path / f"empty-{len(made)}.db"
        shutil.copy(sqlite_template, path)
        made.append(open_engine(f"sqlite:///{path}"))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def fill(engine: Engine) -> None:
    """Put a row into every table that is exported, the way it comes there, and erase one of the entries."""
    clock = Clock()
    log, archive, outbox = SqlEventLog(engine, clock), SqlArchive(engine), SqlOutbox(engine)
    for number in range(6):
        clock.now = later(minutes=number)
        log.append(f"s{number % 2}", number // 2, [renamed(f"e{number}")], [Notice("mail", f"e{number}", "s")])
    with writing(engine) as connection:
        connection.execute(insert(tables.feed), [dict(_feed(name)) for name in ("f-1", "f-ü")])
        connection.execute(insert(tables.page), dict(_page("1")))
        connection.execute(insert(tables.quarantine), _QUARANTINED)
        connection.execute(insert(tables.removal), {"entry": "2", "at": NOON, "page": True, "reason": "gone"})
        connection.execute(insert(tables.endpoint), _ENDPOINT)
        looks = {"projection": "looks", "generation": 1}
        connection.execute(insert(tables.checkpoint), looks | {"position": 3, "folds": 1, "begun": 0, "live": True})
        connection.execute(insert(tables.view), looks | {"partition": "s", "key": "me", "data": '{"position":4}'})
    archive.keep("f-1", [entry("1"), entry("2", text="\x00 😀\x7f\u2028")], baseline=[True, False], seen=NOON)
    archive.judged(Judgement("s", "1", entry("1").version, True, 0.1 + 0.2, "because", "judge", NOON))
    for delivery in outbox.claim(later(hours=1), 3, later(hours=2) - NOON):
        outbox.settle([tried(delivery, Attempt("transient", "no answer", 503, later(hours=5)), later(hours=1))])
    outbox.claim(later(hours=1), 1, later(hours=2) - NOON)
    SqlEraser(engine, clock).erase(Order("2", "why", "person", []), [])


_QUARANTINED = {"entry": "1", "since": NOON, "restless_at": NOON, "reason": "changes and changes"}

_ENDPOINT = {
    "id": "w-1", "channel": "email", "target": "ada@news.example", "state": "failing", "failures": 4, "since": NOON,
    "last_ok_at": None, "last_error": "HTTP 500",
}  # fmt: skip


def _feed(name: str) -> Mapping[str, Any]:
    return {
        "id": name, "url": f"https://{name}.example/", "name": None, "story": "s", "added_at": NOON, "due_at": NOON,
        "imported": True, "failures": 0, "gone": False, "removed": name != "f-1",
    }  # fmt: skip


def _page(entry_id: str) -> Mapping[str, Any]:
    return {
        "entry": entry_id, "feed": "f-1", "url": f"https://news.example/{entry_id}", "host": "news.example",
        "state": "read", "first_at": NOON, "due_at": None, "read_at": NOON, "etag": '"é"', "last_modified": None,
        "body_hash": "0a", "length": 700, "failures": 0, "last_error": None,
    }  # fmt: skip


@pytest.fixture
def filled(engine: Engine) -> Engine:
    fill(engine)
    return engine


@pytest.fixture(scope="module")
def whole(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return an export."""
    path = tmp_path_factory.mktemp("whole") / "whole.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    fill(engine)
    lines = exported(engine)
    engine.dispose()
    return lines


def rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that there is, by table."""
    with reading(engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in tables.metadata.sorted_tables
        }


def test_every_table_is_exported_or_made_again() -> None:
    """A new table is exported, or somebody has said that it follows from the log."""
    assert {part.name for part in parts(())} | MADE_AGAIN == set(tables.metadata.tables)


def test_everything_arrives(filled: Engine, empty: Callable[[], Engine]) -> None:
    """Every row of every table arrives as it was, and the log verifies with the head of before."""
    target = empty()
    imported(target, exported(filled))
    assert rows(target) == rows(filled)
    assert all(
        found
        for name, found in rows(target).items()
        if name not in {"dead_letter", "host", "mark", "opinion_day", "told"}
    )
    audit = SqlAuditor(target).verify(head=SqlAuditor(filled).verify().head)
    assert audit.faults == ()


def test_there_and_back(postgresql_url: str, empty: Callable[[], Engine], whole: list[bytes]) -> None:
    """From SQLite to PostgreSQL and back: three exports, equal to the byte."""
    server, back = open_engine(postgresql_url), empty()
    imported(server, whole)
    assert exported(server) == whole
    imported(back, exported(server))
    assert exported(back) == whole
    server.dispose()


def test_the_next_numbers_follow(engine: Engine, whole: list[bytes]) -> None:
    """After an import, events, entries and attempts are numbered on from those that came."""
    imported(engine, whole)
    before = rows(engine)
    SqlEventLog(engine, Clock()).append("s0", 3, [renamed("next")])
    SqlArchive(engine).keep("f-1", [entry("3")], baseline=[False], seen=NOON)
    outbox = SqlOutbox(engine)
    (claimed,) = outbox.claim(later(hours=2), 1, later(hours=1) - NOON)
    outbox.settle([tried(claimed, Attempt("delivered", "fine", 200), later(hours=2))])
    after = rows(engine)
    for table in ("event", "entry_version", "attempt"):
        assert after[table][:-1] == before[table]
        assert after[table][-1][0] == before[table][-1][0] + 1
    assert SqlAuditor(engine).verify().faults == ()


def test_an_empty_tracker(engine: Engine, empty: Callable[[], Engine]) -> None:
    """A database without rows is exported and taken in like any other."""
    lines = exported(engine)
    assert len(lines) == 2
    target = empty()
    imported(target, lines)
    assert exported(target) == lines


def lines_of(name: str) -> list[bytes]:
    """Return a file of exports that were written once and never change."""
    return (DATA / name).read_bytes().splitlines(keepends=True)


def test_an_export_is_written_as_ever(empty: Callable[[], Engine]) -> None:
    """The file of schema 3 in tests/data is read for ever, and written the same again."""
    target, lines = empty(), lines_of("export-3.jsonl")
    imported(target, lines)
    assert exported(target) == lines


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        (
            "export-1.jsonl",
            {
                "feed": {"moves": 0, "silent": False, "ttl": None, "host": "f-1.example"},
                "sighting": {"number": 1, "page": False, "missing_at": None},
            },
        ),
        ("export-2.jsonl", {"delivery": {"kind": "alert", "upto": 6}, "attempt": {"started_at": None, "answer": None}}),
    ],
)
def test_an_export_of_old_is_taken_in(
    name: str, lacking: dict[str, dict[str, Any]], engine: Engine, empty: Callable[[], Engine]
) -> None:
    """The files of older schemas in tests/data are read for ever: what they lack gets its default, all else arrives.

    Each delivery of old stands for one notice.
    """
    old = lines_of(name)
    imported(engine, old)
    new = exported(engine)
    told = [json.loads(line) for line in new]
    assert told[0] == {**json.loads(old[0]), "schema_version": 3}
    rows_ = [(part, row) for part, row in map(_row, told[1:-1]) if part != "notice"]
    for (part, row), (_, before) in zip(rows_, map(_row, map(json.loads, old[1:-1])), strict=True):
        assert row | before == row
        added = lacking.pop(part, {})
        assert row | added == row
    sent = {(row["subscription"], row["event_id"], row["id"]) for part, row in rows_ if part == "delivery"}
    owed = [row for part, row in map(_row, told[1:-1]) if part == "notice"]
    assert {(row["subscription"], row["event_id"], row["delivery"]) for row in owed} == sent
    again = empty()
    imported(again, new)
    assert exported(again) == new


def _row(line: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    ((name, row),) = line.items()
    return name, row


def test_sightings_of_old_are_numbered_by_their_time(engine: Engine) -> None:
    """Sightings of schema 1, in the file by the ids of their entries, get numbers in the order in which they came."""
    lines = lines_of("export-1.jsonl")
    nth = next(nth for nth, line in enumerate(lines) if b'"sighting":{"baseline":true,"entry":"1"' in line)
    lines[nth] = lines[nth].replace(b'"first_seen":1717243200000000', b'"first_seen":1717243200000001')
    imported(engine, sealed(lines))
    assert [(row[0], row[1]) for row in rows(engine)["sighting"]] == [(1, "2"), (2, "1")]


def test_an_old_export_arrives_as_an_old_database_does(empty_database_url: str, empty: Callable[[], Engine]) -> None:
    """The file of schema 1, and a database of its time with the same rows that is migrated, become the same."""
    old, lines, target = open_engine(empty_database_url), lines_of("export-1.jsonl"), empty()
    alembic(old, command.upgrade, "0002")
    with writing(old) as connection:
        for name, row in map(_row, map(json.loads, lines[1:-1])):
            stored = {column: canonical(value) if column == "data" else value for column, value in row.items()}
            columns, values = ", ".join(f'"{one}"' for one in row), ", ".join(f":{one}" for one in row)
            connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({values})"), stored)
        last = json.loads(lines[6])["event"]
        connection.execute(text("UPDATE log SET position = :position, recorded_at = :recorded_at"), last)
    upgrade(old)
    imported(target, lines)
    assert exported(old) == exported(target)
    old.dispose()


@pytest.mark.parametrize("url", ["https://[f-1/", "mailto:f", ""])
def test_an_address_of_old_that_has_no_host(url: str, empty: Callable[[], Engine]) -> None:
    """A source whose address names no host is taken in as well, and asked as one of none."""
    target, lines = empty(), lines_of("export-1.jsonl")
    imported(target, sealed([line.replace(b"https://f-1.example/", url.encode()) for line in lines]))
    with reading(target) as connection:
        assert connection.execute(select(tables.feed.c.host).order_by(tables.feed.c.id)).scalars().first() == ""


def test_schemas_are_not_mixed(empty: Callable[[], Engine]) -> None:
    """A row of another schema than that of the first line is refused, in either direction."""
    old, new = lines_of("export-1.jsonl"), lines_of("export-3.jsonl")
    page = next(line for line in new if line.startswith(b'{"page"'))
    at = next(nth for nth, line in enumerate(old) if line.startswith(b'{"judgement"'))
    assert "no row of a table" in str(refusal(empty(), [*old[:at], page, *old[at:]]))
    seen = next(line for line in old if line.startswith(b'{"sighting"'))
    at = next(nth for nth, line in enumerate(new) if line.startswith(b'{"sighting"'))
    assert "required field" in str(refusal(empty(), [*new[:at], seen, *new[at + 1 :]]))


def test_writers_go_on_meanwhile(filled: Engine, empty: Callable[[], Engine]) -> None:
    """What is appended while an export is under way is not in it, and what was there is whole."""
    before = exported(filled)
    lines = SqlExporter(filled, VIEWS).lines()
    begun = [next(lines), next(lines)]
    SqlEventLog(filled, Clock()).append("s0", 3, [renamed("meanwhile")])
    assert [*begun, *lines] == before
    imported(empty(), before)


def test_a_broken_log_is_not_exported(engine: Engine) -> None:
    """A log that does not verify cannot be taken in again: the export ends at the fault and says where it is."""
    log = SqlEventLog(engine, Clock())
    log.append("s", 0, [renamed("e1"), renamed("e2")])
    with writing(engine) as connection:
        connection.execute(text('UPDATE event SET data = \'{"story":"s","title":"x"}\', salt = NULL'))
    with pytest.raises(BrokenLog, match="position 1 is not what an erasure left"):
        exported(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE log SET position = 3"))
    with pytest.raises(BrokenLog):
        exported(engine)


# ---- What is not whole -----------------------------------------------------------------------------------------------


def refusal(engine: Engine, lines: Sequence[bytes]) -> TrackerError:
    """Import what must be refused, and return the refusal; nothing has arrived."""
    with pytest.raises((UsageError, DatabaseTooNew)) as raised:
        imported(engine, lines)
    counts = " + ".join(f"(SELECT count(*) FROM {part.name})" for part in parts(()))
    with reading(engine) as connection:
        assert connection.execute(text(f"SELECT position + {counts} FROM log")).scalar() == 0
    return raised.value


@pytest.fixture(scope="module")
def target(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return a database that stays empty, for all that is refused."""
    path = tmp_path_factory.mktemp("target") / "target.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_any_changed_byte_is_found(whole: list[bytes], target: Engine, data: st.DataObject) -> None:
    """Whatever byte of whatever line becomes whatever other, the file is refused and nothing arrives."""
    number = data.draw(st.integers(0, len(whole) - 1))
    place = data.draw(st.integers(0, len(whole[number]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != whole[number][place]))
    changed = bytearray(b"".join(whole))
    changed[len(b"".join(whole[:number])) + place] = byte
    assert "line " in str(refusal(target, bytes(changed).splitlines(keepends=True)))


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_any_missing_or_moved_line_is_found(whole: list[bytes], target: Engine, data: st.DataObject) -> None:
    """A line left out, there twice, or in another's place is found."""
    at, other = data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=2, max_size=2, unique=True))
    moved = list(whole)
    moved[at], moved[other] = moved[other], moved[at]
    for lines in (whole[:at] + whole[at + 1 :], [*whole[: at + 1], *whole[at:]], moved):
        assert "line " in str(refusal(target, lines))


def test_a_file_that_is_cut_off_is_found_wherever(whole: list[bytes], target: Engine) -> None:
    """The lines up to any place are no export, whole or in the middle of a line."""
    for number, cut in enumerate(whole):
        assert f"line {number + 1}: " in str(refusal(target, whole[:number]))
        assert f"line {number + 1}: the file is cut off here" in str(refusal(target, [*whole[:number], cut[:-1]]))


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (1, (b"tracker-log", b"another-log"), "line 1: this is no export of tracker"),
        (1, (b'"schema_version":3', b'"schema_version":4'), "line 1: an export of schema 4 was written by a later"),
        (1, (b'"schema_version":3', b'"schema_version":0'), "line 1: this is no export of tracker"),
        (1, (b'"schema_version":3', b'"schema_version":true'), "line 1: this is no export of tracker"),
        (1, (b'"schema_version":3', b'"schema_version":1'), "line 8: this is no row of feed: Object contains unknown"),
        (1, (b'"position":6', b'"position":7'), "their count or SHA-256 is another"),
        (1, (b"{", b""), "line 1: this is no line of an export"),
        (3, (b'"position":2', b'"position":3'), "line 3: position 3 does not follow position 1"),
        (3, (b'"version":1', b'"version":2'), "line 3: version 2 of s1 does not follow version 0"),
        (3, (b'"actor":"person"', b'"actor":"nobody"'), "line 3: the event does not match its hash"),
        (3, (b'"title":"Title"', b'"title":"Titel"'), "line 3: the event's data does not match its digest"),
        (3, (b'"event"', b'"events"'), "line 3: this is no row of a table that this version knows"),
        (3, (b'"actor":"person",', b""), "line 3: this is no row of event: Object missing required field `actor`"),
        (3, (b'"actor":"person"', b'"actor":7'), "line 3: this is no row of event: Expected `str`, got `int`"),
        (3, (b'{"event":{', b'{"event":{"added":1,'), "line 3: this is no row of event: Object contains unknown field"),
        (3, (b'"actor":"person"', b'"actor": "person"'), "line 3: this is not as an export writes it"),
        (3, (b"}}", b'},"x":1}'), "line 3: this is no row of a table that this version knows"),
        (3, (b'"position":2', b'"position":2222222222222222222222'), "line 3: this is no row of event: Expected `int"),
        (8, (b'"failures":0', b'"failures":2147483648'), "line 8: this is no row of feed: Expected `int` <="),
        (8, (b'"id":"f-1"', b'"id":"f-2"'), "their count or SHA-256 is another"),
        (8, (b'"id":"f-1"', b'"id":"g-1"'), "line 9: the row is out of order"),
    ],
)
def test_what_is_wrong_is_named(
    whole: list[bytes], target: Engine, number: int, change: tuple[bytes, bytes], said: str
) -> None:
    """The refusal names the line and what is wrong with it."""
    old, new = change
    assert old in whole[number - 1]
    edited = [*whole[: number - 1], whole[number - 1].replace(old, new, 1), *whole[number:]]
    assert said in str(refusal(target, edited))


def resealed(lines: Sequence[bytes], change: Callable[[dict[str, Any]], Any]) -> list[bytes]:
    """Change events, and everything that proves them: as another version of tracker could have written them."""
    head, out = "", []
    for one in map(json.loads, lines[:-1]):
        if "event" in one:
            row = one["event"]
            change(row)
            row["digest"] = digest_of(row["salt"], canonical(row["data"]))
            row["hash"] = head = link(head, row)
        out.append(one)
    out[0]["head"] = head
    return sealed([*(f"{canonical(one)}\n".encode() for one in out), lines[-1]])


def sealed(lines: Sequence[bytes]) -> list[bytes]:
    """Return the lines with an end that proves them."""
    end = {**json.loads(lines[-1]), "sha256": hashlib.sha256(b"".join(lines[:-1])).hexdigest()}
    return [*lines[:-1], f"{canonical(end)}\n".encode()]


def test_a_file_that_was_sealed_anew_is_read(whole: list[bytes], empty: Callable[[], Engine]) -> None:
    """The tests' own way to write an export is that of an export: else what follows would prove nothing."""
    assert resealed(whole, lambda _: None) == whole
    imported(empty(), resealed(whole, lambda row: row.update(actor="another")))


@pytest.mark.parametrize("change", [{"type": "story.sold"}, {"schema": 9}])
def test_events_of_a_later_version_are_refused(whole: list[bytes], target: Engine, change: dict[str, Any]) -> None:
    """A type or schema of event that this version does not know is refused as too new, at its line."""
    error = refusal(target, resealed(whole, lambda row: row.update(change)))
    assert isinstance(error, DatabaseTooNew)
    assert str(error).startswith("line 2: an event ")
    assert "later version" in str(error)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: row["data"].update(title=7), "line 2: an event story.renamed cannot be read"),
        (lambda row: row.update(recorded_at=9 - row["position"]), "line 3: the event was recorded before"),
        (lambda row: row.update(id="one"), "is there twice"),
    ],
)
def test_a_forged_log_is_refused(
    whole: list[bytes], target: Engine, change: Callable[[dict[str, Any]], Any], said: str
) -> None:
    """A file with a chain of its own is refused where it could not have come from a log."""
    assert said in str(refusal(target, resealed(whole, change)))


def test_an_erased_event_whose_erasure_is_missing(whole: list[bytes], target: Engine) -> None:
    """Data without a salt is taken in only where an erasure in the log names it."""
    lines = [line.replace(json.dumps(salt).encode(), b"null") for line, salt in zip(whole, salts(whole), strict=True)]
    summed = {**json.loads(whole[-1]), "sha256": hashlib.sha256(b"".join(lines[:-1])).hexdigest()}
    error = refusal(target, [*lines[:-1], f"{canonical(summed)}\n".encode()])
    assert "the data of the event at position 1 is not what an erasure left" in str(error)


def salts(lines: Sequence[bytes]) -> list[str]:
    return [json.loads(line).get("event", {}).get("salt", "none") for line in lines]


@pytest.mark.parametrize("name", [part.name for part in parts(()) if part.name not in MADE_AGAIN])
def test_a_database_that_holds_something_is_refused(
    name: str, whole: list[bytes], filled: Engine, empty: Callable[[], Engine]
) -> None:
    """An export goes into no database in which a single table holds a row, and what is there stays."""
    target, table = empty(), tables.metadata.tables[name]
    with reading(filled) as connection:
        row = dict(connection.execute(select(table).limit(1)).mappings().one())
    target.pool.dispose()
    with writing(target) as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        if name == "attempt":
            held = connection.execute(insert(tables.delivery), _owed(row["delivery"]))
            assert held.rowcount
        connection.execute(insert(table), row)
    with pytest.raises(StoreError, match="is not empty"):
        imported(target, whole)
    assert len(rows(target)[name]) == 1


def _owed(identity: str) -> dict[str, Any]:
    return {
        "id": identity, "subscription": "mail", "event_id": "e", "story": "s", "position": 1, "state": "pending",
        "attempts": 0, "due_at": NOON, "created_at": NOON, "token": 0,
    }  # fmt: skip


def test_a_database_that_already_has_views_of_nothing(whole: list[bytes], empty: Callable[[], Engine]) -> None:
    """Checkpoints that looking at an empty database has left are no obstacle."""
    target = empty()
    with writing(target) as connection:
        for name in ("timeline", "looks"):
            connection.execute(
                insert(tables.checkpoint),
                {"projection": name, "generation": 1, "position": 0, "folds": 1, "begun": 0, "live": True},
            )
    imported(target, whole)
    assert exported(target) == whole


def test_an_import_that_is_killed_leaves_nothing(database_url: str, whole: list[bytes]) -> None:
    """Kill -9 with all rows written and the end outstanding leaves an empty database, into which the file then goes."""
    source, sink = os.pipe()
    command = [sys.executable, "-m", "tracker", "--database-url", database_url, "import", "-"]
    process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.write(sink, b"".join(whole[:-1]))
    while struct.unpack("i", fcntl.ioctl(source, termios.FIONREAD, b"\0" * 4))[0]:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    time.sleep(0.3)  # it has read all there is; whether it has written it all makes no difference to what must hold
    process.kill()
    process.communicate()
    os.close(source)
    os.close(sink)
    engine = open_engine(database_url)
    imported(engine, whole)
    assert exported(engine) == whole
    engine.dispose()


# ---- Random histories ------------------------------------------------------------------------------------------------

_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
_documents = st.recursive(st.none() | _texts | st.integers(-9, 9), lambda one: st.dictionaries(_texts, one, max_size=2))


def _values(column: Column[Any]) -> st.SearchStrategy[Any]:
    """Draw whatever a column can hold on both databases."""
    kinds: list[tuple[Any, st.SearchStrategy[Any]]] = [
        (Boolean, st.booleans()),
        (Float, st.floats(allow_nan=False, allow_infinity=False)),
        (Moment, st.datetimes().map(lambda moment: moment.replace(tzinfo=UTC))),
        (BigInteger, st.integers(-(2**63), 2**63 - 1)),
        (Integer, st.integers(-(2**31), 2**31 - 1)),
    ]
    if column.name == "data":
        return _documents.map(canonical)
    drawn = next((values for kind, values in kinds if isinstance(column.type, kind)), _texts)
    return st.none() | drawn if column.nullable else drawn


@dataclass(frozen=True)
class History:
    """A log, and rows of the other tables."""

    events: list[tuple[str, NewEvent]]
    rows: dict[str, list[dict[str, Any]]]

    def write(self, engine: Engine) -> None:
        """Write it into an empty database."""
        log, versions = SqlEventLog(engine, Clock()), Counter[str]()
        for stream, new in self.events:
            log.append(stream, versions[stream], [new])
            versions[stream] += 1
        with writing(engine) as connection:
            for name, held in self.rows.items():
                if held:
                    connection.execute(insert(tables.metadata.tables[name]), held)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw a history."""
    told = draw(st.lists(st.tuples(_texts, any_event), max_size=6))
    events = [(stream, NewEvent(f"id-{nth}", event, draw(_texts))) for nth, (stream, event) in enumerate(told)]
    held = {part.name: draw(_rows(part.table)) for part in parts(()) if part.name not in {*MADE_AGAIN, "event"}}
    owed = [row["id"] for row in held["delivery"]]
    held["attempt"] = [row | {"delivery": draw(st.sampled_from(owed))} for row in held["attempt"] if owed]
    return History(events, held)


def _rows(table: Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    unique = [table.primary_key, *(one for one in table.constraints if isinstance(one, UniqueConstraint))]
    by = tuple(
        lambda row, names=tuple(column.name for column in one.columns): tuple(row[name] for name in names)
        for one in unique
    )  # fmt: skip
    row = st.fixed_dictionaries({column.name: _values(column) for column in table.columns})
    return st.lists(row, max_size=3, unique_by=by)


def _numbered(number: int) -> dict[str, Any]:
    return {
        "number": number, "entry": "e", "version": "v", "place": None, "published": None, "seen": NOON, "data": "null",
    }  # fmt: skip


@settings(deadline=None, max_examples=15)
@given(histories())
def test_whatever_there_is_arrives(sqlite_template: Path, history: History) -> None:
    """Export, import, export: the same bytes, for whatever events and rows there may be."""
    with tempfile.TemporaryDirectory() as folder:
        engines = []
        for name in ("one.db", "two.db"):
            shutil.copy(sqlite_template, Path(folder) / name)
            engines.append(open_engine(f"sqlite:///{Path(folder) / name}"))
        history.write(engines[0])
        lines = exported(engines[0])
        imported(engines[1], lines)
        assert exported(engines[1]) == lines
        for engine in engines:
            engine.dispose()


def test_whatever_there_is_arrives_over_the_other_database(postgresql_url: str, sqlite_template: Path) -> None:
    """SQLite, PostgreSQL, SQLite: the same bytes, for whatever events and rows there may be."""
    names = ", ".join(part.name for part in parts(()))
    emptied = (
        "ALTER TABLE event DISABLE TRIGGER USER", f"TRUNCATE {names}", "ALTER TABLE event ENABLE TRIGGER USER",
        "UPDATE log SET position = 0, recorded_at = 0",
    )  # fmt: skip

    @settings(deadline=None, max_examples=8, phases=[Phase.explicit, Phase.generate])
    @given(histories())
    @example(History([], {"entry_version": [_numbered(2**63 - 1)]}))
    @example(History([], {"entry_version": [_numbered(-1)]}))
    def law(history: History) -> None:
        execute(postgresql_url, *emptied)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(sqlite_template, Path(folder) / "one.db")
            one, server = open_engine(f"sqlite:///{Path(folder) / 'one.db'}"), open_engine(postgresql_url)
            with ExitStack() as ended:
                for engine in (one, server):
                    ended.callback(engine.dispose)
                history.write(one)
                lines = exported(one)
                imported(server, lines)
                assert exported(server) == lines

    law()
