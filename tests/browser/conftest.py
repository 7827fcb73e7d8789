"""A real browser at a page that is really served."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.made import bridge
from tests.made.page_desk import TOKEN, PageDesk, page_desk
from tracker.domain.entry import Entry
from tracker.entrypoints.web.server import WebServer, open_socket

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
WIDE: ViewportSize = {"width": 1200, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 780}
STORY = f"/story/{bridge.STORY}"
PAGES = {
    "stories": "/",
    "story": STORY,
    "past": f"{STORY}?as_of=2031-03-04",
    "filtered": f"{STORY}?kind=update",
    "claim": f"{STORY}/claim/S01",
    "entry": f"{STORY}/entry/e2",
    "development": f"{STORY}/development/14",
    "reviewed": f"{STORY}/development/17?done=19#review",
    "search": "/search?q=railing",
    "review": "/review",
    "health": "/health",
    "sign-in": "/sign-in",
    "missing": "/story/nowhere",
}
"""One of every kind of page, by a name for it."""


@dataclass
class Site:
    """A page that is served, and a browser before it."""

    desk: PageDesk
    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    """What browsers wrote to their consoles, and requests that left the site."""

    @contextmanager
    def page(
        self, viewport: ViewportSize = WIDE, *, dark: bool = False, scripts: bool = True, name: str | None = None
    ) -> Iterator[Page]:
        """Open a window of a browser that has never been here; `name`: of a reader who signs in first."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=viewport,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.on("console", self._complain)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self._stay(asked.url))
        if name is not None:
            sign_in(page, name)
        yield page
        context.close()

    def _complain(self, message: ConsoleMessage) -> None:
        if "status of 404" not in message.text:  # the browser's own note on a page that is asked for and not there
            self.complaints.append(message.text)

    def _stay(self, address: str) -> None:
        if not address.startswith((self.url, "data:", "about:")):
            self.complaints.append(f"asked for {address}")


def sign_in(page: Page, name: str) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Token", exact=True).fill(TOKEN)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def reading(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site on which nothing is written."""
    with _served(browser, tmp_path_factory.mktemp("reading")) as site:
        yield site


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """Return a site of the test's own."""
    with _served(browser, tmp_path) as site:
        yield site


@contextmanager
def _served(browser: Browser, home: Path) -> Iterator[Site]:
    with page_desk(f"sqlite:///{home / 'tracker.db'}", home) as desk:
        _keep_an_edited_entry(desk)
        listening = open_socket("127.0.0.1:0")
        server = WebServer(desk.site, listening)
        server.start()
        try:
            yield Site(desk, f"http://127.0.0.1:{listening.getsockname()[1]}", browser)
        finally:
            server.stop()


def _keep_an_edited_entry(desk: PageDesk) -> None:
    """Put two versions of an entry of the story into the archive."""
    for words, hours in (("Eleven people were hurt.", 1), ("Fourteen people were hurt, the brigade said.", 2)):
        seen = bridge.OPENED + timedelta(hours=hours)
        version = Entry("e2", "Railing gave way", words, seen, "https://post.example/2", "Harbour Post", seen, "en")
        desk.app.archive.keep("post", [version], baseline=[False], seen=seen)
