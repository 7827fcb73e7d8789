"""The worker's site, asked over HTTP."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest

from tests.made.mailbox import free_port
from tracker.bootstrap import App
from tracker.config import Database, Settings, Web
from tracker.entrypoints.cli.main import run
from tracker.entrypoints.metrics import Metrics
from tracker.entrypoints.running import Running
from tracker.entrypoints.systemd import Supervisor
from tracker.entrypoints.watching import watched
from tracker.entrypoints.web.server import WebServer, open_socket
from tracker.errors import AlreadyRunning, TrackerError


@dataclass
class World:
    """A worker of which only what watches over it runs; `end` is set where its daemon would be told to stop."""

    running: Running
    port: int
    end: Event

    def get(self, path: str, host: str = "localhost") -> tuple[int, str]:
        """Ask the site under a host's name; return status and text."""
        line = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            line.request("GET", path, headers={"Host": host})
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def ready(self) -> dict[str, Any]:
        """Return what /readyz says, whose status must fit."""
        status, text = self.get("/readyz")
        told: dict[str, Any] = json.loads(text)
        assert status == (200 if told["ready"] else 503)
        return told

    def ill(self) -> set[str]:
        """Return the parts that are not well."""
        return {name for name, part in self.ready()["parts"].items() if not part["ok"]}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    port = free_port()
    app = App(Settings(database=Database(url=sqlite_url), web=Web(listen=f"127.0.0.1:{port}")))
    end = Event()
    running = Running(app, end.is_set)
    world = World(running, port, end)
    with watched(running, Supervisor({}), Metrics()) as pulse:
        assert world.ill() == {"worker", "database", "jobs"}
        assert world.get("/livez") == (200, "ok\n")
        assert world.get("/metrics") == (503, "starting\n")
        running.begin()
        running.parts = ("gather",)
        pulse.start()
        while pulse.silence() is None:
            sleep(0.01)
        yield world
    app.close()


def test_a_worker_is_ready_when_each_part_is(world: World) -> None:
    """While it starts the worker is alive and no more; then every part has its say, and one that fails is named."""
    assert world.ill() == {"jobs"}
    world.running.sign("gather")
    assert world.ill() == set()

    def lost() -> None:
        raise AlreadyRunning("another worker")

    world.running.check = lambda: None
    assert world.ready()["parts"]["lock"] == {"ok": True}
    world.running.check = lost
    assert world.ill() == {"lock"}
    world.end.set()
    assert world.ready()["parts"]["worker"] == {"ok": False, "state": "stopping"}
    world.running.signs["gather"] -= 4 * 15 + 180
    assert world.ill() == {"worker", "jobs", "lock"}
    assert world.get("/livez") == (200, "ok\n")


def test_metrics_are_those_of_the_moment(world: World) -> None:
    """What the database says is asked when somebody asks."""
    status, text = world.get("/metrics")
    assert status == 200
    assert "tracker_outbox_pending 0.0\n" in text


def test_only_this_machines_names_lead_to_a_listener_on_loopback(world: World) -> None:
    """A page in a browser on this machine that had its own name lead here is refused, whatever it asks for."""
    for host in ("localhost", "127.0.0.1:8377", "[::1]:1", "LOCALHOST:2"):
        assert world.get("/livez", host)[0] == 200
    for path in ("/livez", "/readyz", "/metrics"):
        assert world.get(path, "evil.example")[0] == 400
    assert world.get("/nothing") == (404, "Not Found")


def test_the_command_asks_the_worker(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`tracker healthcheck` says in one line, and by its exit code, what /readyz says in full."""
    world.running.sign("gather")
    config = tmp_path / "tracker.toml"
    config.write_text(f'[web]\nlisten = "0.0.0.0:{world.port}"\n')
    assert run(["--config", str(config), "healthcheck"]) == 0
    assert capsys.readouterr().out == "ready\n"
    world.end.set()
    url = f"http://127.0.0.1:{world.port}"
    assert run(["healthcheck", "--url", url]) == 1
    assert capsys.readouterr().err == f"tracker: {url}: not ready: worker (stopping)\n"


def test_an_address_that_is_taken_is_one_clear_error(world: World) -> None:
    """Who starts is told which setting it is, and what is wrong with it; what may pass, a service tries again."""
    for listen, words, code in (
        (f"127.0.0.1:{world.port}", "Address already in use", 1), ("192.0.2.1:1", "Cannot assign", 2)
    ):  # fmt: skip
        with pytest.raises(TrackerError, match=rf"web\.listen {listen}: {words}") as refused:
            open_socket(listen)
        assert refused.value.exit_code == code


def test_the_server_ends_though_a_caller_hangs() -> None:
    """Callers that send half a request, or take no answer, are left."""
    listening = open_socket("127.0.0.1:0")
    port = listening.getsockname()[1]

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b" " * 1_000_000, "more_body": True})

    server = WebServer(endless, listening)
    server.start()
    with socket.create_connection(("127.0.0.1", port)) as half, socket.create_connection(("127.0.0.1", port)) as deaf:
        half.sendall(b"GET /metrics HTTP/1.1\r\nHos")
        deaf.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert deaf.recv(10)
        server.stop()
        assert "web" not in {thread.name for thread in threading.enumerate()}
