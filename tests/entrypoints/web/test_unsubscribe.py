"""The page that ends a subscription, asked over HTTP as mail programs, scanners and readers ask."""

import socket
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from re import findall

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.routing import Route

from tests.made.alerts import STORY, by_mail, by_webhook, opening
from tests.made.mailbox import mailbox
from tracker.application.subscribe import subscribe, subscriptions
from tracker.bootstrap import App
from tracker.config import Database, Settings, Web
from tracker.domain.events import story_stream
from tracker.domain.subscription_events import ALERTS
from tracker.entrypoints.metrics import Metrics
from tracker.entrypoints.pulse import Pulse
from tracker.entrypoints.running import Running
from tracker.entrypoints.web import unsubscribe
from tracker.entrypoints.web.server import WebServer, open_socket
from tracker.entrypoints.web.site import site as site_of_the_worker
from tracker.entrypoints.web.unsubscribe import routes
from tracker.errors import ConfigError
from tracker.ports.notify import Message

FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"


@dataclass
class Site:
    """A site that runs, with the app behind it."""

    app: App
    port: int

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = FORM) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def link(self) -> str:
        assert self.app.links is not None
        return self.app.links.link(by_mail()).partition(f":{self.port}")[2]

    def told(self) -> list[str]:
        return list(subscriptions(self.app.log).current)


def settings(folder: Path, port: int) -> Settings:
    key = folder / "key"
    key.write_text("a key of some length\n")
    return Settings(
        database=Database(url=f"sqlite:///{folder / 'tracker.db'}"),
        web=Web(public_url=f"http://127.0.0.1:{port}", key=f"file:{key}"),
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    listening = open_socket("127.0.0.1:0")
    port = listening.getsockname()[1]
    app = App(settings(tmp_path, port))
    app.log.append(story_stream(STORY), 0, opening())
    subscribe(app.log, by_mail(), "person")
    server = WebServer(Starlette(routes=routes(lambda: app)), listening)
    server.start()
    yield Site(app, port)
    server.stop()
    app.close()


def test_looking_at_the_page_ends_nothing(site: Site) -> None:
    """A scanner that follows the link gets a page with a button, and the reader goes on being told."""
    for method in ("GET", "HEAD"):
        answer, page = site.ask(method, site.link())
        assert answer.status == 200
    _, page = site.ask("GET", site.link())
    assert "End these alerts?" in page
    assert f"alerts on the story {STORY}, sent to r…@example.org" in page
    assert site.told() == ["s-reader"]


def test_the_button_ends_it_once(site: Site) -> None:
    """Pressed twice it answers the same; the log holds one event by the reader, and no redirect or cookie is sent."""
    pages = []
    for _ in range(2):
        answer, page = site.ask("POST", site.link(), ONE_CLICK)
        pages.append(page)
        assert (answer.status, answer.getheader("Location"), answer.getheader("Set-Cookie")) == (200, None, None)
    assert pages[0] == pages[1]
    assert "Nothing more will be sent" in pages[0]
    assert [event.actor for event in site.app.log.read(stream=ALERTS)] == ["person", "reader"]
    assert site.told() == []


def test_one_click_in_a_mail_program_ends_it(site: Site) -> None:
    """The address in the header of a real mail, posted as RFC 8058 says, also as multipart, ends the subscription."""
    with mailbox() as box:
        mail = replace(site.app.settings.mail, host="127.0.0.1", port=box.port, tls="none")
        app = App(replace(site.app.settings, mail=mail))
        app.notifiers["email"].send(by_mail(), Message("d-1", STORY, "Update", "300\n", "<p>300</p>", {}))
        app.close()
    (url,) = findall("<(.*)>", box.parsed()[0]["List-Unsubscribe"])
    assert url == f"http://127.0.0.1:{site.port}{site.link()}"
    body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    assert site.ask("POST", site.link(), body, "multipart/form-data; boundary=x")[0].status == 200
    assert site.told() == []


@pytest.mark.parametrize("body", [b"", b"x=y", ONE_CLICK.ljust(20_000)])
def test_a_post_that_does_not_ask_ends_nothing(site: Site, body: bytes) -> None:
    """Without the field that one click sends, or with far more than that, nothing ends."""
    assert site.ask("POST", site.link(), body)[0].status == 400
    assert site.told() == ["s-reader"]


def test_a_body_that_never_comes_ends_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who sends no body is answered after a while; one who hangs up instead is worth no line of the log."""
    monkeypatch.setattr(unsubscribe, "_PATIENCE", 0.5)
    head = f"POST {site.link()} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", site.port)) as gone:
        gone.sendall(head + b"List")
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as silent:
        silent.sendall(head + b"List")
        assert silent.recv(100).startswith(b"HTTP/1.1 400 ")
    assert caplog.records == []
    assert site.told() == ["s-reader"]


def test_a_wrong_link_is_not_found(site: Site) -> None:
    """A token that is not that of the subscription gets a page that repeats nothing of it."""
    for path in ("/unsubscribe/s-reader/<b>x", f"/unsubscribe/s-nobody/{site.link().rpartition('/')[2]}"):
        for method in ("GET", "POST"):
            answer, page = site.ask(method, path.replace("<", "%3C").replace(">", "%3E"), ONE_CLICK)
            assert (answer.status, "<b>" in page) == (404, False)
    assert site.ask("PUT", site.link())[0].status == 405
    assert site.told() == ["s-reader"]


def test_the_page_is_closed_to_everything_else(site: Site) -> None:
    """It has no script and may load nothing; its one style is named by its hash; nobody may frame, keep or index it."""
    answer, page = site.ask("GET", site.link())
    (style,) = findall("<style>(.*)</style>", page)
    policy = str(answer.getheader("Content-Security-Policy"))
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not findall(r"<script|<img|<link|style=|\bon\w+=|http", page)
    others = ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options", "X-Robots-Tag")
    assert [answer.getheader(name) for name in others] == ["no-store", "no-referrer", "nosniff", "noindex"]


def test_the_page_fits_phones_and_the_dark(site: Site) -> None:
    """It takes the width of the screen and the colours of the reader's scheme."""
    _, page = site.ask("GET", site.link())
    assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in page
    assert ":root{color-scheme:light dark}" in page


def test_what_goes_elsewhere_than_to_a_mailbox_names_no_address(site: Site) -> None:
    """The page of a webhook's subscription shows its id and no part of its URL, which may hold a key."""
    hook = by_webhook("https://hook.example/secret")
    subscribe(site.app.log, hook, "person")
    assert site.app.links is not None
    _, page = site.ask("GET", site.app.links.link(hook).partition(f":{site.port}")[2])
    assert "Subscription s-hook: alerts on every story." in page
    assert "hook.example" not in page


def test_a_database_that_does_not_answer_is_told(site: Site, tmp_path: Path) -> None:
    """A mail program that is told 503 asks again later; nothing is said to be ended."""
    with closing(sqlite3.connect(tmp_path / "tracker.db")) as connection:
        connection.execute("ALTER TABLE event RENAME TO away")
    answer, page = site.ask("POST", site.link(), ONE_CLICK)
    assert (answer.status, "try again" in page) == (503, True)


def test_the_site_of_the_worker_has_the_page(tmp_path: Path) -> None:
    """It is there when the worker has a public address, and not otherwise."""
    for chosen, there in ((settings(tmp_path, 80), True), (Settings(), False)):
        app = App(chosen)
        pulse = Pulse(lambda: app.observer.vitals(app.clock(), 1), 60, lambda _: None)  # noqa: B023 - never started
        whole = site_of_the_worker(Running(app, lambda: False), chosen.web, pulse, Metrics())
        assert any(isinstance(one, Route) and one.path.startswith("/unsubscribe/") for one in whole.routes) is there


def test_without_a_public_address_there_is_no_page(tmp_path: Path) -> None:
    """Nothing is served where no link could lead, and a key that is missing or weak is told before it starts."""
    assert routes(lambda: App(Settings())) == []
    weak = settings(tmp_path, 80)
    assert len(routes(lambda: App(weak))) == 1
    (tmp_path / "key").write_text("weak")
    with pytest.raises(ConfigError, match="16 bytes"):
        routes(lambda: App(weak))
