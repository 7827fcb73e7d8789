"""`tracker doctor` and `tracker db` on databases that are well, old, new, damaged, missing and out of reach."""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sql.made import Clock, renamed
from tests.adapters.sql.test_lock import holder
from tests.made.command_line import Tracker
from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.sql.engine import open_engine
from tracker.adapters.sql.event_log import SqlEventLog
from tracker.adapters.sql.revisions import HEAD
from tracker.application.diagnosis import Diagnosis
from tracker.application.doctor import MailServer, examine
from tracker.bootstrap import App
from tracker.config import Database, Settings, Web
from tracker.entrypoints.cli.main import run
from tracker.errors import TrackerError
from tracker.ports.log import Notice


def looked(url: str, **parts: Any) -> dict[str, Diagnosis]:
    """Make the checks; return what each found, by its name. The models, which take their time, stay away."""
    app = App(Settings(database=Database(url=url)))
    try:
        return dict(examine(replace(app.patient, **{"load_models": lambda: "not loaded", **parts})))
    finally:
        app.close()


def reported(url: str, capsys: pytest.CaptureFixture[str], code: int) -> dict[str, Any]:
    """Run the command; return each check by its name, as JSON tells it."""
    assert run(["--database-url", url, "doctor", "--format", "json"]) == code
    document = json.loads(capsys.readouterr().out)
    levels = [check["level"] for check in document["checks"]]
    assert document["schema_version"] == 1
    assert (document["faults"], document["warnings"]) == (levels.count("fault"), levels.count("warning"))
    return {check["check"]: check for check in document["checks"]}


def change(url: str, *statements: str) -> None:
    """Change a SQLite file behind tracker's back."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.fixture
def written(sqlite_url: str) -> str:
    """Return a database with three events, each owed to somebody."""
    engine = open_engine(sqlite_url)
    events = [renamed(str(number)) for number in range(3)]
    SqlEventLog(engine, Clock()).append("s", 0, events, [Notice("mail", one.id, "s") for one in events])
    engine.dispose()
    return sqlite_url


def test_all_is_well(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On a fresh database every check is made, none finds anything, and the command ends with 0."""
    found = reported(sqlite_url, capsys, code=0)
    assert list(found) == [
        "python", "sqlite", "place", "schema", "file", "log", "views", "worker", "feeds", "entries", "alerts", "zones",
        "endpoints", "config", "secrets", "web", "mail", "clock", "page", "models",
    ]  # fmt: skip
    assert {check["level"] for check in found.values()} == {"ok"}
    assert {check["remedy"] for check in found.values()} == {None}
    assert MiniLmEncoder().version in found["models"]["finding"]


def test_a_fault(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a fault the command ends with 1, and its report is on the standard output all the same."""
    change(written, "UPDATE log SET position = 7")
    found = reported(written, capsys, code=1)
    assert (found["log"]["level"], found["alerts"]["level"]) == ("fault", "warning")
    assert "tracker verify" in found["log"]["remedy"]


def test_how_far_the_views_are(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON the report holds for each view its position, the events behind it, and how long the oldest waits."""
    report = json.loads(Tracker(written, capsys)("doctor", "--format", "json"))
    late = {view["projection"]: view for view in report["views"]}["timeline"]
    assert (late["position"], late["behind"], late["dead_letters"]) == (0, 3, 0)
    assert late["age"] > 0


def test_for_a_person(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As text each check is a line, with what it is about and the remedy beneath it where there is one."""
    change(written, "UPDATE delivery SET state = 'dead'")
    tracker = Tracker(written, capsys)
    for nth in range(7):
        tracker("feed", "add", "--query", f"ferry {nth}")
    change(written, "UPDATE feed SET failures = 3, last_error = 'HTTP 500', trouble = 'refused'")
    lines = tracker("doctor").splitlines()
    at = next(number for number, line in enumerate(lines) if line.split()[1] == "feeds")
    assert lines[at].split(maxsplit=2) == ["warning", "feeds", "7 of 7 in trouble"]
    assert all(line.endswith("refuses to answer: HTTP 500") for line in lines[at + 1 : at + 6])
    assert [line.split()[0] for line in lines[at + 6 : at + 8]] == ["and", "->"]
    at = next(number for number, line in enumerate(lines) if line.split()[1] == "alerts")
    assert lines[at].split(maxsplit=2) == ["warning", "alerts", "3 given up, 0 overdue"]
    assert lines[at + 1].strip().startswith("-> `tracker alert list --state dead`")


def test_nothing_is_made(tmp_path: Path) -> None:
    """A database that is not there yet is no fault: it is said how to make it, and it is not made."""
    found = looked(f"sqlite:///{tmp_path}/a/b/tracker.db")
    assert "not there yet" in found["database"].finding
    assert "tracker db upgrade" in found["database"].remedy
    assert str(tmp_path) in found["place"].finding
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_files(tmp_path: Path) -> None:
    """Where no file can be made it is told so, with what to do, and not as a disk that is full."""
    found = looked("sqlite:////proc/nope/x.db")["place"]
    assert (found.level, "may not be written to" in found.finding) == ("fault", True)
    assert "TRACKER_DATABASE_URL" in found.remedy
    (tmp_path / "file").touch()
    assert looked(f"sqlite:///{tmp_path}/file/x.db")["database"].level == "warning"


def test_nothing_is_migrated(tmp_path: Path) -> None:
    """Tables of an older version, or none, are told and left; what needs this version's tables is not looked at."""
    path = tmp_path / "tracker.db"
    path.touch()
    found = looked(f"sqlite:///{path}")
    assert found["schema"].level == "warning"
    assert "log" not in found
    change(
        f"sqlite:///{path}",
        "CREATE TABLE alembic_version (version_num TEXT)",
        "INSERT INTO alembic_version VALUES ('0001')",
    )
    found = looked(f"sqlite:///{path}")
    assert found["schema"].finding == f"schema 0001, this version has {HEAD}"
    assert "log" not in found


def test_a_later_version(written: str) -> None:
    """A database of a later version is a fault that says so."""
    change(written, "UPDATE alembic_version SET version_num = '9999'")
    assert "written by a later version" in looked(written)["schema"].finding


def test_no_database(tmp_path: Path) -> None:
    """A file of something else is a fault, and the checks that do not need it are made."""
    (tmp_path / "notes").write_text("Dear diary, " * 99)
    found = looked(f"sqlite:///{tmp_path}/notes")
    assert "not a database" in found["schema"].finding
    assert found["models"].level == "ok"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'sighting'", "the file is damaged"),
        ("UPDATE sqlite_master SET sql = replace(sql, 'attempts INTEGER', 'attempts INTEGER CHECK (attempts)')",
         "CHECK constraint failed in delivery"),
    ],
)  # fmt: skip
def test_a_damaged_file(written: str, damage: str, words: str) -> None:
    """What SQLite finds damaged is a fault, and the other checks go on."""
    change(written, "PRAGMA writable_schema = ON", damage)
    found = looked(written)
    assert found["file"].level == "fault"
    assert words in found["file"].finding
    assert "restore a backup" in found["file"].remedy
    assert found["log"].level == "ok"


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("DROP TRIGGER event_no_update", "UPDATE event SET actor = 'nobody' WHERE position = 2"), "position 2"),
        (("UPDATE log SET position = 7",), "the head says 7, the newest event is at 3"),
        (("DELETE FROM log",), "the head is lost"),
    ],
)
def test_a_broken_log(written: str, statements: tuple[str, ...], words: str) -> None:
    """A log that does not hold together is a fault that names the place."""
    change(written, *statements)
    found = looked(written)["log"]
    assert words in found.finding
    assert "tracker verify" in found.remedy


def test_the_worker(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The worker that runs is named by its process; a feed that nobody polls is a warning."""
    Tracker(sqlite_url, capsys)("feed", "add", "https://news.example/feed")
    assert looked(sqlite_url)["worker"].level == "warning"
    with holder(sqlite_url) as other:
        assert f"process {other.pid} " in looked(sqlite_url)["worker"].finding
        other.kill()
    assert looked(sqlite_url)["worker"].level == "warning"


def test_what_is_owed(written: str) -> None:
    """Alerts due for more than an hour are a warning; so is a view that has long been behind."""
    found = looked(written)
    assert (found["alerts"].level, found["alerts"].finding) == ("warning", "0 given up, 3 overdue")
    assert (found["views"].level, "3 events behind" in found["views"].finding) == ("warning", True)


def test_mail_that_cannot_be_sent(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody subscribed by mail while no server is set is a fault, until one is."""
    Tracker(sqlite_url, capsys)("subscription", "add", "--email", "ada@example.org")
    assert "TRACKER_MAIL_HOST" in looked(sqlite_url)["mail"].remedy
    assert looked(sqlite_url, mail=MailServer(lambda: None))["mail"].finding.startswith("1 subscribed by mail; ")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TrackerError("model file x is missing"), "model file x is missing"),
        (KeyError("odd"), "the check broke: KeyError"),
    ],
)
def test_a_check_that_cannot_be_made(sqlite_url: str, error: Exception, words: str) -> None:
    """A check that fails is a fault of its own and stops no other."""

    def load() -> str:
        raise error

    found = looked(sqlite_url, load_models=load)
    assert found["models"].level == "fault"
    assert words in found["models"].finding
    assert {told.level for name, told in found.items() if name != "models"} == {"ok"}


def test_in_memory() -> None:
    """A database in memory has no place and no tables yet."""
    assert list(looked("sqlite://")) == ["python", "sqlite", "schema", "page", "models"]


def test_a_server(postgresql_url: str) -> None:
    """Of PostgreSQL the version and its settings are told; one that may lose commits is a fault."""
    found = looked(postgresql_url)
    assert list(found) == [
        "python", "server", "schema", "log", "views", "feeds", "entries", "alerts", "zones", "endpoints", "config",
        "secrets", "web", "mail", "clock", "page", "models",
    ]  # fmt: skip
    assert "fsync off" in found["server"].finding
    assert [name for name, check in found.items() if check.level != "ok"] == ["server"]


def test_a_server_out_of_reach(tmp_path: Path) -> None:
    """A server that does not answer is a fault in one line, and what does not need it is looked at."""
    found = looked(f"postgresql://ada@/d?host={tmp_path}")
    assert "no server listens there" in found["server"].finding
    assert "no server listens there" in found["schema"].finding
    assert found["models"].level == "ok"


def test_a_configuration_that_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a configuration there is nothing to look at: 2."""
    assert "databases of kind 'mysql'" in Tracker("mysql://h/d", capsys)("doctor", code=2)


def test_check_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`tracker db check` makes and migrates nothing and ends with 1 unless the tables are those of this version."""
    path = tmp_path / "tracker.db"
    tracker = Tracker(f"sqlite:///{path}", capsys)
    assert "not there yet; `tracker db upgrade` makes it" in tracker("db", "check", code=1)
    assert not path.exists()
    path.touch()
    assert "no tables yet" in tracker("db", "check", code=1)
    change(
        tracker.url, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('0001')"
    )
    assert f"has schema 0001, this version {HEAD}" in tracker("db", "check", code=1)
    change(tracker.url, "UPDATE alembic_version SET version_num = '9999'")
    assert "later version" in tracker("db", "check", code=1)


def test_upgrade_says_what_it_did(empty_database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`tracker db upgrade` says which schema there is and which there was; `check` then agrees."""
    tracker = Tracker(empty_database_url, capsys)
    assert tracker("db", "upgrade").endswith(f": schema {HEAD}, was none\n")
    assert tracker("db", "upgrade").endswith(f": schema {HEAD}\n")
    assert tracker("db", "check").endswith(f": schema {HEAD}, log at position 0\n")


def test_upgrade_of_a_file_that_cannot_be_read(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A file whose first page is gone is refused in one line by both."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    shutil.copy(path, path.with_name("whole.db"))
    path.write_bytes(b"\xff" * 4096 + path.read_bytes()[4096:])
    for command in ("upgrade", "check"):
        assert "not a database" in Tracker(sqlite_url, capsys)("db", command, code=1)


def test_a_key_of_links_that_cannot_be_read_is_a_fault(written: str) -> None:
    """Without it no mail with a link could be written; the finding names the reference."""
    web = Web(public_url="https://a.example", key="env:NO_SUCH_KEY", listen="127.0.0.1:1")
    app = App(Settings(database=Database(url=written), web=web))
    found = dict(examine(replace(app.patient, load_models=lambda: "not loaded")))
    app.close()
    assert found["web"].level == "fault"
    assert "NO_SUCH_KEY is not set" in found["web"].finding
