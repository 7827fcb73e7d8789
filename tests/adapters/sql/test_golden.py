"""What was ever written is still read: an event of every type and schema, and a whole log of the first revision."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from tests.adapters.sql.golden import EVENTS, FOLDER
from tests.adapters.sql.made import Clock, renamed
from tests.adapters.sql.migrators import alembic
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.codec import TYPES, decode, encode
from tracker.adapters.sql.engine import open_engine, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import upgrade
from tracker.domain.claims import Standing, Status
from tracker.domain.events import FindingReviewed, story_stream
from tracker.domain.story import evolve

FILES = sorted(FOLDER.glob("*.json"))
OLD_TABLES = ("log", "event", "stream", "delivery")


def test_every_schema_has_its_file() -> None:
    """There is one golden file for each type and schema up to the present one, each with its meaning, and no other."""
    wanted = {f"{name}-{schema}" for name, present in TYPES.values() for schema in range(1, present + 1)}
    assert {file.stem for file in FILES} == wanted
    assert EVENTS.keys() == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_event_of_every_schema(file: Path) -> None:
    """A golden event is read as what it means today; what is written of it today is read back, and stays as it is."""
    name, _, schema = file.stem.rpartition("-")
    written: str = file.read_text(encoding="utf-8").removesuffix("\n")
    meant = EVENTS[file.stem]
    assert decode(name, int(schema), written) == meant
    again = encode(meant)
    assert decode(*again) == meant
    if TYPES[type(meant)] == (name, int(schema)):
        assert again == (name, int(schema), written)


@pytest.fixture
def old_log(empty_database_url: str) -> Iterator[Engine]:
    """Return a database at the first revision with the log that a program of that time wrote."""
    engine = open_engine(empty_database_url)
    alembic(engine, command.upgrade, "0001")
    dump = sqlite3.connect(":memory:")
    dump.executescript((FOLDER / "log-0001.sql").read_text(encoding="utf-8"))
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM log"))
        for table in OLD_TABLES:
            rows = dump.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            into = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
            connection.execute(text(into), [dict(zip(names, row, strict=True)) for row in rows])
    dump.close()
    yield engine
    engine.dispose()


def test_a_log_of_the_first_revision(old_log: Engine) -> None:
    """A log of the first revision is migrated, verifies, tells the story that it told, and goes on."""
    upgrade(old_log)
    log = SqlEventLog(old_log, Clock())
    assert (SqlAuditor(old_log).verify().faults, log.head()) == ((), 21)
    story = evolve(None, list(log.read(stream=story_stream("harbour-bridge"))))
    assert story is not None
    assert (story.title, story.version, story.closed) == ("Old harbour bridge closed", 17, False)
    assert [
        (name, one.current.text, one.current.status, one.standing, sorted(one.sources), len(one.steps))
        for name, one in story.claims.items()
    ] == [
        (
            "S01", "Fourteen people were hurt when the railing gave way.", Status.FACT, Standing.CORROBORATED,
            ["Channel Nine", "City Herald"], 3,
        ),
        ("S02", "The council knew of cracks in the railing.", Status.FACT, Standing.DISPUTED, ["seed"], 1),
        ("S03", "The bridge will stay closed until 14 March.", Status.PLANNED, Standing.REPORTED, ["seed"], 2),
        ("S04", "A ferry will run from Tuesday.", Status.ANNOUNCED, Standing.WITHDRAWN, ["seed"], 0),
        (
            "N-7c1", "A judge will lead an inquiry into the collapse.", Status.ANNOUNCED, Standing.REPORTED,
            ["Channel Nine"], 0,
        ),
    ]  # fmt: skip
    (review,) = (one.event for one in log.read() if isinstance(one.event, FindingReviewed))
    assert review.claim == ""
    assert [one.position for one in log.append("alerts", 1, [renamed("new")])] == [22]
    assert SqlAuditor(old_log).verify().faults == ()
