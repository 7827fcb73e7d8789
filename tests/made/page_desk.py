"""The page of a story, for tests: its app, a clock that is moved by hand, and readers who ask as browsers do."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from starlette.testclient import TestClient

from tests.made import bridge
from tests.made.stored import stored
from tracker.application.replay import SimulatedClock
from tracker.bootstrap import App
from tracker.config import Database, Serve, Settings
from tracker.domain.events import Recorded
from tracker.entrypoints.web.serving import serving

TOKEN = "a token of the tests"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Reader:
    """A browser at the page; `client` keeps its cookies."""

    client: TestClient

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Ask for a page."""
        answer: httpx2.Response = self.client.get(path, headers=headers)
        return answer

    def post(self, path: str, form: dict[str, Any], **headers: str) -> httpx2.Response:
        """Send a form, as a page of the site does unless the headers say otherwise."""
        ours = {"Sec-Fetch-Site": "same-origin", "Origin": str(self.client.base_url).rstrip("/")}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: httpx2.Response = self.client.post(path, data=form, headers={**ours, **named})
        return answer

    def sign_in(self, name: str = "Ada", token: str = TOKEN, to: str = "/") -> httpx2.Response:
        """Sign in."""
        return self.post("/sign-in", {"name": name, "token": token, "to": to})

    @property
    def csrf(self) -> str:
        """What a form of this reader's session bears."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/").text)
        return found[1] if found else ""


@dataclass
class PageDesk:
    """A page on a database of its own."""

    app: App
    clock: SimulatedClock
    url: str

    def reader(self, address: str = "192.0.2.1") -> Reader:
        """Return a browser at an address that has not been here before."""
        client = TestClient(self._site, self.url, client=(address, 50_000), follow_redirects=False)
        return Reader(client)

    def __post_init__(self) -> None:
        self._site = serving(self.app)

    @property
    def site(self) -> Any:
        """The site itself."""
        return self._site


@contextmanager
def page_desk(
    database: str,
    home: Path,
    events: Iterable[Recorded] | None = None,
    *,
    token: str | None = TOKEN,
    url: str | None = None,
) -> Iterator[PageDesk]:
    """Show a log of events, that of the bridge by default."""
    told = tuple(bridge.events() if events is None else events)
    stored(database, told).engine.dispose()
    clock = SimulatedClock(max(one.recorded_at for one in told))
    serve = Serve(token=None if token is None else secret(home, token), url=url)
    with closing(App(Settings(database=Database(url=database), serve=serve), clock)) as app:
        yield PageDesk(app, clock, url or "http://localhost:8378")


def secret(home: Path, token: str) -> str:
    """Return a reference to a token."""
    file = home / "page-token"
    file.write_text(token, encoding="utf-8")
    return f"file:{file}"
