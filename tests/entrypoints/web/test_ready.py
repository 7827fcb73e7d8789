"""Whether the page can be shown, and under which names it is."""

from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.made.mailbox import free_port
from tracker.bootstrap import App
from tracker.config import Database, Serve, Settings
from tracker.entrypoints.cli.main import run
from tracker.entrypoints.web.server import WebServer, open_socket
from tracker.entrypoints.web.serving import serving


def test_the_page_is_ready_while_its_database_answers(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tracker healthcheck` asks a running page; without its tables the page is alive, and not ready."""
    with closing(App(Settings(database=Database(url=sqlite_url)))) as app:
        place = f"127.0.0.1:{free_port()}"
        server = WebServer(serving(app), open_socket(place))
        server.start()
        try:
            assert run(["healthcheck", "--url", f"http://{place}"]) == 0
            app.engine.dispose()
            (tmp_path / "tracker.db").write_bytes(b"no database at all" * 100)
            assert run(["healthcheck", "--url", f"http://{place}"]) == 1
        finally:
            server.stop()
    assert "not ready: database" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("serve", "answered"),
    [
        (Serve(), {"localhost"}),
        (Serve(url="https://desk.example.org"), {"localhost", "desk.example.org"}),
        (Serve(listen="0.0.0.0:8378", url="https://desk.example.org"), {"localhost", "desk.example.org"}),
        (Serve(listen="0.0.0.0:8378"), {"localhost", "desk.example.org", "evil.example"}),
    ],
)
def test_the_page_answers_to_its_own_names(sqlite_url: str, serve: Serve, answered: set[str]) -> None:
    """A page of another host in a browser cannot have it asked; only where it listens to all and has no name it can."""
    with closing(App(Settings(database=Database(url=sqlite_url), serve=serve))) as app:
        client = TestClient(serving(app))
        asked = {
            name: client.get("/livez", headers={"Host": name})
            for name in ("localhost", "desk.example.org", "evil.example")
        }
    assert {name for name, answer in asked.items() if answer.status_code == 200} == answered
