"""`tracker doctor` on settings that cannot work: each fault is made, seen, mended as the remedy says, and gone."""

import os
import re
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.made.mailbox import mailbox
from tracker.application.diagnosis import Diagnosis
from tracker.application.doctor import examine
from tracker.bootstrap import App
from tracker.config import load
from tracker.entrypoints.cli.main import run


class Doctor:
    """The command on a database, under a config file."""

    def __init__(self, folder: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = url
        self.config = folder / "tracker.toml"
        self.config.write_text("")
        self._capsys = capsys

    def __call__(self, text: str, *, online: bool = False) -> dict[str, Diagnosis]:
        """Return each check by its name, with a config file that holds a text. The models stay away."""
        self.config.write_text(text)
        app = App(load(self.config, os.environ, {"database": {"url": self.url}}))
        try:
            return dict(examine(replace(app.patient, load_models=lambda: "not loaded"), online=online))
        finally:
            app.close()

    def run(self, *arguments: str) -> None:
        """Run another command on the database."""
        assert run(["--database-url", self.url, *arguments]) == 0
        self._capsys.readouterr()


@pytest.fixture
def doctor(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Return the command, on an empty database."""
    return Doctor(tmp_path, sqlite_url, capsys)


@pytest.fixture
def taken() -> Iterator[str]:
    """Return an address at which another program listens."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as other:
        threading.Thread(target=other.serve_forever, args=(0.01,)).start()
        yield f"127.0.0.1:{other.server_address[1]}"
        other.shutdown()


@pytest.mark.parametrize(("section", "check"), [("serve", "page"), ("web", "web")])
def test_an_address_that_is_taken(doctor: Doctor, taken: str, section: str, check: str) -> None:
    """Where another program listens neither worker nor page can; at another address they can."""
    found = doctor(f'[{section}]\nlisten = "{taken}"\n')[check]
    assert (found.level, taken in found.finding) == ("fault", True)
    assert f"TRACKER_{section.upper()}_LISTEN" in found.remedy
    assert doctor(f'[{section}]\nlisten = "127.0.0.1:0"\n')[check].level == "ok"
    assert doctor(f'[{section}]\nlisten = "192.0.2.1:80"\n')[check].level == "fault"


def test_our_own_page_may_listen(doctor: Doctor) -> None:
    """An address is not taken where it is the page itself that listens."""
    command = [sys.executable, "-m", "tracker", "--database-url", doctor.url, "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as page:
        assert page.stderr is not None
        place = re.search(r"http://([\d.:]+)/", page.stderr.readline())
        assert place is not None
        found = doctor(f'[serve]\nlisten = "{place[1]}"\n')["page"]
        page.terminate()
    assert (found.level, found.finding) == ("ok", f"shown at http://{place[1]}; read only")


def test_the_token_of_the_page(doctor: Doctor, tmp_path: Path) -> None:
    """A token that cannot be read, or is too short, is a fault until one as the remedy makes it is there."""
    asked = '[serve]\ntoken = "file:token"\n'
    assert "No such file" in doctor(asked)["page"].finding
    (tmp_path / "token").write_text("sesame")
    found = doctor(asked)["page"]
    assert (found.level, "6 bytes" in found.finding) == ("fault", True)
    made = subprocess.run(found.remedy.partition(": ")[2].split(), capture_output=True, text=True, check=True).stdout
    (tmp_path / "token").write_text(made)
    assert doctor(asked)["page"].level == "ok"


@pytest.mark.parametrize(("section", "setting"), [("serve", "token"), ("web", "key")])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("file:none", "none: No such file"),
        ("env:NO_SUCH", "the variable NO_SUCH is not set"),
        ("sesame", "env:NAME or"),
    ],
)
def test_a_secret_that_cannot_be_read(doctor: Doctor, section: str, setting: str, given: str, words: str) -> None:
    """It is told which setting wants what, and how to make one; a value in its place is not shown."""
    public = 'public_url = "https://a.example"\n' if section == "web" else ""
    found = doctor(f'[{section}]\n{setting} = "{given}"\n{public}')["web" if public else "page"]
    assert (found.level, words in found.finding) == ("fault", True)
    assert found.finding.startswith(f"{section}.{setting}: ")
    assert f"TRACKER_{section.upper()}_{setting.upper()}=file:PATH" in found.remedy
    assert "openssl rand" in found.remedy
    assert "sesame" not in found.finding + found.remedy


def test_a_secret_that_is_missing(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password of the mail server and the secret of a webhook must be there to be read."""
    doctor.run(
        "subscription",
        "add",
        "--webhook",
        "https://hooks.example/x",
        "--secret",
        f"file:{tmp_path}/hook",
        "--id",
        "hook",
    )
    asked = '[mail]\nhost = "mail.example"\nusername = "ada"\npassword = "env:NO_SUCH_PASSWORD"\n'
    found = doctor(asked)["secrets"]
    assert found.level == "warning"
    assert [told.partition(":")[0] for told in found.details] == ["mail.password", "subscription hook"]
    named = '[[feed]]\nurl = "https://news.example/rss"\ncookie = "file:none"\n'
    assert [told.partition(": ")[0] for told in doctor(named)["secrets"].details] == ["config", "subscription hook"]
    assert "https://news.example/rss" in doctor(named)["secrets"].details[0]
    assert len(doctor(f'{named}story = "never-opened"\n')["secrets"].details) == 2
    monkeypatch.setenv("NO_SUCH_PASSWORD", "sesame")
    (tmp_path / "hook").write_text("whsec_" + "QUJD" * 8)
    assert doctor(asked)["secrets"].level == "ok"


def test_a_config_file_with_which_no_worker_starts(doctor: Doctor, tmp_path: Path) -> None:
    """A feed for a story that was never opened is a fault, until the story is opened."""
    asked = '[[feed]]\nurl = "https://news.example/rss"\nstory = "bridge"\n'
    found = doctor(asked)["config"]
    assert (found.level, "no story bridge" in found.finding) == ("fault", True)
    claim = '[[claim]]\nid = "C1"\ntext = "The bridge is closed."\n'
    seed = f'schema = 1\n[story]\nid = "bridge"\ntitle = "The bridge"\n{claim}'
    (tmp_path / "bridge.toml").write_text(seed)
    doctor.run("story", "open", str(tmp_path / "bridge.toml"))
    assert doctor(asked)["config"].finding.startswith("1 feed and 0 subscriptions in the config file")


def test_the_mail_server_is_greeted_only_when_asked(doctor: Doctor) -> None:
    """Whether the mail server takes us is asked with --online alone; then one that is away is a fault."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    asked = f'[mail]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
    assert doctor(asked)["mail"].level == "ok"
    found = doctor(asked, online=True)["mail"]
    assert (found.level, "Connection refused" in found.finding) == ("fault", True)
    with mailbox() as running:
        there = asked.replace(str(port), str(running.port))
        assert doctor(there, online=True)["mail"].level == "ok"


def test_a_clock_that_is_behind(doctor: Doctor) -> None:
    """A machine whose clock is behind the newest event of the log is told."""
    doctor.run("feed", "add", "--query", "harbour ferry")
    connection = sqlite3.connect(doctor.url.removeprefix("sqlite:///"))
    with connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET recorded_at = recorded_at + 3600000000")
    connection.close()
    assert doctor("")["clock"].level == "fault"
