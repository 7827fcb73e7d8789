"""What the config file names is told in the lists until a worker has taken it up."""

from pathlib import Path

import pytest

from tracker.application.declared import declare
from tracker.bootstrap import App
from tracker.config import load
from tracker.entrypoints.cli.main import run

STARTS = "in the config file {} taken up when `tracker run` or `tracker poll` starts\n"


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str) -> Path:
    """Return a config file with a feed, and two who are told."""
    path = tmp_path / "tracker.toml"
    told = "".join(f'[[subscription]]\nemail = "{name}@example.org"\n' for name in ("ada", "bob"))
    path.write_text(f'[database]\nurl = "{sqlite_url}"\n[[feed]]\nurl = "https://news.example/feed"\n{told}')
    return path


def asked(config: Path, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """Return what a command says beside its list."""
    assert run(["--config", str(config), "--database-url", load(config, {}, {}).database.url or "", *command]) == 0
    return capsys.readouterr().err


def test_what_no_worker_has_taken_up_is_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both lists say how much waits for a worker's start, and no longer once it has started; a removed one is none."""
    assert asked(config, capsys, "subscription", "list") == "2 " + STARTS.format("are")
    assert asked(config, capsys, "feed", "list") == "1 " + STARTS.format("is")
    assert asked(config, capsys, "subscription", "list", "--json") == ""
    app = App(load(config, {}, {}))
    try:
        declare(app.log, app.feeds, app.declared(), app.clock())
    finally:
        app.close()
    assert asked(config, capsys, "subscription", "list") == ""
    assert asked(config, capsys, "feed", "list") == ""
    asked(config, capsys, "subscription", "remove", "ada@example.org")
    asked(config, capsys, "feed", "remove", "https://news.example/feed")
    assert asked(config, capsys, "subscription", "list") == ""
    assert asked(config, capsys, "feed", "list").startswith("No feed yet.")


def test_a_config_file_that_cannot_be_used_hides_no_list(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who is told stays visible under a config file with which no worker starts."""
    config.write_text(config.read_text() + '[[subscription]]\nemail = "nobody"\n')
    assert asked(config, capsys, "subscription", "list").startswith("Nobody is told yet.")
