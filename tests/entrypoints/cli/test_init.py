"""`tracker init`: what it writes loads, holds what was said, and contents the doctor."""

import os
import pty
import re
import stat
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.made.mailbox import mailbox
from tracker.application.doctor import examine
from tracker.bootstrap import App, resource
from tracker.config import load
from tracker.config.form import filled
from tracker.entrypoints.cli.main import run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, the one that commands are called in and whose owner's files are there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def mail_server() -> Iterator[int]:
    """Return the port of a mail server."""
    with mailbox() as running:
        yield running.port


def faults(config: Path) -> list[str]:
    """Return what the doctor finds wrong under a config file."""
    app = App(load(config, os.environ, {}))
    try:
        patient = app.patient
        return [check for check, told in examine(patient, online=True) if told.level != "ok"]
    finally:
        app.close()


def test_as_it_ships(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for nothing, it writes a file of the settings that ship, which names no source, and a database."""
    assert run(["init", "--no-input"]) == 0
    told = capsys.readouterr()
    assert load(folder / "tracker.toml", {}, {}) == load(None, {}, {})
    assert (folder / "data/tracker/tracker.db").exists()
    assert "config file" in told.out
    assert f"export TRACKER_CONFIG={folder}/tracker.toml" in told.err
    assert faults(folder / "tracker.toml") == []


def test_a_database_that_is_there_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two config files of an account share its database unless they say otherwise, and the second says so."""
    (folder / "other").mkdir()
    assert run(["init", "--no-input"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("/data/tracker/tracker.db, made now")
    for name in ("bridge", "tunnel"):
        assert run(["story", "open", str(resource("seeds") / "western-instructors.toml"), "--id", name]) == 0
    capsys.readouterr()
    assert run(["init", "other/tracker.toml", "--no-input"]) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert "/data/tracker/tracker.db, was there and already holds 2 stories; with --database-url FILE" in line
    assert run(["init", "third.toml", "--database-url", "own.db"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("/own.db, made now")


def test_the_way_to_ask_the_mail_server_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a mail server is named and was not asked, the last words say how to."""
    assert run(["init", "--mail-host", "127.0.0.1:1"]) == 0
    assert "tracker doctor --online" in capsys.readouterr().err
    assert run(["init", "other.toml", "--no-input"]) == 0
    assert "--online" not in capsys.readouterr().err
    assert (folder / "other.toml").exists()


def test_what_is_said_is_in_it(folder: Path, mail_server: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Each option is where it belongs; secrets are drawn, to files that only their owner may read; all is well."""
    options = [
        "--database-url", "desk.db", "--mail-host", f"127.0.0.1:{mail_server}", "--sender", "desk@example.org",
        "--email", "ada@example.org", "--check-mail", "--serve-token", "--public-url", "https://alerts.example",
    ]  # fmt: skip
    assert run(["init", "etc/desk.toml", *options]) == 0
    capsys.readouterr()
    settings = load(folder / "etc/desk.toml", {}, {})
    assert settings.database.url == f"sqlite:///{folder}/desk.db"
    assert (settings.mail.host, settings.mail.port, settings.mail.tls) == ("127.0.0.1", mail_server, "none")
    assert settings.mail.sender == "desk@example.org"
    assert [one.email for one in settings.subscription] == ["ada@example.org"]
    assert (settings.web.public_url, settings.feed) == ("https://alerts.example", ())
    keys = [folder / "etc" / name for name in ("page-token", "link-key")]
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600, 0o600]
    assert len({key.read_text() for key in keys}) == 2
    assert all(len(key.read_text()) > 32 for key in keys)
    assert faults(folder / "etc/desk.toml") == []


def test_every_word_of_the_shipped_file_is_in_it() -> None:
    """A file that is filled in differs from the one that ships only in what was said, its name and the sources."""
    template = (resource("config") / "tracker.toml").read_text(encoding="utf-8")
    text = filled(template, "config/tracker.toml", {"mail.host": "a", "mail.port": 25, "database.url": "b"})
    assert set(text.splitlines()) - set(template.splitlines()) == {'host = "a"', "port = 25", 'url = "b"'}
    left_out = set(template.splitlines()) - set(text.splitlines())
    assert all(
        re.match(r"\[\[feed\]\]|name|url|story|# (These are|seeds/|publishers)|port = 587", line) for line in left_out
    )
    assert tomllib.loads(text)["mail"]["port"] == 25


def test_a_file_that_is_there_is_left(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A config file is written anew only where that is asked for, and a secret never is."""
    run(["init", "--serve-token"])
    token = (folder / "page-token").read_text()
    (folder / "tracker.toml").write_text("# mine\n")
    assert run(["init", "--serve-token"]) == 2
    assert "--force writes it anew" in capsys.readouterr().err
    assert (folder / "tracker.toml").read_text() == "# mine\n"
    assert run(["init", "--serve-token", "--force"]) == 0
    assert load(folder / "tracker.toml", {}, {}).serve.token == f"file:{folder}/page-token"
    assert (folder / "page-token").read_text() == token


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 2, "there is no terminal to ask at"),
        (["--email", "ada@example.org"], 2, "a mail needs a server"),
        (["--mail-host", "h", "--email", "ada"], 2, "'ada' is no mail address"),
        (["--mail-host", "h", "--sender", "ada"], 2, "mail.sender 'ada' is no mail address"),
        (["--mail-host", "h", "--mail-user", "ada"], 2, "mail.username and mail.password go together"),
        (["--mail-host", "h:x"], 2, "a mail server is HOST or HOST:PORT"),
        (["--database-url", "mysql://h/d"], 2, "databases of kind 'mysql'"),
        (["--database-url", "postgresql://ada:sesame@h/d"], 2, "a config file holds no password"),
        (["--public-url", "ftp://a"], 2, "web.public_url is an address"),
        (["--mail-host", "127.0.0.1:1", "--check-mail"], 1, "Connection refused"),
        (["--database-url", "/proc/nowhere/tracker.db"], 1, "the folder cannot be made"),
        (["/proc/nowhere/tracker.toml", "--no-input"], 2, "/proc/nowhere"),
    ],
)
def test_what_cannot_be_used(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, words: str
) -> None:
    """What cannot be used is refused in one line, and no config file is written."""
    assert run(["init", *options]) == code
    complaint = capsys.readouterr().err
    assert words in complaint
    assert complaint.count("\n") == 1
    assert "sesame" not in complaint
    assert not (folder / "tracker.toml").exists()


def conversation(folder: Path, *answers: str) -> tuple[int, str]:
    """Call it on a terminal and answer each question as it comes; return its exit code and what was shown."""
    process, terminal = pty.fork()
    if not process:
        os.chdir(folder)
        os.execv(sys.executable, [sys.executable, "-m", "tracker", "init"])
    shown, waiting = "", list(answers)
    with suppress(OSError):  # the terminal is gone with the process
        while piece := os.read(terminal, 4096).decode():
            shown += piece
            while waiting and re.search(r"(: ?|\]: ?)$", shown.rstrip("\r\n")) and shown[-1] != "\n":
                os.write(terminal, f"{waiting.pop(0)}\n".encode())
                shown += "\n"
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown


def test_it_asks_on_a_terminal(folder: Path, mail_server: int) -> None:
    """On a terminal each answer is looked at as it is given, and a password is neither shown nor in the config file."""
    code, shown = conversation(
        folder,
        "mysql://no", "desk.db",
        f"127.0.0.1:{mail_server}", "ada", "open sesame", "not an address", "desk@example.org", "",
        "y", "n",
    )  # fmt: skip
    assert code == 0, shown
    assert "Error: databases of kind 'mysql'" in shown
    assert "Error: mail.sender 'not an address'" in shown
    assert "sesame" not in shown
    settings = load(folder / "tracker.toml", {}, {})
    assert settings.database.url == f"sqlite:///{folder}/desk.db"
    assert settings.mail.username == "ada"
    assert settings.mail.password == f"file:{folder}/mail-password"
    assert (folder / "mail-password").read_text() == "open sesame\n"
    assert stat.S_IMODE((folder / "mail-password").stat().st_mode) == 0o600
    assert settings.serve.token == f"file:{folder}/page-token"
    assert "tracker subscription add --email ADDRESS" in shown
    assert "sesame" not in (folder / "tracker.toml").read_text()
