"""A worker as it is operated: started by a supervisor, watched, reloaded under load, and ended whatever hangs."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.test_daemon import HANG, wait_for
from tests.e2e.world import SEED, STORY, Publisher, Tracker, recorded_items
from tests.made.mailbox import Mailbox, free_port, mailbox, scripted_mail_server
from tests.made.receiver import Receiver
from tests.made.supervisor import Supervised, supervising
from tracker.adapters.sql.migrate import upgrade
from tracker.bootstrap import App
from tracker.config import Database, Settings
from tracker.ports.outbox import Sought

READER = "reader@example.org"
UNREADABLE = '[[subscription]]\nwebhook = "https://hook.example/"\nsecret = "env:NOT_SET"\n'
REFUSED = "config: [[subscription]] https://hook.example/: secret env:NOT_SET: the variable NOT_SET is not set"


@dataclass
class Operated:
    """A worker with a config file, and the supervisor that hears it."""

    tracker: Tracker
    supervisor: Supervised
    port: int = field(default_factory=free_port)

    @property
    def config(self) -> Path:
        """Return the config file."""
        return self.tracker.home / "tracker.toml"

    def configure(self, mail: int, *feeds: str, webhook: str | None = None, more: str = "") -> None:
        """Write the config file: the port of the mail server, the feeds, a webhook beside the reader's address."""
        tables = [f'[mail]\nhost = "127.0.0.1"\nport = {mail}\ntls = "none"\ntimeout = 600\n[webhook]\ntimeout = 600\n']
        tables += [f'[[feed]]\nurl = "{feed}"\nstory = "{STORY}"\n' for feed in feeds]
        tables += [f'[[subscription]]\nemail = "{READER}"\n']
        tables += [f'[[subscription]]\nwebhook = "{webhook}"\nsecret = "env:TRACKER_HOOK_SECRET"\n'] if webhook else []
        self.config.write_text("".join([*tables, more]), encoding="utf-8")

    def open_story(self) -> None:
        """Open the demo story without its real feeds."""
        text, _, _ = SEED.read_text(encoding="utf-8").partition("[[feed]]")
        (self.tracker.home / "seed.toml").write_text(text, encoding="utf-8")
        shutil.copy(SEED.with_suffix(".txt"), self.tracker.home)
        self.tracker.run("story", "open", "seed.toml", "--id", STORY)

    @contextmanager
    def start(self, **variables: str) -> Iterator["subprocess.Popen[str]"]:
        """Run the worker for the time of the block, at the longest."""
        watched = {"NOTIFY_SOCKET": self.supervisor.address, "WATCHDOG_USEC": "600000"}
        mine = {"TRACKER_CONFIG": str(self.config), "TRACKER_WEB_LISTEN": f"127.0.0.1:{self.port}"}
        worker = self.tracker.start("run", **watched, **mine, **variables)
        try:
            yield worker
        finally:
            worker.kill()
            worker.communicate()

    def get(self, path: str) -> tuple[int, str]:
        """Ask the worker's site; return status and text."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def reload(self, worker: "subprocess.Popen[str]") -> None:
        """Have the worker read its settings anew, and wait until it has."""
        before = self.supervisor.messages().count("READY=1")
        worker.send_signal(signal.SIGHUP)
        wait_for(lambda: self.supervisor.messages().count("READY=1") > before, worker)

    def deliveries(self) -> dict[str, str]:
        """Return the state of each delivery, by its id."""
        with self.opened() as app:
            return {one.id: one.state for one in app.outbox.search(limit=1000)}

    def publish(self, publisher: Publisher, first: int, last: int, worker: "subprocess.Popen[str]") -> None:
        """Publish recorded items, and wait until whoever is to be told of them was told."""
        publisher.publish(recorded_items()[first:last])
        asked = publisher.polls
        # A feed is asked again only when what it said before is kept, and there are two.
        wait_for(lambda: publisher.polls > asked + 4 and self.is_idle(), worker)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody write to the worker's database for the time of the block."""
        with closing(sqlite3.connect(self.tracker.database.removeprefix("sqlite:///"))) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield

    def is_idle(self) -> bool:
        """Tell whether all that came is judged, all that is owed in a message, and every message delivered."""
        with self.opened() as app:
            # In this order: what is judged meanwhile is owed afterwards.
            return not (
                app.archive.waiting(STORY) or app.outbox.waiting(Sought(), 1) or app.outbox.search(Sought("pending"))
            )

    @contextmanager
    def opened(self) -> Iterator[App]:
        """Open the worker's database."""
        app = App(Settings(database=Database(url=self.tracker.database)))
        try:
            yield app
        finally:
            app.close()


@pytest.fixture
def operated(tracker: Tracker, tmp_path: Path) -> Iterator[Operated]:
    with supervising(tmp_path / "notify") as supervisor:
        yield Operated(tracker, supervisor)


@pytest.fixture
def boxes() -> Iterator[tuple[Mailbox, Mailbox]]:
    with mailbox() as old, mailbox() as new:
        yield old, new


def events(words: str) -> list[str]:
    """Return what each line of a worker's log says; all but the last words of a failure are JSON."""
    return [json.loads(line)["event"] if line.startswith("{") else line for line in words.splitlines()]


def ids(box: Mailbox) -> list[str]:
    """Return the Message-IDs that arrived, without what stands around them."""
    return [str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in box.parsed()]


def test_a_worker_under_a_supervisor(
    operated: Operated, publisher: Publisher, boxes: tuple[Mailbox, Mailbox], there: Receiver, tmp_path: Path
) -> None:
    """From READY to STOPPING, reloaded under load: each development is told once to each, by the server then in force.

    What is wrong in the file changes nothing; who cannot start says so in a line, and is never ready.
    """
    old, new = boxes
    operated.open_story()
    operated.configure(old.port, f"{publisher.url}/feed")
    with operated.start() as worker:
        wait_for(lambda: publisher.polls > 1 and operated.get("/readyz")[0] == 200, worker)
        assert operated.supervisor.messages() == ["READY=1"]
        second_may_not_start(operated, tmp_path)

        publisher.publish(recorded_items()[:15])
        wait_for(lambda: len(old.mails) > 0, worker)  # and more of it is under way
        operated.configure(new.port, f"{publisher.url}/feed", f"{publisher.url}/more", webhook=there.url())
        operated.reload(worker)
        operated.publish(publisher, 15, 75, worker)
        assert len(new.mails) > 0
        assert len(there.hooks) > 0
        operated.config.write_text("[worker]\ntick = 'soon'\n")
        operated.reload(worker)
        operated.configure(new.port, more="[database]\nlisten = false\n")
        operated.reload(worker)
        operated.configure(new.port, webhook=there.url(), more=UNREADABLE)
        operated.reload(worker)
        operated.publish(publisher, 75, 110, worker)
        counts = operated.get("/metrics")[1]
        worker.send_signal(signal.SIGTERM)
        _, words = worker.communicate(timeout=HANG)

    assert worker.returncode == 0, words
    assert operated.supervisor.messages()[-1] == "STOPPING=1"
    assert "stories: 1; feeds: 2, " in operated.supervisor.status()
    said = events(words)
    assert said.count("reloaded") == 1
    assert sum("going on with the settings as they were" in line for line in said) == 3
    assert any(f"reload: {REFUSED}; going on" in line for line in said)
    assert any("tracker.toml: Expected `float`, got `str` - at `$.worker.tick`" in line for line in said)
    assert any("reload: database cannot change while the worker runs: restart it" in line for line in said)
    arrived = [*ids(old), *ids(new), *(hook.headers["webhook-id"] for hook in there.hooks)]
    assert sorted(arrived) == sorted(operated.deliveries())
    assert set(operated.deliveries().values()) == {"delivered"}
    assert 'tracker_deliveries_total{channel="email",outcome="delivered",reason="2xx"}' in counts
    assert 'tracker_polls_total{outcome="new"}' in counts


def test_a_secret_that_cannot_be_read_is_told_at_the_start(operated: Operated) -> None:
    """`tracker run` and `tracker poll` end with 2 and one line that names it, and the worker was never ready."""
    operated.configure(free_port(), more=UNREADABLE)
    with operated.start() as worker:
        _, words = worker.communicate(timeout=HANG)
    assert (worker.returncode, words) == (2, f"tracker: {REFUSED}\n")
    assert operated.supervisor.told == []
    polled = operated.tracker.start("poll", TRACKER_CONFIG=str(operated.config))
    _, words = polled.communicate(timeout=HANG)
    assert (polled.returncode, words) == (2, f"tracker: {REFUSED}\n")


def test_a_reload_that_is_asked_for_during_the_start_is_done_after_it(operated: Operated) -> None:
    """A SIGHUP while the settings are read for the first time ends nothing: they are read again once all stands."""
    operated.configure(free_port())
    later, written = operated.config.with_suffix(".later"), operated.config.read_text(encoding="utf-8")
    later.write_text(f'{written}[log]\nlevel = "error"\n', encoding="utf-8")
    operated.config.unlink()
    os.mkfifo(operated.config)
    with operated.start() as worker:
        with operated.config.open("w", encoding="utf-8") as first:  # opened once the worker reads it
            worker.send_signal(signal.SIGHUP)
            later.replace(operated.config)
            first.write(written)
        wait_for(lambda: operated.supervisor.messages().count("READY=1") == 2, worker)
        worker.send_signal(signal.SIGTERM)
        _, words = worker.communicate(timeout=HANG)
    assert worker.returncode == 0, words
    said = events(words)
    assert said[0].startswith("following; database")
    assert "stopping" not in said, "the level of the later file is in force"


def second_may_not_start(operated: Operated, folder: Path) -> None:
    """Check that no other worker starts: its address is taken, its lock is held, its database is of a later version."""
    upgrade(later := f"sqlite:///{folder / 'later.db'}")
    with closing(sqlite3.connect(folder / "later.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    port, free = f"127.0.0.1:{operated.port}", f"sqlite:///{folder / 'free.db'}"
    with supervising(folder / "second") as supervisor:
        mine = {"NOTIFY_SOCKET": supervisor.address, "TRACKER_CONFIG": str(operated.config)}
        others = [
            operated.tracker.start("run", **mine, **variables)
            for variables in (
                {"TRACKER_WEB_LISTEN": port, "TRACKER_DATABASE_URL": free},
                {"TRACKER_WEB_LISTEN": port},
                {"TRACKER_DATABASE_URL": later},
            )
        ]
        taken, held, new = (other.communicate(timeout=HANG)[1] for other in others)
        assert [other.returncode for other in others] == [1, 1, 1]
        assert taken == f"tracker: web.listen 127.0.0.1:{operated.port}: Address already in use\n"
        assert "a worker runs already" in held
        assert "later version" in new
        assert [words.count("\n") for words in (taken, held, new)] == [1, 1, 1]
        assert supervisor.told == []


def test_nothing_that_hangs_holds_up_the_end(operated: Operated, publisher: Publisher, there: Receiver) -> None:
    """Mail server, webhook, feed and a caller of /metrics hang: SIGTERM ends the worker long before their time is up.

    What was under way is owed as before; and where one signal is not enough a second ends it on the spot.
    """

    def hang(_: socket.socket) -> None:
        there.over.wait()

    there.hang.add("/hook")
    operated.open_story()
    with ExitStack() as hanging:
        port, commands = hanging.enter_context(scripted_mail_server({"MAIL": hang}))
        operated.configure(port, f"{publisher.url}/feed", webhook=there.url())
        operated.tracker.run("poll", TRACKER_CONFIG=str(operated.config))
        operated.configure(port, f"{publisher.url}/feed", f"{publisher.elsewhere}/slow", webhook=there.url())
        publisher.publish(recorded_items()[:20])
        for signals in (1, 2):
            with operated.start(TRACKER_WORKER_FETCH_TIMEOUT=str(10 * HANG)) as worker:
                wait_for(lambda: publisher.slow_asked.is_set() and "MAIL" in commands and len(there.hooks) > 0, worker)
                caller = hanging.enter_context(socket.create_connection(("127.0.0.1", operated.port)))
                caller.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n")
                if signals == 2:
                    hanging.enter_context(operated.locked())  # else it may have ended before the second
                worker.send_signal(signal.SIGTERM)
                if signals == 2:
                    wait_for(lambda: "STOPPING=1" in operated.supervisor.messages(), worker)
                    worker.send_signal(signal.SIGTERM)
                _, words = worker.communicate(timeout=HANG)
            assert (worker.returncode, "stopped" in events(words)) == ((0, True) if signals == 1 else (143, False)), (
                words
            )
            publisher.slow_asked.clear()
            commands.clear()
            there.hooks.clear()
            operated.supervisor.told.clear()
    assert set(operated.deliveries().values()) == {"pending"}
