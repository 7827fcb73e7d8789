"""`tracker healthcheck` where no worker listens: what the database and its lock tell."""

import socket
from pathlib import Path

import pytest

from tests.adapters.sql.test_lock import holder
from tests.made.mailbox import free_port
from tracker.entrypoints.cli.main import run

Captured = pytest.CaptureFixture[str]


def checked(capsys: Captured, *arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code, and the one line that it says."""
    code = run(list(arguments))
    written = capsys.readouterr()
    said = written.err if code else written.out
    assert said.count("\n") == 1
    assert said == written.out + written.err
    return code, said.strip()


def test_a_worker_is_seen_by_its_lock(sqlite_url: str, capsys: Captured) -> None:
    """On SQLite somebody must hold it: 1 and a reason until then."""
    ask = ("--database-url", sqlite_url, "healthcheck")
    assert checked(capsys, *ask) == (1, "tracker: no worker runs")
    with holder(sqlite_url) as process:
        number = process.pid
        assert checked(capsys, *ask) == (0, f"process {number} follows the stories; the database answers")


def test_a_database_must_be_there_and_of_this_version(tmp_path: Path, capsys: Captured) -> None:
    """Neither is made by looking."""
    file = tmp_path / "none.db"
    assert checked(capsys, "--database-url", f"sqlite:///{file}", "healthcheck")[0] == 1
    assert not file.exists()
    file.touch()
    code, said = checked(capsys, "--database-url", f"sqlite:///{file}", "healthcheck")
    assert code == 1
    assert "has schema none, this version" in said


def test_on_postgresql_the_database_must_answer(postgresql_url: str, capsys: Captured) -> None:
    """Any number of workers share it, so there is no lock to look at."""
    assert checked(capsys, "--database-url", postgresql_url, "healthcheck") == (0, "the database answers")


def test_where_nobody_answers_the_line_says_why(capsys: Captured) -> None:
    """Nobody there, one that accepts and says nothing, and an address that is none."""
    url = f"http://127.0.0.1:{free_port()}"
    assert checked(capsys, "healthcheck", "--url", url) == (1, f"tracker: {url}: Connection refused")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        code, said = checked(capsys, "healthcheck", "--url", url, "--timeout", "0.2")
    assert code == 1
    assert "0.2 s" in said or "timed out" in said
    assert checked(capsys, "healthcheck", "--url", "file:///etc/hosts")[0] == 2
