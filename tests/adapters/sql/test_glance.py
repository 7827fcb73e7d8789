"""A report is read with the driver alone where nothing has to be done to the database first, and is the same report."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.made import bridge
from tests.made.command_line import Tracker
from tests.made.stored import stored
from tracker.adapters.sql.feed_book import SqlFeedBook
from tracker.adapters.sql.glance import Glance, glance
from tracker.adapters.sql.read_models import SqlViews
from tracker.errors import StoreError
from tracker.projections import ALL
from tracker.projections.rows import ordinal

STORY = bridge.STORY


@pytest.fixture
def level(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return a database whose views are level with the log, with feeds in various states."""
    stored(sqlite_url, bridge.events()).engine.dispose()
    tracker = Tracker(sqlite_url, capsys)
    tracker("rebuild")
    tracker("feed", "add", "--query", "harbour ferry", "--story", STORY, "--article")
    tracker("feed", "add", "--query", "harbour bridge", "--user-agent", "desk")
    tracker("status")
    change(sqlite_url, "UPDATE feed SET failures = 3, last_error = 'HTTP 500', trouble = 'refused', last_ok_at = 1")
    return sqlite_url


@pytest.fixture
def looked(level: str) -> Iterator[Glance]:
    """Return what is read of it."""
    found = glance(level, ALL)
    assert found is not None
    yield found
    found.close()


def change(url: str, *statements: str) -> None:
    """Change the file behind tracker's back."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_it_reads_what_the_views_hold(level: str, looked: Glance) -> None:
    """Each question has the answer that the library's way gives."""
    engine = stored(level, ()).engine
    views, feeds = SqlViews(engine), SqlFeedBook(engine)
    for name in (each.name for each in ALL):
        assert looked.partitions(name) == views.partitions(name)
        assert looked.checkpoint(name) == views.checkpoint(name) > 0
        for partition in views.partitions(name):
            assert list(looked.scan(name, partition)) == list(views.scan(name, partition))
            assert looked.count(name, partition) == views.count(name, partition)
    for bounds in (
        {"last": 3}, {"first": 2}, {"after": ordinal(5)}, {"before": ordinal(9), "last": 2},
        {"after": ordinal(3), "before": ordinal(9), "first": 2},
    ):  # fmt: skip
        assert list(looked.scan("timeline", STORY, **bounds)) == list(views.scan("timeline", STORY, **bounds))
    keys = [(STORY, ordinal(number)) for number in (5, 7, 999)]
    assert looked.load("timeline", keys) == views.load("timeline", keys)
    assert looked.all(STORY) == feeds.all(STORY)
    assert len(looked.all(STORY)) == 2
    engine.dispose()


def test_a_report_is_the_same(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A report, a timeline and their JSON are the same, word by word, as where the views are one event behind."""
    tracker = Tracker(level, capsys)
    commands = (["status", STORY], ["timeline", STORY], ["status", STORY, "--format", "json"])
    quick = [tracker(*command) for command in commands]
    change(level, "UPDATE checkpoint SET folds = 0 WHERE projection = 'sources'")
    assert glance(level, ALL) is None
    assert [tracker(*command) for command in commands] == quick


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE checkpoint SET position = position - 1 WHERE projection = 'timeline'",
        "UPDATE checkpoint SET position = position + 1",
        "UPDATE checkpoint SET folds = folds + 1 WHERE projection = 'ledger'",
        "UPDATE checkpoint SET live = 0",
        "DELETE FROM checkpoint WHERE projection = 'health'",
        "DROP TABLE checkpoint",
    ],
)
def test_what_has_something_to_be_done_to_it_is_left(level: str, statement: str) -> None:
    """Another schema, and views that are not level with the log or of another making, are opened as usual."""
    change(level, statement)
    assert glance(level, ALL) is None


def test_what_is_no_such_file_is_left(tmp_path: Path) -> None:
    """What is no database, not there, in memory or on a server is opened as usual, and nothing is made."""
    (tmp_path / "notes").write_text("Dear diary, " * 99)
    (tmp_path / "empty").touch()
    urls = (
        f"sqlite:///{tmp_path}/notes",
        f"sqlite:///{tmp_path}/empty",
        f"sqlite:///{tmp_path}/none",
        f"sqlite:///{tmp_path}",
    )
    assert [glance(url, ALL) for url in (*urls, "sqlite://", "sqlite:///:memory:", "postgresql://h/d", "x")] == [
        None
    ] * 8
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "notes"]


def test_nothing_can_be_written(looked: Glance) -> None:
    """The connection refuses to write, and a refusal of the database is an error of the house."""
    with pytest.raises(StoreError, match="readonly"):
        looked._asked("DELETE FROM event")
