"""Migrations, on both databases."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from tests.adapters.sql.made import NOON, Clock, later, renamed
from tests.adapters.sql.migrators import (
    alembic,
    count_statements,
    long_log,
    measure_migration,
    migrate_and_die,
    old_rows,
    rows_of,
    write_old_log,
)
from tests.adapters.sql.writers import migrate, processes
from tracker.adapters.sql.audit import SqlAuditor
from tracker.adapters.sql.codec import decode
from tracker.adapters.sql.engine import open_engine, reading, writing
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.migrate import check, revision, scripts, upgrade
from tracker.adapters.sql.moments import microseconds
from tracker.adapters.sql.revisions import HEAD, REVISIONS
from tracker.domain.events import EntryErased, NewEvent, Recorded
from tracker.errors import DatabaseTooNew, StoreError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    """Return the engine of a database without tables."""
    engine = open_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_one_head() -> None:
    """The scripts are one line without branches, and the constants that spare alembic at the start name all of them."""
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    directory = ScriptDirectory.from_config(config)
    assert directory.get_heads() == [HEAD]
    assert [one.revision for one in directory.walk_revisions()] == list(reversed(REVISIONS))


def test_upgrade(empty: Engine) -> None:
    """An empty database is brought to the head, and a second time changes nothing."""
    assert check(empty) == f"none/{HEAD}"
    upgrade(empty)
    assert check(empty) == f"{HEAD}/{HEAD}"
    written = SqlEventLog(empty, Clock()).append("s", 0, [renamed("1")])
    upgrade(empty)
    assert tuple(SqlEventLog(empty, Clock()).read()) == written


def test_up_down_up(empty: Engine) -> None:
    """The scripts take away all that they make, and make it again."""
    upgrade(empty)
    first = structure(empty)
    alembic(empty, command.downgrade, "base")
    assert inspect(empty).get_table_names() == ["alembic_version"]
    upgrade(empty)
    assert structure(empty) == first
    assert SqlAuditor(empty).verify().faults == ()


def test_the_scripts_make_the_tables_of_the_code(empty: Engine) -> None:
    """What the migrations make is what the code declares: alembic finds nothing to generate."""
    upgrade(empty)
    alembic(empty, command.check)


def test_a_log_of_an_older_version(empty: Engine) -> None:
    """A log that revision 0001 wrote reads the same after the migration, in its order, and can be proven.

    Taken back it is what it was, byte for byte; brought up again it reads the same and can be proven again.
    """
    old = old_rows()
    write_old_log(empty, old)
    streams = rows_of(empty, "stream", "stream")
    upgrade(empty)
    first = told(empty)
    assert [(one.position, one.stream, one.version, one.id) for one in first] == [
        (row["position"], row["stream"], row["version"], row["id"]) for row in old
    ]
    assert [one.event for one in first] == [decode(row["type"], row["schema"], row["data"]) for row in old]
    assert [row["data"] for row in rows_of(empty, "event", "position")] == [row["data"] for row in old]
    proven(empty, len(old))
    alembic(empty, command.downgrade, "0001")
    assert rows_of(empty, "event", "position") == old
    assert rows_of(empty, "stream", "stream") == streams
    alembic(empty, command.upgrade, "head")
    assert [replace(one, hash="") for one in told(empty)] == [replace(one, hash="") for one in first]
    proven(empty, len(old))
    log = SqlEventLog(empty, Clock())
    assert log.append("alerts", streams[0]["version"], [renamed("new")])[0].position == len(old) + 1
    proven(empty, len(old) + 1)


def told(engine: Engine) -> list[Recorded]:
    """Return the whole log."""
    return list(SqlEventLog(engine, Clock()).read())


def proven(engine: Engine, events: int) -> None:
    """Check that the log verifies and how long it is."""
    audit = SqlAuditor(engine).verify()
    assert (audit.faults, audit.events, audit.position) == ((), events, events)


def test_an_erasure_outlives_a_downgrade(empty: Engine) -> None:
    """Which entries were erased is known again after the tables were taken back and made anew."""
    upgrade(empty)
    for number, entry in enumerate(("e-1", "e-2", "e-1")):
        event = NewEvent(f"{number}", EntryErased(entry, "a court", ()), "person")
        SqlEventLog(empty, Clock(later(hours=number))).append("s", number, [event])
    alembic(empty, command.downgrade, "0001")
    upgrade(empty)
    first, second = rows_of(empty, "erasure", "entry")
    assert (first["entry"], second["entry"]) == ("e-1", "e-2")
    assert (first["erased_at"], second["erased_at"]) == (microseconds(NOON), microseconds(later(hours=1)))


@pytest.mark.parametrize("old", [False, True])
def test_processes_at_once(empty_database_url: str, *, old: bool) -> None:
    """Processes that all find an empty or an older database and migrate it at once do so one after the other."""
    engine = open_engine(empty_database_url)
    if old:
        write_old_log(engine, old_rows())
    context = processes()
    others = [context.Process(target=migrate, args=(empty_database_url,)) for _ in range(4)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0, 0, 0]
    assert revision(engine) == HEAD
    proven(engine, len(old_rows()) if old else 0)
    engine.dispose()


def test_a_migration_that_is_killed(empty_database_url: str) -> None:
    """A process killed within a migration leaves the older database, whole, and the next one migrates it.

    The last one is killed when all is done but the commit.
    """
    engine = open_engine(empty_database_url)
    old = old_rows()
    write_old_log(engine, old)
    for statement in (8, 14, 20, 26, 0):
        process = processes().Process(target=migrate_and_die, args=(empty_database_url, statement))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert revision(engine) == "0001"
        assert rows_of(engine, "event", "position") == old
    assert count_statements(empty_database_url) > 26
    proven(engine, len(old))
    engine.dispose()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's memory there")
def test_a_long_log_takes_no_more_memory(empty_database_url: str) -> None:
    """A log of 16 MB is migrated a page at a time: its process does not grow with it."""
    engine = open_engine(empty_database_url)
    write_old_log(engine, long_log(8000))
    ours, theirs = processes().Pipe()
    process = processes().Process(target=measure_migration, args=(empty_database_url, theirs))
    process.start()
    assert ours.recv() < 22_000
    process.join()
    assert revision(engine) == HEAD
    engine.dispose()


def test_a_newer_database_is_refused(engine: Engine) -> None:
    """A database of a later version is refused in one line and left as it is."""
    SqlEventLog(engine, Clock()).append("s", 0, [renamed("1")])
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for action in (upgrade, check, revision):
        with pytest.raises(DatabaseTooNew, match="written by a later version of tracker") as refused:
            action(engine)
        assert "\n" not in str(refused.value)
    assert SqlAuditor(engine).verify().faults == ()
    assert SqlAuditor(engine).verify().events == 1


def test_a_migration_that_fails_leaves_nothing(empty: Engine) -> None:
    """A migration is one transaction: where it cannot end, the database is as it was."""
    with writing(empty) as connection:
        connection.execute(text("CREATE TABLE view (x INTEGER)"))
    with pytest.raises(StoreError, match="exists"):
        upgrade(empty)
    assert check(empty) == f"none/{HEAD}"
    assert inspect(empty).get_table_names() == ["view"]


def test_folder_is_made(tmp_path: Path) -> None:
    """A file in a folder that is not there yet is made with its folder; a percent sign means nothing special."""
    url = f"sqlite:///{tmp_path}/a/100%/tracker.db"
    upgrade(url)
    assert (tmp_path / "a" / "100%" / "tracker.db").is_file()


def test_folder_cannot_be_made(tmp_path: Path) -> None:
    """A folder that cannot be made is one clear line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="the folder cannot be made"):
        upgrade(f"sqlite:///{tmp_path}/file/tracker.db")


def test_at_the_head_without_alembic(sqlite_url: str) -> None:
    """Finding that a database is at its head does not load alembic."""
    code = (
        "import sys; from tracker.adapters.sql.migrate import upgrade; upgrade(sys.argv[1]);"
        "sys.exit(any(name.split('.')[0] == 'alembic' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code, sqlite_url], cwd=ROOT, check=False).returncode == 0


def test_alembic_by_hand(tmp_path: Path) -> None:
    """The command line of alembic works in a checkout, on the database that TRACKER_DATABASE_URL names."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    by_hand = [sys.executable, "-m", "alembic"]
    done = subprocess.run(
        [*by_hand, "upgrade", "head"], cwd=ROOT, env=os.environ | {"TRACKER_DATABASE_URL": url}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    engine = open_engine(url)
    assert revision(engine) == HEAD
    engine.dispose()
    environment = {name: value for name, value in os.environ.items() if name != "TRACKER_DATABASE_URL"}
    unset = subprocess.run(
        [*by_hand, "current"], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    assert "TRACKER_DATABASE_URL" in unset.stderr


def structure(engine: Engine) -> list[Any]:
    """Return what the database itself says of its tables, indexes and triggers."""
    query = {
        "sqlite": "SELECT type, name, sql FROM sqlite_master ORDER BY type, name",
        "postgresql": "SELECT tgname::text, pg_get_triggerdef(oid), '' FROM pg_trigger WHERE NOT tgisinternal"
        " UNION SELECT indexname::text, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'"
        " UNION SELECT table_name::text, column_name::text, data_type || is_nullable || coalesce(collation_name, '')"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
    }[engine.dialect.name]
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_names_are_ordered_by_code_point(postgresql_url: str) -> None:
    """Names bear the order of code points on a server of any language, and keys are such names."""
    engine = open_engine(postgresql_url)
    with reading(engine) as connection:
        rows = connection.execute(
            text("SELECT table_name, column_name, collation_name FROM information_schema.columns"
                 " WHERE table_schema = 'public' AND collation_name IS NOT NULL")
        ).all()  # fmt: skip
    collated = {(row.table_name, row.column_name) for row in rows if row.collation_name == "C"}
    assert {("event", "stream"), ("view", "key"), ("view", "partition"), ("feed", "id")} <= collated
    engine.dispose()
