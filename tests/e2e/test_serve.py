"""`tracker serve` as a process: it answers, it shares its database with others, and it ends when told to."""

import http.client
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.adapters.sql.made import renamed
from tests.e2e.world import Tracker
from tests.made import bridge
from tests.made.mailbox import free_port
from tests.made.page_desk import FORM, TOKEN, page_desk, secret
from tests.made.stored import stored
from tracker.bootstrap import utc_now
from tracker.domain.events import ClaimWithdrawn, NewEvent
from tracker.entrypoints.cli.main import run
from tracker.entrypoints.web.room import static_address
from tracker.entrypoints.web.server import WebServer, open_socket

SLOW = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\n".encode()
"""A request whose body does not come."""
STORY = f"/story/{bridge.STORY}"


@pytest.fixture
def shown(tracker: Tracker) -> Tracker:
    """Return the command line on a database that holds the bridge."""
    stored(tracker.database, bridge.events()).engine.dispose()
    return tracker


@contextmanager
def serving(tracker: Tracker, **variables: str) -> Iterator[tuple[subprocess.Popen[str], http.client.HTTPConnection]]:
    """Run the page; give its process, and a line to the address that it printed."""
    process = tracker.start("serve", **{"TRACKER_SERVE_LISTEN": "127.0.0.1:0", **variables})
    try:
        assert process.stderr
        address = process.stderr.readline()
        with closing(http.client.HTTPConnection(urlsplit(address.strip()).netloc, timeout=30)) as line:
            yield process, line
    finally:
        process.kill()
        process.communicate()


def test_it_ends_at_a_signal_while_readers_wait(shown: Tracker) -> None:
    """Its address is printed once it answers; at a signal streams end, half a request is left, and it ends well."""
    with serving(shown) as (process, line):
        line.request("GET", f"{STORY}/live?after=20")
        answer = line.getresponse()
        assert answer.readline() == b"retry: 5000\n"
        with socket.create_connection((line.host, line.port)) as half:
            half.sendall(SLOW)
            process.send_signal(signal.SIGTERM)
            assert b"event" in answer.read()
            output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_second_signal_ends_it_at_once(shown: Tracker) -> None:
    """Whoever does not want to wait for answers under way need not."""
    with serving(shown) as (process, line), socket.create_connection((line.host, line.port)) as half:
        half.sendall(SLOW)
        line.request("GET", "/livez")
        line.getresponse().read()
        process.send_signal(signal.SIGINT)
        while not _refuses(line):
            pass
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM


def _refuses(line: http.client.HTTPConnection) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((line.host, line.port)) != 0


def test_a_place_that_cannot_be_had_is_one_line(
    shown: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port in use may be free later (1); an address that is none, and a token that is short, never will be (2)."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        for listen, code, told in (
            (place, 1, f"serve.listen {place}: Address already in use"),
            ("nowhere", 2, "serve.listen is HOST:PORT"),
            ("192.0.2.1:80", 2, "serve.listen 192.0.2.1:80: "),
        ):
            assert run(["--database-url", shown.database, "serve", "--listen", listen]) == code
            said = capsys.readouterr()
            assert (said.out, len(said.err.splitlines()), told in said.err) == ("", 1, True)
    monkeypatch.setenv("TRACKER_SERVE_TOKEN", secret(tmp_path, "short"))
    assert run(["--database-url", shown.database, "serve"]) == 2
    assert "serve.token is shorter than 16 bytes" in capsys.readouterr().err


def test_who_listens_to_others_is_told(shown: Tracker, tmp_path: Path) -> None:
    """That everybody who gets there reads, and that the token would be sent as it is; Ctrl-C ends it well, too."""
    place = f"0.0.0.0:{free_port()}"
    process = shown.start("serve", "--listen", place, TRACKER_SERVE_TOKEN=secret(tmp_path, TOKEN))
    assert process.stderr
    told = [process.stderr.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0
    assert told[0] == f"tracker: everybody who reaches {place} may read every story\n"
    assert "plain text" in told[1]
    assert told[2] == f"http://{place}/\n"


def test_one_page_is_printed(shown: Tracker, capsys: pytest.CaptureFixture[str]) -> None:
    """The page goes to stdout and nothing listens; what is not there is exit code 3, a stream and no path are 2."""
    for path, code, body, told in (
        (STORY, 0, "Old harbour bridge closed", ""),
        (f"/api/v1/stories/{bridge.STORY}", 0, '"schema_version"', ""),
        (static_address("page.css"), 0, ":root", ""),
        ("/story/none", 3, "no story none", "/story/none: HTTP 404 Not Found"),
        (f"{STORY}?as_of=x", 2, "is no time", "HTTP 400 Bad Request"),
        (f"{STORY}/live", 2, "", "is a stream without an end"),
        ("story", 2, "", "is no path"),
    ):
        assert run(["--database-url", shown.database, "serve", "--get", path]) == code
        said = capsys.readouterr()
        assert (body in said.out, told in said.err, len(said.err.splitlines())) == (True, True, 1 if told else 0)


def test_behind_a_proxy_each_reader_has_their_own_tries(shown: Tracker, tmp_path: Path) -> None:
    """The address that a proxy on this machine names counts, where the page knows that there is one."""
    variables = {"TRACKER_SERVE_TOKEN": secret(tmp_path, TOKEN), "TRACKER_SERVE_URL": "https://desk.example.org"}
    with serving(shown, **variables) as (_, line):
        assert [wrong(line, "203.0.113.1") for _ in range(11)] == [401] * 10 + [429]
        assert wrong(line, "203.0.113.2") == 401


def test_without_a_proxy_nobody_says_from_where_they_ask(sqlite_url: str, tmp_path: Path) -> None:
    """Whoever makes up addresses has no more tries than others."""
    with page_desk(sqlite_url, tmp_path) as desk:
        listening = open_socket("127.0.0.1:0")
        server = WebServer(desk.site, listening)
        server.start()
        line = http.client.HTTPConnection(*listening.getsockname())
        assert [wrong(line, f"203.0.113.{nth}") for nth in range(11)] == [401] * 10 + [429]
        line.close()
        server.stop()


def wrong(line: http.client.HTTPConnection, address: str) -> int:
    """Try a wrong token, as a proxy that was asked from an address hands it on; return the status."""
    headers = {"Content-Type": FORM, "X-Forwarded-For": f"198.51.100.9, {address}"}
    line.request("POST", "/sign-in", urlencode({"name": "Ada", "token": "wrong"}), headers)
    answer = line.getresponse()
    answer.read()
    return answer.status


def test_readers_and_a_writer_get_on(tracker: Tracker, database_url: str) -> None:
    """Many ask at once, from the first moment on, while another process writes: every page comes, and is up to date."""
    tracker = Tracker(database_url, tracker.home)
    told = bridge.events_before(utc_now())
    database = stored(database_url, told)
    past = f"{STORY}?as_of={told[-1].recorded_at:%Y-%m-%dT%H:%M:%SZ}"
    shown = (STORY, "/", "/review", f"{STORY}/claim/S01", "/health", past)
    paths = {**dict.fromkeys(shown, 200), f"/api/v1/stories/{bridge.STORY}": 200, "/story/%00": 404}
    with serving(tracker) as (_, line), ThreadPoolExecutor(12) as readers:

        def read(path: str) -> tuple[str, int]:
            asked = http.client.HTTPConnection(line.host, line.port, timeout=60)
            asked.request("GET", path)
            answer = asked.getresponse()
            answer.read()
            asked.close()
            return path, answer.status

        asked = [readers.submit(read, path) for _ in range(5) for path in paths]
        for number in range(40):
            database.log.append("elsewhere", number, [renamed(f"meanwhile-{number}")])
        assert {one.result() for one in asked} == set(paths.items())
        database.log.append(bridge.STREAM, _version(), [NewEvent("last", ClaimWithdrawn("S02", "a slip"), "person")])
        line.request("GET", STORY)
        assert b"a slip" in line.getresponse().read()
    database.engine.dispose()


def _version() -> int:
    return max(one.version for one in bridge.events() if one.stream == bridge.STREAM)
